/* rows.c — single rows of a list, put right without asking for all of it: what a write of ours was answered with, and what is free today in
 * one space. Afterwards the list is what it would be if it had been asked; where that is not sure, it is asked. See inside.h. */
#include <string.h>

#include "inside.h"

/* ---- what we did ourselves ---- */

/* The list is as the site had it a moment ago, and nothing newer is on its way. */
static bool is_current(const struct session *session, size_t site, enum list_kind kind)
{
	const struct part *part = &session->sites[site].parts[kind];
	return live_is_on(session, site) && part->arena && part->confirmed && !part->job && !part->to_be_asked &&
	       part->outcome.kind == OUTCOME_DONE;
}

/* The answer to a repeated key is what the first try was answered with: how things stand by now, it does not say. */
static bool was_done_just_now(const struct wish *wish)
{
	return wish->view.outcome.kind == OUTCOME_DONE && wish->row.attempts == 1;
}

static void replace(struct session *session, size_t site, enum list_kind kind, struct arena *arena, size_t count)
{
	struct part *part = &session->sites[site].parts[kind];
	session_bury(session, &part->arena);
	part->arena = arena;
	part->count = count;
	part->etag = NULL;   /* it is of what was there before */
	part->as_of = session_now(session);
	cache_put(session, site, kind);
}

bool row_of_booking(struct session *session, const struct wish *wish)
{
	size_t site = wish->view.site;
	struct part *part = &session->sites[site].parts[LIST_BOOKINGS];
	const struct booking *made = wish->row.kind == WISH_BOOK ? wish->view.booking : NULL;
	if (!was_done_just_now(wish) || (wish->row.kind == WISH_BOOK && !made) || !is_current(session, site, LIST_BOOKINGS))
		return false;
	struct arena *arena = arena_new();
	struct booking *rows = arena_get(arena, (part->count + 1) * sizeof *rows);
	size_t count = 0;
	for (size_t at = 0; at < part->count; at++) {
		if (strcmp(part->bookings[at].id, wish->row.booking_id) != 0)
			rows[count++] = booking_copy(arena, &part->bookings[at]);
	}
	if (made)
		rows[count++] = booking_copy(arena, made);
	part->bookings = rows;
	replace(session, site, LIST_BOOKINGS, arena, count);
	session->changed |= SESSION_BOOKINGS;
	return true;
}

bool row_of_signup(struct session *session, const struct wish *wish)
{
	size_t site = wish->view.site;
	struct part *part = &session->sites[site].parts[LIST_SIGNUPS];
	const struct activity *activity = wish->view.activity;
	bool ended_well = was_done_just_now(wish) || (wish->view.outcome.kind == OUTCOME_WAITLISTED && wish->row.attempts == 1);
	if (!ended_well || !activity || !is_current(session, site, LIST_SIGNUPS))
		return false;
	struct arena *arena = arena_new();
	struct activity *rows = arena_get(arena, (part->count + 1) * sizeof *rows);
	size_t count = 0;
	for (size_t at = 0; at < part->count; at++) {
		if (strcmp(part->activities[at].id, activity->id) != 0)
			rows[count++] = activity_copy(arena, &part->activities[at]);
	}
	if (signup_is_held(activity->mine.state))
		rows[count++] = activity_copy(arena, activity);
	part->activities = rows;
	replace(session, site, LIST_SIGNUPS, arena, count);
	agenda_touch(session);
	return true;
}

/* ---- what is free today in one space ---- */

static bool is_same_day(const struct space_day *one, const struct space_day *other)
{
	return one->desks == other->desks && one->free_morning == other->free_morning && one->free_afternoon == other->free_afternoon &&
	       one->opening.closed == other->opening.closed && one->opening.holiday == other->opening.holiday &&
	       strcmp(one->opening.reason, other->opening.reason) == 0 &&
	       memcmp(&one->opening.hours, &other->opening.hours, sizeof one->opening.hours) == 0;
}

/* Rows of the merged list are copies: what is put right here is seen from the next turn on. */
static struct space *find_space(struct part *part, const char *space_id)
{
	for (size_t at = 0; at < part->count; at++) {
		if (strcmp(part->spaces[at].id, space_id) == 0)
			return (struct space *)(uintptr_t)&part->spaces[at];
	}
	return NULL;
}

void row_of_space(struct session *session, size_t site, const char *space_id, const struct space *told, unsigned number)
{
	struct part *part = &session->sites[site].parts[LIST_SPACES];
	if (!part->arena || part->number > number || !date_equal(told->today.date, part->date))
		return;   /* asked for again since: that answer is newer */
	struct space *space = find_space(part, space_id);
	if (!space || space->version != told->version || part->job) {
		if (live_is_on(session, site))
			told_list(session, site, LIST_SPACES);
		return;
	}
	if (is_same_day(&space->today, &told->today))
		return;
	space->today = told->today;
	space->today.opening.reason = arena_copy_text(part->arena, told->today.opening.reason);
	cache_put(session, site, LIST_SPACES);
	session->changed |= SESSION_SPACES;
}

static void heard(struct session *session, struct job *job)
{
	const struct operation *operation = &job->operation;
	if (operation->outcome.kind == OUTCOME_DONE)
		row_of_space(session, job->site, operation->space_id, &operation->spaces[0], (unsigned)(uintptr_t)job->about);
	else
		told_list(session, job->site, LIST_SPACES);
}

static bool is_under_way(const struct session *session, size_t site, const char *space_id)
{
	for (const struct job *job = session->jobs; job; job = job->next) {
		if (job->site == site && job->operation.kind == OPERATION_SPACE_DAY && strcmp(job->operation.space_id, space_id) == 0)
			return true;
	}
	return false;
}

bool space_day_ask(struct session *session, size_t site, const char *space_id, const char *resource_id)
{
	if (is_under_way(session, site, space_id))
		return false;
	struct job *job = job_new(session, site, OPERATION_SPACE_DAY, heard, (void *)(uintptr_t)++session->asks);
	struct operation *operation = &job->operation;
	operation->space_id = arena_copy_text(operation->arena, space_id);
	operation->resource_id = arena_copy_text(operation->arena, resource_id);
	operation->date = list_today_at(session, site);
	job_start(job);
	return true;
}
