/* presence.c — see presence.h. */
#include "hacktiv/model/presence.h"

enum rule presence_check_in_rule(const struct booking *booking, const struct terms *terms, int64_t now)
{
	if (!terms->takes_presence)
		return RULE_NO_PRESENCE;
	if (booking->state != BOOKING_CONFIRMED)
		return RULE_NOT_CONFIRMED;
	if (now < booking->start_at - (int64_t)terms->check_in_minutes * 60)
		return RULE_CHECK_IN_EARLY;
	return now >= booking->end_at ? RULE_BOOKING_OVER : RULE_NONE;
}

enum rule presence_check_out_rule(const struct booking *booking)
{
	return booking->checked_in_at ? RULE_NONE : RULE_NOT_CHECKED_IN;
}

int64_t presence_awaited_until(const struct booking *booking, const struct terms *terms)
{
	if (!terms->takes_presence || booking->state != BOOKING_CONFIRMED || booking->checked_in_at)
		return 0;
	int64_t from = booking->created_at > booking->start_at ? booking->created_at : booking->start_at;
	int64_t until = from + (int64_t)terms->grace_minutes * 60;
	return until < booking->end_at ? until : booking->end_at;
}

bool presence_is_no_show(const struct booking *booking, int64_t now)
{
	return booking->awaited_until && now >= booking->awaited_until;
}

bool booking_is_lapsed(const struct booking *booking, int64_t now)
{
	return booking->state == BOOKING_PENDING && now >= booking->start_at;
}
