/* sqlite.h — what the files of the SQLite engine share.
 *
 * One process, one connection that ever writes or checkpoints, readers that cannot: before SQLite 3.51.3 two connections
 * that checkpoint at the same instant can lose committed writes. */
#ifndef HACKTIV_SERVER_DB_SQLITE_H
#define HACKTIV_SERVER_DB_SQLITE_H

#include <pthread.h>
#include "engine.h"
#include "job_queue.h"

#define READERS 2
#define BATCH_MAX 256            /* jobs in one transaction: bounds how long the first of them waits */
#define CHECKPOINT_PAUSE_S 2     /* the writer has had nothing to do for so long */

struct sqlite_statement;

struct sqlite_connection {
	struct connection base;
	struct sql *sql;
	struct sqlite_statement *idle;
	struct kept_rows *kept;           /* the writer's; NULL: a reader's */
};

struct reader {
	struct sqlite_db *db;
	struct sqlite_connection connection;
	pthread_t thread;
};

struct sqlite_db {
	struct db base;
	int lock;                    /* descriptor of PATH.lock, held for as long as we live */
	struct sqlite_connection writer;
	pthread_t writer_thread;
	struct reader readers[READERS];
	size_t threads_running;      /* readers and, last, the writer */
	pthread_mutex_t guard;       /* the queues, `closing` */
	struct job_queue reading;
	struct job_queue writing;
	pthread_cond_t reading_grew;
	pthread_cond_t writing_grew;
	bool closing;
};

/* sqlite_jobs.c */
void sqlite_jobs_start(struct sqlite_db *db);
void sqlite_jobs_end(struct sqlite_db *db);
bool sqlite_read(struct db *base, struct db_job *job);
bool sqlite_write(struct db *base, struct db_job *job);
size_t sqlite_waiting(struct db *base);

#endif
