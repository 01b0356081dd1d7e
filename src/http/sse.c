/* sse.c — see sse.h. */
#include "sse.h"

#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define RETRY_DIGITS 9

void sse_init(struct sse *sse)
{
	*sse = (struct sse){ .retry_ms = -1 };
	buffer_init(&sse->line, SSE_LINE_MAX);
	buffer_init(&sse->data, SSE_LINE_MAX);
	buffer_init(&sse->kind, SSE_LINE_MAX);
	buffer_init(&sse->id, SSE_ID_MAX);
}

void sse_clear(struct sse *sse)
{
	buffer_clear(&sse->line);
	buffer_clear(&sse->data);
	buffer_clear(&sse->kind);
	buffer_clear(&sse->id);
}

/* ---- fields ---- */

/* An id that holds NUL is none, by the standard; one that is too long or that no header could carry as it is, by us. */
static void take_id(struct sse *sse, const char *value, size_t length)
{
	if (length > SSE_ID_MAX)
		return;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return;
	buffer_reset(&sse->id);
	buffer_add(&sse->id, value, length);
	sse->id_moved = true;
}

/* ASCII digits alone; a number that no clock of ours could wait for counts as the longest. */
static void take_retry(struct sse *sse, const char *value, size_t length)
{
	int pause_ms = 0;
	for (size_t i = 0; i < length; i++) {
		if (value[i] < '0' || value[i] > '9')
			return;
		if (i < RETRY_DIGITS)
			pause_ms = pause_ms * 10 + (value[i] - '0');
	}
	if (length > 0)
		sse->retry_ms = length > RETRY_DIGITS ? 999999999 : pause_ms;
}

static bool take_data(struct sse *sse, const char *value, size_t length)
{
	bool whole = !sse->has_data || buffer_add(&sse->data, "\n", 1);
	sse->has_data = true;
	return whole && buffer_add(&sse->data, value, length);
}

static bool is_named(const char *line, size_t length, const char *name)
{
	return length == strlen(name) && memcmp(line, name, length) == 0;
}

static bool take_field(struct sse *sse, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	size_t name = colon ? (size_t)(colon - line) : length;
	const char *value = colon ? colon + 1 : line + length;
	if (colon && value < line + length && *value == ' ')
		value++;
	size_t value_length = (size_t)(line + length - value);
	if (is_named(line, name, "data"))
		return take_data(sse, value, value_length);
	if (is_named(line, name, "event")) {
		buffer_reset(&sse->kind);
		return buffer_add(&sse->kind, value, value_length);
	}
	if (is_named(line, name, "id"))
		take_id(sse, value, value_length);
	else if (is_named(line, name, "retry"))
		take_retry(sse, value, value_length);
	return true;
}

/* ---- events ---- */

static bool tell(struct sse *sse, sse_listener *listener, void *context)
{
	bool go_on = true;
	if (sse->has_data || sse->id_moved) {
		struct stream_event event = {
			.kind = *sse->kind.bytes ? sse->kind.bytes : "message",
			.data = sse->has_data ? sse->data.bytes : NULL,
			.data_length = sse->data.length,
			.id = sse->id.bytes,
		};
		go_on = listener(context, &event);
	}
	buffer_reset(&sse->data);
	buffer_reset(&sse->kind);
	sse->has_data = sse->id_moved = false;
	return go_on;
}

/* ---- lines ---- */

/* False: it is over, because the listener wants no more (`*stopped`) or because something was too long. */
static bool end_line(struct sse *sse, sse_listener *listener, void *context, bool *stopped)
{
	const char *line = sse->line.bytes;
	size_t length = sse->line.length;
	bool whole = true;
	if (!sse->begun && length >= 3 && memcmp(line, BYTE_ORDER_MARK, 3) == 0) {
		line += 3;
		length -= 3;
	}
	sse->begun = true;
	if (length == 0)
		*stopped = !tell(sse, listener, context);
	else if (*line != ':')
		whole = take_field(sse, line, length);
	buffer_reset(&sse->line);
	return whole && !*stopped;
}

static size_t until_line_end(const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length && bytes[at] != '\n' && bytes[at] != '\r')
		at++;
	return at;
}

bool sse_feed(struct sse *sse, const char *bytes, size_t length, sse_listener *listener, void *context)
{
	for (size_t at = 0; at < length;) {
		if (sse->after_cr && bytes[at] == '\n')
			at++;
		sse->after_cr = false;
		size_t more = until_line_end(bytes + at, length - at);
		if (!buffer_add(&sse->line, bytes + at, more))
			return false;
		at += more;
		if (at == length)
			break;
		sse->after_cr = bytes[at++] == '\r';
		bool stopped = false;
		if (!end_line(sse, listener, context, &stopped))
			return stopped;
	}
	return true;
}
