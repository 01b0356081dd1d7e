/* What hacktivd tells as events: understood when it is as described, passed over when it is not, and a place only when it is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hacktiv/backend.h"

#define EVENT(kind) "{\"space_id\":\"s\",\"seq\":8842,\"at\":\"2026-11-24T10:00:00+01:00\",\"kind\":\"" kind "\",\"ref\":\"r\",\"version\":3}"

static const struct {
	const char *name, *kind, *data;
	enum feed_word word;
	enum news_kind news;
} events[] = {
	{ "a booking", "booking.created", EVENT("booking.created"), FEED_NEWS, NEWS_BOOKING },
	{ "a desk", "availability.changed", EVENT("availability.changed"), FEED_NEWS, NEWS_AVAILABILITY },
	{ "an activity", "activity.changed", EVENT("activity.changed"), FEED_NEWS, NEWS_ACTIVITY },
	{ "a sign-up", "signup.created", EVENT("signup.created"), FEED_NEWS, NEWS_ACTIVITY },
	{ "who was there", "attendance.closed", EVENT("attendance.closed"), FEED_NEWS, NEWS_ACTIVITY },
	{ "a space", "space.changed", EVENT("space.changed"), FEED_NEWS, NEWS_SPACE },
	{ "a card", "directory.changed", EVENT("directory.changed"), FEED_NEWS, NEWS_DIRECTORY },
	{ "what is not known yet", "gossip.heard", EVENT("gossip.heard"), FEED_NEWS, NEWS_OTHER },
	{ "a name that only begins so", "bookings", EVENT("bookings"), FEED_NEWS, NEWS_OTHER },
	{ "C22 reset", "reset", "{\"reason\":\"epoch\"}", FEED_STARTS_ANEW, NEWS_OTHER },
	{ "C22 reset without a reason", "reset", "", FEED_STARTS_ANEW, NEWS_OTHER },
	{ "no JSON", "booking.created", "{", FEED_NOTHING, NEWS_OTHER },
	{ "nothing", "booking.created", "", FEED_NOTHING, NEWS_OTHER },
	{ "no object", "booking.created", "[]", FEED_NOTHING, NEWS_OTHER },
	{ "without a space", "booking.created", "{\"seq\":1,\"kind\":\"booking.created\",\"ref\":\"r\",\"version\":1}", FEED_NOTHING, NEWS_OTHER },
	{ "C22 a number that is none", "booking.created",
	  "{\"space_id\":\"s\",\"seq\":\"1\",\"kind\":\"booking.created\",\"ref\":\"r\",\"version\":1}", FEED_NOTHING, NEWS_OTHER },
	{ "C22 a number below nothing", "booking.created",
	  "{\"space_id\":\"s\",\"seq\":-1,\"kind\":\"booking.created\",\"ref\":\"r\",\"version\":1}", FEED_NOTHING, NEWS_OTHER },
	{ "a date that is none", "booking.created",
	  "{\"space_id\":\"s\",\"seq\":1,\"kind\":\"booking.created\",\"ref\":\"r\",\"version\":1,\"date\":\"2026-02-30\"}", FEED_NOTHING, NEWS_OTHER },
};

static void test_events(void **state)
{
	(void)state;
	for (size_t at = 0; at < COUNT_OF(events); at++) {
		struct arena *arena = arena_new();
		struct news news = { .kind = NEWS_OTHER };
		enum feed_word word = backend_hacktiv.feed->read(events[at].kind, events[at].data, strlen(events[at].data), arena, &news);
		if (word != events[at].word || (word == FEED_NEWS && news.kind != events[at].news))
			fail_msg("%s: word %d, kind %d", events[at].name, (int)word, (int)news.kind);
		if (word == FEED_NEWS) {
			assert_string_equal(news.space_id, "s");
			assert_string_equal(news.ref, "r");
			assert_int_equal(news.number, 8842);
			assert_int_equal(news.version, 3);
			assert_int_equal(news.date.year, 0);
		}
		arena_free(arena);
	}
}

static void test_date(void **state)
{
	(void)state;
	static const char data[] = "{\"space_id\":\"s\",\"seq\":1,\"kind\":\"booking.created\",\"ref\":\"r\",\"version\":1,\"date\":\"2026-07-16\"}";
	struct arena *arena = arena_new();
	struct news news;
	assert_int_equal(backend_hacktiv.feed->read("booking.created", data, strlen(data), arena, &news), FEED_NEWS);
	assert_true(date_equal(news.date, (struct local_date){ 2026, 7, 16 }));
	arena_free(arena);
}

static const struct {
	const char *id;
	bool is_place;
} places[] = {
	{ "k3x7q2ab.hT60N55C:8842,NjuR4IlC:387", true },
	{ "k3x7q2ab.", true },
	{ "", false },
	{ "8842", false },
	{ "k3x7q2a.hT60N55C:8842", false },
	{ "k3x7q2abb.hT60N55C:8842", false },
	{ "k3x7q2ab.hT60N55C:8842 ", false },
	{ "k3x7q2ab.hT60N55C:\xc3\xa9", false },
	{ "K3X7Q2AB.hT60N55C:8842", false },
};

static void test_c22_ids_that_are_no_places(void **state)
{
	(void)state;
	for (size_t at = 0; at < COUNT_OF(places); at++)
		if (backend_hacktiv.feed->is_place(places[at].id) != places[at].is_place)
			fail_msg("%s", places[at].id);
	char id[7600] = "k3x7q2ab.";
	memset(id + 9, 'a', 7499 - 9);
	assert_true(backend_hacktiv.feed->is_place(id));
	id[7499] = 'a';
	assert_false(backend_hacktiv.feed->is_place(id));
}

static void test_request(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct http_request request;
	backend_hacktiv.feed->listen(arena, "hkt_secret", "k3x7q2ab.hT60N55C:8842", 60, &request);
	assert_string_equal(request.path, "/v1/events?heartbeat=60");
	assert_string_equal(request.bearer, "hkt_secret");
	assert_int_equal(request.header_count, 2);
	assert_string_equal(request.headers[1].name, "Last-Event-ID");
	assert_string_equal(request.headers[1].value, "k3x7q2ab.hT60N55C:8842");
	backend_hacktiv.feed->listen(arena, "hkt_secret", NULL, 60, &request);
	assert_int_equal(request.header_count, 1);
	arena_free(arena);
}

static void test_who_can_tell_has_a_feed(void **state)
{
	(void)state;
	assert_true((backend_hacktiv.capabilities & CAN_TELL) && backend_hacktiv.feed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_c22_ids_that_are_no_places),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_who_can_tell_has_a_feed),
	};
	return cmocka_run_group_tests_name("feed of hacktivd", tests, NULL, NULL);
}
