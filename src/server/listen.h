/* listen.h — the way in: libmicrohttpd in poll mode on one thread. Its epoll mode loses connections that become ready while another is
 * suspended (0.9.75), and every request here is. */
#ifndef HACKTIV_SERVER_LISTEN_H
#define HACKTIV_SERVER_LISTEN_H

#include "server.h"

struct door;

#define DRAIN_LIMIT_MS 15000   /* for requests under way when the end has come */

/* `where` as --listen has it. */
struct door *door_open(struct server *server, const char *where, struct problem *why);
/* "http://127.0.0.1:8080" or "unix:/path". */
const char *door_address(const struct door *door);
/* Once a second or so: cuts off the slow. */
void door_tick(struct door *door);
/* Takes nobody new, lets those inside end, unlinks the socket. The database must still run. */
void door_close(struct door *door);

#endif
