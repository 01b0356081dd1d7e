/* test_say.c — dates and times said back: in full, and so that typing what was read means the same day. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const struct {
	struct local_date date;
	const char *words, *words_long, *near;
} dates[] = {
	{ { 2026, 11, 24 }, "Tue 24/11/2026", "Tuesday 24 November 2026", "today" },
	{ { 2026, 11, 25 }, "Wed 25/11/2026", "Wednesday 25 November 2026", "tomorrow" },
	{ { 2026, 11, 26 }, "Thu 26/11/2026", "Thursday 26 November 2026", "Thu 26/11/2026" },
	{ { 2026, 11, 23 }, "Mon 23/11/2026", "Monday 23 November 2026", "Mon 23/11/2026" },
	{ { 2027, 5, 1 }, "Sat 01/05/2027", "Saturday 1 May 2027", "Sat 01/05/2027" },
	{ { 2032, 2, 29 }, "Sun 29/02/2032", "Sunday 29 February 2032", "Sun 29/02/2032" },
	{ { 2100, 12, 31 }, "Fri 31/12/2100", "Friday 31 December 2100", "Fri 31/12/2100" },
};

static const struct local_date today = { 2026, 11, 24 };

static void dates_are_said_in_full(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		assert_string_equal(date_words(arena, dates[i].date), dates[i].words);
		assert_string_equal(date_words_long(arena, dates[i].date), dates[i].words_long);
		assert_string_equal(date_words_near(arena, dates[i].date, today), dates[i].near);
		assert_memory_equal(date_words_short(arena, dates[i].date), dates[i].words, strlen("Tue 24/11"));
	}
	arena_free(arena);
}

static void what_is_said_is_understood(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int ahead = -400; ahead <= 800; ahead++) {
		struct local_date date = date_plus(today, ahead);
		const char *said[] = { date_words(arena, date), date_words_long(arena, date), date_words_near(arena, date, today) };
		for (size_t i = 0; i < COUNT_OF(said); i++) {
			struct local_date understood = { 0, 0, 0 };
			struct problem why = { PROBLEM_NONE, "", "" };
			ROW_HOLDS(date_from_words(said[i], today, &understood, &why), "%s: %s", said[i], why.text);
			ROW_HOLDS(date_equal(understood, date), "%s", said[i]);
		}
	}
	arena_free(arena);
}

static void times_have_two_digits(void **state)
{
	(void)state;
	static const struct { int minutes; const char *words; } rows[] = {
		{ 0, "00:00" }, { 9, "00:09" }, { 8 * 60 + 30, "08:30" }, { 13 * 60, "13:00" }, { 24 * 60, "24:00" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(minutes_words(arena, rows[i].minutes), rows[i].words);
	arena_free(arena);
}

static void instants_are_said_in_the_zone_of_the_space(void **state)
{
	(void)state;
	static const struct { const char *instant, *zone, *words; } rows[] = {
		{ "2026-11-24T07:30:00Z", "Europe/Brussels", "Tue 24/11/2026 08:30" },
		{ "2026-11-24T23:30:00Z", "Europe/Paris", "Wed 25/11/2026 00:30" },
		{ "2027-03-28T00:59:00Z", "Europe/Paris", "Sun 28/03/2027 01:59" },
		{ "2027-03-28T01:00:00Z", "Europe/Paris", "Sun 28/03/2027 03:00" },
		{ "2026-10-25T00:30:00Z", "Europe/Brussels", "Sun 25/10/2026 02:30" },
		{ "2026-10-25T01:30:00Z", "Europe/Brussels", "Sun 25/10/2026 02:30" },
	};
	struct zones *zones = zones_new();
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t instant;
		const struct zone *zone = zones_find(zones, rows[i].zone, NULL);
		assert_non_null(zone);
		assert_true(instant_from_text(rows[i].instant, &instant, NULL));
		assert_string_equal(instant_words(arena, zone, instant), rows[i].words);
	}
	arena_free(arena);
	zones_free(zones);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_said_in_full),
		cmocka_unit_test(what_is_said_is_understood),
		cmocka_unit_test(times_have_two_digits),
		cmocka_unit_test(instants_are_said_in_the_zone_of_the_space),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
