/* scan.h — a look at JSON text before it is parsed: cJSON recurses up to 1000 levels, accepts broken UTF-8, keeps members that
 * stand twice, and cuts strings at "\u0000" (all seen with 1.7.15). */
#ifndef HACKTIV_WIRE_SCAN_H
#define HACKTIV_WIRE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base.h"

/* Walks one value from `bytes` on; `*used` is where it ends. Checks depth, UTF-8, control bytes in strings and "\u0000"; cJSON
 * checks the rest. `depth` levels are open already. */
bool scan_value(const char *bytes, size_t length, int depth, size_t *used, struct problem *why);

/* Bytes of white space from here on. */
size_t scan_space(const char *bytes, size_t length);

#endif
