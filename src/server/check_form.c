/* check_form.c — what a server must refuse, and how: problems, parameters, methods, types, tokens, and HTTP that is none. */
#include "check_inside.h"

#include <stdlib.h>
#include <string.h>

static void refuse_get(struct visit *visit, const char *target, int status, const char *type)
{
	refused(visit, &(struct ask){ .target = target }, status, type);
}

static void unknown_path(struct visit *visit)
{
	refuse_get(visit, "/v1/no-such-thing", 404, "not-found");
}

static void unknown_space(struct visit *visit)
{
	refuse_get(visit, "/v1/spaces/no-such-space", 404, "not-found");
	refuse_get(visit, "/v1/spaces/0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e", 404, "not-found");
}

static void unknown_parameter(struct visit *visit)
{
	refuse_get(visit, "/v1/spaces?no_such_parameter=1", 400, "unknown-parameter");
}

static void repeated_parameter(struct visit *visit)
{
	refuse_get(visit, print(visit, "/v1/spaces?date=%s&date=%s", visit->today, visit->today), 400, "unknown-parameter");
}

static void wrong_date(struct visit *visit)
{
	refuse_get(visit, "/v1/spaces?date=2026-02-30", 400, NULL);
	refuse_get(visit, "/v1/spaces?date=tomorrow", 400, NULL);
}

static void wrong_limit(struct visit *visit)
{
	static const char *const limits[] = { "0", "201", "-1", "many", "1e1", "99999999999999999999" };
	for (size_t i = 0; i < COUNT_OF(limits); i++)
		refuse_get(visit, print(visit, "/v1/activities?limit=%s", limits[i]), 400, NULL);
}

static void wrong_cursor(struct visit *visit)
{
	refuse_get(visit, "/v1/activities?cursor=bm8gc3VjaCBwbGFjZQ", 400, NULL);
}

static void wrong_method(struct visit *visit)
{
	struct reply reply;
	if (ask_for(visit, &(struct ask){ .method = "DELETE", .target = "/v1/spaces" }, 405, &reply) &&
	    expect_header(visit, &reply, "Allow", "GET"))
		expect_problem(visit, &reply, "method-not-allowed");
}

static void wrong_accept(struct visit *visit)
{
	refused(visit, &(struct ask){ .target = "/v1/spaces", .accept = "image/png" }, 406, "not-acceptable");
}

static void no_token(struct visit *visit)
{
	struct reply reply;
	if (get(visit, "/v1/members/me", NULL, 401, &reply) && expect_header(visit, &reply, "WWW-Authenticate", "Bearer"))
		expect_problem(visit, &reply, "unauthenticated");
}

static void wrong_token(struct visit *visit)
{
	struct reply reply;
	if (get(visit, "/v1/members/me", "hkt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401, &reply) &&
	    expect_header(visit, &reply, "WWW-Authenticate", "invalid_token"))
		expect_problem(visit, &reply, "unauthenticated");
}

static void books_for_nobody(struct visit *visit)
{
	const struct ask ask = { .method = "POST", .target = print(visit, "/v1/spaces/%s/bookings", visit->space), .body = "{}",
		                 .key = "hacktivd-check-1" };
	refused(visit, &ask, 401, "unauthenticated");
}

static void refuse_body(struct visit *visit, const char *type, const char *body, int status, const char *problem)
{
	refused(visit, &(struct ask){ .method = "POST", .target = "/v1/sessions", .type = type, .body = body }, status, problem);
}

static void body_is_json(struct visit *visit)
{
	refuse_body(visit, NULL, "{\"login\":", 400, "malformed-json");
	refuse_body(visit, NULL, "{\"login\":\"a\",\"login\":\"b\",\"password\":\"c\"}", 400, "malformed-json");
	refuse_body(visit, NULL, "{\"login\":\"\xff\"}", 400, "malformed-json");
}

static void body_has_a_type(struct visit *visit)
{
	struct reply reply;
	const struct ask ask = { .method = "POST", .target = "/v1/sessions", .type = "text/plain", .body = "login" };
	if (ask_for(visit, &ask, 415, &reply) && expect_header(visit, &reply, "Accept-Post", "application/json"))
		expect_problem(visit, &reply, "unsupported-media-type");
}

static void unknown_member(struct visit *visit)
{
	refuse_body(visit, NULL, "{\"login\":\"a\",\"password\":\"b\",\"administrator\":true}", 422, "validation");
}

/* ---- HTTP that is none: bytes, and the status that they meet. What no body can follow is closed by the server. -------------- */

static void say(struct visit *visit, const char *bytes, int status, int or_status)
{
	struct problem why = { 0 };
	struct reply reply;
	if (visit->fault)
		return;
	if (!wire_say(visit->wire, bytes, strlen(bytes), visit->arena, &reply, &why))
		fault(visit, "expected %d, %s", status, why.text);
	else if (reply.status != status && reply.status != or_status)
		fault(visit, "expected %d, got %d", status, reply.status);
}

static void one_host(struct visit *visit)
{
	say(visit, "GET /v1/meta HTTP/1.1\r\nConnection: close\r\n\r\n", 400, 400);
	say(visit, "GET /v1/meta HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400, 400);
}

static void one_length(struct visit *visit)
{
	static const char start[] = "POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
	say(visit, print(visit, "%sContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", start), 400, 400);
	say(visit, print(visit, "%sContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", start), 400, 411);
	say(visit, print(visit, "%sContent-Length: +2\r\n\r\n{}", start), 400, 400);
}

static void no_blank_before_colon(struct visit *visit)
{
	say(visit, "GET /v1/meta HTTP/1.1\r\nHost : localhost\r\nConnection: close\r\n\r\n", 400, 400);
}

static void methods_it_knows(struct visit *visit)
{
	say(visit, print(visit, "BREW /v1/spaces HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", wire_host(visit->wire)), 501, 405);
}

static void versions_it_speaks(struct visit *visit)
{
	say(visit, "GET /v1/meta HTTP/3.0\r\nHost: localhost\r\nConnection: close\r\n\r\n", 505, 400);
}

static const char *many(struct visit *visit, size_t count)
{
	char *letters = arena_get(visit->arena, count + 1);
	memset(letters, 'x', count);
	return letters;
}

/* Said as bytes: a server may answer, and close, before it has read all, and what could not be sent any more is no fault of its. */
static void body_ends(struct visit *visit, const char *host)
{
	struct problem why = { 0 };
	struct reply reply;
	const char *body = print(visit, "{\"login\":\"%s\"}", many(visit, 70000));
	const char *bytes = print(visit, "POST /v1/sessions HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\n"
	                                 "Content-Length: %zu\r\n\r\n%s", host, strlen(body), body);
	if (visit->fault)
		return;
	if (!wire_say(visit->wire, bytes, strlen(bytes), visit->arena, &reply, &why))
		fault(visit, "expected 413, %s", why.text);
	else if (expect(visit, reply.status == 413, print(visit, "413, got %d", reply.status)))
		expect_problem(visit, &reply, "too-large");
}

/* The limits of the description; a proxy before it may be stricter, with other statuses for a head. */
static void sizes_end(struct visit *visit)
{
	const char *host = wire_host(visit->wire);
	say(visit, print(visit, "GET /v1/%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", many(visit, 9000), host), 414, 414);
	say(visit, print(visit, "GET /v1/meta HTTP/1.1\r\nHost: %s\r\nX-Long: %s\r\nConnection: close\r\n\r\n", host, many(visit, 40000)), 431, 400);
	body_ends(visit, host);
}

#define PAGE "openapi.yaml"

const struct check checks_of_form[] = {
	{ "an unknown path is a problem 404", "RFC 9457 3", unknown_path, NULL },
	{ "an unknown space is a problem 404", "RFC 9457 3", unknown_space, NULL },
	{ "an unknown parameter is refused", PAGE " Conventions", unknown_parameter, NULL },
	{ "a parameter that is repeated is refused", PAGE " Conventions", repeated_parameter, NULL },
	{ "a date that is none is refused", "RFC 3339 5.6", wrong_date, NULL },
	{ "a limit that is none is refused", PAGE " Limit", wrong_limit, "activities" },
	{ "a cursor that is none is refused", PAGE " Cursor", wrong_cursor, "activities" },
	{ "a wrong method is 405 with those that may be used", "RFC 9110 15.5.6", wrong_method, NULL },
	{ "an answer that cannot be made is 406", "RFC 9110 15.5.7", wrong_accept, NULL },
	{ "without a token 401 tells how to come in", "RFC 9110 11.6.1, RFC 6750 3", no_token, NULL },
	{ "a wrong token is called invalid", "RFC 6750 3.1", wrong_token, NULL },
	{ "nothing is booked for nobody", PAGE " /v1/spaces/{s}/bookings", books_for_nobody, "booking" },
	{ "a body that is no JSON is refused, and a name twice", "RFC 8259 2, 4", body_is_json, NULL },
	{ "a body of another type is 415 with the right one", "RFC 9110 15.5.16", body_has_a_type, NULL },
	{ "a member that is not known is refused", PAGE " Conventions", unknown_member, NULL },
	{ "no host, or two, is 400", "RFC 9112 3.2", one_host, NULL },
	{ "two lengths are 400", "RFC 9112 6.3", one_length, NULL },
	{ "a blank before a colon is 400", "RFC 9112 5.1", no_blank_before_colon, NULL },
	{ "a method that nobody knows is 501", "RFC 9110 9.1", methods_it_knows, NULL },
	{ "a version that nobody speaks is 505", "RFC 9110 15.6.6", versions_it_speaks, NULL },
	{ "too long is 414, 431, 413", PAGE " HEAD, RFC 6585 5", sizes_end, NULL },
	{ NULL, NULL, NULL, NULL },
};
