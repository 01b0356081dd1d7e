/* signup.c — places in activities and the lines for them.
 *
 * Whoever signs up takes the activity's next ticket: that changes its row first, so two sign-ups follow one another also where
 * rows are locked one by one. Whoever lets go of a place lets in the lowest ticket that waits before the transaction ends. */
#include "statement.h"

bool tx_tell_activity(struct db_tx *tx, const char *space_id, const char *activity_id, const char *kind, int64_t now,
                      struct db_actor actor)
{
	struct statement *statement = tx_prepare(tx, "SELECT version FROM activity WHERE space_id = ? AND id = ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	int64_t version = tx_row(tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return version && tx_tell(tx, space_id, kind, activity_id, version, now, actor);
}

#define HAS_ROOM "taken < capacity AND waiting = 0"

/* Takes a place too when there is one and nobody waits, else one in line. False: no such activity. */
static bool take_ticket(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t *ticket, bool *has_room)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE activity SET next_ticket = next_ticket + 1, version = version + 1,"
		         " taken = taken + CASE WHEN " HAS_ROOM " THEN 1 ELSE 0 END,"
		         " waiting = waiting + CASE WHEN " HAS_ROOM " THEN 0 ELSE 1 END"
		         " WHERE space_id = ? AND id = ? RETURNING next_ticket - 1, waiting = 0");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bool there = tx_row(tx, statement);
	if (there) {
		*ticket = row_int(statement, 0);
		*has_room = row_int(statement, 1) != 0;
	}
	statement_done(statement);
	return there;
}

/* SIGNUP_NONE also for one who withdrew. */
static enum signup_state held_state(struct db_tx *tx, const char *space_id, const char *activity_id, const char *member_id)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT state = 'waitlisted' FROM signup WHERE space_id = ? AND activity_id = ? AND member_id = ?"
		         " AND state <> 'withdrawn'");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_text(statement, 3, member_id);
	enum signup_state state = SIGNUP_NONE;
	if (tx_row(tx, statement))
		state = row_int(statement, 0) ? SIGNUP_WAITLISTED : SIGNUP_SIGNED_UP;
	statement_done(statement);
	return state;
}

/* The counts of the activity's row, and its version: changed before the sign-up that they count, so that others wait here. */
static bool count_on(struct db_tx *tx, const char *space_id, const char *activity_id, int taken, int waiting)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE activity SET taken = taken + ?3, waiting = waiting + ?4, version = version + 1"
		         " WHERE space_id = ?1 AND id = ?2");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_int(statement, 3, taken);
	bind_int(statement, 4, waiting);
	return tx_change(tx, statement);
}

/* Whoever changes sign-ups of an activity follows whoever is at it. */
static bool line_up(struct db_tx *tx, const char *space_id, const char *activity_id)
{
	struct statement *statement =
		tx_prepare(tx, "UPDATE activity SET next_ticket = next_ticket WHERE space_id = ? AND id = ?");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	return tx_change(tx, statement);
}

bool db_sign_up(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor)
{
	int64_t ticket;
	bool has_room;
	if (!line_up(tx, space_id, activity_id))
		return false;
	if (held_state(tx, space_id, activity_id, actor.member_id) != SIGNUP_NONE)
		return true;
	if (!take_ticket(tx, space_id, activity_id, &ticket, &has_room))
		return false;
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO signup (space_id, activity_id, member_id, state, ticket, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
		         " ON CONFLICT (space_id, activity_id, member_id) DO UPDATE SET state = ?4, ticket = ?5, since = ?6");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_text(statement, 3, actor.member_id);
	bind_text(statement, 4, signup_state_wire_name(has_room ? SIGNUP_SIGNED_UP : SIGNUP_WAITLISTED));
	bind_int(statement, 5, ticket);
	bind_int(statement, 6, now);
	const char *kind = has_room ? "signup.created" : "signup.waitlisted";
	return tx_change(tx, statement) && tx_tell_activity(tx, space_id, activity_id, kind, now, actor);
}

/* The first in line gets a place, if there is one and somebody waits. `member_id`: who, "" when nobody. */
static bool let_in_one(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct arena *arena,
                       const char **member_id)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE signup SET state = 'signed_up', since = ?3 WHERE space_id = ?1 AND activity_id = ?2 AND ticket ="
		         " (SELECT min(w.ticket) FROM signup w WHERE w.space_id = ?1 AND w.activity_id = ?2 AND w.state = 'waitlisted')"
		         " AND EXISTS (SELECT 1 FROM activity a WHERE a.space_id = ?1 AND a.id = ?2 AND a.taken < a.capacity"
		         " AND a.state = 'scheduled') RETURNING member_id");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_int(statement, 3, now);
	*member_id = tx_row(tx, statement) ? row_text(statement, 0, arena) : "";
	statement_done(statement);
	return !**member_id ? !db_tx_failed(tx) : count_on(tx, space_id, activity_id, 1, -1);
}

bool tx_let_in(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, const char *request_id)
{
	struct arena *arena = arena_new();
	const char *member_id;
	bool good;
	while ((good = let_in_one(tx, space_id, activity_id, now, arena, &member_id)) && *member_id) {
		/* The audit line says who got the place; whose request set it free is told by the id they share. */
		struct db_actor actor = { member_id, request_id };
		if (!tx_tell_activity(tx, space_id, activity_id, "signup.promoted", now, actor))
			break;
	}
	arena_free(arena);
	return good && !db_tx_failed(tx);
}

bool db_withdraw(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor)
{
	if (!line_up(tx, space_id, activity_id))
		return false;
	enum signup_state held = held_state(tx, space_id, activity_id, actor.member_id);
	if (held == SIGNUP_NONE)
		return !db_tx_failed(tx);
	bool waits = held == SIGNUP_WAITLISTED;
	if (!count_on(tx, space_id, activity_id, waits ? 0 : -1, waits ? -1 : 0))
		return false;
	struct statement *statement = tx_prepare(
		tx, "UPDATE signup SET state = 'withdrawn', since = ?4 WHERE space_id = ?1 AND activity_id = ?2 AND member_id = ?3");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_text(statement, 3, actor.member_id);
	bind_int(statement, 4, now);
	return tx_change(tx, statement) && tx_tell_activity(tx, space_id, activity_id, "signup.withdrawn", now, actor) &&
	       tx_let_in(tx, space_id, activity_id, now, actor.request_id);
}
