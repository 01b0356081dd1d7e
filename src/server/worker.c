/* worker.c — see worker.h. */
#include "worker.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/job_queue.h"

struct worker {
	pthread_t thread;
	pthread_mutex_t guard;
	pthread_cond_t grew;
	struct job_queue jobs;
	bool closing;
};

static void *worker_main(void *context)
{
	struct worker *worker = context;
	for (;;) {
		pthread_mutex_lock(&worker->guard);
		while (!worker->jobs.first && !worker->closing)
			pthread_cond_wait(&worker->grew, &worker->guard);
		struct db_job *job = job_queue_take(&worker->jobs, &worker->jobs.first);
		pthread_mutex_unlock(&worker->guard);
		if (!job)
			return NULL;
		job->run(job, NULL);
		job->done(job, DB_UNDONE);
	}
}

struct worker *worker_new(void)
{
	struct worker *worker = memory_get(sizeof *worker);
	job_queue_init(&worker->jobs);
	pthread_mutex_init(&worker->guard, NULL);
	pthread_cond_init(&worker->grew, NULL);
	if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0)
		die("a thread cannot be started");
	return worker;
}

void worker_free(struct worker *worker)
{
	if (!worker)
		return;
	pthread_mutex_lock(&worker->guard);
	worker->closing = true;
	pthread_cond_signal(&worker->grew);
	pthread_mutex_unlock(&worker->guard);
	pthread_join(worker->thread, NULL);
	pthread_cond_destroy(&worker->grew);
	pthread_mutex_destroy(&worker->guard);
	free(worker);
}

bool worker_submit(struct worker *worker, struct db_job *job)
{
	pthread_mutex_lock(&worker->guard);
	bool room = !worker->closing && worker->jobs.length < WORKER_QUEUE_MAX;
	if (room) {
		job_queue_add(&worker->jobs, job);
		pthread_cond_signal(&worker->grew);
	}
	pthread_mutex_unlock(&worker->guard);
	return room;
}
