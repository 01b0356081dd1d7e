/* signup.c — signing up, withdrawing, and what the staff does about the line. Places and counts are line.c's work. */
#include "line.h"

#include <string.h>

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

static struct line line_of(struct db_tx *tx, const struct signup_act *act, struct arena *arena)
{
	return (struct line){ .tx = tx, .arena = arena, .space_id = act->space_id, .activity_id = act->activity_id, .now = act->now,
		              .request_id = act->actor.request_id };
}

/* ---- signing up ------------------------------------------------------------------------------------------------------ */

/* A place when there is one and nobody waits for it; an offer becomes a place; else the end of the line. */
static bool sign_up(struct line *line, const struct signup_act *act)
{
	const struct participant before = line_find(line, act->member_id);
	if (before.signup.state == SIGNUP_SIGNED_UP || before.signup.state == SIGNUP_WAITLISTED)
		return true;
	bool asked = before.signup.state == SIGNUP_OFFERED;
	bool room = asked || (line->activity.taken < line->activity.capacity && line->activity.waiting == 0);
	struct participant after = { .member_id = act->member_id, .ticket = asked ? before.ticket : line_take_ticket(line) };
	after.signup.state = room ? SIGNUP_SIGNED_UP : SIGNUP_WAITLISTED;
	after.signup.since = act->now;
	after.signup.accepted_conditions =
		act->accepted_conditions || !asked ? act->accepted_conditions : before.signup.accepted_conditions;
	const char *kind = asked ? "signup.accepted" : room ? "signup.created" : "signup.waitlisted";
	return line_write(line, &before, &after) &&
	       line_tell(line, kind, act->member_id, act->actor, act->reason, room ? 0 : line->activity.waiting);
}

bool db_sign_up_for(struct db_tx *tx, const struct signup_act *act)
{
	struct arena *arena = arena_new();
	struct line line = line_of(tx, act, arena);
	bool done = line_hold(&line) && sign_up(&line, act);
	arena_free(arena);
	return done && !db_tx_failed(tx);
}

bool db_sign_up(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor)
{
	return db_sign_up_for(tx, &(struct signup_act){ space_id, activity_id, actor.member_id, now, actor, "", 0 });
}

/* ---- withdrawing ----------------------------------------------------------------------------------------------------- */

static bool withdraw(struct line *line, const struct signup_act *act)
{
	const struct participant before = line_find(line, act->member_id);
	if (!signup_is_held(before.signup.state))
		return true;
	struct participant after = { .member_id = act->member_id, .ticket = before.ticket };
	after.signup = (struct signup){ .state = SIGNUP_WITHDRAWN, .since = act->now,
		                        .accepted_conditions = before.signup.accepted_conditions };
	return line_write(line, &before, &after) &&
	       line_tell(line, "signup.withdrawn", act->member_id, act->actor, act->reason, 0) && line_let_in(line);
}

bool db_withdraw_for(struct db_tx *tx, const struct signup_act *act)
{
	struct arena *arena = arena_new();
	struct line line = line_of(tx, act, arena);
	bool done = line_hold(&line) && withdraw(&line, act);
	arena_free(arena);
	return done && !db_tx_failed(tx);
}

bool db_withdraw(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor)
{
	return db_withdraw_for(tx, &(struct signup_act){ space_id, activity_id, actor.member_id, now, actor, "", 0 });
}

/* What is still to come and held, after that one, in the order in which rows are always locked: of each the space first. */
static bool next_held(struct db_tx *tx, const char *member_id, int64_t now, struct signup_act *act, struct arena *arena)
{
	struct statement *statement = tx_prepare(
		tx, "SELECT u.space_id, u.activity_id FROM signup u JOIN activity a ON a.space_id = u.space_id AND a.id = u.activity_id"
		" WHERE u.member_id = ?1 AND u.state IN ('signed_up', 'offered', 'waitlisted') AND a.start_at > ?2"
		" AND (u.space_id, u.activity_id) > (?3, ?4) ORDER BY u.space_id, u.activity_id LIMIT 1");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, now);
	bind_text(statement, 3, act->space_id);
	bind_text(statement, 4, act->activity_id);
	bool found = tx_row(tx, statement);
	if (found) {
		act->space_id = row_text(statement, 0, arena);
		act->activity_id = row_text(statement, 1, arena);
	}
	statement_done(statement);
	return found;
}

bool db_withdraw_everywhere(struct db_tx *tx, const char *member_id, int64_t now, struct db_actor actor)
{
	struct arena *arena = arena_new();
	struct signup_act act = { "", "", member_id, now, actor, "", 0 };
	while (next_held(tx, member_id, now, &act, arena) && db_hold_space(tx, act.space_id) && db_withdraw_for(tx, &act))
		;
	arena_free(arena);
	return !db_tx_failed(tx);
}

/* ---- out of turn ----------------------------------------------------------------------------------------------------- */

struct waiting { const char *member_id; int64_t ticket; };

/* Those who wait from place `first` to place `last`. */
static struct waiting *list_waiting(struct line *line, int first, int last, size_t *found)
{
	struct waiting *people = arena_get(line->arena, (size_t)(last - first + 1) * sizeof *people);
	struct statement *statement = tx_prepare(
		line->tx, "SELECT member_id, ticket FROM signup WHERE space_id = ? AND activity_id = ? AND state = 'waitlisted'"
		" ORDER BY ticket LIMIT ? OFFSET ?");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bind_int(statement, 3, last - first + 1);
	bind_int(statement, 4, first - 1);
	*found = 0;
	while (*found < (size_t)(last - first + 1) && tx_row(line->tx, statement)) {
		people[*found] = (struct waiting){ row_text(statement, 0, line->arena), row_int(statement, 1) };
		(*found)++;
	}
	statement_done(statement);
	return people;
}

static bool set_ticket(struct line *line, const char *member_id, int64_t ticket)
{
	struct statement *statement = tx_prepare(
		line->tx, "UPDATE signup SET ticket = ?4 WHERE space_id = ?1 AND activity_id = ?2 AND member_id = ?3");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bind_text(statement, 3, member_id);
	bind_int(statement, 4, ticket);
	return tx_change(line->tx, statement);
}

static int place_of(struct line *line, const char *member_id)
{
	struct statement *statement = tx_prepare(
		line->tx, "SELECT count(*) FROM signup w JOIN signup u ON u.space_id = w.space_id AND u.activity_id = w.activity_id"
		" AND w.ticket <= u.ticket WHERE u.space_id = ? AND u.activity_id = ? AND u.member_id = ?"
		" AND u.state = 'waitlisted' AND w.state = 'waitlisted'");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bind_text(statement, 3, member_id);
	int place = tx_row(line->tx, statement) ? (int)row_int(statement, 0) : 0;
	statement_done(statement);
	return place;
}

/* The tickets of all from the new place to the old one go round by one; a fresh ticket keeps them apart meanwhile. */
static bool move_up(struct line *line, const struct signup_act *act, int from, int to)
{
	size_t found = 0;
	struct waiting *people = list_waiting(line, to, from, &found);
	bool good = found > 0 && set_ticket(line, act->member_id, line_take_ticket(line));
	for (size_t i = found; good && i-- > 1; )
		good = set_ticket(line, people[i - 1].member_id, people[i].ticket);
	return good && set_ticket(line, act->member_id, people[0].ticket) && line_touch(line) &&
	       line_tell(line, "signup.moved", act->member_id, act->actor, act->reason, to);
}

enum db_advanced db_move_up(struct db_tx *tx, const struct signup_act *act, int place)
{
	struct arena *arena = arena_new();
	struct line line = line_of(tx, act, arena);
	bool held = line_hold(&line);
	int from = held ? place_of(&line, act->member_id) : 0;
	enum db_advanced advanced = DB_ADVANCED;
	if (held && from == 0)
		advanced = DB_ADVANCED_NOT_WAITING;
	else if (held && place > from)
		advanced = DB_ADVANCED_DOWN;
	else if (held && place < from)
		move_up(&line, act, from, place);
	arena_free(arena);
	return advanced;
}

/* ---- fewer places ---------------------------------------------------------------------------------------------------- */

bool db_move_last_to_line(struct db_tx *tx, const char *space_id, const char *activity_id, int capacity, int64_t now,
                          struct db_actor actor)
{
	struct arena *arena = arena_new();
	struct line line = { .tx = tx, .arena = arena, .space_id = space_id, .activity_id = activity_id, .now = now,
		             .request_id = actor.request_id };
	bool good = line_hold(&line);
	while (good && line.activity.taken > capacity) {
		const struct participant before = line_find(&line, line_last_holder(&line));
		struct participant after = before;
		after.signup.state = SIGNUP_WAITLISTED;
		after.signup.since = now;
		after.signup.until = 0;
		after.attendance = ATTENDANCE_NOT_TAKEN;
		good = line_write(&line, &before, &after) && line_tell(&line, "signup.demoted", before.member_id, actor, "", 0);
	}
	arena_free(arena);
	return good;
}
