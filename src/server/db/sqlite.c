/* sqlite.c — the SQLite engine, see engine.h and sqlite.h: opening, bringing up to date, closing, and its statements. */
#include "sqlite.h"

#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#define APPLICATION_ID 1751872561   /* "hkt1": PRAGMA application_id tells our files from others */

#define CHECK_WHOLE_MAX (INT64_C(8) << 20)   /* bytes: about 10 ms */

#define SCHEMA_VERSION ((int64_t)schema_steps)

static bool lock_file(struct sqlite_db *db, const char *path, struct problem *why)
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
	struct stat about = { 0 };
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t length = file >= 0 && fstat(file, &about) == 0 ? read(file, header, sizeof header) : -1;
	if (file >= 0)
		close(file);
	if (length <= 0)
		return true;
	bool empty = header_number(header, HEADER_SCHEMA_COOKIE) == 0;
	if (length < HEADER_BYTES || memcmp(header, magic, sizeof magic) != 0)
		return is_for_us(path, 0, false, 0, why);
	if (!is_for_us(path, header_number(header, HEADER_APPLICATION_ID), empty, header_number(header, HEADER_USER_VERSION), why))
		return false;
	return (about.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
	       problem_set(why, PROBLEM_REFUSED, "--database",
	                   "%s holds what is meant for few, and others than its owner may open it: chmod 600 %s, and see who read it.", path,
	                   path);
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

/* `check`: a pragma that says "ok". */
static bool passes(struct sql *sql, const char *check, struct problem *why)
{
	struct arena *arena = arena_new();
	struct sql_statement *statement = sql_prepare(sql, check);
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

/* A start must not take the longer the more years lie behind: what is larger than CHECK_WHOLE_MAX is not read from end to end. SQLite
 * itself refuses a file that is shorter than its header says; what every request stands on is checked whole, and of each other table
 * that it can be read at all. The rest is for PRAGMA integrity_check on a copy. */
static bool check_file(struct sql *sql, struct problem *why)
{
	static const char *const checks[] = { "PRAGMA quick_check('setting')", "PRAGMA quick_check('space')", "PRAGMA quick_check('opening')",
		"PRAGMA quick_check('closure')", "PRAGMA quick_check('resource')", "PRAGMA quick_check('feed')" };
	static const char *const reads[] = { "SELECT count(*) FROM (SELECT * FROM member LIMIT 1)",
		"SELECT count(*) FROM (SELECT * FROM token LIMIT 1)", "SELECT count(*) FROM (SELECT * FROM booking LIMIT 1)",
		"SELECT count(*) FROM (SELECT * FROM slot LIMIT 1)", "SELECT count(*) FROM (SELECT * FROM idem LIMIT 1)",
		"SELECT count(*) FROM (SELECT * FROM change_log LIMIT 1)", "SELECT count(*) FROM (SELECT * FROM audit LIMIT 1)" };
	int64_t pages = 0, bytes = 0, ignored;
	if (!number_of(sql, "PRAGMA page_count", &pages, why) || !number_of(sql, "PRAGMA page_size", &bytes, why))
		return false;
	if (pages * bytes <= CHECK_WHOLE_MAX)
		return passes(sql, "PRAGMA quick_check(1)", why);
	for (size_t i = 0; i < COUNT_OF(checks); i++)
		if (!passes(sql, checks[i], why))
			return false;
	for (size_t i = 0; i < COUNT_OF(reads); i++)
		if (!number_of(sql, reads[i], &ignored, why))
			return false;
	return true;
}

/* Each step is one transaction, so one that was killed half-way is simply done again. */
static bool migrate(struct sql *sql, int64_t from, struct problem *why)
{
	for (int64_t step = from; step < SCHEMA_VERSION; step++) {
		struct buffer text;
		buffer_init(&text, 1u << 20);
		buffer_print(&text, "BEGIN IMMEDIATE;%s;PRAGMA application_id=%d;PRAGMA user_version=%lld;COMMIT;", schema_sqlite[step],
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
	if (!check_file(sql, why))
		return problem_prefix(why, "%s is damaged; restore it from a copy", path);
	if (!migrate(sql, version, why) || !make_secret(sql, why))
		return problem_prefix(why, "%s cannot be brought up to date", path);
	return true;
}

/* ---- statements ---------------------------------------------------------------------------------------------------- */

struct sqlite_statement {
	struct statement base;
	struct sqlite_connection *connection;
	struct sql_statement *prepared;
	struct sqlite_statement *next;      /* of those that idle */
};

static struct sql_statement *prepared_of(struct statement *statement)
{
	return ((struct sqlite_statement *)statement)->prepared;
}

static void sqlite_bind_text_at(struct statement *statement, int at, const char *text)
{
	sql_bind_text(prepared_of(statement), at, text);
}

static void sqlite_bind_int_at(struct statement *statement, int at, int64_t value)
{
	sql_bind_int(prepared_of(statement), at, value);
}

static void sqlite_bind_blob_at(struct statement *statement, int at, const void *bytes, size_t length)
{
	sql_bind_blob(prepared_of(statement), at, bytes, length);
}

static enum step_end sqlite_row(struct statement *statement, struct problem *why)
{
	switch (sql_step(prepared_of(statement), why)) {
	case SQL_ROW:
		return STEP_ROW;
	case SQL_END:
		return STEP_END;
	case SQL_CONSTRAINT:
		return STEP_REFUSED;
	case SQL_FAILED:
		return STEP_FAILED;
	}
	return STEP_FAILED;
}

static enum step_end sqlite_change(struct statement *statement, bool may_refuse, struct problem *why)
{
	(void)may_refuse;      /* SQLite undoes a refused statement, and that alone */
	return sqlite_row(statement, why);
}

static const char *sqlite_text(struct statement *statement, int column, struct arena *arena)
{
	return sql_text(prepared_of(statement), column, arena);
}

static int64_t sqlite_integer(struct statement *statement, int column)
{
	return sql_int(prepared_of(statement), column);
}

static const void *sqlite_blob(struct statement *statement, int column, struct arena *arena, size_t *length)
{
	return sql_blob(prepared_of(statement), column, arena, length);
}

static bool sqlite_is_null(struct statement *statement, int column)
{
	return sql_is_null(prepared_of(statement), column);
}

static int sqlite_columns(struct statement *statement)
{
	return sql_column_count(prepared_of(statement));
}

static const char *sqlite_column_name(struct statement *statement, int column)
{
	return sql_column_name(prepared_of(statement), column);
}

static enum row_type sqlite_type(struct statement *statement, int column)
{
	switch (sql_column_type(prepared_of(statement), column)) {
	case SQL_TYPE_NULL:
		return ROW_NULL;
	case SQL_TYPE_INT:
		return ROW_INT;
	case SQL_TYPE_TEXT:
		return ROW_TEXT;
	case SQL_TYPE_BLOB:
		return ROW_BLOB;
	}
	return ROW_NULL;
}

static void sqlite_statement_done(struct statement *statement)
{
	struct sqlite_statement *ours = (struct sqlite_statement *)statement;
	sql_done(ours->prepared);
	ours->next = ours->connection->idle;
	ours->connection->idle = ours;
}

static const struct statement_ops statement_ops = {
	sqlite_bind_text_at, sqlite_bind_int_at, sqlite_bind_blob_at, sqlite_row, sqlite_change, sqlite_text, sqlite_integer,
	sqlite_blob, sqlite_is_null, sqlite_columns, sqlite_column_name, sqlite_type, sqlite_statement_done,
};

static struct statement *sqlite_prepare(struct connection *connection, const char *text)
{
	struct sqlite_connection *ours = (struct sqlite_connection *)connection;
	struct sqlite_statement *statement = ours->idle;
	if (statement)
		ours->idle = statement->next;
	else
		statement = memory_get(sizeof *statement);
	*statement = (struct sqlite_statement){ { &statement_ops }, ours, sql_prepare(ours->sql, text), NULL };
	return &statement->base;
}

static int64_t sqlite_changes(struct connection *connection)
{
	return sql_changes(((struct sqlite_connection *)connection)->sql);
}

static const struct connection_ops connection_ops = { .prepare = sqlite_prepare, .changes = sqlite_changes };

static bool connect_to(struct sqlite_connection *connection, const char *path, enum sql_open_mode mode, struct problem *why)
{
	connection->base.ops = &connection_ops;
	connection->sql = sql_open(path, mode, why);
	return connection->sql || problem_prefix(why, "%s", path);
}

static void disconnect(struct sqlite_connection *connection)
{
	for (struct sqlite_statement *next; connection->idle; connection->idle = next) {
		next = connection->idle->next;
		free(connection->idle);
	}
	kept_free(connection->kept);
	sql_close(connection->sql);
}

/* ---- opening and closing -------------------------------------------------------------------------------------------- */

static bool open_writer(struct sqlite_db *db, const char *path, struct problem *why)
{
	db->writer.kept = kept_new();
	return lock_file(db, path, why) && connect_to(&db->writer, path, SQL_READ_WRITE, why) &&
	       bring_up_to_date(db->writer.sql, path, why);
}

/* Of one that is only read: it is as it must be, or it is not for us. */
static bool is_up_to_date(struct sql *sql, const char *path, struct problem *why)
{
	int64_t version = 0;
	if (!number_of(sql, "PRAGMA user_version", &version, why))
		return problem_prefix(why, "%s", path);
	return version == SCHEMA_VERSION ||
	       problem_set(why, PROBLEM_REFUSED, "--database",
	                   "%s has format %lld, this hacktivd knows %lld: let hacktivd serve bring it up to date first.", path,
	                   (long long)version, (long long)SCHEMA_VERSION);
}

static bool open_readers(struct sqlite_db *db, const char *path, struct problem *why)
{
	for (size_t i = 0; i < READERS; i++) {
		struct reader *reader = &db->readers[i];
		reader->db = db;
		if (!connect_to(&reader->connection, path, SQL_READ_ONLY, why))
			return false;
		if (!sql_run(reader->connection.sql, "SELECT count(*) FROM sqlite_schema", why))
			return problem_prefix(why, "%s", path);
	}
	return true;
}

static void sqlite_close(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	if (db->threads_running)
		sqlite_jobs_end(db);
	for (size_t i = 0; i < READERS; i++)
		disconnect(&db->readers[i].connection);
	if (db->threads_running && db->writer.sql)
		sql_run(db->writer.sql, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
	disconnect(&db->writer);
	if (db->lock >= 0)
		close(db->lock);
	free(db);
}

static struct db *sqlite_open(const char *address, enum db_mode mode, struct problem *why)
{
	const char *path = address + strlen(sqlite_engine.scheme);
	if (!*path) {
		problem_set(why, PROBLEM_INVALID, "--database", "\"%s\" names no file: write sqlite:PATH.", address);
		return NULL;
	}
	struct sqlite_db *db = memory_get(sizeof *db);
	db->base.engine = &sqlite_engine;
	db->lock = -1;
	atomic_store(&db->base.healthy, true);
	bool serving = mode == DB_TO_SERVE;
	if (look_before_touching(path, why) && (!serving || open_writer(db, path, why)) && open_readers(db, path, why) &&
	    (serving || is_up_to_date(db->readers[0].connection.sql, path, why))) {
		sqlite_jobs_start(db);
		return &db->base;
	}
	sqlite_close(&db->base);
	return NULL;
}

const struct engine sqlite_engine = { "sqlite:", sqlite_open, sqlite_close, sqlite_read, sqlite_write, sqlite_waiting };
