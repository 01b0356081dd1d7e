/* fuzz_form.c — a form that anybody may send: read whole, every value UTF-8 without control characters, or refused. */
#include "fuzz.h"

#include <string.h>

#include "hacktiv/base.h"
#include "form.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_new();
	struct form form;
	if (form_read((const char *)bytes, length, arena, &form)) {
		MUST(form.count <= FORM_FIELDS_MAX);
		for (size_t i = 0; i < form.count; i++) {
			const char *value = form.fields[i].value;
			MUST(strlen(value) <= length && form_value(&form, form.fields[i].name) == value);
			for (const char *at = value; *at; at++)
				MUST((unsigned char)*at >= 0x20 || strchr("\t\r\n", *at));
		}
	}
	arena_free(arena);
	return 0;
}
