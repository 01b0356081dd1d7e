/* presence.c — what becomes of a booking after it was made: the space's answer, arrivals, leaving, and who is here.
 *
 * A wish that nobody answered lapses when it begins. Whoever looks is told so from the clock; its granules stay taken until the next
 * one who wants them comes, or upkeep: both call db_lapse(). Views of a day need not join a booking to every granule for that, and in
 * the meantime too little is offered, never too much. */
#include "statement.h"

#include <string.h>

/* Only what still waits can end so. False: it no longer does, or the disk. */
static bool end_waiting(struct db_tx *tx, const struct booking *booking, const char *ended, const char *reason)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET state = 'cancelled', ended = ?4, state_reason = ?5, version = version + 1"
		" WHERE space_id = ?1 AND id = ?2 AND version = ?3 AND state = 'pending'");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	bind_int(statement, 3, booking->version);
	bind_text(statement, 4, ended);
	bind_text(statement, 5, reason);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

bool db_approve(struct db_tx *tx, const struct booking *booking, const char *reason, int64_t now, struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET state = 'confirmed', state_reason = ?4, version = version + 1"
		" WHERE space_id = ?1 AND id = ?2 AND version = ?3 AND state = 'pending'");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	bind_int(statement, 3, booking->version);
	bind_text(statement, 4, reason);
	return tx_change(tx, statement) && tx_changes(tx) == 1 &&
	       tx_tell_booking(tx, booking, "booking.approved", booking->version + 1, now, actor);
}

bool db_decline(struct db_tx *tx, const struct booking *booking, struct granules range, const char *reason, int64_t now,
                struct db_actor actor)
{
	return end_waiting(tx, booking, "declined", reason) && tx_release_granules(tx, booking, range) &&
	       db_give_back(tx, booking, booking->version + 1, now) &&
	       tx_tell_booking(tx, booking, "booking.declined", booking->version + 1, now, actor);
}

#define LAPSED_AT_ONCE 100

struct waiting {
	const char *space_id;
	const char *id;
};

static const struct waiting *list_lapsing(struct db_tx *tx, const char *space_id, int64_t now, struct arena *arena, size_t *count)
{
	struct waiting *waiting = arena_get(arena, LAPSED_AT_ONCE * sizeof *waiting);
	struct statement *statement = tx_prepare(
		tx, "SELECT space_id, id FROM booking WHERE state = 'pending' AND start_at <= ?1 AND (?2 = '' OR space_id = ?2)"
		" ORDER BY space_id, start_at, id LIMIT ?3");
	bind_int(statement, 1, now);
	bind_text(statement, 2, space_id);
	bind_int(statement, 3, LAPSED_AT_ONCE);
	*count = 0;
	while (*count < LAPSED_AT_ONCE && tx_row(tx, statement)) {
		waiting[*count].space_id = row_text(statement, 0, arena);
		waiting[(*count)++].id = row_text(statement, 1, arena);
	}
	statement_done(statement);
	return waiting;
}

size_t db_lapse(struct db_tx *tx, const char *space_id, int64_t now, struct arena *arena)
{
	const struct db_actor nobody = { "", "upkeep" };
	size_t found = 0, lapsed = 0;
	const struct waiting *waiting = list_lapsing(tx, space_id, now, arena, &found);
	for (size_t i = 0; i < found && !db_tx_failed(tx); i++) {
		const struct booking *booking = db_find_booking(tx, waiting[i].space_id, waiting[i].id, arena);
		const struct space *space = booking ? db_find_space(tx, booking->space_id, arena) : NULL;
		if (!space || !end_waiting(tx, booking, "lapsed", ""))
			continue;
		lapsed += tx_release_granules(tx, booking, granules_between(booking->start_at, booking->end_at, space->granule_s)) &&
		          db_give_back(tx, booking, booking->version + 1, now) &&
		          tx_tell_booking(tx, booking, "booking.lapsed", booking->version + 1, now, nobody);
	}
	return lapsed;
}

/* ---- arriving and leaving ---------------------------------------------------------------------------------------- */

/* What a statement that has said when it applies did: told when it did something. Somebody may have done the same a moment ago. */
static bool tell_if_changed(struct db_tx *tx, struct statement *statement, const struct booking *booking, const char *kind, int64_t now,
                            struct db_actor actor)
{
	if (!tx_change(tx, statement))
		return false;
	return tx_changes(tx) == 0 || tx_tell_booking(tx, booking, kind, booking->version + 1, now, actor);
}

bool db_check_in(struct db_tx *tx, const struct booking *booking, int64_t now, struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET checked_in_at = ?3, version = version + 1"
		" WHERE space_id = ?1 AND id = ?2 AND state = 'confirmed' AND checked_in_at = 0");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	bind_int(statement, 3, now);
	return tell_if_changed(tx, statement, booking, "booking.checked_in", now, actor);
}

bool db_undo_check_in(struct db_tx *tx, const struct booking *booking, int64_t now, struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET checked_in_at = 0, checked_out_at = 0, version = version + 1"
		" WHERE space_id = ?1 AND id = ?2 AND checked_in_at > 0");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	return tell_if_changed(tx, statement, booking, "booking.check_in_undone", now, actor);
}

bool db_check_out(struct db_tx *tx, const struct booking *booking, int64_t ends_at, struct granules freed, int64_t now,
                  struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET checked_out_at = ?3, end_at = ?4, version = version + 1"
		" WHERE space_id = ?1 AND id = ?2 AND checked_in_at > 0 AND checked_out_at = 0");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	bind_int(statement, 3, now);
	bind_int(statement, 4, ends_at);
	return (freed.from >= freed.until || tx_release_granules(tx, booking, freed)) &&
	       tell_if_changed(tx, statement, booking, "booking.checked_out", now, actor);
}

bool db_undo_check_out(struct db_tx *tx, const struct booking *booking, int64_t now, struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET checked_out_at = 0, version = version + 1 WHERE space_id = ?1 AND id = ?2 AND checked_out_at > 0");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	return tell_if_changed(tx, statement, booking, "booking.check_out_undone", now, actor);
}

/* ---- who is here, and who was ------------------------------------------------------------------------------------- */

const struct presence *db_list_present(struct db_tx *tx, const char *space_id, struct local_date date, struct arena *arena, size_t *count)
{
	char day[DATE_ISO_SIZE];
	date_to_iso(date, day);
	struct statement *statement = tx_prepare(
		tx, "SELECT b.id, b.member_id, m.name, r.name, r.area, b.checked_in_at, b.end_at FROM booking b"
		" JOIN member m ON m.id = b.member_id JOIN resource r ON r.space_id = b.space_id AND r.id = b.resource_id"
		" WHERE b.space_id = ?1 AND b.date = ?2 AND b.checked_in_at > 0 AND b.checked_out_at = 0 AND b.state = 'confirmed'"
		" ORDER BY m.name, b.member_id, b.checked_in_at, b.id");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, day);
	struct presence *present = NULL;
	size_t room = 0;
	*count = 0;
	while (tx_row(tx, statement)) {
		if (*count == room) {
			struct presence *more = arena_get(arena, (room = room ? room * 2 : 32) * sizeof *more);
			if (*count)
				memcpy(more, present, *count * sizeof *more);
			present = more;
		}
		present[(*count)++] = (struct presence){
			.booking_id = row_text(statement, 0, arena), .member_id = row_text(statement, 1, arena),
			.member_name = row_text(statement, 2, arena), .resource_name = row_text(statement, 3, arena),
			.resource_area = row_text(statement, 4, arena), .since = row_int(statement, 5), .until = row_int(statement, 6),
		};
	}
	statement_done(statement);
	return present;
}

size_t db_count_present(struct db_tx *tx, const char *space_id, struct local_date date)
{
	char day[DATE_ISO_SIZE];
	date_to_iso(date, day);
	struct statement *statement = tx_prepare(
		tx, "SELECT count(DISTINCT b.member_id) FROM booking b"
		" WHERE b.space_id = ?1 AND b.date = ?2 AND b.checked_in_at > 0 AND b.checked_out_at = 0 AND b.state = 'confirmed'");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, day);
	size_t count = tx_row(tx, statement) ? (size_t)row_int(statement, 0) : 0;
	statement_done(statement);
	return count;
}

const struct worked *db_list_worked(struct db_tx *tx, const char *member_id, int year, struct arena *arena, size_t *count)
{
	struct local_date first = { year, 1, 1 }, after = { year + 1, 1, 1 };
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(first, from);
	date_to_iso(after, until);
	/* A day either side: dates are local, the index is by instants. */
	struct statement *statement = tx_prepare(
		tx, "SELECT s.country, count(DISTINCT b.date), count(*) FROM booking b JOIN space s ON s.id = b.space_id"
		" WHERE b.member_id = ?1 AND b.start_at >= ?2 AND b.start_at < ?3 AND b.date >= ?4 AND b.date < ?5 AND b.checked_in_at > 0"
		" GROUP BY s.country ORDER BY s.country LIMIT ?6");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, ((int64_t)date_to_days(first) - 1) * 86400);
	bind_int(statement, 3, ((int64_t)date_to_days(after) + 1) * 86400);
	bind_text(statement, 4, from);
	bind_text(statement, 5, until);
	bind_int(statement, 6, COUNTRIES_MAX);
	struct worked *worked = arena_get(arena, COUNTRIES_MAX * sizeof *worked);
	*count = 0;
	while (*count < COUNTRIES_MAX && tx_row(tx, statement))
		worked[(*count)++] = (struct worked){ country_from_code(row_text(statement, 0, arena)), (int)row_int(statement, 1),
			                              (int)row_int(statement, 2) };
	statement_done(statement);
	return worked;
}
