/* test_holiday.c — the legal holidays of two countries, fixed and moving. Dates of Easter: checked 2024–2032 by computation
 * and against published calendars; Belgium: law of 4 January 1974; France: Code du travail L3133-1. */
#include "table.h"

#include <string.h>

#include "hacktiv/model.h"

static const struct {
	int year;
	struct local_date easter, easter_monday, ascension, whit_monday;
} moving[] = {
	{ 2024, { 2024, 3, 31 }, { 2024, 4, 1 },  { 2024, 5, 9 },  { 2024, 5, 20 } },
	{ 2025, { 2025, 4, 20 }, { 2025, 4, 21 }, { 2025, 5, 29 }, { 2025, 6, 9 } },
	{ 2026, { 2026, 4, 5 },  { 2026, 4, 6 },  { 2026, 5, 14 }, { 2026, 5, 25 } },
	{ 2027, { 2027, 3, 28 }, { 2027, 3, 29 }, { 2027, 5, 6 },  { 2027, 5, 17 } },
	{ 2028, { 2028, 4, 16 }, { 2028, 4, 17 }, { 2028, 5, 25 }, { 2028, 6, 5 } },
	{ 2029, { 2029, 4, 1 },  { 2029, 4, 2 },  { 2029, 5, 10 }, { 2029, 5, 21 } },
	{ 2030, { 2030, 4, 21 }, { 2030, 4, 22 }, { 2030, 5, 30 }, { 2030, 6, 10 } },
	{ 2031, { 2031, 4, 13 }, { 2031, 4, 14 }, { 2031, 5, 22 }, { 2031, 6, 2 } },
	{ 2032, { 2032, 3, 28 }, { 2032, 3, 29 }, { 2032, 5, 6 },  { 2032, 5, 17 } },
};

static void moving_feasts_follow_easter(void **state)
{
	(void)state;
	static const enum country countries[] = { COUNTRY_BELGIUM, COUNTRY_FRANCE };
	for (size_t i = 0; i < COUNT_OF(moving); i++) {
		ROW_HOLDS(date_equal(easter_sunday(moving[i].year), moving[i].easter), "%d", moving[i].year);
		for (size_t c = 0; c < COUNT_OF(countries); c++) {
			ROW_HOLDS(holiday_on(countries[c], moving[i].easter) == HOLIDAY_NONE, "%d: a Sunday, no legal holiday", moving[i].year);
			ROW_HOLDS(holiday_on(countries[c], moving[i].easter_monday) == HOLIDAY_EASTER_MONDAY, "%d", moving[i].year);
			ROW_HOLDS(holiday_on(countries[c], moving[i].ascension) == HOLIDAY_ASCENSION, "%d", moving[i].year);
			ROW_HOLDS(holiday_on(countries[c], moving[i].whit_monday) == HOLIDAY_WHIT_MONDAY, "%d", moving[i].year);
		}
	}
}

static void weekdays_of_moving_feasts_never_move(void **state)
{
	(void)state;
	for (int year = DATE_YEAR_MIN; year <= DATE_YEAR_MAX; year++) {
		struct local_date easter = easter_sunday(year);
		ROW_HOLDS(date_is_valid(easter) && date_weekday(easter) == 7, "%d", year);
		ROW_HOLDS(date_compare((struct local_date){ year, 3, 22 }, easter) <= 0 &&
		          date_compare(easter, (struct local_date){ year, 4, 25 }) <= 0, "%d", year);
	}
}

static const struct {
	struct local_date date;
	enum holiday belgium, france;
	const char *why;
} dates[] = {
	{ { 2026, 1, 1 },   HOLIDAY_NEW_YEAR, HOLIDAY_NEW_YEAR, "" },
	{ { 2026, 5, 1 },   HOLIDAY_LABOUR_DAY, HOLIDAY_LABOUR_DAY, "" },
	{ { 2026, 5, 8 },   HOLIDAY_NONE, HOLIDAY_VICTORY_1945, "France alone" },
	{ { 2026, 7, 14 },  HOLIDAY_NONE, HOLIDAY_BASTILLE_DAY, "France alone" },
	{ { 2026, 7, 21 },  HOLIDAY_BELGIAN_NATIONAL_DAY, HOLIDAY_NONE, "Belgium alone" },
	{ { 2026, 8, 15 },  HOLIDAY_ASSUMPTION, HOLIDAY_ASSUMPTION, "" },
	{ { 2026, 11, 1 },  HOLIDAY_ALL_SAINTS, HOLIDAY_ALL_SAINTS, "" },
	{ { 2026, 11, 11 }, HOLIDAY_ARMISTICE, HOLIDAY_ARMISTICE, "" },
	{ { 2026, 12, 25 }, HOLIDAY_CHRISTMAS, HOLIDAY_CHRISTMAS, "" },
	{ { 2026, 9, 27 },  HOLIDAY_NONE, HOLIDAY_NONE, "Fédération Wallonie-Bruxelles: not a legal holiday" },
	{ { 2026, 11, 2 },  HOLIDAY_NONE, HOLIDAY_NONE, "a day off in administrations only" },
	{ { 2026, 11, 15 }, HOLIDAY_NONE, HOLIDAY_NONE, "a day off in administrations only" },
	{ { 2026, 12, 26 }, HOLIDAY_NONE, HOLIDAY_NONE, "Alsace-Moselle only" },
	{ { 2026, 4, 3 },   HOLIDAY_NONE, HOLIDAY_NONE, "Good Friday: Alsace-Moselle only" },
	{ { 2026, 5, 24 },  HOLIDAY_NONE, HOLIDAY_NONE, "Whit Sunday" },
	{ { 2026, 11, 24 }, HOLIDAY_NONE, HOLIDAY_NONE, "an ordinary Tuesday" },
	{ { 2008, 5, 1 },   HOLIDAY_LABOUR_DAY, HOLIDAY_LABOUR_DAY, "also Ascension: the earlier row is told" },
	{ { 2059, 5, 8 },   HOLIDAY_ASCENSION, HOLIDAY_VICTORY_1945, "Ascension and 8 May" },
};

static void each_country_has_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		char text[DATE_ISO_SIZE];
		date_to_iso(dates[i].date, text);
		ROW_HOLDS(holiday_on(COUNTRY_BELGIUM, dates[i].date) == dates[i].belgium, "Belgium %s %s", text, dates[i].why);
		ROW_HOLDS(holiday_on(COUNTRY_FRANCE, dates[i].date) == dates[i].france, "France %s %s", text, dates[i].why);
		ROW_HOLDS(holiday_on(COUNTRY_UNKNOWN, dates[i].date) == HOLIDAY_NONE, "%s", text);
	}
}

/* Ten in Belgium, eleven in France, every year: fewer dates only where two fall together. */
static void the_law_counts_them(void **state)
{
	(void)state;
	for (int year = DATE_YEAR_MIN; year <= DATE_YEAR_MAX; year++) {
		struct local_date ascension = date_plus(easter_sunday(year), 39);
		bool on_1_may = ascension.month == 5 && ascension.day == 1, on_8_may = ascension.month == 5 && ascension.day == 8;
		int belgium = 0, france = 0, only_belgium = 0, only_france = 0;
		for (struct local_date date = { year, 1, 1 }; date.year == year; date = date_plus(date, 1)) {
			bool here = holiday_on(COUNTRY_BELGIUM, date), there = holiday_on(COUNTRY_FRANCE, date);
			belgium += here;
			france += there;
			only_belgium += here && !there;
			only_france += there && !here;
		}
		ROW_HOLDS(belgium == 10 - on_1_may, "%d: %d in Belgium", year, belgium);
		ROW_HOLDS(france == 11 - on_1_may - on_8_may, "%d: %d in France", year, france);
		ROW_HOLDS(only_belgium == 1 && only_france == 2 - on_8_may, "%d", year);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_feasts_follow_easter),
		cmocka_unit_test(weekdays_of_moving_feasts_never_move),
		cmocka_unit_test(each_country_has_its_own),
		cmocka_unit_test(the_law_counts_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
