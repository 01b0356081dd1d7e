/* tzif.h — one compiled file of the tz database (RFC 9636). */
#ifndef BASE_TZIF_H
#define BASE_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tz_rule.h"

#define TZIF_BYTES_MAX (256u * 1024u)   /* the largest file of 2026 has 4 KiB */

struct tzif {
	size_t transition_count;
	int64_t *transitions;    /* instants, ascending */
	int32_t *offsets;        /* seconds east of UTC from that transition on */
	int32_t first_offset;    /* before all of them */
	bool has_rule;
	struct tz_rule rule;     /* after all of them */
};

/* False when the bytes are not a whole TZif file, or count leap seconds; `tzif` is then empty. */
bool tzif_read(const unsigned char *bytes, size_t length, struct tzif *tzif);
void tzif_clear(struct tzif *tzif);
int32_t tzif_offset(const struct tzif *tzif, int64_t instant);

#endif
