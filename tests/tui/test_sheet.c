/* Sections of rows: columns as wide as their words, the least needed go first, the filter hides, the cursor stands on the row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "sheet.h"

static const struct sheet_column columns[] = {
	{.heading = "", .gives_way = true},
	{.heading = "town", .drop = 2, .gives_way = true},
	{.heading = "hours", .drop = 1},
	{.heading = "free", .right = true},
};

static const struct {
	const char *id, *name, *town, *hours, *free;
} rows[] = {
	{"ferme", "La Ferme", "Chimay", "08:30–17:30", "12"},
	{"moulin", "Le Moulin", "Couvin", "09:00–17:00", "3"},
	{"quai", "Quai Rimbaud", "Charleville-Mézières", "closed", ""},
};

static struct sheet fill(struct arena *arena, const char *filter)
{
	struct sheet sheet;
	sheet_init(&sheet, arena, filter);
	struct sheet_section *section = sheet_section(&sheet, columns, COUNT_OF(columns));
	sheet_title(&sheet, section, "SPACES");
	sheet_group(&sheet, section, "Near");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct sheet_line *line = sheet_row(&sheet, section, rows[i].id, rows[i].name, &rows[i]);
		if (!line)
			continue;
		sheet_cell(line, 0, STYLE_PLAIN, rows[i].name);
		sheet_cell(line, 1, STYLE_PLAIN, rows[i].town);
		sheet_cell(line, 2, STYLE_PLAIN, rows[i].hours);
		sheet_cell(line, 3, STYLE_FREE, rows[i].free);
	}
	sheet_finish(&sheet);
	return sheet;
}

static void row_is(const struct canvas *canvas, int row, const char *expected)
{
	char text[1024] = "";
	for (int column = 0; column < canvas->columns; column++)
		strncat(text, canvas_cell(canvas, row, column)->text, sizeof text - strlen(text) - 1);
	while (*text && text[strlen(text) - 1] == ' ')
		text[strlen(text) - 1] = '\0';
	assert_string_equal(text, expected);
}

static void drawn(int width, const char *const expected[5])
{
	struct arena *arena = arena_new();
	struct canvas canvas;
	canvas_init(&canvas, false);
	canvas_resize(&canvas, 5, width);
	struct sheet sheet = fill(arena, "");
	struct list list;
	list_init(&list);
	list_sync(&list, sheet_rows(&sheet));
	list_move(&list, sheet_rows(&sheet), VIEW_DOWN, 5);
	list_show(&list, sheet_rows(&sheet), 5);
	sheet_draw(&sheet, &list, &canvas, (struct area){.rows = 5, .columns = width});
	for (int row = 0; row < 5; row++)
		row_is(&canvas, row, expected[row]);
	assert_int_equal(canvas.cursor_row, 3);
	assert_int_equal(canvas.cursor_column, 0);
	assert_int_equal(canvas_cell(&canvas, 3, 2)->style, STYLE_SELECTED);
	assert_int_equal(canvas_cell(&canvas, 2, 2)->style, STYLE_PLAIN);
	list_clear(&list);
	canvas_clear(&canvas);
	arena_free(arena);
}

static void widths(void **state)
{
	(void)state;
	drawn(70, (const char *const[]){
		"SPACES          town                  hours        free",
		"Near",
		"  La Ferme      Chimay                08:30–17:30    12",
		"> Le Moulin     Couvin                09:00–17:00     3",
		"  Quai Rimbaud  Charleville-Mézières  closed"});
	drawn(46, (const char *const[]){
		"SPACES          town         hours        free",
		"Near",
		"  La Ferme      Chimay       08:30–17:30    12",
		"> Le Moulin     Couvin       09:00–17:00     3",
		"  Quai Rimbaud  Charlevill…  closed"});
	drawn(30, (const char *const[]){
		"SPACES       hours        free",
		"Near",
		"  La Ferme   08:30–17:30    12",
		"> Le Moulin  09:00–17:00     3",
		"  Quai Rim…  closed"});
	drawn(16, (const char *const[]){
		"SPACES      free",
		"Near",
		"  La Ferme    12",
		"> Le Moul…     3",
		"  Quai Ri…"});
}

static void a_long_note_turns(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct sheet sheet;
	sheet_init(&sheet, arena, "");
	sheet.note_columns = 12;
	sheet_note(&sheet, "The site does not answer.");
	assert_int_equal(sheet.count, 3);
	assert_string_equal(sheet.lines[0].text, "The site");
	assert_string_equal(sheet.lines[1].text, "does not");
	assert_string_equal(sheet.lines[2].text, "answer.");
	arena_free(arena);
}

static void filter(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct sheet sheet = fill(arena, "mou");
	assert_int_equal(sheet.count, 3);
	assert_int_equal(sheet.hidden, 2);
	assert_string_equal(sheet.ids[2], "moulin");
	struct list list;
	list_init(&list);
	list_sync(&list, sheet_rows(&sheet));
	assert_ptr_equal(sheet_selected(&sheet, &list)->thing, &rows[1]);
	sheet = fill(arena, "nowhere");
	assert_int_equal(sheet.count, 1);            /* the group above no row is gone too */
	list_sync(&list, sheet_rows(&sheet));
	assert_null(sheet_selected(&sheet, &list));
	list_clear(&list);
	arena_free(arena);
}

static void any_size(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct canvas canvas;
	struct list list;
	canvas_init(&canvas, false);
	list_init(&list);
	for (int height = 0; height < 7; height++)
		for (int width = 0; width < 90; width++) {
			canvas_resize(&canvas, height, width);
			struct sheet sheet = fill(arena, "");
			list_sync(&list, sheet_rows(&sheet));
			list_show(&list, sheet_rows(&sheet), height);
			sheet_draw(&sheet, &list, &canvas, (struct area){.rows = height, .columns = width});
			assert_true(canvas.cursor_row < canvas.rows);
		}
	list_clear(&list);
	canvas_clear(&canvas);
	arena_free(arena);
}

/* ---- rows that are made when they come in sight ---- */

#define MANY 10000

static size_t made;

static void make_cells(const struct sheet *sheet, struct sheet_line *line, const void *context)
{
	made++;
	assert_string_equal(context, "context");
	sheet_cell(line, 0, STYLE_PLAIN, arena_print(sheet->arena, "row %s", (const char *)line->thing));
	sheet_cell(line, 1, STYLE_PLAIN, "x");
}

static const char *make_label(struct arena *arena, const void *thing)
{
	return arena_print(arena, "label %s", (const char *)thing);
}

static void only_what_is_in_sight_is_made(void **state)
{
	(void)state;
	static const struct sheet_maker maker = { make_cells, make_label, "context" };
	static const struct sheet_column later[] = { { .heading = "", .width = 9 }, { .heading = "free" } };
	struct arena *arena = arena_new();
	struct canvas canvas;
	struct list list;
	struct sheet sheet;
	canvas_init(&canvas, false);
	canvas_resize(&canvas, 5, 40);
	list_init(&list);
	sheet_init(&sheet, arena, "");
	struct sheet_section *section = sheet_section(&sheet, later, COUNT_OF(later));
	section->maker = &maker;
	for (int i = 0; i < MANY; i++) {
		char *id = arena_print(arena, "%d", i);
		sheet_row_later(&sheet, section, id, id);
	}
	sheet_finish(&sheet);
	list_sync(&list, sheet_rows(&sheet));
	list_move(&list, sheet_rows(&sheet), VIEW_LAST, 5);
	list_show(&list, sheet_rows(&sheet), 5);
	sheet_draw(&sheet, &list, &canvas, (struct area){ .rows = 5, .columns = 40 });
	assert_int_equal(made, 5);
	row_is(&canvas, 4, "> row 9999   x");
	assert_string_equal(sheet_label(&sheet, 17), "label 17");
	assert_int_equal(made, 5);
	assert_string_equal(sheet_name(&sheet, 17), "row 17");
	assert_int_equal(made, 6);
	list_clear(&list);
	canvas_clear(&canvas);
	arena_free(arena);
}

/* A long list is put together once; its frames cost what is in sight. */
static void lines_are_borrowed_not_copied(void **state)
{
	(void)state;
	static const struct sheet_maker maker = { make_cells, make_label, "context" };
	static const struct sheet_column later[] = { { .heading = "", .width = 9 }, { .heading = "free" } };
	struct arena *arena = arena_new(), *frame = arena_new();
	struct canvas canvas;
	struct list list;
	struct sheet whole, sheet;
	canvas_init(&canvas, false);
	canvas_resize(&canvas, 5, 40);
	list_init(&list);
	sheet_init(&whole, arena, "");
	struct sheet_section *section = sheet_section(&whole, later, COUNT_OF(later));
	section->maker = &maker;
	sheet_title(&whole, section, "MANY");
	sheet_expect(&whole, MANY);
	const struct sheet_line *first = whole.lines;
	for (int i = 0; i < MANY; i++) {
		char *id = arena_print(arena, "%d", i);
		sheet_row_later(&whole, section, id, id);
	}
	assert_ptr_equal(whole.lines, first);   /* room was made once */
	sheet_finish(&whole);
	for (int turn = 0; turn < 3; turn++) {
		arena_clear(frame);
		made = 0;
		sheet_init(&sheet, frame, "a filter that is not asked here");
		sheet_borrow(&sheet, &whole);
		sheet_finish(&sheet);
		list_sync(&list, sheet_rows(&sheet));
		list_move(&list, sheet_rows(&sheet), VIEW_DOWN, 5);
		list_show(&list, sheet_rows(&sheet), 5);
		sheet_draw(&sheet, &list, &canvas, (struct area){ .rows = 5, .columns = 40 });
		assert_int_equal(made, 4);
		assert_true(arena_bytes(frame) < 16384);
	}
	row_is(&canvas, 0, "MANY         free");
	row_is(&canvas, 4, "> row 3      x");
	assert_int_equal(sheet.count, MANY + 1);
	list_clear(&list);
	canvas_clear(&canvas);
	arena_free(frame);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(only_what_is_in_sight_is_made),
		cmocka_unit_test(lines_are_borrowed_not_copied), cmocka_unit_test(widths), cmocka_unit_test(a_long_note_turns),
		cmocka_unit_test(filter), cmocka_unit_test(any_size)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
