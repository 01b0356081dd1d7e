/* public_url.h — under which address people reach this server. */
#ifndef HACKTIV_SERVER_PUBLIC_URL_H
#define HACKTIV_SERVER_PUBLIC_URL_H

#include "request.h"

/* Is this one as --public-url wants it: scheme and host, perhaps a port, nothing behind? */
bool public_url_check(const char *url, struct problem *why);
/* The one that was configured, else what the client itself called us: an answer to it alone may hold that. No "/" at its end. */
const char *public_url(const struct request *request);
/* Is this a URI by which somebody can be told of a hole: mailto:, tel: or https: (RFC 9116, 2.5.3), on one line? */
bool public_url_check_contact(const char *uri, struct problem *why);
/* Do people come through TLS? */
bool public_url_is_secure(const struct request *request);

#endif
