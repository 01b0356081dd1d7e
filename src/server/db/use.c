/* use.c — whether a resource is free for a wish, and how much of it somebody has already: what is looked at before a booking is made.
 *
 * Each unit of a resource is a look-up in the primary key of slot; nearly all have one. */
#include "statement.h"

#define SLOTS_OF(unit)                                                                                                         \
	"slot s WHERE s.space_id = ?1 AND s.resource_id = ?2 AND s.unit = " unit " AND s.granule >= ?3 AND s.granule < ?4"         \
	" AND s.booking_id <> ?5"
#define SELECT_TAKEN(unit)                                                                                                     \
	"SELECT " unit ", CASE WHEN EXISTS (SELECT 1 FROM " SLOTS_OF(unit) ") THEN 1 ELSE 0 END,"                                  \
	" CASE WHEN EXISTS (SELECT 1 FROM " SLOTS_OF(unit) " AND EXISTS (SELECT 1 FROM booking b WHERE b.space_id = s.space_id"    \
	" AND b.id = s.booking_id AND b.member_id = ?6)) THEN 1 ELSE 0 END"

static struct statement *prepare_taken(struct db_tx *tx, const char *space_id, const struct resource *resource, struct granules range,
                                       const char *member_id, const char *without)
{
	bool pool = resource->quantity > 1;
	struct statement *statement = pool ? tx_prepare_asked(tx, SELECT_TAKEN("n.unit") " FROM pool_unit n WHERE n.unit <= ?7 ORDER BY n.unit")
	                                   : tx_prepare_asked(tx, SELECT_TAKEN("1"));
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, resource->id);
	bind_int(statement, 3, range.from);
	bind_int(statement, 4, range.until);
	bind_text(statement, 5, without);
	bind_text(statement, 6, member_id);
	if (pool)
		bind_int(statement, 7, resource->quantity);
	return statement;
}

void db_ask_taken(struct db_tx *tx, const char *space_id, const struct resource *resource, struct granules range, const char *member_id,
                  const char *without)
{
	tx_ask(tx, prepare_taken(tx, space_id, resource, range, member_id, without));
}

struct db_taken db_find_taken(struct db_tx *tx, const char *space_id, const struct resource *resource, struct granules range,
                              const char *member_id, const char *without)
{
	struct statement *statement = prepare_taken(tx, space_id, resource, range, member_id, without);
	struct db_taken found = { .taken = true };
	while (tx_row(tx, statement)) {
		bool taken = row_int(statement, 1) != 0;
		if (!taken && !found.unit)
			found = (struct db_taken){ false, found.mine, (int)row_int(statement, 0) };
		found.mine = found.mine || row_int(statement, 2) != 0;
	}
	statement_done(statement);
	return found;
}

/* The index of a member's bookings by their time bounds it: of all there are, those of that date's days, and those not yet over. */
#define DAY_MOST (36 * 3600)

struct quota_use db_count_use(struct db_tx *tx, const char *space_id, const char *resource_id, const char *member_id,
                              struct local_date date, int64_t now, const char *without)
{
	char iso[DATE_ISO_SIZE];
	date_to_iso(date, iso);
	int64_t midnight = (int64_t)date_to_days(date) * 86400;
	struct statement *statement = tx_prepare(
		tx, "SELECT (SELECT coalesce(sum(b.end_at - b.start_at), 0) FROM booking b WHERE b.member_id = ?1 AND b.space_id = ?2"
		" AND (?3 IS NULL OR b.resource_id = ?3) AND b.state <> 'cancelled' AND b.id <> ?4 AND b.date = ?5"
		" AND b.start_at >= ?6 AND b.start_at < ?7),"
		" (SELECT count(*) FROM booking b WHERE b.member_id = ?1 AND b.space_id = ?2 AND (?3 IS NULL OR b.resource_id = ?3)"
		" AND b.state <> 'cancelled' AND b.id <> ?4 AND b.start_at >= ?8 AND b.end_at > ?9)");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, space_id);
	bind_text(statement, 3, resource_id);
	bind_text(statement, 4, without);
	bind_text(statement, 5, iso);
	bind_int(statement, 6, midnight - DAY_MOST);
	bind_int(statement, 7, midnight + 2 * DAY_MOST);
	bind_int(statement, 8, now - DAY_MOST);
	bind_int(statement, 9, now);
	struct quota_use use = { .open_bookings = 0 };
	if (tx_row(tx, statement))
		use = (struct quota_use){ .day_minutes = (int)(row_int(statement, 0) / 60), .open_bookings = (int)row_int(statement, 1) };
	statement_done(statement);
	return use;
}

bool db_hold_space(struct db_tx *tx, const char *space_id)
{
	struct statement *statement = tx_prepare(tx, "UPDATE feed SET seq = seq WHERE space_id = ?");
	bind_text(statement, 1, space_id);
	return tx_change(tx, statement);
}
