/* activity.c — activities: looking them up and writing down what their organisers say. Who comes is in signup.c. */
#include "statement.h"

#include <string.h>

/* ?1 is the member who looks, or NULL. */
#define ACTIVITY_COLUMNS(description)                                                                                      \
	"SELECT a.id, a.space_id, s.name, s.town, s.country, s.time_zone, a.title, a.summary, " description ", a.place,"   \
	" a.organiser, a.note, a.link, a.format, a.languages, a.online, a.date, a.start_at, a.end_at, a.state, a.capacity," \
	" a.taken, a.waiting, a.signup_until, a.withdraw_until, a.version, u.state, u.since,"                              \
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
	if (mine.state == SIGNUP_WAITLISTED)
		mine.place = (int)row_int(row, column + 2);
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
		.mine = read_mine(row, 26, arena),
	};
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
		tx, WITHOUT_DESCRIPTION " JOIN " MINE " WHERE u.state <> 'withdrawn' AND a.start_at >= ?2 AND a.date >= ?3"
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

static bool is_there(struct db_tx *tx, const struct activity *activity)
{
	struct statement *statement = tx_prepare(tx, "SELECT 1 FROM activity WHERE space_id = ? AND id = ?");
	bind_text(statement, 1, activity->space_id);
	bind_text(statement, 2, activity->id);
	bool there = tx_row(tx, statement);
	statement_done(statement);
	return there;
}

/* `of`: "", or the table with its dot. */
#define SAID(of) of "title, " of "summary, " of "description, " of "place, " of "organiser, " of "note, " of "link, " of "format, "   \
	of "languages, " of "online, " of "date, " of "start_at, " of "end_at, " of "state, " of "capacity, " of "signup_until, "     \
	of "withdraw_until, " of "folded"
#define SAID_VALUES "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20"

static enum db_put put(struct db_tx *tx, const struct activity *activity, struct arena *arena)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(activity->date, date);
	struct statement *statement = tx_prepare(
		tx, "INSERT INTO activity (space_id, id, " SAID("") ") VALUES (?1, ?2, " SAID_VALUES ")"
		" ON CONFLICT (space_id, id) DO UPDATE SET (" SAID("") ", version) = (" SAID("excluded.") ", activity.version + 1)"
		" WHERE (" SAID("activity.") ") IS DISTINCT FROM (" SAID("excluded.") ")");
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
	return tx_try_put(tx, statement);
}

enum db_put db_put_activity(struct db_tx *tx, const struct activity *activity, int64_t now, struct db_actor actor)
{
	bool was_there = is_there(tx, activity);
	struct arena *arena = arena_new();
	enum db_put done = put(tx, activity, arena);
	arena_free(arena);
	if (done != DB_PUT_DONE)
		return done;
	const char *kind = was_there ? "activity.changed" : "activity.created";
	bool told = tx_tell_activity(tx, activity->space_id, activity->id, kind, now, actor) &&
	            tx_let_in(tx, activity->space_id, activity->id, now, actor.request_id);
	return told ? DB_PUT_DONE : DB_PUT_FAILED;
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
