/* pack.h — bodies packed with gzip (RFC 1952) for whoever can unpack them, where no proxy in front does it: nginx packs answers of status
 * 200, 403 and 404 alone, so what was just made would go out in full, and a booking is told in 750 bytes. */
#ifndef HACKTIV_SERVER_PACK_H
#define HACKTIV_SERVER_PACK_H

#include "response.h"

/* Its form hangs on what the client accepts: to be told by Vary. */
bool pack_may(const struct response *response);
/* The body packed, in the arena; NULL: it goes as it is. `accepted`: the client's Accept-Encoding, NULL when there is none. */
const char *pack_body(struct arena *arena, const struct response *response, const char *accepted, size_t *length);

#endif
