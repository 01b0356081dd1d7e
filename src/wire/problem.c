/* problem.c — problem details for HTTP APIs (RFC 9457). */
#include "inside.h"

/* "#/end" (a URI fragment, RFC 6901 section 6) is the pointer "/end". */
static const char *pointer_in(const cJSON *object, struct arena *arena)
{
	const cJSON *errors = cJSON_GetObjectItemCaseSensitive(object, "errors");
	const char *pointer = wire_text(cJSON_IsArray(errors) ? errors->child : NULL, "pointer", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	return *pointer == '#' ? pointer + 1 : pointer;
}

/* The type is what counts: whatever else is wrong with a refusal, it stays that refusal. */
bool wire_problem_read(const cJSON *object, struct arena *arena, struct wire_problem *out, struct problem *why)
{
	*out = (struct wire_problem){ 0 };
	if (!cJSON_IsObject(object))
		return problem_set(why, PROBLEM_PROTOCOL, "", _("An object was expected."));
	out->type = wire_text(object, "type", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	out->title = wire_text(object, "title", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	out->detail = wire_text(object, "detail", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	out->pointer = pointer_in(object, arena);
	if (!wire_small(object, "status", 100, 599, 0, &out->status, NULL))
		out->status = 0;
	wire_alternatives_read(object, arena, &out->alternatives, &out->alternative_count, NULL);
	return true;
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
		struct arena *arena = arena_new();
		cJSON_AddStringToObject(error, "pointer", arena_print(arena, "#%s", problem->pointer));
		arena_free(arena);
		cJSON_AddStringToObject(error, "code", "invalid");
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
