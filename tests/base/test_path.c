/* test_path.c — where files are, and that a secret is read and written safely. */
#include "scratch.h"
#include "table.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void places_follow_the_xdg_specification(void **state)
{
	(void)state;
	static const struct {
		const char *variable, *value, *home, *expected;
		char *(*place)(const char *, struct problem *);
	} rows[] = {
		{ "XDG_CONFIG_HOME", "/x", "/h", "/x/hacktiv/config.cfg", path_config },
		{ "XDG_CONFIG_HOME", NULL, "/h", "/h/.config/hacktiv/config.cfg", path_config },
		{ "XDG_CONFIG_HOME", "", "/h", "/h/.config/hacktiv/config.cfg", path_config },
		{ "XDG_CONFIG_HOME", "relative", "/h", "/h/.config/hacktiv/config.cfg", path_config },
		{ "XDG_CONFIG_HOME", "/x", NULL, "/x/hacktiv/config.cfg", path_config },
		{ "XDG_CONFIG_HOME", NULL, NULL, NULL, path_config },
		{ "XDG_CONFIG_HOME", NULL, "", NULL, path_config },
		{ "XDG_STATE_HOME", "/x", "/h", "/x/hacktiv/config.cfg", path_state },
		{ "XDG_STATE_HOME", NULL, "/h", "/h/.local/state/hacktiv/config.cfg", path_state },
		{ "XDG_CACHE_HOME", "/x", "/h", "/x/hacktiv/config.cfg", path_cache },
		{ "XDG_CACHE_HOME", NULL, "/h", "/h/.cache/hacktiv/config.cfg", path_cache },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsetenv(rows[i].variable);
		unsetenv("HOME");
		if (rows[i].value)
			setenv(rows[i].variable, rows[i].value, 1);
		if (rows[i].home)
			setenv("HOME", rows[i].home, 1);
		struct problem why = { PROBLEM_NONE, "", "" };
		char *path = rows[i].place("config.cfg", &why);
		if (rows[i].expected)
			ROW_HOLDS(path && strcmp(path, rows[i].expected) == 0, "row %zu: %s", i, path ? path : "none");
		else
			ROW_HOLDS(!path && why.kind == PROBLEM_MISSING, "row %zu", i);
		free(path);
	}
}

static unsigned mode_of(const char *path)
{
	struct stat about;
	assert_int_equal(lstat(path, &about), 0);
	return about.st_mode & 07777;
}

static void directories_are_made_private(void **state)
{
	char *deep = scratch_path(state, "a/b/c"), *first = scratch_path(state, "a"), *file = scratch_path(state, "d/e/file");
	char *through_file = scratch_path(state, "plain/x"), *plain = scratch_path(state, "plain");
	struct problem why = { PROBLEM_NONE, "", "" };
	assert_true(path_make_directory(deep, &why));
	assert_true(path_make_directory(deep, &why));
	assert_true(path_make_directory("/", &why));
	assert_int_equal(mode_of(deep), 0700);
	assert_int_equal(mode_of(first), 0700);
	assert_true(path_make_parent(file, &why));
	assert_int_equal(access(file, F_OK), -1);
	scratch_write(plain, "x", 1, 0600);
	assert_false(path_make_directory(through_file, &why));
	assert_true(why.kind != PROBLEM_NONE && why.text[0]);
	free(deep);
	free(first);
	free(file);
	free(through_file);
	free(plain);
}

static size_t files_in(const char *directory)
{
	size_t count = 0;
	DIR *open = opendir(directory);
	assert_non_null(open);
	while (readdir(open))
		count++;
	closedir(open);
	return count - 2;
}

static void a_secret_is_written_whole_and_private(void **state)
{
	char *path = scratch_path(state, "token");
	struct buffer read;
	struct problem why;
	scratch_write(path, "old", 3, 0644);
	assert_true(path_write_secret(path, "new secret", 10, &why));
	assert_int_equal(mode_of(path), 0600);
	assert_true(path_read_secret(path, 100, &read, &why));
	assert_string_equal(read.bytes, "new secret");
	buffer_clear(&read);
	assert_true(path_write_secret(path, "", 0, &why));
	assert_true(path_read_secret(path, 100, &read, &why));
	assert_int_equal(read.length, 0);
	buffer_clear(&read);
	assert_int_equal(files_in(*state), 1);
	free(path);
}

static void leave(void **state, const char *name, time_t age_s)
{
	char *path = scratch_path(state, name);
	struct timespec times[2] = { { .tv_sec = time(NULL) - age_s }, { .tv_sec = time(NULL) - age_s } };
	scratch_write(path, "secret", 6, 0600);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	free(path);
}

/* Somebody was killed in the middle of it: the next who writes tidies up, and leaves alone what is another's or still at it. */
static void c30_what_a_killed_one_left_goes(void **state)
{
	static const struct { const char *name; time_t age_s; bool stays; } rows[] = {
		{ "token.aB3dE9", PATH_LEFT_S + 5, false }, { "token.aB3dE8", 1, true }, { "token.lock", 9999, true },
		{ "token.aB3dE9x", 9999, true }, { "token2.aB3dE9", 9999, true }, { "token.aB3-E9", 9999, true },
	};
	char *path = scratch_path(state, "token");
	for (size_t at = 0; at < COUNT_OF(rows); at++)
		leave(state, rows[at].name, rows[at].age_s);
	assert_true(path_write_secret(path, "new", 3, NULL));
	for (size_t at = 0; at < COUNT_OF(rows); at++) {
		char *left = scratch_path(state, rows[at].name);
		ROW_HOLDS((access(left, F_OK) == 0) == rows[at].stays, "%s", rows[at].name);
		free(left);
	}
	path_remove_left(path, 0);
	assert_int_equal(files_in(*state), (int)COUNT_OF(rows) - 1);   /* the young one is gone, the new token is there */
	free(path);
}

static void writing_replaces_a_link_and_spares_its_target(void **state)
{
	char *target = scratch_path(state, "target"), *link = scratch_path(state, "token");
	struct problem why;
	scratch_write(target, "theirs", 6, 0644);
	assert_int_equal(symlink(target, link), 0);
	assert_true(path_write_secret(link, "mine", 4, &why));
	struct buffer read;
	assert_true(path_read(target, 100, &read, &why));
	assert_string_equal(read.bytes, "theirs");
	buffer_clear(&read);
	assert_true(path_read_secret(link, 100, &read, &why));
	assert_string_equal(read.bytes, "mine");
	buffer_clear(&read);
	free(target);
	free(link);
}

static void a_secret_that_cannot_be_written_leaves_nothing(void **state)
{
	char *nowhere = scratch_path(state, "none/token"), *directory = scratch_path(state, "full");
	char *inside = scratch_path(state, "full/x");
	struct problem why;
	assert_false(path_write_secret(nowhere, "x", 1, &why));
	assert_int_equal(why.kind, PROBLEM_NOT_FOUND);
	/* A directory with something in it cannot be renamed over. */
	assert_true(path_make_parent(inside, &why));
	scratch_write(inside, "", 0, 0600);
	assert_false(path_write_secret(directory, "x", 1, &why));
	assert_int_equal(files_in(*state), 1);
	free(nowhere);
	free(directory);
	free(inside);
}

static void a_secret_others_could_know_is_refused(void **state)
{
	static const struct {
		const char *name;
		unsigned mode;
		enum problem_kind kind;
	} rows[] = {
		{ "private", 0600, PROBLEM_NONE }, { "read-only", 0400, PROBLEM_NONE }, { "group", 0640, PROBLEM_REFUSED },
		{ "all", 0644, PROBLEM_REFUSED }, { "others", 0604, PROBLEM_REFUSED }, { "group-write", 0620, PROBLEM_REFUSED },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *path = scratch_path(state, rows[i].name);
		struct problem why = { PROBLEM_NONE, "", "" };
		struct buffer read;
		scratch_write(path, "hkt_secret", 10, rows[i].mode);
		bool got = path_read_secret(path, 100, &read, &why);
		ROW_HOLDS(got == (rows[i].kind == PROBLEM_NONE) && why.kind == rows[i].kind, "%s: %s", rows[i].name, why.text);
		ROW_HOLDS(got || (strstr(why.text, "chmod 600") && !strstr(why.text, "hkt_")), "%s", why.text);
		if (got)
			buffer_clear(&read);
		free(path);
	}
}

static void what_is_no_ordinary_file_is_refused(void **state)
{
	char *file = scratch_path(state, "file"), *link = scratch_path(state, "link"), *fifo = scratch_path(state, "fifo");
	char *dangling = scratch_path(state, "dangling"), *missing = scratch_path(state, "missing");
	scratch_write(file, "x", 1, 0600);
	assert_int_equal(symlink(file, link), 0);
	assert_int_equal(symlink(missing, dangling), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	const struct {
		const char *path;
		enum problem_kind secret, ordinary;
	} rows[] = {
		{ file, PROBLEM_NONE, PROBLEM_NONE }, { link, PROBLEM_REFUSED, PROBLEM_NONE },
		{ fifo, PROBLEM_REFUSED, PROBLEM_REFUSED }, { *state, PROBLEM_REFUSED, PROBLEM_REFUSED },
		{ "/dev/null", PROBLEM_REFUSED, PROBLEM_REFUSED }, { dangling, PROBLEM_REFUSED, PROBLEM_NOT_FOUND },
		{ missing, PROBLEM_NOT_FOUND, PROBLEM_NOT_FOUND },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct problem why = { PROBLEM_NONE, "", "" };
		struct buffer read;
		if (path_read_secret(rows[i].path, 10, &read, &why))
			buffer_clear(&read);
		ROW_HOLDS(why.kind == rows[i].secret, "secret %s: %s", rows[i].path, why.text);
		problem_clear(&why);
		if (path_read(rows[i].path, 10, &read, &why))
			buffer_clear(&read);
		ROW_HOLDS(why.kind == rows[i].ordinary, "%s: %s", rows[i].path, why.text);
	}
	free(file);
	free(link);
	free(fifo);
	free(dangling);
	free(missing);
}

static void a_secret_of_somebody_else_is_refused(void **state)
{
	if (geteuid() != 0)
		skip();
	char *path = scratch_path(state, "token");
	scratch_write(path, "x", 1, 0600);
	assert_int_equal(chown(path, 65534, 65534), 0);
	struct problem why;
	struct buffer read;
	assert_false(path_read_secret(path, 10, &read, &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	free(path);
}

static void a_file_past_its_ceiling_is_refused(void **state)
{
	char *path = scratch_path(state, "file");
	struct problem why = { PROBLEM_NONE, "", "" };
	struct buffer read;
	scratch_write(path, "0123456789", 10, 0600);
	assert_true(path_read(path, 10, &read, &why));
	assert_int_equal(read.length, 10);
	buffer_clear(&read);
	assert_false(path_read(path, 9, &read, &why));
	assert_int_equal(why.kind, PROBLEM_TOO_LARGE);
	free(path);
}

static void a_path_cannot_speak_to_the_terminal(void **state)
{
	(void)state;
	struct problem why;
	struct buffer read;
	assert_false(path_read("/nowhere/\033]0;x\a\xe2\x80\xae", 10, &read, &why));
	assert_null(strpbrk(why.text, "\033\a"));
	assert_null(strstr(why.text, "\xe2\x80\xae"));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_follow_the_xdg_specification),
		IN_SCRATCH(directories_are_made_private),
		IN_SCRATCH(a_secret_is_written_whole_and_private),
		IN_SCRATCH(writing_replaces_a_link_and_spares_its_target),
		IN_SCRATCH(c30_what_a_killed_one_left_goes),
		IN_SCRATCH(a_secret_that_cannot_be_written_leaves_nothing),
		IN_SCRATCH(a_secret_others_could_know_is_refused),
		IN_SCRATCH(what_is_no_ordinary_file_is_refused),
		IN_SCRATCH(a_secret_of_somebody_else_is_refused),
		IN_SCRATCH(a_file_past_its_ceiling_is_refused),
		cmocka_unit_test(a_path_cannot_speak_to_the_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
