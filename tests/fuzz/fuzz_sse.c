/* fuzz_sse.c — whatever comes as server-sent events: the same events however it is cut, nothing told that could not be a header or that
 * holds a line end it should not, and never more than was promised. */
#include "fuzz.h"

#include <string.h>

#include "sse.h"

static bool take(void *context, const struct stream_event *event)
{
	struct buffer *told = context;
	MUST(*event->kind && !strpbrk(event->kind, "\r\n"));
	MUST(strlen(event->id) <= SSE_ID_MAX && !strpbrk(event->id, "\r\n"));
	MUST(event->data_length <= SSE_LINE_MAX && (event->data || !event->data_length));
	MUST(!event->data || !memchr(event->data, '\r', event->data_length));
	MUST(!event->data || event->data[event->data_length] == '\0');
	buffer_print(told, "%s|%zu|%s|", event->kind, event->data ? event->data_length : 0, event->id);
	buffer_add(told, event->data ? event->data : "-", event->data ? event->data_length : 1);
	return true;
}

/* In pieces that `step` says; 0: in one. */
static bool read_all(const char *bytes, size_t length, size_t step, struct buffer *told)
{
	struct sse sse;
	sse_init(&sse);
	bool whole = true;
	for (size_t at = 0; whole && at < length;) {
		size_t piece = step && step < length - at ? step : length - at;
		whole = sse_feed(&sse, bytes + at, piece, take, told);
		at += piece;
	}
	MUST(sse.retry_ms >= -1);
	sse_clear(&sse);
	return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct buffer at_once, in_pieces;
	buffer_init(&at_once, 64u << 20);
	buffer_init(&in_pieces, 64u << 20);
	bool whole = read_all((const char *)bytes, length, 0, &at_once);
	MUST(whole == read_all((const char *)bytes, length, 1 + (length ? bytes[0] % 7u : 0u), &in_pieces));
	MUST(at_once.length == in_pieces.length && memcmp(at_once.bytes, in_pieces.bytes, at_once.length) == 0);
	buffer_clear(&at_once);
	buffer_clear(&in_pieces);
	return 0;
}
