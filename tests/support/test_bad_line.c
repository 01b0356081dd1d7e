/* A bad line before a server that says what it heard: each fault does what it says, and the same rules or the same seed do it again. */
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "bad_line_inside.h"
#include "hacktiv/base.h"

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789"
#define REQUEST "POST /wish HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwish"

/* ---- a server of a few lines: keeps what it heard, answers whole requests ---- */

static char directory[] = "/tmp/hacktiv-line-XXXXXX";
static int listener;
static pthread_t server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char heard[8192];

static void *answer_all(void *context)
{
	int wire = (int)(intptr_t)context;
	char bytes[4096];
	size_t have = 0;
	ssize_t got;
	while ((got = read(wire, bytes + have, sizeof bytes - have - 1)) > 0) {
		pthread_mutex_lock(&lock);
		strncat(heard, (bytes[have + (size_t)got] = '\0', bytes + have), sizeof heard - strlen(heard) - 1);
		pthread_mutex_unlock(&lock);
		have += (size_t)got;
		if (have < strlen(REQUEST))
			continue;
		have = 0;
		if (send(wire, ANSWER, strlen(ANSWER), MSG_NOSIGNAL) < 0)
			break;
	}
	close(wire);
	return NULL;
}

static void *accept_all(void *context)
{
	(void)context;
	for (int wire = accept(listener, NULL, NULL); wire >= 0; wire = accept(listener, NULL, NULL)) {
		pthread_t thread;
		pthread_create(&thread, NULL, answer_all, (void *)(intptr_t)wire);
		pthread_detach(thread);
	}
	return NULL;
}

static int start(void **state)
{
	(void)state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (!mkdtemp(directory))
		return -1;
	snprintf(address.sun_path, sizeof address.sun_path, "%s/server", directory);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0)
		return -1;
	return pthread_create(&server, NULL, accept_all, NULL);
}

static int stop(void **state)
{
	(void)state;
	shutdown(listener, SHUT_RDWR);
	pthread_join(server, NULL);
	char path[128];
	snprintf(path, sizeof path, "%s/server", directory);
	unlink(path);
	return rmdir(directory);
}

/* ---- a client ---- */

static struct bad_line *line_with(bad_choice *choice, void *context, bool on_port)
{
	char from[128], to[128];
	snprintf(from, sizeof from, "unix:%s/line", directory);
	snprintf(to, sizeof to, "unix:%s/server", directory);
	pthread_mutex_lock(&lock);
	*heard = '\0';
	pthread_mutex_unlock(&lock);
	struct bad_line *line = bad_line_new(on_port ? "127.0.0.1:0" : from, to, choice, context, NULL);
	assert_non_null(line);
	return line;
}

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "%s/line", directory);
	int wire = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(wire, (struct sockaddr *)&address, sizeof address), 0);
	return wire;
}

/* All that comes until `most` bytes are there or the other side goes. */
static void listen_to(int wire, char *answer, size_t most)
{
	size_t have = 0;
	ssize_t got;
	while (have < most && (got = read(wire, answer + have, most - have)) > 0)
		have += (size_t)got;
	answer[have] = '\0';
}

static void say_and_hear(char *answer, size_t most)
{
	int wire = dial();
	assert_int_equal(send(wire, REQUEST, strlen(REQUEST), MSG_NOSIGNAL), (ssize_t)strlen(REQUEST));
	listen_to(wire, answer, most);
	close(wire);
}

/* What a client hears, in one exchange under these rules. */
static void hears(const char *text, const char *expected)
{
	struct problem why = { 0 };
	struct bad_rules *rules = bad_rules_new(text, &why);
	if (!rules)
		fail_msg("%s: %s", text, why.text);
	struct bad_line *line = line_with(bad_choice_by_rules, rules, false);
	char answer[1024];
	say_and_hear(answer, strlen(expected) ? strlen(expected) : 1);
	assert_string_equal(answer, expected);
	bad_line_free(line);
	bad_rules_free(rules);
}

/* ---- what it does ---- */

static void a_good_line_changes_nothing(void **state)
{
	(void)state;
	struct bad_line *line = line_with(NULL, NULL, false);
	int wire = dial();
	for (int times = 0; times < 3; times++) {
		char answer[256];
		assert_true(send(wire, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0);
		listen_to(wire, answer, strlen(ANSWER));
		assert_string_equal(answer, ANSWER);
	}
	close(wire);
	struct bad_line_count count = bad_line_count(line);
	assert_int_equal(count.connections, 1);
	assert_int_equal(count.exchanges, 3);
	assert_int_equal(count.faults, 0);
	assert_int_equal(count.request_bytes, strlen(REQUEST));
	assert_int_equal(count.answer_bytes, strlen(ANSWER));
	assert_string_equal(heard, REQUEST REQUEST REQUEST);
	bad_line_free(line);
}

static void each_fault_of_an_answer(void **state)
{
	(void)state;
	hears("all answer cut 20 fin", "HTTP/1.1 200 OK\r\nCon");
	hears("all answer cut 0", "");
	hears("POST answer status 503", "HTTP/1.1 503 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789");
	hears("all answer type text/html", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n0123456789");
	hears("all answer flip 72   # 2 becomes 3", "HTTP/1.1 300 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789");
	hears("all answer drop 9 4", "HTTP/1.1 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789");
	hears("all answer twice 9 4", "HTTP/1.1 200 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789");
	hears("GET answer cut 0", ANSWER);
	hears("all answer final", ANSWER);
	hears("write answer cut 12", "HTTP/1.1 200");
	hears("2 answer cut 0\n1 answer cut 8", "HTTP/1.1");
}

static void a_request_is_cut_where_it_is_said(void **state)
{
	(void)state;
	for (size_t at = 0; at < strlen(REQUEST); at += 7) {
		char text[64], expected[256];
		snprintf(text, sizeof text, "all request cut %zu", at);
		snprintf(expected, sizeof expected, "%.*s", (int)at, REQUEST);
		hears(text, "");
		for (int patience = 0; patience < 2000 && strlen(heard) < at; patience++)
			usleep(1000);
		assert_string_equal(heard, expected);
	}
}

static void a_rule_that_holds_once_holds_once(void **state)
{
	(void)state;
	struct bad_rules *rules = bad_rules_new("POST once answer cut 8", NULL);
	struct bad_line *line = line_with(bad_choice_by_rules, rules, false);
	char answer[256];
	say_and_hear(answer, 8);
	assert_string_equal(answer, "HTTP/1.1");
	say_and_hear(answer, strlen(ANSWER));
	assert_string_equal(answer, ANSWER);
	assert_int_equal(bad_line_count(line).faults, 1);
	bad_line_free(line);
	bad_rules_free(rules);
}

static void what_is_held_ends_with_the_line(void **state)
{
	(void)state;
	struct bad_rules *rules = bad_rules_new("all answer cut 12 hold", NULL);
	struct bad_line *line = line_with(bad_choice_by_rules, rules, false);
	int wire = dial();
	char answer[256];
	assert_true(send(wire, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0);
	listen_to(wire, answer, 12);
	assert_string_equal(answer, "HTTP/1.1 200");
	assert_int_equal(recv(wire, answer, 1, MSG_DONTWAIT), -1);   /* and no end */
	bad_line_free(line);
	listen_to(wire, answer, 1);
	assert_string_equal(answer, "");
	close(wire);
	bad_rules_free(rules);
}

static void slow_is_slow(void **state)
{
	(void)state;
	int64_t began = clock_monotonic_ms();
	hears("all answer throttle 400", ANSWER);      /* 75 bytes */
	assert_in_range(clock_monotonic_ms() - began, 150, 5000);
	began = clock_monotonic_ms();
	hears("all request delay 100\nall answer delay 100", ANSWER);
	assert_in_range(clock_monotonic_ms() - began, 200, 5000);
}

static void answers_change_places(void **state)
{
	(void)state;
	struct bad_rules *rules = bad_rules_new("2 answer anothers\n1 answer status 201\n3 answer last", NULL);
	struct bad_line *line = line_with(bad_choice_by_rules, rules, false);
	char answer[256];
	say_and_hear(answer, strlen(ANSWER));
	assert_memory_equal(answer, "HTTP/1.1 201", 12);
	say_and_hear(answer, strlen(ANSWER));
	assert_memory_equal(answer, "HTTP/1.1 201", 12);             /* that of the first */
	int late = dial();
	assert_true(send(late, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0);
	while (bad_line_count(line).exchanges < 3)
		usleep(1000);
	say_and_hear(answer, strlen(ANSWER));
	assert_string_equal(answer, ANSWER);
	listen_to(late, answer, strlen(ANSWER));
	assert_string_equal(answer, ANSWER);
	close(late);
	bad_line_free(line);
	bad_rules_free(rules);
}

static void a_reset_is_one_on_a_port(void **state)
{
	(void)state;
	struct bad_rules *rules = bad_rules_new("all answer cut 0 rst", NULL);
	struct bad_line *line = line_with(bad_choice_by_rules, rules, true);
	const char *url = bad_line_address(line);
	assert_memory_equal(url, "http://127.0.0.1:", 17);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	                               .sin_port = htons((uint16_t)strtoul(url + 17, NULL, 10)) };
	int wire = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(wire, (struct sockaddr *)&address, sizeof address), 0);
	assert_true(send(wire, REQUEST, strlen(REQUEST), MSG_NOSIGNAL) > 0);
	char byte;
	assert_int_equal(read(wire, &byte, 1), -1);
	assert_int_equal(errno, ECONNRESET);
	close(wire);
	bad_line_free(line);
	bad_rules_free(rules);
}

/* ---- what it is told ---- */

static void nonsense_is_no_rule(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"all", "all answer", "all answer cut", "all answer cut x", "all answer cut 3 often", "all request status 200", "all reply cut 3",
		"all answer bite 3", "all answer cut 3 fin fin", "all answer drop 3", "all answer type", "all answer last now",
	};
	for (size_t at = 0; at < COUNT_OF(wrong); at++) {
		struct problem why = { 0 };
		struct bad_rules *rules = bad_rules_new(wrong[at], &why);
		if (rules)
			fail_msg("taken for a rule: %s", wrong[at]);
		assert_string_equal(why.text, "line 1 is no rule");
	}
	struct bad_rules *rules = bad_rules_new("\n# nothing\n  \nall answer last", NULL);
	assert_non_null(rules);
	bad_rules_free(rules);
}

static void a_seed_says_the_same_again(void **state)
{
	(void)state;
	struct bad_seed seed = { .seed = 42, .percent = 30 }, other = { .seed = 43, .percent = 30 };
	int faults = 0, differences = 0;
	for (unsigned number = 1; number <= 1000; number++) {
		struct bad_about about = { .exchange = number, .method = "POST", .request = REQUEST, .length = strlen(REQUEST) };
		struct bad_exchange first = BAD_NOTHING, again = BAD_NOTHING, another = BAD_NOTHING;
		bad_choice_by_seed(&seed, &about, &first);
		bad_choice_by_seed(&seed, &about, &again);
		bad_choice_by_seed(&other, &about, &another);
		assert_memory_equal(&first, &again, sizeof first);
		faults += !bad_is_nothing(&first);
		differences += memcmp(&first, &another, sizeof first) != 0;
		assert_true(first.request.cut_at <= (int64_t)strlen(REQUEST));
	}
	assert_in_range(faults, 250, 350);
	assert_true(differences > 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_line_changes_nothing),
		cmocka_unit_test(each_fault_of_an_answer),
		cmocka_unit_test(a_request_is_cut_where_it_is_said),
		cmocka_unit_test(a_rule_that_holds_once_holds_once),
		cmocka_unit_test(what_is_held_ends_with_the_line),
		cmocka_unit_test(slow_is_slow),
		cmocka_unit_test(answers_change_places),
		cmocka_unit_test(a_reset_is_one_on_a_port),
		cmocka_unit_test(nonsense_is_no_rule),
		cmocka_unit_test(a_seed_says_the_same_again),
	};
	return cmocka_run_group_tests_name("bad line", tests, start, stop);
}
