/* form.c — see form.h. */
#include "form.h"

#include <string.h>

static int hexadecimal(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Continuation bytes that must follow `lead`; -1: no UTF-8 begins so. */
static int followers(unsigned char lead)
{
	if (lead < 0x80)
		return 0;
	if (lead >= 0xc2 && lead < 0xe0)
		return 1;
	if (lead >= 0xe0 && lead < 0xf0)
		return 2;
	return lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
}

/* Overlong forms, surrogates, beyond U+10FFFF: seen by the byte behind the first. */
static bool second_is_sound(unsigned char lead, unsigned char second)
{
	return !(lead == 0xe0 && second < 0xa0) && !(lead == 0xed && second > 0x9f) && !(lead == 0xf0 && second < 0x90) &&
	       !(lead == 0xf4 && second > 0x8f);
}

static bool is_utf8(const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		int more = followers(bytes[i]);
		if (more < 0 || (size_t)more >= length - i)
			return false;
		if (more > 0 && !second_is_sound(bytes[i], bytes[i + 1]))
			return false;
		for (int k = 1; k <= more; k++)
			if ((bytes[i + (size_t)k] & 0xc0) != 0x80)
				return false;
		i += (size_t)more + 1;
	}
	return true;
}

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
	for (size_t i = 0; i < length; i++) {
		char byte = from[i] == '+' ? ' ' : from[i];
		if (byte == '%') {
			int high = i + 2 < length ? hexadecimal(from[i + 1]) : -1, low = i + 2 < length ? hexadecimal(from[i + 2]) : -1;
			if (high < 0 || low < 0)
				return NULL;
			byte = (char)(high * 16 + low);
			i += 2;
		}
		out[used++] = byte;
	}
	return is_utf8((const unsigned char *)out, used) && !has_control(out, used) ? out : NULL;
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
