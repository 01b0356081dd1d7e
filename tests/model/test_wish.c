/* test_wish.c — a wish in words: place, date and half of a day in any order. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const struct local_date today = { 2026, 11, 24 };   /* a Tuesday */

#define WORDS_OF_A_WISH 12
#define NO_DATE { 0, 0, 0 }
#define NO_PART -1

static const struct {
	const char *words[WORDS_OF_A_WISH];   /* as a shell hands them over */
	const char *place;
	struct local_date date;
	int part;
	const char *why;
} wishes[] = {
	{ { "chimay", "tuesday", "morning" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "" },
	{ { "morning", "tuesday", "chimay" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "any order" },
	{ { "tuesday", "chimay", "morning" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "" },
	{ { "chimay tuesday morning" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "quoted as one" },
	{ { "A4", "21/7", "day" }, "A4", { 2027, 7, 21 }, DAY_PART_WHOLE, "" },
	{ { "les", "serres", "3", "demain", "matin" }, "les serres 3", { 2026, 11, 25 }, DAY_PART_MORNING, "" },
	{ { "Les Serres 3", "demain", "matin" }, "Les Serres 3", { 2026, 11, 25 }, DAY_PART_MORNING, "" },
	{ { "les", "demain", "serres", "matin", "3" }, "les serres 3", { 2026, 11, 25 }, DAY_PART_MORNING, "even torn apart" },
	{ { "chimay", "21", "juillet", "journée" }, "chimay", { 2027, 7, 21 }, DAY_PART_WHOLE, "a date of two words" },
	{ { "chimay", "21", "juillet", "2028", "am" }, "chimay", { 2028, 7, 21 }, DAY_PART_MORNING, "of three" },
	{ { "mercredi", "21", "juillet", "2027", "chimay" }, "chimay", { 2027, 7, 21 }, NO_PART, "of four, as we say it" },
	{ { "mar.", "24/11/2026", "A4" }, "A4", { 2026, 11, 24 }, NO_PART, "as we say it" },
	{ { "A4", "après-demain", "après", "midi" }, "A4", { 2026, 11, 26 }, DAY_PART_AFTERNOON, "" },
	{ { "day", "after", "tomorrow", "A4", "day" }, "A4", { 2026, 11, 26 }, DAY_PART_WHOLE, "the longest phrase first" },
	{ { "A4", "3", "mars" }, "A4", { 2027, 3, 3 }, NO_PART, "" },
	{ { "mar", "A4" }, "A4", { 2026, 12, 1 }, NO_PART, "mar is mardi" },
	{ { "demain" }, "", { 2026, 11, 25 }, NO_PART, "only a date" },
	{ { "pm" }, "", NO_DATE, DAY_PART_AFTERNOON, "only a part" },
	{ { "la", "grange" }, "la grange", NO_DATE, NO_PART, "only a place" },
	{ { "le", "havre", "demain" }, "le havre", { 2026, 11, 25 }, NO_PART, "an article of a name stays" },
	{ { "A4", "le", "21/7" }, "A4", { 2027, 7, 21 }, NO_PART, "an article before a date goes" },
	{ { "à", "chimay", "demain", "le", "matin" }, "chimay", { 2026, 11, 25 }, DAY_PART_MORNING, "à is no afternoon" },
	{ { "at", "chimay", "on", "friday", "in", "the", "morning" }, "chimay", { 2026, 11, 27 }, DAY_PART_MORNING, "" },
	{ { "salle", "A", "demain", "a" }, "salle A", { 2026, 11, 25 }, DAY_PART_AFTERNOON, "a capital is a name" },
	{ { "tomorrow", "demain" }, "", { 2026, 11, 25 }, NO_PART, "the same day twice is one" },
	{ { "matin", "am" }, "", NO_DATE, DAY_PART_MORNING, "" },
	{ { "" }, "", NO_DATE, NO_PART, "an empty word" },
	{ { NULL }, "", NO_DATE, NO_PART, "nothing" },
	{ { "e420", "+2w", "j" }, "e420", { 2026, 12, 8 }, DAY_PART_WHOLE, "" },
	{ { "Rimbaud'Tech", "Bulle", "12" }, "Rimbaud'Tech Bulle 12", NO_DATE, NO_PART, "a number that is no date is of the name" },
	{ { "demain \u0301chimay" }, "chimay", { 2026, 11, 25 }, NO_PART, "an accent that stood on the space" },
	{ { "demain \u0301" }, "", { 2026, 11, 25 }, NO_PART, "" },
};

static size_t count_of(const char *const *words)
{
	size_t count = 0;
	while (count < WORDS_OF_A_WISH && words[count])
		count++;
	return count;
}

static void wishes_are_understood_in_any_order(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(wishes); i++) {
		struct wish_words wish;
		struct problem why = { PROBLEM_NONE, "", "" };
		bool fine = wish_from_words(arena, wishes[i].words, count_of(wishes[i].words), today, &wish, &why);
		ROW_HOLDS(fine, "row %zu %s: %s", i, wishes[i].why, why.text);
		ROW_HOLDS(strcmp(wish.place, wishes[i].place) == 0, "row %zu %s: place \"%s\"", i, wishes[i].why, wish.place);
		ROW_HOLDS(wish.has_date == (wishes[i].date.year != 0), "row %zu %s", i, wishes[i].why);
		ROW_HOLDS(!wish.has_date || date_equal(wish.when.date, wishes[i].date), "row %zu %s: %d-%d-%d", i, wishes[i].why,
		          wish.when.date.year, wish.when.date.month, wish.when.date.day);
		ROW_HOLDS(wish.has_part == (wishes[i].part != NO_PART), "row %zu %s", i, wishes[i].why);
		ROW_HOLDS(!wish.has_part || (int)wish.when.part == wishes[i].part, "row %zu %s", i, wishes[i].why);
	}
	arena_free(arena);
}

static const struct {
	const char *words[WORDS_OF_A_WISH];
	const char *field;
	const char *why;
} refused[] = {
	{ { "A4", "demain", "mardi" }, "date", "two dates" },
	{ { "demain", "A4", "21", "juillet", "2027" }, "date", "two dates, the second of three words" },
	{ { "21/7", "22/7" }, "date", "" },
	{ { "A4", "matin", "pm" }, "part", "two parts" },
	{ { "A4", "day", "morning" }, "part", "" },
	{ { "A4", "31/2" }, "date", "meant as a date: not the name of a place" },
	{ { "A4", "31", "février" }, "date", "" },
	{ { "A4", "7/21" }, "date", "" },
	{ { "A4", "2027-02-29" }, "date", "" },
	{ { "A4", "+3x" }, "date", "" },
	{ { "A4", "mardi", "25/11" }, "date", "the weekday of another day" },
	{ { "A4", "mardi", "25", "novembre", "2026" }, "date", "" },
};

static void what_contradicts_itself_is_refused(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct wish_words wish;
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(!wish_from_words(arena, refused[i].words, count_of(refused[i].words), today, &wish, &why), "row %zu %s: place \"%s\"", i,
		          refused[i].why, wish.place);
		ROW_HOLDS(why.kind == PROBLEM_INVALID && strcmp(why.field, refused[i].field) == 0 && why.text[0], "row %zu %s: %s %s", i,
		          refused[i].why, why.field, why.text);
		ROW_HOLDS(!wish_from_words(arena, refused[i].words, count_of(refused[i].words), today, &wish, NULL), "row %zu", i);
	}
	arena_free(arena);
}

static void too_many_words_are_no_wish(void **state)
{
	(void)state;
	enum { MANY = 100000 };
	const char **words = calloc(MANY, sizeof *words);
	char *long_word = calloc(1024 * 1024 + 1, 1);
	assert_true(words && long_word);
	for (size_t i = 0; i < MANY; i++)
		words[i] = "chimay";
	memset(long_word, 'x', 1024 * 1024);
	struct arena *arena = arena_new();
	struct wish_words wish;
	struct problem why = { PROBLEM_NONE, "", "" };
	assert_false(wish_from_words(arena, words, MANY, today, &wish, &why));
	assert_int_equal(why.kind, PROBLEM_TOO_LARGE);
	assert_false(wish_from_words(arena, (const char *const[]){ "A4", long_word }, 2, today, &wish, &why));
	assert_int_equal(why.kind, PROBLEM_TOO_LARGE);
	assert_true(arena_bytes(arena) < 1024 * 1024);
	arena_free(arena);
	free(long_word);
	free(words);
}

static const struct space ferme = { .id = "1", .slug = "ferme", .name = "La Ferme", .former_name = "Coworking des Fagnes",
	.town = "Chimay" };
static const struct space pepi = { .id = "2", .slug = "pepi", .name = "Pépinière Val de Vence", .former_name = "",
	.town = "Charleville-Mézières" };
static const struct resource serres = { .id = "3", .name = "Les Serres 3", .area = "Grande salle" };

static void places_fit_what_was_said(void **state)
{
	(void)state;
	static const struct { const struct space *space; const char *words; int fit; } spaces[] = {
		{ &ferme, "ferme", 4 }, { &ferme, "FERME", 4 }, { &ferme, "la ferme", 4 }, { &ferme, "coworking des fagnes", 4 },
		{ &ferme, "chimay", 3 }, { &ferme, "chi", 2 }, { &ferme, "fer", 2 }, { &ferme, "fagnes", 2 }, { &ferme, "himay", 0 },
		{ &ferme, "", 0 }, { &ferme, "couvin", 0 }, { &pepi, "pepiniere", 2 }, { &pepi, "charleville mezieres", 3 },
		{ &pepi, "Charleville-Mézières", 3 }, { &pepi, "vence", 2 },
	};
	for (size_t i = 0; i < COUNT_OF(spaces); i++)
		ROW_HOLDS(space_fits(spaces[i].space, spaces[i].words) == spaces[i].fit, "%s: %d", spaces[i].words,
		          space_fits(spaces[i].space, spaces[i].words));
	static const struct { const char *words; int fit; } resources[] = {
		{ "les serres 3", 4 }, { "LES SERRES 3", 4 }, { "grande salle", 3 }, { "serres", 2 }, { "3", 2 }, { "salle", 2 }, { "4", 0 },
		{ "", 0 }, { "erres", 0 },
	};
	for (size_t i = 0; i < COUNT_OF(resources); i++)
		ROW_HOLDS(resource_fits(&serres, resources[i].words) == resources[i].fit, "%s: %d", resources[i].words,
		          resource_fits(&serres, resources[i].words));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wishes_are_understood_in_any_order),
		cmocka_unit_test(what_contradicts_itself_is_refused),
		cmocka_unit_test(too_many_words_are_no_wish),
		cmocka_unit_test(places_fit_what_was_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
