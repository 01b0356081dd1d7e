/* event_id.h — the id of an event: how far its listener has come in each space of theirs, in one line. Pure.
 *
 * "k3x9q2ab.Zm9vYmFy:8841,cXV1eDEy:17": the epoch, then each space under a short key with the number of its last change. Clients
 * treat it as opaque. The epoch is made with the database and made anew when a back-up is restored: numbers of another epoch mean
 * other changes. */
#ifndef HACKTIV_SERVER_EVENT_ID_H
#define HACKTIV_SERVER_EVENT_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

#define SPACE_KEY_SIZE 9          /* 8 characters of base64url: 48 bits of a hash of the space's id; and NUL */
#define EVENT_SPACES_MAX 256u     /* spaces that one id carries */
#define EVENT_ID_SIZE 7500u       /* of them, all at the last number there is, and NUL: fits the 8 KiB that proxies take as one header line */

struct event_place {
	char key[SPACE_KEY_SIZE];
	int64_t seq;
};

void event_space_key(const char *space_id, char key[SPACE_KEY_SIZE]);

/* Returns its length. At most EVENT_SPACES_MAX places. */
size_t event_id_write(char out[EVENT_ID_SIZE], const char epoch[EPOCH_SIZE], const struct event_place *places, size_t count);
/* False: this was never an id of ours. What is accepted would be written as the same text. */
bool event_id_read(const char *text, char epoch[EPOCH_SIZE], struct event_place places[EVENT_SPACES_MAX], size_t *count);

/* "key:number" and then NUL; returns where that is. For whoever writes many ids. */
char *event_place_write(char *out, const char key[SPACE_KEY_SIZE], int64_t seq);

#endif
