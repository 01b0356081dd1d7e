/* agenda.c — activities of all sites by start, and those I go to: merged from the parts that lists.c keeps. See session.h.
 *
 * Rows are two words each and point into the parts, so that ten thousand are merged within a millisecond. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static int compare_rows(const void *left, const void *right)
{
	const struct activity *a = ((const struct activity_row *)left)->activity;
	const struct activity *b = ((const struct activity_row *)right)->activity;
	if (a->start_at != b->start_at)
		return a->start_at < b->start_at ? -1 : 1;
	return strcmp(a->id, b->id);
}

/* Sites send them by start: mostly there is nothing to do. */
static void sort_rows(struct activity_row *rows, size_t count)
{
	for (size_t at = 1; at < count; at++) {
		if (compare_rows(&rows[at - 1], &rows[at]) > 0) {
			qsort(rows, count, sizeof *rows, compare_rows);
			return;
		}
	}
}

/* The first row that does not begin before `start_at`. */
static size_t first_at(const struct activity_list *list, int64_t start_at)
{
	size_t from = 0, until = list->count;
	while (from < until) {
		size_t middle = from + (until - from) / 2;
		if (list->rows[middle].activity->start_at < start_at)
			from = middle + 1;
		else
			until = middle;
	}
	return from;
}

/* What a write or a look at the one activity told later than the list stands in its place. */
static void put_newer(struct activity_list *list, struct activity_row *rows, size_t site, const struct activity *newer)
{
	for (size_t at = first_at(list, newer->start_at); at < list->count && rows[at].activity->start_at == newer->start_at; at++) {
		if (rows[at].site == site && rows[at].activity->version < newer->version && strcmp(rows[at].activity->id, newer->id) == 0)
			rows[at].activity = newer;
	}
}

static void put_all_newer(const struct session *session, struct activity_list *list, struct activity_row *rows)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		const struct wish_view *wish = &session->wishes[at]->view;
		if (wish->activity)
			put_newer(list, rows, wish->site, wish->activity);
	}
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		const struct kept_detail *detail = &session->details[at];
		if (detail->view.activity)
			put_newer(list, rows, detail->site, detail->view.activity);
	}
}

static bool is_within(const struct activity_list *list, struct local_date date)
{
	return date_compare(date, list->from) >= 0 && (!list->until.year || date_compare(date, list->until) <= 0);
}

static void merge(struct session *session, enum list_kind kind, struct activity_list *list, struct arena **arena)
{
	session_bury(session, arena);
	*arena = arena_new();
	struct activity_row *rows = arena_get(*arena, list_count_rows(session, kind) * sizeof *rows);
	size_t count = 0;
	for (size_t site = 0; site < session->site_count; site++) {
		const struct part *part = &session->sites[site].parts[kind];
		for (size_t at = 0; at < part->count; at++) {
			if (is_within(list, part->activities[at].date))
				rows[count++] = (struct activity_row){ site, &part->activities[at] };
		}
	}
	sort_rows(rows, count);
	list->rows = rows;
	list->count = count;
	list->edition++;
	put_all_newer(session, list, rows);
}

/* A place given up a moment ago is not mine any more, though the list still says so. */
static void drop_withdrawn(struct activity_list *list)
{
	struct activity_row *rows = (struct activity_row *)(uintptr_t)list->rows;
	size_t kept = 0;
	for (size_t at = 0; at < list->count; at++) {
		if (signup_is_held(rows[at].activity->mine.state))
			rows[kept++] = rows[at];
	}
	list->count = kept;
}

void agenda_merge(struct session *session)
{
	struct local_date today = session_today(session);
	bool stale = session->agenda_stale || !date_equal(session->signups.from, today);
	session->agenda_stale = false;
	session->signups.state = list_merged_state(session, LIST_SIGNUPS);
	session->activities.state = list_merged_state(session, LIST_ACTIVITIES);
	if (!stale)
		return;
	session->signups.from = today;
	merge(session, LIST_SIGNUPS, &session->signups, &session->signups_arena);
	drop_withdrawn(&session->signups);
	if (session->activities.until.year)
		merge(session, LIST_ACTIVITIES, &session->activities, &session->activities_arena);
}

void agenda_touch(struct session *session)
{
	session->agenda_stale = true;
	session->changed |= SESSION_ACTIVITIES;
}

void agenda_clear(struct session *session)
{
	arena_free(session->signups_arena);
	arena_free(session->activities_arena);
}

const struct activity_list *session_activities(struct session *session, struct local_date from, struct local_date until)
{
	struct activity_list *list = &session->activities;
	if (list->until.year && date_equal(list->from, from) && date_equal(list->until, until))
		return list;
	bool first = !list->until.year;
	if (first)
		session->copies_by_ms = clock_monotonic_ms() + COPY_PATIENCE_MS;   /* for what is on disk of it */
	list->from = from;
	list->until = until;
	for (size_t site = 0; site < session->site_count; site++) {
		if (first)
			cache_load_list(session, site, LIST_ACTIVITIES);
		site_try_now(session, site);
		list_ask(session, site, LIST_ACTIVITIES);
	}
	agenda_touch(session);
	agenda_merge(session);
	return list;
}

const struct activity_list *session_agenda(struct session *session)
{
	struct local_date today = session_today(session);
	if (session->activities.until.year)
		return &session->activities;
	return session_activities(session, today, date_plus(today, ACTIVITY_WINDOW_DAYS - 1));
}

const struct activity_list *session_signups(const struct session *session)
{
	return &session->signups;
}
