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
#define DISK_PATIENCE_MS 1000      /* what can be done without the disk is, when that does not answer */
#define LOCK_RETRY_MS     100
#define LOCK_PATIENCE_MS 15000     /* whoever holds it that long has been stopped */

static void begin(struct session *session, size_t at);

/* The disk is asked, and waited for that long. */
static void await(struct account *account, const struct token_file *file)
{
	account->awaited = file;
	account->at_ms = clock_monotonic_ms() + DISK_PATIENCE_MS;
}

/* ---- keeping ---- */

static void tell_log_in(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	if (!account->unkept)
		return;
	account->unkept = false;
	account_end_log_in(session, at, &(struct outcome){ .kind = OUTCOME_DONE, .quotation = "", .told_by = "" });
}

/* The file that is there now has `mark`, and in it ours, or (not `kept`) older ones. */
static void note_file(struct account *account, uint64_t mark, bool kept)
{
	account->mark = kept ? mark : 0;
	account->old_mark = kept ? 0 : mark;
}

/* `mark`: of the file that is there now. */
static void end_keeping(struct session *session, size_t at, uint64_t mark, const struct problem *why)
{
	struct account *account = &session->sites[at].account;
	bool kept = why->kind == PROBLEM_NONE;
	if (!kept)
		session_add_note(session, why->text);   /* still good for this run */
	account_rest(session, at);
	note_file(account, mark, kept);
	account->at_ms = kept ? 0 : clock_monotonic_ms() + KEEP_AGAIN_MS;
	account->keeping_again = false;
	tell_log_in(session, at);
	if (account_holds_jobs(session, at))   /* refused in the meantime */
		begin(session, at);
}

/* With the lock, or without where there can be none. Whoever waits need not wait for the disk. `known`: only a file with that mark is
 * replaced; 0: any. */
static void keep(struct session *session, size_t at, uint64_t known)
{
	struct account *account = &session->sites[at].account;
	struct problem why = { .kind = PROBLEM_NONE };
	char *text = tokens_text(&account->tokens, &why);
	account->step = ACCOUNT_KEEPING;
	if (text)
		await(account, token_file_keep(session, at, text, known));
	else
		end_keeping(session, at, 0, &why);
}

/* They are what is on its way there. */
static bool is_newest(const struct account *account, const struct token_file *file)
{
	char *text = tokens_text(&account->tokens, NULL);
	bool newest = text && strcmp(text, file->text) == 0;
	token_forget(text);
	return newest;
}

void renewal_keep_at_end(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	if (account->unkept && account->step == ACCOUNT_LOCKING)
		keep(session, at, 0);
	else if (account->late && !is_newest(account, account->late))
		keep(session, at, 0);
	else if (account->step == ACCOUNT_AT_REST && account->at_ms && !account->mark)   /* it would have been tried once more in a while */
		keep(session, at, account->old_mark);
}

/* Nobody waits for the disk any more, but who leaves does not give it up: it has them in time. */
static void keep_late(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	account->late = account->awaited;
	account_rest(session, at);
	tell_log_in(session, at);
	if (account_holds_jobs(session, at))
		begin(session, at);
}

/* ---- renewing ---- */

static void refuse(struct session *session, size_t at)
{
	session->sites[at].token_refused = true;
	account_rest(session, at);
	if (unattended_may(session, at))
		unattended_begin(session, at);
	else
		account_release(session, at, NULL);
}

/* Another process may have renewed, logged in or out while we waited, asked, or had been stopped (then it did not wait for us): what it did
 * stands. Asking with a refresh token that it has used up would end the session of both. */
static bool is_overtaken(struct session *session, size_t at, struct token_file *file, const struct problem *why)
{
	bool seen = file->mark == account_mark_seen(&session->sites[at].account);
	switch (seen ? FOUND_SAME : account_take_file(session, at, file, why)) {
	case FOUND_NOBODY:
		account_forget(session, at);
		return true;
	case FOUND_RENEWED:
		account_rest(session, at);
		account_release(session, at, NULL);
		return true;
	case FOUND_OTHERS:
		account_rest(session, at);
		account_release(session, at, NULL);
		account_greet(session, at);
		return true;
	case FOUND_NOTHING:
	case FOUND_SAME:
		break;
	}
	return false;
}

/* Should we be overtaken, that is found when they are to be kept. */
static void renewed(struct session *session, const struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	account_take(session, job, NULL);
	account_release(session, job->site, NULL);
	if (account->late)   /* renewal_heard_late() sees to these */
		account_rest(session, job->site);
	else
		keep(session, job->site, account_mark_seen(account));
}

static void ask_for_new(struct session *session, size_t at);

/* An answer that was lost is asked for again while it is surely repeated. */
static void could_not_renew(struct session *session, const struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	int64_t now_ms = clock_monotonic_ms();
	if (job->answer.transport == TRANSPORT_LOST && now_ms - account->since_ms < RENEW_GRACE_MS && account->tries < 4) {
		ask_for_new(session, job->site);
		return;
	}
	account->renew_after_ms = now_ms + RENEW_PAUSE_MS;
	account_rest(session, job->site);
	account_release(session, job->site, job);
}

/* It gave no new ones, and nobody overtook us. */
static void conclude(struct session *session, const struct job *job)
{
	switch (job->operation.outcome.kind) {
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
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
		refuse(session, job->site);
		return;
	}
}

/* With account->job: what failed, or NULL when it was not answered in time. */
static void check(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	account->step = ACCOUNT_CHECKING;
	await(account, token_file_look(session, at, 0, false));
}

/* `file` NULL: the disk does not tell. */
static void checked(struct session *session, size_t at, struct token_file *file, const struct problem *why)
{
	struct account *account = &session->sites[at].account;
	struct job *job = account->job;
	account->job = NULL;
	account->at_ms = 0;
	if (!file || !is_overtaken(session, at, file, why)) {
		if (job)
			conclude(session, job);
		else
			ask_for_new(session, at);
	}
	job_cancel(job);
}

static void renew_answered(struct session *session, struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	account->at_ms = 0;
	if (job->operation.outcome.kind == OUTCOME_DONE && job->operation.new_token) {
		account->job = NULL;
		renewed(session, job);
	} else {
		job_put_by(job);
		check(session, job->site);
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

/* Another of us was there in between, and what it did stands. */
static void give_way(struct session *session, struct token_file *file, const struct problem *why)
{
	account_rest(session, file->site);
	account_looked(session, file, why);
	account_release(session, file->site, NULL);
}

/* With the lock: the file says what there is to do. NULL: the disk does not tell. */
static void decide(struct session *session, size_t at, struct token_file *file, const struct problem *why)
{
	struct account *account = &session->sites[at].account;
	account->at_ms = 0;
	if (account->unkept) {
		keep(session, at, 0);
		return;
	}
	if (account->keeping_again) {
		account->keeping_again = false;
		if (!file || file->mark == account->old_mark)
			keep(session, at, account->old_mark);
		else
			give_way(session, file, why);
		return;
	}
	if (file && is_overtaken(session, at, file, why))
		return;
	account->tries = 0;
	if (account->tokens.refresh)
		ask_for_new(session, at);
	else
		refuse(session, at);
}

static void locked(struct session *session, size_t at, struct token_file *file, const struct problem *why)
{
	struct account *account = &session->sites[at].account;
	int64_t now_ms = clock_monotonic_ms();
	if (file->had == TOKENS_LOCKED_BY_ANOTHER && now_ms - account->since_ms < LOCK_PATIENCE_MS) {
		account->at_ms = now_ms + LOCK_RETRY_MS;
		return;
	}
	account->lock = file->lock;
	file->lock = -1;
	decide(session, at, file, why);
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
	       account->step == ACCOUNT_CHECKING || (account->step == ACCOUNT_LOCKING && !account->unkept && !account->keeping_again);
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

/* ---- the disk and the clock ---- */

void renewal_keep(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	job_cancel(account->job);
	account->job = NULL;
	account->unkept = true;
	switch (account->step) {
	case ACCOUNT_AT_REST:
		begin(session, at);
		return;
	case ACCOUNT_LOCKING:
		return;
	case ACCOUNT_RENEWING:
	case ACCOUNT_CHECKING:
	case ACCOUNT_KEEPING:
		keep(session, at, 0);
		return;
	}
}

void renewal_heard(struct session *session, struct token_file *file, const struct problem *why)
{
	switch (session->sites[file->site].account.step) {
	case ACCOUNT_LOCKING:
		locked(session, file->site, file, why);
		return;
	case ACCOUNT_CHECKING:
		checked(session, file->site, file, why);
		return;
	case ACCOUNT_KEEPING:
		if (file->overtaken)
			give_way(session, file, why);
		else
			end_keeping(session, file->site, file->mark, why);
		return;
	case ACCOUNT_AT_REST:
	case ACCOUNT_RENEWING:
		return;
	}
}

/* Of what keep_late() left to itself. Those that came after it are put there in their turn. */
void renewal_heard_late(struct session *session, struct token_file *file, const struct problem *why)
{
	struct account *account = &session->sites[file->site].account;
	bool kept = why->kind == PROBLEM_NONE;
	if (file->overtaken) {
		account_looked(session, file, why);
		return;
	}
	if (!kept)
		session_add_note(session, why->text);
	note_file(account, file->mark, kept && is_newest(account, file));
	if (account->step == ACCOUNT_AT_REST && !account->mark)
		account->at_ms = clock_monotonic_ms() + (kept ? 0 : KEEP_AGAIN_MS);
}

/* It did not answer in time. */
static void do_without(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	account->at_ms = 0;
	switch (account->step) {
	case ACCOUNT_LOCKING:
		account->awaited = NULL;
		decide(session, at, NULL, NULL);
		return;
	case ACCOUNT_CHECKING:
		account->awaited = NULL;
		checked(session, at, NULL, NULL);
		return;
	case ACCOUNT_KEEPING:
		keep_late(session, at);
		return;
	case ACCOUNT_AT_REST:
	case ACCOUNT_RENEWING:
		return;
	}
}

void renewal_timer(struct session *session, size_t at, int64_t now_ms)
{
	struct account *account = &session->sites[at].account;
	if (!account->at_ms || now_ms < account->at_ms)
		return;
	if (account->awaited) {
		do_without(session, at);
	} else if (account->step == ACCOUNT_AT_REST) {
		account->keeping_again = true;
		begin(session, at);
	} else if (account->step == ACCOUNT_LOCKING) {
		await(account, token_file_lock(session, at));
	} else if (account->step == ACCOUNT_RENEWING) {
		job_cancel(account->job);
		account->job = NULL;
		check(session, at);
	}
}
