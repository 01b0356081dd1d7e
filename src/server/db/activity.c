/* activity.c — activities: looking them up and writing down what their organisers say. Who comes is in signup.c. */
#include "line.h"

#include <string.h>

/* ?1 is the member who looks, or NULL. */
#define ACTIVITY_COLUMNS(description)                                                                                      \
	"SELECT a.id, a.space_id, s.name, s.town, s.country, s.time_zone, a.title, a.summary, " description ", a.place,"   \
	" a.organiser, a.note, a.link, a.format, a.languages, a.online, a.date, a.start_at, a.end_at, a.state, a.capacity," \
	" a.taken, a.waiting, a.signup_until, a.withdraw_until, a.version, a.waitlist, a.offer_minutes, a.organiser_id,"  \
	" a.conditions, a.conditions_version, a.cancel_reason, a.attendance_closed_at,"                                    \
	" u.state, u.since, u.until, u.accepted_conditions,"                                                               \
	" (SELECT count(*) FROM signup w WHERE w.space_id = a.space_id AND w.activity_id = a.id AND w.state = 'waitlisted'" \
	" AND w.ticket <= u.ticket) FROM activity a JOIN space s ON s.id = a.space_id"
#define MINE "signup u ON u.space_id = a.space_id AND u.activity_id = a.id AND u.member_id = ?1"
#define WITHOUT_DESCRIPTION ACTIVITY_COLUMNS("''")

static struct signup read_mine(struct statement *row, int column, struct arena *arena)
{
	struct signup mine = { .state = SIGNUP_NONE };
	if (row_is_null(row, column))
		return mine;
	signup_state_from_wire(row_text(row, column, arena), &mine.state);
	mine.since = row_int(row, column + 1);
	mine.until = row_int(row, column + 2);
	mine.accepted_conditions = (int)row_int(row, column + 3);
	if (mine.state == SIGNUP_WAITLISTED)
		mine.place = (int)row_int(row, column + 4);
	return mine;
}

static struct activity read_activity(struct statement *row, struct arena *arena)
{
	struct activity activity = {
		.id = row_text(row, 0, arena),
		.space_id = row_text(row, 1, arena),
		.space_name = row_text(row, 2, arena),
		.space_town = row_text(row, 3, arena),
		.country = country_from_code(row_text(row, 4, arena)),
		.time_zone = row_text(row, 5, arena),
		.title = row_text(row, 6, arena),
		.summary = row_text(row, 7, arena),
		.description = row_text(row, 8, arena),
		.place = row_text(row, 9, arena),
		.organiser = row_text(row, 10, arena),
		.note = row_text(row, 11, arena),
		.link = row_text(row, 12, arena),
		.format = ACTIVITY_OTHER,
		.languages = (unsigned)row_int(row, 14),
		.online = row_int(row, 15) != 0,
		.date = row_date(row, 16, arena),
		.start_at = row_int(row, 17),
		.end_at = row_int(row, 18),
		.capacity = (int)row_int(row, 20),
		.taken = (int)row_int(row, 21),
		.waiting = (int)row_int(row, 22),
		.signup_until = row_int(row, 23),
		.withdraw_until = row_int(row, 24),
		.version = row_int(row, 25),
		.offer_minutes = (int)row_int(row, 27),
		.organiser_id = row_text(row, 28, arena),
		.conditions = row_text(row, 29, arena),
		.conditions_version = *row_text(row, 29, arena) ? (int)row_int(row, 30) : 0,
		.cancel_reason = row_text(row, 31, arena),
		.attendance_closed_at = row_int(row, 32),
		.mine = read_mine(row, 33, arena),
	};
	waitlist_from_wire(row_text(row, 26, arena), &activity.waitlist);
	activity_format_from_wire(row_text(row, 13, arena), &activity.format);
	activity_state_from_wire(row_text(row, 19, arena), &activity.state);
	return activity;
}

const struct activity *db_find_activity(struct db_tx *tx, const char *space_id, const char *id, const char *member_id,
                                        struct arena *arena)
{
	struct statement *statement = tx_prepare(
		tx, ACTIVITY_COLUMNS("a.description") " LEFT JOIN " MINE " WHERE a.space_id = ?2 AND a.id = ?3");
	bind_text(statement, 1, member_id);
	bind_text(statement, 2, space_id);
	bind_text(statement, 3, id);
	struct activity *activity = NULL;
	if (tx_row(tx, statement)) {
		activity = arena_get(arena, sizeof *activity);
		*activity = read_activity(statement, arena);
	}
	statement_done(statement);
	return activity;
}

/* Those of `statement`, which is done with. */
static const struct activity *read_activities(struct db_tx *tx, struct statement *statement, int limit,
                                              struct arena *arena, size_t *count)
{
	struct activity *activities = arena_get(arena, (size_t)(limit > 0 ? limit : 1) * sizeof *activities);
	*count = 0;
	while (*count < (size_t)limit && tx_row(tx, statement))
		activities[(*count)++] = read_activity(statement, arena);
	statement_done(statement);
	return activities;
}

/* No zone is more than 14 hours ahead of UTC nor 12 behind: the index begins and ends there. */
static int64_t earliest(struct local_date date)
{
	return (int64_t)date_to_days(date) * 86400 - 14 * 3600;
}

static int64_t latest(struct local_date date)
{
	return ((int64_t)date_to_days(date) + 1) * 86400 + 12 * 3600;
}

const struct activity *db_list_activities(struct db_tx *tx, const struct activity_filter *filter, const char *member_id,
                                          int64_t after_start, const char *after_id, int limit, struct arena *arena,
                                          size_t *count)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(filter->from, from);
	date_to_iso(filter->until, until);
	struct statement *statement = tx_prepare(
		tx, WITHOUT_DESCRIPTION " LEFT JOIN " MINE
		" WHERE a.start_at BETWEEN ?2 AND ?3 AND a.date BETWEEN ?4 AND ?5 AND (?6 = '' OR a.space_id = ?6)"
		" AND (?7 = 0 OR (a.languages & ?7) <> 0) AND (?8 = '' OR a.format = ?8) AND " HAS_WORDS("a.folded", "?9")
		" AND (a.start_at, a.id) > (?10, ?11) ORDER BY a.start_at, a.id LIMIT ?12");
	int64_t first = earliest(filter->from);
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, after_id && after_start > first ? after_start : first);
	bind_int(statement, 3, latest(filter->until));
	bind_text(statement, 4, from);
	bind_text(statement, 5, until);
	bind_text(statement, 6, filter->space_id);
	bind_int(statement, 7, filter->languages);
	bind_text(statement, 8, filter->by_format ? activity_format_wire_name(filter->format) : "");
	bind_text(statement, 9, folded_words(arena, filter->words));
	bind_int(statement, 10, after_id ? after_start : first - 1);
	bind_text(statement, 11, after_id ? after_id : "");
	bind_int(statement, 12, limit);
	return read_activities(tx, statement, limit, arena, count);
}

const struct activity *db_list_signups(struct db_tx *tx, const char *member_id, struct local_date from, int64_t after_start,
                                       const char *after_id, int limit, struct arena *arena, size_t *count)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(from, date);
	struct statement *statement = tx_prepare(
		tx, WITHOUT_DESCRIPTION " JOIN " MINE " WHERE u.state IN ('signed_up', 'offered', 'waitlisted') AND a.start_at >= ?2 AND a.date >= ?3"
		" AND (a.start_at, a.id) > (?4, ?5) ORDER BY a.start_at, a.id LIMIT ?6");
	bind_text(statement, 1, member_id);
	bind_int(statement, 2, earliest(from));
	bind_text(statement, 3, date);
	bind_int(statement, 4, after_id ? after_start : earliest(from) - 1);
	bind_text(statement, 5, after_id ? after_id : "");
	bind_int(statement, 6, limit);
	return read_activities(tx, statement, limit, arena, count);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

/* What activity_fits() looks in, but for names that may change elsewhere: the space's are put beside it when it is written. */
static const char *folded_activity(struct db_tx *tx, const struct activity *activity, struct arena *arena)
{
	const struct space *space = db_find_space(tx, activity->space_id, arena);
	return folded_column(arena, arena_print(arena, "%s %s %s %s %s %s %s %s", activity->title, activity->summary,
	                                        activity->place, activity->organiser, space ? space->name : "",
	                                        space ? space->town : "", activity_format_wire_name(activity->format),
	                                        activity_format_words(activity->format)));
}

/* The text of its conditions and their version; NULL: there is no such activity. */
static const char *conditions_of(struct db_tx *tx, const struct activity *activity, struct arena *arena, int *version)
{
	struct statement *statement = tx_prepare(tx, "SELECT conditions, conditions_version FROM activity WHERE space_id = ? AND id = ?");
	bind_text(statement, 1, activity->space_id);
	bind_text(statement, 2, activity->id);
	const char *text = tx_row(tx, statement) ? row_text(statement, 0, arena) : NULL;
	*version = text ? (int)row_int(statement, 1) : 0;
	statement_done(statement);
	return text;
}

#define SAID "title, summary, description, place, organiser, note, link, format, languages, online, date, start_at, end_at,"   \
	" state, capacity, signup_until, withdraw_until, folded, waitlist, offer_minutes, organiser_id, conditions,"             \
	" conditions_version, cancel_reason"
#define SAID_VALUES "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24," \
	" ?25, ?26"

static void bind_said(struct statement *statement, struct db_tx *tx, const struct activity *activity, struct arena *arena)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(activity->date, date);
	const char *const texts[] = { activity->space_id, activity->id, activity->title, activity->summary, activity->description,
		activity->place, activity->organiser, activity->note, activity->link, activity_format_wire_name(activity->format) };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		bind_text(statement, (int)i + 1, texts[i]);
	bind_int(statement, 11, activity->languages);
	bind_int(statement, 12, activity->online);
	bind_text(statement, 13, date);
	bind_int(statement, 14, activity->start_at);
	bind_int(statement, 15, activity->end_at);
	bind_text(statement, 16, activity_state_wire_name(activity->state));
	bind_int(statement, 17, activity->capacity);
	bind_int(statement, 18, activity->signup_until);
	bind_int(statement, 19, activity->withdraw_until);
	bind_text(statement, 20, folded_activity(tx, activity, arena));
	bind_text(statement, 21, waitlist_wire_name(activity->waitlist));
	bind_int(statement, 22, activity->offer_minutes);
	bind_text(statement, 23, activity->organiser_id);
	bind_text(statement, 24, activity->conditions);
	bind_int(statement, 25, activity->conditions_version);
	bind_text(statement, 26, activity->cancel_reason);
}

/* No offer lasts longer than there is something to come to. */
static bool end_offers_by_start(struct db_tx *tx, const struct activity *activity)
{
	struct statement *statement = tx_prepare(
		tx, "UPDATE signup SET until = ?3 WHERE space_id = ?1 AND activity_id = ?2 AND state = 'offered' AND until > ?3");
	bind_text(statement, 1, activity->space_id);
	bind_text(statement, 2, activity->id);
	bind_int(statement, 3, activity->start_at);
	return tx_change(tx, statement);
}

static enum db_put put(struct db_tx *tx, const struct activity *activity, bool is_new, struct arena *arena)
{
	struct statement *statement = is_new
		? tx_prepare(tx, "INSERT INTO activity (space_id, id, " SAID ") VALUES (?1, ?2, " SAID_VALUES ")")
		: tx_prepare(tx, "UPDATE activity SET (" SAID ") = (" SAID_VALUES "), version = version + 1"
		                 " WHERE space_id = ?1 AND id = ?2 AND (" SAID ") IS DISTINCT FROM (" SAID_VALUES ")");
	bind_said(statement, tx, activity, arena);
	return tx_try_put(tx, statement);
}

/* A new text is a new version: who agreed to another one has not agreed to this. */
static struct activity with_version(const struct activity *activity, const char *text, int version)
{
	struct activity said = *activity;
	said.conditions_version = strcmp(text ? text : "", activity->conditions) == 0 ? version : version + 1;
	return said;
}

static enum db_put put_and_let_in(struct line *line, const struct activity *activity, struct db_actor actor)
{
	struct db_tx *tx = line->tx;
	int version;
	const char *conditions = conditions_of(tx, activity, line->arena, &version);
	if (conditions && !line_hold(line))
		return DB_PUT_FAILED;
	if (conditions && activity->capacity < line->activity.taken)
		return DB_PUT_REFUSED;
	struct activity said = with_version(activity, conditions, version);
	enum db_put done = put(tx, &said, !conditions, line->arena);
	if (done != DB_PUT_DONE)
		return done;
	bool called_off = conditions && activity->state == ACTIVITY_CANCELLED && line->activity.state != ACTIVITY_CANCELLED;
	const char *kind = called_off ? "activity.cancelled" : conditions ? "activity.changed" : "activity.created";
	bool told = tx_tell_activity(tx, line->space_id, line->activity_id, kind, line->now, actor) &&
	            end_offers_by_start(tx, activity) && line_note_due(line) && line_hold(line) && line_let_in(line);
	return told ? DB_PUT_DONE : DB_PUT_FAILED;
}

enum db_put db_put_activity(struct db_tx *tx, const struct activity *activity, int64_t now, struct db_actor actor)
{
	struct arena *arena = arena_new();
	struct line line = { .tx = tx, .arena = arena, .space_id = activity->space_id, .activity_id = activity->id, .now = now,
		             .request_id = actor.request_id };
	enum db_put done = put_and_let_in(&line, activity, actor);
	arena_free(arena);
	return done;
}

static const char *next_activity(struct db_tx *tx, const char *space_id, const char *after, struct arena *arena)
{
	struct statement *statement =
		tx_prepare(tx, "SELECT id FROM activity WHERE space_id = ? AND id > ? ORDER BY id LIMIT 1");
	bind_text(statement, 1, space_id);
	bind_text(statement, 2, after);
	const char *id = tx_row(tx, statement) ? row_text(statement, 0, arena) : NULL;
	statement_done(statement);
	return id;
}

bool db_renew_activities(struct db_tx *tx, const char *space_id, int64_t now, struct db_actor actor)
{
	struct arena *arena = arena_new();
	bool good = true;
	for (const char *id = ""; good && (id = next_activity(tx, space_id, id, arena)); ) {
		const struct activity *activity = db_find_activity(tx, space_id, id, NULL, arena);
		good = activity && db_put_is_good(db_put_activity(tx, activity, now, actor));
	}
	arena_free(arena);
	return good && !db_tx_failed(tx);
}
