/* test_text.c — columns, graphemes, folding and ASCII of clean text. */
#include "table.h"

#include <string.h>

static void text_has_columns(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int columns;
	} rows[] = {
		{ "", 0 }, { "abc", 3 }, { "été", 3 }, { "q\xcc\xa3\xcc\x81", 1 }, { "作业", 4 }, { "💻 a", 4 }, { "…", 1 },
		{ "10\xc2\xa0€", 4 }, { "한글", 4 }, { "कि", 2 }, { "a\nb", 2 }, { "�", 1 }, { "┌─┐", 3 }, { "▌", 1 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ROW_HOLDS(text_columns(rows[i].text) == rows[i].columns, "\"%s\": %d", rows[i].text, text_columns(rows[i].text));
}

static void text_fits_by_whole_graphemes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int columns;
		size_t bytes;
		int used;
		const char *clipped;
	} rows[] = {
		{ "abc", 3, 3, 3, "abc" }, { "abc", 2, 2, 2, "a…" }, { "abc", 1, 1, 1, "…" }, { "abc", 0, 0, 0, "" },
		{ "abc", -1, 0, 0, "" }, { "", 5, 0, 0, "" }, { "", 0, 0, 0, "" }, { "abc", 99, 3, 3, "abc" },
		{ "作业作", 5, 6, 4, "作业…" }, { "作业作", 4, 6, 4, "作…" }, { "作", 1, 0, 0, "…" }, { "作业作", 6, 9, 6, "作业作" },
		{ "éq\xcc\xa3z", 2, 5, 2, "é…" }, { "éq\xcc\xa3z", 3, 6, 3, "éq\xcc\xa3z" }, { "💻💻", 3, 4, 2, "💻…" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int used = -1;
		ROW_HOLDS(text_fit(rows[i].text, rows[i].columns, &used) == rows[i].bytes, "\"%s\" in %d", rows[i].text, rows[i].columns);
		ROW_HOLDS(used == rows[i].used, "\"%s\" in %d used %d", rows[i].text, rows[i].columns, used);
		const char *clipped = text_clip(arena, rows[i].text, rows[i].columns);
		ROW_HOLDS(strcmp(clipped, rows[i].clipped) == 0, "\"%s\" in %d: \"%s\"", rows[i].text, rows[i].columns, clipped);
		ROW_HOLDS(text_columns(clipped) <= (rows[i].columns > 0 ? rows[i].columns : 0), "\"%s\"", clipped);
	}
	assert_int_equal(text_fit("abc", 2, NULL), 2);
	arena_free(arena);
}

static void steps_go_from_grapheme_to_grapheme(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t edges[8];   /* byte offsets, the last one the end */
		size_t count;
	} rows[] = {
		{ "", { 0 }, 1 },
		{ "abc", { 0, 1, 2, 3 }, 4 },
		{ "éa", { 0, 2, 3 }, 3 },
		{ "q\xcc\xa3\xcc\x81z", { 0, 5, 6 }, 3 },
		{ "作💻", { 0, 3, 7 }, 3 },
		{ "कि a", { 0, 6, 7, 8 }, 4 },
		{ "a\nb", { 0, 1, 2, 3 }, 4 },
		{ "\xff" "a", { 0, 1, 2 }, 3 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *text = rows[i].text;
		for (size_t edge = 0; edge < rows[i].count; edge++) {
			size_t at = rows[i].edges[edge];
			size_t after = edge + 1 < rows[i].count ? rows[i].edges[edge + 1] : at;
			size_t before = edge > 0 ? rows[i].edges[edge - 1] : 0;
			ROW_HOLDS(text_next(text, at) == after, "\"%s\" from %zu", text, at);
			ROW_HOLDS(text_previous(text, at) == before, "\"%s\" back from %zu", text, at);
		}
	}
}

static void a_grapheme_without_end_can_be_passed(void **state)
{
	(void)state;
	/* Vowel signs (spacing marks) are not limited by the gate, and UAX #29 joins them all. */
	struct arena *arena = arena_new();
	char *text = arena_get(arena, 3 * 1000 + 1);
	memcpy(text, "क", 3);
	for (size_t at = 3; at < 3000; at += 3)
		memcpy(text + at, "ा", 3);
	assert_int_equal(text_columns(text), 1000);
	assert_true(text_fit(text, 100, NULL) > 0);
	assert_true(text_columns(text_clip(arena, text, 100)) > 50);
	assert_true(text_next(text, 0) < 100);
	arena_free(arena);
}

static void folding_makes_what_people_type_equal(void **state)
{
	(void)state;
	static const struct {
		const char *text, *folded;
	} rows[] = {
		{ "", "" }, { "Le Moulin", "le moulin" }, { "ÉTÉ", "ete" }, { "Œuvre", "oeuvre" }, { "LÆTITIA", "laetitia" },
		{ "Straße", "strasse" }, { "STRASSE", "strasse" }, { "Łódź", "lodz" }, { "Ørsted", "orsted" },
		{ "Saint-Ghislain", "saint ghislain" }, { "L’Hôtel", "l hotel" }, { "L'Hôtel", "l hotel" },
		{ "a\xc2\xa0" "b", "a b" }, { "a–b", "a b" }, { "Ποταμός", "ποταμοσ" }, { "ﬁn", "fin" }, { "Ａ４", "a4" },
		{ "İstanbul", "istanbul" }, { "Ñandú", "nandu" }, { "Dvořák", "dvorak" }, { "作业", "作业" }, { "ẞ", "ss" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *folded = text_fold(arena, rows[i].text);
		ROW_HOLDS(strcmp(folded, rows[i].folded) == 0, "\"%s\": \"%s\"", rows[i].text, folded);
		ROW_HOLDS(strcmp(text_fold(arena, folded), folded) == 0, "\"%s\" folded again", rows[i].text);
	}
	arena_free(arena);
}

static void words_are_found_by_their_beginning(void **state)
{
	(void)state;
	static const struct {
		const char *text, *part;
		bool matches;
	} rows[] = {
		{ "Le Moulin", "mou", true }, { "Le Moulin", "le", true }, { "Le Moulin", "le mou", true }, { "Le Moulin", "", true },
		{ "Le Moulin", "oul", false }, { "Le Moulin", "moulins", false }, { "Le Moulin", "MOULIN", true },
		{ "Le Moulin", " mou", true }, { "Le  Moulin", "le mou", true }, { "Le Moulin", "moulin ", true },
		{ "L’Hôtel de Ville", "hotel", true }, { "L’Hôtel de Ville", "l'hôtel", true }, { "Saint-Ghislain", "ghis", true },
		{ "Saint-Ghislain", "saint ghis", true }, { "Saint-Ghislain", "saint-ghis", true }, { "", "", true }, { "", "a", false },
		{ "A4", "a", true }, { "A4", "4", false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ROW_HOLDS(text_matches(rows[i].text, rows[i].part) == rows[i].matches, "\"%s\" \"%s\"", rows[i].text, rows[i].part);
}

static void every_word_sought_begins_one_there(void **state)
{
	(void)state;
	static const struct {
		const char *text, *words;
		bool holds;
	} rows[] = {
		{ "Anne-Françoise Van den Broeck-d'Hulst", "hulst van", true }, { "Anne-Françoise Van den Broeck-d'Hulst", "fran", true },
		{ "Anne-Françoise Van den Broeck-d'Hulst", "hulst von", false }, { "soudure, impression 3D", "3d SOUD", true },
		{ "soudure, impression 3D", "oudure", false }, { "« Lunch&Talk » : l’IA", "talk ia lunch", true }, { "Łukasz", "luk", true },
		{ "Hélène Œuvrard", "helene oeu", true }, { "x", "", true }, { "", "", true }, { "", " ,;", true }, { "", "a", false },
		{ "a", "a a", true }, { "ab", "abc", false }, { "(BEP)", "bep", true }, { "n° 5", "5", true }, { "…", "…", true },
		{ "作业", "作", true },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ROW_HOLDS(text_holds(rows[i].text, rows[i].words) == rows[i].holds, "\"%s\" \"%s\"", rows[i].text, rows[i].words);
}

static void ascii_keeps_the_sense(void **state)
{
	(void)state;
	static const struct {
		const char *text, *ascii;
	} rows[] = {
		{ "", "" }, { "plain ~!", "plain ~!" }, { "Café…", "Cafe..." }, { "✓ libre", "+ libre" }, { "Œuvre", "OEuvre" },
		{ "a\xc2\xa0" "b", "a b" }, { "l’été – 10 €", "l'ete - 10 EUR" }, { "« oui »", "\" oui \"" }, { "作业", "??" },
		{ "한", "?" }, { "q\xcc\xa3", "q" }, { "½", "1/2" }, { "┌─┐", "+-+" }, { "Straße", "Strasse" }, { "a\nb", "a\nb" },
		{ "😀", "?" }, { "№ 5", "No 5" }, { "Ж", "?" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *ascii = text_ascii(arena, rows[i].text);
		ROW_HOLDS(strcmp(ascii, rows[i].ascii) == 0, "\"%s\": \"%s\"", rows[i].text, ascii);
	}
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_columns),
		cmocka_unit_test(text_fits_by_whole_graphemes),
		cmocka_unit_test(steps_go_from_grapheme_to_grapheme),
		cmocka_unit_test(a_grapheme_without_end_can_be_passed),
		cmocka_unit_test(folding_makes_what_people_type_equal),
		cmocka_unit_test(words_are_found_by_their_beginning),
		cmocka_unit_test(every_word_sought_begins_one_there),
		cmocka_unit_test(ascii_keeps_the_sense),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
