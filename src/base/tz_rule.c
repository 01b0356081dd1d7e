/* tz_rule.c — see tz_rule.h. */
#include "tz_rule.h"

#include "hacktiv/base/date.h"

#define DAY_SECONDS  86400
#define HOUR_SECONDS 3600
#define NAME_MIN     3

/* What is left to read. A step that does not find what it wants leaves it and says false. */
struct reader {
	const char *at, *end;
};

static bool take(struct reader *reader, char wanted)
{
	if (reader->at == reader->end || *reader->at != wanted)
		return false;
	reader->at++;
	return true;
}

static bool is_letter(char letter)
{
	return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

/* "CEST" or "<+0330>" */
static bool take_name(struct reader *reader)
{
	bool quoted = take(reader, '<');
	const char *start = reader->at;
	while (reader->at < reader->end && (quoted ? *reader->at != '>' : is_letter(*reader->at)))
		reader->at++;
	return reader->at - start >= NAME_MIN && (!quoted || take(reader, '>'));
}

static bool take_number(struct reader *reader, int most, int *number)
{
	const char *start = reader->at;
	*number = 0;
	while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
		*number = *number * 10 + (*reader->at++ - '0');
		if (*number > most)
			return false;
	}
	return reader->at > start;
}

/* "[+-]hh[:mm[:ss]]" */
static bool take_time(struct reader *reader, int most_hours, int *seconds)
{
	bool negative = take(reader, '-');
	if (!negative)
		take(reader, '+');
	int hours, minutes = 0, rest = 0;
	if (!take_number(reader, most_hours, &hours))
		return false;
	if (take(reader, ':') && (!take_number(reader, 59, &minutes) || (take(reader, ':') && !take_number(reader, 59, &rest))))
		return false;
	*seconds = hours * HOUR_SECONDS + minutes * 60 + rest;
	if (negative)
		*seconds = -*seconds;
	return true;
}

/* ",Mm.w.d[/time]" */
static bool take_change(struct reader *reader, struct tz_change *change)
{
	change->seconds = 2 * HOUR_SECONDS;
	return take(reader, ',') && take(reader, 'M') &&
	       take_number(reader, 12, &change->month) && change->month >= 1 && take(reader, '.') &&
	       take_number(reader, 5, &change->week) && change->week >= 1 && take(reader, '.') &&
	       take_number(reader, 6, &change->weekday) &&
	       (!take(reader, '/') || take_time(reader, 167, &change->seconds));
}

bool tz_rule_read(const char *text, size_t length, struct tz_rule *rule)
{
	struct reader reader = { text, text + length };
	int west;
	*rule = (struct tz_rule){ .has_summer = false };
	if (!take_name(&reader) || !take_time(&reader, 24, &west))
		return false;
	rule->standard = -west;
	rule->summer = rule->standard;
	if (reader.at == reader.end)
		return true;

	rule->has_summer = true;
	rule->summer = rule->standard + HOUR_SECONDS;
	if (!take_name(&reader))
		return false;
	if (reader.at < reader.end && *reader.at != ',') {
		if (!take_time(&reader, 24, &west))
			return false;
		rule->summer = -west;
	}
	return take_change(&reader, &rule->to_summer) && take_change(&reader, &rule->to_standard) && reader.at == reader.end;
}

/* Seconds from 1970 on the wall clock that is left. */
static int64_t change_in_year(const struct tz_change *change, int year)
{
	int32_t first = date_to_days((struct local_date){ year, change->month, 1 });
	int first_weekday = date_weekday((struct local_date){ year, change->month, 1 }) % 7;   /* 0 Sunday */
	int day = (change->weekday - first_weekday + 7) % 7 + (change->week - 1) * 7;
	while (day >= date_days_in_month(year, change->month))
		day -= 7;
	return ((int64_t)first + day) * DAY_SECONDS + change->seconds;
}

int32_t tz_rule_offset(const struct tz_rule *rule, int64_t instant)
{
	if (!rule->has_summer)
		return rule->standard;
	int64_t wall = instant + rule->standard;
	int64_t days = wall / DAY_SECONDS - (wall % DAY_SECONDS < 0);
	int year = date_from_days((int32_t)days).year;
	int64_t begins = change_in_year(&rule->to_summer, year) - rule->standard;
	int64_t ends = change_in_year(&rule->to_standard, year) - rule->summer;
	/* South of the equator summer lies across the new year. */
	bool summer = begins < ends ? instant >= begins && instant < ends : instant >= begins || instant < ends;
	return summer ? rule->summer : rule->standard;
}
