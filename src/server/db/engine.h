/* engine.h — what a database has to be able to do for db.h to stand on it: open, run jobs, carry out statements.
 *
 * An engine's own structs begin with these. sqlite.c and postgres.c are engines; everything else in this folder is written once
 * for all of them. */
#ifndef HACKTIV_SERVER_DB_ENGINE_H
#define HACKTIV_SERVER_DB_ENGINE_H

#include <stdatomic.h>

#include "statement.h"

struct connection;

enum db_mode { DB_TO_SERVE, DB_TO_READ };

struct engine {
	const char *scheme;      /* "sqlite:", "postgresql:": how its addresses begin */
	struct db *(*open)(const char *address, enum db_mode mode, struct problem *why);
	void (*close)(struct db *db);
	bool (*read)(struct db *db, struct db_job *job);
	bool (*write)(struct db *db, struct db_job *job);
	size_t (*waiting)(struct db *db);
};
extern const struct engine sqlite_engine;
extern const struct engine postgres_engine;

struct db {
	const struct engine *engine;
	atomic_bool healthy;
	atomic_uint_fast64_t commits;
	void (*on_commit)(void *context, unsigned news);
	void *on_commit_context;
};

struct connection_ops {
	struct statement *(*prepare)(struct connection *connection, const char *text);
	int64_t (*changes)(struct connection *connection);
	void (*take_long)(struct connection *connection);   /* NULL: nothing hurries it */
	void (*ask)(struct statement *statement);           /* sends it: its rows are waited for later. NULL: nothing is gained by that */
};

/* The numbers of feeds that this transaction counts up: written at its end, each once. feed.c */
#define COUNTS_MOST 8
struct feed_count {
	char space_id[UUID_SIZE];
	int64_t seq;
	bool unwritten;
};
struct feed_counts {
	struct feed_count each[COUNTS_MOST];
	size_t used;
};

struct connection {          /* belongs to one thread */
	const struct connection_ops *ops;
	struct feed_counts counts;
	bool changed;            /* a statement that changes something was prepared since this was last false */
	bool standing_changed;   /* the same for what kept.h keeps */
};

/* STEP_FAILED without words in `why`: the engine will run the job again, and nobody need hear of it. */
struct statement_ops {
	void (*bind_text)(struct statement *statement, int at, const char *text);
	void (*bind_int)(struct statement *statement, int at, int64_t value);
	void (*bind_blob)(struct statement *statement, int at, const void *bytes, size_t length);
	/* The next row. */
	enum step_end (*row)(struct statement *statement, struct problem *why);
	/* Changes something. An engine may presume that it will succeed, say so, and run the job again if that was wrong; `may_refuse`:
	 * where it does not presume, a refusal must leave the transaction as it was. */
	enum step_end (*change)(struct statement *statement, bool may_refuse, struct problem *why);
	const char *(*text)(struct statement *statement, int column, struct arena *arena);
	int64_t (*integer)(struct statement *statement, int column);
	const void *(*blob)(struct statement *statement, int column, struct arena *arena, size_t *length);
	bool (*is_null)(struct statement *statement, int column);
	int (*columns)(struct statement *statement);
	const char *(*column_name)(struct statement *statement, int column);
	enum row_type (*type)(struct statement *statement, int column);
	void (*done)(struct statement *statement);
};

struct statement {
	const struct statement_ops *ops;
};

struct db_tx {
	struct db *db;
	struct connection *connection;
	struct kept_rows *kept;       /* NULL: nothing is kept */
	bool only_asks;          /* see db_only_asks() */
	bool failed;             /* what comes finds nothing */
	unsigned news;           /* enum db_news */
	int64_t told_as_of;      /* 0: at their own time */
};

/* For engines, before they commit: the numbers that were counted. */
bool tx_write_counts(struct db_tx *tx);
/* For engines: what they committed, after it is on disk. */
void db_committed(struct db *db, unsigned news);

/* db/schema/NNN.sql in their order, as this engine takes them: schema.py. Step n brings the database from format n to n + 1. */
extern const char *const schema_sqlite[];
extern const char *const schema_postgres[];
extern const size_t schema_steps;

#endif
