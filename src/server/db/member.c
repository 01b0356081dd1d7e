/* member.c — members, their passwords and their tokens. */
#include "engine.h"
#include "standing.h"

static const struct member *read_member(struct statement *row, struct arena *arena)
{
	struct member *member = arena_get(arena, sizeof *member);
	*member = (struct member){
		.id = row_text(row, 0, arena),
		.login = row_text(row, 1, arena),
		.name = row_text(row, 2, arena),
		.home_space_id = row_text(row, 3, arena),
		.usual_resource_id = row_text(row, 4, arena),
	};
	return member;
}

#define SAID(of) of "login, " of "name, " of "home_space_id, " of "usual_resource_id"

enum db_put db_put_member(struct db_tx *tx, const struct member *member)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO member (id, " SAID("") ") VALUES (?1, ?2, ?3, ?4, ?5)"
		" ON CONFLICT (id) DO UPDATE SET (" SAID("") ") = (" SAID("excluded.") ")"
		" WHERE (" SAID("member.") ") IS DISTINCT FROM (" SAID("excluded.") ")");
	const char *const texts[] = { member->id, member->login, member->name, member->home_space_id, member->usual_resource_id };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i] ? texts[i] : "");
	return tx_put(tx, statement);
}

bool db_set_password(struct db_tx *tx, const char *login, const char *password_hash)
{
	struct statement *statement = tx_prepare(tx, "UPDATE member SET password_hash = ? WHERE login = ?");
	bind_text(statement, 1, password_hash);
	bind_text(statement, 2, login);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

const struct member *db_find_member(struct db_tx *tx, const char *id, struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, "SELECT id, " SAID("") " FROM member WHERE id = ? AND anonymous = 0");
	bind_text(statement, 1, id);
	const struct member *member = tx_row(tx, statement) ? read_member(statement, arena) : NULL;
	statement_done(statement);
	return member;
}

const struct member *db_list_members(struct db_tx *tx, const char *after, int limit, struct arena *arena, size_t *count)
{
	struct member *members = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *members);
	struct statement *statement =
		tx_prepare(tx, "SELECT id, " SAID("") " FROM member WHERE login > ? AND anonymous = 0 ORDER BY login LIMIT ?");
	bind_text(statement, 1, after);
	bind_int(statement, 2, limit);
	for (*count = 0; *count < (size_t)limit && tx_row(tx, statement); )
		members[(*count)++] = *read_member(statement, arena);
	statement_done(statement);
	return members;
}

const struct member *db_find_member_by_login(struct db_tx *tx, const char *login, struct arena *arena,
                                             const char **password_hash)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT id, login, name, home_space_id, usual_resource_id,"
		    " CASE WHEN disabled_at IS NULL THEN password_hash END FROM member WHERE login = ?");
	bind_text(statement, 1, login);
	const struct member *member = NULL;
	*password_hash = NULL;
	if (tx_row(tx, statement)) {
		member = read_member(statement, arena);
		*password_hash = row_text_or_null(statement, 5, arena);
	}
	statement_done(statement);
	return member;
}

const struct token_owner *db_find_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now,
                                        struct arena *arena)
{
	struct statement *statement = tx_prepare_kept_if_any(
		tx, "SELECT m.id, m.login, m.name, m.home_space_id, m.usual_resource_id, t.session_id, t.scopes, t.expires_at FROM token t"
		         " JOIN member m ON m.id = t.member_id WHERE t.hash = ? AND m.disabled_at IS NULL");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	struct token_owner *owner = NULL;
	if (tx_row(tx, statement) && row_int(statement, 7) > now) {
		owner = arena_get(arena, sizeof *owner);
		*owner = (struct token_owner){ read_member(statement, arena), row_text(statement, 5, arena), (unsigned)row_int(statement, 6),
			                       row_int(statement, 7) };
	}
	statement_done(statement);
	return owner;
}

bool db_remove_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES])
{
	tx->news |= DB_NEWS_STANDING;
	struct statement *statement = tx_prepare(tx, "DELETE FROM token WHERE hash = ?");
	bind_blob(statement, 1, hash, TOKEN_HASH_BYTES);
	return tx_change(tx, statement);
}

bool db_remove_tokens_of(struct db_tx *tx, const char *member_id)
{
	return db_end_sessions(tx, member_id, "", true);
}
