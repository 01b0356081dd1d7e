/* arguments.h — what hacktiv was asked on its command line. */
#ifndef HACKTIV_ARGUMENTS_H
#define HACKTIV_ARGUMENTS_H

#include "hacktiv/base.h"

/* What may be said beside words. Reading, help, completion and the man page are made from one table. */
struct option_row {
	const char *name;      /* "--config" */
	const char *letter;    /* "-c", or NULL */
	const char *value;     /* "FILE", or the words it may be, "fr|en"; NULL: takes none */
	const char *help;      /* to translate: "the language of this run", one line */
};
extern const struct option_row option_table[];
extern const size_t option_count;

struct arguments {
	bool help, version, json, any, drop, lines, reset, password_from_input, by_password, qr, demo, kiosk;
	const char *config;        /* NULL: the usual place */
	const char *language;      /* NULL: the configuration's, or the environment's */
	const char *const *words;  /* command and what follows, clean; in the arena */
	size_t word_count;
};

/* Options may stand anywhere; after "--" everything is a word. Field: the option. */
bool arguments_read(struct arena *arena, int count, char *const *values, struct arguments *arguments,
                    struct problem *why);

#endif
