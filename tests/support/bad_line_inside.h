/* bad_line_inside.h — what the files of bad_line know of each other. */
#ifndef TEST_SUPPORT_BAD_LINE_INSIDE_H
#define TEST_SUPPORT_BAD_LINE_INSIDE_H

#include "bad_line.h"

#define BAD_WAY_GOOD ((struct bad_way){ .cut_at = -1, .flip = -1, .drop = { -1, 0 }, .twice = { -1, 0 } })
#define BAD_NOTHING ((struct bad_exchange){ .request = BAD_WAY_GOOD, .answer = BAD_WAY_GOOD })

bool bad_is_nothing(const struct bad_exchange *fate);

/* What a direction makes of bytes that come along: they go out changed, late, or not at all. */
struct bad_flow {
	const struct bad_way *way;
	int to;                    /* the socket they go out on */
	int64_t position;          /* of the next byte that comes */
	bool broken;               /* cut, or nobody takes them any more */
	char *again;               /* what will be said twice, as far as it came */
	size_t again_length;
};
/* Sleeps; false when there is no reason to go on. */
typedef bool bad_pause(void *context, int ms);
/* False: broken. */
bool bad_flow_put(struct bad_flow *flow, const char *bytes, size_t length, bad_pause *pause, void *context);
void bad_flow_clear(struct bad_flow *flow);

#endif
