/* organise.c — making, changing and cancelling activities. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../idempotency.h"
#include "../policy.h"
#include "at_activity.h"
#include "tell.h"

/* What both have in common: a zone for the date, an organiser who is there, times and numbers in their order. False: answered. */
static bool check_plan(struct request *request, struct db_tx *tx, const struct space *space, struct activity *activity,
                       struct response *response)
{
	struct problem why = { 0 };
	const struct zone *zone = policy_zone(request->server, space);
	if (!zone) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return false;
	}
	activity->date = zone_wall(zone, activity->start_at).date;
	const struct organisation *organiser =
		*activity->organiser_id ? db_find_organisation(tx, activity->organiser_id, request->arena) : NULL;
	if (*activity->organiser_id && !organiser)
		problem_set(&why, PROBLEM_INVALID, "organiser_id", "There is no such organisation.");
	else if (activity_check(activity, &why)) {
		if (organiser && !*activity->organiser)
			activity->organiser = organiser->name;
		return true;
	}
	refuse_body(request, response, &why);
	return false;
}

/* ---- a new one ------------------------------------------------------------------------------------------------------- */

struct plan {
	const struct space *space;
	struct activity activity;
	struct idempotent_answer answer;
};

/* The whole plan, in the order in which it is written: what was asked for is what comes of it. */
static void take_fingerprint(struct request *request, struct plan *plan)
{
	cJSON *canonical = wire_activity_write(&plan->activity, policy_zone(request->server, plan->space), true);
	cJSON_AddStringToObject(canonical, "agree", plan->activity.conditions);
	char *body = cJSON_PrintUnformatted(canonical);
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/activities", plan->space->id, body, NULL },
	                        plan->answer.fingerprint);
	cJSON_free(body);
	cJSON_Delete(canonical);
}

static bool read_plan(struct request *request, struct db_tx *tx, struct plan *plan, struct response *response)
{
	struct problem why = { 0 };
	plan->space = db_find_space(tx, request->space, request->arena);
	if (!plan->space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return false;
	}
	if (!rights_allow(&request->caller, ACTION_ORGANISE, plan->space->id, false)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "Your roles do not allow this in that space.");
		return false;
	}
	if (!wire_activity_plan_read(request->json, request->arena, &plan->activity, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	plan->activity.space_id = plan->space->id;
	return check_plan(request, tx, plan->space, &plan->activity, response);
}

static bool respond_activity(struct request *request, struct db_tx *tx, int status, const struct activity *activity,
                             struct response *response)
{
	const struct activity *told =
		db_find_activity(tx, activity->space_id, activity->id, request->member->id, request->arena);
	if (!told)
		return false;
	respond_json(response, status, tell_activity(request, told, true), CACHE_NEVER);
	response->etag = etag_of_version(request, told->version);
	if (status == 201)
		response->location = arena_print(request->arena, "/v1/spaces/%s/activities/%s", told->space_id, told->id);
	return true;
}

void activity_plan(struct request *request, struct db_tx *tx, struct response *response)
{
	struct plan plan = { 0 };
	if (!idempotency_read_key(request, true, &plan.answer.key, response) || !read_plan(request, tx, &plan, response))
		return;
	take_fingerprint(request, &plan);
	if (idempotency_replay(request, tx, plan.space->id, &plan.answer, response))
		return;
	struct obstacle past = { RULE_ACTIVITY_STARTED, "" };
	if (plan.activity.start_at <= request->now) {
		refuse_rule(request, response, 422, &past, NULL, 0);
		return;
	}
	if (db_find_activity(tx, plan.space->id, plan.activity.id, NULL, request->arena)) {
		refuse(request, response, REFUSE_ID_TAKEN, "This id belongs to another activity: make a new one.");
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (!db_put_is_good(db_put_activity(tx, &plan.activity, request->now, actor)) ||
	    !respond_activity(request, tx, 201, &plan.activity, response))
		return;
	idempotency_keep(request, tx, plan.space->id, &plan.answer, response);
}

/* ---- changing one ---------------------------------------------------------------------------------------------------- */

/* The version that was read is the one that is there, and it is not called off. False: answered. */
static bool may_change(struct request *request, const struct activity *activity, struct response *response)
{
	const char *versions = request_field(request, "If-Match");
	struct obstacle off = { RULE_ACTIVITY_CANCELLED, "" };
	if (!versions)
		refuse(request, response, REFUSE_VERSION_REQUIRED, "Say which version you mean to change: \"%lld\" in If-Match.",
		       (long long)activity->version);
	else if (!etag_fits(versions, etag_of_version(request, activity->version), false))
		refuse(request, response, REFUSE_STALE_VERSION, "The activity is at version %lld by now.", (long long)activity->version);
	else if (activity->state == ACTIVITY_CANCELLED)
		refuse_rule(request, response, 409, &off, NULL, 0);
	else
		return true;
	return false;
}

/* Fewer places than people: told how many, or the last of them wait again. False: answered. */
static bool make_room(struct request *request, struct db_tx *tx, const struct activity *activity, int capacity, bool move_last_to_line,
                      struct response *response)
{
	if (capacity >= activity->taken)
		return true;
	if (!move_last_to_line) {
		refuse_rule_with(request, response, 409, RULE_CAPACITY_BELOW_TAKEN, "taken", cJSON_CreateNumber(activity->taken));
		return false;
	}
	struct db_actor actor = { request->member->id, request->id };
	return db_move_last_to_line(tx, activity->space_id, activity->id, capacity, request->now, actor);
}

void activity_change(struct request *request, struct db_tx *tx, struct response *response)
{
	struct problem why = { 0 };
	bool move_last_to_line = false;
	const struct activity *there =
		activity_at_path(request, tx, ACTION_ORGANISE, false, request->member->id, true, response);
	if (!there || !may_change(request, there, response))
		return;
	struct activity wanted = *there;
	if (!wire_activity_change_read(request->json, request->arena, &wanted, &move_last_to_line, &why)) {
		refuse_body(request, response, &why);
		return;
	}
	const struct space *space = db_find_space(tx, there->space_id, request->arena);
	struct obstacle past = { RULE_ACTIVITY_STARTED, "" };
	if (!space || !check_plan(request, tx, space, &wanted, response))
		return;
	if (wanted.start_at != there->start_at && (wanted.start_at <= request->now || there->start_at <= request->now)) {
		refuse_rule(request, response, 409, &past, NULL, 0);
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (make_room(request, tx, there, wanted.capacity, move_last_to_line, response) &&
	    db_put_is_good(db_put_activity(tx, &wanted, request->now, actor)))
		respond_activity(request, tx, 200, &wanted, response);
}
