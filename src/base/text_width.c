/* text_width.c — columns and graphemes of clean text; see text.h. */
#include "hacktiv/base/text.h"

#include <string.h>

#include <utf8proc.h>

#include "code_point.h"

/* UAX #29 lets a grapheme be of any length; no writing needs more, and an editor must be able to move past it. */
#define GRAPHEME_MOST 16

/* The text ends with a NUL, which no character's continuation matches: reading 4 bytes ahead never passes it. */
static size_t read_one(const char *text, int32_t *point)
{
	return code_point_read(text, strnlen(text, 4), point);
}

size_t text_next(const char *text, size_t at)
{
	if (!text[at])
		return at;
	int32_t last;
	utf8proc_int32_t state = 0;
	at += read_one(text + at, &last);
	for (int taken = 1; taken < GRAPHEME_MOST && text[at]; taken++) {
		/* Nearly all text: no break is missed between two letters of ASCII, and no table is read. */
		int32_t point;
		size_t took = read_one(text + at, &point);
		if ((last < 0x300 && point < 0x300) || utf8proc_grapheme_break_stateful(last, point, &state))
			return at;
		last = point;
		at += took;
	}
	return at;
}

size_t text_previous(const char *text, size_t at)
{
	/* Graphemes are defined forwards: whether a character begins one depends on all before it. */
	size_t before = 0;
	for (size_t next = 0; next < at && text[next]; next = text_next(text, next))
		before = next;
	return before;
}

static int columns_between(const char *text, size_t from, size_t to)
{
	int columns = 0;
	while (from < to) {
		int32_t point;
		from += code_point_read(text + from, to - from, &point);
		columns += code_point_columns(point);
	}
	return columns;
}

int text_columns(const char *text)
{
	return columns_between(text, 0, strlen(text));
}

size_t text_fit(const char *text, int columns, int *used)
{
	size_t at = 0;
	int sum = 0;
	while (text[at]) {
		size_t next = text_next(text, at);
		int wide = columns_between(text, at, next);
		if (wide > columns - sum)
			break;
		sum += wide;
		at = next;
	}
	if (used)
		*used = sum;
	return at;
}

char *text_clip(struct arena *arena, const char *text, int columns)
{
	if (columns < 1)
		return arena_copy_text(arena, "");
	size_t whole = text_fit(text, columns, NULL);
	if (!text[whole])
		return arena_copy_bytes(arena, text, whole);
	size_t part = text_fit(text, columns - 1, NULL);
	char *clipped = arena_get(arena, part + sizeof ELLIPSIS);
	memcpy(clipped, text, part);
	memcpy(clipped + part, ELLIPSIS, sizeof ELLIPSIS);
	return clipped;
}
