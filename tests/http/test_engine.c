/* The engine against real sockets: what comes back is whole or it is said that it is not, nothing waits that need not, and the
 * token goes where it was meant to go only. */
#include "hacktiv/http.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "peer.h"

#define JSON_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define PATIENCE_MS 20000

/* ---- one exchange, kept for the test to look at ---- */

struct heard {
	bool ended;
	int times;
	enum transport_result transport;
	int status;
	struct problem problem;
	struct arena *arena;
	const char *content_type, *etag, *location;
	int retry_after_s;
	int64_t date;
	size_t body_length;
	char *body;
};

static void hear(void *context, const struct http_response *response)
{
	struct heard *heard = context;
	heard->ended = true;
	heard->times++;
	heard->transport = response->transport;
	heard->status = response->status;
	heard->problem = response->problem;
	heard->arena = arena_new();
	heard->content_type = arena_copy_text(heard->arena, response->content_type);
	heard->etag = arena_copy_text(heard->arena, response->etag);
	heard->location = arena_copy_text(heard->arena, response->location);
	heard->retry_after_s = response->retry_after_s;
	heard->date = response->date;
	heard->body_length = response->body_length;
	heard->body = arena_copy_bytes(heard->arena, response->body, response->body_length);
}

static void run_until(struct engine *engine, const bool *ended)
{
	int64_t until = clock_monotonic_ms() + PATIENCE_MS;
	engine_turn(engine);
	while (!*ended && clock_monotonic_ms() < until) {
		engine_wait(engine, NULL, 0, 100);
		engine_turn(engine);
	}
	assert_true(*ended);
}

static struct http_address address_of(struct arena *arena, const char *url)
{
	struct http_address address;
	struct problem why = { 0 };
	if (!http_address_parse(arena, url, &address, &why))
		fail_msg("%s: %s", url, why.text);
	return address;
}

static struct heard ask(const char *url, const struct http_request *request)
{
	struct arena *arena = arena_new();
	struct http_address address = address_of(arena, url);
	struct engine *engine = engine_new();
	struct heard heard = { 0 };
	assert_int_not_equal(engine_send(engine, &address, request, hear, &heard), 0);
	assert_int_equal(engine_busy(engine), 1);
	run_until(engine, &heard.ended);
	assert_int_equal(engine_busy(engine), 0);
	engine_free(engine);
	arena_free(arena);
	return heard;
}

static struct heard ask_peer(struct peer *peer, const struct http_request *request)
{
	struct arena *arena = arena_new();
	struct heard heard = ask(arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)), request);
	arena_free(arena);
	return heard;
}

static const struct http_request plain = { .method = HTTP_GET, .path = "/v1/meta", .safe_to_repeat = true };

static struct heard ask_one_that(peer_behaviour *behaviour, const char *answer)
{
	struct peer *peer = peer_new(NULL, behaviour, answer);
	struct heard heard = ask_peer(peer, &plain);
	peer_free(peer);
	return heard;
}

/* ---- whole answers ---- */

static void test_whole_answer(void **state)
{
	(void)state;
	struct heard heard = ask_one_that(peer_says,
		"HTTP/1.1 409 Conflict\r\nContent-Type: Application/Problem+JSON; charset=utf-8\r\nETag: W/\"s-8841\"\r\n"
		"Location: /v1/elsewhere\r\nRetry-After: 7\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Length: 7\r\n\r\n"
		"{\"a\":1}");
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_int_equal(heard.status, 409);
	assert_string_equal(heard.content_type, "application/problem+json");
	assert_string_equal(heard.etag, "W/\"s-8841\"");
	assert_string_equal(heard.location, "/v1/elsewhere");
	assert_int_equal(heard.retry_after_s, 7);
	assert_int_equal(heard.date, 1795521600);
	assert_string_equal(heard.body, "{\"a\":1}");
	assert_int_equal(heard.problem.kind, PROBLEM_NONE);
	arena_free(heard.arena);
}

static void test_absent_headers(void **state)
{
	(void)state;
	struct heard heard = ask_one_that(peer_says, "HTTP/1.1 204 No Content\r\n\r\n");
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_int_equal(heard.status, 204);
	assert_string_equal(heard.content_type, "");
	assert_null(heard.etag);
	assert_null(heard.location);
	assert_int_equal(heard.retry_after_s, -1);
	assert_int_equal(heard.date, 0);
	assert_int_equal(heard.body_length, 0);
	arena_free(heard.arena);
}

/* What we would send back as If-None-Match must not carry anything but an entity tag. */
static void test_strange_etag(void **state)
{
	(void)state;
	struct heard heard = ask_one_that(peer_says, JSON_HEAD "ETag: \"a\033[2Jb\"\r\nContent-Length: 2\r\n\r\n{}");
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_null(heard.etag);
	arena_free(heard.arena);
}

static void test_bytes_one_by_one(void **state)
{
	(void)state;
	struct heard heard = ask_one_that(peer_dribbles, JSON_HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n");
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_string_equal(heard.body, "{\"a\":1}");
	arena_free(heard.arena);
}

/* What a proxy adds behind the body (RFC 9110, 6.5) does not make an answer a broken one: a write would be "unknown" for ever. */
static void test_trailers(void **state)
{
	(void)state;
	struct heard heard = ask_one_that(peer_says, JSON_HEAD "Transfer-Encoding: chunked\r\nTrailer: Server-Timing\r\n\r\n"
		"7\r\n{\"a\":1}\r\n0\r\nServer-Timing: cdn;dur=3\r\n\r\n");
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_int_equal(heard.status, 200);
	assert_string_equal(heard.body, "{\"a\":1}");
	arena_free(heard.arena);
}

static void test_page_of_html(void **state)
{
	(void)state;
	struct heard heard = ask_one_that(peer_says,
		"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 13\r\n\r\n<html></html>");
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_string_equal(heard.content_type, "text/html");
	arena_free(heard.arena);
}

/* ---- what is sent ---- */

static void test_request_as_sent(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, peer_says, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
	struct http_request request = {
		.method = HTTP_POST, .path = "/v1/spaces/ferme/bookings", .bearer = "hkt_abc", .content_type = "application/json",
		.body = "{\"id\":\"1\"}", .body_length = 10,
	};
	assert_true(http_request_header(&request, "Idempotency-Key", "\"0193\""));
	struct heard heard = ask_peer(peer, &request);
	assert_int_equal(heard.status, 201);
	char *sent = peer_request(peer);
	assert_int_equal(strncmp(sent, "POST /v1/spaces/ferme/bookings HTTP/1.1\r\n", 41), 0);
	assert_non_null(strstr(sent, "\r\nAuthorization: Bearer hkt_abc\r\n"));
	assert_non_null(strstr(sent, "\r\nIdempotency-Key: \"0193\"\r\n"));
	assert_non_null(strstr(sent, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(sent, "\r\nUser-Agent: hacktiv/"));
	assert_non_null(strstr(sent, "\r\nAccept-Encoding: "));
	assert_null(strstr(sent, "Expect"));
	assert_non_null(strstr(sent, "\r\n\r\n{\"id\":\"1\"}"));
	free(sent);
	arena_free(heard.arena);
	peer_free(peer);
}

static void test_every_method(void **state)
{
	(void)state;
	static const struct { enum http_method method; const char *body, *line; bool has_length; } cases[] = {
		{ HTTP_GET, NULL, "GET /x HTTP/1.1\r\n", false },
		{ HTTP_POST, NULL, "POST /x HTTP/1.1\r\n", true },
		{ HTTP_PATCH, "{}", "PATCH /x HTTP/1.1\r\n", true },
		{ HTTP_PUT, "{}", "PUT /x HTTP/1.1\r\n", true },
		{ HTTP_PUT, NULL, "PUT /x HTTP/1.1\r\n", true },
		{ HTTP_DELETE, NULL, "DELETE /x HTTP/1.1\r\n", false },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct peer *peer = peer_new(NULL, peer_says, "HTTP/1.1 204 No Content\r\n\r\n");
		struct http_request request = { .method = cases[i].method, .path = "/x", .body = cases[i].body,
			                        .body_length = cases[i].body ? 2 : 0 };
		struct heard heard = ask_peer(peer, &request);
		assert_int_equal(heard.status, 204);
		char *sent = peer_request(peer);
		if (strncmp(sent, cases[i].line, strlen(cases[i].line)) != 0)
			fail_msg("%s was sent as %.20s", cases[i].line, sent);
		assert_int_equal(strstr(sent, "Content-Length") != NULL, cases[i].has_length);
		assert_null(strstr(sent, "Content-Type"));   /* curl would call it a form */
		free(sent);
		arena_free(heard.arena);
		peer_free(peer);
	}
}

/* A site behind a path, as behind a reverse proxy. */
static void test_prefix_of_address(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, peer_says, "HTTP/1.1 204 No Content\r\n\r\n");
	struct arena *arena = arena_new();
	struct heard heard = ask(arena_print(arena, "http://127.0.0.1:%d/reseau/", peer_port(peer)), &plain);
	char *sent = peer_request(peer);
	assert_int_equal(strncmp(sent, "GET /reseau/v1/meta HTTP/1.1\r\n", 30), 0);
	free(sent);
	arena_free(heard.arena);
	arena_free(arena);
	peer_free(peer);
}

static void test_unix_socket(void **state)
{
	(void)state;
	char directory[] = "/tmp/hacktiv-http-XXXXXX";
	assert_non_null(mkdtemp(directory));
	struct arena *arena = arena_new();
	const char *url = arena_print(arena, "unix:%s/s", directory);
	const char *path = url + strlen("unix:");
	struct peer *peer = peer_new(path, peer_says, JSON_HEAD "Content-Length: 2\r\n\r\n{}");
	struct heard heard = ask(url, &plain);
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_string_equal(heard.body, "{}");
	arena_free(heard.arena);
	peer_free(peer);

	heard = ask(url, &plain);
	assert_int_equal(heard.transport, TRANSPORT_NOT_SENT);
	assert_non_null(strstr(heard.problem.text, path));
	arena_free(heard.arena);
	rmdir(directory);
	arena_free(arena);
}

/* What goes in the clear stays on this machine, whatever the environment says. */
static void test_no_proxy_on_this_machine(void **state)
{
	(void)state;
	struct peer *proxy = peer_new(NULL, peer_says, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	struct peer *peer = peer_new(NULL, peer_says, "HTTP/1.1 204 No Content\r\n\r\n");
	struct arena *arena = arena_new();
	setenv("http_proxy", arena_print(arena, "http://127.0.0.1:%d", peer_port(proxy)), 1);
	struct http_request request = plain;
	request.bearer = "hkt_secret";
	struct heard heard = ask_peer(peer, &request);
	unsetenv("http_proxy");
	assert_int_equal(heard.status, 204);
	assert_int_equal(peer_connections(proxy), 0);
	arena_free(heard.arena);
	arena_free(arena);
	peer_free(peer);
	peer_free(proxy);
}

static void test_redirect_is_an_answer(void **state)
{
	(void)state;
	struct peer *other = peer_new(NULL, peer_says, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	struct arena *arena = arena_new();
	const char *answer = arena_print(arena, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n",
	                                 peer_port(other));
	struct peer *peer = peer_new(NULL, peer_says, answer);
	struct http_request request = plain;
	request.bearer = "hkt_secret";
	struct heard heard = ask_peer(peer, &request);
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	assert_int_equal(heard.status, 302);
	assert_non_null(strstr(heard.location, "http://127.0.0.1:"));
	assert_int_equal(peer_connections(other), 0);
	peer_free(peer);
	peer_free(other);
	arena_free(heard.arena);
	arena_free(arena);
}

/* ---- half answers and no answers ---- */

struct broken_case {
	peer_behaviour *behaviour;
	const char *answer;
	enum transport_result transport;
	const char *words;             /* some of the sentence, English */
	const char *what;
};

static const struct broken_case broken_cases[] = {
	{ peer_says, "", TRANSPORT_LOST, "broke", "closed without a word" },
	{ peer_says, JSON_HEAD, TRANSPORT_LOST, "broke", "cut within the headers" },
	{ peer_says, JSON_HEAD "Content-Length: 9\r\n\r\n", TRANSPORT_LOST, "broke", "cut after the headers" },
	{ peer_says, JSON_HEAD "Content-Length: 9\r\n\r\n{\"a\"", TRANSPORT_LOST, "broke", "half a body" },
	{ peer_says, JSON_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\"", TRANSPORT_LOST, "broke", "cut within a chunk" },
	{ peer_says, JSON_HEAD "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n", TRANSPORT_LOST, "broke", "no last chunk" },
	{ peer_says, JSON_HEAD "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", TRANSPORT_LOST, "broke", "not gzip" },
	{ peer_says, "220 mail.example.org ESMTP\r\n", TRANSPORT_LOST, "not HTTP", "not HTTP at all" },
	{ peer_says, "HTTP/1.1 204 No Con", TRANSPORT_LOST, "broke", "cut within the first line" },
	{ peer_says, JSON_HEAD "Content-Length: 60000000\r\n\r\n{}", TRANSPORT_TOO_LARGE, "larger", "announces 60 MB" },
	{ peer_floods, NULL, TRANSPORT_TOO_LARGE, "larger", "sends 50 MB" },
	{ peer_heads, NULL, TRANSPORT_TOO_LARGE, "larger", "headers without end" },
};

static long resident_kib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void test_broken_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(broken_cases); i++) {
		const struct broken_case *this = &broken_cases[i];
		long before = resident_kib();
		struct heard heard = ask_one_that(this->behaviour, this->answer);
		if (heard.transport != this->transport || !strstr(heard.problem.text, this->words))
			fail_msg("%s: transport %d, “%s”", this->what, heard.transport, heard.problem.text);
		assert_non_null(strstr(heard.problem.text, "127.0.0.1"));
		assert_int_equal(heard.body_length, 0);
		/* The sanitisers keep freed memory in quarantine; 40 MB would still show that all was taken. */
		if (resident_kib() - before > 40 * 1024)
			fail_msg("%s: %ld KiB more", this->what, resident_kib() - before);
		arena_free(heard.arena);
	}
}

/* ---- 20 MB of zeros in 130 kB, as deflate writes them (RFC 1951, fixed codes): counted after they are unpacked ---- */

struct bits {
	struct buffer *out;
	unsigned waiting, count;
};

static void put_bits(struct bits *bits, unsigned code, unsigned count)
{
	/* Huffman codes go in from their highest bit on. */
	while (count-- > 0) {
		bits->waiting |= ((code >> count) & 1u) << bits->count;
		if (++bits->count == 8) {
			buffer_add(bits->out, &(char){ (char)bits->waiting }, 1);
			bits->waiting = bits->count = 0;
		}
	}
}

static void test_bomb(void **state)
{
	(void)state;
	struct buffer answer;
	buffer_init(&answer, 1 << 20);
	static const char head[] = JSON_HEAD "Content-Encoding: gzip\r\n\r\n";
	buffer_add_text(&answer, head);
	buffer_add(&answer, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
	struct bits bits = { .out = &answer };
	put_bits(&bits, 1, 1);                /* the last block … */
	put_bits(&bits, 2, 2);                /* … with fixed codes (01, lowest bit first) */
	put_bits(&bits, 0x30, 8);             /* one zero … */
	for (int i = 0; i < 80000; i++)
		put_bits(&bits, 0xc5u << 5, 13);  /* … and 258 more, one back */
	put_bits(&bits, 0, 15);
	struct peer_bytes bytes = { answer.bytes, answer.length };
	struct peer *peer = peer_new(NULL, peer_sends, &bytes);
	struct heard heard = ask_peer(peer, &plain);
	assert_int_equal(heard.transport, TRANSPORT_TOO_LARGE);
	arena_free(heard.arena);
	peer_free(peer);
	buffer_clear(&answer);
}

static void test_refused_connection(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, peer_is_silent, NULL);
	struct arena *arena = arena_new();
	const char *url = arena_print(arena, "http://127.0.0.1:%d", peer_port(peer));
	peer_free(peer);
	struct heard heard = ask(url, &plain);
	assert_int_equal(heard.transport, TRANSPORT_NOT_SENT);
	const char *sentence = arena_print(arena, "%s refuses the connection. Is the server running?", url + strlen("http://"));
	assert_string_equal(heard.problem.text, sentence);
	arena_free(heard.arena);
	arena_free(arena);
}

static void test_unknown_name(void **state)
{
	(void)state;
	/* No name may be so long (RFC 1035, 2.3.4): no name server is asked, who may take longer than a connection may. */
	struct heard heard = ask("https://un-nom-de-plus-de-soixante-trois-octets-comme-nul-ne-peut-en-porter.invalid", &plain);
	assert_int_equal(heard.transport, TRANSPORT_NOT_SENT);
	assert_non_null(strstr(heard.problem.text, "porter.invalid cannot be found"));
	arena_free(heard.arena);
}

static void test_no_tls_there(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, peer_says, "HTTP/1.1 400 Bad Request\r\n\r\n");
	struct arena *arena = arena_new();
	struct http_request request = plain;
	request.bearer = "hkt_secret";
	/* The peer waits for the end of a request head that never comes: shut it down soon. */
	struct http_address address = address_of(arena, arena_print(arena, "https://127.0.0.1:%d", peer_port(peer)));
	struct engine *engine = engine_new();
	struct heard heard = { 0 };
	engine_send(engine, &address, &request, hear, &heard);
	int64_t until = clock_monotonic_ms() + 300;
	while (clock_monotonic_ms() < until) {
		engine_wait(engine, NULL, 0, 20);
		engine_turn(engine);
	}
	peer_free(peer);
	run_until(engine, &heard.ended);
	assert_int_equal(heard.transport, TRANSPORT_NOT_SENT);
	assert_non_null(strstr(heard.problem.text, "TLS"));
	engine_free(engine);
	arena_free(heard.arena);
	arena_free(arena);
}

/* ---- many, and none of them waited for ---- */

static void test_cancel_at_once(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, peer_is_silent, NULL);
	struct arena *arena = arena_new();
	struct http_address address = address_of(arena, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)));
	struct engine *engine = engine_new();
	struct heard heard = { 0 };
	unsigned numbers[40];
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		numbers[i] = engine_send(engine, &address, &plain, hear, &heard);
	int64_t until = clock_monotonic_ms() + 200;
	while (clock_monotonic_ms() < until) {
		engine_wait(engine, NULL, 0, 20);
		engine_turn(engine);
	}
	assert_int_equal(engine_busy(engine), 40);
	assert_in_range(peer_connections(peer), 1, ENGINE_HOST_CONNECTIONS);

	int64_t before = clock_monotonic_ms();
	for (size_t i = 0; i < 20; i++)
		engine_cancel(engine, numbers[i]);
	engine_cancel(engine, 0);
	engine_cancel(engine, numbers[0]);
	assert_int_equal(engine_busy(engine), 20);
	engine_free(engine);
	assert_in_range(clock_monotonic_ms() - before, 0, 200);
	assert_int_equal(heard.times, 0);
	arena_free(arena);
	peer_free(peer);
}

/* Answers, and keeps the connection for whatever comes next. */
static void stays(struct peer *peer, int connection)
{
	static const char answer[] = JSON_HEAD "Content-Length: 2\r\n\r\n{}";
	char request[4096];
	do {
		if (send(connection, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0)
			break;
	} while (!peer_is_ending(peer) && read(connection, request, sizeof request) > 0);
}

static void ask_again(struct engine *engine, const struct http_address *address)
{
	struct heard heard = { 0 };
	engine_send(engine, address, &plain, hear, &heard);
	run_until(engine, &heard.ended);
	assert_int_equal(heard.transport, TRANSPORT_ANSWERED);
	arena_free(heard.arena);
}

/* C25: a connection that was open when the computer fell asleep is dead without a word: nothing is asked over it and waited for. */
static void test_after_a_sleep(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, stays, NULL);
	struct arena *arena = arena_new();
	struct http_address address = address_of(arena, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)));
	struct engine *engine = engine_new();
	ask_again(engine, &address);
	usleep(2100 * 1000);   /* curl counts whole seconds */
	ask_again(engine, &address);
	assert_int_equal(peer_connections(peer), 1);
	engine_distrust(engine);
	ask_again(engine, &address);
	assert_int_equal(peer_connections(peer), 2);
	ask_again(engine, &address);
	assert_int_equal(peer_connections(peer), 2);   /* that one may be used again */
	engine_free(engine);
	arena_free(arena);
	peer_free(peer);
}

static void test_many_at_once(void **state)
{
	(void)state;
	struct peer *peer = peer_new(NULL, peer_says, JSON_HEAD "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
	struct arena *arena = arena_new();
	struct http_address address = address_of(arena, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)));
	struct engine *engine = engine_new();
	struct heard heard[50] = { 0 };
	for (size_t i = 0; i < COUNT_OF(heard); i++)
		engine_send(engine, &address, &plain, hear, &heard[i]);
	for (size_t i = 0; i < COUNT_OF(heard); i++) {
		run_until(engine, &heard[i].ended);
		assert_int_equal(heard[i].transport, TRANSPORT_ANSWERED);
		assert_int_equal(heard[i].times, 1);
		arena_free(heard[i].arena);
	}
	engine_free(engine);
	arena_free(arena);
	peer_free(peer);
}

/* From within the answer of one: send another, cancel a third. */
struct chain {
	struct engine *engine;
	const struct http_address *address;
	unsigned third;
	struct heard second;
	bool ended;
};

static void go_on(void *context, const struct http_response *response)
{
	struct chain *chain = context;
	chain->ended = response->transport == TRANSPORT_ANSWERED;
	engine_cancel(chain->engine, chain->third);
	engine_send(chain->engine, chain->address, &plain, hear, &chain->second);
}

static void test_send_and_cancel_from_an_answer(void **state)
{
	(void)state;
	struct peer *silent = peer_new(NULL, peer_is_silent, NULL);
	struct peer *peer = peer_new(NULL, peer_says, JSON_HEAD "Content-Length: 2\r\n\r\n{}");
	struct arena *arena = arena_new();
	struct http_address address = address_of(arena, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)));
	struct http_address nobody = address_of(arena, arena_print(arena, "http://127.0.0.1:%d", peer_port(silent)));
	struct engine *engine = engine_new();
	struct chain chain = { .engine = engine, .address = &address };
	struct heard third = { 0 };
	chain.third = engine_send(engine, &nobody, &plain, hear, &third);
	engine_send(engine, &address, &plain, go_on, &chain);
	run_until(engine, &chain.second.ended);
	assert_true(chain.ended);
	assert_int_equal(chain.second.transport, TRANSPORT_ANSWERED);
	assert_int_equal(third.times, 0);
	assert_int_equal(engine_busy(engine), 0);
	arena_free(chain.second.arena);
	engine_free(engine);
	arena_free(arena);
	peer_free(peer);
	peer_free(silent);
}

/* ---- the wait ---- */

/* With curl asleep and awake: the wait must mean the same. */
static struct engine *engine_for(bool awake, struct peer *silent, struct arena *arena)
{
	struct engine *engine = engine_new();
	if (awake) {
		struct http_address address = address_of(arena, arena_print(arena, "http://127.0.0.1:%d", peer_port(silent)));
		engine_send(engine, &address, &plain, hear, NULL);
		for (int i = 0; i < 5; i++) {
			engine_turn(engine);
			engine_wait(engine, NULL, 0, 20);
		}
	}
	return engine;
}

static int64_t wait_ms(struct engine *engine, struct engine_fd *fds, size_t count, int timeout_ms)
{
	int64_t before = clock_monotonic_ms();
	/* Timers of curl's own may end it early; the caller waits again. */
	for (;;) {
		int64_t left = timeout_ms - (clock_monotonic_ms() - before);
		if (left <= 0)
			break;
		engine_wait(engine, fds, count, (int)left);
		bool any = false;
		for (size_t i = 0; i < count; i++)
			any = any || fds[i].readable;
		if (any)
			break;
		engine_turn(engine);
	}
	return clock_monotonic_ms() - before;
}

static void test_wait_for_files(void **state)
{
	(void)state;
	struct peer *silent = peer_new(NULL, peer_is_silent, NULL);
	struct arena *arena = arena_new();
	for (int awake = 0; awake < 2; awake++) {
		struct engine *engine = engine_for(awake, silent, arena);
		int with_data[2], quiet[2], hung_up[2], gone[2];
		assert_int_equal(pipe(with_data) | pipe(quiet) | pipe(hung_up) | pipe(gone), 0);
		struct engine_fd fds[] = { { .fd = quiet[0] }, { .fd = with_data[0] }, { .fd = hung_up[0] }, { .fd = gone[0] } };

		assert_in_range(wait_ms(engine, fds, 1, 60), 55, 1000);
		assert_false(fds[0].readable);

		assert_int_equal(write(with_data[1], "x", 1), 1);
		close(hung_up[1]);
		close(gone[0]);
		wait_ms(engine, fds, COUNT_OF(fds), 5000);
		assert_false(fds[0].readable);
		assert_true(fds[1].readable);
		assert_true(fds[2].readable);   /* a hang-up: read() then gives the end of the file */
		assert_true(fds[3].readable);   /* no file at all: read() then says so, instead of a loop that never sleeps */

		engine_free(engine);
		close(with_data[0]), close(with_data[1]), close(quiet[0]), close(quiet[1]), close(hung_up[0]), close(gone[1]);
	}
	arena_free(arena);
	peer_free(silent);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void test_signal_ends_the_wait(void **state)
{
	(void)state;
	struct peer *silent = peer_new(NULL, peer_is_silent, NULL);
	struct arena *arena = arena_new();
	struct sigaction action = { .sa_handler = on_alarm }, before;
	sigaction(SIGALRM, &action, &before);
	for (int awake = 0; awake < 2; awake++) {
		struct engine *engine = engine_for(awake, silent, arena);
		int64_t from = clock_monotonic_ms();
		setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { .tv_usec = 50000 } }, NULL);
		engine_wait(engine, NULL, 0, -1);
		assert_in_range(clock_monotonic_ms() - from, 0, 3000);
		engine_free(engine);
	}
	sigaction(SIGALRM, &before, NULL);
	arena_free(arena);
	peer_free(silent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_answer),
		cmocka_unit_test(test_absent_headers),
		cmocka_unit_test(test_strange_etag),
		cmocka_unit_test(test_bytes_one_by_one),
		cmocka_unit_test(test_trailers),
		cmocka_unit_test(test_page_of_html),
		cmocka_unit_test(test_request_as_sent),
		cmocka_unit_test(test_every_method),
		cmocka_unit_test(test_prefix_of_address),
		cmocka_unit_test(test_unix_socket),
		cmocka_unit_test(test_no_proxy_on_this_machine),
		cmocka_unit_test(test_redirect_is_an_answer),
		cmocka_unit_test(test_broken_answers),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_refused_connection),
		cmocka_unit_test(test_unknown_name),
		cmocka_unit_test(test_no_tls_there),
		cmocka_unit_test(test_cancel_at_once),
		cmocka_unit_test(test_after_a_sleep),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_send_and_cancel_from_an_answer),
		cmocka_unit_test(test_wait_for_files),
		cmocka_unit_test(test_signal_ends_the_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
