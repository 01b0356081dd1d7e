/* tzif.c — see tzif.h. */
#include "tzif.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/base/memory.h"

#define HEADER_BYTES 44
#define TYPE_BYTES   6
/* RFC 9636 section 3.2: -25 h … 26 h, both excluded */
#define OFFSET_LEAST (-25 * 3600 + 1)
#define OFFSET_MOST  (26 * 3600 - 1)

struct counts {
	uint32_t utc, standard, leaps, transitions, types, letters;
};

static uint32_t read32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

/* Two's complement without relying on how the compiler narrows. */
static int32_t read_signed32(const unsigned char *at)
{
	uint32_t bits = read32(at);
	return bits > INT32_MAX ? -(int32_t)(UINT32_MAX - bits) - 1 : (int32_t)bits;
}

static int64_t read_signed64(const unsigned char *at)
{
	uint64_t bits = (uint64_t)read32(at) << 32 | read32(at + 4);
	return bits > INT64_MAX ? -(int64_t)(UINT64_MAX - bits) - 1 : (int64_t)bits;
}

static bool read_header(const unsigned char *bytes, size_t length, struct counts *counts)
{
	if (length < HEADER_BYTES || memcmp(bytes, "TZif", 4) != 0)
		return false;
	*counts = (struct counts){ read32(bytes + 20), read32(bytes + 24), read32(bytes + 28),
	                           read32(bytes + 32), read32(bytes + 36), read32(bytes + 40) };
	/* Nothing can be more than the bytes there are, so no sum below can overflow. */
	return counts->utc <= TZIF_BYTES_MAX && counts->standard <= TZIF_BYTES_MAX && counts->leaps <= TZIF_BYTES_MAX &&
	       counts->transitions <= TZIF_BYTES_MAX && counts->types <= TZIF_BYTES_MAX && counts->letters <= TZIF_BYTES_MAX;
}

static size_t data_bytes(const struct counts *counts, size_t time_bytes)
{
	return counts->transitions * (time_bytes + 1) + (size_t)counts->types * TYPE_BYTES + counts->letters +
	       counts->leaps * (time_bytes + 4) + counts->standard + counts->utc;
}

static bool is_possible(int32_t offset)
{
	return offset >= OFFSET_LEAST && offset <= OFFSET_MOST;
}

static bool read_data(const unsigned char *data, const struct counts *counts, size_t time_bytes, struct tzif *tzif)
{
	if (counts->types == 0 || counts->leaps != 0)
		return false;
	const unsigned char *indices = data + counts->transitions * time_bytes;
	const unsigned char *types = indices + counts->transitions;
	tzif->first_offset = read_signed32(types);
	if (!is_possible(tzif->first_offset))
		return false;
	tzif->transition_count = counts->transitions;
	tzif->transitions = memory_get_array(counts->transitions, sizeof *tzif->transitions);
	tzif->offsets = memory_get_array(counts->transitions, sizeof *tzif->offsets);
	for (size_t i = 0; i < counts->transitions; i++) {
		const unsigned char *time = data + i * time_bytes;
		tzif->transitions[i] = time_bytes == 8 ? read_signed64(time) : read_signed32(time);
		if (indices[i] >= counts->types || (i > 0 && tzif->transitions[i] <= tzif->transitions[i - 1]))
			return false;
		tzif->offsets[i] = read_signed32(types + (size_t)indices[i] * TYPE_BYTES);
		if (!is_possible(tzif->offsets[i]))
			return false;
	}
	return true;
}

/* "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; what is not understood leaves the last offset in force. */
static bool read_footer(const unsigned char *bytes, size_t length, struct tzif *tzif)
{
	if (length < 2 || bytes[0] != '\n')
		return false;
	const unsigned char *end = memchr(bytes + 1, '\n', length - 1);
	if (!end)
		return false;
	tzif->has_rule = tz_rule_read((const char *)bytes + 1, (size_t)(end - bytes) - 1, &tzif->rule);
	return true;
}

static bool read_whole(const unsigned char *bytes, size_t length, struct tzif *tzif)
{
	struct counts counts;
	if (!read_header(bytes, length, &counts))
		return false;
	size_t size = data_bytes(&counts, 4);
	if (size > length - HEADER_BYTES)
		return false;
	if (bytes[4] == '\0')
		return read_data(bytes + HEADER_BYTES, &counts, 4, tzif);

	/* From version 2 on the same follows with 64 bits and with the rule behind it. */
	bytes += HEADER_BYTES + size;
	length -= HEADER_BYTES + size;
	if (!read_header(bytes, length, &counts))
		return false;
	size = data_bytes(&counts, 8);
	if (size > length - HEADER_BYTES)
		return false;
	return read_data(bytes + HEADER_BYTES, &counts, 8, tzif) &&
	       read_footer(bytes + HEADER_BYTES + size, length - HEADER_BYTES - size, tzif);
}

bool tzif_read(const unsigned char *bytes, size_t length, struct tzif *tzif)
{
	*tzif = (struct tzif){ .transition_count = 0 };
	if (length <= TZIF_BYTES_MAX && read_whole(bytes, length, tzif))
		return true;
	tzif_clear(tzif);
	return false;
}

void tzif_clear(struct tzif *tzif)
{
	free(tzif->transitions);
	free(tzif->offsets);
	*tzif = (struct tzif){ .transition_count = 0 };
}

int32_t tzif_offset(const struct tzif *tzif, int64_t instant)
{
	size_t from = 0, until = tzif->transition_count;   /* until: the first transition after the instant */
	while (from < until) {
		size_t middle = from + (until - from) / 2;
		if (tzif->transitions[middle] <= instant)
			from = middle + 1;
		else
			until = middle;
	}
	if (until == tzif->transition_count && tzif->has_rule)
		return tz_rule_offset(&tzif->rule, instant);
	return until == 0 ? tzif->first_offset : tzif->offsets[until - 1];
}
