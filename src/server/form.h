/* form.h — application/x-www-form-urlencoded, as browsers and OAuth clients send it (WHATWG URL, 5.1; RFC 6749, appendix B). */
#ifndef HACKTIV_SERVER_FORM_H
#define HACKTIV_SERVER_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base.h"

struct form_field {
	const char *name;     /* UTF-8 without control characters below space but LF, CR and TAB; not cleaned */
	char *value;
};

#define FORM_FIELDS_MAX 32

struct form {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t count;
};

/* False: broken percent signs, broken UTF-8, NUL and its like, a name twice (RFC 6749, 3.1), too many fields. Values live in the arena. */
bool form_read(const char *bytes, size_t length, struct arena *arena, struct form *form);
/* NULL when it is not there. */
const char *form_value(const struct form *form, const char *name);
/* The same, to be overwritten once it was looked at. */
char *form_secret(const struct form *form, const char *name);

#endif
