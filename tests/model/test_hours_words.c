/* test_hours_words.c — hours of a day as people type them, in French and English. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define H(hours, minutes) ((hours) * 60 + (minutes))

static const struct { const char *text; int from, until; } understood[] = {
	{ "14:00-16:00", H(14, 0), H(16, 0) },
	{ "14:00–16:00", H(14, 0), H(16, 0) },           /* as we say it */
	{ "14:00 - 16:30", H(14, 0), H(16, 30) },
	{ "9:00-10:15", H(9, 0), H(10, 15) },
	{ "14h-16h", H(14, 0), H(16, 0) },
	{ "14H-16H", H(14, 0), H(16, 0) },
	{ "14-16h", H(14, 0), H(16, 0) },
	{ "14h-16", H(14, 0), H(16, 0) },
	{ "14h30-16h45", H(14, 30), H(16, 45) },
	{ "14h à 16h", H(14, 0), H(16, 0) },
	{ "14h a 16h", H(14, 0), H(16, 0) },
	{ "de 14h à 16h", H(14, 0), H(16, 0) },
	{ "de 14 à 16h", H(14, 0), H(16, 0) },
	{ "de 14 h à 16 h", H(14, 0), H(16, 0) },
	{ "de 14\u00a0h\u00a030 à 16\u202fh\u202f30", H(14, 30), H(16, 30) },
	{ "de 9 heures à 10 heures 30", H(9, 0), H(10, 30) },
	{ "entre 10h et midi", H(10, 0), H(12, 0) },
	{ "de midi à 14h", H(12, 0), H(14, 0) },
	{ "10h jusqu'à 11h", H(10, 0), H(11, 0) },
	{ "à 10h jusqu’à 11h", H(10, 0), H(11, 0) },
	{ "22h-minuit", H(22, 0), H(24, 0) },
	{ "0h-24h", 0, H(24, 0) },
	{ "2pm-4pm", H(14, 0), H(16, 0) },
	{ "2-4pm", H(14, 0), H(16, 0) },
	{ "11-1pm", H(11, 0), H(13, 0) },
	{ "9am-noon", H(9, 0), H(12, 0) },
	{ "12am-1am", 0, H(1, 0) },
	{ "12pm to 1:30pm", H(12, 0), H(13, 30) },
	{ "from 14:00 to 16:00", H(14, 0), H(16, 0) },
	{ "from 2 pm until 4 pm", H(14, 0), H(16, 0) },
	{ "between 10:00 and 11:00", H(10, 0), H(11, 0) },
};

static void hours_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(understood); i++) {
		struct minute_range hours = { -1, -1 };
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(hours_from_words(understood[i].text, &hours, &why), "%s: %s", understood[i].text, why.text);
		ROW_HOLDS(hours.from == understood[i].from && hours.until == understood[i].until, "%s: %d to %d", understood[i].text, hours.from,
		          hours.until);
	}
}

static void every_quarter_is_understood_as_it_is_said(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int from = 0; from < H(24, 0); from += 15) {
		for (int until = from + 15; until <= H(24, 0); until += 15) {
			struct minute_range hours = { -1, -1 };
			const char *said = range_words(arena, (struct minute_range){ from, until });
			ROW_HOLDS(hours_from_words(said, &hours, NULL) && hours.from == from && hours.until == until, "%s", said);
		}
	}
	arena_free(arena);
}

static const char *const refused[] = {
	"", " ", "14", "14-16", "de 14 à 16", "14h", "à 14h", "14:00", "2pm", "midi", "16h-14h", "14h-14h", "14h-25h", "24h30-25h", "14:60-16:00",
	"14h75-16h", "13pm-14pm", "0pm-1pm", "14h-", "-16h", "14h--16h", "14h-16h-18h", "14h-16h x", "x 14h-16h", "140-160h", "14:0-16:0", "14:-16:",
	"14 16h", "1/2-3h", "14.30-16.30", "le 14", "tuesday", "A4", "h-h", "99999999999h-16h",
	"de de 14h à 16h", "1h 2h 3h 4h 5h 6h 7h 8h 9h 10h 11h 12h",
};

static void what_is_no_hours_is_refused_with_an_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct minute_range hours = { 1, 2 };
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(!hours_from_words(refused[i], &hours, &why), "“%s”: %d to %d", refused[i], hours.from, hours.until);
		ROW_HOLDS(hours.from == 1 && hours.until == 2, "“%s”", refused[i]);
		ROW_HOLDS(why.kind == PROBLEM_INVALID && strcmp(why.field, "hours") == 0 && strstr(why.text, "14:00-16:00"), "“%s”: %s", refused[i],
		          why.text);
		ROW_HOLDS(!hours_from_words(refused[i], &hours, NULL), "“%s”", refused[i]);
	}
}

static void a_megabyte_is_refused_at_once(void **state)
{
	(void)state;
	static const char *const fills[] = { "14h-", "1", "-", "é", " ", "h" };
	for (size_t i = 0; i < COUNT_OF(fills); i++) {
		char *text = calloc(1024 * 1024, 1);
		assert_non_null(text);
		for (size_t at = 0; at + strlen(fills[i]) < 1024 * 1024; at += strlen(fills[i]))
			memcpy(text + at, fills[i], strlen(fills[i]));
		struct minute_range hours;
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(!hours_from_words(text, &hours, &why) && why.text[0], "%s", fills[i]);
		free(text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_are_understood),
		cmocka_unit_test(every_quarter_is_understood_as_it_is_said),
		cmocka_unit_test(what_is_no_hours_is_refused_with_an_example),
		cmocka_unit_test(a_megabyte_is_refused_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
