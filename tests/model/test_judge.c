/* test_judge.c — may it be booked, may it be cancelled: the rules on plain facts. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define H(hours, minutes) ((hours) * 60 + (minutes))
#define MORNING(...)   { { __VA_ARGS__ }, DAY_PART_MORNING, { 0, 0 } }
#define AFTERNOON(...) { { __VA_ARGS__ }, DAY_PART_AFTERNOON, { 0, 0 } }
#define WHOLE(...)     { { __VA_ARGS__ }, DAY_PART_WHOLE, { 0, 0 } }
#define HOURS(year, month, day, from, until) { { year, month, day }, DAY_PART_HOURS, { from, until } }
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
static const struct resource room = {
	.id = "r3", .name = "Viroin", .area = "", .kind = RESOURCE_MEETING_ROOM, .state = RESOURCE_BOOKABLE, .state_reason = "",
	.capacity = 8, .half_day_cents = 4000, .day_cents = 7000, .by_hour = true, .hour_cents = 1250, .cancel_minutes = 120,
};
static const struct resource broken = {
	.id = "r2", .name = "A5", .area = "", .kind = RESOURCE_DESK, .state = RESOURCE_OUT_OF_ORDER,
	.state_reason = "écran en panne", .capacity = 1, .half_day_cents = -1, .day_cents = -1, .cancel_minutes = 0,
};

#define NOW "2026-11-24T10:00:00+01:00"

static const struct {
	const struct space *space;
	const struct resource *resource;
	struct period when;
	const char *now;
	bool taken, mine;
	int days_ahead_max;
	enum rule obstacles[4];   /* RULE_NONE ends them */
	const char *why;
} wishes[] = {
	{ &belgian, &desk, MORNING(2026, 11, 26), NOW, false, false, 92, { RULE_NONE }, "nothing in the way" },
	{ &belgian, &desk, MORNING(2026, 11, 26), NOW, true, false, 92, { RULE_SLOT_TAKEN }, "" },
	{ &belgian, &desk, MORNING(2026, 11, 26), NOW, true, true, 92, { RULE_ALREADY_MINE }, "mine says more than taken" },
	{ &belgian, &broken, MORNING(2026, 11, 26), NOW, false, false, 92, { RULE_RESOURCE_NOT_BOOKABLE }, "" },
	{ &belgian, &desk, WHOLE(2026, 11, 28), NOW, false, false, 92, { RULE_SPACE_CLOSED }, "a Saturday" },
	{ &belgian, &desk, AFTERNOON(2026, 11, 25), NOW, false, false, 92, { RULE_SPACE_CLOSED }, "no afternoon that day" },
	{ &belgian, &desk, MORNING(2026, 12, 25), NOW, false, false, 92, { RULE_SPACE_CLOSED }, "Christmas" },
	{ &belgian, &desk, MORNING(2026, 11, 24), NOW, false, false, 92, { RULE_NONE }, "begun but not over" },
	{ &belgian, &desk, MORNING(2026, 11, 24), "2026-11-24T12:59:59+01:00", false, false, 92, { RULE_NONE }, "last second" },
	{ &belgian, &desk, MORNING(2026, 11, 24), "2026-11-24T13:00:00+01:00", false, false, 92,
	  { RULE_BOOKING_STARTED }, "over: intervals are half-open" },
	{ &belgian, &desk, AFTERNOON(2026, 11, 24), "2026-11-24T13:00:00+01:00", false, false, 92, { RULE_NONE }, "" },
	{ &belgian, &desk, WHOLE(2026, 11, 23), NOW, false, false, 92, { RULE_BOOKING_STARTED }, "yesterday" },
	{ &belgian, &desk, WHOLE(2026, 11, 23), NOW, true, true, 92, { RULE_BOOKING_STARTED }, "mine, but past" },
	{ &belgian, &desk, WHOLE(2026, 11, 23), NOW, true, false, 92, { RULE_BOOKING_STARTED }, "taken, but past" },
	{ &belgian, &desk, WHOLE(2026, 11, 22), NOW, false, false, 92, { RULE_SPACE_CLOSED, RULE_BOOKING_STARTED }, "a past Sunday" },
	{ &belgian, &desk, MORNING(2027, 2, 24), NOW, false, false, 92, { RULE_NONE }, "the ninety-second day" },
	{ &belgian, &desk, MORNING(2027, 2, 25), NOW, false, false, 92, { RULE_TOO_FAR_AHEAD }, "the ninety-third" },
	{ &belgian, &desk, MORNING(2028, 2, 24), NOW, false, false, 0, { RULE_NONE }, "0 is no limit" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(14, 0), H(16, 0)), NOW, false, false, 92, { RULE_NONE }, "two hours of a room" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(9, 0), H(17, 0)), NOW, false, false, 92, { RULE_NONE }, "from opening to closing" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(12, 45), H(13, 15)), NOW, false, false, 92, { RULE_NONE }, "hours know no boundary" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(8, 45), H(10, 0)), NOW, false, false, 92, { RULE_OUTSIDE_HOURS }, "before it opens" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(16, 0), H(17, 15)), NOW, false, false, 92, { RULE_OUTSIDE_HOURS }, "after it closes" },
	{ &belgian, &room, HOURS(2026, 11, 25, H(13, 0), H(14, 0)), NOW, false, false, 92, { RULE_OUTSIDE_HOURS }, "closed that afternoon" },
	{ &belgian, &room, HOURS(2026, 11, 28, H(14, 0), H(16, 0)), NOW, false, false, 92, { RULE_SPACE_CLOSED }, "a Saturday" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(14, 0), H(16, 5)), NOW, false, false, 92, { RULE_OFF_STEP }, "off the granule" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(14, 20), H(16, 0)), NOW, false, false, 92, { RULE_OFF_STEP }, "" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(14, 0), H(16, 0)), NOW, true, false, 92, { RULE_SLOT_TAKEN }, "" },
	{ &belgian, &room, HOURS(2026, 11, 26, H(14, 0), H(16, 0)), NOW, true, true, 92, { RULE_ALREADY_MINE }, "" },
	{ &belgian, &desk, HOURS(2026, 11, 26, H(14, 0), H(16, 0)), NOW, false, false, 92, { RULE_NOT_BY_THE_HOUR }, "desks are not" },
	{ &belgian, &room, HOURS(2026, 11, 24, H(9, 0), H(10, 0)), NOW, false, false, 92, { RULE_BOOKING_STARTED }, "over this minute" },
	{ &belgian, &room, HOURS(2026, 11, 24, H(9, 0), H(10, 15)), NOW, false, false, 92, { RULE_NONE }, "not quite over" },
	{ &belgian, &room, HOURS(2026, 11, 22, H(9, 0), H(10, 0)), NOW, false, false, 92, { RULE_SPACE_CLOSED, RULE_BOOKING_STARTED }, "a past Sunday" },
	{ &belgian, &desk, HOURS(2026, 11, 26, H(17, 0), H(18, 1)), NOW, false, false, 92,
	  { RULE_OUTSIDE_HOURS, RULE_NOT_BY_THE_HOUR, RULE_OFF_STEP }, "everything wrong with some hours" },
	{ &night, &room, HOURS(2027, 3, 28, H(2, 30), H(4, 0)), NOW, false, false, 0, { RULE_NONEXISTENT_TIME }, "02:30 is skipped that night" },
	{ &every_day, &broken, WHOLE(2027, 7, 5), NOW, true, false, 92,
	  { RULE_SPACE_CLOSED, RULE_RESOURCE_NOT_BOOKABLE, RULE_TOO_FAR_AHEAD, RULE_SLOT_TAKEN }, "everything at once, in the order of the enum" },
	{ &night, &desk, MORNING(2027, 3, 28), NOW, false, false, 0, { RULE_NONEXISTENT_TIME }, "02:30 is skipped that night" },
	{ &night, &desk, MORNING(2027, 3, 21), NOW, false, false, 0, { RULE_NONE }, "the week before it is not" },
	{ &night, &desk, MORNING(2026, 10, 25), "2026-10-20T00:00:00Z", false, false, 0, { RULE_NONE }, "02:30 twice: the first" },
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
	static const struct { struct period when; const struct space *space; const struct resource *resource; const char *detail; } rows[] = {
		{ WHOLE(2026, 12, 25), &belgian, &desk, "Christmas Day" },
		{ WHOLE(2027, 7, 5), &every_day, &desk, "travaux" },
		{ WHOLE(2026, 11, 26), &belgian, &broken, "écran en panne" },
		{ WHOLE(2026, 11, 29), &belgian, &desk, "" },
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
	struct period when;
	const char *start, *end, *cancel_until;
	int gross;
	const char *why;
} times[] = {
	{ &belgian, MORNING(2026, 11, 26), "2026-11-26T09:00:00+01:00", "2026-11-26T13:00:00+01:00",
	  "2026-11-26T08:00:00+01:00", 968, "a winter morning" },
	{ &belgian, WHOLE(2026, 11, 26), "2026-11-26T09:00:00+01:00", "2026-11-26T17:00:00+01:00",
	  "2026-11-26T08:00:00+01:00", 1694, "a day has its own price" },
	{ &every_day, MORNING(2027, 3, 28), "2027-03-28T09:00:00+02:00", "2027-03-28T13:00:00+02:00",
	  "2027-03-28T08:00:00+02:00", 968, "23-hour day: nine o'clock is nine o'clock" },
	{ &every_day, WHOLE(2026, 10, 25), "2026-10-25T09:00:00+01:00", "2026-10-25T17:00:00+01:00",
	  "2026-10-25T08:00:00+01:00", 1694, "25-hour day" },
	{ &every_day, WHOLE(2027, 3, 27), "2027-03-27T09:00:00+01:00", "2027-03-27T17:00:00+01:00",
	  "2027-03-27T08:00:00+01:00", 1694, "the day before the change" },
	{ &night, WHOLE(2027, 3, 28), "2027-03-28T03:30:00+02:00", "2027-03-28T08:00:00+02:00",
	  "2027-03-28T01:30:00+01:00", 1694, "a skipped wall time falls after the jump; the deadline counts real minutes" },
	{ &night, WHOLE(2026, 10, 25), "2026-10-25T02:30:00+02:00", "2026-10-25T08:00:00+01:00",
	  "2026-10-25T01:30:00+02:00", 1694, "a wall time that comes twice: the first" },
};

static const struct {
	struct minute_range hours;
	int hour_cents, half_day_cents, day_cents, cents;
	const char *why;
} prices[] = {
	{ { H(14, 0), H(16, 0) }, 1250, 4000, 7000, 2500, "two hours" },
	{ { H(14, 0), H(14, 15) }, 1250, 4000, 7000, 313, "a quarter, rounded half up" },
	{ { H(13, 0), H(17, 0) }, 1250, 4000, 7000, 4000, "not more than the afternoon it fills" },
	{ { H(9, 0), H(12, 30) }, 1250, 4000, 7000, 4000, "nor than the morning it lies in" },
	{ { H(11, 0), H(15, 0) }, 1250, 4000, 7000, 5000, "across the boundary it is no half-day" },
	{ { H(9, 0), H(16, 0) }, 1250, 4000, 7000, 7000, "not more than the day" },
	{ { H(9, 0), H(13, 0) }, 1250, -1, -1, 5000, "where half-days have no price" },
	{ { H(9, 0), H(13, 0) }, -1, 4000, 7000, -1, "where hours have none" },
	{ { H(9, 0), H(13, 0) }, 0, 4000, 7000, 0, "free of charge" },
	{ { H(9, 0), H(17, 0) }, HOUR_CENTS_MAX, -1, -1, 8 * HOUR_CENTS_MAX, "the most that can be written down" },
	{ { H(9, 0), H(17, 0) }, CENTS_MAX, -1, -1, CENTS_MAX, "more than that was written down: no booking costs more than the most" },
	{ { H(9, 0), H(17, 0) }, 2147483647, -1, -1, CENTS_MAX, "the largest number there is, eight times" },
};

static void hours_cost_what_they_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(prices); i++) {
		struct resource priced = room;
		priced.hour_cents = prices[i].hour_cents;
		priced.half_day_cents = prices[i].half_day_cents;
		priced.day_cents = prices[i].day_cents;
		struct booking_facts facts = { .space = &belgian, .resource = &priced, .zone = zones_find(zones, "Europe/Brussels", NULL),
		                               .when = hours_of((struct local_date){ 2026, 11, 26 }, prices[i].hours) };
		struct booking booking;
		struct obstacle obstacles[OBSTACLES_MAX];
		ROW_HOLDS(booking_judge(&facts, &booking, obstacles) == 0, "%s", prices[i].why);
		ROW_HOLDS(booking.price.net_cents == prices[i].cents, "%s: %d", prices[i].why, booking.price.net_cents);
	}
}

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
	struct opening_day hours;
	int now, granule_s;
	struct busy busy[3];           /* an empty one ends them */
	int from, until;
	const char *why;
} nexts[] = {
#define DAY { { { H(9, 0), H(12, 30) }, { H(13, 30), H(17, 0) } }, 2 }
#define TAKEN(from, until) { { from, until }, false, "" }
	{ DAY, 0, 900, { TAKEN(0, 0) }, H(9, 0), H(10, 0), "as it opens" },
	{ DAY, H(10, 50), 900, { TAKEN(0, 0) }, H(11, 0), H(12, 0), "the next quarter from now" },
	{ DAY, 0, 900, { TAKEN(H(9, 0), H(10, 15)) }, H(10, 15), H(11, 15), "as soon as it is free" },
	{ DAY, 0, 900, { TAKEN(H(9, 30), H(12, 0)) }, H(13, 30), H(14, 30), "a whole hour rather than the half before" },
	{ DAY, H(12, 0), 900, { TAKEN(0, 0) }, H(13, 30), H(14, 30), "not over lunch" },
	{ DAY, H(16, 20), 900, { TAKEN(0, 0) }, H(16, 30), H(17, 0), "what is left of the day" },
	{ DAY, H(9, 10), 3600, { TAKEN(0, 0) }, H(10, 0), H(11, 0), "by whole hours" },
	{ DAY, H(18, 0), 900, { TAKEN(0, 0) }, H(9, 0), H(10, 0), "over: the server says so" },
	{ DAY, 0, 900, { TAKEN(H(9, 0), H(12, 30)), TAKEN(H(13, 30), H(17, 0)) }, H(9, 0), H(10, 0), "nothing is free" },
	{ DAY, 0, 0, { TAKEN(H(9, 0), H(9, 15)) }, H(9, 15), H(10, 15), "a granule nobody told" },
	{ { .count = 0 }, 0, 900, { TAKEN(0, 0) }, 0, 0, "closed" },
};

static void the_next_free_hours_are_proposed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(nexts); i++) {
		struct resource_day row = { .busy = nexts[i].busy };
		while (row.busy_count < 3 && nexts[i].busy[row.busy_count].hours.until > 0)
			row.busy_count++;
		struct minute_range next = booking_next_hours(&row, &nexts[i].hours, nexts[i].now, nexts[i].granule_s);
		ROW_HOLDS(next.from == nexts[i].from && next.until == nexts[i].until, "%s: %d to %d", nexts[i].why, next.from, next.until);
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

static const struct {
	struct resource resource;
	struct period when;
	int people;
	enum rule rules[3];      /* RULE_NONE ends them */
	const char *why;
} units[] = {
	{ { .takes = UNIT_DAY }, WHOLE(2026, 11, 26), 0, { RULE_NONE }, "whole days" },
	{ { .takes = UNIT_DAY }, MORNING(2026, 11, 26), 0, { RULE_NOT_BY_HALF_DAY }, "no half of one" },
	{ { .takes = UNIT_HALF_DAY }, WHOLE(2026, 11, 26), 0, { RULE_NOT_BY_DAY }, "halves, one at a time" },
	{ { .takes = UNIT_DAY }, HOURS(2026, 11, 26, H(9, 0), H(17, 0)), 0, { RULE_NOT_BY_THE_HOUR }, "said by the clock it is hours" },
	{ { .takes = UNIT_HOUR }, HOURS(2026, 11, 26, H(9, 15), H(11, 15)), 0, { RULE_NONE }, "two hours, from any granule on" },
	{ { .takes = UNIT_HOUR }, HOURS(2026, 11, 26, H(9, 0), H(10, 30)), 0, { RULE_NOT_WHOLE_HOURS }, "an hour and a half" },
	{ { .takes = UNIT_HOUR | UNIT_GRANULE }, HOURS(2026, 11, 26, H(9, 0), H(10, 30)), 0, { RULE_NONE }, "granules take what hours do not" },
	{ { .by_hour = true }, HOURS(2026, 11, 26, H(9, 0), H(10, 30)), 0, { RULE_NONE }, "by the hour, as it was said before there were units" },
	{ { .takes = UNIT_GRANULE, .step_minutes = 30 }, HOURS(2026, 11, 26, H(9, 30), H(10, 0)), 0, { RULE_NONE }, "on its steps" },
	{ { .takes = UNIT_GRANULE, .step_minutes = 30 }, HOURS(2026, 11, 26, H(9, 15), H(9, 45)), 0, { RULE_OFF_STEP }, "beside them" },
	{ { .takes = UNIT_GRANULE, .least_minutes = 60, .most_minutes = 120 }, HOURS(2026, 11, 26, H(9, 0), H(10, 0)), 0, { RULE_NONE }, "the least" },
	{ { .takes = UNIT_GRANULE, .least_minutes = 60 }, HOURS(2026, 11, 26, H(9, 0), H(9, 45)), 0, { RULE_TOO_SHORT }, "less" },
	{ { .takes = UNIT_GRANULE, .most_minutes = 120 }, HOURS(2026, 11, 26, H(9, 0), H(11, 0)), 0, { RULE_NONE }, "the most" },
	{ { .takes = UNIT_GRANULE, .most_minutes = 120 }, HOURS(2026, 11, 26, H(9, 0), H(11, 15)), 0, { RULE_TOO_LONG }, "more" },
	{ { .takes = UNIT_GRANULE, .most_minutes = 120 }, MORNING(2026, 11, 26), 0, { RULE_NOT_BY_HALF_DAY }, "lengths are of hours" },
	{ { .takes = UNIT_HALF_DAY, .capacity = 6 }, MORNING(2026, 11, 26), 6, { RULE_NONE }, "all have room" },
	{ { .takes = UNIT_HALF_DAY, .capacity = 6 }, MORNING(2026, 11, 26), 7, { RULE_OVER_CAPACITY }, "one has none" },
	{ { .takes = UNIT_HOUR, .capacity = 6 }, HOURS(2026, 11, 26, H(9, 0), H(9, 20)), 7, { RULE_NOT_WHOLE_HOURS, RULE_OFF_STEP, RULE_OVER_CAPACITY },
	  "in the order of the enum" },
};

static void a_place_is_booked_by_its_units(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		struct booking booking;
		struct obstacle obstacles[OBSTACLES_MAX];
		struct booking_facts facts = { .space = &belgian, .resource = &units[i].resource, .zone = zones_find(zones, "Europe/Brussels", NULL),
			                       .when = units[i].when, .people = units[i].people };
		assert_true(instant_from_text(NOW, &facts.now, NULL));
		size_t found = booking_judge(&facts, &booking, obstacles), expected = 0;
		while (expected < COUNT_OF(units[i].rules) && units[i].rules[expected] != RULE_NONE)
			expected++;
		ROW_HOLDS(found == expected, "row %zu %s: %zu obstacles, first %s", i, units[i].why, found, found ? rule_wire_name(obstacles[0].rule) : "none");
		for (size_t o = 0; o < found && o < expected; o++)
			ROW_HOLDS(obstacles[o].rule == units[i].rules[o], "row %zu %s: %s", i, units[i].why, rule_wire_name(obstacles[o].rule));
	}
}

static const struct {
	struct quota_use use;
	enum rule rule;
	const char *why;
} uses[] = {
	{ { { 0, 0 }, 10000, 10000 }, RULE_NONE, "no limit" },
	{ { { 240, 0 }, 0, 9 }, RULE_NONE, "the four hours of a morning, and no more" },
	{ { { 240, 0 }, 15, 0 }, RULE_QUOTA_HOURS, "a quarter of an hour was had already" },
	{ { { 239, 0 }, 0, 0 }, RULE_QUOTA_HOURS, "less than a morning" },
	{ { { 0, 3 }, 900, 2 }, RULE_NONE, "the third" },
	{ { { 0, 3 }, 0, 3 }, RULE_QUOTA_BOOKINGS, "the fourth" },
};

static void quotas_hold_for_each_person(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(uses); i++) {
		struct booking booking;
		struct obstacle obstacles[OBSTACLES_MAX];
		struct booking_facts facts = { .space = &belgian, .resource = &desk, .zone = zones_find(zones, "Europe/Brussels", NULL),
			                       .when = MORNING(2026, 11, 26), .uses = &uses[i].use, .use_count = 1 };
		assert_true(instant_from_text(NOW, &facts.now, NULL));
		size_t found = booking_judge(&facts, &booking, obstacles);
		ROW_HOLDS((found ? obstacles[0].rule : RULE_NONE) == uses[i].rule && found <= 1, "row %zu %s", i, uses[i].why);
	}
}

static void who_cancels_late_owes_or_says_why(void **state)
{
	(void)state;
	static const struct { int64_t now; enum late_cancel rule; bool staff; struct cancel_verdict verdict; } rows[] = {
		{ 1000, LATE_CANCEL_REFUSE, false, { RULE_NONE, false } },
		{ 1001, LATE_CANCEL_REFUSE, false, { RULE_CANCEL_TOO_LATE, false } },
		{ 1001, LATE_CANCEL_CHARGE, false, { RULE_NONE, true } },
		{ 1001, LATE_CANCEL_REFUSE, true, { RULE_NONE, false } },
		{ 1001, LATE_CANCEL_CHARGE, true, { RULE_NONE, false } },
		{ 2000, LATE_CANCEL_CHARGE, false, { RULE_BOOKING_STARTED, false } },
		{ 2000, LATE_CANCEL_REFUSE, true, { RULE_NONE, false } },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct booking booking = { .start_at = 2000, .end_at = 3000, .cancel_until = 1000 };
		struct cancel_verdict verdict = booking_judge_cancel(&booking, rows[i].rule, rows[i].staff, rows[i].now);
		ROW_HOLDS(verdict.rule == rows[i].verdict.rule && verdict.late == rows[i].verdict.late, "row %zu", i);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(wishes_are_judged),
		cmocka_unit_test(particulars_come_from_who_knows),
		cmocka_unit_test(hours_cost_what_they_last),
		cmocka_unit_test(instants_are_those_of_the_wall_clock),
		cmocka_unit_test(the_next_free_hours_are_proposed),
		cmocka_unit_test(cancelling_has_its_deadline),
		cmocka_unit_test(a_place_is_booked_by_its_units),
		cmocka_unit_test(quotas_hold_for_each_person),
		cmocka_unit_test(who_cancels_late_owes_or_says_why),
	};
	return cmocka_run_group_tests(tests, open_zones, close_zones);
}
