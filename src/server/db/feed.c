/* feed.c — the change feed, the audit log, and what is forgotten in time. */
#include "statement.h"

#include <stdio.h>
#include <string.h>

/* The next number of a space's feed, counted inside the transaction; 0 on failure. */
static int64_t next_number(struct db_tx *tx, const char *space_id)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO feed (space_id, seq) VALUES (?, 1)"
		                     " ON CONFLICT (space_id) DO UPDATE SET seq = feed.seq + 1 RETURNING seq");
	bind_text(statement, 1, space_id);
	int64_t number = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return number;
}

bool tx_tell(struct db_tx *tx, const char *space_id, const char *kind, const char *ref, int64_t version, int64_t at,
             struct db_actor actor)
{
	int64_t number = next_number(tx, space_id);
	if (!number)
		return false;
	struct statement *change =
		tx_prepare(tx, "INSERT INTO change_log (space_id, seq, at, kind, ref, version) VALUES (?, ?, ?, ?, ?, ?)");
	bind_text(change, 1, space_id);
	bind_int(change, 2, number);
	bind_int(change, 3, at);
	bind_text(change, 4, kind);
	bind_text(change, 5, ref);
	bind_int(change, 6, version);
	struct statement *audit = tx_prepare(
		tx, "INSERT INTO audit (space_id, seq, at, actor, action, ref, request_id) VALUES (?, ?, ?, ?, ?, ?, ?)");
	bind_text(audit, 1, space_id);
	bind_int(audit, 2, number);
	bind_int(audit, 3, at);
	bind_text(audit, 4, actor.member_id);
	bind_text(audit, 5, kind);
	bind_text(audit, 6, ref);
	bind_text(audit, 7, actor.request_id);
	bool told = tx_change(tx, change);
	return tx_change(tx, audit) && told;
}

int64_t db_last_change(struct db_tx *tx, const char *space_id)
{
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
		tx, "SELECT seq, at, kind, ref, version FROM change_log WHERE space_id = ? AND seq > ? ORDER BY seq LIMIT ?");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, after);
	bind_int(statement, 3, limit);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		changes[(*count)++] = (struct change){ row_int(statement, 0), row_int(statement, 1), row_text(statement, 2, arena),
		                                       row_text(statement, 3, arena), row_int(statement, 4) };
	statement_done(statement);
	return changes;
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

bool db_tidy(struct db_tx *tx, int64_t now)
{
	struct statement *answers = tx_prepare(tx, "DELETE FROM idem WHERE created_at <= ?");
	bind_int(answers, 1, now - IDEMPOTENCY_TTL_S);
	struct statement *tokens = tx_prepare(tx, "DELETE FROM token WHERE expires_at <= ?");
	bind_int(tokens, 1, now);
	struct statement *mark = tx_prepare(tx, "INSERT INTO setting (name, value) VALUES ('tidied', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
	char at[32];
	snprintf(at, sizeof at, "%lld", (long long)now);
	bind_blob(mark, 1, at, strlen(at));
	bool tidied = tx_change(tx, answers);
	tidied = tx_change(tx, tokens) && tidied;
	tidied = tx_tidy_rates(tx, now) && tidied;
	return tx_change(tx, mark) && tidied;
}
