/* preview.c — what a booking would be: its obstacles and the nearest alternatives. */
#include "inside.h"

cJSON *wire_alternative_write(const struct alternative *alternative)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "space_id", alternative->space_id);
	cJSON_AddStringToObject(object, "space_name", alternative->space_name);
	cJSON_AddStringToObject(object, "resource_id", alternative->resource_id);
	cJSON_AddStringToObject(object, "resource_name", alternative->resource_name);
	cJSON_AddStringToObject(object, "resource_area", alternative->resource_area);
	cJSON_AddStringToObject(object, "resource_kind", resource_kind_wire_name(alternative->resource_kind));
	wire_period_write(object, alternative->when);
	return object;
}

static bool alternative_read(const cJSON *object, struct arena *arena, struct alternative *to, struct problem *why)
{
	if (!wire_need_text(object, "space_id", WIRE_ID_MAX, arena, &to->space_id, why) ||
	    !wire_need_text(object, "resource_id", WIRE_ID_MAX, arena, &to->resource_id, why) ||
	    !wire_period_read(object, &to->when, why))
		return false;
	to->space_name = wire_text(object, "space_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	to->resource_name = wire_text(object, "resource_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	to->resource_area = wire_text(object, "resource_area", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	resource_kind_from_wire(wire_text(object, "resource_kind", TEXT_ONE_LINE, 40, arena), &to->resource_kind);
	return true;
}

bool wire_alternatives_read(const cJSON *object, struct arena *arena, const struct alternative **out, size_t *count,
                            struct problem *why)
{
	struct alternative *alternatives = arena_get(arena, ALTERNATIVES_MAX * sizeof *alternatives);
	*out = alternatives;
	*count = 0;
	const cJSON *array, *element;
	if (!wire_array(object, "alternatives", &array, why))
		return false;
	cJSON_ArrayForEach(element, array) {
		if (*count == ALTERNATIVES_MAX)
			break;
		if (!alternative_read(element, arena, &alternatives[*count], why))
			return wire_within("alternatives", why);
		(*count)++;
	}
	return true;
}

static bool obstacles_read(const cJSON *object, struct arena *arena, struct preview *preview, struct problem *why)
{
	const cJSON *array, *element;
	if (!wire_array(object, "obstacles", &array, why))
		return false;
	struct obstacle *obstacles = arena_get(arena, OBSTACLES_MAX * sizeof *obstacles);
	cJSON_ArrayForEach(element, array) {
		if (preview->obstacle_count == OBSTACLES_MAX)
			break;
		obstacles[preview->obstacle_count++] = (struct obstacle){
			rule_from_wire(wire_text(element, "rule", TEXT_ONE_LINE, 60, arena)),
			wire_text(element, "detail", TEXT_ONE_LINE, TEXT_LINE_MAX, arena),
		};
	}
	preview->obstacles = obstacles;
	return true;
}

bool wire_preview_read(const cJSON *object, struct arena *arena, struct preview *preview, struct problem *why)
{
	*preview = (struct preview){ 0 };
	if (!wire_planned_booking_read(cJSON_GetObjectItemCaseSensitive(object, "booking"), arena, &preview->booking, why))
		return wire_within("booking", why);
	return obstacles_read(object, arena, preview, why) &&
	       wire_alternatives_read(object, arena, &preview->alternatives, &preview->alternative_count, why);
}

cJSON *wire_preview_write(const struct preview *preview, const struct zone *zone)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToObject(object, "booking", wire_booking_write(&preview->booking, zone));
	cJSON *obstacles = cJSON_AddArrayToObject(object, "obstacles");
	for (size_t i = 0; i < preview->obstacle_count; i++) {
		cJSON *obstacle = cJSON_CreateObject();
		cJSON_AddStringToObject(obstacle, "rule", rule_wire_name(preview->obstacles[i].rule));
		cJSON_AddStringToObject(obstacle, "detail", preview->obstacles[i].detail);
		cJSON_AddItemToArray(obstacles, obstacle);
	}
	cJSON *alternatives = cJSON_AddArrayToObject(object, "alternatives");
	for (size_t i = 0; i < preview->alternative_count; i++)
		cJSON_AddItemToArray(alternatives, wire_alternative_write(&preview->alternatives[i]));
	return object;
}
