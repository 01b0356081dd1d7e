/* job_queue.c — see job_queue.h. */
#include "job_queue.h"

void job_queue_init(struct job_queue *queue)
{
	*queue = (struct job_queue){ .last = &queue->first };
}

void job_queue_add(struct job_queue *queue, struct db_job *job)
{
	job->next = NULL;
	*queue->last = job;
	queue->last = &job->next;
	queue->length++;
}

struct db_job *job_queue_take(struct job_queue *queue, struct db_job **link)
{
	struct db_job *job = *link;
	if (!job)
		return NULL;
	*link = job->next;
	if (!*link)
		queue->last = link;
	job->next = NULL;
	queue->length--;
	return job;
}
