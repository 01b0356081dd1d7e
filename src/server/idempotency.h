/* idempotency.h — a request said again gets the answer it had, and nothing happens twice: Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header-07), kept per space and member. */
#ifndef HACKTIV_SERVER_IDEMPOTENCY_H
#define HACKTIV_SERVER_IDEMPOTENCY_H

#include "request.h"

/* The key, bare or as a structured-field string in quotes; `*key` is NULL when there is none and none is needed. False: refused. */
bool idempotency_read_key(struct request *request, bool needed, const char **key, struct response *response);

/* What makes two requests the same: who is asked for what, not how the bytes lie. `parts` ends with NULL. */
void idempotency_fingerprint(const char *const *parts, unsigned char fingerprint[FINGERPRINT_BYTES]);

/* Answers a key that was used before. False: it is new. */
bool idempotency_replay(struct request *request, struct db_tx *tx, const char *space_id,
                        const struct idempotent_answer *answer, struct response *response);

#endif
