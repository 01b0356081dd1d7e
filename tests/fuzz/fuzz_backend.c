/* fuzz_backend.c — any bytes as a booking system's answer. The first byte chooses the operation ("A" the first), the second status
 * and media type; the rest is the body, and its beginning an id. However it ends, it ends in a word, and nothing that failed is
 * shown. */
#include "fuzz.h"

#include <string.h>

#include "hacktiv/backend.h"

#define ROUNDS_MAX 300   /* requests and slices of one operation */

static const struct { int status; const char *type; int retry_after_s; } heads[] = {
	{ 200, "application/json", -1 }, { 201, "application/json", -1 },         { 422, "application/problem+json", -1 },
	{ 409, "application/problem+json", -1 }, { 404, "application/problem+json", -1 }, { 412, "application/problem+json", -1 },
	{ 401, "application/problem+json", -1 }, { 403, "application/problem+json", -1 }, { 200, "text/html", -1 },
	{ 204, "", -1 }, { 304, "", -1 }, { 429, "", 5 }, { 500, "", -1 }, { 503, "text/html", 30 }, { 302, "", -1 },
	{ 400, "application/json", -1 },
};

static void check_request(const struct http_request *request)
{
	MUST(request->path && request->path[0] == '/' && request->path[1] != '/');
	for (const char *at = request->path; *at; at++)
		MUST(*at > ' ' && *at < 0x7f && !strchr("\"<>\\^`{|}#", *at));
	for (size_t i = 0; i < request->header_count; i++)
		for (const char *at = request->headers[i].value; *at; at++)
			MUST((unsigned char)*at >= ' ' && *at != 0x7f);
	MUST(request->body ? request->body_length == strlen(request->body) && request->content_type : request->body_length == 0);
}

static void check_text(const char *text)
{
	MUST(text && text_is_clean(text, strlen(text), TEXT_ONE_LINE, TEXT_LINE_MAX));
}

static void check_outcome(const struct outcome *outcome)
{
	MUST(outcome->kind != OUTCOME_NONE);
	check_text(outcome->quotation);
	check_text(outcome->told_by);
	for (size_t i = 0; i < outcome->alternative_count; i++) {
		check_text(outcome->alternatives[i].space_name);
		check_text(outcome->alternatives[i].resource_name);
		MUST(date_is_valid(outcome->alternatives[i].when.date));
	}
	struct arena *arena = arena_new();
	check_text(outcome_words(arena, outcome));
	arena_free(arena);
}

static void check_shown(const struct operation *operation)
{
	for (size_t i = 0; i < operation->space_count; i++) {
		check_text(operation->spaces[i].name);
		check_text(operation->spaces[i].today.opening.reason);
	}
	for (size_t i = 0; i < operation->row_count; i++)
		check_text(operation->rows[i].resource.name);
	for (size_t i = 0; i < operation->booking_count; i++) {
		check_text(operation->bookings[i].resource_name);
		MUST(operation->bookings[i].end_at > operation->bookings[i].start_at);
		MUST(date_is_valid(operation->bookings[i].when.date));
	}
	if (operation->member)
		check_text(operation->member->name);
	if (operation->device) {
		check_text(operation->device->user_code);
		check_text(operation->device->address);
		check_text(operation->device->whole_address);
		MUST(operation->device->life_s > 0 && operation->device->interval_s >= 0);
	}
	for (size_t i = 0; i < operation->activity_count; i++) {
		check_text(operation->activities[i].title);
		MUST(operation->activities[i].end_at > operation->activities[i].start_at);
		MUST(date_is_valid(operation->activities[i].date));
	}
	for (size_t i = 0; i < operation->card_count; i++)
		check_text(operation->cards[i].name);
	for (size_t i = 0; i < operation->organisation_count; i++)
		check_text(operation->organisations[i].name);
	for (size_t i = 0; operation->preview && i < operation->preview->obstacle_count; i++)
		check_text(operation->preview->obstacles[i].detail);
}

static void check_end(const struct operation *operation)
{
	check_outcome(&operation->outcome);
	check_shown(operation);
	enum outcome_kind kind = operation->outcome.kind;
	bool done = kind == OUTCOME_DONE || kind == OUTCOME_PENDING || kind == OUTCOME_WAITLISTED;
	size_t rows = operation->space_count + operation->row_count + operation->booking_count + operation->activity_count +
	              operation->card_count + operation->organisation_count;
	MUST((kind == OUTCOME_WAITLISTED) == (operation->outcome.place > 0));
	MUST(done || (rows == 0 && !operation->member && !operation->preview && !operation->new_token && !operation->device && !operation->not_modified));
	MUST(!done || operation->kind != OPERATION_DEVICE || operation->device);
	MUST(kind != OUTCOME_DONE || (operation->kind != OPERATION_DEVICE_TOKEN && operation->kind != OPERATION_RENEW) || operation->new_token);
	MUST(!done || operation->kind != OPERATION_LOG_IN || (operation->new_token && operation->member));
	MUST(!done || operation->kind != OPERATION_WHO_AM_I || operation->member || operation->not_modified);
	MUST(!done || operation->kind != OPERATION_PREVIEW || operation->preview);
	MUST(!done || (operation->kind != OPERATION_BOOK && operation->kind != OPERATION_FIND_BOOKING) || operation->booking_count == 1);
}

static void play(struct operation *operation, const struct http_response *response)
{
	enum step step = STEP_SEND;
	for (int round = 0; step != STEP_ENDED; round++) {
		MUST(round < ROUNDS_MAX + (int)(response->body_length / BACKEND_SLICE) * 101);
		struct http_request request;
		if (step == STEP_SEND) {
			step = backend_hacktiv.next(operation, &request);
			check_request(&request);
		}
		if (step != STEP_ENDED)
			step = backend_hacktiv.take(operation, response);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length < 2)
		return 0;
	struct operation operation = {
		.kind = (enum operation_kind)((uint8_t)(bytes[0] - 'A') % OPERATIONS),
		.arena = arena_new(),
		.token = "hkt_x", .login = "demo", .password = "x", .refresh_token = "hkr_x", .device_code = "hkd_x",
		.resource_id = "4a5a2595-8bf7-8543-8861-76794337a41e", .booking_id = "0198b1a0-0000-7000-8000-000000000001",
		.wish_id = "0198b1a0-0000-7000-8000-000000000001",
		.activity_id = "0198b1a0-0000-7000-8000-000000000002", .member_id = "0198b1a0-0000-7000-8000-000000000003",
		.organisation_id = "0198b1a0-0000-7000-8000-000000000004",
		.date = { 2026, 7, 15 }, .until = { 2026, 8, 15 }, .when = { { 2026, 7, 15 }, DAY_PART_MORNING, { 0, 0 } },
		.etag = bytes[1] & 64 ? "W/\"x\"" : NULL,
	};
	const char *body = (const char *)bytes + 2;
	operation.space_id = text_clean(operation.arena, body, length - 2 < 60 ? length - 2 : 60, TEXT_ONE_LINE, 100);
	operation.query = operation.space_id;
	size_t head = ((bytes[1] - 'A') & 63) % COUNT_OF(heads);
	struct http_response response = {
		.transport = bytes[1] & 128 ? TRANSPORT_LOST : TRANSPORT_ANSWERED,
		.status = heads[head].status, .content_type = heads[head].type, .retry_after_s = heads[head].retry_after_s,
		.body = arena_copy_bytes(operation.arena, body, length - 2), .body_length = length - 2,
	};
	play(&operation, &response);
	check_end(&operation);
	backend_hacktiv.close(&operation);
	arena_free(operation.arena);
	return 0;
}
