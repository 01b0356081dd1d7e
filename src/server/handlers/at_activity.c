/* at_activity.c — see at_activity.h. */
#include "at_activity.h"

const struct activity *activity_at_path(struct request *request, struct db_tx *tx, enum action action, bool own, const char *member_id,
                                        bool holds, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	if (space && !rights_allow(&request->caller, action, space->id, own)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "Your roles do not allow this in that space.");
		return NULL;
	}
	const struct activity *activity = NULL;
	if (space && (!holds || db_hold_activity(tx, space->id, request->object, request->now, request->id)))
		activity = db_find_activity(tx, space->id, request->object, member_id, request->arena);
	if (!activity)
		refuse(request, response, REFUSE_NOT_FOUND, space ? "There is no such activity." : "There is no such space.");
	return activity;
}

bool check_conditions(struct request *request, const struct activity *activity, int accepted, struct response *response)
{
	enum rule rule = activity_conditions_rule(activity, accepted);
	if (rule == RULE_NONE)
		return true;
	cJSON *conditions = cJSON_CreateObject();
	cJSON_AddNumberToObject(conditions, "version", activity->conditions_version);
	cJSON_AddStringToObject(conditions, "text", activity->conditions);
	refuse_rule_with(request, response, 422, rule, "conditions", conditions);
	return false;
}
