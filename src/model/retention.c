/* retention.c — see retention.h. */
#include "hacktiv/model/retention.h"

const struct retention retentions[RETENTIONS] = {
	[KEPT_BOOKINGS] = { "bookings", 24, "the operators': as long as one may argue about them (GDPR art. 5(1)(e))" },
	[KEPT_SIGNUPS] = { "signups", 12, "the operators': each year of activities is reported once (GDPR art. 5(1)(e))" },
	[KEPT_AUDIT] = { "audit", 12, "CNIL, deliberation 2021-122 on logs: six months to a year" },
};

struct local_date retention_first_day(enum kept kept, struct local_date today)
{
	int months = today.year * 12 + today.month - 1 - retentions[kept].months;
	return (struct local_date){ months / 12, months % 12 + 1, 1 };
}
