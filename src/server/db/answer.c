/* answer.c — answers kept for repeated requests, to what was carried out and to what was refused, and how they are forgotten. */
#include "statement.h"

#include <stdio.h>
#include <string.h>

static struct statement *prepare_answer(struct db_tx *tx, const char *space_id, const char *member_id, const char *key, int64_t now)
{
	struct statement *statement = tx_prepare_asked(
		tx, "SELECT fingerprint, status, body, location, etag FROM idem"
		         " WHERE space_id = ? AND member_id = ? AND key = ? AND created_at > ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, member_id);
	bind_text(statement, 3, key);
	bind_int(statement, 4, now - IDEMPOTENCY_TTL_S);
	return statement;
}

const struct idempotent_answer *db_find_answer(struct db_tx *tx, const char *space_id, const char *member_id,
                                               const char *key, int64_t now, struct arena *arena)
{
	struct statement *statement = prepare_answer(tx, space_id, member_id, key, now);
	struct idempotent_answer *answer = NULL;
	if (tx_row(tx, statement)) {
		answer = arena_get(arena, sizeof *answer);
		size_t length = 0;
		const void *fingerprint = row_blob(statement, 0, arena, &length);
		if (length == sizeof answer->fingerprint)
			memcpy(answer->fingerprint, fingerprint, length);
		answer->key = arena_copy_text(arena, key);
		answer->status = (int)row_int(statement, 1);
		answer->body = row_text(statement, 2, arena);
		answer->location = row_text(statement, 3, arena);
		answer->etag = row_text(statement, 4, arena);
	}
	statement_done(statement);
	return answer;
}

void tx_ask_answer(struct db_tx *tx, const char *space_id, const char *member_id, const char *key, int64_t now)
{
	tx_ask(tx, prepare_answer(tx, space_id, member_id, key, now));
}

#define INSERT_ANSWER                                                                                                         \
	"INSERT INTO idem (space_id, member_id, key, fingerprint, status, body, location, etag, created_at)"                  \
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (space_id, member_id, key) DO UPDATE SET"                    \
	" (fingerprint, status, body, location, etag, created_at) = (excluded.fingerprint, excluded.status, excluded.body,"    \
	" excluded.location, excluded.etag, excluded.created_at)"

static void bind_answer(struct statement *statement, const char *space_id, const char *member_id, const struct idempotent_answer *answer,
                        int64_t now)
{
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, member_id);
	bind_text(statement, 3, answer->key);
	bind_blob(statement, 4, answer->fingerprint, sizeof answer->fingerprint);
	bind_int(statement, 5, answer->status);
	bind_text(statement, 6, answer->body);
	bind_text(statement, 7, answer->location);
	bind_text(statement, 8, answer->etag);
	bind_int(statement, 9, now);
}

/* One past its time gives way: db_find_answer() no longer saw it. */
bool db_keep_answer(struct db_tx *tx, const char *space_id, const char *member_id, const struct idempotent_answer *answer, int64_t now)
{
	struct statement *statement = tx_prepare(tx, INSERT_ANSWER);
	bind_answer(statement, space_id, member_id, answer, now);
	return tx_change(tx, statement);
}

/* Only one past its time gives way: on a database with several writers the first try may have been quicker. */
bool db_keep_refusal(struct db_tx *tx, const char *space_id, const char *member_id, const struct idempotent_answer *answer, int64_t now)
{
	struct statement *statement = tx_prepare(tx, INSERT_ANSWER " WHERE idem.created_at <= ?10");
	bind_answer(statement, space_id, member_id, answer, now);
	bind_int(statement, 10, now - IDEMPOTENCY_TTL_S);
	return tx_change(tx, statement) && tx_changes(tx) > 0;
}

/* ---- forgetting ------------------------------------------------------------------------------------------------------ */

static void bind_place(struct statement *statement, int at, const struct answer_place *place)
{
	bind_text(statement, at, place->space_id);
	bind_text(statement, at + 1, place->member_id);
	bind_text(statement, at + 2, place->key);
}

/* The last of those that come next. False: there are fewer, or the disk. */
static bool find_last(struct db_tx *tx, const struct answer_place *from, struct answer_place *last)
{
	struct arena *arena = arena_new();
	struct statement *statement = tx_prepare(tx, "SELECT space_id, member_id, key FROM idem WHERE (space_id, member_id, key) > (?1, ?2, ?3)"
	                                             " ORDER BY space_id, member_id, key LIMIT 1 OFFSET ?4");
	bind_place(statement, 1, from);
	bind_int(statement, 4, ANSWERS_AT_ONCE - 1);
	bool found = tx_row(tx, statement);
	*last = (struct answer_place){ "", "", "" };
	if (found) {
		snprintf(last->space_id, sizeof last->space_id, "%s", row_text(statement, 0, arena));
		snprintf(last->member_id, sizeof last->member_id, "%s", row_text(statement, 1, arena));
		snprintf(last->key, sizeof last->key, "%s", row_text(statement, 2, arena));
	}
	statement_done(statement);
	arena_free(arena);
	return found;
}

bool db_tidy_answers(struct db_tx *tx, int64_t now, const struct answer_place *from, struct answer_place *next)
{
	bool more = find_last(tx, from, next);
	struct statement *statement =
		more ? tx_prepare(tx, "DELETE FROM idem WHERE (space_id, member_id, key) > (?1, ?2, ?3) AND created_at <= ?4"
		                      " AND (space_id, member_id, key) <= (?5, ?6, ?7)")
		     : tx_prepare(tx, "DELETE FROM idem WHERE (space_id, member_id, key) > (?1, ?2, ?3) AND created_at <= ?4");
	bind_place(statement, 1, from);
	bind_int(statement, 4, now - IDEMPOTENCY_TTL_S);
	if (more)
		bind_place(statement, 5, next);
	return tx_change(tx, statement);
}
