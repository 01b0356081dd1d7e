/* text_fold.c — text for searching and for terminals that have only ASCII; see text.h. */
#include "hacktiv/base/text.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "code_point.h"
#include "hacktiv/base/buffer.h"
#include "hacktiv/base/memory.h"

/* U+FDFA, the longest of all, is eighteen characters. */
#define COMPATIBLE_MOST 18
/* So many bytes can become of one. */
#define GROWTH_MOST     16u

struct substitute {
	int32_t point;
	const char *instead;
};

/* Letters that Unicode does not decompose, but a keyboard without them writes so. */
static const struct substitute letters[] = {
	{ 0x00c6, "AE" }, { 0x00d0, "D" }, { 0x00d8, "O" }, { 0x00de, "TH" }, { 0x00df, "ss" }, { 0x00e6, "ae" },
	{ 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" }, { 0x0110, "D" }, { 0x0111, "d" }, { 0x0126, "H" },
	{ 0x0127, "h" }, { 0x0131, "i" }, { 0x0141, "L" }, { 0x0142, "l" }, { 0x0152, "OE" }, { 0x0153, "oe" },
	{ 0x1e9e, "SS" },
};

/* Signs that our own screens and sentences use, and what people paste. */
static const struct substitute signs[] = {
	{ 0x00a9, "(c)" }, { 0x00ab, "\"" }, { 0x00ae, "(R)" }, { 0x00b0, "o" }, { 0x00b7, "*" }, { 0x00bb, "\"" },
	{ 0x00d7, "x" }, { 0x00f7, "/" }, { 0x2010, "-" }, { 0x2011, "-" }, { 0x2012, "-" }, { 0x2013, "-" },
	{ 0x2014, "-" }, { 0x2015, "-" }, { 0x2018, "'" }, { 0x2019, "'" }, { 0x201a, "'" }, { 0x201c, "\"" },
	{ 0x201d, "\"" }, { 0x201e, "\"" }, { 0x2022, "*" }, { 0x2026, "..." }, { 0x2032, "'" }, { 0x2033, "\"" },
	{ 0x2039, "'" }, { 0x203a, "'" }, { 0x2044, "/" }, { 0x20ac, "EUR" }, { 0x2190, "<" }, { 0x2191, "^" }, { 0x2192, ">" },
	{ 0x2193, "v" }, { 0x2212, "-" }, { 0x2260, "!=" }, { 0x2264, "<=" }, { 0x2265, ">=" }, { 0x2500, "-" },
	{ 0x2502, "|" }, { 0x250c, "+" }, { 0x2510, "+" }, { 0x2514, "+" }, { 0x2518, "+" }, { 0x251c, "+" },
	{ 0x2524, "+" }, { 0x252c, "+" }, { 0x2534, "+" }, { 0x253c, "+" }, { 0x2588, "#" }, { 0x2591, "." },
	{ 0x2592, ":" }, { 0x2593, "#" }, { 0x25a0, "#" }, { 0x25a1, "." }, { 0x25b2, "^" }, { 0x25b6, ">" },
	{ 0x25b8, ">" }, { 0x25bc, "v" }, { 0x25c0, "<" }, { 0x25c6, "*" }, { 0x25cb, "o" }, { 0x25cf, "*" },
	{ 0x2605, "*" }, { 0x2606, "*" }, { 0x2713, "+" }, { 0x2714, "+" }, { 0x2715, "x" }, { 0x2717, "x" },
	{ 0x2718, "x" },
};

static int compare_substitute(const void *key, const void *element)
{
	int32_t point = *(const int32_t *)key, other = ((const struct substitute *)element)->point;
	return (point > other) - (point < other);
}

static const char *find(const struct substitute *table, size_t count, int32_t point)
{
	const struct substitute *found = bsearch(&point, table, count, sizeof *table, compare_substitute);
	return found ? found->instead : NULL;
}

static void add_point(struct buffer *out, int32_t point)
{
	char bytes[4];
	buffer_add(out, bytes, code_point_write(point, bytes));
}

static char *into(struct arena *arena, struct buffer *buffer)
{
	char *copy = arena_copy_bytes(arena, buffer->bytes, buffer->length);
	buffer_clear(buffer);
	return copy;
}

/* Compatible decomposition without the marks (accents). Returns how many characters are in `parts`. */
static size_t bare_parts(int32_t point, utf8proc_option_t also, utf8proc_int32_t parts[COMPATIBLE_MOST])
{
	int boundary = 0;
	utf8proc_option_t options = (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | also);
	utf8proc_ssize_t made = utf8proc_decompose_char(point, parts, COMPATIBLE_MOST, options, &boundary);
	size_t kept = 0;
	for (utf8proc_ssize_t i = 0; i < made && i < COMPATIBLE_MOST; i++) {
		if (!code_point_is_mark(parts[i]))
			parts[kept++] = parts[i];
	}
	return kept;
}

/* Everything that separates words when people type names: Saint-Ghislain, L'Atelier, l’ilot. */
static bool separates(int32_t point)
{
	return point == '-' || point == '\'' || point == 0x2018 || point == 0x2019 || point == 0x02bc || point == 0x00b4 ||
	       point == '`' || code_point_is_space(point) ||
	       (point >= 0x80 && utf8proc_category(point) == UTF8PROC_CATEGORY_PD);
}

static char fold_ascii(char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return (char)(letter + ('a' - 'A'));
	return strchr("-'`\n", letter) ? ' ' : letter;   /* as separates() says */
}

static void fold_point(struct buffer *out, int32_t point)
{
	if (separates(point)) {
		buffer_add(out, " ", 1);
		return;
	}
	utf8proc_int32_t parts[COMPATIBLE_MOST];
	size_t count = bare_parts(point, UTF8PROC_CASEFOLD, parts);
	for (size_t i = 0; i < count; i++) {
		const char *instead = find(letters, COUNT_OF(letters), parts[i]);
		if (instead)
			buffer_add_text(out, instead);
		else
			add_point(out, separates(parts[i]) ? ' ' : parts[i]);
	}
}

char *text_fold(struct arena *arena, const char *text)
{
	struct buffer out;
	size_t length = strlen(text);
	buffer_init(&out, length * GROWTH_MOST);
	for (size_t at = 0; at < length;) {
		int32_t point;
		at += code_point_read(text + at, length - at, &point);
		if (point > 0 && point < 0x80)   /* nearly all there is, and quick */
			buffer_add(&out, &(char){ fold_ascii((char)point) }, 1);
		else
			fold_point(&out, point);
	}
	return into(arena, &out);
}

/* Both are folded; one space or several are the same, and none is needed at the end of what is sought. */
static bool begins_with(const char *text, const char *part)
{
	while (*part) {
		size_t spaces = strspn(part, " ");
		if (spaces && !part[spaces])
			return true;
		if (*text != *part)
			return false;
		text += spaces ? strspn(text, " ") : 1;
		part += spaces ? spaces : 1;
	}
	return true;
}

bool text_matches(const char *text, const char *part)
{
	struct arena *arena = arena_new();
	const char *word = text_fold(arena, text);
	const char *wanted = text_fold(arena, part);
	wanted += strspn(wanted, " ");
	bool found = false;
	do {
		word += strspn(word, " ");
		found = begins_with(word, wanted);
		word += strcspn(word, " ");
	} while (!found && *word);
	arena_free(arena);
	return found;
}

static bool is_of_word(int32_t point)
{
	if (point < 0x80)
		return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z');
	utf8proc_category_t category = utf8proc_category(point);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;   /* letters, marks, numbers */
}

const char *text_word(const char **at, size_t *length)
{
	const char *word = NULL;
	for (size_t step = 1; **at; *at += step) {
		int32_t point = (unsigned char)**at;
		step = point < 0x80 ? 1 : code_point_read(*at, strnlen(*at, 4), &point);
		if (!is_of_word(point)) {
			if (word)
				break;
		} else if (!word) {
			word = *at;
		}
	}
	*length = word ? (size_t)(*at - word) : 0;
	return word;
}

/* Each word with a space before it. */
char *text_key(struct arena *arena, const char *text)
{
	const char *at = text_fold(arena, text), *word;
	char *key = arena_get(arena, 2 * strlen(at) + 1), *end = key;
	for (size_t length; (word = text_word(&at, &length)); end += length) {
		*end++ = ' ';
		memcpy(end, word, length);
	}
	return key;
}

static bool some_word_begins(const char *key, const char *wanted, size_t length)
{
	for (const char *word = key; word; word = strchr(word + 1, ' ')) {
		if (strncmp(word, wanted, length) == 0)
			return true;
	}
	return false;
}

bool text_key_holds(const char *key, const char *words)
{
	for (size_t length; *words; words += length) {
		length = 1 + strcspn(words + 1, " ");
		if (!*key || !some_word_begins(key, words, length))
			return false;
	}
	return true;
}

bool text_holds(const char *text, const char *words)
{
	struct arena *arena = arena_new();
	bool holds = text_key_holds(text_key(arena, text), text_key(arena, words));
	arena_free(arena);
	return holds;
}

static bool add_substitute(struct buffer *out, int32_t point)
{
	const char *instead = find(letters, COUNT_OF(letters), point);
	if (!instead)
		instead = find(signs, COUNT_OF(signs), point);
	return instead && buffer_add_text(out, instead);
}

static void add_ascii(struct buffer *out, int32_t point)
{
	if (add_substitute(out, point))
		return;
	utf8proc_int32_t parts[COMPATIBLE_MOST];
	size_t count = bare_parts(point, 0, parts);
	bool lost = false;
	for (size_t i = 0; i < count; i++) {
		if (parts[i] >= ' ' && parts[i] < 0x7f)
			add_point(out, parts[i]);
		else if (!add_substitute(out, parts[i]))
			lost = true;
	}
	if (lost)
		buffer_add(out, "?", 1);
}

char *text_ascii(struct arena *arena, const char *text)
{
	struct buffer out;
	size_t length = strlen(text);
	buffer_init(&out, length * GROWTH_MOST);
	for (size_t at = 0; at < length;) {
		int32_t point;
		at += code_point_read(text + at, length - at, &point);
		if (point == '\n' || (point >= ' ' && point < 0x7f))
			buffer_add(&out, &(char){ (char)point }, 1);
		else
			add_ascii(&out, point);
	}
	return into(arena, &out);
}
