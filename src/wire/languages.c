/* languages.c — a set of languages as an array of codes. */
#include "inside.h"

bool wire_languages_read(const cJSON *object, unsigned *languages, struct problem *why)
{
	const cJSON *codes, *code;
	*languages = 0;
	if (!wire_array(object, "languages", &codes, why))
		return false;
	cJSON_ArrayForEach(code, codes) {
		if (cJSON_IsString(code))
			*languages |= language_from_wire(code->valuestring);
	}
	return true;
}

void wire_add_languages(cJSON *object, unsigned languages)
{
	cJSON *codes = cJSON_AddArrayToObject(object, "languages");
	for (unsigned bit = 0; bit < LANGUAGES; bit++) {
		if (languages & (1u << bit))
			cJSON_AddItemToArray(codes, cJSON_CreateString(language_wire_name((enum language)(1u << bit))));
	}
}
