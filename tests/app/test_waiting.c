/* Wishes that cannot be sent at once: how long they wait, what is looked at before they go, and how they are taken back, even at the
 * instant at which they leave. Against a real hacktivd that is there, gone, or holds its breath. */
#include "stage.h"

#include <string.h>

static const struct local_date tuesday = { 2026, 7, 21 + 7 };

struct desk { struct arena *arena; struct wish_book wish; };

/* A desk at La Ferme that is free on that date. */
static struct desk free_desk(struct stage *stage, struct local_date date, enum day_part part)
{
	const struct space *space = &session_spaces(stage->session)->rows[0].space;
	struct desk desk = { .arena = arena_new() };
	desk.wish = (struct wish_book){ .space_id = arena_copy_text(desk.arena, space->id), .space_name = arena_copy_text(desk.arena, space->name),
		.when = half_day(date, part) };
	const struct day_list *day = session_day(stage->session, 0, desk.wish.space_id, date);
	UNTIL(stage, !day->state.asking);
	for (size_t at = 0; at < day->count; at++) {
		const struct resource_day *row = &day->rows[at];
		if (row->resource.kind != RESOURCE_DESK || row->morning != SLOT_FREE || row->afternoon != SLOT_FREE)
			continue;
		desk.wish.resource_id = arena_copy_text(desk.arena, row->resource.id);
		desk.wish.resource_name = arena_copy_text(desk.arena, row->resource.name);
		return desk;
	}
	fail_msg("no desk is free");
	abort();
}

static bool is_booked(struct stage *stage, const struct desk *desk)
{
	session_refresh_bookings(stage->session);
	UNTIL(stage, !session_bookings(stage->session)->state.asking);
	assert_int_equal(session_bookings(stage->session)->state.outcome.kind, OUTCOME_DONE);
	for (size_t at = 0; at < session_bookings(stage->session)->count; at++) {
		const struct booking *booking = &session_bookings(stage->session)->rows[at].booking;
		if (strcmp(booking->resource_id, desk->wish.resource_id) == 0 && period_equal(booking->when, desk->wish.when))
			return true;
	}
	return false;
}

/* Wished for without a connection, and left on disk. */
static struct desk leave_a_wish(const char *notes, struct local_date date, enum day_part part)
{
	struct stage stage;
	open_stage(&stage, NULL, notes);
	log_in(&stage);
	struct desk desk = free_desk(&stage, date, part);
	kill_server();
	const char *id = session_book(stage.session, &desk.wish);
	UNTIL(&stage, wish_stands(session_wish(stage.session, id)) == WISH_WAITS);
	settle_down(&stage);
	close_stage(&stage);
	return desk;
}

/* Nobody can be asked: what is known of that day is told, and where it is open, rather than a wish kept that will be refused. */
static void c01_a_day_that_is_known_to_be_closed_is_not_wished_for(void **state)
{
	(void)state;
	static const struct local_date national_day = { 2026, 7, 21 }, day_before = { 2026, 7, 20 }, day_after = { 2026, 7, 22 };
	struct stage stage;
	open_stage(&stage, NULL, "closed.db");
	log_in(&stage);
	struct desk desk = free_desk(&stage, day_after, DAY_PART_MORNING);
	kill_server();
	session_refresh_spaces(stage.session);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UNREACHABLE);
	session_propose(stage.session, &desk.wish);
	UNTIL(&stage, !session_proposal(stage.session)->state.asking);
	assert_null(session_proposal(stage.session)->preview);   /* that day is open: it may be wished for */
	desk.wish.when.date = national_day;
	session_propose(stage.session, &desk.wish);
	UNTIL(&stage, !session_proposal(stage.session)->state.asking);
	const struct preview *preview = session_proposal(stage.session)->preview;
	assert_non_null(preview);
	assert_int_equal(preview->obstacle_count, 1);
	assert_int_equal(preview->obstacles[0].rule, RULE_SPACE_CLOSED);
	assert_string_equal(preview->obstacles[0].detail, holiday_words(HOLIDAY_BELGIAN_NATIONAL_DAY));
	assert_int_equal(preview->alternative_count, 2);
	assert_true(date_equal(preview->alternatives[0].when.date, day_after));
	assert_true(date_equal(preview->alternatives[1].when.date, day_before));
	assert_string_equal(preview->alternatives[0].resource_id, desk.wish.resource_id);
	assert_int_equal(preview->alternatives[0].when.part, DAY_PART_MORNING);
	close_stage(&stage);
	assert_true(launch_server());
	arena_free(desk.arena);
}

static const struct wish_view *only_wish(struct stage *stage)
{
	UNTIL(stage, session_wishes_are_known(stage->session));
	assert_int_equal(session_wish_count(stage->session), 1);
	return session_wish_at(stage->session, 0);
}

/* ---- taking back ---- */

/* A screen may stay open for years. */
static void what_is_over_is_not_kept_for_ever(void **state)
{
	(void)state;
	enum { MORE = 3 };
	struct stage stage;
	open_stage(&stage, NULL, "many.db");
	log_in(&stage);
	struct desk desk = free_desk(&stage, tuesday, DAY_PART_MORNING);
	kill_server();
	char first[UUID_SIZE], again[UUID_SIZE] = "";
	for (int made = 0; made < WISHES_SEEN_KEPT + MORE; made++) {
		const char *id = session_book(stage.session, &desk.wish);
		memcpy(made ? again : first, id, UUID_SIZE);
		session_wish_drop(stage.session, id);
		UNTIL(&stage, session_wish(stage.session, id)->taken_back);
		assert_true(made >= WISHES_SEEN_KEPT || session_wish(stage.session, first));
	}
	turn(&stage);
	assert_null(session_wish(stage.session, first));
	assert_non_null(session_wish(stage.session, again));
	close_stage(&stage);
	assert_true(launch_server());
	arena_free(desk.arena);
}

static void what_waits_is_taken_back_and_never_sent(void **state)
{
	(void)state;
	struct stage stage;
	struct desk desk = leave_a_wish("taken_back.db", tuesday, DAY_PART_MORNING);
	open_stage(&stage, NULL, "taken_back.db");
	const struct wish_view *wish = only_wish(&stage);
	assert_int_equal(wish_stands(wish), WISH_WAITS);
	assert_int_equal(session_wish_drop(stage.session, wish->row->id), WISH_DROPPED);
	assert_int_equal(session_wish_count(stage.session), 0);
	UNTIL(&stage, wish->taken_back);
	assert_true(launch_server());
	log_in(&stage);
	session_sync(stage.session);
	settle_down(&stage);
	assert_false(is_booked(&stage, &desk));
	close_stage(&stage);

	open_stage(&stage, NULL, "taken_back.db");
	UNTIL(&stage, session_wishes_are_known(stage.session));
	assert_int_equal(session_wish_count(stage.session), 0);
	close_stage(&stage);
	arena_free(desk.arena);
}

static void taken_back_at_the_instant_it_leaves(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "instant.db");
	log_in(&stage);
	struct desk desk = free_desk(&stage, tuesday, DAY_PART_MORNING);
	const char *id = session_book(stage.session, &desk.wish);
	/* On its way to the disk: it would be sent as soon as it is there. */
	assert_int_equal(session_wish(stage.session, id)->row->state, WISH_SENT);
	assert_int_equal(session_wish_drop(stage.session, id), WISH_DROPPED);
	UNTIL(&stage, session_wish(stage.session, id)->taken_back);
	settle_down(&stage);
	assert_false(is_booked(&stage, &desk));
	close_stage(&stage);
	arena_free(desk.arena);
}

/* The site has it, and nobody knows yet: that is said, and the booking is told when the answer comes. */
static void too_late_to_take_back(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "late.db");
	log_in(&stage);
	struct desk desk = free_desk(&stage, tuesday, DAY_PART_AFTERNOON);
	hold_server(true);
	const char *id = session_book(stage.session, &desk.wish);
	for (int turns = 0; turns < 10; turns++)
		turn(&stage);
	assert_int_equal(session_wish_drop(stage.session, id), WISH_DROP_LATER);
	hold_server(false);
	UNTIL(&stage, session_wish(stage.session, id)->outcome.kind == OUTCOME_DONE);
	assert_false(session_wish(stage.session, id)->taken_back);
	assert_true(is_booked(&stage, &desk));
	session_wish_seen(stage.session, id);
	settle_down(&stage);
	assert_false(session_wish(stage.session, id)->taken_back);
	close_stage(&stage);
	arena_free(desk.arena);
}

static void taken_back_while_it_could_not_arrive(void **state)
{
	(void)state;
	struct stage stage;
	struct desk desk = leave_a_wish("lost.db", date_plus(tuesday, 1), DAY_PART_MORNING);
	open_stage(&stage, NULL, "lost.db");
	const struct wish_view *wish = only_wish(&stage);
	session_start_network(stage.session);
	turn(&stage);
	session_wish_drop(stage.session, wish->row->id);
	UNTIL(&stage, wish->taken_back);
	close_stage(&stage);
	assert_true(launch_server());
	open_stage(&stage, NULL, "lost.db");
	log_in(&stage);
	assert_false(is_booked(&stage, &desk));
	close_stage(&stage);
	arena_free(desk.arena);
}

/* ---- a look before it goes ---- */

static void set_now(const char *now)
{
	setenv("HACKTIV_NOW", now, 1);
}

static void an_old_wish_is_sent_when_nothing_stands_in_its_way(void **state)
{
	(void)state;
	struct stage stage;
	struct desk desk = leave_a_wish("old.db", date_plus(tuesday, 2), DAY_PART_MORNING);
	assert_true(launch_server());
	set_now("2026-07-15T09:00:00+02:00");
	open_stage(&stage, NULL, "old.db");
	const struct wish_view *wish = only_wish(&stage);
	log_in(&stage);
	UNTIL(&stage, wish->row->state == WISH_SETTLED);
	assert_int_equal(wish->outcome.kind, OUTCOME_DONE);
	assert_true(is_booked(&stage, &desk));
	close_stage(&stage);
	set_now(STAGE_NOW);
	arena_free(desk.arena);
}

/* C15: what I wished for is not to be had any more. It comes back as a question with what is free instead, and stays one until it is
 * answered, also over a restart. */
static void c15_an_old_wish_that_is_taken_comes_back_as_a_question(void **state)
{
	(void)state;
	struct stage stage;
	struct desk desk = leave_a_wish("taken.db", date_plus(tuesday, 3), DAY_PART_MORNING);
	assert_true(launch_server());
	struct stage phone;
	open_stage(&phone, NULL, "phone.db");
	log_in(&phone);
	const char *id = session_book(phone.session, &desk.wish);
	UNTIL(&phone, session_wish(phone.session, id)->outcome.kind == OUTCOME_DONE);
	close_stage(&phone);

	set_now("2026-07-15T09:00:00+02:00");
	open_stage(&stage, NULL, "taken.db");
	const struct wish_view *wish = only_wish(&stage);
	log_in(&stage);
	UNTIL(&stage, wish->row->state == WISH_SETTLED);
	assert_int_equal(wish->outcome.rule, RULE_ALREADY_MINE);
	assert_int_equal(wish->row->first_sent_at, 0);   /* looked at, not sent */
	assert_int_equal(wish_stands(wish), WISH_ASKS);
	settle_down(&stage);
	close_stage(&stage);

	open_stage(&stage, NULL, "taken.db");
	wish = only_wish(&stage);
	assert_int_equal(wish_stands(wish), WISH_ASKS);
	assert_int_equal(session_wish_drop(stage.session, wish->row->id), WISH_DROPPED);
	settle_down(&stage);
	close_stage(&stage);
	open_stage(&stage, NULL, "taken.db");
	UNTIL(&stage, session_wishes_are_known(stage.session));
	assert_int_equal(session_wish_count(stage.session), 0);
	close_stage(&stage);
	set_now(STAGE_NOW);
	arena_free(desk.arena);
}

/* ---- how long it waits ---- */

struct end { const char *now; bool server; enum wish_stand stand; enum outcome_kind outcome; enum rule rule; };

/* For the morning of the 28th, on which La Ferme opens at nine and the afternoon begins at one. */
static void it_waits_as_long_as_that_makes_sense(void **state)
{
	(void)state;
	static const struct end ends[] = {
		{ "2026-07-28T08:44:00+02:00", false, WISH_WAITS, OUTCOME_UNREACHABLE, RULE_NONE },
		{ "2026-07-28T08:46:00+02:00", false, WISH_ASKS, OUTCOME_UNREACHABLE, RULE_NONE },            /* begins too soon to wait */
		{ "2026-07-28T10:30:00+02:00", false, WISH_ASKS, OUTCOME_UNREACHABLE, RULE_NONE },
		{ "2026-07-28T13:30:00+02:00", false, WISH_ASKS, OUTCOME_REFUSED, RULE_BOOKING_STARTED },     /* over: told without a site */
		{ "2026-07-28T13:05:00+02:00", true, WISH_ASKS, OUTCOME_REFUSED, RULE_BOOKING_STARTED },
	};
	struct desk desk = leave_a_wish("patience.db", tuesday, DAY_PART_MORNING);
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(ends); at++) {
		const struct end *end = &ends[at];
		const char *notes = arena_print(arena, "patience%zu.db", at);
		copy_notes("patience.db", notes);
		if (end->server)
			assert_true(launch_server());
		set_now(end->now);
		struct stage stage;
		open_stage(&stage, NULL, notes);
		const struct wish_view *wish = only_wish(&stage);
		UNTIL(&stage, session_spaces(stage.session)->count);
		session_start_network(stage.session);
		UNTIL(&stage, end->server ? session_spaces(stage.session)->state.outcome.kind == OUTCOME_DONE
		                          : session_site(stage.session, 0)->state == SITE_UNREACHABLE);
		for (int turns = 0; turns < 3; turns++)
			turn(&stage);
		settle_down(&stage);
		if (wish_stands(wish) != end->stand || wish->outcome.kind != end->outcome || wish->outcome.rule != end->rule)
			fail_msg("%s: stands %d, ends %s, by rule %d", end->now, (int)wish_stands(wish), outcome_wire_name(wish->outcome.kind),
			         (int)wish->outcome.rule);
		close_stage(&stage);
	}
	set_now(STAGE_NOW);
	arena_free(arena);
	arena_free(desk.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c01_a_day_that_is_known_to_be_closed_is_not_wished_for),
		cmocka_unit_test(what_is_over_is_not_kept_for_ever),
		cmocka_unit_test(what_waits_is_taken_back_and_never_sent),
		cmocka_unit_test(taken_back_at_the_instant_it_leaves),
		cmocka_unit_test(too_late_to_take_back),
		cmocka_unit_test(taken_back_while_it_could_not_arrive),
		cmocka_unit_test(an_old_wish_is_sent_when_nothing_stands_in_its_way),
		cmocka_unit_test(c15_an_old_wish_that_is_taken_comes_back_as_a_question),
		cmocka_unit_test(it_waits_as_long_as_that_makes_sense),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
