/* shared.c — a terminal that many share, one after the other: what becomes of a log-in and of wishes there. See session.h.
 *
 * Elsewhere a wish that cannot be sent waits, and a log-out asks before it drops one. Here nobody can be asked any more once a turn ended
 * by itself, and there is no token left to send with. So what cannot be sent ends at once and says so (waiting.c); what waits all the
 * same, for a log-in or behind another, is taken back with the turn. Of what may have arrived the truth is at the site: its row stays in the
 * outbox under its member's id, is shown to nobody else, and is asked after when that member logs in here again. */
#include <string.h>

#include "inside.h"

bool session_is_shared(const struct session *session)
{
	return session->shared;
}

/* ---- a log-in ---- */

void account_named(struct session *session, size_t at, const struct outcome *outcome)
{
	struct account *account = &session->sites[at].account;
	if (!account->unnamed)
		return;
	struct arena *arena = arena_new();
	struct outcome copy = outcome_copy(arena, outcome);   /* goes with what is forgotten */
	account->unnamed = false;
	if (copy.kind != OUTCOME_DONE)
		session_log_out(session, at);
	account_end_log_in(session, at, &copy);
	arena_free(arena);
}

/* ---- wishes ---- */

static void take_back(struct session *session, struct wish *wish)
{
	wish->saving = wish->behind = false;
	wish->next_try_ms = wish->view.next_try_at = 0;
	wish->row.state = WISH_SEEN;
	wish->row.outcome = OUTCOME_NONE;
	wish_put(session, wish);
}

/* Being sent, or sent and not answered. */
static bool may_have_arrived(const struct wish *wish)
{
	return wish->row.state == WISH_SENT && (wish->view.perhaps_there || (wish->job && !wish->looking));
}

/* Until its member is here again: wishes_wake(). A booking is not sent anew then, for that may be much later; what takes something away is,
 * for twice is once. */
static void set_aside(struct wish *wish)
{
	wish->view.perhaps_there = true;
	wish->ask_first = wish->row.kind == WISH_BOOK || wish->row.kind == WISH_SIGN_UP;
	wish->view.outcome = (struct outcome){ .kind = OUTCOME_LOGIN_NEEDED, .quotation = "", .told_by = "" };
	wish->next_try_ms = wish->view.next_try_at = 0;
}

/* What it was answered with tells who goes where. */
static void forget_answer(struct session *session, struct wish *wish)
{
	enum outcome_kind kind = wish->view.outcome.kind;
	session_bury(session, &wish->answer);
	wish->view.outcome = (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
	wish->view.booking = NULL;
	wish->view.activity = NULL;
}

/* How one ended stood on the screen when it did: who walked away from it needs no second word. */
static void part_with(struct session *session, struct wish *wish)
{
	bool sent = may_have_arrived(wish);
	job_cancel(wish->job);
	wish->job = NULL;
	wish->looking = wish->take_back = wish->voiding = false;
	wish->made_ms = 0;   /* should it have no name yet, it is not given that of the next one */
	forget_answer(session, wish);
	if (sent)
		set_aside(wish);
	else if (wish->row.state != WISH_SEEN)
		take_back(session, wish);
}

/* A run that had no time to end its turn: a power cut. */
void shared_take_over(struct session *session, struct wish *wish)
{
	if (wish->row.state == WISH_QUEUED)
		take_back(session, wish);
	else if (wish->row.state == WISH_SENT)
		set_aside(wish);
}

void shared_part_with_wishes(struct session *session, size_t site)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		if (session->wishes[at]->view.site == site)
			part_with(session, session->wishes[at]);
	}
}

/* ---- the end of a turn ---- */

static void count_wishes(const struct session *session, size_t *waiting, size_t *under_way)
{
	*waiting = *under_way = 0;
	for (size_t at = 0; at < session_wish_count(session); at++) {
		enum wish_stand stand = wish_stands(session_wish_at(session, at));
		*waiting += stand == WISH_WAITS;
		*under_way += stand == WISH_ON_ITS_WAY;
	}
}

size_t session_turn_at_stake(const struct session *session)
{
	size_t waiting, under_way;
	count_wishes(session, &waiting, &under_way);
	return waiting + under_way;
}

char *turn_end_words(struct arena *arena, const struct session *session)
{
	size_t waiting, under_way;
	count_wishes(session, &waiting, &under_way);
	char *words = arena_copy_text(arena, "");
	if (waiting)
		words = arena_print(arena, ngettext("%d wish was not sent, and is taken back.", "%d wishes were not sent, and are taken back.",
		                                    (unsigned long)waiting), (int)waiting);
	if (!under_way)
		return words;
	const char *sentence = ngettext("%d wish is on its way: what became of it is told here when you log in again.",
	                                "%d wishes are on their way: what became of them is told here when you log in again.",
	                                (unsigned long)under_way);
	return arena_print(arena, "%s%s%s", words, *words ? " " : "", arena_print(arena, sentence, (int)under_way));
}

bool session_is_telling(const struct session *session)
{
	bool telling = false;
	for (const struct job *job = session->jobs; job; job = job->next)
		telling = telling || job->operation.kind == OPERATION_LOG_OUT;
	return telling;
}

void session_end_turn(struct session *session)
{
	session_drop_proposal(session);
	session->activities = (struct activity_list){ .edition = session->activities.edition + 1 };   /* with the stretch that was looked at */
	for (size_t site = 0; site < session->site_count; site++) {
		if (session->sites[site].token)
			session_log_out(session, site);
		else
			session_drop_log_in(session, site);
	}
	directories_forget_questions(session);
	others_clear(session);
	session->changed = SESSION_ALL;
}
