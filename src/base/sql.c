/* sql.c — see sql.h. */
#include "hacktiv/base/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hacktiv/base/i18n.h"
#include "hacktiv/base/memory.h"

#define BUSY_TIMEOUT_MS 5000

struct sql_statement {
	struct sql *sql;
	sqlite3_stmt *prepared;
	const char *text;
	bool busy;               /* between sql_prepare() and sql_done() */
	struct problem unprepared;   /* why `prepared` is NULL */
	struct sql_statement *next;
};

struct sql {
	sqlite3 *handle;
	struct sql_statement *cache;
	bool flush_failed;       /* at the last failure */
};

static bool failed(struct sql *sql, struct problem *why)
{
	int result = sqlite3_errcode(sql->handle) & 0xff;
	sql->flush_failed = sqlite3_extended_errcode(sql->handle) == SQLITE_IOERR_FSYNC;
	bool damaged = result == SQLITE_NOTADB || result == SQLITE_CORRUPT;
	enum problem_kind kind = damaged ? PROBLEM_INVALID : result == SQLITE_ERROR ? PROBLEM_MISSING : PROBLEM_IO;
	return problem_set(why, kind, "database", _("The database could not be used: %s."), sqlite3_errmsg(sql->handle));
}

/* The file with its directory resolved, so that SQLITE_OPEN_NOFOLLOW refuses a link in the last place only: it would
 * refuse one anywhere, and homes often lie behind one. Yours; NULL when there is no such directory. */
static char *resolved(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? memory_copy_text(path) : memory_copy_text(".");
	if (slash)
		parent[slash == path ? 1 : slash - path] = '\0';
	char *real = realpath(parent, NULL);
	free(parent);
	if (!real)
		return NULL;
	const char *name = slash ? slash + 1 : path;
	size_t room = strlen(real) + strlen(name) + 2;
	char *whole = memory_get(room);
	snprintf(whole, room, "%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
	free(real);
	return whole;
}

/* Makes a missing file 0600; SQLite gives its journals the same mode. A file that exists is never opened here: closing it
 * would drop the locks that another connection of this process holds on it (POSIX; sqlite.org/howtocorrupt.html 2.2). */
static bool make_private(const char *path, struct problem *why)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file >= 0) {
		close(file);
		return true;
	}
	struct stat about;
	int error = errno;
	if (error != EEXIST || lstat(path, &about) != 0)
		return problem_set(why, PROBLEM_IO, "database", _("The database cannot be made: %s."), strerror(error));
	if (!S_ISREG(about.st_mode))
		return problem_set(why, PROBLEM_REFUSED, "database", _("The database is a link or no ordinary file: it is not used."));
	return true;
}

static bool set_up(struct sql *sql, enum sql_open_mode mode, struct problem *why)
{
	sqlite3_extended_result_codes(sql->handle, 1);
	sqlite3_busy_timeout(sql->handle, BUSY_TIMEOUT_MS);
	sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(sql->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	switch (mode) {
	case SQL_READ_WRITE:
		return sql_run(sql, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;", why);
	case SQL_READ_ONLY:
		/* Two connections that checkpoint at one instant can corrupt a WAL database before SQLite 3.51.3: readers never do. */
		return sql_run(sql, "PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=ON;", why);
	}
	return false;
}

struct sql *sql_open(const char *path, enum sql_open_mode mode, struct problem *why)
{
	bool in_memory = strcmp(path, ":memory:") == 0;
	char *file = in_memory ? memory_copy_text(path) : resolved(path);
	if (!file) {
		problem_set(why, PROBLEM_NOT_FOUND, "database", _("The directory of the database does not exist."));
		return NULL;
	}
	if (!in_memory && mode == SQL_READ_WRITE && !make_private(file, why)) {
		free(file);
		return NULL;
	}
	struct sql *sql = memory_get(sizeof *sql);
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
	            (mode == SQL_READ_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
	int result = sqlite3_open_v2(file, &sql->handle, flags, NULL);
	free(file);
	if (!sql->handle)
		die("out of memory");
	if (result != SQLITE_OK ? failed(sql, why) : set_up(sql, mode, why))
		return sql;
	sql_close(sql);
	return NULL;
}

void sql_close(struct sql *sql)
{
	if (!sql)
		return;
	while (sql->cache) {
		struct sql_statement *statement = sql->cache;
		sql->cache = statement->next;
		sqlite3_finalize(statement->prepared);
		free(statement);
	}
	sqlite3_close(sql->handle);
	free(sql);
}

bool sql_run(struct sql *sql, const char *text, struct problem *why)
{
	return sqlite3_exec(sql->handle, text, NULL, NULL, NULL) == SQLITE_OK || failed(sql, why);
}

typedef bool is_text(const struct sql_statement *statement, const char *text);

static bool is_at(const struct sql_statement *statement, const char *text)
{
	return statement->text == text;
}

static bool says(const struct sql_statement *statement, const char *text)
{
	return strcmp(statement->text, text) == 0;
}

/* Moved to the front when found: what is used often is found at once. */
static struct sql_statement *find_idle_by(struct sql *sql, is_text *is, const char *text)
{
	for (struct sql_statement **link = &sql->cache; *link; link = &(*link)->next) {
		struct sql_statement *statement = *link;
		if (statement->busy || !is(statement, text))
			continue;
		*link = statement->next;
		statement->next = sql->cache;
		sql->cache = statement;
		return statement;
	}
	return NULL;
}

/* Texts are literals: nearly always the address is enough, and many begin with the same words. */
static struct sql_statement *find_idle(struct sql *sql, const char *text)
{
	struct sql_statement *found = find_idle_by(sql, is_at, text);
	return found ? found : find_idle_by(sql, says, text);
}

/* What is wrong with the text is our mistake. What is wrong with the disk or the memory is told by the first step, and tried again when
 * the statement is next wanted. */
static void prepare(struct sql_statement *statement)
{
	const char *rest = NULL;
	int result = sqlite3_prepare_v3(statement->sql->handle, statement->text, -1, SQLITE_PREPARE_PERSISTENT, &statement->prepared, &rest);
	if (result == SQLITE_ERROR || result == SQLITE_MISUSE)
		die("a database statement is wrong: %s: %s", sqlite3_errmsg(statement->sql->handle), statement->text);
	if (result != SQLITE_OK)
		failed(statement->sql, &statement->unprepared);
	else if (!statement->prepared || rest[strspn(rest, " \t\n;")])
		die("a database statement must be one statement: %s", statement->text);
}

struct sql_statement *sql_prepare(struct sql *sql, const char *text)
{
	struct sql_statement *statement = find_idle(sql, text);
	if (!statement) {
		statement = memory_get(sizeof *statement);
		statement->sql = sql;
		statement->text = text;
		prepare(statement);
		statement->next = sql->cache;
		sql->cache = statement;
	} else if (!statement->prepared) {
		prepare(statement);
	}
	statement->busy = true;
	return statement;
}

static void must_bind(const struct sql_statement *statement, int result)
{
	if (result == SQLITE_NOMEM)
		die("out of memory");
	if (result != SQLITE_OK)
		die("a database value cannot be bound: %s: %s", sqlite3_errstr(result), statement->text);
}

void sql_bind_text(struct sql_statement *statement, int at, const char *text)
{
	if (!statement->prepared)
		return;
	if (text)
		must_bind(statement, sqlite3_bind_text64(statement->prepared, at, text, strlen(text), SQLITE_TRANSIENT, SQLITE_UTF8));
	else
		must_bind(statement, sqlite3_bind_null(statement->prepared, at));
}

void sql_bind_int(struct sql_statement *statement, int at, int64_t value)
{
	if (!statement->prepared)
		return;
	must_bind(statement, sqlite3_bind_int64(statement->prepared, at, value));
}

void sql_bind_blob(struct sql_statement *statement, int at, const void *bytes, size_t length)
{
	if (!statement->prepared)
		return;
	must_bind(statement, sqlite3_bind_blob64(statement->prepared, at, bytes, length, SQLITE_TRANSIENT));
}

enum sql_step sql_step(struct sql_statement *statement, struct problem *why)
{
	if (!statement->prepared) {
		if (why)
			*why = statement->unprepared;
		return SQL_FAILED;
	}
	int result = sqlite3_step(statement->prepared);
	switch (result) {
	case SQLITE_ROW:
		return SQL_ROW;
	case SQLITE_DONE:
		return SQL_END;
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_CHECK:
	case SQLITE_CONSTRAINT_TRIGGER:
		problem_set(why, PROBLEM_CONFLICT, "database", _("The database refuses this: %s."), sqlite3_errmsg(statement->sql->handle));
		return SQL_CONSTRAINT;
	default:
		failed(statement->sql, why);
		return SQL_FAILED;
	}
}

const char *sql_text(struct sql_statement *statement, int column, struct arena *arena)
{
	const unsigned char *text = sqlite3_column_text(statement->prepared, column);
	if (!text)
		return NULL;
	return arena_copy_bytes(arena, (const char *)text, (size_t)sqlite3_column_bytes(statement->prepared, column));
}

int64_t sql_int(struct sql_statement *statement, int column)
{
	return sqlite3_column_int64(statement->prepared, column);
}

const void *sql_blob(struct sql_statement *statement, int column, struct arena *arena, size_t *length)
{
	*length = 0;
	if (sql_is_null(statement, column))
		return NULL;
	const void *bytes = sqlite3_column_blob(statement->prepared, column);
	*length = (size_t)sqlite3_column_bytes(statement->prepared, column);
	return arena_copy_bytes(arena, bytes, *length);
}

bool sql_is_null(struct sql_statement *statement, int column)
{
	return sqlite3_column_type(statement->prepared, column) == SQLITE_NULL;
}

int sql_column_count(struct sql_statement *statement)
{
	return sqlite3_column_count(statement->prepared);
}

const char *sql_column_name(struct sql_statement *statement, int column)
{
	return sqlite3_column_name(statement->prepared, column);
}

enum sql_type sql_column_type(struct sql_statement *statement, int column)
{
	switch (sqlite3_column_type(statement->prepared, column)) {
	case SQLITE_INTEGER:
		return SQL_TYPE_INT;
	case SQLITE_TEXT:
		return SQL_TYPE_TEXT;
	case SQLITE_NULL:
		return SQL_TYPE_NULL;
	default:
		return SQL_TYPE_BLOB;
	}
}

void sql_done(struct sql_statement *statement)
{
	if (statement->prepared) {
		sqlite3_reset(statement->prepared);
		sqlite3_clear_bindings(statement->prepared);
	}
	statement->busy = false;
}

int64_t sql_changes(struct sql *sql)
{
	return sqlite3_changes64(sql->handle);
}

bool sql_perhaps_kept(struct sql *sql)
{
	return sql->flush_failed;
}
