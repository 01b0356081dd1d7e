/* feed.c — the change feed, the audit log, and what is forgotten in time. */
#include "engine.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#define FORGOTTEN_AT_ONCE 10000  /* changes of one space in one round of tidying: the writer serves others too */

static bool write_count(struct db_tx *tx, struct feed_count *count)
{
	if (!count->unwritten)
		return true;
	struct statement *statement = tx_prepare(tx, "UPDATE feed SET seq = ? WHERE space_id = ?");
	bind_int(statement, 1, count->seq);
	bind_text(statement, 2, count->space_id);
	count->unwritten = false;
	return tx_change(tx, statement);
}

bool tx_write_counts(struct db_tx *tx)
{
	bool written = true;
	for (size_t i = 0; i < tx->connection->counts.used; i++)
		written = write_count(tx, &tx->connection->counts.each[i]) && written;
	return written;
}

/* NULL: this transaction has not counted there. */
static struct feed_count *find_count(struct db_tx *tx, const char *space_id)
{
	struct feed_counts *counts = &tx->connection->counts;
	for (size_t i = 0; i < counts->used; i++)
		if (strcmp(counts->each[i].space_id, space_id) == 0)
			return &counts->each[i];
	return NULL;
}

/* Nobody else counts there from now on. NULL: the disk. */
static struct feed_count *begin_count(struct db_tx *tx, const char *space_id)
{
	struct feed_counts *counts = &tx->connection->counts;
	if (strlen(space_id) >= sizeof counts->each[0].space_id)
		return NULL;
	if (counts->used == COUNTS_MOST) {
		if (!write_count(tx, &counts->each[0]))
			return NULL;
		memmove(&counts->each[0], &counts->each[1], (COUNTS_MOST - 1) * sizeof counts->each[0]);
		counts->used--;
	}
	struct statement *statement = tx_prepare(tx, "INSERT INTO feed (space_id, seq) VALUES (?, 0)"
	                                             " ON CONFLICT (space_id) DO UPDATE SET seq = feed.seq RETURNING seq");
	bind_text(statement, 1, space_id);
	bool found = tx_row(tx, statement);
	struct feed_count count = { .seq = found ? row_int(statement, 0) : 0 };
	statement_done(statement);
	if (!found)
		return NULL;
	snprintf(count.space_id, sizeof count.space_id, "%s", space_id);
	counts->each[counts->used] = count;
	return &counts->each[counts->used++];
}

/* The next number of a space's feed, counted inside the transaction; 0 on failure. */
static int64_t next_number(struct db_tx *tx, const char *space_id)
{
	struct feed_count *count = find_count(tx, space_id);
	if (!count)
		count = begin_count(tx, space_id);
	if (!count)
		return 0;
	count->unwritten = true;
	return ++count->seq;
}

/* "booking.cancelled" is of "booking.". */
static bool is_of(const char *kind, const char *things)
{
	return strncmp(kind, things, strlen(things)) == 0;
}

/* Since when what is told of is as it is: calendars say so, and keep what was cancelled for a while. A booking that is new says so
 * itself; a sign-up does, and changes nothing of what its activity is. */
static bool stamp(struct db_tx *tx, const char *space_id, const char *kind, const char *ref, int64_t at)
{
	struct statement *statement;
	if (is_of(kind, "booking.") && strcmp(kind, "booking.created") != 0) {
		statement = tx_prepare(tx, "UPDATE booking SET changed_at = ?3 WHERE space_id = ?1 AND id = ?2");
	} else if (is_of(kind, "activity.")) {
		statement = tx_prepare(tx, "UPDATE activity SET changed_at = ?3, edition = edition + ?4 WHERE space_id = ?1 AND id = ?2");
		bind_int(statement, 4, strcmp(kind, "activity.created") != 0);
	} else {
		return true;
	}
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, ref);
	bind_int(statement, 3, at);
	return tx_change(tx, statement);
}

/* `booking`: which it is about, as it is at this moment; NULL: none. */
static bool tell(struct db_tx *tx, const char *space_id, const char *kind, const char *ref, const struct booking *booking, int64_t version,
                 int64_t at, struct db_actor actor)
{
	char date[DATE_ISO_SIZE] = "";
	if (booking)
		date_to_iso(booking->when.date, date);
	int64_t number = next_number(tx, space_id);
	if (!number)
		return false;
	struct statement *change =
		tx_prepare(tx, "INSERT INTO change_log (space_id, seq, at, kind, ref, version, resource_id, date) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(change, 1, space_id);
	bind_int(change, 2, number);
	bind_int(change, 3, tx->told_as_of ? tx->told_as_of : at);
	bind_text(change, 4, kind);
	bind_text(change, 5, ref);
	bind_int(change, 6, version);
	bind_text(change, 7, booking ? booking->resource_id : "");
	bind_text(change, 8, date);
	struct statement *audit = tx_prepare(
		tx, "INSERT INTO audit (space_id, seq, at, actor, action, ref, request_id) VALUES (?, ?, ?, ?, ?, ?, ?)");
	bind_text(audit, 1, space_id);
	bind_int(audit, 2, number);
	bind_int(audit, 3, at);
	bind_text(audit, 4, actor.member_id);
	bind_text(audit, 5, kind);
	bind_text(audit, 6, ref);
	bind_text(audit, 7, actor.request_id);
	tx->news |= DB_NEWS_CHANGE;
	bool told = tx_change(tx, change);
	return tx_change(tx, audit) && told && stamp(tx, space_id, kind, ref, at);
}

bool tx_tell(struct db_tx *tx, const char *space_id, const char *kind, const char *ref, int64_t version, int64_t at,
             struct db_actor actor)
{
	return tell(tx, space_id, kind, ref, NULL, version, at, actor);
}

bool tx_tell_booking(struct db_tx *tx, const struct booking *booking, const char *kind, int64_t version, int64_t at,
                     struct db_actor actor)
{
	return tell(tx, booking->space_id, kind, booking->id, booking, version, at, actor);
}

bool tx_tell_left(struct db_tx *tx, const struct booking *booking, int64_t at, struct db_actor actor)
{
	return tell(tx, booking->space_id, "availability.changed", booking->resource_id, booking, 0, at, actor);
}

void db_tell_as_of(struct db_tx *tx, int64_t now)
{
	tx->told_as_of = now;
}

int64_t db_last_change(struct db_tx *tx, const char *space_id)
{
	const struct feed_count *counted = find_count(tx, space_id);
	if (counted)
		return counted->seq;
	struct statement *statement = tx_prepare(tx, "SELECT seq FROM feed WHERE space_id = ?");
	bind_text(statement, 1, space_id);
	int64_t last = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return last;
}

const struct change *db_list_changes(struct db_tx *tx, const char *space_id, int64_t after, int limit,
                                     struct arena *arena, size_t *count)
{
	struct change *changes = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *changes);
	struct statement *statement = tx_prepare(
		tx, "SELECT c.seq, c.at, c.kind, c.ref, c.version, c.resource_id, b.member_id, c.date FROM change_log c"
		    " LEFT JOIN booking b ON b.space_id = c.space_id AND b.id = c.ref"
		    " WHERE c.space_id = ? AND c.seq > ? ORDER BY c.seq LIMIT ?");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, after);
	bind_int(statement, 3, limit);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		changes[(*count)++] = (struct change){ row_int(statement, 0), row_int(statement, 1), row_text(statement, 2, arena),
		                                       row_text(statement, 3, arena), row_int(statement, 4),
		                                       row_text(statement, 5, arena), row_text(statement, 6, arena),
		                                       row_text(statement, 7, arena) };
	statement_done(statement);
	return changes;
}

int64_t db_oldest_change(struct db_tx *tx, const char *space_id)
{
	struct statement *statement = tx_prepare(tx, "SELECT seq FROM change_log WHERE space_id = ? ORDER BY seq LIMIT 1");
	bind_text(statement, 1, space_id);
	int64_t oldest = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return oldest;
}

const struct feed_head *db_list_heads(struct db_tx *tx, struct arena *arena, size_t *count)
{
	struct arena_rows heads = { .bytes = sizeof(struct feed_head) };
	struct statement *statement = tx_prepare(tx, "SELECT space_id, seq FROM feed ORDER BY space_id");
	while (tx_row(tx, statement)) {
		struct feed_head *head = arena_next_row(arena, &heads);
		*head = (struct feed_head){ row_text(statement, 0, arena), row_int(statement, 1) };
		heads.count++;
	}
	statement_done(statement);
	*count = heads.count;
	return heads.first;
}

/* ---- epochs --------------------------------------------------------------------------------------------------------- */

static void make_epoch(char epoch[EPOCH_SIZE])
{
	for (size_t i = 0; i < EPOCH_SIZE - 1; i++)
		epoch[i] = EPOCH_LETTERS[randombytes_uniform(sizeof EPOCH_LETTERS - 1)];
	epoch[EPOCH_SIZE - 1] = '\0';
}

static bool read_epoch(struct db_tx *tx, char epoch[EPOCH_SIZE])
{
	struct arena *arena = arena_new();
	struct statement *statement = tx_prepare(tx, "SELECT value FROM setting WHERE name = 'epoch'");
	size_t length = 0;
	const void *value = tx_row(tx, statement) ? row_blob(statement, 0, arena, &length) : NULL;
	statement_done(statement);
	bool found = length == EPOCH_SIZE - 1;
	if (found) {
		memcpy(epoch, value, length);
		epoch[length] = '\0';
	}
	arena_free(arena);
	return found;
}

bool db_epoch(struct db_tx *tx, char epoch[EPOCH_SIZE])
{
	if (read_epoch(tx, epoch))
		return true;
	char made[EPOCH_SIZE];
	make_epoch(made);
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO setting (name, value) VALUES ('epoch', ?) ON CONFLICT DO NOTHING");
	bind_blob(statement, 1, made, EPOCH_SIZE - 1);
	return tx_change(tx, statement) && read_epoch(tx, epoch);
}

bool db_begin_epoch(struct db_tx *tx)
{
	char made[EPOCH_SIZE];
	make_epoch(made);
	struct statement *statement = tx_prepare(tx, "INSERT INTO setting (name, value) VALUES ('epoch', ?1)"
	                                             " ON CONFLICT (name) DO UPDATE SET value = ?1");
	bind_blob(statement, 1, made, EPOCH_SIZE - 1);
	tx->news |= DB_NEWS_CHANGE;
	return tx_change(tx, statement);
}

bool db_secret(struct db_tx *tx, unsigned char secret[32])
{
	struct arena *arena = arena_new();
	struct statement *statement = tx_prepare(tx, "SELECT value FROM setting WHERE name = 'secret'");
	size_t length = 0;
	const void *value = tx_row(tx, statement) ? row_blob(statement, 0, arena, &length) : NULL;
	statement_done(statement);
	if (length == 32)
		memcpy(secret, value, length);
	arena_free(arena);
	return length == 32;
}

/* The oldest that are past their time. Numbers and times grow together, so the look stops at the first that is to be kept. */
static int64_t last_to_forget(struct db_tx *tx, const char *space_id, int64_t before)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT seq, at FROM change_log WHERE space_id = ? ORDER BY seq LIMIT ?");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, FORGOTTEN_AT_ONCE);
	int64_t last = 0;
	while (tx_row(tx, statement) && row_int(statement, 1) < before)
		last = row_int(statement, 0);
	statement_done(statement);
	return last;
}

static bool forget_changes(struct db_tx *tx, int64_t before)
{
	struct arena *arena = arena_new();
	size_t count = 0;
	bool forgotten = true;
	const struct feed_head *heads = db_list_heads(tx, arena, &count);
	for (size_t i = 0; i < count && forgotten; i++) {
		int64_t last = last_to_forget(tx, heads[i].space_id, before);
		if (last == 0)
			continue;
		struct statement *statement = tx_prepare(tx, "DELETE FROM change_log WHERE space_id = ? AND seq <= ?");
		bind_text(statement, 1, heads[i].space_id);
		bind_int(statement, 2, last);
		forgotten = tx_change(tx, statement);
	}
	arena_free(arena);
	return forgotten;
}

bool db_tidy(struct db_tx *tx, int64_t now)
{
	if (!forget_changes(tx, now - CHANGES_KEPT_S))
		return false;
	struct statement *mark = tx_prepare(tx, "INSERT INTO setting (name, value) VALUES ('tidied', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
	char at[32];
	snprintf(at, sizeof at, "%lld", (long long)now);
	bind_blob(mark, 1, at, strlen(at));
	bool tidied = tx_tidy_slots(tx, now);
	tidied = tx_tidy_standing(tx, now) && tidied;
	tidied = tx_tidy_rates(tx, now) && tidied;
	return tx_change(tx, mark) && tidied;
}
