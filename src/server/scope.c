/* scope.c — see scope.h. */
#include "scope.h"

#include <string.h>

#include "hacktiv/base.h"

static const char *const names[SCOPES_NAMED] = { "bookings", "bookings:write", "directory", "profile:write", "staff", "stats" };

unsigned scope_from_name(const char *name, size_t length)
{
	for (unsigned i = 0; i < SCOPES_NAMED; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return 1u << i;
	return 0;
}

const char *scope_name(enum scope scope)
{
	for (unsigned i = 0; i < SCOPES_NAMED; i++)
		if (scope == 1u << i)
			return names[i];
	return "";
}

bool scopes_read(const char *text, unsigned *scopes)
{
	*scopes = 0;
	while (*text) {
		size_t length = strcspn(text, " ");
		unsigned scope = scope_from_name(text, length);
		if (length > 0 && !scope)
			return false;
		*scopes |= scope;
		text += length + (text[length] == ' ');
	}
	return true;
}

const char *scopes_write(unsigned scopes, struct arena *arena)
{
	const char *text = "";
	for (unsigned i = 0; i < SCOPES_NAMED; i++)
		if (scopes & 1u << i)
			text = arena_print(arena, "%s%s%s", text, *text ? " " : "", names[i]);
	return text;
}

unsigned scope_for(enum action action)
{
	switch (action) {
	case ACTION_WATCH:
	case ACTION_LOG_IN:
	case ACTION_LOG_OUT:
	case ACTION_SEE_ONESELF:
	case ACTION_SEE_ROLES:
	case ACTION_SUBSCRIBE:
	case ACTION_SEE_SPACES:
	case ACTION_SEE_ACTIVITIES:
	case ACTION_SEE_ORGANISATIONS:
		return 0;
	case ACTION_SEE_DIRECTORY:
		return SCOPE_DIRECTORY;
	case ACTION_SEE_MY_BOOKINGS:
	case ACTION_SEE_BOOKING:
	case ACTION_SEE_CHANGES:
	case ACTION_COUNT_PRESENCE:
		return SCOPE_BOOKINGS;
	case ACTION_BOOK:
	case ACTION_CHANGE_BOOKING:
	case ACTION_CHECK_IN:
	case ACTION_SIGN_UP:
		return SCOPE_BOOKINGS_WRITE;
	case ACTION_SEE_SIGNUPS:
	case ACTION_SET_OUTAGE:
	case ACTION_ARRANGE:
	case ACTION_SET_CLOSURE:
	case ACTION_SEE_STAFF:
	case ACTION_GRANT_RECEPTION:
	case ACTION_DISABLE_MEMBER:
	case ACTION_DECIDE_BOOKING:
	case ACTION_TAKE_IN:
	case ACTION_SEE_PRESENCE:
	case ACTION_SELL_PASS:
	case ACTION_SEE_LEDGER:
	case ACTION_SIGN_UP_OTHERS:
	case ACTION_CHANGE_LINE:
	case ACTION_TAKE_ATTENDANCE:
	case ACTION_ORGANISE:
	case ACTION_SEE_LINK:
	case ACTION_ADD_MEMBER:
	case ACTION_SEE_PROFILE:
	case ACTION_CHANGE_PROFILE:
	case ACTION_KEEP_ORGANISATIONS:
		return SCOPE_STAFF;
	case ACTION_CHANGE_ONESELF:
		return SCOPE_PROFILE_WRITE;
	case ACTION_ERASE_MEMBER:
	case ACTION_MANAGE_ACCOUNT:
	case ACTION_GRANT_ROLE:     /* would let a token get more: not with what was granted to a device */
		return SCOPE_ACCOUNT;
	}
	return SCOPE_ACCOUNT;
}

bool scopes_hold(unsigned scopes, unsigned needed)
{
	if (scopes & SCOPE_BOOKINGS_WRITE)
		scopes |= SCOPE_BOOKINGS;
	return (scopes & needed) == needed;
}
