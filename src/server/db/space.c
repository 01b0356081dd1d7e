/* space.c — spaces: their card, their opening hours, their closures. */
#include "statement.h"

#include <string.h>

#define SPACE_COLUMNS                                                                                                  \
	"id, slug, name, former_name, description, street, postcode, town, country, time_zone, operator_name, phone, "     \
	"access_note, granule_s, vat_permille, boundary, open_on_holidays, sample_data, version, quota_day_minutes, quota_open_bookings"
#define SPACES_ROOM 16   /* first room for a list; it doubles */

static void read_opening(struct db_tx *tx, struct space *space)
{
	struct statement *statement =
		tx_prepare_kept(tx, "SELECT weekday, opens, closes FROM opening WHERE space_id = ? ORDER BY weekday, opens");
	bind_text(statement, 1, space->id);
	while (tx_row(tx, statement)) {
		struct opening_day *day = &space->opening.week[row_int(statement, 0)];
		if (day->count < OPENING_RANGES_MAX)
			day->ranges[day->count++] =
				(struct minute_range){ (int)row_int(statement, 1), (int)row_int(statement, 2) };
	}
	statement_done(statement);
}

static void read_closures(struct db_tx *tx, struct space *space, struct arena *arena)
{
	struct arena_rows rows = { .bytes = sizeof(struct closure) };
	struct statement *statement = tx_prepare_kept(
		tx, "SELECT c.first_date, c.last_date, c.reason FROM (SELECT first_date, last_date, reason FROM closure WHERE space_id = ?"
		" ORDER BY last_date DESC, first_date, reason LIMIT ?) AS c ORDER BY c.first_date, c.last_date, c.reason");
	bind_text(statement, 1, space->id);
	bind_int(statement, 2, CLOSURES_TOLD_MAX);
	while (tx_row(tx, statement)) {
		struct closure *closure = arena_next_row(arena, &rows);
		*closure = (struct closure){ row_date(statement, 0, arena), row_date(statement, 1, arena), row_text(statement, 2, arena) };
		rows.count++;
	}
	statement_done(statement);
	space->opening.closures = rows.first;
	space->opening.closure_count = rows.count;
}

static void read_card(struct statement *row, struct space *space, struct arena *arena)
{
	*space = (struct space){
		.id = row_text(row, 0, arena),
		.slug = row_text(row, 1, arena),
		.name = row_text(row, 2, arena),
		.former_name = row_text(row, 3, arena),
		.description = row_text(row, 4, arena),
		.street = row_text(row, 5, arena),
		.postcode = row_text(row, 6, arena),
		.town = row_text(row, 7, arena),
		.country = country_from_code(row_text(row, 8, arena)),
		.time_zone = row_text(row, 9, arena),
		.operator_name = row_text(row, 10, arena),
		.phone = row_text(row, 11, arena),
		.access_note = row_text(row, 12, arena),
		.granule_s = (int)row_int(row, 13),
		.vat_permille = (int)row_int(row, 14),
		.sample_data = row_int(row, 17) != 0,
		.version = row_int(row, 18),
		.quota = { (int)row_int(row, 19), (int)row_int(row, 20) },
	};
	space->opening.boundary = (int)row_int(row, 15);
	space->opening.open_on_holidays = row_int(row, 16) != 0;
	space->opening.country = space->country;
	space->today.opening.reason = "";
}

const struct space *db_find_space(struct db_tx *tx, const char *id_or_slug, struct arena *arena)
{
	struct statement *statement =
		tx_prepare_kept(tx, "SELECT " SPACE_COLUMNS " FROM space WHERE id = coalesce((SELECT id FROM space WHERE id = ?1), (SELECT id FROM space WHERE slug = ?1))");
	bind_text(statement, 1, id_or_slug);
	struct space *space = NULL;
	if (tx_row(tx, statement)) {
		space = arena_get(arena, sizeof *space);
		read_card(statement, space, arena);
	}
	statement_done(statement);
	if (!space)
		return NULL;
	read_opening(tx, space);
	read_closures(tx, space, arena);
	return db_tx_failed(tx) ? NULL : space;
}

const struct space *db_list_spaces(struct db_tx *tx, struct arena *arena, size_t *count)
{
	size_t room = SPACES_ROOM;
	struct space *spaces = arena_get(arena, room * sizeof *spaces);
	*count = 0;
	struct statement *statement = tx_prepare(tx, "SELECT " SPACE_COLUMNS " FROM space ORDER BY position, id");
	while (tx_row(tx, statement)) {
		if (*count == room) {
			struct space *larger = arena_get(arena, 2 * room * sizeof *larger);
			memcpy(larger, spaces, room * sizeof *larger);
			spaces = larger;
			room *= 2;
		}
		read_card(statement, &spaces[(*count)++], arena);
	}
	statement_done(statement);
	for (size_t i = 0; i < *count; i++) {
		read_opening(tx, &spaces[i]);
		read_closures(tx, &spaces[i], arena);
	}
	if (db_tx_failed(tx))
		*count = 0;
	return spaces;
}

#define SAID(of) of "slug, " of "name, " of "former_name, " of "description, " of "street, " of "postcode, " of "town, " of "country, "  \
	of "time_zone, " of "operator_name, " of "phone, " of "access_note, " of "granule_s, " of "vat_permille, " of "boundary, "     \
	of "open_on_holidays, " of "sample_data, " of "quota_day_minutes, " of "quota_open_bookings, " of "position"
#define SAID_VALUES                                                                                                    \
	"?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?20, ?21, coalesce(nullif(?19, -1)," \
	" (SELECT position FROM space WHERE id = ?1), (SELECT coalesce(max(position), -1) + 1 FROM space))"

/* Its rows but hours and closures. */
static enum db_put put_card(struct db_tx *tx, int position, const struct space *space)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO space (id, " SAID("") ") VALUES (?1, " SAID_VALUES ")"
		" ON CONFLICT (id) DO UPDATE SET (" SAID("") ", version) = (" SAID("excluded.") ", space.version + 1)"
		" WHERE (" SAID("space.") ") IS DISTINCT FROM (" SAID("excluded.") ")");
	const char *const texts[] = { space->id,       space->slug, space->name,     space->former_name, space->description,
		                      space->street,   space->postcode, space->town, country_code(space->country),
		                      space->time_zone, space->operator_name, space->phone, space->access_note };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i] ? texts[i] : "");
	bind_int(statement, 14, space->granule_s);
	bind_int(statement, 15, space->vat_permille);
	bind_int(statement, 16, space->opening.boundary);
	bind_int(statement, 17, space->opening.open_on_holidays);
	bind_int(statement, 18, space->sample_data);
	bind_int(statement, 19, position);
	bind_int(statement, 20, space->quota.day_minutes);
	bind_int(statement, 21, space->quota.open_bookings);
	return tx_put(tx, statement);
}

/* Whether two readings of hours and closures say the same. */
static bool is_same_rule(const struct opening_rule *before, const struct opening_rule *after)
{
	if (before->closure_count != after->closure_count)
		return false;
	for (int weekday = 0; weekday < 7; weekday++) {
		const struct opening_day *old = &before->week[weekday], *new = &after->week[weekday];
		if (old->count != new->count || memcmp(old->ranges, new->ranges, old->count * sizeof *old->ranges) != 0)
			return false;
	}
	for (size_t i = 0; i < before->closure_count; i++) {
		const struct closure *old = &before->closures[i], *new = &after->closures[i];
		if (date_compare(old->from, new->from) != 0 || date_compare(old->until, new->until) != 0 ||
		    strcmp(old->reason, new->reason) != 0)
			return false;
	}
	return true;
}

static struct space read_rule(struct db_tx *tx, const char *space_id, struct arena *arena)
{
	struct space space = { .id = space_id };
	read_opening(tx, &space);
	read_closures(tx, &space, arena);
	return space;
}

static bool forget_rule(struct db_tx *tx, const char *space_id)
{
	struct statement *openings = tx_prepare(tx, "DELETE FROM opening WHERE space_id = ?");
	bind_text(openings, 1, space_id);
	struct statement *closures = tx_prepare(tx, "DELETE FROM closure WHERE space_id = ? AND id = ''");
	bind_text(closures, 1, space_id);
	bool forgotten = tx_change(tx, openings);
	return tx_change(tx, closures) && forgotten;
}

static bool put_opening(struct db_tx *tx, const char *space_id, int weekday, struct minute_range range)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO opening (space_id, weekday, opens, closes) VALUES (?, ?, ?, ?)");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, weekday);
	bind_int(statement, 3, range.from);
	bind_int(statement, 4, range.until);
	return tx_change(tx, statement);
}

static bool put_closure(struct db_tx *tx, const char *space_id, const struct closure *closure)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(closure->from, from);
	date_to_iso(closure->until, until);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO closure (space_id, first_date, last_date, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, from);
	bind_text(statement, 3, until);
	bind_text(statement, 4, closure->reason ? closure->reason : "");
	return tx_change(tx, statement);
}

static bool put_feed(struct db_tx *tx, const char *space_id)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO feed (space_id, seq) VALUES (?, 0) ON CONFLICT DO NOTHING");
	bind_text(statement, 1, space_id);
	return tx_change(tx, statement);
}

static bool put_rule(struct db_tx *tx, const struct space *space)
{
	if (!forget_rule(tx, space->id))
		return false;
	for (int weekday = 0; weekday < 7; weekday++)
		for (size_t i = 0; i < space->opening.week[weekday].count; i++)
			if (!put_opening(tx, space->id, weekday, space->opening.week[weekday].ranges[i]))
				return false;
	for (size_t i = 0; i < space->opening.closure_count; i++)
		if (!put_closure(tx, space->id, &space->opening.closures[i]))
			return false;
	return true;
}

bool tx_touch_space(struct db_tx *tx, const char *space_id)
{
	struct statement *statement = tx_prepare(tx, "UPDATE space SET version = version + 1 WHERE id = ?");
	bind_text(statement, 1, space_id);
	return tx_change(tx, statement);
}

enum db_put db_put_space(struct db_tx *tx, int position, const struct space *space)
{
	struct arena *arena = arena_new();
	enum db_put put = put_card(tx, position, space);
	struct space before = read_rule(tx, space->id, arena);
	bool good = db_put_is_good(put) && put_feed(tx, space->id) && put_rule(tx, space);
	struct space after = read_rule(tx, space->id, arena);
	if (good && put == DB_PUT_SAME && !is_same_rule(&before.opening, &after.opening)) {
		good = tx_touch_space(tx, space->id);
		put = DB_PUT_DONE;
	}
	arena_free(arena);
	return good && !db_tx_failed(tx) ? put : DB_PUT_FAILED;
}

bool db_tell_space(struct db_tx *tx, const char *space_id, int64_t now, struct db_actor actor)
{
	struct statement *statement = tx_prepare(tx, "SELECT version FROM space WHERE id = ?");
	bind_text(statement, 1, space_id);
	int64_t version = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return version && tx_tell(tx, space_id, "space.changed", space_id, version, now, actor);
}
