/* period.h — when a booking is: a half-day, the booking unit of the network, or hours, for rooms that are had by the hour.
 *
 * A half-day is a local date and a part; where its edges lie is the space's own rule (opening.h). Hours say their edges
 * themselves. Edges are half-open [from, until) minutes after local midnight and lie on the space's granule. Instants are
 * derived with zone.h only. */
#ifndef HACKTIV_MODEL_PERIOD_H
#define HACKTIV_MODEL_PERIOD_H

#include <stdbool.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/date.h"

enum day_part { DAY_PART_MORNING, DAY_PART_AFTERNOON, DAY_PART_WHOLE, DAY_PART_HOURS };
#define HALF_DAYS 3   /* the parts before DAY_PART_HOURS: those that need no more to be said */
#define DAY_PARTS 4

struct period {
	struct local_date date;
	enum day_part part;
	struct minute_range hours;      /* of DAY_PART_HOURS; else 0, 0 */
};

static inline struct period half_day(struct local_date date, enum day_part part)
{
	return (struct period){ date, part, { 0, 0 } };
}

static inline struct period hours_of(struct local_date date, struct minute_range hours)
{
	return (struct period){ date, DAY_PART_HOURS, hours };
}

/* The same part or hours on another date. */
static inline struct period period_on(struct period period, struct local_date date)
{
	return (struct period){ date, period.part, period.hours };
}

bool period_equal(struct period a, struct period b);

/* Names on the wire: "am", "pm", "day", "hours". */
const char *day_part_wire_name(enum day_part part);
bool day_part_from_wire(const char *name, enum day_part *part);
/* "matin", "après-midi", "journée", "heures": in the person's language, lower case. */
const char *day_part_words(enum day_part part);
/* "matin", "14:00–16:00": what is said beside the date. */
const char *period_words(struct arena *arena, struct period period);

#endif
