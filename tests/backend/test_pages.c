/* My bookings come in pages: each `next` is followed as it stands, to the end and nowhere else. And a day of which most is known comes alone,
 * or whole after all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recording.h"

#define LIST "/v1/members/me/bookings"

static const char *directory;

/* The recorded page, with `next` (JSON) in place of its own. */
static void answer_with_next(struct recording *recording, const char *next)
{
	cJSON *body = cJSON_Duplicate(recording_body(recording), true);
	cJSON_ReplaceItemInObjectCaseSensitive(body, "next", cJSON_Parse(next));
	recording_answer_json(recording, body);
	cJSON_Delete(body);
}

static enum step ask_first(struct recording *recording, const char *next)
{
	struct http_request request;
	recording_open(recording, directory, "my-bookings");
	answer_with_next(recording, next);
	assert_int_equal(backend_hacktiv.next(&recording->operation, &request), STEP_SEND);
	recording_check_request(recording, &request);
	return recording_take(recording);
}

static enum step ask_next(struct recording *recording, const char *path, const char *next)
{
	struct http_request request;
	assert_int_equal(backend_hacktiv.next(&recording->operation, &request), STEP_SEND);
	assert_string_equal(request.path, path);
	assert_int_equal(request.method, HTTP_GET);
	assert_string_equal(request.bearer, recording->operation.token);
	assert_int_equal(request.header_count, 1);
	assert_null(request.body);
	answer_with_next(recording, next);
	return recording_take(recording);
}

static void test_three_pages(void **state)
{
	(void)state;
	struct recording recording;
	assert_int_equal(ask_first(&recording, "\"" LIST "?from=2026-07-15&limit=200&cursor=a-_1%3D\""), STEP_SEND);
	recording.response.etag = "\"second\"";
	assert_int_equal(ask_next(&recording, LIST "?from=2026-07-15&limit=200&cursor=a-_1%3D", "\"" LIST "?cursor=b\""), STEP_SEND);
	assert_int_equal(ask_next(&recording, LIST "?cursor=b", "null"), STEP_ENDED);
	recording_check_whole(&recording);
	assert_int_equal(recording.operation.outcome.kind, OUTCOME_DONE);
	assert_int_equal(recording.operation.booking_count, 12);
	for (size_t i = 0; i < 12; i++)
		assert_string_equal(recording.operation.bookings[i].id, recording.operation.bookings[i % 4].id);
	assert_string_not_equal(recording.operation.new_etag, "\"second\"");
	recording_close(&recording);
}

/* The copy at hand is asked about once, and nothing else may be said to be unchanged. */
static void test_etag_of_the_first(void **state)
{
	(void)state;
	struct recording recording;
	struct http_request request;
	recording_open(&recording, directory, "my-bookings");
	recording.operation.etag = "\"old\"";
	answer_with_next(&recording, "\"" LIST "?cursor=a\"");
	backend_hacktiv.next(&recording.operation, &request);
	assert_int_equal(request.header_count, 2);
	assert_int_equal(recording_take(&recording), STEP_SEND);
	backend_hacktiv.next(&recording.operation, &request);
	assert_int_equal(request.header_count, 1);
	recording_answer(&recording, 304, "", "", 0);
	assert_int_equal(recording_take(&recording), STEP_ENDED);
	recording_check_whole(&recording);
	assert_int_equal(recording.operation.outcome.kind, OUTCOME_UNREACHABLE);
	recording_close(&recording);
}

/* Half a list is none. */
static void test_second_page_fails(void **state)
{
	(void)state;
	static const struct { int status; const char *type, *body; enum outcome_kind outcome; } answers[] = {
		{ 502, "text/html", "<html>", OUTCOME_UNREACHABLE }, { 401, "", "", OUTCOME_LOGIN_NEEDED },
		{ 200, "application/json", "{\"items\":[", OUTCOME_UNREACHABLE }, { 200, "application/json", "{\"items\":[7]}", OUTCOME_UNREACHABLE },
		{ 429, "", "", OUTCOME_THROTTLED },
	};
	for (size_t i = 0; i < COUNT_OF(answers); i++) {
		struct recording recording;
		struct http_request request;
		assert_int_equal(ask_first(&recording, "\"" LIST "?cursor=a\""), STEP_SEND);
		backend_hacktiv.next(&recording.operation, &request);
		recording_answer(&recording, answers[i].status, answers[i].type, answers[i].body, strlen(answers[i].body));
		assert_int_equal(recording_take(&recording), STEP_ENDED);
		recording_check_whole(&recording);
		assert_int_equal(recording.operation.outcome.kind, answers[i].outcome);
		recording_close(&recording);
	}
}

static void test_strange_next(void **state)
{
	(void)state;
	static const char *const strange[] = {
		"7", "\"\"", "true", "{}", "[]", "\"https://evil.example" LIST "?cursor=a\"", "\"//evil.example/\"",
		"\"/v1/sessions/current\"", "\"" LIST "\"", "\"" LIST "/../x?a\"", "\"" LIST "?a b\"", "\"" LIST "?a\\r\\nX: y\"",
		"\"" LIST "?\xc3\xa9\"", "\"" LIST "?a#b\"", "\"" LIST "?<a>\"",
	};
	for (size_t i = 0; i < COUNT_OF(strange); i++) {
		struct recording recording;
		if (ask_first(&recording, strange[i]) != STEP_ENDED || recording.operation.outcome.kind != OUTCOME_UNREACHABLE)
			fail_msg("%s was followed", strange[i]);
		recording_check_whole(&recording);
		recording_close(&recording);
	}
}

/* A list that bites its tail, and one that never ends. */
static void test_no_end(void **state)
{
	(void)state;
	struct recording recording;
	assert_int_equal(ask_first(&recording, "\"" LIST "?cursor=a\""), STEP_SEND);
	assert_int_equal(ask_next(&recording, LIST "?cursor=a", "\"" LIST "?cursor=a\""), STEP_ENDED);
	assert_int_equal(recording.operation.outcome.kind, OUTCOME_UNREACHABLE);
	recording_close(&recording);

	enum step step = ask_first(&recording, "\"" LIST "?cursor=0\"");
	int pages = 1;
	for (; step == STEP_SEND && pages < 1000; pages++) {
		const char *path = arena_print(recording.operation.arena, LIST "?cursor=%d", pages - 1);
		step = ask_next(&recording, path, arena_print(recording.operation.arena, "\"" LIST "?cursor=%d\"", pages));
	}
	assert_int_equal(pages, 100);
	assert_int_equal(recording.operation.outcome.kind, OUTCOME_UNREACHABLE);
	recording_close(&recording);
}

/* A search is told page by page: each ends, says where the next one is, and that one is asked for by its address. */
static void test_one_page_at_a_time(void **state)
{
	(void)state;
	static const struct { const char *name, *path; } searches[] = { { "cards", "/v1/members" }, { "organisations", "/v1/organisations" } };
	for (size_t i = 0; i < COUNT_OF(searches); i++) {
		struct recording first, second;
		struct http_request request;
		recording_open(&first, directory, searches[i].name);
		const char *next = arena_print(first.operation.arena, "%s?q=zo&limit=50&cursor=a-_1", searches[i].path);
		answer_with_next(&first, arena_print(first.operation.arena, "\"%s\"", next));
		recording_play(&first);
		assert_int_equal(first.operation.outcome.kind, OUTCOME_DONE);
		assert_string_equal(first.operation.next_page, next);

		/* The last page, and those that lead to themselves or out of the list. */
		const char *const strange[] = { "null", next, "/v1/members/me?x", "/v1/activities?x", "https://evil.example/?x" };
		for (size_t j = 0; j < COUNT_OF(strange); j++) {
			recording_open(&second, directory, searches[i].name);
			second.operation.page = next;
			answer_with_next(&second, j == 0 ? "null" : arena_print(second.operation.arena, "\"%s\"", strange[j]));
			assert_int_equal(backend_hacktiv.next(&second.operation, &request), STEP_SEND);
			assert_string_equal(request.path, next);
			assert_int_equal(recording_take(&second), STEP_ENDED);
			recording_check_whole(&second);
			assert_int_equal(second.operation.outcome.kind, j == 0 ? OUTCOME_DONE : OUTCOME_UNREACHABLE);
			assert_null(second.operation.next_page);
			recording_close(&second);
		}
		recording_close(&first);
	}
}

/* A list that nobody waits for any more leaves nothing behind: the leak sanitizer watches. */
static void test_left_in_the_middle(void **state)
{
	(void)state;
	struct recording recording;
	struct http_request request;
	recording_open(&recording, directory, "spaces");
	static const char many[] = "{\"items\":[";
	struct buffer body;
	buffer_init(&body, 1 << 20);
	buffer_add_text(&body, many);
	for (int i = 0; i < 3 * BACKEND_SLICE; i++)
		buffer_print(&body, "%s{\"id\":\"x\",\"name\":\"x\",\"time_zone\":\"UTC\"}", i ? "," : "");
	buffer_add_text(&body, "]}");
	recording_answer(&recording, 200, "application/json", body.bytes, body.length);
	buffer_clear(&body);
	backend_hacktiv.next(&recording.operation, &request);
	assert_int_equal(backend_hacktiv.take(&recording.operation, &recording.response), STEP_MORE);
	recording_close(&recording);
}

/* ---- a day of which the resources are known ---- */

/* All that was recorded is known, but for what is another on that day. */
static void know_the_day(struct recording *recording)
{
	struct operation *operation = &recording->operation;
	recording_open(recording, directory, "day");
	recording_play(recording);
	operation->known_rows = operation->rows;
	operation->known_count = operation->row_count;
	operation->known_version = operation->spaces[0].version;
	operation->outcome.kind = OUTCOME_NONE;
	operation->row_count = 0;
	backend_hacktiv.close(operation);
}

#define DAY "\"day\":{\"date\":\"2026-07-15\",\"open\":true,\"closed\":null,\"holiday\":null,\"reason\":\"\",\"hours\":[[\"09:00\",\"17:00\"]]," \
	"\"desks\":8,\"free_morning\":7,\"free_afternoon\":8}"

static enum step answer_alone(struct recording *recording, int status, const char *items, int more_than_known)
{
	struct operation *operation = &recording->operation;
	struct http_request request;
	assert_int_equal(backend_hacktiv.next(operation, &request), STEP_SEND);
	assert_non_null(strstr(request.path, "/day?date=2026-07-15"));
	assert_int_equal(request.header_count, 1);
	const char *body = arena_print(operation->arena, "{\"items\":%s,\"next\":null,\"prev\":null,\"version\":%d,%s}", items,
	                               (int)operation->known_version + more_than_known, DAY);
	recording_answer(recording, status, status == 404 ? "application/problem+json" : "application/json", body, strlen(body));
	return recording_take(recording);
}

static void test_day_alone(void **state)
{
	(void)state;
	struct recording recording;
	know_the_day(&recording);
	struct operation *operation = &recording.operation;
	assert_int_equal(answer_alone(&recording, 200, "[{\"index\":1,\"morning\":\"taken\",\"busy\":[{\"start\":\"09:00\",\"end\":\"13:00\",\"who\":\"taken\"}]},"
	                              "{\"index\":12,\"state\":\"planned\",\"state_reason\":\"bientôt\",\"morning\":\"not_bookable\"}]", 0), STEP_ENDED);
	assert_int_equal(operation->outcome.kind, OUTCOME_DONE);
	assert_int_equal(operation->row_count, 13);
	for (size_t i = 0; i < 13; i++) {
		assert_string_equal(operation->rows[i].resource.name, operation->known_rows[i].resource.name);
		assert_int_equal(operation->rows[i].morning, i == 1 ? SLOT_TAKEN : i == 12 ? SLOT_NOT_BOOKABLE : SLOT_FREE);
		assert_int_equal(operation->rows[i].resource.state, i == 12 ? RESOURCE_PLANNED : RESOURCE_BOOKABLE);
		assert_int_equal(operation->rows[i].busy_count, i == 1);
	}
	assert_int_equal(operation->spaces[0].today.free_morning, 7);
	recording_close(&recording);
}

static void test_one_row_of_a_day(void **state)
{
	(void)state;
	struct recording recording;
	know_the_day(&recording);
	struct operation *operation = &recording.operation;
	operation->resource_id = operation->known_rows[2].resource.id;
	assert_int_equal(answer_alone(&recording, 200, "[{\"index\":2,\"morning\":\"past\"}]", 0), STEP_ENDED);
	for (size_t i = 0; i < 13; i++)
		assert_int_equal(operation->rows[i].morning, i == 2 ? SLOT_PAST : operation->known_rows[i].morning);
	recording_close(&recording);
}

static const struct { int status; const char *items; int newer; bool one; } unlike[] = {
	{ 200, "[]", 1, false }, { 200, "[{\"index\":13}]", 0, false }, { 404, "[]", 0, false },
	{ 200, "[]", 0, true }, { 200, "[{\"index\":3}]", 0, true },
};

static void test_whole_day_after_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(unlike); i++) {
		struct recording recording;
		struct http_request request;
		know_the_day(&recording);
		struct operation *operation = &recording.operation;
		operation->resource_id = unlike[i].one ? operation->known_rows[2].resource.id : NULL;
		assert_int_equal(answer_alone(&recording, unlike[i].status, unlike[i].items, unlike[i].newer), STEP_SEND);
		assert_int_equal(backend_hacktiv.next(operation, &request), STEP_SEND);
		assert_non_null(strstr(request.path, "/availability?date=2026-07-15"));
		recording.response.status = 200;
		recording.response.content_type = "application/json";
		recording_answer_json(&recording, recording_body(&recording));
		assert_int_equal(recording_take(&recording), STEP_ENDED);
		assert_int_equal(operation->outcome.kind, OUTCOME_DONE);
		assert_int_equal(operation->row_count, 13);
		recording_close(&recording);
	}
}

int main(int count, char **arguments)
{
	if (count != 2)
		die("usage: test_pages DIRECTORY");
	directory = arguments[1];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_three_pages),    cmocka_unit_test(test_etag_of_the_first), cmocka_unit_test(test_second_page_fails),
		cmocka_unit_test(test_strange_next), cmocka_unit_test(test_no_end), cmocka_unit_test(test_left_in_the_middle),
		cmocka_unit_test(test_one_page_at_a_time), cmocka_unit_test(test_day_alone), cmocka_unit_test(test_one_row_of_a_day),
		cmocka_unit_test(test_whole_day_after_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
