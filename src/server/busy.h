/* busy.h — which stretches of a day are somebody's, for each resource. */
#ifndef HACKTIV_SERVER_BUSY_H
#define HACKTIV_SERVER_BUSY_H

#include "policy.h"

/* Fills `busy` of each row, which are in the order of resources. Stretches do not overlap, also where several like units are booked at
 * once: others' are told while no unit is free. */
void tell_busy(const struct view *view, const struct space *space, const struct day_halves *halves, struct resource_day *rows,
               size_t count);

#endif
