/* limit.h — how often whom may try what: counted in the database, so that a restart forgets nothing and several hacktivd count
 * together.
 *
 * A window begins with the first try and ends whatever comes; a try over the quota is refused and not counted. The answer carries
 * RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11), a refusal Retry-After too. */
#ifndef HACKTIV_SERVER_LIMIT_H
#define HACKTIV_SERVER_LIMIT_H

#include "request.h"

enum limit {
	LIMIT_LOGIN,       /* wrong passwords for one login */
	LIMIT_ADDRESS,     /* wrong passwords from one address */
	LIMIT_DEVICE,      /* codes asked for from one address */
	LIMIT_CODE,        /* wrong codes from one address */
	LIMIT_EXPORT,      /* of all that is kept of one member */
	LIMIT_SEARCH,      /* of the directory, by one member */
	LIMIT_SEARCH_FROM, /* of the directory, by nobody in particular from one address */
	LIMIT_CALENDAR     /* wrong addresses of calendars from one address */
};

/* Counts a try of `subject` (a login, an address, a member's id) in a transaction that writes; it counts only if that is kept, so a
 * try that may be refused later is counted in a step of its own. "" is nobody in particular (an address that is not known) and not
 * limited. False: answered with 429, or the disk failed. */
bool limit_take(struct request *request, struct db_tx *tx, enum limit limit, const char *subject, struct response *response);
/* The last try was a right one: it does not count. */
bool limit_give_back(struct request *request, struct db_tx *tx, enum limit limit, const char *subject);
/* All of them are forgotten. */
bool limit_forget(struct request *request, struct db_tx *tx, enum limit limit, const char *subject);

#endif
