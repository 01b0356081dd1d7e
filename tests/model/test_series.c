/* test_series.c — from a rule to dates, over months, leap days, changing clocks and the end of what can be written. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define MON 1u
#define TUE 2u
#define THU 8u
#define SUN 64u
#define NO_DATE { 0, 0, 0 }

static const struct {
	struct local_date first;
	struct series_rule rule;
	const char *dates;      /* month-day of each */
	const char *why;
} rows[] = {
	{ { 2026, 11, 24 }, { SERIES_WEEK, 1, 0, 3, NO_DATE }, "11-24 12-01 12-08", "the weekday of the first" },
	{ { 2026, 11, 24 }, { SERIES_WEEK, 2, 0, 3, NO_DATE }, "11-24 12-08 12-22", "every second week" },
	{ { 2026, 11, 24 }, { SERIES_WEEK, 1, MON | THU, 3, NO_DATE }, "11-26 11-30 12-03", "a Tuesday that is not one of them" },
	{ { 2026, 11, 24 }, { SERIES_WEEK, 2, MON | TUE, 4, NO_DATE }, "11-24 12-07 12-08 12-21", "D03 weeks begin on Monday: the first has only its Tuesday" },
	{ { 2026, 11, 29 }, { SERIES_WEEK, 2, SUN | MON, 3, NO_DATE }, "11-29 12-07 12-13", "a Sunday is the end of its week" },
	{ { 2026, 11, 24 }, { SERIES_DAY, 1, 0, 0, { 2026, 11, 26 } }, "11-24 11-25 11-26", "until is the last of them" },
	{ { 2026, 11, 24 }, { SERIES_DAY, 3, 0, 3, NO_DATE }, "11-24 11-27 11-30", "every third day" },
	{ { 2026, 11, 27 }, { SERIES_WEEKDAY, 1, 0, 3, NO_DATE }, "11-27 11-30 12-01", "over a weekend" },
	{ { 2026, 11, 28 }, { SERIES_WEEKDAY, 1, 0, 1, NO_DATE }, "11-30", "from a Saturday" },
	{ { 2026, 11, 24 }, { SERIES_DAY, 1, 0, 0, { 2026, 11, 23 } }, "", "until before the first" },
	{ { 2028, 2, 28 }, { SERIES_DAY, 1, 0, 3, NO_DATE }, "02-28 02-29 03-01", "D03 29 February" },
	{ { 2027, 2, 28 }, { SERIES_DAY, 1, 0, 2, NO_DATE }, "02-28 03-01", "D03 a year without it" },
	{ { 2100, 2, 28 }, { SERIES_DAY, 1, 0, 2, NO_DATE }, "02-28 03-01", "D03 2100 is no leap year" },
	{ { 2026, 12, 30 }, { SERIES_DAY, 1, 0, 3, NO_DATE }, "12-30 12-31 01-01", "D03 the end of a year" },
	{ { 2038, 1, 18 }, { SERIES_DAY, 1, 0, 3, NO_DATE }, "01-18 01-19 01-20", "D03 19 January 2038" },
	{ { 2100, 12, 30 }, { SERIES_DAY, 1, 0, 5, NO_DATE }, "12-30 12-31", "D03 no further than dates go" },
	{ { 2027, 3, 27 }, { SERIES_DAY, 1, 0, 3, NO_DATE }, "03-27 03-28 03-29", "D01 a day of 23 hours is a day" },
	{ { 2026, 10, 24 }, { SERIES_DAY, 1, 0, 3, NO_DATE }, "10-24 10-25 10-26", "D01 so is one of 25" },
};

static void rules_become_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct local_date dates[SERIES_DATES_MAX];
		bool more;
		char told[400] = "";
		size_t count = series_dates(rows[i].first, &rows[i].rule, dates, &more);
		for (size_t d = 0; d < count; d++)
			snprintf(told + strlen(told), sizeof told - strlen(told), "%s%02d-%02d", d ? " " : "", dates[d].month, dates[d].day);
		ROW_HOLDS(strcmp(told, rows[i].dates) == 0 && !more, "row %zu %s: %s", i, rows[i].why, told);
	}
}

static void too_many_are_told(void **state)
{
	(void)state;
	struct local_date dates[SERIES_DATES_MAX];
	bool more;
	struct series_rule rule = { SERIES_DAY, 1, 0, SERIES_DATES_MAX, NO_DATE };
	assert_int_equal(series_dates((struct local_date){ 2026, 1, 1 }, &rule, dates, &more), SERIES_DATES_MAX);
	assert_false(more);
	rule.count++;
	assert_int_equal(series_dates((struct local_date){ 2026, 1, 1 }, &rule, dates, &more), SERIES_DATES_MAX);
	assert_true(more);
	rule = (struct series_rule){ SERIES_WEEK, 1, 0, 0, { 2100, 12, 31 } };
	series_dates((struct local_date){ 2026, 1, 1 }, &rule, dates, &more);
	assert_true(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rules_become_dates), cmocka_unit_test(too_many_are_told) };
	return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
