/* check_expect.c — asking, and what can be expected of an answer. See check_inside.h. */
#include "check_inside.h"

#include <stdlib.h>
#include <string.h>

#define PAGES_MAX 200
#define SHOWN_MAX 120u          /* bytes of what came that a fault shows */

bool (fault)(struct visit *visit, const char *format, ...)
{
	if (visit->fault)
		return false;
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_print_list(visit->arena, format, arguments);
	va_end(arguments);
	/* It may quote the server: no byte of that reaches a terminal as it came. */
	visit->fault = text_clean(visit->arena, text, strlen(text), TEXT_ONE_LINE, TEXT_LINE_MAX);
	return false;
}

const char *print(struct visit *visit, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_print_list(visit->arena, format, arguments);
	va_end(arguments);
	return text;
}

bool expect(struct visit *visit, bool good, const char *what)
{
	return (good && !visit->fault) || fault(visit, "expected %s", what);
}

/* ---- asking ------------------------------------------------------------------------------------------------------------------ */

static const char *method_of(const struct ask *ask)
{
	return ask->method ? ask->method : "GET";
}

static const char *shown(struct visit *visit, const char *text)
{
	return text_clean(visit->arena, text, strlen(text), TEXT_ONE_LINE, SHOWN_MAX);
}

/* What holds for every answer: section "Conventions" of the description, RFC 9110 6.6.1. */
static bool expect_manners(struct visit *visit, const struct reply *reply)
{
	return expect_header(visit, reply, "Date", "GMT") && expect_header(visit, reply, "X-Content-Type-Options", "nosniff") &&
	       expect_header(visit, reply, "Cache-Control", "");
}

bool ask_for(struct visit *visit, const struct ask *ask, int status, struct reply *reply)
{
	struct problem why = { 0 };
	if (visit->fault)
		return false;
	if (!wire_ask(visit->wire, ask, visit->arena, reply, &why))
		return fault(visit, "%s", why.text);
	if (reply->status != status)
		return fault(visit, "%s %s: expected %d, got %d %s", method_of(ask), ask->target, status, reply->status,
		             shown(visit, reply->body));
	return expect_manners(visit, reply);
}

bool get(struct visit *visit, const char *target, const char *token, int status, struct reply *reply)
{
	return ask_for(visit, &(struct ask){ .target = target, .token = token }, status, reply);
}

const cJSON *read_json(struct visit *visit, const struct reply *reply)
{
	int count;
	const char *type = reply_header(reply, "Content-Type", visit->arena, &count);
	if (!type || count != 1 || !strstr(type, "json")) {
		fault(visit, "expected JSON, got Content-Type %s", type ? type : "that is not there");
		return NULL;
	}
	cJSON *document = cJSON_ParseWithLength(reply->body, reply->length);
	if (!document || !cJSON_IsObject(document)) {
		cJSON_Delete(document);
		fault(visit, "expected a JSON object, got %s", shown(visit, reply->body));
		return NULL;
	}
	*(cJSON **)arena_next_row(visit->arena, &visit->documents) = document;
	visit->documents.count++;
	return document;
}

const cJSON *get_json(struct visit *visit, const char *target, const char *token)
{
	struct reply reply;
	return get(visit, target, token, 200, &reply) ? read_json(visit, &reply) : NULL;
}

const cJSON *items_in(struct visit *visit, const cJSON *page)
{
	if (!page)
		return NULL;
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(page, "items");
	const cJSON *next = cJSON_GetObjectItemCaseSensitive(page, "next");
	if (!cJSON_IsArray(items) || !next || !(cJSON_IsNull(next) || cJSON_IsString(next))) {
		fault(visit, "expected a page: items, and next, a URL or null");
		return NULL;
	}
	return items;
}

/* Of RFC 8288: the same way on stands in the head. */
static bool expect_link(struct visit *visit, const struct reply *reply, const char *next)
{
	const char *link = reply_header(reply, "Link", visit->arena, NULL);
	return (link && strstr(link, print(visit, "<%s>; rel=\"next\"", next))) ||
	       fault(visit, "expected Link with rel=\"next\" to where `next` leads, got %s", link ? link : "none");
}

static bool is_in(const cJSON *items, const char *id)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, items) {
		if (*id && strcmp(text_in(item, "id"), id) == 0)
			return true;
	}
	return false;
}

static bool add_page(struct visit *visit, cJSON *all, const cJSON *items)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, items) {
		if (is_in(all, text_in(item, "id")))
			return fault(visit, "expected every item on one page alone, got %s on two", text_in(item, "id"));
		cJSON_AddItemToArray(all, cJSON_Duplicate(item, true));
	}
	return true;
}

const cJSON *get_pages(struct visit *visit, const char *target, const char *token)
{
	cJSON *all = cJSON_CreateArray();
	*(cJSON **)arena_next_row(visit->arena, &visit->documents) = all;
	visit->documents.count++;
	for (int pages = 0; target; pages++) {
		struct reply reply;
		const cJSON *page = get(visit, target, token, 200, &reply) ? read_json(visit, &reply) : NULL;
		const cJSON *items = items_in(visit, page);
		if (!items || !add_page(visit, all, items))
			return NULL;
		const char *next = text_in(page, "next");
		target = *next ? print(visit, "%s", next) : NULL;
		if (target && (pages == PAGES_MAX || strncmp(target, "/v1/", 4) != 0)) {
			fault(visit, pages == PAGES_MAX ? "expected an end of the pages, got %s" : "expected next below /v1/, got %s", target);
			return NULL;
		}
		if (target && !expect_link(visit, &reply, target))
			return NULL;
	}
	return all;
}

/* ---- expecting --------------------------------------------------------------------------------------------------------------- */

bool expect_header(struct visit *visit, const struct reply *reply, const char *name, const char *part)
{
	int count;
	const char *value = reply_header(reply, name, visit->arena, &count);
	if (!value)
		return fault(visit, "expected a header %s in the answer with status %d, there is none", name, reply->status);
	if (count > 1)
		return fault(visit, "expected %s once, got it %d times", name, count);
	return strstr(value, part) || fault(visit, "expected %s with %s, got %s", name, part, value);
}

bool expect_empty(struct visit *visit, const struct reply *reply)
{
	return reply->length == 0 || fault(visit, "expected no body with status %d, got %zu bytes", reply->status, reply->length);
}

bool expect_problem(struct visit *visit, const struct reply *reply, const char *type)
{
	if (!expect_header(visit, reply, "Content-Type", "application/problem+json"))
		return false;
	const cJSON *problem = read_json(visit, reply);
	if (!problem)
		return false;
	if ((int)number_in(problem, "status") != reply->status)
		return fault(visit, "expected the problem to say %d too, got %g", reply->status, number_in(problem, "status"));
	if (!*text_in(problem, "title") || !*text_in(problem, "type"))
		return fault(visit, "expected a problem with type and title");
	if (type && strcmp(text_in(problem, "type"), print(visit, "/problems/%s", type)) != 0)
		return fault(visit, "expected a problem of type /problems/%s, got %s", type, text_in(problem, "type"));
	return true;
}

bool refused(struct visit *visit, const struct ask *ask, int status, const char *type)
{
	struct reply reply;
	return ask_for(visit, ask, status, &reply) && expect_problem(visit, &reply, type);
}

const char *text_in(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsString(member) ? member->valuestring : "";
}

double number_in(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsNumber(member) ? member->valuedouble : -1;
}
