/* bad_line.h — a bad line between a client and a server: a proxy that understands just enough of HTTP/1.1 to know where an exchange
 * begins, and does to each of them what it is told.
 *
 * Positions are bytes of one direction of one exchange, head included, from 0 on. One thread for each connection; all that is
 * exchanged on one connection of the client goes over one connection to the server. No TLS, no pipelining. An answer
 * without a length (a live feed) goes on until either side ends it. */
#ifndef TEST_SUPPORT_BAD_LINE_H
#define TEST_SUPPORT_BAD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/problem.h"

/* How a connection ends where it is cut. On a Unix socket RST cannot be told from FIN. */
enum bad_end {
	BAD_END_FIN,
	BAD_END_RST,
	BAD_END_HOLD               /* it does not: nothing more comes, until the client goes or the line does */
};

/* A stretch of bytes; `at` -1: none. */
struct bad_stretch { int64_t at, length; };

struct bad_way {
	int delay_ms;              /* before the first byte */
	int bytes_per_s;           /* 0: as fast as it goes */
	int64_t cut_at;            /* this many bytes go through, then the whole connection ends; -1: never */
	enum bad_end end;
	int64_t flip;              /* this bit of the direction is the other one (8 * byte + bit); -1: none */
	struct bad_stretch drop, twice;
};

struct bad_exchange {
	struct bad_way request, answer;
	int status;                /* told instead of the server's; 0: as it is */
	char type[64];             /* Content-Type, likewise; "": as it is */
	bool last;                 /* it waits until another exchange has had its answer (at most a second): order is no promise */
	bool anothers;             /* it gets the answer of the exchange before it, and its own is lost */
	bool final;                /* the connection ends after it: whoever waits for more need not wait long */
};

struct bad_about {
	unsigned exchange;         /* from 1 on, over all connections, since the choice was made */
	const char *method;        /* "POST" */
	const char *request;       /* whole, head and body, NUL-terminated */
	size_t length;
};

/* Says what becomes of an exchange: `fate` comes as "nothing". Called from the line's threads, one at a time. */
typedef void bad_choice(void *context, const struct bad_about *about, struct bad_exchange *fate);

/* ---- choices that are there ---- */

/* Rules, one a line; all that fit an exchange apply. "#" begins a comment.
 *     WHICH [once] request|answer cut N [fin|rst|hold] | delay MS | throttle BYTES | flip BIT | drop AT LENGTH | twice AT LENGTH
 *     WHICH [once] answer status N | type TEXT | last | anothers | final
 * WHICH: all, a method, "write" (what is not GET), or a number: that exchange alone. */
struct bad_rules;
struct bad_rules *bad_rules_new(const char *text, struct problem *why);   /* NULL: `why` names the line */
void bad_rules_free(struct bad_rules *rules);
bad_choice bad_choice_by_rules;                /* context: struct bad_rules */

/* Of a hundred exchanges `percent` meet some fault, which one depends on seed and number alone. A hold ends what the client waits
 * for only when its patience does: those are left to rules. */
struct bad_seed { uint64_t seed; int percent; };
bad_choice bad_choice_by_seed;                 /* context: struct bad_seed */

/* ---- the line ---- */

struct bad_line;
/* From `listen` to `server`, each "unix:PATH" or "127.0.0.1:PORT" (to listen on port 0 takes a free one). `choice` NULL: a good
 * line. NULL when it cannot listen. */
struct bad_line *bad_line_new(const char *listen, const char *server, bad_choice *choice, void *context, struct problem *why);
void bad_line_free(struct bad_line *line);    /* cuts what is under way */
/* Another choice from the next exchange on; numbers begin anew. */
void bad_line_choose(struct bad_line *line, bad_choice *choice, void *context);
/* What hacktiv takes as an address: "http://127.0.0.1:4711", "unix:/path". */
const char *bad_line_address(const struct bad_line *line);

struct bad_line_count {
	unsigned connections;
	unsigned exchanges, faults, answers;       /* those begun, those with a fate that is not nothing, those whose answer went through whole */
	int64_t request_bytes, answer_bytes;       /* of the last of these */
};
struct bad_line_count bad_line_count(struct bad_line *line);

#endif
