/* waiting.c — a wish that could not be sent at once: how long it may wait, what is looked at before it goes, and how it is taken
 * back. See session.h. Nothing here is ever done to a wish of which the site may know already. */
#include <string.h>

#include "inside.h"

/* ---- when it is for ---- */

static const struct space *space_of(const struct session *session, const struct wish *wish)
{
	const struct part *spaces = &session->sites[wish->view.site].parts[LIST_SPACES];
	for (size_t at = 0; at < spaces->count; at++) {
		if (strcmp(spaces->spaces[at].id, wish->row.space_id) == 0)
			return &spaces->spaces[at];
	}
	return NULL;
}

/* Of a day of which the hours are not known: all that it may be. */
static struct minute_range widest_edges(struct period when)
{
	if (when.part == DAY_PART_HOURS)
		return when.hours;
	return (struct minute_range){ when.part == DAY_PART_AFTERNOON ? 12 * 60 : 0, when.part == DAY_PART_MORNING ? 14 * 60 : 24 * 60 };
}

struct stretch { int64_t start_at, end_at; };

static struct stretch stretch_of(struct session *session, const struct wish *wish)
{
	const struct space *space = space_of(session, wish);
	const struct zone *zone = session_zone(session, space ? space->time_zone : "Europe/Brussels");
	struct minute_range edges;
	if (!space || !period_edges(wish->row.when, &space->opening, &edges, NULL))
		edges = widest_edges(wish->row.when);
	struct stretch stretch;
	zone_instant(zone, wish->row.when.date, edges.from, &stretch.start_at);
	zone_instant(zone, wish->row.when.date, edges.until, &stretch.end_at);
	return stretch;
}

/* ---- ends without anything having been sent ---- */

static void end_as(struct session *session, struct wish *wish, enum outcome_kind kind, enum rule rule)
{
	wish->view.outcome = (struct outcome){ .kind = kind, .rule = rule, .quotation = "", .told_by = "" };
	wish_end(session, wish);
}

static bool is_over(struct session *session, struct wish *wish)
{
	if (wish->view.perhaps_there || session_now(session) < stretch_of(session, wish).end_at)
		return false;
	bool of_activity = wish->row.kind == WISH_SIGN_UP || wish->row.kind == WISH_WITHDRAW;
	end_as(session, wish, OUTCOME_REFUSED, of_activity ? RULE_ACTIVITY_STARTED : RULE_BOOKING_STARTED);
	return true;
}

static void put_taken_back(struct session *session, struct wish *wish)
{
	wish->take_back = true;
	wish->saving = wish->voiding = false;
	wish->next_try_ms = wish->view.next_try_at = 0;
	wish->row.state = WISH_SEEN;
	wish->row.outcome = OUTCOME_NONE;
	wish_put(session, wish);
}

/* As long as it is not known when a space opens, it is not known that it is too late. */
static bool is_in_a_hurry(struct session *session, const struct wish *wish)
{
	if (wish->view.now_or_never)
		return true;   /* so that it is said while that person stands there */
	return wish->row.kind == WISH_BOOK && (space_of(session, wish) || wish->row.when.part == DAY_PART_HOURS) &&
	       (!wish->made_ms || clock_monotonic_ms() - wish->made_ms >= HURRY_MS) &&
	       stretch_of(session, wish).start_at - session_now(session) < QUEUE_LEAST_S;
}

bool wish_ends_unsent(struct session *session, struct wish *wish)
{
	if (wish->take_back) {
		put_taken_back(session, wish);
		return true;
	}
	bool hurry = is_in_a_hurry(session, wish);
	if (hurry)
		wish_end(session, wish);
	return hurry;
}

bool wish_is_hopeless(struct session *session, struct wish *wish)
{
	if (wish->row.state != WISH_QUEUED || wish->job || wish->saving)
		return false;
	if (is_over(session, wish))
		return true;
	if (session->sites[wish->view.site].reach != REACH_UNREACHABLE || !is_in_a_hurry(session, wish))
		return false;
	end_as(session, wish, OUTCOME_UNREACHABLE, RULE_NONE);
	return true;
}

void wishes_site_is_away(struct session *session, size_t site)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		if (session->wishes[at]->view.site == site && wish_is_listed(session, session->wishes[at]))
			wish_is_hopeless(session, session->wishes[at]);
	}
}

/* ---- a look before it is sent ---- */

static bool wants_look(const struct session *session, const struct wish *wish)
{
	const struct site *site = &session->sites[wish->view.site];
	if (wish->row.kind != WISH_BOOK || wish->view.perhaps_there || wish->ask_first || !(site->config->backend->capabilities & CAN_PREVIEW))
		return false;
	int64_t since = wish->looked_at ? wish->looked_at : wish->row.created_at;
	bool slept = site->view.as_of < session->woke_at && wish->looked_at < session->woke_at;   /* what was seen is of before */
	return slept || session_now(session) - since >= LOOK_AGAIN_S;
}

static void take_obstacles(struct session *session, struct wish *wish, struct job *job)
{
	const struct preview *preview = job->operation.preview;
	enum rule rule = preview->obstacles[0].rule;
	session_bury(session, &wish->answer);
	wish->answer = job_take_arena(job);
	wish->view.outcome = (struct outcome){
		.kind = rule == RULE_SLOT_TAKEN ? OUTCOME_CONFLICT : OUTCOME_REFUSED, .rule = rule,
		.quotation = preview->obstacles[0].detail, .told_by = "",
		.alternatives = preview->alternatives, .alternative_count = preview->alternative_count,
	};
	wish_settle(session, wish);
}

/* A look that failed sent nothing, whatever became of its answer. */
static void take_failure(struct session *session, struct wish *wish, struct job *job)
{
	wish->view.outcome = job->operation.outcome;
	session_bury(session, &wish->answer);
	wish->answer = job_take_arena(job);
	switch (wish->view.outcome.kind) {
	case OUTCOME_UNREACHABLE:
	case OUTCOME_THROTTLED:
	case OUTCOME_UNKNOWN:
	case OUTCOME_NONE:
		if (wish->view.outcome.kind != OUTCOME_THROTTLED)
			wish->view.outcome.kind = OUTCOME_UNREACHABLE;
		if (!wish_ends_unsent(session, wish))
			wish_plan_next_try(session, wish, job->answer.retry_after_s);
		return;
	case OUTCOME_LOGIN_NEEDED:
		if (wish->take_back)
			put_taken_back(session, wish);
		return;
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_NOT_FOUND:
		wish_settle(session, wish);
		return;
	}
}

static void looked(struct session *session, struct job *job)
{
	struct wish *wish = job->about;
	const struct preview *preview = job->operation.preview;
	wish->job = NULL;
	wish->looking = false;
	session->changed |= SESSION_WISHES;
	if (!preview || job->operation.outcome.kind != OUTCOME_DONE) {
		take_failure(session, wish, job);
	} else if (wish->take_back) {
		put_taken_back(session, wish);
	} else if (preview->obstacle_count) {
		take_obstacles(session, wish, job);
	} else {
		wish->looked_at = session_now(session);
		wish_begin(session, wish);
	}
}

static void look(struct session *session, struct wish *wish)
{
	if (!wish->on_disk && wish->writes == 0)
		wish_put(session, wish);   /* new, and the look may take long or fail: it waits from here on */
	wish->looking = true;
	wish->job = job_new(session, wish->view.site, OPERATION_PREVIEW, looked, wish);
	struct operation *operation = &wish->job->operation;
	operation->space_id = wish->row.space_id;
	operation->resource_id = wish->row.resource_id;
	operation->when = wish->row.when;
	job_start(wish->job);
	session->changed |= SESSION_WISHES;
}

bool wish_is_kept_back(struct session *session, struct wish *wish)
{
	if (session->wishes_held || is_over(session, wish))
		return true;
	if (!wants_look(session, wish))
		return false;
	look(session, wish);
	return true;
}

/* ---- what the person says to it ---- */

enum wish_stand wish_stands(const struct wish_view *wish)
{
	switch (wish->row->state) {
	case WISH_QUEUED:
		return wish->outcome.kind == OUTCOME_NONE ? WISH_ON_ITS_WAY : WISH_WAITS;
	case WISH_SENT:
		return WISH_ON_ITS_WAY;
	case WISH_SETTLED:
		break;
	case WISH_SEEN:
		return WISH_ENDED;
	}
	bool gone_anyway = wish->outcome.kind == OUTCOME_NOT_FOUND && (wish->row->kind == WISH_CANCEL || wish->row->kind == WISH_WITHDRAW);
	return wish->trouble || (outcome_exit_status(wish->outcome.kind) && !gone_anyway) ? WISH_ASKS : WISH_ENDED;
}

bool wish_is_at_stake(const struct wish_view *wish)
{
	enum wish_stand stand = wish_stands(wish);
	return stand == WISH_WAITS || stand == WISH_ON_ITS_WAY;
}

size_t session_wishes_at_stake(const struct session *session, size_t site)
{
	size_t count = 0;
	for (size_t at = 0; at < session_wish_count(session); at++) {
		const struct wish_view *wish = session_wish_at(session, at);
		count += wish->site == site && wish_is_at_stake(wish);
	}
	for (size_t at = 0; at < session_other_count(session); at++)
		count += session_other_at(session, at)->site == site;   /* it will log out too */
	return count;
}

enum wish_drop session_wish_drop(struct session *session, const char *id)
{
	struct wish *wish = wish_find(session, id);
	if (!wish || wish->row.state == WISH_SEEN)
		return WISH_DROPPED;
	if (wish->row.state == WISH_SETTLED) {
		session_wish_seen(session, id);
		return WISH_DROPPED;
	}
	if (wish->view.perhaps_there)
		return WISH_DROP_TOO_LATE;
	if (wish->job && !wish->looking) {
		wish->take_back = true;
		return WISH_DROP_LATER;
	}
	job_cancel(wish->job);
	wish->job = NULL;
	wish->looking = false;
	put_taken_back(session, wish);
	return WISH_DROPPED;
}

/* What is not on disk as taken back would be sent by the next run: then it waits on, and that is said. */
void wish_taken_back(struct session *session, struct wish *wish, bool kept)
{
	wish->take_back = false;
	if (kept) {
		wish->view.taken_back = true;
		return;
	}
	wish->row.state = WISH_QUEUED;
	wish->view.outcome.kind = OUTCOME_UNREACHABLE;
	wish_plan_next_try(session, wish, 0);
}

void session_hold_wishes(struct session *session)
{
	session->wishes_held = true;
}

bool session_wishes_are_to_come(const struct session *session)
{
	return session->load_again_ms != 0;
}

bool session_wishes_are_known(const struct session *session)
{
	return session->wishes_loaded && !session->loads_waiting;
}

bool session_wishes_are_unread(const struct session *session)
{
	return session->wishes_unread;
}
