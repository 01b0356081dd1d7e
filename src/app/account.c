/* account.c — who am I at a site: log-in, log-out, and tokens that are renewed before they end. See session.h.
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

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool may_renew(const struct site *site)
{
	return site_knows_us(site) && site->account.tokens.refresh && !token_is_given();
}

/* ---- what waits ---- */

static const struct job *find_held(const struct session *session, size_t at)
{
	for (const struct job *job = session->jobs; job; job = job->next) {
		if (job->held && job->site == at)
			return job;
	}
	return NULL;
}

/* `why`: the renewal that failed; NULL: the token there is now is as good as it gets. */
static void release(struct session *session, size_t at, const struct job *why)
{
	const struct site *site = &session->sites[at];
	for (const struct job *found = find_held(session, at); found; found = find_held(session, at)) {
		struct job *job = (struct job *)(uintptr_t)found;
		struct job nobody = { .operation.outcome = { .kind = OUTCOME_LOGIN_NEEDED, .quotation = "", .told_by = "" } };
		if (job->mended && why)
			job_end_as(job, why);
		else if (job->mended && !site_knows_us(site))
			job_end_as(job, &nobody);
		else
			job_let_go(job);
	}
	site_renew_view(session, at);
	session->changed |= SESSION_SITES;
}

static void rest(struct account *account)
{
	tokens_unlock(&account->lock);
	account->step = ACCOUNT_AT_REST;
	account->at_ms = 0;
}

/* ---- what is here ---- */

static void install(struct session *session, size_t at, struct tokens *tokens)
{
	struct site *site = &session->sites[at];
	tokens_clear(&site->account.tokens);
	site->account.tokens = *tokens;
	*tokens = (struct tokens){ 0 };
	site->token = site->account.tokens.access;
	site->token_refused = false;
	session->changed |= SESSION_SITES;
}

void account_greet(struct session *session, size_t at)
{
	store_forget_personal(session->store, session->sites[at].config->id);
	live_end(session, at);
	lists_forget_personal(session, at);
	lists_ask_site(session, at);
	days_ask_again(session, at, true);
	details_forget_site(session, at);
	directories_forget_site(session, at);
	wishes_wake(session, at, true);
	live_begin(session, at);
}

static void forget(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	job_cancel(site->account.job);
	site->account.job = NULL;
	if (site->account.step != ACCOUNT_KEEPING)
		rest(&site->account);   /* else account_written() sees to it */
	tokens_clear(&site->account.tokens);
	site->account.unkept = site->account.keeping_again = false;
	site->account.old_mark = 0;
	site->token = NULL;
	site->token_refused = false;
	live_end(session, at);
	wishes_forget(session, at);
	store_forget_personal(session->store, site->config->id);
	lists_forget_personal(session, at);
	days_forget_site(session, at);
	details_forget_site(session, at);
	directories_forget_site(session, at);
	release(session, at, NULL);
	list_ask(session, at, LIST_ACTIVITIES);   /* as everybody sees them */
	session->changed |= SESSION_BOOKINGS | SESSION_DAY;
}

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

enum on_file { FOUND_SAME, FOUND_RENEWED, FOUND_NOBODY, FOUND_OTHERS, FOUND_NOTHING };

/* Looks into the file and takes over what another process put there. FOUND_NOTHING: it cannot be read, which was told. */
static enum on_file read_file(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	struct problem why = { .kind = PROBLEM_NONE };
	struct tokens tokens;
	uint64_t mark = tokens_mark(site->config->id);
	bool loaded = tokens_load(site->config->id, &tokens, &why);
	if (!loaded && why.kind == PROBLEM_NOT_FOUND && account->mark) {
		account->mark = 0;
		return FOUND_NOBODY;
	}
	if (!loaded && why.kind != PROBLEM_NOT_FOUND)
		session_add_note(session, why.text);
	if (!loaded)
		return FOUND_NOTHING;
	account->mark = mark;
	account->old_mark = 0;
	if (same(tokens.access, account->tokens.access)) {
		tokens_clear(&tokens);
		return FOUND_SAME;
	}
	bool renewed = account->tokens.access && tokens.log_in && same(tokens.log_in, account->tokens.log_in);
	install(session, at, &tokens);
	return renewed ? FOUND_RENEWED : FOUND_OTHERS;
}

void account_look(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	uint64_t mark = tokens_mark(site->config->id);
	if (token_is_given() || account->step != ACCOUNT_AT_REST || mark == account->mark)
		return;
	if (mark && mark == account->old_mark) {   /* ours are newer: perhaps they can be put there by now */
		account->at_ms = clock_monotonic_ms();
		return;
	}
	switch (read_file(session, at)) {
	case FOUND_SAME:
	case FOUND_RENEWED:
	case FOUND_NOTHING:
		return;
	case FOUND_NOBODY:
		forget(session, at);
		return;
	case FOUND_OTHERS:
		account_greet(session, at);
		site_renew_view(session, at);
		return;
	}
}

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
		account_written(session, &reply);
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

static void tell_outcome(struct session *session, size_t at, const struct outcome *outcome)
{
	struct account *account = &session->sites[at].account;
	session_keep_outcome(session, outcome, &account->outcome, &account->outcome_arena);
	session->changed |= SESSION_SITES;
}

void account_written(struct session *session, const struct store_reply *reply)
{
	size_t at = find_site(session, reply->site);
	struct account *account = &session->sites[at].account;
	bool kept = reply->problem.kind == PROBLEM_NONE;
	if (!kept)
		session_add_note(session, reply->problem.text);   /* still good for this run */
	rest(account);
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
	tell_outcome(session, at, &(struct outcome){ .kind = OUTCOME_DONE, .quotation = "", .told_by = "" });
}

/* ---- renewing ---- */

static void refuse(struct session *session, size_t at)
{
	session->sites[at].token_refused = true;
	rest(&session->sites[at].account);
	if (unattended_may(session, at))
		unattended_begin(session, at);
	else
		release(session, at, NULL);
}

static int64_t expiry_of(const struct session *session, const struct operation *operation)
{
	return operation->new_life_s ? session_now(session) + operation->new_life_s : operation->new_expires_at;
}

static struct tokens tokens_of(struct session *session, const struct job *job, const char *log_in)
{
	const struct operation *operation = &job->operation;
	struct tokens tokens = {
		.access = memory_copy_text(operation->new_token),
		.refresh = operation->new_refresh_token ? memory_copy_text(operation->new_refresh_token) : NULL,
		.expires_at = expiry_of(session, operation),
		.log_in = memory_copy_text(log_in ? log_in : ""),
	};
	return tokens;
}

/* Another process may have logged in or out while we asked: what it did stands. */
static void renewed(struct session *session, const struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	enum on_file found = account->mark ? read_file(session, job->site) : FOUND_SAME;
	if (found == FOUND_NOBODY) {
		forget(session, job->site);
		return;
	}
	if (found == FOUND_OTHERS || found == FOUND_RENEWED) {
		rest(account);
		release(session, job->site, NULL);
		if (found == FOUND_OTHERS)
			account_greet(session, job->site);
		return;
	}
	struct tokens tokens = tokens_of(session, job, account->tokens.log_in);
	if (!tokens.refresh && account->tokens.refresh)
		tokens.refresh = memory_copy_text(account->tokens.refresh);   /* it stays good: RFC 6749, 6 */
	install(session, job->site, &tokens);
	release(session, job->site, NULL);
	keep(session, job->site);
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
	rest(account);
	release(session, job->site, job);
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
		rest(account);
		account_look(session, at);   /* another of us was there in between */
		return;
	}
	switch (account->mark ? read_file(session, at) : FOUND_SAME) {
	case FOUND_NOBODY:
		forget(session, at);
		return;
	case FOUND_RENEWED:
		rest(account);
		release(session, at, NULL);
		return;
	case FOUND_OTHERS:
		rest(account);
		release(session, at, NULL);
		account_greet(session, at);
		return;
	case FOUND_NOTHING:
	case FOUND_SAME:
		break;
	}
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

static bool ends_soon(const struct session *session, const struct account *account)
{
	return account->tokens.expires_at && account->tokens.expires_at - session_now(session) < RENEW_AHEAD_S;
}

bool account_holds(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	if (account->step == ACCOUNT_AT_REST && session->network && may_renew(site) && ends_soon(session, account) &&
	    clock_monotonic_ms() >= account->renew_after_ms)
		begin(session, at);
	if (!site_knows_us(site) && account->unattended == UNATTENDED_NOT && unattended_may(session, at))
		unattended_begin(session, at);
	return account->unattended != UNATTENDED_NOT || account->step == ACCOUNT_RENEWING ||
	       (account->step == ACCOUNT_LOCKING && !account->unkept && !account->keeping_again);
}

bool account_mends(struct session *session, struct job *job)
{
	struct site *site = &session->sites[job->site];
	if (job->operation.outcome.kind != OUTCOME_LOGIN_NEEDED || !site_knows_us(site) || token_is_given() || job_is_of_account(job))
		return false;
	if (!job->token || strcmp(job->token, site->token) != 0) {   /* renewed, or got by a log-in, while this was under way */
		job_let_go(job);
		return true;
	}
	if (job->mended)
		return false;
	job->mended = true;
	job->held = true;
	job->ended = false;
	if (site->account.step == ACCOUNT_AT_REST)
		begin(session, job->site);
	return true;
}

/* ---- time ---- */

static void timer(struct session *session, size_t at, int64_t now_ms)
{
	struct account *account = &session->sites[at].account;
	device_timer(session, at, now_ms);
	if (!account->at_ms || now_ms < account->at_ms)
		return;
	if (account->step == ACCOUNT_AT_REST) {
		account->keeping_again = true;
		begin(session, at);
	} else if (account->step == ACCOUNT_LOCKING) {
		lock(session, at, now_ms);
	} else if (account->step == ACCOUNT_RENEWING) {
		job_cancel(account->job);
		ask_for_new(session, at);
	}
}

void accounts_timers(struct session *session, int64_t now_ms)
{
	unattended_turn(session, now_ms);
	for (size_t at = 0; at < session->site_count; at++)
		timer(session, at, now_ms);
}

int64_t accounts_next_ms(const struct session *session)
{
	int64_t next_ms = INT64_MAX;
	for (size_t at = 0; at < session->site_count; at++) {
		const struct site *site = &session->sites[at];
		next_ms = least(next_ms, device_next_ms(site));
		next_ms = least(next_ms, unattended_next_ms(session));
		if (site->account.at_ms)
			next_ms = least(next_ms, site->account.at_ms);
	}
	return next_ms;
}

bool accounts_are_quiet(const struct session *session)
{
	for (size_t at = 0; at < session->site_count; at++) {
		if (session->sites[at].account.step != ACCOUNT_AT_REST || session->sites[at].account.unattended != UNATTENDED_NOT)
			return false;
	}
	return true;
}

/* ---- beginning and end ---- */

void account_open(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	struct problem why = { .kind = PROBLEM_NONE };
	account->lock = -1;
	/* It was given for one of them, and the others must not see it. */
	if (token_is_given() && session->site_count > 1) {
		session_add_note(session,
		                 _("HACKTIV_TOKEN_FILE is for one site, and several are configured: it is not used. Set HACKTIV_URL too."));
		return;
	}
	account->mark = token_is_given() ? 0 : tokens_mark(site->config->id);
	if (!tokens_load(site->config->id, &account->tokens, &why) && why.kind != PROBLEM_NOT_FOUND)
		session_add_note(session, why.text);
	site->token = account->tokens.access;
}

void account_clear(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	unattended_drop(session, at);
	tokens_unlock(&account->lock);
	tokens_clear(&account->tokens);
	token_forget(account->device_code);
	arena_free(account->device_arena);
	arena_free(account->outcome_arena);
}

/* ---- log-in and log-out ---- */

void account_end_log_in(struct session *session, size_t at, const struct outcome *outcome)
{
	tell_outcome(session, at, outcome);
	site_renew_view(session, at);
}

/* The end is told when it is on disk: whoever leaves then finds it again. */
void account_enter(struct session *session, const struct job *job)
{
	struct site *site = &session->sites[job->site];
	struct account *account = &site->account;
	char log_in[UUID_SIZE];
	uuid_make(&session->clock, log_in);
	struct tokens tokens = tokens_of(session, job, log_in);
	job_cancel(account->job);
	account->job = NULL;
	install(session, job->site, &tokens);
	account->unkept = true;
	account->unattended = UNATTENDED_NOT;
	account->unattended_over = false;
	bool locked = account->step == ACCOUNT_RENEWING;
	if (locked)
		decide(session, job->site);
	else if (account->step != ACCOUNT_KEEPING)
		begin(session, job->site);
	else
		keep(session, job->site);
	release(session, job->site, NULL);
	account_greet(session, job->site);
}

void account_stays_out(struct session *session, size_t at, const char *why)
{
	struct account *account = &session->sites[at].account;
	account->unattended = UNATTENDED_NOT;
	session_add_note(session, why);
	account_end_log_in(session, at, &(struct outcome){ .kind = OUTCOME_LOGIN_NEEDED, .quotation = "", .told_by = "" });
	release(session, at, NULL);
}

bool account_is_entering(const struct site *site)
{
	return site->account.unattended != UNATTENDED_NOT;
}

/* A site that is away may be tried again; a password that is wrong may not, or the site shuts us out. */
static void stays_out(struct session *session, const struct job *job)
{
	struct arena *arena = arena_new();
	struct account *account = &session->sites[job->site].account;
	const struct outcome *outcome = &job->operation.outcome;
	bool wrong = outcome->kind == OUTCOME_LOGIN_NEEDED || outcome->kind == OUTCOME_REFUSED || outcome->kind == OUTCOME_NOT_ALLOWED;
	account->unattended_over = wrong;
	if (wrong) {
		account_stays_out(session, job->site, arena_print(arena, _("%s does not take the password that password_command told."),
		                                                  session->sites[job->site].config->label));
	} else {
		account->unattended = UNATTENDED_NOT;
		account->unattended_over = account->unattended_later = true;
		account_end_log_in(session, job->site, outcome);
		release(session, job->site, job);
	}
	arena_free(arena);
}

void account_site_is_back(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	if (!account->unattended_later)
		return;
	account->unattended_later = account->unattended_over = false;
	if (!site_knows_us(&session->sites[at]) && unattended_may(session, at))
		unattended_begin(session, at);
}

static void logged_in(struct session *session, struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	account->log_in = NULL;
	if (job->operation.outcome.kind == OUTCOME_DONE && job->operation.new_token)
		account_enter(session, job);
	else if (account->unattended == UNATTENDED_ASKING)
		stays_out(session, job);
	else
		account_end_log_in(session, job->site, &job->operation.outcome);
	site_renew_view(session, job->site);
}

void session_drop_log_in(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	job_cancel(account->log_in);
	account->log_in = NULL;
	account->outcome.kind = OUTCOME_NONE;
	if (account->unattended != UNATTENDED_NOT) {
		unattended_drop(session, at);
		release(session, at, NULL);
	}
	device_drop(session, at);
}

void account_ask(struct session *session, size_t at, const char *login, const char *password)
{
	struct account *account = &session->sites[at].account;
	account->log_in = job_new(session, at, OPERATION_LOG_IN, logged_in, NULL);
	account->log_in->secret = memory_copy_text(password);
	account->log_in->operation.login = arena_copy_text(account->log_in->operation.arena, login);
	account->log_in->operation.password = account->log_in->secret;
	job_start(account->log_in);
}

void session_log_in(struct session *session, size_t at, const char *login, const char *password)
{
	session_drop_log_in(session, at);
	site_try_now(session, at);
	account_ask(session, at, login, password);
}

const struct outcome *session_log_in_outcome(const struct session *session, size_t site)
{
	return &session->sites[site].account.outcome;
}

/* The server may be told later or never: here, it is over already. */
static void logged_out(struct session *session, struct job *job)
{
	(void)session;
	(void)job;
}

void session_log_out(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	if (site_knows_us(site)) {
		struct job *job = job_new(session, at, OPERATION_LOG_OUT, logged_out, NULL);
		job->secret = site->account.tokens.refresh ? memory_copy_text(site->account.tokens.refresh) : NULL;
		job->operation.refresh_token = job->secret;
		job_start(job);
	}
	session_drop_log_in(session, at);
	site->account.unattended_over = true;   /* who leaves is not let in again behind their back */
	struct problem why = { .kind = PROBLEM_NONE };
	if (!tokens_remove(site->config->id, &why) && why.kind != PROBLEM_NOT_FOUND)
		session_add_note(session, why.text);
	site->account.mark = 0;
	forget(session, at);
}
