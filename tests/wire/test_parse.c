/* JSON text that we take and that we do not: what cJSON alone would let through is named here row by row. */
#include "hacktiv/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) literal, sizeof literal - 1

static const struct { const char *text; size_t length; const char *what; } good[] = {
	{ TEXT("{}"), "an empty object" },
	{ TEXT(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n"), "white space everywhere" },
	{ TEXT("[]"), "a list" },
	{ TEXT("null"), "null" },
	{ TEXT("true"), "true" },
	{ TEXT("-0.5e-3"), "a number" },
	{ TEXT("\"\""), "an empty string" },
	{ TEXT("\"\\u00e9\\n\\\\\\\"\\/\""), "escapes" },
	{ TEXT("\"\\\\u0000\""), "a backslash, then letters" },
	{ TEXT("\"\\ud83d\\ude00\""), "a pair of surrogates" },
	{ TEXT("\"\xf0\x9f\x98\x80 \xc3\xa9\""), "UTF-8" },
	{ TEXT("{\"a\":{\"a\":1},\"A\":2,\"b\":[{\"a\":1},{\"a\":2}]}"), "the same name in other objects" },
	{ TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), "32 levels" },
	{ TEXT("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""), "brackets in a string" },
};

static const struct { const char *text; size_t length; const char *offset, *what; } bad[] = {
	{ TEXT(""), "byte 0", "nothing" },
	{ TEXT("  "), "byte 2", "white space only" },
	{ TEXT("{"), "byte 1", "an open object" },
	{ TEXT("{\"a\":1"), "byte 6", "an object cut off" },
	{ TEXT("{\"a\":"), "byte 5", "no value" },
	{ TEXT("{\"a"), "byte 3", "a string cut off" },
	{ TEXT("\"\\"), "byte 2", "an escape cut off" },
	{ TEXT("\"\\u00"), "byte", "a code cut off" },
	{ TEXT("{} x"), "byte 3", "something behind" },
	{ TEXT("{}{}"), "byte 2", "two values" },
	{ TEXT("{},"), "byte 2", "a comma behind" },
	{ TEXT("12abc"), "byte 0", "a number with letters" },
	{ TEXT("{}\0"), "byte 2", "a NUL behind" },
	{ TEXT("\0{}"), "byte 0", "a NUL before" },
	{ TEXT("\xef\xbb\xbf{}"), "byte 0", "a byte order mark" },
	{ TEXT("[1,]"), "byte", "a comma too many" },
	{ TEXT("[,1]"), "byte", "a comma too early" },
	{ TEXT("{\"a\":1,}"), "byte", "a comma too many in an object" },
	{ TEXT("{\"a\" 1}"), "byte", "no colon" },
	{ TEXT("{a:1}"), "byte 1", "a name without quotes" },
	{ TEXT("{1:1}"), "byte", "a number as name" },
	{ TEXT("[1}"), "byte", "brackets that do not fit" },
	{ TEXT("]"), "byte 0", "a closing bracket alone" },
	{ TEXT("'a'"), "byte 0", "single quotes" },
	{ TEXT("// a\n1"), "byte 0", "a comment" },
	{ TEXT("NaN"), "byte 0", "NaN" },
	{ TEXT("-Infinity"), "byte 0", "infinity" },
	{ TEXT("1e999"), "byte 0", "a number beyond all" },
	{ TEXT("[0, 012]"), "byte 4", "a leading zero" },
	{ TEXT("1."), "byte 0", "no fraction" },
	{ TEXT("+1"), "byte 0", "a plus" },
	{ TEXT("tru"), "byte 0", "half of true" },
	{ TEXT("True"), "byte 0", "True" },
	{ TEXT("\"a\nb\""), "byte 2", "a line end in a string" },
	{ TEXT("\"a\033[2Jb\""), "byte 2", "a raw escape in a string" },
	{ TEXT("\"\\x41\""), "byte", "an escape that is none" },
	{ TEXT("\"\\u0000\""), "byte 1", "a NUL, escaped" },
	{ TEXT("\"\\u00 Fa\""), "byte 1", "digits that are none, of which cJSON makes a NUL" },
	{ TEXT("\"\\uzzzz\""), "byte 1", "letters beyond f" },
	{ TEXT("{\"a\\u00G0b\":1}"), "byte 3", "in a name too" },
	{ TEXT("{\"a\\u0000b\":1}"), "byte 3", "a NUL in a name" },
	{ TEXT("\"\\ud83d\""), "byte", "half a pair" },
	{ TEXT("\"\\ude00\\ud83d\""), "byte", "a pair the wrong way round" },
	{ TEXT("\"\xff\""), "byte 1", "no UTF-8" },
	{ TEXT("\"a\xc3\""), "byte 2", "UTF-8 cut off" },
	{ TEXT("\"\xc0\xaf\""), "byte 1", "overlong" },
	{ TEXT("\"\xed\xa0\x80\""), "byte 1", "a surrogate in UTF-8" },
	{ TEXT("\"\xf4\x90\x80\x80\""), "byte 1", "beyond Unicode" },
	{ TEXT("{\"a\":1,\"a\":2}"), "“a”", "a member twice" },
	{ TEXT("{\"a\":1,\"\\u0061\":2}"), "“a”", "a member twice, written differently" },
	{ TEXT("[{\"b\":{\"c\":1,\"d\":2,\"c\":3}}]"), "“c”", "a member twice, deep inside" },
	{ TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"), "byte 32", "33 levels" },
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct problem why = { 0 };
		cJSON *value = wire_parse(good[i].text, good[i].length, &why);
		if (!value)
			fail_msg("%s: %s", good[i].what, why.text);
		cJSON_Delete(value);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct problem why = { 0 };
		/* Memory that ends where the text ends: the sanitiser sees one byte too many. */
		char *text = memory_get(bad[i].length ? bad[i].length : 1);
		memcpy(text, bad[i].text, bad[i].length);
		if (wire_parse(text, bad[i].length, &why))
			fail_msg("%s: taken", bad[i].what);
		if (why.kind != PROBLEM_PROTOCOL || !strstr(why.text, bad[i].offset))
			fail_msg("%s: %s", bad[i].what, why.text);
		assert_null(wire_parse(text, bad[i].length, NULL));
		free(text);
	}
}

/* A text of `count` times `part`, between `from` and `to`. */
static char *many(const char *from, const char *part, size_t count, const char *to)
{
	struct buffer text;
	buffer_init(&text, 64u << 20);
	buffer_add_text(&text, from);
	for (size_t i = 0; i < count; i++)
		buffer_add_text(&text, part);
	buffer_add_text(&text, to);
	char *bytes = buffer_detach(&text);
	buffer_clear(&text);
	return bytes;
}

static void test_ceilings(void **state)
{
	(void)state;
	static const struct { const char *from, *part; size_t count; const char *to; enum problem_kind kind; } cases[] = {
		{ "[", "[", 1000000, "]", PROBLEM_PROTOCOL },
		{ "[0", ",0", 4000000, "]", PROBLEM_TOO_LARGE },
		{ "[[]", ",[]", 2000000, "]", PROBLEM_TOO_LARGE },
		{ "{\"a\":0", ",\"a\":0", WIRE_VALUES_MAX / 2, "}", PROBLEM_TOO_LARGE },
		{ "[0", ",0", WIRE_VALUES_MAX - 2, "]", PROBLEM_NONE },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *text = many(cases[i].from, cases[i].part, cases[i].count, cases[i].to);
		struct problem why = { 0 };
		cJSON *value = wire_parse(text, strlen(text), &why);
		assert_int_equal(value != NULL, cases[i].kind == PROBLEM_NONE);
		assert_int_equal(why.kind, cases[i].kind);
		cJSON_Delete(value);
		free(text);
	}
}

/* Comparing each name with each would take minutes under the sanitisers. */
static void test_many_members(void **state)
{
	(void)state;
	struct buffer text;
	buffer_init(&text, 8u << 20);
	buffer_add_text(&text, "{\"last\":0");
	for (int i = 0; i < 49000; i++)
		buffer_print(&text, ",\"member%d\":0", i);
	buffer_add_text(&text, "}");
	int64_t before = clock_monotonic_ms();
	cJSON *value = wire_parse(text.bytes, text.length, NULL);
	assert_non_null(value);
	assert_in_range(clock_monotonic_ms() - before, 0, 3000);
	cJSON_Delete(value);
	buffer_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_many_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
