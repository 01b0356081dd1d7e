/* idempotency.h — a request said again gets the answer it had, and nothing happens twice: Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header-07), kept per space and member.
 *
 * A refusal is an answer too. A first try may be on its way still when its second is told that the place is taken: if it came later, when
 * the place is free again, somebody would have a booking that they were told they have not. */
#ifndef HACKTIV_SERVER_IDEMPOTENCY_H
#define HACKTIV_SERVER_IDEMPOTENCY_H

#include "request.h"

/* The key, bare or as a structured-field string in quotes; `*key` is NULL when there is none and none is needed. False: refused. */
bool idempotency_read_key(struct request *request, bool needed, const char **key, struct response *response);

/* What makes two requests the same: who is asked for what, not how the bytes lie. `parts` ends with NULL. */
void idempotency_fingerprint(const char *const *parts, unsigned char fingerprint[FINGERPRINT_BYTES]);

/* Answers a key that was used before. False: it is new, and if the request comes to be refused that is kept for it. */
bool idempotency_replay(struct request *request, struct db_tx *tx, const char *space_id,
                        const struct idempotent_answer *answer, struct response *response);

/* What `response` says is what is kept for the key, in the transaction of what was done. */
void idempotency_take(struct idempotent_answer *answer, const struct response *response);
bool idempotency_keep(struct request *request, struct db_tx *tx, const char *space_id, struct idempotent_answer *answer,
                      const struct response *response);

/* After a step that leaves none to come: when it refused what came with a new key, the request goes on with one that keeps the refusal,
 * and is answered after that. What only says to come again, or with another If-Match, is not kept: it promises nothing. */
void idempotency_settle(struct request *request, struct response *response);

#endif
