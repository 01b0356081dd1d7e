/* check_read.c — what anybody may ask: spaces and their day, activities, organisations, and how answers are cached and paged. */
#include "check_inside.h"

#include <string.h>

static bool same(const cJSON *one, const cJSON *other)
{
	return one && other && cJSON_Compare(one, other, true);
}

static const char *of_space(struct visit *visit, const char *rest)
{
	return print(visit, "/v1/spaces/%s%s", visit->space, rest);
}

/* ---- the server ------------------------------------------------------------------------------------------------------------- */

static void tells_what_it_is(struct visit *visit)
{
	const cJSON *meta = get_json(visit, "/v1/meta", NULL);
	if (!meta)
		return;
	int digits = (int)strspn(text_in(meta, "api"), "0123456789.");
	expect(visit, strncmp(text_in(meta, "api"), "1.", 2) == 0 && (size_t)digits == strlen(text_in(meta, "api")),
	       "`api`, a version that begins with 1.");
	expect(visit, cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(meta, "features")), "`features`, a list");
	expect(visit, number_in(meta, "idempotency_ttl_s") >= 3600, "`idempotency_ttl_s`, an hour at least");
}

static void is_alive(struct visit *visit)
{
	struct reply reply;
	if (get(visit, "/livez", NULL, 200, &reply))
		expect(visit, strncmp(reply.body, "ok", 2) == 0, "the word ok");
}

static void is_ready(struct visit *visit)
{
	const cJSON *ready = get_json(visit, "/readyz", NULL);
	expect(visit, strcmp(text_in(ready, "status"), "pass") == 0, "the status pass");
}

/* ---- spaces ------------------------------------------------------------------------------------------------------------------ */

static void expect_space(struct visit *visit, const cJSON *space)
{
	const cJSON *day = cJSON_GetObjectItemCaseSensitive(space, "day");
	expect(visit, uuid_is_valid(text_in(space, "id")), "an id that is a UUID");
	expect(visit, *text_in(space, "slug") && *text_in(space, "name") && *text_in(space, "time_zone"), "slug, name and time_zone");
	expect(visit, cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(space, "opening")), "its opening");
	struct local_date date;
	expect(visit, date_from_iso(text_in(day, "date"), &date, NULL), "a day with its date");
	expect(visit, number_in(day, "free_morning") <= number_in(day, "desks"), "no more free desks than there are");
}

static void spaces_are_a_page(struct visit *visit)
{
	const cJSON *items = items_in(visit, get_json(visit, "/v1/spaces", NULL));
	const cJSON *space;
	cJSON_ArrayForEach(space, items)
		expect_space(visit, space);
	if (!visit->fault)
		expect(visit, cJSON_GetArraySize(items) > 0, "one space at least: there is nothing to check without");
}

static void found_by_slug_and_id(struct visit *visit)
{
	const cJSON *space = get_json(visit, of_space(visit, ""), NULL);
	const cJSON *again = space ? get_json(visit, print(visit, "/v1/spaces/%s", text_in(space, "id")), NULL) : NULL;
	expect(visit, same(space, again), "the same space by its id as by its slug");
}

static void tells_the_day_asked(struct visit *visit)
{
	const cJSON *space = get_json(visit, of_space(visit, print(visit, "?date=%s", visit->today)), NULL);
	expect(visit, strcmp(text_in(cJSON_GetObjectItemCaseSensitive(space, "day"), "date"), visit->today) == 0, "the day that was asked for");
}

static void availability_lists_all(struct visit *visit)
{
	const cJSON *resources = items_in(visit, get_json(visit, of_space(visit, "/resources"), NULL));
	const cJSON *rows = items_in(visit, get_json(visit, of_space(visit, "/availability"), NULL));
	if (!resources || !rows)
		return;
	expect(visit, cJSON_GetArraySize(rows) == cJSON_GetArraySize(resources), "as many rows as resources");
	for (int i = 0; !visit->fault && i < cJSON_GetArraySize(rows); i++)
		expect(visit, same(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(rows, i), "resource"), cJSON_GetArrayItem(resources, i)),
		       "the resources in their order");
}

static void availability_names_nobody(struct visit *visit)
{
	const cJSON *rows = items_in(visit, get_json(visit, of_space(visit, "/availability"), NULL)), *row, *busy, *member;
	cJSON_ArrayForEach(row, rows) {
		cJSON_ArrayForEach(busy, cJSON_GetObjectItemCaseSensitive(row, "busy")) {
			expect(visit, strcmp(text_in(busy, "who"), "taken") == 0, "without a token nothing but taken");
			expect(visit, strcmp(text_in(busy, "start"), text_in(busy, "end")) < 0, "a start before the end");
			cJSON_ArrayForEach(member, busy)
				expect(visit, strcmp(member->string, "start") == 0 || strcmp(member->string, "end") == 0 ||
				              strcmp(member->string, "who") == 0, "start, end and who alone, and nobody's name or booking");
		}
	}
}

static const cJSON *item_of(const cJSON *items, int index)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, items) {
		if (number_in(item, "index") == index)
			return item;
	}
	return NULL;
}

/* What is not told is free. */
static bool is_day_of(const cJSON *item, const cJSON *row)
{
	static const char *const halves[] = { "morning", "afternoon" };
	const cJSON *busy = cJSON_GetObjectItemCaseSensitive(item, "busy"), *listed = cJSON_GetObjectItemCaseSensitive(row, "busy");
	bool same_day = busy ? same(busy, listed) : cJSON_GetArraySize(listed) == 0;
	for (size_t i = 0; i < COUNT_OF(halves); i++) {
		const char *told = text_in(item, halves[i]);
		same_day = same_day && strcmp(*told ? told : "free", text_in(row, halves[i])) == 0;
	}
	return same_day;
}

static void day_alone_is_availability(struct visit *visit)
{
	const cJSON *whole = get_json(visit, of_space(visit, print(visit, "/availability?date=%s", visit->today)), NULL);
	const cJSON *alone = get_json(visit, of_space(visit, print(visit, "/day?date=%s", visit->today)), NULL);
	const cJSON *rows = items_in(visit, whole), *items = items_in(visit, alone);
	if (!rows || !items)
		return;
	const cJSON *space = cJSON_GetObjectItemCaseSensitive(whole, "space");
	expect(visit, cJSON_GetArraySize(items) <= cJSON_GetArraySize(rows), "no more rows than in its availability");
	expect(visit, same(cJSON_GetObjectItemCaseSensitive(alone, "day"), cJSON_GetObjectItemCaseSensitive(space, "day")) &&
	              number_in(alone, "version") == number_in(space, "version"), "the day and the version of the space");
	for (int i = 0; !visit->fault && i < cJSON_GetArraySize(rows); i++)
		expect(visit, is_day_of(item_of(items, i), cJSON_GetArrayItem(rows, i)), "what its availability says of each");
}

/* ---- conditional requests ------------------------------------------------------------------------------------------------------ */

static const char *tag_of(struct visit *visit, const char *target, const char *token)
{
	struct reply reply;
	if (!get(visit, target, token, 200, &reply) || !expect_header(visit, &reply, "ETag", "\""))
		return "";
	return reply_header(&reply, "ETag", visit->arena, NULL);
}

/* Bytes, not curl: it would read no body after a 304, and so never see one. */
static void not_modified(struct visit *visit)
{
	const char *target = of_space(visit, "/resources"), *tag = tag_of(visit, target, NULL);
	struct problem why = { 0 };
	struct reply reply;
	if (visit->fault)
		return;
	const char *question = print(visit, "GET %s HTTP/1.1\r\nHost: %s\r\nIf-None-Match: %s\r\nConnection: close\r\n\r\n", target,
	                             wire_host(visit->wire), tag);
	if (!wire_say(visit->wire, question, strlen(question), visit->arena, &reply, &why)) {
		fault(visit, "%s", why.text);
		return;
	}
	expect(visit, reply.status == 304, print(visit, "304 for who has it, got %d", reply.status));
	expect_empty(visit, &reply);
	expect_header(visit, &reply, "ETag", tag);
}

static void modified(struct visit *visit)
{
	struct reply reply;
	const struct ask ask = { .target = of_space(visit, ""), .if_none_match = "\"no-such-version\"" };
	if (ask_for(visit, &ask, 200, &reply))
		read_json(visit, &reply);
}

static void head_is_get(struct visit *visit)
{
	struct reply got, head;
	const char *target = of_space(visit, "/resources");
	if (!get(visit, target, NULL, 200, &got) || !ask_for(visit, &(struct ask){ .method = "HEAD", .target = target }, 200, &head))
		return;
	expect_empty(visit, &head);
	for (size_t i = 0; i < 3; i++) {
		const char *name = (const char *[]){ "ETag", "Content-Type", "Cache-Control" }[i];
		const char *value = reply_header(&got, name, visit->arena, NULL);
		if (expect_header(visit, &got, name, ""))
			expect_header(visit, &head, name, value);
	}
}

static void options_tell_methods(struct visit *visit)
{
	struct reply reply;
	if (!ask_for(visit, &(struct ask){ .method = "OPTIONS", .target = "/v1/spaces" }, 204, &reply))
		return;
	expect_empty(visit, &reply);
	expect_header(visit, &reply, "Allow", "GET");
}

/* ---- lists ------------------------------------------------------------------------------------------------------------------- */

static void same_by_pages(struct visit *visit, const char *target, const char *small, const char *large)
{
	const cJSON *slow = get_pages(visit, print(visit, "%s%s", target, small), visit->token);
	const cJSON *fast = slow ? get_pages(visit, print(visit, "%s%s", target, large), visit->token) : NULL;
	if (slow && fast)
		expect(visit, same(slow, fast), print(visit, "the same %d items by small pages as by large, got %d", cJSON_GetArraySize(fast),
		                                      cJSON_GetArraySize(slow)));
}

static void activities_by_pages(struct visit *visit)
{
	same_by_pages(visit, "/v1/activities", "?limit=3", "?limit=200");
}

static void organisations_by_pages(struct visit *visit)
{
	same_by_pages(visit, "/v1/organisations", "?limit=5", "?limit=200");
}

static void activities_are_never_overfull(struct visit *visit)
{
	const cJSON *items = get_pages(visit, "/v1/activities?limit=200", NULL), *activity;
	cJSON_ArrayForEach(activity, items) {
		double capacity = number_in(activity, "capacity"), taken = number_in(activity, "taken");
		expect(visit, capacity >= 1 && taken >= 0 && taken <= capacity, "no more places taken than there are");
		expect(visit, *text_in(activity, "start") && *text_in(activity, "end"), "a start and an end");
		expect(visit, strcmp(text_in(activity, "link"), "") == 0, "no link to go online for who has no place");
	}
}

static void directory_is_searched(struct visit *visit)
{
	refused(visit, &(struct ask){ .target = "/v1/members", .token = visit->token }, 400, NULL);
	refused(visit, &(struct ask){ .target = "/v1/members?q=e", .token = visit->token }, 400, NULL);
}

static void tells_where_to_log_in(struct visit *visit)
{
	const cJSON *told = get_json(visit, "/.well-known/oauth-authorization-server", NULL);
	expect(visit, *text_in(told, "issuer") && *text_in(told, "token_endpoint"), "issuer and token_endpoint");
	expect(visit, *text_in(told, "device_authorization_endpoint"), "device_authorization_endpoint");
}

#define PAGE "openapi.yaml"

const struct check checks_for_all[] = {
	{ "tells what it is", PAGE " /v1/meta", tells_what_it_is, NULL },
	{ "is alive", PAGE " /livez", is_alive, NULL },
	{ "is ready", PAGE " /readyz", is_ready, NULL },
	{ "spaces are a page, each whole", PAGE " /v1/spaces", spaces_are_a_page, NULL },
	{ "a space is the same by slug and by id", PAGE " /v1/spaces/{s}", found_by_slug_and_id, NULL },
	{ "a space tells the day that was asked for", PAGE " /v1/spaces/{s}", tells_the_day_asked, NULL },
	{ "availability lists every resource in its order", PAGE " /v1/spaces/{s}/availability", availability_lists_all, NULL },
	{ "availability names nobody", PAGE " Privacy", availability_names_nobody, NULL },
	{ "a day alone is what its availability says", PAGE " /v1/spaces/{s}/day", day_alone_is_availability, NULL },
	{ "304 without a body for who has it", "RFC 9110 13.1.2, 15.4.5", not_modified, NULL },
	{ "the whole answer for who has another version", "RFC 9110 13.1.2", modified, NULL },
	{ "HEAD is GET without the body", "RFC 9110 9.3.2", head_is_get, NULL },
	{ "OPTIONS tells what may be done", "RFC 9110 9.3.7", options_tell_methods, NULL },
	{ "activities are the same by pages, none twice", PAGE " Conventions, RFC 8288", activities_by_pages, "activities" },
	{ "no activity is overfull, and none tells strangers its link", PAGE " Waiting lists", activities_are_never_overfull, "activities" },
	{ "organisations are the same by pages, none twice", PAGE " Conventions, RFC 8288", organisations_by_pages, "directory" },
	{ "the directory is searched, not read from end to end", PAGE " Privacy", directory_is_searched, "directory" },
	{ "tells where devices are let in", "RFC 8414 2, RFC 8628 4", tells_where_to_log_in, "oauth" },
	{ NULL, NULL, NULL, NULL },
};
