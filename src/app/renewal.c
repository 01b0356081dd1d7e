/* renewal.c — tokens that are renewed before they end, or when they are refused, and kept on disk. See account.c.
 *
 * A refresh token is good once, and all processes of a person share it: whoever renews holds the lock of the token file, looks into
 * the file first, and may find there what it wanted. An answer that got lost is asked for again with the same refresh token, for a
 * site repeats it for some seconds (RENEW_GRACE_MS); after that only a log-in helps. What would ask meanwhile is held (job.c). */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define RENEW_AHEAD_S      60      /* a token that ends so soon is renewed before it is used */
#define RENEW_ANSWER_MS  4000      /* without an answer for so long the same is asked again … */
#define RENEW_GRACE_MS   9000      /* … as long as a site surely repeats the same answer (hacktivd: a minute) */
#define RENEW_PAUSE_MS  30000      /* it could not be done just now, and the present token is still good */
#define KEEP_AGAIN_MS   60000      /* a disk that was full may have room by now */
#define LOCK_RETRY_MS     100
#define LOCK_PATIENCE_MS 15000     /* whoever holds it that long has been stopped */

/* ---- keeping ---- */

/* With the lock, or without where there can be none. Whoever waits need not wait for the disk. */
static void keep(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	struct problem why = { .kind = PROBLEM_NONE };
	const char *id = session->sites[at].config->id;
	char *path = tokens_path(id, &why), *text = path ? tokens_text(&account->tokens, &why) : NULL;
	account->step = ACCOUNT_KEEPING;
	account->at_ms = 0;
	if (text) {
		store_write_secret(session->store, id, path, text, strlen(text));
	} else {
		struct store_reply reply = { .site = id, .problem = why };
		renewal_written(session, &reply);
	}
	token_forget(text);
	free(path);
}

static size_t find_site(const struct session *session, const char *id)
{
	size_t at = 0;
	while (at < session->site_count && strcmp(session->sites[at].config->id, id) != 0)
		at++;
	return at;
}

void renewal_written(struct session *session, const struct store_reply *reply)
{
	size_t at = find_site(session, reply->site);
	struct account *account = &session->sites[at].account;
	bool kept = reply->problem.kind == PROBLEM_NONE;
	if (!kept)
		session_add_note(session, reply->problem.text);   /* still good for this run */
	account_rest(account);
	if (!session->sites[at].token) {
		tokens_remove(session->sites[at].config->id, NULL);   /* logged out in the meantime */
		return;
	}
	uint64_t mark = tokens_mark(session->sites[at].config->id);
	account->mark = kept ? mark : 0;
	account->old_mark = kept ? 0 : mark;
	account->at_ms = kept ? 0 : clock_monotonic_ms() + KEEP_AGAIN_MS;
	account->keeping_again = false;
	if (!account->unkept)
		return;
	account->unkept = false;
	account_end_log_in(session, at, &(struct outcome){ .kind = OUTCOME_DONE, .quotation = "", .told_by = "" });
}

/* ---- renewing ---- */

static void refuse(struct session *session, size_t at)
{
	session->sites[at].token_refused = true;
	account_rest(&session->sites[at].account);
	if (unattended_may(session, at))
		unattended_begin(session, at);
	else
		account_release(session, at, NULL);
}

/* Another process may have renewed, logged in or out while we waited, asked, or had been stopped (then it did not wait for us): what it did
 * stands. Asking with a refresh token that it has used up would end the session of both. */
static bool is_overtaken(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	switch (account->mark ? account_read_file(session, at) : FOUND_SAME) {
	case FOUND_NOBODY:
		account_forget(session, at);
		return true;
	case FOUND_RENEWED:
		account_rest(account);
		account_release(session, at, NULL);
		return true;
	case FOUND_OTHERS:
		account_rest(account);
		account_release(session, at, NULL);
		account_greet(session, at);
		return true;
	case FOUND_NOTHING:
	case FOUND_SAME:
		break;
	}
	return false;
}

static void renewed(struct session *session, const struct job *job)
{
	if (is_overtaken(session, job->site))
		return;
	account_take(session, job, NULL);
	account_release(session, job->site, NULL);
	keep(session, job->site);
}

static void ask_for_new(struct session *session, size_t at);

/* An answer that was lost is asked for again while it is surely repeated. */
static void could_not_renew(struct session *session, const struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	int64_t now_ms = clock_monotonic_ms();
	if (is_overtaken(session, job->site))
		return;
	if (job->answer.transport == TRANSPORT_LOST && now_ms - account->since_ms < RENEW_GRACE_MS && account->tries < 4) {
		ask_for_new(session, job->site);
		return;
	}
	account->renew_after_ms = now_ms + RENEW_PAUSE_MS;
	account_rest(account);
	account_release(session, job->site, job);
}

static void renew_answered(struct session *session, struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	account->job = NULL;
	account->at_ms = 0;
	switch (job->operation.outcome.kind) {
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
		if (job->operation.new_token) {
			renewed(session, job);
			return;
		}
		could_not_renew(session, job);
		return;
	case OUTCOME_NONE:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_UNKNOWN:
	case OUTCOME_THROTTLED:
		could_not_renew(session, job);
		return;
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_NOT_FOUND:
	case OUTCOME_LOGIN_NEEDED:
		if (!is_overtaken(session, job->site))
			refuse(session, job->site);
		return;
	}
}

static void ask_for_new(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	int64_t now_ms = clock_monotonic_ms();
	if (account->tries++ == 0)
		account->since_ms = now_ms;
	account->step = ACCOUNT_RENEWING;
	account->at_ms = now_ms - account->since_ms + RENEW_ANSWER_MS < RENEW_GRACE_MS ? now_ms + RENEW_ANSWER_MS : 0;
	account->job = job_new(session, at, OPERATION_RENEW, renew_answered, NULL);
	account->job->secret = memory_copy_text(account->tokens.refresh);
	account->job->operation.refresh_token = account->job->secret;
	job_start(account->job);
}

/* With the lock: the file says what there is to do. */
static void decide(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	if (account->unkept) {
		keep(session, at);
		return;
	}
	if (account->keeping_again) {
		account->keeping_again = false;
		if (tokens_mark(session->sites[at].config->id) == account->old_mark) {
			keep(session, at);
			return;
		}
		account_rest(account);
		account_look(session, at);   /* another of us was there in between */
		return;
	}
	if (is_overtaken(session, at))
		return;
	account->tries = 0;
	if (account->tokens.refresh)
		ask_for_new(session, at);
	else
		refuse(session, at);
}

static void lock(struct session *session, size_t at, int64_t now_ms)
{
	struct account *account = &session->sites[at].account;
	account->at_ms = 0;
	enum tokens_lock had = tokens_lock(session->sites[at].config->id, &account->lock);
	if (had == TOKENS_LOCKED_BY_ANOTHER && now_ms - account->since_ms < LOCK_PATIENCE_MS) {
		account->at_ms = now_ms + LOCK_RETRY_MS;
		return;
	}
	decide(session, at);
}

/* From the next turn on: whoever asks for it may be in the middle of something that a log-out elsewhere would take away. */
static void begin(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	int64_t now_ms = clock_monotonic_ms();
	account->step = ACCOUNT_LOCKING;
	account->since_ms = now_ms;
	account->at_ms = now_ms;
}

static bool may_renew(const struct session *session, const struct site *site)
{
	return site_knows_us(site) && site->account.tokens.refresh && account_has_file(session);
}

static bool ends_soon(const struct session *session, const struct account *account)
{
	return account->tokens.expires_at && account->tokens.expires_at - session_now(session) < RENEW_AHEAD_S;
}

bool renewal_holds(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	if (account->step == ACCOUNT_AT_REST && session->network && may_renew(session, site) && ends_soon(session, account) &&
	    clock_monotonic_ms() >= account->renew_after_ms)
		begin(session, at);
	if (!site_knows_us(site) && account->unattended == UNATTENDED_NOT && unattended_may(session, at))
		unattended_begin(session, at);
	return account->unattended != UNATTENDED_NOT || account->step == ACCOUNT_RENEWING ||
	       (account->step == ACCOUNT_LOCKING && !account->unkept && !account->keeping_again);
}

bool renewal_mends(struct session *session, struct job *job)
{
	struct site *site = &session->sites[job->site];
	if (job->operation.outcome.kind != OUTCOME_LOGIN_NEEDED || !site_knows_us(site) || token_is_given() || job_is_of_account(job))
		return false;
	if (!job->token || strcmp(job->token, site->token) != 0) {   /* renewed, or got by a log-in, while this was under way */
		job_let_go(job);
		return true;
	}
	if (job->mended || session->shared)
		return false;
	job->mended = true;
	job->held = true;
	job->ended = false;
	if (site->account.step == ACCOUNT_AT_REST)
		begin(session, job->site);
	return true;
}

/* ---- beginning ---- */

void renewal_keep(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	job_cancel(account->job);
	account->job = NULL;
	account->unkept = true;
	if (account->step == ACCOUNT_RENEWING)
		decide(session, at);
	else if (account->step == ACCOUNT_KEEPING)
		keep(session, at);
	else
		begin(session, at);
}

void renewal_timer(struct session *session, size_t at, int64_t now_ms)
{
	struct account *account = &session->sites[at].account;
	if (!account->at_ms || now_ms < account->at_ms)
		return;
	if (account->step == ACCOUNT_AT_REST) {
		account->keeping_again = true;
		begin(session, at);
	} else if (account->step == ACCOUNT_LOCKING) {
		lock(session, at, now_ms);
	} else if (account->step == ACCOUNT_RENEWING) {
		job_cancel(account->job);
		account->job = NULL;
		if (!is_overtaken(session, at))
			ask_for_new(session, at);
	}
}
