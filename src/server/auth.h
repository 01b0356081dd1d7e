/* auth.h — who asks: bearer tokens (RFC 6750) of 256 random bits, known to the database only by their SHA-256. */
#ifndef HACKTIV_SERVER_AUTH_H
#define HACKTIV_SERVER_AUTH_H

#include "request.h"

#define TOKEN_SIZE 48                    /* "hkt_", 43 characters of base64url, NUL */
#define TOKEN_LIFE_S (30 * 24 * 3600)

/* Fills request->member and token_hash from Authorization, as far as the route needs it. False: answered with 401. */
bool authenticate(struct request *request, struct db_tx *tx, struct response *response);

/* Who a token stands for by now, with their roles. False: for nobody. */
bool caller_of_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now, struct arena *arena,
                     struct caller *caller);

void token_make(char token[TOKEN_SIZE], unsigned char hash[TOKEN_HASH_BYTES]);

#endif
