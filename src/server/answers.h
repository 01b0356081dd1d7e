/* answers.h — answers that are the same for all who have no token, kept while nothing that they tell of can have changed.
 *
 * What such an answer says hangs on its target, on what is stored and on the time in whole seconds: nothing else. So it is kept for the
 * second in which it was asked for, and until the next commit, whatever that changed; a request that would be answered alike is then
 * answered at once, without a thread, a statement or a tree. What anybody was told to be stored is in every answer that is begun after.
 * Only where this process alone writes to the database: elsewhere nothing is kept. Any thread. */
#ifndef HACKTIV_SERVER_ANSWERS_H
#define HACKTIV_SERVER_ANSWERS_H

#include "request.h"

#define ANSWERS_MAX 64u                          /* kept at once */
#define ANSWERS_BYTES_MAX (8u * 1024u * 1024u)   /* of all of them together */
#define ANSWER_KEPT_MS 1000                      /* where the clock stands still */

struct answers;
struct route;

/* One that is told or kept, by as many as hold it. */
struct kept_answer;
void kept_answer_release(struct kept_answer *answer);        /* NULL is fine */

struct answers *answers_new(struct db *db);
void answers_free(struct answers *answers);                  /* NULL is fine */

/* When an answer is begun: what it will have been made from. */
struct answer_mark {
	bool keep;               /* it may be kept, if it turns out to be one for all */
	uint64_t commits;
	int64_t began_ms;
};
struct answer_mark answers_mark(struct answers *answers, const struct request *request);

/* True: answered, as it was the last time; `request->route` is set. Before its route is looked for. */
bool answers_tell(struct answers *answers, struct request *request, struct response *response);

/* Keeps it when it may be; what it holds is the same after. */
void answers_keep(struct answers *answers, const struct answer_mark *mark, const struct request *request, struct response *response);

#endif
