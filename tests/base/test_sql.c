/* test_sql.c — that the database is opened as promised and says what stood in the way. */
#include "scratch.h"
#include "table.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int64_t ask(struct sql *sql, const char *question)
{
	struct sql_statement *statement = sql_prepare(sql, question);
	assert_int_equal(sql_step(statement, NULL), SQL_ROW);
	int64_t answer = sql_int(statement, 0);
	sql_done(statement);
	return answer;
}

static void a_connection_is_set_up_safely(void **state)
{
	char *path = scratch_path(state, "test.db"), *journal = scratch_path(state, "test.db-wal");
	umask(0);
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_non_null(sql);
	assert_true(sql_run(sql, "CREATE TABLE t (x INTEGER)", NULL));
	assert_int_equal(ask(sql, "PRAGMA synchronous"), 2);
	assert_int_equal(ask(sql, "PRAGMA foreign_keys"), 1);
	assert_int_equal(ask(sql, "PRAGMA trusted_schema"), 0);
	assert_int_equal(ask(sql, "PRAGMA busy_timeout"), 5000);
	assert_int_equal(ask(sql, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	const char *const files[] = { path, journal };
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct stat about;
		assert_int_equal(stat(files[i], &about), 0);
		ROW_HOLDS((about.st_mode & 0777) == 0600, "%s: %o", files[i], about.st_mode);
	}
	/* defensive: the schema cannot be written as a table */
	assert_true(sql_run(sql, "PRAGMA writable_schema=ON", NULL));
	assert_false(sql_run(sql, "UPDATE sqlite_schema SET sql = ''", NULL));
	sql_close(sql);
	sql_close(NULL);
	free(path);
	free(journal);
}

static void a_reader_cannot_write(void **state)
{
	char *path = scratch_path(state, "test.db");
	struct sql *writer = sql_open(path, SQL_READ_WRITE, NULL);
	assert_true(sql_run(writer, "CREATE TABLE t (x INTEGER); INSERT INTO t VALUES (1)", NULL));
	struct sql *reader = sql_open(path, SQL_READ_ONLY, NULL);
	assert_non_null(reader);
	struct problem why = { PROBLEM_NONE, "", "" };
	assert_int_equal(ask(reader, "SELECT x FROM t"), 1);
	assert_int_equal(ask(reader, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(ask(reader, "PRAGMA query_only"), 1);
	assert_false(sql_run(reader, "INSERT INTO t VALUES (2)", &why));
	assert_int_equal(why.kind, PROBLEM_IO);
	assert_true(sql_run(writer, "UPDATE t SET x = 3", NULL));
	assert_int_equal(ask(reader, "SELECT x FROM t"), 3);
	sql_close(reader);
	sql_close(writer);
	free(path);
}

static void what_is_no_database_is_refused(void **state)
{
	char *file = scratch_path(state, "real.db"), *link = scratch_path(state, "link.db"), *text = scratch_path(state, "text");
	char *nowhere = scratch_path(state, "none/x.db"), *missing = scratch_path(state, "missing.db");
	char *fifo = scratch_path(state, "fifo");
	sql_close(sql_open(file, SQL_READ_WRITE, NULL));
	assert_int_equal(symlink(file, link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	static const char words[] = "This is a letter and no database, long enough to have a header of a hundred bytes or so, or a bit more.";
	scratch_write(text, words, sizeof words, 0600);
	const struct {
		const char *path;
		enum sql_open_mode mode;
		enum problem_kind kind;
	} rows[] = {
		{ link, SQL_READ_WRITE, PROBLEM_REFUSED }, { link, SQL_READ_ONLY, PROBLEM_IO }, { text, SQL_READ_WRITE, PROBLEM_INVALID },
		{ nowhere, SQL_READ_WRITE, PROBLEM_NOT_FOUND }, { missing, SQL_READ_ONLY, PROBLEM_IO },
		{ *state, SQL_READ_WRITE, PROBLEM_REFUSED }, { fifo, SQL_READ_WRITE, PROBLEM_REFUSED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct problem why = { PROBLEM_NONE, "", "" };
		struct sql *sql = sql_open(rows[i].path, rows[i].mode, &why);
		ROW_HOLDS(!sql && why.kind == rows[i].kind && why.text[0], "%s: %d %s", rows[i].path, (int)why.kind, why.text);
	}
	assert_int_equal(access(missing, F_OK), -1);
	free(file);
	free(link);
	free(text);
	free(nowhere);
	free(missing);
	free(fifo);
}

static void a_home_behind_a_link_is_fine(void **state)
{
	char *home = scratch_path(state, "home"), *link = scratch_path(state, "link"), *path = scratch_path(state, "link/test.db");
	assert_true(path_make_directory(home, NULL));
	assert_int_equal(symlink(home, link), 0);
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_non_null(sql);
	sql_close(sql);
	free(home);
	free(link);
	free(path);
}

static void constraints_are_told_from_failures(void **state)
{
	(void)state;
	static const struct {
		const char *statement;
		enum sql_step step;
	} rows[] = {
		{ "INSERT INTO slot VALUES ('a', 1, 0)", SQL_END },
		{ "INSERT INTO slot VALUES ('a', 2, 0)", SQL_CONSTRAINT },      /* primary key */
		{ "INSERT INTO slot VALUES ('b', 1, 0)", SQL_CONSTRAINT },      /* unique */
		{ "INSERT INTO slot VALUES ('c', 3, 9)", SQL_CONSTRAINT },      /* check */
		{ "INSERT INTO numbered VALUES (1)", SQL_END },
		{ "INSERT INTO numbered VALUES (1)", SQL_CONSTRAINT },          /* rowid */
		{ "INSERT INTO slot VALUES (NULL, 4, 0)", SQL_FAILED },         /* not null: our mistake */
		{ "INSERT INTO child VALUES ('nobody')", SQL_FAILED },          /* foreign key: our mistake */
		{ "INSERT INTO slot VALUES ('d', 'text', 0)", SQL_FAILED },     /* strict type: our mistake */
		{ "SELECT * FROM slot", SQL_ROW },
		{ "DELETE FROM slot WHERE name = 'none'", SQL_END },
	};
	struct sql *sql = sql_open(":memory:", SQL_READ_WRITE, NULL);
	assert_non_null(sql);
	assert_true(sql_run(sql,
	                    "CREATE TABLE slot (name TEXT NOT NULL PRIMARY KEY, place INTEGER UNIQUE, taken INTEGER CHECK (taken < 5)) STRICT;"
	                    "CREATE TABLE numbered (id INTEGER PRIMARY KEY);"
	                    "CREATE TABLE child (name TEXT REFERENCES slot (name))", NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct problem why = { PROBLEM_NONE, "", "" };
		struct sql_statement *statement = sql_prepare(sql, rows[i].statement);
		ROW_HOLDS(sql_step(statement, &why) == rows[i].step, "%s: %s", rows[i].statement, why.text);
		ROW_HOLDS((why.kind == PROBLEM_IO) == (rows[i].step == SQL_FAILED), "%s", rows[i].statement);
		sql_done(statement);
	}
	sql_close(sql);
}

static void values_come_back_as_they_went_in(void **state)
{
	(void)state;
	struct sql *sql = sql_open(":memory:", SQL_READ_WRITE, NULL);
	struct arena *arena = arena_new();
	assert_true(sql_run(sql, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, number INTEGER, bytes BLOB)", NULL));
	struct sql_statement *insert = sql_prepare(sql, "INSERT INTO t (text, number, bytes) VALUES (?1, ?2, ?3)");
	char text[] = "Hôtel de Ville";
	sql_bind_text(insert, 1, text);
	memset(text, 'x', sizeof text - 1);   /* copied, so this must not show */
	sql_bind_int(insert, 2, INT64_MIN);
	sql_bind_blob(insert, 3, "a\0b", 3);
	assert_int_equal(sql_step(insert, NULL), SQL_END);
	assert_int_equal(sql_changes(sql), 1);
	sql_done(insert);
	/* What was bound before is forgotten. */
	insert = sql_prepare(sql, "INSERT INTO t (text, number, bytes) VALUES (?1, ?2, ?3)");
	sql_bind_text(insert, 1, NULL);
	assert_int_equal(sql_step(insert, NULL), SQL_END);
	sql_done(insert);
	insert = sql_prepare(sql, "INSERT INTO t (text, number, bytes) VALUES (?1, ?2, ?3)");
	sql_bind_text(insert, 1, "");
	sql_bind_blob(insert, 3, "", 0);
	assert_int_equal(sql_step(insert, NULL), SQL_END);
	sql_done(insert);

	struct sql_statement *select = sql_prepare(sql, "SELECT text, number, bytes FROM t ORDER BY id");
	size_t length = 99;
	assert_int_equal(sql_step(select, NULL), SQL_ROW);
	assert_string_equal(sql_text(select, 0, arena), "Hôtel de Ville");
	assert_true(sql_int(select, 1) == INT64_MIN);
	assert_memory_equal(sql_blob(select, 2, arena, &length), "a\0b", 3);
	assert_int_equal(length, 3);
	assert_int_equal(sql_step(select, NULL), SQL_ROW);
	assert_null(sql_text(select, 0, arena));
	assert_true(sql_is_null(select, 0) && sql_is_null(select, 1) && sql_is_null(select, 2));
	assert_null(sql_blob(select, 2, arena, &length));
	assert_int_equal(length, 0);
	assert_int_equal(sql_step(select, NULL), SQL_ROW);
	assert_string_equal(sql_text(select, 0, arena), "");
	assert_false(sql_is_null(select, 2));
	assert_non_null(sql_blob(select, 2, arena, &length));
	assert_int_equal(sql_step(select, NULL), SQL_END);
	sql_done(select);
	arena_free(arena);
	sql_close(sql);
}

static void a_statement_in_use_is_not_given_out_twice(void **state)
{
	(void)state;
	static const char text[] = "SELECT value FROM json_each('[1,2,3]')";
	struct sql *sql = sql_open(":memory:", SQL_READ_WRITE, NULL);
	struct sql_statement *outer = sql_prepare(sql, text);
	assert_int_equal(sql_step(outer, NULL), SQL_ROW);
	char same_text[sizeof text];
	memcpy(same_text, text, sizeof text);
	struct sql_statement *inner = sql_prepare(sql, text);
	assert_ptr_not_equal(inner, outer);
	assert_int_equal(sql_step(inner, NULL), SQL_ROW);
	assert_int_equal(sql_int(inner, 0), 1);
	sql_done(inner);
	assert_ptr_equal(sql_prepare(sql, same_text), inner);
	sql_done(inner);
	assert_int_equal(sql_step(outer, NULL), SQL_ROW);
	assert_int_equal(sql_int(outer, 0), 2);
	sql_done(outer);
	sql_close(sql);
}

/* What another process sees: locks of the parent are not the child's. */
static bool is_locked(const char *path)
{
	pid_t child = fork();
	if (child == 0) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int file = open(path, O_RDWR);
		_exit(file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* POSIX drops all locks of a process on a file when it closes any descriptor of it. */
static void a_second_connection_keeps_the_first_ones_lock(void **state)
{
	char *path = scratch_path(state, "test.db");
	struct sql *first = sql_open(path, SQL_READ_WRITE, NULL);
	assert_true(sql_run(first, "CREATE TABLE t (x)", NULL));
	assert_true(is_locked(path));
	struct sql *second = sql_open(path, SQL_READ_WRITE, NULL), *reader = sql_open(path, SQL_READ_ONLY, NULL);
	assert_non_null(second);
	assert_non_null(reader);
	sql_close(second);
	sql_close(reader);
	assert_true(is_locked(path));
	sql_close(first);
	assert_false(is_locked(path));
	free(path);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_connection_is_set_up_safely),
		IN_SCRATCH(a_reader_cannot_write),
		IN_SCRATCH(what_is_no_database_is_refused),
		IN_SCRATCH(a_home_behind_a_link_is_fine),
		cmocka_unit_test(constraints_are_told_from_failures),
		cmocka_unit_test(values_come_back_as_they_went_in),
		cmocka_unit_test(a_statement_in_use_is_not_given_out_twice),
		IN_SCRATCH(a_second_connection_keeps_the_first_ones_lock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
