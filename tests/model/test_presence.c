/* test_presence.c — when one may check in, who did not come, what lapsed: seconds count. */
#include "table.h"

#include <stdlib.h>

#include "hacktiv/model.h"

#define START 1000000
#define END (START + 4 * 3600)
#define MINUTES(n) ((n) * 60)

static const struct terms strict = { .takes_presence = true, .check_in_minutes = 30, .grace_minutes = 60 };
static const struct terms none = { .takes_presence = false, .check_in_minutes = 30, .grace_minutes = 60 };
static const struct terms patient = { .takes_presence = true, .check_in_minutes = 0, .grace_minutes = 1440 };

static const struct {
	const struct terms *terms;
	enum booking_state state;
	int64_t now;
	enum rule rule;
	const char *why;
} arrivals[] = {
	{ &strict, BOOKING_CONFIRMED, START - MINUTES(30) - 1, RULE_CHECK_IN_EARLY, "a second too early" },
	{ &strict, BOOKING_CONFIRMED, START - MINUTES(30), RULE_NONE, "the door opens" },
	{ &patient, BOOKING_CONFIRMED, START - 1, RULE_CHECK_IN_EARLY, "where it opens at the start" },
	{ &strict, BOOKING_CONFIRMED, START + MINUTES(90), RULE_NONE, "late is better than never" },
	{ &strict, BOOKING_CONFIRMED, END - 1, RULE_NONE, "the last second" },
	{ &strict, BOOKING_CONFIRMED, END, RULE_BOOKING_OVER, "half-open" },
	{ &none, BOOKING_CONFIRMED, START, RULE_NO_PRESENCE, "" },
	{ &strict, BOOKING_PENDING, START - 1, RULE_NOT_CONFIRMED, "" },
	{ &strict, BOOKING_CANCELLED, START, RULE_NOT_CONFIRMED, "" },
	{ &strict, BOOKING_DECLINED, START, RULE_NOT_CONFIRMED, "" },
	{ &strict, BOOKING_LAPSED, START, RULE_NOT_CONFIRMED, "" },
};

static void one_checks_in_within_the_window(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(arrivals); i++) {
		struct booking booking = { .state = arrivals[i].state, .start_at = START, .end_at = END };
		enum rule rule = presence_check_in_rule(&booking, arrivals[i].terms, arrivals[i].now);
		ROW_HOLDS(rule == arrivals[i].rule, "row %zu %s: %s", i, arrivals[i].why, rule_wire_name(rule));
	}
}

static const struct {
	const struct terms *terms;
	enum booking_state state;
	int64_t created_at, checked_in_at, now;
	bool no_show;
	const char *why;
} absences[] = {
	{ &strict, BOOKING_CONFIRMED, START - 9, 0, START + MINUTES(60) - 1, false, "still awaited" },
	{ &strict, BOOKING_CONFIRMED, START - 9, 0, START + MINUTES(60), true, "" },
	{ &strict, BOOKING_CONFIRMED, START - 9, START, START + MINUTES(60), false, "came" },
	{ &strict, BOOKING_CONFIRMED, START + MINUTES(50), 0, START + MINUTES(60), false, "booked ten minutes ago: cannot be late" },
	{ &strict, BOOKING_CONFIRMED, START + MINUTES(50), 0, START + MINUTES(110), true, "" },
	{ &patient, BOOKING_CONFIRMED, START - 9, 0, END - 1, false, "" },
	{ &patient, BOOKING_CONFIRMED, START - 9, 0, END, true, "whoever is awaited longer than the booking lasts" },
	{ &none, BOOKING_CONFIRMED, START - 9, 0, END, false, "where nobody checks in" },
	{ &strict, BOOKING_PENDING, START - 9, 0, END, false, "" },
	{ &strict, BOOKING_CANCELLED, START - 9, 0, END, false, "" },
};

static void who_did_not_come_is_told_by_the_clock(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(absences); i++) {
		struct booking booking = { .state = absences[i].state, .start_at = START, .end_at = END, .created_at = absences[i].created_at,
			                   .checked_in_at = absences[i].checked_in_at };
		booking.awaited_until = presence_awaited_until(&booking, absences[i].terms);
		ROW_HOLDS(presence_is_no_show(&booking, absences[i].now) == absences[i].no_show, "row %zu %s", i, absences[i].why);
	}
}

static void what_waits_lapses_when_it_begins(void **state)
{
	(void)state;
	for (int kind = 0; kind < BOOKING_STATES; kind++) {
		struct booking booking = { .state = (enum booking_state)kind, .start_at = START, .end_at = END };
		assert_false(booking_is_lapsed(&booking, START - 1));
		assert_int_equal(booking_is_lapsed(&booking, START), kind == BOOKING_PENDING);
		assert_int_equal(booking_stands(booking.state), kind == BOOKING_PENDING || kind == BOOKING_CONFIRMED);
	}
}

static void who_leaves_was_here(void **state)
{
	(void)state;
	struct booking booking = { .state = BOOKING_CONFIRMED, .start_at = START, .end_at = END };
	assert_int_equal(presence_check_out_rule(&booking), RULE_NOT_CHECKED_IN);
	booking.checked_in_at = START;
	assert_int_equal(presence_check_out_rule(&booking), RULE_NONE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_checks_in_within_the_window),
		cmocka_unit_test(who_did_not_come_is_told_by_the_clock),
		cmocka_unit_test(what_waits_lapses_when_it_begins),
		cmocka_unit_test(who_leaves_was_here),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
