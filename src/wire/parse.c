/* parse.c — one whole JSON text, strictly. See wire.h. */
#include "hacktiv/wire.h"

#include <string.h>

#include "scan.h"

#define MEMBERS_COMPARED_MAX 1000   /* members of one object; the check for doubles is quadratic */

static const cJSON *member_twice(const cJSON *value)
{
	const cJSON *child;
	int members = 0;
	cJSON_ArrayForEach(child, value) {
		if (cJSON_IsObject(value)) {
			if (++members > MEMBERS_COMPARED_MAX)
				return child;
			for (const cJSON *other = child->next; other; other = other->next) {
				if (strcmp(child->string, other->string) == 0)
					return child;
			}
		}
		const cJSON *deeper = member_twice(child);
		if (deeper)
			return deeper;
	}
	return NULL;
}

cJSON *wire_parse(const char *bytes, size_t length, struct problem *why)
{
	size_t used;
	if (!scan_value(bytes, length, 0, &used, why))
		return NULL;
	if (used + scan_space(bytes + used, length - used) != length) {
		problem_set(why, PROBLEM_PROTOCOL, "", _("Not readable as JSON at byte %1$zu: %2$s."), used,
		            _("something follows the value"));
		return NULL;
	}
	const char *end = NULL;
	cJSON *value = cJSON_ParseWithLengthOpts(bytes, used, &end, 0);
	if (!value) {
		problem_set(why, PROBLEM_PROTOCOL, "", _("Not readable as JSON at byte %1$zu: %2$s."),
		            end ? (size_t)(end - bytes) : 0, _("not JSON"));
		return NULL;
	}
	const cJSON *twice = member_twice(value);
	if (twice) {
		struct arena *arena = arena_new();
		problem_set(why, PROBLEM_PROTOCOL, "", _("Not readable as JSON: the member “%s” stands twice in one object."),
		            text_clean(arena, twice->string, strlen(twice->string), TEXT_ONE_LINE, 40));
		arena_free(arena);
		cJSON_Delete(value);
		return NULL;
	}
	return value;
}
