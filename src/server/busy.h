/* busy.h — what of a day is somebody's, for each resource. */
#ifndef HACKTIV_SERVER_BUSY_H
#define HACKTIV_SERVER_BUSY_H

#include "policy.h"

/* Bookings of one resource that have some of a day, by start. */
struct held_day {
	const struct busy_booking *bookings;
	size_t count;
};
/* For each of these resources, in their order. */
const struct held_day *held_that_day(const struct view *view, const struct space *space, const struct day_halves *halves,
                                     const struct resource *resources, size_t count);

struct held_half {
	bool taken;                /* no unit is free all that time */
	const char *my_id;         /* the first booking of whoever looks in it; "" when none */
};
struct held_half held_that_half(const struct held_day *day, const struct resource *resource, struct stretch half);

/* Fills `busy` of the row. Stretches do not overlap, also where several like units are booked at once: others' are told while no unit is
 * free. */
void tell_busy(const struct view *view, const struct day_halves *halves, const struct held_day *day, struct resource_day *row);

#endif
