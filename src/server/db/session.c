/* session.c — sessions and the tokens that belong to them. */
#include "standing.h"

#include <string.h>

#include "engine.h"
#include "subscription.h"

static const char *const kind_names[] = { [SESSION_PASSWORD] = "password", [SESSION_DEVICE] = "device",
	                                  [SESSION_PERSONAL] = "personal" };

const char *session_kind_name(enum session_kind kind)
{
	return kind_names[kind];
}

static enum session_kind kind_from_name(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kind_names); i++)
		if (strcmp(kind_names[i], name) == 0)
			return (enum session_kind)i;
	return SESSION_PERSONAL;
}

#define COLUMNS "s.id, s.member_id, s.kind, s.client, s.name, s.scopes, s.created_at, s.used_at, s.expires_at"
#define COLUMNS_READ 9

static void read_session(struct statement *row, struct arena *arena, struct session *session)
{
	*session = (struct session){
		.id = row_text(row, 0, arena),
		.member_id = row_text(row, 1, arena),
		.kind = kind_from_name(row_text(row, 2, arena)),
		.client = row_text(row, 3, arena),
		.name = row_text(row, 4, arena),
		.scopes = (unsigned)row_int(row, 5),
		.created_at = row_int(row, 6),
		.used_at = row_int(row, 7),
		.expires_at = row_int(row, 8),
	};
}

bool db_add_session(struct db_tx *tx, const struct session *session)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO session (id, member_id, kind, client, name, scopes, created_at, used_at, expires_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(statement, 1, session->id);
	bind_text(statement, 2, session->member_id);
	bind_text(statement, 3, session_kind_name(session->kind));
	bind_text(statement, 4, session->client);
	bind_text(statement, 5, session->name);
	bind_int(statement, 6, session->scopes);
	bind_int(statement, 7, session->created_at);
	bind_int(statement, 8, session->used_at);
	bind_int(statement, 9, session->expires_at);
	return tx_change(tx, statement);
}

const struct session *db_list_sessions(struct db_tx *tx, const char *member_id, bool personal, int64_t now, int limit,
                                       struct arena *arena, size_t *count)
{
	struct session *sessions = arena_get(arena, (size_t)limit * sizeof *sessions);
	struct statement *statement = tx_prepare(
		tx, "SELECT " COLUMNS " FROM session s WHERE s.member_id = ?1 AND s.expires_at > ?2"
		" AND CASE WHEN s.kind = 'personal' THEN 1 ELSE 0 END = ?3 ORDER BY s.created_at DESC, s.id DESC LIMIT ?4");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, now);
	bind_int(statement, 3, personal);
	bind_int(statement, 4, limit);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		read_session(statement, arena, &sessions[(*count)++]);
	statement_done(statement);
	return sessions;
}

const struct session *db_find_session(struct db_tx *tx, const char *member_id, const char *id, int64_t now, struct arena *arena)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT " COLUMNS " FROM session s WHERE s.member_id = ? AND s.id = ? AND s.expires_at > ?");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, id);
	bind_int(statement, 3, now);
	struct session *session = NULL;
	if (tx_row(tx, statement)) {
		session = arena_get(arena, sizeof *session);
		read_session(statement, arena, session);
	}
	statement_done(statement);
	return session;
}

bool db_end_session(struct db_tx *tx, const char *member_id, const char *id)
{
	struct statement *statements[] = {
		tx_prepare(tx, "DELETE FROM token WHERE member_id = ? AND session_id = ?"),
		tx_prepare(tx, "DELETE FROM refresh WHERE member_id = ? AND session_id = ?"),
		tx_prepare(tx, "DELETE FROM session WHERE member_id = ? AND id = ?"),
	};
	bool done = true;
	tx->news |= DB_NEWS_STANDING;
	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		bind_text(statements[i], 1, member_id);
		bind_text(statements[i], 2, id);
		done = tx_change(tx, statements[i]) && done;
	}
	return done;
}

/* A code that was granted and not fetched yet is a log-in to come. */
static bool deny_devices(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "UPDATE device SET state = 'denied', page_hash = NULL"
	                                             " WHERE member_id = ? AND state IN ('waiting', 'granted')");
	bind_text(statement, 1, member_id);
	return tx_change(tx, statement);
}

#define PERSONAL "(SELECT s.id FROM session s WHERE s.member_id = ?1 AND s.kind = 'personal')"

bool db_end_sessions(struct db_tx *tx, const char *member_id, const char *kept, bool personal_too)
{
	struct statement *statements[] = {
		tx_prepare(tx, "DELETE FROM token WHERE member_id = ?1 AND (session_id <> ?2 OR session_id = '')"
		               " AND (?3 = 1 OR session_id NOT IN " PERSONAL ")"),
		tx_prepare(tx, "DELETE FROM refresh WHERE member_id = ?1 AND session_id <> ?2"
		               " AND (?3 = 1 OR session_id NOT IN " PERSONAL ")"),
		tx_prepare(tx, "DELETE FROM session WHERE member_id = ?1 AND id <> ?2 AND (?3 = 1 OR kind <> 'personal')"),
	};
	bool done = deny_devices(tx, member_id) && (!personal_too || db_remove_calendar_keys(tx, member_id));
	tx->news |= DB_NEWS_STANDING;
	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		bind_text(statements[i], 1, member_id);
		bind_text(statements[i], 2, kept);
		bind_int(statements[i], 3, personal_too);
		done = tx_change(tx, statements[i]) && done;
	}
	return done;
}

bool db_add_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], const struct session *session, int64_t now,
                  int64_t expires_at)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO token (hash, member_id, session_id, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	bind_text(statement, 2, session->member_id);
	bind_text(statement, 3, session->id);
	bind_int(statement, 4, session->scopes);
	bind_int(statement, 5, now);
	bind_int(statement, 6, expires_at);
	return tx_change(tx, statement);
}

/* ---- refresh tokens -------------------------------------------------------------------------------------------------- */

bool db_add_refresh(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], const struct session *session,
                    int64_t expires_at)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO refresh (hash, member_id, session_id, expires_at) VALUES (?, ?, ?, ?)");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	bind_text(statement, 2, session->member_id);
	bind_text(statement, 3, session->id);
	bind_int(statement, 4, expires_at);
	return tx_change(tx, statement);
}

const struct refresh *db_find_refresh(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], struct arena *arena)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT " COLUMNS ", r.expires_at, r.rotated_at, r.salt FROM refresh r"
		" JOIN session s ON s.member_id = r.member_id AND s.id = r.session_id WHERE r.hash = ?");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	struct refresh *refresh = NULL;
	if (tx_row(tx, statement)) {
		refresh = arena_get(arena, sizeof *refresh);
		struct session *session = arena_get(arena, sizeof *session);
		read_session(statement, arena, session);
		refresh->session = session;
		refresh->expires_at = row_int(statement, COLUMNS_READ);
		refresh->rotated_at = row_int(statement, COLUMNS_READ + 1);
		size_t length = 0;
		const void *salt = row_is_null(statement, COLUMNS_READ + 2)
		                           ? NULL
		                           : row_blob(statement, COLUMNS_READ + 2, arena, &length);
		if (salt && length == REFRESH_SALT_BYTES)
			memcpy(refresh->salt, salt, length);
	}
	statement_done(statement);
	return refresh;
}

bool db_rotate_refresh(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now,
                       const unsigned char salt[REFRESH_SALT_BYTES], bool *first)
{
	struct statement *statement =
		tx_prepare(tx, "UPDATE refresh SET rotated_at = ?, salt = ? WHERE hash = ? AND rotated_at = 0");
	bind_int(statement, 1, now);
	bind_blob(statement, 2, salt, REFRESH_SALT_BYTES);
	bind_blob(statement, 3, hash, TOKEN_HASH_BYTES);
	bool done = tx_change(tx, statement);
	*first = done && tx_changes(tx) == 1;
	return done;
}

bool db_prolong_session(struct db_tx *tx, const struct session *session, int64_t now, int64_t expires_at)
{
	struct statement *statement =
		tx_prepare(tx, "UPDATE session SET used_at = ?, expires_at = ? WHERE member_id = ? AND id = ?");
	bind_int(statement, 1, now);
	bind_int(statement, 2, expires_at);
	bind_text(statement, 3, session->member_id);
	bind_text(statement, 4, session->id);
	return tx_change(tx, statement);
}

/* ---- upkeep ---------------------------------------------------------------------------------------------------------- */

#define CODE_REMEMBERED_S (15 * 60)   /* after it expired: a device is told so rather than that it never was */

bool tx_tidy_standing(struct db_tx *tx, int64_t now)
{
	struct statement *statements[] = {
		tx_prepare(tx, "DELETE FROM token WHERE expires_at <= ?"),
		tx_prepare(tx, "DELETE FROM refresh WHERE expires_at <= ?"),
		tx_prepare(tx, "DELETE FROM session WHERE expires_at <= ? AND NOT EXISTS (SELECT 1 FROM refresh r"
		               " WHERE r.member_id = session.member_id AND r.session_id = session.id)"),
		tx_prepare(tx, "DELETE FROM device WHERE expires_at <= ?"),
	};
	bool tidied = true;
	for (size_t i = 0; i < COUNT_OF(statements); i++) {
		bind_int(statements[i], 1, i == COUNT_OF(statements) - 1 ? now - CODE_REMEMBERED_S : now);
		tidied = tx_change(tx, statements[i]) && tidied;
	}
	return tidied;
}
