/* exchange.h — one request on its way through libmicrohttpd: received, guarded, answered by steps on other threads while its connection is
 * suspended, sent, logged. Private to listen.c and exchange.c, the only files that know <microhttpd.h>. */
#ifndef HACKTIV_SERVER_EXCHANGE_H
#define HACKTIV_SERVER_EXCHANGE_H

#include <pthread.h>

#include <microhttpd.h>

#include "patience.h"
#include "server.h"
#include "socket.h"

struct door {
	struct server *server;
	struct listening listening;
	bool inner;                 /* for those who run the server: metrics, readiness */
	struct MHD_Daemon *daemon;
	struct patience *patience;
	int nowhere;                /* a socket with nobody at its other end: see give_away() */
	pthread_mutex_t guard;      /* the four below */
	size_t inside;              /* requests whose head is read and whose answer is not sent */
	size_t suspended;           /* of them waiting for another thread */
	bool closed;                /* the end has come: nothing new may begin */
};

void *exchange_on_target(void *context, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                    const char *version, const char *upload, size_t *upload_length, void **exchange);
void exchange_on_completed(void *context, struct MHD_Connection *connection, void **exchange,
                           enum MHD_RequestTerminationCode how);

#endif
