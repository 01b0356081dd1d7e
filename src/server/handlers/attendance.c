/* attendance.c — who was there: one mark after the other at the door, and the closing of the list. */
#include "participants.h"

#include "hacktiv/wire.h"

#include "at_activity.h"
#include "tell.h"

/* Rules that stand in the way of this mark. False: answered. */
static bool may_take(struct request *request, struct db_tx *tx, const struct activity *activity, const struct wire_attendance *asked,
                     struct response *response)
{
	struct obstacle rule = { activity_attendance_rule(activity, asked->attendance, *asked->reason, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &rule, NULL, 0);
		return false;
	}
	bool comes_in = asked->walk_in && activity->mine.state != SIGNUP_SIGNED_UP;
	if (comes_in && !db_is_member(tx, request->named)) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such member.");
		return false;
	}
	bool kept = signup_is_held(activity->mine.state) && !asked->accepted_conditions;
	return !comes_in || check_conditions(request, activity,
	                                     kept ? activity->mine.accepted_conditions : asked->accepted_conditions, response);
}

void attendance_take(struct request *request, struct db_tx *tx, struct response *response)
{
	struct problem why = { 0 };
	struct wire_attendance asked;
	if (!wire_attendance_read(request->json, request->arena, &asked, &why)) {
		refuse_body(request, response, &why);
		return;
	}
	const struct activity *activity = activity_at_path(request, tx, ACTION_TAKE_ATTENDANCE, false, request->named, true, response);
	if (!activity || !may_take(request, tx, activity, &asked, response))
		return;
	struct obstacle full = { RULE_ACTIVITY_FULL, "" };
	struct signup_act act = act_of_staff(request, activity, asked.reason, asked.accepted_conditions);
	switch (db_attend(tx, &act, asked.attendance, asked.walk_in)) {
	case DB_ATTENDED:
		respond_participant(request, tx, activity, response);
		return;
	case DB_ATTENDED_NOT_SIGNED_UP:
		refuse(request, response, REFUSE_NOT_FOUND, "They have no place in this activity: say walk_in when they stand at the door.");
		return;
	case DB_ATTENDED_FULL:
		refuse_rule(request, response, 409, &full, NULL, 0);
		return;
	}
}

void attendance_close(struct request *request, struct db_tx *tx, struct response *response)
{
	struct problem why = { 0 };
	if (!wire_closing_read(request->json, &why)) {
		refuse_body(request, response, &why);
		return;
	}
	const struct activity *activity =
		activity_at_path(request, tx, ACTION_TAKE_ATTENDANCE, false, request->member->id, true, response);
	if (!activity)
		return;
	struct obstacle rule = { activity_attendance_rule(activity, ATTENDANCE_ABSENT, true, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &rule, NULL, 0);
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (!db_close_attendance(tx, activity->space_id, activity->id, request->now, actor))
		return;
	activity = db_find_activity(tx, activity->space_id, activity->id, request->member->id, request->arena);
	if (activity)
		respond_json(response, 200, tell_activity(request, activity, true), CACHE_NEVER);
}
