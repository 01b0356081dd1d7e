/* role.c — who works where, and who may not come in any more. */
#include "engine.h"

#include <string.h>

enum db_put db_grant_role(struct db_tx *tx, const char *member_id, const struct held_role *role)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO role (member_id, role, space_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, role_wire_name(role->role));
	bind_text(statement, 3, role->space_id);
	return tx_put(tx, statement);
}

enum db_put db_revoke_role(struct db_tx *tx, const char *member_id, const struct held_role *role)
{
	tx->news |= DB_NEWS_STANDING;
	struct statement *statement = tx_prepare(tx, "DELETE FROM role WHERE member_id = ? AND role = ? AND space_id = ?");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, role_wire_name(role->role));
	bind_text(statement, 3, role->space_id);
	return tx_put(tx, statement);
}

const struct held_role *db_list_roles(struct db_tx *tx, const char *member_id, struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct held_role) };
	struct statement *statement = tx_prepare_kept(tx, "SELECT role, space_id FROM role WHERE member_id = ? ORDER BY role, space_id");
	bind_text(statement, 1, member_id);
	while (tx_row(tx, statement)) {
		struct held_role *held = arena_next_row(arena, &rows);
		held->space_id = row_text(statement, 1, arena);
		rows.count += role_from_wire(row_text(statement, 0, arena), &held->role);
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

const struct staff_row *db_list_staff(struct db_tx *tx, const char *space_id, struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct staff_row) };
	struct statement *statement = tx_prepare(
		tx, "SELECT r.role, m.id, m.name FROM role r JOIN member m ON m.id = r.member_id WHERE r.space_id = ?"
		    " ORDER BY r.role, m.name, m.id");
	bind_text(statement, 1, space_id);
	while (tx_row(tx, statement)) {
		struct staff_row *row = arena_next_row(arena, &rows);
		row->member_id = row_text(statement, 1, arena);
		row->name = row_text(statement, 2, arena);
		rows.count += role_from_wire(row_text(statement, 0, arena), &row->role);
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

static bool is_among(const struct held_role *role, const struct held_role *roles, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (roles[i].role == role->role && strcmp(roles[i].space_id, role->space_id) == 0)
			return true;
	return false;
}

enum db_put db_put_roles(struct db_tx *tx, const char *member_id, const struct held_role *roles, size_t count)
{
	struct arena *arena = arena_new();
	size_t before_count = 0;
	const struct held_role *before = db_list_roles(tx, member_id, arena, &before_count);
	enum db_put put = DB_PUT_SAME;      /* of the last that was changed: none of these is so already */
	for (size_t i = 0; i < before_count && put != DB_PUT_FAILED; i++)
		if (!is_among(&before[i], roles, count))
			put = db_revoke_role(tx, member_id, &before[i]);
	for (size_t i = 0; i < count && put != DB_PUT_FAILED; i++)
		if (!is_among(&roles[i], before, before_count))
			put = db_grant_role(tx, member_id, &roles[i]);
	arena_free(arena);
	return put;
}

enum db_put db_disable_member(struct db_tx *tx, const char *member_id, int64_t now, struct db_actor actor)
{
	struct statement *statement = tx_prepare(tx, "UPDATE member SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL");
	bind_int(statement, 1, now);
	bind_text(statement, 2, member_id);
	enum db_put put = tx_put(tx, statement);
	bool good = put != DB_PUT_FAILED && db_remove_tokens_of(tx, member_id);
	good = good && (put == DB_PUT_SAME || db_withdraw_everywhere(tx, member_id, now, actor));
	return good ? put : DB_PUT_FAILED;
}

/* Also what a log-in of that same moment may have left: they log in anew. */
enum db_put db_enable_member(struct db_tx *tx, const char *member_id)
{
	struct statement *statement =
		tx_prepare(tx, "UPDATE member SET disabled_at = NULL WHERE id = ? AND disabled_at IS NOT NULL");
	bind_text(statement, 1, member_id);
	enum db_put put = tx_put(tx, statement);
	return put != DB_PUT_DONE || db_remove_tokens_of(tx, member_id) ? put : DB_PUT_FAILED;
}

enum db_put db_restrict_member(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "UPDATE member SET restricted = 1 WHERE id = ? AND restricted = 0");
	bind_text(statement, 1, member_id);
	return tx_put(tx, statement);
}

bool db_is_disabled(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM member WHERE id = ? AND disabled_at IS NOT NULL");
	bind_text(statement, 1, member_id);
	bool disabled = tx_row(tx, statement);
	statement_done(statement);
	return disabled;
}

bool db_audit_member(struct db_tx *tx, const char *member_id, const char *action, const char *fields, const char *space_id,
                     int64_t at, struct db_actor actor)
{
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO member_audit (member_id, seq, at, actor, action, fields, space_id, request_id)"
		" SELECT ?1, coalesce(max(a.seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM member_audit a WHERE a.member_id = ?1");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, at);
	bind_text(statement, 3, actor.member_id);
	bind_text(statement, 4, action);
	bind_text(statement, 5, fields);
	bind_text(statement, 6, space_id);
	bind_text(statement, 7, actor.request_id);
	return tx_change(tx, statement);
}
