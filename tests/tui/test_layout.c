/* Where things stand, from 1x1 to 500x200: nothing overlaps, nothing leaves the screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "layout.h"

static const struct {
	int columns, rows;
	enum layout_size size;
	int body_rows, list_columns, side_columns;
} cases[] = {
	{1, 1, LAYOUT_TOO_SMALL, 1, 1, 0},
	{19, 5, LAYOUT_TOO_SMALL, 5, 19, 0},
	{20, 4, LAYOUT_TOO_SMALL, 4, 20, 0},
	{20, 5, LAYOUT_SMALL, 2, 20, 0},
	{40, 12, LAYOUT_SMALL, 9, 40, 0},
	{59, 15, LAYOUT_SMALL, 12, 59, 0},
	{60, 14, LAYOUT_SMALL, 11, 60, 0},
	{60, 15, LAYOUT_FULL, 10, 60, 0},
	{80, 24, LAYOUT_FULL, 19, 80, 0},
	{109, 43, LAYOUT_FULL, 38, 109, 0},
	{132, 43, LAYOUT_WIDE, 38, 79, 50},
	{500, 200, LAYOUT_WIDE, 195, 300, 197},
};

static void sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct layout layout = layout_for(cases[i].rows, cases[i].columns);
		assert_int_equal(layout.size, cases[i].size);
		assert_int_equal(layout.body.rows, cases[i].body_rows);
		assert_int_equal(layout.list.columns, cases[i].list_columns);
		assert_int_equal(layout.side.columns, cases[i].side_columns);
	}
}

static bool is_empty(struct area area)
{
	return area.rows < 1 || area.columns < 1;
}

static bool overlap(struct area a, struct area b)
{
	if (is_empty(a) || is_empty(b))
		return false;
	return a.row < b.row + b.rows && b.row < a.row + a.rows && a.column < b.column + b.columns &&
	       b.column < a.column + a.columns;
}

static void inside(struct area area, int rows, int columns)
{
	if (is_empty(area))
		return;
	assert_true(area.row >= 0 && area.row + area.rows <= rows);
	assert_true(area.column >= 0 && area.column + area.columns <= columns);
}

static void nothing_overlaps(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 60; rows++)
		for (int columns = 1; columns <= 200; columns++) {
			struct layout layout = layout_for(rows, columns);
			struct area areas[] = {layout.header, layout.list, layout.side, layout.message, layout.hints};
			for (size_t a = 0; a < COUNT_OF(areas); a++) {
				inside(areas[a], rows, columns);
				for (size_t b = a + 1; b < COUNT_OF(areas); b++)
					assert_false(overlap(areas[a], areas[b]));
			}
			assert_false(is_empty(layout.body));
			assert_false(overlap(layout.body, layout.message));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sizes), cmocka_unit_test(nothing_overlaps)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
