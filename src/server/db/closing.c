/* closing.c — what staff close: a resource that is out of order, a space that stays shut. */
#include "statement.h"

#include <string.h>

#define OUTAGE_COLUMNS "id, resource_id, state, first_date, last_date, reason"

static struct outage read_outage(struct statement *row, struct arena *arena)
{
	struct outage outage = { .id = row_text(row, 0, arena), .resource_id = row_text(row, 1, arena), .state = RESOURCE_OUT_OF_ORDER,
		                 .from = row_date(row, 3, arena), .until = row_date(row, 4, arena), .reason = row_text(row, 5, arena) };
	resource_state_from_wire(row_text(row, 2, arena), &outage.state);
	return outage;
}

const struct outage *db_list_outages(struct db_tx *tx, const char *space_id, const char *resource_id, struct local_date from,
                                     struct local_date until, struct arena *arena, size_t *count)
{
	char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
	date_to_iso(from, first);
	date_to_iso(until, last);
	struct statement *statement = tx_prepare(
		tx, "SELECT " OUTAGE_COLUMNS " FROM outage WHERE space_id = ?1"
		" AND (?2 IS NULL OR resource_id = ?2) AND last_date >= ?3 AND first_date <= ?4 ORDER BY first_date, id");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, resource_id);
	bind_text(statement, 3, first);
	bind_text(statement, 4, last);
	struct arena_rows rows = { .bytes = sizeof(struct outage) };
	for (; tx_row(tx, statement); rows.count++)
		*(struct outage *)arena_next_row(arena, &rows) = read_outage(statement, arena);
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

/* Of all days of its month and all resources at once: such an answer is kept, and serves many bookings. */
const struct outage *db_find_outage(struct db_tx *tx, const char *space_id, const char *resource_id, struct local_date date,
                                    struct arena *arena)
{
	char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
	date_to_iso((struct local_date){ date.year, date.month, 1 }, first);
	date_to_iso((struct local_date){ date.year, date.month, 31 }, last);
	struct statement *statement = tx_prepare_kept(
		tx, "SELECT " OUTAGE_COLUMNS " FROM outage WHERE space_id = ? AND last_date >= ? AND first_date <= ? ORDER BY first_date, id");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, first);
	bind_text(statement, 3, last);
	struct outage *found = NULL;
	while (!found && tx_row(tx, statement)) {
		struct outage outage = read_outage(statement, arena);
		if (strcmp(outage.resource_id, resource_id) != 0 || date_compare(outage.from, date) > 0 || date_compare(outage.until, date) < 0)
			continue;
		found = arena_get(arena, sizeof *found);
		*found = outage;
	}
	statement_done(statement);
	return found;
}

enum db_put db_put_outage(struct db_tx *tx, const char *space_id, const struct outage *outage)
{
	char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
	date_to_iso(outage->from, first);
	date_to_iso(outage->until, last);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO outage (space_id, id, resource_id, state, first_date, last_date, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
		" ON CONFLICT (space_id, id) DO UPDATE SET resource_id = ?3, state = ?4, first_date = ?5, last_date = ?6, reason = ?7,"
		" version = outage.version + 1 WHERE (outage.resource_id, outage.state, outage.first_date, outage.last_date, outage.reason)"
		" IS DISTINCT FROM (?3, ?4, ?5, ?6, ?7)");
	const char *const texts[] = { space_id, outage->id, outage->resource_id, resource_state_wire_name(outage->state), first, last,
		                      outage->reason };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i]);
	enum db_put put = tx_put(tx, statement);
	return put != DB_PUT_DONE || tx_touch_space(tx, space_id) ? put : DB_PUT_FAILED;
}

static bool end(struct db_tx *tx, struct statement *statement, const char *space_id, const char *id)
{
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, id);
	return tx_change(tx, statement) && tx_changes(tx) == 1 && tx_touch_space(tx, space_id);
}

bool db_end_outage(struct db_tx *tx, const char *space_id, const char *id)
{
	return end(tx, tx_prepare(tx, "DELETE FROM outage WHERE space_id = ? AND id = ?"), space_id, id);
}

const struct closing *db_list_closings(struct db_tx *tx, const char *space_id, struct local_date from, struct arena *arena,
                                       size_t *count)
{
	char first[DATE_ISO_SIZE];
	date_to_iso(from, first);
	struct statement *statement = tx_prepare(
		tx, "SELECT id, first_date, last_date, reason FROM closure WHERE space_id = ? AND last_date >= ?"
		" ORDER BY first_date, last_date, reason");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, first);
	struct arena_rows rows = { .bytes = sizeof(struct closing) };
	for (; tx_row(tx, statement); rows.count++)
		*(struct closing *)arena_next_row(arena, &rows) = (struct closing){
			row_text(statement, 0, arena),
			{ row_date(statement, 1, arena), row_date(statement, 2, arena), row_text(statement, 3, arena) },
		};
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

enum db_put db_put_closing(struct db_tx *tx, const char *space_id, const struct closing *closing)
{
	char first[DATE_ISO_SIZE], last[DATE_ISO_SIZE];
	date_to_iso(closing->closure.from, first);
	date_to_iso(closing->closure.until, last);
	struct statement *before = tx_prepare(tx, "DELETE FROM closure WHERE space_id = ? AND id = ?");
	bind_text(before, 1, space_id);
	bind_text(before, 2, closing->id);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO closure (space_id, id, first_date, last_date, reason) VALUES (?, ?, ?, ?, ?)");
	const char *const texts[] = { space_id, closing->id, first, last, closing->closure.reason };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i]);
	if (!tx_change(tx, before))
		return DB_PUT_FAILED;
	enum db_put put = tx_try_put(tx, statement);
	return put != DB_PUT_DONE || tx_touch_space(tx, space_id) ? put : DB_PUT_FAILED;
}

bool db_end_closing(struct db_tx *tx, const char *space_id, const char *id)
{
	return *id && end(tx, tx_prepare(tx, "DELETE FROM closure WHERE space_id = ? AND id = ?"), space_id, id);
}
