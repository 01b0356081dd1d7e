/* Answers that are not what was promised, made by hand, to every operation: each ends in the word that a person can trust. A write
 * of which nothing is sure is unknown, never failed; a read is unreachable, with RULE_OTHER when something strange answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hacktiv/wire.h"

#include "recording.h"

#define DATE 1784093400   /* what the server's clock says */

static const char *directory;

/* Recordings that went well, one of each operation. */
static const char *const operations[] = {
	"log-in", "log-out", "who-am-i", "spaces", "day", "space-day", "my-bookings", "preview", "find-booking", "book", "cancel",
	"activities", "activity", "sign-up", "withdraw", "my-signups", "cards", "card", "organisations", "organisation", "device",
	"device-token", "renew", "news",
};
_Static_assert(COUNT_OF(operations) == OPERATIONS, "an operation without its bad answers");
#define KINDS_ASKED COUNT_OF(operations)

static void expect(const struct recording *recording, const char *what, enum outcome_kind kind, enum rule rule)
{
	const struct outcome *outcome = &recording->operation.outcome;
	if (outcome->kind != kind || outcome->rule != rule)
		fail_msg("%s, %s: %s %s instead of %s %s", recording->name, what, outcome_wire_name(outcome->kind),
		         rule_wire_name(outcome->rule), outcome_wire_name(kind), rule_wire_name(rule));
	recording_check_whole(recording);
}

/* ---- the same bad answer to each operation ---- */

#define HTML    "text/html"
#define JSON    "application/json"
#define PROBLEM "application/problem+json"
#define NO      (-1)

struct answer {
	const char *what;
	int status;
	const char *type, *body;
	int retry_after_s;
	enum outcome_kind read, write;
	enum rule rule;
};

static const struct answer answers[] = {
	{ "a page of HTML", 200, HTML, "<html>Bienvenue, acceptez", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a page of HTML that says created", 201, HTML, "<html>", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "JSON under another name", 200, "text/plain", "{\"items\":[]}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "JSON without a name", 200, "", "{\"items\":[]}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "nothing", 200, JSON, "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "nothing, created", 201, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "an empty object", 200, JSON, "{}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a list", 200, JSON, "[1,2,3]", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a list of objects", 200, JSON, "[{\"id\":\"x\"}]", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a text", 200, JSON, "\"ok\"", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "null", 200, JSON, "null", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "items that are an object", 200, JSON, "{\"items\":{}}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "items that are null", 200, JSON, "{\"items\":null}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "an item that is null", 200, JSON, "{\"items\":[null]}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a byte order mark", 200, JSON, "\xef\xbb\xbf{\"items\":[]}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "Latin-1", 200, JSON, "{\"items\":[],\"x\":\"\xe9\"}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "two answers in one", 200, JSON, "{\"items\":[]}{\"items\":[]}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a member twice", 200, JSON, "{\"items\":[],\"items\":[]}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "not modified, unasked", 304, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a way elsewhere", 302, HTML, "<html>", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a way elsewhere, bare", 307, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "no status", 0, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "a status that is none", 999, JSON, "{}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "400", 400, JSON, "{}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "401", 401, "", "", NO, OUTCOME_LOGIN_NEEDED, OUTCOME_LOGIN_NEEDED, RULE_NONE },
	{ "401 with a problem", 401, PROBLEM, "{\"type\":\"/problems/unauthenticated\"}", NO,
	  OUTCOME_LOGIN_NEEDED, OUTCOME_LOGIN_NEEDED, RULE_NONE },
	{ "401 of a proxy", 401, HTML, "<html>", NO, OUTCOME_UNREACHABLE, OUTCOME_UNREACHABLE, RULE_OTHER },
	{ "403", 403, "", "", NO, OUTCOME_NOT_ALLOWED, OUTCOME_NOT_ALLOWED, RULE_NONE },
	{ "403 with a problem", 403, PROBLEM, "{\"type\":\"/problems/forbidden\",\"detail\":\"No.\"}", NO,
	  OUTCOME_NOT_ALLOWED, OUTCOME_NOT_ALLOWED, RULE_OTHER },
	{ "403 with a broken problem", 403, PROBLEM, "{\"type\":", NO, OUTCOME_NOT_ALLOWED, OUTCOME_NOT_ALLOWED, RULE_NONE },
	{ "403 of a guard in between", 403, HTML, "<html>", NO, OUTCOME_UNREACHABLE, OUTCOME_UNREACHABLE, RULE_OTHER },
	{ "404", 404, "", "", NO, OUTCOME_NOT_FOUND, OUTCOME_NOT_FOUND, RULE_NONE },
	{ "404 with a problem", 404, PROBLEM, "{\"type\":\"/problems/not-found\"}", NO, OUTCOME_NOT_FOUND, OUTCOME_NOT_FOUND, RULE_OTHER },
	{ "404 with a broken problem", 404, PROBLEM, "[", NO, OUTCOME_NOT_FOUND, OUTCOME_NOT_FOUND, RULE_NONE },
	{ "404 of a web site", 404, HTML, "<html>", NO, OUTCOME_UNREACHABLE, OUTCOME_UNREACHABLE, RULE_OTHER },
	{ "410", 410, "", "", NO, OUTCOME_NOT_FOUND, OUTCOME_NOT_FOUND, RULE_NONE },
	{ "409, taken", 409, PROBLEM, "{\"type\":\"/problems/slot-taken\"}", NO, OUTCOME_CONFLICT, OUTCOME_CONFLICT, RULE_SLOT_TAKEN },
	{ "409, still at it", 409, PROBLEM, "{\"type\":\"/problems/request-in-progress\"}", NO,
	  OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "409 without a word", 409, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "412, stale", 412, PROBLEM, "{\"type\":\"/problems/stale-version\"}", NO, OUTCOME_REFUSED, OUTCOME_REFUSED, RULE_STALE_VERSION },
	{ "422, our fault", 422, PROBLEM, "{\"type\":\"/problems/validation\"}", NO, OUTCOME_REFUSED, OUTCOME_REFUSED, RULE_VALIDATION },
	{ "422, a problem nobody knows", 422, PROBLEM, "{\"type\":\"https://ailleurs.example/p/full-moon\",\"title\":\"Full moon\"}", NO,
	  OUTCOME_REFUSED, OUTCOME_REFUSED, RULE_OTHER },
	{ "422, a problem without a type", 422, PROBLEM, "{}", NO, OUTCOME_REFUSED, OUTCOME_REFUSED, RULE_OTHER },
	{ "422, alternatives that are none", 422, PROBLEM, "{\"type\":\"/problems/space-closed\",\"alternatives\":[7,{}]}", NO,
	  OUTCOME_REFUSED, OUTCOME_REFUSED, RULE_SPACE_CLOSED },
	{ "422, a list for a problem", 422, PROBLEM, "[]", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "422, half a problem", 422, PROBLEM, "{\"type\":\"/problems/slot-t", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "429", 429, PROBLEM, "{}", NO, OUTCOME_THROTTLED, OUTCOME_THROTTLED, RULE_NONE },
	{ "429 until then", 429, HTML, "<html>", 30, OUTCOME_THROTTLED, OUTCOME_THROTTLED, RULE_NONE },
	{ "500 with a problem", 500, PROBLEM, "{\"type\":\"about:blank\"}", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_NONE },
	{ "502 of a proxy", 502, HTML, "<html>Bad Gateway", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_OTHER },
	{ "502, bare", 502, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_NONE },
	{ "503", 503, "", "", NO, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN, RULE_NONE },
	{ "503 until then", 503, "", "", 120, OUTCOME_THROTTLED, OUTCOME_THROTTLED, RULE_NONE },
};

static bool is_write(const struct recording *recording)
{
	enum operation_kind kind = recording->operation.kind;
	return kind == OPERATION_BOOK || kind == OPERATION_CANCEL || kind == OPERATION_SIGN_UP || kind == OPERATION_WITHDRAW;
}

static void test_answer(void **state)
{
	const struct answer *answer = *state;
	for (size_t i = 0; i < KINDS_ASKED; i++) {
		struct recording recording;
		recording_open(&recording, directory, operations[i]);
		recording_answer(&recording, answer->status, answer->type, answer->body, strlen(answer->body));
		recording.response.etag = recording.response.location = NULL;
		recording.response.retry_after_s = answer->retry_after_s;
		recording.response.date = DATE;
		recording_play(&recording);
		expect(&recording, answer->what, is_write(&recording) ? answer->write : answer->read, answer->rule);
		const struct outcome *outcome = &recording.operation.outcome;
		if (outcome->kind == OUTCOME_THROTTLED)
			assert_int_equal(outcome->until, DATE + (answer->retry_after_s > 0 ? answer->retry_after_s : 1));
		recording_close(&recording);
	}
}

/* No content is the whole answer to two of them, and none at all to the others. */
static void test_no_content(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS_ASKED; i++) {
		struct recording recording;
		recording_open(&recording, directory, operations[i]);
		recording_answer(&recording, 204, "", "", 0);
		recording_play(&recording);
		bool fine = recording.operation.kind == OPERATION_CANCEL || recording.operation.kind == OPERATION_LOG_OUT;
		expect(&recording, "no content", fine ? OUTCOME_DONE : is_write(&recording) ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE,
		       fine ? RULE_NONE : RULE_OTHER);
		recording_close(&recording);
	}
}

/* What went wrong on the way there. */
static void test_no_answer(void **state)
{
	(void)state;
	static const struct { enum transport_result transport; enum outcome_kind read, write; } ways[] = {
		{ TRANSPORT_NOT_SENT, OUTCOME_UNREACHABLE, OUTCOME_UNREACHABLE },
		{ TRANSPORT_LOST, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN },
		{ TRANSPORT_TOO_LARGE, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN },
		{ TRANSPORT_CANCELLED, OUTCOME_UNREACHABLE, OUTCOME_UNKNOWN },
	};
	for (size_t i = 0; i < KINDS_ASKED * COUNT_OF(ways); i++) {
		struct recording recording;
		recording_open(&recording, directory, operations[i % KINDS_ASKED]);
		recording.response = (struct http_response){ .transport = ways[i / KINDS_ASKED].transport, .retry_after_s = -1 };
		problem_set(&recording.response.problem, PROBLEM_IO, "", "The line is cut.");
		recording_play(&recording);
		expect(&recording, "no answer", is_write(&recording) ? ways[i / KINDS_ASKED].write : ways[i / KINDS_ASKED].read, RULE_NONE);
		assert_string_equal(recording.operation.outcome.quotation, "The line is cut.");
		recording_close(&recording);
	}
}

/* ---- the true answer, changed ---- */

/* Cut at every byte, it is never taken for the whole. */
static void test_cut_short(void **state)
{
	const char *name = *state;
	struct recording whole;
	recording_open(&whole, directory, name);
	size_t length = whole.response.body_length;
	for (size_t cut = 0; cut < length; cut += length > 2000 ? 7 : 1) {
		struct recording recording;
		recording_open(&recording, directory, name);
		recording.response.body = arena_copy_bytes(recording.operation.arena, whole.response.body, cut);
		recording.response.body_length = cut;
		recording_play(&recording);
		expect(&recording, "cut short", is_write(&recording) ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, RULE_OTHER);
		recording_close(&recording);
	}
	recording_close(&whole);
}

typedef void change(cJSON *body, cJSON *changed, const char *name);

/* Calls `act` for each member and element of a tree. */
static void at_each(cJSON *body, cJSON *parent, const char *name, change *act)
{
	cJSON *child;
	cJSON_ArrayForEach(child, parent) {
		act(body, child, name);
		at_each(body, child, name, act);
	}
}

/* Two rows of a list stand for all. */
static void each_change(const char *name, change *act)
{
	struct recording recording;
	recording_open(&recording, directory, name);
	cJSON *body = cJSON_Duplicate(recording_body(&recording), true);
	assert_non_null(body);
	cJSON *items = cJSON_GetObjectItemCaseSensitive(body, "items");
	while (cJSON_GetArraySize(items) > 2)
		cJSON_DeleteItemFromArray(items, 2);
	at_each(body, body, name, act);
	cJSON_Delete(body);
	recording_close(&recording);
}

static void play_changed(struct recording *recording, const cJSON *body, const char *name)
{
	recording_open(recording, directory, name);
	recording_answer_json(recording, body);
	recording_play(recording);
}

/* Whatever stands there instead: done whole, or not at all. */
static void put_anything(cJSON *body, cJSON *child, const char *name)
{
	static const char *const anything[] = {
		"null", "true", "-1", "1e99", "2147483648", "\"\"", "\"x\"", "[]", "{}", "[[[]]]", "[null]", "[7,\"x\",{}]",
	};
	cJSON kept = *child;
	for (size_t i = 0; i < COUNT_OF(anything); i++) {
		cJSON *other = cJSON_Parse(anything[i]);
		child->type = other->type;
		child->child = other->child;
		child->valuestring = other->valuestring;
		child->valuedouble = other->valuedouble;
		struct recording recording;
		play_changed(&recording, body, name);
		enum outcome_kind kind = recording.operation.outcome.kind;
		bool unsure = kind == (is_write(&recording) ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE);
		/* Refusals stay refusals, whatever else is wrong with them. */
		if (!(recording.response.status >= 400 ? outcome_is_final(kind) || kind == OUTCOME_UNKNOWN
		                                       : kind == OUTCOME_DONE || kind == OUTCOME_PENDING || unsure ||
		                                         kind == OUTCOME_NOT_FOUND || kind == OUTCOME_WAITLISTED))
			fail_msg("%s: %s for %s: %s", name, anything[i], child->string, outcome_wire_name(kind));
		cJSON_Delete(recording_snapshot(&recording));
		recording_close(&recording);
		*child = kept;
		cJSON_Delete(other);
	}
}

static void test_anything(void **state)
{
	each_change(*state, put_anything);
}

static void put_hostile(cJSON *body, cJSON *child, const char *name)
{
	if (!cJSON_IsString(child))
		return;
	char *kept = child->valuestring;
	child->valuestring = (char[]){ "a\033[31mb\302\233c\342\200\256d\342\200\213e\342\201\246f\177g\007\r\nh" };
	struct recording recording;
	play_changed(&recording, body, name);
	child->valuestring = kept;
	cJSON *snapshot = recording_snapshot(&recording);
	char *printed = cJSON_PrintUnformatted(snapshot);
	static const char *const marks[] = {
		"\\u001b", "\302\233", "\342\200\256", "\342\200\213", "\342\201\246", "\177", "\\u0007", "\\u007f", "\\r",
	};
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		if (strstr(printed, marks[i]))
			fail_msg("%s: %s lets through %zu: %s", name, child->string ? child->string : "?", i, printed);
	}
	cJSON_free(printed);
	cJSON_Delete(snapshot);
	recording_close(&recording);
}

static void test_hostile(void **state)
{
	each_change(*state, put_hostile);
}

struct wrong {
	const char *name, *pointer, *value;      /* value NULL: the member is missing */
	enum outcome_kind outcome;
};

static const struct wrong wrongs[] = {
	{ "log-in", "/token", NULL, OUTCOME_UNREACHABLE },
	{ "log-in", "/token", "\"a b\"", OUTCOME_UNREACHABLE },
	{ "log-in", "/token", "\"a\\r\\nX-Evil: 1\"", OUTCOME_UNREACHABLE },
	{ "log-in", "/member", "[]", OUTCOME_UNREACHABLE },
	{ "log-in", "/expires_at", "7", OUTCOME_UNREACHABLE },
	{ "log-in", "/brand_new", "7", OUTCOME_DONE },
	{ "who-am-i", "/id", "7", OUTCOME_UNREACHABLE },
	{ "who-am-i", "/name", NULL, OUTCOME_UNREACHABLE },
	{ "who-am-i", "/home_space_id", "null", OUTCOME_DONE },
	{ "spaces", "/items", "{}", OUTCOME_UNREACHABLE },
	{ "spaces", "/items", "[]", OUTCOME_DONE },
	{ "spaces", "/items/0", "[]", OUTCOME_UNREACHABLE },
	{ "spaces", "/items/3/id", "7", OUTCOME_UNREACHABLE },
	{ "spaces", "/items/3/time_zone", NULL, OUTCOME_UNREACHABLE },
	{ "spaces", "/items/2/day/desks", "1e9", OUTCOME_UNREACHABLE },
	{ "space-day", "/day", NULL, OUTCOME_UNREACHABLE },
	{ "space-day", "/day/date", "\"someday\"", OUTCOME_UNREACHABLE },
	{ "space-day", "/version", "\"17\"", OUTCOME_UNREACHABLE },
	{ "day", "/space", NULL, OUTCOME_UNREACHABLE },
	{ "day", "/space", "[]", OUTCOME_UNREACHABLE },
	{ "day", "/items/0/resource", "null", OUTCOME_UNREACHABLE },
	{ "day", "/items/0/morning", "\"perhaps\"", OUTCOME_UNREACHABLE },
	{ "day", "/items/0/afternoon", "{}", OUTCOME_UNREACHABLE },
	{ "my-bookings", "/items/0/start", "1784790000", OUTCOME_UNREACHABLE },
	{ "my-bookings", "/items/0/part", "\"evening\"", OUTCOME_UNREACHABLE },
	{ "my-bookings", "/items/0/space_id", "[]", OUTCOME_UNREACHABLE },
	{ "my-bookings", "/items/0/state", "\"dreamt\"", OUTCOME_UNREACHABLE },
	{ "preview", "/booking", "[]", OUTCOME_UNREACHABLE },
	{ "preview", "/obstacles", "{}", OUTCOME_UNREACHABLE },
	{ "preview", "/alternatives", "7", OUTCOME_UNREACHABLE },
	{ "preview", "/booking/gross_cents", "\"9.68\"", OUTCOME_UNREACHABLE },
	{ "book", "/id", "\"0198b1a0-0000-7000-8000-000000000099\"", OUTCOME_UNKNOWN },
	{ "book", "/id", NULL, OUTCOME_UNKNOWN },
	{ "book", "/end", "\"2026-07-23T08:00:00+02:00\"", OUTCOME_UNKNOWN },
	{ "book", "/net_cents", "-800", OUTCOME_UNKNOWN },
	{ "book", "/state", "\"pending\"", OUTCOME_PENDING },
	{ "book", "/state", "\"cancelled\"", OUTCOME_NOT_FOUND },
	{ "book-hours", "/start", "\"15:30\"", OUTCOME_UNKNOWN },
	{ "activities", "/items/0/start", NULL, OUTCOME_UNREACHABLE },
	{ "activities", "/items/0/languages", "\"fr\"", OUTCOME_UNREACHABLE },
	{ "activities", "/items/0/format", "\"seance\"", OUTCOME_DONE },
	{ "activities", "/items/0/capacity", "0", OUTCOME_UNREACHABLE },
	{ "activities", "/items/0/mine", "[]", OUTCOME_UNREACHABLE },
	{ "activities", "/items/0/mine/state", "\"dreaming\"", OUTCOME_UNREACHABLE },
	{ "activities", "/next", "\"https://evil.example/v1/activities?x\"", OUTCOME_UNREACHABLE },
	{ "activity", "/id", "\"x\"", OUTCOME_UNREACHABLE },
	{ "activity", "/state", "\"perhaps\"", OUTCOME_UNREACHABLE },
	{ "sign-up", "/id", "\"x\"", OUTCOME_UNKNOWN },
	{ "sign-up", "/mine", "null", OUTCOME_UNKNOWN },
	{ "sign-up", "/mine/state", "\"withdrawn\"", OUTCOME_UNKNOWN },
	{ "sign-up-full", "/mine/place", NULL, OUTCOME_UNKNOWN },
	{ "sign-up-full", "/mine/place", "-1", OUTCOME_UNKNOWN },
	{ "sign-up-full", "/mine/place", "12", OUTCOME_WAITLISTED },
	{ "withdraw", "/mine/state", "\"signed_up\"", OUTCOME_UNKNOWN },
	{ "withdraw", "/mine", "null", OUTCOME_DONE },
	{ "cards", "/items/0/name", "\"\\u200b\"", OUTCOME_UNREACHABLE },
	{ "cards", "/items", "null", OUTCOME_UNREACHABLE },
	{ "cards", "/next", "\"/v1/organisations?limit=2\"", OUTCOME_UNREACHABLE },
	{ "cards", "/next", "\"/v1/members?cursor=x\"", OUTCOME_DONE },
	{ "card", "/id", "\"x\"", OUTCOME_UNREACHABLE },
	{ "card", "/email", "7", OUTCOME_DONE },
	{ "organisations", "/items/1", "\"x\"", OUTCOME_UNREACHABLE },
	{ "organisation", "/id", NULL, OUTCOME_UNREACHABLE },
	{ "organisation", "/registration_number", "\"0999000128\"", OUTCOME_DONE },
	{ "find-booking", "/id", "\"0198b1a0-0000-7000-8000-000000000099\"", OUTCOME_UNREACHABLE },
	{ "find-booking", "/version", "\"1\"", OUTCOME_UNREACHABLE },
	{ "find-booking", "/state", "\"pending\"", OUTCOME_PENDING },
};

static cJSON *step_into(cJSON *object, const char *name)
{
	return cJSON_IsArray(object) ? cJSON_GetArrayItem(object, (int)strtol(name, NULL, 10))
	                             : cJSON_GetObjectItemCaseSensitive(object, name);
}

static void put(struct arena *arena, cJSON *object, const char *pointer, const char *value)
{
	for (;;) {
		size_t length = strcspn(pointer + 1, "/");
		const char *name = arena_copy_bytes(arena, pointer + 1, length);
		if (!pointer[1 + length] && cJSON_IsArray(object)) {
			cJSON_ReplaceItemInArray(object, (int)strtol(name, NULL, 10), cJSON_Parse(value));
			return;
		}
		if (!pointer[1 + length]) {
			cJSON_DeleteItemFromObjectCaseSensitive(object, name);
			if (value)
				cJSON_AddItemToObject(object, name, cJSON_Parse(value));
			return;
		}
		object = step_into(object, name);
		assert_non_null(object);
		pointer += 1 + length;
	}
}

static void test_wrong_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrongs); i++) {
		struct recording recording;
		recording_open(&recording, directory, wrongs[i].name);
		cJSON *body = cJSON_Duplicate(recording_body(&recording), true);
		put(recording.operation.arena, body, wrongs[i].pointer, wrongs[i].value);
		recording_answer_json(&recording, body);
		cJSON_Delete(body);
		recording_play(&recording);
		if (recording.operation.outcome.kind != wrongs[i].outcome)
			fail_msg("%s %s = %s: %s", wrongs[i].name, wrongs[i].pointer, wrongs[i].value ? wrongs[i].value : "nothing",
			         outcome_wire_name(recording.operation.outcome.kind));
		recording_close(&recording);
	}
}

/* The server's own sentence is quoted, cleaned and cut. */
static void test_quotation(void **state)
{
	(void)state;
	struct recording recording;
	recording_open(&recording, directory, "book");
	static const char words[] = "{\"type\":\"/problems/full-moon\",\"detail\":\"\\u001b[2JPas\\u202e ce soir.\\nJamais.\"}";
	recording_answer(&recording, 422, PROBLEM, words, strlen(words));
	recording_play(&recording);
	expect(&recording, "a problem nobody knows", OUTCOME_REFUSED, RULE_OTHER);
	assert_string_equal(recording.operation.outcome.quotation, "[2JPas ce soir. Jamais.");
	recording_close(&recording);
}

/* ---- more than anybody needs ---- */

static const char SMALLEST_SPACE[] = "{\"id\":\"x\",\"name\":\"x\",\"time_zone\":\"UTC\"}";

/* `{"items":[ROW,ROW,…]}` */
static void answer_many(struct recording *recording, const char *row, size_t count)
{
	struct buffer body;
	buffer_init(&body, HTTP_RESPONSE_MAX);
	buffer_add_text(&body, "{\"items\":[");
	for (size_t i = 0; i < count; i++) {
		buffer_add_text(&body, i ? "," : "");
		buffer_add_text(&body, row);
	}
	assert_true(buffer_add_text(&body, "]}"));
	recording_answer(recording, 200, JSON, body.bytes, body.length);
	buffer_clear(&body);
}

static void test_many(void **state)
{
	(void)state;
	static const struct { size_t rows; enum outcome_kind outcome; } counts[] = {
		{ 0, OUTCOME_DONE }, { 1000, OUTCOME_DONE }, { 1001, OUTCOME_UNREACHABLE }, { 100000, OUTCOME_UNREACHABLE },
	};
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct recording recording;
		recording_open(&recording, directory, "spaces");
		answer_many(&recording, SMALLEST_SPACE, counts[i].rows);
		recording_play(&recording);
		assert_int_equal(recording.operation.outcome.kind, counts[i].outcome);
		size_t read = counts[i].outcome == OUTCOME_DONE ? counts[i].rows : 0;
		assert_int_equal(recording.operation.space_count, read);
		assert_true(recording.slices >= (int)(read / BACKEND_SLICE));
		assert_true(arena_bytes(recording.operation.arena) < 8u << 20);
		recording_close(&recording);
	}
}

static void test_deep(void **state)
{
	(void)state;
	static const char *const before[] = { "", "{\"items\":[", "{\"items\":[{\"id\":\"x\",\"opening\":", "{\"type\":" };
	char brackets[10001];
	memset(brackets, '[', sizeof brackets - 1);
	brackets[sizeof brackets - 1] = '\0';
	for (size_t i = 0; i < KINDS_ASKED * COUNT_OF(before); i++) {
		struct recording recording;
		recording_open(&recording, directory, operations[i % KINDS_ASKED]);
		const char *body = arena_print(recording.operation.arena, "%s%s", before[i / KINDS_ASKED], brackets);
		recording_answer(&recording, 200, JSON, body, strlen(body));
		recording_play(&recording);
		expect(&recording, "the deep", is_write(&recording) ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, RULE_OTHER);
		recording_close(&recording);
	}
}

/* ---- all of them ---- */

static const char *const with_body[] = {
	"log-in", "who-am-i", "spaces", "day", "space-day", "my-bookings", "preview", "preview-taken", "find-booking", "book", "book-hours", "book-taken",
	"activities", "activity", "sign-up", "sign-up-full", "withdraw", "cards", "card", "organisations", "organisation", "device",
	"device-token", "renew", "news",
};

static size_t add(struct CMUnitTest *tests, size_t count, const char *prefix, const char *name, CMUnitTestFunction test,
                  const void *about)
{
	static struct arena *names;   /* for the whole run: cmocka keeps the pointers */
	names = names ? names : arena_new();
	tests[count] = (struct CMUnitTest){ arena_print(names, "%s%s", prefix, name), test, NULL, NULL, (void *)(uintptr_t)about };
	return count + 1;
}

int main(int argument_count, char **arguments)
{
	if (argument_count != 2)
		die("usage: test_answers DIRECTORY");
	directory = arguments[1];
	struct CMUnitTest tests[COUNT_OF(answers) + 3 * COUNT_OF(with_body) + 6] = {
		cmocka_unit_test(test_no_content), cmocka_unit_test(test_no_answer),    cmocka_unit_test(test_wrong_fields),
		cmocka_unit_test(test_quotation),  cmocka_unit_test(test_many), cmocka_unit_test(test_deep),
	};
	size_t count = 6;
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		count = add(tests, count, "", answers[i].what, test_answer, &answers[i]);
	for (size_t i = 0; i < COUNT_OF(with_body); i++) {
		count = add(tests, count, "cut short: ", with_body[i], test_cut_short, with_body[i]);
		count = add(tests, count, "anything anywhere: ", with_body[i], test_anything, with_body[i]);
		count = add(tests, count, "hostile text: ", with_body[i], test_hostile, with_body[i]);
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
