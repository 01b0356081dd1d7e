/* exchange.c — one request as curl wants it, and curl's result as we mean it. */
#include "exchange.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define LOW_SPEED_BYTES 1      /* bytes per second … */
#define LOW_SPEED_SECONDS 15   /* … for so long are no line any more */

static size_t take_body(char *bytes, size_t one, size_t length, void *context)
{
	(void)one;
	struct exchange *exchange = context;
	/* CURLOPT_MAXFILESIZE sees only a length that was announced, and not what was compressed: count what arrives. */
	if (!buffer_add(&exchange->body, bytes, length)) {
		exchange->too_large = true;
		return 0;
	}
	return length;
}

static size_t take_header(char *bytes, size_t one, size_t length, void *context)
{
	(void)bytes;
	struct exchange *exchange = context;
	exchange->header_bytes += one * length;
	if (exchange->header_bytes > HTTP_HEADERS_MAX) {
		exchange->too_large = true;
		return 0;
	}
	return one * length;
}

static void set_target(struct exchange *exchange, const struct http_address *address, const struct http_request *request)
{
	CURL *easy = exchange->easy;
	curl_easy_setopt(easy, CURLOPT_URL, arena_print(exchange->arena, "%s%s", address->base, request->path));
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, strncmp(address->base, "http:", 5) == 0 ? "http" : "https");
	/* A redirect is an answer like any other: the token goes to no other host. */
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	if (address->unix_socket) {
		curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, address->unix_socket);
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
	}
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (address->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, address->ca_file);
}

static void set_limits(CURL *easy)
{
	/* Without it curl joins its resolver's thread when a handle goes: 3 s of frozen screen while DNS hangs. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)ENGINE_CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)ENGINE_TOTAL_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_SECONDS);
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 3600L);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)HTTP_RESPONSE_MAX);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "hacktiv/" HACKTIV_VERSION);
}

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
	struct curl_slist *longer = curl_slist_append(exchange->headers, arena_print(exchange->arena, "%s: %s", name, value));
	if (!longer)
		die("out of memory");
	exchange->headers = longer;
}

static void set_request(struct exchange *exchange, const struct http_request *request)
{
	CURL *easy = exchange->easy;
	if (request->method != HTTP_GET)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, http_method_name(request->method));
	if (request->body || request->method == HTTP_POST) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
		curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body ? request->body : "");
		add_header(exchange, "Content-Type", request->content_type ? request->content_type : "application/json");
		/* No "Expect: 100-continue": it costs a round trip that our small bodies never earn back. */
		add_header(exchange, "Expect", "");
	}
	for (size_t i = 0; i < request->header_count; i++)
		add_header(exchange, request->headers[i].name, request->headers[i].value);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
	if (request->bearer) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, request->bearer);
	}
}

struct exchange *exchange_new(const struct http_address *address, const struct http_request *request)
{
	CURL *easy = curl_easy_init();
	if (!easy)
		return NULL;
	struct exchange *exchange = memory_get(sizeof *exchange);
	exchange->easy = easy;
	exchange->arena = arena_new();
	exchange->host = arena_copy_text(exchange->arena, address->host);
	buffer_init(&exchange->body, HTTP_RESPONSE_MAX);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	set_target(exchange, address, request);
	set_limits(easy);
	set_request(exchange, request);
	return exchange;
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	curl_easy_cleanup(exchange->easy);
	curl_slist_free_all(exchange->headers);
	buffer_clear(&exchange->body);
	arena_free(exchange->arena);
	free(exchange);
}

/* ---- what came back ---- */

static const char *header(struct exchange *exchange, const char *name)
{
	struct curl_header *found;
	if (curl_easy_header(exchange->easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK)
		return NULL;
	return arena_copy_text(exchange->arena, found->value);
}

static const char *media_type(struct exchange *exchange)
{
	const char *sent = header(exchange, "Content-Type");
	if (!sent)
		return "";
	char *type = arena_copy_bytes(exchange->arena, sent, strcspn(sent, "; \t"));
	for (char *at = type; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return type;
}

static int retry_after(struct exchange *exchange)
{
	curl_off_t seconds = 0;
	if (!header(exchange, "Retry-After") || curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK)
		return -1;
	return seconds > INT32_MAX ? INT32_MAX : (int)seconds;
}

static void read_answer(struct exchange *exchange, struct http_response *response)
{
	long status = 0;
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	response->transport = TRANSPORT_ANSWERED;
	response->status = (int)status;
	response->content_type = media_type(exchange);
	response->etag = header(exchange, "ETag");
	response->location = header(exchange, "Location");
	response->retry_after_s = retry_after(exchange);
	const char *date = header(exchange, "Date");
	time_t at = date ? curl_getdate(date, NULL) : -1;
	response->date = at > 0 ? at : 0;
	response->body = exchange->body.bytes;
	response->body_length = exchange->body.length;
}

/* Did anything of the request leave this machine? Only a connection that was never made proves that it did not. */
static bool never_sent(struct exchange *exchange, CURLcode result)
{
	switch ((int)result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_OUT_OF_MEMORY:
		return true;
	}
	/* Sending begins at the "pretransfer" moment; a connection that timed out never came so far. */
	curl_off_t began = 0;
	curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME_T, &began);
	return began == 0;
}

static void tell(struct exchange *exchange, CURLcode result, struct problem *problem)
{
	switch ((int)result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		problem_set(problem, PROBLEM_IO, "host", _("The name %s is not known: is the address right, is there a network?"),
		            exchange->host);
		return;
	case CURLE_COULDNT_CONNECT:
		problem_set(problem, PROBLEM_IO, "host", _("%s cannot be reached: is the server running?"), exchange->host);
		return;
	case CURLE_OPERATION_TIMEDOUT:
		problem_set(problem, PROBLEM_IO, "host", _("%s did not answer in time."), exchange->host);
		return;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
		problem_set(problem, PROBLEM_IO, "host", _("%s could not prove who it is, so nothing was sent there."), exchange->host);
		return;
	}
	problem_set(problem, PROBLEM_IO, "host", _("The line to %s broke before the answer was whole."), exchange->host);
}

void exchange_answer(struct exchange *exchange, CURLcode result, struct http_response *response)
{
	*response = (struct http_response){ .content_type = "", .retry_after_s = -1, .body = "" };
	if (result == CURLE_OK) {
		read_answer(exchange, response);
		return;
	}
	log_line(LOG_LEVEL_INFO, "http: %s: %s", exchange->host, curl_easy_strerror(result));
	if (exchange->too_large || result == CURLE_FILESIZE_EXCEEDED) {
		response->transport = TRANSPORT_TOO_LARGE;
		problem_set(&response->problem, PROBLEM_TOO_LARGE, "host", _("The answer of %1$s is larger than %2$u MB."),
		            exchange->host, HTTP_RESPONSE_MAX / 1024 / 1024);
		return;
	}
	response->transport = never_sent(exchange, result) ? TRANSPORT_NOT_SENT : TRANSPORT_LOST;
	tell(exchange, result, &response->problem);
}
