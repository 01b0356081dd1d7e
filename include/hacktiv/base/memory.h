/* memory.h — allocation that never returns NULL, and the one way to die.
 *
 * A terminal client that cannot get a few bytes has nothing left to do: it restores the terminal and says so. */
#ifndef HACKTIV_BASE_MEMORY_H
#define HACKTIV_BASE_MEMORY_H

#include <stddef.h>

void *memory_get(size_t bytes);                      /* zeroed; yours, free() it */
void *memory_get_array(size_t count, size_t bytes);  /* zeroed; dies on overflow of count * bytes */
void *memory_grow(void *old, size_t count, size_t bytes); /* realloc; new bytes are not zeroed */
char *memory_copy_text(const char *text);            /* strdup; NULL stays NULL */

/* Runs the callback set by die_prepare() (it gives the terminal back), writes one line to standard error, exits with 70
 * (EX_SOFTWARE of sysexits.h). */
__attribute__((noreturn, format(printf, 1, 2)))
void die(const char *format, ...);

/* What die() and the crash handler run first. One callback, async-signal-safe, NULL to remove. */
void die_prepare(void (*restore)(void));

/* Length of a true array. */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
