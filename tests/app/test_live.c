/* What changes elsewhere comes by itself: two of us on a real hacktivd, a line between that can be cut, held and counted, and peers that
 * answer as no site should. */
#include "scene.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static const struct local_date thursday = { 2026, 7, 23 }, friday = { 2026, 7, 24 };

/* ---- what comes ---- */

static void a_booking_made_elsewhere_comes_by_itself_and_goes(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "comes.db");
	const struct day_list *day = session_day(scene.mine.session, 0, scene.ferme, thursday);
	UNTIL(&scene.mine, day->state.as_of && !day->state.asking);
	char *id = book(&scene, scene.ferme, thursday);
	UNTIL(&scene.mine, find_mine(&scene, id));
	bool shown = false;
	for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; !shown && clock_monotonic_ms() < until; turn(&scene.mine)) {
		day = session_day(scene.mine.session, 0, scene.ferme, thursday);
		for (size_t at = 0; at < day->count; at++)
			shown = shown || day->rows[at].morning == SLOT_MINE;
	}
	assert_true(shown);
	cancel(&scene, id);
	UNTIL(&scene.mine, !find_mine(&scene, id));
	free(id);
	close_scene(&scene);
}

static void only_what_it_touches_is_asked(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "touches.db");
	const struct day_list *day = session_day(scene.mine.session, 0, scene.ferme, friday);
	UNTIL(&scene.mine, day->state.as_of && !day->state.asking);
	forget_asked(&scene);
	char *id = book(&scene, scene.ferme, thursday);
	UNTIL(&scene.mine, find_mine(&scene, id));
	settle_down(&scene.mine);
	assert_int_equal(times(&scene.asked, "GET /v1/members/me?"), 0);
	assert_int_equal(times(&scene.asked, "GET /v1/members/me/signups"), 0);
	assert_int_equal(times(&scene.asked, "GET /v1/activities"), 0);
	assert_int_equal(times(&scene.asked, "GET /v1/members/me/bookings"), 1);
	assert_int_equal(times(&scene.asked, "GET /v1/spaces?"), 0);   /* what is free today is as it was */
	session_day(scene.mine.session, 0, scene.ferme, friday);
	settle_down(&scene.mine);
	assert_int_equal(times(&scene.asked, "GET /v1/spaces/"), 0);
	free(id);
	close_scene(&scene);
}

static void a_burst_is_read_together(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "burst.db");
	forget_asked(&scene);
	char *ids[8];
	for (size_t at = 0; at < COUNT_OF(ids); at++)
		ids[at] = book(&scene, at % 2 ? scene.ferme : scene.e420, date_plus(thursday, (int)at / 2 * 7));
	UNTIL(&scene.mine, find_mine(&scene, ids[COUNT_OF(ids) - 1]));
	for (size_t at = 0; at < COUNT_OF(ids); at++) {
		assert_non_null(find_mine(&scene, ids[at]));
		free(ids[at]);
	}
	assert_in_range(times(&scene.asked, "GET /v1/members/me/bookings"), 1, 2);
	close_scene(&scene);
}

static void while_nothing_changes_nothing_is_asked_and_nobody_wakes(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "calm.db");
	const struct day_list *day = session_day(scene.mine.session, 0, scene.ferme, thursday);
	UNTIL(&scene.mine, day->state.as_of && !day->state.asking);
	forget_asked(&scene);
	for (int at = 0; at < 10; at++)
		turn(&scene.mine);
	int64_t began_ms = clock_monotonic_ms();
	int woke = 0;
	for (; clock_monotonic_ms() - began_ms < 1000; woke++) {
		session_wait(scene.mine.session, NULL, 0, (int)(began_ms + 1001 - clock_monotonic_ms()));
		assert_int_equal(session_turn(scene.mine.session), 0);
	}
	assert_in_range(woke, 1, 2);
	/* An hour later a day that is looked at is still fresh. */
	scene.mine.session->days[0].asked_at_ms -= 3600 * 1000;
	session_day(scene.mine.session, 0, scene.ferme, thursday);
	scene.mine.session->refresh_at_ms = clock_monotonic_ms();
	turn(&scene.mine);
	settle_down(&scene.mine);
	assert_int_equal(scene.asked.count, 0);
	close_scene(&scene);
}

/* ---- rows put right one by one ---- */


static const struct activity *activity_to_join(struct session *session)
{
	const struct activity_list *list = session_agenda(session);
	for (size_t at = 0; at < list->count; at++) {
		const struct activity *activity = list->rows[at].activity;
		if (activity_places_left(activity) > 1 && !signup_is_held(activity->mine.state) && activity->state == ACTIVITY_SCHEDULED)
			return activity;
	}
	fail_msg("there is nothing to go to");
	abort();
}

static void what_is_put_right_is_what_would_be_asked_anew(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "rows.db");
	struct session *session = scene.mine.session;
	const struct local_date quiet = { 2026, 8, 5 }, days[] = { session_today(session), quiet };
	session_agenda(session);
	settle_down(&scene.mine);
	for (size_t at = 0; at < COUNT_OF(days); at++) {
		is_as_if_asked_anew(&scene, scene.ferme, days[at], "nothing");
		forget_asked(&scene);
		char *mine = book_mine(&scene, scene.ferme, days[at], at ? DAY_PART_WHOLE : DAY_PART_AFTERNOON);
		is_as_if_asked_anew(&scene, scene.ferme, days[at], "my booking");
		char *id = book(&scene, scene.ferme, days[at]);
		UNTIL(&scene.mine, find_mine(&scene, id));
		is_as_if_asked_anew(&scene, scene.ferme, days[at], "a booking elsewhere");
		until_done(&scene, session_cancel(session, 0, find_mine(&scene, mine)));
		is_as_if_asked_anew(&scene, scene.ferme, days[at], "my cancelling");
		cancel(&scene, id);
		UNTIL(&scene.mine, !find_mine(&scene, id));
		is_as_if_asked_anew(&scene, scene.ferme, days[at], "a cancelling elsewhere");
		assert_int_equal(times(&scene.asked, "GET /v1/spaces?"), 0);
		assert_int_equal(times(&scene.asked, "GET /v1/members/me/bookings"), 2);   /* what was done elsewhere */
		char *other_space = book(&scene, scene.e420, days[at]);
		UNTIL(&scene.mine, find_mine(&scene, other_space));
		is_as_if_asked_anew(&scene, scene.ferme, days[at], "a booking in another space");
		cancel(&scene, other_space);
		UNTIL(&scene.mine, !find_mine(&scene, other_space));
		free(other_space);
		free(mine);
		free(id);
	}
	forget_asked(&scene);
	struct activity activity = *activity_to_join(session);
	until_done(&scene, session_sign_up(session, 0, &activity));
	is_as_if_asked_anew(&scene, scene.ferme, quiet, "my sign-up");
	activity = *activity_to_join(session);
	const struct activity_list *signups = session_signups(session);
	until_done(&scene, session_withdraw(session, 0, signups->rows[signups->count - 1].activity));
	is_as_if_asked_anew(&scene, scene.ferme, quiet, "my withdrawing");
	assert_int_equal(times(&scene.asked, "GET /v1/members/me/signups"), 0);
	close_scene(&scene);
}

static void took_status(void *context, const struct http_response *response)
{
	*(int *)context = response->status;
}

/* To the morning of that day. */
static void move_elsewhere(struct scene *scene, const char *space_id, const char *id)
{
	struct session *session = scene->other.session;
	struct arena *arena = arena_new();
	const struct site *site = &session->sites[0];
	struct http_request request = { .method = HTTP_PATCH, .bearer = site->token, .content_type = "application/merge-patch+json",
		.path = arena_print(arena, "/v1/spaces/%s/bookings/%s", space_id ? space_id : "", id ? id : ""), .body = "{\"part\":\"am\"}", .body_length = 13 };
	http_request_header(&request, "If-Match", "*");
	http_request_header(&request, "Idempotency-Key", "\"move-elsewhere\"");
	int status = 0;
	engine_send(session->engine, &site->config->address, &request, took_status, &status);
	UNTIL(&scene->other, status != 0);
	assert_int_equal(status, 200);
	arena_free(arena);
}

static const struct resource_day *row_of_mine(struct scene *scene, const char *space_id, struct local_date date, const char *id)
{
	const struct day_list *day = session_day(scene->mine.session, 0, space_id, date);
	for (size_t at = 0; at < day->count; at++) {
		if (strcmp(day->rows[at].my_booking_id, id) == 0)
			return &day->rows[at];
	}
	return NULL;
}

/* One that the site does not grant: by then one sits elsewhere. */
static void is_refused(struct scene *scene, const char *space_id, struct local_date date)
{
	struct session *session = scene->mine.session;
	const struct day_list *day = session_day(session, 0, space_id, date);
	const struct resource_day *row = free_desk(day);
	struct wish_book wish = { .space_id = space_id, .space_name = "S", .resource_id = row->resource.id, .resource_name = "R",
		                  .when = { .date = date, .part = DAY_PART_WHOLE } };
	char *id = memory_copy_text(session_book(session, &wish));
	UNTIL(&scene->mine, session_wish(session, id)->row->state == WISH_SETTLED);
	assert_int_not_equal(session_wish(session, id)->outcome.kind, OUTCOME_DONE);
	free(id);
}

/* The day is not asked for what one did oneself, and for all else it is. */
static void what_i_did_to_a_day_is_known_from_its_answer(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "own.db");
	struct session *session = scene.mine.session;
	const struct local_date date = { 2026, 8, 12 };
	is_as_if_asked_anew(&scene, scene.ferme, date, "nothing");
	forget_asked(&scene);
	char *id = book_mine(&scene, scene.ferme, date, DAY_PART_AFTERNOON);
	assert_non_null(row_of_mine(&scene, scene.ferme, date, id));   /* at once */
	is_as_if_asked_anew(&scene, scene.ferme, date, "my booking");
	settle_down(&scene.mine);
	is_as_if_asked_anew(&scene, scene.ferme, date, "what was told of it");
	assert_int_equal(times_of_day(&scene, "day?"), 0);
	is_refused(&scene, scene.ferme, date);
	is_as_if_asked_anew(&scene, scene.ferme, date, "a booking that was refused");
	forget_asked(&scene);
	move_elsewhere(&scene, scene.ferme, id);
	UNTIL(&scene.mine, row_of_mine(&scene, scene.ferme, date, id) && row_of_mine(&scene, scene.ferme, date, id)->morning == SLOT_MINE);
	is_as_if_asked_anew(&scene, scene.ferme, date, "moving it elsewhere");
	assert_int_not_equal(times_of_day(&scene, "day?"), 0);
	cancel(&scene, id);
	UNTIL(&scene.mine, !row_of_mine(&scene, scene.ferme, date, id));
	is_as_if_asked_anew(&scene, scene.ferme, date, "cancelling it elsewhere");
	free(id);

	id = book_mine(&scene, scene.ferme, date, DAY_PART_WHOLE);
	is_as_if_asked_anew(&scene, scene.ferme, date, "another booking of mine");
	forget_asked(&scene);
	until_done(&scene, session_cancel(session, 0, find_mine(&scene, id)));
	assert_null(row_of_mine(&scene, scene.ferme, date, id));
	is_as_if_asked_anew(&scene, scene.ferme, date, "my cancelling");
	settle_down(&scene.mine);
	is_as_if_asked_anew(&scene, scene.ferme, date, "what was told of that");
	assert_int_equal(times_of_day(&scene, "day?"), 0);
	free(id);

	/* While somebody else is at the same day. */
	for (int round = 0; round < 2; round++) {
		id = book_mine(&scene, scene.ferme, date, DAY_PART_AFTERNOON);
		char *others = book(&scene, scene.ferme, date);
		is_as_if_asked_anew(&scene, scene.ferme, date, "both at once");
		until_done(&scene, session_cancel(session, 0, find_mine(&scene, id)));
		cancel(&scene, others);
		is_as_if_asked_anew(&scene, scene.ferme, date, "neither");
		free(others);
		free(id);
	}
	close_scene(&scene);
}

/* ---- lines that break ---- */

static void nothing_is_lost_while_the_server_was_killed(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "killed.db");
	char *before = memory_copy_text(live_of(&scene)->place);
	kill_server();
	UNTIL(&scene.mine, !live_is_on(scene.mine.session, 0));
	assert_true(launch_server());
	session_sync(scene.other.session);
	char *id = book(&scene, scene.ferme, thursday);
	UNTIL(&scene.mine, find_mine(&scene, id));
	UNTIL(&scene.mine, live_is_on(scene.mine.session, 0));
	assert_string_not_equal(live_of(&scene)->place, before);
	assert_false(session_site(scene.mine.session, 0)->reconnecting);
	cancel(&scene, id);
	UNTIL(&scene.mine, !find_mine(&scene, id));
	free(id);
	free(before);
	close_scene(&scene);
}

/* Half an hour ago the other end went away without a word; only the watch tells. */
static void c23_silence_is_not_peace(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "silent.db");
	scene.asked.held = "GET /v1/events";
	forget_asked(&scene);
	live_of(&scene)->heard_ms -= live_of(&scene)->heartbeat_s * 1000 + 30001;
	UNTIL(&scene.mine, session_site(scene.mine.session, 0)->reconnecting);
	struct arena *arena = arena_new();
	const struct site_view *site = session_site(scene.mine.session, 0);
	assert_string_equal(site_words(arena, site, session_now(scene.mine.session), zones_find(session_zones(scene.mine.session), "Europe/Brussels", NULL)),
	                    "reconnecting…");
	arena_free(arena);
	UNTIL(&scene.mine, times(&scene.asked, "GET /v1/events") == 1);
	/* The next one never says a word either: then it is asked by questions, and what changed meanwhile is not lost. */
	char *id = book(&scene, scene.ferme, thursday);
	while (live_of(&scene)->state != LIVE_ASKING) {
		live_of(&scene)->heard_ms = live_of(&scene)->state == LIVE_LISTENING ? 0 : live_of(&scene)->heard_ms;
		live_of(&scene)->next_ms = 0;
		turn(&scene.mine);
	}
	UNTIL(&scene.mine, find_mine(&scene, id));
	assert_int_equal(times(&scene.asked, "GET /v1/changes?after="), 1);
	assert_false(session_site(scene.mine.session, 0)->reconnecting);
	cancel(&scene, id);
	live_of(&scene)->next_ms = 0;
	UNTIL(&scene.mine, !find_mine(&scene, id));
	free(id);
	close_scene(&scene);
}

static void where_a_stream_cannot_be_had_questions_are_asked(void **state)
{
	(void)state;
	static const struct { int status; const char *type; } refusals[] = { { 404, "" }, { 405, "" }, { 501, "" } };
	for (size_t at = 0; at < COUNT_OF(refusals); at++) {
		static const char *const notes[] = { "404.db", "405.db", "501.db" };
		struct scene scene = { .asked = { .refused = "GET /v1/events", .status = refusals[at].status, .type = refusals[at].type } };
		open_other(&scene);
		open_mine(&scene, notes[at]);
		UNTIL(&scene.mine, live_of(&scene)->state == LIVE_ASKING && live_of(&scene)->place && !live_of(&scene)->read_ms && !live_of(&scene)->job);
		settle_down(&scene.mine);
		assert_true(live_is_on(scene.mine.session, 0));
		char *id = book(&scene, scene.ferme, thursday);
		live_of(&scene)->next_ms = 0;   /* a minute later */
		UNTIL(&scene.mine, find_mine(&scene, id));
		assert_int_equal(times(&scene.asked, "GET /v1/events"), 1);
		cancel(&scene, id);
		free(id);
		close_scene(&scene);
	}
}

/* A token that is good for everything but the stream: some way in between wants one of its own. */
static void a_stream_that_wants_another_log_in_is_left_in_peace(void **state)
{
	(void)state;
	struct scene scene = { .asked = { .refused = "GET /v1/events", .status = 401, .type = "" } };
	open_other(&scene);
	open_mine(&scene, "401.db");
	for (int64_t until = clock_monotonic_ms() + 1000; clock_monotonic_ms() < until;)
		turn(&scene.mine);
	assert_in_range(times(&scene.asked, "GET /v1/events"), 1, 6);   /* with growing pauses, not one after the other */
	assert_int_equal(session_site(scene.mine.session, 0)->state, SITE_UP);
	close_scene(&scene);
}

/* C22: a site that has always more to tell is not asked without end. */
#define SAYS(status, body) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body
static void ever_more(struct peer *peer, int connection)
{
	static const struct { const char *request, *answer; } words[] = {
		{ "GET /v1/events", SAYS("404 Not Found", "") },
		{ "GET /v1/changes", SAYS("200 OK", "{\"id\":\"abcdefgh.a:1\",\"items\":[],\"next\":\"/v1/changes?after=x\"}") },
		{ "", SAYS("200 OK", "{\"id\":\"m\",\"name\":\"Zoé\",\"login\":\"zoe\",\"items\":[]}") },
	};
	const char *request = peer_request_on(peer, connection);
	size_t at = 0;
	while (strncmp(request, words[at].request, strlen(words[at].request)) != 0)
		at++;
	if (at == 1)
		__atomic_add_fetch((int *)(uintptr_t)peer_context(peer), 1, __ATOMIC_SEQ_CST);
	ssize_t sent = send(connection, words[at].answer, strlen(words[at].answer), MSG_NOSIGNAL);
	(void)sent;
}

static void c22_there_is_an_end_to_what_is_caught_up_with(void **state)
{
	(void)state;
	static int changes;
	struct peer *peer = peer_new(NULL, ever_more, &changes);
	keep_tokens(&(struct tokens){ .access = (char[]){ "c1" } });
	struct stage stage;
	struct arena *arena = arena_new();
	open_stage(&stage, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)), "more.db");
	session_follow(stage.session);
	session_start_network(stage.session);
	struct live *live = &stage.session->sites[0].live;
	UNTIL(&stage, __atomic_load_n(&changes, __ATOMIC_SEQ_CST) >= 5);
	UNTIL(&stage, live->state == LIVE_ASKING && !live->job && live->next_ms > clock_monotonic_ms() + 1000);
	assert_in_range(changes, 5, 100);
	close_stage(&stage);
	peer_free(peer);
	arena_free(arena);
	tokens_remove("essai", NULL);
}

/* C23: a word every ten minutes is enough on a good line; where somebody in between hangs up earlier, it is asked for oftener. */
static void c23_the_beat_is_slow_until_somebody_hangs_up(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "beat.db");
	assert_int_equal(times(&scene.asked, "GET /v1/events?heartbeat=600"), 1);
	live_of(&scene)->heard_ms -= 60000;
	kill_server();
	UNTIL(&scene.mine, !live_is_on(scene.mine.session, 0));
	assert_true(launch_server());
	UNTIL(&scene.mine, live_is_on(scene.mine.session, 0));
	assert_int_equal(times(&scene.asked, "GET /v1/events?heartbeat=600"), 1);
	assert_in_range(times(&scene.asked, "GET /v1/events?heartbeat=45"), 1, 5);   /* and tries while nobody listened */
	close_scene(&scene);
}

/* Somebody in between cuts every stream as soon as it has said something. */
static void cuts_streams(struct peer *peer, int connection)
{
	bool is_stream = strncmp(peer_request_on(peer, connection), "GET /v1/events", 14) == 0;
	const char *answer = is_stream ? "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nid: abcdefgh.a:1\n\n"
	                               : SAYS("200 OK", "{\"id\":\"abcdefgh.a:1\",\"name\":\"Zoé\",\"login\":\"zoe\",\"items\":[]}");
	if (is_stream)
		__atomic_add_fetch((int *)(uintptr_t)peer_context(peer), 1, __ATOMIC_SEQ_CST);
	ssize_t sent = send(connection, answer, strlen(answer), MSG_NOSIGNAL);
	(void)sent;
}

static void c23_streams_that_are_cut_time_and_again_are_given_up_for_a_while(void **state)
{
	(void)state;
	static int streams;
	struct peer *peer = peer_new(NULL, cuts_streams, &streams);
	keep_tokens(&(struct tokens){ .access = (char[]){ "c1" } });
	struct stage stage;
	struct arena *arena = arena_new();
	open_stage(&stage, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)), "cut.db");
	session_follow(stage.session);
	session_start_network(stage.session);
	struct live *live = &stage.session->sites[0].live;
	for (int seen = 1; seen <= 4; seen++) {
		UNTIL(&stage, __atomic_load_n(&streams, __ATOMIC_SEQ_CST) == seen && !live->stream);
		assert_int_equal(live->state, seen < 4 ? LIVE_WAITING : LIVE_ASKING);
		live->next_ms = 0;   /* the pause is over */
	}
	UNTIL(&stage, live_is_on(stage.session, 0) && !live->job && live->next_ms > clock_monotonic_ms() + 1000);
	/* Ten minutes later one is tried, and found to be cut as well: that is enough. */
	live->asked = 1000;
	live->next_ms = 0;
	UNTIL(&stage, __atomic_load_n(&streams, __ATOMIC_SEQ_CST) == 5 && !live->stream);
	assert_int_equal(live->state, LIVE_ASKING);
	UNTIL(&stage, !live->job);
	/* One that lives long shows that they are let through again. */
	live->asked = 1000;
	live->next_ms = 0;
	UNTIL(&stage, live->stream);
	live->begun_ms -= 60000;
	UNTIL(&stage, !live->stream);
	assert_int_equal(live->state, LIVE_WAITING);
	close_stage(&stage);
	peer_free(peer);
	arena_free(arena);
	tokens_remove("essai", NULL);
}

/* ---- consent ---- */

/* As from another program of theirs. */
static void hide_my_card(struct scene *scene)
{
	struct session *session = scene->other.session;
	const struct site *site = &session->sites[0];
	struct http_request request = { .method = HTTP_DELETE, .path = "/v1/members/me/visibility", .bearer = site->token };
	int status = 0;
	engine_send(session->engine, &site->config->address, &request, took_status, &status);
	UNTIL(&scene->other, status != 0);
	assert_in_range(status, 200, 204);
}

static void d07_cards_are_asked_again_when_a_consent_is_taken_back(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "consent.db");
	const struct directory_list *found = session_directory(scene.mine.session, DIRECTORY_MEMBERS, "noiret");
	UNTIL(&scene.mine, found->state.as_of && found->count == 1);
	char *id = memory_copy_text(found->rows[0].card->id);
	const struct detail *detail = session_card(scene.mine.session, 0, id);
	UNTIL(&scene.mine, detail->card);
	forget_asked(&scene);
	hide_my_card(&scene);   /* which one sees oneself all the same: that it goes for others is seen on their screen (test_live.py) */
	UNTIL(&scene.mine, times(&scene.asked, "GET /v1/members?q=noiret") == 1 && !session_card(scene.mine.session, 0, id)->state.asking);
	session_card(scene.mine.session, 0, id);
	settle_down(&scene.mine);
	assert_int_equal(times(&scene.asked, "GET /v1/members/"), 1 + times(&scene.asked, "GET /v1/members/me"));
	free(id);
	close_scene(&scene);
}

/* ---- another day ---- */

static void the_next_start_asks_only_what_changed(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "next.db");
	until_kept(&scene);
	close_mine(&scene);

	scene.asked.count = 0;
	open_mine(&scene, "next.db");
	wait_until_live(&scene);
	assert_int_equal(times(&scene.asked, "GET /v1/changes?after="), 1);
	assert_int_equal(times(&scene.asked, "GET /v1/events"), 1);
	assert_int_equal(times(&scene.asked, "GET /v1/members/me"), 1);   /* who this is, and none of their lists */
	assert_int_equal(scene.asked.count, 3);
	assert_int_equal(session_bookings(scene.mine.session)->state.outcome.kind, OUTCOME_DONE);
	assert_true(session_bookings(scene.mine.session)->state.as_of > 0);
	until_kept(&scene);
	close_mine(&scene);

	char *id = book(&scene, scene.ferme, thursday);
	scene.asked.count = 0;
	open_mine(&scene, "next.db");
	UNTIL(&scene.mine, find_mine(&scene, id));
	wait_until_live(&scene);
	assert_int_equal(times(&scene.asked, "GET /v1/members/me/signups"), 0);
	cancel(&scene, id);
	free(id);
	close_scene(&scene);
}

/* ---- the clock ---- */

static const struct local_date wednesday = { 2026, 7, 15 };   /* STAGE_NOW */

/* Goes on, and nobody slept. */
static void be_at(struct session *session, const char *now)
{
	setenv("HACKTIV_NOW", now, 1);
	clock_from_environment(&session->clock, NULL);
	session->seen_wall_ms = clock_now_ms(&session->clock);
}

/* Nothing was told, and nothing is asked: a half-day that is over is past all the same, as the site would say. */
static void what_is_over_is_past_though_nobody_says_so(void **state)
{
	(void)state;
	struct scene scene;
	struct arena *arena = arena_new();
	open_scene(&scene, "past.db");
	session_day(scene.mine.session, 0, scene.ferme, wednesday);
	settle_down(&scene.mine);
	const char *morning = shown(scene.mine.session, arena, scene.ferme, wednesday);
	forget_asked(&scene);
	be_at(scene.mine.session, "2026-07-15T12:59:59+02:00");
	turn(&scene.mine);
	assert_string_equal(shown(scene.mine.session, arena, scene.ferme, wednesday), morning);
	be_at(scene.mine.session, "2026-07-15T13:00:00+02:00");
	turn(&scene.mine);
	const char *noon = shown(scene.mine.session, arena, scene.ferme, wednesday);
	assert_int_equal(scene.asked.count, 0);
	stop_only();
	assert_true(launch_server());
	session_sync(scene.other.session);
	settle_down(&scene.other);
	assert_string_equal(noon, asked_anew(&scene, arena, scene.ferme, wednesday));
	setenv("HACKTIV_NOW", STAGE_NOW, 1);
	stop_only();
	assert_true(launch_server());
	close_scene(&scene);
	arena_free(arena);
}

/* What was free yesterday is not shown as free today, also when nobody can be asked; and when somebody can, they are. */
static void at_midnight_nothing_is_known_of_today(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "midnight.db");
	struct session *session = scene.mine.session;
	be_at(session, "2026-07-15T23:59:59+02:00");
	turn(&scene.mine);
	assert_true(date_equal(session_spaces(session)->rows[0].space.today.date, wednesday));
	forget_asked(&scene);
	be_at(session, "2026-07-16T00:00:00+02:00");
	turn(&scene.mine);
	for (size_t at = 0; at < session_spaces(session)->count; at++)
		assert_int_equal(session_spaces(session)->rows[at].space.today.date.year, 0);
	assert_in_range(session->refresh_at_ms, clock_monotonic_ms() - 1000, clock_monotonic_ms() + 30000);   /* not all at once */
	session->refresh_at_ms = clock_monotonic_ms();
	UNTIL(&scene.mine, session_spaces(session)->rows[0].space.today.date.day == 16);
	assert_int_equal(times(&scene.asked, "GET /v1/spaces?date=2026-07-16"), 1);
	setenv("HACKTIV_NOW", STAGE_NOW, 1);
	close_scene(&scene);
}

/* Whether the feed vouches for a copy of today says nothing once the day has begun: what is over by now is not in it. */
static void the_copy_of_a_day_that_has_begun_is_not_trusted(void **state)
{
	(void)state;
	static const struct { const char *now; unsigned asked; } starts[] = {
		{ "2026-07-15T08:59:00+02:00", 0 }, { "2026-07-15T09:00:00+02:00", 1 },
	};
	for (size_t at = 0; at < COUNT_OF(starts); at++) {
		static const char *const notes[] = { "opens0.db", "opens1.db" };
		struct scene scene;
		open_scene(&scene, notes[at]);
		session_day(scene.mine.session, 0, scene.ferme, wednesday);
		settle_down(&scene.mine);
		until_kept(&scene);
		close_mine(&scene);
		setenv("HACKTIV_NOW", starts[at].now, 1);
		scene.asked.count = 0;
		open_mine(&scene, notes[at]);
		wait_until_live(&scene);
		session_day(scene.mine.session, 0, scene.ferme, wednesday);
		UNTIL(&scene.mine, session_day(scene.mine.session, 0, scene.ferme, wednesday)->state.outcome.kind == OUTCOME_DONE);
		settle_down(&scene.mine);
		assert_int_equal(times_of_day(&scene, "day?date=2026-07-15"), starts[at].asked);
		setenv("HACKTIV_NOW", STAGE_NOW, 1);
		close_scene(&scene);
	}
}

/* A disk as slow as it likes is waited for. */
static void look_at_both(struct scene *scene)
{
	struct session *session = scene->mine.session;
	session_day(session, 0, scene->ferme, thursday);
	session_day(session, 0, scene->ferme, friday);
	session->copies_by_ms = clock_monotonic_ms() + PATIENCE_MS;
}

/* Looked at before or after it is known what changed; and what is on disk of it is read after that. */
enum look { EARLY, EARLY_ON_A_SLOW_DISK, LATE };

/* As if it had been asked, whatever was not. */
static void next_run_shows(struct scene *scene, enum look look, unsigned asked_thursday, unsigned asked_friday, const char *after)
{
	scene->asked.count = 0;
	open_mine(scene, "days.db");
	struct session *session = scene->mine.session;
	if (look == LATE)
		wait_until_live(scene);
	look_at_both(scene);
	if (look == EARLY_ON_A_SLOW_DISK) {
		session->reads_waiting++;
		UNTIL(&scene->mine, live_of(scene)->state == LIVE_LISTENING);
		session->reads_waiting--;
	}
	wait_until_live(scene);
	UNTIL(&scene->mine, session_day(session, 0, scene->ferme, thursday)->state.outcome.kind == OUTCOME_DONE);
	UNTIL(&scene->mine, session_day(session, 0, scene->ferme, friday)->state.outcome.kind == OUTCOME_DONE);
	settle_down(&scene->mine);
	assert_false(session_day(session, 0, scene->ferme, thursday)->state.asking);
	is_as_if_asked_anew(scene, scene->ferme, thursday, after);
	is_as_if_asked_anew(scene, scene->ferme, friday, after);
	assert_int_equal(times_of_day(scene, "day?date=2026-07-23"), asked_thursday);
	assert_int_equal(times_of_day(scene, "day?date=2026-07-24"), asked_friday);
	assert_int_equal(times_of_day(scene, ""), asked_thursday + asked_friday);
	assert_int_equal(times(&scene->asked, "GET /v1/members/me/bookings"), asked_thursday);   /* it was a booking of mine */
	until_kept(scene);
}

/* The question of what changed is answered, the stream that goes on from there says nothing yet. */
static void a_day_is_not_asked_between_two_words_of_the_feed(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "between.db");
	look_at_both(&scene);
	until_kept(&scene);
	close_mine(&scene);
	scene.asked = (struct asked){ .held = "GET /v1/events" };
	open_mine(&scene, "between.db");
	UNTIL(&scene.mine, live_of(&scene)->state == LIVE_LISTENING);
	look_at_both(&scene);
	settle_down(&scene.mine);
	assert_false(live_is_on(scene.mine.session, 0));
	assert_int_equal(session_day(scene.mine.session, 0, scene.ferme, friday)->state.outcome.kind, OUTCOME_DONE);
	assert_int_equal(times_of_day(&scene, ""), 0);
	is_as_if_asked_anew(&scene, scene.ferme, friday, "nothing");
	close_scene(&scene);
}

static void a_day_is_asked_anew_where_it_changed_since(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "days.db");
	session_day(scene.mine.session, 0, scene.ferme, thursday);
	settle_down(&scene.mine);
	session_day(scene.mine.session, 0, scene.ferme, friday);
	until_kept(&scene);
	close_mine(&scene);
	next_run_shows(&scene, EARLY, 0, 0, "nothing");
	close_mine(&scene);
	next_run_shows(&scene, EARLY_ON_A_SLOW_DISK, 0, 0, "nothing, on a slow disk");
	close_mine(&scene);
	char *id = book(&scene, scene.ferme, thursday);
	next_run_shows(&scene, LATE, 1, 0, "a booking while we were away");
	close_mine(&scene);
	cancel(&scene, id);
	next_run_shows(&scene, EARLY, 1, 0, "a cancelling while we were away");
	close_mine(&scene);
	free(id);
	id = book(&scene, scene.ferme, thursday);
	next_run_shows(&scene, EARLY_ON_A_SLOW_DISK, 1, 0, "a booking while we were away, on a slow disk");
	close_mine(&scene);
	cancel(&scene, id);
	next_run_shows(&scene, EARLY_ON_A_SLOW_DISK, 1, 0, "a cancelling while we were away, on a slow disk");
	/* Who asks again wants to be sure. */
	session_refresh_day(scene.mine.session, 0, scene.ferme, friday);
	settle_down(&scene.mine);
	is_as_if_asked_anew(&scene, scene.ferme, friday, "asking again");
	free(id);
	close_scene(&scene);
}

static void who_follows_later_hears_too(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "later.db");
	for (int run = 0; run < 2; run++) {       /* without a place in the feed, and with one */
		close_mine(&scene);
		scene.asked.count = 0;
		open_mine_and_follow_later(&scene, run == 0 ? "later2.db" : "later.db");
		wait_until_live(&scene);
		assert_int_equal(times(&scene.asked, "GET /v1/events"), 1);
	}
	close_scene(&scene);
}

static void who_logs_out_hears_no_more(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, "out.db");
	forget_asked(&scene);
	session_log_out(scene.mine.session, 0);
	assert_int_equal(live_of(&scene)->state, LIVE_OFF);
	settle_down(&scene.mine);
	assert_null(live_of(&scene)->place);
	assert_int_equal(times(&scene.asked, "GET /v1/events"), 0);
	close_scene(&scene);
	tokens_remove("essai", NULL);
}

int main(void)
{
	if (getenv("ONLY")) cmocka_set_test_filter(getenv("ONLY"));
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_booking_made_elsewhere_comes_by_itself_and_goes),
		cmocka_unit_test(only_what_it_touches_is_asked),
		cmocka_unit_test(a_burst_is_read_together),
		cmocka_unit_test(what_is_put_right_is_what_would_be_asked_anew),
		cmocka_unit_test(what_i_did_to_a_day_is_known_from_its_answer),
		cmocka_unit_test(while_nothing_changes_nothing_is_asked_and_nobody_wakes),
		cmocka_unit_test(nothing_is_lost_while_the_server_was_killed),
		cmocka_unit_test(c23_silence_is_not_peace),
		cmocka_unit_test(where_a_stream_cannot_be_had_questions_are_asked),
		cmocka_unit_test(a_stream_that_wants_another_log_in_is_left_in_peace),
		cmocka_unit_test(what_is_over_is_past_though_nobody_says_so),
		cmocka_unit_test(at_midnight_nothing_is_known_of_today),
		cmocka_unit_test(the_copy_of_a_day_that_has_begun_is_not_trusted),
		cmocka_unit_test(c22_there_is_an_end_to_what_is_caught_up_with),
		cmocka_unit_test(c23_the_beat_is_slow_until_somebody_hangs_up),
		cmocka_unit_test(c23_streams_that_are_cut_time_and_again_are_given_up_for_a_while),
		cmocka_unit_test(d07_cards_are_asked_again_when_a_consent_is_taken_back),
		cmocka_unit_test(the_next_start_asks_only_what_changed),
		cmocka_unit_test(a_day_is_asked_anew_where_it_changed_since),
		cmocka_unit_test(a_day_is_not_asked_between_two_words_of_the_feed),
		cmocka_unit_test(who_follows_later_hears_too),
		cmocka_unit_test(who_logs_out_hears_no_more),
	};
	return cmocka_run_group_tests_name("live", tests, start_server, stop_server);
}
