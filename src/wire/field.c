/* field.c — one member of an object, read with its type and range. See wire.h. */
#include "inside.h"

#include <math.h>
#include <string.h>

static const cJSON *find(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsNull(member) ? NULL : member;
}

const char *wire_text(const cJSON *object, const char *name, enum text_shape shape, size_t most, struct arena *arena)
{
	const cJSON *member = find(object, name);
	if (!cJSON_IsString(member))
		return "";
	return text_clean(arena, member->valuestring, strlen(member->valuestring), shape, most);
}

bool wire_need_text(const cJSON *object, const char *name, size_t most, struct arena *arena, const char **out,
                    struct problem *why)
{
	if (!cJSON_IsString(find(object, name)))
		return wire_wrong(name, _("“%s” should be text."), why);
	*out = wire_text(object, name, TEXT_ONE_LINE, most, arena);
	return **out ? true : wire_wrong(name, _("“%s” should not be empty."), why);
}

bool wire_int(const cJSON *object, const char *name, int64_t least, int64_t most, int64_t fallback, int64_t *out,
              struct problem *why)
{
	const cJSON *member = find(object, name);
	*out = fallback;
	if (!member)
		return true;
	double number = member->valuedouble;
	if (!cJSON_IsNumber(member) || !(number >= (double)least && number <= (double)most) || number != floor(number))
		return wire_wrong(name, _("“%s” should be a whole number within its range."), why);
	*out = (int64_t)number;
	return true;
}

bool wire_bool(const cJSON *object, const char *name, bool fallback)
{
	const cJSON *member = find(object, name);
	return cJSON_IsBool(member) ? cJSON_IsTrue(member) : fallback;
}

bool wire_date(const cJSON *object, const char *name, struct local_date *out, struct problem *why)
{
	const cJSON *member = find(object, name);
	if (!cJSON_IsString(member) || !date_from_iso(member->valuestring, out, NULL))
		return wire_wrong(name, _("“%s” should be a date, YYYY-MM-DD."), why);
	return true;
}

bool wire_instant(const cJSON *object, const char *name, int64_t *out, struct problem *why)
{
	const cJSON *member = find(object, name);
	if (!cJSON_IsString(member) || !instant_from_text(member->valuestring, out, NULL))
		return wire_wrong(name, _("“%s” should be an instant, YYYY-MM-DDThh:mm:ss+hh:mm."), why);
	return true;
}

bool wire_instant_told(const cJSON *object, const char *name, int64_t *out, struct problem *why)
{
	*out = 0;
	return !find(object, name) || wire_instant(object, name, out, why);
}
