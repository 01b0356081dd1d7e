/* job_queue.h — jobs that wait for a thread, in the order in which they came. Whoever calls holds what guards it. */
#ifndef HACKTIV_SERVER_DB_JOB_QUEUE_H
#define HACKTIV_SERVER_DB_JOB_QUEUE_H

#include "db.h"

struct job_queue {
	struct db_job *first;
	struct db_job **last;      /* where the next is put */
	size_t length;
};

void job_queue_init(struct job_queue *queue);
void job_queue_add(struct job_queue *queue, struct db_job *job);
/* The job that `link` of this queue leads to, `first` or the `next` of one before it; NULL: none. */
struct db_job *job_queue_take(struct job_queue *queue, struct db_job **link);

#endif
