/* test_request.c — a request taken apart: path, parameters, numbers, entity tags, and the edges of each. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "request.h"
#include "route.h"

static const struct {
	const char *text;
	int64_t most;
	int64_t number;      /* -1: none */
} numbers[] = {
	{ "0", 10, 0 },
	{ "7", 10, 7 },
	{ "10", 10, 10 },
	{ "0000000000000000000000010", 10, 10 },
	{ "11", 10, -1 },
	{ "9223372036854775807", INT64_MAX, INT64_MAX },
	{ "9223372036854775808", INT64_MAX, -1 },
	{ "99999999999999999999999999", INT64_MAX, -1 },
	{ "", 10, -1 },
	{ " 1", 10, -1 },
	{ "1 ", 10, -1 },
	{ "+1", 10, -1 },
	{ "-1", 10, -1 },
	{ "1.0", 10, -1 },
	{ "0x1", 10, -1 },
	{ "1e1", 10, -1 },
	{ "\xd9\xa1", 10, -1 },      /* an Arabic digit */
};

static void numbers_are_digits_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		int64_t number = -1;
		bool read = number_read(numbers[i].text, numbers[i].most, &number);
		ROW_HOLDS(read == (numbers[i].number >= 0), "\"%s\"", numbers[i].text);
		ROW_HOLDS(!read || number == numbers[i].number, "\"%s\": %lld", numbers[i].text, (long long)number);
	}
}

static const struct {
	const char *target;
	const char *path;           /* segments, each with a bar behind it */
	const char *parameters;     /* name=value, each with a bar behind it; NULL: too many */
} targets[] = {
	{ "/", "|", "" },
	{ "/v1/spaces", "v1|spaces|", "" },
	{ "/v1/spaces/", "v1|spaces||", "" },
	{ "//", "||", "" },
	{ "/v1/%C3%A9t%c3%a9", "v1|\xc3\xa9t\xc3\xa9|", "" },
	{ "/v1/a%2Fb", "v1|a/b|", "" },
	{ "/v1/a+b", "v1|a+b|", "" },
	{ "/v1/a%2525", "v1|a%25|", "" },
	{ "/a/b/c/d/e/f/g/h/i/j", "a|b|c|d|e|f|g|h|i|", "" },
	{ "/v1?date=2026-11-24&limit=5", "v1|", "date=2026-11-24|limit=5|" },
	{ "/v1?a", "v1|", "a=|" },
	{ "/v1?=b", "v1|", "=b|" },
	{ "/v1?a=b=c", "v1|", "a=b=c|" },
	{ "/v1?&&a=1&", "v1|", "a=1|" },
	{ "/v1?a=1&a=2", "v1|", "a=1|a=2|" },
	{ "/v1?a%3d=b+c%2B%26", "v1|", "a==b c+&|" },
	{ "/v1?a/b=/", "v1|", "a/b=/|" },
	{ "/v1??", "v1|", "?=|" },
	{ "/?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16", "|",
	  "1=|2=|3=|4=|5=|6=|7=|8=|9=|10=|11=|12=|13=|14=|15=|16=|" },
	{ "/?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17", "", NULL },
};

static void targets_are_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct arena *arena = arena_new();
		struct request request = { .arena = arena, .target = targets[i].target };
		const char *segments[SEGMENTS_MAX], *path = "", *parameters = "";
		size_t count = 0;
		bool split = request_split(&request, segments, &count);
		ROW_HOLDS(split == (targets[i].parameters != NULL), "%s", targets[i].target);
		for (size_t j = 0; j < count; j++)
			path = arena_print(arena, "%s%s|", path, segments[j]);
		for (size_t j = 0; j < request.parameter_count; j++)
			parameters = arena_print(arena, "%s%s=%s|", parameters, request.parameters[j].name, request.parameters[j].value);
		ROW_HOLDS(!split || strcmp(path, targets[i].path) == 0, "%s: %s", targets[i].target, path);
		ROW_HOLDS(!split || strcmp(parameters, targets[i].parameters) == 0, "%s: %s", targets[i].target, parameters);
		arena_free(arena);
	}
}

/* GET target: which route answers, with which space and object; NULL: refused with that status. */
static const struct {
	enum verb verb;
	const char *target, *pattern, *space, *object;
	int status;
} asked[] = {
	{ VERB_GET, "/v1/spaces", "/v1/spaces", "", "", 0 },
	{ VERB_GET, "/v1/spaces/ferme", "/v1/spaces/{s}", "ferme", "", 0 },
	{ VERB_GET, "/v1/spaces/a%2Fb/resources", "/v1/spaces/{s}/resources", "a/b", "", 0 },
	{ VERB_GET, "/v1/spaces/ferme/bookings/7", "/v1/spaces/{s}/bookings/{id}", "ferme", "7", 0 },
	{ VERB_DELETE, "/v1/spaces/ferme/bookings/7", "/v1/spaces/{s}/bookings/{id}", "ferme", "7", 0 },
	{ VERB_GET, "/v1/members/me/bookings?from=2026-11-24&limit=5", "/v1/members/me/bookings", "", "", 0 },
	{ VERB_GET, "/v1/spaces/", NULL, "", "", 404 },
	{ VERB_GET, "/v1/spaces//resources", NULL, "", "", 404 },
	{ VERB_GET, "/v1", NULL, "", "", 404 },
	{ VERB_GET, "/", NULL, "", "", 404 },
	{ VERB_GET, "/v1/spacess", NULL, "", "", 404 },
	{ VERB_GET, "/V1/spaces", NULL, "", "", 404 },
	{ VERB_GET, "/v1/spaces/a/b/c/d/e/f/g/h/i", NULL, "", "", 404 },
	{ VERB_GET, "/v1/spaces/ferme/bookings:preview", NULL, "", "", 405 },
	{ VERB_PUT, "/v1/spaces", NULL, "", "", 405 },
	{ VERB_GET, "/v1/spaces?limit=5", NULL, "", "", 400 },
	{ VERB_GET, "/v1/spaces?date=2026-11-24&date=2026-11-25", NULL, "", "", 400 },
	{ VERB_GET, "/v1/spaces?dat=2026-11-24", NULL, "", "", 400 },
	{ VERB_GET, "/v1/spaces?date+=1", NULL, "", "", 400 },
	{ VERB_GET, "/v1/spaces?=", NULL, "", "", 400 },
	{ VERB_GET, "/v1/meta?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17", NULL, "", "", 400 },
};

static void every_target_finds_its_route_or_a_refusal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		struct arena *arena = arena_new();
		struct request request = { .arena = arena, .target = asked[i].target, .verb = asked[i].verb, .method = "X",
			                   .space = "", .object = "" };
		struct response response = { 0 };
		bool found = route_prepare(&request, &response);
		ROW_HOLDS(found == (asked[i].pattern != NULL), "%s: %d", asked[i].target, response.status);
		ROW_HOLDS(response.status == asked[i].status, "%s: %d", asked[i].target, response.status);
		if (found) {
			ROW_HOLDS(strcmp(request.route->pattern, asked[i].pattern) == 0, "%s: %s", asked[i].target, request.route->pattern);
			ROW_HOLDS(strcmp(request.space, asked[i].space) == 0, "%s: %s", asked[i].target, request.space);
			ROW_HOLDS(strcmp(request.object, asked[i].object) == 0, "%s: %s", asked[i].target, request.object);
			ROW_HOLDS(request.next.run == request.route->run && request.next.place == request.route->place, "%s", asked[i].target);
		}
		response_clear(&response);
		arena_free(arena);
	}
}

/* Accept (RFC 9110, 12.5.1): is the answer one that the asker takes? */
static const struct {
	const char *accept;
	bool takes;
} accepts[] = {
	{ "", true }, { "*/*", true }, { "application/*", true }, { "APPLICATION/JSON", true }, { "application/json", true },
	{ "text/html, application/json", true }, { "text/html;q=0.9,*/*;q=0.8", true }, { "application/json; q=0.001", true },
	{ "application/json;charset=utf-8", true }, { ",, */*", true },
	{ "text/html", false }, { "application/jsonp", false }, { "application/jso", false }, { "json", false }, { "*", false },
	{ "application/json;q=0", false }, { "application/json; q=0.000", false }, { "*/*;q=0", false }, { "text/*", false },
};

static void accept_is_heard(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(accepts); i++) {
		struct arena *arena = arena_new();
		const struct field field = { "accept", accepts[i].accept };
		struct request request = { .arena = arena, .target = "/v1/meta", .verb = VERB_GET, .method = "GET", .fields = &field,
			                   .field_count = 1 };
		struct response response = { 0 };
		bool takes = route_prepare(&request, &response);
		ROW_HOLDS(takes == accepts[i].takes, "\"%s\"", accepts[i].accept);
		ROW_HOLDS(response.status == (takes ? 0 : 406), "\"%s\": %d", accepts[i].accept, response.status);
		response_clear(&response);
		arena_free(arena);
	}
}

static const struct {
	const char *type, *body;
	int status;            /* 0: it goes on */
} bodies[] = {
	{ "application/json", "{}", 0 },
	{ "Application/JSON; charset=utf-8", " {\"a\":1} ", 0 },
	{ "application/json", "[]", 422 },
	{ "application/json", "null", 422 },
	{ "application/json", "\"x\"", 422 },
	{ "application/json", "", 400 },
	{ "application/json", "{", 400 },
	{ "application/json", "{}{}", 400 },
	{ "application/json", "{\"a\":1,\"a\":1}", 400 },
	{ "text/plain", "{}", 415 },
	{ "application/jsonx", "{}", 415 },
	{ "", "{}", 415 },
};

static void a_body_is_an_object_in_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		struct arena *arena = arena_new();
		const struct field field = { "Content-Type", bodies[i].type };
		struct request request = { .arena = arena, .target = "/v1/sessions", .verb = VERB_POST, .method = "POST",
			                   .fields = &field, .field_count = *bodies[i].type ? 1 : 0, .body = bodies[i].body,
			                   .body_length = strlen(bodies[i].body) };
		struct response response = { 0 };
		bool goes_on = route_prepare(&request, &response);
		ROW_HOLDS(goes_on == (bodies[i].status == 0) && response.status == bodies[i].status, "%s %s: %d", bodies[i].type,
		          bodies[i].body, response.status);
		cJSON_Delete(request.json);
		response_clear(&response);
		arena_free(arena);
	}
}

static const struct {
	const char *list, *etag;
	bool strong, weak;       /* does it fit when compared so */
} tags[] = {
	{ "\"1\"", "\"1\"", true, true },
	{ "\"1\"", "\"2\"", false, false },
	{ "*", "\"1\"", true, true },
	{ " \"7\" ,\"1\"", "\"1\"", true, true },
	{ "\"7\",*", "\"1\"", true, true },
	{ "W/\"1\"", "\"1\"", false, true },
	{ "W/\"1\"", "W/\"1\"", false, true },
	{ "\"1\"", "W/\"1\"", false, true },
	{ "w/\"1\"", "\"1\"", false, false },
	{ "\"7\", W/\"1\"", "W/\"1\"", false, true },
	{ "\"a,b\"", "\"a,b\"", true, true },
	{ "\"a,\"1\"", "\"1\"", false, false },
	{ "1", "\"1\"", false, false },
	{ "\"1", "\"1\"", false, false },
	{ "\"\"", "\"\"", true, true },
	{ "", "\"1\"", false, false },
	{ ",,,", "\"1\"", false, false },
	{ "\"11\"", "\"1\"", false, false },
};

static void entity_tags_fit_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		ROW_HOLDS(etag_fits(tags[i].list, tags[i].etag, false) == tags[i].strong, "strongly: %s in %s", tags[i].etag, tags[i].list);
		ROW_HOLDS(etag_fits(tags[i].list, tags[i].etag, true) == tags[i].weak, "weakly: %s in %s", tags[i].etag, tags[i].list);
	}
}

static const struct {
	const char *target;
	int limit;             /* 0: refused */
} limits[] = {
	{ "/", LIMIT_DEFAULT }, { "/?limit=1", 1 }, { "/?limit=200", LIMIT_MAX },
	{ "/?limit=0", 0 }, { "/?limit=201", 0 }, { "/?limit=-1", 0 }, { "/?limit=", 0 }, { "/?limit=5+", 0 }, { "/?limit=ten", 0 },
};

static void limits_have_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		struct arena *arena = arena_new();
		struct request request = { .arena = arena, .target = limits[i].target };
		struct response response = { 0 };
		const char *segments[SEGMENTS_MAX];
		size_t count;
		int limit = -1;
		assert_true(request_split(&request, segments, &count));
		bool good = request_limit(&request, &limit, &response);
		ROW_HOLDS(good == (limits[i].limit > 0) && response.status == (good ? 0 : 400), "%s: %d", limits[i].target, response.status);
		ROW_HOLDS(!good || limit == limits[i].limit, "%s: %d", limits[i].target, limit);
		response_clear(&response);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_alone),
		cmocka_unit_test(targets_are_split),
		cmocka_unit_test(every_target_finds_its_route_or_a_refusal),
		cmocka_unit_test(accept_is_heard),
		cmocka_unit_test(a_body_is_an_object_in_json),
		cmocka_unit_test(entity_tags_fit_as_they_should),
		cmocka_unit_test(limits_have_edges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
