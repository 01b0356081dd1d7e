/* change.c — what a booking is to become: only what is said changes. */
#include "inside.h"

static bool is_said(const cJSON *object, const char *name)
{
	return cJSON_HasObjectItem(object, name);
}

/* A copy of what is said, or of what the booking had. */
static void add_said_or(cJSON *whole, const cJSON *object, const char *name, cJSON *had)
{
	const cJSON *said = cJSON_GetObjectItemCaseSensitive(object, name);
	cJSON_AddItemToObject(whole, name, said ? cJSON_Duplicate(said, true) : had);
	if (said)
		cJSON_Delete(had);
}

static cJSON *clock_of(const struct booking *before, int minutes)
{
	return before->when.part == DAY_PART_HOURS ? wire_clock_write(minutes) : cJSON_CreateNull();
}

/* The period as a request has it, with what is not said filled in from before. */
static cJSON *whole_period(const cJSON *object, const struct booking *before)
{
	cJSON *whole = cJSON_CreateObject(), *had = cJSON_CreateObject();
	wire_period_write(had, before->when);
	add_said_or(whole, object, "date", cJSON_DetachItemFromObjectCaseSensitive(had, "date"));
	bool by_clock = is_said(object, "start") || is_said(object, "end") || (!is_said(object, "part") && before->when.part == DAY_PART_HOURS);
	if (by_clock || wire_says_hours(object)) {
		add_said_or(whole, object, "start", clock_of(before, before->when.hours.from));
		add_said_or(whole, object, "end", clock_of(before, before->when.hours.until));
	}
	if (is_said(object, "part") || !by_clock)
		add_said_or(whole, object, "part", cJSON_DetachItemFromObjectCaseSensitive(had, "part"));
	cJSON_Delete(had);
	return whole;
}

bool wire_booking_change_read(const cJSON *object, struct arena *arena, const struct booking *before, struct wire_booking_change *change,
                              struct problem *why)
{
	static const char *const known[] = { "resource_id", "date", "part", "start", "end", "title", "note", "people", NULL };
	*change = (struct wire_booking_change){ .resource_id = before->resource_id };
	if (!wire_only(object, known, why))
		return false;
	if (is_said(object, "resource_id")) {
		const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "resource_id");
		if (!cJSON_IsString(member) || !uuid_is_valid(member->valuestring))
			return wire_wrong("resource_id", _("“%s” should be a UUID in lower case."), why);
		change->resource_id = arena_copy_text(arena, member->valuestring);
	}
	cJSON *period = whole_period(object, before);
	bool read = wire_period_read(period, &change->when, why);
	cJSON_Delete(period);
	return read && wire_particulars_read(object, arena, &change->particulars, why);
}
