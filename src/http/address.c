/* address.c — where a site answers; what may be spoken there. See http.h. */
#include "hacktiv/http.h"

#include <string.h>

#define ADDRESS_MAX 500u          /* bytes */
#define SOCKET_PATH_MAX 107u      /* sun_path of Linux without its NUL; 103 elsewhere */

static bool refuse(struct problem *why, const char *sentence, const char *url)
{
	return problem_set(why, PROBLEM_INVALID, "url", sentence, url);
}

/* RFC 6761 and RFC 1122: names and numbers that never leave this machine. */
static bool is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 && !host[strspn(host, "0123456789.")]);
}

static bool parse_socket(struct arena *arena, const char *path, struct http_address *address, struct problem *why)
{
	if (*path != '/')
		return refuse(why, _("“%s” should be an absolute path after unix:, such as unix:/run/hacktivd.sock."), path);
	if (strlen(path) > SOCKET_PATH_MAX)
		return refuse(why, _("The path of the socket is longer than the system allows: %s"), path);
	address->unix_socket = arena_copy_text(arena, path);
	address->base = "http://localhost";
	address->host = "localhost";
	return true;
}

bool http_address_parse(struct arena *arena, const char *url, struct http_address *address, struct problem *why)
{
	*address = (struct http_address){ 0 };
	if (!text_is_clean(url, strlen(url), TEXT_ONE_LINE, ADDRESS_MAX) || strpbrk(url, " \"<>\\^`{|}?#"))
		return refuse(why, _("“%s” is not an address: https://host, or http:// to this machine, or unix:/path."),
		              text_clean(arena, url, strlen(url), TEXT_ONE_LINE, 100));
	if (strncmp(url, "unix:", 5) == 0)
		return parse_socket(arena, url + 5, address, why);

	bool plain = strncmp(url, "http://", 7) == 0;
	if (!plain && strncmp(url, "https://", 8) != 0)
		return refuse(why, _("“%s” is not an address: https://host, or http:// to this machine, or unix:/path."), url);
	const char *authority = url + (plain ? 7 : 8);
	size_t length = strcspn(authority, "/");
	if (memchr(authority, '@', length))
		return problem_set(why, PROBLEM_INVALID, "url",
		                   _("An address holds no name or password: log in with `hacktiv login` instead."));
	size_t host_length = *authority == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");
	if (length == 0 || host_length == 0 || host_length > length)
		return refuse(why, _("“%s” names no host."), url);
	address->host = arena_copy_bytes(arena, authority, host_length);
	if (plain && !is_loopback(address->host))
		return refuse(why, _("“%s” would send your token unprotected: outside this machine only https:// is spoken."), url);

	size_t whole = strlen(url);
	while (whole > 0 && url[whole - 1] == '/')
		whole--;
	address->base = arena_copy_bytes(arena, url, whole);
	return true;
}
