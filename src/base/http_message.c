/* http_message.c — see http_message.h. */
#include "hacktiv/base/http_message.h"

#include <string.h>

const char *http_method_name(enum http_method method)
{
	switch (method) {
	case HTTP_GET:
		return "GET";
	case HTTP_POST:
		return "POST";
	case HTTP_PATCH:
		return "PATCH";
	case HTTP_PUT:
		return "PUT";
	case HTTP_DELETE:
		return "DELETE";
	}
	return "GET";
}

/* token of RFC 9110, section 5.6.2 */
static bool is_token(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
	return *name && name[strspn(name, letters)] == '\0';
}

/* A line end inside a value would begin a header of somebody else's choosing (CWE-113). */
static bool is_field_value(const char *value)
{
	for (const unsigned char *letter = (const unsigned char *)value; *letter; letter++) {
		if ((*letter < 0x20 && *letter != '\t') || *letter == 0x7f)
			return false;
	}
	return true;
}

bool http_request_header(struct http_request *request, const char *name, const char *value)
{
	if (request->header_count == HTTP_REQUEST_HEADERS || !is_token(name) || !is_field_value(value))
		return false;
	request->headers[request->header_count++] = (struct http_header){ name, value };
	return true;
}

char *http_encode(struct arena *arena, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_get(arena, strlen(text) * 3 + 1);
	char *to = out;
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
		    strchr("-._~", byte)) {
			*to++ = (char)byte;
		} else {
			*to++ = '%';
			*to++ = hex[byte >> 4];
			*to++ = hex[byte & 15];
		}
	}
	return out;
}
