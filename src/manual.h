/* manual.h — the parts of hacktiv(1) that are made from tables; doc/man/hacktiv.1.in has the others. */
#ifndef HACKTIV_MANUAL_H
#define HACKTIV_MANUAL_H

#include "hacktiv/base.h"

/* "commands", "options" or "keys" as man(7) source; NULL for any other. Lives in `arena`. */
const char *manual_part(struct arena *arena, const char *part);

#endif
