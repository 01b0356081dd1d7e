/* detail.c — one activity, card or organisation with its long text: asked when looked at, kept for the last few looked at. See
 * session.h. */
#include <string.h>

#include "inside.h"

/* ---- asking ---- */

static void take_answer(struct session *session, struct kept_detail *detail, struct job *job)
{
	const struct operation *operation = &job->operation;
	detail->view.state.as_of = session_now(session);
	session_bury(session, &detail->arena);
	detail->view.activity = operation->activity_count ? &operation->activities[0] : NULL;
	detail->view.card = operation->card_count ? &operation->cards[0] : NULL;
	detail->view.organisation = operation->organisation_count ? &operation->organisations[0] : NULL;
	detail->arena = job_take_arena(job);
	cache_put_detail(session, detail, true);
	if (detail->view.activity)
		agenda_touch(session);   /* it may be newer than the list's */
}

/* Somebody who hides their card since, an activity that was taken back: what was shown is shown no more. */
static void forget_content(struct session *session, struct kept_detail *detail)
{
	session_bury(session, &detail->arena);
	agenda_touch(session);   /* which may point to it */
	detail->view.activity = NULL;
	detail->view.card = NULL;
	detail->view.organisation = NULL;
	detail->view.state.as_of = 0;
	cache_put_detail(session, detail, true);   /* nothing, there too */
}

static void ask(struct session *session, struct kept_detail *detail);

static void heard(struct session *session, struct job *job)
{
	struct kept_detail *detail = job->about;
	detail->job = NULL;
	detail->loading = detail->loading && job->operation.outcome.kind != OUTCOME_DONE;   /* as in day.c */
	detail->view.state.asking = detail->loading;
	session_keep_outcome(session, &job->operation.outcome, &detail->view.state.outcome, &detail->outcome_arena);
	if (job->operation.outcome.kind == OUTCOME_DONE)
		take_answer(session, detail, job);
	else if (job->operation.outcome.kind == OUTCOME_NOT_FOUND)
		forget_content(session, detail);
	/* The token is not good any more, but what everybody may see can still be had. */
	if (job->operation.outcome.kind == OUTCOME_LOGIN_NEEDED && job->token)
		ask(session, detail);
	session->changed |= SESSION_DETAIL;
}

static void ask(struct session *session, struct kept_detail *detail)
{
	static const enum operation_kind operations[] = {
		[DETAIL_ACTIVITY] = OPERATION_ACTIVITY, [DETAIL_CARD] = OPERATION_CARD, [DETAIL_ORGANISATION] = OPERATION_ORGANISATION,
	};
	if (detail->job || !session->network)
		return;
	detail->asked_at_ms = clock_monotonic_ms();
	detail->view.state.asking = true;
	detail->job = job_new(session, detail->site, operations[detail->kind], heard, detail);
	struct operation *operation = &detail->job->operation;
	const char *id = arena_copy_text(operation->arena, detail->id);
	operation->space_id = arena_copy_text(operation->arena, detail->space_id);
	operation->activity_id = detail->kind == DETAIL_ACTIVITY ? id : NULL;
	operation->member_id = detail->kind == DETAIL_CARD ? id : NULL;
	operation->organisation_id = detail->kind == DETAIL_ORGANISATION ? id : NULL;
	job_start(detail->job);
}

/* ---- keeping ---- */

static void forget(struct session *session, struct kept_detail *detail)
{
	cache_put_detail(session, detail, false);
	job_cancel(detail->job);
	session_bury(session, &detail->arena);
	session_bury(session, &detail->outcome_arena);
	session_bury(session, &detail->identity);
	if (detail->view.activity)
		agenda_touch(session);   /* the agenda may point to it */
	memset(detail, 0, sizeof *detail);
}

static struct kept_detail *find(struct session *session, enum detail_kind kind, size_t site, const char *id)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		struct kept_detail *detail = &session->details[at];
		if (detail->identity && detail->kind == kind && detail->site == site && strcmp(detail->id, id) == 0)
			return detail;
	}
	return NULL;
}

static struct kept_detail *make(struct session *session, enum detail_kind kind, size_t site, const char *space_id, const char *id)
{
	struct arena *identity = arena_new();
	space_id = arena_copy_text(identity, space_id);   /* before the oldest goes, to which they may belong */
	id = arena_copy_text(identity, id);
	struct kept_detail *detail = &session->details[0];
	for (size_t at = 1; at < DETAILS_KEPT; at++) {
		if (session->details[at].used < detail->used)
			detail = &session->details[at];
	}
	forget(session, detail);
	*detail = (struct kept_detail){ .kind = kind, .site = site, .space_id = space_id, .id = id, .identity = identity };
	cache_load_detail(session, detail);
	return detail;
}

static const struct detail *look(struct session *session, enum detail_kind kind, size_t site, const char *space_id, const char *id)
{
	struct kept_detail *detail = find(session, kind, site, id);
	if (!detail)
		detail = make(session, kind, site, space_id, id);
	detail->used = ++session->details_used;
	bool is_new = !detail->view.state.as_of && detail->view.state.outcome.kind == OUTCOME_NONE;
	bool due = !detail->asked_at_ms || (!live_is_on(session, site) && clock_monotonic_ms() - detail->asked_at_ms > FRESH_MS);
	if (due && (is_new || !site_is_throttled(session, site)))
		ask(session, detail);
	return &detail->view;
}

const struct detail *session_activity(struct session *session, size_t site, const char *space_id, const char *activity_id)
{
	return look(session, DETAIL_ACTIVITY, site, space_id, activity_id);
}

const struct detail *session_card(struct session *session, size_t site, const char *member_id)
{
	return look(session, DETAIL_CARD, site, "", member_id);
}

const struct detail *session_organisation(struct session *session, size_t site, const char *organisation_id)
{
	return look(session, DETAIL_ORGANISATION, site, "", organisation_id);
}

void details_touch(struct session *session, size_t site, const char *activity_id)
{
	struct kept_detail *detail = find(session, DETAIL_ACTIVITY, site, activity_id);
	if (!detail)
		return;
	job_cancel(detail->job);   /* asked before the write: what it says may be old already */
	detail->job = NULL;
	detail->view.state.asking = false;
	detail->asked_at_ms = 0;
	session->changed |= SESSION_DETAIL;
}

void details_ask_again(struct session *session, size_t site)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		struct kept_detail *detail = &session->details[at];
		if (!detail->identity || detail->site != site || detail->view.state.outcome.kind == OUTCOME_DONE)
			continue;
		detail->asked_at_ms = 0;
		session->changed |= SESSION_DETAIL;
	}
}

void details_age(struct session *session, size_t site)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		if (session->details[at].identity && session->details[at].site == site)
			session->details[at].asked_at_ms = 0;
	}
	session->changed |= SESSION_DETAIL;
}

void details_tell(struct session *session, size_t site, const char *activity_id, bool all)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		struct kept_detail *detail = &session->details[at];
		if (!detail->identity || detail->site != site)
			continue;
		bool is_activity = detail->kind == DETAIL_ACTIVITY;
		bool same = activity_id ? is_activity && strcmp(detail->id, activity_id) == 0 : !is_activity;
		detail->told = detail->told || all || same;
	}
}

/* Asked again by whoever shows it. */
void details_read_told(struct session *session, size_t site)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		struct kept_detail *detail = &session->details[at];
		if (!detail->told || detail->site != site)
			continue;
		detail->told = false;
		job_cancel(detail->job);   /* asked before it changed, perhaps */
		detail->job = NULL;
		detail->view.state.asking = false;
		detail->asked_at_ms = 0;
		session->changed |= SESSION_DETAIL;
	}
}

void details_forget_site(struct session *session, size_t site)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		if (session->details[at].identity && session->details[at].site == site)
			forget(session, &session->details[at]);
	}
	session->changed |= SESSION_DETAIL;
}

void details_clear(struct session *session)
{
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		session->details[at].job = NULL;   /* jobs went first */
		forget(session, &session->details[at]);
	}
}
