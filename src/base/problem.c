/* problem.c — see problem.h. */
#include "hacktiv/base/problem.h"

#include <stdio.h>
#include <string.h>

/* Cuts at `room` - 1 bytes without leaving half a UTF-8 character behind. */
static void cut_whole(char *text, size_t room)
{
	size_t length = strnlen(text, room);
	if (length < room - 1)
		return;
	text[room - 1] = '\0';
	size_t at = room - 1;
	while (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0)
		return;
	unsigned char first = (unsigned char)text[at - 1];
	size_t needs = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	if (at - 1 + needs > room - 1)
		text[at - 1] = '\0';
}

bool (problem_set)(struct problem *why, enum problem_kind kind, const char *field, const char *format, ...)
{
	if (!why)
		return false;
	why->kind = kind;
	snprintf(why->field, sizeof why->field, "%s", field ? field : "");
	cut_whole(why->field, sizeof why->field);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(why->text, sizeof why->text, format, arguments);
	va_end(arguments);
	cut_whole(why->text, sizeof why->text);
	return false;
}

bool (problem_prefix)(struct problem *why, const char *format, ...)
{
	if (!why)
		return false;
	char before[PROBLEM_TEXT_MAX];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(before, sizeof before, format, arguments);
	va_end(arguments);
	char after[PROBLEM_TEXT_MAX];
	memcpy(after, why->text, sizeof after);
	size_t length = strnlen(before, sizeof before - 1);
	memcpy(why->text, before, length);
	snprintf(why->text + length, sizeof why->text - length, ": %s", after);
	cut_whole(why->text, sizeof why->text);
	return false;
}

void problem_clear(struct problem *why)
{
	if (why)
		memset(why, 0, sizeof *why);
}
