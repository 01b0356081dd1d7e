/* lists.c — spaces, bookings, activities and who I am: asked of each site; spaces and bookings merged over all (agenda.c does so with
 * activities). See session.h. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static unsigned change_of(enum list_kind kind)
{
	switch (kind) {
	case LIST_SPACES: return SESSION_SPACES;
	case LIST_BOOKINGS: return SESSION_BOOKINGS;
	case LIST_MEMBER: return SESSION_SITES;
	case LIST_SIGNUPS:
	case LIST_ACTIVITIES: return SESSION_ACTIVITIES;
	}
	return SESSION_ALL;
}

/* ---- asking ---- */

static bool is_public(enum list_kind kind)
{
	return kind == LIST_SPACES || kind == LIST_ACTIVITIES;
}

bool list_may_be_asked(const struct site *site, enum list_kind kind)
{
	return is_public(kind) || site_knows_us(site);
}

static void take_answer(struct session *session, size_t site, enum list_kind kind, struct job *job)
{
	struct part *part = &session->sites[site].parts[kind];
	const struct operation *operation = &job->operation;
	part->as_of = session_now(session);
	part->confirmed = true;
	if (operation->not_modified)
		return;
	session_bury(session, &part->arena);
	part->spaces = operation->spaces;
	part->bookings = operation->bookings;
	part->member = operation->member;
	part->activities = operation->activities;
	part->count = operation->space_count + operation->booking_count + operation->activity_count;   /* two of them are 0 */
	part->etag = operation->new_etag;
	part->date = operation->date;
	part->until = operation->until;
	part->arena = job_take_arena(job);
	if (change_of(kind) == SESSION_ACTIVITIES)
		agenda_touch(session);
	cache_put(session, site, kind);
}

/* The token was given from outside (HACKTIV_TOKEN_FILE), and by another person than the last time. */
static bool is_another_person(const struct part *part, enum list_kind kind, const struct operation *operation)
{
	return kind == LIST_MEMBER && operation->outcome.kind == OUTCOME_DONE && part->member && operation->member &&
	       strcmp(part->member->id, operation->member->id) != 0;
}

static void heard(struct session *session, struct job *job)
{
	size_t site = job->site;
	enum list_kind kind = (enum list_kind)(uintptr_t)job->about;
	struct part *part = &session->sites[site].parts[kind];
	enum outcome_kind outcome = job->operation.outcome.kind;
	part->job = NULL;
	if (is_another_person(part, kind, &job->operation)) {
		account_greet(session, site);
		return;
	}
	session_keep_outcome(session, &job->operation.outcome, &part->outcome, &part->outcome_arena);
	if (outcome == OUTCOME_DONE)
		take_answer(session, site, kind, job);
	session->changed |= change_of(kind);
	if (kind == LIST_MEMBER) {
		site_renew_view(session, site);
		session->changed |= SESSION_SPACES;   /* home goes first */
		if (outcome == OUTCOME_DONE && part->member) {
			account_is_of(session, site, part->member->id);
			wishes_name(session, site);
		}
		wishes_wake(session, site, outcome == OUTCOME_DONE);
		account_named(session, site, &part->outcome);
	}
	/* The token is not good any more, but what everybody may see can still be had. */
	if (is_public(kind) && outcome == OUTCOME_LOGIN_NEEDED && job->token)
		list_ask(session, site, kind);
}

struct local_date list_today_at(struct session *session, size_t site)
{
	const struct part *spaces = &session->sites[site].parts[LIST_SPACES];
	const char *name = spaces->count ? spaces->spaces[0].time_zone : "Europe/Brussels";
	return zone_wall(session_zone(session, name), session_now(session)).date;
}

/* On its way, or about to be asked for because of what the feed told. */
static bool is_asked_for(const struct site *site, enum list_kind kind)
{
	return site->parts[kind].job || site->parts[kind].to_be_asked || (site->live.read_ms && site->live.told & 1u << kind);
}

static bool is_asking(const struct session *session, enum list_kind kind)
{
	for (size_t site = 0; site < session->site_count; site++) {
		if (is_asked_for(&session->sites[site], kind))
			return true;
	}
	return false;
}

void lists_tell_asking(struct session *session)
{
	session->spaces.state.asking = is_asking(session, LIST_SPACES);
	session->bookings.state.asking = is_asking(session, LIST_BOOKINGS);
	session->signups.state.asking = is_asking(session, LIST_SIGNUPS);
	session->activities.state.asking = is_asking(session, LIST_ACTIVITIES);
}

/* A site without activities has answered once and for all. */
static bool has_list(struct session *session, size_t at, enum list_kind kind)
{
	bool of_activities = kind == LIST_SIGNUPS || kind == LIST_ACTIVITIES;
	if (!of_activities || (session->sites[at].config->backend->capabilities & CAN_SIGN_UP))
		return true;
	session->sites[at].parts[kind].as_of = session_now(session);
	session->sites[at].parts[kind].outcome.kind = OUTCOME_DONE;
	return false;
}

/* What it is to be asked for. */
static void set_stretch(struct session *session, size_t site, enum list_kind kind, struct operation *operation)
{
	operation->date = list_today_at(session, site);
	if (kind == LIST_ACTIVITIES) {
		operation->date = session->activities.from;
		operation->until = session->activities.until;
	}
}

static bool is_asked_already(const struct session *session, const struct part *part, enum list_kind kind)
{
	if (!part->job || kind != LIST_ACTIVITIES)
		return part->job;
	const struct operation *operation = &part->job->operation;
	return date_equal(operation->date, session->activities.from) && date_equal(operation->until, session->activities.until);
}

void list_ask(struct session *session, size_t at, enum list_kind kind)
{
	static const enum operation_kind operations[LIST_KINDS] = {
		[LIST_SPACES] = OPERATION_SPACES, [LIST_BOOKINGS] = OPERATION_MY_BOOKINGS, [LIST_MEMBER] = OPERATION_WHO_AM_I,
		[LIST_SIGNUPS] = OPERATION_MY_SIGNUPS, [LIST_ACTIVITIES] = OPERATION_ACTIVITIES,
	};
	struct site *site = &session->sites[at];
	struct part *part = &site->parts[kind];
	if (!session->network || !list_may_be_asked(site, kind) || is_asked_already(session, part, kind) ||
	    site_is_throttled(session, at) || !has_list(session, at, kind) || (kind == LIST_ACTIVITIES && !session->activities.until.year))
		return;
	part->to_be_asked = session->reads_waiting && clock_monotonic_ms() < session->copies_by_ms;
	if (part->to_be_asked) {
		lists_tell_asking(session);
		session->changed |= change_of(kind);
		return;
	}
	if (live_vouches_for(session, at, kind)) {
		part->as_of = session_now(session);
		part->confirmed = true;
		part->outcome.kind = OUTCOME_DONE;
		lists_tell_asking(session);
		session->changed |= change_of(kind);
		return;
	}
	job_cancel(part->job);   /* for another stretch of the agenda */
	part->number = ++session->asks;
	part->job = job_new(session, at, operations[kind], heard, (void *)(uintptr_t)kind);
	struct operation *operation = &part->job->operation;
	set_stretch(session, at, kind, operation);
	bool same_question = kind == LIST_MEMBER || (date_equal(part->date, operation->date) && date_equal(part->until, operation->until));
	if (part->etag && same_question)
		operation->etag = arena_copy_text(operation->arena, part->etag);
	if (site->reach == REACH_IDLE)
		site->reach = REACH_ASKING;
	site_renew_view(session, at);
	job_start(part->job);
	lists_tell_asking(session);
	session->changed |= change_of(kind);
}

void lists_ask_due(struct session *session, int64_t now_ms)
{
	if (session->reads_waiting && now_ms < session->copies_by_ms)
		return;
	caches_give_up(session);
	days_ask_due(session);
	for (size_t site = 0; site < session->site_count; site++) {
		for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
			struct part *part = &session->sites[site].parts[kind];
			bool due = part->to_be_asked;
			part->to_be_asked = false;   /* whatever may stand in the way of it now */
			if (due)
				list_ask(session, site, kind);
		}
	}
}

bool lists_waiting(const struct session *session)
{
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		for (size_t site = 0; site < session->site_count; site++) {
			if (session->sites[site].parts[kind].to_be_asked)
				return true;
		}
	}
	return days_waiting(session);
}

void lists_ask_site(struct session *session, size_t site)
{
	account_look(session, site);
	list_ask(session, site, LIST_MEMBER);
	list_ask(session, site, LIST_SPACES);
	list_ask(session, site, LIST_BOOKINGS);
	list_ask(session, site, LIST_SIGNUPS);
	list_ask(session, site, LIST_ACTIVITIES);
}

bool list_is_of_today(struct session *session, size_t site, enum list_kind kind)
{
	const struct part *part = &session->sites[site].parts[kind];
	struct operation wanted = { .kind = OPERATION_SPACES };
	set_stretch(session, site, kind, &wanted);
	if (kind == LIST_BOOKINGS || kind == LIST_SIGNUPS)   /* from an earlier day on holds all from today on */
		return part->date.year && date_compare(part->date, wanted.date) <= 0;
	return kind == LIST_MEMBER || (date_equal(part->date, wanted.date) && date_equal(part->until, wanted.until));
}

void list_touch(struct session *session, size_t at, enum list_kind kind)
{
	struct part *part = &session->sites[at].parts[kind];
	if (live_is_on(session, at)) {   /* the feed tells of the same in a moment */
		told_list(session, at, kind);
		return;
	}
	job_cancel(part->job);   /* asked before the write: what it says may be old already */
	part->job = NULL;
	session->sites[at].probing = session->sites[at].probing && kind != LIST_SPACES;
	list_ask(session, at, kind);
}

/* A site that was away is asked everything: it counts as back when nothing fails there any more, and its next try of its own may be
 * a minute away. */
static void refresh(struct session *session, enum list_kind kind)
{
	for (size_t site = 0; site < session->site_count; site++) {
		if (site_ask_first(session, site))
			continue;
		account_look(session, site);
		if (session->sites[site].failures > 0)
			lists_ask_site(session, site);
		else
			list_ask(session, site, kind);
	}
}

void session_refresh_spaces(struct session *session)
{
	refresh(session, LIST_SPACES);
}

void session_refresh_bookings(struct session *session)
{
	refresh(session, LIST_BOOKINGS);
}

void session_refresh_activities(struct session *session)
{
	refresh(session, LIST_ACTIVITIES);
}

void session_refresh_signups(struct session *session)
{
	refresh(session, LIST_SIGNUPS);
}

/* ---- forgetting ---- */

static void clear_part(struct session *session, size_t site, enum list_kind kind)
{
	struct part *part = &session->sites[site].parts[kind];
	cache_drop(session, site, kind);
	job_cancel(part->job);
	session_bury(session, &part->arena);
	session_bury(session, &part->outcome_arena);
	memset(part, 0, sizeof *part);
}

void lists_forget_personal(struct session *session, size_t at)
{
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		if (kind != LIST_SPACES)   /* an agenda says where its reader goes */
			clear_part(session, at, kind);
	}
	session->sites[at].view.member = NULL;
	agenda_touch(session);
	session->changed |= SESSION_BOOKINGS | SESSION_SPACES | SESSION_SITES;
}

void lists_clear(struct session *session)
{
	for (size_t site = 0; site < session->site_count; site++) {
		for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
			session->sites[site].parts[kind].job = NULL;   /* jobs went first */
			clear_part(session, site, kind);
		}
	}
	arena_free(session->spaces_arena);
	arena_free(session->bookings_arena);
}

/* ---- merging ---- */

bool space_is_home(const struct session *session, size_t site, const struct space *space)
{
	const char *set = session->config->home_space;
	if (*set)
		return strcmp(set, space->slug) == 0 || strcmp(set, space->id) == 0;
	const struct member *member = session->sites[site].view.member;
	return member && *member->home_space_id && strcmp(member->home_space_id, space->id) == 0;
}

/* The oldest part is what a person must know; the first thing wrong is what is told. */
struct list_state list_merged_state(const struct session *session, enum list_kind kind)
{
	struct list_state state = { .as_of = 0 };
	bool first = true;
	for (size_t at = 0; at < session->site_count; at++) {
		const struct part *part = &session->sites[at].parts[kind];
		state.asking = state.asking || is_asked_for(&session->sites[at], kind);
		state.away = state.away || (part->as_of && session->sites[at].reach == REACH_UNREACHABLE);
		int64_t as_of = part->confirmed && live_is_on(session, at) ? session_now(session) : part->as_of;
		if (as_of && (first || as_of < state.as_of)) {
			state.as_of = as_of;
			first = false;
		}
		if (part->outcome.kind != OUTCOME_NONE && (state.outcome.kind == OUTCOME_NONE || state.outcome.kind == OUTCOME_DONE))
			state.outcome = part->outcome;
	}
	return state;
}

size_t list_count_rows(const struct session *session, enum list_kind kind)
{
	size_t count = 0;
	for (size_t site = 0; site < session->site_count; site++)
		count += session->sites[site].parts[kind].count;
	return count;
}

struct sorted_space { bool home; const char *name; struct space_row row; };

static int compare_spaces(const void *left, const void *right)
{
	const struct sorted_space *a = left, *b = right;
	if (a->home != b->home)
		return a->home ? -1 : 1;
	int order = strcmp(a->name, b->name);
	return order ? order : strcmp(a->row.space.id, b->row.space.id);
}

static void merge_spaces(struct session *session)
{
	struct arena *arena = arena_new(), *scratch = arena_new();
	size_t room = list_count_rows(session, LIST_SPACES), count = 0;
	struct sorted_space *sorted = arena_get(scratch, room * sizeof *sorted);
	for (size_t site = 0; site < session->site_count; site++) {
		const struct part *part = &session->sites[site].parts[LIST_SPACES];
		for (size_t at = 0; at < part->count; at++)
			sorted[count++] = (struct sorted_space){
				.home = space_is_home(session, site, &part->spaces[at]),
				.name = text_fold(scratch, part->spaces[at].name),
				.row = { site, part->spaces[at] },
			};
	}
	qsort(sorted, count, sizeof *sorted, compare_spaces);
	struct space_row *rows = arena_get(arena, count * sizeof *rows);
	for (size_t at = 0; at < count; at++)
		rows[at] = sorted[at].row;
	session_bury(session, &session->spaces_arena);
	session->spaces_arena = arena;
	session->spaces = (struct space_list){
		.state = list_merged_state(session, LIST_SPACES), .date = session_today(session), .rows = rows, .count = count,
	};
	arena_free(scratch);
}

static int compare_bookings(const void *left, const void *right)
{
	const struct booking_row *a = left, *b = right;
	if (a->booking.start_at != b->booking.start_at)
		return a->booking.start_at < b->booking.start_at ? -1 : 1;
	return strcmp(a->booking.id, b->booking.id);
}

static void merge_bookings(struct session *session)
{
	struct arena *arena = arena_new();
	struct booking_row *rows = arena_get(arena, list_count_rows(session, LIST_BOOKINGS) * sizeof *rows);
	size_t count = 0;
	for (size_t site = 0; site < session->site_count; site++) {
		const struct part *part = &session->sites[site].parts[LIST_BOOKINGS];
		struct local_date today = list_today_at(session, site);
		for (size_t at = 0; at < part->count; at++) {
			const struct booking *booking = &part->bookings[at];
			if (booking_stands(booking->state) && date_compare(booking->when.date, today) >= 0)
				rows[count++] = (struct booking_row){ site, *booking };
		}
	}
	qsort(rows, count, sizeof *rows, compare_bookings);
	session_bury(session, &session->bookings_arena);
	session->bookings_arena = arena;
	session->bookings = (struct booking_list){ .state = list_merged_state(session, LIST_BOOKINGS), .rows = rows, .count = count };
}

void lists_merge(struct session *session)
{
	merge_spaces(session);
	merge_bookings(session);
}

const struct space_list *session_spaces(const struct session *session)
{
	return &session->spaces;
}

const struct booking_list *session_bookings(const struct session *session)
{
	return &session->bookings;
}

/* Whether one is somewhere in that part of a day. Hours are taken for both. */
static bool is_elsewhere(const struct session *session, struct period when)
{
	for (size_t at = 0; at < session->bookings.count; at++) {
		struct period mine = session->bookings.rows[at].booking.when;
		bool apart = when.part != DAY_PART_WHOLE && (mine.part == DAY_PART_MORNING || mine.part == DAY_PART_AFTERNOON) && mine.part != when.part;
		if (date_equal(mine.date, when.date) && !apart)
			return true;
	}
	return false;
}

struct period session_next_open(const struct session *session, const struct space *space, enum day_part part)
{
	struct local_date tomorrow = date_plus(session_today(session), 1);
	struct minute_range edges;
	for (int days = 0; days < 14; days++) {
		struct period when = half_day(date_plus(tomorrow, days), part);
		if (period_edges(when, &space->opening, &edges, NULL) && !is_elsewhere(session, when))
			return when;
	}
	return half_day(tomorrow, part);
}
