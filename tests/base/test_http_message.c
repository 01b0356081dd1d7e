/* test_http_message.c — that a header cannot smuggle another one. */
#include "table.h"

#include <string.h>

static void headers_are_what_http_allows(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value;
		bool allowed;
	} rows[] = {
		{ "If-Match", "\"3\"", true }, { "Idempotency-Key", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true },
		{ "X-Empty", "", true }, { "X-Tab", "a\tb", true }, { "X-Wide", "é", true },
		{ "", "x", false }, { "If Match", "x", false }, { "If-Match:", "x", false }, { "X\r\nY", "x", false },
		{ "X-Name", "a\r\nSet-Cookie: b", false }, { "X-Name", "a\nb", false }, { "X-Name", "a\x7f", false },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct http_request request = { .method = HTTP_GET };
		ROW_HOLDS(http_request_header(&request, rows[i].name, rows[i].value) == rows[i].allowed, "row %zu", i);
		ROW_HOLDS(request.header_count == (rows[i].allowed ? 1 : 0), "row %zu", i);
	}
}

static void there_is_room_for_so_many(void **state)
{
	(void)state;
	struct http_request request = { .method = HTTP_POST };
	for (size_t i = 0; i < HTTP_REQUEST_HEADERS; i++)
		assert_true(http_request_header(&request, "Accept", "text/plain"));
	assert_false(http_request_header(&request, "Accept", "text/plain"));
	assert_int_equal(request.header_count, HTTP_REQUEST_HEADERS);
}

static void what_stands_in_a_path_is_encoded(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(http_encode(arena, ""), "");
	assert_string_equal(http_encode(arena, "aZ09-._~"), "aZ09-._~");
	assert_string_equal(http_encode(arena, "l\xc3\xa0/bas? a&b=c+%"), "l%C3%A0%2Fbas%3F%20a%26b%3Dc%2B%25");
	arena_free(arena);
}

static void methods_have_their_names(void **state)
{
	(void)state;
	static const char *const names[] = { "GET", "POST", "PATCH", "PUT", "DELETE" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_string_equal(http_method_name((enum http_method)i), names[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_what_http_allows),
		cmocka_unit_test(there_is_room_for_so_many),
		cmocka_unit_test(what_stands_in_a_path_is_encoded),
		cmocka_unit_test(methods_have_their_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
