/* instants.h — start and end as instants (RFC 3339, with the suffixes of RFC 9557) become a date and hours of the space's own clock.
 *
 * "2026-10-25T02:30:00+02:00[Europe/Brussels]": with an offset also the hour that comes twice can be said. A zone in brackets must agree
 * with the offset; a tag marked as critical that is not a zone is refused. */
#ifndef HACKTIV_SERVER_INSTANTS_H
#define HACKTIV_SERVER_INSTANTS_H

#include <cjson/cJSON.h>

#include "request.h"

struct instants {
	int64_t start_at;      /* 0: it was said by the clock on the wall, or not at all */
	int64_t end_at;
};

/* Where `object` says "start" and "end" as instants, puts "date", "start" and "end" by the clock on the wall of `zone` in their place. One
 * booking lies within one day there. False: answered. */
bool instants_read(struct request *request, cJSON *object, const struct zone *zone, struct instants *said, struct response *response);

/* Hours that are just a half-day or the day, of a resource that is not booked by hours, are that half-day or day. */
void instants_as_taken(const struct space *space, const struct resource *resource, struct period *when, struct instants *said);

#endif
