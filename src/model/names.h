/* names.h — tables from enum values to their names on the wire. */
#ifndef HACKTIV_MODEL_NAMES_H
#define HACKTIV_MODEL_NAMES_H

#include <stddef.h>

/* Index of `name` in `names`, -1 when it is not there or NULL. */
int name_index(const char *const *names, size_t count, const char *name);

#endif
