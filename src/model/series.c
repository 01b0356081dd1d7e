/* series.c — see series.h. */
#include "hacktiv/model/series.h"

#include "hacktiv/base.h"
#include "names.h"

static const char *const every_names[] = { "day", "weekday", "week" };
static const char *const weekday_names[WEEKDAYS] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

const char *series_every_wire_name(enum series_every every)
{
	return every_names[every];
}

bool series_every_from_wire(const char *name, enum series_every *every)
{
	int found = name_index(every_names, COUNT_OF(every_names), name);
	if (found < 0)
		return false;
	*every = (enum series_every)found;
	return true;
}

const char *weekday_wire_name(int weekday)
{
	return weekday_names[weekday];
}

int weekday_from_wire(const char *name)
{
	return name_index(weekday_names, WEEKDAYS, name);
}

static bool is_in(const struct series_rule *rule, struct local_date first, struct local_date date)
{
	int weekday = date_weekday(date) - 1, first_weekday = date_weekday(first) - 1;
	int days = date_to_days(date) - date_to_days(first);
	switch (rule->every) {
	case SERIES_DAY:
		return days % rule->interval == 0;
	case SERIES_WEEKDAY:
		return weekday < 5;
	case SERIES_WEEK:
		break;
	}
	unsigned weekdays = rule->weekdays ? rule->weekdays : 1u << first_weekday;
	int weeks = (days + first_weekday) / 7;
	return weeks % rule->interval == 0 && (weekdays & (1u << weekday));
}

size_t series_dates(struct local_date first, const struct series_rule *rule, struct local_date dates[SERIES_DATES_MAX], bool *more)
{
	struct local_date last = rule->count > 0 ? (struct local_date){ DATE_YEAR_MAX, 12, 31 } : rule->until;
	size_t wanted = rule->count > 0 ? (size_t)rule->count : SIZE_MAX, found = 0;
	*more = false;
	for (struct local_date date = first; found < wanted && date_compare(date, last) <= 0; date = date_plus(date, 1)) {
		if (!is_in(rule, first, date))
			continue;
		if (found == SERIES_DATES_MAX) {
			*more = true;
			break;
		}
		dates[found++] = date;
	}
	return found;
}
