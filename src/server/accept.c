/* accept.c — see accept.h. */
#include "accept.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MOST_WELCOME 1000   /* q=1 in thousandths */

/* How closely a range fits a type: 0 not at all, 1 as any type, 2 as any of its kind, 3 as itself. */
static int closeness(const char *range, size_t range_length, const char *type, size_t length)
{
	size_t kind = (size_t)((const char *)memchr(type, '/', length) - type) + 1;
	if (range_length == length && strncasecmp(range, type, length) == 0)
		return 3;
	if (range_length == kind + 1 && strncasecmp(range, type, kind) == 0 && range[kind] == '*')
		return 2;
	return range_length == 3 && strncmp(range, "*/*", 3) == 0;
}

/* "0.5" in thousandths. What is no quality is the greatest: the client named the type after all. */
static int read_quality(const char *text, const char *end)
{
	if (text == end || (*text != '0' && *text != '1'))
		return MOST_WELCOME;
	int quality = (*text - '0') * MOST_WELCOME;
	if (++text < end && *text == '.')
		for (int unit = MOST_WELCOME / 10; unit && ++text < end && isdigit((unsigned char)*text); unit /= 10)
			quality += (*text - '0') * unit;
	return quality < MOST_WELCOME ? quality : MOST_WELCOME;
}

/* Of one element, "text/html;level=1;q=0.5". */
static int element_quality(const char *element, size_t length)
{
	const char *end = element + length;
	for (const char *at = memchr(element, ';', length); at; at = memchr(at, ';', (size_t)(end - at))) {
		do
			at++;
		while (at < end && (*at == ' ' || *at == '\t'));
		if (end - at >= 2 && tolower((unsigned char)at[0]) == 'q' && at[1] == '=')
			return read_quality(at + 2, end);
	}
	return MOST_WELCOME;
}

/* In thousandths; 0: not wanted. */
static int quality_of(const char *accept, const char *type, size_t type_length)
{
	int closest = 0, quality = 0;
	while (*accept) {
		accept += strspn(accept, " \t,");
		size_t length = strcspn(accept, ",");
		size_t range = strcspn(accept, ";, \t");
		int fits = closeness(accept, range, type, type_length);
		if (fits > closest) {
			closest = fits;
			quality = element_quality(accept, length);
		}
		accept += length;
	}
	return quality;
}

const char *accept_best(struct arena *arena, const char *accept, const char *types)
{
	const char *best = NULL;
	size_t best_length = 0;
	int best_quality = 0;
	if (!accept || !accept[strspn(accept, " \t,")])
		return arena_copy_bytes(arena, types, strcspn(types, " "));
	for (const char *type = types; *type; ) {
		size_t length = strcspn(type, " ");
		int quality = quality_of(accept, type, length);
		if (quality > best_quality) {
			best = type;
			best_length = length;
			best_quality = quality;
		}
		type += length + (type[length] == ' ');
	}
	return best ? arena_copy_bytes(arena, best, best_length) : NULL;
}
