/* exchange.h — one request on its way and what has come back of it so far. Private to the engine. */
#ifndef HACKTIV_HTTP_EXCHANGE_H
#define HACKTIV_HTTP_EXCHANGE_H

#include <curl/curl.h>

#include "hacktiv/http.h"

struct exchange {
	struct exchange *next;
	unsigned number;
	CURL *easy;
	struct curl_slist *headers;
	struct arena *arena;          /* copies of what was asked, and the answer's headers */
	struct buffer body;
	size_t header_bytes;
	const char *host;
	bool too_large;
	char error[CURL_ERROR_SIZE];
	engine_done *done;
	void *context;
};

/* Everything set but not started. NULL when curl cannot make a handle. */
struct exchange *exchange_new(const struct http_address *address, const struct http_request *request);
void exchange_free(struct exchange *exchange);
/* What `result` means; strings live in the exchange. */
void exchange_answer(struct exchange *exchange, CURLcode result, struct http_response *response);

#endif
