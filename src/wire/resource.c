/* resource.c — a resource, and a resource on one date. */
#include "inside.h"

#include <string.h>

static bool kind_read(const cJSON *object, enum resource_kind *kind, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "kind");
	if (cJSON_IsString(member) && resource_kind_from_wire(member->valuestring, kind))
		return true;
	return wire_wrong("kind", _("“%s” should be a kind of place that we know."), why);
}

/* What of it is not told is as it is for most: the only one, half-days and days, no limits. A unit we do not know is left out. */
static bool limits_read(const cJSON *object, struct arena *arena, struct resource *resource, struct problem *why)
{
	const cJSON *units, *unit;
	if (!wire_array(object, "units", &units, why))
		return false;
	cJSON_ArrayForEach(unit, units) {
		if (cJSON_IsString(unit))
			resource->takes |= booking_unit_from_wire(unit->valuestring);
	}
	late_cancel_from_wire(wire_text(object, "late_cancel", TEXT_ONE_LINE, 40, arena), &resource->late_cancel);
	return wire_small(object, "quantity", 1, 500, 1, &resource->quantity, why) &&
	       wire_small(object, "least_minutes", 0, 1440, 0, &resource->least_minutes, why) &&
	       wire_small(object, "most_minutes", 0, 1440, 0, &resource->most_minutes, why) &&
	       wire_small(object, "step_minutes", 0, 1440, 0, &resource->step_minutes, why) &&
	       wire_small(object, "quota_day_minutes", 0, 1440, 0, &resource->quota.day_minutes, why) &&
	       wire_small(object, "quota_open_bookings", 0, 10000, 0, &resource->quota.open_bookings, why);
}

/* Limits are told where there are some. */
static void limits_write(cJSON *object, const struct resource *resource)
{
	cJSON *units = cJSON_AddArrayToObject(object, "units");
	for (unsigned bit = 0; bit < BOOKING_UNITS; bit++) {
		if (resource_takes(resource) & (1u << bit))
			cJSON_AddItemToArray(units, cJSON_CreateString(booking_unit_wire_name((enum booking_unit)(1u << bit))));
	}
	const struct { const char *name; int value, silent; } numbers[] = {
		{ "quantity", resource->quantity, 1 }, { "least_minutes", resource->least_minutes, 0 },
		{ "most_minutes", resource->most_minutes, 0 }, { "step_minutes", resource->step_minutes, 0 },
		{ "quota_day_minutes", resource->quota.day_minutes, 0 }, { "quota_open_bookings", resource->quota.open_bookings, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (numbers[i].value > numbers[i].silent)
			wire_add_int(object, numbers[i].name, numbers[i].value);
	}
	if (resource->late_cancel != LATE_CANCEL_REFUSE)
		cJSON_AddStringToObject(object, "late_cancel", late_cancel_wire_name(resource->late_cancel));
}

bool wire_resource_read(const cJSON *object, struct arena *arena, struct resource *resource, struct problem *why)
{
	*resource = (struct resource){ 0 };
	if (!wire_need_text(object, "id", WIRE_ID_MAX, arena, &resource->id, why) ||
	    !wire_need_text(object, "name", TEXT_NAME_MAX, arena, &resource->name, why) ||
	    !kind_read(object, &resource->kind, why) ||
	    !wire_small(object, "capacity", 1, 500, 1, &resource->capacity, why) ||
	    !wire_small(object, "half_day_cents", 0, CENTS_MAX, -1, &resource->half_day_cents, why) ||
	    !wire_small(object, "day_cents", 0, CENTS_MAX, -1, &resource->day_cents, why) ||
	    !wire_small(object, "hour_cents", 0, CENTS_MAX, -1, &resource->hour_cents, why) ||
	    !wire_small(object, "cancel_minutes", 0, 525600, 0, &resource->cancel_minutes, why) ||
	    !wire_int(object, "version", 0, INT64_C(1) << 53, 0, &resource->version, why))
		return false;
	resource->by_hour = wire_bool(object, "by_hour", false);
	resource->frees_on_check_out = wire_bool(object, "frees_on_check_out", false);
	if (!limits_read(object, arena, resource, why))
		return false;
	resource->area = wire_text(object, "area", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	resource->note = wire_text(object, "note", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	resource->state_reason = wire_text(object, "state_reason", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	/* An approval we do not know is somebody's all the same. */
	const cJSON *approval = cJSON_GetObjectItemCaseSensitive(object, "approval");
	if (cJSON_IsString(approval) && !approval_from_wire(approval->valuestring, &resource->approval))
		resource->approval = APPROVAL_STAFF;
	/* A state we do not know is not to be booked: it may be one that forbids it. */
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(object, "state");
	if (cJSON_IsString(state) && !resource_state_from_wire(state->valuestring, &resource->state))
		resource->state = RESOURCE_VISIBLE;
	const cJSON *amenities, *amenity;
	if (!wire_array(object, "amenities", &amenities, why))
		return false;
	cJSON_ArrayForEach(amenity, amenities) {
		if (cJSON_IsString(amenity))
			resource->amenities |= amenity_from_wire(amenity->valuestring);
	}
	return true;
}

cJSON *wire_resource_write(const struct resource *resource)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", resource->id);
	cJSON_AddStringToObject(object, "name", resource->name);
	cJSON_AddStringToObject(object, "area", resource->area);
	cJSON_AddStringToObject(object, "note", resource->note);
	cJSON_AddStringToObject(object, "kind", resource_kind_wire_name(resource->kind));
	cJSON_AddStringToObject(object, "state", resource_state_wire_name(resource->state));
	cJSON_AddStringToObject(object, "state_reason", resource->state_reason);
	cJSON *amenities = cJSON_AddArrayToObject(object, "amenities");
	for (unsigned bit = 0; bit < AMENITIES; bit++) {
		if (resource->amenities & (1u << bit))
			cJSON_AddItemToArray(amenities, cJSON_CreateString(amenity_wire_name((enum amenity)(1u << bit))));
	}
	wire_add_int(object, "capacity", resource->capacity);
	wire_add_told(object, "half_day_cents", resource->half_day_cents);
	wire_add_told(object, "day_cents", resource->day_cents);
	cJSON_AddBoolToObject(object, "by_hour", (resource_takes(resource) & (UNIT_HOUR | UNIT_GRANULE)) != 0);
	wire_add_told(object, "hour_cents", resource->hour_cents);
	wire_add_int(object, "cancel_minutes", resource->cancel_minutes);
	cJSON_AddStringToObject(object, "approval", approval_wire_name(resource->approval));
	cJSON_AddBoolToObject(object, "frees_on_check_out", resource->frees_on_check_out);
	limits_write(object, resource);
	wire_add_int(object, "version", resource->version);
	return object;
}

static bool slot_read(const cJSON *object, const char *name, enum slot_state *state, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (cJSON_IsString(member) && slot_state_from_wire(member->valuestring, state))
		return true;
	return wire_wrong(name, _("“%s” should be the state of a half-day."), why);
}

static bool stretch_read(const cJSON *object, struct arena *arena, int after, struct busy *busy, struct problem *why)
{
	static const char *const whose[] = { "taken", "mine" };
	const char *who = wire_text(object, "who", TEXT_ONE_LINE, 16, arena);
	if (!wire_hours_read(object, &busy->hours, why))
		return false;
	if (busy->hours.from < after)
		return wire_wrong("start", _("“%s” should not lie before the end of the stretch before."), why);
	busy->mine = strcmp(who, whose[1]) == 0;
	busy->booking_id = busy->mine ? wire_text(object, "booking_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena) : "";
	return busy->mine || strcmp(who, whose[0]) == 0 || wire_wrong("who", _("“%s” should be taken or mine."), why);
}

static bool busy_read(const cJSON *object, struct arena *arena, struct resource_day *row, struct problem *why)
{
	const cJSON *array, *element;
	if (!wire_array(object, "busy", &array, why))
		return false;
	int count = cJSON_GetArraySize(array);
	if (count > BUSY_MAX)
		return problem_set(why, PROBLEM_TOO_LARGE, "/busy", _("A day has at most %d stretches."), BUSY_MAX);
	struct busy *busy = arena_get(arena, (size_t)count * sizeof *busy);
	cJSON_ArrayForEach(element, array) {
		int after = row->busy_count ? busy[row->busy_count - 1].hours.until : 0;
		if (!stretch_read(element, arena, after, &busy[row->busy_count++], why))
			return wire_within("busy", why);
	}
	row->busy = busy;
	return true;
}

static void busy_write(cJSON *object, const struct resource_day *row)
{
	cJSON *array = cJSON_AddArrayToObject(object, "busy");
	for (size_t i = 0; i < row->busy_count; i++) {
		cJSON *stretch = cJSON_CreateObject();
		wire_hours_write(stretch, row->busy[i].hours);
		cJSON_AddStringToObject(stretch, "who", row->busy[i].mine ? "mine" : "taken");
		if (row->busy[i].mine)
			cJSON_AddStringToObject(stretch, "booking_id", row->busy[i].booking_id);
		cJSON_AddItemToArray(array, stretch);
	}
}

bool wire_resource_day_read(const cJSON *object, struct arena *arena, struct resource_day *row, struct problem *why)
{
	*row = (struct resource_day){ 0 };
	if (!wire_resource_read(cJSON_GetObjectItemCaseSensitive(object, "resource"), arena, &row->resource, why))
		return wire_within("resource", why);
	row->my_booking_id = wire_text(object, "my_booking_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	return slot_read(object, "morning", &row->morning, why) && slot_read(object, "afternoon", &row->afternoon, why) &&
	       busy_read(object, arena, row, why);
}

cJSON *wire_resource_day_write(const struct resource_day *row)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "resource", wire_resource_write(&row->resource));
	cJSON_AddStringToObject(object, "morning", slot_state_wire_name(row->morning));
	cJSON_AddStringToObject(object, "afternoon", slot_state_wire_name(row->afternoon));
	busy_write(object, row);
	cJSON_AddItemToObject(object, "my_booking_id", row->my_booking_id && *row->my_booking_id
	                      ? cJSON_CreateString(row->my_booking_id) : cJSON_CreateNull());
	return object;
}

static bool told_slot_read(const cJSON *object, const char *name, enum slot_state *state, struct problem *why)
{
	*state = SLOT_FREE;
	return !cJSON_HasObjectItem(object, name) || slot_read(object, name, state, why);
}

bool wire_slots_read(const cJSON *object, struct arena *arena, struct wire_slots *slots, struct problem *why)
{
	struct resource_day *row = &slots->row;
	*slots = (struct wire_slots){ .index = 0 };
	if (!wire_small(object, "index", 0, WIRE_INDEX_MAX, -1, &slots->index, why))
		return false;
	if (slots->index < 0)
		return wire_wrong("index", _("“%s” should be a whole number within its range."), why);
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(object, "state");
	if (cJSON_IsString(state) && !resource_state_from_wire(state->valuestring, &row->resource.state))
		row->resource.state = RESOURCE_VISIBLE;
	row->resource.state_reason = wire_text(object, "state_reason", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	row->my_booking_id = wire_text(object, "my_booking_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	return told_slot_read(object, "morning", &row->morning, why) && told_slot_read(object, "afternoon", &row->afternoon, why) &&
	       busy_read(object, arena, row, why);
}

bool wire_slots_are_free(const struct resource_day *row)
{
	return row->resource.state == RESOURCE_BOOKABLE && !*row->resource.state_reason && row->morning == SLOT_FREE &&
	       row->afternoon == SLOT_FREE && row->busy_count == 0 && !(row->my_booking_id && *row->my_booking_id);
}

cJSON *wire_slots_write(const struct wire_slots *slots)
{
	const struct resource_day *row = &slots->row;
	cJSON *object = cJSON_CreateObject();
	wire_add_int(object, "index", slots->index);
	if (row->resource.state != RESOURCE_BOOKABLE)
		cJSON_AddStringToObject(object, "state", resource_state_wire_name(row->resource.state));
	if (*row->resource.state_reason)
		cJSON_AddStringToObject(object, "state_reason", row->resource.state_reason);
	if (row->morning != SLOT_FREE)
		cJSON_AddStringToObject(object, "morning", slot_state_wire_name(row->morning));
	if (row->afternoon != SLOT_FREE)
		cJSON_AddStringToObject(object, "afternoon", slot_state_wire_name(row->afternoon));
	if (row->busy_count > 0)
		busy_write(object, row);
	if (row->my_booking_id && *row->my_booking_id)
		cJSON_AddStringToObject(object, "my_booking_id", row->my_booking_id);
	return object;
}
