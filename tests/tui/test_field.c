/* One line to type in: graphemes stay whole, pastes are cleaned, secrets leave no trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "field.h"
#include "hacktiv/base.h"

static bool press(struct field *field, const char *name)
{
	struct key key = {.kind = strlen(name) == 1 || (unsigned char)name[0] >= 0x80 ? KEY_CHARACTER : KEY_NAMED};
	snprintf(key.name, sizeof key.name, "%s", name);
	return field_key(field, &key);
}

static void editing(void **state)
{
	(void)state;
	struct field field;
	field_init(&field, false);
	for (const char *at = "21/7"; *at; at++)
		assert_true(press(&field, (char[]){*at, '\0'}));
	assert_string_equal(field.text, "21/7");
	press(&field, "Left");
	press(&field, "é");
	assert_string_equal(field.text, "21/é7");
	press(&field, "BSpace");
	assert_string_equal(field.text, "21/7");
	press(&field, "Home");
	press(&field, "BSpace");
	press(&field, "Delete");
	assert_string_equal(field.text, "1/7");
	press(&field, "End");
	press(&field, "Delete");
	press(&field, " ");
	press(&field, "x");
	press(&field, "C-w");
	assert_string_equal(field.text, "1/7 ");
	press(&field, "C-u");
	assert_string_equal(field.text, "");
	press(&field, "BSpace");
	assert_false(press(&field, "Enter"));
	assert_false(press(&field, "Up"));
	assert_false(press(&field, "C-c"));
}

static void pastes_are_cleaned(void **state)
{
	(void)state;
	struct field field;
	field_init(&field, false);
	static const char wild[] = "mar\033[2J\ndi\xe2\x80\xae!\xff";
	struct key key = {.kind = KEY_PASTE, .pasted = wild, .pasted_length = sizeof wild - 1};
	assert_true(field_key(&field, &key));
	assert_null(strchr(field.text, '\033'));
	assert_null(strchr(field.text, '\n'));
	assert_null(strstr(field.text, "\xe2\x80\xae"));
	assert_non_null(strstr(field.text, "di!"));
	char *much = memory_get(FIELD_MAX * 3);
	memset(much, 'y', FIELD_MAX * 3 - 1);
	key.pasted = much;
	key.pasted_length = FIELD_MAX * 3 - 1;
	field_key(&field, &key);
	assert_true(strlen(field.text) <= FIELD_MAX);
	free(much);
	for (int i = 0; i < 500; i++)
		press(&field, "z");
	assert_int_equal(field.length, FIELD_MAX);
}

static void secrets(void **state)
{
	(void)state;
	struct field field;
	struct canvas canvas;
	field_init(&field, true);
	canvas_init(&canvas, false);
	canvas_resize(&canvas, 1, 10);
	struct area area = {.rows = 1, .columns = 10};
	field_set(&field, "sésame");
	field_draw(&field, &canvas, area, 0, 2, 8, true);
	assert_string_equal(canvas_cell(&canvas, 0, 2)->text, "*");
	assert_string_equal(canvas_cell(&canvas, 0, 7)->text, "*");
	assert_string_equal(canvas_cell(&canvas, 0, 8)->text, " ");
	assert_int_equal(canvas.cursor_column, 8);
	press(&field, "C-u");
	for (size_t i = 0; i < sizeof field.text; i++)
		assert_int_equal(field.text[i], 0);
	field_set(&field, "autre");
	field_clear(&field);
	for (size_t i = 0; i < sizeof field.text; i++)
		assert_int_equal(field.text[i], 0);
	canvas_clear(&canvas);
}

static void scrolls_to_its_cursor(void **state)
{
	(void)state;
	struct field field;
	struct canvas canvas;
	field_init(&field, false);
	canvas_init(&canvas, false);
	canvas_resize(&canvas, 1, 6);
	struct area area = {.rows = 1, .columns = 6};
	field_set(&field, "abcdefghij");
	field_draw(&field, &canvas, area, 0, 0, 6, true);
	assert_int_equal(canvas.cursor_column, 5);
	assert_string_equal(canvas_cell(&canvas, 0, 4)->text, "j");
	for (int i = 0; i < 10; i++)
		press(&field, "Left");
	field_draw(&field, &canvas, area, 0, 0, 6, true);
	assert_int_equal(canvas.cursor_column, 0);
	assert_string_equal(canvas_cell(&canvas, 0, 0)->text, "a");
	field_draw(&field, &canvas, area, 0, 0, 0, true);
	field_draw(&field, &canvas, area, 7, 3, 6, true);
	canvas_clear(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(editing), cmocka_unit_test(pastes_are_cleaned),
	                                   cmocka_unit_test(secrets), cmocka_unit_test(scrolls_to_its_cursor)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
