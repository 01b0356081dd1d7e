/* scan.c — see scan.h. */
#include "scan.h"

#include <string.h>

#include "hacktiv/wire.h"

#define NUMBER_MAX 40u   /* characters of one number */

size_t scan_space(const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length && strchr(" \t\r\n", bytes[at]) && bytes[at])
		at++;
	return at;
}

static bool broken(size_t at, const char *what, struct problem *why)
{
	return problem_set(why, PROBLEM_PROTOCOL, "", _("Not readable as JSON at byte %1$zu: %2$s."), at, what);
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

/* From the opening quote to behind the closing one. */
static bool scan_string(const char *bytes, size_t length, size_t *at, struct problem *why)
{
	for (size_t i = *at + 1; i < length;) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte == '"') {
			*at = i + 1;
			return true;
		}
		if (byte < 0x20)
			return broken(i, _("a control character in a string"), why);
		if (byte == '\\') {
			if (length - i >= 6 && memcmp(bytes + i, "\\u0000", 6) == 0)
				return broken(i, _("a NUL in a string"), why);
			i += 2;
			continue;
		}
		size_t whole = utf8_length((const unsigned char *)bytes + i, length - i);
		if (whole == 0)
			return broken(i, _("not UTF-8"), why);
		i += whole;
	}
	return broken(length, _("the text ends within a string"), why);
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

bool scan_value(const char *bytes, size_t length, int depth, size_t *used, struct problem *why)
{
	int open = 0;
	size_t at = scan_space(bytes, length);
	while (at < length) {
		char byte = bytes[at];
		if (byte == '"') {
			if (!scan_string(bytes, length, &at, why))
				return false;
		} else if (byte == '{' || byte == '[') {
			if (depth + ++open > WIRE_DEPTH_MAX)
				return broken(at, _("nested too deeply"), why);
			at++;
			continue;
		} else if (byte == '}' || byte == ']') {
			if (open == 0)
				break;
			open--;
			at++;
		} else if (byte == ',' || byte == ':') {
			if (open == 0)
				break;
			at++;
			continue;
		} else if (scan_space(bytes + at, length - at) > 0) {
			at += scan_space(bytes + at, length - at);
			continue;
		} else if ((unsigned char)byte < 0x20 || (unsigned char)byte >= 0x7f) {
			return broken(at, _("not JSON"), why);
		} else {
			size_t from = at;
			while (at < length && bytes[at] > 0x20 && bytes[at] < 0x7f && !strchr("{}[],:\"", bytes[at]))
				at++;
			if (!is_literal(bytes + from, at - from))
				return broken(from, _("not JSON"), why);
		}
		if (open == 0) {
			*used = at;
			return true;
		}
	}
	return broken(at, _("the text ends too early"), why);
}
