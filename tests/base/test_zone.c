/* test_zone.c — wall clocks and instants, held against libc's own reading of the same database. */
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const names[] = {
	"Europe/Brussels", "Europe/Paris", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe",
	"Pacific/Apia", "Africa/Casablanca", "America/New_York", "Europe/Dublin", "UTC",
};

static const time_t first_instant = 946684800;    /* 2000-01-01T00:00Z */
static const time_t last_instant = 4133894400;    /* 2100-12-31T00:00Z */

static void ask_libc_about(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static void instants_read_as_libc_reads_them(void **state)
{
	struct zones *zones = *state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct zone *zone = zones_find(zones, names[i], NULL);
		assert_non_null(zone);
		assert_string_equal(zone_name(zone), names[i]);
		ask_libc_about(names[i]);
		for (time_t at = first_instant; at <= last_instant; at += 6 * 3600 + 7) {
			struct tm libc;
			localtime_r(&at, &libc);
			struct wall_time wall = zone_wall(zone, at);
			ROW_HOLDS(wall.date.year == libc.tm_year + 1900 && wall.date.month == libc.tm_mon + 1 &&
			          wall.date.day == libc.tm_mday && wall.minutes == libc.tm_hour * 60 + libc.tm_min &&
			          wall.seconds == libc.tm_sec && wall.offset == libc.tm_gmtoff, "%s at %ld", names[i], (long)at);
		}
	}
}

/* All instants, earliest first, that libc shows as this wall time. No zone of today is further than 14 h from UTC. */
static int libc_meanings(struct local_date date, int minutes, time_t found[2])
{
	int count = 0;
	time_t utc = (time_t)date_to_days(date) * 86400 + (time_t)minutes * 60;
	for (time_t at = utc - 15 * 3600; at <= utc + 13 * 3600; at += 900) {
		struct tm libc;
		localtime_r(&at, &libc);
		struct local_date shown = { libc.tm_year + 1900, libc.tm_mon + 1, libc.tm_mday };
		if (date_equal(shown, date) && libc.tm_hour * 60 + libc.tm_min == minutes && count < 2)
			found[count++] = at;
	}
	return count;
}

static void check_wall(const struct zone *zone, struct local_date date, int minutes)
{
	time_t found[2];
	int64_t instant = 0;
	enum wall_kind kind = zone_instant(zone, date, minutes, &instant);
	int meanings = libc_meanings(date, minutes, found);
	static const enum wall_kind kinds[] = { WALL_NEVER, WALL_ONCE, WALL_TWICE };
	ROW_HOLDS(kind == kinds[meanings], "%s %d-%d-%d minute %d: libc %d", zone_name(zone), date.year, date.month, date.day,
	          minutes, meanings);
	ROW_HOLDS(meanings == 0 || instant == found[0], "%s %d-%d-%d minute %d", zone_name(zone), date.year, date.month,
	          date.day, minutes);
}

/* Every half-hour of each day whose clocks change, and noon of all others. */
static void wall_times_mean_what_libc_says(void **state)
{
	struct zones *zones = *state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct zone *zone = zones_find(zones, names[i], NULL);
		ask_libc_about(names[i]);
		int changes = 0;
		for (int32_t day = 10958; day < 10958 + 36800; day++) {
			struct tm before, after;
			localtime_r(&(time_t){ (time_t)day * 86400 - 50400 }, &before);
			localtime_r(&(time_t){ (time_t)day * 86400 + 50400 + 86400 }, &after);
			if (before.tm_gmtoff == after.tm_gmtoff) {
				if (day % 10 == 0)
					check_wall(zone, date_from_days(day), 12 * 60);
				continue;
			}
			changes++;
			for (int minutes = 0; minutes < 1440 && changes < 60; minutes += 30)
				check_wall(zone, date_from_days(day), minutes);
		}
		ROW_HOLDS(changes > 0 || strcmp(names[i], "UTC") == 0 || strcmp(names[i], "Asia/Kathmandu") == 0, "%s", names[i]);
	}
}

static void the_two_odd_nights_of_2026(void **state)
{
	static const struct {
		const char *zone;
		struct local_date date;
		int minutes;
		enum wall_kind kind;
		const char *instant;
		const char *why;
	} rows[] = {
		{ "Europe/Paris", { 2026, 3, 29 }, 119, WALL_ONCE, "2026-03-29T01:59:00+01:00", "the last minute of winter" },
		{ "Europe/Paris", { 2026, 3, 29 }, 120, WALL_NEVER, "2026-03-29T03:00:00+02:00", "the first minute that is skipped" },
		{ "Europe/Paris", { 2026, 3, 29 }, 150, WALL_NEVER, "2026-03-29T03:30:00+02:00", "as if clocks had not moved" },
		{ "Europe/Paris", { 2026, 3, 29 }, 180, WALL_ONCE, "2026-03-29T03:00:00+02:00", "summer" },
		{ "Europe/Brussels", { 2026, 10, 25 }, 119, WALL_ONCE, "2026-10-25T01:59:00+02:00", "before the hour that comes twice" },
		{ "Europe/Brussels", { 2026, 10, 25 }, 120, WALL_TWICE, "2026-10-25T02:00:00+02:00", "the first of the two" },
		{ "Europe/Brussels", { 2026, 10, 25 }, 150, WALL_TWICE, "2026-10-25T02:30:00+02:00", "the first of the two" },
		{ "Europe/Brussels", { 2026, 10, 25 }, 180, WALL_ONCE, "2026-10-25T03:00:00+01:00", "winter" },
		{ "Europe/Brussels", { 2026, 3, 29 }, 0, WALL_ONCE, "2026-03-29T00:00:00+01:00", "a 23-hour day begins" },
		{ "Europe/Brussels", { 2026, 3, 29 }, 1440, WALL_ONCE, "2026-03-30T00:00:00+02:00", "and ends" },
		{ "America/New_York", { 2026, 3, 8 }, 150, WALL_NEVER, "2026-03-08T03:30:00-04:00", "west of Greenwich too" },
		{ "Australia/Lord_Howe", { 2026, 10, 4 }, 135, WALL_NEVER, "2026-10-04T02:45:00+11:00", "a jump of half an hour" },
		{ "Pacific/Apia", { 2011, 12, 30 }, 720, WALL_NEVER, "2011-12-31T12:00:00+14:00", "a whole day skipped" },
		{ "Asia/Kathmandu", { 2026, 1, 1 }, 0, WALL_ONCE, "2026-01-01T00:00:00+05:45", "quarters of an hour" },
		{ "Europe/Paris", { 2099, 7, 1 }, 600, WALL_ONCE, "2099-07-01T10:00:00+02:00", "long after the last transition listed" },
	};
	struct zones *zones = *state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct zone *zone = zones_find(zones, rows[i].zone, NULL);
		int64_t instant;
		char text[INSTANT_TEXT_SIZE];
		ROW_HOLDS(zone_instant(zone, rows[i].date, rows[i].minutes, &instant) == rows[i].kind, "%s", rows[i].why);
		instant_to_text(zone, instant, text);
		ROW_HOLDS(strcmp(text, rows[i].instant) == 0, "%s (got %s)", rows[i].why, text);
	}
}

static void names_that_are_none_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "Europe", "Europe/Atlantis", "../../../etc/passwd", "/etc/localtime", "Europe/Paris/", "Europe//../Paris",
		"Europe/Paris\n", "zone.tab", "leapseconds", "Europe/Pärnu",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(!zones_find(*state, wrong[i], &why), "\"%s\"", wrong[i]);
		ROW_HOLDS(why.kind == PROBLEM_NOT_FOUND && strcmp(why.field, "tz") == 0, "\"%s\"", wrong[i]);
		ROW_HOLDS(!strchr(why.text, '\n'), "\"%s\"", wrong[i]);
	}
	assert_null(zones_find(*state, NULL, NULL));
}

static void a_zone_is_read_once(void **state)
{
	const struct zone *first = zones_find(*state, "Europe/Madrid", NULL);
	assert_non_null(first);
	assert_ptr_equal(zones_find(*state, "Europe/Madrid", NULL), first);
}

static void far_instants_do_not_overflow(void **state)
{
	const struct zone *zone = zones_find(*state, "Europe/Paris", NULL);
	static const int64_t far[] = { INT64_MAX, INT64_MIN, INT64_MAX / 2, -1, 0 };
	for (size_t i = 0; i < COUNT_OF(far); i++) {
		char text[INSTANT_TEXT_SIZE];
		instant_to_text(zone, far[i], text);
		assert_int_equal(strlen(text), INSTANT_TEXT_SIZE - 1);
	}
}

static int open_zones(void **state)
{
	*state = zones_new();
	return 0;
}

static int close_zones(void **state)
{
	zones_free(*state);
	zones_free(NULL);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_read_as_libc_reads_them),
		cmocka_unit_test(wall_times_mean_what_libc_says),
		cmocka_unit_test(the_two_odd_nights_of_2026),
		cmocka_unit_test(names_that_are_none_are_refused),
		cmocka_unit_test(a_zone_is_read_once),
		cmocka_unit_test(far_instants_do_not_overflow),
	};
	return cmocka_run_group_tests(tests, open_zones, close_zones);
}
