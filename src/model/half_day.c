/* half_day.c — see half_day.h. */
#include "hacktiv/model/half_day.h"

#include <string.h>

#include "hacktiv/base.h"
#include "names.h"

static const char *const part_names[DAY_PARTS] = { "am", "pm", "day" };

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
	}
	return "";
}
