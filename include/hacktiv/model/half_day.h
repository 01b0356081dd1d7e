/* half_day.h — the booking unit of the network: a morning, an afternoon, or both.
 *
 * A half-day is a local date and a part; where its edges lie is the space's own rule (opening.h). Edges are half-open
 * [from, until) minutes after local midnight and lie on the space's granule. Instants are derived with zone.h only. */
#ifndef HACKTIV_MODEL_HALF_DAY_H
#define HACKTIV_MODEL_HALF_DAY_H

#include <stdbool.h>

#include "hacktiv/base/date.h"

enum day_part { DAY_PART_MORNING, DAY_PART_AFTERNOON, DAY_PART_WHOLE };
#define DAY_PARTS 3

struct half_day {
	struct local_date date;
	enum day_part part;
};

/* Names on the wire: "am", "pm", "day". */
const char *day_part_wire_name(enum day_part part);
bool day_part_from_wire(const char *name, enum day_part *part);
/* "matin", "après-midi", "journée": in the person's language, lower case. */
const char *day_part_words(enum day_part part);

#endif
