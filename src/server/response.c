/* response.c — see response.h. */
#include "response.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/wire.h"

#include "answers.h"
#include "live.h"

#define JSON "application/json"
#define PROBLEM_JSON "application/problem+json"
#define RETRY_SOON_S 1

static const struct {
	const char *name;
	int status;
	const char *title;
	const char *meaning;        /* for whoever follows the type */
} refusals[] = {
	[REFUSE_MALFORMED] = { "bad-request", 400, "This request cannot be read",
		"It is not HTTP as this server takes it, or a parameter has a value that is none. Nothing was done; the same again will be refused again." },
	[REFUSE_MALFORMED_JSON] = { "malformed-json", 400, "The body is not JSON",
		"The body could not be read as JSON (RFC 8259), or holds a name twice, or is nested too deep." },
	[REFUSE_VALIDATION] = { "validation", 422, "Something in the request is not what was expected",
		"The body is JSON, and a member of it is missing, not known, or not what it should be. errors points at it." },
	[REFUSE_KEY_MISSING] = { "idempotency-key-missing", 400, "An Idempotency-Key is needed",
		"What may not happen twice carries one Idempotency-Key, made by the client before the first try." },
	[REFUSE_KEY_REUSED] = { "idempotency-key-reused", 422, "This Idempotency-Key belongs to another request",
		"A key is for one request: make a new one for another." },
	[REFUSE_ID_TAKEN] = { "id-taken", 409, "This id belongs to something else",
		"Ids are made by the client, and this one belongs to something else: make a new one." },
	[REFUSE_HAS_BOOKINGS] = { "has-bookings", 409, "There are bookings that need it as it is",
		"What would be changed is what bookings rest on: move or cancel them first." },
	[REFUSE_STALE_VERSION] = { "stale-version", 412, "It changed in the meantime",
		"If-Match names another version than the one that is there. Read it again before you change it." },
	[REFUSE_VERSION_REQUIRED] = { "version-required", 428, "If-Match is needed",
		"Say in If-Match which version you mean to change, so that nobody's change is lost." },
	[REFUSE_UNAUTHENTICATED] = { "unauthenticated", 401, "Log in first",
		"This needs a token, and there was none, or it is over or was taken back." },
	[REFUSE_NOT_ALLOWED] = { "not-allowed", 403, "This is not yours to do",
		"You may know of it, and none of your roles lets you do this to it." },
	[REFUSE_INSUFFICIENT_SCOPE] = { "insufficient-scope", 403, "This token may not do that",
		"The token was given for less than this. Whoever it belongs to can give another." },
	[REFUSE_NOT_FOUND] = { "not-found", 404, "There is nothing here",
		"There is nothing by this name, or nothing that you may know of." },
	[REFUSE_COMMITTED] = { "open-commitments", 409, "Something lies ahead of this member",
		"Bookings or sign-ups lie ahead of this member. open lists them; open=cancel cancels them first." },
	[REFUSE_METHOD_NOT_ALLOWED] = { "method-not-allowed", 405, "This cannot be done here",
		"There is something at this address, and Allow names what can be done with it." },
	[REFUSE_METHOD_UNKNOWN] = { "method-unknown", 501, "This method is not known",
		"It is none of the methods that this server speaks." },
	[REFUSE_LENGTH_REQUIRED] = { "length-required", 411, "A Content-Length is needed",
		"A body says its length beforehand: no transfer coding is taken." },
	[REFUSE_UNSUPPORTED_MEDIA_TYPE] = { "unsupported-media-type", 415, "The body must be application/json",
		"Accept-Post or Accept-Patch names what is taken here." },
	[REFUSE_NOT_ACCEPTABLE] = { "not-acceptable", 406, "Only JSON can be had here",
		"Accept asks for something that this address does not give." },
	[REFUSE_TOO_LARGE] = { "too-large", 413, "The body is too large",
		"No request here needs a body so large." },
	[REFUSE_TARGET_TOO_LONG] = { "target-too-long", 414, "The address is too long",
		"No address here is so long." },
	[REFUSE_HEAD_TOO_LARGE] = { "head-too-large", 431, "The header lines are too long",
		"No request here needs so many header lines, or so long ones." },
	[REFUSE_VERSION_UNKNOWN] = { "version-unknown", 505, "This version of HTTP is not spoken",
		"HTTP/1.1 is spoken here." },
	[REFUSE_UNKNOWN_PARAMETER] = { "unknown-parameter", 400, "This query parameter is not known here",
		"A query parameter is not known at this address, or was given twice." },
	[REFUSE_RATE_LIMITED] = { "rate-limited", 429, "Too many tries",
		"Somebody asked too often. Retry-After says when to come again." },
	[REFUSE_OVERLOADED] = { "overloaded", 503, "Too much to do",
		"Nothing was done. Retry-After says when to come again; with the same key, if there was one." },
	[REFUSE_STORAGE_UNAVAILABLE] = { "storage-unavailable", 503, "Nothing can be stored just now",
		"The database does not take what should be written. Nothing was promised: ask again, with the same key." },
	[REFUSE_INTERNAL] = { "internal", 500, "Our mistake",
		"Something here is broken. Whoever runs this server finds the request by its instance." },
};

bool refusal_explain(const char *name, int *status, const char **title, const char **meaning)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		if (strcmp(refusals[i].name, name) != 0)
			continue;
		*status = refusals[i].status;
		*title = refusals[i].title;
		*meaning = refusals[i].meaning;
		return true;
	}
	return false;
}

void response_clear(struct response *response)
{
	if (response->kept)
		kept_answer_release(response->kept);
	else
		free(response->body);
	listener_forget(response->listener);
	*response = (struct response){ 0 };
}

void respond_json(struct response *response, int status, cJSON *object, const char *cache)
{
	response_clear(response);
	response->status = status;
	response->body = cJSON_PrintUnformatted(object);
	cJSON_Delete(object);
	if (!response->body)
		die("out of memory");
	response->body_length = strlen(response->body);
	response->content_type = JSON;
	response->cache = cache;
}

void respond_bytes(struct response *response, int status, const char *json, const char *cache)
{
	response_clear(response);
	response->status = status;
	response->body = memory_copy_text(json);
	response->body_length = strlen(json);
	response->content_type = JSON;
	response->cache = cache;
}

void respond_page(struct response *response, int status, const char *html)
{
	respond_bytes(response, status, html, CACHE_NEVER);
	response->content_type = "text/html; charset=utf-8";
}

void respond_text(struct response *response, int status, const char *text)
{
	respond_bytes(response, status, text, CACHE_NEVER);
	response->content_type = "text/plain; charset=utf-8";
}

void respond_document(struct response *response, char *bytes, size_t length, const char *content_type, const char *cache)
{
	response_clear(response);
	response->status = 200;
	response->body = bytes;
	response->body_length = length;
	response->content_type = content_type;
	response->cache = cache;
}

void respond_empty(struct response *response, int status)
{
	response_clear(response);
	response->status = status;
	response->cache = CACHE_NEVER;
}

cJSON *collection(cJSON *items, const char *next)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "items", items);
	if (next)
		cJSON_AddStringToObject(object, "next", next);
	else
		cJSON_AddNullToObject(object, "next");
	cJSON_AddNullToObject(object, "prev");
	return object;
}

static cJSON *problem_object(const struct request *request, const struct wire_problem *problem)
{
	cJSON *object = wire_problem_write(problem);
	if (!request->id)
		return object;
	struct buffer instance;
	buffer_init(&instance, 256);
	buffer_print(&instance, "%s%s", uuid_is_valid(request->id) ? "urn:uuid:" : "", request->id);
	cJSON_DeleteItemFromObjectCaseSensitive(object, "instance");
	cJSON_AddStringToObject(object, "instance", instance.bytes);
	buffer_clear(&instance);
	return object;
}

static void respond_problem(struct response *response, int status, const char *name, cJSON *object)
{
	respond_json(response, status, object, CACHE_NEVER);
	response->problem = name;
	response->content_type = PROBLEM_JSON;
	if (status == 503)
		response->retry_after_s = RETRY_SOON_S;
	if (status == 401)
		response->authenticate = "Bearer realm=\"hacktiv\"";
}

void respond_as_problem(struct response *response, struct arena *arena)
{
	cJSON *object = cJSON_Parse(response->body);
	const char *type = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "type")), *word = type ? strrchr(type, '/') : NULL;
	response->problem = word ? arena_copy_text(arena, word + 1) : NULL;
	response->content_type = PROBLEM_JSON;
	cJSON_Delete(object);
}

/* Type, title and status of a refusal; `type` is where the type is put together. */
static struct wire_problem refusal_problem(enum refusal refusal, const char *detail, char *type, size_t room)
{
	snprintf(type, room, "/problems/%s", refusals[refusal].name);
	return (struct wire_problem){ .type = type, .title = refusals[refusal].title, .detail = detail,
		                      .status = refusals[refusal].status, .pointer = "" };
}

void refuse(const struct request *request, struct response *response, enum refusal refusal, const char *detail, ...)
{
	char sentence[PROBLEM_TEXT_MAX], type[64];
	va_list arguments;
	va_start(arguments, detail);
	vsnprintf(sentence, sizeof sentence, detail, arguments);
	va_end(arguments);
	struct wire_problem problem = refusal_problem(refusal, sentence, type, sizeof type);
	respond_problem(response, problem.status, refusals[refusal].name, problem_object(request, &problem));
}

static void refuse_field(const struct request *request, struct response *response, enum refusal refusal, const char *member,
                         const char *name, const char *detail)
{
	char type[64];
	struct wire_problem problem = refusal_problem(refusal, detail, type, sizeof type);
	cJSON *object = problem_object(request, &problem);
	cJSON *errors = cJSON_CreateArray(), *error = cJSON_CreateObject();
	cJSON_AddStringToObject(error, member, name);
	cJSON_AddStringToObject(error, "code", "invalid");
	cJSON_AddStringToObject(error, "detail", detail);
	cJSON_AddItemToArray(errors, error);
	cJSON_DeleteItemFromObjectCaseSensitive(object, "errors");
	cJSON_AddItemToObject(object, "errors", errors);
	respond_problem(response, problem.status, refusals[refusal].name, object);
}

void refuse_body(const struct request *request, struct response *response, const struct problem *why)
{
	/* A JSON Pointer as a URI fragment (RFC 6901, 6). */
	char pointer[PROBLEM_FIELD_MAX + 2];
	snprintf(pointer, sizeof pointer, "#%s%s", why->field[0] && why->field[0] != '/' ? "/" : "", why->field);
	refuse_field(request, response, REFUSE_VALIDATION, "pointer", pointer, why->text);
}

bool refuse_member(const struct request *request, struct response *response, const char *pointer, const char *sentence)
{
	struct problem why = { 0 };
	problem_set(&why, PROBLEM_INVALID, pointer, "%s", sentence);
	refuse_body(request, response, &why);
	return false;
}

void refuse_more(struct response *response, const char *name, cJSON *value)
{
	cJSON *object = cJSON_Parse(response->body);
	cJSON_AddItemToObject(object, name, value);
	respond_problem(response, response->status, response->problem, object);
}

void refuse_parameter(const struct request *request, struct response *response, const char *name, const char *detail)
{
	refuse_field(request, response, REFUSE_MALFORMED, "parameter", name, detail);
}

void refuse_rule_with(const struct request *request, struct response *response, int status, enum rule rule, const char *name,
                      cJSON *value)
{
	char type[64];
	snprintf(type, sizeof type, "/problems/%s", rule_wire_name(rule));
	struct wire_problem problem = { .type = type, .title = rule_words(rule), .detail = rule_words(rule), .status = status,
		                        .pointer = "" };
	cJSON *object = problem_object(request, &problem);
	cJSON_AddItemToObject(object, name, value);
	respond_problem(response, status, rule_wire_name(rule), object);
}

void refuse_rule(const struct request *request, struct response *response, int status, const struct obstacle *obstacle,
                 const struct alternative *alternatives, size_t alternative_count)
{
	char type[64];
	snprintf(type, sizeof type, "/problems/%s", rule_wire_name(obstacle->rule));
	struct wire_problem problem = {
		.type = type,
		.title = rule_words(obstacle->rule),
		.detail = obstacle->detail[0] ? obstacle->detail : rule_words(obstacle->rule),
		.status = status,
		.pointer = "",
		.alternatives = alternatives,
		.alternative_count = alternative_count,
	};
	respond_problem(response, status, rule_wire_name(obstacle->rule), problem_object(request, &problem));
}
