/* worker.h — one thread beside all others, for password hashing: 65 ms and 64 MiB each, which neither the writer nor the thread that
 * serves sockets can spare. Jobs are those of db.h, run without a transaction. */
#ifndef HACKTIV_SERVER_WORKER_H
#define HACKTIV_SERVER_WORKER_H

#include "db/db.h"

struct worker;

#define WORKER_QUEUE_MAX 64   /* four seconds of hashing; the next one is refused */

struct worker *worker_new(void);
void worker_free(struct worker *worker);       /* ends what is queued; NULL is fine */
bool worker_submit(struct worker *worker, struct db_job *job);   /* false: full */

#endif
