/* period.c — see period.h. */
#include "hacktiv/model/period.h"

#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/model/words.h"
#include "names.h"

static const char *const part_names[DAY_PARTS] = { "am", "pm", "day", "hours" };

int name_index(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

const char *day_part_wire_name(enum day_part part)
{
	return part_names[part];
}

bool day_part_from_wire(const char *name, enum day_part *part)
{
	int found = name_index(part_names, DAY_PARTS, name);
	if (found < 0)
		return false;
	*part = (enum day_part)found;
	return true;
}

const char *day_part_words(enum day_part part)
{
	switch (part) {
	case DAY_PART_MORNING:
		return C_("half-day", "morning");
	case DAY_PART_AFTERNOON:
		return C_("half-day", "afternoon");
	case DAY_PART_WHOLE:
		return C_("half-day", "whole day");
	case DAY_PART_HOURS:
		return C_("half-day", "hours");
	}
	return "";
}

const char *period_words(struct arena *arena, struct period period)
{
	if (period.part == DAY_PART_HOURS)
		return range_words(arena, period.hours);
	return day_part_words(period.part);
}

bool period_equal(struct period a, struct period b)
{
	return date_equal(a.date, b.date) && a.part == b.part &&
	       (a.part != DAY_PART_HOURS || (a.hours.from == b.hours.from && a.hours.until == b.hours.until));
}
