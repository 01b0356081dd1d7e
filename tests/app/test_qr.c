/* What is drawn is, module for module, the code that libqrencode makes, in either ink and with its margin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <qrencode.h>

#include "hacktiv/app/qr.h"

#define ADDRESS "https://reseau.example.org/device?user_code=WDJB-MJHT"

/* Whether ink is drawn in the upper (0) or lower (1) half of a character. */
static bool has_ink(const struct qr *qr, int row, int column)
{
	const char *at = qr->rows[row / 2];
	for (int i = 0; i < column; i++)
		at += *at == ' ' ? 1 : 3;
	if (*at == ' ')
		return false;
	if (strncmp(at, "█", 3) == 0)
		return true;
	assert_true(strncmp(at, "▀", 3) == 0 || strncmp(at, "▄", 3) == 0);
	return (strncmp(at, "▄", 3) == 0) == (row % 2 == 1);
}

static void check_modules(const char *text, bool dark_ink)
{
	struct arena *arena = arena_new();
	struct qr qr;
	assert_true(qr_make(arena, text, dark_ink, &qr));
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	assert_int_equal(qr.columns, code->width + 2 * QR_MARGIN);
	assert_int_equal(qr.count, (size_t)(qr.columns + 1) / 2);
	for (int row = 0; row < qr.columns; row++) {
		for (int column = 0; column < qr.columns; column++) {
			int y = row - QR_MARGIN, x = column - QR_MARGIN;
			bool inside = y >= 0 && x >= 0 && y < code->width && x < code->width;
			bool dark = inside && (code->data[y * code->width + x] & 1);
			if (has_ink(&qr, row, column) != (dark == dark_ink))
				fail_msg("%s: row %d, column %d", text, y, x);
		}
	}
	for (size_t i = 0; i < qr.count; i++)
		assert_int_equal(text_columns(qr.rows[i]), qr.columns);
	QRcode_free(code);
	arena_free(arena);
}

static void test_modules(void **state)
{
	(void)state;
	static const char *const texts[] = { ADDRESS, "http://localhost/device?user_code=BCDF-GHJK", "x", "é€😀" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		check_modules(texts[i], true);
		check_modules(texts[i], false);
	}
}

/* The three corners by which a reader finds a code. */
static void test_corners(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct qr qr;
	assert_true(qr_make(arena, ADDRESS, true, &qr));
	int last = qr.columns - QR_MARGIN - 7;
	const int corners[][2] = { { QR_MARGIN, QR_MARGIN }, { QR_MARGIN, last }, { last, QR_MARGIN } };
	for (size_t i = 0; i < COUNT_OF(corners); i++) {
		for (int y = 0; y < 7; y++) {
			for (int x = 0; x < 7; x++) {
				bool ring = x == 0 || y == 0 || x == 6 || y == 6, heart = x >= 2 && x <= 4 && y >= 2 && y <= 4;
				assert_int_equal(has_ink(&qr, corners[i][0] + y, corners[i][1] + x), ring || heart);
			}
		}
	}
	assert_true(qr.columns <= 37);   /* what 80x24 has room for beside words */
	arena_free(arena);
}

static void test_what_has_no_code(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct qr qr;
	char *text = arena_get(arena, 4001);
	memset(text, 'x', 4000);
	assert_false(qr_make(arena, "", true, &qr));
	assert_false(qr_make(arena, text, true, &qr));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_corners),
		cmocka_unit_test(test_what_has_no_code),
	};
	return cmocka_run_group_tests_name("qr", tests, NULL, NULL);
}
