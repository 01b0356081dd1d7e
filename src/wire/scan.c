/* scan.c — see scan.h. */
#include "scan.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/wire.h"

#define NUMBER_MAX 40u   /* characters of one number */

bool scan_broken(const struct scan *scan, const char *sentence, struct problem *why)
{
	return problem_set(why, PROBLEM_PROTOCOL, "", sentence, scan->at);
}

void scan_space(struct scan *scan)
{
	while (scan->at < scan->length && scan->text[scan->at] && strchr(" \t\r\n", scan->text[scan->at]))
		scan->at++;
}

bool scan_is_next(const struct scan *scan, char byte)
{
	return scan->at < scan->length && scan->text[scan->at] == byte;
}

/* Length of the well-formed UTF-8 character here (RFC 3629), 0 when there is none. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
	static const struct { unsigned char first, last, second_from, second_to; size_t length; } forms[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (*at < forms[i].first || *at > forms[i].last)
			continue;
		if (forms[i].length > left)
			return 0;
		if (forms[i].length > 1 && (at[1] < forms[i].second_from || at[1] > forms[i].second_to))
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if ((at[k] & 0xc0) != 0x80)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

/* Bytes of the escape here, 0 when it is none. cJSON makes a NUL, and so an end, of hexadecimal digits that are none. */
static size_t escape_length(const char *here, size_t left)
{
	if (!here[1] || !strchr("\"\\/bfnrtu", here[1]))
		return 0;
	if (here[1] != 'u')
		return 2;
	for (size_t at = 2; at < 6; at++) {
		if (at >= left || !here[at] || !strchr("0123456789abcdefABCDEF", here[at]))
			return 0;
	}
	return 6;
}

/* From the opening quote to behind the closing one. */
static bool scan_string(struct scan *scan, struct problem *why)
{
	scan->at++;
	while (scan->at < scan->length) {
		const char *here = scan->text + scan->at;
		size_t left = scan->length - scan->at;
		if (*here == '"') {
			scan->at++;
			return true;
		}
		if ((unsigned char)*here < 0x20)
			return scan_broken(scan, _("Not JSON: a control character in a string at byte %zu."), why);
		if (*here == '\\') {
			if (left >= 6 && memcmp(here, "\\u0000", 6) == 0)
				return scan_broken(scan, _("Not taken: a NUL in a string at byte %zu."), why);
			size_t escape = left < 2 ? left : escape_length(here, left);
			if (escape == 0)
				return scan_broken(scan, _("Not JSON: something strange at byte %zu."), why);
			scan->at += escape;
			continue;
		}
		size_t whole = utf8_length((const unsigned char *)here, left);
		if (whole == 0)
			return scan_broken(scan, _("Not JSON: no UTF-8 at byte %zu."), why);
		scan->at += whole;
	}
	return scan_broken(scan, _("Not JSON: the text ends within a string, at byte %zu."), why);
}

static size_t digits(const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length && bytes[at] >= '0' && bytes[at] <= '9')
		at++;
	return at;
}

/* RFC 8259, section 6; cJSON lets strtod() decide, which takes 012 and makes infinity of 1e400. */
static bool is_number(const char *bytes, size_t length)
{
	size_t at = length > 0 && bytes[0] == '-';
	size_t whole = digits(bytes + at, length - at);
	if (whole == 0 || (whole > 1 && bytes[at] == '0'))
		return false;
	at += whole;
	if (at < length && bytes[at] == '.') {
		size_t fraction = digits(bytes + at + 1, length - at - 1);
		if (fraction == 0)
			return false;
		at += 1 + fraction;
	}
	if (at < length && (bytes[at] == 'e' || bytes[at] == 'E')) {
		at++;
		at += at < length && (bytes[at] == '+' || bytes[at] == '-');
		size_t exponent = digits(bytes + at, length - at);
		if (exponent == 0 || exponent > 2)
			return false;
		at += exponent;
	}
	return at == length && length <= NUMBER_MAX;
}

static bool is_literal(const char *bytes, size_t length)
{
	return (length == 4 && (memcmp(bytes, "true", 4) == 0 || memcmp(bytes, "null", 4) == 0)) ||
	       (length == 5 && memcmp(bytes, "false", 5) == 0) || is_number(bytes, length);
}

/* true, false, null or a number. */
static bool scan_plain(struct scan *scan, struct problem *why)
{
	size_t from = scan->at, to = from;
	while (to < scan->length && scan->text[to] > 0x20 && scan->text[to] < 0x7f && !strchr("{}[],:\"", scan->text[to]))
		to++;
	if (!is_literal(scan->text + from, to - from))
		return scan_broken(scan, _("Not JSON: something strange at byte %zu."), why);
	scan->at = to;
	return true;
}

static bool count_value(struct scan *scan, struct problem *why)
{
	if (scan->values_left-- > 0)
		return true;
	scan->values_left = 0;
	return problem_set(why, PROBLEM_TOO_LARGE, "", _("There are more than %u values."), WIRE_VALUES_MAX);
}

bool scan_value(struct scan *scan, int depth, struct problem *why)
{
	int open = 0;
	for (scan_space(scan); scan->at < scan->length; scan_space(scan)) {
		char byte = scan->text[scan->at];
		if (byte == ',' || byte == ':') {
			if (open == 0)
				break;
			scan->at++;
			continue;
		}
		if (byte == '}' || byte == ']') {
			if (open-- == 0)
				break;
			scan->at++;
		} else if (!count_value(scan, why)) {
			return false;
		} else if (byte == '{' || byte == '[') {
			if (depth + ++open > WIRE_DEPTH_MAX)
				return scan_broken(scan, _("Not taken: nested too deeply at byte %zu."), why);
			scan->at++;
			continue;
		} else if (!(byte == '"' ? scan_string(scan, why) : scan_plain(scan, why))) {
			return false;
		}
		if (open == 0)
			return true;
	}
	return scan_broken(scan, scan->at < scan->length ? _("Not JSON: a value is missing at byte %zu.")
	                                                 : _("Not JSON: the text ends too early, at byte %zu."), why);
}

/* ---- members that stand twice ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted: comparing each with each would take a second for the objects that a joker makes. */
static const char *twice_in(const cJSON *object)
{
	size_t count = (size_t)cJSON_GetArraySize(object), at = 0;
	if (count < 2)
		return NULL;
	const char **names = memory_get_array(count, sizeof *names), *twice = NULL;
	const cJSON *child;
	cJSON_ArrayForEach(child, object)
		names[at++] = child->string;
	qsort(names, count, sizeof *names, compare_names);
	for (size_t i = 1; i < count && !twice; i++) {
		if (strcmp(names[i - 1], names[i]) == 0)
			twice = names[i];
	}
	free(names);
	return twice;
}

static const char *member_twice(const cJSON *value)
{
	const char *twice = cJSON_IsObject(value) ? twice_in(value) : NULL;
	const cJSON *child;
	cJSON_ArrayForEach(child, value) {
		if (twice)
			return twice;
		twice = member_twice(child);
	}
	return twice;
}

static bool refuse_twice(const char *name, struct problem *why)
{
	struct arena *arena = arena_new();
	problem_set(why, PROBLEM_PROTOCOL, "", _("Not taken: the member “%s” stands twice in one object."),
	            text_clean(arena, name, strlen(name), TEXT_ONE_LINE, 40));
	arena_free(arena);
	return false;
}

cJSON *scan_take(struct scan *scan, int depth, struct problem *why)
{
	scan_space(scan);
	size_t from = scan->at;
	if (!scan_value(scan, depth, why))
		return NULL;
	const char *end = NULL;
	cJSON *value = cJSON_ParseWithLengthOpts(scan->text + from, scan->at - from, &end, 0);
	if (!value || end != scan->text + scan->at) {
		scan->at = end ? (size_t)(end - scan->text) : from;
		scan_broken(scan, _("Not JSON: something strange at byte %zu."), why);
		cJSON_Delete(value);
		return NULL;
	}
	const char *twice = member_twice(value);
	if (!twice)
		return value;
	refuse_twice(twice, why);
	cJSON_Delete(value);
	return NULL;
}
