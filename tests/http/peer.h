/* peer.h — a server of a few lines that behaves as badly as a test asks: one thread, one listening socket, one behaviour. */
#ifndef TEST_HTTP_PEER_H
#define TEST_HTTP_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct peer;

/* What is done with a connection whose request has been read whole; the connection is closed after it. */
typedef void peer_behaviour(struct peer *peer, int connection);

/* On a free port of 127.0.0.1, or on a Unix socket at `path`. */
struct peer *peer_new(const char *path, peer_behaviour *behaviour, const void *context);
void peer_free(struct peer *peer);            /* ends it, connections included */
int peer_port(const struct peer *peer);
const void *peer_context(const struct peer *peer);
/* The last request, headers and body; yours to free. Waits up to 5 s for one. */
char *peer_request(struct peer *peer);
/* The one that came over this connection; valid until peer_free(). */
const char *peer_request_on(struct peer *peer, int connection);
size_t peer_connections(struct peer *peer);   /* accepted so far */
bool peer_is_ending(struct peer *peer);

/* Behaviours. */
peer_behaviour peer_says;      /* context: the whole answer as text; then closes */
struct peer_bytes { const char *bytes; size_t length; };
peer_behaviour peer_sends;     /* context: struct peer_bytes; then closes */
peer_behaviour peer_is_silent; /* reads and never answers */
peer_behaviour peer_floods;    /* a chunked answer of 50 MB */
peer_behaviour peer_heads;     /* header lines for ever */
peer_behaviour peer_dribbles;  /* context: the answer, one byte every 2 ms */

#endif
