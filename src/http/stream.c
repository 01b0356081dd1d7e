/* stream.c — see stream.h. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#define FEED_TYPE "text/event-stream"

/* ---- what curl calls ---- */

static bool is_feed(const struct exchange *exchange)
{
	long status = 0;
	const char *type = NULL;
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(exchange->easy, CURLINFO_CONTENT_TYPE, &type);
	size_t length = strlen(FEED_TYPE);
	return status == 200 && type && strncasecmp(type, FEED_TYPE, length) == 0 && strchr("; \t", type[length]);
}

/* Nobody is told from here: curl would not let them send or cancel anything. */
static size_t receive(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	struct stream *stream = exchange->stream;
	if (!stream->looked) {
		stream->looked = true;
		stream->is_feed = is_feed(exchange);
	}
	if (buffer_add(stream->is_feed ? &stream->came : &exchange->body, bytes, size * count))
		return size * count;
	exchange->too_large = true;
	return CURL_WRITEFUNC_ERROR;
}

/* ---- its life ---- */

void stream_begin(struct exchange *exchange, const struct stream_ears *ears)
{
	struct stream *stream = memory_get(sizeof *stream);
	stream->ears = ears;
	sse_init(&stream->sse);
	buffer_init(&stream->came, STREAM_CAME_MAX);
	buffer_clear(&exchange->body);
	buffer_init(&exchange->body, SSE_LINE_MAX);   /* what answers instead is a few words */
	exchange->stream = stream;
	curl_easy_setopt(exchange->easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(exchange->easy, CURLOPT_TIMEOUT_MS, 0L);
	/* curl would wake every second to look; who listens has a clock of their own. */
	curl_easy_setopt(exchange->easy, CURLOPT_LOW_SPEED_LIMIT, 0L);
	curl_easy_setopt(exchange->easy, CURLOPT_LOW_SPEED_TIME, 0L);
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	sse_clear(&stream->sse);
	buffer_clear(&stream->came);
	free(stream);
}

static bool tell_event(void *context, const struct stream_event *event)
{
	struct exchange *exchange = context;
	exchange->stream->ears->event(exchange->context, event);
	return !exchange->stream->cancelled;
}

bool stream_tell(struct exchange *exchange)
{
	struct stream *stream = exchange->stream;
	size_t length = stream->came.length;
	char *bytes = buffer_detach(&stream->came);
	stream->telling = true;
	stream->ears->heard(exchange->context);
	bool whole = stream->cancelled || sse_feed(&stream->sse, bytes, length, tell_event, exchange);
	stream->telling = false;
	exchange->too_large = exchange->too_large || !whole;
	free(bytes);
	return whole && !stream->cancelled;
}
