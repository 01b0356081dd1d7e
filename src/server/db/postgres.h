/* postgres.h — what the files of the PostgreSQL engine share.
 *
 * Every thread of the pool has a connection of its own. Jobs that write to one space follow each other: whoever writes locks the
 * space's row of table feed first, so what a job reads is true until it is committed, whichever instance the others run in, and no
 * two can wait for each other in a circle. Jobs of one space that wait together share a transaction.
 *
 * Statements go down the wire in pipeline mode: one whose rows nobody needs is presumed to succeed and is not waited for. Where that
 * was wrong the transaction is undone, and the job runs once more with every statement waited for. Savepoints come only where a job was
 * undone after it had written, which is rare: then all are run once more, each in its own. */
#ifndef HACKTIV_SERVER_DB_POSTGRES_H
#define HACKTIV_SERVER_DB_POSTGRES_H

#include <libpq-fe.h>
#include <pthread.h>

#include "engine.h"
#include "job_queue.h"

#define PARAMETERS_MAX 64        /* of one statement */
#define PREPARED_BUCKETS 256
/* Jobs in one transaction: with 64 that wait, two of this size answer all of them sooner than one of sixty and one of four (bench/bookings.py).
 * Each may need a subtransaction, and PostgreSQL keeps 64 of those at hand (PGPROC_MAX_CACHED_SUBXIDS). */
#define POSTGRES_BATCH_MAX 32
#define NO_JOB SIZE_MAX

enum trouble {
	TROUBLE_NONE,
	TROUBLE_REFUSED,     /* a constraint */
	TROUBLE_AGAIN,       /* another was in the way: the whole transaction may be tried again */
	TROUBLE_LOST,        /* the connection is gone, or of no use any more */
	TROUBLE_STORAGE      /* anything else: no memory, a full disk, a statement that took too long */
};

struct prepared;
struct postgres_statement;

/* An answer that is still to come. */
struct pending {
	enum { PENDING_PREPARE, PENDING_CHANGE, PENDING_ROWS, PENDING_CONTROL, PENDING_SYNC } kind;
	struct prepared *prepared;
	struct postgres_statement *rows;   /* who waits for them */
	size_t job;
};

struct postgres_connection {
	struct connection base;
	struct postgres_db *db;
	PGconn *wire;                /* NULL: not connected */
	struct prepared *prepared[PREPARED_BUCKETS];
	unsigned names;
	unsigned uses, plan_again_at;   /* transactions since it was made; see wire_plan_again() */
	struct pending *pending;     /* a ring */
	size_t pending_first, pending_count, pending_room;
	struct postgres_statement *idle;

	size_t job;                  /* of the batch, whose statements are being sent */
	bool careful;                /* each statement of it is waited for */
	struct kept_rows *kept;
	int64_t kept_mark;           /* what is kept is from when this was the mark: kept.h */
	int64_t changes;             /* rows, of the last change that was answered */
	enum trouble trouble;        /* the first since it was cleared; nothing is sent meanwhile */
	bool presumed;               /* … came from a statement that was not waited for */
	size_t troubled_job;
	char trouble_words[256];
};

struct pool_thread {
	struct postgres_db *db;
	struct postgres_connection connection;
	pthread_t thread;
	char *lane;                  /* being written; NULL when none or "" */
};

struct postgres_db {
	struct db base;
	char *address;
	struct pool_thread *threads;
	size_t thread_count;
	size_t writers_most;         /* threads that may write at once: the others are there for reading */
	bool threads_running;
	_Atomic int64_t retry_at_ms; /* after a connection that could not be made: not before, unless another was */
	pthread_mutex_t guard;       /* what follows */
	pthread_cond_t grew;
	struct job_queue reading;
	struct job_queue writing;
	size_t writers;
	bool closing;
};

/* postgres.c */
bool postgres_connect(struct postgres_connection *connection, struct problem *why);

/* postgres_wire.c */
/* Takes a connection that was just made into use. */
void wire_begin(struct postgres_connection *connection, PGconn *wire);
void wire_close(struct postgres_connection *connection);
/* The same for good: no statement of it is in use. */
void wire_end(struct postgres_connection *connection);
/* Sends a statement without parameters and does not wait for it. */
void wire_control(struct postgres_connection *connection, const char *text);
/* First in a transaction: statements are planned once, as tables were then. One that was empty looked as if any index would do, so plans
 * are made anew after a few transactions, then after ever more, then now and again: whether anybody analyses the tables or not. */
void wire_plan_again(struct postgres_connection *connection);
/* Locks the feed of that space, by id or slug. */
void wire_lock(struct postgres_connection *connection, const char *lane);
/* Waits for every answer; false when there is trouble. */
bool wire_settle(struct postgres_connection *connection);
/* The same where the server was asked to answer already. */
bool wire_collect(struct postgres_connection *connection);
/* Waits past an error: the server listens again. False: the connection is lost. */
bool wire_recover(struct postgres_connection *connection);
/* Lets go of what is sent without waiting for it: the answers are taken by the next that waits. */
void wire_let_go(struct postgres_connection *connection);
/* Sends what waits to be sent: the server works on it meanwhile. */
void wire_push(struct postgres_connection *connection);
void wire_forget_trouble(struct postgres_connection *connection);
/* Of SQLSTATE, five characters; NULL: the connection itself. */
enum trouble trouble_of(const char *state);

/* postgres_schema.c */
#define POSTGRES_SCHEMA "hacktiv"
bool postgres_bring_up_to_date(PGconn *wire, struct problem *why);
/* It is in the format that this program knows: while a connection was away, another instance may have brought it further, or a back-up
 * have been restored. False: `why` says which. */
bool postgres_is_up_to_date(PGconn *wire, struct problem *why);

/* postgres_jobs.c */
void postgres_jobs_start(struct postgres_db *db);
void postgres_jobs_end(struct postgres_db *db);
bool postgres_read(struct db *base, struct db_job *job);
bool postgres_write(struct db *base, struct db_job *job);
size_t postgres_waiting(struct db *base);

#endif
