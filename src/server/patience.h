/* patience.h — how long a connection may take. libmicrohttpd only knows silence: a byte a second keeps it for ever. So each connection
 * has a deadline for what it is doing; past it the client is told 408 and cut off. */
#ifndef HACKTIV_SERVER_PATIENCE_H
#define HACKTIV_SERVER_PATIENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_LIMIT_MS      10000    /* from the connection, or the end of the idle time, to the last header line */
#define BODY_LIMIT_MS      30000
#define SEND_LIMIT_MS      60000    /* for an answer to be taken */
#define IDLE_LIMIT_S       60       /* between requests: libmicrohttpd's own */
#define REQUESTS_MAX       1000     /* on one connection */
#define CONNECTIONS_MAX    4096     /* more are told 503 */

struct patience;
struct visit;            /* one connection */

struct patience *patience_new(void);
void patience_free(struct patience *patience);    /* no visit may be left */

struct visit *patience_enter(struct patience *patience, int descriptor);
void patience_leave(struct patience *patience, struct visit *visit);   /* before the descriptor is closed */
size_t patience_visits(struct patience *patience);
/* The `served`th request of this connection begins. */
unsigned patience_count_request(struct visit *visit);

/* Whether the last request that was answered had come whole. A visit begins without any. */
void patience_note_whole(struct visit *visit, bool whole);
bool patience_had_whole(const struct visit *visit);

enum doing { DOING_RECEIVING, DOING_NOTHING_TIMED, DOING_SENDING };
void patience_expect(struct patience *patience, struct visit *visit, enum doing doing, int64_t limit_ms);

/* Cuts off whoever is past their deadline. */
void patience_tick(struct patience *patience, int64_t now_ms);

#endif
