/* role.c — who works where. */
#include "engine.h"

#include <string.h>

bool db_grant_role(struct db_tx *tx, const char *member_id, const struct held_role *role)
{
	struct statement *statement =
		tx_prepare(tx, "INSERT INTO role (member_id, role, space_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, role_wire_name(role->role));
	bind_text(statement, 3, role->space_id);
	return tx_change(tx, statement);
}

bool db_revoke_role(struct db_tx *tx, const char *member_id, const struct held_role *role)
{
	tx->news |= DB_NEWS_STANDING;
	struct statement *statement = tx_prepare(tx, "DELETE FROM role WHERE member_id = ? AND role = ? AND space_id = ?");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, role_wire_name(role->role));
	bind_text(statement, 3, role->space_id);
	return tx_change(tx, statement);
}

const struct held_role *db_list_roles(struct db_tx *tx, const char *member_id, struct arena *arena, size_t *count)
{
	struct held_role *roles = arena_get(arena, ROLES_HELD_MAX * sizeof *roles);
	struct statement *statement = tx_prepare(
		tx, "SELECT role, space_id FROM role WHERE member_id = ? ORDER BY role, space_id LIMIT ?");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, ROLES_HELD_MAX);
	*count = 0;
	while (*count < ROLES_HELD_MAX && tx_row(tx, statement)) {
		struct held_role *held = &roles[*count];
		held->space_id = row_text(statement, 1, arena);
		*count += role_from_wire(row_text(statement, 0, arena), &held->role);
	}
	statement_done(statement);
	return roles;
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
	enum db_put put = DB_PUT_SAME;
	for (size_t i = 0; i < before_count && put != DB_PUT_FAILED; i++)
		if (!is_among(&before[i], roles, count))
			put = db_revoke_role(tx, member_id, &before[i]) ? DB_PUT_DONE : DB_PUT_FAILED;
	for (size_t i = 0; i < count && put != DB_PUT_FAILED; i++)
		if (!is_among(&roles[i], before, before_count))
			put = db_grant_role(tx, member_id, &roles[i]) ? DB_PUT_DONE : DB_PUT_FAILED;
	arena_free(arena);
	return put;
}
