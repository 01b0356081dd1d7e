/* Text that is read: rows counted as they are drawn, labels aligned, scrolled by rows, at any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "prose.h"

static void fill(struct prose *prose, struct arena *arena)
{
	prose_init(prose, arena);
	prose_add(prose, STYLE_TITLE, "Visite du fablab");
	prose_add_blank(prose);
	prose_add_labelled(prose, "Quand", "jeudi 26 novembre 2026, 14:00–16:00");
	prose_add_labelled(prose, "Places", "");
	prose_add_labelled(prose, "Organisation", "La Ferme");
	prose_add(prose, STYLE_PLAIN, "Un tour des machines.\n\nOn apporte ses chaussures.");
}

static const char *row_text(const struct canvas *canvas, int row, char text[256])
{
	text[0] = '\0';
	for (int column = 0; column < canvas->columns; column++)
		strncat(text, canvas_cell(canvas, row, column)->text, 255 - strlen(text));
	while (*text && text[strlen(text) - 1] == ' ')
		text[strlen(text) - 1] = '\0';
	return text;
}

static void drawn_as(int columns, int top, const char *const *expected, int rows)
{
	struct arena *arena = arena_new();
	struct canvas canvas;
	struct prose prose;
	char text[256];
	canvas_init(&canvas, false);
	canvas_resize(&canvas, rows, columns);
	fill(&prose, arena);
	prose_draw(&prose, &canvas, (struct area){ .rows = rows, .columns = columns }, top);
	for (int row = 0; row < rows; row++)
		assert_string_equal(row_text(&canvas, row, text), expected[row]);
	canvas_clear(&canvas);
	arena_free(arena);
}

static void lines_are_wrapped_and_labels_stand_apart(void **state)
{
	(void)state;
	drawn_as(60, 0, (const char *const[]){ "Visite du fablab", "", "Quand         jeudi 26 novembre 2026, 14:00–16:00",
		"Organisation  La Ferme", "Un tour des machines.", "", "On apporte ses chaussures.", "" }, 8);
	drawn_as(30, 0, (const char *const[]){ "Visite du fablab", "", "Quand       jeudi 26 novembre",
		"            2026, 14:00–16:00", "Organisat…  La Ferme", "Un tour des machines.", "", "On apporte ses chaussures." }, 8);
}

static void it_is_scrolled_by_rows(void **state)
{
	(void)state;
	drawn_as(30, 3, (const char *const[]){ "            2026, 14:00–16:00", "Organisat…  La Ferme" }, 2);
	drawn_as(30, 7, (const char *const[]){ "On apporte ses chaussures.", "" }, 2);
}

static void rows_are_counted_as_drawn(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct prose prose;
	fill(&prose, arena);
	assert_int_equal(prose_rows(&prose, 60), 7);
	assert_int_equal(prose_rows(&prose, 30), 8);
	for (int columns = 0; columns < 12; columns++)
		assert_true(prose_rows(&prose, columns) >= 5);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_wrapped_and_labels_stand_apart),
		cmocka_unit_test(it_is_scrolled_by_rows),
		cmocka_unit_test(rows_are_counted_as_drawn),
	};
	return cmocka_run_group_tests_name("prose", tests, NULL, NULL);
}
