/* signups.c — signing up for an activity and withdrawing. Said again after a lost answer they find things as the first time left
 * them. With a key also the one that comes late, after the opposite was said, changes nothing any more. */
#include "handlers.h"

#include <stdio.h>

#include "hacktiv/wire.h"

#include "../idempotency.h"
#include "at_activity.h"
#include "tell.h"

struct wish {
	const struct activity *activity;      /* as the member stands to it */
	int accepted_conditions;
	struct idempotent_answer answer;      /* key NULL: none is kept */
};

/* The activity at the path, the key, and whether this was answered before. False: answered. */
static bool read_wish(struct request *request, struct db_tx *tx, const char *method, struct wish *wish, struct response *response)
{
	struct problem why = { 0 };
	if (!idempotency_read_key(request, false, &wish->answer.key, response))
		return false;
	if (!wire_signup_request_read(request->json, &wish->accepted_conditions, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	wish->activity = activity_at_path(request, tx, ACTION_SIGN_UP, true, request->member->id, true, response);
	if (!wish->activity)
		return false;
	char accepted[16];
	snprintf(accepted, sizeof accepted, "%d", wish->accepted_conditions);
	const struct activity *activity = wish->activity;
	idempotency_fingerprint((const char *const[]){ method, "/v1/spaces/activities/signup", activity->space_id, activity->id,
	                                               accepted, NULL }, wish->answer.fingerprint);
	return !wish->answer.key || !idempotency_replay(request, tx, activity->space_id, &wish->answer, response);
}

static struct signup_act act_of(const struct request *request, const struct wish *wish)
{
	return (struct signup_act){ wish->activity->space_id, wish->activity->id, request->member->id, request->now,
		                    { request->member->id, request->id }, "", wish->accepted_conditions };
}

/* Tells what is so now, and keeps that for the key. */
static void respond_signup(struct request *request, struct db_tx *tx, struct wish *wish, struct response *response)
{
	const char *space_id = wish->activity->space_id;
	const struct activity *activity =
		db_find_activity(tx, space_id, wish->activity->id, request->member->id, request->arena);
	cJSON *object = activity ? tell_activity(request, activity, false) : NULL;
	if (!object) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	respond_json(response, 200, object, CACHE_NEVER);
	wish->answer.status = response->status;
	wish->answer.body = response->body;
	wish->answer.location = wish->answer.etag = "";
	if (wish->answer.key)
		db_keep_answer(tx, space_id, request->member->id, &wish->answer, request->now);
}

/* Who has a place keeps it, whatever they agreed to; who was asked may have agreed when they joined the line. */
static bool may_sign_up(struct request *request, const struct wish *wish, struct response *response)
{
	const struct signup *mine = &wish->activity->mine;
	struct obstacle rule = { activity_signup_rule(wish->activity, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 422, &rule, NULL, 0);
		return false;
	}
	if (mine->state == SIGNUP_SIGNED_UP || mine->state == SIGNUP_WAITLISTED)
		return true;
	bool kept = mine->state == SIGNUP_OFFERED && !wish->accepted_conditions;
	return check_conditions(request, wish->activity, kept ? mine->accepted_conditions : wish->accepted_conditions, response);
}

void signup_make(struct request *request, struct db_tx *tx, struct response *response)
{
	struct wish wish = { 0 };
	if (!read_wish(request, tx, "PUT", &wish, response) || !may_sign_up(request, &wish, response))
		return;
	struct signup_act act = act_of(request, &wish);
	if (db_sign_up_for(tx, &act))
		respond_signup(request, tx, &wish, response);
}

void signup_end(struct request *request, struct db_tx *tx, struct response *response)
{
	struct wish wish = { 0 };
	if (!read_wish(request, tx, "DELETE", &wish, response))
		return;
	if (wish.activity->mine.state == SIGNUP_NONE) {
		refuse(request, response, REFUSE_NOT_FOUND, "You have not signed up for this activity.");
		return;
	}
	struct obstacle rule = { activity_withdraw_rule(wish.activity, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &rule, NULL, 0);
		return;
	}
	struct signup_act act = act_of(request, &wish);
	if (db_withdraw_for(tx, &act))
		respond_signup(request, tx, &wish, response);
}
