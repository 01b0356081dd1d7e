/* origin.h — from which address a request comes: the peer of its connection or, behind a proxy that was named at the start, whom
 * that proxy saw. X-Forwarded-For of anybody else is what anybody may write, and not looked at. */
#ifndef HACKTIV_SERVER_ORIGIN_H
#define HACKTIV_SERVER_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/socket.h>

#include "hacktiv/base.h"

struct request;

#define PROXIES_MAX 16

struct network_prefix {           /* addresses with these first bits; IPv4 as IPv6 has it, ::ffff:a.b.c.d */
	unsigned char bytes[16];
	unsigned bits;
};

struct proxies {
	struct network_prefix trusted[PROXIES_MAX];
	size_t count;
	bool unix_socket;         /* whoever comes through our Unix socket is a proxy */
};

/* "192.0.2.7", "2001:db8::/32", or "unix". False: `why` says what is wrong with it. */
bool proxies_add(struct proxies *proxies, const char *text, struct problem *why);

/* In the request's arena, as inet_ntop() writes it; "" for one through a Unix socket that says nothing more. `peer` may be NULL. */
const char *origin_of(const struct proxies *proxies, const struct sockaddr *peer, const struct request *request);

/* What limits count by: an IPv4 address, or the first 64 bits of an IPv6 one, of which one house has as many addresses as it likes. */
const char *origin_house(const char *address, struct arena *arena);

#endif
