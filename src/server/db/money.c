/* money.c — passes, carnets, network days and the ledger: counters that move with the booking, and the lines they can be counted
 * anew from.
 *
 * A counter is taken from by one statement that says how much must be there: whoever comes second, on another machine too, finds it
 * short and pays by the next way. The CHECKs of the tables are there for the day somebody writes that statement wrongly. */
#include "statement.h"

#include <inttypes.h>
#include <string.h>

#define PASS_COLUMNS                                                                                                   \
	"p.id, p.member_id, p.kind, p.space_id, p.scope, p.first_date, p.last_date, p.half_days, p.half_days_left, p.net_cents, " \
	"p.vat_permille, p.gross_cents, p.sold_at"

static struct pass read_pass(struct statement *row, struct arena *arena)
{
	return (struct pass){
		.id = row_text(row, 0, arena),
		.member_id = row_text(row, 1, arena),
		.is_carnet = strcmp(row_text(row, 2, arena), "carnet") == 0,
		.space_id = row_text(row, 3, arena),
		.network = strcmp(row_text(row, 4, arena), "network") == 0,
		.from = row_date(row, 5, arena),
		.until = row_date(row, 6, arena),
		.half_days = (int)row_int(row, 7),
		.half_days_left = (int)row_int(row, 8),
		.price = { (int)row_int(row, 9), (int)row_int(row, 10), (int)row_int(row, 11) },
		.sold_at = row_int(row, 12),
	};
}

const struct pass *db_find_pass(struct db_tx *tx, const char *id, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, "SELECT " PASS_COLUMNS " FROM pass p WHERE p.id = ?");
	bind_text(statement, 1, id);
	struct pass *pass = NULL;
	if (tx_row(tx, statement)) {
		pass = arena_get(arena, sizeof *pass);
		*pass = read_pass(statement, arena);
	}
	statement_done(statement);
	return pass;
}

const struct pass *db_list_passes(struct db_tx *tx, const char *member_id, int64_t after_sold, const char *after_id, int limit,
                                  struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT " PASS_COLUMNS " FROM pass p WHERE p.member_id = ?1 AND (p.sold_at, p.id) > (?2, ?3)"
		" ORDER BY p.sold_at, p.id LIMIT ?4");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, after_id ? after_sold : INT64_MIN);
	bind_text(statement, 3, after_id ? after_id : "");
	bind_int(statement, 4, limit);
	struct pass *passes = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *passes);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		passes[(*count)++] = read_pass(statement, arena);
	statement_done(statement);
	return passes;
}

static struct statement *prepare_usable_passes(struct db_tx *tx, const char *member_id, struct local_date date)
{
	char day[DATE_ISO_SIZE];
	date_to_iso(date, day);
	struct statement *statement = tx_prepare_asked(
		tx, "SELECT " PASS_COLUMNS " FROM pass p WHERE p.member_id = ?1 AND p.first_date <= ?2 AND p.last_date >= ?2"
		" AND (p.kind = 'pass' OR p.half_days_left > 0) ORDER BY p.last_date, p.sold_at, p.id LIMIT ?3");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, day);
	bind_int(statement, 3, PASSES_USABLE_MAX);
	return statement;
}

void db_ask_usable_passes(struct db_tx *tx, const char *member_id, struct local_date date)
{
	tx_ask(tx, prepare_usable_passes(tx, member_id, date));
}

const struct pass *db_list_usable_passes(struct db_tx *tx, const char *member_id, struct local_date date, struct arena *arena,
                                         size_t *count)
{
	struct statement *statement = prepare_usable_passes(tx, member_id, date);
	struct pass *passes = arena_get(arena, PASSES_USABLE_MAX * sizeof *passes);
	*count = 0;
	while (*count < PASSES_USABLE_MAX && tx_row(tx, statement))
		passes[(*count)++] = read_pass(statement, arena);
	statement_done(statement);
	return passes;
}

int db_count_network_half_days(struct db_tx *tx, const char *space_id, const char *member_id, int year)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT used FROM network_day WHERE space_id = ? AND member_id = ? AND year = ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, member_id);
	bind_int(statement, 3, year);
	int used = tx_row(tx, statement) ? (int)row_int(statement, 0) : 0;
	statement_done(statement);
	return used;
}

/* ---- the ledger -------------------------------------------------------------------------------------------------- */

/* Nothing is added where there is a line of this effect already: that is told by tx_changes(). */
static bool add_line(struct db_tx *tx, const struct ledger_line *line)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(line->date, date);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO ledger (space_id, at, id, kind, pay_by, member_id, booking_id, pass_id, date, half_days, net_cents,"
		" vat_permille, gross_cents) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (space_id, at, id) DO NOTHING");
	const char *const kinds[] = { "sale", "booking", "given_back" };
	bind_text(statement, 1, line->space_id);
	bind_int(statement, 2, line->at);
	bind_text(statement, 3, line->id);
	bind_text(statement, 4, kinds[line->kind]);
	bind_text(statement, 5, pay_by_wire_name(line->by));
	bind_text(statement, 6, line->member_id);
	bind_text(statement, 7, line->booking_id);
	bind_text(statement, 8, line->pass_id);
	bind_text(statement, 9, date);
	bind_int(statement, 10, line->half_days);
	bind_int(statement, 11, line->price.net_cents);
	bind_int(statement, 12, line->price.vat_permille);
	bind_int(statement, 13, line->price.gross_cents);
	return tx_change(tx, statement);
}

/* Nothing is written where nothing is due and no credit is held: what is free, and what has no price. `sign` -1: given back. */
static bool tell_ledger(struct db_tx *tx, const struct booking *booking, int64_t version, int sign, int64_t now)
{
	const struct payment *payment = &booking->payment;
	int net = payment->due.net_cents > 0 ? payment->due.net_cents : 0, gross = net ? payment->due.gross_cents : 0;
	if (!net && !payment->half_days)
		return true;
	struct arena *arena = arena_new();
	struct ledger_line line = {
		.space_id = booking->space_id, .at = now,
		.id = arena_print(arena, "%s.%" PRId64 ".%d", booking->id, version, sign > 0 ? 2 : 1),
		.kind = sign > 0 ? LEDGER_BOOKING : LEDGER_GIVEN_BACK, .by = payment->by, .member_id = booking->member_id,
		.booking_id = booking->id, .pass_id = payment->pass_id, .date = booking->when.date, .half_days = -sign * payment->half_days,
		.price = { sign * net, payment->due.vat_permille, sign * gross },
	};
	bool added = add_line(tx, &line);
	arena_free(arena);
	/* Where there is one already, somebody's booking has this id and was made this second: db_book() refuses ours by its own key, and all is
	 * undone. So nobody waits to hear it. */
	return added && (sign > 0 || tx_changes(tx) == 1);
}

/* ---- counters ---------------------------------------------------------------------------------------------------- */

static bool take_of_carnet(struct db_tx *tx, const struct payment *payment)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE pass SET half_days_left = half_days_left - ?2 WHERE id = ?1 AND kind = 'carnet' AND half_days_left >= ?2");
	bind_text(statement, 1, payment->pass_id);
	bind_int(statement, 2, payment->half_days);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

static bool take_network_day(struct db_tx *tx, const struct booking *booking, const struct payment *payment, int most)
{
	if (payment->half_days > most)
		return false;
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO network_day (space_id, member_id, year, used, most) VALUES (?, ?, ?, ?, ?)"
		" ON CONFLICT (space_id, member_id, year) DO UPDATE SET used = network_day.used + excluded.used, most = excluded.most"
		" WHERE network_day.used + excluded.used <= excluded.most");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->member_id);
	bind_int(statement, 3, booking->when.date.year);
	bind_int(statement, 4, payment->half_days);
	bind_int(statement, 5, most);
	return tx_put(tx, statement) == DB_PUT_DONE;
}

static bool take(struct db_tx *tx, const struct booking *booking, const struct payment *payment, int network_half_days)
{
	switch (payment->by) {
	case PAY_PRICE:
	case PAY_PASS:
		return true;
	case PAY_NETWORK_DAY:
		return take_network_day(tx, booking, payment, network_half_days);
	case PAY_CARNET:
		return take_of_carnet(tx, payment);
	}
	return false;
}

bool db_pay(struct db_tx *tx, struct booking *booking, const struct payment *choices, size_t count, int network_half_days, int64_t now)
{
	for (size_t i = 0; i < count && !db_tx_failed(tx); i++) {
		if (take(tx, booking, &choices[i], network_half_days)) {
			booking->payment = choices[i];
			return tell_ledger(tx, booking, booking->version, 1, now);
		}
	}
	return false;
}

bool db_note_payment(struct db_tx *tx, const struct booking *booking)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE booking SET pay_by = ?, pass_id = ?, half_days = ?, given_back = 0 WHERE space_id = ? AND id = ?");
	bind_text(statement, 1, pay_by_wire_name(booking->payment.by));
	bind_text(statement, 2, booking->payment.pass_id);
	bind_int(statement, 3, booking->payment.half_days);
	bind_text(statement, 4, booking->space_id);
	bind_text(statement, 5, booking->id);
	return tx_change(tx, statement);
}

static bool put_back(struct db_tx *tx, const struct booking *booking)
{
	const struct payment *payment = &booking->payment;
	struct statement *statement = NULL;
	switch (payment->by) {
	case PAY_PRICE:
	case PAY_PASS:
		return true;
	case PAY_NETWORK_DAY:
		statement = tx_prepare(tx, "UPDATE network_day SET used = used - ? WHERE space_id = ? AND member_id = ? AND year = ?");
		bind_int(statement, 1, payment->half_days);
		bind_text(statement, 2, booking->space_id);
		bind_text(statement, 3, booking->member_id);
		bind_int(statement, 4, booking->when.date.year);
		return tx_change(tx, statement);
	case PAY_CARNET:
		statement = tx_prepare(tx, "UPDATE pass SET half_days_left = half_days_left + ? WHERE id = ?");
		bind_int(statement, 1, payment->half_days);
		bind_text(statement, 2, payment->pass_id);
		return tx_change(tx, statement);
	}
	return false;
}

bool db_give_back(struct db_tx *tx, const struct booking *booking, int64_t version, int64_t now)
{
	struct statement *statement =
		tx_prepare(tx, "UPDATE booking SET given_back = 1 WHERE space_id = ? AND id = ? AND given_back = 0");
	bind_text(statement, 1, booking->space_id);
	bind_text(statement, 2, booking->id);
	if (!tx_change(tx, statement))
		return false;
	return tx_changes(tx) == 0 || (put_back(tx, booking) && tell_ledger(tx, booking, version, -1, now));
}

/* ---- selling, and the books --------------------------------------------------------------------------------------- */

enum db_put db_sell_pass(struct db_tx *tx, const struct pass *pass, struct db_actor actor)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(pass->from, from);
	date_to_iso(pass->until, until);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO pass (id, member_id, kind, space_id, scope, first_date, last_date, half_days, half_days_left, net_cents,"
		" vat_permille, gross_cents, sold_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
	bind_text(statement, 1, pass->id);
	bind_text(statement, 2, pass->member_id);
	bind_text(statement, 3, pass->is_carnet ? "carnet" : "pass");
	bind_text(statement, 4, pass->space_id);
	bind_text(statement, 5, pass->network ? "network" : "space");
	bind_text(statement, 6, from);
	bind_text(statement, 7, until);
	bind_int(statement, 8, pass->half_days);
	bind_int(statement, 9, pass->half_days_left);
	bind_int(statement, 10, pass->price.net_cents);
	bind_int(statement, 11, pass->price.vat_permille);
	bind_int(statement, 12, pass->price.gross_cents);
	bind_int(statement, 13, pass->sold_at);
	enum db_put put = tx_put(tx, statement);
	if (put != DB_PUT_DONE)
		return put;
	struct arena *arena = arena_new();
	struct ledger_line line = {
		.space_id = pass->space_id, .at = pass->sold_at, .id = arena_print(arena, "%s.1.0", pass->id), .kind = LEDGER_SALE,
		.by = pass->is_carnet ? PAY_CARNET : PAY_PASS, .member_id = pass->member_id, .booking_id = "", .pass_id = pass->id,
		.date = pass->from, .half_days = pass->half_days, .price = pass->price,
	};
	bool told = add_line(tx, &line) && tx_changes(tx) == 1 && tx_tell(tx, pass->space_id, "pass.sold", pass->id, 1, pass->sold_at, actor);
	arena_free(arena);
	return told ? DB_PUT_DONE : DB_PUT_FAILED;
}

static struct ledger_line read_line(struct statement *row, struct arena *arena)
{
	const char *kind = row_text(row, 3, arena);
	struct ledger_line line = {
		.space_id = row_text(row, 0, arena),
		.at = row_int(row, 1),
		.id = row_text(row, 2, arena),
		.kind = strcmp(kind, "sale") == 0 ? LEDGER_SALE : strcmp(kind, "booking") == 0 ? LEDGER_BOOKING : LEDGER_GIVEN_BACK,
		.member_id = row_text(row, 5, arena),
		.booking_id = row_text(row, 6, arena),
		.pass_id = row_text(row, 7, arena),
		.date = row_date(row, 8, arena),
		.half_days = (int)row_int(row, 9),
		.price = { (int)row_int(row, 10), (int)row_int(row, 11), (int)row_int(row, 12) },
	};
	pay_by_from_wire(row_text(row, 4, arena), &line.by);
	return line;
}

const struct ledger_line *db_list_ledger(struct db_tx *tx, const char *space_id, int64_t from, int64_t until, int64_t after_at,
                                         const char *after_id, int limit, struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT space_id, at, id, kind, pay_by, member_id, booking_id, pass_id, date, half_days, net_cents, vat_permille,"
		" gross_cents FROM ledger WHERE space_id = ?1 AND at >= ?2 AND at < ?3 AND (at, id) > (?4, ?5) ORDER BY at, id LIMIT ?6");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, after_id && after_at > from ? after_at : from);
	bind_int(statement, 3, until);
	bind_int(statement, 4, after_id ? after_at : from - 1);
	bind_text(statement, 5, after_id ? after_id : "");
	bind_int(statement, 6, limit);
	struct ledger_line *lines = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *lines);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		lines[(*count)++] = read_line(statement, arena);
	statement_done(statement);
	return lines;
}

const struct ledger_sum *db_sum_ledger(struct db_tx *tx, const char *space_id, int64_t from, int64_t until, struct arena *arena,
                                       size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT vat_permille, count(*), CAST(sum(net_cents) AS BIGINT), CAST(sum(gross_cents) AS BIGINT) FROM ledger"
		" WHERE space_id = ? AND at >= ? AND at < ? GROUP BY vat_permille ORDER BY vat_permille LIMIT ?");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, from);
	bind_int(statement, 3, until);
	bind_int(statement, 4, LEDGER_RATES_MAX);
	struct ledger_sum *sums = arena_get(arena, LEDGER_RATES_MAX * sizeof *sums);
	*count = 0;
	while (*count < LEDGER_RATES_MAX && tx_row(tx, statement))
		sums[(*count)++] = (struct ledger_sum){ (int)row_int(statement, 0), row_int(statement, 1), row_int(statement, 2),
			                                row_int(statement, 3) };
	statement_done(statement);
	return sums;
}

const struct network_days *db_list_network_days(struct db_tx *tx, const struct member *member, int year, struct arena *arena,
                                                size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT s.id, s.name, coalesce(t.network_days, 0) * 2, coalesce(n.used, 0) FROM space s"
		" LEFT JOIN terms t ON t.space_id = s.id"
		" LEFT JOIN network_day n ON n.space_id = s.id AND n.member_id = ?1 AND n.year = ?2"
		" WHERE s.id <> ?3 AND (t.network_days > 0 OR n.used > 0) ORDER BY s.position, s.id LIMIT ?4");
	bind_text(statement, 1, member->id);
	bind_int(statement, 2, year);
	bind_text(statement, 3, member->home_space_id);
	bind_int(statement, 4, NETWORK_SPACES_MAX);
	struct network_days *days = arena_get(arena, NETWORK_SPACES_MAX * sizeof *days);
	*count = 0;
	while (*count < NETWORK_SPACES_MAX && tx_row(tx, statement))
		days[(*count)++] = (struct network_days){ row_text(statement, 0, arena), row_text(statement, 1, arena),
			                                  (int)row_int(statement, 2), (int)row_int(statement, 3) };
	statement_done(statement);
	return days;
}
