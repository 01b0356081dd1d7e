/* period.c — when, on the wire: a half-day, or hours by the clock on the wall of the space. */
#include "inside.h"

#include <string.h>

bool wire_clock(const cJSON *value, int *minutes)
{
	return cJSON_IsString(value) && minutes_from_text(value->valuestring, minutes);
}

cJSON *wire_clock_write(int minutes)
{
	char text[CLOCK_TEXT_SIZE];
	minutes_to_text(minutes, text);
	return cJSON_CreateString(text);
}

bool wire_range(const cJSON *pair, struct minute_range *range)
{
	return cJSON_IsArray(pair) && cJSON_GetArraySize(pair) == 2 && wire_clock(pair->child, &range->from) &&
	       wire_clock(pair->child->next, &range->until) && range->from < range->until;
}

cJSON *wire_range_write(struct minute_range range)
{
	cJSON *pair = cJSON_CreateArray();
	cJSON_AddItemToArray(pair, wire_clock_write(range.from));
	cJSON_AddItemToArray(pair, wire_clock_write(range.until));
	return pair;
}

static bool clock_read(const cJSON *object, const char *name, int *minutes, struct problem *why)
{
	return wire_clock(cJSON_GetObjectItemCaseSensitive(object, name), minutes) ||
	       wire_wrong(name, _("“%s” should be a time of day such as 14:00."), why);
}

bool wire_hours_read(const cJSON *object, struct minute_range *hours, struct problem *why)
{
	if (!clock_read(object, "start", &hours->from, why) || !clock_read(object, "end", &hours->until, why))
		return false;
	return hours->from < hours->until || wire_wrong("end", _("“%s” should come after the start."), why);
}

void wire_hours_write(cJSON *object, struct minute_range hours)
{
	cJSON_AddItemToObject(object, "start", wire_clock_write(hours.from));
	cJSON_AddItemToObject(object, "end", wire_clock_write(hours.until));
}

bool wire_says_hours(const cJSON *object)
{
	const cJSON *part = cJSON_GetObjectItemCaseSensitive(object, "part");
	return cJSON_IsString(part) && strcmp(part->valuestring, day_part_wire_name(DAY_PART_HOURS)) == 0;
}

/* "am", "pm" or "day"; not there at all, or "hours", beside a start and an end. */
bool wire_period_read(const cJSON *object, struct period *period, struct problem *why)
{
	const cJSON *part = cJSON_GetObjectItemCaseSensitive(object, "part");
	bool has_hours = cJSON_HasObjectItem(object, "start") || cJSON_HasObjectItem(object, "end");
	*period = (struct period){ .part = DAY_PART_HOURS };
	if (!wire_date(object, "date", &period->date, why))
		return false;
	if (wire_says_hours(object) || (has_hours && (!part || cJSON_IsNull(part))))
		return wire_hours_read(object, &period->hours, why);
	if (has_hours)
		return wire_wrong("part", _("“%s” and hours are said both: one of them."), why);
	return wire_part(object, &period->part, why);
}

void wire_period_write(cJSON *object, struct period period)
{
	wire_add_date(object, "date", period.date);
	cJSON_AddStringToObject(object, "part", day_part_wire_name(period.part));
	if (period.part == DAY_PART_HOURS)
		wire_hours_write(object, period.hours);
}
