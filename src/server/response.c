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
} refusals[] = {
	[REFUSE_MALFORMED] = { "bad-request", 400, "This request cannot be read" },
	[REFUSE_MALFORMED_JSON] = { "malformed-json", 400, "The body is not JSON" },
	[REFUSE_VALIDATION] = { "validation", 422, "Something in the request is not what was expected" },
	[REFUSE_KEY_MISSING] = { "idempotency-key-missing", 400, "An Idempotency-Key is needed" },
	[REFUSE_KEY_REUSED] = { "idempotency-key-reused", 422, "This Idempotency-Key belongs to another request" },
	[REFUSE_ID_TAKEN] = { "id-taken", 409, "This id belongs to something else" },
	[REFUSE_HAS_BOOKINGS] = { "has-bookings", 409, "There are bookings that need it as it is" },
	[REFUSE_STALE_VERSION] = { "stale-version", 412, "It changed in the meantime" },
	[REFUSE_VERSION_REQUIRED] = { "version-required", 428, "If-Match is needed" },
	[REFUSE_UNAUTHENTICATED] = { "unauthenticated", 401, "Log in first" },
	[REFUSE_NOT_ALLOWED] = { "not-allowed", 403, "This is not yours to do" },
	[REFUSE_INSUFFICIENT_SCOPE] = { "insufficient-scope", 403, "This token may not do that" },
	[REFUSE_NOT_FOUND] = { "not-found", 404, "There is nothing here" },
	[REFUSE_COMMITTED] = { "open-commitments", 409, "Something lies ahead of this member" },
	[REFUSE_METHOD_NOT_ALLOWED] = { "method-not-allowed", 405, "This cannot be done here" },
	[REFUSE_METHOD_UNKNOWN] = { "method-unknown", 501, "This method is not known" },
	[REFUSE_LENGTH_REQUIRED] = { "length-required", 411, "A Content-Length is needed" },
	[REFUSE_UNSUPPORTED_MEDIA_TYPE] = { "unsupported-media-type", 415, "The body must be application/json" },
	[REFUSE_NOT_ACCEPTABLE] = { "not-acceptable", 406, "Only JSON can be had here" },
	[REFUSE_TOO_LARGE] = { "too-large", 413, "The body is too large" },
	[REFUSE_TARGET_TOO_LONG] = { "target-too-long", 414, "The address is too long" },
	[REFUSE_HEAD_TOO_LARGE] = { "head-too-large", 431, "The header lines are too long" },
	[REFUSE_VERSION_UNKNOWN] = { "version-unknown", 505, "This version of HTTP is not spoken" },
	[REFUSE_UNKNOWN_PARAMETER] = { "unknown-parameter", 400, "This query parameter is not known here" },
	[REFUSE_RATE_LIMITED] = { "rate-limited", 429, "Too many tries" },
	[REFUSE_OVERLOADED] = { "overloaded", 503, "Too much to do" },
	[REFUSE_STORAGE_UNAVAILABLE] = { "storage-unavailable", 503, "Nothing can be stored just now" },
	[REFUSE_INTERNAL] = { "internal", 500, "Our mistake" },
};

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
