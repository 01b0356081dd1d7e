/* sse.h — the framing of server-sent events (WHATWG HTML, 9.2.5 and 9.2.6): bytes as they come, events as they are complete. Pure; private
 * to the engine.
 *
 * Lines end in CR, LF or both. A byte order mark may stand at the very beginning. What is not one of the four fields is skipped, and so
 * is a comment; an event that the stream does not end is none. */
#ifndef HACKTIV_HTTP_SSE_H
#define HACKTIV_HTTP_SSE_H

#include "hacktiv/http.h"

#define SSE_LINE_MAX (64u * 1024u)   /* bytes of a line, and of all the data of an event: more is no feed of references */
#define SSE_ID_MAX   (8u * 1024u)    /* bytes of an id: it goes back as one header, and more than this servers refuse. Longer: as if not sent */

struct sse {
	struct buffer line;         /* as far as it came */
	struct buffer data, kind, id;
	bool begun;                 /* past where a byte order mark may be */
	bool after_cr;              /* a LF that follows belongs to it */
	bool has_data;
	bool id_moved;              /* since the last event */
	int retry_ms;               /* what the stream asks for, -1: nothing yet */
};

void sse_init(struct sse *sse);
void sse_clear(struct sse *sse);
/* False: whoever listens wants no more; what is left of the bytes is skipped. */
typedef bool sse_listener(void *context, const struct stream_event *event);
/* Tells each event that these bytes complete. False: a line or an event was too long, and nothing that follows can be trusted. */
bool sse_feed(struct sse *sse, const char *bytes, size_t length, sse_listener *listener, void *context);

#endif
