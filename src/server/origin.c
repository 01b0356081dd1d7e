/* origin.c — see origin.h. */
#include "origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "number.h"
#include "request.h"

#define ADDRESS_TEXT_MAX 64u
#define V4_BITS_BEFORE 96u

static bool address_read(const char *text, unsigned char bytes[16])
{
	static const unsigned char v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct in_addr v4;
	if (inet_pton(AF_INET, text, &v4) == 1) {
		memcpy(bytes, v4_prefix, sizeof v4_prefix);
		memcpy(bytes + sizeof v4_prefix, &v4, sizeof v4);
		return true;
	}
	return inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_v4(const unsigned char bytes[16])
{
	return IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes);
}

static const char *address_text(const unsigned char bytes[16], struct arena *arena)
{
	char text[INET6_ADDRSTRLEN];
	if (is_v4(bytes))
		inet_ntop(AF_INET, bytes + 12, text, sizeof text);
	else
		inet_ntop(AF_INET6, bytes, text, sizeof text);
	return arena_copy_text(arena, text);
}

bool proxies_add(struct proxies *proxies, const char *text, struct problem *why)
{
	char address[ADDRESS_TEXT_MAX];
	size_t length = strcspn(text, "/");
	int64_t bits = -1;
	if (strcmp(text, "unix") == 0)
		return proxies->unix_socket = true;
	if (proxies->count == PROXIES_MAX)
		return problem_set(why, PROBLEM_INVALID, "--trusted-proxy", "At most %d proxies can be named.", PROXIES_MAX);
	struct network_prefix *prefix = &proxies->trusted[proxies->count];
	bool read = length < sizeof address && (!text[length] || number_read(text + length + 1, 128, &bits));
	if (read) {
		memcpy(address, text, length);
		address[length] = '\0';
		read = address_read(address, prefix->bytes);
	}
	int64_t most = read && is_v4(prefix->bytes) ? 32 : 128;
	if (!read || bits > most)
		return problem_set(why, PROBLEM_INVALID, "--trusted-proxy",
		                   "A proxy is named by its address, a network as in 10.0.0.0/8 or 2001:db8::/32, or unix.");
	prefix->bits = (unsigned)(bits < 0 ? most : bits) + (most == 32 ? V4_BITS_BEFORE : 0);
	proxies->count++;
	return true;
}

static bool is_within(const unsigned char bytes[16], const struct network_prefix *prefix)
{
	size_t whole = prefix->bits / 8;
	unsigned rest = prefix->bits % 8;
	if (memcmp(bytes, prefix->bytes, whole) != 0)
		return false;
	return rest == 0 || ((bytes[whole] ^ prefix->bytes[whole]) >> (8 - rest)) == 0;
}

static bool is_trusted(const struct proxies *proxies, const unsigned char bytes[16])
{
	for (size_t i = 0; i < proxies->count; i++)
		if (is_within(bytes, &proxies->trusted[i]))
			return true;
	return false;
}

/* One element of X-Forwarded-For, spaces around it; some proxies add a port. */
static bool element_read(const char *from, size_t length, unsigned char bytes[16])
{
	char text[ADDRESS_TEXT_MAX];
	while (length > 0 && (*from == ' ' || *from == '\t'))
		from++, length--;
	while (length > 0 && (from[length - 1] == ' ' || from[length - 1] == '\t'))
		length--;
	if (length >= sizeof text)
		return false;
	memcpy(text, from, length);
	text[length] = '\0';
	char *closing = text[0] == '[' ? strchr(text, ']') : NULL;
	if (closing) {
		*closing = '\0';
		return address_read(text + 1, bytes);
	}
	char *colon = strchr(text, ':');
	if (colon && !strchr(colon + 1, ':'))
		*colon = '\0';
	return address_read(text, bytes);
}

/* From the right: each proxy adds whom it saw. The first that is no proxy of ours is the client. */
static void follow(const struct proxies *proxies, const struct request *request, unsigned char bytes[16])
{
	for (size_t i = request->field_count; i-- > 0;) {
		const char *value = request->fields[i].value;
		if (strcasecmp(request->fields[i].name, "X-Forwarded-For") != 0)
			continue;
		for (size_t end = strlen(value);;) {
			size_t from = end;
			while (from > 0 && value[from - 1] != ',')
				from--;
			unsigned char seen[16];
			if (!element_read(value + from, end - from, seen))
				return;
			memcpy(bytes, seen, sizeof seen);
			if (!is_trusted(proxies, bytes))
				return;
			if (from == 0)
				break;
			end = from - 1;
		}
	}
}

static bool peer_read(const struct sockaddr *peer, unsigned char bytes[16])
{
	char text[INET6_ADDRSTRLEN];
	if (peer && peer->sa_family == AF_INET)
		return inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)peer)->sin_addr, text, sizeof text) &&
		       address_read(text, bytes);
	if (!peer || peer->sa_family != AF_INET6)
		return false;
	memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, 16);
	return true;
}

const char *origin_of(const struct proxies *proxies, const struct sockaddr *peer, const struct request *request)
{
	unsigned char bytes[16] = { 0 };
	static const unsigned char nowhere[16] = { 0 };
	bool known = peer_read(peer, bytes);
	if (known ? is_trusted(proxies, bytes) : proxies->unix_socket)
		follow(proxies, request, bytes);
	return memcmp(bytes, nowhere, sizeof bytes) != 0 ? address_text(bytes, request->arena) : "";
}

const char *origin_house(const char *address, struct arena *arena)
{
	unsigned char bytes[16];
	if (!address_read(address, bytes) || is_v4(bytes))
		return address;
	memset(bytes + 8, 0, 8);
	return address_text(bytes, arena);
}
