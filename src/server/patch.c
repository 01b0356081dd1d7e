/* patch.c — see patch.h. */
#include "patch.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hacktiv/wire.h"

static const cJSON *find(const struct body *body, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(body->object, name);
}

bool patch_wrong(const struct body *body, const char *name, const char *expected, ...)
{
	char sentence[PROBLEM_TEXT_MAX];
	va_list arguments;
	va_start(arguments, expected);
	vsnprintf(sentence, sizeof sentence, expected, arguments);
	va_end(arguments);
	return problem_set(body->why, PROBLEM_INVALID, arena_print(body->arena, "%s%s", body->at, wire_pointer(body->arena, name)), "%s",
	                   sentence);
}

bool patch_only(const struct body *body, const char *const *known)
{
	const cJSON *member = NULL;
	cJSON_ArrayForEach(member, body->object) {
		size_t i = 0;
		while (known[i] && strcmp(known[i], member->string) != 0)
			i++;
		if (!known[i])
			return patch_wrong(body, member->string, "This member is not known here, or not to be changed here.");
	}
	return true;
}

bool patch_has(const struct body *body, const char *name)
{
	return find(body, name) != NULL;
}

bool patch_text(const struct body *body, const char *name, enum text_shape shape, size_t most, const char **text)
{
	const cJSON *member = find(body, name);
	if (!member)
		return true;
	if (!cJSON_IsString(member) && !cJSON_IsNull(member))
		return patch_wrong(body, name, "\"%s\" should be text, or null to empty it.", name);
	const char *given = cJSON_IsString(member) ? member->valuestring : "";
	if (strlen(given) > most)
		return patch_wrong(body, name, "\"%s\" should have at most %zu bytes.", name, most);
	*text = text_clean(body->arena, given, strlen(given), shape, most);
	return true;
}

bool patch_flag(const struct body *body, const char *name, bool *flag)
{
	const cJSON *member = find(body, name);
	if (!member)
		return true;
	if (!cJSON_IsBool(member))
		return patch_wrong(body, name, "\"%s\" should be true or false.", name);
	*flag = cJSON_IsTrue(member);
	return true;
}

bool patch_languages(const struct body *body, const char *name, unsigned *languages)
{
	const cJSON *member = find(body, name);
	if (!member)
		return true;
	unsigned given = 0;
	if (!cJSON_IsArray(member) && !cJSON_IsNull(member))
		return patch_wrong(body, name, "\"%s\" should be a list of fr, nl, de and en.", name);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, member) {
		unsigned language = cJSON_IsString(value) ? language_from_wire(value->valuestring) : 0;
		if (!language || (given & language))
			return patch_wrong(body, name, "\"%s\" should be a list of fr, nl, de and en, each once.", name);
		given |= language;
	}
	*languages = given;
	return true;
}

bool patch_country(const struct body *body, const char *name, enum country *country)
{
	const char *code = country_code(*country);
	if (!patch_text(body, name, TEXT_ONE_LINE, 8, &code))
		return false;
	*country = country_from_code(code);
	return !*code || *country != COUNTRY_UNKNOWN || patch_wrong(body, name, "\"%s\" should be BE, FR or LU.", name);
}

static bool checked(const struct body *body, const char *name, bool (*is_written)(const char *), const char *expected,
                    const char **text)
{
	return patch_text(body, name, TEXT_ONE_LINE, TEXT_NAME_MAX, text) &&
	       (!**text || !patch_has(body, name) || is_written(*text) || patch_wrong(body, name, "\"%s\" should be %s.", name, expected));
}

bool patch_email(const struct body *body, const char **email)
{
	return checked(body, "email", email_is_written, "an address such as \"zoe@example.org\"", email);
}

bool patch_phone(const struct body *body, const char **phone)
{
	return checked(body, "phone", phone_is_written, "an international number such as \"+3260123456\"", phone);
}

bool patch_website(const struct body *body, const char **website)
{
	return checked(body, "website", website_is_written, "an address such as \"https://example.org\"", website);
}

bool patch_inside(const struct body *body, const char *name, struct body *inner)
{
	const cJSON *member = find(body, name);
	*inner = (struct body){ member, arena_print(body->arena, "%s%s", body->at, wire_pointer(body->arena, name)), body->arena,
		                body->why };
	return !member || cJSON_IsObject(member) || patch_wrong(body, name, "\"%s\" should be an object.", name);
}
