/* The session against a real hacktivd, and against one that never answers: what it shows, how long it lives, when it goes. */
#include "stage.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "inside.h"

static const struct space_row *row_of(const struct session *session, const char *slug)
{
	const struct space_list *list = session_spaces(session);
	for (size_t at = 0; at < list->count; at++) {
		if (strcmp(list->rows[at].space.slug, slug) == 0)
			return &list->rows[at];
	}
	fail_msg("no space is called %s", slug);
	abort();
}

static const struct resource_day *free_desk(const struct day_list *day)
{
	for (size_t at = 0; at < day->count; at++) {
		if (day->rows[at].resource.kind == RESOURCE_DESK && day->rows[at].morning == SLOT_FREE)
			return &day->rows[at];
	}
	fail_msg("no desk is free");
	abort();
}

/* ---- what it shows ---- */

static void everybody_sees_the_spaces(void **state)
{
	(void)state;
	struct stage stage;
	tokens_remove("essai", NULL);
	open_stage(&stage, NULL, "everybody.db");
	assert_int_equal(session_site(stage.session, 0)->state, SITE_LOGIN_NEEDED);
	session_start_network(stage.session);
	assert_true(session_spaces(stage.session)->state.asking);
	settle_down(&stage);
	const struct space_list *list = session_spaces(stage.session);
	assert_int_equal(list->count, 4);
	assert_int_equal(list->state.outcome.kind, OUTCOME_DONE);
	assert_false(list->state.asking);
	assert_true(list->state.as_of > 0);
	assert_true(date_equal(list->date, (struct local_date){ 2026, 7, 15 }));
	assert_int_equal(session_bookings(stage.session)->count, 0);
	assert_false(session_site(stage.session, 0)->may_book);
	close_stage(&stage);
}

static void home_comes_first_then_names(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "home.db");
	log_in(&stage);
	static const char *const order[] = { "ferme", "e420", "pepi", "rimbaud" };   /* the sample member's home is La Ferme */
	for (size_t at = 0; at < COUNT_OF(order); at++)
		assert_string_equal(session_spaces(stage.session)->rows[at].space.slug, order[at]);
	const struct booking_list *mine = session_bookings(stage.session);
	assert_true(mine->count > 0);
	for (size_t at = 1; at < mine->count; at++)
		assert_true(mine->rows[at - 1].booking.start_at <= mine->rows[at].booking.start_at);
	close_stage(&stage);
}

static void the_next_start_shows_the_last_lists_before_any_network(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "again.db");
	log_in(&stage);
	size_t mine = session_bookings(stage.session)->count;
	close_stage(&stage);
	open_stage(&stage, NULL, "again.db");
	UNTIL(&stage, session_spaces(stage.session)->count == 4 && session_bookings(stage.session)->count == mine &&
	              session_site(stage.session, 0)->member);
	assert_int_equal(session_site(stage.session, 0)->state, SITE_IDLE);
	assert_string_equal(session_site(stage.session, 0)->member->login, "demo");
	assert_int_equal(session_spaces(stage.session)->rows[0].space.today.free_morning > 0 ||
	                 session_spaces(stage.session)->rows[0].space.today.desks > 0, true);
	close_stage(&stage);

	/* On another day, what was free then is not shown as free now. */
	setenv("HACKTIV_NOW", "2026-07-16T07:30:00+02:00", 1);
	open_stage(&stage, NULL, "again.db");
	UNTIL(&stage, session_spaces(stage.session)->count == 4);
	assert_int_equal(session_spaces(stage.session)->rows[0].space.today.date.year, 0);
	assert_true(session_spaces(stage.session)->state.as_of > 0);
	close_stage(&stage);
	setenv("HACKTIV_NOW", STAGE_NOW, 1);
}

static void a_day_is_asked_once_and_kept(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "day.db");
	log_in(&stage);
	char *id = memory_copy_text(row_of(stage.session, "ferme")->space.id);
	const struct local_date monday = { 2026, 7, 20 };
	const struct day_list *day = session_day(stage.session, 0, id, monday);
	assert_true(day->state.asking);
	assert_int_equal(day->state.as_of, 0);
	settle_down(&stage);
	assert_int_equal(day->state.outcome.kind, OUTCOME_DONE);
	assert_int_equal(day->count, 13);
	assert_ptr_equal(session_day(stage.session, 0, id, monday), day);
	assert_false(day->state.asking);
	session_refresh_day(stage.session, 0, id, monday);
	assert_true(day->state.asking);
	assert_int_equal(day->count, 13);   /* what was known is shown meanwhile */
	settle_down(&stage);
	for (int next = 1; next <= 40; next++)
		session_day(stage.session, 0, id, date_plus(monday, next));
	const struct day_list *anew = session_day(stage.session, 0, id, monday);
	assert_int_equal(anew->state.as_of, 0);   /* gave way to the forty */
	close_stage(&stage);
	free(id);
}

static void what_was_borrowed_is_good_until_the_next_turn(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "borrowed.db");
	log_in(&stage);
	const struct booking_list *mine = session_bookings(stage.session);
	const struct booking *booking = &mine->rows[0].booking;
	const struct member *member = session_site(stage.session, 0)->member;
	const struct day_list *day = session_day(stage.session, 0, row_of(stage.session, "ferme")->space.id, (struct local_date){ 2026, 7, 20 });
	settle_down(&stage);
	const struct resource_day *row = &day->rows[0];
	booking = &session_bookings(stage.session)->rows[0].booking;
	member = session_site(stage.session, 0)->member;
	session_log_out(stage.session, 0);
	assert_true(strlen(booking->space_name) > 0);   /* the sanitizer watches */
	assert_string_equal(member->login, "demo");
	assert_true(strlen(row->resource.name) > 0);
	assert_null(session_site(stage.session, 0)->member);
	session_turn(stage.session);
	assert_int_equal(session_bookings(stage.session)->count, 0);
	settle_down(&stage);
	close_stage(&stage);
}

/* ---- what it does ---- */

static void a_proposal_a_booking_and_its_end(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "book.db");
	log_in(&stage);
	const struct local_date monday = { 2026, 7, 20 };
	const struct space_row *pepi = row_of(stage.session, "pepi");
	const struct day_list *day = session_day(stage.session, 0, pepi->space.id, monday);
	settle_down(&stage);
	const struct resource_day *desk = free_desk(day);
	struct wish_book wish = {
		.space_id = arena_copy_text(stage.arena, day->space_id), .space_name = "Pépinière",
		.resource_id = arena_copy_text(stage.arena, desk->resource.id), .resource_name = arena_copy_text(stage.arena, desk->resource.name),
		.when = half_day(monday, DAY_PART_MORNING),
	};
	assert_null(session_proposal(stage.session));
	session_propose(stage.session, &wish);
	UNTIL(&stage, !session_proposal(stage.session)->state.asking);
	assert_int_equal(session_proposal(stage.session)->preview->obstacle_count, 0);
	assert_int_equal(session_proposal(stage.session)->preview->booking.price.net_cents, 800);
	session_drop_proposal(stage.session);
	assert_null(session_proposal(stage.session));

	size_t before = session_bookings(stage.session)->count;
	const char *id = session_book(stage.session, &wish);
	assert_int_equal(session_wish(stage.session, id)->outcome.kind, OUTCOME_NONE);
	UNTIL(&stage, session_wish(stage.session, id)->row->state == WISH_SETTLED);
	assert_int_equal(session_wish(stage.session, id)->outcome.kind, OUTCOME_DONE);
	assert_string_equal(session_wish(stage.session, id)->booking->id, id);
	settle_down(&stage);
	assert_int_equal(session_bookings(stage.session)->count, before + 1);   /* asked again by itself */
	day = session_day(stage.session, 0, wish.space_id, monday);
	assert_false(day->state.asking);
	bool mine = false;
	for (size_t at = 0; at < day->count; at++)
		mine = mine || strcmp(day->rows[at].my_booking_id, id) == 0;
	assert_true(mine);

	/* Once more: in the way of oneself, with alternatives. */
	const char *twice = session_book(stage.session, &wish);
	UNTIL(&stage, session_wish(stage.session, twice)->row->state == WISH_SETTLED);
	assert_int_equal(session_wish(stage.session, twice)->outcome.rule, RULE_ALREADY_MINE);
	assert_true(session_wish(stage.session, twice)->outcome.alternative_count > 0);
	assert_int_equal(session_wish_count(stage.session), 2);
	session_wish_seen(stage.session, id);
	session_wish_seen(stage.session, twice);
	assert_int_equal(session_wish_count(stage.session), 0);
	assert_non_null(session_wish(stage.session, id));

	const struct booking_list *list = session_bookings(stage.session);
	for (size_t at = 0; at < list->count; at++) {
		if (strcmp(list->rows[at].booking.id, id) == 0) {
			const char *gone = session_cancel(stage.session, 0, &list->rows[at].booking);
			UNTIL(&stage, session_wish(stage.session, gone)->row->state == WISH_SETTLED);
			assert_int_equal(session_wish(stage.session, gone)->outcome.kind, OUTCOME_DONE);
			break;
		}
	}
	settle_down(&stage);
	assert_int_equal(session_bookings(stage.session)->count, before);
	close_stage(&stage);
}

static void a_wrong_password_is_an_outcome(void **state)
{
	(void)state;
	struct stage stage;
	tokens_remove("essai", NULL);
	open_stage(&stage, NULL, "wrong.db");
	session_start_network(stage.session);
	session_log_in(stage.session, 0, "demo", "sésame");
	UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind != OUTCOME_NONE);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_LOGIN_NEEDED);
	assert_int_equal(session_site(stage.session, 0)->state, SITE_LOGIN_NEEDED);
	close_stage(&stage);
}

/* ---- a site that never answers ---- */

static int listen_deaf(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	int deaf = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(deaf, (const struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(deaf, 16), 0);
	return deaf;
}

static void hanging_requests_do_not_hold_the_end(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	int deaf = listen_deaf(in_directory(arena, "deaf"));
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "deaf")), "hanging.db");
	session_start_network(stage.session);
	for (int day = 1; day <= 8; day++)
		session_day(stage.session, 0, "nowhere", (struct local_date){ 2026, 7, day });
	for (int count = 0; count < 5; count++)
		turn(&stage);
	assert_true(session_spaces(stage.session)->state.asking);
	int64_t began = clock_monotonic_ms();
	session_free(stage.session);
	/* Promised are 50 ms; a sanitized build on a busy machine gets more. */
	assert_in_range(clock_monotonic_ms() - began, 0, 500);
	config_clear(&stage.config);
	arena_free(stage.arena);
	close(deaf);
	arena_free(arena);
}

static void a_site_that_is_away_is_tried_with_growing_pauses(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "nobody")), "away.db");
	session_start_network(stage.session);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UNREACHABLE);
	assert_true(strlen(session_site(stage.session, 0)->problem) > 0);
	int changes = 0;
	for (int64_t until = clock_monotonic_ms() + 3000; clock_monotonic_ms() < until;) {
		session_wait(stage.session, NULL, 0, 1000);
		changes += session_turn(stage.session) != 0;
	}
	assert_in_range(changes, 1, 60);   /* no storm: about six tries of a few turns each */
	close_stage(&stage);
	arena_free(arena);
}

static void turn_for(struct stage *stage, int ms)
{
	for (int64_t until = clock_monotonic_ms() + ms; clock_monotonic_ms() < until;)
		turn(stage);
}

/* Its next try may be a minute away: who asks again must not be told meanwhile that it does not answer. */
static void a_site_that_is_back_is_up_as_soon_as_somebody_asks(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "back.db");
	log_in(&stage);
	settle_down(&stage);
	assert_int_equal(session_site(stage.session, 0)->state, SITE_UP);
	kill_server();
	session_refresh_spaces(stage.session);
	turn_for(&stage, 1500);   /* long enough for tries of everything, and for a pause that is longer than what follows */
	assert_int_equal(session_site(stage.session, 0)->state, SITE_UNREACHABLE);
	assert_true(launch_server());
	session_refresh_spaces(stage.session);
	session_refresh_bookings(stage.session);
	settle_down(&stage);
	assert_int_equal(session_site(stage.session, 0)->state, SITE_UP);
	close_stage(&stage);
}

/* What was wished for arrived: the site is not told to be away until its next try is due. */
static void a_site_that_took_a_wish_is_there(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "took.db");
	log_in(&stage);
	const struct space *space = &session_spaces(stage.session)->rows[0].space;
	struct local_date date = date_plus(session_today(stage.session), 12);
	const struct day_list *day = session_day(stage.session, 0, space->id, date);
	UNTIL(&stage, !day->state.asking);
	size_t free = 0;
	while (free < day->count && !(day->rows[free].resource.kind == RESOURCE_DESK && day->rows[free].morning == SLOT_FREE))
		free++;
	assert_true(free < day->count);
	const struct wish_book wish = { .space_id = space->id, .space_name = space->name, .resource_id = day->rows[free].resource.id,
		.resource_name = day->rows[free].resource.name, .when = half_day(date, DAY_PART_MORNING) };
	kill_server();
	const char *id = session_book(stage.session, &wish);
	session_refresh_spaces(stage.session);
	session_refresh_bookings(stage.session);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UNREACHABLE && session_is_quiet(stage.session));
	assert_true(launch_server());
	struct site *site = &stage.session->sites[0];
	site->retry_at_ms = clock_monotonic_ms() + 2 * PATIENCE_MS;
	session_wish_retry(stage.session, id);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UP);
	assert_int_equal(session_wish(stage.session, id)->outcome.kind, OUTCOME_DONE);
	close_stage(&stage);
}

/* Whatever was asked for meanwhile comes by itself: nobody has to ask for it twice. */
static void when_a_site_is_back_what_was_asked_for_comes(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "comes.db");
	log_in(&stage);
	struct session *session = stage.session;
	const struct space *space = &session_spaces(session)->rows[0].space;
	const struct day_list *day = session_day(session, 0, space->id, date_plus(session_today(session), 13));
	UNTIL(&stage, !day->state.asking);
	const struct wish_book wish = { .space_id = space->id, .space_name = space->name, .resource_id = day->rows[0].resource.id,
		.resource_name = day->rows[0].resource.name, .when = half_day(day->date, DAY_PART_MORNING) };
	kill_server();
	session_propose(session, &wish);
	session_directory(session, DIRECTORY_ORGANISATIONS, "");
	UNTIL(&stage, session_is_quiet(session));
	assert_null(session_proposal(session)->preview);
	assert_int_equal(session_directory(session, DIRECTORY_ORGANISATIONS, "")->count, 0);
	assert_true(launch_server());
	session_refresh_spaces(session);
	UNTIL(&stage, session_proposal(session)->preview && session_directory(session, DIRECTORY_ORGANISATIONS, "")->count);
	close_stage(&stage);
}

/* It is asked one question, and before that is answered something wants it to be tried at once: all else is asked after it all the same. */
static void a_site_that_is_hurried_while_it_is_tried_comes_back(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "hurried.db");
	log_in(&stage);
	kill_server();
	session_refresh_spaces(stage.session);
	session_refresh_bookings(stage.session);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UNREACHABLE && session_is_quiet(stage.session));
	assert_true(launch_server());
	struct site *site = &stage.session->sites[0];
	site->retry_at_ms = clock_monotonic_ms();
	UNTIL(&stage, site->probing);
	site_try_now(stage.session, 0);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UP);
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_sees_the_spaces),
		cmocka_unit_test(home_comes_first_then_names),
		cmocka_unit_test(the_next_start_shows_the_last_lists_before_any_network),
		cmocka_unit_test(a_day_is_asked_once_and_kept),
		cmocka_unit_test(what_was_borrowed_is_good_until_the_next_turn),
		cmocka_unit_test(a_proposal_a_booking_and_its_end),
		cmocka_unit_test(a_wrong_password_is_an_outcome),
		cmocka_unit_test(hanging_requests_do_not_hold_the_end),
		cmocka_unit_test(a_site_that_is_back_is_up_as_soon_as_somebody_asks),
		cmocka_unit_test(a_site_that_took_a_wish_is_there),
		cmocka_unit_test(a_site_that_is_hurried_while_it_is_tried_comes_back),
		cmocka_unit_test(when_a_site_is_back_what_was_asked_for_comes),
		cmocka_unit_test(a_site_that_is_away_is_tried_with_growing_pauses),
	};
	return cmocka_run_group_tests_name("app session", tests, start_server, stop_server);
}
