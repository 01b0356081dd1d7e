/* series.c — a rule by which a booking comes again. */
#include "inside.h"

static bool weekdays_read(const cJSON *object, unsigned *weekdays, struct problem *why)
{
	const cJSON *array, *element;
	if (!wire_array(object, "on", &array, why))
		return false;
	cJSON_ArrayForEach(element, array) {
		int weekday = cJSON_IsString(element) ? weekday_from_wire(element->valuestring) : -1;
		if (weekday < 0)
			return wire_wrong("on", _("“%s” should be a list of weekdays such as [\"mon\", \"thu\"]."), why);
		*weekdays |= 1u << weekday;
	}
	return true;
}

static bool rule_read(const cJSON *object, struct series_rule *rule, struct problem *why)
{
	static const char *const known[] = { "every", "interval", "on", "count", "until", NULL };
	const cJSON *every = cJSON_GetObjectItemCaseSensitive(object, "every");
	*rule = (struct series_rule){ 0 };
	if (!wire_only(object, known, why))
		return false;
	if (!cJSON_IsString(every) || !series_every_from_wire(every->valuestring, &rule->every))
		return wire_wrong("every", _("“%s” should be day, weekday or week."), why);
	int interval_most = rule->every == SERIES_WEEKDAY ? 1 : SERIES_INTERVAL_MAX;
	if (!wire_small(object, "interval", 1, interval_most, 1, &rule->interval, why) || !weekdays_read(object, &rule->weekdays, why) ||
	    !wire_small(object, "count", 1, SERIES_DATES_MAX, 0, &rule->count, why))
		return false;
	if (rule->weekdays && rule->every != SERIES_WEEK)
		return wire_wrong("on", _("“%s” goes with weeks only."), why);
	bool has_until = cJSON_HasObjectItem(object, "until");
	if (has_until == (rule->count > 0))
		return wire_wrong("count", _("Either “%s” or “until” should say how often."), why);
	return !has_until || wire_date(object, "until", &rule->until, why);
}

bool wire_series_rule_read(const cJSON *object, struct series_rule *rule, struct problem *why)
{
	const cJSON *repeat = cJSON_GetObjectItemCaseSensitive(object, "repeat");
	if (!cJSON_IsObject(repeat))
		return wire_wrong("repeat", _("“%s” should say how it comes again."), why);
	return rule_read(repeat, rule, why) || wire_within("repeat", why);
}
