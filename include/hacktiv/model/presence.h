/* presence.h — who is here: checking in and out, and who did not come. All of it is told from a booking and the clock when somebody
 * asks; nothing is ever written down by a job. */
#ifndef HACKTIV_MODEL_PRESENCE_H
#define HACKTIV_MODEL_PRESENCE_H

#include "hacktiv/model/booking.h"

/* How a space takes those who come, also from elsewhere. */
struct terms {
	bool takes_presence;           /* people check in; who does not is a no-show */
	int check_in_minutes;          /* so long before the start one may check in */
	int grace_minutes;             /* so long after the start one is awaited */
	int network_days;              /* a year, for each member whose home is another space */
	const char *const *carnets_of; /* ids of other spaces whose carnets are taken */
	size_t carnets_of_count;
};
#define CHECK_IN_MINUTES_DEFAULT 30
#define GRACE_MINUTES_DEFAULT 60
#define TERMS_MINUTES_MAX 1440
#define NETWORK_DAYS_MAX 366

/* May one check in now: RULE_NONE, RULE_NO_PRESENCE, RULE_NOT_CONFIRMED, RULE_CHECK_IN_EARLY or RULE_BOOKING_OVER. */
enum rule presence_check_in_rule(const struct booking *booking, const struct terms *terms, int64_t now);
/* RULE_NONE, or RULE_NOT_CHECKED_IN. */
enum rule presence_check_out_rule(const struct booking *booking);

/* Until when somebody is awaited: the grace counts from the start, or from when it was booked if that was later; at the latest it is
 * over with the booking. 0: nobody is awaited: not confirmed, they are here already, or nobody checks in there. */
int64_t presence_awaited_until(const struct booking *booking, const struct terms *terms);
bool presence_is_no_show(const struct booking *booking, int64_t now);
/* Waited for an answer until it began. */
bool booking_is_lapsed(const struct booking *booking, int64_t now);

#endif
