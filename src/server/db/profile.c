/* profile.c — a member with all that is kept of them, and the lines about who read or changed it. */
#include "statement.h"

/* Also takes the row for this transaction, where rows are locked one by one. */
bool db_hold_member(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "UPDATE member SET restricted = restricted WHERE id = ? AND anonymous = 0");
	bind_text(statement, 1, member_id);
	return tx_change(tx, statement) && tx_changes(tx) == 1;
}

const struct profile *db_find_profile(struct db_tx *tx, const char *member_id, struct arena *arena)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT m.id, m.login, m.name, m.home_space_id, m.usual_resource_id, m.restricted, coalesce(s.name, '')"
		" FROM member m LEFT JOIN space s ON s.id = m.home_space_id WHERE m.id = ? AND m.anonymous = 0");
	bind_text(statement, 1, member_id);
	struct profile *profile = NULL;
	if (tx_row(tx, statement)) {
		profile = arena_get(arena, sizeof *profile);
		struct member member = {
			.id = row_text(statement, 0, arena),
			.login = row_text(statement, 1, arena),
			.name = row_text(statement, 2, arena),
			.home_space_id = row_text(statement, 3, arena),
			.usual_resource_id = row_text(statement, 4, arena),
		};
		profile->member = member;
		profile->card.restricted = row_int(statement, 5) != 0;
		profile->card.card = (struct card){ .id = member.id, .name = member.name, .home_space_id = member.home_space_id,
			                            .home_space_name = row_text(statement, 6, arena), .profession = "",
			                            .organisation_id = "", .organisation_name = "", .skills = "", .town = "",
			                            .email = "", .phone = "", .website = "", .about = "" };
	}
	statement_done(statement);
	const struct owned_card *card = profile ? db_find_card(tx, member_id, arena) : NULL;
	if (card) {
		bool restricted = profile->card.restricted;
		profile->card = *card;
		profile->card.restricted = restricted;      /* by themselves, not for being locked out */
		profile->has_card = true;
	}
	return profile;
}

bool db_write_profile(struct db_tx *tx, const struct profile *profile)
{
	const struct member *member = &profile->member;
	struct statement *statement = tx_prepare(
		tx, "UPDATE member SET name = ?2, home_space_id = ?3, usual_resource_id = ?4, restricted = ?5 WHERE id = ?1");
	bind_text(statement, 1, member->id);
	bind_text(statement, 2, member->name);
	bind_text(statement, 3, member->home_space_id);
	bind_text(statement, 4, member->usual_resource_id);
	bind_int(statement, 5, profile->card.restricted);
	struct card card = profile->card.card;
	card.name = member->name;
	return tx_change(tx, statement) && db_put_is_good(db_write_card(tx, &card));
}

enum db_put db_add_member(struct db_tx *tx, const struct member *member)
{
	if (db_is_erased(tx, member->id))
		return DB_PUT_REFUSED;
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO member (id, login, name, home_space_id, usual_resource_id) VALUES (?, ?, ?, ?, '')");
	bind_text(statement, 1, member->id);
	bind_text(statement, 2, member->login);
	bind_text(statement, 3, member->name);
	bind_text(statement, 4, member->home_space_id);
	return tx_try_put(tx, statement);
}

/* ---- who read or changed what ------------------------------------------------------------------------------------ */

const struct member_audit *db_list_member_audit(struct db_tx *tx, const char *member_id, int64_t before, int limit,
                                                struct arena *arena, size_t *count)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT seq, at, actor, action, fields, space_id, request_id FROM member_audit"
		" WHERE member_id = ?1 AND (?2 = 0 OR seq < ?2) ORDER BY seq DESC LIMIT ?3");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, before);
	bind_int(statement, 3, limit);
	struct member_audit *lines = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *lines);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		lines[(*count)++] = (struct member_audit){
			row_int(statement, 0), row_int(statement, 1), row_text(statement, 2, arena), row_text(statement, 3, arena),
			row_text(statement, 4, arena), row_text(statement, 5, arena), row_text(statement, 6, arena),
		};
	statement_done(statement);
	return lines;
}

bool db_has_audited(struct db_tx *tx, const char *member_id, const char *actor, const char *action, const char *fields,
                    int64_t since)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT 1 FROM member_audit WHERE member_id = ? AND actor = ? AND action = ? AND fields = ? AND at >= ? LIMIT 1");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, actor);
	bind_text(statement, 3, action);
	bind_text(statement, 4, fields);
	bind_int(statement, 5, since);
	bool has = tx_row(tx, statement);
	statement_done(statement);
	return has;
}

bool db_tell_directory(struct db_tx *tx, const char *space_id, int64_t at, struct db_actor actor)
{
	struct statement *statement = tx_prepare(tx, "SELECT version FROM space WHERE id = ?");
	bind_text(statement, 1, space_id);
	int64_t version = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return !version || tx_tell(tx, space_id, "directory.changed", space_id, version, at, actor);
}
