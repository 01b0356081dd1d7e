/* bad_flow.c — bytes of one direction on a bad line. See bad_line_inside.h. */
#include "bad_line_inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "hacktiv/base/memory.h"

#define SLICES_A_SECOND 50      /* of a throttled direction */

static bool is_good(const struct bad_way *way)
{
	return !way->delay_ms && !way->bytes_per_s && way->cut_at < 0 && way->flip < 0 && way->drop.at < 0 && way->twice.at < 0;
}

bool bad_is_nothing(const struct bad_exchange *fate)
{
	return is_good(&fate->request) && is_good(&fate->answer) && !fate->status && !*fate->type && !fate->last && !fate->anothers && !fate->final;
}

static bool holds(struct bad_stretch stretch, int64_t position)
{
	return stretch.at >= 0 && position >= stretch.at && position < stretch.at + stretch.length;
}

static bool put_all(struct bad_flow *flow, const char *bytes, size_t length)
{
	while (length > 0 && !flow->broken) {
		ssize_t sent = send(flow->to, bytes, length, MSG_NOSIGNAL);
		flow->broken = sent <= 0;
		bytes += sent;
		length -= (size_t)sent;
	}
	return !flow->broken;
}

static bool put_slowly(struct bad_flow *flow, const char *bytes, size_t length, bad_pause *pause, void *context)
{
	if (!flow->way->bytes_per_s)
		return put_all(flow, bytes, length);
	size_t slice = (size_t)flow->way->bytes_per_s / SLICES_A_SECOND + 1;
	while (length > 0 && !flow->broken) {
		size_t part = length < slice ? length : slice;
		flow->broken = !pause(context, (int)(part * 1000 / (size_t)flow->way->bytes_per_s)) || !put_all(flow, bytes, part);
		bytes += part;
		length -= part;
	}
	return !flow->broken;
}

/* How many of the next bytes meet the same fate. */
static size_t stretch_from(const struct bad_way *way, int64_t position, size_t length)
{
	const int64_t edges[] = {
		way->cut_at, way->flip < 0 ? -1 : way->flip / 8, way->flip < 0 ? -1 : way->flip / 8 + 1, way->drop.at,
		way->drop.at + way->drop.length, way->twice.at, way->twice.at + way->twice.length,
	};
	for (size_t at = 0; at < COUNT_OF(edges); at++) {
		if (edges[at] > position && edges[at] - position < (int64_t)length)
			length = (size_t)(edges[at] - position);
	}
	return length;
}

static void remember(struct bad_flow *flow, const char *bytes, size_t length)
{
	flow->again = memory_grow(flow->again, flow->again_length + length, 1);
	memcpy(flow->again + flow->again_length, bytes, length);
	flow->again_length += length;
}

static bool put_stretch(struct bad_flow *flow, const char *bytes, size_t length, bad_pause *pause, void *context)
{
	const struct bad_way *way = flow->way;
	int64_t from = flow->position;
	flow->position += (int64_t)length;
	if (holds(way->drop, from))
		return true;
	char flipped = *bytes;
	if (way->flip >= 0 && from == way->flip / 8) {
		flipped = (char)(flipped ^ (1 << way->flip % 8));
		bytes = &flipped;      /* a stretch of one: see stretch_from() */
	}
	if (!put_slowly(flow, bytes, length, pause, context))
		return false;
	if (!holds(way->twice, from))
		return true;
	remember(flow, bytes, length);
	return flow->position < way->twice.at + way->twice.length || put_slowly(flow, flow->again, flow->again_length, pause, context);
}

bool bad_flow_put(struct bad_flow *flow, const char *bytes, size_t length, bad_pause *pause, void *context)
{
	const struct bad_way *way = flow->way;
	if (flow->position == 0 && way->delay_ms && length)
		flow->broken = flow->broken || !pause(context, way->delay_ms);
	while (length > 0 && !flow->broken && flow->position != way->cut_at) {
		size_t part = stretch_from(way, flow->position, length);
		put_stretch(flow, bytes, part, pause, context);
		bytes += part;
		length -= part;
	}
	flow->broken = flow->broken || flow->position == way->cut_at;
	return !flow->broken;
}

void bad_flow_clear(struct bad_flow *flow)
{
	free(flow->again);
	flow->again = NULL;
}
