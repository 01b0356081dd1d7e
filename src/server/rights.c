/* rights.c — see rights.h. */
#include "rights.h"

#include <string.h>

static const char *const role_names[] = {
	[ROLE_PUBLIC] = "public", [ROLE_MEMBER] = "member", [ROLE_RECEPTION] = "reception", [ROLE_OPERATOR] = "operator",
	[ROLE_COORDINATOR] = "coordinator", [ROLE_FINANCE] = "finance", [ROLE_ADMINISTRATOR] = "administrator",
};

#define NONE REACH_NONE
#define OWN REACH_OWN
#define SPACE REACH_SPACE
#define ALL REACH_ALL

static const char *const reach_names[] = {
	[REACH_NONE] = "none", [REACH_OWN] = "own", [REACH_SPACE] = "space", [REACH_ALL] = "all",
};

static const struct {
	const char *name;
	enum reach reach[ROLES];
} table[] = {
	/*                                                      public member reception operator coordinator finance administrator */
	[ACTION_WATCH] =             { "watch",             { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_LOG_IN] =            { "log_in",            { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_LOG_OUT] =           { "log_out",           { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   NONE } },
	[ACTION_SEE_ONESELF] =       { "see_oneself",       { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   NONE } },
	[ACTION_MANAGE_ACCOUNT] =    { "manage_account",    { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   NONE } },
	[ACTION_SUBSCRIBE] =         { "subscribe",         { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_SEE_MY_BOOKINGS] =   { "see_my_bookings",   { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   NONE } },
	[ACTION_CHANGE_ONESELF] =    { "change_oneself",    { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   NONE } },
	[ACTION_ADD_MEMBER] =        { "add_member",        { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_SEE_PROFILE] =       { "see_profile",       { NONE, OWN,  SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_CHANGE_PROFILE] =    { "change_profile",    { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_ERASE_MEMBER] =      { "erase_member",      { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   ALL } },
	[ACTION_SEE_SPACES] =        { "see_spaces",        { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_SEE_ACTIVITIES] =    { "see_activities",    { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_SEE_ORGANISATIONS] = { "see_organisations", { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_KEEP_ORGANISATIONS] = { "keep_organisations", { NONE, NONE, NONE,   NONE,    ALL,        NONE,   ALL } },
	[ACTION_SEE_DIRECTORY] =     { "see_directory",     { ALL,  ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_BOOK] =              { "book",              { NONE, OWN,  SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_SEE_BOOKING] =       { "see_booking",       { NONE, OWN,  SPACE,    SPACE,   NONE,       ALL,    ALL } },
	[ACTION_CHANGE_BOOKING] =    { "change_booking",    { NONE, OWN,  SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_SET_OUTAGE] =        { "set_outage",        { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_ARRANGE] =           { "arrange",           { NONE, NONE, NONE,     SPACE,   NONE,       NONE,   ALL } },
	[ACTION_SET_CLOSURE] =       { "set_closure",       { NONE, NONE, NONE,     SPACE,   NONE,       NONE,   ALL } },
	[ACTION_DECIDE_BOOKING] =    { "decide_booking",    { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_CHECK_IN] =          { "check_in",          { NONE, OWN,  SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_TAKE_IN] =           { "take_in",           { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_SEE_PRESENCE] =      { "see_presence",      { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_COUNT_PRESENCE] =    { "count_presence",    { NONE, ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_SELL_PASS] =         { "sell_pass",         { NONE, NONE, SPACE,    SPACE,   NONE,       ALL,    ALL } },
	[ACTION_SEE_LEDGER] =        { "see_ledger",        { NONE, NONE, NONE,     SPACE,   NONE,       ALL,    ALL } },
	[ACTION_SIGN_UP] =           { "sign_up",           { NONE, OWN,  SPACE,    SPACE,   ALL,        NONE,   ALL } },
	[ACTION_SEE_SIGNUPS] =       { "see_signups",       { NONE, NONE, SPACE,    SPACE,   ALL,        NONE,   ALL } },
	[ACTION_SIGN_UP_OTHERS] =    { "sign_up_others",    { NONE, NONE, SPACE,    SPACE,   ALL,        NONE,   ALL } },
	[ACTION_CHANGE_LINE] =       { "change_line",       { NONE, NONE, NONE,     SPACE,   ALL,        NONE,   ALL } },
	[ACTION_TAKE_ATTENDANCE] =   { "take_attendance",   { NONE, NONE, SPACE,    SPACE,   ALL,        NONE,   ALL } },
	[ACTION_ORGANISE] =          { "organise",          { NONE, NONE, NONE,     SPACE,   ALL,        NONE,   ALL } },
	[ACTION_SEE_LINK] =          { "see_link",          { NONE, NONE, SPACE,    SPACE,   ALL,        NONE,   ALL } },
	[ACTION_SEE_CHANGES] =       { "see_changes",       { NONE, ALL,  ALL,      ALL,     ALL,        ALL,    ALL } },
	[ACTION_SEE_ROLES] =         { "see_roles",         { NONE, OWN,  NONE,     NONE,    NONE,       NONE,   ALL } },
	[ACTION_SEE_STAFF] =         { "see_staff",         { NONE, NONE, SPACE,    SPACE,   NONE,       NONE,   ALL } },
	[ACTION_GRANT_RECEPTION] =   { "grant_reception",   { NONE, NONE, NONE,     SPACE,   NONE,       NONE,   ALL } },
	[ACTION_GRANT_ROLE] =        { "grant_role",        { NONE, NONE, NONE,     NONE,    NONE,       NONE,   ALL } },
	[ACTION_DISABLE_MEMBER] =    { "disable_member",    { NONE, NONE, NONE,     NONE,    NONE,       NONE,   ALL } },
};
_Static_assert(COUNT_OF(table) == ACTIONS, "ACTIONS counts the rows");

const char *role_wire_name(enum role role)
{
	return role_names[role];
}

bool role_from_wire(const char *name, enum role *role)
{
	for (size_t i = ROLE_RECEPTION; i < ROLES; i++) {
		if (strcmp(role_names[i], name) == 0) {
			*role = (enum role)i;
			return true;
		}
	}
	return false;
}

bool role_is_of_network(enum role role)
{
	return role == ROLE_COORDINATOR || role == ROLE_FINANCE || role == ROLE_ADMINISTRATOR;
}

const char *action_name(enum action action)
{
	return table[action].name;
}

enum reach rights_reach(enum action action, enum role role)
{
	return table[action].reach[role];
}

enum need rights_need(enum action action)
{
	if (action == ACTION_WATCH || action == ACTION_LOG_IN || action == ACTION_SUBSCRIBE)
		return NEED_NOBODY;
	return rights_reach(action, ROLE_PUBLIC) == REACH_NONE ? NEED_MEMBER : NEED_ANYBODY;
}

void rights_print(FILE *out)
{
	fputs("action", out);
	for (int role = 0; role < ROLES; role++)
		fprintf(out, " %s", role_names[role]);
	for (int action = 0; action < ACTIONS; action++) {
		fprintf(out, "\n%s", table[action].name);
		for (int role = 0; role < ROLES; role++)
			fprintf(out, " %s", reach_names[table[action].reach[role]]);
	}
	fputc('\n', out);
}

static bool is_of(const struct held_role *held, const char *space_id)
{
	return !*held->space_id || strcmp(held->space_id, space_id) == 0;
}

static bool is_enough(enum reach reach, bool in_space, bool own)
{
	switch (reach) {
	case REACH_NONE:
		return false;
	case REACH_OWN:
		return own;
	case REACH_SPACE:
		return in_space;
	case REACH_ALL:
		return true;
	}
	return false;
}

bool rights_allow(const struct caller *caller, enum action action, const char *space_id, bool own)
{
	if (is_enough(rights_reach(action, ROLE_PUBLIC), false, false))
		return true;
	if (caller->member && is_enough(rights_reach(action, ROLE_MEMBER), false, own))
		return true;
	for (size_t i = 0; i < caller->role_count; i++)
		if (is_enough(rights_reach(action, caller->roles[i].role), is_of(&caller->roles[i], space_id), own))
			return true;
	return false;
}

bool rights_allow_some(const struct caller *caller, enum action action)
{
	if (rights_reach(action, ROLE_PUBLIC) != REACH_NONE || (caller->member && rights_reach(action, ROLE_MEMBER) != REACH_NONE))
		return true;
	for (size_t i = 0; i < caller->role_count; i++)
		if (rights_reach(action, caller->roles[i].role) != REACH_NONE)
			return true;
	return false;
}

const char *const *caller_staff_of(const struct caller *caller, struct arena *arena, size_t *count)
{
	const char **spaces = arena_get(arena, (caller->role_count + 1) * sizeof *spaces);
	*count = 0;
	for (size_t i = 0; i < caller->role_count; i++)
		if (!role_is_of_network(caller->roles[i].role))
			spaces[(*count)++] = caller->roles[i].space_id;
	return spaces;
}

bool caller_holds(const struct caller *caller, enum role role, const char *space_id)
{
	for (size_t i = 0; i < caller->role_count; i++)
		if (caller->roles[i].role == role && is_of(&caller->roles[i], space_id))
			return true;
	return false;
}
