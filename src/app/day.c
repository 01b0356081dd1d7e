/* day.c — one space on one date: asked when looked at, kept for the last few looked at. See session.h. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static struct opening_state unknown_opening(void)
{
	return (struct opening_state){ .closed = CLOSED_NOT, .reason = "" };
}

static const struct local_date no_date;   /* what a space has, whatever the day: for that no site is asked */

static struct day *find_or_make(struct session *session, size_t site, const char *space_id, struct local_date date);

static void set_only(struct day *day, const char *resource_id)
{
	char *only = resource_id && *resource_id ? memory_copy_text(resource_id) : NULL;   /* it may be the one that goes */
	free(day->only);
	day->only = only;
}

/* ---- asking ---- */

static struct resource_day *copy_rows(struct arena *arena, const struct resource_day *rows, size_t count)
{
	struct resource_day *copies = arena_get(arena, count * sizeof *copies);
	for (size_t at = 0; at < count; at++)
		copies[at] = resource_day_copy(arena, &rows[at]);
	return copies;
}

/* What the space has, for days of it that are asked for later, in this run and the next. */
static void keep_resources(struct session *session, const struct day *day)
{
	struct day *kept = find_or_make(session, day->list.site, day->list.space_id, no_date);
	if (!day->version || kept->version == day->version)
		return;
	struct arena *arena = arena_new();
	const struct resource_day *rows = copy_rows(arena, day->list.rows, day->list.count);
	session_bury(session, &kept->arena);
	kept->arena = arena;
	kept->list.rows = rows;
	kept->list.count = day->list.count;
	kept->version = day->version;
	kept->list.state.as_of = day->list.state.as_of;
	cache_put_day(session, kept, true);
}

static void take_answer(struct session *session, struct day *day, struct job *job)
{
	const struct operation *operation = &job->operation;
	day->list.state.as_of = day->copy_as_of = session_now(session);
	session->sites[day->list.site].live.days_changed = true;
	day->used = ++session->days_used;   /* what follows may take the place of the one that was looked at the longest time ago */
	if (operation->not_modified) {
		cache_put_day(session, day, true);   /* as of now */
		return;
	}
	const struct space *space = operation->space_count ? &operation->spaces[0] : NULL;
	if (space)
		row_of_space(session, day->list.site, day->list.space_id, space, day->number);
	session_bury(session, &day->arena);
	day->list.rows = operation->rows;
	day->list.count = operation->row_count;
	day->list.opening = space ? space->today.opening : unknown_opening();
	if (!day->list.opening.reason)
		day->list.opening.reason = "";
	day->etag = operation->resource_id ? NULL : operation->new_etag;   /* what one row was answered with has a tag of its own */
	day->version = space ? space->version : 0;
	day->arena = job_take_arena(job);
	cache_put_day(session, day, true);
	keep_resources(session, day);
}

static void heard(struct session *session, struct job *job)
{
	struct day *day = job->about;
	day->job = NULL;
	day->loading = day->loading && job->operation.outcome.kind != OUTCOME_DONE;   /* the copy could only be older */
	day->list.state.asking = day->loading;
	set_only(day, NULL);
	session_keep_outcome(session, &job->operation.outcome, &day->list.state.outcome, &day->outcome_arena);
	if (job->operation.outcome.kind == OUTCOME_DONE)
		take_answer(session, day, job);
	session->changed |= SESSION_DAY;
}

/* So that only what is another from day to day is sent. */
static void set_known(struct session *session, const struct day *day, struct operation *operation)
{
	const struct day *resources = day_find(session, day->list.site, day->list.space_id, no_date);
	bool of_day = day->arena && day->version && (!resources || resources->version <= day->version);
	const struct day *known = of_day ? day : resources;
	if (!known || !known->arena || !known->version)
		return;
	operation->known_rows = copy_rows(operation->arena, known->list.rows, known->list.count);
	operation->known_count = known->list.count;
	operation->known_version = known->version;
	operation->resource_id = of_day ? arena_copy_text(operation->arena, day->only) : NULL;
}

/* The clock alone has changed nothing of it either: what is past of a day begins as it opens. */
static bool is_before_opening(struct session *session, const struct day *day)
{
	const struct part *spaces = &session->sites[day->list.site].parts[LIST_SPACES];
	for (size_t at = 0; at < spaces->count; at++) {
		if (strcmp(spaces->spaces[at].id, day->list.space_id) != 0)
			continue;
		struct wall_time now = zone_wall(session_zone(session, spaces->spaces[at].time_zone), session_now(session));
		const struct opening_day *hours = &day->list.opening.hours;
		int days = date_compare(day->list.date, now.date);
		return days > 0 || (days == 0 && hours->count > 0 && now.minutes < hours->ranges[0].from);
	}
	return false;
}

/* As good as an answer. */
static bool trust_copy(struct session *session, struct day *day)
{
	bool right = day->arena && day->version && live_has_copy(session, day) && is_before_opening(session, day);
	if (day->arena)
		live_forget_copies(session, day->list.site, day->list.space_id, day->list.date);
	if (!right)
		return false;
	day->asked_at_ms = clock_monotonic_ms();
	day->list.state.as_of = session_now(session);
	day->list.state.outcome.kind = OUTCOME_DONE;
	day->list.state.asking = day->loading;
	session->changed |= SESSION_DAY;
	return true;
}

static void ask(struct session *session, struct day *day)
{
	if (day->job || !session->network)
		return;
	day->to_be_asked = session->reads_waiting && clock_monotonic_ms() < session->copies_by_ms;
	day->list.state.asking = true;
	if (day->to_be_asked || (live_vouches(session, day->list.site) && trust_copy(session, day)))
		return;
	day->awaits_news = live_is_catching_up(session, day->list.site) && live_has_copy(session, day);
	if (day->awaits_news)
		return;
	day->asked_at_ms = clock_monotonic_ms();
	day->told = false;   /* what was is in the answer */
	day->number = ++session->asks;
	day->job = job_new(session, day->list.site, OPERATION_DAY, heard, day);
	struct operation *operation = &day->job->operation;
	operation->space_id = arena_copy_text(operation->arena, day->list.space_id);
	operation->date = day->list.date;
	set_known(session, day, operation);
	if (!operation->resource_id)
		operation->etag = arena_copy_text(operation->arena, day->etag);
	job_start(day->job);
}

void days_ask_due(struct session *session)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		if (session->days[at].to_be_asked)
			ask(session, &session->days[at]);
	}
}

bool days_waiting(const struct session *session)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		if (session->days[at].to_be_asked)
			return true;
	}
	return false;
}

void days_go_on(struct session *session, size_t site, bool answered)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		struct day *day = &session->days[at];
		if (!day->awaits_news || day->list.site != site)
			continue;
		day->awaits_news = false;
		if ((!answered || !trust_copy(session, day)) && !day->told)   /* else it is read in a moment */
			ask(session, day);
	}
}

bool day_is_right(const struct day *day)
{
	return day->identity && day->arena && day->version && day->copy_as_of && day->asked_at_ms && !day->told && !day->job &&
	       day->list.state.outcome.kind == OUTCOME_DONE;
}

/* ---- keeping ---- */

static void forget(struct session *session, struct day *day)
{
	cache_put_day(session, day, false);
	job_cancel(day->job);
	session_bury(session, &day->arena);
	session_bury(session, &day->outcome_arena);
	session_bury(session, &day->identity);
	set_only(day, NULL);
	free(day->told_by);
	memset(day, 0, sizeof *day);
}

static bool is_day(const struct day *day, size_t site, const char *space_id, struct local_date date)
{
	return day->identity && day->list.site == site && date_equal(day->list.date, date) &&
	       strcmp(day->list.space_id, space_id) == 0;
}

struct day *day_find(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		if (is_day(&session->days[at], site, space_id, date))
			return &session->days[at];
	}
	return NULL;
}

static struct day *find_or_make(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	struct day *day = day_find(session, site, space_id, date);
	if (!day) {
		struct arena *identity = arena_new();
		const char *id = arena_copy_text(identity, space_id);   /* the one given may belong to the day that goes */
		day = &session->days[0];
		for (size_t at = 1; at < DAYS_KEPT; at++) {
			if (session->days[at].used < day->used)
				day = &session->days[at];
		}
		forget(session, day);
		day->identity = identity;
		day->list.site = site;
		day->list.space_id = id;
		day->list.date = date;
		day->list.opening = unknown_opening();
		cache_load_day(session, day);
	}
	day->used = ++session->days_used;
	return day;
}

const struct day_list *session_day(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	struct day *day = find_or_make(session, site, space_id, date);
	if (!day_find(session, site, day->list.space_id, no_date))
		find_or_make(session, site, day->list.space_id, no_date);
	bool is_new = !day->list.state.as_of && day->list.state.outcome.kind == OUTCOME_NONE;
	bool due = !day->asked_at_ms || (!live_is_on(session, site) && clock_monotonic_ms() - day->asked_at_ms > FRESH_MS);
	if (due && (is_new || !site_is_throttled(session, site)))
		ask(session, day);
	return &day->list;
}

void session_refresh_day(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	struct day *day = find_or_make(session, site, space_id, date);
	set_only(day, NULL);
	live_forget_copies(session, site, day->list.space_id, date);
	ask(session, day);
}

void days_ask_again(struct session *session, size_t site, bool all)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		struct day *day = &session->days[at];
		if (!day->identity || day->list.site != site || (!all && day->list.state.outcome.kind == OUTCOME_DONE))
			continue;
		day->asked_at_ms = 0;
		set_only(day, NULL);
		session->changed |= SESSION_DAY;
	}
}

void days_age(struct session *session, size_t site)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		if (session->days[at].identity && session->days[at].list.site == site)
			session->days[at].list.state.outcome.kind = OUTCOME_NONE;
	}
	days_ask_again(session, site, true);
}

void days_touch(struct session *session, size_t site, const char *space_id, struct local_date date, const char *resource_id)
{
	if (live_is_on(session, site)) {   /* the feed tells of the same in a moment */
		told_day(session, site, space_id, date, resource_id);
		return;
	}
	live_forget_copies(session, site, space_id, date);
	struct day *day = day_find(session, site, space_id, date);
	if (!day)
		return;
	job_cancel(day->job);   /* asked before the write: what it says may be old already */
	day->job = NULL;
	day->list.state.asking = false;
	day->asked_at_ms = 0;   /* to be asked when next looked at, if not now */
	set_only(day, NULL);
	if (!site_is_throttled(session, site))
		ask(session, day);
	session->changed |= SESSION_DAY;
}

void day_take_rows(struct session *session, struct day *day, struct arena *arena, const struct resource_day *rows)
{
	session_bury(session, &day->arena);
	day->arena = arena;
	day->list.rows = rows;
	day->list.state.as_of = day->copy_as_of = session_now(session);
	day->list.state.asking = day->loading;
	day->etag = NULL;   /* it is of what was there before */
	day->told = false;
	set_only(day, NULL);
	session->sites[day->list.site].live.days_changed = true;
	cache_put_day(session, day, true);
	session->changed |= SESSION_DAY;
}

/* All else is as it was heard, or it is of the same row that news was told already. */
static bool is_right_but_for(const struct day *day, const char *resource_id)
{
	if (day->told || day->job || !day->asked_at_ms)
		return day->only && strcmp(day->only, resource_id) == 0;
	return day->arena && day->list.state.outcome.kind == OUTCOME_DONE;
}

static void tell(struct day *day, const char *resource_id, const char *booking_id)
{
	bool is_first = !day->told && !day->job && day->asked_at_ms;
	bool is_same = day->told && day->told_by && booking_id && strcmp(day->told_by, booking_id) == 0;
	if (!is_same) {
		free(day->told_by);
		day->told_by = is_first && booking_id ? memory_copy_text(booking_id) : NULL;
	}
	bool known = resource_id && *resource_id && is_right_but_for(day, resource_id);
	set_only(day, known ? resource_id : NULL);
	day->told = true;
	day->list.state.asking = true;
}

void days_tell(struct session *session, size_t site, const char *space_id, struct local_date date, const char *resource_id,
               const char *booking_id)
{
	live_forget_copies(session, site, space_id, date);
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		struct day *day = &session->days[at];
		if (!day->identity || day->list.site != site || (space_id && strcmp(day->list.space_id, space_id) != 0) || !day->list.date.year)
			continue;
		if (!date.year || date_equal(day->list.date, date))
			tell(day, resource_id, booking_id);
	}
}

void days_forget_resources(struct session *session, size_t site, const char *space_id)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		struct day *day = &session->days[at];
		if (day->identity && day->list.site == site && strcmp(day->list.space_id, space_id) == 0)
			day->version = 0;
	}
}

bool day_read_now(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	struct day *day = day_find(session, site, space_id, date);
	if (day)
		ask(session, day);
	return day;
}

/* Asked again by whoever shows it. */
void days_read_told(struct session *session, size_t site)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		struct day *day = &session->days[at];
		if (!day->told || day->list.site != site)
			continue;
		day->told = false;
		job_cancel(day->job);   /* asked before it changed, perhaps */
		day->job = NULL;
		day->list.state.asking = false;
		day->asked_at_ms = 0;
		session->changed |= SESSION_DAY;
	}
}

void days_forget_site(struct session *session, size_t site)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		if (session->days[at].identity && session->days[at].list.site == site)
			forget(session, &session->days[at]);
	}
}

void days_clear(struct session *session)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		session->days[at].job = NULL;   /* jobs went first */
		forget(session, &session->days[at]);
	}
}

/* ---- what would happen ---- */

static void previewed(struct session *session, struct job *job)
{
	struct proposal *proposal = &session->proposal;
	session->proposal_job = NULL;
	proposal->state.asking = false;
	session_keep_outcome(session, &job->operation.outcome, &proposal->state.outcome, &session->proposal_outcome_arena);
	if (job->operation.preview) {
		proposal->state.as_of = session_now(session);
		proposal->preview = job->operation.preview;
		session_bury(session, &session->preview_arena);
		session->preview_arena = job_take_arena(job);
	} else {
		proposal->preview = session_foresee(session, &proposal->wish, session->proposal_arena);
	}
	session->changed |= SESSION_PROPOSAL;
}

void session_propose(struct session *session, const struct wish_book *wish)
{
	struct arena *arena = arena_new();   /* before the old one goes: `wish` may lie in it */
	struct wish_book copy = *wish;
	copy.space_id = arena_copy_text(arena, wish->space_id);
	copy.space_name = arena_copy_text(arena, wish->space_name);
	copy.resource_id = arena_copy_text(arena, wish->resource_id);
	copy.resource_name = arena_copy_text(arena, wish->resource_name);
	session_drop_proposal(session);
	session->proposal_arena = arena;
	session->proposal.wish = copy;
	session->changed |= SESSION_PROPOSAL;
	if (!(session->sites[copy.site].config->backend->capabilities & CAN_PREVIEW)) {
		session->proposal.state.outcome.kind = OUTCOME_DONE;
		return;
	}
	session->proposal.state.asking = true;
	session->proposal_job = job_new(session, copy.site, OPERATION_PREVIEW, previewed, NULL);
	struct operation *operation = &session->proposal_job->operation;
	operation->space_id = arena_copy_text(operation->arena, copy.space_id);
	operation->resource_id = arena_copy_text(operation->arena, copy.resource_id);
	operation->when = copy.when;
	job_start(session->proposal_job);
}

void proposal_ask_again(struct session *session, size_t site)
{
	const struct proposal *proposal = &session->proposal;
	if (proposal->preview)
		return;   /* what is foreseen is read, and its offers perhaps chosen from: it does not go from under the finger */
	enum outcome_kind kind = proposal->state.outcome.kind;
	bool failed = kind == OUTCOME_UNREACHABLE || kind == OUTCOME_UNKNOWN || kind == OUTCOME_THROTTLED;
	if (session->proposal_arena && proposal->wish.site == site && failed && !session->proposal_job)
		session_propose(session, &proposal->wish);
}

const struct proposal *session_proposal(const struct session *session)
{
	return session->proposal_arena ? &session->proposal : NULL;
}

void session_drop_proposal(struct session *session)
{
	if (session->proposal_job && session->jobs)
		job_cancel(session->proposal_job);
	session->proposal_job = NULL;
	session_bury(session, &session->proposal_arena);
	session_bury(session, &session->preview_arena);
	session_bury(session, &session->proposal_outcome_arena);
	memset(&session->proposal, 0, sizeof session->proposal);
}
