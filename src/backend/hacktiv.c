/* hacktiv.c — our own server: which request stands for which operation. doc/api/openapi.yaml describes it. */
#include "hacktiv.h"

#include <string.h>

static bool is_write(enum operation_kind kind)
{
	return kind == OPERATION_BOOK || kind == OPERATION_CANCEL;
}

static bool is_list(enum operation_kind kind)
{
	return kind == OPERATION_SPACES || kind == OPERATION_DAY || kind == OPERATION_MY_BOOKINGS;
}

/* Its success is 204 No Content, and nothing else is. */
static bool ends_without_words(enum operation_kind kind)
{
	return kind == OPERATION_LOG_OUT || kind == OPERATION_CANCEL;
}

/* Ids are opaque: what is not unreserved (RFC 3986, 2.3) is written as %XX. */
static const char *encoded(struct arena *arena, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_get(arena, strlen(text) * 3 + 1);
	char *to = out;
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
		    strchr("-._~", byte)) {
			*to++ = (char)byte;
		} else {
			*to++ = '%';
			*to++ = hex[byte >> 4];
			*to++ = hex[byte & 15];
		}
	}
	return out;
}

static const char *iso(struct arena *arena, struct local_date date)
{
	char *text = arena_get(arena, DATE_ISO_SIZE);
	date_to_iso(date, text);
	return text;
}

static void set_json(struct operation *operation, struct http_request *request, cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);
	request->body = arena_copy_text(operation->arena, text ? text : "{}");
	request->body_length = strlen(request->body);
	request->content_type = "application/json";
	if (text)
		explicit_bzero(text, strlen(text));   /* it may hold a password */
	cJSON_free(text);
	cJSON_Delete(object);
}

static void set_wish(struct operation *operation, struct http_request *request, const char *id)
{
	set_json(operation, request, wire_booking_request_write(&(struct wire_booking_request){
		.id = id, .resource_id = operation->resource_id, .when = operation->when }));
}

static void fill(struct operation *operation, struct http_request *request)
{
	struct arena *arena = operation->arena;
	const char *space = operation->space_id ? encoded(arena, operation->space_id) : "";
	switch (operation->kind) {
	case OPERATION_LOG_IN:
		request->method = HTTP_POST;
		request->path = "/v1/sessions";
		request->bearer = NULL;
		set_json(operation, request, wire_credentials_write(&(struct wire_credentials){
			operation->login, operation->password }));
		return;
	case OPERATION_LOG_OUT:
		request->method = HTTP_DELETE;
		request->path = "/v1/sessions/current";
		return;
	case OPERATION_WHO_AM_I:
		request->path = "/v1/members/me";
		return;
	case OPERATION_SPACES:
		request->path = arena_print(arena, "/v1/spaces?date=%s", iso(arena, operation->date));
		return;
	case OPERATION_DAY:
		request->path = arena_print(arena, "/v1/spaces/%s/availability?date=%s", space, iso(arena, operation->date));
		return;
	case OPERATION_MY_BOOKINGS:
		request->path = arena_print(arena, HACKTIV_MY_BOOKINGS "?from=%s&limit=200", iso(arena, operation->date));
		return;
	case OPERATION_PREVIEW:
		request->method = HTTP_POST;
		request->path = arena_print(arena, "/v1/spaces/%s/bookings:preview", space);
		set_wish(operation, request, "");
		return;
	case OPERATION_BOOK:
		request->method = HTTP_POST;
		request->path = arena_print(arena, "/v1/spaces/%s/bookings", space);
		http_request_header(request, "Idempotency-Key", arena_print(arena, "\"%s\"", operation->wish_id));
		set_wish(operation, request, operation->wish_id);
		return;
	case OPERATION_CANCEL:
		request->method = HTTP_DELETE;
		request->path = arena_print(arena, "/v1/spaces/%s/bookings/%s", space, encoded(arena, operation->booking_id));
		http_request_header(request, "If-Match", operation->version > 0
		                    ? arena_print(arena, "\"%lld\"", (long long)operation->version) : "*");
		return;
	case OPERATION_FIND_BOOKING:
		request->path = arena_print(arena, "/v1/spaces/%s/bookings/%s", space, encoded(arena, operation->booking_id));
		return;
	}
}

static enum step next(struct operation *operation, struct http_request *request)
{
	*request = (struct http_request){ .method = HTTP_GET, .bearer = operation->token, .safe_to_repeat = true };
	http_request_header(request, "Accept", "application/json, application/problem+json");
	const char *next_page = hacktiv_next_page(operation);
	if (next_page)
		request->path = next_page;
	else
		fill(operation, request);
	if (is_list(operation->kind) && operation->etag && !next_page)
		http_request_header(request, "If-None-Match", operation->etag);
	operation->step++;
	return STEP_SEND;
}

static enum step ended(struct operation *operation, enum outcome_kind kind)
{
	operation->outcome = (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
	return STEP_ENDED;
}

/* Statuses that carry problem details of our own, worth more than HTTP's meaning of the number. */
static bool has_particulars(const struct http_response *response)
{
	return response->transport == TRANSPORT_ANSWERED && response->status >= 400 && response->status < 500 &&
	       response->status != 401 && response->status != 429 &&
	       strcmp(response->content_type, "application/problem+json") == 0;
}

static enum step take(struct operation *operation, const struct http_response *response)
{
	bool wrote = is_write(operation->kind);
	if (has_particulars(response)) {
		hacktiv_read_problem(operation, response, wrote);
		return STEP_ENDED;
	}
	if (backend_common_outcome(operation, response, wrote))
		return STEP_ENDED;
	if (response->status == 304 && is_list(operation->kind) && operation->etag && !hacktiv_next_page(operation)) {
		operation->not_modified = true;
		return ended(operation, OUTCOME_DONE);
	}
	/* An empty 200 is what proxies make of an answer they lost. */
	if (response->status >= 300 || ends_without_words(operation->kind) != (response->status == 204) ||
	    (response->status != 204 && response->body_length == 0)) {
		hacktiv_unreadable(operation, wrote, NULL);
		return STEP_ENDED;
	}
	if (response->status == 204)
		return ended(operation, OUTCOME_DONE);
	/* The first page's stands for all: it is the oldest, so what changes while they are read is asked for again. */
	if (response->etag && !operation->new_etag)
		operation->new_etag = arena_copy_text(operation->arena, response->etag);
	if (is_list(operation->kind))
		return hacktiv_read_list(operation, response);
	hacktiv_read_object(operation, response);
	return STEP_ENDED;
}

const struct backend_ops backend_hacktiv = {
	.name = "hacktiv",
	.capabilities = CAN_BOOK | CAN_CANCEL | CAN_PREVIEW | CAN_REPEAT_SAFELY,
	.next = next,
	.take = take,
	.close = hacktiv_close,
};
