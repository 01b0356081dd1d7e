/* alternatives.h — when a wish cannot be had: what is nearest to it and can. */
#ifndef HACKTIV_SERVER_ALTERNATIVES_H
#define HACKTIV_SERVER_ALTERNATIVES_H

#include "policy.h"

#define NEXT_DAYS 7   /* how far the same resource is looked for on other days */

/* Nearest first, at most ALTERNATIVES_MAX: the same kind here at that time (same area first), the same resource in its other half, or
 * at other hours, or on the next open days, the same kind in other spaces at that time (not for a booking that is to be moved: it stays in its space). No group takes so much that the next has nothing to say. */
const struct alternative *find_alternatives(const struct view *view, const struct space *space,
                                            const struct resource *resource, const struct booking_wish *wish, size_t *count);
/* Only the first of these: of that kind in this space at that time, HERE_MAX at most. */
const struct alternative *find_alternatives_here(const struct view *view, const struct space *space, const struct resource *resource,
                                                 const struct booking_wish *wish, size_t *count);

#endif
