/* test_wish.c — a wish in words: place, date and half of a day in any order. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const struct local_date today = { 2026, 11, 24 };   /* a Tuesday */

#define WORDS_OF_A_WISH 12
#define NO_DATE { 0, 0, 0 }
#define NO_PART -1
#define HOURS DAY_PART_HOURS
#define H(hours, minutes) ((hours) * 60 + (minutes))
#define NO_HOURS { 0, 0 }

static const struct {
	const char *words[WORDS_OF_A_WISH];   /* as a shell hands them over */
	const char *place;
	struct local_date date;
	int part;
	const char *why;
	struct minute_range hours;
} wishes[] = {
	{ { "chimay", "tuesday", "morning" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "", NO_HOURS },
	{ { "morning", "tuesday", "chimay" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "any order", NO_HOURS },
	{ { "tuesday", "chimay", "morning" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "", NO_HOURS },
	{ { "chimay tuesday morning" }, "chimay", { 2026, 12, 1 }, DAY_PART_MORNING, "quoted as one", NO_HOURS },
	{ { "A4", "21/7", "day" }, "A4", { 2027, 7, 21 }, DAY_PART_WHOLE, "", NO_HOURS },
	{ { "les", "serres", "3", "demain", "matin" }, "les serres 3", { 2026, 11, 25 }, DAY_PART_MORNING, "", NO_HOURS },
	{ { "Les Serres 3", "demain", "matin" }, "Les Serres 3", { 2026, 11, 25 }, DAY_PART_MORNING, "", NO_HOURS },
	{ { "les", "demain", "serres", "matin", "3" }, "les serres 3", { 2026, 11, 25 }, DAY_PART_MORNING, "even torn apart", NO_HOURS },
	{ { "chimay", "21", "juillet", "journée" }, "chimay", { 2027, 7, 21 }, DAY_PART_WHOLE, "a date of two words", NO_HOURS },
	{ { "chimay", "21", "juillet", "2028", "am" }, "chimay", { 2028, 7, 21 }, DAY_PART_MORNING, "of three", NO_HOURS },
	{ { "mercredi", "21", "juillet", "2027", "chimay" }, "chimay", { 2027, 7, 21 }, NO_PART, "of four, as we say it", NO_HOURS },
	{ { "mar.", "24/11/2026", "A4" }, "A4", { 2026, 11, 24 }, NO_PART, "as we say it", NO_HOURS },
	{ { "A4", "après-demain", "après", "midi" }, "A4", { 2026, 11, 26 }, DAY_PART_AFTERNOON, "", NO_HOURS },
	{ { "day", "after", "tomorrow", "A4", "day" }, "A4", { 2026, 11, 26 }, DAY_PART_WHOLE, "the longest phrase first", NO_HOURS },
	{ { "A4", "3", "mars" }, "A4", { 2027, 3, 3 }, NO_PART, "", NO_HOURS },
	{ { "mar", "A4" }, "A4", { 2026, 12, 1 }, NO_PART, "mar is mardi", NO_HOURS },
	{ { "demain" }, "", { 2026, 11, 25 }, NO_PART, "only a date", NO_HOURS },
	{ { "pm" }, "", NO_DATE, DAY_PART_AFTERNOON, "only a part", NO_HOURS },
	{ { "la", "grange" }, "la grange", NO_DATE, NO_PART, "only a place", NO_HOURS },
	{ { "le", "havre", "demain" }, "le havre", { 2026, 11, 25 }, NO_PART, "an article of a name stays", NO_HOURS },
	{ { "A4", "le", "21/7" }, "A4", { 2027, 7, 21 }, NO_PART, "an article before a date goes", NO_HOURS },
	{ { "à", "chimay", "demain", "le", "matin" }, "chimay", { 2026, 11, 25 }, DAY_PART_MORNING, "à is no afternoon", NO_HOURS },
	{ { "at", "chimay", "on", "friday", "in", "the", "morning" }, "chimay", { 2026, 11, 27 }, DAY_PART_MORNING, "", NO_HOURS },
	{ { "salle", "A", "demain", "a" }, "salle A", { 2026, 11, 25 }, DAY_PART_AFTERNOON, "a capital is a name", NO_HOURS },
	{ { "tomorrow", "demain" }, "", { 2026, 11, 25 }, NO_PART, "the same day twice is one", NO_HOURS },
	{ { "matin", "am" }, "", NO_DATE, DAY_PART_MORNING, "", NO_HOURS },
	{ { "" }, "", NO_DATE, NO_PART, "an empty word", NO_HOURS },
	{ { NULL }, "", NO_DATE, NO_PART, "nothing", NO_HOURS },
	{ { "e420", "+2w", "j" }, "e420", { 2026, 12, 8 }, DAY_PART_WHOLE, "", NO_HOURS },
	{ { "Rimbaud'Tech", "Bulle", "12" }, "Rimbaud'Tech Bulle 12", NO_DATE, NO_PART, "a number that is no date is of the name", NO_HOURS },
	{ { "demain \u0301chimay" }, "chimay", { 2026, 11, 25 }, NO_PART, "an accent that stood on the space", NO_HOURS },
	{ { "grange", "tomorrow", "14:00-16:00" }, "grange", { 2026, 11, 25 }, HOURS, "", { H(14, 0), H(16, 0) } },
	{ { "grange", "demain", "14h-16h" }, "grange", { 2026, 11, 25 }, HOURS, "", { H(14, 0), H(16, 0) } },
	{ { "de", "14h", "à", "16h30", "la", "grange", "mardi" }, "la grange", { 2026, 12, 1 }, HOURS, "", { H(14, 0), H(16, 30) } },
	{ { "demain", "de", "14", "h", "30", "à", "16", "h", "30", "viroin" }, "viroin", { 2026, 11, 25 }, HOURS, "as typographers have it",
	  { H(14, 30), H(16, 30) } },
	{ { "grange", "on", "friday", "from", "2pm", "to", "4pm" }, "grange", { 2026, 11, 27 }, HOURS, "", { H(14, 0), H(16, 0) } },
	{ { "grange", "14h-16h", "25", "novembre" }, "grange", { 2026, 11, 25 }, HOURS, "a date behind hours is no minutes", { H(14, 0), H(16, 0) } },
	{ { "14h-16h", "25/11", "grange" }, "grange", { 2026, 11, 25 }, HOURS, "", { H(14, 0), H(16, 0) } },
	{ { "25", "novembre", "14h", "-", "16h" }, "", { 2026, 11, 25 }, HOURS, "", { H(14, 0), H(16, 0) } },
	{ { "Bulle", "12", "14h-16h" }, "Bulle 12", NO_DATE, HOURS, "a number of the name", { H(14, 0), H(16, 0) } },
	{ { "14h-16h", "14:00–16:00" }, "", NO_DATE, HOURS, "the same hours twice are one", { H(14, 0), H(16, 0) } },
	{ { "salle", "14-16" }, "salle 14-16", NO_DATE, NO_PART, "bare numbers are of the name", NO_HOURS },
	{ { "demain \u0301" }, "", { 2026, 11, 25 }, NO_PART, "", NO_HOURS },
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
		ROW_HOLDS(wish.when.hours.from == wishes[i].hours.from && wish.when.hours.until == wishes[i].hours.until, "row %zu %s: %s", i,
		          wishes[i].why, range_words(arena, wish.when.hours));
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
	{ { "A4", "14h-16h", "morning" }, "part", "hours and a half-day" },
	{ { "A4", "14h-16h", "15h-17h" }, "part", "hours twice" },
	{ { "A4", "demain", "à", "14h" }, "hours", "until when?" },
	{ { "A4", "16h-14h" }, "hours", "backwards" },
	{ { "A4", "de", "14h", "à", "25h" }, "hours", "" },
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
