/* language.c — see language.h. */
#include "hacktiv/model/language.h"

#include "hacktiv/base.h"
#include "names.h"

static const struct { enum language language; const char *wire, *words; } languages_known[LANGUAGES] = {
	{ LANGUAGE_FRENCH, "fr", N_("French") },
	{ LANGUAGE_DUTCH, "nl", N_("Dutch") },
	{ LANGUAGE_GERMAN, "de", N_("German") },
	{ LANGUAGE_ENGLISH, "en", N_("English") },
};

const char *language_wire_name(enum language language)
{
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (languages_known[i].language == language)
			return languages_known[i].wire;
	}
	return "";
}

unsigned language_from_wire(const char *code)
{
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (name_index(&languages_known[i].wire, 1, code) == 0)
			return languages_known[i].language;
	}
	return 0;
}

const char *language_words(enum language language)
{
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (languages_known[i].language == language)
			return _(languages_known[i].words);
	}
	return "";
}

char *languages_words(struct arena *arena, unsigned languages)
{
	char *words = arena_copy_text(arena, "");
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (languages & languages_known[i].language)
			words = arena_print(arena, "%s%s%s", words, *words ? ", " : "", _(languages_known[i].words));
	}
	return words;
}
