/* test_text_gate.c — what may come in and what may not. The fuzz target says the same of any bytes (tests/fuzz). */
#include "table.h"

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

/* A literal with its length, NULs included. */
#define B(literal) literal, sizeof literal - 1

struct gate_case {
	const char *bytes;
	size_t length;
	const char *clean;
	const char *why;
};

static void check_all(const struct gate_case *cases, size_t count, enum text_shape shape)
{
	struct arena *arena = arena_new();
	for (size_t i = 0; i < count; i++) {
		const char *clean = text_clean(arena, cases[i].bytes, cases[i].length, shape, TEXT_NAME_MAX);
		ROW_HOLDS(strcmp(clean, cases[i].clean) == 0, "%s: \"%s\"", cases[i].why, clean);
		const char *again = text_clean(arena, clean, strlen(clean), shape, TEXT_NAME_MAX);
		ROW_HOLDS(strcmp(again, clean) == 0, "%s, cleaned again", cases[i].why);
		ROW_HOLDS(text_is_clean(clean, strlen(clean), shape, TEXT_NAME_MAX), "%s", cases[i].why);
		bool same = strlen(clean) == cases[i].length && memcmp(clean, cases[i].bytes, cases[i].length) == 0;
		ROW_HOLDS(text_is_clean(cases[i].bytes, cases[i].length, shape, TEXT_NAME_MAX) == same, "%s", cases[i].why);
	}
	arena_free(arena);
}

static void one_line_is_cleaned(void **state)
{
	(void)state;
	static const struct gate_case cases[] = {
		{ B(""), "", "nothing" },
		{ B("Le Moulin"), "Le Moulin", "plain" },
		{ B("  Le Moulin \t\n"), "Le Moulin", "space around" },
		{ B("\xc2\xa0\xe3\x80\x80x\xe2\x80\xaf"), "x", "other spaces around" },
		{ B("L’Hôtel de Ville"), "L’Hôtel de Ville", "French" },
		{ B("10\xc2\xa0€"), "10\xc2\xa0€", "a space that does not break stays inside" },
		{ B("a\nb\rc\r\nd\te\xe2\x80\xa8" "f\xe2\x80\xa9g"), "a b c d e f g", "every line end is one space" },

		{ B("\033[2J\033[31mred"), "[2J[31mred", "CSI" },
		{ B("\033]0;owned\a"), "]0;owned", "OSC 0, window title" },
		{ B("\033]52;c;cm0gLXJm\033\\"), "]52;c;cm0gLXJm\\", "OSC 52, clipboard" },
		{ B("\033]8;;https://evil.example\033\\click\033]8;;\033\\"), "]8;;https://evil.example\\click]8;;\\", "OSC 8, link" },
		{ B("a\x00" "b\x01\x08\x0b\x0c\x0e\x1f\x7f" "c"), "abc", "C0 and DEL" },
		{ B("a\xc2\x9b" "2J\xc2\x85" "b\xc2\x9d" "c"), "a2Jbc", "C1 in UTF-8" },
		{ B("a\x9b" "2Jb\x90" "c"), "a�2Jb�c", "C1 as single bytes is no UTF-8" },

		{ B("\xe2\x80\xaetxt.exe"), "txt.exe", "right-to-left override" },
		{ B("a\xe2\x81\xa6" "b\xe2\x81\xa9\xe2\x80\x8e" "c\xe2\x80\x8f\xd8\x9c\xe2\x80\xaa\xe2\x80\xac"), "abc", "isolates, marks, embeddings" },
		{ B("ad\xe2\x80\x8bmin\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf\xc2\xad"), "admin", "zero width" },
		{ B("x\xf3\xa0\x81\x81\xf3\xa0\x81\xbf\xf3\xa0\x84\x80"), "x", "tags and selectors that hide text" },
		{ B("\xe3\x85\xa4\xef\xbe\xa0\xe1\x85\x9f\xe2\xa0\x80"), "", "a name of fillers" },
		{ B("a\xcd\x8f" "b\xe1\xa0\x8e" "c\xef\xbf\xb9" "d"), "abcd", "joiner, Mongolian separator, annotation" },

		{ B("e\xcc\x81t\xc3\xa9"), "été", "NFC" },
		{ B("\xe2\x84\xab"), "Å", "a singleton" },
		{ B("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"), "한", "Hangul composes" },
		{ B("q\xcc\x81\xcc\x87\xcc\xa3"), "q\xcc\xa3\xcc\x81", "canonical order, then two marks" },
		{ B("\xcc\x81" "abc"), "abc", "a mark on nothing would sit on the frame" },
		{ B(" \xcc\x81 abc"), "abc", "nor behind the space that goes" },
		{ B("\xe1\x85\xa1"), "�", "a vowel without its syllable" },

		{ B("\xff\xfe" "a"), "��a", "bytes that are never UTF-8" },
		{ B("\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"), "���", "overlong forms" },
		{ B("\xed\xa0\xbd\xed\xb2\xbb"), "��", "surrogates" },
		{ B("\xf4\x90\x80\x80\xf8\x88\x80\x80\x80"), "���", "past the last code point" },
		{ B("a\xe2\x82"), "a�", "cut in the middle" },
		{ B("a\xe2\x82" "b"), "a�b", "cut in the middle, going on" },
		{ B("Andr\xe9"), "Andr�", "Latin-1" },
		{ B("\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90"), "���", "non-characters" },
		{ B("\xee\x80\x80\xf3\xb0\x80\x80"), "��", "private use" },
		{ B("\xcd\xb8\xf0\x9f\xab\xa8"), "��", "unassigned, or too new for libc" },

		{ B("👩\xe2\x80\x8d💻"), "👩💻", "joined emoji" },
		{ B("👍🏽"), "👍", "skin tone" },
		{ B("⚠\xef\xb8\x8f ❤\xef\xb8\x8e"), "⚠ ❤", "variation selectors" },
		{ B("🇫🇷🇧🇪"), "FRBE", "flags" },
		{ B("1\xef\xb8\x8f\xe2\x83\xa3"), "1", "keycap" },
		{ B("🏴\xf3\xa0\x81\xa7\xf3\xa0\x81\xa2\xf3\xa0\x81\xbf"), "🏴", "a flag of tags" },
		{ B("作业 שלום สวัสดี"), "作业 שלום สวัสดี", "other scripts" },
	};
	check_all(cases, COUNT_OF(cases), TEXT_ONE_LINE);
}

static void many_lines_keep_their_ends(void **state)
{
	(void)state;
	static const struct gate_case cases[] = {
		{ B("a\nb"), "a\nb", "LF" },
		{ B("a\r\nb\r\n\r\nc"), "a\nb\n\nc", "CR LF" },
		{ B("a\rb"), "a\nb", "CR alone" },
		{ B("a\xe2\x80\xa8" "b"), "a\nb", "the separators of Unicode" },
		{ B("\n\n a\tb \n"), "a b", "tabs, and ends that go" },
		{ B("a\n\xcc\x81" "b"), "a\nb", "a mark at the beginning of a line" },
		{ B("a\033[A\nb"), "a[A\nb", "controls" },
	};
	check_all(cases, COUNT_OF(cases), TEXT_MANY_LINES);
}

static void nothing_is_clean_text(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(text_clean(arena, NULL, 0, TEXT_ONE_LINE, 10), "");
	assert_string_equal(text_clean(arena, NULL, 7, TEXT_ONE_LINE, 10), "");
	assert_false(text_is_clean(NULL, 0, TEXT_ONE_LINE, 10));
	assert_true(text_is_clean("", 0, TEXT_ONE_LINE, 0));
	arena_free(arena);
}

static void text_is_cut_between_graphemes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t most;
		const char *cut;
	} rows[] = {
		{ "abcdef", 6, "abcdef" }, { "abcdef", 5, "ab…" }, { "abcdef", 3, "…" }, { "abcdef", 2, "" }, { "abcdef", 0, "" },
		{ "ééééé", 10, "ééééé" }, { "ééééé", 9, "ééé…" }, { "ééééé", 8, "éé…" },
		{ "q\xcc\xa3q\xcc\xa3q\xcc\xa3", 9, "q\xcc\xa3q\xcc\xa3q\xcc\xa3" }, { "q\xcc\xa3q\xcc\xa3q\xcc\xa3", 8, "q\xcc\xa3…" },
		{ "ab   cdef", 8, "ab…" }, { "作业作业", 11, "作业…" }, { "abc        ", 3, "abc" }, { "    abcdef", 5, "ab…" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *cut = text_clean(arena, rows[i].text, strlen(rows[i].text), TEXT_ONE_LINE, rows[i].most);
		ROW_HOLDS(strcmp(cut, rows[i].cut) == 0, "\"%s\" in %zu bytes: \"%s\"", rows[i].text, rows[i].most, cut);
		ROW_HOLDS(strcmp(text_clean(arena, cut, strlen(cut), TEXT_ONE_LINE, rows[i].most), cut) == 0, "\"%s\" again", cut);
	}
	arena_free(arena);
}

/* `part` many times: what an attacker sends. */
static char *repeated(struct arena *arena, const char *part, size_t times)
{
	size_t length = strlen(part);
	char *text = arena_get(arena, length * times + 1);
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * length, part, length);
	return text;
}

static void piles_of_marks_are_levelled(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char *zalgo = repeated(arena, "\xcc\x83", 200);
	assert_string_equal(text_clean(arena, zalgo, 400, TEXT_ONE_LINE, TEXT_NAME_MAX), "");
	zalgo[0] = zalgo[1] = 'x';
	zalgo[399] = zalgo[398] = 'b';
	assert_string_equal(text_clean(arena, zalgo, 400, TEXT_ONE_LINE, TEXT_NAME_MAX), "xx\xcc\x83\xcc\x83" "bb");
	arena_free(arena);
}

static void long_input_is_linear_in_time_and_small_in_memory(void **state)
{
	(void)state;
	static const char *const parts[] = {
		"a", "é", "\xcc\x81\xcc\xa3", "x\xcc\x81\xcc\xa3", " ", "\xe2\x80\x8b", "\xff", "\xcc\x81 ", "\xe1\x84\x80", "\r\n",
		"\xe0\xa7\x87\xe0\xa6\xbe", "作", "🇫🇷", "\xcc\xa3\xcc\x81\xcc\x83\xcc\xa4",
	};
	struct arena *input = arena_new();
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const char *text = repeated(input, parts[i], 4000000 / strlen(parts[i]));
		size_t length = strlen(text);
		for (size_t most = 10; most <= 10000; most *= 1000) {
			struct arena *arena = arena_new();
			clock_t before = clock();
			const char *clean = text_clean(arena, text, length, TEXT_ONE_LINE, most);
			double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
			ROW_HOLDS(strlen(clean) <= most, "part %zu", i);
			ROW_HOLDS(arena_bytes(arena) <= most + 10000, "part %zu took %zu bytes", i, arena_bytes(arena));
			/* Unsanitised 40 ms; a quadratic sort would take hours. */
			ROW_HOLDS(seconds < 8, "part %zu took %f s", i, seconds);
			arena_free(arena);
		}
		arena_clear(input);
	}
	arena_free(input);
}

/* The header's own list, written down a second time on purpose. */
static bool is_forbidden(wchar_t point)
{
	static const struct {
		wchar_t from, to;
	} ranges[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xd800, 0xdfff }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfffe, 0xffff },
		{ 0x1f1e6, 0x1f1ff }, { 0x1f3fb, 0x1f3ff }, { 0xe0000, INT_MAX },
	};
	for (size_t i = 0; i < COUNT_OF(ranges); i++) {
		if (point >= ranges[i].from && point <= ranges[i].to)
			return true;
	}
	return false;
}

static size_t utf8_of(unsigned point, char *bytes)
{
	if (point < 0x80) {
		bytes[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		bytes[0] = (char)(0xc0 | point >> 6);
		bytes[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		bytes[0] = (char)(0xe0 | point >> 12);
		bytes[1] = (char)(0x80 | (point >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | point >> 18);
	bytes[1] = (char)(0x80 | (point >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (point >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

/* Every character there is, alone on a base: what comes out is allowed, and as wide as libc (and so ncurses) believes. */
static void every_character_comes_out_drawable(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	struct arena *arena = arena_new();
	size_t unchanged = 0;
	for (unsigned point = 0; point <= 0x10ffff; point += point == 0x32400 ? 0xe0000 - 0x32400 : point == 0xe1000 ? 0x1ef00 : 1) {
		char bytes[6] = "a";
		size_t length = 1 + utf8_of(point, bytes + 1);
		const char *clean = text_clean(arena, bytes, length, TEXT_ONE_LINE, TEXT_NAME_MAX);
		wchar_t wide[8];
		size_t count = mbstowcs(wide, clean, COUNT_OF(wide));
		ROW_HOLDS(count != (size_t)-1 && count < COUNT_OF(wide), "U+%04X", point);
		int columns = 0;
		for (size_t i = 0; i < count; i++) {
			ROW_HOLDS(!is_forbidden(wide[i]), "U+%04X became U+%04X", point, (unsigned)wide[i]);
			ROW_HOLDS(wcwidth(wide[i]) >= 0, "U+%04X became U+%04X", point, (unsigned)wide[i]);
			columns += wcwidth(wide[i]);
		}
		ROW_HOLDS(text_columns(clean) == columns, "U+%04X: %d columns, libc %d", point, text_columns(clean), columns);
		const char *again = text_clean(arena, clean, strlen(clean), TEXT_ONE_LINE, TEXT_NAME_MAX);
		ROW_HOLDS(strcmp(again, clean) == 0, "U+%04X cleaned again", point);
		unchanged += strlen(clean) == length && memcmp(clean, bytes, length) == 0;
		if (point % 256 == 0)
			arena_clear(arena);
	}
	/* Not by keeping nothing: Unicode 14 has 144,697 characters, a thousand of which are not for names. */
	assert_true(unchanged > 140000);
	arena_free(arena);
	setlocale(LC_CTYPE, "C");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_is_cleaned),
		cmocka_unit_test(many_lines_keep_their_ends),
		cmocka_unit_test(nothing_is_clean_text),
		cmocka_unit_test(text_is_cut_between_graphemes),
		cmocka_unit_test(piles_of_marks_are_levelled),
		cmocka_unit_test(long_input_is_linear_in_time_and_small_in_memory),
		cmocka_unit_test(every_character_comes_out_drawable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
