/* signups.c — signing up for an activity and withdrawing. Said again after a lost answer they find things as the first time left
 * them. With a key also the one that comes late, after the opposite was said, changes nothing any more. */
#include "handlers.h"

#include "hacktiv/wire.h"

#include "../idempotency.h"
#include "tell.h"

struct wish {
	const struct activity *activity;      /* as the member stands to it */
	struct idempotent_answer answer;      /* key NULL: none is kept */
};

/* The activity at the path, the key, and whether this was answered before. False: answered. */
static bool read_wish(struct request *request, struct db_tx *tx, const char *method, struct wish *wish, struct response *response)
{
	if (!idempotency_read_key(request, false, &wish->answer.key, response))
		return false;
	const struct space *space = db_find_space(tx, request->space, request->arena);
	wish->activity = space ? db_find_activity(tx, space->id, request->object, request->member->id, request->arena) : NULL;
	if (!wish->activity) {
		refuse(request, response, REFUSE_NOT_FOUND, space ? "There is no such activity." : "There is no such space.");
		return false;
	}
	idempotency_fingerprint((const char *const[]){ method, "/v1/spaces/activities/signup", space->id, wish->activity->id, NULL },
	                        wish->answer.fingerprint);
	return !wish->answer.key || !idempotency_replay(request, tx, space->id, &wish->answer, response);
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

void signup_make(struct request *request, struct db_tx *tx, struct response *response)
{
	struct wish wish = { 0 };
	if (!read_wish(request, tx, "PUT", &wish, response))
		return;
	struct obstacle rule = { activity_signup_rule(wish.activity, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 422, &rule, NULL, 0);
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (db_sign_up(tx, wish.activity->space_id, wish.activity->id, request->now, actor))
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
	struct db_actor actor = { request->member->id, request->id };
	if (db_withdraw(tx, wish.activity->space_id, wish.activity->id, request->now, actor))
		respond_signup(request, tx, &wish, response);
}
