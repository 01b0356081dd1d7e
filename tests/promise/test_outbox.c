/* What becomes of a wish when other things happen while it waits: another wish, a night, a full disk. Sessions of the real client, a bad line
 * and a real hacktivd. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bad_line.h"
#include "hacktiv/base/sql.h"
#include "inside.h"
#include "stage.h"

#define NIGHT_S (8 * 3600)

/* ---- a line that takes what the test says, and counts what came ---- */

static struct bad_line *line;
static struct arena *kept;
static char *address;

static struct {
	bool writes_lost_before, writes_lost_after, writes_put_off;
	const char *lost_key;          /* of the one wish that is lost on its way there; NULL: none */
	unsigned writes, lost, questions;
} the;                             /* under the line's lock */

static void choose(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	(void)context;
	bool writes = strcmp(about->method, "GET") != 0 && strstr(about->request, " /v1/spaces/") && !strstr(about->request, ":preview");
	the.writes += writes;
	the.questions += strstr(about->request, "GET /v1/spaces/") && (strstr(about->request, "/bookings/") || strstr(about->request, "/activities/"));
	bool lost = writes && (the.writes_lost_before || (the.lost_key && strstr(about->request, the.lost_key)));
	the.lost += lost;
	if (lost)
		fate->request.cut_at = (int64_t)about->length - 1;
	if (writes && the.writes_lost_after)
		fate->answer.cut_at = 0;
	if (writes && the.writes_put_off) {
		fate->status = 503;
		snprintf(fate->type, sizeof fate->type, "text/plain\r\nRetry-After: 1");
	}
}

static void lose_writes(bool before, bool after)
{
	bad_line_choose(line, NULL, NULL);   /* nobody looks while it changes */
	the.writes_lost_before = before;
	the.writes_lost_after = after;
	the.writes_put_off = false;
	the.lost_key = NULL;
	the.writes = the.lost = the.questions = 0;
	bad_line_choose(line, choose, NULL);
}

static void lose_one(const char *id)
{
	lose_writes(false, false);
	bad_line_choose(line, NULL, NULL);
	the.lost_key = id;
	bad_line_choose(line, choose, NULL);
}

static void open_through_line(struct stage *stage, const char *notes)
{
	lose_writes(false, false);
	open_stage(stage, address, notes);
	log_in(stage);
}

/* ---- what is wished ---- */

static const struct activity *open_activity(struct stage *stage, size_t skip)
{
	const struct local_date today = session_today(stage->session);
	session_activities(stage->session, today, date_plus(today, ACTIVITY_WINDOW_DAYS - 1));
	settle_down(stage);
	const struct activity_list *list = session_activities(stage->session, today, date_plus(today, ACTIVITY_WINDOW_DAYS - 1));
	for (size_t at = 0; at < list->count; at++) {
		const struct activity *activity = list->rows[at].activity;
		if (activity_signup_rule(activity, session_now(stage->session)) == RULE_NONE && activity_places_left(activity) > 1 &&
		    activity->mine.state == SIGNUP_NONE && activity->start_at > session_now(stage->session) + 5 * 24 * 3600 &&
		    activity->conditions_version == 0 && skip-- == 0) {
			struct activity *copy = arena_get(kept, sizeof *copy);
			*copy = activity_copy(kept, activity);
			return copy;
		}
	}
	fail_msg("no activity is open");
	abort();
}

static struct wish_book free_desk(struct stage *stage, struct local_date date)
{
	const char *space = arena_copy_text(kept, session_spaces(stage->session)->rows[0].space.id);
	const struct day_list *day = session_day(stage->session, 0, space, date);
	settle_down(stage);
	for (size_t at = 0; at < day->count; at++) {
		const struct resource_day *row = &day->rows[at];
		if (row->resource.kind == RESOURCE_DESK && row->morning == SLOT_FREE)
			return (struct wish_book){ .space_id = space, .space_name = "La Ferme", .resource_id = arena_copy_text(kept, row->resource.id),
				.resource_name = arena_copy_text(kept, row->resource.name), .when = half_day(date, DAY_PART_MORNING) };
	}
	fail_msg("no desk is free");
	abort();
}

static const struct wish_view *wait_for(struct stage *stage, const char *id, enum wish_state state)
{
	UNTIL(stage, session_wish(stage->session, id)->row->state == state);
	return session_wish(stage->session, id);
}

static void wait_until_lost(struct stage *stage, const char *id)
{
	UNTIL(stage, session_wish(stage->session, id)->next_try_at && !wish_find(stage->session, id)->job);
	assert_int_equal(session_wish(stage->session, id)->outcome.kind, OUTCOME_UNKNOWN);
	assert_int_equal(session_wish(stage->session, id)->row->state, WISH_SENT);
}

/* ---- what is true ---- */

static char *ask(const char *text, const char *of)
{
	struct sql *sql = sql_open(in_directory(kept, "db"), SQL_READ_ONLY, NULL);
	struct sql_statement *statement = sql_prepare(sql, text);
	sql_bind_text(statement, 1, of);
	char *answer = arena_copy_text(kept, sql_step(statement, NULL) == SQL_ROW ? sql_text(statement, 0, kept) : "nothing");
	sql_done(statement);
	sql_close(sql);
	return answer;
}

static char *state_of_booking(const char *id)
{
	return ask("SELECT state FROM booking WHERE id = ?", id);
}

static char *state_of_signup(const struct activity *activity)
{
	return ask("SELECT s.state FROM signup s JOIN member m ON m.id = s.member_id WHERE login = 'demo' AND activity_id = ?", activity->id);
}

/* ---- another wish ---- */

static void c05_wishes_of_one_activity_keep_their_order(void **state)
{
	(void)state;
	struct stage stage;
	open_through_line(&stage, "order.db");
	const struct activity *activity = open_activity(&stage, 0);
	wait_for(&stage, session_sign_up(stage.session, 0, activity), WISH_SETTLED);
	lose_writes(true, false);
	const char *out = session_withdraw(stage.session, 0, activity);
	wait_until_lost(&stage, out);
	session_wish_retry(stage.session, out);   /* on its way once more: the second does not even look as if it were */
	stage.session->clock.fixed_at -= NIGHT_S;  /* whatever clock this machine is given meanwhile */
	const struct wish_view *first = session_wish(stage.session, out), *second = session_wish(stage.session, session_sign_up(stage.session, 0, activity));
	for (int attempts = first->row->attempts; first->row->attempts < attempts + 2; turn(&stage)) {
		assert_int_equal(first->row->state, WISH_SENT);
		assert_int_equal(second->row->state, WISH_QUEUED);
		assert_int_equal(wish_stands(second), WISH_WAITS);
	}
	assert_int_equal(the.writes, the.lost);
	const char *in = second->row->id;
	lose_writes(false, false);
	assert_int_equal(wait_for(&stage, in, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	assert_int_equal(session_wish(stage.session, out)->outcome.kind, OUTCOME_DONE);
	assert_string_equal(state_of_signup(activity), "signed_up");
	close_stage(&stage);
}

/* Both are found by the next run, and go in the order in which they were wished: while the first is lost again, the second is not sent. */
static void c30_the_order_survives_a_new_start(void **state)
{
	(void)state;
	struct stage stage;
	open_through_line(&stage, "order2.db");
	const struct activity *activity = open_activity(&stage, 1);
	lose_writes(true, false);
	char *in = memory_copy_text(session_sign_up(stage.session, 0, activity));
	wait_until_lost(&stage, in);
	char *out = memory_copy_text(session_withdraw(stage.session, 0, activity));
	UNTIL(&stage, !stage.session->writes_waiting);
	close_stage(&stage);

	lose_one(in);
	open_stage(&stage, address, "order2.db");
	session_start_network(stage.session);
	UNTIL(&stage, session_wish(stage.session, in) && session_wish(stage.session, in)->row->attempts > 1);
	wait_until_lost(&stage, in);
	assert_true(the.lost > 0);
	assert_int_equal(the.writes, the.lost);
	lose_writes(false, false);
	assert_int_equal(wait_for(&stage, in, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	assert_int_equal(wait_for(&stage, out, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	assert_string_equal(state_of_signup(activity), "withdrawn");
	close_stage(&stage);
	free(in);
	free(out);
}

/* Two of us: what one left behind when it ended is taken up by the other at once, and goes before what that one was told since. */
static void c35_what_another_left_behind_keeps_its_place(void **state)
{
	(void)state;
	struct stage stage, other;
	open_through_line(&stage, "order3.db");
	const struct activity *activity = open_activity(&stage, 2);
	open_stage(&other, address, "order3.db");
	log_in(&other);
	wait_for(&other, session_sign_up(other.session, 0, activity), WISH_SETTLED);
	lose_writes(true, false);
	char *out = memory_copy_text(session_withdraw(other.session, 0, activity));
	wait_until_lost(&other, out);
	close_stage(&other);
	lose_one(out);
	const char *in = session_sign_up(stage.session, 0, activity);
	UNTIL(&stage, session_wish(stage.session, out));
	wait_until_lost(&stage, out);
	assert_true(the.lost > 0);
	assert_int_equal(the.writes, the.lost);
	lose_writes(false, false);
	assert_int_equal(wait_for(&stage, in, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	assert_int_equal(wait_for(&stage, out, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	assert_string_equal(state_of_signup(activity), "signed_up");
	close_stage(&stage);
	free(out);
}

/* ---- a night ---- */

static void a_night_after(bool was_there, struct local_date date, enum outcome_kind expected, const char *booked)
{
	struct stage stage;
	open_through_line(&stage, "night.db");
	struct wish_book wish = free_desk(&stage, date);
	lose_writes(!was_there, was_there);
	const char *id = session_book(stage.session, &wish);
	wait_until_lost(&stage, id);
	stage.session->clock.fixed_at += NIGHT_S;
	lose_writes(false, false);
	assert_int_equal(wait_for(&stage, id, WISH_SETTLED)->outcome.kind, expected);
	assert_int_equal(the.writes, 0);
	assert_in_range(the.questions, 1, 10);
	assert_string_equal(state_of_booking(id), booked);
	session_wish_seen(stage.session, id);
	settle_down(&stage);
	close_stage(&stage);
}

/* The person may have decided otherwise meanwhile, elsewhere: what was lost is asked about, never sent again. */
static void c25_what_was_lost_before_a_night_is_asked_about(void **state)
{
	(void)state;
	a_night_after(true, (struct local_date){ 2026, 9, 3 }, OUTCOME_DONE, "confirmed");
	a_night_after(false, (struct local_date){ 2026, 9, 4 }, OUTCOME_NOT_FOUND, "nothing");
}

/* ---- a server that does not know itself ---- */

/* "Nothing can be stored just now, come again": its commit may have come to be. Such a wish is not one that waits, to be taken back. */
static void s12_a_503_says_nothing_of_what_was_done(void **state)
{
	(void)state;
	struct stage stage;
	open_through_line(&stage, "off.db");
	struct wish_book wish = free_desk(&stage, (struct local_date){ 2026, 9, 9 });
	lose_writes(false, false);
	bad_line_choose(line, NULL, NULL);
	the.writes_put_off = true;
	bad_line_choose(line, choose, NULL);
	const char *id = session_book(stage.session, &wish);
	wait_until_lost(&stage, id);
	assert_int_equal(session_wish_drop(stage.session, id), WISH_DROP_TOO_LATE);
	assert_string_equal(state_of_booking(id), "confirmed");
	lose_writes(false, false);
	assert_int_equal(wait_for(&stage, id, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	close_stage(&stage);
}

/* ---- a full disk ---- */

static void fill_disk(bool full)
{
	struct rlimit limit;
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = full ? 0 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void c32_a_disk_that_fills_between_two_tries_is_no_failure(void **state)
{
	(void)state;
	struct stage stage;
	open_through_line(&stage, "full.db");
	struct wish_book wish = free_desk(&stage, (struct local_date){ 2026, 9, 7 });
	lose_writes(false, true);
	const char *id = session_book(stage.session, &wish);
	wait_until_lost(&stage, id);
	fill_disk(true);
	lose_writes(false, false);
	const struct wish_view *view = wait_for(&stage, id, WISH_SETTLED);
	fill_disk(false);
	assert_int_equal(view->outcome.kind, OUTCOME_DONE);
	assert_false(view->trouble);
	assert_true(session_note_count(stage.session) > 0);
	assert_string_equal(state_of_booking(id), "confirmed");
	char *copy = memory_copy_text(id);
	close_stage(&stage);

	/* The disk still says that it was sent: the next run asks, and tells. */
	open_stage(&stage, address, "full.db");
	session_start_network(stage.session);
	UNTIL(&stage, session_wish(stage.session, copy));
	assert_int_equal(wait_for(&stage, copy, WISH_SETTLED)->outcome.kind, OUTCOME_DONE);
	close_stage(&stage);
	free(copy);
}

static void c32_what_no_disk_takes_is_not_sent(void **state)
{
	(void)state;
	struct stage stage;
	open_through_line(&stage, "full2.db");
	struct wish_book wish = free_desk(&stage, (struct local_date){ 2026, 9, 8 });
	lose_writes(false, false);
	fill_disk(true);
	const char *id = session_book(stage.session, &wish);
	const struct wish_view *view = wait_for(&stage, id, WISH_SETTLED);
	fill_disk(false);
	assert_true(view->trouble);
	assert_int_equal(the.writes, 0);
	assert_string_equal(state_of_booking(id), "nothing");
	close_stage(&stage);
}

static int begin(void **state)
{
	kept = arena_new();
	signal(SIGXFSZ, SIG_IGN);      /* a file that may not grow is then an error like any other */
	if (start_server(state) != 0)
		return -1;
	line = bad_line_new("127.0.0.1:0", arena_print(kept, "unix:%s", in_directory(kept, "socket")), choose, NULL, NULL);
	address = line ? arena_copy_text(kept, bad_line_address(line)) : NULL;
	return line ? 0 : -1;
}

static int end(void **state)
{
	bad_line_free(line);
	arena_free(kept);
	return stop_server(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c05_wishes_of_one_activity_keep_their_order),
		cmocka_unit_test(c30_the_order_survives_a_new_start),
		cmocka_unit_test(c35_what_another_left_behind_keeps_its_place),
		cmocka_unit_test(c25_what_was_lost_before_a_night_is_asked_about),
		cmocka_unit_test(s12_a_503_says_nothing_of_what_was_done),
		cmocka_unit_test(c32_a_disk_that_fills_between_two_tries_is_no_failure),
		cmocka_unit_test(c32_what_no_disk_takes_is_not_sent),
	};
	return cmocka_run_group_tests_name("promise outbox", tests, begin, end);
}
