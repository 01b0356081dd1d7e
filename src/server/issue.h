/* issue.h — tokens for a session: the first, and those that follow from a refresh token.
 *
 * A refresh token is good once. Its successors are made of it and a salt that is kept beside its hash: so whoever lost the answer (in a
 * tunnel, or started anew meanwhile) may ask again for a minute and gets the same one, though the database never held a token that could
 * be used. Whoever comes later, or after the successor was used, has stolen something or was stolen from: the session ends (RFC 9700,
 * 4.14.2). */
#ifndef HACKTIV_SERVER_ISSUE_H
#define HACKTIV_SERVER_ISSUE_H

#include "auth.h"

#define ACCESS_LIFE_S 3600
#define SESSION_IDLE_S (30 * 24 * 3600)      /* without new tokens: ASVS 7.3.1 */
#define SESSION_LIFE_S (180 * 24 * 3600)     /* whatever comes: ASVS 7.3.2 */
#define REFRESH_GRACE_S 60

struct issued {
	char access[TOKEN_SIZE];
	char refresh[TOKEN_SIZE];            /* "": none */
	int64_t expires_at;                  /* of the access token */
	int64_t refresh_expires_at;
	unsigned scopes;
};

/* Begins a session of `member_id` and gives it its first tokens. With `refreshes` the access token lives an hour, without it `life_s`.
 * False: the disk. */
bool issue_first(struct request *request, struct db_tx *tx, enum session_kind kind, const char *client, const char *member_id,
                 unsigned scopes, bool refreshes, int life_s, struct issued *issued);

enum issue_end {
	ISSUE_DONE,
	ISSUE_INVALID,         /* unknown, past its time, of another client */
	ISSUE_REUSED,          /* the session was ended: keep that, and refuse */
	ISSUE_TOO_MUCH,        /* `scopes` are more than the session has */
	ISSUE_FAILED           /* the disk */
};
/* `scopes` 0: those of the session. */
enum issue_end issue_next(struct request *request, struct db_tx *tx, const char *refresh_token, const char *client, unsigned scopes,
                          struct issued *issued);

#endif
