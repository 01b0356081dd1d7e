/* test_patience.c — whoever is slower than may be is told so, unless an answer is on its way, and cut off. */
#include "table.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "patience.h"

/* Everything the peer is told until the connection ends; -1 when it does not end. */
static ssize_t read_to_end(int peer, char *text, size_t room)
{
	size_t length = 0;
	struct pollfd waiting = { peer, POLLIN, 0 };
	while (poll(&waiting, 1, 100) == 1) {
		ssize_t got = read(peer, text + length, room - 1 - length);
		if (got <= 0) {
			text[length] = '\0';
			return (ssize_t)length;
		}
		length += (size_t)got;
	}
	return -1;
}

static const struct {
	enum doing doing;
	int64_t limit_ms;
	int64_t after_ms;      /* the tick, from now */
	bool ends, told;
	const char *why;
} visits[] = {
	{ DOING_RECEIVING, 1000, 0, false, false, "in time" },
	{ DOING_RECEIVING, 1000, 900, false, false, "nearly" },
	{ DOING_RECEIVING, 1000, 2000, true, true, "too slow" },
	{ DOING_SENDING, 1000, 2000, true, false, "nothing of ours may fall into an answer" },
	{ DOING_SENDING, 60000, 2000, false, false, "an answer may take its time" },
	{ DOING_NOTHING_TIMED, 0, 1000000, false, false, "our own work is not their fault" },
};

static void the_slow_are_cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(visits); i++) {
		int ends[2];
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		struct patience *patience = patience_new();
		struct visit *visit = patience_enter(patience, ends[0]);
		patience_expect(patience, visit, visits[i].doing, visits[i].limit_ms);
		patience_tick(patience, clock_monotonic_ms() + visits[i].after_ms);
		patience_tick(patience, clock_monotonic_ms() + visits[i].after_ms + 100000 * visits[i].ends);
		char text[1024] = "";
		ssize_t length = read_to_end(ends[1], text, sizeof text);
		ROW_HOLDS((length >= 0) == visits[i].ends, "row %zu %s: %zd", i, visits[i].why, length);
		ROW_HOLDS((length > 0) == visits[i].told, "row %zu %s: %s", i, visits[i].why, text);
		const char *head = strstr(text, "HTTP/1.1 408 "), *body = strstr(text, "\r\n\r\n");
		ROW_HOLDS(!visits[i].told || head == text, "row %zu: %s", i, text);
		ROW_HOLDS(!visits[i].told || (body && strstr(text, "Content-Length: 90\r\n") && strlen(body + 4) == 90), "row %zu: %s", i, text);
		ROW_HOLDS(!visits[i].told || !strstr(text + 1, "HTTP/1.1"), "row %zu is told twice: %s", i, text);
		patience_leave(patience, visit);
		patience_free(patience);
		close(ends[0]);
		close(ends[1]);
	}
}

/* Who comes is given as long as a head may take. */
static void a_new_visit_has_ten_seconds(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	struct patience *patience = patience_new();
	struct visit *visit = patience_enter(patience, ends[0]);
	char text[1024];
	patience_tick(patience, clock_monotonic_ms() + HEAD_LIMIT_MS - 1000);
	assert_int_equal(read_to_end(ends[1], text, sizeof text), -1);
	patience_tick(patience, clock_monotonic_ms() + HEAD_LIMIT_MS);
	assert_true(read_to_end(ends[1], text, sizeof text) > 0);
	patience_leave(patience, visit);
	patience_free(patience);
	close(ends[0]);
	close(ends[1]);
}

static void visits_leave_in_any_order(void **state)
{
	(void)state;
	static const size_t orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 0, 2 }, { 1, 2, 0 } };
	for (size_t i = 0; i < COUNT_OF(orders); i++) {
		struct patience *patience = patience_new();
		struct visit *visits_here[3];
		for (size_t j = 0; j < 3; j++)
			visits_here[j] = patience_enter(patience, -1);
		for (size_t j = 0; j < 3; j++) {
			assert_int_equal(patience_visits(patience), 3 - j);
			patience_leave(patience, visits_here[orders[i][j]]);
			patience_tick(patience, 0);
		}
		assert_int_equal(patience_visits(patience), 0);
		patience_free(patience);
	}
	patience_free(NULL);
}

static void requests_of_a_visit_are_counted(void **state)
{
	(void)state;
	struct patience *patience = patience_new();
	struct visit *one = patience_enter(patience, -1), *two = patience_enter(patience, -1);
	assert_int_equal(patience_count_request(one), 1);
	assert_int_equal(patience_count_request(one), 2);
	assert_int_equal(patience_count_request(two), 1);
	patience_leave(patience, one);
	patience_leave(patience, two);
	patience_free(patience);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_slow_are_cut_off),
		cmocka_unit_test(a_new_visit_has_ten_seconds),
		cmocka_unit_test(visits_leave_in_any_order),
		cmocka_unit_test(requests_of_a_visit_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
