/* listen.h — the way in: libmicrohttpd in poll mode on one thread. Its epoll mode loses connections that become ready while another is
 * suspended (0.9.75), and every request here is. */
#ifndef HACKTIV_SERVER_LISTEN_H
#define HACKTIV_SERVER_LISTEN_H

#include "server.h"

struct door;

#define DRAIN_LIMIT_MS 15000   /* for requests under way when the end has come */

/* DOOR_OPEN may be on an address of the network, DOOR_OUTER and DOOR_INNER on loopback only. */
enum door_kind { DOOR_OUTER, DOOR_OPEN, DOOR_INNER };

/* `where` as --listen has it, or a listening socket that is there already (`inherited`, -1: none). The inner door is for those who run the server: metrics and how it is, nothing else. */
struct door *door_open(struct server *server, const char *where, int inherited, enum door_kind kind, struct problem *why);
/* "http://127.0.0.1:8080" or "unix:/path". */
const char *door_address(const struct door *door);
/* Once a second or so: cuts off the slow. */
void door_tick(struct door *door);
/* Takes nobody new, lets those inside end, unlinks the socket. The database must still run. */
void door_close(struct door *door);
/* The same, but the socket stays open and bound: whoever comes meanwhile waits in its queue. Returns it. */
int door_close_keeping_socket(struct door *door);

#endif
