/* Streams of the engine against real sockets: events as they come, every way in which one ends, and nothing that is kept open, waited for
 * or woken for because of one. */
#include "hacktiv/http.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "peer.h"

#define STREAM_HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
#define PATIENCE_MS 20000

/* ---- a listener that writes down what it hears ---- */

struct ear {
	struct engine *engine;
	const struct http_address *address;
	unsigned stream;
	struct buffer told;          /* "kind|data|id;" */
	size_t events, heard;
	bool ended;
	enum transport_result transport;
	int status, retry_after_s, pause_ms;
	char *problem;
	bool cancels;                /* at the first event */
};

static const struct http_request feed = { .method = HTTP_GET, .path = "/v1/events", .safe_to_repeat = true };

static void hear_bytes(void *context)
{
	((struct ear *)context)->heard++;
}

static void hear_event(void *context, const struct stream_event *event)
{
	struct ear *ear = context;
	ear->events++;
	buffer_print(&ear->told, "%s|%s|%s;", event->kind, event->data ? event->data : "-", event->id);
	if (ear->cancels)
		engine_cancel(ear->engine, ear->stream);
}

static void hear_end(void *context, const struct http_response *response, int pause_ms)
{
	struct ear *ear = context;
	assert_false(ear->ended);
	ear->ended = true;
	ear->transport = response->transport;
	ear->status = response->status;
	ear->retry_after_s = response->retry_after_s;
	ear->pause_ms = pause_ms;
	ear->problem = memory_copy_text(response->problem.text);
}

static const struct stream_ears ears = { hear_bytes, hear_event, hear_end };

static void begin(struct ear *ear, struct engine *engine, const struct http_address *address)
{
	*ear = (struct ear){ .engine = engine, .address = address };
	buffer_init(&ear->told, 1 << 20);
	ear->stream = engine_listen(engine, address, &feed, &ears, ear);
	assert_int_not_equal(ear->stream, 0);
}

static void forget(struct ear *ear)
{
	buffer_clear(&ear->told);
	free(ear->problem);
}

#define UNTIL(engine, condition) do { \
	int64_t until_ = clock_monotonic_ms() + PATIENCE_MS; \
	engine_turn(engine); \
	while (!(condition)) { \
		assert_true(clock_monotonic_ms() < until_); \
		engine_wait(engine, NULL, 0, 50); \
		engine_turn(engine); \
	} } while (0)

struct scene {
	struct peer *peer;
	struct arena *arena;
	struct http_address address;
	struct engine *engine;
	struct ear ear;
};

static void raise_curtain(struct scene *scene, peer_behaviour *behaviour, const void *context)
{
	scene->peer = peer_new(NULL, behaviour, context);
	scene->arena = arena_new();
	assert_true(http_address_parse(scene->arena, arena_print(scene->arena, "http://127.0.0.1:%d", peer_port(scene->peer)),
	                               &scene->address, NULL));
	scene->engine = engine_new();
	begin(&scene->ear, scene->engine, &scene->address);
}

static void drop_curtain(struct scene *scene)
{
	engine_free(scene->engine);
	peer_free(scene->peer);
	arena_free(scene->arena);
	forget(&scene->ear);
}

/* ---- behaviours ---- */

static void say(int connection, const char *text)
{
	(void)!send(connection, text, strlen(text), MSG_NOSIGNAL);
}

/* Says its context and stays. */
static void says_and_stays(struct peer *peer, int connection)
{
	say(connection, peer_context(peer));
	peer_is_silent(peer, connection);
}

static void line_without_end(struct peer *peer, int connection)
{
	static char letters[64 * 1024];
	memset(letters, 'x', sizeof letters);
	say(connection, STREAM_HEAD "data: 1\n\ndata: ");
	for (int i = 0; i < 160 && !peer_is_ending(peer); i++)
		if (send(connection, letters, sizeof letters, MSG_NOSIGNAL) <= 0)
			return;
	peer_is_silent(peer, connection);
}

/* ---- what comes ---- */

static void test_events_as_they_come(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, says_and_stays, STREAM_HEAD "retry: 3000\nid: a\n\n: hb\n\nid: b\nevent: x\ndata: 1\n\ndata: 2\n\n");
	UNTIL(scene.engine, scene.ear.events == 3);
	assert_string_equal(scene.ear.told.bytes, "message|-|a;x|1|b;message|2|b;");
	assert_true(scene.ear.heard > 0);
	assert_false(scene.ear.ended);
	assert_int_equal(engine_busy(scene.engine), 0);
	char *request = peer_request(scene.peer);
	assert_non_null(strstr(request, "GET /v1/events HTTP/1.1\r\n"));
	free(request);
	drop_curtain(&scene);
}

static void test_end_of_a_stream(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, peer_says, STREAM_HEAD "retry: 1700\n\nid: a\ndata: 1\n\ndata: half");
	UNTIL(scene.engine, scene.ear.ended);
	assert_string_equal(scene.ear.told.bytes, "message|1|a;");
	assert_int_equal(scene.ear.transport, TRANSPORT_ANSWERED);
	assert_int_equal(scene.ear.status, 200);
	assert_int_equal(scene.ear.pause_ms, 1700);
	drop_curtain(&scene);
}

static const struct {
	const char *answer;
	int status, retry_after_s;
} other_answers[] = {
	{ "HTTP/1.1 204 No Content\r\n\r\n", 204, -1 },
	{ "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 401, -1 },
	{ "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 15\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: 1\n\n", 429, 15 },
	{ "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example.org/\r\nContent-Length: 0\r\n\r\n", 302, -1 },
	{ "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\ndata: 1\n\n", 200, -1 },
	{ "HTTP/1.1 200 OK\r\nContent-Type: text/event-streams\r\nContent-Length: 9\r\n\r\ndata: 1\n\n", 200, -1 },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ndata: 1\n\n", 200, -1 },
};

static void test_another_answer_is_no_feed(void **state)
{
	(void)state;
	for (size_t at = 0; at < COUNT_OF(other_answers); at++) {
		struct scene scene;
		raise_curtain(&scene, peer_says, other_answers[at].answer);
		UNTIL(scene.engine, scene.ear.ended);
		assert_int_equal(scene.ear.transport, TRANSPORT_ANSWERED);
		assert_int_equal(scene.ear.status, other_answers[at].status);
		assert_int_equal(scene.ear.retry_after_s, other_answers[at].retry_after_s);
		assert_int_equal(scene.ear.events + scene.ear.heard, 0);
		drop_curtain(&scene);
	}
}

static void test_media_type_is_read_as_http_has_it(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, says_and_stays, "HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream;charset=utf-8\r\n\r\ndata: 1\n\n");
	UNTIL(scene.engine, scene.ear.events == 1);
	drop_curtain(&scene);
}

static void test_c24_line_of_10_mb(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, line_without_end, NULL);
	UNTIL(scene.engine, scene.ear.ended);
	assert_string_equal(scene.ear.told.bytes, "message|1|;");
	assert_int_equal(scene.ear.transport, TRANSPORT_TOO_LARGE);
	assert_true(*scene.ear.problem);
	drop_curtain(&scene);
}

static void test_nobody_there(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, peer_is_silent, NULL);
	struct arena *arena = arena_new();
	struct http_address nobody;
	assert_true(http_address_parse(arena, "http://127.0.0.1:1", &nobody, NULL));
	struct ear ear;
	begin(&ear, scene.engine, &nobody);
	UNTIL(scene.engine, ear.ended);
	assert_int_equal(ear.transport, TRANSPORT_NOT_SENT);
	forget(&ear);
	arena_free(arena);
	drop_curtain(&scene);
}

/* ---- what it costs others ---- */

static void test_cancel_while_told(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, says_and_stays, STREAM_HEAD "data: 1\n\ndata: 2\n\n");
	scene.ear.cancels = true;
	UNTIL(scene.engine, scene.ear.events > 0);
	for (int i = 0; i < 5; i++) {
		engine_wait(scene.engine, NULL, 0, 10);
		engine_turn(scene.engine);
	}
	assert_int_equal(scene.ear.events, 1);
	assert_false(scene.ear.ended);
	drop_curtain(&scene);
}

static void count_end(void *context, const struct http_response *response)
{
	(void)response;
	++*(size_t *)context;
}

/* Ten questions to a peer that never answers, and a stream: how many connections is that? */
static void test_requests_keep_their_connections(void **state)
{
	(void)state;
	struct scene scene;
	size_t ended = 0;
	raise_curtain(&scene, says_and_stays, STREAM_HEAD "data: 1\n\n");
	UNTIL(scene.engine, scene.ear.events == 1);
	for (int i = 0; i < 10; i++)
		engine_send(scene.engine, &scene.address, &feed, count_end, &ended);
	UNTIL(scene.engine, peer_connections(scene.peer) == ENGINE_HOST_CONNECTIONS + 1);
	engine_wait(scene.engine, NULL, 0, 100);
	engine_turn(scene.engine);
	assert_int_equal(peer_connections(scene.peer), ENGINE_HOST_CONNECTIONS + 1);
	assert_int_equal(engine_busy(scene.engine), 10);
	drop_curtain(&scene);
}

/* C23 is for whoever listens; the engine only must not give up, nor look at its watch. */
static void test_silence_wakes_nobody(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, says_and_stays, STREAM_HEAD "data: 1\n\n");
	UNTIL(scene.engine, scene.ear.events == 1);
	int64_t began_ms = clock_monotonic_ms();
	int turns = 0;
	for (; clock_monotonic_ms() - began_ms < 1500; turns++) {
		engine_wait(scene.engine, NULL, 0, (int)(began_ms + 1501 - clock_monotonic_ms()));
		engine_turn(scene.engine);
	}
	/* Timers of the connection's beginning may fire once more. */
	assert_in_range(turns, 1, 3);
	assert_false(scene.ear.ended);
	drop_curtain(&scene);
}

/* Of the file, among all of this process, that is connected to `port`; -1: there is none. */
static int file_to(int port)
{
	for (int file = 3; file < 256; file++) {
		struct sockaddr_in other;
		socklen_t length = sizeof other;
		if (getpeername(file, (struct sockaddr *)&other, &length) == 0 && other.sin_family == AF_INET && ntohs(other.sin_port) == port)
			return file;
	}
	return -1;
}

static int option(int file, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;
	assert_int_equal(getsockopt(file, level, name, &value, &length), 0);
	return value;
}

/* C23: a line that went away without a word is the kernel's to notice, within 45 s: a probe after 30 s of silence, and two more. */
static void test_c23_the_kernel_watches_the_line(void **state)
{
	(void)state;
	struct scene scene;
	raise_curtain(&scene, says_and_stays, STREAM_HEAD "data: 1\n\n");
	UNTIL(scene.engine, scene.ear.events == 1);
	int file = file_to(peer_port(scene.peer));
	assert_true(file >= 0);
	assert_int_equal(option(file, SOL_SOCKET, SO_KEEPALIVE), 1);
	int idle_s = option(file, IPPROTO_TCP, TCP_KEEPIDLE), every_s = option(file, IPPROTO_TCP, TCP_KEEPINTVL);
	int probes = option(file, IPPROTO_TCP, TCP_KEEPCNT);
	assert_int_equal(idle_s, 30);
	assert_int_equal(every_s, 5);
	assert_int_equal(probes, 3);
	assert_in_range(idle_s + every_s * probes, 1, 45);
	drop_curtain(&scene);
}

/* ---- coming back ---- */

static size_t open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;
	if (!directory)
		return 0;
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static int listen_here(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	assert_int_equal(listen(listener, 8), 0);
	fcntl(listener, F_SETFL, O_NONBLOCK);
	*port = ntohs(address.sin_port);
	return listener;
}

/* Whoever has asked is told one event and sent away, by a close or by a reset. */
static void serve_some(int listener, int *connection, bool reset)
{
	char request[2048];
	if (*connection < 0)
		*connection = accept(listener, NULL, NULL);
	if (*connection < 0 || recv(*connection, request, sizeof request, MSG_DONTWAIT) <= 0)
		return;
	say(*connection, STREAM_HEAD "id: a\ndata: 1\n\n");
	if (reset)
		setsockopt(*connection, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 }, sizeof(struct linger));
	close(*connection);
	*connection = -1;
}

static void reconnect(struct engine *engine, const struct http_address *address, int listener, bool reset)
{
	struct ear ear;
	int connection = -1;
	begin(&ear, engine, address);
	int64_t until = clock_monotonic_ms() + PATIENCE_MS;
	while (!ear.ended && clock_monotonic_ms() < until) {
		serve_some(listener, &connection, reset);
		struct engine_fd fd = { .fd = connection < 0 ? listener : connection };
		engine_wait(engine, &fd, 1, 20);
		engine_turn(engine);
	}
	assert_true(ear.ended);
	forget(&ear);
}

static void test_no_file_is_left_after_1000_reconnects(void **state)
{
	(void)state;
	int port;
	int listener = listen_here(&port);
	struct arena *arena = arena_new();
	struct http_address address;
	struct engine *engine = engine_new();
	assert_true(http_address_parse(arena, arena_print(arena, "http://127.0.0.1:%d", port), &address, NULL));
	for (int i = 0; i < 10; i++)
		reconnect(engine, &address, listener, i % 3 == 0);
	size_t before = open_files();
	for (int i = 0; i < 1000; i++)
		reconnect(engine, &address, listener, i % 3 == 0);
	assert_int_equal(open_files(), before);
	engine_free(engine);
	arena_free(arena);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_as_they_come),
		cmocka_unit_test(test_end_of_a_stream),
		cmocka_unit_test(test_another_answer_is_no_feed),
		cmocka_unit_test(test_media_type_is_read_as_http_has_it),
		cmocka_unit_test(test_c24_line_of_10_mb),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_cancel_while_told),
		cmocka_unit_test(test_requests_keep_their_connections),
		cmocka_unit_test(test_silence_wakes_nobody),
		cmocka_unit_test(test_c23_the_kernel_watches_the_line),
		cmocka_unit_test(test_no_file_is_left_after_1000_reconnects),
	};
	return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
