/* test_payment.c — which credit pays a booking, and what it takes of it. */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define HERE "ferme"
#define THERE "rimbaud"
#define FRIEND "e420"
#define FROM { 2026, 1, 1 }
#define UNTIL(...) { __VA_ARGS__ }

static const struct pass passes[] = {
	{ "pass-here", "zoe", false, HERE, false, FROM, UNTIL(2026, 11, 30), 0, 0, { 0, 210, 0 }, 1 },
	{ "pass-there", "zoe", false, THERE, false, FROM, UNTIL(2026, 12, 31), 0, 0, { 0, 210, 0 }, 1 },
	{ "pass-network", "zoe", false, THERE, true, { 2026, 12, 1 }, UNTIL(2026, 12, 10), 0, 0, { 0, 210, 0 }, 1 },
	{ "carnet-late", "zoe", true, HERE, false, FROM, UNTIL(2027, 6, 30), 10, 10, { 0, 210, 0 }, 1 },
	{ "carnet-soon", "zoe", true, HERE, false, FROM, UNTIL(2026, 12, 31), 10, 1, { 0, 210, 0 }, 2 },
	{ "carnet-friend", "zoe", true, FRIEND, false, FROM, UNTIL(2026, 12, 31), 10, 2, { 0, 210, 0 }, 1 },
	{ "carnet-there", "zoe", true, THERE, false, FROM, UNTIL(2026, 12, 20), 10, 10, { 0, 210, 0 }, 1 },
};
static const char *const friends[] = { FRIEND };

#define ALL (sizeof passes / sizeof passes[0])

static const struct {
	const char *home;
	enum resource_kind kind;
	struct local_date date;
	int half_days, net, network_left;
	size_t passes;            /* so many of the table, from its end */
	const char *expected;     /* in the order of use */
	const char *why;
} rows[] = {
	{ HERE, RESOURCE_DESK, { 2026, 11, 26 }, 1, 800, 0, ALL, "pass:pass-here carnet:carnet-friend carnet:carnet-soon carnet:carnet-late price:",
	  "a pass costs nothing more; of two that end together the one sold first" },
	{ HERE, RESOURCE_DESK, { 2026, 11, 30 }, 1, 800, 0, ALL, "pass:pass-here carnet:carnet-friend carnet:carnet-soon carnet:carnet-late price:",
	  "valid on its last day" },
	{ HERE, RESOURCE_DESK, { 2026, 12, 1 }, 1, 800, 0, ALL, "pass:pass-network carnet:carnet-friend carnet:carnet-soon carnet:carnet-late price:",
	  "one pass ended, that of the network begins: whoever sold it" },
	{ HERE, RESOURCE_DESK, { 2026, 12, 11 }, 1, 800, 0, ALL, "carnet:carnet-friend carnet:carnet-soon carnet:carnet-late price:", "both ended" },
	{ HERE, RESOURCE_DESK, { 2026, 12, 11 }, 2, 1400, 0, ALL, "carnet:carnet-friend carnet:carnet-late price:",
	  "one half-day left does not pay for two" },
	{ HERE, RESOURCE_DESK, { 2027, 1, 1 }, 2, 1400, 0, ALL, "carnet:carnet-late price:", "what ended last year is of no use" },
	{ HERE, RESOURCE_DESK, { 2025, 12, 31 }, 1, 800, 0, ALL, "price:", "nor what has not begun" },
	{ THERE, RESOURCE_DESK, { 2026, 12, 11 }, 1, 800, 6, ALL, "network_day: carnet:carnet-friend carnet:carnet-soon carnet:carnet-late price:",
	  "what is given comes before what was bought" },
	{ THERE, RESOURCE_DESK, { 2026, 12, 5 }, 1, 800, 6, ALL, "pass:pass-network network_day: carnet:carnet-friend carnet:carnet-soon carnet:carnet-late price:",
	  "and after what costs nothing" },
	{ THERE, RESOURCE_DESK, { 2026, 12, 11 }, 2, 1400, 1, 0, "price:", "half a day left does not give a whole one" },
	{ THERE, RESOURCE_DESK, { 2026, 12, 11 }, 2, 1400, 2, 0, "network_day: price:", "the last day" },
	{ HERE, RESOURCE_DESK, { 2026, 12, 11 }, 1, 800, 6, 0, "price:", "no network days at home" },
	{ "", RESOURCE_DESK, { 2026, 12, 11 }, 1, 800, 6, 0, "price:", "nor for whoever has no home" },
	{ THERE, RESOURCE_DESK, { 2026, 12, 11 }, 1, 800, 0, 1, "price:", "a carnet from a space with which nothing was agreed" },
	{ THERE, RESOURCE_MEETING_ROOM, { 2026, 11, 26 }, 1, 4000, 6, ALL, "price:", "rooms are paid" },
	{ THERE, RESOURCE_DESK, { 2026, 11, 26 }, 1, 0, 6, ALL, "price:", "what is free takes no credit" },
	{ THERE, RESOURCE_DESK, { 2026, 11, 26 }, 1, -1, 6, 0, "network_day: price:", "a price that is not told is one all the same" },
};

static void credits_are_used_in_their_order(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct payment_facts facts = {
			.space_id = HERE, .home_space_id = rows[i].home, .kind = rows[i].kind, .date = rows[i].date, .half_days = rows[i].half_days,
			.price = price_of(rows[i].net, 210), .network_half_days_left = rows[i].network_left,
			.passes = passes + ALL - rows[i].passes, .pass_count = rows[i].passes, .carnets_taken = friends, .carnets_taken_count = 1,
		};
		struct payment choices[PAYMENT_CHOICES_MAX];
		size_t count = payment_choices(&facts, choices);
		const char *said = "";
		for (size_t c = 0; c < count; c++) {
			bool by_price = choices[c].by == PAY_PRICE;
			said = arena_print(arena, "%s%s%s:%s", said, c ? " " : "", pay_by_wire_name(choices[c].by), choices[c].pass_id);
			ROW_HOLDS(choices[c].half_days == (by_price ? 0 : rows[i].half_days), "row %zu %s", i, rows[i].why);
			ROW_HOLDS(choices[c].due.net_cents == (by_price ? rows[i].net : 0), "row %zu %s", i, rows[i].why);
			ROW_HOLDS(choices[c].due.vat_permille == 210, "row %zu: the rate stays on the line", i);
		}
		ROW_HOLDS(strcmp(said, rows[i].expected) == 0, "row %zu %s: %s", i, rows[i].why, said);
	}
	arena_free(arena);
}

static void many_carnets_leave_room_for_the_price(void **state)
{
	(void)state;
	struct pass many[40];
	char ids[40][8];
	for (size_t i = 0; i < COUNT_OF(many); i++) {
		many[i] = passes[3];
		snprintf(ids[i], sizeof ids[i], "c%02zu", i);
		many[i].id = ids[i];
	}
	struct payment_facts facts = { .space_id = HERE, .home_space_id = HERE, .kind = RESOURCE_DESK, .date = { 2026, 12, 1 }, .half_days = 1,
		                       .price = price_of(800, 210), .passes = many, .pass_count = COUNT_OF(many) };
	struct payment choices[PAYMENT_CHOICES_MAX];
	assert_int_equal(payment_choices(&facts, choices), PAYMENT_CHOICES_MAX);
	assert_string_equal(choices[0].pass_id, "c00");
	assert_int_equal(choices[PAYMENT_CHOICES_MAX - 1].by, PAY_PRICE);
}

#define DAY { 2026, 11, 26 }

static const struct {
	struct period when;
	int half_days;
} lengths[] = {
	{ { DAY, DAY_PART_MORNING, { 0, 0 } }, 1 },
	{ { DAY, DAY_PART_AFTERNOON, { 0, 0 } }, 1 },
	{ { DAY, DAY_PART_WHOLE, { 0, 0 } }, 2 },
	{ { DAY, DAY_PART_HOURS, { 9 * 60, 13 * 60 } }, 1 },
	{ { DAY, DAY_PART_HOURS, { 13 * 60, 14 * 60 } }, 1 },
	{ { DAY, DAY_PART_HOURS, { 12 * 60 + 45, 13 * 60 + 15 } }, 2 },
};

static void hours_take_the_half_days_they_touch(void **state)
{
	(void)state;
	struct opening_rule rule = { .boundary = 13 * 60 };
	for (size_t i = 0; i < COUNT_OF(lengths); i++)
		ROW_HOLDS(period_half_days(lengths[i].when, &rule) == lengths[i].half_days, "row %zu", i);
}

static void ways_to_pay_round_trip(void **state)
{
	(void)state;
	static const char *const names[] = { "price", "pass", "network_day", "carnet" };
	for (int by = PAY_PRICE; by <= PAY_CARNET; by++) {
		enum pay_by found;
		assert_string_equal(pay_by_wire_name((enum pay_by)by), names[by]);
		assert_true(pay_by_from_wire(names[by], &found) && (int)found == by);
	}
	enum pay_by none = PAY_PASS;
	assert_false(pay_by_from_wire("gold", &none));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(credits_are_used_in_their_order),
		cmocka_unit_test(many_carnets_leave_room_for_the_price),
		cmocka_unit_test(hours_take_the_half_days_they_touch),
		cmocka_unit_test(ways_to_pay_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
