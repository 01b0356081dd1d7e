/* test_log.c — one line per event, and nothing in it that a terminal or a reader of the log would take for another. */
#include "scratch.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_line_is_one_line(void **state)
{
	static const struct {
		const char *text, *written;
	} rows[] = {
		{ "plain", "plain" }, { "two\nlines", "two?lines" }, { "\033[2J", "?[2J" }, { "tab\tdel\x7f", "tab?del?" },
		{ "c1 \xc2\x9b\x31m", "c1 ??1m" }, { "été", "été" }, { "100 %", "100 %" }, { "", "" },
	};
	char *path = scratch_path(state, "log");
	assert_true(log_open(path, LOG_LEVEL_INFO, NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		log_line(LOG_LEVEL_WARNING, "%s", rows[i].text);
	log_line(LOG_LEVEL_DEBUG, "not asked for");
	log_close();
	log_line(LOG_LEVEL_ERROR, "closed");

	struct stat about;
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777 & ~0600u, 0);
	struct buffer read;
	assert_true(path_read(path, 100000, &read, NULL));
	char *rest = read.bytes;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *line = strsep(&rest, "\n");
		/* 2026-11-24T09:00:00.123Z warning text */
		assert_true(strlen(line) >= 33);
		assert_int_equal(line[23], 'Z');
		assert_memory_equal(line + 24, " warning ", 9);
		assert_string_equal(line + 33, rows[i].written);
	}
	assert_string_equal(rest, "");
	buffer_clear(&read);
	free(path);
}

static void a_program_reads_objects(void **state)
{
	static const struct {
		const char *text, *ends;
	} rows[] = {
		{ "plain", "\"route\":\"plain\",\"status\":404,\"message\":\"said plain\"}" },
		{ "a \"b\" \\", "\"route\":\"a \\\"b\\\" \\\\\",\"status\":404,\"message\":\"said a \\\"b\\\" \\\\\"}" },
		{ "two\nlines\033", "\"route\":\"two?lines?\",\"status\":404,\"message\":\"said two?lines?\"}" },
	};
	char *path = scratch_path(state, "log");
	assert_true(log_open(path, LOG_LEVEL_INFO, NULL));
	log_set_format(LOG_JSON);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct log_field fields[] = { { "route", rows[i].text, 0 }, { "status", NULL, 404 } };
		log_fields(LOG_LEVEL_INFO, fields, COUNT_OF(fields), "said %s", rows[i].text);
	}
	char *long_text = memory_get(10001);
	memset(long_text, '"', 10000);
	log_line(LOG_LEVEL_INFO, "%s", long_text);
	log_close();
	struct buffer read;
	assert_true(path_read(path, 100000, &read, NULL));
	char *rest = read.bytes;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *line = strsep(&rest, "\n");
		assert_memory_equal(line, "{\"time\":\"2", 10);
		assert_memory_equal(line + 33, "\",\"level\":\"info\",", 17);
		assert_string_equal(line + 33 + 17, rows[i].ends);
	}
	char *cut = strsep(&rest, "\n");
	size_t length = strlen(cut);
	assert_true(length > 4000 && length < 4096);
	assert_string_equal(cut + length - 4, "\\\"\"}");
	assert_string_equal(rest, "");
	buffer_clear(&read);
	free(long_text);
	free(path);
}

static void a_long_line_is_cut_and_still_ends(void **state)
{
	char *path = scratch_path(state, "log"), *text = memory_get(100001);
	memset(text, 'a', 100000);
	assert_true(log_open(path, LOG_LEVEL_INFO, NULL));
	log_line(LOG_LEVEL_INFO, "%s", text);
	log_line(LOG_LEVEL_INFO, "next");
	log_close();
	struct buffer read;
	assert_true(path_read(path, 100000, &read, NULL));
	assert_true(read.length < 5000);
	assert_string_equal(read.bytes + read.length - 10, "info next\n");
	buffer_clear(&read);
	free(text);
	free(path);
}

static void a_log_is_continued_and_never_written_through_a_link(void **state)
{
	char *path = scratch_path(state, "log"), *link = scratch_path(state, "link"), *fifo = scratch_path(state, "fifo");
	struct problem why;
	for (int i = 0; i < 2; i++) {
		assert_true(log_open(path, LOG_LEVEL_INFO, NULL));
		log_line(LOG_LEVEL_INFO, "line %d", i);
		log_close();
	}
	struct buffer read;
	assert_true(path_read(path, 1000, &read, NULL));
	assert_non_null(strstr(read.bytes, "line 0"));
	assert_non_null(strstr(read.bytes, "line 1"));
	buffer_clear(&read);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	const char *const wrong[] = { link, fifo, *state, "/nowhere/log" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		ROW_HOLDS(!log_open(wrong[i], LOG_LEVEL_INFO, &why), "%s", wrong[i]);
	free(path);
	free(link);
	free(fifo);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_SCRATCH(a_line_is_one_line),
		IN_SCRATCH(a_program_reads_objects),
		IN_SCRATCH(a_long_line_is_cut_and_still_ends),
		IN_SCRATCH(a_log_is_continued_and_never_written_through_a_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
