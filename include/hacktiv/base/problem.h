/* problem.h — why something could not be done, for the program and for a person.
 *
 * A function that can fail takes a `struct problem *why` as last argument, returns false (or NULL) and fills it.
 * `kind` is for the program, `field` names what was wrong, `text` is a whole sentence in the person's language, already
 * free of control characters. `why` may be NULL when the caller does not care. No problem carries a secret. */
#ifndef HACKTIV_BASE_PROBLEM_H
#define HACKTIV_BASE_PROBLEM_H

#include <stdarg.h>
#include <stdbool.h>

enum problem_kind {
	PROBLEM_NONE,
	PROBLEM_INVALID,     /* what was given is not what was expected: a date, a field, an argument, a file */
	PROBLEM_NOT_FOUND,   /* no such file, row or name */
	PROBLEM_AMBIGUOUS,   /* several things fit what was said */
	PROBLEM_CLOSED,      /* the space is closed at that time */
	PROBLEM_REFUSED,     /* a rule, a right or a permission forbids it */
	PROBLEM_CONFLICT,    /* somebody or something else was first */
	PROBLEM_IO,          /* the disk, a file, a socket */
	PROBLEM_PROTOCOL,    /* an answer that is not what the other side promised */
	PROBLEM_TOO_LARGE,   /* a named ceiling was reached */
	PROBLEM_MISSING      /* something that must be there is not: a library, a locale, a terminal */
};

#define PROBLEM_FIELD_MAX 64    /* bytes with the final NUL; longer names are cut between characters */
#define PROBLEM_TEXT_MAX  512

struct problem {
	enum problem_kind kind;
	char field[PROBLEM_FIELD_MAX];
	char text[PROBLEM_TEXT_MAX];
};

/* Fills `why` (unless NULL) and returns false, so that `return problem_set(…)` says it all. `field` may be NULL. */
__attribute__((format(printf, 4, 5)))
bool problem_set(struct problem *why, enum problem_kind kind, const char *field, const char *format, ...);
/* %1$s is POSIX, not ISO C: without __extension__ gcc -Wpedantic warns of every sentence that translators may reorder.
 * Types are checked all the same. With printf() write `__extension__ printf(…)`. */
#define problem_set(...) (__extension__ problem_set(__VA_ARGS__))

/* Puts "context: " before the text already there (a file name, a line). Returns false. */
__attribute__((format(printf, 2, 3)))
bool problem_prefix(struct problem *why, const char *format, ...);
#define problem_prefix(...) (__extension__ problem_prefix(__VA_ARGS__))

void problem_clear(struct problem *why);

#endif
