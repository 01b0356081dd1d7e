/* retention.h — how long what is known of people is kept as theirs. One table: the nightly work and doc/privacy.md go by it.
 *
 * Months are whole ones, so that the counts of a month stay true: on any day of November, what is kept for 24 months begins with the
 * first of November two years before. */
#ifndef HACKTIV_MODEL_RETENTION_H
#define HACKTIV_MODEL_RETENTION_H

#include "hacktiv/base/date.h"

enum kept {
	KEPT_BOOKINGS,       /* then they are of nobody in particular */
	KEPT_SIGNUPS,        /* the same */
	KEPT_AUDIT           /* then the lines go: who did, read or changed what */
};
#define RETENTIONS 3

struct retention {
	const char *what;
	int months;
	const char *source;  /* why so long */
};
extern const struct retention retentions[RETENTIONS];

/* The first day that is still kept. */
struct local_date retention_first_day(enum kept kept, struct local_date today);

#endif
