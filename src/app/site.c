/* site.c — does a site answer, what is said of it, and the pause before the next try. See session.h. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

const char *site_state_wire_name(enum site_state state)
{
	switch (state) {
	case SITE_IDLE: return "idle";
	case SITE_ASKING: return "asking";
	case SITE_UP: return "up";
	case SITE_UNREACHABLE: return "unreachable";
	case SITE_LOGIN_NEEDED: return "login_needed";
	case SITE_TROUBLED: return "troubled";
	case SITE_THROTTLED: return "throttled";
	}
	return "";
}

/* ---- beginning and end ---- */

void sites_open(struct session *session)
{
	session->site_count = session->config->site_count;
	session->sites = memory_get_array(session->site_count, sizeof *session->sites);
	for (size_t at = 0; at < session->site_count; at++) {
		struct site *site = &session->sites[at];
		site->config = &session->config->sites[at];
		site->view.id = site->config->id;
		site->view.label = site->config->label;
		site->view.problem = "";
		site->view.since = session_now(session);
		account_open(session, at);
		live_open(session, at);
		site_renew_view(session, at);
	}
}

bool site_find(const struct session *session, const char *id, size_t *site)
{
	for (*site = 0; *site < session->site_count; ++*site) {
		if (strcmp(session->sites[*site].config->id, id) == 0)
			return true;
	}
	return false;
}

void sites_clear(struct session *session)
{
	for (size_t at = 0; at < session->site_count; at++) {
		struct site *site = &session->sites[at];
		account_clear(session, at);
		log_outs_drop(site, INT64_MAX);
		live_clear(&site->live);
		arena_free(site->words);
	}
	free(session->sites);
}

size_t session_site_count(const struct session *session)
{
	return session->site_count;
}

const struct site_view *session_site(const struct session *session, size_t site)
{
	return &session->sites[site].view;
}

/* ---- what is shown ---- */

bool site_knows_us(const struct site *site)
{
	return site->token && !site->token_refused;
}

static enum site_state state_of(const struct site *site)
{
	if (account_is_entering(site) && (site->reach == REACH_IDLE || site->reach == REACH_UP))
		return SITE_ASKING;
	switch (site->reach) {
	case REACH_UNREACHABLE:
		return SITE_UNREACHABLE;
	case REACH_TROUBLED:
		return SITE_TROUBLED;
	case REACH_THROTTLED:
		return SITE_THROTTLED;
	case REACH_IDLE:
		return site_knows_us(site) ? SITE_IDLE : SITE_LOGIN_NEEDED;
	case REACH_ASKING:
		return site_knows_us(site) || account_is_entering(site) ? SITE_ASKING : SITE_LOGIN_NEEDED;
	case REACH_UP:
		return site_knows_us(site) ? SITE_UP : SITE_LOGIN_NEEDED;
	}
	return SITE_IDLE;
}

void site_renew_view(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	enum site_state state = state_of(site);
	if (state != site->view.state) {
		site->view.since = session_now(session);
		session->changed |= SESSION_SITES | SESSION_ACTIVITIES;   /* lists tell their age when it is away */
	}
	site->view.state = state;
	if (state != SITE_THROTTLED)
		site->view.next_try_at = 0;
	site->view.member = site_knows_us(site) ? site->parts[LIST_MEMBER].member : NULL;
	site->view.may_book = site_knows_us(site) && (site->config->backend->capabilities & CAN_BOOK);
}

static void tell_problem(struct session *session, struct site *site, const char *text)
{
	if (strcmp(site->view.problem, text) == 0)
		return;
	session_bury(session, &site->words);
	site->words = arena_new();
	site->view.problem = arena_copy_text(site->words, text);
	session->changed |= SESSION_SITES;
}

/* ---- does it answer ---- */

static enum reach reach_after(const struct job *job)
{
	switch (job->answer.transport) {
	case TRANSPORT_ANSWERED:
		break;
	case TRANSPORT_TOO_LARGE:
		return REACH_TROUBLED;
	case TRANSPORT_NOT_SENT:
	case TRANSPORT_LOST:
	case TRANSPORT_CANCELLED:
		return REACH_UNREACHABLE;
	}
	enum outcome_kind kind = job->operation.outcome.kind;
	/* Who guesses passwords or asks too often after a code is asked to wait, not the site's other readers. */
	if (kind == OUTCOME_THROTTLED)
		return job->operation.kind == OPERATION_LOG_IN || job->operation.kind == OPERATION_DEVICE ||
		       job->operation.kind == OPERATION_DEVICE_TOKEN ? REACH_UP : REACH_THROTTLED;
	return kind == OUTCOME_UNREACHABLE || kind == OUTCOME_UNKNOWN ? REACH_TROUBLED : REACH_UP;
}

static void pause_site(struct site *site, const struct job *job)
{
	int64_t now_ms = clock_monotonic_ms();
	int asked_s = job->answer.retry_after_s;
	/* Several questions that fail together make one pause; but what the site asks for counts. */
	bool paused = site->retry_at_ms > now_ms;
	if (paused && asked_s <= 0)
		return;
	if (!paused && site->failures++ == 0)
		site->failing_since_ms = now_ms;
	int pause_ms = retry_pause_ms(site->failures, asked_s, session_random(), now_ms - site->failing_since_ms);
	int64_t at_ms = now_ms + (pause_ms < 0 ? most(SLOW_RETRY_MS, (int64_t)asked_s * 1000) : pause_ms);
	site->retry_at_ms = paused ? most(site->retry_at_ms, at_ms) : at_ms;
	site->probing = false;
}

/* What is told is what the site asked for; we add a little, so as not to come with all the others. */
static void throttle_site(struct session *session, struct site *site, const struct job *job)
{
	bool paused = site->retry_at_ms > clock_monotonic_ms();
	pause_site(site, job);
	int64_t at = session_now(session) + most(job->answer.retry_after_s, 0);
	site->view.next_try_at = paused ? most(site->view.next_try_at, at) : at;
}

bool site_is_throttled(const struct session *session, size_t at)
{
	const struct site *site = &session->sites[at];
	return site->reach == REACH_THROTTLED && (site->probing || clock_monotonic_ms() < site->retry_at_ms);
}

void site_try_now(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	site->probing = false;
	if (site->retry_at_ms)
		site->retry_at_ms = clock_monotonic_ms();   /* sites_timers() sees to it that it is asked in any case */
}

bool site_ask_first(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	site_try_now(session, at);
	if (site->reach != REACH_THROTTLED)
		return false;
	list_ask(session, at, LIST_SPACES);
	site->retry_at_ms = 0;
	site->probing = true;
	return true;
}

static void site_is_back(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	bool was_away = site->failures > 0;
	site->failures = 0;
	site->retry_at_ms = 0;
	if (!was_away)
		return;
	days_ask_again(session, at, false);
	details_ask_again(session, at);
	directories_ask_again(session, at);
	proposal_ask_again(session, at);
	wishes_wake(session, at, false);
	account_site_is_back(session, at);
	log_outs_go_on(session, at);
	live_begin(session, at);
}

/* One good answer does not mend a site of which another list cannot be had: its state, and the pause, are those of
 * the worst. But nobody will ask again for what is one person's, as long as the site knows no such person. */
static bool another_list_fails(const struct site *site, const struct job *job)
{
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		const struct part *part = &site->parts[kind];
		enum outcome_kind outcome = part->outcome.kind;
		if (part->job != job && list_may_be_asked(site, kind) && (outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_UNKNOWN || outcome == OUTCOME_THROTTLED))
			return true;
	}
	return false;
}

/* A site that took what was wished for is there: it is asked all else at once, and not when its next try was due. */
static bool took_a_wish(const struct job *job)
{
	enum operation_kind kind = job->operation.kind;
	return kind == OPERATION_BOOK || kind == OPERATION_CANCEL || kind == OPERATION_SIGN_UP || kind == OPERATION_WITHDRAW;
}

/* The question that went ahead is answered. It may have been hurried by then (site_try_now()): it fails still, and no try is planned. */
static void ask_the_rest(struct session *session, const struct job *job)
{
	struct site *site = &session->sites[job->site];
	bool hurried = site->failures && !site->retry_at_ms;
	if (!(site->probing || hurried) || job != site->parts[LIST_SPACES].job)
		return;
	site->probing = false;
	lists_ask_site(session, job->site);
}

void site_heard(struct session *session, const struct job *job)
{
	session_heard_time(session, job->site, job->answer.date);
	struct site *site = &session->sites[job->site];
	const struct outcome *outcome = &job->operation.outcome;
	struct arena *words = arena_new();
	enum reach reach = reach_after(job);
	if (outcome->kind == OUTCOME_LOGIN_NEEDED && job->token && site->token && strcmp(job->token, site->token) == 0)
		site->token_refused = true;
	switch (reach) {
	case REACH_UNREACHABLE:
		tell_problem(session, site, job->answer.problem.text);
		pause_site(site, job);
		site->reach = reach;
		wishes_site_is_away(session, job->site);
		break;
	case REACH_TROUBLED:
		tell_problem(session, site, outcome_words(words, outcome));
		pause_site(site, job);
		break;
	case REACH_THROTTLED:
		tell_problem(session, site, _("We try again then."));
		throttle_site(session, site, job);
		break;
	case REACH_IDLE:
	case REACH_ASKING:
	case REACH_UP:
		site->view.as_of = session_now(session);
		ask_the_rest(session, job);
		bool fails = another_list_fails(site, job);
		if (site_is_throttled(session, job->site) || (fails && outcome->kind != OUTCOME_LOGIN_NEEDED)) {
			reach = site->reach;
			if (reach == REACH_UNREACHABLE && took_a_wish(job))
				site_try_now(session, job->site);
			break;
		}
		tell_problem(session, site, "");
		if (!fails)   /* else it is tried again as planned, but that somebody must log in is known, and can be done */
			site_is_back(session, job->site);
		break;
	}
	site->reach = reach;
	site_renew_view(session, job->site);
	session->changed |= SESSION_SITES;
	arena_free(words);
}

void sites_timers(struct session *session, int64_t now_ms)
{
	for (size_t at = 0; at < session->site_count; at++) {
		struct site *site = &session->sites[at];
		log_outs_drop(site, clock_asleep_too_ms());
		if (!site->retry_at_ms || now_ms < site->retry_at_ms)
			continue;
		site->retry_at_ms = 0;
		list_ask(session, at, LIST_SPACES);   /* one question, not five, to a server that is in trouble */
		site->probing = true;
	}
}

int64_t sites_next_ms(const struct session *session)
{
	int64_t next_ms = INT64_MAX;
	for (size_t at = 0; at < session->site_count && session->network; at++) {
		if (session->sites[at].retry_at_ms)
			next_ms = least(next_ms, session->sites[at].retry_at_ms);
	}
	return next_ms;
}
