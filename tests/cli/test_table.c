/* Columns are aligned by what a terminal shows, and no row is wider than it. */
#include "table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const rows[][4] = {
	{ "Space", "Town", "", "Morning" },
	{ "Pépinière", "Charleville-Mézières", "", "2 free" },
	{ "東京", "x", "", "" },
};

static const char *print(struct arena *arena, int most, bool optional_last)
{
	struct table table;
	table_init(&table, arena, 4);
	table.optional_last = optional_last;
	for (size_t at = 0; at < COUNT_OF(rows); at++)
		table_row(&table, rows[at]);
	struct buffer out;
	buffer_init(&out, 10000);
	table_print(&table, most, &out);
	const char *text = arena_copy_text(arena, out.bytes);
	buffer_clear(&out);
	return text;
}

static void columns_line_up(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(print(arena, 0, false),
		"Space      Town                  Morning\n"
		"Pépinière  Charleville-Mézières  2 free\n"
		"東京       x\n");
	arena_free(arena);
}

static void no_row_is_wider_than_the_terminal(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int most = 9; most < 60; most++) {
		const char *text = print(arena, most, false);
		for (const char *at = text; *at;) {
			size_t length = strcspn(at, "\n");
			assert_in_range(text_columns(arena_copy_bytes(arena, at, length)), 0, (unsigned)most);
			at += length + 1;
		}
	}
	assert_non_null(strstr(print(arena, 30, false), "Charlevil…"));
	arena_free(arena);
}

static void the_last_column_goes_before_another_is_cut(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(print(arena, 32, true),
		"Space      Town\n"
		"Pépinière  Charleville-Mézières\n"
		"東京       x\n");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_line_up),
		cmocka_unit_test(no_row_is_wider_than_the_terminal),
		cmocka_unit_test(the_last_column_goes_before_another_is_cut),
	};
	return cmocka_run_group_tests_name("cli table", tests, NULL, NULL);
}
