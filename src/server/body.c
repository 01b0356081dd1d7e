/* body.c — see body.h. */
#include "body.h"

#include <string.h>

#include "hacktiv/wire.h"

static const cJSON *member_of(const struct request *request, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(request->json, name);
	return cJSON_IsNull(member) ? NULL : member;
}

static bool is_among(const char *name, const char *const *names)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

bool body_only(struct request *request, const char *const *known, struct problem *why)
{
	const cJSON *member;
	cJSON_ArrayForEach(member, request->json) {
		if (!is_among(member->string, known))
			return problem_set(why, PROBLEM_INVALID, wire_pointer(request->arena, member->string), "This member is not known here.");
	}
	return true;
}

bool body_check(struct request *request, const char *const *known, struct response *response)
{
	struct problem why = { 0 };
	bool only = body_only(request, known, &why);
	if (!only)
		refuse_body(request, response, &why);
	return only;
}

bool body_text(struct request *request, const char *name, bool needed, const char **text, struct problem *why)
{
	const cJSON *member = member_of(request, name);
	*text = cJSON_IsString(member) ? wire_text(request->json, name, TEXT_ONE_LINE, TEXT_LINE_MAX, request->arena) : "";
	bool lost = cJSON_IsString(member) && *member->valuestring && !**text;
	if ((!member || cJSON_IsString(member)) && !lost && (!needed || **text))
		return true;
	return problem_set(why, PROBLEM_INVALID, wire_pointer(request->arena, name), "“%s” should be one line of text%s.", name,
	                   needed ? ", not empty" : "");
}

bool body_id(struct request *request, const char *name, const char **id, struct problem *why)
{
	const cJSON *member = member_of(request, name);
	if (!cJSON_IsString(member) || !uuid_is_valid(member->valuestring))
		return problem_set(why, PROBLEM_INVALID, wire_pointer(request->arena, name), "“%s” should be a UUID in lower case.", name);
	*id = arena_copy_text(request->arena, member->valuestring);
	return true;
}

bool body_int(struct request *request, const char *name, int least, int most, int fallback, int *number, struct problem *why)
{
	const cJSON *member = member_of(request, name);
	*number = fallback;
	if (!member && fallback >= 0)
		return true;
	if (!cJSON_IsNumber(member) || member->valuedouble < least || member->valuedouble > most ||
	    member->valuedouble != (double)(int)member->valuedouble)
		return problem_set(why, PROBLEM_INVALID, wire_pointer(request->arena, name), "“%s” should be a whole number from %d to %d.", name,
		                   least, most);
	*number = (int)member->valuedouble;
	return true;
}

bool body_word(struct request *request, const char *name, const char *const *words, bool needed, size_t *which, struct problem *why)
{
	const cJSON *member = member_of(request, name);
	*which = 0;
	if (!member && !needed)
		return true;
	const char *all = "";
	for (size_t i = 0; words[i]; i++) {
		if (cJSON_IsString(member) && strcmp(member->valuestring, words[i]) == 0) {
			*which = i;
			return true;
		}
		all = arena_print(request->arena, "%s%s%s", all, i ? (words[i + 1] ? ", " : " or ") : "", words[i]);
	}
	return problem_set(why, PROBLEM_INVALID, wire_pointer(request->arena, name), "“%s” should be %s.", name, all);
}
