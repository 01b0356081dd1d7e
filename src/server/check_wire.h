/* check_wire.h — one exchange at a time with a server that may be any: what `hacktivd check` asks with, over libcurl.
 *
 * Names and passwords of others never pass here but in a body or as a bearer token. https:// is verified; http:// goes to this machine
 * alone, and unix:PATH to a socket. Nothing that comes back is trusted: sizes are capped, text is cleaned by who prints it. */
#ifndef HACKTIV_SERVER_CHECK_WIRE_H
#define HACKTIV_SERVER_CHECK_WIRE_H

#include "hacktiv/base.h"

#define CHECK_BODY_MAX (4u << 20)   /* bytes of an answer; more is a fault */
#define CHECK_HEAD_MAX (64u << 10)

struct wire;

struct ask {                      /* NULL: not said */
	const char *method;            /* GET when NULL */
	const char *target;            /* from its "/" */
	const char *body;
	const char *type;              /* of the body: application/json when NULL */
	const char *accept;
	const char *token;
	const char *key;               /* Idempotency-Key */
	const char *if_match;
	const char *if_none_match;
	bool endless;                  /* a stream: what comes until its first empty line is enough */
};

struct reply {                    /* lives in the arena */
	int status;
	const char *head;              /* header lines, "Name: value\r\n" each, without the first */
	const char *body;              /* never NULL, ends with NUL */
	size_t length;
};

/* NULL: the address is none, or not one that a token may be sent to. */
struct wire *wire_new(const char *url, struct problem *why);
void wire_free(struct wire *wire);
/* Where it asks, for a Host header. Borrowed. */
const char *wire_host(const struct wire *wire);
/* False: no answer came, or one beyond the limits. */
bool wire_ask(struct wire *wire, const struct ask *ask, struct arena *arena, struct reply *reply, struct problem *why);
/* Bytes as they are over a connection of their own, and all that comes back until the other side closes. False: no whole head came. */
bool wire_say(struct wire *wire, const char *bytes, size_t length, struct arena *arena, struct reply *reply, struct problem *why);
/* The value of a header, its name in any case; NULL: not there. `*count`, unless NULL: how often it stands. */
const char *reply_header(const struct reply *reply, const char *name, struct arena *arena, int *count);

#endif
