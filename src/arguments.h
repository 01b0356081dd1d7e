/* arguments.h — what hacktiv was asked on its command line. */
#ifndef HACKTIV_ARGUMENTS_H
#define HACKTIV_ARGUMENTS_H

#include "hacktiv/base.h"

struct arguments {
	bool help, version, json, any, lines, reset, password_from_input, demo;
	const char *config;        /* NULL: the usual place */
	const char *language;      /* NULL: the configuration's, or the environment's */
	const char *const *words;  /* command and what follows, clean; in the arena */
	size_t word_count;
};

/* Options may stand anywhere; after "--" everything is a word. Field: the option. */
bool arguments_read(struct arena *arena, int count, char *const *values, struct arguments *arguments,
                    struct problem *why);

#endif
