/* test_memory.c — arenas, buffers and problems: what everything else is made of. */
#include "table.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static void an_arena_gives_aligned_zeroed_memory(void **state)
{
	(void)state;
	static const size_t sizes[] = { 0, 1, 7, 8, 100, 1000, 3000, 70000, 5, 200000, 12 };
	struct arena *arena = arena_new();
	for (int round = 0; round < 3; round++) {
		unsigned char *got[COUNT_OF(sizes)];
		for (size_t i = 0; i < COUNT_OF(sizes); i++) {
			got[i] = arena_get(arena, sizes[i]);
			ROW_HOLDS((uintptr_t)got[i] % alignof(max_align_t) == 0, "%zu bytes, round %d", sizes[i], round);
			for (size_t at = 0; at < sizes[i]; at++)
				ROW_HOLDS(got[i][at] == 0, "%zu bytes, round %d", sizes[i], round);
			memset(got[i], 0x40 + (int)i, sizes[i]);
		}
		for (size_t i = 0; i < COUNT_OF(sizes); i++) {
			for (size_t at = 0; at < sizes[i]; at++)
				ROW_HOLDS(got[i][at] == 0x40 + i, "%zu bytes were written over", sizes[i]);
		}
		arena_clear(arena);
	}
	arena_free(arena);
	arena_free(NULL);
}

static void a_cleared_arena_keeps_little(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	size_t empty = arena_bytes(arena);
	for (int i = 0; i < 1000; i++)
		arena_get(arena, 1000);
	assert_true(arena_bytes(arena) >= 1000 * 1000);
	assert_true(arena_bytes(arena) < 1400 * 1000);
	arena_clear(arena);
	size_t kept = arena_bytes(arena);
	assert_true(kept > empty);
	assert_true(kept < 100 * 1000);
	for (int i = 0; i < 30; i++)
		arena_get(arena, 1000);
	assert_int_equal(arena_bytes(arena), kept);
	arena_free(arena);
}

/* Rows grow beside other things of their arena, and leave nothing of themselves behind. */
static void long_lists_grow_where_they_are(void **state)
{
	(void)state;
	enum { COUNT = 40000, WORDS = 32 };
	struct arena *arena = arena_new();
	struct arena_rows rows = { .bytes = WORDS * sizeof(size_t) };
	const char *text = arena_copy_text(arena, "what stands beside the rows");
	for (size_t i = 0; i < COUNT; i++, rows.count++) {
		size_t *row = arena_next_row(arena, &rows);
		assert_int_equal((uintptr_t)row % alignof(max_align_t), 0);
		for (size_t word = 0; word < WORDS; word++) {
			assert_int_equal(row[word], 0);
			row[word] = i + 1;
		}
		if (i % 1000 == 0)
			arena_get(arena, 5000);
	}
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(((size_t *)rows.first)[i * WORDS], i + 1);
		assert_int_equal(((size_t *)rows.first)[i * WORDS + WORDS - 1], i + 1);
	}
	assert_string_equal(text, "what stands beside the rows");
	assert_true(arena_bytes(arena) < COUNT * rows.bytes * 3 / 2);
	arena_clear(arena);
	assert_true(arena_bytes(arena) < 100000);
	arena_free(arena);
}

static void an_arena_copies_text(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_null(arena_copy_text(arena, NULL));
	assert_string_equal(arena_copy_text(arena, "Chimay"), "Chimay");
	assert_memory_equal(arena_copy_bytes(arena, "a\0b", 3), "a\0b", 4);
	assert_string_equal(arena_copy_bytes(arena, NULL, 0), "");
	assert_string_equal(arena_print(arena, "%2$s %1$d", 4, "desk"), "desk 4");
	arena_free(arena);
}

static void a_buffer_stops_at_its_ceiling(void **state)
{
	(void)state;
	static const size_t ceilings[] = { 0, 1, 5, 63, 64, 65, 1000, 100000 };
	for (size_t i = 0; i < COUNT_OF(ceilings); i++) {
		struct buffer buffer;
		buffer_init(&buffer, ceilings[i]);
		ROW_HOLDS(buffer.bytes && buffer.bytes[0] == '\0', "ceiling %zu", ceilings[i]);
		for (size_t at = 0; at < ceilings[i]; at++)
			ROW_HOLDS(buffer_add(&buffer, "x", 1), "ceiling %zu at %zu", ceilings[i], at);
		ROW_HOLDS(buffer.length == ceilings[i] && !buffer.full, "ceiling %zu", ceilings[i]);
		ROW_HOLDS(!buffer_add(&buffer, "y", 1) && buffer.full, "ceiling %zu", ceilings[i]);
		ROW_HOLDS(buffer.length == ceilings[i] && strlen(buffer.bytes) == ceilings[i], "ceiling %zu", ceilings[i]);
		ROW_HOLDS(!buffer_add(&buffer, "", 0), "ceiling %zu: full stays full", ceilings[i]);
		ROW_HOLDS(buffer.room <= ceilings[i] + 1, "ceiling %zu: room %zu", ceilings[i], buffer.room);
		buffer_reset(&buffer);
		ROW_HOLDS(buffer.length == 0 && !buffer.full && buffer.bytes[0] == '\0', "ceiling %zu", ceilings[i]);
		buffer_clear(&buffer);
	}
}

static void half_a_text_is_never_added(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 10);
	assert_true(buffer_print(&buffer, "%2$s-%1$d", 12345, "ab"));
	assert_string_equal(buffer.bytes, "ab-12345");
	assert_false(buffer_print(&buffer, "%d", 678));
	assert_string_equal(buffer.bytes, "ab-12345");
	assert_false(buffer_add_text(&buffer, "z"));
	char *bytes = buffer_detach(&buffer);
	assert_string_equal(bytes, "ab-12345");
	free(bytes);
	assert_string_equal(buffer.bytes, "");
	assert_true(buffer_add_text(&buffer, "0123456789"));
	buffer_clear(&buffer);
	buffer_init(&buffer, SIZE_MAX);
	assert_false(buffer_add(&buffer, "x", SIZE_MAX - 1));
	buffer_clear(&buffer);
}

static void a_problem_is_cut_between_characters(void **state)
{
	(void)state;
	struct problem why;
	char many[3 * 400 + 1] = "";
	for (size_t i = 0; i < 400; i++)
		memcpy(many + 3 * i, "…", 3);
	assert_false(problem_set(&why, PROBLEM_REFUSED, many, "a%s", many));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	assert_int_equal(strlen(why.field), 63 / 3 * 3);
	assert_int_equal(strlen(why.text), 1 + (PROBLEM_TEXT_MAX - 2) / 3 * 3);
	problem_set(&why, PROBLEM_INVALID, NULL, "%s", "wrong");
	assert_string_equal(why.field, "");
	problem_prefix(&why, "%s:%d", "config", 3);
	assert_string_equal(why.text, "config:3: wrong");
	assert_false(problem_set(NULL, PROBLEM_IO, NULL, "nobody cares"));
	problem_clear(&why);
	assert_int_equal(why.kind, PROBLEM_NONE);
}

static void give_the_terminal_back(void)
{
	fputs("restored\n", stderr);
}

static void death_restores_first_and_says_why(void **state)
{
	(void)state;
	int pipe_ends[2];
	assert_int_equal(pipe(pipe_ends), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(pipe_ends[1], STDERR_FILENO);
		die_prepare(give_the_terminal_back);
		die("no %s", "luck");
	}
	close(pipe_ends[1]);
	char said[200] = "";
	size_t length = 0;
	for (ssize_t got; (got = read(pipe_ends[0], said + length, sizeof said - 1 - length)) > 0;)
		length += (size_t)got;
	close(pipe_ends[0]);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EX_SOFTWARE);
	assert_string_equal(said, "restored\nhacktiv: no luck\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_gives_aligned_zeroed_memory),
		cmocka_unit_test(a_cleared_arena_keeps_little),
		cmocka_unit_test(long_lists_grow_where_they_are),
		cmocka_unit_test(an_arena_copies_text),
		cmocka_unit_test(a_buffer_stops_at_its_ceiling),
		cmocka_unit_test(half_a_text_is_never_added),
		cmocka_unit_test(a_problem_is_cut_between_characters),
		cmocka_unit_test(death_restores_first_and_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
