/* erase.c — a member goes: what counts stays and is nobody's in particular, everything else is forgotten.
 *
 * In each space a stand-in with a random id takes over what they had there, so that the counts of people and of what they did stay
 * true, and nothing says that two stand-ins, or a stand-in and a person, were one. What is old (retention.h) goes to stand-ins in the
 * same way, a month at a time. */
#include "person.h"

#include <string.h>

#include <sodium.h>

#define MARK_BYTES 32
#define NO_END "9999-12-31"       /* after every date */
#define BITE 20                   /* members at a time: one transaction */
#define LINES 2000                /* of an audit at a time */

/* Nothing of its making is in it, not even the time. */
static const char *random_id(struct arena *arena)
{
	unsigned char bytes[16];
	char digits[2 * sizeof bytes + 1];
	randombytes_buf(bytes, sizeof bytes);
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);     /* UUIDv4 (RFC 9562) */
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	sodium_bin2hex(digits, sizeof digits, bytes, sizeof bytes);
	return arena_print(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16, digits + 20);
}

static bool add_stand_in(struct db_tx *tx, const char *id)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO member (id, login, name, home_space_id, usual_resource_id, anonymous) VALUES (?1, ?1, '', '', '', 1)");
	bind_text(statement, 1, id);
	return tx_change(tx, statement);
}

static bool run_of_member(struct db_tx *tx, const char *text, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, text);
	bind_text(statement, 1, member_id);
	return tx_change(tx, statement);
}

/* `kept` -1: of all tables. */
static bool anonymise_in(struct db_tx *tx, const char *member_id, const char *space_id, const char *before, int kept,
                         struct arena *arena)
{
	const char *stand_in = random_id(arena);
	int64_t moved = 0;
	bool good = add_stand_in(tx, stand_in);
	for (size_t i = 0; good && i < person_table_count; i++) {
		const struct person_table *table = &person_tables[i];
		if (!table->anonymise || (kept >= 0 && table->kept != kept))
			continue;
		struct statement *statement = tx_prepare(tx, table->anonymise);
		bind_text(statement, 1, member_id);
		bind_text(statement, 2, space_id);
		bind_text(statement, 3, stand_in);
		bind_text(statement, 4, before);
		good = tx_change(tx, statement);
		moved += good ? tx_changes(tx) : 0;
	}
	return good && (moved > 0 || run_of_member(tx, "DELETE FROM member WHERE id = ?1", stand_in));
}

static bool anonymise(struct db_tx *tx, const char *member_id, const char *before, int kept)
{
	struct arena *arena = arena_new();
	size_t count = 0;
	const struct space *spaces = db_list_spaces(tx, arena, &count);
	bool good = true;
	for (size_t i = 0; good && i < count; i++)
		good = anonymise_in(tx, member_id, spaces[i].id, before, kept, arena);
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

/* ---- what lies ahead ---------------------------------------------------------------------------------------------- */

const struct commitment *db_list_commitments(struct db_tx *tx, const char *member_id, int64_t now, struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT 'booking', b.space_id, b.id, b.start_at FROM booking b"
		" WHERE b.member_id = ?1 AND b.state IN ('confirmed', 'pending') AND b.end_at > ?2"
		" UNION ALL SELECT 'signup', a.space_id, a.id, a.start_at FROM signup s"
		" JOIN activity a ON a.space_id = s.space_id AND a.id = s.activity_id"
		" WHERE s.member_id = ?1 AND s.state NOT IN ('withdrawn', 'lapsed') AND a.start_at > ?2 ORDER BY 4, 2, 3 LIMIT ?3");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, now);
	bind_int(statement, 3, COMMITMENTS_MAX);
	struct commitment *commitments = arena_get(arena, COMMITMENTS_MAX * sizeof *commitments);
	*count = 0;
	while (*count < COMMITMENTS_MAX && tx_row(tx, statement)) {
		commitments[(*count)++] = (struct commitment){ strcmp(row_text(statement, 0, arena), "booking") == 0,
			row_text(statement, 1, arena), row_text(statement, 2, arena), row_int(statement, 3) };
	}
	statement_done(statement);
	return commitments;
}

static bool let_go_of(struct db_tx *tx, const char *member_id, const struct commitment *commitment, int64_t now, const char *request_id,
                      struct arena *arena)
{
	const struct db_actor actor = { member_id, request_id };
	if (!db_hold_space(tx, commitment->space_id))
		return false;
	if (!commitment->is_booking)
		return db_withdraw(tx, commitment->space_id, commitment->id, now, actor);
	const struct space *space = db_find_space(tx, commitment->space_id, arena);
	const struct booking *booking = space ? db_find_booking(tx, space->id, commitment->id, arena) : NULL;
	/* Never late: there will be nobody to owe it. */
	return booking && db_cancel(tx, booking, granules_between(booking->start_at, booking->end_at, space->granule_s), false, "", now,
	                            actor);
}

bool db_let_go(struct db_tx *tx, const char *member_id, int64_t now, const char *request_id)
{
	struct arena *arena = arena_new();
	bool good = true;
	for (size_t count = 1; good && count > 0; ) {
		const struct commitment *commitments = db_list_commitments(tx, member_id, now, arena, &count);
		for (size_t i = 0; good && i < count; i++)
			good = let_go_of(tx, member_id, &commitments[i], now, request_id, arena);
	}
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

/* ---- erasure ------------------------------------------------------------------------------------------------------ */

static bool mark_of(struct db_tx *tx, const char *member_id, unsigned char mark[MARK_BYTES])
{
	unsigned char secret[32];
	bool known = db_secret(tx, secret);
	crypto_generichash(mark, MARK_BYTES, (const unsigned char *)member_id, strlen(member_id), secret, sizeof secret);
	sodium_memzero(secret, sizeof secret);
	return known;
}

static bool set_tombstone(struct db_tx *tx, const char *member_id, const char *by, int64_t now)
{
	unsigned char mark[MARK_BYTES];
	if (!mark_of(tx, member_id, mark))
		return false;
	struct statement *statement = tx_prepare(tx, "INSERT INTO tombstone (mark, at, actor) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
	bind_blob(statement, 1, mark, sizeof mark);
	bind_int(statement, 2, now);
	bind_text(statement, 3, strcmp(by, member_id) == 0 ? "self" : by);
	return tx_change(tx, statement);
}

bool db_erase_member(struct db_tx *tx, const char *member_id, int64_t now, struct db_actor actor)
{
	bool good = db_let_go(tx, member_id, now, actor.request_id) && anonymise(tx, member_id, NO_END, -1);
	for (size_t i = 0; good && i < person_trace_count; i++)
		good = run_of_member(tx, person_traces[i], member_id);
	for (size_t i = 0; good && i < person_table_count; i++)
		good = !person_tables[i].forget || run_of_member(tx, person_tables[i].forget, member_id);
	return good && set_tombstone(tx, member_id, actor.member_id, now) && !db_tx_failed(tx);
}

bool db_is_erased(struct db_tx *tx, const char *member_id)
{
	unsigned char mark[MARK_BYTES];
	if (!mark_of(tx, member_id, mark))
		return false;
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM tombstone WHERE mark = ?");
	bind_blob(statement, 1, mark, sizeof mark);
	bool has = tx_row(tx, statement);
	statement_done(statement);
	return has;
}

static bool has_tombstones(struct db_tx *tx)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM tombstone LIMIT 1");
	bool has = tx_row(tx, statement);
	statement_done(statement);
	return has;
}

static const char *next_member(struct db_tx *tx, const char *after, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, "SELECT id FROM member WHERE id > ? AND anonymous = 0 ORDER BY id LIMIT 1");
	bind_text(statement, 1, after);
	const char *id = tx_row(tx, statement) ? row_text(statement, 0, arena) : NULL;
	statement_done(statement);
	return id;
}

bool db_erase_again(struct db_tx *tx, int64_t now, int *erased)
{
	struct arena *arena = arena_new();
	bool good = true;
	*erased = 0;
	if (has_tombstones(tx)) {
		for (const char *id = ""; good && (id = next_member(tx, id, arena)); ) {
			if (db_is_erased(tx, id)) {
				good = db_erase_member(tx, id, now, (struct db_actor){ "restored", "restored" });
				*erased += good;
			}
		}
	}
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

/* ---- in time --------------------------------------------------------------------------------------------------------- */

static const char *const old_of[] = {
	[KEPT_BOOKINGS] = "SELECT m.id FROM member m WHERE m.anonymous = 0 AND EXISTS (SELECT 1 FROM booking b WHERE b.member_id = m.id"
	                  " AND b.start_at < ?1 AND b.date < ?2) ORDER BY m.id LIMIT ?3",
	[KEPT_SIGNUPS] = "SELECT m.id FROM member m WHERE m.anonymous = 0 AND EXISTS (SELECT 1 FROM signup s JOIN activity a"
	                 " ON a.space_id = s.space_id AND a.id = s.activity_id WHERE s.member_id = m.id AND a.start_at < ?1 AND a.date < ?2)"
	                 " ORDER BY m.id LIMIT ?3",
};

static bool retire(struct db_tx *tx, enum kept kept, struct local_date today, bool *more)
{
	char before[DATE_ISO_SIZE];
	struct local_date first = retention_first_day(kept, today);
	date_to_iso(first, before);
	struct arena *arena = arena_new();
	const char *members[BITE];
	size_t count = 0;
	struct statement *statement = tx_prepare(tx, old_of[kept]);
	bind_int(statement, 1, ((int64_t)date_to_days(first) + 1) * 86400);     /* some zones begin the day later than Greenwich */
	bind_text(statement, 2, before);
	bind_int(statement, 3, BITE);
	while (count < BITE && tx_row(tx, statement))
		members[count++] = row_text(statement, 0, arena);
	statement_done(statement);
	bool good = true;
	for (size_t i = 0; good && i < count; i++)
		good = anonymise(tx, members[i], before, (int)kept);
	*more |= count == BITE;
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

/* The oldest lines of each space, which come first in its key. */
static bool retire_audit(struct db_tx *tx, int64_t until, bool *more)
{
	struct arena *arena = arena_new();
	size_t count = 0;
	const struct space *spaces = db_list_spaces(tx, arena, &count);
	bool good = true;
	for (size_t i = 0; good && i < count; i++) {
		struct statement *statement = tx_prepare(
			tx, "DELETE FROM audit WHERE space_id = ?1 AND at < ?2 AND seq <"
			" (SELECT min(a.seq) FROM audit a WHERE a.space_id = ?1) + ?3");
		bind_text(statement, 1, spaces[i].id);
		bind_int(statement, 2, until);
		bind_int(statement, 3, LINES);
		good = tx_change(tx, statement);
		*more |= good && tx_changes(tx) == LINES;
	}
	arena_free(arena);
	static const char *const old[] = { "DELETE FROM member_audit WHERE at < ?",
		                           "UPDATE tombstone SET actor = '' WHERE at < ? AND actor <> ''" };
	for (size_t i = 0; good && i < COUNT_OF(old); i++) {
		struct statement *statement = tx_prepare(tx, old[i]);
		bind_int(statement, 1, until);
		good = tx_change(tx, statement);
	}
	return good && !db_tx_failed(tx);
}

bool db_retire(struct db_tx *tx, int64_t now, bool *more)
{
	struct local_date today = date_from_days((int32_t)(now / 86400));
	*more = false;
	return retire(tx, KEPT_BOOKINGS, today, more) && retire(tx, KEPT_SIGNUPS, today, more) &&
	       retire_audit(tx, (int64_t)date_to_days(retention_first_day(KEPT_AUDIT, today)) * 86400, more);
}
