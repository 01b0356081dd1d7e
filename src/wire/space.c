/* space.c — a space and its day. */
#include "inside.h"

#include <string.h>

static bool hours_wrong(struct problem *why)
{
	return wire_wrong("hours", _("“%s” should be a list such as [[\"08:30\",\"12:30\"],[\"13:30\",\"17:30\"]]."), why);
}

static bool hours_read(const cJSON *array, struct opening_day *day, struct problem *why)
{
	*day = (struct opening_day){ .count = 0 };
	if (!array || cJSON_IsNull(array))
		return true;
	if (!cJSON_IsArray(array))
		return hours_wrong(why);
	const cJSON *range;
	cJSON_ArrayForEach(range, array) {
		if (day->count == OPENING_RANGES_MAX || !wire_range(range, &day->ranges[day->count++]))
			return hours_wrong(why);
	}
	return true;
}

static cJSON *hours_write(const struct opening_day *day)
{
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; i < day->count; i++) {
		cJSON_AddItemToArray(array, wire_range_write(day->ranges[i]));
	}
	return array;
}

static bool closures_read(const cJSON *object, struct arena *arena, struct opening_rule *rule, struct problem *why)
{
	const cJSON *array, *closure;
	if (!wire_array(object, "closures", &array, why))
		return false;
	int count = cJSON_GetArraySize(array);
	if (count > CLOSURES_TOLD_MAX)
		return problem_set(why, PROBLEM_TOO_LARGE, "/closures", _("There are more than %d closures."), CLOSURES_TOLD_MAX);
	struct closure *closures = arena_get(arena, (size_t)count * sizeof *closures);
	struct closure *to = closures;
	cJSON_ArrayForEach(closure, array) {
		if (!wire_date(closure, "from", &to->from, why) || !wire_date(closure, "until", &to->until, why))
			return wire_within("closures", why);
		to->reason = wire_text(closure, "reason", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
		to++;
	}
	rule->closures = closures;
	rule->closure_count = (size_t)count;
	return true;
}

static bool week_read(const cJSON *object, struct opening_rule *rule, struct problem *why)
{
	const cJSON *week, *day;
	if (!wire_array(object, "week", &week, why))
		return false;
	if (week && cJSON_GetArraySize(week) != (int)COUNT_OF(rule->week))
		return wire_wrong("week", _("“%s” should have seven days, Monday first."), why);
	size_t weekday = 0;
	cJSON_ArrayForEach(day, week) {
		if (!hours_read(day, &rule->week[weekday++], why))
			return wire_within("week", why);
	}
	return true;
}

/* What the rules of the model would stumble over is refused here. */
static bool opening_check(const struct opening_rule *rule, int granule_s, struct problem *why)
{
	return opening_rule_check(rule, granule_s, why) || wire_within("", why);
}

static bool opening_read(const cJSON *object, struct arena *arena, struct space *space, struct problem *why)
{
	struct opening_rule *rule = &space->opening;
	rule->country = space->country;
	rule->boundary = OPENING_BOUNDARY_DEFAULT;
	if (!object || cJSON_IsNull(object))
		return opening_check(rule, space->granule_s, why);
	if (!cJSON_IsObject(object))
		return problem_set(why, PROBLEM_PROTOCOL, "", _("An object was expected."));
	const cJSON *boundary = cJSON_GetObjectItemCaseSensitive(object, "boundary");
	if (boundary && !cJSON_IsNull(boundary) && !wire_clock(boundary, &rule->boundary))
		return wire_wrong("boundary", _("“%s” should be a time, HH:MM."), why);
	rule->open_on_holidays = wire_bool(object, "open_on_holidays", false);
	return week_read(object, rule, why) && closures_read(object, arena, rule, why) &&
	       opening_check(rule, space->granule_s, why);
}

static cJSON *opening_write(const struct opening_rule *rule)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *week = cJSON_AddArrayToObject(object, "week");
	for (size_t i = 0; i < COUNT_OF(rule->week); i++)
		cJSON_AddItemToArray(week, hours_write(&rule->week[i]));
	cJSON_AddItemToObject(object, "boundary", wire_clock_write(rule->boundary));
	cJSON_AddBoolToObject(object, "open_on_holidays", rule->open_on_holidays);
	cJSON *closures = cJSON_AddArrayToObject(object, "closures");
	for (size_t i = 0; i < rule->closure_count; i++) {
		cJSON *closure = cJSON_CreateObject();
		wire_add_date(closure, "from", rule->closures[i].from);
		wire_add_date(closure, "until", rule->closures[i].until);
		cJSON_AddStringToObject(closure, "reason", rule->closures[i].reason);
		cJSON_AddItemToArray(closures, closure);
	}
	return object;
}

static bool day_read(const cJSON *object, struct arena *arena, struct space_day *day, struct problem *why)
{
	day->opening.reason = "";
	if (!object || cJSON_IsNull(object))
		return true;
	if (!cJSON_IsObject(object))
		return problem_set(why, PROBLEM_PROTOCOL, "", _("An object was expected."));
	if (!wire_date(object, "date", &day->date, why))
		return false;
	const cJSON *closed = cJSON_GetObjectItemCaseSensitive(object, "closed");
	if (cJSON_IsString(closed) && !closed_why_from_wire(closed->valuestring, &day->opening.closed))
		day->opening.closed = CLOSED_CLOSURE;
	if (!wire_bool(object, "open", true) && day->opening.closed == CLOSED_NOT)
		day->opening.closed = CLOSED_CLOSURE;
	const cJSON *holiday = cJSON_GetObjectItemCaseSensitive(object, "holiday");
	if (cJSON_IsString(holiday))
		day->opening.holiday = holiday_from_wire(holiday->valuestring);
	/* A holiday we have no name for is still a closure with a reason. */
	if (day->opening.closed == CLOSED_HOLIDAY && day->opening.holiday == HOLIDAY_NONE)
		day->opening.closed = CLOSED_CLOSURE;
	day->opening.reason = wire_text(object, "reason", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	return hours_read(cJSON_GetObjectItemCaseSensitive(object, "hours"), &day->opening.hours, why) &&
	       wire_small(object, "desks", 0, 100000, 0, &day->desks, why) &&
	       wire_small(object, "free_morning", 0, 100000, 0, &day->free_morning, why) &&
	       wire_small(object, "free_afternoon", 0, 100000, 0, &day->free_afternoon, why);
}

static cJSON *day_write(const struct space_day *day)
{
	cJSON *object = cJSON_CreateObject();
	const struct opening_state *opening = &day->opening;
	bool open = opening->closed == CLOSED_NOT;
	wire_add_date(object, "date", day->date);
	cJSON_AddBoolToObject(object, "open", open);
	cJSON_AddItemToObject(object, "closed", open ? cJSON_CreateNull() : cJSON_CreateString(closed_why_wire_name(opening->closed)));
	cJSON_AddItemToObject(object, "holiday", opening->closed == CLOSED_HOLIDAY
	                      ? cJSON_CreateString(holiday_wire_name(opening->holiday)) : cJSON_CreateNull());
	cJSON_AddStringToObject(object, "reason", opening->reason ? opening->reason : "");
	cJSON_AddItemToObject(object, "hours", hours_write(&opening->hours));
	wire_add_int(object, "desks", day->desks);
	wire_add_int(object, "free_morning", day->free_morning);
	wire_add_int(object, "free_afternoon", day->free_afternoon);
	return object;
}

bool wire_space_read(const cJSON *object, struct arena *arena, struct space *space, struct problem *why)
{
	*space = (struct space){ 0 };
	if (!wire_need_text(object, "id", WIRE_ID_MAX, arena, &space->id, why) ||
	    !wire_need_text(object, "name", TEXT_NAME_MAX, arena, &space->name, why) ||
	    !wire_need_text(object, "time_zone", 64, arena, &space->time_zone, why) ||
	    !wire_small(object, "granule_s", 300, 3600, GRANULE_DEFAULT_S, &space->granule_s, why) ||
	    !wire_small(object, "vat_permille", 0, 1000, -1, &space->vat_permille, why) ||
	    !wire_small(object, "quota_day_minutes", 0, 1440, 0, &space->quota.day_minutes, why) ||
	    !wire_small(object, "quota_open_bookings", 0, 10000, 0, &space->quota.open_bookings, why) ||
	    !wire_int(object, "version", 0, INT64_C(1) << 53, 0, &space->version, why))
		return false;
	space->slug = wire_text(object, "slug", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	space->former_name = wire_text(object, "former_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	space->description = wire_text(object, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, arena);
	space->street = wire_text(object, "street", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	space->postcode = wire_text(object, "postcode", TEXT_ONE_LINE, 20, arena);
	space->town = wire_text(object, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	space->country = country_from_code(wire_text(object, "country", TEXT_ONE_LINE, 8, arena));
	space->operator_name = wire_text(object, "operator_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	space->phone = wire_text(object, "phone", TEXT_ONE_LINE, 40, arena);
	space->access_note = wire_text(object, "access_note", TEXT_MANY_LINES, TEXT_BODY_MAX, arena);
	space->sample_data = wire_bool(object, "sample_data", false);
	if (!opening_read(cJSON_GetObjectItemCaseSensitive(object, "opening"), arena, space, why))
		return wire_within("opening", why);
	if (!day_read(cJSON_GetObjectItemCaseSensitive(object, "day"), arena, &space->today, why))
		return wire_within("day", why);
	return true;
}

cJSON *wire_space_write(const struct space *space)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", space->id);
	cJSON_AddStringToObject(object, "slug", space->slug);
	cJSON_AddStringToObject(object, "name", space->name);
	cJSON_AddStringToObject(object, "former_name", space->former_name);
	cJSON_AddStringToObject(object, "description", space->description);
	cJSON_AddStringToObject(object, "street", space->street);
	cJSON_AddStringToObject(object, "postcode", space->postcode);
	cJSON_AddStringToObject(object, "town", space->town);
	cJSON_AddStringToObject(object, "country", country_code(space->country));
	cJSON_AddStringToObject(object, "time_zone", space->time_zone);
	cJSON_AddStringToObject(object, "operator_name", space->operator_name);
	cJSON_AddStringToObject(object, "phone", space->phone);
	cJSON_AddStringToObject(object, "access_note", space->access_note);
	wire_add_int(object, "granule_s", space->granule_s);
	wire_add_told(object, "vat_permille", space->vat_permille);
	if (space->quota.day_minutes > 0)
		wire_add_int(object, "quota_day_minutes", space->quota.day_minutes);
	if (space->quota.open_bookings > 0)
		wire_add_int(object, "quota_open_bookings", space->quota.open_bookings);
	wire_add_int(object, "version", space->version);
	cJSON_AddBoolToObject(object, "sample_data", space->sample_data);
	cJSON_AddItemToObject(object, "opening", opening_write(&space->opening));
	if (space->today.date.year)
		cJSON_AddItemToObject(object, "day", day_write(&space->today));
	return object;
}

bool wire_space_day_read(const cJSON *object, struct arena *arena, struct space *space, struct problem *why)
{
	*space = (struct space){ .today.opening.reason = "" };
	const cJSON *day = cJSON_GetObjectItemCaseSensitive(object, "day");
	if (!wire_int(object, "version", 0, INT64_C(1) << 53, 0, &space->version, why))
		return false;
	return (cJSON_IsObject(day) && day_read(day, arena, &space->today, why)) || wire_within("day", why);
}

void wire_space_day_write(cJSON *object, const struct space *space)
{
	wire_add_int(object, "version", space->version);
	cJSON_AddItemToObject(object, "day", day_write(&space->today));
}
