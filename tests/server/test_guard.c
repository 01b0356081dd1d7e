/* test_guard.c — heads that libmicrohttpd lets through: which of them may be answered, and what is wrong with the others. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "guard.h"

#define FIELDS_MAX 4
#define SOUND ((enum refusal)-1)

#define HOST { "Host", "localhost" }
#define REFUSES(what) what, (enum verb)0

static const struct {
	const char *method, *target, *version;
	struct field fields[FIELDS_MAX];
	enum refusal refusal;      /* SOUND: none */
	enum verb verb;
	const char *why;
} heads[] = {
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST }, SOUND, VERB_GET, "an ordinary one" },
	{ "HEAD", "/v1/meta", "HTTP/1.1", { HOST }, SOUND, VERB_GET, "HEAD is GET without a body" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "65536" } }, SOUND, VERB_POST, "the largest body" },
	{ "DELETE", "/v1/sessions/current", "HTTP/1.1", { HOST }, SOUND, VERB_DELETE, "" },
	{ "OPTIONS", "*", "HTTP/1.1", { HOST }, SOUND, VERB_OPTIONS, "about everything" },
	{ "GET", "/v1/meta", "HTTP/1.0", { { 0 } }, SOUND, VERB_GET, "1.0 knows no Host" },
	{ "GET", "/v1/meta", "HTTP/1.1", { { "hOsT", "localhost" }, { "X-Odd", "a\tb" } }, SOUND, VERB_GET, "case and tabs are fine" },
	{ "GET", "/v1/spaces/%C3%A9?date=a%20b", "HTTP/1.1", { HOST }, SOUND, VERB_GET, "whole percent signs" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "X-Odd", "caf\xc3\xa9" } }, SOUND, VERB_GET, "bytes over 0x7f are opaque data" },

	{ "GET", "/v1/meta", "HTTP/2.0", { HOST }, REFUSES(REFUSE_VERSION_UNKNOWN), "" },
	{ "GET", "/v1/meta", "HTTP/1.2", { HOST }, REFUSES(REFUSE_VERSION_UNKNOWN), "" },
	{ "GET", "/v1/meta", "", { HOST }, REFUSES(REFUSE_VERSION_UNKNOWN), "none" },
	{ "BREW", "/v1/meta", "HTTP/1.1", { HOST }, REFUSES(REFUSE_METHOD_UNKNOWN), "" },
	{ "get", "/v1/meta", "HTTP/1.1", { HOST }, REFUSES(REFUSE_METHOD_UNKNOWN), "methods have capitals" },
	{ "CONNECT", "/v1/meta", "HTTP/1.1", { HOST }, REFUSES(REFUSE_METHOD_UNKNOWN), "no proxy" },
	{ "GET", "*", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "nothing but OPTIONS is about everything" },
	{ "GET", "", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "no target" },
	{ "GET", "v1/meta", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "no slash" },
	{ "GET", "http://other/v1/meta", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "as one asks a proxy" },
	{ "GET", "/v1/meta#top", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a fragment" },
	{ "GET", "/v1/m eta", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a space" },
	{ "GET", "/v1/\xc3\xa9", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "raw UTF-8" },
	{ "GET", "/v1/meta%", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a percent sign and no more" },
	{ "GET", "/v1/meta%4", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "half a percent sign" },
	{ "GET", "/v1/meta%4g", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "g is no digit" },
	{ "GET", "/v1/meta%00", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "NUL in disguise" },
	{ "GET", "/v1/meta%0d%0aX:1", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a line in disguise" },
	{ "GET", "/v1/meta%1b", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "ESC in disguise" },
	{ "GET", "/v1/spaces/%ff", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a byte that is no letter" },
	{ "GET", "/v1/spaces/%c3/%a9", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a letter cut in two" },
	{ "GET", "/v1/spaces?q=%ed%a0%80", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "half a surrogate" },
	{ "GET", "/v1/spaces?q=%c0%af", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "a slash, longer than it is" },
	{ "GET", "/v1/spaces?q=caf%C3%A9%ef%bf%bd", "HTTP/1.1", { HOST }, SOUND, VERB_GET, "text, and the sign for what is none" },
	{ "GET", "/v1/meta%7F", "HTTP/1.1", { HOST }, REFUSES(REFUSE_MALFORMED), "DEL in disguise" },

	{ "GET", "/v1/meta", "HTTP/1.1", { { 0 } }, REFUSES(REFUSE_MALFORMED), "no Host" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, HOST }, REFUSES(REFUSE_MALFORMED), "two Hosts" },
	{ "GET", "/v1/meta", "HTTP/1.0", { HOST, HOST }, REFUSES(REFUSE_MALFORMED), "two Hosts, whatever the version" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "X Odd", "1" } }, REFUSES(REFUSE_MALFORMED), "a space in a name" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "X-Odd ", "1" } }, REFUSES(REFUSE_MALFORMED), "a space before the colon" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "", "1" } }, REFUSES(REFUSE_MALFORMED), "no name" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "X-Odd", "a\x01" } }, REFUSES(REFUSE_MALFORMED), "a control byte" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "X-Odd", "a\rb" } }, REFUSES(REFUSE_MALFORMED), "a bare CR" },
	{ "GET", "/v1/meta", "HTTP/1.1", { HOST, { "X-Odd", "a\x7f" } }, REFUSES(REFUSE_MALFORMED), "DEL" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "3" }, { "Content-Length", "3" } },
	  REFUSES(REFUSE_MALFORMED), "two lengths, even equal ones" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "3, 3" } }, REFUSES(REFUSE_MALFORMED), "a list" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "+3" } }, REFUSES(REFUSE_MALFORMED), "a sign" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "" } }, REFUSES(REFUSE_MALFORMED), "empty" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "9223372036854775808" } },
	  REFUSES(REFUSE_MALFORMED), "one more than fits" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "65537" } }, REFUSES(REFUSE_TOO_LARGE), "one byte too many" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "5" }, { "Transfer-Encodingchunked", "" } },
	  REFUSES(REFUSE_MALFORMED), "a coding on a folded line, as the library tells it" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "content-length5", "0" } }, REFUSES(REFUSE_MALFORMED), "a length, likewise" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Transfer-Encoding", "chunked" } }, REFUSES(REFUSE_LENGTH_REQUIRED), "" },
	{ "POST", "/v1/sessions", "HTTP/1.1", { HOST, { "Content-Length", "5" }, { "transfer-encoding", "identity" } },
	  REFUSES(REFUSE_LENGTH_REQUIRED), "a length and a coding: two requests in one" },
};

static bool look(const struct field *fields, size_t count, const char *target, enum refusal *refusal)
{
	size_t lengths[FIELDS_MAX];
	for (size_t i = 0; i < count; i++)
		lengths[i] = strlen(fields[i].value);
	struct head head = { "GET", target, "HTTP/1.1", fields, lengths, count };
	enum verb verb;
	const char *detail = NULL;
	*refusal = SOUND;
	return guard_check(&head, &verb, refusal, &detail);
}

static void heads_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		size_t lengths[FIELDS_MAX] = { 0 }, count = 0;
		for (; count < FIELDS_MAX && heads[i].fields[count].name; count++)
			lengths[count] = strlen(heads[i].fields[count].value);
		struct head head = { heads[i].method, heads[i].target, heads[i].version, heads[i].fields, lengths, count };
		enum verb verb = (enum verb)0;
		enum refusal refusal = SOUND;
		const char *detail = "";
		bool sound = guard_check(&head, &verb, &refusal, &detail);
		ROW_HOLDS(sound == (heads[i].refusal == SOUND), "row %zu %s: %s", i, heads[i].why, detail);
		ROW_HOLDS(refusal == heads[i].refusal, "row %zu %s: %s", i, heads[i].why, detail);
		ROW_HOLDS(!sound || verb == heads[i].verb, "row %zu %s", i, heads[i].why);
		ROW_HOLDS(sound || *detail, "row %zu %s", i, heads[i].why);
	}
}

/* What follows a NUL is invisible to strlen(); its length as received is not. */
static void a_nul_in_a_value_is_seen(void **state)
{
	(void)state;
	static const struct field fields[] = { HOST, { "X-Odd", "a\0b" } };
	static const size_t lengths[] = { 9, 3 };
	struct head head = { "GET", "/v1/meta", "HTTP/1.1", fields, lengths, 2 };
	enum verb verb;
	enum refusal refusal = SOUND;
	const char *detail;
	assert_false(guard_check(&head, &verb, &refusal, &detail));
	assert_int_equal(refusal, REFUSE_MALFORMED);
}

static void ceilings_are_exact(void **state)
{
	(void)state;
	static const struct {
		size_t target, value;      /* lengths */
		enum refusal refusal;
	} rows[] = {
		{ TARGET_MAX, 1, SOUND },
		{ TARGET_MAX + 1, 1, REFUSE_TARGET_TOO_LONG },
		{ 8, HEAD_MAX - 4 - 9 - 4 - 5 - 4, SOUND },          /* "Host", "localhost", "X-Odd", and four bytes around each */
		{ 8, HEAD_MAX - 4 - 9 - 4 - 5 - 4 + 1, REFUSE_HEAD_TOO_LARGE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char *target = memory_get(rows[i].target + 1), *value = memory_get(rows[i].value + 1);
		memset(target, '/', rows[i].target);
		memset(value, 'x', rows[i].value);
		const struct field fields[] = { HOST, { "X-Odd", value } };
		enum refusal refusal;
		bool sound = look(fields, 2, target, &refusal);
		ROW_HOLDS(sound == (rows[i].refusal == SOUND) && refusal == rows[i].refusal, "row %zu: %d", i, (int)refusal);
		free(target);
		free(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_judged),
		cmocka_unit_test(a_nul_in_a_value_is_seen),
		cmocka_unit_test(ceilings_are_exact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
