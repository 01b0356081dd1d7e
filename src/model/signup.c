/* signup.c — may one sign up, may one withdraw: see signup.h and activity.h. */
#include "hacktiv/model/activity.h"

#include "hacktiv/base.h"
#include "names.h"

static const char *const state_names[SIGNUP_STATES] = { "none", "signed_up", "waitlisted", "withdrawn", "offered", "lapsed" };

const char *signup_state_wire_name(enum signup_state state)
{
	return state_names[state];
}

bool signup_state_from_wire(const char *name, enum signup_state *state)
{
	int found = name_index(state_names, SIGNUP_STATES, name);
	if (found < 0)
		return false;
	*state = (enum signup_state)found;
	return true;
}

const char *signup_state_words(enum signup_state state)
{
	switch (state) {
	case SIGNUP_NONE:
		return "";
	case SIGNUP_SIGNED_UP:
		return C_("signup", "signed up");
	case SIGNUP_WAITLISTED:
		return C_("signup", "on the waiting list");
	case SIGNUP_WITHDRAWN:
		return C_("signup", "withdrawn");
	case SIGNUP_OFFERED:
		return C_("signup", "place offered");
	case SIGNUP_LAPSED:
		return C_("signup", "offer lapsed");
	}
	return "";
}

static const char *const attendance_names[ATTENDANCES] = { "", "present", "absent", "excused" };

const char *attendance_wire_name(enum attendance attendance)
{
	return attendance_names[attendance];
}

bool attendance_from_wire(const char *name, enum attendance *attendance)
{
	int found = name_index(attendance_names, ATTENDANCES, name);
	if (found < ATTENDANCE_PRESENT)
		return false;
	*attendance = (enum attendance)found;
	return true;
}

bool signup_takes_place(enum signup_state state, enum attendance attendance)
{
	return (state == SIGNUP_SIGNED_UP && attendance != ATTENDANCE_ABSENT && attendance != ATTENDANCE_EXCUSED) ||
	       state == SIGNUP_OFFERED;
}

enum rule activity_signup_rule(const struct activity *activity, int64_t now)
{
	enum rule rule = activity_signup_by_staff_rule(activity, now);
	if (rule != RULE_NONE || signup_is_held(activity->mine.state))
		return rule;
	return now > activity->signup_until ? RULE_SIGNUP_CLOSED : RULE_NONE;
}

enum rule activity_signup_by_staff_rule(const struct activity *activity, int64_t now)
{
	if (activity->mine.state == SIGNUP_SIGNED_UP || activity->mine.state == SIGNUP_WAITLISTED)
		return RULE_NONE;
	if (activity->state == ACTIVITY_CANCELLED)
		return RULE_ACTIVITY_CANCELLED;
	return now >= activity->start_at ? RULE_ACTIVITY_STARTED : RULE_NONE;
}

enum rule activity_conditions_rule(const struct activity *activity, int accepted)
{
	return activity->conditions_version && accepted != activity->conditions_version ? RULE_CONDITIONS_NOT_ACCEPTED : RULE_NONE;
}

enum rule activity_withdraw_rule(const struct activity *activity, int64_t now)
{
	enum rule rule = activity_withdraw_by_staff_rule(activity, now);
	bool has_place = activity->mine.state == SIGNUP_SIGNED_UP && activity->state != ACTIVITY_CANCELLED;
	return rule == RULE_NONE && has_place && now > activity->withdraw_until ? RULE_WITHDRAW_TOO_LATE : rule;
}

enum rule activity_withdraw_by_staff_rule(const struct activity *activity, int64_t now)
{
	if (!signup_is_held(activity->mine.state) || activity->state == ACTIVITY_CANCELLED)
		return RULE_NONE;
	return now >= activity->start_at ? RULE_ACTIVITY_STARTED : RULE_NONE;
}

enum rule activity_attendance_rule(const struct activity *activity, enum attendance attendance, bool has_reason, int64_t now)
{
	if (activity->state == ACTIVITY_CANCELLED)
		return RULE_ACTIVITY_CANCELLED;
	int64_t from = attendance == ATTENDANCE_PRESENT ? activity->start_at - ATTENDANCE_OPENS_S : activity->start_at;
	if (now < from)
		return RULE_ATTENDANCE_TOO_EARLY;
	return activity->attendance_closed_at && !has_reason ? RULE_ATTENDANCE_CLOSED : RULE_NONE;
}

int64_t activity_offer_until(const struct activity *activity, int64_t now)
{
	int64_t until = now + activity->offer_minutes * 60, last = activity->start_at - OFFER_ENDS_S;
	if (until > last)
		until = last;
	return activity->waitlist == WAITLIST_OFFER && until - now >= OFFER_MINUTES_LEAST * 60 ? until : 0;
}

bool activity_link_is_released(const struct activity *activity, int64_t now)
{
	return now >= activity->start_at - LINK_RELEASE_S;
}
