/* subscription.c — see subscription.h. */
#include "subscription.h"

#include <string.h>

#include "statement.h"

/* ---- keys ------------------------------------------------------------------------------------------------------------ */

#define KEY_COLUMNS "k.id, k.member_id, k.name, k.created_at, k.used_at"

static struct calendar_key read_key(struct statement *row, struct arena *arena)
{
	return (struct calendar_key){
		.id = row_text(row, 0, arena),
		.member_id = row_text(row, 1, arena),
		.name = row_text(row, 2, arena),
		.created_at = row_int(row, 3),
		.used_at = row_int(row, 4),
	};
}

bool db_add_calendar_key(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], const struct calendar_key *key)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO calendar_key (hash, member_id, id, name, created_at) VALUES (?, ?, ?, ?, ?)");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	bind_text(statement, 2, key->member_id);
	bind_text(statement, 3, key->id);
	bind_text(statement, 4, key->name);
	bind_int(statement, 5, key->created_at);
	return tx_change(tx, statement);
}

const struct calendar_key *db_list_calendar_keys(struct db_tx *tx, const char *member_id, int limit, struct arena *arena, size_t *count)
{
	struct calendar_key *keys = arena_get(arena, (size_t)limit * sizeof *keys);
	struct statement *statement = tx_prepare(
		tx, "SELECT " KEY_COLUMNS " FROM calendar_key k WHERE k.member_id = ? ORDER BY k.created_at DESC, k.id DESC LIMIT ?");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, limit);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		keys[(*count)++] = read_key(statement, arena);
	statement_done(statement);
	return keys;
}

const struct calendar_key *db_find_calendar_key(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, "SELECT " KEY_COLUMNS " FROM calendar_key k JOIN member m ON m.id = k.member_id"
	                                             " WHERE k.hash = ? AND m.disabled_at IS NULL");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	struct calendar_key *key = NULL;
	if (tx_row(tx, statement)) {
		key = arena_get(arena, sizeof *key);
		*key = read_key(statement, arena);
	}
	statement_done(statement);
	return key;
}

bool db_use_calendar_key(struct db_tx *tx, const struct calendar_key *key, int64_t now)
{
	struct statement *statement = tx_prepare(tx, "UPDATE calendar_key SET used_at = ?3 WHERE member_id = ?1 AND id = ?2");
	bind_text(statement, 1, key->member_id);
	bind_text(statement, 2, key->id);
	bind_int(statement, 3, now);
	return tx_change(tx, statement);
}

bool db_remove_calendar_key(struct db_tx *tx, const char *member_id, const char *id)
{
	struct statement *statement = tx_prepare(tx, "DELETE FROM calendar_key WHERE member_id = ? AND id = ?");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, id);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

bool db_remove_calendar_keys(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "DELETE FROM calendar_key WHERE member_id = ?");
	bind_text(statement, 1, member_id);
	return tx_change(tx, statement);
}

/* ---- what they show ---------------------------------------------------------------------------------------------------- */

#define SPACE_COLUMNS "s.id, s.name, s.street, s.postcode, s.town, s.position"
#define ENTRY_COLUMNS(of) SPACE_COLUMNS ", " of ".id, " of ".title, " of ".start_at, " of ".end_at"
#define ENTRY_READ 10    /* columns of those */

static struct calendar_entry read_entry(struct statement *row, enum calendar_kind kind, struct arena *arena)
{
	return (struct calendar_entry){
		.kind = kind,
		.space_id = row_text(row, 0, arena),
		.space_name = row_text(row, 1, arena),
		.street = row_text(row, 2, arena),
		.postcode = row_text(row, 3, arena),
		.town = row_text(row, 4, arena),
		.space_position = (int)row_int(row, 5),
		.id = row_text(row, 6, arena),
		.title = row_text(row, 7, arena),
		.start_at = row_int(row, 8),
		.end_at = row_int(row, 9),
		.member_id = "",
		.place = "",
		.organiser = "",
		.paragraphs = { "", "", "" },
	};
}

/* ?2 the beginning, ?3 since when what ended is told, ?4 the limit. */
static void bind_window(struct statement *statement, const struct calendar_window *window)
{
	bind_int(statement, 2, window->from);
	bind_int(statement, 3, window->ended_since);
	bind_int(statement, 4, window->limit);
}

static struct calendar_entry read_booking(struct statement *row, int64_t now, struct arena *arena)
{
	struct calendar_entry entry = read_entry(row, CALENDAR_BOOKING, arena);
	struct booking booking = { .start_at = entry.start_at };
	entry.place = row_text(row, ENTRY_READ, arena);
	entry.paragraphs[0] = row_text(row, ENTRY_READ + 1, arena);
	booking_state_from_wire(row_text(row, ENTRY_READ + 2, arena), &booking.state);
	entry.sequence = row_int(row, ENTRY_READ + 3) - 1;
	entry.changed_at = row_int(row, ENTRY_READ + 4);
	entry.member_id = row_text(row, ENTRY_READ + 5, arena);
	bool waits = booking.state == BOOKING_PENDING && !booking_is_lapsed(&booking, now);
	entry.status = waits ? CALENDAR_TENTATIVE : booking.state == BOOKING_CONFIRMED ? CALENDAR_CONFIRMED : CALENDAR_CANCELLED;
	return entry;
}

const struct calendar_entry *db_list_calendar_bookings(struct db_tx *tx, const char *member_id, const struct calendar_window *window,
                                                       struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct calendar_entry) };
	struct statement *statement = tx_prepare(
		tx, "SELECT " ENTRY_COLUMNS("b") ", r.name, b.note, CASE WHEN b.ended = '' THEN b.state ELSE b.ended END, b.version,"
		    " CASE WHEN b.changed_at > b.created_at THEN b.changed_at ELSE b.created_at END, b.member_id"
		    " FROM booking b JOIN space s ON s.id = b.space_id"
		    " JOIN resource r ON r.space_id = b.space_id AND r.id = b.resource_id WHERE b.member_id = ?1 AND b.start_at >= ?2"
		    " AND (b.state <> 'cancelled' OR b.changed_at >= ?3) ORDER BY b.start_at, b.id LIMIT ?4");
	bind_text(statement, 1, member_id);
	bind_window(statement, window);
	while (tx_row(tx, statement)) {
		*(struct calendar_entry *)arena_next_row(arena, &rows) = read_booking(statement, window->now, arena);
		rows.count++;
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

#define ACTIVITY_WORDS "a.place, a.summary, a.description, a.note, a.organiser, a.state"

/* An activity meets where it says; only what does not say where is nowhere. The space's street is not its. */
static struct calendar_entry read_activity(struct statement *row, enum calendar_kind kind, struct arena *arena)
{
	struct calendar_entry entry = read_entry(row, kind, arena);
	entry.street = entry.postcode = "";
	entry.place = row_text(row, ENTRY_READ, arena);
	for (size_t i = 0; i < COUNT_OF(entry.paragraphs); i++)
		entry.paragraphs[i] = row_text(row, ENTRY_READ + 1 + (int)i, arena);
	entry.organiser = row_text(row, ENTRY_READ + 4, arena);
	enum activity_state state = ACTIVITY_SCHEDULED;
	activity_state_from_wire(row_text(row, ENTRY_READ + 5, arena), &state);
	entry.status = state == ACTIVITY_CANCELLED ? CALENDAR_CANCELLED : CALENDAR_CONFIRMED;
	entry.sequence = row_int(row, ENTRY_READ + 6);
	entry.changed_at = row_int(row, ENTRY_READ + 7);
	return entry;
}

/* The version counts every change of an activity and of its sign-ups: this one's too. */
static struct calendar_entry read_signup(struct statement *row, struct arena *arena)
{
	struct calendar_entry entry = read_activity(row, CALENDAR_SIGNUP, arena);
	entry.waits = row_int(row, ENTRY_READ + 8) != 0;
	entry.member_id = row_text(row, ENTRY_READ + 9, arena);
	bool stands = entry.waits || row_int(row, ENTRY_READ + 10) != 0;
	if (!stands)
		entry.status = CALENDAR_CANCELLED;
	else if (entry.waits && entry.status == CALENDAR_CONFIRMED)
		entry.status = CALENDAR_TENTATIVE;
	return entry;
}

#define WAITS "u.state IN ('waitlisted', 'offered')"

const struct calendar_entry *db_list_calendar_signups(struct db_tx *tx, const char *member_id, const struct calendar_window *window,
                                                      struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct calendar_entry) };
	struct statement *statement = tx_prepare(
		tx, "SELECT " ENTRY_COLUMNS("a") ", " ACTIVITY_WORDS ", a.version - 1,"
		    " CASE WHEN u.since > a.changed_at THEN u.since ELSE a.changed_at END, CASE WHEN " WAITS " THEN 1 ELSE 0 END, u.member_id,"
		    " CASE WHEN u.state = 'signed_up' THEN 1 ELSE 0 END"
		    " FROM signup u JOIN activity a ON a.space_id = u.space_id AND a.id = u.activity_id JOIN space s ON s.id = a.space_id"
		    " WHERE u.member_id = ?1 AND a.start_at >= ?2 AND (u.state = 'signed_up' OR " WAITS " OR u.since >= ?3)"
		    " ORDER BY a.start_at, a.id LIMIT ?4");
	bind_text(statement, 1, member_id);
	bind_window(statement, window);
	while (tx_row(tx, statement)) {
		*(struct calendar_entry *)arena_next_row(arena, &rows) = read_signup(statement, arena);
		rows.count++;
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

const struct calendar_entry *db_list_calendar_agenda(struct db_tx *tx, const char *space_id, const struct calendar_window *window,
                                                     struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct calendar_entry) };
	struct statement *statement = tx_prepare(
		tx, "SELECT " ENTRY_COLUMNS("a") ", " ACTIVITY_WORDS ", a.edition, a.changed_at"
		    " FROM activity a JOIN space s ON s.id = a.space_id"
		    " WHERE (?1 = '' OR a.space_id = ?1) AND a.start_at >= ?2 ORDER BY a.start_at, a.id LIMIT ?3");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, window->from);
	bind_int(statement, 3, window->limit);
	while (tx_row(tx, statement)) {
		*(struct calendar_entry *)arena_next_row(arena, &rows) = read_activity(statement, CALENDAR_ACTIVITY, arena);
		rows.count++;
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}
