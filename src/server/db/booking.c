/* booking.c — bookings, and the granules they hold. */
#include "statement.h"

#include <string.h>

#define BOOKING_ENDS "b.state_reason, b.checked_in_at, b.checked_out_at, b.pay_by, b.pass_id, b.half_days, b.given_back"
#define BOOKING_ENDS_AT 25
#define BOOKING_TERMS_AT 38
#define BOOKING_SELECT                                                                                                 \
	"SELECT b.id, b.space_id, s.name, s.town, s.country, s.time_zone, b.resource_id, r.name, r.area, r.kind, b.date, " \
	"b.part, b.start_at, b.end_at, CASE WHEN b.ended = '' THEN b.state ELSE b.ended END, b.cancel_until, b.net_cents, "  \
	"b.vat_permille, b.gross_cents, b.version, b.created_at, b.from_minute, b.until_minute, b.member_id, m.name, "       \
	BOOKING_ENDS ", b.series_id, b.title, b.note, b.people, b.unit, b.late, t.takes_presence, t.grace_minutes"                                              \
	" FROM booking b JOIN space s ON s.id = b.space_id JOIN member m ON m.id = b.member_id"                              \
	" LEFT JOIN terms t ON t.space_id = b.space_id"                                                                      \
	" JOIN resource r ON r.space_id = b.space_id AND r.id = b.resource_id "

/* How it went, and how it is paid. */
static void read_ends(struct statement *row, struct booking *booking, struct arena *arena)
{
	booking->state_reason = row_text(row, BOOKING_ENDS_AT, arena);
	booking->checked_in_at = row_int(row, BOOKING_ENDS_AT + 1);
	booking->checked_out_at = row_int(row, BOOKING_ENDS_AT + 2);
	struct payment *payment = &booking->payment;
	pay_by_from_wire(row_text(row, BOOKING_ENDS_AT + 3, arena), &payment->by);
	payment->pass_id = row_text(row, BOOKING_ENDS_AT + 4, arena);
	payment->half_days = (int)row_int(row, BOOKING_ENDS_AT + 5);
	payment->given_back = row_int(row, BOOKING_ENDS_AT + 6) != 0;
	struct terms terms = { .takes_presence = row_int(row, BOOKING_TERMS_AT) != 0,
		               .grace_minutes = (int)row_int(row, BOOKING_TERMS_AT + 1) };
	booking->awaited_until = presence_awaited_until(booking, &terms);
	payment->due = payment->by == PAY_PRICE ? booking->price : price_of(0, booking->price.vat_permille);
}

static struct booking read_booking(struct statement *row, struct arena *arena)
{
	struct booking booking = {
		.id = row_text(row, 0, arena),
		.space_id = row_text(row, 1, arena),
		.space_name = row_text(row, 2, arena),
		.space_town = row_text(row, 3, arena),
		.country = country_from_code(row_text(row, 4, arena)),
		.time_zone = row_text(row, 5, arena),
		.resource_id = row_text(row, 6, arena),
		.resource_name = row_text(row, 7, arena),
		.resource_area = row_text(row, 8, arena),
		.when = { .date = row_date(row, 10, arena), .hours = { (int)row_int(row, 21), (int)row_int(row, 22) } },
		.start_at = row_int(row, 12),
		.end_at = row_int(row, 13),
		.cancel_until = row_int(row, 15),
		.price = { (int)row_int(row, 16), (int)row_int(row, 17), (int)row_int(row, 18) },
		.version = row_int(row, 19),
		.created_at = row_int(row, 20),
		.member_id = row_text(row, 23, arena),
		.member_name = row_text(row, 24, arena),
		.series_id = row_text(row, 32, arena),
		.title = row_text(row, 33, arena),
		.note = row_text(row, 34, arena),
		.people = (int)row_int(row, 35),
		.unit = (int)row_int(row, 36),
		.late = row_int(row, 37) != 0,
	};
	resource_kind_from_wire(row_text(row, 9, arena), &booking.resource_kind);
	day_part_from_wire(row_text(row, 11, arena), &booking.when.part);
	booking_state_from_wire(row_text(row, 14, arena), &booking.state);
	read_ends(row, &booking, arena);
	return booking;
}

static struct statement *prepare_has_booking(struct db_tx *tx, const char *space_id, const char *id)
{
	struct statement *statement = tx_prepare_asked(tx, "SELECT 1 FROM booking WHERE space_id = ? AND id = ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, id);
	return statement;
}

bool db_has_booking(struct db_tx *tx, const char *space_id, const char *id)
{
	struct statement *statement = prepare_has_booking(tx, space_id, id);
	bool found = tx_row(tx, statement);
	statement_done(statement);
	return found;
}

const struct booking *db_find_booking(struct db_tx *tx, const char *space_id, const char *id, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, BOOKING_SELECT "WHERE b.space_id = ? AND b.id = ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, id);
	struct booking *booking = NULL;
	if (tx_row(tx, statement)) {
		booking = arena_get(arena, sizeof *booking);
		*booking = read_booking(statement, arena);
	}
	statement_done(statement);
	return booking;
}

const struct booking *db_list_bookings(struct db_tx *tx, const char *member_id, struct local_date from, int64_t after_start,
                                       const char *after_id, int limit, struct arena *arena, size_t *count)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(from, date);
	/* No zone is more than 14 hours ahead of UTC: the index begins there and not at the member's first booking. */
	int64_t earliest = (int64_t)date_to_days(from) * 86400 - 14 * 3600;
	struct statement *statement = tx_prepare(
		tx, BOOKING_SELECT "WHERE b.member_id = ?1 AND b.start_at >= ?2 AND b.date >= ?3"
		                        " AND (b.state <> 'cancelled' OR b.ended <> '')"
		                        " AND (b.start_at, b.id) > (?4, ?5) ORDER BY b.start_at, b.id LIMIT ?6");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, after_id && after_start > earliest ? after_start : earliest);
	bind_text(statement, 3, date);
	bind_int(statement, 4, after_id ? after_start : earliest - 1);
	bind_text(statement, 5, after_id ? after_id : "");
	bind_int(statement, 6, limit);
	struct booking *bookings = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *bookings);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		bookings[(*count)++] = read_booking(statement, arena);
	statement_done(statement);
	return bookings;
}

/* A member's by the index of their bookings, a series' by its own. */
static struct statement *prepare_cancellable(struct db_tx *tx, const struct db_cancellable *wanted)
{
	struct statement *statement;
	if (wanted->series_id) {
		statement = tx_prepare(tx, BOOKING_SELECT "WHERE b.space_id = ?1 AND b.series_id = ?2 AND b.series_id <> ''"
		                                          " AND (?3 IS NULL OR b.member_id = ?3) AND b.state <> 'cancelled' AND b.end_at > ?4"
		                                          " AND b.date >= ?5 AND b.date <= ?6 ORDER BY b.start_at, b.id LIMIT ?7");
		bind_text(statement, 2, wanted->series_id);
		bind_text(statement, 3, wanted->member_id);
		return statement;
	}
	statement = tx_prepare(tx, BOOKING_SELECT "WHERE b.space_id = ?1 AND b.member_id = ?2 AND b.start_at >= ?3"
	                                          " AND b.state <> 'cancelled' AND b.end_at > ?4"
	                                          " AND b.date >= ?5 AND b.date <= ?6 ORDER BY b.start_at, b.id LIMIT ?7");
	bind_text(statement, 2, wanted->member_id);
	bind_int(statement, 3, (int64_t)date_to_days(wanted->from) * 86400 - 14 * 3600);
	return statement;
}

const struct booking *db_list_cancellable(struct db_tx *tx, const struct db_cancellable *wanted, int limit, struct arena *arena,
                                          size_t *count)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(wanted->from, from);
	date_to_iso(wanted->until, until);
	struct statement *statement = prepare_cancellable(tx, wanted);
	bind_text(statement, 1, wanted->space_id);
	bind_int(statement, 4, wanted->now);
	bind_text(statement, 5, from);
	bind_text(statement, 6, until);
	bind_int(statement, 7, limit);
	struct booking *bookings = arena_get(arena, (size_t)limit * sizeof *bookings);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		bookings[(*count)++] = read_booking(statement, arena);
	statement_done(statement);
	return bookings;
}

const struct booking *db_list_affected(struct db_tx *tx, const char *space_id, const char *resource_id, struct granules range,
                                       int64_t now, int limit, struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, BOOKING_SELECT "WHERE b.space_id = ?1 AND b.state <> 'cancelled' AND b.end_at > ?2 AND b.id IN (SELECT s.booking_id"
		" FROM resource held CROSS JOIN pool_unit n CROSS JOIN slot s WHERE held.space_id = ?1 AND (?3 IS NULL OR held.id = ?3)"
		" AND n.unit <= held.units AND s.space_id = held.space_id AND s.resource_id = held.id AND s.unit = n.unit"
		" AND s.granule >= ?4 AND s.granule < ?5) ORDER BY b.start_at, b.id LIMIT ?6");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, now);
	bind_text(statement, 3, resource_id);
	bind_int(statement, 4, range.from);
	bind_int(statement, 5, range.until);
	bind_int(statement, 6, limit);
	struct booking *bookings = arena_get(arena, (size_t)limit * sizeof *bookings);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		bookings[(*count)++] = read_booking(statement, arena);
	statement_done(statement);
	return bookings;
}

bool db_has_series(struct db_tx *tx, const char *space_id, const char *series_id)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT 1 FROM booking WHERE space_id = ? AND series_id = ? AND series_id <> '' LIMIT 1");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, series_id);
	bool any = tx_row(tx, statement);
	statement_done(statement);
	return any;
}

void db_ask_before_booking(struct db_tx *tx, const char *space_id, const char *member_id, const char *key, int64_t now, const char *id)
{
	tx_ask_answer(tx, space_id, member_id, key, now);
	tx_ask(tx, prepare_has_booking(tx, space_id, id));
}

static enum step_end insert_booking(struct db_tx *tx, const struct booking *booking, const char *member_id)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(booking->when.date, date);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO booking (space_id, id, resource_id, member_id, date, part, start_at, end_at, state, cancel_until,"
		         " net_cents, vat_permille, gross_cents, version, created_at, from_minute, until_minute, pay_by, pass_id, half_days,"
		         " series_id, title, note, people, unit)"
		         " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	bind_text(statement, 3, booking->resource_id);
	bind_text(statement, 4, member_id);
	bind_text(statement, 5, date);
	bind_text(statement, 6, day_part_wire_name(booking->when.part));
	bind_int(statement, 7, booking->start_at);
	bind_int(statement, 8, booking->end_at);
	bind_text(statement, 9, booking_state_wire_name(booking->state));
	bind_int(statement, 10, booking->cancel_until);
	bind_int(statement, 11, booking->price.net_cents);
	bind_int(statement, 12, booking->price.vat_permille);
	bind_int(statement, 13, booking->price.gross_cents);
	bind_int(statement, 14, booking->version);
	bind_int(statement, 15, booking->created_at);
	bind_int(statement, 16, booking->when.hours.from);
	bind_int(statement, 17, booking->when.hours.until);
	bind_text(statement, 18, pay_by_wire_name(booking->payment.by));
	bind_text(statement, 19, booking->payment.pass_id ? booking->payment.pass_id : "");
	bind_int(statement, 20, booking->payment.half_days);
	bind_text(statement, 21, booking->series_id ? booking->series_id : "");
	bind_text(statement, 22, booking->title ? booking->title : "");
	bind_text(statement, 23, booking->note ? booking->note : "");
	bind_int(statement, 24, booking->people);
	bind_int(statement, 25, booking_unit_number(booking));
	return tx_try(tx, statement);
}

int booking_unit_number(const struct booking *booking)
{
	return booking->unit > 0 ? booking->unit : 1;
}

#define GRANULES_AT_ONCE 500   /* numbers in pool_unit */

/* One statement for a day of them: pool_unit counts. Ascending: on a database with row locks two bookings that overlap then never wait for
 * each other in a circle. */
enum step_end tx_take_granules(struct db_tx *tx, const struct booking *booking, struct granules range)
{
	enum step_end step = STEP_END;
	for (int64_t from = range.from; from < range.until && step == STEP_END; from += GRANULES_AT_ONCE) {
		int64_t left = range.until - from;
		struct statement *statement = tx_prepare(
			tx, "INSERT INTO slot (space_id, resource_id, unit, granule, booking_id)"
			    " SELECT ?1, ?2, ?3, ?4 + n.unit - 1, ?5 FROM pool_unit n WHERE n.unit <= ?6 ORDER BY n.unit");
		bind_text(statement, 1, booking->space_id);
		bind_text(statement, 2, booking->resource_id);
		bind_int(statement, 3, booking_unit_number(booking));
		bind_int(statement, 4, from);
		bind_text(statement, 5, booking->id);
		bind_int(statement, 6, left < GRANULES_AT_ONCE ? left : GRANULES_AT_ONCE);
		step = tx_try(tx, statement);
	}
	return step;
}

enum db_booked db_book(struct db_tx *tx, const struct booking *booking, struct granules range, struct db_actor actor,
                       const struct idempotent_answer *answer)
{
	if (answer && !db_keep_answer(tx, booking->space_id, actor.member_id, answer, booking->created_at))
		return DB_BOOKED_FAILED;
	bool on_behalf = booking->member_id && *booking->member_id;
	enum step_end booked = insert_booking(tx, booking, on_behalf ? booking->member_id : actor.member_id);
	if (booked != STEP_END)
		return booked == STEP_REFUSED ? DB_BOOKED_ID_EXISTS : DB_BOOKED_FAILED;
	enum step_end taken = tx_take_granules(tx, booking, range);
	if (taken != STEP_END)
		return taken == STEP_REFUSED ? DB_BOOKED_SLOT_TAKEN : DB_BOOKED_FAILED;
	bool told = tx_tell_booking(tx, booking, "booking.created", booking->version, booking->created_at, actor);
	return told ? DB_BOOKED : DB_BOOKED_FAILED;
}

bool db_has_bookings(struct db_tx *tx, const char *space_id)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM booking WHERE space_id = ? LIMIT 1");
	bind_text(statement, 1, space_id);
	bool any = tx_row(tx, statement);
	statement_done(statement);
	return any;
}

const struct booking *db_list_space_bookings(struct db_tx *tx, const struct space_bookings *wanted, int64_t after_start,
                                             const char *after_id, int limit, struct arena *arena, size_t *count)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(wanted->from, from);
	date_to_iso(wanted->until, until);
	/* Zones are from 12 hours behind to 14 ahead of UTC: so much of the index holds those dates. */
	int64_t earliest = (int64_t)date_to_days(wanted->from) * 86400 - 14 * 3600;
	int64_t latest = ((int64_t)date_to_days(wanted->until) + 1) * 86400 + 12 * 3600;
	struct statement *statement = tx_prepare(
		tx, BOOKING_SELECT "WHERE b.space_id = ?1 AND b.start_at >= ?2 AND b.start_at < ?3 AND b.date >= ?4 AND b.date <= ?5"
		                   " AND (?6 IS NULL OR b.member_id = ?6) AND (?7 IS NULL OR b.resource_id = ?7)"
		                   " AND (?8 IS NULL OR CASE WHEN b.ended = '' THEN b.state ELSE b.ended END = ?8)"
		                   " AND (b.start_at, b.id) > (?9, ?10) ORDER BY b.start_at, b.id LIMIT ?11");
	const char *const texts[] = { from, until, wanted->member_id, wanted->resource_id, wanted->state };
	bind_text(statement, 1, wanted->space_id);
	bind_int(statement, 2, after_id && after_start > earliest ? after_start : earliest);
	bind_int(statement, 3, latest);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 4, texts[i]);
	bind_int(statement, 9, after_id ? after_start : earliest - 1);
	bind_text(statement, 10, after_id ? after_id : "");
	bind_int(statement, 11, limit);
	struct booking *bookings = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *bookings);
	for (*count = 0; *count < (size_t)limit && tx_row(tx, statement); )
		bookings[(*count)++] = read_booking(statement, arena);
	statement_done(statement);
	return bookings;
}

#define SLOTS_AT_ONCE 20000

/* What was held long ago guards nothing any more; the bookings themselves stay. So a look at a day costs the same whatever the years
 * behind it. Each unit's oldest are at the beginning of its stretch of the primary key. */
bool tx_tidy_slots(struct db_tx *tx, int64_t now)
{
	struct statement *statement = tx_prepare(
		tx, "DELETE FROM slot WHERE (space_id, resource_id, unit, granule) IN (SELECT s.space_id, s.resource_id, s.unit, s.granule"
		    " FROM space p CROSS JOIN resource r CROSS JOIN pool_unit n CROSS JOIN slot s WHERE r.space_id = p.id"
		    " AND n.unit <= r.units AND s.space_id = r.space_id AND s.resource_id = r.id AND s.unit = n.unit"
		    " AND s.granule < ?1 / (CASE WHEN p.granule_s % 900 = 0 THEN 900 ELSE 300 END) LIMIT ?2)");
	bind_int(statement, 1, now - SLOTS_KEPT_S);
	bind_int(statement, 2, SLOTS_AT_ONCE);
	return tx_change(tx, statement);
}
