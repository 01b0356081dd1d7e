/* job.c — one operation from the first request to its outcome: the backend says what, the engine does it. See
 * inside.h. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

struct job *job_new(struct session *session, size_t site, enum operation_kind kind, job_done *done, void *about)
{
	struct job *job = memory_get(sizeof *job);
	job->session = session;
	job->site = site;
	job->done = done;
	job->about = about;
	job->operation.kind = kind;
	job->operation.shared = session->shared;
	job->operation.arena = arena_new();
	job->next = session->jobs;
	session->jobs = job;
	return job;
}

static void job_free(struct job *job)
{
	struct job **link = &job->session->jobs;
	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
	job->session->sites[job->site].config->backend->close(&job->operation);
	token_forget(job->token);
	token_forget(job->secret);
	free(job->body);
	arena_free(job->operation.arena);
	free(job);
}

/* The answer is borrowed for the call only, and reading it may take several turns. */
static void keep_answer(void *context, const struct http_response *response)
{
	struct job *job = context;
	struct arena *arena = job->operation.arena;
	job->exchange = 0;
	free(job->body);
	job->body = memory_get(response->body_length + 1);
	if (response->body)
		memcpy(job->body, response->body, response->body_length);
	job->answer = *response;
	job->answer.body = job->body;
	job->answer.content_type = arena_copy_text(arena, response->content_type);
	job->answer.etag = arena_copy_text(arena, response->etag);
	job->answer.location = arena_copy_text(arena, response->location);
	job->answered = true;
}

static void ask_next(struct job *job)
{
	const struct site_config *config = job->session->sites[job->site].config;
	memset(&job->request, 0, sizeof job->request);
	if (config->backend->next(&job->operation, &job->request) == STEP_ENDED) {
		job->ended = true;
		return;
	}
	job->exchange = engine_send(job->session->engine, &config->address, &job->request, keep_answer, job);
}

bool job_is_of_account(const struct job *job)
{
	enum operation_kind kind = job->operation.kind;
	return kind == OPERATION_LOG_IN || kind == OPERATION_LOG_OUT || kind == OPERATION_DEVICE || kind == OPERATION_DEVICE_TOKEN ||
	       kind == OPERATION_RENEW;
}

/* A log-out has the one of the session that it ends, whoever is here by now. */
static void give_token(struct job *job)
{
	const struct site *site = &job->session->sites[job->site];
	if (!job_is_of_account(job)) {
		token_forget(job->token);
		job->token = site_knows_us(site) ? memory_copy_text(site->token) : NULL;
	}
	job->operation.token = job->token;
}

void job_start(struct job *job)
{
	job->asked = job->operation;
	job->held = !job_is_of_account(job) && renewal_holds(job->session, job->site);
	if (job->held)
		return;
	give_token(job);
	ask_next(job);
}

void job_let_go(struct job *job)
{
	job->session->sites[job->site].config->backend->close(&job->operation);
	job->operation = job->asked;
	job->held = job->ended = job->answered = false;
	give_token(job);
	ask_next(job);
}

void job_end_as(struct job *job, const struct job *other)
{
	struct arena *arena = job->operation.arena;
	job->operation.outcome = other->operation.outcome;
	job->operation.outcome.quotation = arena_copy_text(arena, other->operation.outcome.quotation);
	job->operation.outcome.told_by = arena_copy_text(arena, other->operation.outcome.told_by);
	job->operation.outcome.alternative_count = 0;
	job->answer = (struct http_response){ .transport = other->answer.transport, .problem = other->answer.problem,
		.status = other->answer.status, .retry_after_s = other->answer.retry_after_s, .content_type = "", .body = "" };
	job->held = false;
	job->ended = true;
}

static const char *kind_name(enum operation_kind kind)
{
	switch (kind) {
	case OPERATION_LOG_IN: return "log in";
	case OPERATION_LOG_OUT: return "log out";
	case OPERATION_DEVICE: return "device";
	case OPERATION_DEVICE_TOKEN: return "device token";
	case OPERATION_RENEW: return "renew";
	case OPERATION_WHO_AM_I: return "who am I";
	case OPERATION_SPACES: return "spaces";
	case OPERATION_DAY: return "day";
	case OPERATION_SPACE_DAY: return "day of a space";
	case OPERATION_MY_BOOKINGS: return "my bookings";
	case OPERATION_PREVIEW: return "preview";
	case OPERATION_BOOK: return "book";
	case OPERATION_CANCEL: return "cancel";
	case OPERATION_FIND_BOOKING: return "find booking";
	case OPERATION_ACTIVITIES: return "activities";
	case OPERATION_ACTIVITY: return "activity";
	case OPERATION_SIGN_UP: return "sign up";
	case OPERATION_WITHDRAW: return "withdraw";
	case OPERATION_MY_SIGNUPS: return "my sign-ups";
	case OPERATION_CARDS: return "cards";
	case OPERATION_CARD: return "card";
	case OPERATION_ORGANISATIONS: return "organisations";
	case OPERATION_ORGANISATION: return "organisation";
	case OPERATION_NEWS: return "news";
	}
	return "";
}

/* What was asked and how it ended; whose and which is nobody's business. */
static void log_end(const struct job *job)
{
	enum outcome_kind outcome = job->operation.outcome.kind;
	log_line(outcome == OUTCOME_DONE ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "site %s: %s: %s, status %d",
	         job->session->sites[job->site].config->id, kind_name(job->operation.kind), outcome_wire_name(outcome),
	         job->answer.transport == TRANSPORT_ANSWERED ? job->answer.status : 0);
}

void job_cancel(struct job *job)
{
	if (!job)
		return;
	if (job->exchange)
		engine_cancel(job->session->engine, job->exchange);
	job_free(job);
}

void job_put_by(struct job *job)
{
	job->ended = false;
}

struct arena *job_take_arena(struct job *job)
{
	struct arena *arena = job->operation.arena;
	job->operation.arena = NULL;
	return arena;
}

static void read_answer(struct job *job, int64_t until_ms)
{
	const struct backend_ops *backend = job->session->sites[job->site].config->backend;
	do {
		switch (backend->take(&job->operation, &job->answer)) {
		case STEP_MORE:
			break;
		case STEP_SEND:
			job->answered = false;
			ask_next(job);
			return;
		case STEP_ENDED:
			job->answered = false;
			job->ended = true;
			return;
		}
	} while (clock_monotonic_ms() < until_ms);
}

static struct job *find_ready(const struct session *session)
{
	for (struct job *job = session->jobs; job; job = job->next) {
		if (job->answered || job->ended)
			return job;
	}
	return NULL;
}

bool jobs_waiting(const struct session *session)
{
	return find_ready(session) != NULL;
}

/* Looked up anew each time: what `done` does may start and cancel other jobs. */
void jobs_turn(struct session *session, int64_t until_ms)
{
	for (struct job *job = find_ready(session); job; job = find_ready(session)) {
		if (job->answered)
			read_answer(job, until_ms);
		if (job->ended && renewal_mends(session, job))
			continue;
		if (job->ended) {
			log_end(job);
			site_heard(session, job);
			job->done(session, job);
			if (job->ended)
				job_free(job);
		}
		if (clock_monotonic_ms() >= until_ms)
			return;
	}
}

void jobs_clear(struct session *session)
{
	while (session->jobs)
		job_cancel(session->jobs);
}
