/* public_url.c — see public_url.h. */
#include "public_url.h"

#include <string.h>

#define HTTP "http://"
#define HTTPS "https://"

static bool is_host(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]";
	return *text && !text[strspn(text, allowed)];
}

static bool begins(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

bool public_url_check(const char *url, struct problem *why)
{
	const char *host = begins(url, HTTPS) ? url + strlen(HTTPS) : begins(url, HTTP) ? url + strlen(HTTP) : "";
	return is_host(host) || problem_set(why, PROBLEM_INVALID, "--public-url",
	                                    "Say how people reach this server: https://booking.example.org, with nothing behind the host.");
}

bool public_url_check_contact(const char *uri, struct problem *why)
{
	bool known = begins(uri, "mailto:") || begins(uri, "tel:") || begins(uri, HTTPS);
	for (const char *at = uri; *at && known; at++)
		known = *at > ' ' && *at < 0x7f;
	return (known && strchr(uri, ':')[1]) ||
	       problem_set(why, PROBLEM_INVALID, "--security-contact", "Say whom to tell: mailto:security@example.org, tel:+3260000000 or https://….");
}

const char *public_url(const struct request *request)
{
	const char *host = request_field(request, "Host");
	if (request->server->public_url)
		return request->server->public_url;
	return arena_print(request->arena, HTTP "%s", host && is_host(host) ? host : "localhost");
}

bool public_url_is_secure(const struct request *request)
{
	return begins(public_url(request), HTTPS);
}
