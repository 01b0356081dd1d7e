/* auth.h — who asks: bearer tokens (RFC 6750) of 256 random bits, known to the database only by their SHA-256. */
#ifndef HACKTIV_SERVER_AUTH_H
#define HACKTIV_SERVER_AUTH_H

#include "db/standing.h"
#include "request.h"

#define TOKEN_SIZE 48                    /* a prefix, 43 characters of base64url, NUL */
#define TOKEN_LIFE_S (30 * 24 * 3600)    /* of a log-in that cannot refresh it */

/* What a token is for stands before it: scanners that look for leaked secrets know ours, and none is taken for another. */
#define TOKEN_ACCESS "hkt_"
#define TOKEN_REFRESH "hkr_"
#define TOKEN_DEVICE "hkd_"
#define TOKEN_PAGE "hkp_"
#define TOKEN_CALENDAR "hkc_"

/* Fills request->member, caller and token_hash from Authorization, as far as the route needs it. False: answered
 * with 401, or 403 when the token has not the scope. */
bool authenticate(struct request *request, struct db_tx *tx, struct response *response);

/* Is their token good for that too, where it is more than the route says? False: answered with 403. */
bool check_scope(struct request *request, enum action action, struct response *response);

/* Did they log in so lately? For what nobody can take back once somebody else has their token. False: refused (RFC 9470). */
#define FRESH_LOG_IN_S (15 * 60)
bool log_in_is_fresh(struct request *request, struct db_tx *tx, struct response *response);

/* Who a token stands for by now, with its scopes and as many of their roles as these allow. False: for nobody. */
bool caller_of_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now, struct arena *arena,
                     struct caller *caller);

void token_make(const char *prefix, char token[TOKEN_SIZE], unsigned char hash[TOKEN_HASH_BYTES]);
/* The one token that follows from another and a salt, for whoever has both (HMAC-SHA-256). */
void token_derive(const char *prefix, const char *from, const unsigned char salt[REFRESH_SALT_BYTES], char token[TOKEN_SIZE],
                  unsigned char hash[TOKEN_HASH_BYTES]);
/* False: no such token can be. */
bool token_hash(const char *prefix, const char *token, unsigned char hash[TOKEN_HASH_BYTES]);

#endif
