/* language.h — languages that people speak and activities are held in: the three of Belgium, and English. */
#ifndef HACKTIV_MODEL_LANGUAGE_H
#define HACKTIV_MODEL_LANGUAGE_H

#include "hacktiv/base/arena.h"

/* Bits: an evening may be held in two of them. Wire: ISO 639-1, an array of codes. */
enum language {
	LANGUAGE_FRENCH = 1 << 0,     /* "fr" */
	LANGUAGE_DUTCH = 1 << 1,      /* "nl" */
	LANGUAGE_GERMAN = 1 << 2,     /* "de" */
	LANGUAGE_ENGLISH = 1 << 3     /* "en" */
};
#define LANGUAGES 4

const char *language_wire_name(enum language language);
unsigned language_from_wire(const char *code);               /* 0 when unknown: skipped */
const char *language_words(enum language language);          /* "français", lower case */
/* "français, néerlandais"; "" for none. */
char *languages_words(struct arena *arena, unsigned languages);

#endif
