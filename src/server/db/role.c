/* role.c — who works where. */
#include "statement.h"

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
