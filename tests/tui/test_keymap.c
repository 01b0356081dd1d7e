/* From bytes to keys: whole, split at every byte, late, pasted, broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "keymap.h"

#define ESC "\033"

struct reader {
	struct decoder decoder;
	char out[300];   /* what came so far, as "Up j <pasted text>" */
};

static struct reader reader_new(void)
{
	struct reader reader = {.out = ""};
	decoder_init(&reader.decoder, 25);
	return reader;
}

static void drain(struct reader *reader, int64_t now_ms)
{
	struct key key;
	while (decoder_next(&reader->decoder, now_ms, &key)) {
		size_t length = strlen(reader->out);
		char *end = reader->out + length;
		size_t room = sizeof reader->out - length;
		if (key.kind == KEY_PASTE)
			snprintf(end, room, "%s<%.*s>", length ? " " : "", (int)key.pasted_length, key.pasted);
		else
			snprintf(end, room, "%s%s", length ? " " : "", key.name);
	}
}

static void feed(struct reader *reader, const char *bytes, size_t count, int64_t now_ms)
{
	while (count > 0) {
		size_t taken = decoder_feed(&reader->decoder, bytes, count, now_ms);
		drain(reader, now_ms);
		bytes += taken;
		count -= taken;
	}
}

static void ends_as(struct reader *reader, const char *keys)
{
	assert_string_equal(reader->out, keys);
	decoder_clear(&reader->decoder);
}

static const struct {
	const char *bytes, *keys;
} sequences[] = {
	{"j", "j"},
	{"é", "é"},
	{"作", "作"},
	{"\r", "Enter"},
	{"\n", "Enter"},
	{"\t", "Tab"},
	{"\x7f", "BSpace"},
	{"\x0c", "C-l"},
	{"\x03", "C-c"},
	{ESC "[A", "Up"},
	{ESC "OB", "Down"},
	{ESC "[C" ESC "[D", "Right Left"},
	{ESC "[1;5C", "C-Right"},
	{ESC "[1;2D", "S-Left"},
	{ESC "[H" ESC "[F" ESC "[1~" ESC "[4~" ESC "[7~" ESC "[8~", "Home End Home End Home End"},
	{ESC "[5~" ESC "[6~" ESC "[3~", "PageUp PageDown Delete"},
	{ESC "OP" ESC "[11~" ESC "[[A" ESC "[24~", "F1 F1 F1 F12"},
	{ESC "[Z", "BTab"},
	{ESC "j", "Escape j"},                       /* two keys in one packet */
	{ESC "[?1;2c" "x", "x"},                     /* an answer nobody asked for */
	{ESC "[<0;3;4M" "x", "x"},
	{ESC "[M !!" "x", "x"},                      /* a mouse left on by somebody else */
	{ESC "[99~x", "x"},
	{"\xff\xfe" "a\xc3" "b", "a b"},             /* broken UTF-8 is no key */
	{ESC "[200~rm\r:q" ESC "[A" ESC "[201~x", "<rm\r:q" ESC "[A> x"},
	{ESC "[200~" ESC "[201~", "<>"},
};

static void at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sequences); i++) {
		struct reader reader = reader_new();
		feed(&reader, sequences[i].bytes, strlen(sequences[i].bytes), 1000);
		assert_int_equal(decoder_timeout(&reader.decoder, 1000), -1);
		ends_as(&reader, sequences[i].keys);
	}
}

static void split_at_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(sequences); i++) {
		struct reader reader = reader_new();
		int64_t now = 1000;
		for (const char *at = sequences[i].bytes; *at; at++, now += 20)
			feed(&reader, at, 1, now);
		ends_as(&reader, sequences[i].keys);
	}
}

static void lone_escape(void **state)
{
	(void)state;
	struct reader reader = reader_new();
	feed(&reader, ESC, 1, 1000);
	assert_int_equal(decoder_timeout(&reader.decoder, 1000), 25);
	assert_int_equal(decoder_timeout(&reader.decoder, 1024), 1);
	drain(&reader, 1024);
	assert_string_equal(reader.out, "");
	drain(&reader, 1025);
	assert_int_equal(decoder_timeout(&reader.decoder, 1025), -1);
	ends_as(&reader, "Escape");
}

/* The line held the rest of an arrow key back for longer than the delay: Esc was acted on, but "[" and "A" are not typed. */
static void late_tail(void **state)
{
	(void)state;
	static const struct {
		const char *tail, *keys;
		int64_t after_ms;
	} cases[] = {
		{"[A", "Escape", 100},     {"[1;5C", "Escape", 400}, {"OA", "Escape", 100},      {"[Ax", "Escape x", 100},
		{"x", "Escape x", 100},    {"Ox", "Escape O x", 100}, {"[A", "Escape [ A", 2000},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct reader reader = reader_new();
		feed(&reader, ESC, 1, 1000);
		drain(&reader, 1025);
		feed(&reader, cases[i].tail, strlen(cases[i].tail), 1025 + cases[i].after_ms);
		ends_as(&reader, cases[i].keys);
	}
	struct reader reader = reader_new();
	feed(&reader, ESC, 1, 1000);
	drain(&reader, 1025);
	feed(&reader, "[", 1, 1100);
	drain(&reader, 1100 + KEY_SEQUENCE_MS);
	ends_as(&reader, "Escape [");   /* it was typed after all */
}

static void begun_and_left(void **state)
{
	(void)state;
	struct reader reader = reader_new();
	feed(&reader, ESC "[1;", 4, 1000);
	drain(&reader, 1100);
	assert_int_equal(decoder_timeout(&reader.decoder, 1100), KEY_SEQUENCE_MS - 100);
	drain(&reader, 1000 + KEY_SEQUENCE_MS);
	feed(&reader, "q", 1, 3000);
	ends_as(&reader, "q");
}

static void paste_without_end(void **state)
{
	(void)state;
	struct reader reader = reader_new();
	feed(&reader, ESC "[200~abc" ESC "[20", 13, 1000);
	assert_string_equal(reader.out, "");
	assert_true(decoder_timeout(&reader.decoder, 1000) > 0);
	drain(&reader, 1000 + KEY_PASTE_MS);
	feed(&reader, "q", 1, 9000);
	ends_as(&reader, "<abc> q");

	reader = reader_new();
	feed(&reader, ESC "[200~abc", 9, 1000);
	feed(&reader, "\x03", 1, 1010);   /* Ctrl-C alone ends it, throws it away, and is still Ctrl-C */
	ends_as(&reader, "C-c");
}

static void long_paste(void **state)
{
	(void)state;
	struct reader reader = reader_new();
	static char bytes[3 * KEY_PASTE_MAX];
	memset(bytes, 'x', sizeof bytes);
	memcpy(bytes, ESC "[200~", 6);
	memcpy(bytes + sizeof bytes - 7, ESC "[201~q", 7);
	struct key key;
	size_t pastes = 0, keys = 0;
	for (size_t at = 0; at < sizeof bytes;) {
		at += decoder_feed(&reader.decoder, bytes + at, sizeof bytes - at, 1000);
		while (decoder_next(&reader.decoder, 1000, &key)) {
			pastes += key.kind == KEY_PASTE;
			keys += key.kind == KEY_CHARACTER && key.name[0] == 'q';
			if (key.kind == KEY_PASTE)
				assert_true(key.pasted_length <= KEY_PASTE_MAX && key.pasted_length > KEY_PASTE_MAX / 2);
		}
	}
	assert_int_equal(pastes, 1);
	assert_int_equal(keys, 1);
	decoder_clear(&reader.decoder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_once), cmocka_unit_test(split_at_every_byte), cmocka_unit_test(lone_escape),
		cmocka_unit_test(late_tail), cmocka_unit_test(begun_and_left), cmocka_unit_test(paste_without_end),
		cmocka_unit_test(long_paste),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
