/* signups.c — signing up for an activity and withdrawing. Both may be said again after a lost answer: the second time finds things
 * as the first one left them, and tells how they are now. */
#include "handlers.h"

#include "hacktiv/wire.h"

#include "tell.h"

/* The activity at the path as the member stands to it. NULL: answered. */
static const struct activity *find_activity(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	const struct activity *activity =
		space ? db_find_activity(tx, space->id, request->object, request->member->id, request->arena) : NULL;
	if (!activity)
		refuse(request, response, REFUSE_NOT_FOUND, space ? "There is no such activity." : "There is no such space.");
	return activity;
}

static void respond_signup(struct request *request, struct db_tx *tx, const struct activity *before, struct response *response)
{
	const struct activity *activity =
		db_find_activity(tx, before->space_id, before->id, request->member->id, request->arena);
	cJSON *object = activity ? tell_activity(request, activity, false) : NULL;
	if (object)
		respond_json(response, 200, object, CACHE_NEVER);
	else
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
}

void signup_make(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct activity *activity = find_activity(request, tx, response);
	if (!activity)
		return;
	struct obstacle rule = { activity_signup_rule(activity, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 422, &rule, NULL, 0);
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (db_sign_up(tx, activity->space_id, activity->id, request->now, actor))
		respond_signup(request, tx, activity, response);
}

void signup_end(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct activity *activity = find_activity(request, tx, response);
	if (!activity)
		return;
	if (activity->mine.state == SIGNUP_NONE) {
		refuse(request, response, REFUSE_NOT_FOUND, "You have not signed up for this activity.");
		return;
	}
	struct obstacle rule = { activity_withdraw_rule(activity, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &rule, NULL, 0);
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (db_withdraw(tx, activity->space_id, activity->id, request->now, actor))
		respond_signup(request, tx, activity, response);
}
