/* time.c — what time it is: by the sites when this computer's clock is wrong, and what is done when it wakes from a sleep. See
 * session.h. */
#include "inside.h"

#define CLOCK_TOLERANCE_S 600
#define SLEPT_MS 60000   /* more than the clock of the day may gain on the one that stands still in a sleep, or is set by hand */

int64_t session_now(const struct session *session)
{
	return clock_now(&session->clock) - session->ahead_s;
}

/* ---- a wrong clock ---- */

static bool agree(int64_t a, int64_t b)
{
	return a - b < CLOCK_TOLERANCE_S && b - a < CLOCK_TOLERANCE_S;
}

/* Deadlines and "today" are judged by two clocks: a person must know when theirs is wrong. */
static void tell(struct session *session, const struct site *site, bool believed)
{
	struct arena *arena = arena_new();
	const char *format = believed ? _("The clock of this computer and that of %s differ by more than ten minutes: hacktiv goes by the latter.")
	                              : _("The clock of this computer and that of %s differ by more than ten minutes.");
	session_add_note(session, arena_print(arena, format, site->config->label));
	arena_free(arena);
}

/* One clock against another: that of the site, which decides. But sites that contradict each other are not believed. */
void session_heard_time(struct session *session, size_t at, int64_t date)
{
	struct site *site = &session->sites[at];
	if (session->clock.fixed || !date)
		return;
	site->ahead_s = clock_now(&session->clock) - date;
	site->told_time = true;
	bool one_voice = true;
	for (size_t other = 0; other < session->site_count; other++)
		one_voice = one_voice && (!session->sites[other].told_time || agree(session->sites[other].ahead_s, site->ahead_s));
	int64_t ahead_s = one_voice && !agree(site->ahead_s, 0) ? site->ahead_s : 0;
	if (!agree(site->ahead_s, 0))
		tell(session, site, one_voice);
	if (agree(ahead_s, session->ahead_s))
		return;
	session->ahead_s = ahead_s;
	session->changed |= SESSION_ALL;
	session->refresh_at_ms = 0;   /* another day, perhaps */
}

/* ---- a sleep ---- */

/* Whatever was known is as old as the sleep; what is on its way hangs on lines that are dead. */
static void wake(struct session *session)
{
	session->woke_at = session_now(session);
	engine_distrust(session->engine);
	session->changed |= SESSION_ALL;
	for (size_t site = 0; site < session->site_count; site++) {
		if (session->sites[site].reach == REACH_UP)
			session->sites[site].reach = REACH_IDLE;   /* "as of 23:50", not "up to date" */
		site_try_now(session, site);
		live_wake(session, site);
		for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
			session->sites[site].parts[kind].outcome.kind = OUTCOME_NONE;   /* not heard since: the age is told */
			list_touch(session, site, kind);
		}
		days_age(session, site);
		details_age(session, site);
		site_renew_view(session, site);
	}
	if (session->network && session->proposal_arena)
		session_propose(session, &session->proposal.wish);   /* its price and its place are to be looked at again too */
}

void session_watch_sleep(struct session *session, int64_t now_ms)
{
	int64_t wall_ms = clock_now_ms(&session->clock);
	bool slept = session->seen_ms && (wall_ms - session->seen_wall_ms) - (now_ms - session->seen_ms) > SLEPT_MS;
	session->seen_ms = now_ms;
	session->seen_wall_ms = wall_ms;
	if (slept)
		wake(session);
}
