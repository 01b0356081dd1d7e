/* legacy.c — see legacy.h. */
#include "legacy.h"

#include <string.h>

#define HEADING "hacktiv legacy " HACKTIV_VERSION
#define NOTHING UINT64_MAX     /* the length of a text that is NULL */

/* ---- writing ---- */

static void put_number(struct buffer *out, int64_t number)
{
	buffer_add(out, &number, sizeof number);
}

static void put_text(struct buffer *out, const char *text)
{
	uint64_t length = text ? strlen(text) : NOTHING;
	buffer_add(out, &length, sizeof length);
	if (text)
		buffer_add(out, text, (size_t)length);
}

static void put_row(struct buffer *out, const struct outbox_row *row)
{
	const char *const texts[] = { row->id, row->site, row->member_id, row->space_id, row->space_name, row->resource_id,
		row->resource_name, row->booking_id, row->activity_id, row->title };
	const int64_t numbers[] = { row->kind, row->state, row->outcome, row->rule, row->version, row->when.date.year,
		row->when.date.month, row->when.date.day, row->when.part, row->when.hours.from, row->when.hours.until,
		row->created_at, row->first_sent_at, row->attempts };
	for (size_t at = 0; at < COUNT_OF(texts); at++)
		put_text(out, texts[at]);
	for (size_t at = 0; at < COUNT_OF(numbers); at++)
		put_number(out, numbers[at]);
}

bool legacy_write(const struct legacy *legacy, struct buffer *out)
{
	buffer_init(out, LEGACY_BYTES_MAX);
	put_text(out, HEADING);
	put_text(out, legacy->path);
	put_number(out, legacy->owner);
	put_number(out, (int64_t)legacy->count);
	for (size_t at = 0; at < legacy->count; at++) {
		put_number(out, legacy->items[at].kind);
		if (legacy->items[at].kind == LEGACY_WISH)
			put_row(out, &legacy->items[at].row);
		else
			put_text(out, legacy->items[at].site);
	}
	return !out->full;
}

/* ---- reading ---- */

struct reader {
	const char *at;
	size_t left;
	struct arena *arena;
	bool broken;
};

static bool take(struct reader *reader, void *bytes, size_t length)
{
	reader->broken = reader->broken || length > reader->left;
	if (reader->broken) {
		memset(bytes, 0, length);
		return false;
	}
	memcpy(bytes, reader->at, length);
	reader->at += length;
	reader->left -= length;
	return true;
}

static int64_t take_number(struct reader *reader)
{
	int64_t number = 0;
	take(reader, &number, sizeof number);
	return number;
}

static const char *take_text(struct reader *reader)
{
	uint64_t length = 0;
	if (!take(reader, &length, sizeof length) || length == NOTHING)
		return NULL;
	reader->broken = length > reader->left;
	if (reader->broken)
		return NULL;
	const char *text = arena_copy_bytes(reader->arena, reader->at, (size_t)length);
	reader->at += length;
	reader->left -= (size_t)length;
	return text;
}

static void take_row(struct reader *reader, struct outbox_row *row)
{
	const char *id = take_text(reader);
	reader->broken = reader->broken || !id || !uuid_is_valid(id);
	if (reader->broken)
		return;
	memcpy(row->id, id, sizeof row->id);
	row->site = take_text(reader);
	row->member_id = take_text(reader);
	row->space_id = take_text(reader);
	row->space_name = take_text(reader);
	row->resource_id = take_text(reader);
	row->resource_name = take_text(reader);
	row->booking_id = take_text(reader);
	row->activity_id = take_text(reader);
	row->title = take_text(reader);
	row->kind = (enum wish_kind)take_number(reader);
	row->state = (enum wish_state)take_number(reader);
	row->outcome = (enum outcome_kind)take_number(reader);
	row->rule = (enum rule)take_number(reader);
	row->version = take_number(reader);
	row->when.date.year = (int)take_number(reader);
	row->when.date.month = (int)take_number(reader);
	row->when.date.day = (int)take_number(reader);
	row->when.part = (enum day_part)take_number(reader);
	row->when.hours.from = (int)take_number(reader);
	row->when.hours.until = (int)take_number(reader);
	row->created_at = take_number(reader);
	row->first_sent_at = take_number(reader);
	row->attempts = (int)take_number(reader);
	reader->broken = reader->broken || row->kind >= WISH_KINDS || row->state > WISH_SEEN;
}

bool legacy_read(const struct buffer *in, struct arena *arena, struct legacy *legacy)
{
	struct reader reader = { .at = in->bytes, .left = in->length, .arena = arena };
	const char *heading = take_text(&reader);
	if (!heading || strcmp(heading, HEADING) != 0)
		return false;
	legacy->path = take_text(&reader);
	legacy->owner = take_number(&reader);
	int64_t count = take_number(&reader);
	struct arena_rows rows = { .bytes = sizeof(struct legacy_item) };
	while (!reader.broken && (int64_t)rows.count < count) {
		struct legacy_item *item = arena_next_row(arena, &rows);
		item->kind = (enum legacy_kind)take_number(&reader);
		if (item->kind == LEGACY_WISH)
			take_row(&reader, &item->row);
		else
			item->site = take_text(&reader);
		rows.count++;
	}
	legacy->items = rows.first;
	legacy->count = rows.count;
	return !reader.broken && reader.left == 0;
}
