/* socket.h — the listening socket: loopback or a Unix socket, never the open network. */
#ifndef HACKTIV_SERVER_SOCKET_H
#define HACKTIV_SERVER_SOCKET_H

#include "hacktiv/base.h"

struct listening {
	int descriptor;
	char *address;       /* "http://127.0.0.1:8080", "unix:/run/hacktivd/socket"; owned */
	char *path;          /* of the Unix socket, to unlink at the end; NULL for TCP; owned */
};

/* "HOST:PORT" (port 0: any free one) or "unix:PATH". The host must be loopback unless `open` is said: there is no TLS here. A Unix socket is made 0600; one left behind by a dead process is
 * replaced, one that answers is refused. */
bool socket_listen(const char *where, bool open, struct listening *listening, struct problem *why);
/* One that this process already holds, from the program it was before (see serve.c): the address is told, nothing is bound. */
bool socket_inherit(int descriptor, struct listening *listening, struct problem *why);
void socket_forget(struct listening *listening);   /* unlinks and frees; the descriptor is not closed */

#endif
