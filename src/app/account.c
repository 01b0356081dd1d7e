/* account.c — who am I at a site: log-in, log-out, and what another process of this person did to the file of tokens. See session.h. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
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

void account_release(struct session *session, size_t at, const struct job *why)
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

bool account_holds_jobs(const struct session *session, size_t at)
{
	return find_held(session, at) != NULL;
}

void account_rest(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	token_file_unlock(session, at, &account->lock);
	account->step = ACCOUNT_AT_REST;
	account->awaited = NULL;
	account->at_ms = 0;
}

/* ---- what is here ---- */

bool account_has_file(const struct session *session)
{
	return !session->shared && !token_is_given();
}

uint64_t account_mark_seen(const struct account *account)
{
	return account->mark ? account->mark : account->old_mark;
}

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

void account_take(struct session *session, const struct job *job, const char *log_in)
{
	const struct operation *operation = &job->operation;
	const struct tokens *old = &session->sites[job->site].account.tokens;
	/* An old one stays good when there is no new one: RFC 6749, 6. */
	const char *refresh = operation->new_refresh_token || log_in ? operation->new_refresh_token : old->refresh;
	struct tokens tokens = {
		.access = memory_copy_text(operation->new_token),
		.refresh = refresh ? memory_copy_text(refresh) : NULL,
		.expires_at = operation->new_life_s ? session_now(session) + operation->new_life_s : operation->new_expires_at,
		.log_in = memory_copy_text(log_in ? log_in : old->log_in ? old->log_in : ""),
	};
	install(session, job->site, &tokens);
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

static void bid_farewell(struct session *session, struct account *account)
{
	free(account->member_id);
	account->member_id = NULL;
	session->farewells++;
	session->changed |= SESSION_SITES;
}

void account_is_of(struct session *session, size_t at, const char *member_id)
{
	struct account *account = &session->sites[at].account;
	if (account->member_id && strcmp(account->member_id, member_id) == 0)
		return;
	if (account->member_id)
		bid_farewell(session, account);
	account->member_id = memory_copy_text(member_id);
}

unsigned session_farewells(const struct session *session)
{
	return session->farewells;
}

void account_forget(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	bid_farewell(session, &site->account);
	job_cancel(site->account.job);
	site->account.job = NULL;
	account_rest(session, at);
	site->account.looking = site->account.late = NULL;
	tokens_clear(&site->account.tokens);
	site->account.unkept = site->account.keeping_again = site->account.unnamed = false;
	site->account.old_mark = 0;
	site->token = NULL;
	site->token_refused = false;
	live_end(session, at);
	if (session->shared)
		shared_part_with_wishes(session, at);
	else
		wishes_forget(session, at);
	store_forget_personal(session->store, site->config->id);
	lists_forget_personal(session, at);
	days_forget_site(session, at);
	details_forget_site(session, at);
	directories_forget_site(session, at);
	account_release(session, at, NULL);
	list_ask(session, at, LIST_ACTIVITIES);   /* as everybody sees them */
	session->changed |= SESSION_BOOKINGS | SESSION_DAY;
}

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

enum on_file account_take_file(struct session *session, size_t at, struct token_file *file, const struct problem *why)
{
	struct account *account = &session->sites[at].account;
	if (!file->mark && (account->mark || account->old_mark)) {
		account->mark = account->old_mark = 0;
		return FOUND_NOBODY;
	}
	if (!file->tokens.access && why->kind != PROBLEM_NONE)
		session_add_note(session, why->text);
	if (!file->tokens.access)
		return FOUND_NOTHING;
	account->mark = file->mark;
	account->old_mark = 0;
	if (same(file->tokens.access, account->tokens.access))
		return FOUND_SAME;
	bool renewed = account->tokens.access && file->tokens.log_in && same(file->tokens.log_in, account->tokens.log_in);
	install(session, at, &file->tokens);
	return renewed ? FOUND_RENEWED : FOUND_OTHERS;
}

static void look(struct session *session, size_t at, bool by_itself)
{
	struct account *account = &session->sites[at].account;
	if (account_has_file(session) && account->step == ACCOUNT_AT_REST && !(account->looking && by_itself))
		account->looking = token_file_look(session, at, account->mark, by_itself);
}

void account_look(struct session *session, size_t at)
{
	look(session, at, false);
}

void account_looked(struct session *session, struct token_file *file, const struct problem *why)
{
	size_t at = file->site;
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	if (account->step != ACCOUNT_AT_REST || account->late)
		return;   /* who has the lock, or asked for it, looks again; and what is on its way there is heard of */
	if (file->mark == account_mark_seen(account)) {
		if (account->old_mark)   /* ours are newer: perhaps they can be put there by now */
			account->at_ms = clock_monotonic_ms();
		return;
	}
	bool knew_us = site_knows_us(site);
	enum on_file found = account_take_file(session, at, file, why);
	switch (found) {
	case FOUND_SAME:
	case FOUND_NOTHING:
		return;
	case FOUND_RENEWED:
	case FOUND_OTHERS:
		if (found == FOUND_RENEWED && knew_us)
			return;
		account_greet(session, at);
		site_renew_view(session, at);
		return;
	case FOUND_NOBODY:
		account_forget(session, at);
		return;
	}
}

/* ---- time ---- */

void accounts_timers(struct session *session, int64_t now_ms)
{
	unattended_turn(session, now_ms);
	bool looks = session->network && now_ms >= session->look_ms;   /* nobody is woken for it: a screen wakes once a minute anyway */
	if (looks)
		session->look_ms = now_ms + LOOK_MS;
	for (size_t at = 0; at < session->site_count; at++) {
		device_timer(session, at, now_ms);
		renewal_timer(session, at, now_ms);
		if (looks)
			look(session, at, true);
	}
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
		const struct account *account = &session->sites[at].account;
		bool waits_for_disk = account->removing || account->late || (account->looking && !account->looking->by_itself);
		if (account->step != ACCOUNT_AT_REST || waits_for_disk || account->unattended != UNATTENDED_NOT)
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
	if (session->shared)
		return;
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

void accounts_leave(struct session *session)
{
	for (size_t at = 0; at < session->site_count; at++) {
		renewal_keep_at_end(session, at);
		account_rest(session, at);
	}
}

void account_clear(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	unattended_clear(session, at);
	tokens_clear(&account->tokens);
	token_forget(account->device_code);
	arena_free(account->device_arena);
	arena_free(account->outcome_arena);
	free(account->member_id);
}

/* ---- log-in and log-out ---- */

void account_end_log_in(struct session *session, size_t at, const struct outcome *outcome)
{
	struct account *account = &session->sites[at].account;
	session_keep_outcome(session, outcome, &account->outcome, &account->outcome_arena);
	session->changed |= SESSION_SITES;
	site_renew_view(session, at);
}

/* The end is told when it is on disk, should that answer: whoever leaves then finds it again. On a shared terminal, where it comes to no
 * disk, when it is known who that is: what is wished from then on has a name to it. */
void account_enter(struct session *session, const struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	char log_in[UUID_SIZE];
	uuid_make(&session->clock, log_in);
	account_take(session, job, log_in);
	account->unattended = UNATTENDED_NOT;
	account->unattended_over = false;
	account->unnamed = session->shared;
	if (!session->shared)
		renewal_keep(session, job->site);
	account_release(session, job->site, NULL);
	account_greet(session, job->site);
}

void account_stays_out(struct session *session, size_t at, const char *why)
{
	struct account *account = &session->sites[at].account;
	account->unattended = UNATTENDED_NOT;
	session_add_note(session, why);
	account_end_log_in(session, at, &(struct outcome){ .kind = OUTCOME_LOGIN_NEEDED, .quotation = "", .told_by = "" });
	account_release(session, at, NULL);
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
		const char *label = session->sites[job->site].config->label;
		account_stays_out(session, job->site, outcome->kind == OUTCOME_REFUSED
			? arena_print(arena, _("%1$s: %2$s"), label, outcome_words(arena, outcome))
			: arena_print(arena, _("%s does not take the password that password_command told."), label));
	} else {
		account->unattended = UNATTENDED_NOT;
		account->unattended_over = account->unattended_later = true;
		account_end_log_in(session, job->site, outcome);
		account_release(session, job->site, job);
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
		account_release(session, at, NULL);
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

bool session_is_let_in(const struct session *session, size_t site)
{
	const struct account *account = &session->sites[site].account;
	return site_knows_us(&session->sites[site]) && !account->unkept && !account->unnamed;
}

const struct outcome *session_log_in_outcome(const struct session *session, size_t site)
{
	return &session->sites[site].account.outcome;
}
