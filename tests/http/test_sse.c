/* The framing of server-sent events: what WHATWG HTML 9.2.6 says of each byte, whole and cut at every place. */
#include "sse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Events as text: "kind|data|id;", a "-" for data when there is none. */
static bool write_down(void *context, const struct stream_event *event)
{
	struct buffer *out = context;
	assert_true(!event->data || strlen(event->data) <= event->data_length);
	buffer_print(out, "%s|%s|%s;", event->kind, event->data ? event->data : "-", event->id);
	return true;
}

static const struct {
	const char *name, *bytes, *told;
	int retry_ms;
} cases[] = {
	{ "one event", "event: a\ndata: 1\nid: x\n\n", "a|1|x;", -1 },
	{ "without a name it is a message", "data: 1\n\n", "message|1|;", -1 },
	{ "CR LF", "event: a\r\ndata: 1\r\n\r\n", "a|1|;", -1 },
	{ "CR", "event: a\rdata: 1\r\r", "a|1|;", -1 },
	{ "all three", "data: 1\rdata: 2\ndata: 3\r\n\r", "message|1\n2\n3|;", -1 },
	{ "CR LF CR is an empty line", "data: 1\r\n\rdata: 2\n\n", "message|1|;message|2|;", -1 },
	{ "byte order mark", "\xef\xbb\xbf" "data: 1\n\n", "message|1|;", -1 },
	{ "a second one is part of a name", "data: 1\n\n\xef\xbb\xbf" "data: 2\n\n", "message|1|;", -1 },
	{ "half a byte order mark", "\xef\xbb" "data: 2\n\ndata: 1\n\n", "message|1|;", -1 },
	{ "lines of data", "data: a\ndata:\ndata:  b\n\n", "message|a\n\n b|;", -1 },
	{ "without a space", "event:a\ndata:1\n\n", "a|1|;", -1 },
	{ "one space goes", "data:  1\n\n", "message| 1|;", -1 },
	{ "no colon: an empty value", "data\n\n", "message||;", -1 },
	{ "colons in a value", "data: a:b: c\n\n", "message|a:b: c|;", -1 },
	{ "comments", ": hb\n\n:\ndata: 1\n:x\n\n", "message|1|;", -1 },
	{ "no data, no event", "event: a\n\ndata: 1\n\n", "message|1|;", -1 },
	{ "an id alone is heard", "id: x\n\ndata: 1\n\n", "message|-|x;message|1|x;", -1 },
	{ "an id stays", "id: x\ndata: 1\n\ndata: 2\n\n", "message|1|x;message|2|x;", -1 },
	{ "an empty id takes it back", "id: x\ndata: 1\n\nid\ndata: 2\n\n", "message|1|x;message|2|;", -1 },
	{ "an id with a control character is none", "id: x\ndata: 1\n\nid: y\tz\ndata: 2\n\n", "message|1|x;message|2|x;", -1 },
	{ "the last of several", "event: a\nevent: b\nid: x\nid: y\ndata: 1\n\n", "b|1|y;", -1 },
	{ "unknown fields", "Data: 1\nfoo: 2\n data: 3\ndata: 4\n\n", "message|4|;", -1 },
	{ "not ended, so none", "data: 1\n\ndata: 2\n", "message|1|;", -1 },
	{ "not even its line", "data: 1\n\ndata: 2", "message|1|;", -1 },
	{ "retry", "retry: 3000\n\n", "", 3000 },
	{ "retry with more than digits", "retry: 3000\nretry: 5s\nretry: -1\nretry\nretry: \n\n", "", 3000 },
	{ "retry beyond all patience", "retry: 99999999999999999999\n\n", "", 999999999 },
	{ "nothing", "", "", -1 },
	{ "empty lines", "\n\n\r\n\r\r", "", -1 },
};

/* In pieces of `first` bytes, then of one, then the rest. */
static void read_cut(const char *bytes, size_t length, size_t first, struct buffer *told, int *retry_ms)
{
	struct sse sse;
	sse_init(&sse);
	assert_true(sse_feed(&sse, bytes, first, write_down, told));
	if (first < length) {
		assert_true(sse_feed(&sse, bytes + first, 1, write_down, told));
		assert_true(sse_feed(&sse, bytes + first + 1, length - first - 1, write_down, told));
	}
	*retry_ms = sse.retry_ms;
	sse_clear(&sse);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		size_t length = strlen(cases[at].bytes);
		for (size_t cut = 0; cut <= length; cut++) {
			struct buffer told;
			int retry_ms = 0;
			buffer_init(&told, 4096);
			read_cut(cases[at].bytes, length, cut, &told, &retry_ms);
			if (strcmp(told.bytes, cases[at].told) != 0 || retry_ms != cases[at].retry_ms)
				fail_msg("%s, cut at %zu: \"%s\", retry %d", cases[at].name, cut, told.bytes, retry_ms);
			buffer_clear(&told);
		}
	}
}

static void test_id_with_nul_is_none(void **state)
{
	(void)state;
	static const char bytes[] = "id: x\ndata: 1\n\nid: y\0z\ndata: a\0b\n\n";
	struct buffer told;
	struct sse sse;
	buffer_init(&told, 4096);
	sse_init(&sse);
	assert_true(sse_feed(&sse, bytes, sizeof bytes - 1, write_down, &told));
	assert_string_equal(told.bytes, "message|1|x;message|a|x;");
	sse_clear(&sse);
	buffer_clear(&told);
}

/* `head`, then `count` letters, then `tail`. */
static bool feed_long(const char *head, size_t count, const char *tail, struct buffer *told)
{
	struct sse sse;
	sse_init(&sse);
	char *letters = memory_get(count);
	memset(letters, 'x', count);
	bool whole = sse_feed(&sse, head, strlen(head), write_down, told);
	for (size_t at = 0; whole && at < count; at += 1000)
		whole = sse_feed(&sse, letters, count - at < 1000 ? count - at : 1000, write_down, told);
	whole = whole && sse_feed(&sse, tail, strlen(tail), write_down, told);
	free(letters);
	sse_clear(&sse);
	return whole;
}

static void test_c24_line_without_end_is_dropped_at_64_kib(void **state)
{
	(void)state;
	struct buffer told;
	buffer_init(&told, 1u << 20);
	assert_true(feed_long("data:", SSE_LINE_MAX - 5, "\n\n", &told));
	assert_false(feed_long("data:", SSE_LINE_MAX - 4, "\n\n", &told));
	assert_false(feed_long(":", 10u << 20, "", &told));
	buffer_clear(&told);
}

static void test_c24_data_in_many_lines_has_the_same_end(void **state)
{
	(void)state;
	struct sse sse;
	struct buffer told;
	buffer_init(&told, 4096);
	sse_init(&sse);
	bool whole = true;
	size_t lines = 0;
	for (; whole && lines < 100000; lines++)
		whole = sse_feed(&sse, "data: 0123456789\n", 17, write_down, &told);
	assert_false(whole);
	assert_in_range(lines, SSE_LINE_MAX / 11 - 1, SSE_LINE_MAX / 11 + 2);
	assert_string_equal(told.bytes, "");
	sse_clear(&sse);
	buffer_clear(&told);
}

static void test_long_id_is_as_if_not_sent(void **state)
{
	(void)state;
	struct buffer told;
	buffer_init(&told, 1u << 16);
	assert_true(feed_long("id: a\ndata: 1\n\nid: ", SSE_ID_MAX + 1, "\ndata: 2\n\n", &told));
	assert_string_equal(told.bytes, "message|1|a;message|2|a;");
	buffer_clear(&told);
}

static bool hear_one(void *context, const struct stream_event *event)
{
	(void)event;
	++*(int *)context;
	return false;
}

static void test_who_listens_may_stop(void **state)
{
	(void)state;
	struct sse sse;
	int heard = 0;
	sse_init(&sse);
	assert_true(sse_feed(&sse, "data: 1\n\ndata: 2\n\n", 18, hear_one, &heard));
	assert_int_equal(heard, 1);
	sse_clear(&sse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_id_with_nul_is_none),
		cmocka_unit_test(test_c24_line_without_end_is_dropped_at_64_kib),
		cmocka_unit_test(test_c24_data_in_many_lines_has_the_same_end),
		cmocka_unit_test(test_long_id_is_as_if_not_sent),
		cmocka_unit_test(test_who_listens_may_stop),
	};
	return cmocka_run_group_tests_name("server-sent events", tests, NULL, NULL);
}
