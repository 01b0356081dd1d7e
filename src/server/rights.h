/* rights.h — who may do what: one table of roles and actions.
 *
 * Everybody is public; who is logged in is a member too. The other roles are held for one space each, or for the whole network, and one
 * person may hold several. An action is allowed when one of the roles reaches far enough. Rules of booking and the like (too late, too
 * far ahead) are not here: policy.h. */
#ifndef HACKTIV_SERVER_RIGHTS_H
#define HACKTIV_SERVER_RIGHTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"

enum role {
	ROLE_PUBLIC,
	ROLE_MEMBER,
	ROLE_RECEPTION,        /* "reception": the desk of a space */
	ROLE_OPERATOR,         /* "operator": runs its spaces */
	ROLE_COORDINATOR,      /* "coordinator": of the network's activities and people */
	ROLE_FINANCE,          /* "finance" */
	ROLE_ADMINISTRATOR     /* "administrator": of this hacktivd */
};
#define ROLES 7
const char *role_wire_name(enum role role);
bool role_from_wire(const char *name, enum role *role);    /* those that are held; not public and member */
/* Held for the whole network, never for a space. */
bool role_is_of_network(enum role role);

struct held_role {
	enum role role;
	const char *space_id;     /* "": the whole network */
};

/* Who asks. `member` NULL: nobody in particular. */
struct caller {
	const struct member *member;
	const struct held_role *roles;
	size_t role_count;
	unsigned scopes;             /* of the token they show: scope.h; the route has asked, rights do not */
	const char *session_id;      /* it belongs to; "": to none */
};

/* How far a role reaches in an action. Own: one's own booking, sign-up, card. */
enum reach { REACH_NONE, REACH_OWN, REACH_SPACE, REACH_ALL };

/* What can be asked, as rights see it: every route names one, a handler may ask for a stricter one. */
enum action {
	ACTION_WATCH,                 /* is the server well; nobody is asked who they are */
	ACTION_LOG_IN,                /* and all else that makes a token: nobody is asked who they are */
	ACTION_LOG_OUT,
	ACTION_SEE_ONESELF,
	ACTION_MANAGE_ACCOUNT,        /* one's sessions, tokens, password */
	ACTION_SUBSCRIBE,             /* to a calendar, by an address that is secret: nobody is asked who they are */
	ACTION_SEE_MY_BOOKINGS,       /* and sign-ups */
	ACTION_CHANGE_ONESELF,        /* what is kept of one, and who sees it */
	ACTION_ADD_MEMBER,            /* to a space: who walks in */
	ACTION_SEE_PROFILE,           /* of who is at home in a space, also what they hide: each look leaves a line that they see */
	ACTION_CHANGE_PROFILE,
	ACTION_ERASE_MEMBER,
	ACTION_SEE_SPACES,            /* and what is free in them */
	ACTION_SEE_ACTIVITIES,
	ACTION_SEE_ORGANISATIONS,
	ACTION_KEEP_ORGANISATIONS,    /* take them up, put them right */
	ACTION_SEE_DIRECTORY,         /* as far as everyone shows themselves: visibility.h */
	ACTION_BOOK,                  /* for oneself; "on behalf of" is another's booking */
	ACTION_SEE_BOOKING,
	ACTION_CHANGE_BOOKING,        /* cancel, move */
	ACTION_SET_OUTAGE,            /* a resource that is out of order */
	ACTION_ARRANGE,               /* hours, prices, quotas of a space, how what it has is booked */
	ACTION_SET_CLOSURE,           /* days on which a space stays shut */
	ACTION_DECIDE_BOOKING,        /* say yes or no to one that waits; whoever may, needs no yes */
	ACTION_CHECK_IN,              /* and out */
	ACTION_TAKE_IN,               /* somebody who came without a booking */
	ACTION_SEE_PRESENCE,          /* who is here */
	ACTION_COUNT_PRESENCE,        /* how many */
	ACTION_SELL_PASS,
	ACTION_SEE_LEDGER,
	ACTION_SIGN_UP,
	ACTION_SEE_SIGNUPS,           /* who comes */
	ACTION_SIGN_UP_OTHERS,        /* and withdraw them, as reception is asked to */
	ACTION_CHANGE_LINE,           /* who waits before whom */
	ACTION_TAKE_ATTENDANCE,
	ACTION_ORGANISE,              /* make, change and cancel activities */
	ACTION_SEE_LINK,              /* where to go online, at any time */
	ACTION_SEE_CHANGES,           /* the feed of a space */
	ACTION_SEE_ROLES,             /* all that one person holds */
	ACTION_SEE_STAFF,             /* who works in a space */
	ACTION_GRANT_RECEPTION,       /* and revoke it */
	ACTION_GRANT_ROLE,            /* any other */
	ACTION_DISABLE_MEMBER         /* and let them come back */
};
#define ACTIONS (ACTION_DISABLE_MEMBER + 1)     /* the last */
const char *action_name(enum action action);

/* Whom a route lets come as far as its handler: the token is not looked at; may be there; must be there. */
enum need { NEED_NOBODY, NEED_ANYBODY, NEED_MEMBER };
enum need rights_need(enum action action);

/* The table itself; on paper, a row for each action: what the test that walks it reads. */
enum reach rights_reach(enum action action, enum role role);
void rights_print(FILE *out);

/* May the caller do this in that space ("": not in one), to what is or is not theirs? */
bool rights_allow(const struct caller *caller, enum action action, const char *space_id, bool own);
/* To anything at all, somewhere? When not, no handler need be troubled. */
bool rights_allow_some(const struct caller *caller, enum action action);
/* Ids of the spaces whose staff they are: reception or operator. */
const char *const *caller_staff_of(const struct caller *caller, struct arena *arena, size_t *count);
/* Do they hold that role for that space, or for the whole network? */
bool caller_holds(const struct caller *caller, enum role role, const char *space_id);

#endif
