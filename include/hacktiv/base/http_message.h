/* http_message.h — an HTTP request and an HTTP response as plain values, shared by backends (which say what to send and
 * read what came back) and by the engine (which does it). RFC 9110. */
#ifndef HACKTIV_BASE_HTTP_MESSAGE_H
#define HACKTIV_BASE_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/problem.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PATCH, HTTP_PUT, HTTP_DELETE };

const char *http_method_name(enum http_method method);

#define HTTP_RESPONSE_MAX (8u * 1024u * 1024u)   /* body bytes after decompression; more is an error, not a truncation */
#define HTTP_HEADERS_MAX  (64u * 1024u)

struct http_header {
	const char *name;
	const char *value;
};

#define HTTP_REQUEST_HEADERS 8

/* Strings are borrowed from the arena given to whoever filled it. */
struct http_request {
	enum http_method method;
	const char *path;               /* begins with "/"; relative to the site's base address; already percent-encoded */
	struct http_header headers[HTTP_REQUEST_HEADERS];
	size_t header_count;
	const char *bearer;             /* token or NULL; the engine alone turns it into a header; never logged */
	const char *content_type;       /* of the body, or NULL */
	const char *body;               /* NULL: none */
	size_t body_length;
	bool safe_to_repeat;            /* GET, or carries an Idempotency-Key, or is idempotent by nature */
};

bool http_request_header(struct http_request *request, const char *name, const char *value);

/* For a segment or a query value of a path: what is not unreserved (RFC 3986, 2.3) is written as %XX. */
__attribute__((returns_nonnull))
char *http_encode(struct arena *arena, const char *text);

/* What became of an exchange before there was an HTTP status to speak of. */
enum transport_result {
	TRANSPORT_ANSWERED,       /* a whole response: status, headers, body */
	TRANSPORT_NOT_SENT,       /* surely nothing reached the server: name unknown, connection refused, TLS refused */
	TRANSPORT_LOST,           /* something was sent, no whole answer came: cut, timed out, half a body */
	TRANSPORT_TOO_LARGE,      /* the answer passed HTTP_RESPONSE_MAX */
	TRANSPORT_CANCELLED       /* by us */
};

struct http_response {
	enum transport_result transport;
	struct problem problem;         /* a sentence when transport is not ANSWERED; names the host, never the token */
	int status;                     /* 100 … 599 when answered */
	const char *content_type;       /* media type in lower case without parameters, "" when absent */
	const char *etag;               /* as sent, quotes included, or NULL */
	const char *location;
	int retry_after_s;              /* seconds, -1 when absent */
	int64_t date;                   /* the server's Date, seconds since 1970; 0 when absent */
	const char *body;               /* NUL-terminated, may hold NULs inside */
	size_t body_length;
};

#endif
