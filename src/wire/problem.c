/* problem.c — problem details for HTTP APIs (RFC 9457). */
#include "inside.h"

bool wire_problem_read(const cJSON *object, struct arena *arena, struct wire_problem *out, struct problem *why)
{
	*out = (struct wire_problem){ 0 };
	if (!cJSON_IsObject(object))
		return problem_set(why, PROBLEM_PROTOCOL, "", _("An object was expected."));
	out->type = wire_text(object, "type", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	out->title = wire_text(object, "title", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	out->detail = wire_text(object, "detail", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	const cJSON *errors = cJSON_GetObjectItemCaseSensitive(object, "errors");
	out->pointer = wire_text(cJSON_IsArray(errors) ? errors->child : NULL, "pointer", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	return wire_small(object, "status", 100, 599, 0, &out->status, why) &&
	       wire_alternatives_read(object, arena, &out->alternatives, &out->alternative_count, why);
}

cJSON *wire_problem_write(const struct wire_problem *problem)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "type", problem->type && *problem->type ? problem->type : "about:blank");
	cJSON_AddStringToObject(object, "title", problem->title);
	cJSON_AddNumberToObject(object, "status", problem->status);
	if (problem->detail && *problem->detail)
		cJSON_AddStringToObject(object, "detail", problem->detail);
	if (problem->pointer && *problem->pointer) {
		cJSON *error = cJSON_CreateObject();
		cJSON_AddStringToObject(error, "pointer", problem->pointer);
		cJSON_AddStringToObject(error, "detail", problem->detail ? problem->detail : "");
		cJSON_AddItemToArray(cJSON_AddArrayToObject(object, "errors"), error);
	}
	if (problem->alternative_count) {
		cJSON *alternatives = cJSON_AddArrayToObject(object, "alternatives");
		for (size_t i = 0; i < problem->alternative_count; i++)
			cJSON_AddItemToArray(alternatives, wire_alternative_write(&problem->alternatives[i]));
	}
	return object;
}
