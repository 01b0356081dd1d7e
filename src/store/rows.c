/* rows.c — see rows.h. */
#include "rows.h"

#include <string.h>

#include "file.h"

/* What each version brought, from the first on. */
static const char *const steps[STORE_VERSION] = {
	"CREATE TABLE snapshot ("
	" site TEXT NOT NULL, list TEXT NOT NULL, personal INTEGER NOT NULL, etag TEXT, as_of INTEGER NOT NULL,"
	" bytes BLOB NOT NULL, PRIMARY KEY (site, list)) STRICT;"
	"CREATE TABLE wish ("
	" id TEXT PRIMARY KEY, site TEXT NOT NULL, member_id TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,"
	" outcome TEXT NOT NULL, rule TEXT NOT NULL,"
	" space_id TEXT NOT NULL, space_name TEXT NOT NULL, resource_id TEXT NOT NULL, resource_name TEXT NOT NULL,"
	" booking_id TEXT NOT NULL, version INTEGER NOT NULL, date TEXT NOT NULL, part TEXT NOT NULL,"
	" created_at INTEGER NOT NULL, first_sent_at INTEGER NOT NULL, attempts INTEGER NOT NULL,"
	" owner_pid INTEGER NOT NULL) STRICT;",

	"ALTER TABLE wish ADD COLUMN activity_id TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE wish ADD COLUMN title TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE wish ADD COLUMN hours_from INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE wish ADD COLUMN hours_until INTEGER NOT NULL DEFAULT 0;",

	"ALTER TABLE wish RENAME COLUMN owner_pid TO owner;",
};

#define WISH_COLUMNS \
	"id, site, kind, state, outcome, rule, space_id, space_name, resource_id, resource_name, booking_id," \
	" version, date, part, created_at, first_sent_at, attempts, owner, member_id," \
	" activity_id, title, hours_from, hours_until"

bool rows_upgrade(struct sql *sql, int version, struct problem *why)
{
	if (version == STORE_VERSION)
		return true;
	struct arena *arena = arena_new();
	bool done = sql_run(sql, "BEGIN IMMEDIATE;", why);
	for (int at = version; at < STORE_VERSION && done; at++)
		done = sql_run(sql, steps[at], why);
	done = done && sql_run(sql, arena_print(arena, "PRAGMA user_version=%d; COMMIT;", STORE_VERSION), why);
	arena_free(arena);
	if (!done)
		sql_run(sql, "ROLLBACK;", NULL);
	return done;
}

bool rows_check(struct sql *sql, struct problem *why)
{
	return sql_run(sql, "SELECT site, list, personal, etag, as_of, bytes FROM snapshot LIMIT 0;", why) &&
	       sql_run(sql, "SELECT " WISH_COLUMNS " FROM wish LIMIT 0;", why);
}

static bool run_to_end(struct sql_statement *statement, struct problem *why)
{
	enum sql_step step = sql_step(statement, why);
	while (step == SQL_ROW)
		step = sql_step(statement, why);
	sql_done(statement);
	return step == SQL_END;
}

/* ---- snapshots ---- */

static bool put_snapshot(struct sql *sql, const struct store_reply *snapshot, bool personal, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql,
		"INSERT OR REPLACE INTO snapshot (site, list, personal, etag, as_of, bytes) VALUES (?, ?, ?, ?, ?, ?)");
	sql_bind_text(statement, 1, snapshot->site);
	sql_bind_text(statement, 2, snapshot->list);
	sql_bind_int(statement, 3, personal);
	sql_bind_text(statement, 4, snapshot->etag);
	sql_bind_int(statement, 5, snapshot->as_of);
	sql_bind_blob(statement, 6, snapshot->bytes, snapshot->length);
	return run_to_end(statement, why);
}

/* What a site can tell again need not survive a power cut: it does not wait for the disk. Wishes do. */
bool rows_put_snapshot(struct sql *sql, const struct store_reply *snapshot, bool personal, struct problem *why)
{
	bool put = sql_run(sql, "PRAGMA synchronous=NORMAL;", why) && put_snapshot(sql, snapshot, personal, why);
	return sql_run(sql, "PRAGMA synchronous=FULL;", put ? why : NULL) && put;
}

bool rows_get_snapshot(struct sql *sql, struct store_reply *reply, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql,
		"SELECT etag, as_of, bytes FROM snapshot WHERE site = ? AND list = ?");
	sql_bind_text(statement, 1, reply->site);
	sql_bind_text(statement, 2, reply->list);
	enum sql_step step = sql_step(statement, why);
	if (step == SQL_ROW) {
		reply->found = true;
		reply->etag = sql_text(statement, 0, reply->arena);
		reply->as_of = sql_int(statement, 1);
		reply->bytes = sql_blob(statement, 2, reply->arena, &reply->length);
	}
	sql_done(statement);
	return step == SQL_ROW || step == SQL_END;
}

static bool delete_of_site(struct sql *sql, const char *text, const char *site, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql, text);
	sql_bind_text(statement, 1, site);
	return run_to_end(statement, why);
}

/* Wishes that were seen tell what one booked. */
bool rows_forget_personal(struct sql *sql, const char *site, struct problem *why)
{
	bool snapshots = delete_of_site(sql, "DELETE FROM snapshot WHERE site = ? AND personal = 1", site, why);
	return delete_of_site(sql, "DELETE FROM wish WHERE site = ? AND state = 'seen'", site, snapshots ? why : NULL) && snapshots;
}

/* The names of what is of one day end with it; what is not of a day has no digit there. */
bool rows_drop_old(struct sql *sql, int64_t personal_before, const char *today, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql,
		"DELETE FROM snapshot WHERE (as_of < ?1 AND (personal = 1 OR list LIKE '%/%'))"
		" OR (list LIKE 'day/%' AND substr(list, -10) < ?2)"
		" OR (list LIKE '%/%' AND rowid NOT IN (SELECT rowid FROM snapshot WHERE list LIKE '%/%' ORDER BY as_of DESC LIMIT ?3))");
	sql_bind_int(statement, 1, personal_before);
	sql_bind_text(statement, 2, today);
	sql_bind_int(statement, 3, STORE_THINGS_KEPT);
	return run_to_end(statement, why);
}

/* ---- wishes ---- */

static const char *const kind_names[WISH_KINDS] = {
	[WISH_BOOK] = "book", [WISH_CANCEL] = "cancel", [WISH_SIGN_UP] = "sign_up", [WISH_WITHDRAW] = "withdraw",
};

const char *wish_kind_name(enum wish_kind kind)
{
	return kind_names[kind];
}

static const char *const state_names[] = {
	[WISH_QUEUED] = "queued", [WISH_SENT] = "sent", [WISH_SETTLED] = "settled", [WISH_SEEN] = "seen",
};

static bool name_to_number(const char *const *names, size_t count, const char *name, int *number)
{
	for (size_t at = 0; at < count; at++) {
		if (name && strcmp(names[at], name) == 0) {
			*number = (int)at;
			return true;
		}
	}
	return false;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* What is to be sent for the first time is of the same thing as what another owner has, that was made before it and has not ended. */
#define IS_BEHIND \
	"(?4 = 'sent' AND NOT EXISTS (SELECT 1 FROM wish WHERE id = ?1 AND state = 'sent')" \
	" AND EXISTS (SELECT 1 FROM wish AS other WHERE other.state IN ('queued', 'sent') AND other.owner <> ?18 AND other.site = ?2" \
	" AND (?19 = '' OR other.member_id IN ('', ?19)) AND ((?20 <> '' AND other.activity_id = ?20) OR (?20 = '' AND other.activity_id = '' AND other.booking_id = ?11))" \
	" AND other.rowid < ifnull((SELECT rowid FROM wish WHERE id = ?1), other.rowid + 1)))"

bool rows_put_wish(struct sql *sql, const struct owner *owner, const struct outbox_row *row, bool *behind, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql, "INSERT INTO wish (" WISH_COLUMNS ")"
		" SELECT ?1, ?2, ?3, iif(behind, 'queued', ?4), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, iif(behind, 0, ?16), ?17, ?18,"
		" ?19, ?20, ?21, ?22, ?23 FROM (SELECT " IS_BEHIND " AS behind) WHERE true"
		/* Not REPLACE: the row would come to stand behind those that were made after it. */
		" ON CONFLICT (id) DO UPDATE SET state = excluded.state, outcome = excluded.outcome, rule = excluded.rule,"
		" first_sent_at = excluded.first_sent_at, attempts = excluded.attempts, owner = excluded.owner,"
		" member_id = iif(wish.member_id = '', excluded.member_id, wish.member_id)"   /* it may become known later */
		" RETURNING state = 'queued'");
	char date[DATE_ISO_SIZE];
	date_to_iso(row->when.date, date);
	sql_bind_text(statement, 1, row->id);
	sql_bind_text(statement, 2, or_empty(row->site));
	sql_bind_text(statement, 3, kind_names[row->kind]);
	sql_bind_text(statement, 4, state_names[row->state]);
	sql_bind_text(statement, 5, row->outcome == OUTCOME_NONE ? "" : outcome_wire_name(row->outcome));
	sql_bind_text(statement, 6, rule_wire_name(row->rule));
	sql_bind_text(statement, 7, or_empty(row->space_id));
	sql_bind_text(statement, 8, or_empty(row->space_name));
	sql_bind_text(statement, 9, or_empty(row->resource_id));
	sql_bind_text(statement, 10, or_empty(row->resource_name));
	sql_bind_text(statement, 11, or_empty(row->booking_id));
	sql_bind_int(statement, 12, row->version);
	sql_bind_text(statement, 13, date);
	sql_bind_text(statement, 14, day_part_wire_name(row->when.part));
	sql_bind_int(statement, 15, row->created_at);
	sql_bind_int(statement, 16, row->first_sent_at);
	sql_bind_int(statement, 17, row->attempts);
	sql_bind_int(statement, 18, owner->number);
	sql_bind_text(statement, 19, or_empty(row->member_id));
	sql_bind_text(statement, 20, or_empty(row->activity_id));
	sql_bind_text(statement, 21, or_empty(row->title));
	sql_bind_int(statement, 22, row->when.hours.from);
	sql_bind_int(statement, 23, row->when.hours.until);
	enum sql_step step = sql_step(statement, why);
	*behind = step == SQL_ROW && row->state == WISH_SENT && sql_int(statement, 0);
	while (step == SQL_ROW)
		step = sql_step(statement, why);
	sql_done(statement);
	return step == SQL_END;
}

static const char *text_at(struct sql_statement *statement, int column, struct arena *arena)
{
	return or_empty(sql_text(statement, column, arena));
}

static bool read_outcome(const char *name, enum outcome_kind *outcome)
{
	*outcome = OUTCOME_NONE;
	return !*name || outcome_from_wire(name, outcome);
}

/* False: the row is not one of ours (edited by hand, or half a disk): it is left where it is and not shown. */
static bool read_wish(struct sql_statement *statement, struct arena *arena, struct outbox_row *row)
{
	const char *id = text_at(statement, 0, arena);
	int kind, state;
	const char *rule = text_at(statement, 5, arena);
	if (!uuid_is_valid(id) ||
	    !name_to_number(kind_names, COUNT_OF(kind_names), text_at(statement, 2, arena), &kind) ||
	    !name_to_number(state_names, COUNT_OF(state_names), text_at(statement, 3, arena), &state) ||
	    !read_outcome(text_at(statement, 4, arena), &row->outcome) ||
	    !date_from_iso(text_at(statement, 12, arena), &row->when.date, NULL) ||
	    !day_part_from_wire(text_at(statement, 13, arena), &row->when.part))
		return false;
	memcpy(row->id, id, sizeof row->id);
	row->kind = (enum wish_kind)kind;
	row->state = (enum wish_state)state;
	row->rule = *rule ? rule_from_wire(rule) : RULE_NONE;
	row->site = text_at(statement, 1, arena);
	row->space_id = text_at(statement, 6, arena);
	row->space_name = text_at(statement, 7, arena);
	row->resource_id = text_at(statement, 8, arena);
	row->resource_name = text_at(statement, 9, arena);
	row->booking_id = text_at(statement, 10, arena);
	row->version = sql_int(statement, 11);
	row->created_at = sql_int(statement, 14);
	row->first_sent_at = sql_int(statement, 15);
	row->attempts = (int)sql_int(statement, 16);
	row->member_id = text_at(statement, 18, arena);
	row->activity_id = text_at(statement, 19, arena);
	row->title = text_at(statement, 20, arena);
	row->when.hours = (struct minute_range){ (int)sql_int(statement, 21), (int)sql_int(statement, 22) };
	return true;
}

#define IS_OF_SITES(place) "(" place " = '' OR instr(" place ", ',' || site || ',') > 0)"

/* The next owner behind `*number` whose wishes nobody works on. */
static bool next_gone(struct sql *sql, const struct owner *owner, const char *sites, int64_t *number, struct problem *why)
{
	bool gone = false;
	struct sql_statement *statement =
		sql_prepare(sql, "SELECT DISTINCT owner FROM wish WHERE state <> 'seen' AND owner > ?1 AND " IS_OF_SITES("?2") " ORDER BY owner");
	sql_bind_int(statement, 1, *number);
	sql_bind_text(statement, 2, sites);
	while (!gone && sql_step(statement, why) == SQL_ROW) {
		*number = sql_int(statement, 0);
		gone = *number != owner->number && !owner_lives(owner, *number);
	}
	sql_done(statement);
	return gone;
}

static bool take_from(struct sql *sql, const struct owner *owner, const char *sites, int64_t gone, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql, "UPDATE wish SET owner = ?1 WHERE owner = ?2 AND state <> 'seen' AND " IS_OF_SITES("?3"));
	sql_bind_int(statement, 1, owner->number);
	sql_bind_int(statement, 2, gone);
	sql_bind_text(statement, 3, sites);
	return run_to_end(statement, why);
}

/* Looked at first without a transaction: most of the time nobody is gone, and who only looks keeps nobody waiting. */
static bool take_over(struct sql *sql, const struct owner *owner, const char *sites, struct problem *why)
{
	int64_t number = INT64_MIN;
	if (!next_gone(sql, owner, sites, &number, why))
		return true;
	if (!sql_run(sql, "BEGIN IMMEDIATE;", why))
		return false;
	bool taken = true;
	for (number = INT64_MIN; taken && next_gone(sql, owner, sites, &number, why);)
		taken = take_from(sql, owner, sites, number, why);
	taken = taken && sql_run(sql, "COMMIT;", why);
	if (!taken)
		sql_run(sql, "ROLLBACK;", NULL);
	return taken;
}

static bool read_wishes(struct sql_statement *statement, struct arena *arena, const struct outbox_row **wishes, size_t *count,
                        struct problem *why)
{
	struct arena_rows rows = { .bytes = sizeof(struct outbox_row) };
	enum sql_step step;
	while ((step = sql_step(statement, why)) == SQL_ROW)
		rows.count += read_wish(statement, arena, arena_next_row(arena, &rows));
	sql_done(statement);
	*wishes = rows.first;
	*count = rows.count;
	return step != SQL_FAILED;
}

/* Those of one site stand together. */
static bool count_left(struct sql *sql, const struct owner *owner, const char *sites, struct store_reply *reply, struct problem *why)
{
	struct arena_rows rows = { .bytes = sizeof(struct store_left) };
	struct store_left *last = NULL;
	struct sql_statement *statement = sql_prepare(sql, "SELECT site, owner, count(*) FROM wish"
		" WHERE state <> 'seen' AND owner <> ?1 AND NOT " IS_OF_SITES("?2") " GROUP BY site, owner ORDER BY site");
	sql_bind_int(statement, 1, owner->number);
	sql_bind_text(statement, 2, sites);
	enum sql_step step;
	while ((step = sql_step(statement, why)) == SQL_ROW) {
		const char *site = text_at(statement, 0, reply->arena);
		if (owner_lives(owner, sql_int(statement, 1)))
			continue;
		if (!last || strcmp(last->site, site) != 0) {
			last = arena_next_row(reply->arena, &rows);
			*last = (struct store_left){ .site = site };
			rows.count++;
		}
		last->count += (int)sql_int(statement, 2);
	}
	sql_done(statement);
	reply->left = rows.first;
	reply->left_count = rows.count;
	return step != SQL_FAILED;
}

/* Rows stand in the order in which they were made; of those that were seen, the last few are wanted. */
bool rows_load_wishes(struct sql *sql, const struct owner *owner, const char *sites, struct store_reply *reply, struct problem *why)
{
	reply->more_to_come = owner_sees_who_stays(owner);   /* asked first: what is written after that is loaded, or told to come */
	if (!take_over(sql, owner, sites, why))
		return false;
	struct sql_statement *mine = sql_prepare(sql, "SELECT " WISH_COLUMNS " FROM wish"
		" WHERE (state <> 'seen' AND owner = ?) OR rowid IN (SELECT rowid FROM wish WHERE state = 'seen'"
		" AND outcome IN ('done', 'pending', 'waitlisted') ORDER BY rowid DESC LIMIT ?) ORDER BY rowid");
	sql_bind_int(mine, 1, owner->number);
	sql_bind_int(mine, 2, WISHES_SEEN_LOADED);
	struct sql_statement *others = sql_prepare(sql, "SELECT " WISH_COLUMNS " FROM wish"
		" WHERE state IN ('queued', 'sent') AND owner <> ? ORDER BY rowid");
	sql_bind_int(others, 1, owner->number);
	bool read = read_wishes(mine, reply->arena, &reply->wishes, &reply->wish_count, why);
	read = read_wishes(others, reply->arena, &reply->others, &reply->other_count, read ? why : NULL) && read;
	return count_left(sql, owner, sites, reply, read ? why : NULL) && read;
}

bool rows_drop_seen(struct sql *sql, int64_t before, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql, "DELETE FROM wish WHERE state = 'seen' AND created_at < ?");
	sql_bind_int(statement, 1, before);
	return run_to_end(statement, why);
}
