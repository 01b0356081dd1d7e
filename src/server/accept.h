/* accept.h — which of the media types that can be had here a client would rather have (RFC 9110, 12.5.1). */
#ifndef HACKTIV_SERVER_ACCEPT_H
#define HACKTIV_SERVER_ACCEPT_H

#include "hacktiv/base.h"

/* `types`: those that can be had, parted by one space; the first is for whoever does not mind. `accept`: the header, NULL when there is
 * none. Of a type the range that fits it best decides, with its q; of several types as welcome, the first is taken. Parameters of a
 * range other than q are passed over. NULL: none of them is wanted. */
const char *accept_best(struct arena *arena, const char *accept, const char *types);

#endif
