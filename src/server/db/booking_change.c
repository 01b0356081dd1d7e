/* booking_change.c — bookings that become other ones, or none: what they held is given back in the same transaction. */
#include "statement.h"

#include <string.h>

bool tx_release_granules(struct db_tx *tx, const struct booking *booking, struct granules range)
{
	struct statement *release = tx_prepare(
		tx, "DELETE FROM slot WHERE space_id = ? AND resource_id = ? AND unit = ? AND granule >= ? AND granule < ?"
		         " AND booking_id = ?");
	bind_text(release, 1, booking->space_id);
	bind_text(release, 2, booking->resource_id);
	bind_int(release, 3, booking_unit_number(booking));
	bind_int(release, 4, range.from);
	bind_int(release, 5, range.until);
	bind_text(release, 6, booking->id);
	return tx_change(tx, release);
}

bool db_cancel(struct db_tx *tx, const struct booking *booking, struct granules range, bool late, const char *reason, int64_t now,
               struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET state = 'cancelled', version = version + 1, late = ?, cancel_reason = ?"
		         " WHERE space_id = ? AND id = ? AND version = ? AND state <> 'cancelled'");
	bind_int(statement, 1, late ? 1 : 0);
	bind_text(statement, 2, reason);
	bind_text(statement, 3, booking->space_id);
	bind_text(statement, 4, booking->id);
	bind_int(statement, 5, booking->version);
	if (!tx_change(tx, statement) || tx_changes(tx) != 1)
		return false;
	return tx_release_granules(tx, booking, range) && (late || db_give_back(tx, booking, booking->version + 1, now)) &&
	       tx_tell_booking(tx, booking, "booking.cancelled", booking->version + 1, now, actor);
}

static bool update_booking(struct db_tx *tx, const struct booking *before, const struct booking *after)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(after->when.date, date);
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET version = version + 1, resource_id = ?, unit = ?, date = ?, part = ?, from_minute = ?, until_minute = ?,"
		         " start_at = ?, end_at = ?, state = ?, cancel_until = ?, net_cents = ?, vat_permille = ?, gross_cents = ?,"
		         " title = ?, note = ?, people = ? WHERE space_id = ? AND id = ? AND version = ? AND state <> 'cancelled'");
	bind_text(statement, 1, after->resource_id);
	bind_int(statement, 2, booking_unit_number(after));
	bind_text(statement, 3, date);
	bind_text(statement, 4, day_part_wire_name(after->when.part));
	bind_int(statement, 5, after->when.hours.from);
	bind_int(statement, 6, after->when.hours.until);
	bind_int(statement, 7, after->start_at);
	bind_int(statement, 8, after->end_at);
	bind_text(statement, 9, booking_state_wire_name(after->state));
	bind_int(statement, 10, after->cancel_until);
	bind_int(statement, 11, after->price.net_cents);
	bind_int(statement, 12, after->price.vat_permille);
	bind_int(statement, 13, after->price.gross_cents);
	bind_text(statement, 14, after->title ? after->title : "");
	bind_text(statement, 15, after->note ? after->note : "");
	bind_int(statement, 16, after->people);
	bind_text(statement, 17, before->space_id);
	bind_text(statement, 18, before->id);
	bind_int(statement, 19, before->version);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

enum db_moved db_move(struct db_tx *tx, const struct booking *before, struct granules had, const struct booking *after,
                      struct granules wanted, int64_t now, struct db_actor actor)
{
	if (!update_booking(tx, before, after))
		return db_tx_failed(tx) ? DB_MOVED_FAILED : DB_MOVED_STALE;
	if (!tx_release_granules(tx, before, had))
		return DB_MOVED_FAILED;
	enum step_end taken = tx_take_granules(tx, after, wanted);
	if (taken != STEP_END)
		return taken == STEP_REFUSED ? DB_MOVED_SLOT_TAKEN : DB_MOVED_FAILED;
	bool told = tx_tell_booking(tx, after, "booking.changed", before->version + 1, now, actor);
	if (told && (strcmp(before->resource_id, after->resource_id) != 0 || !date_equal(before->when.date, after->when.date)))
		told = tx_tell_left(tx, before, now, actor);
	return told ? DB_MOVED : DB_MOVED_FAILED;
}
