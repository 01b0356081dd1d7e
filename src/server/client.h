/* client.h — programs that may ask to be let in. All are public clients (RFC 6749, 2.1): they keep no secret, so the page that lets a
 * device in says from where and when it asked, too. */
#ifndef HACKTIV_SERVER_CLIENT_H
#define HACKTIV_SERVER_CLIENT_H

#include <stdbool.h>

struct client {
	const char *id;
	const char *name;       /* as the page calls it */
	bool refreshes;         /* stays logged in; a terminal that many share does not */
};

#define CLIENT_TERMINAL "hacktiv-tui"

/* NULL: unknown. */
const struct client *client_find(const char *id);

#endif
