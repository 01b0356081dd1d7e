/* postgres_jobs.c — the threads that run jobs, see postgres.h: who takes which job, transactions, and what is tried again. */
#include "kept.h"
#include "postgres.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#define TRIES_MAX 5
#define PAUSE_MS 8               /* at most, before the second try; twice as much before each further */

static bool enqueue(struct postgres_db *db, struct job_queue *queue, struct db_job *job)
{
	pthread_mutex_lock(&db->guard);
	bool room = !db->closing && queue->length < DB_QUEUE_MAX;
	if (room) {
		job_queue_add(queue, job);
		pthread_cond_signal(&db->grew);
	}
	pthread_mutex_unlock(&db->guard);
	return room;
}

bool postgres_read(struct db *base, struct db_job *job)
{
	struct postgres_db *db = (struct postgres_db *)base;
	return enqueue(db, &db->reading, job);
}

bool postgres_write(struct db *base, struct db_job *job)
{
	struct postgres_db *db = (struct postgres_db *)base;
	return enqueue(db, &db->writing, job);
}

size_t postgres_waiting(struct db *base)
{
	struct postgres_db *db = (struct postgres_db *)base;
	pthread_mutex_lock(&db->guard);
	size_t waiting = db->reading.length + db->writing.length;
	pthread_mutex_unlock(&db->guard);
	return waiting;
}

/* A space that a thread writes to is that thread's until it is done. */
static bool is_free(const struct postgres_db *db, const char *lane)
{
	for (size_t i = 0; i < db->thread_count; i++)
		if (db->threads[i].lane && strcmp(db->threads[i].lane, lane) == 0)
			return false;
	return true;
}

/* The first job whose space is free, and all others of that space; jobs of no space, and those that run but once, go alone. The guard
 * is held. */
static size_t take_batch(struct postgres_db *db, struct db_job *batch[POSTGRES_BATCH_MAX])
{
	struct job_queue *queue = &db->writing;
	size_t count = 0;
	for (struct db_job **link = &queue->first; *link && count < POSTGRES_BATCH_MAX; ) {
		const char *lane = (*link)->lane;
		bool wanted = count == 0 ? !*lane || is_free(db, lane) : strcmp(lane, batch[0]->lane) == 0;
		if (wanted && count > 0 && (*link)->once)
			break;
		if (!wanted) {
			link = &(*link)->next;
			continue;
		}
		batch[count++] = job_queue_take(queue, link);
		if (!*lane || batch[count - 1]->once)
			break;
	}
	return count;
}

static void pause_before(int try)
{
	uint32_t most = (uint32_t)PAUSE_MS << try;
	struct timespec pause = { .tv_nsec = (long)(1 + randombytes_uniform(most)) * 1000000 };
	nanosleep(&pause, NULL);
}

static void log_trouble(struct postgres_connection *connection, const char *what)
{
	log_line(LOG_LEVEL_ERROR, "storage: %s: %s", what, connection->trouble_words);
}

static bool connect_or_say(struct postgres_connection *connection)
{
	struct problem why = { 0 };
	if (postgres_connect(connection, &why))
		return true;
	log_line(LOG_LEVEL_ERROR, "storage: %s", why.text);
	return false;
}

/* A connection in trouble that it does not get out of is given up: the next is made when it is needed. */
static void leave_transaction(struct postgres_connection *connection)
{
	if (connection->trouble == TROUBLE_LOST || !wire_recover(connection)) {
		wire_close(connection);
		return;
	}
	wire_forget_trouble(connection);
	wire_control(connection, "ROLLBACK");
	if (!wire_settle(connection))
		wire_close(connection);
}

/* ---- reading ---------------------------------------------------------------------------------------------------------- */

/* False: it may be tried again. */
static bool read_once(struct pool_thread *thread, struct db_job *job, bool last)
{
	struct postgres_connection *connection = &thread->connection;
	struct db_tx tx = { .db = &thread->db->base, .connection = &connection->base };
	if (!connect_or_say(connection)) {
		job->done(job, DB_STORAGE_FAILED);
		return true;
	}
	connection->careful = true;
	connection->job = 0;
	/* All of a job's statements see one instant. */
	wire_control(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	wire_plan_again(connection);
	job->run(job, &tx);
	enum trouble trouble = connection->trouble;
	if (trouble == TROUBLE_NONE) {
		wire_control(connection, "COMMIT");
		wire_let_go(connection);
		job->done(job, tx.failed ? DB_STORAGE_FAILED : DB_UNDONE);
		if (!wire_collect(connection))
			wire_close(connection);
		return true;
	}
	leave_transaction(connection);
	if (!last && (trouble == TROUBLE_LOST || trouble == TROUBLE_AGAIN))
		return false;
	job->done(job, DB_STORAGE_FAILED);
	return true;
}

static void read_one(struct pool_thread *thread, struct db_job *job)
{
	for (int try = 1; !read_once(thread, job, try == TRIES_MAX); try++)
		pause_before(try);
}

/* ---- writing ---------------------------------------------------------------------------------------------------------- */

struct written {
	struct db_job *job;
	enum db_end end;
	unsigned news;     /* enum db_news, of what it keeps */
	bool careful;      /* what it presumed was wrong: each of its statements is waited for */
	bool shielded;     /* by a savepoint */
};

enum batch_end {
	BATCH_STORED,
	BATCH_AGAIN,          /* nothing of it happened, and it may the next time */
	BATCH_CAREFULLY,      /* the same: a job is to be more careful, or all are to be shielded */
	BATCH_FAILED          /* nothing of it happened, or nobody knows */
};

static void shield_all(struct written *batch, size_t count)
{
	for (size_t i = 0; i < count; i++)
		batch[i].shielded = true;
}

/* After trouble that came to light in whatever was sent so far. */
static enum batch_end undo_batch(struct postgres_connection *connection, struct written *batch, size_t count)
{
	enum trouble trouble = connection->trouble;
	size_t job = connection->troubled_job;
	/* Alone, a job that waited for its statements has said all there is to say. */
	bool carefully = job < count && !batch[job].careful && (connection->presumed || count > 1);
	if (trouble == TROUBLE_STORAGE && !carefully)
		log_trouble(connection, "a transaction");
	leave_transaction(connection);
	if (trouble == TROUBLE_LOST || trouble == TROUBLE_AGAIN)
		return BATCH_AGAIN;
	if (trouble != TROUBLE_NONE && !carefully)
		return BATCH_FAILED;
	if (trouble != TROUBLE_NONE)
		batch[job].careful = true;
	shield_all(batch, count);
	return BATCH_CAREFULLY;
}

/* False: all is to be undone: trouble that is more than this job's, or it wrote what is not to be kept and nothing shields the others
 * from that. A job alone needs no savepoint: its transaction is. */
static bool write_one(struct pool_thread *thread, struct written *one, size_t number, bool alone, struct kept_rows *kept)
{
	struct postgres_connection *connection = &thread->connection;
	struct db_tx tx = { .db = &thread->db->base, .connection = &connection->base, .kept = kept };
	struct feed_counts counted = connection->base.counts;
	bool shielded = one->shielded && !alone;
	connection->job = number;
	connection->careful = one->careful;
	connection->base.changed = false;
	if (shielded)
		wire_control(connection, "SAVEPOINT job");
	if (kept)
		kept_begin_job(kept, number);
	bool keep = one->job->run(one->job, &tx) && !tx.failed;
	if (kept)
		kept_end_job(kept);
	one->end = tx.failed ? DB_STORAGE_FAILED : keep ? DB_COMMITTED : DB_UNDONE;
	one->news = keep ? tx.news : 0;
	if (connection->trouble != TROUBLE_NONE) {
		bool ours = connection->troubled_job == number && !connection->presumed && (alone || shielded) &&
		            (connection->trouble == TROUBLE_REFUSED || connection->trouble == TROUBLE_STORAGE);
		if (!ours || !wire_recover(connection))
			return false;
		wire_forget_trouble(connection);
		one->end = DB_STORAGE_FAILED;
	}
	if (one->end != DB_COMMITTED) {
		if (connection->base.changed && !alone && !shielded)
			return false;
		connection->base.counts = counted;
		if (shielded)
			wire_control(connection, "ROLLBACK TO job");
	}
	if (shielded)
		wire_control(connection, "RELEASE job");
	wire_push(connection);
	return connection->trouble == TROUBLE_NONE && connection->wire;
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

/* Whether a commit happened is known only from its answer. */
static enum batch_end end_batch(struct pool_thread *thread, struct written *batch, size_t count)
{
	struct postgres_connection *connection = &thread->connection;
	struct db_tx tx = { .db = &thread->db->base, .connection = &connection->base };
	bool kept = false;
	for (size_t i = 0; i < count; i++)
		kept |= batch[i].end == DB_COMMITTED;
	connection->job = NO_JOB;
	connection->careful = false;
	if (kept) {
		tx_write_counts(&tx);
		/* The last of all locks, so that no circle closes over it. */
		if (connection->base.standing_changed)
			standing_write_mark(&tx);
	}
#ifdef HACKTIV_FAULT_ANSWER_EARLY      /* in tests/promise alone, where the checker must see it */
	answer(batch, count);
#endif
	wire_control(connection, kept ? "COMMIT" : "ROLLBACK");
	if (wire_recover(connection) && connection->trouble == TROUBLE_NONE)
		return BATCH_STORED;
	if (connection->wire && connection->trouble != TROUBLE_LOST)
		return undo_batch(connection, batch, count);
	wire_close(connection);
	return kept ? BATCH_FAILED : BATCH_AGAIN;
}

/* What is kept and still holds, in a transaction that has its lane: what others changed of that space was committed before, and of the
 * network what is seen now. The mark is read first, so nothing older is ever kept under it. NULL: trouble. */
static struct kept_rows *kept_as_of_now(struct pool_thread *thread)
{
	struct postgres_connection *connection = &thread->connection;
	struct db_tx tx = { .db = &thread->db->base, .connection = &connection->base };
	int64_t mark;
	if (!standing_mark(&tx, &mark))
		return NULL;
	if (mark != connection->kept_mark)
		kept_clear(connection->kept);
	connection->kept_mark = mark;
	kept_make_room(connection->kept);
	kept_begin(connection->kept);
	return connection->kept;
}

/* What all of them will ask goes down the wire before the first runs: while it is judged, the answers for the next are on their way. Not
 * after trouble: then each runs for itself. */
static void ask_ahead(struct pool_thread *thread, const struct written *batch, size_t count, struct kept_rows *kept)
{
	struct postgres_connection *connection = &thread->connection;
	for (size_t i = 0; i < count && connection->trouble == TROUBLE_NONE; i++) {
		if (!batch[i].job->asks_ahead || batch[i].shielded || batch[i].careful)
			continue;
		struct db_tx tx = { .db = &thread->db->base, .connection = &connection->base, .kept = kept, .only_asks = true };
		connection->job = i;
		kept_begin_job(kept, i);
		batch[i].job->run(batch[i].job, &tx);
		wire_push(connection);
	}
}

static enum batch_end try_batch(struct pool_thread *thread, struct written *batch, size_t count)
{
	struct postgres_connection *connection = &thread->connection;
	if (!connect_or_say(connection))
		return BATCH_FAILED;
	connection->job = NO_JOB;
	connection->careful = false;
	connection->base.counts.used = 0;
	connection->base.standing_changed = false;
	wire_control(connection, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
	wire_plan_again(connection);
	struct kept_rows *kept = NULL;
	if (*batch[0].job->lane) {
		wire_lock(connection, batch[0].job->lane);
		kept = kept_as_of_now(thread);
		if (kept && count > 1)
			ask_ahead(thread, batch, count, kept);
		if (connection->trouble != TROUBLE_NONE || !connection->wire)
			return undo_batch(connection, batch, count);
	}
	size_t done = 0;
	while (done < count && write_one(thread, &batch[done], done, count == 1, kept))
		done++;
	enum batch_end end = done < count ? undo_batch(connection, batch, count) : end_batch(thread, batch, count);
	connection->base.counts.used = 0;      /* who reads on this connection next does not count */
	return end;
}

static enum batch_end write_batch(struct pool_thread *thread, struct written *batch, size_t count)
{
	int tries = batch[0].job->once ? 1 : TRIES_MAX;
	for (int try = 1; try <= tries; ) {
		switch (try_batch(thread, batch, count)) {
		case BATCH_STORED:
			return BATCH_STORED;
		case BATCH_FAILED:
			return BATCH_FAILED;
		case BATCH_CAREFULLY:     /* once for each job at most */
			break;
		case BATCH_AGAIN:
			pause_before(try++);
			break;
		}
	}
	return BATCH_AGAIN;
}

static void tell(struct pool_thread *thread, struct written *batch, size_t count, bool stored)
{
	bool kept = false, failed = !stored;
	unsigned news = 0;
	for (size_t i = 0; i < count; i++) {
		if (!stored)
			batch[i].end = DB_STORAGE_FAILED;
		news |= batch[i].news;
		kept |= batch[i].end == DB_COMMITTED;
		failed |= batch[i].end == DB_STORAGE_FAILED;
	}
	/* A batch in which nothing was to be kept proves nothing. */
	if (failed || kept)
		atomic_store(&thread->db->base.healthy, !failed);
	if (stored)
		db_committed(&thread->db->base, news);
	answer(batch, count);
}

static void write_jobs(struct pool_thread *thread, struct db_job *jobs[POSTGRES_BATCH_MAX], size_t count)
{
	struct written batch[POSTGRES_BATCH_MAX];
	for (size_t i = 0; i < count; i++)
		batch[i] = (struct written){ .job = jobs[i], .end = DB_STORAGE_FAILED, .careful = jobs[i]->once, .shielded = jobs[i]->once };
	enum batch_end end = write_batch(thread, batch, count);
	/* One job that is always in the way of others does not take its neighbours with it. */
	if (end != BATCH_AGAIN || count == 1) {
		tell(thread, batch, count, end == BATCH_STORED);
		return;
	}
	for (size_t i = 0; i < count; i++)
		tell(thread, &batch[i], 1, write_batch(thread, &batch[i], 1) == BATCH_STORED);
}

/* ---- threads ---------------------------------------------------------------------------------------------------------- */

/* Whoever was woken may have taken other work than was meant for it: somebody else may be free for the rest. */
static void pass_on(struct postgres_db *db)
{
	if (db->reading.first || db->writing.first)
		pthread_cond_signal(&db->grew);
}

static void write_taken(struct pool_thread *thread, struct db_job *batch[POSTGRES_BATCH_MAX], size_t count)
{
	struct postgres_db *db = thread->db;
	/* A copy: its job is gone when we are done. */
	thread->lane = *batch[0]->lane ? memory_copy_text(batch[0]->lane) : NULL;
	db->writers++;
	pass_on(db);
	pthread_mutex_unlock(&db->guard);
	write_jobs(thread, batch, count);
	pthread_mutex_lock(&db->guard);
	db->writers--;
	free(thread->lane);
	thread->lane = NULL;
	/* What waited for this space or for a writer may go; whoever waits to end may look again. */
	if (db->writing.first || db->closing)
		pthread_cond_broadcast(&db->grew);
}

static void *pool_main(void *context)
{
	struct pool_thread *thread = context;
	struct postgres_db *db = thread->db;
	pthread_mutex_lock(&db->guard);
	for (;;) {
		struct db_job *batch[POSTGRES_BATCH_MAX];
		size_t count = db->writers < db->writers_most ? take_batch(db, batch) : 0;
		if (count) {
			write_taken(thread, batch, count);
		} else if (db->reading.first) {
			struct db_job *job = job_queue_take(&db->reading, &db->reading.first);
			pass_on(db);
			pthread_mutex_unlock(&db->guard);
			read_one(thread, job);
			pthread_mutex_lock(&db->guard);
		} else if (db->closing && !db->writing.first) {
			break;
		} else {
			pthread_cond_wait(&db->grew, &db->guard);
		}
	}
	pthread_mutex_unlock(&db->guard);
	return NULL;
}

void postgres_jobs_start(struct postgres_db *db)
{
	pthread_mutex_init(&db->guard, NULL);
	pthread_cond_init(&db->grew, NULL);
	job_queue_init(&db->reading);
	job_queue_init(&db->writing);
	for (size_t i = 0; i < db->thread_count; i++)
		if (pthread_create(&db->threads[i].thread, NULL, pool_main, &db->threads[i]) != 0)
			die("a thread cannot be started");
	db->threads_running = true;
}

void postgres_jobs_end(struct postgres_db *db)
{
	pthread_mutex_lock(&db->guard);
	db->closing = true;
	pthread_cond_broadcast(&db->grew);
	pthread_mutex_unlock(&db->guard);
	for (size_t i = 0; i < db->thread_count; i++)
		pthread_join(db->threads[i].thread, NULL);
	pthread_cond_destroy(&db->grew);
	pthread_mutex_destroy(&db->guard);
}
