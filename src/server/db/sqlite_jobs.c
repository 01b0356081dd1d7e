/* sqlite_jobs.c — the threads that run jobs: readers side by side, and one writer that commits many jobs at once.
 *
 * A disk makes a commit durable in the same time for one booking as for a hundred; so the writer takes all that waits, commits once and
 * only then lets any of them be answered. A job that is to be undone has mostly written nothing, and a savepoint costs a copy of every
 * page that is written after it: so they come only when one did write, and then all is done once more. */
#include "kept.h"
#include "sqlite.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static bool enqueue(struct sqlite_db *db, struct job_queue *queue, pthread_cond_t *grew, struct db_job *job)
{
	pthread_mutex_lock(&db->guard);
	bool room = !db->closing && queue->length < DB_QUEUE_MAX;
	if (room) {
		job_queue_add(queue, job);
		pthread_cond_signal(grew);
	}
	pthread_mutex_unlock(&db->guard);
	return room;
}

/* All that waits, BATCH_MAX at most, as a list of their own; the guard is held. */
static struct db_job *take_batch(struct job_queue *queue)
{
	struct db_job *first = NULL, **end = &first;
	for (size_t taken = 0; queue->first && taken < BATCH_MAX; taken++) {
		*end = job_queue_take(queue, &queue->first);
		end = &(*end)->next;
	}
	return first;
}

bool sqlite_read(struct db *base, struct db_job *job)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	return enqueue(db, &db->reading, &db->reading_grew, job);
}

bool sqlite_write(struct db *base, struct db_job *job)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	return db->writer.sql && enqueue(db, &db->writing, &db->writing_grew, job);
}

size_t sqlite_waiting(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	pthread_mutex_lock(&db->guard);
	size_t waiting = db->reading.length + db->writing.length;
	pthread_mutex_unlock(&db->guard);
	return waiting;
}

/* SAVEPOINT, COMMIT and their kin, prepared once. */
static bool control(struct sql *sql, const char *text)
{
	struct problem why = { 0 };
	struct sql_statement *statement = sql_prepare(sql, text);
	bool done = sql_step(statement, &why) == SQL_END;
	sql_done(statement);
	if (!done)
		log_line(LOG_LEVEL_ERROR, "storage: %s: %s", text, why.text);
	return done;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static void read_one(struct reader *reader, struct db_job *job)
{
	struct db_tx tx = { .db = &reader->db->base, .connection = &reader->connection.base };
	if (!control(reader->connection.sql, "BEGIN")) {
		job->done(job, DB_STORAGE_FAILED);
		return;
	}
	job->run(job, &tx);
	control(reader->connection.sql, "ROLLBACK");
	job->done(job, tx.failed ? DB_STORAGE_FAILED : DB_UNDONE);
}

static void *reader_main(void *context)
{
	struct reader *reader = context;
	struct sqlite_db *db = reader->db;
	for (;;) {
		pthread_mutex_lock(&db->guard);
		while (!db->reading.first && !db->closing)
			pthread_cond_wait(&db->reading_grew, &db->guard);
		struct db_job *job = job_queue_take(&db->reading, &db->reading.first);
		pthread_mutex_unlock(&db->guard);
		if (!job)
			return NULL;
		read_one(reader, job);
	}
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

struct written {
	struct db_job *job;
	enum db_end end;
	unsigned news;
	bool shielded;     /* by a savepoint */
};

enum batch_end {
	BATCH_STORED,
	BATCH_LOST,        /* SQLite rolls all of it back on a full disk or an I/O error */
	BATCH_SHIELDED     /* all of it is undone and is to be run again, each job in a savepoint */
};

/* BATCH_STORED: the batch goes on. */
static enum batch_end write_one(struct sqlite_db *db, struct written *one, bool alone)
{
	struct connection *connection = &db->writer.base;
	struct db_tx tx = { .db = &db->base, .connection = connection, .kept = db->writer.kept };
	struct feed_counts counted = connection->counts;
	if (one->shielded && !control(db->writer.sql, "SAVEPOINT job"))
		return BATCH_LOST;
	connection->changed = false;
	bool keep = one->job->run(one->job, &tx) && !tx.failed;
	one->news = keep ? tx.news : 0;
	one->end = tx.failed ? DB_STORAGE_FAILED : keep ? DB_COMMITTED : DB_UNDONE;
	if (!keep && connection->changed && !alone && !one->shielded)
		return BATCH_SHIELDED;
	if (!keep) {
		connection->counts = counted;
		if (one->shielded && !control(db->writer.sql, "ROLLBACK TO job"))
			return BATCH_LOST;
	}
	return !one->shielded || control(db->writer.sql, "RELEASE job") ? BATCH_STORED : BATCH_LOST;
}

/* Each that has not been told yet. */
static void answer(struct written *batch, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (batch[i].job)
			batch[i].job->done(batch[i].job, batch[i].end);
		batch[i].job = NULL;
	}
}

static bool end_all(struct sqlite_db *db, struct written *batch, size_t count)
{
	struct db_tx tx = { .db = &db->base, .connection = &db->writer.base };
	bool kept = false;
	for (size_t i = 0; i < count; i++)
		kept |= batch[i].end == DB_COMMITTED;
	if (!kept)
		return control(db->writer.sql, "ROLLBACK");
	if (!tx_write_counts(&tx))
		return false;
#ifdef HACKTIV_FAULT_ANSWER_EARLY      /* in tests/promise alone, where the checker must see it */
	answer(batch, count);
#endif
	return control(db->writer.sql, "COMMIT");
}

static enum batch_end try_all(struct sqlite_db *db, struct written *batch, size_t count)
{
	struct connection *connection = &db->writer.base;
	connection->counts.used = 0;
	kept_make_room(db->writer.kept);
	if (!control(db->writer.sql, "BEGIN IMMEDIATE"))
		return BATCH_LOST;
	enum batch_end end = BATCH_STORED;
	for (size_t i = 0; i < count && end == BATCH_STORED; i++)
		end = write_one(db, &batch[i], count == 1);
	if (end == BATCH_STORED && !end_all(db, batch, count))
		end = BATCH_LOST;
	if (end != BATCH_STORED)
		sql_run(db->writer.sql, "ROLLBACK", NULL);
	/* Whether it was stored or not: of what stands, nobody knows any more what was read before. */
	if (connection->standing_changed)
		kept_clear(db->writer.kept);
	connection->standing_changed = false;
	connection->counts.used = 0;
	return end;
}

static bool write_all(struct sqlite_db *db, struct written *batch, size_t count)
{
	enum batch_end end = try_all(db, batch, count);
	if (end == BATCH_SHIELDED) {
		for (size_t i = 0; i < count; i++)
			batch[i].shielded = true;
		end = try_all(db, batch, count);
	}
	return end == BATCH_STORED;
}

static void write_batch(struct sqlite_db *db, struct db_job *first)
{
	struct written batch[BATCH_MAX];
	size_t count = 0;
	bool once = false;
	for (struct db_job *job = first; job; job = job->next) {
		batch[count++] = (struct written){ .job = job, .end = DB_STORAGE_FAILED };
		once |= job->once;
	}
	for (size_t i = 0; i < count; i++)
		batch[i].shielded = once;
	bool stored = write_all(db, batch, count);
	bool kept = false, failed = !stored;
	unsigned news = 0;
	for (size_t i = 0; i < count; i++) {
		if (!stored)
			batch[i].end = DB_STORAGE_FAILED;
		kept |= batch[i].end == DB_COMMITTED;
		news |= batch[i].news;
		failed |= batch[i].end == DB_STORAGE_FAILED;
	}
	/* A batch in which nothing was to be kept touched no disk and proves nothing. */
	if (failed || kept)
		atomic_store(&db->base.healthy, !failed);
	/* Failed or not: a commit whose end is not known may have come to be. */
	if (failed || kept)
		atomic_fetch_add(&db->base.commits, 1);
	if (stored)
		db_committed(&db->base, news);
	answer(batch, count);
}

/* Waits for work; false when it has waited CHECKPOINT_PAUSE_S for nothing. The guard is held. */
static bool wait_for_writing(struct sqlite_db *db)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += CHECKPOINT_PAUSE_S;
	while (!db->writing.first && !db->closing)
		if (pthread_cond_timedwait(&db->writing_grew, &db->guard, &until) == ETIMEDOUT)
			return db->writing.first || db->closing;
	return true;
}

static void *writer_main(void *context)
{
	struct sqlite_db *db = context;
	bool to_checkpoint = false;
	for (;;) {
		pthread_mutex_lock(&db->guard);
		bool idle = to_checkpoint && !wait_for_writing(db);
		while (!idle && !db->writing.first && !db->closing)
			pthread_cond_wait(&db->writing_grew, &db->guard);
		struct db_job *first = take_batch(&db->writing);
		pthread_mutex_unlock(&db->guard);
		if (!first && !idle)
			return NULL;
		if (first)
			write_batch(db, first);
		else
			sql_run(db->writer.sql, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
		to_checkpoint = first != NULL;
	}
}

static void must_start(pthread_t *thread, void *(*body)(void *), void *context)
{
	if (pthread_create(thread, NULL, body, context) != 0)
		die("a thread cannot be started");
}

void sqlite_jobs_start(struct sqlite_db *db)
{
	pthread_mutex_init(&db->guard, NULL);
	job_queue_init(&db->reading);
	job_queue_init(&db->writing);
	pthread_cond_init(&db->reading_grew, NULL);
	pthread_cond_init(&db->writing_grew, NULL);
	for (size_t i = 0; i < READERS; i++)
		must_start(&db->readers[i].thread, reader_main, &db->readers[i]);
	if (db->writer.sql)
		must_start(&db->writer_thread, writer_main, db);
	db->threads_running = READERS + (db->writer.sql != NULL);
}

void sqlite_jobs_end(struct sqlite_db *db)
{
	pthread_mutex_lock(&db->guard);
	db->closing = true;
	pthread_cond_broadcast(&db->reading_grew);
	pthread_cond_broadcast(&db->writing_grew);
	pthread_mutex_unlock(&db->guard);
	for (size_t i = 0; i < READERS; i++)
		pthread_join(db->readers[i].thread, NULL);
	if (db->writer.sql)
		pthread_join(db->writer_thread, NULL);
	pthread_cond_destroy(&db->reading_grew);
	pthread_cond_destroy(&db->writing_grew);
	pthread_mutex_destroy(&db->guard);
}
