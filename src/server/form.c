/* form.c — see form.h. */
#include "form.h"

#include <string.h>

#include "percent.h"

static bool has_control(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if ((byte < 0x20 && !strchr("\t\r\n", text[i])) || byte == 0 || byte == 0x7f)
			return true;
	}
	return false;
}

/* NULL: broken. */
static char *decode(struct arena *arena, const char *from, size_t length)
{
	char *out = arena_get(arena, length + 1);
	size_t used = 0;
	return percent_decode(from, length, true, out, &used) && text_is_utf8(out, used) && !has_control(out, used) ? out : NULL;
}

static bool add(struct form *form, struct arena *arena, const char *pair, size_t length)
{
	const char *equals = memchr(pair, '=', length);
	size_t name_length = equals ? (size_t)(equals - pair) : length;
	const char *name = decode(arena, pair, name_length);
	char *value = equals ? decode(arena, equals + 1, length - name_length - 1) : decode(arena, "", 0);
	if (!name || !value || form->count == FORM_FIELDS_MAX || form_value(form, name))
		return false;
	form->fields[form->count++] = (struct form_field){ name, value };
	return true;
}

bool form_read(const char *bytes, size_t length, struct arena *arena, struct form *form)
{
	form->count = 0;
	for (size_t from = 0; from < length;) {
		const char *end = memchr(bytes + from, '&', length - from);
		size_t here = end ? (size_t)(end - bytes) - from : length - from;
		if (here > 0 && !add(form, arena, bytes + from, here))
			return false;
		from += here + 1;
	}
	return true;
}

char *form_secret(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	return NULL;
}

const char *form_value(const struct form *form, const char *name)
{
	return form_secret(form, name);
}
