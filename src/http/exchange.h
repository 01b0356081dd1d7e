/* exchange.h — one request and what becomes of it, from the first byte out to the answer. Private to the engine. */
#ifndef HACKTIV_HTTP_EXCHANGE_H
#define HACKTIV_HTTP_EXCHANGE_H

#include <curl/curl.h>

#include "hacktiv/http.h"

struct stream;

struct exchange {
	struct exchange *next;
	unsigned number;
	CURL *easy;
	struct curl_slist *headers;
	struct arena *arena;           /* copies of what was asked, and the answer's headers */
	struct buffer sent_body;       /* may hold a password: wiped when the exchange ends */
	struct buffer body;            /* as received, decompressed */
	size_t header_bytes;
	const char *host;              /* for people */
	const char *where;             /* the same with its port, when one was given, or the socket */
	const char *socket;            /* or NULL */
	bool went_out;                 /* the request began to go out: from here on nobody knows what the server did */
	bool head_is_whole;            /* the empty line after the headers has come */
	bool too_large;
	engine_done *done;
	void *context;
	struct stream *stream;         /* NULL: an answer that has an end (stream.h) */
};

/* Everything set but not started. NULL when curl cannot make a handle. */
struct exchange *exchange_new(const struct http_address *address, const struct http_request *request);
/* Before it is started: no connection that is older, no address that was found longer ago. */
void exchange_distrust_line(struct exchange *exchange, int64_t since_ms);
void exchange_distrust_names(struct exchange *exchange, int64_t since_ms);
void exchange_free(struct exchange *exchange);
/* What `result` means; strings live in the exchange. */
void exchange_answer(struct exchange *exchange, CURLcode result, struct http_response *response);

/* The sentence for a failure (failure.c). */
void failure_tell(const struct exchange *exchange, CURLcode result, struct problem *problem);

#endif
