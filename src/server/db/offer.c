/* offer.c — offers of places that nobody answered in time, and links that become known by the clock alone. */
#include "line.h"

bool db_hold_activity(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, const char *request_id)
{
	struct arena *arena = arena_new();
	struct line line = { .tx = tx, .arena = arena, .space_id = space_id, .activity_id = activity_id, .now = now,
		             .request_id = request_id };
	bool held = line_hold(&line);
	arena_free(arena);
	return held;
}

#define DUE "FROM activity WHERE offer_due > 0 AND offer_due <= ?"

bool db_offers_are_due(struct db_tx *tx, int64_t now)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 " DUE " LIMIT 1");
	bind_int(statement, 1, now);
	bool due = tx_row(tx, statement);
	statement_done(statement);
	return due;
}

bool db_settle_offers(struct db_tx *tx, int64_t now, int most, const char *request_id)
{
	struct arena *arena = arena_new();
	struct { const char *space_id, *id; } *due = arena_get(arena, (size_t)most * sizeof *due);
	int count = 0;
	struct statement *statement = tx_prepare(tx, "SELECT space_id, id " DUE " ORDER BY space_id, id LIMIT ?");
	bind_int(statement, 1, now);
	bind_int(statement, 2, most);
	while (count < most && tx_row(tx, statement)) {
		due[count].space_id = row_text(statement, 0, arena);
		due[count++].id = row_text(statement, 1, arena);
	}
	statement_done(statement);
	bool good = true;
	/* The space first, as whoever signs up there has it: in the other order two would wait for each other. */
	for (int i = 0; good && i < count; i++)
		good = db_hold_space(tx, due[i].space_id) && db_hold_activity(tx, due[i].space_id, due[i].id, now, request_id);
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

int64_t db_last_release(struct db_tx *tx, int64_t until)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT start_at FROM activity WHERE link <> '' AND start_at <= ? ORDER BY start_at DESC LIMIT 1");
	bind_int(statement, 1, until);
	int64_t start = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return start;
}
