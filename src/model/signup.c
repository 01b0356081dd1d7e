/* signup.c — may one sign up, may one withdraw: see signup.h and activity.h. */
#include "hacktiv/model/activity.h"

#include "hacktiv/base.h"
#include "names.h"

static const char *const state_names[SIGNUP_STATES] = { "none", "signed_up", "waitlisted", "withdrawn" };

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
	}
	return "";
}

enum rule activity_signup_rule(const struct activity *activity, int64_t now)
{
	if (activity->mine.state == SIGNUP_SIGNED_UP || activity->mine.state == SIGNUP_WAITLISTED)
		return RULE_NONE;
	if (activity->state == ACTIVITY_CANCELLED)
		return RULE_ACTIVITY_CANCELLED;
	if (now >= activity->start_at)
		return RULE_ACTIVITY_STARTED;
	return now > activity->signup_until ? RULE_SIGNUP_CLOSED : RULE_NONE;
}

enum rule activity_withdraw_rule(const struct activity *activity, int64_t now)
{
	if (activity->mine.state == SIGNUP_NONE || activity->mine.state == SIGNUP_WITHDRAWN ||
	    activity->state == ACTIVITY_CANCELLED)
		return RULE_NONE;
	if (now >= activity->start_at)
		return RULE_ACTIVITY_STARTED;
	bool has_place = activity->mine.state == SIGNUP_SIGNED_UP;
	return has_place && now > activity->withdraw_until ? RULE_WITHDRAW_TOO_LATE : RULE_NONE;
}
