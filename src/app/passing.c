/* passing.c — what the clock alone changes: a half-day that is over is past, and at midnight what was free is of yesterday. A site would
 * say the same, but need not be asked, and one that is away cannot be. See inside.h. */
#include <string.h>

#include "inside.h"

#define SCATTER_MS 30000   /* all screens that were left open ask after midnight, and not all at once */

static bool is_over(struct session *session, const struct space *space, struct local_date date, enum day_part part)
{
	struct minute_range edges;
	int64_t end_at;
	if (!period_edges(half_day(date, part), &space->opening, &edges, NULL))
		return false;
	zone_instant(session_zone(session, space->time_zone), date, edges.until, &end_at);
	return end_at <= session_now(session);
}

static bool none_left(struct session *session, const struct space *space, enum day_part part, int *count)
{
	if (*count == 0 || !is_over(session, space, space->today.date, part))
		return false;
	*count = 0;
	return true;
}

/* The list of spaces tells of today. */
static void pass_today(struct session *session, size_t site, struct space *space)
{
	struct space_day *today = &space->today;
	bool passed;
	if (today->date.year && !date_equal(today->date, list_today_at(session, site))) {
		*today = (struct space_day){ .opening.reason = "" };
		passed = true;
	} else {
		bool morning = none_left(session, space, DAY_PART_MORNING, &today->free_morning);
		passed = none_left(session, space, DAY_PART_AFTERNOON, &today->free_afternoon) || morning;
	}
	session->changed |= passed ? SESSION_SPACES : 0;
}

static bool pass_half(enum slot_state *half)
{
	bool passes = *half == SLOT_FREE || *half == SLOT_TAKEN;
	if (passes)
		*half = SLOT_PAST;
	return passes;
}

static void pass_day(struct session *session, struct day *day, const struct space *space)
{
	struct resource_day *rows = (struct resource_day *)(uintptr_t)day->list.rows;   /* in the day's own arena */
	bool morning = is_over(session, space, day->list.date, DAY_PART_MORNING), afternoon = is_over(session, space, day->list.date, DAY_PART_AFTERNOON);
	bool passed = false;
	for (size_t at = 0; at < day->list.count; at++) {
		passed = (morning && pass_half(&rows[at].morning)) || passed;
		passed = (afternoon && pass_half(&rows[at].afternoon)) || passed;
	}
	session->changed |= passed ? SESSION_DAY : 0;
}

static void pass_days(struct session *session, size_t site, const struct space *space)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		struct day *day = &session->days[at];
		bool is_one = day->identity && day->arena && day->list.site == site && day->list.date.year;
		if (is_one && strcmp(day->list.space_id, space->id) == 0)
			pass_day(session, day, space);
	}
}

static void begin_another_day(struct session *session)
{
	struct local_date today = session_today(session);
	bool is_another = session->day.year && !date_equal(session->day, today);
	session->day = today;
	if (!is_another)
		return;
	session->changed |= SESSION_ALL;
	int64_t at_ms = clock_monotonic_ms() + SCATTER_MS * (int64_t)session_random() / 0xffff;
	session->refresh_at_ms = at_ms < session->refresh_at_ms ? at_ms : session->refresh_at_ms;
}

void passing_turn(struct session *session)
{
	int64_t minute = session_now(session) / 60;
	if (minute == session->minute && !(session->changed & (SESSION_SPACES | SESSION_DAY)))
		return;
	session->minute = minute;
	begin_another_day(session);
	for (size_t site = 0; site < session->site_count; site++) {
		const struct part *part = &session->sites[site].parts[LIST_SPACES];
		for (size_t at = 0; at < part->count; at++) {
			pass_today(session, site, (struct space *)(uintptr_t)&part->spaces[at]);
			pass_days(session, site, &part->spaces[at]);
		}
	}
}
