/* check_wire.c — see check_wire.h. */
#include "check_wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#define PATIENCE_MS 20000L
#define ENDLESS_MS 5000L        /* the first block of a stream comes at once */
#define RAW_PATIENCE_MS 10000

struct wire {
	CURL *easy;
	const char *base;             /* scheme, host, port and the way before /v1; no "/" at its end */
	const char *way;              /* of base: what stands before each target */
	const char *host;
	const char *socket;           /* NULL: TCP */
	bool secure;
	struct arena *arena;
};

/* ---- where ---------------------------------------------------------------------------------------------------------------- */

static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0');
}

static char *part(struct wire *wire, CURLU *url, CURLUPart which)
{
	char *text = NULL;
	if (curl_url_get(url, which, &text, 0) != CURLUE_OK)
		return NULL;
	char *copy = arena_copy_text(wire->arena, text);
	curl_free(text);
	return copy;
}

static bool take_parts(struct wire *wire, CURLU *url, struct problem *why)
{
	const char *scheme = part(wire, url, CURLUPART_SCHEME), *host = part(wire, url, CURLUPART_HOST);
	const char *port = part(wire, url, CURLUPART_PORT);
	char *way = part(wire, url, CURLUPART_PATH);
	if (part(wire, url, CURLUPART_USER) || part(wire, url, CURLUPART_PASSWORD))
		return problem_set(why, PROBLEM_INVALID, "URL", "A name or password does not belong into an address: see --login.");
	if (part(wire, url, CURLUPART_QUERY) || part(wire, url, CURLUPART_FRAGMENT))
		return problem_set(why, PROBLEM_INVALID, "URL", "An address ends with its path: “?” and “#” do not belong there.");
	wire->secure = scheme && strcmp(scheme, "https") == 0;
	if (!host || !way || (!wire->secure && !(scheme && strcmp(scheme, "http") == 0 && is_loopback(host))))
		return problem_set(why, PROBLEM_INVALID, "URL",
		                   "An address begins with https://, or with unix: or http:// on this machine (localhost, 127.0.0.1).");
	for (size_t length = strlen(way); length > 0 && way[length - 1] == '/'; length--)
		way[length - 1] = '\0';
	wire->way = way;
	wire->host = arena_print(wire->arena, "%s%s%s", host, port ? ":" : "", port ? port : "");
	wire->base = arena_print(wire->arena, "%s://%s%s", scheme, wire->host, way);
	return true;
}

static bool find_out(struct wire *wire, const char *url, struct problem *why)
{
	if (strncmp(url, "unix:", 5) == 0) {
		wire->socket = arena_copy_text(wire->arena, url + 5);
		wire->host = "localhost";
		wire->base = "http://localhost";
		wire->way = "";
		return *wire->socket == '/' || problem_set(why, PROBLEM_INVALID, "URL", "After unix: comes the whole path of a socket.");
	}
	CURLU *parsed = curl_url();
	if (!parsed)
		die("curl_url: no memory");
	bool good = curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK ||
	            problem_set(why, PROBLEM_INVALID, "URL", "That is not an address: https://booking.example.org is one.");
	good = good && take_parts(wire, parsed, why);
	curl_url_cleanup(parsed);
	return good;
}

struct wire *wire_new(const char *url, struct problem *why)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("curl_global_init failed");
	struct wire *wire = memory_get(sizeof *wire);
	wire->arena = arena_new();
	wire->easy = curl_easy_init();
	if (!wire->easy)
		die("curl_easy_init: no memory");
	if (find_out(wire, url, why))
		return wire;
	wire_free(wire);
	return NULL;
}

void wire_free(struct wire *wire)
{
	if (!wire)
		return;
	curl_easy_cleanup(wire->easy);
	arena_free(wire->arena);
	free(wire);
	curl_global_cleanup();
}

const char *wire_host(const struct wire *wire)
{
	return wire->host;
}

/* ---- an exchange ------------------------------------------------------------------------------------------------------------ */

struct hearing {
	struct buffer head, body;
	bool endless, enough;
};

static size_t hear_head(char *bytes, size_t size, size_t count, void *context)
{
	struct hearing *hearing = context;
	size_t length = size * count;
	if (length > 5 && memcmp(bytes, "HTTP/", 5) == 0) {   /* of the last answer alone: a proxy's, 100 Continue come before */
		buffer_reset(&hearing->head);
		return length;
	}
	return buffer_add(&hearing->head, bytes, length) ? length : CURL_WRITEFUNC_ERROR;
}

static size_t hear_body(char *bytes, size_t size, size_t count, void *context)
{
	struct hearing *hearing = context;
	if (!buffer_add(&hearing->body, bytes, size * count))
		return CURL_WRITEFUNC_ERROR;
	hearing->enough = hearing->endless && strstr(hearing->body.bytes, "\n\n");
	return hearing->enough ? CURL_WRITEFUNC_ERROR : size * count;
}

static struct curl_slist *with(struct curl_slist *list, struct arena *arena, const char *name, const char *value)
{
	if (!value)
		return list;
	struct curl_slist *longer = curl_slist_append(list, arena_print(arena, *value ? "%s: %s" : "%s:%s", name, value));
	if (!longer)
		die("curl_slist_append: no memory");
	return longer;
}

static struct curl_slist *headers_of(const struct ask *ask, struct arena *arena)
{
	struct curl_slist *list = with(NULL, arena, "Accept", ask->accept);
	list = with(list, arena, "Idempotency-Key", ask->key);
	list = with(list, arena, "If-Match", ask->if_match);
	list = with(list, arena, "If-None-Match", ask->if_none_match);
	list = with(list, arena, "Content-Type", ask->body ? (ask->type ? ask->type : "application/json") : "");
	return with(list, arena, "Expect", "");
}

static void set_way(struct wire *wire, const char *target, struct arena *arena)
{
	CURL *easy = wire->easy;
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, arena_print(arena, "%s%s", wire->base, target));
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, wire->secure ? "https" : "http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, PATIENCE_MS);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "hacktivd-check/" HACKTIV_VERSION);
	if (wire->socket)
		curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, wire->socket);
	if (!wire->secure)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");   /* this machine: no proxy may see what goes in the clear */
}

static void set_question(CURL *easy, const struct ask *ask)
{
	const char *method = ask->method ? ask->method : "GET";
	bool posts = ask->body || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
	if (posts) {
		const char *body = ask->body ? ask->body : "";
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
	}
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	else if (strcmp(method, posts ? "POST" : "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	if (ask->token) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, ask->token);
	}
}

static void keep(struct hearing *hearing, struct arena *arena, struct reply *reply)
{
	reply->head = arena_copy_bytes(arena, hearing->head.bytes, hearing->head.length);
	reply->body = arena_copy_bytes(arena, hearing->body.bytes, hearing->body.length);
	reply->length = hearing->body.length;
}

bool wire_ask(struct wire *wire, const struct ask *ask, struct arena *arena, struct reply *reply, struct problem *why)
{
	struct hearing hearing = { .endless = ask->endless };
	buffer_init(&hearing.head, CHECK_HEAD_MAX);
	buffer_init(&hearing.body, CHECK_BODY_MAX);
	set_way(wire, ask->target, arena);
	set_question(wire->easy, ask);
	struct curl_slist *headers = headers_of(ask, arena);
	curl_easy_setopt(wire->easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(wire->easy, CURLOPT_TIMEOUT_MS, ask->endless ? ENDLESS_MS : PATIENCE_MS);
	curl_easy_setopt(wire->easy, CURLOPT_HEADERFUNCTION, hear_head);
	curl_easy_setopt(wire->easy, CURLOPT_HEADERDATA, &hearing);
	curl_easy_setopt(wire->easy, CURLOPT_WRITEFUNCTION, hear_body);
	curl_easy_setopt(wire->easy, CURLOPT_WRITEDATA, &hearing);
	CURLcode result = curl_easy_perform(wire->easy);
	long status = 0;
	curl_easy_getinfo(wire->easy, CURLINFO_RESPONSE_CODE, &status);
	reply->status = (int)status;
	keep(&hearing, arena, reply);
	bool answered = status > 0 && (result == CURLE_OK || hearing.enough || (ask->endless && result == CURLE_OPERATION_TIMEDOUT));
	if (!answered)
		problem_set(why, PROBLEM_IO, NULL, "no whole answer to %s %s: %s", ask->method ? ask->method : "GET",
		            ask->target, curl_easy_strerror(result));
	curl_slist_free_all(headers);
	buffer_clear(&hearing.head);
	buffer_clear(&hearing.body);
	return answered;
}

/* ---- bytes as they are --------------------------------------------------------------------------------------------------------- */

static bool wait_for(CURL *easy, short events)
{
	curl_socket_t socket = CURL_SOCKET_BAD;
	curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
	struct pollfd ready = { .fd = socket, .events = events };
	int count;
	do
		count = socket == CURL_SOCKET_BAD ? 0 : poll(&ready, 1, RAW_PATIENCE_MS);
	while (count < 0 && errno == EINTR);
	return count > 0;
}

/* What cannot be sent any more is not sent: a server may answer, and close, before it read all. */
static void send_all(CURL *easy, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t sent = 0;
		CURLcode result = curl_easy_send(easy, bytes, length, &sent);
		if (result == CURLE_AGAIN && wait_for(easy, POLLOUT))
			continue;
		if (result != CURLE_OK)
			return;
		bytes += sent;
		length -= sent;
	}
}

static void receive_all(CURL *easy, struct buffer *heard)
{
	for (;;) {
		char bytes[16384];
		size_t got = 0;
		CURLcode result = curl_easy_recv(easy, bytes, sizeof bytes, &got);
		if (result == CURLE_AGAIN && wait_for(easy, POLLIN))
			continue;
		if (result != CURLE_OK || got == 0 || !buffer_add(heard, bytes, got))
			return;
	}
}

static bool read_raw(const char *bytes, size_t length, struct arena *arena, struct reply *reply)
{
	const char *end = strstr(bytes, "\r\n\r\n"), *line = strstr(bytes, "\r\n");
	if (!end || strncmp(bytes, "HTTP/1.", 7) != 0 || length < 12)
		return false;
	reply->status = (int)strtol(bytes + 9, NULL, 10);
	reply->head = arena_copy_bytes(arena, line + 2, (size_t)(end + 2 - (line + 2)));
	reply->length = length - (size_t)(end + 4 - bytes);
	reply->body = arena_copy_bytes(arena, end + 4, reply->length);
	return true;
}

bool wire_say(struct wire *wire, const char *bytes, size_t length, struct arena *arena, struct reply *reply, struct problem *why)
{
	set_way(wire, "/", arena);
	curl_easy_setopt(wire->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(wire->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(wire->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	CURLcode result = curl_easy_perform(wire->easy);
	if (result != CURLE_OK)
		return problem_set(why, PROBLEM_IO, NULL, "no connection: %s", curl_easy_strerror(result));
	struct buffer heard;
	buffer_init(&heard, CHECK_BODY_MAX);
	send_all(wire->easy, bytes, length);
	receive_all(wire->easy, &heard);
	bool whole = read_raw(heard.bytes, heard.length, arena, reply) ||
	             problem_set(why, PROBLEM_IO, NULL, heard.length ? "what came is no answer of HTTP/1.1" : "the connection was closed without an answer");
	buffer_clear(&heard);
	/* Such a connection cannot be used for anything else. */
	curl_easy_cleanup(wire->easy);
	wire->easy = curl_easy_init();
	if (!wire->easy)
		die("curl_easy_init: no memory");
	return whole;
}

/* ---- headers ---------------------------------------------------------------------------------------------------------------------- */

const char *reply_header(const struct reply *reply, const char *name, struct arena *arena, int *count)
{
	const char *found = NULL;
	size_t length = strlen(name);
	int seen = 0;
	for (const char *line = reply->head; line && *line; ) {
		size_t whole = strcspn(line, "\r\n");
		if (whole > length && line[length] == ':' && strncasecmp(line, name, length) == 0) {
			size_t from = length + 1 + strspn(line + length + 1, " \t");
			found = arena_copy_bytes(arena, line + from, from < whole ? whole - from : 0);
			seen++;
		}
		line += whole + strspn(line + whole, "\r\n");
	}
	if (count)
		*count = seen;
	return found;
}
