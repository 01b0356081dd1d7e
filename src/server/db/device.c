/* device.c — devices that wait to be let in (RFC 8628). */
#include "standing.h"

#include <string.h>

#include "statement.h"

static const char *const state_names[] = { [DEVICE_WAITING] = "waiting", [DEVICE_GRANTED] = "granted", [DEVICE_DENIED] = "denied",
	                                   [DEVICE_SPENT] = "spent" };

static enum device_state state_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(state_names); i++)
		if (strcmp(state_names[i], name) == 0)
			return (enum device_state)i;
	return DEVICE_SPENT;
}

#define COLUMNS "hash, user_code, client, scopes, address, created_at, expires_at, interval_s, polled_at, tries, state, member_id"

/* The one row there may be. */
static const struct device *read_device(struct db_tx *tx, struct statement *row, struct arena *arena)
{
	struct device *device = NULL;
	if (tx_row(tx, row)) {
		size_t length;
		device = arena_get(arena, sizeof *device);
		*device = (struct device){
			.hash = row_blob(row, 0, arena, &length),
			.user_code = row_text(row, 1, arena),
			.client = row_text(row, 2, arena),
			.scopes = (unsigned)row_int(row, 3),
			.address = row_text(row, 4, arena),
			.created_at = row_int(row, 5),
			.expires_at = row_int(row, 6),
			.interval_s = (int)row_int(row, 7),
			.polled_at = row_int(row, 8),
			.tries = (int)row_int(row, 9),
			.state = state_from_name(row_text(row, 10, arena)),
			.member_id = row_text(row, 11, arena),
		};
	}
	statement_done(row);
	return device;
}

bool db_add_device(struct db_tx *tx, const struct device *device, bool *taken)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO device (hash, user_code, client, scopes, address, created_at, expires_at, interval_s)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_code) DO NOTHING");
	bind_blob(statement, 1, device->hash, TOKEN_HASH_BYTES);
	bind_text(statement, 2, device->user_code);
	bind_text(statement, 3, device->client);
	bind_int(statement, 4, device->scopes);
	bind_text(statement, 5, device->address);
	bind_int(statement, 6, device->created_at);
	bind_int(statement, 7, device->expires_at);
	bind_int(statement, 8, device->interval_s);
	bool done = tx_change(tx, statement);
	*taken = done && tx_changes(tx) == 0;
	return done;
}

const struct device *db_find_device(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, "SELECT " COLUMNS " FROM device WHERE hash = ?");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	return read_device(tx, statement, arena);
}

const struct device *db_find_device_by_code(struct db_tx *tx, const char *user_code, int64_t now, struct arena *arena)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT " COLUMNS " FROM device WHERE user_code = ? AND expires_at > ? AND state = 'waiting'");
	bind_text(statement, 1, user_code);
	bind_int(statement, 2, now);
	return read_device(tx, statement, arena);
}

const struct device *db_find_device_by_page(struct db_tx *tx, const unsigned char page_hash[TOKEN_HASH_BYTES], int64_t now,
                                            struct arena *arena)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT " COLUMNS " FROM device WHERE page_hash = ? AND expires_at > ? AND state = 'waiting'");
	bind_blob(statement, 1, page_hash, TOKEN_HASH_BYTES);
	bind_int(statement, 2, now);
	return read_device(tx, statement, arena);
}

bool db_poll_device(struct db_tx *tx, const struct device *device, int64_t now, int interval_s)
{
	struct statement *statement = tx_prepare(tx, "UPDATE device SET polled_at = ?, interval_s = ? WHERE hash = ?");
	bind_int(statement, 1, now);
	bind_int(statement, 2, interval_s);
	bind_blob(statement, 3, device->hash, TOKEN_HASH_BYTES);
	return tx_change(tx, statement);
}

bool db_count_device_try(struct db_tx *tx, const char *user_code, int most)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE device SET tries = tries + 1, state = CASE WHEN tries + 1 >= ?2 THEN 'denied' ELSE state END"
		" WHERE user_code = ?1 AND state = 'waiting'");
	bind_text(statement, 1, user_code);
	bind_int(statement, 2, most);
	return tx_change(tx, statement);
}

bool db_open_device_page(struct db_tx *tx, const struct device *device, const char *member_id,
                         const unsigned char page_hash[TOKEN_HASH_BYTES])
{
	struct statement *statement =
		tx_prepare(tx, "UPDATE device SET member_id = ?, page_hash = ? WHERE hash = ? AND state = 'waiting'");
	bind_text(statement, 1, member_id);
	bind_blob(statement, 2, page_hash, TOKEN_HASH_BYTES);
	bind_blob(statement, 3, device->hash, TOKEN_HASH_BYTES);
	return tx_change(tx, statement);
}

bool db_move_device(struct db_tx *tx, const struct device *device, enum device_state to, bool *moved)
{
	/* What was answered once stays answered; the browser's cookie is worth nothing any more. */
	struct statement *statement =
		tx_prepare(tx, "UPDATE device SET state = ?1, page_hash = NULL WHERE hash = ?2 AND state = ?3");
	bind_text(statement, 1, state_names[to]);
	bind_blob(statement, 2, device->hash, TOKEN_HASH_BYTES);
	bind_text(statement, 3, state_names[to == DEVICE_SPENT ? DEVICE_GRANTED : DEVICE_WAITING]);
	bool done = tx_change(tx, statement);
	*moved = done && tx_changes(tx) == 1;
	return done;
}
