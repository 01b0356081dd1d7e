/* pack.c — see pack.h.
 *
 * An ETag beside it stays as it is: with 201 it is of what was made, not of these bytes (RFC 9110, 15.3.2). No stream and no 200 comes here. */
#include "pack.h"

#include <string.h>
#include <strings.h>

#include <zlib.h>

#define LEAST_BYTES 256      /* what is shorter gains nothing; as in data/nginx-hacktivd.conf */
#define MOST_BYTES  16384    /* in one piece, while others wait for this thread */
#define WINDOW      (12 + 16)   /* 4 KiB; 16: with the head and the end of gzip */
#define MEMORY      5        /* with that window 32 KiB while it is packed */

bool pack_may(const struct response *response)
{
	bool by_proxy = response->status == 200 || response->status == 403 || response->status == 404;
	return !by_proxy && response->body && response->body_length >= LEAST_BYTES && response->body_length <= MOST_BYTES;
}

/* "q=0", "q=0.000": not wanted. */
static bool is_refused(const char *parameters, size_t length)
{
	const char *end = parameters + length;
	while (parameters < end && strchr("; \t", *parameters))
		parameters++;
	if (end - parameters < 3 || strncasecmp(parameters, "q=0", 3) != 0)
		return false;
	for (parameters += 3; parameters < end; parameters++) {
		if (*parameters >= '1' && *parameters <= '9')
			return false;
	}
	return true;
}

/* RFC 9110, 12.5.3. What is not named is not sent: "*" alone is a way to say that nobody cares. */
static bool takes_gzip(const char *accepted)
{
	for (const char *at = accepted; at && *at;) {
		at += strspn(at, " \t,");
		size_t length = strcspn(at, ","), name = strcspn(at, ",; \t");
		if (name == 4 && strncasecmp(at, "gzip", 4) == 0)
			return !is_refused(at + name, length - name);
		at += length;
	}
	return false;
}

const char *pack_body(struct arena *arena, const struct response *response, const char *accepted, size_t *length)
{
	z_stream stream = { 0 };
	if (!pack_may(response) || !takes_gzip(accepted) ||
	    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	size_t room = deflateBound(&stream, response->body_length);
	char *packed = arena_get(arena, room);
	stream.next_in = (unsigned char *)response->body;
	stream.avail_in = (unsigned)response->body_length;
	stream.next_out = (unsigned char *)packed;
	stream.avail_out = (unsigned)room;
	bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	*length = stream.total_out;
	deflateEnd(&stream);
	return whole && *length < response->body_length ? packed : NULL;
}
