/* test_clock.c — instants as text, the clock, and the ids that are made of both. */
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void instants_are_read_as_rfc_3339_writes_them(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t instant;
	} rows[] = {
		{ "2000-01-01T00:00:00Z", 946684800 },
		{ "2026-11-24T10:00:00+01:00", 1795510800 },
		{ "2026-11-24T09:00:00Z", 1795510800 },
		{ "2026-11-24t09:00:00z", 1795510800 },
		{ "2026-11-24T09:00:00-00:00", 1795510800 },
		{ "2026-11-23T23:15:00-09:45", 1795510800 },
		{ "2100-12-31T23:59:59Z", 4133980799 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t instant;
		ROW_HOLDS(instant_from_text(rows[i].text, &instant, NULL), "%s", rows[i].text);
		ROW_HOLDS(instant == rows[i].instant, "%s gave %lld", rows[i].text, (long long)instant);
	}
	static const char *const wrong[] = {
		"", "2026-11-24", "2026-11-24T10:00:00", "2026-11-24 10:00:00Z", "2026-11-24T10:00Z", "2026-11-24T24:00:00Z",
		"2026-11-24T10:60:00Z", "2026-11-24T10:00:60Z", "2026-11-24T10:00:00.5Z", "2026-11-24T10:00:00+1:00",
		"2026-11-24T10:00:00+24:00", "2026-11-24T10:00:00+01:60", "2026-02-30T10:00:00Z", "1999-12-31T23:59:59Z",
		"2026-11-24T10:00:00Z ", "2026-11-24T10:00:00+01:00x",
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct problem why = { PROBLEM_NONE, "", "" };
		int64_t instant = 42;
		ROW_HOLDS(!instant_from_text(wrong[i], &instant, &why), "\"%s\"", wrong[i]);
		ROW_HOLDS(why.kind == PROBLEM_INVALID && instant == 42, "\"%s\"", wrong[i]);
	}
	assert_false(instant_from_text(NULL, &(int64_t){ 0 }, NULL));
}

static void instants_are_written_with_the_offset_of_their_zone(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		const char *text;
	} rows[] = {
		{ "Europe/Brussels", "2026-11-24T10:00:00+01:00" }, { "Europe/Paris", "2026-07-14T00:00:01+02:00" },
		{ "UTC", "2026-11-24T09:00:00+00:00" }, { "America/St_Johns", "2026-11-24T05:30:00-03:30" },
	};
	struct zones *zones = zones_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t instant;
		char text[INSTANT_TEXT_SIZE];
		assert_true(instant_from_text(rows[i].text, &instant, NULL));
		instant_to_text(zones_find(zones, rows[i].zone, NULL), instant, text);
		assert_string_equal(text, rows[i].text);
	}
	zones_free(zones);
}

static void the_environment_can_stop_the_clock(void **state)
{
	(void)state;
	struct clock clock;
	struct problem why;
	setenv("HACKTIV_NOW", "2026-11-24T10:00:00+01:00", 1);
	assert_true(clock_from_environment(&clock, &why));
	assert_true(clock.fixed);
	assert_int_equal(clock_now(&clock), 1795510800);
	assert_int_equal(clock_now_ms(&clock), 1795510800000);

	static const char *const running[] = { NULL, "" };
	for (size_t i = 0; i < COUNT_OF(running); i++) {
		if (running[i])
			setenv("HACKTIV_NOW", running[i], 1);
		else
			unsetenv("HACKTIV_NOW");
		assert_true(clock_from_environment(&clock, &why));
		assert_false(clock.fixed);
		assert_in_range(clock_now(&clock), time(NULL) - 5, time(NULL) + 5);
		assert_in_range(clock_now_ms(&clock) / 1000, time(NULL) - 5, time(NULL) + 5);
	}
	setenv("HACKTIV_NOW", "tomorrow", 1);
	assert_false(clock_from_environment(&clock, &why));
	assert_int_equal(why.kind, PROBLEM_INVALID);
	assert_string_equal(why.field, "HACKTIV_NOW");
	int64_t before = clock_monotonic_ms();
	assert_true(clock_monotonic_ms() >= before);
	int64_t awake = clock_monotonic_ms();
	assert_true(clock_asleep_too_ms() >= awake);   /* never behind the one that stands still in a sleep */
}

static void ids_are_valid_differ_and_sort_by_time(void **state)
{
	(void)state;
	char previous[UUID_SIZE] = "";
	for (int64_t at = 946684800; at < 4133980799; at += 31556952) {
		struct clock clock = { true, at };
		char id[UUID_SIZE], again[UUID_SIZE];
		uuid_make(&clock, id);
		uuid_make(&clock, again);
		assert_true(uuid_is_valid(id));
		assert_int_equal(id[14], '7');
		assert_non_null(strchr("89ab", id[19]));
		assert_string_not_equal(id, again);
		assert_true(strcmp(previous, id) < 0);
		memcpy(previous, id, sizeof id);
	}
	/* The first 48 bits are the milliseconds, so another program reads the same time from them. */
	struct clock clock = { true, 1645557742 };
	char id[UUID_SIZE];
	uuid_make(&clock, id);
	assert_memory_equal(id, "017f22e2-79b0-7", 15);
}

static void ids_that_are_none_are_refused(void **state)
{
	(void)state;
	assert_true(uuid_is_valid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
	assert_true(uuid_is_valid("00000000-0000-0000-0000-000000000000"));
	static const char *const wrong[] = {
		"", "017f22e2", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "017f22e279b07cc398c4dc0c0c07398f",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2_79b0_7cc3_98c4_dc0c0c07398f",
		"{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++)
		ROW_HOLDS(!uuid_is_valid(wrong[i]), "\"%s\"", wrong[i]);
	assert_false(uuid_is_valid(NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_read_as_rfc_3339_writes_them),
		cmocka_unit_test(instants_are_written_with_the_offset_of_their_zone),
		cmocka_unit_test(the_environment_can_stop_the_clock),
		cmocka_unit_test(ids_are_valid_differ_and_sort_by_time),
		cmocka_unit_test(ids_that_are_none_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
