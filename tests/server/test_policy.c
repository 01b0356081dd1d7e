/* test_policy.c — the rules held against a real database: what a wish meets, what a day looks like and to whom, what is offered. */
#include "house.h"
#include "table.h"

#include <string.h>

#define AM DAY_PART_MORNING
#define PM DAY_PART_AFTERNOON
#define DAY DAY_PART_WHOLE

#define WEDNESDAY { 2026, 11, 25 }
#define THURSDAY { 2026, 11, 26 }
#define FRIDAY { 2026, 11, 27 }
#define HOURS(from, until) DAY_PART_HOURS, { (int)((from) * 60), (int)((until) * 60) }

/* Taken on that Wednesday: Serre 1 in the morning by Zoé, Serre 2 in the afternoon by Camille, Grange 1 all day by Zoé; and Serre 1 on
 * the Monday that is past. On the Friday Viroin by the hour, by both. */
static int open_lived_in(void **state)
{
	if (house_open(state) != 0)
		return -1;
	const struct {
		const char *resource;
		struct period when;
		const char *member;
	} bookings[] = {
		{ "Serre 1", { WEDNESDAY, AM, { 0, 0 } }, ZOE },
		{ "Serre 2", { WEDNESDAY, PM, { 0, 0 } }, CAMILLE },
		{ "Grange 1", { WEDNESDAY, DAY, { 0, 0 } }, ZOE },
		{ "Serre 1", { { 2026, 11, 23 }, AM, { 0, 0 } }, ZOE },
		{ "Serre 2", { { 2026, 11, 24 }, AM, { 0, 0 } }, CAMILLE },
		{ "Viroin", { FRIDAY, HOURS(14, 16) }, ZOE },
		{ "Viroin", { FRIDAY, HOURS(10, 11) }, CAMILLE },
		{ "Viroin", { FRIDAY, HOURS(16, 16.25) }, CAMILLE },
	};
	for (size_t i = 0; i < COUNT_OF(bookings); i++) {
		const char id[] = { 'b', (char)('0' + i), '\0' };
		if (house_book(*state, id, bookings[i].resource, bookings[i].when, bookings[i].member) != DB_BOOKED)
			return -1;
	}
	return 0;
}

/* Who looks and when (NULL: now), in a transaction that ends with look_away(). */
static struct view look(struct house *house, const char *member, const char *now)
{
	struct view view = { .server = &house->server, .tx = house_begin(house), .arena = arena_new(),
		             .now = clock_now(&house->server.clock), .member_id = member };
	if (now)
		assert_true(instant_from_text(now, &view.now, NULL));
	return view;
}

static void look_away(struct house *house, struct view *view)
{
	assert_false(db_tx_failed(view->tx));
	arena_free(view->arena);
	assert_int_equal(house_end(house, false), DB_UNDONE);
}

/* ---- a wish ------------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *resource;
	struct period when;
	const char *member;
	const char *now;           /* NULL: Tuesday 10:00 */
	int granules;
	enum rule obstacles[3];    /* RULE_NONE ends them */
	const char *why;
} wishes[] = {
	{ "Serre 1", { WEDNESDAY, PM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_NONE }, "the other half" },
	{ "Serre 1", { WEDNESDAY, AM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_SLOT_TAKEN }, "taken" },
	{ "Serre 1", { WEDNESDAY, DAY, { 0, 0 } }, CAMILLE, NULL, 32, { RULE_SLOT_TAKEN }, "half of it is taken" },
	{ "Serre 1", { WEDNESDAY, AM, { 0, 0 } }, ZOE, NULL, 16, { RULE_ALREADY_MINE }, "mine" },
	{ "Serre 2", { WEDNESDAY, DAY, { 0, 0 } }, CAMILLE, NULL, 32, { RULE_ALREADY_MINE }, "half of it is mine" },
	{ "Serre 1", { THURSDAY, DAY, { 0, 0 } }, CAMILLE, NULL, 32, { RULE_NONE }, "another day" },
	{ "R1", { WEDNESDAY, AM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_NONE }, "another space" },
	{ "Serre 9", { WEDNESDAY, AM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_RESOURCE_NOT_BOOKABLE }, "out of order" },
	{ "Serre 1", { { 2026, 11, 28 }, AM, { 0, 0 } }, CAMILLE, NULL, 0, { RULE_SPACE_CLOSED }, "a Saturday holds no granule" },
	{ "Serre 1", { { 2026, 11, 23 }, AM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_BOOKING_STARTED }, "past, whoever had it" },
	{ "Serre 1", { { 2026, 11, 23 }, AM, { 0, 0 } }, ZOE, NULL, 16, { RULE_BOOKING_STARTED }, "past, even if it was mine" },
	{ "Serre 1", { { 2026, 11, 24 }, AM, { 0, 0 } }, CAMILLE, "2026-11-24T13:00:00+01:00", 16, { RULE_BOOKING_STARTED }, "over" },
	{ "Serre 1", { { 2026, 11, 24 }, AM, { 0, 0 } }, CAMILLE, "2026-11-24T12:59:59+01:00", 16, { RULE_NONE }, "not yet over" },
	{ "Serre 1", { { 2027, 2, 24 }, AM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_NONE }, "92 days ahead" },
	{ "Serre 1", { { 2027, 2, 25 }, AM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_TOO_FAR_AHEAD }, "93" },
	{ "Serre 1", { { 2027, 2, 25 }, AM, { 0, 0 } }, CAMILLE, "2026-11-24T23:30:00Z", 16, { RULE_NONE }, "counted from today there: it is the 25th in Chimay" },
	{ "Serre 1", { { 2026, 12, 25 }, AM, { 0, 0 } }, CAMILLE, NULL, 0, { RULE_SPACE_CLOSED }, "Christmas" },
	{ "Viroin", { FRIDAY, HOURS(12, 14) }, CAMILLE, NULL, 8, { RULE_NONE }, "until somebody else's hours begin" },
	{ "Viroin", { FRIDAY, HOURS(13.75, 14.25) }, CAMILLE, NULL, 2, { RULE_SLOT_TAKEN }, "a quarter into them" },
	{ "Viroin", { FRIDAY, HOURS(10.5, 11.5) }, CAMILLE, NULL, 4, { RULE_ALREADY_MINE }, "mine" },
	{ "Viroin", { FRIDAY, PM, { 0, 0 } }, CAMILLE, NULL, 16, { RULE_ALREADY_MINE }, "a half-day meets hours too" },
	{ "Viroin", { FRIDAY, AM, { 0, 0 } }, ZOE, NULL, 16, { RULE_SLOT_TAKEN }, "whoever's" },
	{ "Viroin", { FRIDAY, HOURS(16, 17.25) }, CAMILLE, NULL, 0, { RULE_OUTSIDE_HOURS }, "a quarter after it closes" },
	{ "Serre 1", { FRIDAY, HOURS(14, 16) }, CAMILLE, NULL, 8, { RULE_NOT_BY_THE_HOUR }, "a desk is not had by the hour" },
};

static void judge_wish(const struct view *view, size_t i)
{
	size_t expected = 0;
	const struct resource *resource = house_resource(wishes[i].resource);
	const struct space *space = db_find_space(view->tx, strcmp(wishes[i].resource, "R1") == 0 ? "rimbaud" : "ferme", view->arena);
	struct preview preview;
	struct granules range;
	ROW_HOLDS(policy_preview(view, space, resource, &(struct booking_wish){ .when = wishes[i].when, .without = "" }, &preview, &range), "row %zu %s", i, wishes[i].why);
	while (expected < COUNT_OF(wishes[i].obstacles) && wishes[i].obstacles[expected] != RULE_NONE)
		expected++;
	ROW_HOLDS(preview.obstacle_count == expected, "row %zu %s: %zu obstacles, first %s", i, wishes[i].why, preview.obstacle_count,
	          preview.obstacle_count ? rule_wire_name(preview.obstacles[0].rule) : "none");
	for (size_t o = 0; o < expected; o++)
		ROW_HOLDS(preview.obstacles[o].rule == wishes[i].obstacles[o], "row %zu %s: %s", i, wishes[i].why,
		          rule_wire_name(preview.obstacles[o].rule));
	ROW_HOLDS(range.until - range.from == wishes[i].granules, "row %zu %s: %lld", i, wishes[i].why, (long long)(range.until - range.from));
	ROW_HOLDS(expected > 0 || preview.alternative_count == 0, "row %zu offers another place", i);
	ROW_HOLDS(strcmp(preview.booking.id, "") == 0 && strcmp(preview.booking.resource_id, resource->id) == 0, "row %zu", i);
}

static void wishes_meet_their_obstacles(void **state)
{
	for (size_t i = 0; i < COUNT_OF(wishes); i++) {
		struct view view = look(*state, wishes[i].member, wishes[i].now);
		judge_wish(&view, i);
		look_away(*state, &view);
	}
}

/* ---- a day ---------------------------------------------------------------------------------------------------------------- */

#define ROWS 5      /* places of La Ferme, in their order */

static const struct {
	struct local_date date;
	const char *member;
	const char *now;
	const char *halves;      /* of each place: f t m p c n */
	int free_morning, free_afternoon;
	const char *why;
} days[] = {
	{ WEDNESDAY, NULL, NULL, "tf ft tt ff nn", 1, 1, "to nobody all is taken" },
	{ WEDNESDAY, CAMILLE, NULL, "tf fm tt ff nn", 1, 1, "what is mine says so" },
	{ WEDNESDAY, ZOE, NULL, "mf ft mm ff nn", 1, 1, "and what is hers" },
	{ FRIDAY, CAMILLE, NULL, "ff ff ff mm nn", 3, 3, "hours take their half" },
	{ FRIDAY, NULL, NULL, "ff ff ff tt nn", 3, 3, "and to nobody are taken" },
	{ THURSDAY, CAMILLE, NULL, "ff ff ff ff nn", 3, 3, "an empty day" },
	{ { 2026, 11, 24 }, CAMILLE, NULL, "ff mf ff ff nn", 2, 3, "today, the morning has begun but is not over" },
	{ { 2026, 11, 24 }, CAMILLE, "2026-11-24T13:00:00+01:00", "pf mf pf pf nn", 0, 3, "the morning is over, mine stays mine" },
	{ { 2026, 11, 24 }, NULL, "2026-11-24T18:00:00+01:00", "pp pp pp pp nn", 0, 0, "all is over, who had it is not told" },
	{ { 2026, 11, 28 }, CAMILLE, NULL, "cc cc cc cc cc", 0, 0, "a Saturday" },
	{ { 2027, 11, 24 }, CAMILLE, NULL, "ff ff ff ff nn", 3, 3, "how far ahead one may book is told when one tries" },
};

static char letter(enum slot_state state)
{
	static const char letters[] = { [SLOT_FREE] = 'f', [SLOT_TAKEN] = 't', [SLOT_MINE] = 'm', [SLOT_PAST] = 'p', [SLOT_CLOSED] = 'c',
		                        [SLOT_NOT_BOOKABLE] = 'n' };
	return letters[state];
}

static void judge_day(const struct view *view, size_t i)
{
	size_t count = 0;
	const struct space *space = db_find_space(view->tx, FERME, view->arena);
	struct day_halves halves;
	assert_true(policy_halves(view, space, days[i].date, &halves));
	const struct resource_day *rows = policy_rows(view, space, &halves, &count);
	assert_int_equal(count, ROWS);
	for (size_t row = 0; row < ROWS; row++) {
		char morning = letter(rows[row].morning), afternoon = letter(rows[row].afternoon);
		ROW_HOLDS(morning == days[i].halves[row * 3] && afternoon == days[i].halves[row * 3 + 1], "%s: %s is %c%c", days[i].why,
		          rows[row].resource.name, morning, afternoon);
		ROW_HOLDS((*rows[row].my_booking_id != '\0') == (morning == 'm' || afternoon == 'm'), "%s: %s is \"%s\"", days[i].why,
		          rows[row].resource.name, rows[row].my_booking_id);
	}
	const struct space *told = policy_with_day(view, space, &halves);
	ROW_HOLDS(told->today.desks == 3, "%s: %d desks", days[i].why, told->today.desks);
	ROW_HOLDS(told->today.free_morning == days[i].free_morning && told->today.free_afternoon == days[i].free_afternoon, "%s: %d, %d",
	          days[i].why, told->today.free_morning, told->today.free_afternoon);
}

static void days_look_as_they_are(void **state)
{
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		struct view view = look(*state, days[i].member, days[i].now);
		judge_day(&view, i);
		look_away(*state, &view);
	}
}

static const struct {
	const char *member;
	const char *busy;        /* of Viroin on the Friday */
} lookers[] = {
	{ CAMILLE, "10:00–11:00 mine b6|14:00–16:00 taken |16:00–16:15 mine b7|" },
	{ ZOE, "10:00–11:00 taken |14:00–16:00 mine b5|16:00–16:15 taken |" },
	{ NULL, "10:00–11:00 taken |14:00–16:00 taken |16:00–16:15 taken |" },
};

static const char *busy_text(const struct view *view, const struct resource_day *row)
{
	const char *text = "";
	for (size_t i = 0; i < row->busy_count; i++)
		text = arena_print(view->arena, "%s%s %s %s|", text, range_words(view->arena, row->busy[i].hours),
		                   row->busy[i].mine ? "mine" : "taken", row->busy[i].booking_id);
	return text;
}

static void what_is_taken_is_told_stretch_by_stretch(void **state)
{
	for (size_t i = 0; i < COUNT_OF(lookers); i++) {
		struct view view = look(*state, lookers[i].member, NULL);
		const struct space *space = db_find_space(view.tx, FERME, view.arena);
		struct day_halves halves;
		size_t count = 0;
		assert_true(policy_halves(&view, space, (struct local_date)FRIDAY, &halves));
		const struct resource_day *rows = policy_rows(&view, space, &halves, &count);
		ROW_HOLDS(strcmp(busy_text(&view, &rows[3]), lookers[i].busy) == 0, "row %zu: %s", i, busy_text(&view, &rows[3]));
		ROW_HOLDS(rows[0].busy_count == 0 && rows[2].busy_count == 0, "row %zu: others have none", i);
		look_away(*state, &view);
	}
}

/* ---- what else is near ---------------------------------------------------------------------------------------------------- */

static const struct {
	const char *resource;
	struct period when;
	const char *offered;      /* "place date part", each with a bar behind it */
	const char *why;
} seekers[] = {
	{ "Serre 1", { WEDNESDAY, AM, { 0, 0 } }, "Serre 2 11-25 am|Serre 1 11-25 pm|Serre 1 11-26 am|R1 11-25 am|",
	  "the same area, then the same desk at another time, then the other space; Grange 1 is taken" },
	{ "Grange 1", { WEDNESDAY, PM, { 0, 0 } }, "Serre 1 11-25 pm|Grange 1 11-26 pm|Grange 1 11-27 pm|R1 11-25 pm|",
	  "Serre 2 is Camille's then" },
	{ "Viroin", { { 2026, 11, 28 }, DAY, { 0, 0 } }, "Viroin 11-30 day|Viroin 12-01 day|", "a Saturday: other days, and no desk for a room" },
	{ "Serre 9", { THURSDAY, AM, { 0, 0 } }, "Serre 1 11-26 am|Serre 2 11-26 am|Grange 1 11-26 am|R1 11-26 am|",
	  "its own area first; out of order, it is not offered on another day" },
	{ "Viroin", { FRIDAY, HOURS(14, 16) }, "Viroin 11-27 12:00–14:00|Viroin 11-30 14:00–16:00|",
	  "earlier that day, as nothing is later; then the next open day" },
	{ "Viroin", { FRIDAY, HOURS(10, 11) }, "Viroin 11-27 11:00–12:00|Viroin 11-27 09:00–10:00|", "later before earlier" },
	{ "Viroin", { THURSDAY, HOURS(16.5, 17.5) }, "Viroin 11-26 16:00–17:00|", "what is outside is moved inside" },
	{ "Serre 1", { { 2026, 11, 20 }, AM, { 0, 0 } }, "Serre 1 11-24 am|Serre 1 11-26 am|", "days that are past are not offered" },
};

static void judge_offers(const struct view *view, size_t i)
{
	const struct space *space = db_find_space(view->tx, FERME, view->arena);
	struct preview preview;
	struct granules range;
	assert_true(policy_preview(view, space, house_resource(seekers[i].resource), &(struct booking_wish){ .when = seekers[i].when, .without = "" }, &preview, &range));
	const char *offered = "";
	for (size_t a = 0; a < preview.alternative_count; a++) {
		const struct alternative *other = &preview.alternatives[a];
		offered = arena_print(view->arena, "%s%s %02d-%02d %s|", offered, other->resource_name, other->when.date.month,
		                      other->when.date.day, other->when.part == DAY_PART_HOURS ? period_words(view->arena, other->when)
		                                                                               : day_part_wire_name(other->when.part));
	}
	ROW_HOLDS(strcmp(offered, seekers[i].offered) == 0, "%s: %s", seekers[i].why, offered);
}

static void the_nearest_is_offered_first(void **state)
{
	for (size_t i = 0; i < COUNT_OF(seekers); i++) {
		struct view view = look(*state, CAMILLE, NULL);
		judge_offers(&view, i);
		look_away(*state, &view);
	}
}

/* ---- zones ------------------------------------------------------------------------------------------------------------------ */

static void a_zone_nobody_knows_is_no_crash(void **state)
{
	struct view view = look(*state, CAMILLE, NULL);
	struct space lost = *house_space(FERME);
	lost.time_zone = "Europe/Chimay";
	struct day_halves halves;
	struct preview preview;
	struct granules range;
	assert_null(policy_zone(view.server, &lost));
	assert_false(policy_halves(&view, &lost, (struct local_date)WEDNESDAY, &halves));
	assert_false(policy_preview(&view, &lost, house_resource("Serre 1"), &(struct booking_wish){ .when = { WEDNESDAY, AM, { 0, 0 } }, .without = "" }, &preview, &range));
	assert_true(date_equal(policy_today(view.server, &lost, 1795474800), (struct local_date){ 2026, 11, 23 }));
	assert_true(date_equal(policy_today(view.server, house_space(FERME), 1795474800), (struct local_date){ 2026, 11, 24 }));
	look_away(*state, &view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(wishes_meet_their_obstacles, open_lived_in, house_close),
		cmocka_unit_test_setup_teardown(what_is_taken_is_told_stretch_by_stretch, open_lived_in, house_close),
		cmocka_unit_test_setup_teardown(days_look_as_they_are, open_lived_in, house_close),
		cmocka_unit_test_setup_teardown(the_nearest_is_offered_first, open_lived_in, house_close),
		cmocka_unit_test_setup_teardown(a_zone_nobody_knows_is_no_crash, open_lived_in, house_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
