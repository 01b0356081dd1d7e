/* scan.h — a look at JSON text before it is parsed: cJSON recurses up to 1000 levels, takes 120 bytes for each "0," of a long
 * list, accepts broken UTF-8, keeps members that stand twice, and cuts strings at "\u0000" (all seen with 1.7.15). */
#ifndef HACKTIV_WIRE_SCAN_H
#define HACKTIV_WIRE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "hacktiv/base.h"

struct scan {
	const char *text;     /* the whole of it: offsets in problems count from here */
	size_t length;
	size_t at;
	size_t values_left;   /* how many values, names included, may still be parsed */
};

void scan_space(struct scan *scan);
bool scan_is_next(const struct scan *scan, char byte);
/* Walks over white space and one value with `depth` levels open already. Checks depth, number of values, UTF-8, control bytes in
 * strings, "\u0000" and the form of numbers; cJSON checks the rest. */
bool scan_value(struct scan *scan, int depth, struct problem *why);

/* The same, and parses it: yours. No member stands twice in an object of it. */
cJSON *scan_take(struct scan *scan, int depth, struct problem *why);

/* PROBLEM_PROTOCOL: `sentence` holds one %zu, where it went wrong. False. */
bool scan_broken(const struct scan *scan, const char *sentence, struct problem *why);

#endif
