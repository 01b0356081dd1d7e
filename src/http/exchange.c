/* exchange.c — one request as curl's options, and curl's answer as a value. See exchange.h. */
#include "stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LOW_SPEED_BYTES     1L   /* fewer a second … */
#define LOW_SPEED_SECONDS  15L   /* … for so long: the line is dead */
#define DNS_CACHE_SECONDS 3600L
#define PROBE_AFTER_S      30L
#define PROBE_EVERY_S       5L

/* ---- what curl calls ---- */

/* After connection and TLS, before the first byte of the request: what fails earlier was surely not sent. */
static int before_request(void *context, char *peer, char *local, int peer_port, int local_port)
{
	(void)peer, (void)local, (void)peer_port, (void)local_port;
	struct exchange *exchange = context;
	exchange->went_out = true;
	return CURL_PREREQFUNC_OK;
}

/* Counted here, after decompression: CURLOPT_MAXFILESIZE_LARGE looks only at a length that was announced. */
static size_t receive_body(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	if (buffer_add(&exchange->body, bytes, size * count))
		return size * count;
	exchange->too_large = true;
	return CURL_WRITEFUNC_ERROR;
}

/* curl is content with a head that breaks off: whether its empty line came is seen here. What follows it are fields behind the body, or
 * another head (after "100 Continue"), which begins with its status line. */
static size_t receive_header(char *bytes, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	bool is_empty = size * count > 0 && (bytes[0] == '\r' || bytes[0] == '\n');
	bool is_first = size * count >= 5 && memcmp(bytes, "HTTP/", 5) == 0;
	exchange->head_is_whole = is_empty || (exchange->head_is_whole && !is_first);
	exchange->header_bytes += size * count;
	if (exchange->header_bytes <= HTTP_HEADERS_MAX)
		return size * count;
	exchange->too_large = true;
	return 0;
}

/* ---- the request ---- */

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
	struct curl_slist *longer = curl_slist_append(exchange->headers, arena_print(exchange->arena, "%s: %s", name, value));
	if (!longer)
		die("curl_slist_append: no memory");
	exchange->headers = longer;
}

static void set_headers(struct exchange *exchange, const struct http_request *request)
{
	for (size_t i = 0; i < request->header_count; i++)
		add_header(exchange, request->headers[i].name, request->headers[i].value);
	/* Without a word from us curl would call what it sends a form, even when that is nothing. */
	add_header(exchange, "Content-Type", request->content_type ? request->content_type : "");
	/* curl would wait for "100 Continue" before a large body, and for nothing with servers that do not know it. */
	if (request->body)
		add_header(exchange, "Expect", "");
	curl_easy_setopt(exchange->easy, CURLOPT_HTTPHEADER, exchange->headers);
}

static void set_method_and_body(struct exchange *exchange, const struct http_request *request)
{
	if (request->method == HTTP_GET) {
		curl_easy_setopt(exchange->easy, CURLOPT_HTTPGET, 1L);
		return;
	}
	bool has_body = request->body || request->method != HTTP_DELETE;
	if (has_body) {
		buffer_add(&exchange->sent_body, request->body ? request->body : "", request->body ? request->body_length : 0);
		curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDS, exchange->sent_body.bytes);
		curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->sent_body.length);
	}
	if (request->method != HTTP_POST)
		curl_easy_setopt(exchange->easy, CURLOPT_CUSTOMREQUEST, http_method_name(request->method));
}

/* curl's directory of certificates would count beside `ca_file`, which stands instead of the system's. Beside the system's own file it adds
 * nothing, but keeps curl from reading that file once only: 20 ms for each of four connections, in which no key is heard. */
static void set_trust(CURL *easy, const struct http_address *address)
{
	char *of_system = NULL;
	curl_easy_getinfo(easy, CURLINFO_CAINFO, &of_system);
	if (address->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, address->ca_file);
	if (address->ca_file || of_system)
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (address->pinned_key)
		curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, address->pinned_key);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
}

static void set_way(struct exchange *exchange, const struct http_address *address, const char *path)
{
	CURL *easy = exchange->easy;
	bool secure = strncmp(address->base, "https:", 6) == 0;
	curl_easy_setopt(easy, CURLOPT_URL, arena_print(exchange->arena, "%s%s", address->base, path));
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);   /* a redirect is an answer: whoever asked judges it */
	if (address->unix_socket)
		curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, address->unix_socket);
	if (!secure)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");   /* this machine: no proxy may see what goes in the clear */
	set_trust(easy, address);
	/* Where TLS tells at once whether one connection serves several. In the clear curl learns that it does not from the first answer's end,
	 * and that of a feed never comes. */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, secure ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, DNS_CACHE_SECONDS);
}

/* A line that went away without a word is noticed by the kernel, within 45 s and without waking us: a probe after 30 s of silence, and two
 * more. curl sets all but the number. */
static int limit_probes(void *context, curl_socket_t file, curlsocktype purpose)
{
	(void)context, (void)purpose;
#ifdef TCP_KEEPCNT
	int probes = 3;
	setsockopt(file, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);   /* a Unix socket has none, and no line */
#else
	(void)file;
#endif
	return CURL_SOCKOPT_OK;
}

static void set_probes(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, PROBE_AFTER_S);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, PROBE_EVERY_S);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, limit_probes);
}

static void set_patience(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);   /* else removing or timing out a handle joins getaddrinfo(): seconds */
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)ENGINE_CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)ENGINE_TOTAL_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)HTTP_RESPONSE_MAX);   /* when the length is announced */
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, LOW_SPEED_SECONDS);
}

static void set_ears(struct exchange *exchange)
{
	CURL *easy = exchange->easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");   /* all that this curl can undo */
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "hacktiv/" HACKTIV_VERSION);
}

/* "reseau.example.org:8443": whoever reads that it refuses must see a slip in the port. */
static const char *where(struct arena *arena, const struct http_address *address)
{
	if (address->unix_socket)
		return arena_copy_text(arena, address->unix_socket);
	const char *scheme_end = strstr(address->base, "://");
	const char *from = scheme_end ? scheme_end + 3 : address->base;
	return text_clean(arena, from, strcspn(from, "/"), TEXT_ONE_LINE, TEXT_NAME_MAX);
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
	exchange->where = where(exchange->arena, address);
	exchange->socket = arena_copy_text(exchange->arena, address->unix_socket);
	buffer_init(&exchange->body, HTTP_RESPONSE_MAX);
	buffer_init(&exchange->sent_body, request->body_length);
	set_way(exchange, address, request->path);
	set_patience(easy);
	set_probes(easy);
	set_ears(exchange);
	set_method_and_body(exchange, request);
	set_headers(exchange, request);
	if (request->bearer) {
		/* Not as a raw header: curl would send that wherever the exchange goes. */
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, request->bearer);
	}
	return exchange;
}

/* curl counts in whole seconds, and 0 would mean for ever. */
static long whole_seconds(int64_t ms, long most)
{
	int64_t seconds = ms / 1000;
	return seconds < 1 ? 1L : seconds > most ? most : (long)seconds;
}

void exchange_distrust_line(struct exchange *exchange, int64_t since_ms)
{
	curl_easy_setopt(exchange->easy, CURLOPT_MAXLIFETIME_CONN, whole_seconds(since_ms, INT32_MAX));
}

void exchange_distrust_names(struct exchange *exchange, int64_t since_ms)
{
	curl_easy_setopt(exchange->easy, CURLOPT_DNS_CACHE_TIMEOUT, whole_seconds(since_ms, DNS_CACHE_SECONDS));
}

void exchange_free(struct exchange *exchange)
{
	if (!exchange)
		return;
	curl_easy_cleanup(exchange->easy);
	stream_free(exchange->stream);
	curl_slist_free_all(exchange->headers);
	explicit_bzero(exchange->sent_body.bytes, exchange->sent_body.length);
	buffer_clear(&exchange->sent_body);
	buffer_clear(&exchange->body);
	arena_free(exchange->arena);
	free(exchange);
}

/* ---- the answer ---- */

static const char *header_value(struct exchange *exchange, const char *name)
{
	struct curl_header *header;
	if (curl_easy_header(exchange->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}

static const char *clean_header(struct exchange *exchange, const char *name)
{
	const char *value = header_value(exchange, name);
	return value ? text_clean(exchange->arena, value, strlen(value), TEXT_ONE_LINE, TEXT_LINE_MAX) : NULL;
}

/* It goes back as a header: only what may stand in one (RFC 9110, 8.8.3). */
static const char *etag_of(struct exchange *exchange)
{
	const char *value = header_value(exchange, "ETag");
	if (!value || !*value || strlen(value) > TEXT_NAME_MAX)
		return NULL;
	for (const unsigned char *letter = (const unsigned char *)value; *letter; letter++) {
		if (*letter <= 0x20 || *letter >= 0x7f)
			return NULL;
	}
	return arena_copy_text(exchange->arena, value);
}

static char *media_type(struct exchange *exchange)
{
	const char *value = header_value(exchange, "Content-Type");
	size_t length = value ? strcspn(value, "; \t") : 0;
	char *type = text_clean(exchange->arena, value, length, TEXT_ONE_LINE, TEXT_NAME_MAX);
	for (char *letter = type; *letter; letter++) {
		if (*letter >= 'A' && *letter <= 'Z')
			*letter = (char)(*letter - 'A' + 'a');
	}
	return type;
}

/* curl understands seconds and dates; it does not say whether there was such a header. */
static int retry_after(struct exchange *exchange)
{
	curl_off_t seconds = 0;
	if (!header_value(exchange, "Retry-After") ||
	    curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds < 0)
		return -1;
	return seconds > INT32_MAX ? INT32_MAX : (int)seconds;
}

static int64_t date_of(struct exchange *exchange)
{
	const char *value = header_value(exchange, "Date");
	time_t date = value ? curl_getdate(value, NULL) : -1;
	return date > 0 ? (int64_t)date : 0;
}

static void read_answer(struct exchange *exchange, struct http_response *response)
{
	long status = 0;
	curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	response->transport = TRANSPORT_ANSWERED;
	response->status = (int)status;
	response->content_type = media_type(exchange);
	response->etag = etag_of(exchange);
	response->location = clean_header(exchange, "Location");
	response->retry_after_s = retry_after(exchange);
	response->date = date_of(exchange);
	response->body = exchange->body.bytes;
	response->body_length = exchange->body.length;
	log_line(LOG_LEVEL_DEBUG, "exchange %u with %s: %ld, %zu bytes", exchange->number, exchange->host, status,
	         exchange->body.length);
}

void exchange_answer(struct exchange *exchange, CURLcode result, struct http_response *response)
{
	*response = (struct http_response){ .content_type = "", .retry_after_s = -1, .body = "" };
	if (result == CURLE_OK && !exchange->too_large && exchange->head_is_whole) {
		read_answer(exchange, response);
		return;
	}
	exchange->too_large = exchange->too_large || result == CURLE_FILESIZE_EXCEEDED;
	response->transport = exchange->too_large  ? TRANSPORT_TOO_LARGE
	                      : exchange->went_out ? TRANSPORT_LOST
	                                           : TRANSPORT_NOT_SENT;
	failure_tell(exchange, result, &response->problem);
}
