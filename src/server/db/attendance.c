/* attendance.c — who comes: lists for the staff, what became of a sign-up, who was there, who came in from the door. */
#include "line.h"

#include <string.h>

#define PARTICIPANT_COLUMNS                                                                                                 \
	"SELECT u.member_id, m.name, u.state, u.ticket, u.since, u.until, u.accepted_conditions, u.attendance, u.walk_in,"  \
	" (SELECT count(*) FROM signup w WHERE w.space_id = u.space_id AND w.activity_id = u.activity_id"                   \
	" AND w.state = 'waitlisted' AND w.ticket <= u.ticket) FROM signup u JOIN member m ON m.id = u.member_id"           \
	" WHERE u.space_id = ?1 AND u.activity_id = ?2"

static struct participant read_participant(struct statement *row, struct arena *arena)
{
	struct participant participant = {
		.member_id = row_text(row, 0, arena),
		.member_name = row_text(row, 1, arena),
		.ticket = row_int(row, 3),
		.signup.since = row_int(row, 4),
		.signup.until = row_int(row, 5),
		.signup.accepted_conditions = (int)row_int(row, 6),
		.walk_in = row_int(row, 8) != 0,
	};
	signup_state_from_wire(row_text(row, 2, arena), &participant.signup.state);
	attendance_from_wire(row_text(row, 7, arena), &participant.attendance);
	if (participant.signup.state == SIGNUP_WAITLISTED)
		participant.signup.place = (int)row_int(row, 9);
	return participant;
}

bool db_is_member(struct db_tx *tx, const char *member_id)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM member WHERE id = ? AND disabled_at IS NULL AND anonymous = 0");
	bind_text(statement, 1, member_id);
	bool is = tx_row(tx, statement);
	statement_done(statement);
	return is;
}

const struct participant *db_list_participants(struct db_tx *tx, const char *space_id, const char *activity_id, bool after,
                                               int64_t after_ticket, int limit, struct arena *arena, size_t *count)
{
	struct participant *participants = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *participants);
	struct statement *statement = tx_prepare(tx, PARTICIPANT_COLUMNS " AND u.ticket > ?3 ORDER BY u.ticket LIMIT ?4");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_int(statement, 3, after ? after_ticket : -1);
	bind_int(statement, 4, limit);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		participants[(*count)++] = read_participant(statement, arena);
	statement_done(statement);
	return participants;
}

const struct participant *db_find_participant(struct db_tx *tx, const char *space_id, const char *activity_id, const char *member_id,
                                              struct arena *arena)
{
	struct statement *statement = tx_prepare(tx, PARTICIPANT_COLUMNS " AND u.member_id = ?3");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_text(statement, 3, member_id);
	struct participant *participant = NULL;
	if (tx_row(tx, statement)) {
		participant = arena_get(arena, sizeof *participant);
		*participant = read_participant(statement, arena);
	}
	statement_done(statement);
	return participant;
}

const struct signup_event *db_list_signup_events(struct db_tx *tx, const char *space_id, const char *activity_id,
                                                 const char *member_id, struct arena *arena, size_t *count)
{
	struct arena_rows rows = { .bytes = sizeof(struct signup_event) };
	struct statement *statement = tx_prepare(
		tx, "SELECT h.seq, h.at, h.kind, h.by_id, coalesce(m.name, ''), h.reason, h.place FROM signup_history h"
		" LEFT JOIN member m ON m.id = h.by_id WHERE h.space_id = ? AND h.activity_id = ? AND h.member_id = ? ORDER BY h.seq");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, activity_id);
	bind_text(statement, 3, member_id);
	while (tx_row(tx, statement)) {
		struct signup_event *event = arena_next_row(arena, &rows);
		*event = (struct signup_event){ row_int(statement, 0), row_int(statement, 1), row_text(statement, 2, arena),
			                        row_text(statement, 3, arena), row_text(statement, 4, arena),
			                        row_text(statement, 5, arena), (int)row_int(statement, 6) };
		rows.count++;
	}
	statement_done(statement);
	*count = rows.count;
	return rows.first;
}

/* ---- who was there --------------------------------------------------------------------------------------------------- */

static enum db_attended attend(struct line *line, const struct signup_act *act, enum attendance attendance, bool walk_in)
{
	const struct participant before = line_find(line, act->member_id);
	bool has_place = before.signup.state == SIGNUP_SIGNED_UP;
	if (has_place && before.attendance == attendance)
		return DB_ATTENDED;
	if (!has_place && !(walk_in && attendance == ATTENDANCE_PRESENT))
		return DB_ATTENDED_NOT_SIGNED_UP;
	bool counted = signup_takes_place(before.signup.state, before.attendance);
	if (!counted && signup_takes_place(SIGNUP_SIGNED_UP, attendance) && line->activity.taken >= line->activity.capacity)
		return DB_ATTENDED_FULL;
	struct participant after = before;
	after.attendance = attendance;
	if (!has_place) {
		after.signup = (struct signup){ .state = SIGNUP_SIGNED_UP, .since = line->now,
			                        .accepted_conditions = act->accepted_conditions };
		after.walk_in = true;
		if (!signup_is_held(before.signup.state))
			after.ticket = line_take_ticket(line);
	}
	const char *kind = has_place ? "attendance.changed" : "signup.walked_in";
	if (line_write(line, &before, &after))
		line_tell(line, kind, act->member_id, act->actor, act->reason, 0);
	return DB_ATTENDED;
}

enum db_attended db_attend(struct db_tx *tx, const struct signup_act *act, enum attendance attendance, bool walk_in)
{
	struct arena *arena = arena_new();
	struct line line = { .tx = tx, .arena = arena, .space_id = act->space_id, .activity_id = act->activity_id, .now = act->now,
		             .request_id = act->actor.request_id };
	enum db_attended attended = line_hold(&line) ? attend(&line, act, attendance, walk_in) : DB_ATTENDED;
	arena_free(arena);
	return attended;
}

bool db_close_attendance(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor)
{
	if (!db_hold_activity(tx, space_id, activity_id, now, actor.request_id))
		return false;
	struct statement *activity = tx_prepare(
		tx, "UPDATE activity SET attendance_closed_at = ?3, version = version + 1, taken = taken -"
		" (SELECT count(*) FROM signup u WHERE u.space_id = ?1 AND u.activity_id = ?2 AND u.state = 'signed_up' AND u.attendance = '')"
		" WHERE space_id = ?1 AND id = ?2 AND attendance_closed_at = 0");
	bind_text(activity, 1, space_id);
	bind_text(activity, 2, activity_id);
	bind_int(activity, 3, now);
	if (!tx_change(tx, activity) || tx_changes(tx) == 0)
		return !db_tx_failed(tx);
	struct statement *unseen = tx_prepare(tx, "UPDATE signup SET attendance = 'absent' WHERE space_id = ? AND activity_id = ?"
	                                          " AND state = 'signed_up' AND attendance = ''");
	bind_text(unseen, 1, space_id);
	bind_text(unseen, 2, activity_id);
	return tx_change(tx, unseen) && tx_tell_activity(tx, space_id, activity_id, "attendance.closed", now, actor);
}
