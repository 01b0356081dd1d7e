/* resource.c — resources, and which of them are taken.
 *
 * A day is told by its bookings: one look into their index by time for all there is. So the cost hangs on what there is and on what
 * is booked that day, never on how many bookings there have been. */
#include "statement.h"

#include <string.h>

#define RESOURCE_COLUMNS                                                                                               \
	"r.id, r.name, r.area, r.note, r.kind, r.state, r.state_reason, r.amenities, r.capacity, r.half_day_cents, "       \
	"r.day_cents, r.cancel_minutes, r.version, r.by_hour, r.hour_cents, r.units, r.takes, r.least_minutes, r.most_minutes, " \
	"r.step_minutes, r.late_cancel, r.quota_day_minutes, r.quota_open_bookings, r.approval, r.frees_on_check_out"

/* Units of each resource that somebody has some of within [?from, ?until). No booking is longer than a day, so the index of a space's
 * bookings by their time bounds it. */
#define HELD_UNITS(earliest, from, until)                                                                              \
	"(SELECT b.resource_id AS resource_id, count(DISTINCT b.unit) AS units FROM booking b"                             \
	" JOIN resource h ON h.space_id = b.space_id AND h.id = b.resource_id WHERE b.space_id = ?1"                       \
	" AND b.start_at >= " earliest " AND b.start_at < " until " AND b.end_at > " from " AND b.state <> 'cancelled'"    \
	" AND b.unit <= h.units GROUP BY b.resource_id)"

static struct resource read_resource(struct statement *row, struct arena *arena)
{
	struct resource resource = {
		.id = row_text(row, 0, arena),
		.name = row_text(row, 1, arena),
		.area = row_text(row, 2, arena),
		.note = row_text(row, 3, arena),
		.state = RESOURCE_VISIBLE,
		.state_reason = row_text(row, 6, arena),
		.amenities = (unsigned)row_int(row, 7),
		.capacity = (int)row_int(row, 8),
		.half_day_cents = (int)row_int(row, 9),
		.day_cents = (int)row_int(row, 10),
		.cancel_minutes = (int)row_int(row, 11),
		.version = row_int(row, 12),
		.by_hour = row_int(row, 13) != 0,
		.hour_cents = (int)row_int(row, 14),
		.frees_on_check_out = row_int(row, 24) != 0,
		.quantity = (int)row_int(row, 15),
		.takes = (unsigned)row_int(row, 16),
		.least_minutes = (int)row_int(row, 17),
		.most_minutes = (int)row_int(row, 18),
		.step_minutes = (int)row_int(row, 19),
		.quota = { (int)row_int(row, 21), (int)row_int(row, 22) },
	};
	late_cancel_from_wire(row_text(row, 20, arena), &resource.late_cancel);
	resource_kind_from_wire(row_text(row, 4, arena), &resource.kind);
	resource_state_from_wire(row_text(row, 5, arena), &resource.state);
	approval_from_wire(row_text(row, 23, arena), &resource.approval);
	return resource;
}

const struct resource *db_find_resource(struct db_tx *tx, const char *space_id, const char *id, struct arena *arena)
{
	struct statement *statement =
		tx_prepare_kept(tx, "SELECT " RESOURCE_COLUMNS " FROM resource r WHERE r.space_id = ? AND r.id = ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, id);
	struct resource *resource = NULL;
	if (tx_row(tx, statement)) {
		resource = arena_get(arena, sizeof *resource);
		*resource = read_resource(statement, arena);
	}
	statement_done(statement);
	return resource;
}

const struct resource *db_list_resources(struct db_tx *tx, const char *space_id, struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct resource) };
	struct statement *statement = tx_prepare(
		tx, "SELECT " RESOURCE_COLUMNS " FROM resource r WHERE r.space_id = ? ORDER BY r.position, r.id");
	bind_text(statement, 1, space_id);
	while (tx_row(tx, statement)) {
		*(struct resource *)arena_next_row(arena, &rows) = read_resource(statement, arena);
		rows.count++;
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

#define SAID(of) of "name, " of "area, " of "note, " of "kind, " of "state, " of "state_reason, " of "amenities, " of "capacity, "       \
	of "half_day_cents, " of "day_cents, " of "cancel_minutes, " of "by_hour, " of "hour_cents, " of "approval, "    \
	of "frees_on_check_out, " of "units, " of "takes, " of "least_minutes, " of "most_minutes, " of "step_minutes, "   \
	of "late_cancel, " of "quota_day_minutes, " of "quota_open_bookings, " of "position"
#define SAID_VALUES                                                                                                    \
	"?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,"        \
	" coalesce(nullif(?16, -1),"                                                                                         \
	" (SELECT position FROM resource WHERE space_id = ?1 AND id = ?2),"                                            \
	" (SELECT coalesce(max(position), -1) + 1 FROM resource WHERE space_id = ?1))"

enum db_put db_put_resource(struct db_tx *tx, const char *space_id, int position, const struct resource *resource)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO resource (space_id, id, " SAID("") ") VALUES (?1, ?2, " SAID_VALUES ")"
		" ON CONFLICT (space_id, id) DO UPDATE SET (" SAID("") ", version) = (" SAID("excluded.") ", resource.version + 1)"
		" WHERE (" SAID("resource.") ") IS DISTINCT FROM (" SAID("excluded.") ")");
	const char *const texts[] = { space_id, resource->id, resource->name, resource->area, resource->note,
		resource_kind_wire_name(resource->kind), resource_state_wire_name(resource->state), resource->state_reason };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i] ? texts[i] : "");
	bind_int(statement, 9, resource->amenities);
	bind_int(statement, 10, resource->capacity);
	bind_int(statement, 11, resource->half_day_cents);
	bind_int(statement, 12, resource->day_cents);
	bind_int(statement, 13, resource->cancel_minutes);
	bind_int(statement, 14, (resource_takes(resource) & (UNIT_HOUR | UNIT_GRANULE)) != 0);
	bind_int(statement, 15, resource->hour_cents);
	bind_int(statement, 16, position);
	bind_text(statement, 17, approval_wire_name(resource->approval));
	bind_int(statement, 18, resource->frees_on_check_out);
	bind_int(statement, 19, resource->quantity > 0 ? resource->quantity : 1);
	bind_int(statement, 20, resource->takes);
	bind_int(statement, 21, resource->least_minutes);
	bind_int(statement, 22, resource->most_minutes);
	bind_int(statement, 23, resource->step_minutes);
	bind_text(statement, 24, late_cancel_wire_name(resource->late_cancel));
	bind_int(statement, 25, resource->quota.day_minutes);
	bind_int(statement, 26, resource->quota.open_bookings);
	enum db_put put = tx_put(tx, statement);
	/* Lists are known by their space's version and the feed's number: a changed desk must show in one of them. */
	return put != DB_PUT_DONE || tx_touch_space(tx, space_id) ? put : DB_PUT_FAILED;
}

int db_highest_unit(struct db_tx *tx, const char *space_id, const char *resource_id, int64_t granule)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT max(n.unit) FROM pool_unit n WHERE EXISTS (SELECT 1 FROM slot s WHERE s.space_id = ? AND s.resource_id = ?"
		" AND s.unit = n.unit AND s.granule >= ?)");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, resource_id);
	bind_int(statement, 3, granule);
	int highest = tx_row(tx, statement) ? (int)row_int(statement, 0) : 0;
	statement_done(statement);
	return highest;
}

#define LONGEST_S (25 * 3600)   /* a booking lies on one date: in autumn that has 25 hours */

struct free_desks db_count_free(struct db_tx *tx, const char *space_id, struct local_date date, struct stretch morning,
                                struct stretch afternoon)
{
	char iso[DATE_ISO_SIZE];
	date_to_iso(date, iso);
	struct statement *statement = tx_prepare(
		tx, "SELECT sum(r.units), sum(r.units - coalesce(m.units, 0)), sum(r.units - coalesce(a.units, 0)) FROM resource r"
		" LEFT JOIN " HELD_UNITS("?2", "?3", "?4") " m ON m.resource_id = r.id"
		" LEFT JOIN " HELD_UNITS("?5", "?6", "?7") " a ON a.resource_id = r.id"
		" WHERE r.space_id = ?1 AND r.kind = 'desk' AND r.state = 'bookable'"
		" AND NOT EXISTS (SELECT 1 FROM outage o WHERE o.space_id = r.space_id AND o.resource_id = r.id AND o.last_date >= ?8"
		" AND o.first_date <= ?8)");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, morning.from - LONGEST_S);
	bind_int(statement, 3, morning.from);
	bind_int(statement, 4, morning.until);
	bind_int(statement, 5, afternoon.from - LONGEST_S);
	bind_int(statement, 6, afternoon.from);
	bind_int(statement, 7, afternoon.until);
	bind_text(statement, 8, iso);
	struct free_desks free_desks = { 0 };
	if (tx_row(tx, statement))
		free_desks = (struct free_desks){ (int)row_int(statement, 0), (int)row_int(statement, 1), (int)row_int(statement, 2) };
	statement_done(statement);
	return free_desks;
}

const struct busy_booking *db_list_busy(struct db_tx *tx, const char *space_id, struct stretch range, const char *member_id,
                                        struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct busy_booking) };
	struct statement *statement = tx_prepare(
		tx, "SELECT resource_id, unit, start_at, end_at, CASE WHEN member_id = ?5 THEN id END FROM booking WHERE space_id = ?1"
		" AND start_at >= ?2 AND start_at < ?4 AND end_at > ?3 AND state <> 'cancelled' ORDER BY start_at, id");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, range.from - LONGEST_S);
	bind_int(statement, 3, range.from);
	bind_int(statement, 4, range.until);
	bind_text(statement, 5, member_id);
	while (tx_row(tx, statement)) {
		struct busy_booking *row = arena_next_row(arena, &rows);
		*row = (struct busy_booking){ row_text(statement, 0, arena), (int)row_int(statement, 1), row_int(statement, 2),
			                      row_int(statement, 3), row_text(statement, 4, arena) };
		rows.count++;
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}
