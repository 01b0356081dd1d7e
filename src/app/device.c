/* device.c — being let in by a code that the person types on another device (RFC 8628). See session.h.
 *
 * The site is asked as seldom as it wants, and seldomer when it says so or the line breaks (3.5); never after the code's time. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define SLOWER_S       5     /* what each slow_down adds, for good */
#define PAUSE_MAX_S   60
#define INTERVAL_MIN_S 1

static void end(struct session *session, size_t at, const struct outcome *outcome)
{
	device_drop(session, at);
	account_end_log_in(session, at, outcome);
}

static void plan(struct account *account)
{
	int64_t now_ms = clock_monotonic_ms();
	account->ask_at_ms = now_ms + (int64_t)(account->interval_s + account->pause_s) * 1000;
}

/* RFC 8628, 3.5: a line that breaks is given more time with each try. */
static void slow_down(struct account *account)
{
	account->pause_s = account->pause_s ? account->pause_s * 2 : account->interval_s;
	if (account->pause_s > PAUSE_MAX_S)
		account->pause_s = PAUSE_MAX_S;
}

static void polled(struct session *session, struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	account->log_in = NULL;
	switch (job->operation.outcome.kind) {
	case OUTCOME_DONE:
		if (!job->operation.new_token)
			break;
		device_drop(session, job->site);
		account_enter(session, job);
		return;
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
		account->pause_s = 0;
		plan(account);
		return;
	case OUTCOME_THROTTLED:
		account->interval_s += SLOWER_S;
		account->pause_s = job->answer.retry_after_s > account->interval_s ? job->answer.retry_after_s - account->interval_s : 0;
		plan(account);
		return;
	case OUTCOME_NONE:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_UNKNOWN:
		slow_down(account);
		plan(account);
		return;
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_NOT_FOUND:
	case OUTCOME_LOGIN_NEEDED:
		break;
	}
	end(session, job->site, &job->operation.outcome);
}

static void poll(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	account->ask_at_ms = 0;
	account->log_in = job_new(session, at, OPERATION_DEVICE_TOKEN, polled, NULL);
	account->log_in->secret = memory_copy_text(account->device_code);
	account->log_in->operation.device_code = account->log_in->secret;
	job_start(account->log_in);
}

static void asked(struct session *session, struct job *job)
{
	struct account *account = &session->sites[job->site].account;
	const struct device *device = job->operation.device;
	account->log_in = NULL;
	account->no_device = job->operation.outcome.kind == OUTCOME_NOT_FOUND;
	if (job->operation.outcome.kind != OUTCOME_DONE || !device) {
		end(session, job->site, &job->operation.outcome);
		return;
	}
	account->device_code = memory_copy_text(device->code);
	account->device.user_code = arena_copy_text(account->device_arena, device->user_code);
	account->device.address = arena_copy_text(account->device_arena, device->address);
	account->device.whole_address = arena_copy_text(account->device_arena, device->whole_address);
	account->device.until = session_now(session) + device->life_s;
	account->interval_s = device->interval_s > INTERVAL_MIN_S ? device->interval_s : INTERVAL_MIN_S;
	account->pause_s = 0;
	account->ends_at_ms = clock_monotonic_ms() + (int64_t)device->life_s * 1000;
	plan(account);
	session->changed |= SESSION_SITES;
}

void device_timer(struct session *session, size_t at, int64_t now_ms)
{
	struct account *account = &session->sites[at].account;
	if (!account->device_code)
		return;
	if (now_ms >= account->ends_at_ms) {
		job_cancel(account->log_in);
		account->log_in = NULL;
		end(session, at, &(struct outcome){ .kind = OUTCOME_NOT_FOUND, .quotation = "", .told_by = "" });
	} else if (account->ask_at_ms && now_ms >= account->ask_at_ms) {
		poll(session, at);
	}
}

int64_t device_next_ms(const struct site *site)
{
	const struct account *account = &site->account;
	if (!account->device_code)
		return INT64_MAX;
	return account->ask_at_ms && account->ask_at_ms < account->ends_at_ms ? account->ask_at_ms : account->ends_at_ms;
}

void device_drop(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	if (!account->device_arena)
		return;
	token_forget(account->device_code);
	account->device_code = NULL;
	account->ask_at_ms = account->ends_at_ms = 0;
	session_bury(session, &account->device_arena);
	session->changed |= SESSION_SITES;
}

bool session_may_log_in_by_device(const struct session *session, size_t site)
{
	const struct site *at = &session->sites[site];
	return (at->config->backend->capabilities & CAN_LOG_IN_BY_DEVICE) && !at->account.no_device;
}

void session_log_in_by_device(struct session *session, size_t at)
{
	struct account *account = &session->sites[at].account;
	session_drop_log_in(session, at);
	site_try_now(session, at);
	account->device_arena = arena_new();
	account->device = (struct device_view){ "", "", "", 0 };
	account->log_in = job_new(session, at, OPERATION_DEVICE, asked, NULL);
	job_start(account->log_in);
	session->changed |= SESSION_SITES;
}

const struct device_view *session_device(const struct session *session, size_t site)
{
	return session->sites[site].account.device_arena ? &session->sites[site].account.device : NULL;
}

char *device_words(struct arena *arena, const struct outcome *outcome)
{
	switch (outcome->kind) {
	case OUTCOME_NOT_ALLOWED:
		return arena_copy_text(arena, _("The answer there was no."));
	case OUTCOME_NOT_FOUND:
		return arena_copy_text(arena, _("The code is past its time: ask for another."));
	case OUTCOME_NONE:
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_LOGIN_NEEDED:
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_UNKNOWN:
		break;
	}
	return outcome_words(arena, outcome);
}
