/* stream.h — an exchange whose answer is a feed without end: what comes is kept until the engine's turn and told from there. Private to
 * the engine. */
#ifndef HACKTIV_HTTP_STREAM_H
#define HACKTIV_HTTP_STREAM_H

#include "exchange.h"
#include "sse.h"

/* Between two turns; who sends so much at once sends no references to what changed. */
#define STREAM_CAME_MAX (1024u * 1024u)

struct stream {
	const struct stream_ears *ears;
	struct sse sse;
	struct buffer came;      /* not told yet */
	bool looked;             /* at the answer's head */
	bool is_feed;            /* it answers 200 with text/event-stream */
	bool telling;            /* its ears are being spoken to */
	bool cancelled;          /* by them: to be freed after that */
};

/* Makes `exchange` a stream. It goes with the exchange. */
void stream_begin(struct exchange *exchange, const struct stream_ears *ears);
void stream_free(struct stream *stream);   /* NULL is fine */
/* Tells what came. False: it is broken, and to be ended by the engine; or it was cancelled. */
bool stream_tell(struct exchange *exchange);

#endif
