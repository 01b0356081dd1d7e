/* hacktiv.c — our own server: which request stands for which operation. doc/api/openapi.yaml describes it. */
#include "hacktiv.h"

#include <string.h>

#define MY_BOOKINGS   "/v1/members/me/bookings"
#define MY_SIGNUPS    "/v1/members/me/signups"
#define ACTIVITIES    "/v1/activities"
#define MEMBERS       "/v1/members"
#define ORGANISATIONS "/v1/organisations"

const struct protocol *hacktiv_protocol(enum operation_kind kind)
{
	static const struct protocol protocols[OPERATIONS] = {
		[OPERATION_LOG_IN] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_LOG_OUT] = { ANSWER_NOTHING, false, NULL },
		[OPERATION_DEVICE] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_DEVICE_TOKEN] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_RENEW] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_WHO_AM_I] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_SPACES] = { ANSWER_LIST, false, NULL },
		[OPERATION_DAY] = { ANSWER_LIST, false, NULL },
		[OPERATION_SPACE_DAY] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_MY_BOOKINGS] = { ANSWER_WHOLE_LIST, false, MY_BOOKINGS },
		[OPERATION_PREVIEW] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_BOOK] = { ANSWER_OBJECT, true, NULL },
		[OPERATION_CANCEL] = { ANSWER_NOTHING, true, NULL },
		[OPERATION_FIND_BOOKING] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_ACTIVITIES] = { ANSWER_WHOLE_LIST, false, ACTIVITIES },
		[OPERATION_ACTIVITY] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_SIGN_UP] = { ANSWER_OBJECT, true, NULL },
		[OPERATION_WITHDRAW] = { ANSWER_OBJECT, true, NULL },
		[OPERATION_MY_SIGNUPS] = { ANSWER_WHOLE_LIST, false, MY_SIGNUPS },
		[OPERATION_CARDS] = { ANSWER_PAGE, false, MEMBERS },
		[OPERATION_CARD] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_ORGANISATIONS] = { ANSWER_PAGE, false, ORGANISATIONS },
		[OPERATION_ORGANISATION] = { ANSWER_OBJECT, false, NULL },
		[OPERATION_NEWS] = { ANSWER_OBJECT, false, NULL },
	};
	return &protocols[kind];
}

bool hacktiv_is_list(enum operation_kind kind)
{
	switch (hacktiv_protocol(kind)->answer) {
	case ANSWER_LIST:
	case ANSWER_WHOLE_LIST:
	case ANSWER_PAGE:
		return true;
	case ANSWER_OBJECT:
	case ANSWER_NOTHING:
		break;
	}
	return false;
}

#define PAGE_ROWS 50      /* of a search: more than a screen holds */
#define PAGE_ROWS_MAX 200 /* what hacktivd gives at most */

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

static void set_key(struct operation *operation, struct http_request *request)
{
	http_request_header(request, "Idempotency-Key", arena_print(operation->arena, "\"%s\"", operation->wish_id));
}

static void set_wish(struct operation *operation, struct http_request *request, const char *id)
{
	set_json(operation, request, wire_booking_request_write(&(struct wire_booking_request){
		.id = id, .resource_id = operation->resource_id, .when = operation->when }));
}

static const char *id_in_path(struct arena *arena, const char *id)
{
	return id ? http_encode(arena, id) : "";
}

static const char *activity_path(struct operation *operation)
{
	return arena_print(operation->arena, "/v1/spaces/%s/activities/%s", id_in_path(operation->arena, operation->space_id),
	                   id_in_path(operation->arena, operation->activity_id));
}

static const char *search_path(struct operation *operation)
{
	const char *path = hacktiv_protocol(operation->kind)->path;
	if (operation->page)
		return operation->page;
	size_t wanted = operation->rows_at_least;
	int rows = wanted <= PAGE_ROWS ? PAGE_ROWS : wanted <= PAGE_ROWS_MAX ? (int)wanted : PAGE_ROWS_MAX;
	if (!operation->query || !*operation->query)
		return arena_print(operation->arena, "%s?limit=%d", path, rows);
	return arena_print(operation->arena, "%s?q=%s&limit=%d", path, http_encode(operation->arena, operation->query), rows);
}

static const char *day_path(struct operation *operation)
{
	struct arena *arena = operation->arena;
	bool alone = operation->kind == OPERATION_SPACE_DAY || operation->known_count > 0;
	const char *path = arena_print(arena, "/v1/spaces/%s/%s?date=%s", id_in_path(arena, operation->space_id), alone ? "day" : "availability",
	                               iso(arena, operation->date));
	if (!alone || !operation->resource_id)
		return path;
	return arena_print(arena, "%s&resource=%s", path, http_encode(arena, operation->resource_id));
}

static void fill(struct operation *operation, struct http_request *request)
{
	struct arena *arena = operation->arena;
	const char *space = id_in_path(arena, operation->space_id);
	switch (operation->kind) {
	case OPERATION_LOG_IN:
		request->method = HTTP_POST;
		request->path = "/v1/sessions";
		request->bearer = NULL;
		set_json(operation, request, wire_credentials_write(&(struct wire_credentials){
			.login = operation->login, .password = operation->password, .refresh = !operation->shared,
			.client = operation->shared ? HACKTIV_CLIENT_SHARED : NULL }));
		return;
	case OPERATION_DEVICE:
	case OPERATION_DEVICE_TOKEN:
	case OPERATION_RENEW:
		hacktiv_fill_oauth(operation, request);
		return;
	case OPERATION_LOG_OUT:
		if (operation->refresh_token) {   /* ends the session even when the token is past its time */
			hacktiv_fill_oauth(operation, request);
			return;
		}
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
	case OPERATION_SPACE_DAY:
		request->path = day_path(operation);
		return;
	case OPERATION_MY_BOOKINGS:
		request->path = arena_print(arena, MY_BOOKINGS "?from=%s&limit=200", iso(arena, operation->date));
		return;
	case OPERATION_PREVIEW:
		request->method = HTTP_POST;
		request->path = arena_print(arena, "/v1/spaces/%s/bookings:preview", space);
		set_wish(operation, request, "");
		return;
	case OPERATION_BOOK:
		request->method = HTTP_POST;
		request->path = arena_print(arena, "/v1/spaces/%s/bookings", space);
		set_key(operation, request);
		set_wish(operation, request, operation->wish_id);
		return;
	case OPERATION_CANCEL:
		request->method = HTTP_DELETE;
		request->path = arena_print(arena, "/v1/spaces/%s/bookings/%s", space, http_encode(arena, operation->booking_id));
		http_request_header(request, "If-Match", operation->version > 0
		                    ? arena_print(arena, "\"%lld\"", (long long)operation->version) : "*");
		return;
	case OPERATION_FIND_BOOKING:
		request->path = arena_print(arena, "/v1/spaces/%s/bookings/%s", space, http_encode(arena, operation->booking_id));
		return;
	case OPERATION_ACTIVITIES:
		request->path = arena_print(arena, ACTIVITIES "?from=%s&to=%s&limit=200", iso(arena, operation->date),
		                            iso(arena, operation->until));
		return;
	case OPERATION_ACTIVITY:
		request->path = activity_path(operation);
		return;
	case OPERATION_SIGN_UP:
	case OPERATION_WITHDRAW:
		request->method = operation->kind == OPERATION_SIGN_UP ? HTTP_PUT : HTTP_DELETE;
		request->path = arena_print(arena, "%s/signup", activity_path(operation));
		set_key(operation, request);
		return;
	case OPERATION_MY_SIGNUPS:
		request->path = arena_print(arena, MY_SIGNUPS "?from=%s&limit=200", iso(arena, operation->date));
		return;
	case OPERATION_CARDS:
	case OPERATION_ORGANISATIONS:
		request->path = search_path(operation);
		return;
	case OPERATION_CARD:
		request->path = arena_print(arena, MEMBERS "/%s", id_in_path(arena, operation->member_id));
		return;
	case OPERATION_ORGANISATION:
		request->path = arena_print(arena, ORGANISATIONS "/%s", id_in_path(arena, operation->organisation_id));
		return;
	case OPERATION_NEWS:
		request->path = hacktiv_changes_path(operation);
		return;
	}
}

/* What is kept by a tag: lists, and who one is. No other answer may be "as you have it". */
static bool has_copy(const struct operation *operation)
{
	return operation->etag && (hacktiv_is_list(operation->kind) || operation->kind == OPERATION_WHO_AM_I);
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
	if (has_copy(operation) && !next_page)
		http_request_header(request, "If-None-Match", operation->etag);
	operation->step++;
	return STEP_SEND;
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
	const struct protocol *protocol = hacktiv_protocol(operation->kind);
	if (hacktiv_take_oauth(operation, response))
		return STEP_ENDED;
	bool is_list = hacktiv_is_list(operation->kind);
	if (operation->known_count > 0 && response->transport == TRANSPORT_ANSWERED && response->status == 404)
		return hacktiv_ask_whole_day(operation);   /* it has no such way, or that resource is gone */
	if (has_particulars(response)) {
		hacktiv_read_problem(operation, response, protocol->writes);
		return STEP_ENDED;
	}
	if (backend_common_outcome(operation, response, protocol->writes)) {
		if (operation->perhaps_done && hacktiv_is_problem(operation, response, "overloaded"))
			operation->perhaps_done = false;   /* turned away at the door */
		return STEP_ENDED;
	}
	if (response->status == 304 && has_copy(operation) && !hacktiv_next_page(operation)) {
		operation->not_modified = true;
		hacktiv_ended(operation, OUTCOME_DONE);
		return STEP_ENDED;
	}
	/* An empty 200 is what proxies make of an answer they lost. */
	if (response->status >= 300 || (protocol->answer == ANSWER_NOTHING) != (response->status == 204) ||
	    (response->status != 204 && response->body_length == 0)) {
		hacktiv_unreadable(operation, protocol->writes, NULL);
		return STEP_ENDED;
	}
	if (response->status == 204) {
		hacktiv_ended(operation, OUTCOME_DONE);
		return STEP_ENDED;
	}
	/* The first page's stands for all: it is the oldest, so what changes while they are read is asked for again. */
	if (response->etag && !operation->new_etag)
		operation->new_etag = arena_copy_text(operation->arena, response->etag);
	if (is_list)
		return hacktiv_read_list(operation, response);
	hacktiv_read_object(operation, response);
	return STEP_ENDED;
}

const struct backend_ops backend_hacktiv = {
	.name = "hacktiv",
	.capabilities = CAN_BOOK | CAN_CANCEL | CAN_PREVIEW | CAN_REPEAT_SAFELY | CAN_SIGN_UP | CAN_SEARCH |
	                CAN_LOG_IN_BY_DEVICE | CAN_TELL,
	.next = next,
	.take = take,
	.close = hacktiv_close,
	.feed = &hacktiv_feed,
};
