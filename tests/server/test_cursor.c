/* test_cursor.c — a cursor says where a list goes on, to the one it was given to and for that list alone. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cursor.h"

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define SEAL_BYTES 16   /* that a cursor begins with */

static const unsigned char secret[CURSOR_SECRET_BYTES] = "a secret of thirty-two bytes 123";
static const unsigned char another[CURSOR_SECRET_BYTES] = "another one of thirty-two bytes.";

static const struct cursor places[] = {
	{ 0, "" },
	{ 1795521600, "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e" },
	{ -1, "x" },
	{ INT64_MAX, "an id with spaces" },
	{ INT64_MIN, "é" },
};

static void what_was_written_is_read(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		const char *text = cursor_write(arena, secret, "bookings m-1", places[i]);
		ROW_HOLDS(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(text),
		          "row %zu is no URL: %s", i, text);
		struct cursor got = { 0 };
		ROW_HOLDS(cursor_read(arena, secret, "bookings m-1", text, &got), "row %zu", i);
		ROW_HOLDS(got.at == places[i].at && strcmp(got.id, places[i].id) == 0, "row %zu: %s", i, got.id);
	}
	arena_free(arena);
}

static void it_fits_no_other_list_and_no_other_server(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *text = cursor_write(arena, secret, "bookings m-1", places[1]);
	struct cursor got;
	assert_true(cursor_read(arena, secret, "bookings m-1", text, &got));
	assert_false(cursor_read(arena, secret, "bookings m-2", text, &got));
	assert_false(cursor_read(arena, secret, "bookings m-", text, &got));
	assert_false(cursor_read(arena, secret, "", text, &got));
	assert_false(cursor_read(arena, another, "bookings m-1", text, &got));
	arena_free(arena);
}

/* The name of a list and the place in it are told apart: the seal of "list 1" + "2 x" is none of "list " + "12 x". */
static void list_and_place_do_not_run_together(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *text = cursor_write(arena, secret, "list 1", (struct cursor){ 2, "x" });
	const char *wanted = cursor_write(arena, secret, "list ", (struct cursor){ 12, "x" });
	unsigned char bytes[64], forged[64];
	size_t length, forged_length;
	assert_int_equal(sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &length, NULL, VARIANT), 0);
	assert_int_equal(sodium_base642bin(forged, sizeof forged, wanted, strlen(wanted), NULL, &forged_length, NULL, VARIANT), 0);
	memcpy(forged, bytes, SEAL_BYTES);
	char forged_text[128];
	sodium_bin2base64(forged_text, sizeof forged_text, forged, forged_length, VARIANT);
	struct cursor got;
	assert_true(cursor_read(arena, secret, "list ", wanted, &got));
	assert_false(cursor_read(arena, secret, "list ", forged_text, &got));
	arena_free(arena);
}

static void every_changed_byte_is_noticed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *text = cursor_write(arena, secret, "bookings m-1", places[1]);
	for (size_t i = 0; i < strlen(text); i++) {
		char *changed = arena_copy_text(arena, text);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		struct cursor got;
		ROW_HOLDS(!cursor_read(arena, secret, "bookings m-1", changed, &got), "byte %zu", i);
	}
	for (size_t length = 0; length < strlen(text); length++) {
		struct cursor got;
		ROW_HOLDS(!cursor_read(arena, secret, "bookings m-1", arena_copy_bytes(arena, text, length), &got), "cut at %zu", length);
	}
	arena_free(arena);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char long_one[5000];
	memset(long_one, 'A', sizeof long_one);
	long_one[sizeof long_one - 1] = '\0';
	const char *const texts[] = { "", "A", "=", "....", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a b", "é", long_one };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct cursor got;
		ROW_HOLDS(!cursor_read(arena, secret, "bookings m-1", texts[i], &got), "row %zu", i);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(it_fits_no_other_list_and_no_other_server),
		cmocka_unit_test(list_and_place_do_not_run_together),
		cmocka_unit_test(every_changed_byte_is_noticed),
		cmocka_unit_test(nonsense_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
