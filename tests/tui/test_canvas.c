/* What is drawn lands in its cells, whole characters or none, and never outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "canvas.h"
#include "hacktiv/base.h"

/* One row as text; the right half of a wide character adds nothing. */
static void row_is(const struct canvas *canvas, int row, const char *expected)
{
	char text[1024] = "";
	for (int column = 0; column < canvas->columns; column++)
		strncat(text, canvas_cell(canvas, row, column)->text, sizeof text - strlen(text) - 1);
	assert_string_equal(text, expected);
}

static struct area whole(const struct canvas *canvas)
{
	return (struct area){.rows = canvas->rows, .columns = canvas->columns};
}

static struct canvas blank_canvas(int rows, int columns, bool ascii)
{
	struct canvas canvas;
	canvas_init(&canvas, ascii);
	canvas_resize(&canvas, rows, columns);
	return canvas;
}

static void wide_characters(void **state)
{
	(void)state;
	static const struct {
		int columns, at;
		const char *text, *row;
	} cases[] = {
		{8, 0, "作業所", "作業所  "},
		{5, 0, "作業所", "作業 "},        /* half of 所 would be outside: not drawn */
		{6, 0, "作業所", "作業所"},
		{4, 3, "作", "    "},
		{4, -1, "作x", " x  "},           /* begins outside: the half that is inside stays blank */
		{6, 2, "é作", "  é作 "},
		{3, 0, "e\xcc\x81x", "e\xcc\x81x "},
		{3, 9, "x", "   "},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct canvas canvas = blank_canvas(1, cases[i].columns, false);
		canvas_text(&canvas, whole(&canvas), 0, cases[i].at, STYLE_PLAIN, cases[i].text);
		row_is(&canvas, 0, cases[i].row);
		canvas_clear(&canvas);
	}
}

static void half_overwritten(void **state)
{
	(void)state;
	struct canvas canvas = blank_canvas(1, 6, false);
	canvas_text(&canvas, whole(&canvas), 0, 0, STYLE_PLAIN, "作業所");
	canvas_text(&canvas, whole(&canvas), 0, 1, STYLE_PLAIN, "x");
	row_is(&canvas, 0, " x業所");
	canvas_text(&canvas, whole(&canvas), 0, 3, STYLE_PLAIN, "作");
	row_is(&canvas, 0, " x 作 ");
	canvas_clear(&canvas);
}

static void clipped(void **state)
{
	(void)state;
	static const struct {
		int columns;
		const char *text, *row;
	} cases[] = {
		{8, "La Ferme", "La Ferme  "},
		{7, "La Ferme", "La Fer…   "},
		{1, "La Ferme", "…         "},
		{0, "La Ferme", "          "},
		{-3, "La Ferme", "          "},
		{4, "作業所", "作…       "},      /* 3 columns for the text: one wide character */
		{99, "La Ferme du Moulin", "La Ferme …"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct canvas canvas = blank_canvas(1, 10, false);
		canvas_clip(&canvas, whole(&canvas), 0, 0, cases[i].columns, STYLE_PLAIN, cases[i].text);
		row_is(&canvas, 0, cases[i].row);
		canvas_clear(&canvas);
	}
}

static void ascii_only(void **state)
{
	(void)state;
	struct canvas canvas = blank_canvas(1, 12, true);
	canvas_clip(&canvas, whole(&canvas), 0, 0, 12, STYLE_PLAIN, "Zoë à l'été");
	row_is(&canvas, 0, "Zoe a l'ete ");
	canvas_blank(&canvas);
	canvas_clip(&canvas, whole(&canvas), 0, 0, 6, STYLE_PLAIN, "Pépinière");
	row_is(&canvas, 0, "Pepin~      ");
	canvas_clear(&canvas);
}

static void stays_in_its_area(void **state)
{
	(void)state;
	struct canvas canvas = blank_canvas(4, 10, false);
	struct area area = {.row = 1, .column = 2, .rows = 2, .columns = 4};
	for (int row = -1; row < 4; row++)
		canvas_text(&canvas, area, row, 0, STYLE_PLAIN, "abcdefgh");
	row_is(&canvas, 0, "          ");
	row_is(&canvas, 1, "  abcd    ");
	row_is(&canvas, 2, "  abcd    ");
	row_is(&canvas, 3, "          ");
	canvas_text(&canvas, (struct area){.row = 9, .column = 9, .rows = 9, .columns = 9}, 5, 5, STYLE_PLAIN, "x");
	canvas_cursor(&canvas, area, 7, 99);
	assert_int_equal(canvas.cursor_row, 2);
	assert_int_equal(canvas.cursor_column, 5);
	canvas_cursor(&canvas, (struct area){0}, 0, 0);
	assert_int_equal(canvas.cursor_row, 0);
	canvas_clear(&canvas);
}

static void words_wrap(void **state)
{
	(void)state;
	struct canvas canvas = blank_canvas(5, 10, false);
	assert_int_equal(canvas_wrap(&canvas, whole(&canvas), 0, 2, STYLE_PLAIN, "un bureau près\ndu-poele-long"), 5);
	row_is(&canvas, 0, "  un      ");
	row_is(&canvas, 1, "  bureau  ");
	row_is(&canvas, 2, "  près    ");
	row_is(&canvas, 3, "  du-poele");
	row_is(&canvas, 4, "  -long   ");
	assert_int_equal(wrap_rows("un bureau près\ndu-poele-long", 8), 5);
	assert_int_equal(wrap_rows("un bureau", 9), 1);
	assert_int_equal(wrap_rows("", 8), 0);
	assert_int_equal(canvas_wrap(&canvas, whole(&canvas), 4, 0, STYLE_PLAIN, "un\ndeux"), 1);
	canvas_clear(&canvas);
}

static void smallest_and_largest(void **state)
{
	(void)state;
	struct canvas canvas = blank_canvas(0, -5, false);
	assert_int_equal(canvas.rows, 1);
	assert_int_equal(canvas.columns, 1);
	canvas_text(&canvas, whole(&canvas), 0, 0, STYLE_TITLE, "作");
	row_is(&canvas, 0, " ");
	canvas_text(&canvas, whole(&canvas), 0, 0, STYLE_TITLE, "xy");
	row_is(&canvas, 0, "x");
	canvas_resize(&canvas, 200, 500);
	canvas_text(&canvas, whole(&canvas), 199, 499, STYLE_TITLE, "z");
	assert_string_equal(canvas_cell(&canvas, 199, 499)->text, "z");
	assert_null(canvas_cell(&canvas, 200, 0));
	canvas_resize(&canvas, 1 << 20, 1);
	assert_int_equal(canvas.rows, CANVAS_ROWS_MAX);
	canvas_clear(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wide_characters), cmocka_unit_test(half_overwritten), cmocka_unit_test(clipped),
		cmocka_unit_test(ascii_only), cmocka_unit_test(stays_in_its_area), cmocka_unit_test(words_wrap),
		cmocka_unit_test(smallest_and_largest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
