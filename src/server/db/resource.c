/* resource.c — resources, and which of their granules are taken.
 *
 * Whether a half is taken is a look-up in the primary key of slot: the first row of a range or none. So the cost hangs on the
 * number of desks, never on how many bookings there have been. */
#include "statement.h"

#include <string.h>

#define RESOURCE_COLUMNS                                                                                               \
	"r.id, r.name, r.area, r.note, r.kind, r.state, r.state_reason, r.amenities, r.capacity, r.half_day_cents, "       \
	"r.day_cents, r.cancel_minutes, r.version, r.by_hour, r.hour_cents, r.units, r.takes, r.least_minutes, r.most_minutes, " \
	"r.step_minutes, r.late_cancel, r.quota_day_minutes, r.quota_open_bookings, r.approval, r.frees_on_check_out"
#define RESOURCE_COLUMN_COUNT 25

/* Units of which no granule of [?from, ?until) is taken. Each is a look-up of its own: CROSS JOIN and the order say so to SQLite, which
 * would else walk all that a resource ever was. */
#define FREE_UNITS(from, until)                                                                                        \
	"pool_unit n WHERE n.unit <= r.units AND NOT EXISTS (SELECT 1 FROM slot s WHERE s.space_id = r.space_id"            \
	" AND s.resource_id = r.id AND s.unit = n.unit AND s.granule >= " from " AND s.granule < " until ")"
/* Is none of them free. */
#define TAKEN(from, until) "NOT EXISTS (SELECT 1 FROM " FREE_UNITS(from, until) ")"
/* The booking of `member` that holds one of them, or NULL. */
#define HELD_BY(member, from, until)                                                                                   \
	"(SELECT s.booking_id FROM pool_unit n CROSS JOIN slot s CROSS JOIN booking b WHERE n.unit <= r.units"             \
	" AND s.space_id = r.space_id AND s.resource_id = r.id AND s.unit = n.unit"                                        \
	" AND b.space_id = s.space_id AND b.id = s.booking_id AND s.granule >= " from                                      \
	" AND s.granule < " until " AND b.member_id = " member " ORDER BY s.granule LIMIT 1)"

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
		tx_prepare(tx, "SELECT " RESOURCE_COLUMNS " FROM resource r WHERE r.space_id = ? AND r.id = ?");
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

static size_t count_resources(struct db_tx *tx, const char *space_id)
{
	struct statement *statement = tx_prepare(tx, "SELECT count(*) FROM resource WHERE space_id = ?");
	bind_text(statement, 1, space_id);
	size_t count = tx_row(tx, statement) ? (size_t)row_int(statement, 0) : 0;
	statement_done(statement);
	return count;
}

const struct resource *db_list_resources(struct db_tx *tx, const char *space_id, struct arena *arena, size_t *count)
{
	size_t room = count_resources(tx, space_id);
	struct resource *resources = arena_get(arena, (room ? room : 1) * sizeof *resources);
	struct statement *statement = tx_prepare(
		tx, "SELECT " RESOURCE_COLUMNS " FROM resource r WHERE r.space_id = ? ORDER BY r.position, r.id");
	bind_text(statement, 1, space_id);
	*count = 0;
	while (*count < room && tx_row(tx, statement))
		resources[(*count)++] = read_resource(statement, arena);
	statement_done(statement);
	return resources;
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

struct free_desks db_count_free(struct db_tx *tx, const char *space_id, struct local_date date, struct granules morning,
                                struct granules afternoon)
{
	char iso[DATE_ISO_SIZE];
	date_to_iso(date, iso);
	struct statement *statement = tx_prepare(
		tx, "SELECT sum(r.units), sum((SELECT count(*) FROM " FREE_UNITS("?2", "?3") ")),"
		" sum((SELECT count(*) FROM " FREE_UNITS("?4", "?5") "))"
		" FROM resource r WHERE r.space_id = ?1 AND r.kind = 'desk' AND r.state = 'bookable'"
		" AND NOT EXISTS (SELECT 1 FROM outage o WHERE o.space_id = r.space_id AND o.resource_id = r.id AND o.last_date >= ?6"
		" AND o.first_date <= ?6)");
	bind_text(statement, 6, iso);
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, morning.from);
	bind_int(statement, 3, morning.until);
	bind_int(statement, 4, afternoon.from);
	bind_int(statement, 5, afternoon.until);
	struct free_desks free_desks = { 0 };
	if (tx_row(tx, statement))
		free_desks = (struct free_desks){ (int)row_int(statement, 0), (int)row_int(statement, 1), (int)row_int(statement, 2) };
	statement_done(statement);
	return free_desks;
}

const struct taken_halves *db_list_taken(struct db_tx *tx, const char *space_id, struct granules morning,
                                         struct granules afternoon, const char *member_id, struct arena *arena,
                                         size_t *count)
{
	size_t room = count_resources(tx, space_id);
	struct taken_halves *rows = arena_get(arena, (room ? room : 1) * sizeof *rows);
	struct statement *statement = tx_prepare(
		tx, "SELECT " RESOURCE_COLUMNS ", " TAKEN("?2", "?3") ", " TAKEN("?4", "?5") ", " HELD_BY("?6", "?2", "?3") ", "
		HELD_BY("?6", "?4", "?5") " FROM resource r WHERE r.space_id = ?1 ORDER BY r.position, r.id");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, morning.from);
	bind_int(statement, 3, morning.until);
	bind_int(statement, 4, afternoon.from);
	bind_int(statement, 5, afternoon.until);
	bind_text(statement, 6, member_id);
	*count = 0;
	while (*count < room && tx_row(tx, statement))
		rows[(*count)++] = (struct taken_halves){
			.resource = read_resource(statement, arena),
			.morning = row_int(statement, RESOURCE_COLUMN_COUNT) != 0,
			.afternoon = row_int(statement, RESOURCE_COLUMN_COUNT + 1) != 0,
			.my_morning = row_text(statement, RESOURCE_COLUMN_COUNT + 2, arena),
			.my_afternoon = row_text(statement, RESOURCE_COLUMN_COUNT + 3, arena),
		};
	statement_done(statement);
	return rows;
}

const struct busy_booking *db_list_busy(struct db_tx *tx, const char *space_id, struct granules range, const char *member_id,
                                        struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT r.id, b.start_at, b.end_at, CASE WHEN b.member_id = ?4 THEN b.id END FROM resource r"
		" CROSS JOIN pool_unit n CROSS JOIN slot s CROSS JOIN booking b WHERE r.space_id = ?1 AND n.unit <= r.units"
		" AND s.space_id = r.space_id AND s.resource_id = r.id AND s.unit = n.unit AND s.granule >= ?2 AND s.granule < ?3"
		" AND b.space_id = s.space_id AND b.id = s.booking_id"
		" GROUP BY r.position, r.id, b.id, b.start_at, b.end_at, b.member_id ORDER BY r.position, r.id, b.start_at, b.id");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, range.from);
	bind_int(statement, 3, range.until);
	bind_text(statement, 4, member_id);
	struct busy_booking *rows = NULL;
	size_t room = 0;
	*count = 0;
	while (tx_row(tx, statement)) {
		if (*count == room) {
			struct busy_booking *more = arena_get(arena, (room = room ? room * 2 : 32) * sizeof *more);
			if (*count)
				memcpy(more, rows, *count * sizeof *more);
			rows = more;
		}
		rows[(*count)++] = (struct busy_booking){ row_text(statement, 0, arena), row_int(statement, 1), row_int(statement, 2),
			                                  row_text(statement, 3, arena) };
	}
	statement_done(statement);
	return rows;
}
