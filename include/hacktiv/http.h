/* http.h — doing what a backend asked: libcurl's multi interface behind one wait, and where the token is kept.
 *
 * The only room that includes <curl/curl.h>. One thread, no callback into the caller except from engine_turn(). */
#ifndef HACKTIV_HTTP_H
#define HACKTIV_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"

/* Where a site answers: https://host[:port][/prefix], http:// to loopback only, or unix:/absolute/path. */
struct http_address {
	const char *base;          /* "https://host/prefix" without a final slash; "http://localhost" for a socket */
	const char *unix_socket;   /* or NULL */
	const char *host;          /* for people: "reseau.example.org", "localhost" */
	const char *ca_file;       /* or NULL: the system's */
	const char *pinned_key;    /* or NULL: any key that a trusted certificate vouches for */
};
/* Strings live in `arena`. Field "url". Credentials in the address are refused. */
bool http_address_parse(struct arena *arena, const char *url, struct http_address *address, struct problem *why);
/* Pins, beside the checks of the certificate and never instead of them, the site's public key (RFC 7469, 2.4): "sha256//" and 44 letters of
 * base64; several, for a key that is to follow, with ";" between them. Kept in `address` as it is. Field "pinned_key". */
bool http_address_pin(struct http_address *address, const char *pinned_key, struct problem *why);

#define ENGINE_CONNECT_TIMEOUT_MS  5000
#define ENGINE_TOTAL_TIMEOUT_MS   30000
#define ENGINE_HOST_CONNECTIONS       4
#define ENGINE_TOTAL_CONNECTIONS     64   /* of sixteen sites that all hang: none may keep the others waiting */

struct engine;
/* Cheap: curl itself starts with the first exchange, after the first frame. */
struct engine *engine_new(void);
/* Cancels what is under way without waiting for it (curl's resolver thread included: CURLOPT_QUICK_EXIT). */
void engine_free(struct engine *engine);

/* Called from engine_turn() once per exchange, unless it was cancelled. `response` is borrowed for the call. */
typedef void engine_done(void *context, const struct http_response *response);
/* Copies what it needs of `request`. Never fails at once: a refused start is a TRANSPORT_NOT_SENT answer of the next turn.
 * Never follows redirects to another host, never sends the token there. Returns a number for engine_cancel(), never 0. */
unsigned engine_send(struct engine *engine, const struct http_address *address, const struct http_request *request,
                     engine_done *done, void *context);
void engine_cancel(struct engine *engine, unsigned exchange);   /* `done` is not called any more */
/* The computer slept, or is on another network: connections that wait to be used again are dead without a word, and names may stand for
 * other addresses. What is sent from now on goes over new ones. */
void engine_distrust(struct engine *engine);
size_t engine_busy(const struct engine *engine);                /* exchanges under way, streams aside */

/* One message of a feed (server-sent events); borrowed for the call. */
struct stream_event {
	const char *kind;        /* "message" when the stream does not name it */
	const char *data;        /* NULL: only an id came. NUL-terminated, may hold NULs inside */
	size_t data_length;
	const char *id;          /* the last that was sent, "" none; no control characters */
};
/* Called from engine_turn(), any of them may cancel the stream. After `ended` nothing more comes. */
struct stream_ears {
	void (*heard)(void *context);      /* bytes came: events, comments, anything; the connection is alive */
	void (*event)(void *context, const struct stream_event *event);
	/* Another answer than a stream, or the end of one: then ANSWERED with status 200, LOST, or TOO_LARGE for a line or an event beyond
	 * 64 KiB. `pause_ms`: what the stream asked to wait before coming back, -1 nothing. */
	void (*ended)(void *context, const struct http_response *response, int pause_ms);
};
/* A request whose answer is text/event-stream and has no end. Takes as long as it takes, with one connection beyond those of requests;
 * whoever listens watches how long nothing was heard. Returns a number for engine_cancel(). `ears` must outlive it. */
unsigned engine_listen(struct engine *engine, const struct http_address *address, const struct http_request *request,
                       const struct stream_ears *ears, void *context);

struct engine_fd {
	int fd;
	bool has_to_say;   /* in: something waits to be written there; ends the wait when it takes it, as `readable` */
	bool readable;     /* out: something to read, a hang-up, an error or no file at all: read() tells which */
};
/* The one wait of the program: exchanges, `fds` and at most `timeout_ms` (-1: for ever). A signal ends it early. */
void engine_wait(struct engine *engine, struct engine_fd *fds, size_t count, int timeout_ms);
/* Moves bytes and delivers finished exchanges. Never blocks. */
void engine_turn(struct engine *engine);

/* Pause before try number `attempt` (from 1) in milliseconds: exponential from 250 ms, full jitter (`random` 0 … 65535), at most
 * 60 s; never earlier than `retry_after_s` (-1: none), and then scattered over a second or more, for others were told the same. -1: stop
 * trying (10 minutes after the first send, `elapsed_ms`). */
int retry_pause_ms(int attempt, int retry_after_s, unsigned random, int64_t elapsed_ms);

/* What lets us in at a site. Kept in $XDG_STATE_HOME/hacktiv/tokens/<site>, 0600: a line "hacktiv-token 1" and a line for each of the
 * four, or, as of old, one line with the first. Several processes of one person share it. What looks at the file, or changes it, may have to
 * wait for the disk. */
struct tokens {
	char *access;              /* bearer token (RFC 6750); NULL: none */
	char *refresh;             /* good once, for the next two (RFC 6749, 6); NULL: none */
	int64_t expires_at;        /* of `access`, seconds since 1970; 0: not known */
	char *log_in;              /* of which log-in they are: renewed ones keep it. "" or NULL: not known */
};
/* From HACKTIV_TOKEN_FILE (any site, read-only), else from the site's file. False: PROBLEM_NOT_FOUND when there is none (PROBLEM_MISSING:
 * the variable names a file that is not there); PROBLEM_REFUSED when others could read it, it is a link or no ordinary file, or a newer
 * hacktiv wrote it. */
bool tokens_load(const char *site, struct tokens *tokens, struct problem *why);
/* What the file is to hold, and where: for whoever writes it, whole or not at all. Yours; token_forget() the first. NULL: field "token". */
char *tokens_text(const struct tokens *tokens, struct problem *why);
char *tokens_path(const char *site, struct problem *why);
bool tokens_remove(const char *site, struct problem *why);
/* Another number once another file stands there; 0: none does. */
uint64_t tokens_mark(const char *site);
void tokens_clear(struct tokens *tokens);   /* wipes them */
void token_forget(char *secret);            /* wipes and frees one */
bool token_is_given(void);   /* HACKTIV_TOKEN_FILE is set: nothing is kept or forgotten by us */

/* Whoever wants to renew or to replace a site's tokens does it with this lock, or two processes would use up one refresh token. Never
 * waits; ends with the process. */
enum tokens_lock { TOKENS_LOCKED, TOKENS_LOCKED_BY_ANOTHER, TOKENS_CANNOT_LOCK };
enum tokens_lock tokens_lock(const char *site, int *lock);   /* `lock` -1 unless LOCKED */
void tokens_unlock(int *lock);                               /* -1 is fine, and what it becomes */

#endif
