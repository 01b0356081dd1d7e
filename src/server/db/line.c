/* line.c — see line.h. */
#include "line.h"

#include <string.h>

/* ---- one sign-up ---------------------------------------------------------------------------------------------------- */

static int takes(const struct participant *participant)
{
	return signup_takes_place(participant->signup.state, participant->attendance);
}

static int waits(const struct participant *participant)
{
	return participant->signup.state == SIGNUP_WAITLISTED;
}

struct participant line_find(struct line *line, const char *member_id)
{
	struct participant found = { .member_id = member_id, .member_name = "" };
	struct statement *statement = tx_prepare(
		line->tx, "SELECT state, ticket, since, until, accepted_conditions, attendance, walk_in FROM signup"
		" WHERE space_id = ? AND activity_id = ? AND member_id = ?");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bind_text(statement, 3, member_id);
	if (tx_row(line->tx, statement)) {
		signup_state_from_wire(row_text(statement, 0, line->arena), &found.signup.state);
		found.ticket = row_int(statement, 1);
		found.signup.since = row_int(statement, 2);
		found.signup.until = row_int(statement, 3);
		found.signup.accepted_conditions = (int)row_int(statement, 4);
		attendance_from_wire(row_text(statement, 5, line->arena), &found.attendance);
		found.walk_in = row_int(statement, 6) != 0;
	}
	statement_done(statement);
	return found;
}

static bool write_row(struct line *line, const struct participant *row)
{
	struct statement *statement = tx_prepare(
		line->tx, "INSERT INTO signup (space_id, activity_id, member_id, state, ticket, since, until, accepted_conditions,"
		" attendance, walk_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
		" ON CONFLICT (space_id, activity_id, member_id) DO UPDATE SET state = ?4, ticket = ?5, since = ?6, until = ?7,"
		" accepted_conditions = ?8, attendance = ?9, walk_in = ?10");
	const char *const texts[] = { line->space_id, line->activity_id, row->member_id, signup_state_wire_name(row->signup.state) };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i]);
	bind_int(statement, 5, row->ticket);
	bind_int(statement, 6, row->signup.since);
	bind_int(statement, 7, row->signup.until);
	bind_int(statement, 8, row->signup.accepted_conditions);
	bind_text(statement, 9, attendance_wire_name(row->attendance));
	bind_int(statement, 10, row->walk_in);
	return tx_change(line->tx, statement);
}

/* Places given up are counted before the row says so, places taken too: the CHECK sees every count there ever is. */
static bool count(struct line *line, int taken, int waiting)
{
	struct statement *statement = tx_prepare(
		line->tx, "UPDATE activity SET version = version + 1, taken = taken + ?3, waiting = waiting + ?4"
		" WHERE space_id = ?1 AND id = ?2");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bind_int(statement, 3, taken);
	bind_int(statement, 4, waiting);
	line->activity.taken += taken;
	line->activity.waiting += waiting;
	return tx_change(line->tx, statement);
}

bool line_note_due(struct line *line)
{
	struct statement *statement = tx_prepare(
		line->tx, "UPDATE activity SET offer_due = CASE state WHEN 'scheduled' THEN coalesce((SELECT min(u.until) FROM signup u"
		" WHERE u.space_id = ?1 AND u.activity_id = ?2 AND u.state = 'offered'), 0) ELSE 0 END WHERE space_id = ?1 AND id = ?2");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	return tx_change(line->tx, statement);
}

bool line_write(struct line *line, const struct participant *before, const struct participant *after)
{
	bool offers = before->signup.state == SIGNUP_OFFERED || after->signup.state == SIGNUP_OFFERED;
	return count(line, takes(after) - takes(before), waits(after) - waits(before)) && write_row(line, after) &&
	       (!offers || line_note_due(line));
}

bool line_touch(struct line *line)
{
	return count(line, 0, 0);
}

int64_t line_take_ticket(struct line *line)
{
	struct statement *statement = tx_prepare(
		line->tx, "UPDATE activity SET next_ticket = next_ticket + 1 WHERE space_id = ? AND id = ? RETURNING next_ticket - 1");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	int64_t ticket = tx_row(line->tx, statement) ? row_int(statement, 0) : 0;
	statement_done(statement);
	return ticket;
}

bool line_tell(struct line *line, const char *kind, const char *member_id, struct db_actor actor, const char *reason, int place)
{
	if (!tx_tell_activity(line->tx, line->space_id, line->activity_id, kind, line->now, actor))
		return false;
	struct statement *statement = tx_prepare(
		line->tx, "INSERT INTO signup_history (space_id, activity_id, member_id, seq, at, kind, by_id, reason, place)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bind_text(statement, 3, member_id);
	bind_int(statement, 4, db_last_change(line->tx, line->space_id));
	bind_int(statement, 5, line->now);
	bind_text(statement, 6, kind);
	bind_text(statement, 7, actor.member_id);
	bind_text(statement, 8, reason);
	bind_int(statement, 9, place);
	return tx_change(line->tx, statement);
}

/* ---- who is next ---------------------------------------------------------------------------------------------------- */

/* The one member id that `statement` finds, of this activity; "" when none. */
static const char *find_one(struct line *line, struct statement *statement)
{
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	const char *member_id = tx_row(line->tx, statement) ? row_text(statement, 0, line->arena) : "";
	statement_done(statement);
	return member_id;
}

const char *line_first_waiting(struct line *line)
{
	return find_one(line, tx_prepare(line->tx, "SELECT member_id FROM signup WHERE space_id = ?1 AND activity_id = ?2"
	                                           " AND state = 'waitlisted' ORDER BY ticket LIMIT 1"));
}

const char *line_last_holder(struct line *line)
{
	return find_one(line, tx_prepare(line->tx, "SELECT member_id FROM signup WHERE space_id = ?1 AND activity_id = ?2"
	                                           " AND state IN ('signed_up', 'offered') AND attendance IN ('', 'present')"
	                                           " ORDER BY ticket DESC LIMIT 1"));
}

static const char *first_overdue(struct line *line)
{
	struct statement *statement = tx_prepare(line->tx, "SELECT member_id FROM signup WHERE space_id = ?1 AND activity_id = ?2"
	                                                   " AND state = 'offered' AND until <= ?3 ORDER BY ticket LIMIT 1");
	bind_int(statement, 3, line->now);
	return find_one(line, statement);
}

/* What happens to somebody by itself is theirs in the audit log; whose request set it off is told by the id they share. */
static struct db_actor by_itself(const struct line *line, const char *member_id)
{
	return (struct db_actor){ member_id, line->request_id };
}

static bool let_in_one(struct line *line, const char *member_id)
{
	const struct participant before = line_find(line, member_id);
	struct participant after = before;
	after.signup.since = line->now;
	after.signup.until = activity_offer_until(&line->activity, line->now);
	after.signup.state = after.signup.until ? SIGNUP_OFFERED : SIGNUP_SIGNED_UP;
	const char *kind = after.signup.until ? "signup.offered" : "signup.promoted";
	return line_write(line, &before, &after) && line_tell(line, kind, member_id, by_itself(line, member_id), "", 0);
}

bool line_let_in(struct line *line)
{
	while (line->activity.state == ACTIVITY_SCHEDULED && line->now < line->activity.start_at && line->activity.waiting > 0 &&
	       line->activity.taken < line->activity.capacity)
		if (!let_in_one(line, line_first_waiting(line)))
			return false;
	return !db_tx_failed(line->tx);
}

/* Offers past their time leave the line; then whoever is next is asked, from now on: they could not know before. */
static bool settle(struct line *line)
{
	for (const char *member_id; *(member_id = first_overdue(line)); ) {
		const struct participant before = line_find(line, member_id);
		struct participant after = before;
		after.signup = (struct signup){ .state = SIGNUP_LAPSED, .since = before.signup.until,
			                        .accepted_conditions = before.signup.accepted_conditions };
		if (!line_write(line, &before, &after) ||
		    !line_tell(line, "signup.lapsed", member_id, by_itself(line, member_id), "", 0))
			return false;
	}
	return line_let_in(line);
}

bool line_hold(struct line *line)
{
	struct statement *statement = tx_prepare(
		line->tx, "UPDATE activity SET version = version WHERE space_id = ? AND id = ?"
		" RETURNING state, capacity, taken, waiting, waitlist, offer_minutes, start_at, offer_due");
	bind_text(statement, 1, line->space_id);
	bind_text(statement, 2, line->activity_id);
	bool there = tx_row(line->tx, statement);
	int64_t due = 0;
	if (there) {
		struct activity *activity = &line->activity;
		activity_state_from_wire(row_text(statement, 0, line->arena), &activity->state);
		activity->capacity = (int)row_int(statement, 1);
		activity->taken = (int)row_int(statement, 2);
		activity->waiting = (int)row_int(statement, 3);
		waitlist_from_wire(row_text(statement, 4, line->arena), &activity->waitlist);
		activity->offer_minutes = (int)row_int(statement, 5);
		activity->start_at = row_int(statement, 6);
		due = row_int(statement, 7);
	}
	statement_done(statement);
	return there && (due == 0 || due > line->now || settle(line));
}
