/* db.c — see db.h: which engine an address means, and what all statements share. */
#include "kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const struct engine *const engines[] = { &sqlite_engine, &postgres_engine };

static struct db *open_engine(const char *address, enum db_mode mode, struct problem *why)
{
	for (size_t i = 0; i < COUNT_OF(engines); i++)
		if (strncmp(address, engines[i]->scheme, strlen(engines[i]->scheme)) == 0)
			return engines[i]->open(address, mode, why);
	/* The address is not quoted: whoever mistyped one may have put a password into it. */
	problem_set(why, PROBLEM_INVALID, "--database",
	            "This is not the address of a database that hacktivd knows: write sqlite:PATH, for example "
	            "sqlite:/var/lib/hacktivd/hacktiv.db, or postgresql://USER@HOST/NAME.");
	return NULL;
}

struct db *db_open(const char *address, struct problem *why)
{
	return open_engine(address, DB_TO_SERVE, why);
}

struct db *db_open_to_read(const char *address, struct problem *why)
{
	return open_engine(address, DB_TO_READ, why);
}

void db_close(struct db *db)
{
	if (db)
		db->engine->close(db);
}

bool db_is_shared(const struct db *db)
{
	return db->engine != &sqlite_engine;
}

uint64_t db_commits(struct db *db)
{
	return atomic_load(&db->commits);
}

void db_on_commit(struct db *db, void (*hook)(void *context, unsigned news), void *context)
{
	db->on_commit_context = context;
	db->on_commit = hook;
}

void db_committed(struct db *db, unsigned news)
{
	if (news && db->on_commit)
		db->on_commit(db->on_commit_context, news);
}

bool db_read(struct db *db, struct db_job *job)
{
	return db->engine->read(db, job);
}

bool db_write(struct db *db, struct db_job *job)
{
	return db->engine->write(db, job);
}

size_t db_waiting(struct db *db)
{
	return db->engine->waiting(db);
}

/* ---- one piece of writing, waited for --------------------------------------------------------------------------- */

struct awaited {
	struct db_job job;
	bool (*work)(struct db_tx *tx, void *context, struct problem *why);
	void *context;
	struct problem *why;
	pthread_mutex_t guard;
	pthread_cond_t ended;
	bool good;               /* what work() said */
	bool over;
	enum db_end end;
};

static bool awaited_run(struct db_job *job, struct db_tx *tx)
{
	struct awaited *awaited = (struct awaited *)job;
	awaited->good = awaited->work(tx, awaited->context, awaited->why);
	return awaited->good;
}

static void awaited_done(struct db_job *job, enum db_end end)
{
	struct awaited *awaited = (struct awaited *)job;
	pthread_mutex_lock(&awaited->guard);
	awaited->end = end;
	awaited->over = true;
	pthread_cond_signal(&awaited->ended);
	pthread_mutex_unlock(&awaited->guard);
}

/* False: the storage failed. */
static bool wait_for(struct db *db, bool (*enqueue)(struct db *, struct db_job *), struct awaited *awaited)
{
	awaited->job = (struct db_job){ .run = awaited_run, .done = awaited_done, .lane = "" };
	pthread_mutex_init(&awaited->guard, NULL);
	pthread_cond_init(&awaited->ended, NULL);
	bool queued = enqueue(db, &awaited->job);
	pthread_mutex_lock(&awaited->guard);
	while (queued && !awaited->over)
		pthread_cond_wait(&awaited->ended, &awaited->guard);
	pthread_mutex_unlock(&awaited->guard);
	pthread_cond_destroy(&awaited->ended);
	pthread_mutex_destroy(&awaited->guard);
	return queued && awaited->end != DB_STORAGE_FAILED;
}

bool db_write_now(struct db *db, bool (*work)(struct db_tx *tx, void *context, struct problem *why), void *context,
                  struct problem *why)
{
	struct awaited awaited = { .work = work, .context = context, .why = why };
	if (!wait_for(db, db_write, &awaited))
		return problem_set(why, PROBLEM_IO, "--database", "The database could not be written: see the log above.");
	return awaited.end == DB_COMMITTED;
}

bool db_read_now(struct db *db, bool (*work)(struct db_tx *tx, void *context, struct problem *why), void *context,
                 struct problem *why)
{
	struct awaited awaited = { .work = work, .context = context, .why = why };
	if (!wait_for(db, db_read, &awaited))
		return problem_set(why, PROBLEM_IO, "--database", "The database could not be read: see the log above.");
	return awaited.good;
}

/* ---- statements ---------------------------------------------------------------------------------------------------- */

struct statement *tx_prepare(struct db_tx *tx, const char *text)
{
	struct connection *connection = tx->connection;
	if (*text != 'S') {         /* SELECT */
		connection->changed = true;
		if (tx->kept)
			kept_wrote(tx->kept, text);
	}
	connection->standing_changed = connection->standing_changed || changes_standing(text);
	return connection->ops->prepare(connection, text);
}

void bind_text(struct statement *statement, int at, const char *text)
{
	statement->ops->bind_text(statement, at, text);
}

void bind_int(struct statement *statement, int at, int64_t value)
{
	statement->ops->bind_int(statement, at, value);
}

void bind_blob(struct statement *statement, int at, const void *bytes, size_t length)
{
	statement->ops->bind_blob(statement, at, bytes, length);
}

void statement_done(struct statement *statement)
{
	statement->ops->done(statement);
}

int64_t tx_changes(struct db_tx *tx)
{
	return tx->connection->ops->changes(tx->connection);
}

void db_take_long(struct db_tx *tx)
{
	if (tx->connection->ops->take_long)
		tx->connection->ops->take_long(tx->connection);
}

const char *row_text_or_null(struct statement *statement, int column, struct arena *arena)
{
	return statement->ops->text(statement, column, arena);
}

int64_t row_int(struct statement *statement, int column)
{
	return statement->ops->integer(statement, column);
}

const void *row_blob(struct statement *statement, int column, struct arena *arena, size_t *length)
{
	return statement->ops->blob(statement, column, arena, length);
}

bool row_is_null(struct statement *statement, int column)
{
	return statement->ops->is_null(statement, column);
}

bool db_is_healthy(struct db *db)
{
	return atomic_load(&db->healthy);
}

bool db_tx_failed(const struct db_tx *tx)
{
	return tx->failed;
}

bool db_only_asks(const struct db_tx *tx)
{
	return tx->only_asks;
}

static void mark_failed(struct db_tx *tx, const struct problem *why)
{
	tx->failed = true;
	if (*why->text)
		log_line(LOG_LEVEL_ERROR, "storage: %s", why->text);
}

bool tx_row(struct db_tx *tx, struct statement *statement)
{
	if (tx->failed)
		return false;
	struct problem why = { 0 };
	enum step_end step = statement->ops->row(statement, &why);
	if (step == STEP_FAILED || step == STEP_REFUSED)
		mark_failed(tx, &why);
	return step == STEP_ROW;
}

enum step_end tx_try(struct db_tx *tx, struct statement *statement)
{
	struct problem why = { 0 };
	enum step_end step = tx->failed ? STEP_FAILED : statement->ops->change(statement, true, &why);
	if (step == STEP_FAILED && !tx->failed)
		mark_failed(tx, &why);
	statement_done(statement);
	return step;
}

bool tx_change(struct db_tx *tx, struct statement *statement)
{
	struct problem why = { 0 };
	enum step_end step = tx->failed ? STEP_FAILED : statement->ops->change(statement, false, &why);
	if (step != STEP_END && !tx->failed)
		mark_failed(tx, &why);
	statement_done(statement);
	return step == STEP_END;
}

static enum db_put same_or_done(struct db_tx *tx)
{
	return tx_changes(tx) == 0 ? DB_PUT_SAME : DB_PUT_DONE;
}

enum db_put tx_put(struct db_tx *tx, struct statement *statement)
{
	return tx_change(tx, statement) ? same_or_done(tx) : DB_PUT_FAILED;
}

enum db_put tx_try_put(struct db_tx *tx, struct statement *statement)
{
	enum step_end step = tx_try(tx, statement);
	if (step != STEP_END)
		return step == STEP_REFUSED ? DB_PUT_REFUSED : DB_PUT_FAILED;
	return same_or_done(tx);
}

#define WANTED_WORD_MAX 99   /* characters, for two digits; what is longer is sought by its beginning */

const char *folded_words(struct arena *arena, const char *words)
{
	const char *at = text_fold(arena, words), *list = NULL;
	size_t length;
	for (const char *word; (word = text_word(&at, &length)); ) {
		int characters = 0;
		size_t end = 0;
		for (; end < length && ((word[end] & 0xc0) == 0x80 || characters < WANTED_WORD_MAX); end++)
			characters += (word[end] & 0xc0) != 0x80;
		list = arena_print(arena, "%s%02d%.*s", list ? list : "", characters, (int)end, word);
	}
	return list;
}

const char *folded_column(struct arena *arena, const char *text)
{
	const char *at = text_fold(arena, text);
	struct buffer column;
	buffer_init(&column, 2 * strlen(at) + 1);
	size_t length;
	for (const char *word; (word = text_word(&at, &length)); )
		buffer_print(&column, " %.*s", (int)length, word);
	const char *copy = arena_copy_text(arena, column.bytes);
	buffer_clear(&column);
	return copy;
}

const char *row_text(struct statement *statement, int column, struct arena *arena)
{
	const char *text = row_text_or_null(statement, column, arena);
	return text ? text : "";
}

int row_columns(struct statement *statement)
{
	return statement->ops->columns(statement);
}

const char *row_column_name(struct statement *statement, int column)
{
	return statement->ops->column_name(statement, column);
}

enum row_type row_type(struct statement *statement, int column)
{
	return statement->ops->type(statement, column);
}

struct local_date row_date(struct statement *statement, int column, struct arena *arena)
{
	struct local_date date = { 0 };
	date_from_iso(row_text(statement, column, arena), &date, NULL);
	return date;
}
