/* address.c — where a site answers: taken apart and put together again by curl's own URL parser, so that what we check is what
 * curl will do. */
#include "hacktiv/http.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#define UNIX_PREFIX "unix:"
#define PORT_MAX 65535
#define PIN_PREFIX "sha256//"
#define PIN_DIGEST_LETTERS 43u   /* 32 bytes in base64, before the one "=" */
#define UNIX_PATH_MAX 107u   /* sun_path less its NUL, on Linux; the BSDs have 103 */

struct url_parts {
	char *scheme, *user, *password, *host, *port, *path, *query, *fragment;
};

static bool refuse(struct problem *why, const char *sentence)
{
	return problem_set(why, PROBLEM_INVALID, "url", "%s", sentence);
}

static char *part(CURLU *url, CURLUPart which)
{
	char *text = NULL;
	return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

static void parts_clear(struct url_parts *parts)
{
	char *all[] = { parts->scheme, parts->user, parts->password, parts->host,
		        parts->port, parts->path, parts->query, parts->fragment };
	for (size_t i = 0; i < COUNT_OF(all); i++)
		curl_free(all[i]);
}

/* A name or address of this very machine: only there may a token travel without TLS. */
static bool is_loopback(const char *host)
{
	if (strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	/* curl has made four numbers of "127.1" and "0x7f.1" before this. */
	return strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0';
}

static bool check(const struct url_parts *parts, struct problem *why)
{
	if (parts->user || parts->password)
		return refuse(why, _("A name or password does not belong into an address: log in with “hacktiv login”."));
	if (parts->query || parts->fragment)
		return refuse(why, _("An address ends with its path: “?” and “#” do not belong there."));
	if (strcmp(parts->scheme, "https") == 0)
		return true;
	if (strcmp(parts->scheme, "http") != 0)
		return refuse(why, _("An address begins with https:// or unix:/."));
	if (!is_loopback(parts->host))
		return refuse(why, _("Only https:// goes over a network: http:// is for this machine alone (localhost, 127.0.0.1)."));
	return true;
}

static void fill(struct arena *arena, const struct url_parts *parts, struct http_address *address)
{
	size_t length = strlen(parts->path);
	while (length > 0 && parts->path[length - 1] == '/')
		length--;
	const char *prefix = arena_copy_bytes(arena, parts->path, length);
	*address = (struct http_address){
		.base = arena_print(arena, "%s://%s%s%s%s", parts->scheme, parts->host, parts->port ? ":" : "",
		                    parts->port ? parts->port : "", prefix),
		.host = text_clean(arena, parts->host, strlen(parts->host), TEXT_ONE_LINE, TEXT_NAME_MAX),
	};
}

static bool parse_url(struct arena *arena, const char *text, struct http_address *address, struct problem *why)
{
	CURLU *url = curl_url();
	if (!url)
		die("curl_url: no memory");
	/* curl forgives https:///host; whoever wrote that may have meant something else. */
	bool fits = !strstr(text, ":///") && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
	struct url_parts parts = { .scheme = NULL };
	if (fits)
		parts = (struct url_parts){ part(url, CURLUPART_SCHEME), part(url, CURLUPART_USER), part(url, CURLUPART_PASSWORD),
			                    part(url, CURLUPART_HOST), part(url, CURLUPART_PORT), part(url, CURLUPART_PATH),
			                    part(url, CURLUPART_QUERY), part(url, CURLUPART_FRAGMENT) };
	curl_url_cleanup(url);
	if (!fits || !parts.scheme || !parts.host || !parts.path)
		fits = refuse(why, _("That is not an address; one looks like https://booking.example.org or unix:/run/hacktivd.socket."));
	else
		fits = check(&parts, why);
	if (fits)
		fill(arena, &parts, address);
	parts_clear(&parts);
	return fits;
}

/* Takes what nearly everybody writes: a host that begins with a letter, perhaps a port and a simple path. Nothing in it can be read
 * otherwise than it stands, so curl's parser has nothing to add, and curl need not be loaded for it. */
static bool parse_plain(struct arena *arena, const char *text, struct http_address *address)
{
	bool secure = strncmp(text, "https://", 8) == 0;
	if (!secure && strncmp(text, "http://", 7) != 0)
		return false;
	const char *host = text + (secure ? 8 : 7);
	size_t host_length = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	const char *at = host + host_length;
	if (host[0] < 'a' || host[0] > 'z' || host_length > TEXT_NAME_MAX)
		return false;
	if (!secure && strcmp(arena_copy_bytes(arena, host, host_length), "localhost") != 0)
		return false;
	if (*at == ':' && at[1] >= '1' && at[1] <= '9') {
		size_t digits = strspn(at + 1, "0123456789");
		if (digits > 5 || strtol(at + 1, NULL, 10) > PORT_MAX)
			return false;
		at += 1 + digits;
	}
	if (*at == '/')
		at += strspn(at, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
	if (*at)
		return false;
	while (at[-1] == '/')
		at--;
	*address = (struct http_address){
		.base = arena_copy_bytes(arena, text, (size_t)(at - text)),
		.host = arena_copy_bytes(arena, host, host_length),
	};
	return true;
}

static bool parse_socket(struct arena *arena, const char *path, struct http_address *address, struct problem *why)
{
	if (path[0] != '/' || path[1] == '\0')
		return refuse(why, _("After “unix:” comes the whole path of a socket: unix:/run/hacktivd.socket."));
	if (strlen(path) > UNIX_PATH_MAX)
		return refuse(why, _("The path of that socket is longer than the system allows."));
	*address = (struct http_address){
		.base = "http://localhost",
		.unix_socket = arena_copy_text(arena, path),
		.host = "localhost",
	};
	return true;
}

bool http_address_parse(struct arena *arena, const char *url, struct http_address *address, struct problem *why)
{
	*address = (struct http_address){ 0 };
	/* What cleaning would change is no address, and would be shown as another one than is used. */
	if (!text_is_clean(url, strlen(url), TEXT_ONE_LINE, TEXT_LINE_MAX))
		return refuse(why, _("That address holds characters that no address holds."));
	if (strncmp(url, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		return parse_socket(arena, url + strlen(UNIX_PREFIX), address, why);
	return parse_plain(arena, url, address) || parse_url(arena, url, address, why);
}

/* ---- a pinned key ---- */

/* What follows one pin, NULL when `text` begins with none. */
static const char *after_pin(const char *text)
{
	if (strncmp(text, PIN_PREFIX, strlen(PIN_PREFIX)) != 0)
		return NULL;
	const char *digest = text + strlen(PIN_PREFIX);
	size_t letters = strspn(digest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
	return letters == PIN_DIGEST_LETTERS && digest[letters] == '=' ? digest + letters + 1 : NULL;
}

bool http_address_pin(struct http_address *address, const char *pinned_key, struct problem *why)
{
	const char *at = after_pin(pinned_key);
	while (at && *at == ';')
		at = after_pin(at + 1);
	if (!at || *at)
		return problem_set(why, PROBLEM_INVALID, "pinned_key",
		                   _("“pinned_key” is “sha256//” and 44 letters that end with “=”; several have “;” between them."));
	if (strncmp(address->base, "https:", 6) != 0)
		return problem_set(why, PROBLEM_INVALID, "pinned_key", _("“pinned_key” is for https:// only: no other address shows a key."));
	address->pinned_key = pinned_key;
	return true;
}
