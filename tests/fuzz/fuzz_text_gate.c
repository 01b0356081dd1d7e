/* fuzz_text_gate.c — whatever comes in, what goes out is valid, drawable, short enough, and stays as it is. The first byte
 * chooses shape and ceiling. libc and utf8proc's own NFC are the judges. */
#include "fuzz.h"

#include <limits.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

#include <utf8proc.h>

#include "hacktiv/base.h"

static bool is_forbidden(wchar_t point, enum text_shape shape)
{
	static const struct {
		wchar_t from, to;
	} ranges[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x11ff },
		{ 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x20e3, 0x20e3 },
		{ 0x2800, 0x2800 }, { 0x3164, 0x3164 }, { 0xd800, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0x1f1e6, 0x1f1ff },
		{ 0x1f3fb, 0x1f3ff }, { 0xe0000, INT_MAX },
	};
	if (point == '\n')
		return shape == TEXT_ONE_LINE;
	for (size_t i = 0; i < COUNT_OF(ranges); i++) {
		if (point >= ranges[i].from && point <= ranges[i].to)
			return true;
	}
	return false;
}

/* Every character allowed and of known width, no mark without a base, no third mark; the sum is what text_columns() says. */
static void check_characters(const char *clean, size_t length, enum text_shape shape)
{
	mbstate_t state = { 0 };
	int columns = 0, marks = 2;
	for (size_t at = 0; at < length;) {
		wchar_t point;
		size_t took = mbrtowc(&point, clean + at, length - at, &state);
		MUST(took > 0 && took <= 4);
		MUST(!is_forbidden(point, shape));
		int wide = point == '\n' ? 0 : wcwidth(point);
		MUST(wide >= 0);
		marks = point == '\n' ? 2 : wide == 0 ? marks + 1 : 0;
		MUST(marks <= 2);
		columns += wide;
		at += took;
	}
	MUST(text_columns(clean) == columns);
}

static void check_composed(const char *clean)
{
	utf8proc_uint8_t *composed = utf8proc_NFC((const utf8proc_uint8_t *)clean);
	MUST(composed && strcmp((char *)composed, clean) == 0);
	free(composed);
}

static void check_questions(struct arena *arena, const char *clean, size_t length)
{
	size_t before = 0;
	for (size_t at = 0; at < length; at = text_next(clean, at)) {
		MUST(at == 0 || at > before);
		MUST(length > 200 || text_previous(clean, at) == before);
		before = at;
	}
	for (int columns = 0; columns < 12; columns++) {
		int used;
		size_t fits = text_fit(clean, columns, &used);
		MUST(fits <= length && used <= columns);
		MUST(text_columns(text_clip(arena, clean, columns)) <= columns);
	}
	const char *folded = text_fold(arena, clean);
	MUST(strcmp(text_fold(arena, folded), folded) == 0);
	MUST(text_matches(clean, clean));
	for (const char *letter = text_ascii(arena, clean); *letter; letter++)
		MUST(*letter == '\n' || (*letter >= ' ' && *letter < 0x7f));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const size_t ceilings[] = { 200, 0, 1, 3, 4, 10, 31, 1000 };
	if (length == 0)
		return 0;
	if (strcmp(setlocale(LC_CTYPE, NULL), "C.UTF-8") != 0)
		MUST(setlocale(LC_CTYPE, "C.UTF-8"));
	enum text_shape shape = bytes[0] & 8 ? TEXT_MANY_LINES : TEXT_ONE_LINE;
	size_t most = ceilings[bytes[0] & 7];
	struct arena *arena = arena_new();
	const char *clean = text_clean(arena, (const char *)bytes + 1, length - 1, shape, most);
	size_t kept = strlen(clean);
	MUST(kept <= most);
	MUST(kept == 0 || (clean[0] != ' ' && clean[0] != '\n' && clean[kept - 1] != ' ' && clean[kept - 1] != '\n'));
	check_characters(clean, kept, shape);
	check_composed(clean);
	MUST(strcmp(text_clean(arena, clean, kept, shape, most), clean) == 0);
	MUST(text_is_clean(clean, kept, shape, most));
	check_questions(arena, clean, kept);
	arena_free(arena);
	return 0;
}
