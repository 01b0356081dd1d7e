/* scope.h — how much of what its owner may do a token may do. Whoever logged in with a password has all of it; a device or a script
 * gets what was asked for and granted, and never what would let it get more. */
#ifndef HACKTIV_SERVER_SCOPE_H
#define HACKTIV_SERVER_SCOPE_H

#include "rights.h"

enum scope {
	SCOPE_BOOKINGS = 1 << 0,         /* "bookings": see one's bookings and sign-ups */
	SCOPE_BOOKINGS_WRITE = 1 << 1,   /* "bookings:write": make and cancel them; holds the former */
	SCOPE_DIRECTORY = 1 << 2,        /* "directory" */
	SCOPE_PROFILE_WRITE = 1 << 3,    /* "profile:write": what one shows of oneself */
	SCOPE_STAFF = 1 << 4,            /* "staff": one's roles count */
	SCOPE_STATS = 1 << 5,            /* "stats" */
	SCOPE_ACCOUNT = 1 << 6           /* sessions, tokens, password; has no name, so nobody can ask for it */
};
#define SCOPES_NAMED 6
#define SCOPES_TO_GRANT 63u
#define SCOPES_ALL 127u
#define SCOPES_TEXT_MAX 128u

/* Of one name, `length` bytes; 0 when there is none. */
unsigned scope_from_name(const char *name, size_t length);
const char *scope_name(enum scope scope);
/* "bookings directory", as RFC 6749, 3.3 has them. False: one is unknown. */
bool scopes_read(const char *text, unsigned *scopes);
/* In their order. */
const char *scopes_write(unsigned scopes, struct arena *arena);

/* What an action asks of a token; 0: any token will do. */
unsigned scope_for(enum action action);
bool scopes_hold(unsigned scopes, unsigned needed);

#endif
