/* C22: what a site told of changes, and what of it is to be read anew. A session without a network: nothing is asked, only marked. At the end
 * the same from a stream that says what no feed should. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"
#include "peer.h"
#include "stage.h"

static const struct local_date today = { 2026, 7, 15 }, thursday = { 2026, 7, 23 }, friday = { 2026, 7, 24 };

#define LIST(kind) (1u << LIST_##kind)
#define ALL_BUT_MEMBER (TOLD_ALL & ~LIST(MEMBER))

/* What is looked at: days of two spaces, and one thing of each kind with a text of its own. */
enum mark {
	S_TODAY = 1 << 0, S_THURSDAY = 1 << 1, S_FRIDAY = 1 << 2, T_THURSDAY = 1 << 3,
	ACTIVITY_A = 1 << 4, ACTIVITY_B = 1 << 5, CARD = 1 << 6, ORGANISATION = 1 << 7
};
#define ALL_OF_S (S_TODAY | S_THURSDAY | S_FRIDAY)
#define DETAILS (ACTIVITY_A | ACTIVITY_B | CARD | ORGANISATION)

struct scene {
	struct stage stage;
	struct live *live;
};

static void open_scene(struct scene *scene, const char *url)
{
	open_stage(&scene->stage, url, "told.db");
	struct session *session = scene->stage.session;
	scene->live = &session->sites[0].live;
	session_day(session, 0, "s", today);
	session_day(session, 0, "s", thursday);
	session_day(session, 0, "s", friday);
	session_day(session, 0, "t", thursday);
	session_activity(session, 0, "s", "a");
	session_activity(session, 0, "s", "b");
	session_card(session, 0, "m");
	session_organisation(session, 0, "o");
}

static unsigned marks(const struct scene *scene)
{
	const struct session *session = scene->stage.session;
	unsigned marked = 0;
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		const struct day *day = &session->days[at];
		if (!day->identity || !day->told)
			continue;
		bool of_s = strcmp(day->list.space_id, "s") == 0;
		marked |= date_equal(day->list.date, today) ? S_TODAY : date_equal(day->list.date, friday) ? S_FRIDAY : of_s ? S_THURSDAY : T_THURSDAY;
	}
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		const struct kept_detail *detail = &session->details[at];
		if (!detail->identity || !detail->told)
			continue;
		switch (detail->kind) {
		case DETAIL_ACTIVITY:
			marked |= strcmp(detail->id, "a") == 0 ? ACTIVITY_A : ACTIVITY_B;
			break;
		case DETAIL_CARD:
			marked |= CARD;
			break;
		case DETAIL_ORGANISATION:
			marked |= ORGANISATION;
			break;
		}
	}
	return marked;
}

/* What would be read: lists as a whole, and those in which a thing is that was told. */
static unsigned lists(const struct scene *scene)
{
	unsigned told = scene->live->told;
	for (size_t at = 0; at < scene->live->thing_count; at++) {
		enum news_kind kind = scene->live->things[at].kind;
		told |= kind == NEWS_BOOKING ? LIST(BOOKINGS) : kind == NEWS_ACTIVITY ? LIST(ACTIVITIES) | LIST(SIGNUPS) : LIST(SPACES);
	}
	return told;
}

/* ---- the order of numbers, and kinds ---- */

#define BOOKING(space, count) { NEWS_BOOKING, space, "r", { 2026, 7, 23 }, count, 1, "" }

static const struct told_case {
	const char *name;
	struct news before[3];         /* told, and read; number 0: no more */
	struct news news;
	unsigned lists, marks;
	bool nothing;                  /* nothing is read anew */
	bool resets;                   /* the feed starts anew after `before` */
} cases[] = {
	{ .name = "the first of a space says where it stands", .news = BOOKING("s", 5), .lists = LIST(BOOKINGS), .marks = S_THURSDAY },
	{ .name = "the next", .before = { BOOKING("s", 5) }, .news = BOOKING("s", 6), .lists = LIST(BOOKINGS), .marks = S_THURSDAY },
	{ .name = "a duplicate", .before = { BOOKING("s", 5) }, .news = BOOKING("s", 5), .nothing = true },
	{ .name = "one that was told long ago", .before = { BOOKING("s", 5) }, .news = BOOKING("s", 2), .nothing = true },
	{ .name = "a gap", .before = { BOOKING("s", 5) }, .news = BOOKING("s", 7), .lists = ALL_BUT_MEMBER, .marks = ALL_OF_S | DETAILS },
	{ .name = "a gap before something of no concern", .before = { BOOKING("s", 5) }, .news = { NEWS_OTHER, "s", "r", { 0 }, 9, 1, "" },
	  .lists = ALL_BUT_MEMBER, .marks = ALL_OF_S | DETAILS },
	{ .name = "the next after a gap", .before = { BOOKING("s", 5), BOOKING("s", 7) }, .news = BOOKING("s", 8), .lists = LIST(BOOKINGS),
	  .marks = S_THURSDAY },
	{ .name = "what was missing comes after the gap", .before = { BOOKING("s", 5), BOOKING("s", 7) }, .news = BOOKING("s", 6), .nothing = true },
	{ .name = "each space counts for itself", .before = { BOOKING("s", 5) }, .news = BOOKING("t", 9), .lists = LIST(BOOKINGS), .marks = T_THURSDAY },
	{ .name = "and goes on where it was", .before = { BOOKING("s", 5), BOOKING("t", 9) }, .news = BOOKING("s", 6), .lists = LIST(BOOKINGS),
	  .marks = S_THURSDAY },
	{ .name = "a gap in one space concerns its days alone", .before = { BOOKING("s", 5), BOOKING("t", 9) }, .news = BOOKING("t", 11),
	  .lists = ALL_BUT_MEMBER, .marks = T_THURSDAY | DETAILS },
	{ .name = "after a reset numbers count anew", .before = { BOOKING("s", 5) }, .resets = true, .news = BOOKING("s", 1),
	  .lists = LIST(BOOKINGS), .marks = S_THURSDAY },
	{ .name = "the greatest number there is", .before = { BOOKING("s", INT64_MAX - 1) }, .news = BOOKING("s", INT64_MAX), .lists = LIST(BOOKINGS),
	  .marks = S_THURSDAY },
	{ .name = "and that again", .before = { BOOKING("s", INT64_MAX) }, .news = BOOKING("s", INT64_MAX), .nothing = true },

	{ .name = "a booking of today", .news = { NEWS_BOOKING, "s", "r", { 2026, 7, 15 }, 1, 1, "" }, .lists = LIST(BOOKINGS) | LIST(SPACES), .marks = S_TODAY },
	{ .name = "a booking of nobody knows when", .news = { NEWS_BOOKING, "s", "r", { 0 }, 1, 1, "" }, .lists = LIST(BOOKINGS) | LIST(SPACES), .marks = ALL_OF_S },
	{ .name = "a desk on another day", .news = { NEWS_AVAILABILITY, "s", "r", { 2026, 7, 24 }, 1, 1, "" }, .marks = S_FRIDAY },
	{ .name = "a desk today", .news = { NEWS_AVAILABILITY, "s", "r", { 2026, 7, 15 }, 1, 1, "" }, .lists = LIST(SPACES), .marks = S_TODAY },
	{ .name = "an activity", .news = { NEWS_ACTIVITY, "s", "a", { 2026, 7, 23 }, 1, 1, "" }, .lists = LIST(ACTIVITIES) | LIST(SIGNUPS), .marks = ACTIVITY_A },
	{ .name = "a space", .news = { NEWS_SPACE, "s", "s", { 0 }, 1, 1, "" }, .lists = LIST(SPACES), .marks = ALL_OF_S },
	{ .name = "a card", .news = { NEWS_DIRECTORY, "s", "", { 0 }, 1, 1, "" }, .lists = TOLD_DIRECTORY, .marks = CARD | ORGANISATION },
	{ .name = "what is not known yet", .news = { NEWS_OTHER, "s", "r", { 0 }, 1, 1, "" } },
};

static void read_all(struct scene *scene)
{
	told_read(scene->live);
	assert_int_equal(lists(scene), 0);
	assert_int_equal(scene->live->read_ms, 0);
	assert_int_equal(marks(scene), 0);
}

static void c22_what_each_number_makes_us_read(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, NULL);
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const struct told_case *row = &cases[at];
		told_clear(scene.live);
		for (size_t before = 0; before < COUNT_OF(row->before) && row->before[before].number; before++)
			told_news(scene.live, &row->before[before]);
		if (row->resets)
			told_everything(scene.live);
		read_all(&scene);
		told_news(scene.live, &row->news);
		if (lists(&scene) != row->lists || marks(&scene) != row->marks || !scene.live->read_ms != row->nothing)
			fail_msg("%s: lists %#x, marks %#x, %s", row->name, lists(&scene), marks(&scene),
			         scene.live->read_ms ? "to be read" : "not to be read");
		read_all(&scene);
	}
	close_stage(&scene.stage);
}

static void c22_a_reset_has_everything_read_anew(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, NULL);
	scene.live->kept = TOLD_ALL;
	told_everything(scene.live);
	assert_int_equal(scene.live->told, TOLD_ALL);
	assert_int_equal(scene.live->kept, 0);     /* nor is anything on disk vouched for any more */
	assert_int_equal(marks(&scene), ALL_OF_S | T_THURSDAY | DETAILS);
	read_all(&scene);
	close_stage(&scene.stage);
}

/* A copy on disk is only vouched for while nothing of it was told. */
static void c22_what_was_told_is_not_vouched_for(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, NULL);
	scene.live->kept = TOLD_ALL;
	told_news(scene.live, &(struct news)BOOKING("s", 5));
	assert_int_equal(scene.live->kept, TOLD_ALL & ~LIST(BOOKINGS));
	told_news(scene.live, &(struct news){ NEWS_ACTIVITY, "s", "a", { 0 }, 6, 1, "" });
	assert_int_equal(scene.live->kept, TOLD_ALL & ~LIST(BOOKINGS) & ~LIST(SIGNUPS) & ~LIST(ACTIVITIES));
	told_news(scene.live, &(struct news)BOOKING("s", 9));
	assert_int_equal(scene.live->kept & ALL_BUT_MEMBER, 0);
	close_stage(&scene.stage);
}

/* What comes together is read together, and a site that never ceases to tell is not asked without cease. */
static void what_is_told_is_read_together_and_not_too_often(void **state)
{
	(void)state;
	struct scene scene;
	open_scene(&scene, NULL);
	int64_t began_ms = clock_monotonic_ms();
	told_news(scene.live, &(struct news)BOOKING("s", 1));
	int64_t first_ms = scene.live->read_ms;
	assert_in_range(first_ms, began_ms + 20, clock_monotonic_ms() + 200);
	told_news(scene.live, &(struct news)BOOKING("s", 2));
	assert_int_equal(scene.live->read_ms, first_ms);
	read_all(&scene);
	told_news(scene.live, &(struct news)BOOKING("s", 3));
	assert_true(scene.live->read_ms >= scene.live->last_read_ms + 300);
	close_stage(&scene.stage);
}

/* ---- from a stream ---- */

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
#define EVENT(id, number) "id: " id "\nevent: booking.created\ndata: {\"space_id\":\"s\",\"seq\":" number \
	",\"at\":\"2026-07-15T07:30:00+02:00\",\"kind\":\"booking.created\",\"ref\":\"r\",\"version\":1}\n\n"

/* Ids and numbers that are none, and one event at the end that says that all of it was heard. Of all else nothing is said. */
static void says_what_is_no_feed(struct peer *peer, int connection)
{
	static const char said[] = HEAD EVENT("k3x7q2ab.hT60N55C:5", "5")
		EVENT("8842", "\"6\"") EVENT("nowhere", "6.5") EVENT("k3x7q2ab.hT60N55C:\xc3\xa9", "-6") EVENT("k3x7q2ab.\x01", "null") EVENT("", "1e999")
		"event: booking.created\ndata: {\n\n" "event: space.changed\ndata: {\"space_id\":\"t\",\"seq\":1,\"at\":\"2026-07-15T07:30:00+02:00\","
		"\"kind\":\"space.changed\",\"ref\":\"t\",\"version\":1}\n\n";
	if (strstr(peer_request_on(peer, connection), "GET /v1/events"))
		(void)!send(connection, said, sizeof said - 1, MSG_NOSIGNAL);
	peer_is_silent(peer, connection);
}

static void c22_an_id_that_is_no_place_and_a_number_that_is_none_are_passed_over(void **state)
{
	(void)state;
	struct scene scene;
	struct peer *peer = peer_new(NULL, says_what_is_no_feed, NULL);
	struct arena *arena = arena_new();
	struct tokens tokens = { .access = memory_copy_text("hkt_secret") };
	keep_tokens(&tokens);
	tokens_clear(&tokens);
	open_scene(&scene, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)));
	struct session *session = scene.stage.session;
	session_follow(session);
	UNTIL(&scene.stage, session_is_quiet(session));
	session_start_network(session);
	UNTIL(&scene.stage, scene.live->number_count == 2);
	assert_string_equal(scene.live->place, "k3x7q2ab.hT60N55C:5");
	assert_true(live_is_on(session, 0));
	/* Number 5 is the last that was heard of this space. */
	told_read(scene.live);
	scene.live->told = 0;
	told_news(scene.live, &(struct news)BOOKING("s", 5));
	assert_int_equal(lists(&scene), 0);
	told_news(scene.live, &(struct news)BOOKING("s", 6));
	assert_int_equal(lists(&scene), LIST(BOOKINGS));
	close_stage(&scene.stage);
	tokens_remove("essai", NULL);
	peer_free(peer);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c22_what_each_number_makes_us_read),
		cmocka_unit_test(c22_a_reset_has_everything_read_anew),
		cmocka_unit_test(c22_what_was_told_is_not_vouched_for),
		cmocka_unit_test(what_is_told_is_read_together_and_not_too_often),
		cmocka_unit_test(c22_an_id_that_is_no_place_and_a_number_that_is_none_are_passed_over),
	};
	return cmocka_run_group_tests_name("told", tests, start_place, stop_place);
}
