/* test_judge.c — may it be booked, may it be cancelled: the rules on plain facts. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define H(hours, minutes) ((hours) * 60 + (minutes))
#define OPEN { { { H(9, 0), H(17, 0) } }, 1 }

static const struct closure summer = { { 2027, 7, 1 }, { 2027, 7, 10 }, "travaux" };

/* Open every day, holidays too, so that days of changing clocks can be booked. */
static const struct space every_day = {
	.id = "s1", .slug = "s1", .name = "Sept sur sept", .town = "Chimay", .country = COUNTRY_BELGIUM,
	.time_zone = "Europe/Brussels", .granule_s = 900, .vat_permille = 210,
	.opening = { .week = { OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN }, .boundary = H(13, 0), .country = COUNTRY_BELGIUM,
	             .open_on_holidays = true, .closures = &summer, .closure_count = 1 },
};
static const struct space belgian = {
	.id = "s2", .slug = "s2", .name = "La Ferme", .town = "Chimay", .country = COUNTRY_BELGIUM,
	.time_zone = "Europe/Brussels", .granule_s = 900, .vat_permille = 210,
	.opening = { .week = { OPEN, OPEN, { { { H(9, 0), H(12, 0) } }, 1 }, OPEN, OPEN, { .count = 0 }, { .count = 0 } },
	             .boundary = H(13, 0), .country = COUNTRY_BELGIUM },
};
/* Opens in the hour that is skipped on the last Sunday of March. */
static const struct space night = {
	.id = "s3", .slug = "s3", .name = "Nuit", .town = "Chimay", .country = COUNTRY_BELGIUM,
	.time_zone = "Europe/Brussels", .granule_s = 900, .vat_permille = 210,
	.opening = { .week = { [6] = { { { H(2, 30), H(8, 0) } }, 1 } }, .boundary = H(5, 0), .country = COUNTRY_BELGIUM },
};

static const struct resource desk = {
	.id = "r1", .name = "A4", .area = "Les Serres", .kind = RESOURCE_DESK, .state = RESOURCE_BOOKABLE, .state_reason = "",
	.capacity = 1, .half_day_cents = 800, .day_cents = 1400, .cancel_minutes = 60,
};
static const struct resource broken = {
	.id = "r2", .name = "A5", .area = "", .kind = RESOURCE_DESK, .state = RESOURCE_OUT_OF_ORDER,
	.state_reason = "écran en panne", .capacity = 1, .half_day_cents = -1, .day_cents = -1, .cancel_minutes = 0,
};

#define NOW "2026-11-24T10:00:00+01:00"

static const struct {
	const struct space *space;
	const struct resource *resource;
	struct half_day when;
	const char *now;
	bool taken, mine;
	int days_ahead_max;
	enum rule obstacles[4];   /* RULE_NONE ends them */
	const char *why;
} wishes[] = {
	{ &belgian, &desk, { { 2026, 11, 26 }, DAY_PART_MORNING }, NOW, false, false, 92, { RULE_NONE }, "nothing in the way" },
	{ &belgian, &desk, { { 2026, 11, 26 }, DAY_PART_MORNING }, NOW, true, false, 92, { RULE_SLOT_TAKEN }, "" },
	{ &belgian, &desk, { { 2026, 11, 26 }, DAY_PART_MORNING }, NOW, true, true, 92, { RULE_ALREADY_MINE }, "mine says more than taken" },
	{ &belgian, &broken, { { 2026, 11, 26 }, DAY_PART_MORNING }, NOW, false, false, 92, { RULE_RESOURCE_NOT_BOOKABLE }, "" },
	{ &belgian, &desk, { { 2026, 11, 28 }, DAY_PART_WHOLE }, NOW, false, false, 92, { RULE_SPACE_CLOSED }, "a Saturday" },
	{ &belgian, &desk, { { 2026, 11, 25 }, DAY_PART_AFTERNOON }, NOW, false, false, 92, { RULE_SPACE_CLOSED }, "no afternoon that day" },
	{ &belgian, &desk, { { 2026, 12, 25 }, DAY_PART_MORNING }, NOW, false, false, 92, { RULE_SPACE_CLOSED }, "Christmas" },
	{ &belgian, &desk, { { 2026, 11, 24 }, DAY_PART_MORNING }, NOW, false, false, 92, { RULE_NONE }, "begun but not over" },
	{ &belgian, &desk, { { 2026, 11, 24 }, DAY_PART_MORNING }, "2026-11-24T12:59:59+01:00", false, false, 92, { RULE_NONE }, "last second" },
	{ &belgian, &desk, { { 2026, 11, 24 }, DAY_PART_MORNING }, "2026-11-24T13:00:00+01:00", false, false, 92,
	  { RULE_BOOKING_STARTED }, "over: intervals are half-open" },
	{ &belgian, &desk, { { 2026, 11, 24 }, DAY_PART_AFTERNOON }, "2026-11-24T13:00:00+01:00", false, false, 92, { RULE_NONE }, "" },
	{ &belgian, &desk, { { 2026, 11, 23 }, DAY_PART_WHOLE }, NOW, false, false, 92, { RULE_BOOKING_STARTED }, "yesterday" },
	{ &belgian, &desk, { { 2026, 11, 23 }, DAY_PART_WHOLE }, NOW, true, true, 92, { RULE_BOOKING_STARTED }, "mine, but past" },
	{ &belgian, &desk, { { 2026, 11, 23 }, DAY_PART_WHOLE }, NOW, true, false, 92, { RULE_BOOKING_STARTED }, "taken, but past" },
	{ &belgian, &desk, { { 2026, 11, 22 }, DAY_PART_WHOLE }, NOW, false, false, 92, { RULE_SPACE_CLOSED, RULE_BOOKING_STARTED }, "a past Sunday" },
	{ &belgian, &desk, { { 2027, 2, 24 }, DAY_PART_MORNING }, NOW, false, false, 92, { RULE_NONE }, "the ninety-second day" },
	{ &belgian, &desk, { { 2027, 2, 25 }, DAY_PART_MORNING }, NOW, false, false, 92, { RULE_TOO_FAR_AHEAD }, "the ninety-third" },
	{ &belgian, &desk, { { 2028, 2, 24 }, DAY_PART_MORNING }, NOW, false, false, 0, { RULE_NONE }, "0 is no limit" },
	{ &every_day, &broken, { { 2027, 7, 5 }, DAY_PART_WHOLE }, NOW, true, false, 92,
	  { RULE_SPACE_CLOSED, RULE_RESOURCE_NOT_BOOKABLE, RULE_TOO_FAR_AHEAD, RULE_SLOT_TAKEN }, "everything at once, in the order of the enum" },
	{ &night, &desk, { { 2027, 3, 28 }, DAY_PART_MORNING }, NOW, false, false, 0, { RULE_NONEXISTENT_TIME }, "02:30 is skipped that night" },
	{ &night, &desk, { { 2027, 3, 21 }, DAY_PART_MORNING }, NOW, false, false, 0, { RULE_NONE }, "the week before it is not" },
	{ &night, &desk, { { 2026, 10, 25 }, DAY_PART_MORNING }, "2026-10-20T00:00:00Z", false, false, 0, { RULE_NONE }, "02:30 twice: the first" },
};

static struct zones *zones;

static size_t judge(size_t row, struct booking *booking, struct obstacle obstacles[OBSTACLES_MAX])
{
	struct booking_facts facts = {
		.space = wishes[row].space, .resource = wishes[row].resource, .zone = zones_find(zones, "Europe/Brussels", NULL),
		.when = wishes[row].when, .slot_taken = wishes[row].taken, .slot_mine = wishes[row].mine,
		.days_ahead_max = wishes[row].days_ahead_max,
	};
	assert_non_null(facts.zone);
	assert_true(instant_from_text(wishes[row].now, &facts.now, NULL));
	return booking_judge(&facts, booking, obstacles);
}

static void wishes_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wishes); i++) {
		struct booking booking;
		struct obstacle obstacles[OBSTACLES_MAX];
		size_t found = judge(i, &booking, obstacles), expected = 0;
		while (expected < COUNT_OF(wishes[i].obstacles) && wishes[i].obstacles[expected] != RULE_NONE)
			expected++;
		ROW_HOLDS(found == expected, "row %zu %s: %zu obstacles", i, wishes[i].why, found);
		for (size_t o = 0; o < found; o++) {
			ROW_HOLDS(obstacles[o].rule == wishes[i].obstacles[o], "row %zu %s: %s", i, wishes[i].why, rule_wire_name(obstacles[o].rule));
			ROW_HOLDS(obstacles[o].detail != NULL, "row %zu %s", i, wishes[i].why);
		}
		ROW_HOLDS(strcmp(booking.id, "") == 0 && booking.space_id == wishes[i].space->id, "row %zu", i);
		ROW_HOLDS(booking.resource_id == wishes[i].resource->id && booking.when.part == wishes[i].when.part, "row %zu", i);
	}
}

static void particulars_come_from_who_knows(void **state)
{
	(void)state;
	static const struct { struct half_day when; const struct space *space; const struct resource *resource; const char *detail; } rows[] = {
		{ { { 2026, 12, 25 }, DAY_PART_WHOLE }, &belgian, &desk, "Christmas Day" },
		{ { { 2027, 7, 5 }, DAY_PART_WHOLE }, &every_day, &desk, "travaux" },
		{ { { 2026, 11, 26 }, DAY_PART_WHOLE }, &belgian, &broken, "écran en panne" },
		{ { { 2026, 11, 29 }, DAY_PART_WHOLE }, &belgian, &desk, "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct booking_facts facts = { .space = rows[i].space, .resource = rows[i].resource, .when = rows[i].when,
		                               .zone = zones_find(zones, "Europe/Brussels", NULL), .now = 1795510800 };
		struct booking booking;
		struct obstacle obstacles[OBSTACLES_MAX];
		assert_int_equal(booking_judge(&facts, &booking, obstacles), 1);
		assert_string_equal(obstacles[0].detail, rows[i].detail);
	}
}

static const struct {
	const struct space *space;
	struct half_day when;
	const char *start, *end, *cancel_until;
	int gross;
	const char *why;
} times[] = {
	{ &belgian, { { 2026, 11, 26 }, DAY_PART_MORNING }, "2026-11-26T09:00:00+01:00", "2026-11-26T13:00:00+01:00",
	  "2026-11-26T08:00:00+01:00", 968, "a winter morning" },
	{ &belgian, { { 2026, 11, 26 }, DAY_PART_WHOLE }, "2026-11-26T09:00:00+01:00", "2026-11-26T17:00:00+01:00",
	  "2026-11-26T08:00:00+01:00", 1694, "a day has its own price" },
	{ &every_day, { { 2027, 3, 28 }, DAY_PART_MORNING }, "2027-03-28T09:00:00+02:00", "2027-03-28T13:00:00+02:00",
	  "2027-03-28T08:00:00+02:00", 968, "23-hour day: nine o'clock is nine o'clock" },
	{ &every_day, { { 2026, 10, 25 }, DAY_PART_WHOLE }, "2026-10-25T09:00:00+01:00", "2026-10-25T17:00:00+01:00",
	  "2026-10-25T08:00:00+01:00", 1694, "25-hour day" },
	{ &every_day, { { 2027, 3, 27 }, DAY_PART_WHOLE }, "2027-03-27T09:00:00+01:00", "2027-03-27T17:00:00+01:00",
	  "2027-03-27T08:00:00+01:00", 1694, "the day before the change" },
	{ &night, { { 2027, 3, 28 }, DAY_PART_WHOLE }, "2027-03-28T03:30:00+02:00", "2027-03-28T08:00:00+02:00",
	  "2027-03-28T01:30:00+01:00", 1694, "a skipped wall time falls after the jump; the deadline counts real minutes" },
	{ &night, { { 2026, 10, 25 }, DAY_PART_WHOLE }, "2026-10-25T02:30:00+02:00", "2026-10-25T08:00:00+01:00",
	  "2026-10-25T01:30:00+02:00", 1694, "a wall time that comes twice: the first" },
};

static void instants_are_those_of_the_wall_clock(void **state)
{
	(void)state;
	const struct zone *zone = zones_find(zones, "Europe/Brussels", NULL);
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		struct booking_facts facts = { .space = times[i].space, .resource = &desk, .zone = zone, .when = times[i].when, .now = 0 };
		struct booking booking;
		struct obstacle obstacles[OBSTACLES_MAX];
		booking_judge(&facts, &booking, obstacles);
		char text[INSTANT_TEXT_SIZE];
		instant_to_text(zone, booking.start_at, text);
		ROW_HOLDS(strcmp(text, times[i].start) == 0, "%s: starts %s", times[i].why, text);
		instant_to_text(zone, booking.end_at, text);
		ROW_HOLDS(strcmp(text, times[i].end) == 0, "%s: ends %s", times[i].why, text);
		instant_to_text(zone, booking.cancel_until, text);
		ROW_HOLDS(strcmp(text, times[i].cancel_until) == 0, "%s: to be cancelled until %s", times[i].why, text);
		ROW_HOLDS(booking.price.gross_cents == times[i].gross, "%s: %d", times[i].why, booking.price.gross_cents);
	}
}

static const struct {
	int64_t start_at, cancel_until, now;
	enum rule rule;
	const char *why;
} cancels[] = {
	{ 7200, 3600, 0, RULE_NONE, "long before" },
	{ 7200, 3600, 3600, RULE_NONE, "at the very deadline" },
	{ 7200, 3600, 3601, RULE_CANCEL_TOO_LATE, "a second after it" },
	{ 7200, 3600, 7199, RULE_CANCEL_TOO_LATE, "a second before the start" },
	{ 7200, 3600, 7200, RULE_BOOKING_STARTED, "at the start" },
	{ 7200, 3600, 99999, RULE_BOOKING_STARTED, "long after" },
	{ 7200, 7200, 7199, RULE_NONE, "no deadline but the start" },
	{ 7200, 7200, 7200, RULE_BOOKING_STARTED, "" },
	{ 7200, -86400, 0, RULE_CANCEL_TOO_LATE, "booked within the deadline" },
};

static void cancelling_has_its_deadline(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cancels); i++) {
		const struct booking booking = { .start_at = cancels[i].start_at, .cancel_until = cancels[i].cancel_until };
		ROW_HOLDS(booking_cancel_rule(&booking, cancels[i].now) == cancels[i].rule, "%s", cancels[i].why);
	}
}

static int open_zones(void **state)
{
	(void)state;
	zones = zones_new();
	return zones ? 0 : -1;
}

static int close_zones(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wishes_are_judged),
		cmocka_unit_test(particulars_come_from_who_knows),
		cmocka_unit_test(instants_are_those_of_the_wall_clock),
		cmocka_unit_test(cancelling_has_its_deadline),
	};
	return cmocka_run_group_tests(tests, open_zones, close_zones);
}
