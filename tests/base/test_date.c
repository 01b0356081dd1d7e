/* test_date.c — the calendar, day by day. */
#include "table.h"

#include <string.h>
#include <time.h>

static void every_day_goes_there_and_back(void **state)
{
	(void)state;
	struct local_date date = { 2000, 1, 1 };
	int32_t days = 10957;   /* from 1970-01-01, known */
	int weekday = 6;        /* 1 January 2000 was a Saturday */
	for (; date.year <= DATE_YEAR_MAX; days++) {
		struct tm parts;
		time_t noon = (time_t)days * 86400 + 43200;
		gmtime_r(&noon, &parts);
		struct local_date libc = { parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday };
		char text[DATE_ISO_SIZE];
		struct local_date read;
		date_to_iso(date, text);
		ROW_HOLDS(date_is_valid(date), "%s", text);
		ROW_HOLDS(date_equal(date, libc), "%s is not the libc's day", text);
		ROW_HOLDS(date_to_days(date) == days, "%s", text);
		ROW_HOLDS(date_equal(date_from_days(days), date), "%s", text);
		ROW_HOLDS(date_weekday(date) == weekday, "%s", text);
		ROW_HOLDS(date_from_iso(text, &read, NULL) && date_equal(read, date), "%s", text);

		weekday = weekday % 7 + 1;
		struct local_date next = date_plus(date, 1);
		ROW_HOLDS(date_compare(date, next) < 0 && date_compare(next, date) > 0, "%s", text);
		ROW_HOLDS(date_equal(date_plus(next, -1), date), "%s", text);
		date = next;
	}
	assert_int_equal(days, 10957 + 36525 + 365);
}

static void dates_that_are_none_are_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"", "2026", "2026-7-21", "2026-07-21 ", " 2026-07-21", "2026/07/21", "21-07-2026", "2026-02-29", "2100-02-29",
		"2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "1999-12-31", "2101-01-01", "0000-00-00", "2026-07-2x",
		"2026-07-211", "+026-07-21", "２０２６-07-21",
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct local_date date = { 1, 2, 3 };
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(!date_from_iso(wrong[i], &date, &why), "\"%s\"", wrong[i]);
		ROW_HOLDS(why.kind == PROBLEM_INVALID && strcmp(why.field, "date") == 0 && why.text[0], "\"%s\"", wrong[i]);
		ROW_HOLDS(date.year == 1 && date.month == 2 && date.day == 3, "\"%s\" left something behind", wrong[i]);
	}
	assert_false(date_from_iso(NULL, &(struct local_date){ 0, 0, 0 }, NULL));
}

static void months_have_their_days(void **state)
{
	(void)state;
	static const struct {
		int year, month, days;
	} rows[] = {
		{ 2000, 2, 29 }, { 2024, 2, 29 }, { 2026, 2, 28 }, { 2100, 2, 28 }, { 2026, 1, 31 }, { 2026, 4, 30 },
		{ 2026, 12, 31 }, { 2026, 0, 0 }, { 2026, 13, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ROW_HOLDS(date_days_in_month(rows[i].year, rows[i].month) == rows[i].days, "%d-%d", rows[i].year, rows[i].month);
}

static void far_days_do_not_overflow(void **state)
{
	(void)state;
	assert_int_equal(date_to_days(date_from_days(INT32_MAX)), INT32_MAX);
	assert_int_equal(date_to_days(date_from_days(INT32_MIN)), INT32_MIN);
	assert_false(date_is_valid(date_plus((struct local_date){ 2100, 12, 31 }, INT32_MAX)));
	assert_false(date_is_valid(date_plus((struct local_date){ 2000, 1, 1 }, INT32_MIN)));
	char text[DATE_ISO_SIZE];
	date_to_iso(date_from_days(INT32_MAX), text);
	assert_int_equal(strlen(text), 10);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_goes_there_and_back),
		cmocka_unit_test(dates_that_are_none_are_refused),
		cmocka_unit_test(months_have_their_days),
		cmocka_unit_test(far_days_do_not_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
