/* unattended.c — logging in with a password that a program tells (`password_command`), where nobody is asked. See session.h.
 *
 * Once when there is no token, and once when the one there was is good no more; what fails so is not tried again by itself, for a wrong
 * password counts at the site. One program at a time: it may have to ask its person for something. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

bool unattended_may(const struct session *session, size_t at)
{
	const struct site *site = &session->sites[at];
	return site->config->password_command && !site->account.unattended_over && session->network && !token_is_given();
}

/* exec(2) may have to wait for a disk: the program is started on the store's thread. */
struct starting {
	struct store_work work;
	struct arena *arena;
	const char *const *words;
	struct secret_run *run;    /* NULL: not yet, or it could not be */
};

static void start(struct store_work *work, struct problem *why)
{
	struct starting *starting = (struct starting *)work;
	starting->run = secret_run_start(starting->words, why);
}

static void discard(struct store_work *work)
{
	struct starting *starting = (struct starting *)work;
	secret_run_stop(starting->run);
	arena_free(starting->arena);
}

static void begin_next(struct session *session);

/* Unless it is not wanted any more. */
static void started(void *context, struct store_work *work, const struct problem *why)
{
	struct session *session = context;
	struct starting *starting = (struct starting *)work;
	if (starting != session->starting)
		return;
	session->starting = NULL;
	session->runner = starting->run;
	starting->run = NULL;
	if (session->runner)
		return;
	account_stays_out(session, session->runner_site, why->text);
	begin_next(session);
}

static const char *const *copy_words(struct arena *arena, const char *const *words)
{
	size_t count = 0;
	while (words[count])
		count++;
	const char **copy = arena_get(arena, (count + 1) * sizeof *copy);
	for (size_t at = 0; at < count; at++)
		copy[at] = arena_copy_text(arena, words[at]);
	copy[count] = NULL;
	return copy;
}

static void begin(struct session *session, size_t at)
{
	struct arena *arena = arena_new();
	struct starting *starting = arena_get(arena, sizeof *starting);
	*starting = (struct starting){ .work = { .run = start, .done = started, .free = discard, .is_for_now = true },
		.arena = arena, .words = copy_words(arena, session->sites[at].config->password_command) };
	session->sites[at].account.unattended = UNATTENDED_RUNNING;
	session->runner_site = at;
	session->starting = starting;
	session->starting_by_ms = clock_monotonic_ms() + SECRET_RUN_PATIENCE_MS;
	store_do(session->store, &starting->work);
}

static void begin_next(struct session *session)
{
	for (size_t at = 0; at < session->site_count && !session->runner && !session->starting; at++) {
		if (session->sites[at].account.unattended == UNATTENDED_WAITING)
			begin(session, at);
	}
}

void unattended_begin(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	account->unattended = UNATTENDED_WAITING;
	account->unattended_over = true;
	account->outcome.kind = OUTCOME_NONE;
	begin_next(session);
	site_renew_view(session, at);
}

static void stop(struct session *session)
{
	secret_run_stop(session->runner);
	session->runner = NULL;
	session->starting = NULL;
}

void unattended_clear(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	if (account->unattended == UNATTENDED_RUNNING)
		stop(session);
	account->unattended = UNATTENDED_NOT;
}

void unattended_drop(struct session *session, size_t at)
{
	unattended_clear(session, at);
	begin_next(session);   /* another site's may have waited for this one's */
}

/* The disk that it lies on does not answer, and what is asked meanwhile is held. */
static void give_up_starting(struct session *session)
{
	stop(session);
	account_stays_out(session, session->runner_site, _("password_command could not be started within a minute."));
	begin_next(session);
}

void unattended_turn(struct session *session, int64_t now_ms)
{
	if (session->starting && now_ms >= session->starting_by_ms)
		give_up_starting(session);
	if (!session->runner)
		return;
	char *secret = NULL;
	struct problem why = { .kind = PROBLEM_NONE };
	size_t at = session->runner_site;
	switch (secret_run_turn(session->runner, now_ms, &secret, &why)) {
	case SECRET_RUNNING:
		return;
	case SECRET_TOLD:
		stop(session);
		session->sites[at].account.unattended = UNATTENDED_ASKING;
		account_ask(session, at, session->sites[at].config->login, secret);
		secret_forget(secret);
		break;
	case SECRET_NOT_TOLD:
		stop(session);
		account_stays_out(session, at, why.text);
		break;
	}
	begin_next(session);
}

int unattended_fd(const struct session *session)
{
	return session->runner ? secret_run_fd(session->runner) : -1;
}

int64_t unattended_next_ms(const struct session *session)
{
	if (session->starting)
		return session->starting_by_ms;
	return session->runner ? secret_run_next_ms(session->runner) : INT64_MAX;
}

bool session_may_log_in_unattended(const struct session *session, size_t site)
{
	return session->sites[site].config->password_command && !token_is_given();
}

void session_log_in_unattended(struct session *session, size_t at)
{
	if (session->sites[at].account.unattended != UNATTENDED_NOT)
		return;
	session_drop_log_in(session, at);
	unattended_begin(session, at);
}
