/* feed.h — how lists say whether they changed: from the numbers of the change feed, without being made. */
#ifndef HACKTIV_SERVER_FEED_H
#define HACKTIV_SERVER_FEED_H

#include "policy.h"
#include "request.h"

/* A weak entity tag (RFC 9110, 8.8.3) from a sentence that says all the answer depends on. */
__attribute__((format(printf, 2, 3)))
const char *etag_weak(struct request *request, const char *format, ...);
/* Strong: of the very bytes of this answer, and of who asks. */
const char *etag_of_answer(struct request *request, const struct response *response);
const char *etag_of_version(struct request *request, int64_t version);   /* strong: "\"7\"" */

/* The state of every space's card and feed, as text. */
const char *feed_state(struct db_tx *tx, struct arena *arena);
/* Of one space on one day: card, feed, date, and which halves can still be had. */
const char *day_state(struct db_tx *tx, struct arena *arena, const struct space *space, const struct day_halves *halves);

#endif
