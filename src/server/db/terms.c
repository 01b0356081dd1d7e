/* terms.c — how a space takes those who come: presence, network days, whose carnets. */
#include "statement.h"

#include <string.h>

static const char *const *read_carnets(struct db_tx *tx, const char *space_id, struct arena *arena, size_t *count)
{
	const char **ids = arena_get(arena, CARNETS_OF_MAX * sizeof *ids);
	struct statement *statement =
		tx_prepare_kept(tx, "SELECT carnet_space_id FROM reciprocity WHERE space_id = ? ORDER BY carnet_space_id LIMIT ?");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, CARNETS_OF_MAX);
	*count = 0;
	while (*count < CARNETS_OF_MAX && tx_row(tx, statement))
		ids[(*count)++] = row_text(statement, 0, arena);
	statement_done(statement);
	return ids;
}

const struct terms *db_find_terms(struct db_tx *tx, const char *space_id, struct arena *arena)
{
	struct terms *terms = arena_get(arena, sizeof *terms);
	*terms = (struct terms){ .check_in_minutes = CHECK_IN_MINUTES_DEFAULT, .grace_minutes = GRACE_MINUTES_DEFAULT };
	struct statement *statement = tx_prepare_kept(
		tx, "SELECT takes_presence, check_in_minutes, grace_minutes, network_days FROM terms WHERE space_id = ?");
	bind_text(statement, 1, space_id);
	if (tx_row(tx, statement)) {
		terms->takes_presence = row_int(statement, 0) != 0;
		terms->check_in_minutes = (int)row_int(statement, 1);
		terms->grace_minutes = (int)row_int(statement, 2);
		terms->network_days = (int)row_int(statement, 3);
	}
	statement_done(statement);
	terms->carnets_of = read_carnets(tx, space_id, arena, &terms->carnets_of_count);
	return terms;
}

static bool put_carnets(struct db_tx *tx, const char *space_id, const struct terms *terms)
{
	struct statement *forget = tx_prepare(tx, "DELETE FROM reciprocity WHERE space_id = ?");
	bind_text(forget, 1, space_id);
	bool good = tx_change(tx, forget);
	for (size_t i = 0; good && i < terms->carnets_of_count; i++) {
		struct statement *statement =
			tx_prepare(tx, "INSERT INTO reciprocity (space_id, carnet_space_id) VALUES (?, ?) ON CONFLICT DO NOTHING");
		bind_text(statement, 1, space_id);
		bind_text(statement, 2, terms->carnets_of[i]);
		good = tx_change(tx, statement);
	}
	return good;
}

static bool same_carnets(const struct terms *a, const struct terms *b)
{
	for (size_t i = 0; i < a->carnets_of_count; i++) {
		bool found = false;
		for (size_t j = 0; j < b->carnets_of_count; j++)
			found = found || strcmp(a->carnets_of[i], b->carnets_of[j]) == 0;
		if (!found)
			return false;
	}
	return true;
}

enum db_put db_put_terms(struct db_tx *tx, const char *space_id, const struct terms *terms)
{
	struct arena *arena = arena_new();
	const struct terms *before = db_find_terms(tx, space_id, arena);
	bool same = before->takes_presence == terms->takes_presence && before->check_in_minutes == terms->check_in_minutes &&
	            before->grace_minutes == terms->grace_minutes && before->network_days == terms->network_days &&
	            same_carnets(before, terms) && same_carnets(terms, before);
	arena_free(arena);
	if (same)
		return db_tx_failed(tx) ? DB_PUT_FAILED : DB_PUT_SAME;
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO terms (space_id, takes_presence, check_in_minutes, grace_minutes, network_days) VALUES (?, ?, ?, ?, ?)"
		" ON CONFLICT (space_id) DO UPDATE SET (takes_presence, check_in_minutes, grace_minutes, network_days) ="
		" (excluded.takes_presence, excluded.check_in_minutes, excluded.grace_minutes, excluded.network_days)");
	bind_text(statement, 1, space_id);
	bind_int(statement, 2, terms->takes_presence);
	bind_int(statement, 3, terms->check_in_minutes);
	bind_int(statement, 4, terms->grace_minutes);
	bind_int(statement, 5, terms->network_days);
	return tx_change(tx, statement) && put_carnets(tx, space_id, terms) && tx_touch_space(tx, space_id) ? DB_PUT_DONE : DB_PUT_FAILED;
}
