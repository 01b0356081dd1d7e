/* log_out.c — nobody is logged in here any more, at once; and the site is told, once more when it is back, should it be away. See session.h. */
#include <stdlib.h>

#include "inside.h"

/* Long enough for a line that breaks. What was not told by then ends there by itself, mostly within the hour. */
#define UNTOLD_S (15 * 60)

/* ---- the site ---- */

/* In memory alone: on disk it would outlive who left. */
struct untold {
	struct untold *next;
	char *token, *refresh;   /* of the session that is over; `refresh` NULL: it has none */
	int64_t until_s;         /* of clock_asleep_too_ms() */
};

void log_outs_drop(struct site *site, int64_t now_ms)
{
	for (struct untold **link = &site->untold; *link;) {
		struct untold *untold = *link;
		if (now_ms / 1000 < untold->until_s) {
			link = &untold->next;
			continue;
		}
		*link = untold->next;
		token_forget(untold->token);
		token_forget(untold->refresh);
		free(untold);
	}
}

static bool was_not_heard(enum outcome_kind kind)
{
	return kind == OUTCOME_UNREACHABLE || kind == OUTCOME_UNKNOWN || kind == OUTCOME_THROTTLED;
}

static void remember(struct site *site, struct job *job)
{
	struct untold *untold = memory_get(sizeof *untold);
	*untold = (struct untold){ site->untold, job->token, job->secret, (int64_t)(uintptr_t)job->about };
	job->token = job->secret = NULL;
	site->untold = untold;
}

/* On a shared terminal a token goes with its turn, whoever was told: then nobody has it any more. Each idle connection keeps one, too, so
 * who comes next has connections of their own. */
static void told(struct session *session, struct job *job)
{
	if (session->shared)
		engine_distrust(session->engine);
	else if (was_not_heard(job->operation.outcome.kind))
		remember(&session->sites[job->site], job);
}

/* The job wipes both. */
static void tell(struct session *session, size_t site, char *token, char *refresh, int64_t until_s)
{
	struct job *job = job_new(session, site, OPERATION_LOG_OUT, told, (void *)(uintptr_t)until_s);
	job->token = token;
	job->secret = refresh;
	job->operation.refresh_token = job->secret;
	job_start(job);
}

void log_outs_go_on(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	log_outs_drop(site, clock_asleep_too_ms());
	while (site->untold) {
		struct untold *untold = site->untold;
		site->untold = untold->next;
		tell(session, at, untold->token, untold->refresh, untold->until_s);
		free(untold);
	}
}

/* ---- here ---- */

void session_log_out(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct account *account = &site->account;
	if (site_knows_us(site))
		tell(session, at, memory_copy_text(site->token), account->tokens.refresh ? memory_copy_text(account->tokens.refresh) : NULL,
		     clock_asleep_too_ms() / 1000 + UNTOLD_S);
	session_drop_log_in(session, at);
	account->unattended_over = true;   /* who leaves is not let in again behind their back */
	if (!session->shared)
		token_file_remove(session, at, account_mark_seen(account));
	account->mark = 0;
	account_forget(session, at);
}

enum log_out_stand session_log_out_stands(const struct session *session, size_t site)
{
	const struct account *account = &session->sites[site].account;
	return account->removing ? LOG_OUT_UNDER_WAY : account->unremoved ? LOG_OUT_FAILED : LOG_OUT_KEPT;
}
