/* sqlite.c — see db.h and sqlite.h: opening, bringing up to date, closing, and the steps that all statements share. */
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <sodium.h>

#define APPLICATION_ID 1751872561   /* "hkt1": PRAGMA application_id tells our files from others */

static const char *const migrations[] = { schema_001, schema_002 };
#define SCHEMA_VERSION ((int64_t)COUNT_OF(migrations))

static bool lock_file(struct db *db, const char *path, struct problem *why)
{
	struct buffer name;
	buffer_init(&name, 4096);
	buffer_print(&name, "%s.lock", path);
	db->lock = open(name.bytes, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (db->lock < 0)
		problem_set(why, PROBLEM_IO, "--database", "%s cannot be opened: %s. The directory must exist and be writable.",
		            name.bytes, strerror(errno));
	else if (flock(db->lock, LOCK_EX | LOCK_NB) != 0)
		problem_set(why, PROBLEM_CONFLICT, "--database",
		            "%s is served by another hacktivd: stop that one, or give this one another database.", path);
	else {
		buffer_clear(&name);
		return true;
	}
	buffer_clear(&name);
	return false;
}

/* SQLite's file format, 1.3: where its header keeps what we look at; numbers are big-endian. */
#define HEADER_BYTES 100
#define HEADER_SCHEMA_COOKIE 40     /* 0: no table was ever made */
#define HEADER_USER_VERSION 60
#define HEADER_APPLICATION_ID 68

/* What a file says of itself: may this hacktivd use it? */
static bool is_for_us(const char *path, int64_t application, bool empty, int64_t version, struct problem *why)
{
	if (application != APPLICATION_ID && (application != 0 || !empty))
		return problem_set(why, PROBLEM_REFUSED, "--database",
		                   "%s is not a database of hacktivd. It was left as it is; name another file.", path);
	if (version > SCHEMA_VERSION)
		return problem_set(why, PROBLEM_REFUSED, "--database",
		                   "%s was written by a newer hacktivd (format %lld, this one knows %lld). It was left as it is; "
		                   "use the newer program.",
		                   path, (long long)version, (long long)SCHEMA_VERSION);
	return true;
}

static uint32_t header_number(const unsigned char *header, size_t at)
{
	return (uint32_t)header[at] << 24 | (uint32_t)header[at + 1] << 16 | (uint32_t)header[at + 2] << 8 | header[at + 3];
}

/* Opening a database already changes it (its journal mode), so somebody else's is recognised before, by its first bytes. What is
 * missing, empty or unreadable is left for SQLite to tell about. */
static bool look_before_touching(const char *path, struct problem *why)
{
	static const char magic[] = "SQLite format 3";
	unsigned char header[HEADER_BYTES] = { 0 };
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t length = file >= 0 ? read(file, header, sizeof header) : -1;
	if (file >= 0)
		close(file);
	if (length <= 0)
		return true;
	bool empty = header_number(header, HEADER_SCHEMA_COOKIE) == 0;
	if (length < HEADER_BYTES || memcmp(header, magic, sizeof magic) != 0)
		return is_for_us(path, 0, false, 0, why);
	return is_for_us(path, header_number(header, HEADER_APPLICATION_ID), empty, header_number(header, HEADER_USER_VERSION), why);
}

static bool number_of(struct sql *sql, const char *pragma, int64_t *number, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql, pragma);
	bool got = sql_step(statement, why) == SQL_ROW;
	if (got)
		*number = sql_int(statement, 0);
	sql_done(statement);
	return got;
}

static bool check_whole(struct sql *sql, struct problem *why)
{
	struct arena *arena = arena_new();
	struct sql_statement *statement = sql_prepare(sql, "PRAGMA quick_check(1)");
	bool whole = sql_step(statement, why) == SQL_ROW;
	if (whole) {
		const char *verdict = sql_text(statement, 0, arena);
		whole = strcmp(verdict, "ok") == 0 ||
		        problem_set(why, PROBLEM_IO, "--database", "its check says: %s", verdict);
	}
	sql_done(statement);
	arena_free(arena);
	return whole;
}

/* Each step is one transaction, so one that was killed half-way is simply done again. */
static bool migrate(struct sql *sql, int64_t from, struct problem *why)
{
	for (int64_t step = from; step < SCHEMA_VERSION; step++) {
		struct buffer text;
		buffer_init(&text, 1u << 20);
		buffer_print(&text, "BEGIN IMMEDIATE;%s;PRAGMA application_id=%d;PRAGMA user_version=%lld;COMMIT;", migrations[step],
		             APPLICATION_ID, (long long)step + 1);
		bool done = !text.full && sql_run(sql, text.bytes, why);
		buffer_clear(&text);
		if (!done) {
			sql_run(sql, "ROLLBACK", NULL);
			return false;
		}
	}
	return true;
}

static bool make_secret(struct sql *sql, struct problem *why)
{
	unsigned char secret[32];
	randombytes_buf(secret, sizeof secret);
	struct sql_statement *statement =
		sql_prepare(sql, "INSERT INTO setting (name, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING");
	sql_bind_blob(statement, 1, secret, sizeof secret);
	bool made = sql_step(statement, why) == SQL_END;
	sql_done(statement);
	sodium_memzero(secret, sizeof secret);
	return made;
}

static bool bring_up_to_date(struct sql *sql, const char *path, struct problem *why)
{
	int64_t tables = 0, application = 0, version = 0;
	/* Reads the schema: after it no statement can fail to be prepared because of the file. */
	if (!sql_run(sql, "SELECT count(*) FROM sqlite_schema", why))
		return problem_prefix(why, "%s cannot be read; restore it from a copy", path);
	if (!number_of(sql, "SELECT count(*) FROM sqlite_schema", &tables, why) ||
	    !number_of(sql, "PRAGMA application_id", &application, why) || !number_of(sql, "PRAGMA user_version", &version, why))
		return problem_prefix(why, "%s", path);
	if (!is_for_us(path, application, tables == 0, version, why))
		return false;
	if (!check_whole(sql, why))
		return problem_prefix(why, "%s is damaged; restore it from a copy", path);
	if (!migrate(sql, version, why) || !make_secret(sql, why))
		return problem_prefix(why, "%s cannot be brought up to date", path);
	return true;
}

static bool open_connections(struct db *db, const char *path, struct problem *why)
{
	db->writer = sql_open(path, SQL_READ_WRITE, why);
	if (!db->writer)
		return problem_prefix(why, "%s", path);
	if (!bring_up_to_date(db->writer, path, why))
		return false;
	for (size_t i = 0; i < READERS; i++) {
		db->readers[i].db = db;
		db->readers[i].sql = sql_open(path, SQL_READ_ONLY, why);
		if (!db->readers[i].sql || !sql_run(db->readers[i].sql, "SELECT count(*) FROM sqlite_schema", why))
			return problem_prefix(why, "%s", path);
	}
	return true;
}

struct db *db_open(const char *address, struct problem *why)
{
	static const char scheme[] = "sqlite:";
	const char *path = address + sizeof scheme - 1;
	if (strncmp(address, scheme, sizeof scheme - 1) != 0 || !*path) {
		problem_set(why, PROBLEM_INVALID, "--database",
		            "\"%s\" is not a database this hacktivd knows: write sqlite:PATH, for example sqlite:/var/lib/hacktivd/hacktiv.db.",
		            address);
		return NULL;
	}
	struct db *db = memory_get(sizeof *db);
	db->lock = -1;
	atomic_store(&db->healthy, true);
	if (look_before_touching(path, why) && lock_file(db, path, why) && open_connections(db, path, why)) {
		jobs_start(db);
		return db;
	}
	db_close(db);
	return NULL;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	if (db->threads_running)
		jobs_end(db);
	for (size_t i = 0; i < READERS; i++)
		sql_close(db->readers[i].sql);
	if (db->writer && db->threads_running)
		sql_run(db->writer, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
	sql_close(db->writer);
	if (db->lock >= 0)
		close(db->lock);
	free(db);
}

bool db_is_healthy(struct db *db)
{
	return atomic_load(&db->healthy);
}

bool db_tx_failed(const struct db_tx *tx)
{
	return tx->failed;
}

static void mark_failed(struct db_tx *tx, const struct problem *why)
{
	tx->failed = true;
	log_line(LOG_LEVEL_ERROR, "storage: %s", why->text);
}

bool tx_row(struct db_tx *tx, struct sql_statement *statement)
{
	if (tx->failed)
		return false;
	struct problem why = { 0 };
	enum sql_step step = sql_step(statement, &why);
	if (step == SQL_FAILED || step == SQL_CONSTRAINT)
		mark_failed(tx, &why);
	return step == SQL_ROW;
}

enum sql_step tx_try(struct db_tx *tx, struct sql_statement *statement)
{
	struct problem why = { 0 };
	enum sql_step step = tx->failed ? SQL_FAILED : sql_step(statement, &why);
	if (step == SQL_FAILED && !tx->failed)
		mark_failed(tx, &why);
	sql_done(statement);
	return step;
}

bool tx_change(struct db_tx *tx, struct sql_statement *statement)
{
	struct problem why = { 0 };
	enum sql_step step = tx->failed ? SQL_FAILED : sql_step(statement, &why);
	if (step != SQL_END && !tx->failed)
		mark_failed(tx, &why);
	sql_done(statement);
	return step == SQL_END;
}

static enum db_put same_or_done(struct db_tx *tx)
{
	return sql_changes(tx->sql) == 0 ? DB_PUT_SAME : DB_PUT_DONE;
}

enum db_put tx_put(struct db_tx *tx, struct sql_statement *statement)
{
	return tx_change(tx, statement) ? same_or_done(tx) : DB_PUT_FAILED;
}

enum db_put tx_try_put(struct db_tx *tx, struct sql_statement *statement)
{
	enum sql_step step = tx_try(tx, statement);
	if (step != SQL_END)
		return step == SQL_CONSTRAINT ? DB_PUT_REFUSED : DB_PUT_FAILED;
	return same_or_done(tx);
}

const char *folded_words(struct arena *arena, const char *words)
{
	const char *at = text_fold(arena, words), *array = NULL;
	size_t length;
	for (const char *word; (word = text_word(&at, &length)); )
		array = arena_print(arena, "%s%s\"%.*s\"", array ? array : "[", array ? "," : "", (int)length, word);
	return array ? arena_print(arena, "%s]", array) : NULL;
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

const char *row_text(struct sql_statement *statement, int column, struct arena *arena)
{
	const char *text = sql_text(statement, column, arena);
	return text ? text : "";
}

struct local_date row_date(struct sql_statement *statement, int column, struct arena *arena)
{
	struct local_date date = { 0 };
	date_from_iso(row_text(statement, column, arena), &date, NULL);
	return date;
}
