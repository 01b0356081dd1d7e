/* inside.c — see inside.h. */
#include "inside.h"

#include <stdio.h>
#include <string.h>

bool wire_within(const char *before, struct problem *why)
{
	if (!why)
		return false;
	struct arena *arena = arena_new();
	struct problem was = *why;
	problem_set(why, was.kind, arena_print(arena, "/%s%s", before, was.field), "%s", was.text);
	arena_free(arena);
	return false;
}

bool wire_wrong(const char *name, const char *sentence, struct problem *why)
{
	struct arena *arena = arena_new();
	problem_set(why, PROBLEM_PROTOCOL, arena_print(arena, "/%s", name), sentence, name);
	arena_free(arena);
	return false;
}

bool wire_array(const cJSON *object, const char *name, const cJSON **array, struct problem *why)
{
	*array = cJSON_GetObjectItemCaseSensitive(object, name);
	if (cJSON_IsNull(*array))
		*array = NULL;
	return !*array || cJSON_IsArray(*array) || wire_wrong(name, _("“%s” should be a list."), why);
}

bool wire_small(const cJSON *object, const char *name, int least, int most, int fallback, int *out, struct problem *why)
{
	int64_t number;
	if (!wire_int(object, name, least, most, fallback, &number, why))
		return false;
	*out = (int)number;
	return true;
}

bool wire_part(const cJSON *object, enum day_part *out, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "part");
	if (cJSON_IsString(member) && day_part_from_wire(member->valuestring, out) && *out != DAY_PART_HOURS)
		return true;
	return wire_wrong("part", _("“%s” should be am, pm or day."), why);
}

void wire_add_date(cJSON *object, const char *name, struct local_date date)
{
	char text[DATE_ISO_SIZE];
	date_to_iso(date, text);
	cJSON_AddStringToObject(object, name, text);
}

void wire_add_int(cJSON *object, const char *name, int64_t value)
{
	cJSON_AddNumberToObject(object, name, (double)value);
}

void wire_add_told(cJSON *object, const char *name, int value)
{
	if (value < 0)
		cJSON_AddNullToObject(object, name);
	else
		wire_add_int(object, name, value);
}

void wire_add_filled(cJSON *object, const char *name, const char *text)
{
	if (text && *text)
		cJSON_AddStringToObject(object, name, text);
}

void wire_add_instant(cJSON *object, const char *name, const struct zone *zone, int64_t instant)
{
	char text[INSTANT_TEXT_SIZE];
	if (zone)
		instant_to_text(zone, instant, text);
	else
		instant_to_utc(instant, text);
	cJSON_AddStringToObject(object, name, text);
}

char *wire_pointer(struct arena *arena, const char *name)
{
	char *pointer = arena_get(arena, strlen(name) * 2 + 2);
	char *to = pointer;
	*to++ = '/';
	for (; *name; name++) {
		bool special = *name == '~' || *name == '/';
		if (special)
			*to++ = '~';
		*to++ = *name == '~' ? '0' : *name == '/' ? '1' : *name;
	}
	return pointer;
}

bool wire_only(const cJSON *object, const char *const *known, struct problem *why)
{
	if (!cJSON_IsObject(object))
		return problem_set(why, PROBLEM_INVALID, "", _("An object was expected."));
	const cJSON *member;
	cJSON_ArrayForEach(member, object) {
		bool is_known = false;
		for (size_t i = 0; known[i]; i++)
			is_known = is_known || strcmp(member->string, known[i]) == 0;
		if (is_known)
			continue;
		struct arena *arena = arena_new();
		const char *name = text_clean(arena, member->string, strlen(member->string), TEXT_ONE_LINE, 40);
		problem_set(why, PROBLEM_INVALID, wire_pointer(arena, name), _("“%s” is not known here."), name);
		arena_free(arena);
		return false;
	}
	return true;
}
