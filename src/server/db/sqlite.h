/* sqlite.h — what the files of the SQLite implementation of db.h share.
 *
 * One process, one connection that ever writes or checkpoints, readers that cannot: before SQLite 3.51.3 two connections
 * that checkpoint at the same instant can lose committed writes. */
#ifndef HACKTIV_SERVER_DB_SQLITE_H
#define HACKTIV_SERVER_DB_SQLITE_H

#include <pthread.h>
#include <stdatomic.h>

#include "db.h"

#define READERS 2
#define BATCH_MAX 256            /* jobs in one transaction: bounds how long the first of them waits */
#define CHECKPOINT_PAUSE_S 2     /* the writer has had nothing to do for so long */

struct job_queue {
	struct db_job *first;
	struct db_job **last;
	size_t length;
	pthread_cond_t grew;
};

struct db_tx {
	struct db *db;
	struct sql *sql;
	bool failed;
};

struct reader {
	struct db *db;
	struct sql *sql;
	pthread_t thread;
};

struct db {
	int lock;                    /* descriptor of PATH.lock, held for as long as we live */
	struct sql *writer;
	pthread_t writer_thread;
	struct reader readers[READERS];
	size_t threads_running;      /* readers and, last, the writer */
	pthread_mutex_t guard;       /* the queues, `closing` */
	struct job_queue reading;
	struct job_queue writing;
	bool closing;
	atomic_bool healthy;
};

/* jobs: sqlite_jobs.c */
void jobs_start(struct db *db);
void jobs_end(struct db *db);

/* One step of a query: true when there is a row. A failure marks the transaction. */
bool tx_row(struct db_tx *tx, struct sql_statement *statement);
/* Carries out a statement that changes something, and is done with it. False: refused by a constraint or failed; either marks
 * the transaction, since none was expected. */
bool tx_change(struct db_tx *tx, struct sql_statement *statement);
/* The same where a refusal is an answer. */
enum sql_step tx_try(struct db_tx *tx, struct sql_statement *statement);
/* The same two for an INSERT that becomes an UPDATE where something is there, and nothing where it is the same. */
enum db_put tx_put(struct db_tx *tx, struct sql_statement *statement);
enum db_put tx_try_put(struct db_tx *tx, struct sql_statement *statement);
/* A JSON array of the words in `words`, folded; NULL when there is none. For HAS_WORDS(). */
const char *folded_words(struct arena *arena, const char *words);
#define HAS_WORDS(column, parameter)                                                                                       \
	"(" parameter " IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(" parameter ") WHERE instr(" column ", ' ' || value) = 0))"
/* " word word": what HAS_WORDS() looks in. */
const char *folded_column(struct arena *arena, const char *text);
/* Text that is never NULL. */
const char *row_text(struct sql_statement *statement, int column, struct arena *arena);
struct local_date row_date(struct sql_statement *statement, int column, struct arena *arena);

/* Counts the space's feed up and writes the change and the audit line under the new number: sqlite_feed.c */
bool tx_tell(struct db_tx *tx, const char *space_id, const char *kind, const char *ref, int64_t version, int64_t at,
             struct db_actor actor);

/* What a space has was changed: its version goes up. */
bool tx_touch_space(struct db_tx *tx, const char *space_id);

/* The same for an activity, under the version it has by now; lets people in while there are places and somebody waits:
 * sqlite_signup.c */
bool tx_tell_activity(struct db_tx *tx, const char *space_id, const char *activity_id, const char *kind, int64_t now,
                      struct db_actor actor);
bool tx_let_in(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, const char *request_id);

extern const char schema_001[];   /* schema/001.sql */
extern const char schema_002[];

#endif
