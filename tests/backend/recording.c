/* recording.c — see recording.h. */
#include "recording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "hacktiv/wire.h"

#define RECORDING_MAX (1u << 20)

static const struct { const char *name; enum operation_kind kind; } kinds[] = {
	{ "log_in", OPERATION_LOG_IN }, { "log_out", OPERATION_LOG_OUT }, { "device", OPERATION_DEVICE },
	{ "device_token", OPERATION_DEVICE_TOKEN }, { "renew", OPERATION_RENEW }, { "who_am_i", OPERATION_WHO_AM_I },
	{ "spaces", OPERATION_SPACES }, { "day", OPERATION_DAY }, { "space_day", OPERATION_SPACE_DAY },
	{ "my_bookings", OPERATION_MY_BOOKINGS },
	{ "preview", OPERATION_PREVIEW }, { "book", OPERATION_BOOK }, { "cancel", OPERATION_CANCEL },
	{ "find_booking", OPERATION_FIND_BOOKING }, { "activities", OPERATION_ACTIVITIES }, { "activity", OPERATION_ACTIVITY },
	{ "sign_up", OPERATION_SIGN_UP }, { "withdraw", OPERATION_WITHDRAW }, { "my_signups", OPERATION_MY_SIGNUPS },
	{ "cards", OPERATION_CARDS }, { "card", OPERATION_CARD }, { "organisations", OPERATION_ORGANISATIONS },
	{ "organisation", OPERATION_ORGANISATION }, { "news", OPERATION_NEWS },
};

/* ---- reading ---- */

static const cJSON *member(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *text(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(member(object, name));
}

static void read_asked(struct operation *operation, const cJSON *asked)
{
	operation->token = text(asked, "token");
	operation->login = text(asked, "login");
	operation->password = text(asked, "password");
	operation->refresh_token = text(asked, "refresh_token");
	operation->device_code = text(asked, "device_code");
	operation->space_id = text(asked, "space_id");
	operation->resource_id = text(asked, "resource_id");
	operation->booking_id = text(asked, "booking_id");
	operation->wish_id = text(asked, "wish_id");
	operation->activity_id = text(asked, "activity_id");
	operation->member_id = text(asked, "member_id");
	operation->organisation_id = text(asked, "organisation_id");
	operation->query = text(asked, "query");
	operation->page = text(asked, "page");
	operation->etag = text(asked, "etag");
	operation->after = text(asked, "after");
	operation->version = member(asked, "version") ? (int64_t)member(asked, "version")->valuedouble : 0;
	if (text(asked, "date"))
		assert_true(date_from_iso(text(asked, "date"), &operation->date, NULL));
	operation->when.date = operation->date;
	if (text(asked, "until"))
		assert_true(date_from_iso(text(asked, "until"), &operation->until, NULL));
	if (text(asked, "part"))
		assert_true(day_part_from_wire(text(asked, "part"), &operation->when.part));
	if (text(asked, "start"))
		assert_true(minutes_from_text(text(asked, "start"), &operation->when.hours.from) &&
		            minutes_from_text(text(asked, "end"), &operation->when.hours.until));
}

static void read_kind(struct recording *recording)
{
	const char *name = text(recording->root, "operation");
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (name && strcmp(kinds[i].name, name) == 0) {
			recording->operation.kind = kinds[i].kind;
			return;
		}
	}
	fail_msg("%s: no operation %s", recording->name, name ? name : "named");
}

static void read_answer(struct recording *recording)
{
	const cJSON *answer = member(recording->root, "response"), *fields = member(answer, "headers");
	struct http_response *response = &recording->response;
	response->transport = TRANSPORT_ANSWERED;
	response->status = (int)cJSON_GetNumberValue(member(answer, "status"));
	response->content_type = text(fields, "Content-Type") ? text(fields, "Content-Type") : "";
	response->etag = text(fields, "ETag");
	response->location = text(fields, "Location");
	response->retry_after_s = -1;
	response->body = "";
	if (recording_body(recording))
		recording_answer_json(recording, recording_body(recording));
}

void recording_open(struct recording *recording, const char *directory, const char *name)
{
	*recording = (struct recording){ .name = name };
	struct arena *arena = recording->operation.arena = arena_new();
	struct buffer bytes;
	struct problem why = { 0 };
	if (!path_read(arena_print(arena, "%s/%s.json", directory, name), RECORDING_MAX, &bytes, &why))
		fail_msg("%s", why.text);
	recording->root = wire_parse(bytes.bytes, bytes.length, &why);
	buffer_clear(&bytes);
	if (!recording->root)
		fail_msg("%s: %s", name, why.text);
	read_kind(recording);
	read_asked(&recording->operation, member(recording->root, "asked"));
	read_answer(recording);
}

void recording_close(struct recording *recording)
{
	backend_hacktiv.close(&recording->operation);
	cJSON_Delete(recording->root);
	arena_free(recording->operation.arena);
}

const cJSON *recording_body(const struct recording *recording)
{
	return member(member(recording->root, "response"), "body");
}

void recording_answer(struct recording *recording, int status, const char *type, const char *body, size_t length)
{
	struct http_response *response = &recording->response;
	response->status = status;
	response->content_type = type;
	response->body = arena_copy_bytes(recording->operation.arena, body, length);
	response->body_length = length;
}

void recording_answer_json(struct recording *recording, const cJSON *body)
{
	char *printed = cJSON_PrintUnformatted(body);
	assert_non_null(printed);
	recording_answer(recording, recording->response.status, recording->response.content_type, printed, strlen(printed));
	cJSON_free(printed);
}

/* ---- what is sent ---- */

static void check_text(const char *name, const char *what, const char *sent, const char *kept)
{
	if ((sent == NULL) != (kept == NULL) || (sent && strcmp(sent, kept) != 0))
		fail_msg("%s: %s is %s, recorded is %s", name, what, sent ? sent : "missing", kept ? kept : "none");
}

static const char *header_sent(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (strcasecmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	}
	return NULL;
}

static void check_body(const char *name, const struct http_request *request, const cJSON *kept)
{
	assert_int_equal(request->body_length, request->body ? strlen(request->body) : 0);
	if (cJSON_IsString(kept)) {   /* a form */
		check_text(name, "the form", request->body, kept->valuestring);
		return;
	}
	cJSON *sent = request->body ? cJSON_Parse(request->body) : NULL;
	bool same = kept ? cJSON_Compare(sent, kept, true) : !request->body;
	cJSON_Delete(sent);
	if (!same)
		fail_msg("%s: another body than the recorded one: %s", name, request->body ? request->body : "none");
}

void recording_check_request(const struct recording *recording, const struct http_request *request)
{
	const cJSON *kept = member(recording->root, "request"), *fields = member(kept, "headers"), *field;
	const char *name = recording->name;
	check_text(name, "the method", http_method_name(request->method), text(kept, "method"));
	check_text(name, "the path", request->path, text(kept, "path"));
	check_text(name, "the token", request->bearer, text(kept, "bearer"));
	check_text(name, "the body's type", request->content_type, text(kept, "content_type"));
	cJSON_ArrayForEach(field, fields)
		check_text(name, field->string, header_sent(request, field->string), field->valuestring);
	assert_int_equal(request->header_count, cJSON_GetArraySize(fields));
	check_body(name, request, member(kept, "body"));
	assert_true(request->safe_to_repeat);
}

enum step recording_take(struct recording *recording)
{
	enum step step;
	recording->slices = 0;
	do {
		assert_int_equal(recording->operation.outcome.kind, OUTCOME_NONE);
		step = backend_hacktiv.take(&recording->operation, &recording->response);
		recording->slices++;
	} while (step == STEP_MORE);
	return step;
}

void recording_play(struct recording *recording)
{
	struct http_request request;
	assert_int_equal(backend_hacktiv.next(&recording->operation, &request), STEP_SEND);
	recording_check_request(recording, &request);
	assert_int_equal(recording_take(recording), STEP_ENDED);
	recording_check_whole(recording);
}

/* ---- what was understood ---- */

static cJSON *booking_json(const struct booking *booking)
{
	struct zones *zones = zones_new();
	cJSON *object = wire_booking_write(booking, zones_find(zones, booking->time_zone, NULL));
	zones_free(zones);
	return object;
}

static cJSON *activity_json(const struct activity *activity, bool whole)
{
	struct zones *zones = zones_new();
	cJSON *object = wire_activity_write(activity, zones_find(zones, activity->time_zone, NULL), whole);
	zones_free(zones);
	return object;
}

static cJSON *preview_json(const struct preview *preview)
{
	struct zones *zones = zones_new();
	cJSON *object = wire_preview_write(preview, zones_find(zones, preview->booking.time_zone, NULL));
	zones_free(zones);
	return object;
}

cJSON *recording_snapshot(const struct recording *recording)
{
	const struct operation *operation = &recording->operation;
	cJSON *all = cJSON_CreateObject();
	cJSON *spaces = cJSON_AddArrayToObject(all, "spaces"), *rows = cJSON_AddArrayToObject(all, "rows");
	cJSON *bookings = cJSON_AddArrayToObject(all, "bookings"), *alternatives = cJSON_AddArrayToObject(all, "alternatives");
	for (size_t i = 0; i < operation->space_count; i++)
		cJSON_AddItemToArray(spaces, wire_space_write(&operation->spaces[i]));
	for (size_t i = 0; i < operation->row_count; i++)
		cJSON_AddItemToArray(rows, wire_resource_day_write(&operation->rows[i]));
	for (size_t i = 0; i < operation->booking_count; i++)
		cJSON_AddItemToArray(bookings, booking_json(&operation->bookings[i]));
	for (size_t i = 0; i < operation->outcome.alternative_count; i++)
		cJSON_AddItemToArray(alternatives, wire_alternative_write(&operation->outcome.alternatives[i]));
	cJSON *activities = cJSON_AddArrayToObject(all, "activities"), *cards = cJSON_AddArrayToObject(all, "cards");
	cJSON *organisations = cJSON_AddArrayToObject(all, "organisations");
	for (size_t i = 0; i < operation->activity_count; i++)
		cJSON_AddItemToArray(activities, activity_json(&operation->activities[i], operation->kind == OPERATION_ACTIVITY));
	for (size_t i = 0; i < operation->card_count; i++)
		cJSON_AddItemToArray(cards, wire_card_write(&operation->cards[i], operation->kind == OPERATION_CARD));
	for (size_t i = 0; i < operation->organisation_count; i++)
		cJSON_AddItemToArray(organisations, wire_organisation_write(&operation->organisations[i],
		                                                            operation->kind == OPERATION_ORGANISATION));
	if (operation->member)
		cJSON_AddItemToObject(all, "member", wire_member_write(operation->member));
	if (operation->preview)
		cJSON_AddItemToObject(all, "preview", preview_json(operation->preview));
	if (operation->new_token)
		cJSON_AddStringToObject(all, "token", operation->new_token);
	if (operation->new_after)
		cJSON_AddStringToObject(all, "after", operation->new_after);
	if (operation->starts_anew)
		cJSON_AddStringToObject(all, "reset", "epoch");
	cJSON_AddStringToObject(all, "quotation", operation->outcome.quotation);
	cJSON_AddStringToObject(all, "told_by", operation->outcome.told_by);
	return all;
}

static bool has_what_was_asked(const struct operation *operation)
{
	switch (operation->kind) {
	case OPERATION_LOG_IN:
		return operation->new_token && operation->new_refresh_token && operation->member;
	case OPERATION_DEVICE:
		return operation->device != NULL;
	case OPERATION_DEVICE_TOKEN:
	case OPERATION_RENEW:
		return operation->outcome.kind == OUTCOME_PENDING || operation->new_token;
	case OPERATION_WHO_AM_I:
		return operation->not_modified || operation->member != NULL;
	case OPERATION_DAY:
	case OPERATION_SPACE_DAY:
		return operation->not_modified || operation->space_count == 1;
	case OPERATION_PREVIEW:
		return operation->preview != NULL;
	case OPERATION_BOOK:
	case OPERATION_FIND_BOOKING:
		return operation->booking_count == 1;
	case OPERATION_ACTIVITY:
	case OPERATION_SIGN_UP:
	case OPERATION_WITHDRAW:
		return operation->activity_count == 1;
	case OPERATION_CARD:
		return operation->card_count == 1;
	case OPERATION_ORGANISATION:
		return operation->organisation_count == 1;
	case OPERATION_NEWS:
		return operation->new_after != NULL;
	case OPERATION_LOG_OUT:
	case OPERATION_CANCEL:
	case OPERATION_SPACES:
	case OPERATION_MY_BOOKINGS:
	case OPERATION_ACTIVITIES:
	case OPERATION_MY_SIGNUPS:
	case OPERATION_CARDS:
	case OPERATION_ORGANISATIONS:
		return true;
	}
	return false;
}

void recording_check_whole(const struct recording *recording)
{
	const struct operation *operation = &recording->operation;
	const struct outcome *outcome = &operation->outcome;
	assert_int_not_equal(outcome->kind, OUTCOME_NONE);
	assert_non_null(outcome->quotation);
	assert_non_null(outcome->told_by);
	assert_true(outcome->alternative_count == 0 || outcome->alternatives);
	if (outcome->kind == OUTCOME_DONE || outcome->kind == OUTCOME_PENDING || outcome->kind == OUTCOME_WAITLISTED) {
		if (!has_what_was_asked(operation))
			fail_msg("%s: done, with nothing to show", recording->name);
		assert_true(!operation->not_modified || operation->etag);
		assert_int_equal(outcome->place > 0, outcome->kind == OUTCOME_WAITLISTED);
		return;
	}
	assert_false(operation->not_modified);
	assert_int_equal(operation->space_count + operation->row_count + operation->booking_count, 0);
	assert_int_equal(operation->activity_count + operation->card_count + operation->organisation_count + operation->news_count, 0);
	assert_null(operation->next_page);
	assert_null(operation->member);
	assert_null(operation->preview);
	assert_null(operation->new_token);
	assert_null(operation->new_refresh_token);
	assert_null(operation->device);
}
