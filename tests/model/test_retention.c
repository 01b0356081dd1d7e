/* test_retention.c — the first day that is still kept. */
#include "table.h"

#include "hacktiv/model.h"

static const struct {
	const char *today;
	enum kept kept;
	const char *first;
	const char *why;
} rows[] = {
	{ "2026-11-28", KEPT_BOOKINGS, "2024-11-01", "two years, from the beginning of the month" },
	{ "2026-11-01", KEPT_BOOKINGS, "2024-11-01", "the first day of a month" },
	{ "2026-10-31", KEPT_BOOKINGS, "2024-10-01", "the day before it" },
	{ "2026-01-15", KEPT_SIGNUPS, "2025-01-01", "over the year" },
	{ "2028-02-29", KEPT_AUDIT, "2027-02-01", "a day that the year before has not" },
	{ "2026-12-31", KEPT_SIGNUPS, "2025-12-01", "December is a month" },
};

static void months_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct local_date today, first;
		assert_true(date_from_iso(rows[i].today, &today, NULL) && date_from_iso(rows[i].first, &first, NULL));
		ROW_HOLDS(date_equal(retention_first_day(rows[i].kept, today), first), "%s", rows[i].why);
	}
}

static void every_period_has_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < RETENTIONS; i++)
		ROW_HOLDS(retentions[i].months > 0 && retentions[i].what[0] && retentions[i].source[0], "%zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(months_are_whole), cmocka_unit_test(every_period_has_a_reason) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
