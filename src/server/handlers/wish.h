/* wish.h — what making a booking, moving it and making many of them have in common. */
#ifndef HACKTIV_SERVER_HANDLERS_WISH_H
#define HACKTIV_SERVER_HANDLERS_WISH_H

#include "hacktiv/wire.h"

#include "../policy.h"
#include "../request.h"

/* Rules look at whoever the booking is for. */
struct view view_for(struct request *request, struct db_tx *tx, const char *member_id);

/* The space of the path and its zone. False: answered. */
bool find_space(struct request *request, struct db_tx *tx, const struct space **space, const struct zone **zone,
                struct response *response);
/* The booking at the path, when the caller may do this to it. Somebody else's is as one that never was, unless they may at least see
 * it. False: answered. */
bool find_booking(struct request *request, struct db_tx *tx, enum action action, const struct space **space,
                  const struct booking **booking, struct response *response);
/* Is If-Match there, and does it name this version. False: answered. */
bool check_version(struct request *request, const struct booking *booking, struct response *response);

/* Before rules count what there is: units of a pool, quotas. */
void hold_what_is_counted(struct db_tx *tx, const struct space *space, const struct resource *resource);

/* What was said of it; what was not stays as it is. */
void take_particulars(struct booking *booking, const struct wire_particulars *said);

void respond_booking(struct request *request, int status, const struct booking *booking, const struct zone *zone,
                     struct response *response);
/* What was wished for, for whom, and what stands in its way. */
struct refused {
	const struct space *space;
	const struct resource *resource;
	struct booking_wish wanted;
	const char *member_id;
	struct preview preview;
};
/* 409 when somebody was first, else 422: a rule that was there before the wish. What can be had instead is looked for in a step of its own,
 * that reads: on a day on which hundreds of places are taken that takes longer than ten bookings, and all who write would wait. What this
 * step wrote is undone. */
void refuse_wish(struct request *request, const struct refused *refused);
void refuse_no_zone(struct request *request, struct response *response);

#endif
