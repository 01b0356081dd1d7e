/* The choice follows its row, the screen stays still under it, headings are stepped over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "list.h"

#define ROWS(...)                                                                                                      \
	((struct list_rows){(const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)})

static void steps_over_headings(void **state)
{
	(void)state;
	struct list_rows rows = ROWS(NULL, "a", "b", NULL, NULL, "c", NULL);
	struct list list;
	list_init(&list);
	list_sync(&list, rows);
	assert_string_equal(list.selected, "a");
	assert_false(list_move(&list, rows, VIEW_UP, 9));
	assert_true(list_move(&list, rows, VIEW_DOWN, 9));
	assert_true(list_move(&list, rows, VIEW_DOWN, 9));
	assert_string_equal(list.selected, "c");
	assert_false(list_move(&list, rows, VIEW_DOWN, 9));
	assert_true(list_move(&list, rows, VIEW_UP, 9));
	assert_string_equal(list.selected, "b");
	assert_true(list_move(&list, rows, VIEW_LAST, 9));
	assert_string_equal(list.selected, "c");
	assert_true(list_move(&list, rows, VIEW_FIRST, 9));
	assert_string_equal(list.selected, "a");
	assert_false(list_move(&list, rows, VIEW_OPEN, 9));
	list_clear(&list);
}

static void follows_its_row(void **state)
{
	(void)state;
	struct list list;
	list_init(&list);
	struct list_rows before = ROWS("a", "b", "c", "d", "e", "f", "g", "h");
	list_sync(&list, before);
	assert_true(list_select(&list, before, "f"));
	list_show(&list, before, 3);
	assert_int_equal(list.top, 3);                      /* d e f */

	struct list_rows more = ROWS("0", "1", "a", "b", "c", "d", "e", "f", "g", "h");
	list_sync(&list, more);
	list_show(&list, more, 3);
	assert_string_equal(list.selected, "f");
	assert_int_equal(list.at - list.top, 2);            /* on the same line of the screen */

	struct list_rows less = ROWS("e", "f", "g");
	list_sync(&list, less);
	list_show(&list, less, 3);
	assert_string_equal(list.selected, "f");
	assert_int_equal(list.at, 1);
	list_clear(&list);
}

static void its_row_is_gone(void **state)
{
	(void)state;
	struct list list;
	list_init(&list);
	struct list_rows before = ROWS("a", "b", "c");
	list_sync(&list, before);
	list_select(&list, before, "b");
	list_sync(&list, ROWS("a", "c"));
	assert_string_equal(list.selected, "c");            /* what took its place */
	list_sync(&list, ROWS("a", NULL));
	assert_string_equal(list.selected, "a");
	struct list_rows none = {0};
	list_sync(&list, none);
	assert_int_equal(list_at(&list, none), 0);
	assert_false(list_move(&list, none, VIEW_DOWN, 5));
	assert_false(list_move(&list, none, VIEW_LAST, 5));
	list_show(&list, none, 5);
	struct list_rows headings = ROWS(NULL, NULL);
	list_sync(&list, headings);
	assert_int_equal(list_at(&list, headings), headings.count);
	assert_false(list_move(&list, headings, VIEW_PAGE_DOWN, 5));
	list_sync(&list, ROWS("z", "a"));
	assert_string_equal(list.selected, "a");            /* it came back */
	list_clear(&list);
}

/* A wish that asks gives way to another, and that to the booking: its row may come before the wish's goes, with it, or frames later. */
static void follows_what_takes_its_place(void **state)
{
	(void)state;
	const struct { const char *name; struct list_rows frames[3]; } orders[] = {
		{ "at once", { ROWS("a", "w2", "b1"), ROWS("a", "b1", "b2"), ROWS("a", "b1", "b2") } },
		{ "before", { ROWS("a", "w2", "b1"), ROWS("a", "w2", "b1", "b2"), ROWS("a", "b1", "b2") } },
		{ "a frame later", { ROWS("a", "w2", "b1"), ROWS("a", "b1"), ROWS("a", "b1", "b2") } },
		{ "unseen", { ROWS("a", "w1", "b1"), ROWS("a", "b1"), ROWS("a", "b1", "b2") } },
	};
	for (size_t order = 0; order < COUNT_OF(orders); order++) {
		struct list list;
		list_init(&list);
		struct list_rows asks = ROWS("a", "w1", "b1");
		list_sync(&list, asks);
		assert_true(list_select(&list, asks, "w1"));
		list_await(&list, "w1", "w2");
		list_sync(&list, orders[order].frames[0]);
		list_await(&list, "w2", "b2");
		list_sync(&list, orders[order].frames[1]);
		list_sync(&list, orders[order].frames[2]);
		if (strcmp(list.selected, "b2") != 0)
			fail_msg("the booking came %s, and %s is chosen", orders[order].name, list.selected);
		assert_int_equal(list.at, 2);
		list_clear(&list);
	}
}

static void nothing_goes_from_under_who_took_it_up(void **state)
{
	(void)state;
	struct list_rows before = ROWS("a", "w1", "b1"), gap = ROWS("a", "b1"), after = ROWS("a", "b1", "b2");
	for (int way = 0; way < 4; way++) {
		struct list list;
		list_init(&list);
		list_sync(&list, before);
		assert_true(list_select(&list, before, way == 3 ? "a" : "w1"));
		list_await(&list, "w1", "b2");
		list_sync(&list, gap);
		if (way == 0)
			list_stay(&list);
		else if (way == 1)
			assert_true(list_move(&list, gap, VIEW_UP, 9));
		else if (way == 2)
			assert_true(list_select(&list, gap, "a"));
		list_sync(&list, after);
		assert_string_equal(list.selected, way == 0 ? "b1" : "a");
		list_clear(&list);
	}
}

static void long_list(void **state)
{
	(void)state;
	enum { COUNT = 10000 };
	static char names[COUNT][8];
	static const char *ids[COUNT];
	for (int i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof names[i], "%d", i);
		ids[i] = names[i];
	}
	struct list_rows rows = {ids, COUNT};
	struct list list;
	list_init(&list);
	list_sync(&list, rows);
	for (int i = 0; i < 25; i++) {
		list_move(&list, rows, VIEW_DOWN, 10);
		list_show(&list, rows, 10);
		assert_true(list.at >= list.top && list.at < list.top + 10);
	}
	assert_int_equal(list.at, 25);
	assert_int_equal(list.top, 16);
	list_move(&list, rows, VIEW_UP, 10);
	list_show(&list, rows, 10);
	assert_int_equal(list.top, 16);                     /* no scrolling while the row is in sight */
	list_move(&list, rows, VIEW_PAGE_DOWN, 10);
	list_show(&list, rows, 10);
	assert_int_equal(list.at, 33);
	assert_int_equal(list.top, 25);
	list_move(&list, rows, VIEW_LAST, 10);
	list_show(&list, rows, 10);
	assert_int_equal(list.top, COUNT - 10);
	list_move(&list, rows, VIEW_PAGE_DOWN, 10);
	list_show(&list, rows, 10);
	assert_int_equal(list.at, COUNT - 1);
	assert_int_equal(list.top, COUNT - 10);
	list_move(&list, rows, VIEW_FIRST, 10);
	list_show(&list, rows, 10);
	assert_int_equal(list.top, 0);
	list_show(&list, rows, 0);
	list_show(&list, rows, -4);
	assert_int_equal(list.top, 0);
	list_clear(&list);
}

static void headings_above_come_along(void **state)
{
	(void)state;
	struct list_rows rows = ROWS(NULL, NULL, "a", "b", "c", "d");
	struct list list;
	list_init(&list);
	list_sync(&list, rows);
	list_move(&list, rows, VIEW_LAST, 3);
	list_show(&list, rows, 3);
	assert_int_equal(list.top, 3);
	list_move(&list, rows, VIEW_FIRST, 3);
	list_show(&list, rows, 3);
	assert_int_equal(list.top, 0);
	list_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_over_headings), cmocka_unit_test(follows_its_row), cmocka_unit_test(its_row_is_gone),
		cmocka_unit_test(follows_what_takes_its_place), cmocka_unit_test(nothing_goes_from_under_who_took_it_up),
		cmocka_unit_test(long_list), cmocka_unit_test(headings_above_come_along),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
