/* series.h — bookings that come again: a rule becomes dates, by the calendar on the wall.
 *
 * The time of day is the same on each date by the clock of the space, also when clocks change in between: instants are derived date by
 * date. Days, working days and weeks are counted on local dates, so 29 February, the end of a year and 2038 are dates like any other. */
#ifndef HACKTIV_MODEL_SERIES_H
#define HACKTIV_MODEL_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base/date.h"

#define SERIES_DATES_MAX 100     /* dates of one series: two a week for all of a year */
#define SERIES_INTERVAL_MAX 52

enum series_every { SERIES_DAY, SERIES_WEEKDAY, SERIES_WEEK };   /* "day"; "weekday", Monday to Friday; "week" */
const char *series_every_wire_name(enum series_every every);
bool series_every_from_wire(const char *name, enum series_every *every);

#define WEEKDAYS 7
const char *weekday_wire_name(int weekday);              /* 0 Monday … 6 Sunday: "mon" … "sun" */
int weekday_from_wire(const char *name);                 /* -1: none */

struct series_rule {
	enum series_every every;
	int interval;                /* every so many days or weeks, 1 … SERIES_INTERVAL_MAX; working days: 1 */
	unsigned weekdays;           /* of SERIES_WEEK: bit 0 Monday; 0: the weekday of the first date */
	int count;                   /* so many dates; 0: `until` says */
	struct local_date until;     /* inclusive */
};

/* The dates in their order, from `first` on (which is one of them only when the rule says so). More than SERIES_DATES_MAX: `*more` is
 * true. Weeks begin on Monday. */
size_t series_dates(struct local_date first, const struct series_rule *rule, struct local_date dates[SERIES_DATES_MAX], bool *more);

#endif
