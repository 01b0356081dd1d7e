/* text_gate.c — what may come in; see text.h.
 *
 * Three steps: characters that may not pass are dropped or replaced; the rest is brought into NFC (UAX #15); marks
 * without a base, or more than two on one, go. What remains has a width that libc, ncurses and terminals agree on:
 * joiners, variation selectors and skin tones are gone, a flag has become its two letters (half of the terminals draw
 * a pair of indicators as one picture, and ncurses repaints halves), a keycap its digit. Each step is linear. */
#include "hacktiv/base/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "code_point.h"
#include "hacktiv/base/memory.h"

#define DROPPED (-1)

/* After more marks than any writing needs the rest is noise; sorting them (NFC) would be quadratic. */
#define MARKS_READ  8
#define MARKS_KEPT  2
/* Canonical decomposition makes at most four characters of one (UAX #15, table 9.3). */
#define DECOMPOSED_MOST 4

struct range {
	int32_t from, to;
};

/* In order, for a binary search. "New": assigned since Unicode 15; the libc of Debian 12 knows 14 and gives them no width. */
static const struct range without_width[] = {
	{ 0x0cf3, 0x0cf3 },   /* new */
	{ 0x0ece, 0x0ece },   /* new */
	{ 0x302e, 0x302f },   /* Hangul tone marks: 2 or 0 columns */
	{ 0x3248, 0x324f },   /* circled numbers: 2 or 1 */
	{ 0x4dc0, 0x4dff },   /* hexagrams: 2 or 1 */
	{ 0xd7b0, 0xd7ff },   /* old Korean vowels and finals: 0 or 1 */
	{ 0x10efd, 0x10eff }, /* new, as all that follow */
	{ 0x1123f, 0x11241 }, { 0x11b00, 0x11b09 }, { 0x11f00, 0x11f59 }, { 0x1342f, 0x1342f }, { 0x13440, 0x13455 },
	{ 0x1b132, 0x1b132 }, { 0x1b155, 0x1b155 }, { 0x1d2c0, 0x1d2d3 }, { 0x1df25, 0x1df2a }, { 0x1e030, 0x1e08f },
	{ 0x1e4d0, 0x1e4f9 }, { 0x1f6dc, 0x1f6dc }, { 0x1f774, 0x1f776 }, { 0x1f77b, 0x1f77f }, { 0x1f7d9, 0x1f7d9 },
	{ 0x1fa75, 0x1fa77 }, { 0x1fa87, 0x1fa88 }, { 0x1faad, 0x1faaf }, { 0x1fabb, 0x1fabd }, { 0x1fabf, 0x1fabf },
	{ 0x1face, 0x1facf }, { 0x1fada, 0x1fadb }, { 0x1fae8, 0x1fae8 }, { 0x1faf7, 0x1faf8 }, { 0x2b739, 0x2b739 },
	{ 0x31350, 0x323af },
};

static int compare_range(const void *key, const void *element)
{
	int32_t point = *(const int32_t *)key;
	const struct range *range = element;
	return point < range->from ? -1 : point > range->to;
}

static bool has_no_width(int32_t point)
{
	return bsearch(&point, without_width, COUNT_OF(without_width), sizeof without_width[0], compare_range) != NULL;
}

/* The character that passes in the place of `point`, or DROPPED. */
static int32_t admitted(int32_t point, enum text_shape shape)
{
	if (point >= ' ' && point < 0x7f)
		return point;
	if (point == '\n' || point == '\r' || point == 0x2028 || point == 0x2029)
		return shape == TEXT_MANY_LINES ? '\n' : ' ';
	if (point == '\t')
		return ' ';
	if (point < 0xa0)
		return DROPPED;
	if (point >= 0x1f1e6 && point <= 0x1f1ff)   /* regional indicators */
		return 'A' + (point - 0x1f1e6);
	if (point == 0x20e3 || (point >= 0x1f3fb && point <= 0x1f3ff))   /* keycap, skin tones */
		return DROPPED;
	if (point == 0x2800)   /* braille without a dot: a space that trimming would not see */
		return ' ';

	const utf8proc_property_t *property = utf8proc_get_property(point);
	/* Default_Ignorable_Code_Point holds the joiners, selectors, fillers and tags; Cf the bidi controls and the rest. */
	if (property->ignorable || property->category == UTF8PROC_CATEGORY_CF)
		return DROPPED;
	bool unknown = property->category == UTF8PROC_CATEGORY_CN || property->category == UTF8PROC_CATEGORY_CO ||
	               property->category == UTF8PROC_CATEGORY_CS;
	return unknown || has_no_width(point) ? REPLACEMENT : point;
}

static int combining_class(int32_t point)
{
	return point < 0x300 ? 0 : utf8proc_get_property(point)->combining_class;
}

/* Puts one decomposed character in its canonical place: behind those of the same or a lower combining class. */
static void insert_in_order(int32_t *points, size_t *count, int32_t point)
{
	int class = combining_class(point);
	size_t at = (*count)++;
	if (class > 0) {
		for (; at > 0 && combining_class(points[at - 1]) > class; at--)
			points[at] = points[at - 1];
	}
	points[at] = point;
}

static void add_decomposed(int32_t *points, size_t *count, int32_t point)
{
	utf8proc_int32_t parts[DECOMPOSED_MOST];
	int boundary = 0;
	utf8proc_ssize_t made = utf8proc_decompose_char(point, parts, DECOMPOSED_MOST, UTF8PROC_DECOMPOSE, &boundary);
	if (made < 1 || made > DECOMPOSED_MOST) {
		insert_in_order(points, count, REPLACEMENT);
		return;
	}
	for (utf8proc_ssize_t i = 0; i < made; i++)
		insert_in_order(points, count, parts[i]);
}

/* Reads bytes until `wanted` characters were admitted; `*more` says that something to see came after them. Returns how
 * many decomposed characters there are. */
static size_t read_admitted(const char *bytes, size_t length, enum text_shape shape, int32_t *points, size_t wanted, bool *more)
{
	size_t count = 0, taken = 0, marks = 0;
	*more = false;
	for (size_t at = 0; at < length;) {
		int32_t point;
		size_t took = code_point_read(bytes + at, length - at, &point);
		bool first_of_line_end = point == '\r' && at + took < length && bytes[at + took] == '\n';
		at += took;
		point = first_of_line_end ? DROPPED : admitted(point, shape);
		if (point == DROPPED || (taken == 0 && (code_point_is_space(point) || code_point_is_mark(point))))
			continue;
		marks = code_point_is_mark(point) || combining_class(point) ? marks + 1 : 0;
		if (marks > MARKS_READ)
			continue;
		if (taken == wanted) {
			*more = *more || !code_point_is_space(point);
			if (*more)
				break;
			continue;
		}
		add_decomposed(points, &count, point);
		taken++;
	}
	return count;
}

/* Vowels and finals that found no syllable to join: 0 columns in libc, 1 elsewhere. */
static bool is_stray_jamo(int32_t point)
{
	return point >= 0x1160 && point <= 0x11ff;
}

static size_t keep_drawable(int32_t *points, size_t count)
{
	size_t kept = 0, marks = 0;
	for (size_t i = 0; i < count; i++) {
		int32_t point = is_stray_jamo(points[i]) ? REPLACEMENT : points[i];
		bool at_start = kept == 0 || points[kept - 1] == '\n';
		if (code_point_is_mark(point)) {
			/* Without a base it would be drawn on whatever stands to the left of the text. */
			if (at_start || marks == MARKS_KEPT)
				continue;
			marks++;
		} else {
			if (kept == 0 && code_point_is_space(point))
				continue;
			marks = 0;
		}
		points[kept++] = point;
	}
	while (kept > 0 && code_point_is_space(points[kept - 1]))
		kept--;
	return kept;
}

/* Cuts between graphemes so that the mark of the cut fits too, and leaves no space before it. */
static void cut(char *text, size_t most)
{
	size_t room = strlen(ELLIPSIS);
	if (most < room) {
		text[0] = '\0';
		return;
	}
	size_t kept = 0;
	for (size_t at = 0; text[at];) {
		size_t next = text_next(text, at);
		if (next > most - room)
			break;
		int32_t point;
		bool alone = code_point_read(text + at, next - at, &point) == next - at;
		if (!alone || !code_point_is_space(point))
			kept = next;
		at = next;
	}
	memcpy(text + kept, ELLIPSIS, room + 1);
}

static bool is_plain(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] < ' ' || bytes[i] >= 0x7f)
			return false;
	}
	return length == 0 || (bytes[0] != ' ' && bytes[length - 1] != ' ');
}

char *text_clean(struct arena *arena, const char *bytes, size_t length, enum text_shape shape, size_t most)
{
	if (!bytes || length == 0)
		return arena_copy_text(arena, "");
	if (length <= most && is_plain(bytes, length))
		return arena_copy_bytes(arena, bytes, length);

	/* Every base and its marks make at least one byte, so this many characters always fill the field. */
	size_t wanted = most < length / (MARKS_READ + 1) ? (most + 1) * (MARKS_READ + 1) : length;
	int32_t *points = memory_get_array(wanted, DECOMPOSED_MOST * sizeof *points);
	bool more;
	size_t count = read_admitted(bytes, length, shape, points, wanted, &more);
	utf8proc_ssize_t composed = utf8proc_normalize_utf32(points, (utf8proc_ssize_t)count, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	count = keep_drawable(points, composed < 0 ? 0 : (size_t)composed);

	char *text = memory_get(count * 4 + strlen(ELLIPSIS) + 1);
	size_t end = 0;
	for (size_t i = 0; i < count; i++)
		end += code_point_write(points[i], text + end);
	text[end] = '\0';
	free(points);
	if (more || end > most)
		cut(text, most);
	char *clean = arena_copy_text(arena, text);
	free(text);
	return clean;
}

bool text_is_utf8(const char *text, size_t length)
{
	char written[4];
	for (size_t at = 0; at < length; ) {
		int32_t point;
		size_t took = code_point_read(text + at, length - at, &point);
		/* The sign that stands for broken ones may itself be meant. */
		if (point == REPLACEMENT && (code_point_write(point, written) != took || memcmp(text + at, written, took) != 0))
			return false;
		at += took;
	}
	return true;
}

bool text_is_clean(const char *text, size_t length, enum text_shape shape, size_t most)
{
	if (!text || length > most)
		return false;
	struct arena *arena = arena_new();
	const char *clean = text_clean(arena, text, length, shape, most);
	bool same = strlen(clean) == length && memcmp(clean, text, length) == 0;
	arena_free(arena);
	return same;
}
