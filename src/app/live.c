/* live.c — what changes at a site comes by itself: one stream a site, taken up again where it broke off; where no stream reaches us,
 * one small question a minute; where the site has neither, lists are asked as they age. See inside.h.
 *
 * Whether a site answers at all is told by its lists (site.c): a stream that cannot be had makes us ask one of them, and goes on when the
 * site is back. What was told is read anew by told.c. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

/* Asked for. An idle screen wakes no more often, and each costs bytes; that the line is gone is told by the kernel's probes, within 45 s,
 * and they keep it open where addresses are translated. Less when somebody in between hangs up earlier, */
#define HEARTBEAT_S          600
#define HEARTBEAT_LEAST_S     15   /* down to what the site does by itself */
#define SILENCE_MS         30000   /* so long after a heartbeat was due the line is dead */
#define FIRST_WORD_MS      20000   /* a stream that says nothing for so long is held back by somebody in between */
#define DEAF_MOST              2   /* such streams, one after the other */
#define ASK_EVERY_MS       60000
#define ASKED_BEFORE_STREAM   10   /* questions, then a stream is tried again: the laptop may be on another network */
#define PAUSE_LEAST_MS      1000   /* of what a stream may ask for */
#define PAUSE_MOST_MS      60000
#define PAGES_MOST            50   /* of what changed, one after the other: who has more to tell tells it sooner with the lists themselves */
#define HELD_BACK_MS       10000   /* hung up on after so much silence: it was because of that */
#define BRIEF_MS           20000   /* a stream that lives no longer than the least heartbeat takes … */
#define BRIEF_MOST             4   /* … so many times, one after the other: somebody in between cuts them, and would for ever */

static const struct stream_ears ears;

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

static struct site *site_of(const struct live *live)
{
	return &live->session->sites[live->site];
}

static const struct feed_ops *feed_of(const struct live *live)
{
	return site_of(live)->config->backend->feed;
}

/* ---- what others see of it ---- */

bool live_is_on(const struct session *session, size_t site)
{
	const struct live *live = &session->sites[site].live;
	return (live->state == LIVE_LISTENING && live->hearing) || (live->state == LIVE_ASKING && live->place);
}

bool live_vouches(const struct session *session, size_t site)
{
	const struct live *live = &session->sites[site].live;
	return live_is_on(session, site) || (live->state == LIVE_LISTENING && live->caught_up);
}

bool live_is_catching_up(const struct session *session, size_t site)
{
	return session->sites[site].live.state == LIVE_CATCHING_UP;
}

static void tell_reconnecting(struct live *live, bool reconnecting)
{
	struct site_view *view = &site_of(live)->view;
	if (view->reconnecting == reconnecting)
		return;
	view->reconnecting = reconnecting;
	live->session->changed |= SESSION_SITES;
}

/* ---- places ---- */

static void take_place(struct live *live, const char *id)
{
	if (!feed_of(live)->is_place(id) || (live->place && strcmp(live->place, id) == 0))
		return;
	free(live->place);
	live->place = memory_copy_text(id);
}

static void forget_place(struct live *live)
{
	free(live->place);
	live->place = NULL;
}

/* ---- states ---- */

static void stop(struct live *live)
{
	if (live->stream)
		engine_cancel(live->session->engine, live->stream);
	job_cancel(live->job);
	live->stream = 0;
	live->job = NULL;
	live->hearing = live->caught_up = false;
}

static void be_off(struct live *live)
{
	stop(live);
	live->state = LIVE_OFF;
	tell_reconnecting(live, false);
}

static void try_later(struct live *live, int64_t pause_ms)
{
	stop(live);
	live->state = LIVE_WAITING;
	live->next_ms = clock_monotonic_ms() + pause_ms;
}

/* It failed: longer and longer pauses, and none shorter than we were asked for. */
static void fail(struct live *live, int retry_after_s)
{
	int64_t now_ms = clock_monotonic_ms();
	if (live->failures++ == 0)
		live->failing_since_ms = now_ms;
	int pause_ms = retry_pause_ms(live->failures, retry_after_s, session_random(), now_ms - live->failing_since_ms);
	try_later(live, pause_ms < 0 ? SLOW_RETRY_MS : pause_ms);
	tell_reconnecting(live, live->failures > 1);
}

static void listen(struct live *live)
{
	struct arena *arena = arena_new();
	struct http_request request;
	feed_of(live)->listen(arena, site_of(live)->token, live->place, live->heartbeat_s, &request);
	stop(live);
	live->state = LIVE_LISTENING;
	live->heard_ms = live->begun_ms = clock_monotonic_ms();
	live->stream = engine_listen(live->session->engine, &site_of(live)->config->address, &request, &ears, live);
	arena_free(arena);
}

static void ask_now_and_then(struct live *live)
{
	stop(live);
	live->state = LIVE_ASKING;
	live->asked = 0;
	live->next_ms = clock_monotonic_ms();
	tell_reconnecting(live, false);
}

bool live_vouches_for(struct session *session, size_t site, enum list_kind kind)
{
	struct live *live = &session->sites[site].live;
	const struct part *part = &session->sites[site].parts[kind];
	if (kind == LIST_MEMBER)
		return false;   /* the token may be another's by now, and wishes go in the name of whoever this is */
	bool vouches = (live->state == LIVE_LISTENING || live->state == LIVE_ASKING) && (live->kept & (1u << kind)) && part->arena &&
	               list_is_of_today(session, site, kind);
	if (part->arena)
		live->kept &= ~(1u << kind);   /* once: who asks again wants to be sure */
	return vouches;
}

/* ---- questions: what changed since ---- */

static void take_news(struct live *live, const struct operation *operation)
{
	if (operation->starts_anew || !live->place)
		told_everything(live);
	for (size_t at = 0; at < operation->news_count && !operation->starts_anew; at++)
		told_news(live, &operation->news[at]);
	take_place(live, operation->new_after);
}

/* What is on disk and was not told of is as it is there; all else is asked now that everything is told, and what was is in the answer. */
static void trust_the_copy(struct live *live)
{
	struct session *session = live->session;
	unsigned answered = 0;
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		struct part *part = &site_of(live)->parts[kind];
		bool is_older = part->job;   /* that question may have been answered before the change */
		if (kind != LIST_ACTIVITIES || part->arena)   /* else its copy is read when the agenda is looked at */
			list_ask(session, live->site, kind);
		answered |= is_older ? 0 : 1u << kind;
	}
	told_is_answered(live, answered);
	session->changed |= SESSION_SPACES | SESSION_BOOKINGS | SESSION_ACTIVITIES;
}

static void ask(struct live *live, job_done *done)
{
	live->job = job_new(live->session, live->site, OPERATION_NEWS, done, live);
	live->job->operation.after = arena_copy_text(live->job->operation.arena, live->place);
	job_start(live->job);
}

static bool goes_on(struct live *live, const struct operation *operation)
{
	live->pages = operation->more ? live->pages + 1 : 0;
	if (live->pages < PAGES_MOST)
		return operation->more;
	live->pages = 0;
	told_everything(live);
	return false;
}

static void caught_up(struct session *session, struct job *job)
{
	struct live *live = job->about;
	const struct operation *operation = &job->operation;
	live->job = NULL;
	if (operation->outcome.kind != OUTCOME_DONE) {
		lists_ask_site(session, live->site);
		live->kept = 0;
		days_go_on(session, live->site, false);
		if (operation->outcome.kind == OUTCOME_LOGIN_NEEDED || operation->outcome.kind == OUTCOME_NOT_FOUND)
			be_off(live);
		else
			fail(live, job->answer.retry_after_s);
		return;
	}
	take_news(live, operation);
	if (goes_on(live, operation)) {
		ask(live, caught_up);
		return;
	}
	listen(live);
	live->caught_up = true;
	if (live->kept)
		trust_the_copy(live);
	days_go_on(session, live->site, true);
}

static void asked(struct session *session, struct job *job)
{
	struct live *live = job->about;
	(void)session;
	live->job = NULL;
	live->next_ms = clock_monotonic_ms() + ASK_EVERY_MS;
	switch (job->operation.outcome.kind) {
	case OUTCOME_DONE:
		take_news(live, &job->operation);
		if (goes_on(live, &job->operation)) {
			live->asked--;   /* the same question */
			live->next_ms = clock_monotonic_ms();
		}
		return;
	case OUTCOME_NOT_FOUND:
	case OUTCOME_LOGIN_NEEDED:
	case OUTCOME_NOT_ALLOWED:
	case OUTCOME_REFUSED:
		be_off(live);
		return;
	case OUTCOME_NONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
	case OUTCOME_CONFLICT:
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
	case OUTCOME_UNKNOWN:
		return;   /* the site is asked again when it is back, and so are we */
	}
}

/* ---- the stream ---- */

static void hear_bytes(void *context)
{
	struct live *live = context;
	live->heard_ms = clock_monotonic_ms();
	site_of(live)->view.as_of = session_now(live->session);
	if (live->hearing)
		return;
	live->hearing = true;
	live->failures = live->deaf = live->unwelcome = 0;
	tell_reconnecting(live, false);
	if (!live->place)
		told_everything(live);   /* what was read before this moment may have changed before it, unheard */
}

static void hear_event(void *context, const struct stream_event *event)
{
	struct live *live = context;
	struct arena *arena = arena_new();
	struct news news;
	take_place(live, event->id);
	if (event->data) {
		switch (feed_of(live)->read(event->kind, event->data, event->data_length, arena, &news)) {
		case FEED_NEWS:
			told_news(live, &news);
			break;
		case FEED_STARTS_ANEW:
			told_everything(live);
			break;
		case FEED_NOTHING:
			break;
		}
	}
	arena_free(arena);
}

/* Another answer than a stream. */
static void hear_refusal(struct live *live, const struct http_response *response)
{
	switch (response->status) {
	case 204:              /* there is nothing to hear, nor will there be */
		be_off(live);
		return;
	case 401:              /* a question goes the way on which tokens are renewed and people asked to log in */
		fail(live, -1);
		if (++live->unwelcome % 2 == 0)
			return;        /* nor does the token that the question went with help here: that is asked once more after the pause */
		live->state = LIVE_CATCHING_UP;
		ask(live, caught_up);
		return;
	case 429:
	case 502:
	case 503:
	case 504:
		fail(live, response->retry_after_s);
		return;
	}
	ask_now_and_then(live);
}

static void hear_end(void *context, const struct http_response *response, int pause_ms)
{
	struct live *live = context;
	bool heard = live->hearing;
	int64_t silent_ms = clock_monotonic_ms() - live->heard_ms;
	live->stream = 0;
	log_line(LOG_LEVEL_INFO, "site %s: its feed ended, status %d", site_of(live)->config->id,
	         response->transport == TRANSPORT_ANSWERED ? response->status : 0);
	if (response->transport == TRANSPORT_TOO_LARGE) {   /* from here on the same would come again */
		forget_place(live);
		told_everything(live);
		fail(live, -1);
	} else if (heard) {
		if (silent_ms > HELD_BACK_MS)
			live->heartbeat_s = most((int)least(live->heartbeat_s, silent_ms / 1000) * 3 / 4, HEARTBEAT_LEAST_S);
		live->brief = clock_monotonic_ms() - live->begun_ms < BRIEF_MS ? live->brief + 1 : 0;
		if (live->brief >= BRIEF_MOST)
			ask_now_and_then(live);
		else
			try_later(live, pause_ms < PAUSE_LEAST_MS ? PAUSE_LEAST_MS : least(pause_ms, PAUSE_MOST_MS));
	} else if (response->transport == TRANSPORT_ANSWERED) {
		hear_refusal(live, response);
	} else {
		fail(live, -1);
		list_ask(live->session, live->site, LIST_SPACES);
	}
}

static const struct stream_ears ears = { hear_bytes, hear_event, hear_end };

/* ---- time ---- */

/* When a stream was silent for too long. */
static int64_t patience_ends_ms(const struct live *live)
{
	return live->heard_ms + (live->hearing ? live->heartbeat_s * 1000 + SILENCE_MS : FIRST_WORD_MS);
}

static void lose_patience(struct live *live)
{
	bool heard = live->hearing;
	if (heard) {
		try_later(live, 0);
		live->failures = 1;
		live->failing_since_ms = clock_monotonic_ms();
		tell_reconnecting(live, true);
	} else if (++live->deaf >= DEAF_MOST) {
		ask_now_and_then(live);
	} else {
		fail(live, -1);
		list_ask(live->session, live->site, LIST_SPACES);
	}
}

static void live_turn(struct live *live, int64_t now_ms)
{
	if (live->read_ms && now_ms >= live->read_ms)
		told_read(live);
	bool is_away = site_of(live)->failures > 0;   /* live_begin() will be called when it is back */
	switch (live->state) {
	case LIVE_OFF:
	case LIVE_CATCHING_UP:
		break;
	case LIVE_LISTENING:
		if (now_ms >= patience_ends_ms(live))
			lose_patience(live);
		break;
	case LIVE_WAITING:
		if (!is_away && now_ms >= live->next_ms)
			listen(live);
		break;
	case LIVE_ASKING:
		if (is_away || live->job || now_ms < live->next_ms)
			break;
		if (live->asked++ < ASKED_BEFORE_STREAM)
			ask(live, asked);
		else
			listen(live);
		break;
	}
}

void lives_turn(struct session *session, int64_t now_ms)
{
	for (size_t site = 0; site < session->site_count; site++) {
		struct live *live = &session->sites[site].live;
		live_turn(live, now_ms);
		if (live->state != LIVE_OFF)
			live_keep(session, site, false);
	}
}

static int64_t next_ms(const struct live *live)
{
	bool is_away = site_of(live)->failures > 0;
	int64_t read_ms = live->read_ms ? live->read_ms : INT64_MAX;
	switch (live->state) {
	case LIVE_OFF:
	case LIVE_CATCHING_UP:
		break;
	case LIVE_LISTENING:
		return least(read_ms, patience_ends_ms(live));
	case LIVE_WAITING:
	case LIVE_ASKING:
		return is_away || live->job ? read_ms : least(read_ms, live->next_ms);
	}
	return read_ms;
}

int64_t lives_next_ms(const struct session *session)
{
	int64_t at_ms = INT64_MAX;
	for (size_t site = 0; site < session->site_count; site++)
		at_ms = least(at_ms, next_ms(&session->sites[site].live));
	return at_ms;
}

/* ---- beginning and end ---- */

void live_open(struct session *session, size_t site)
{
	struct live *live = &session->sites[site].live;
	live->session = session;
	live->site = site;
	live->heartbeat_s = HEARTBEAT_S;
	live_copy_load(session, site);
}

bool live_begin(struct session *session, size_t at)
{
	struct site *site = &session->sites[at];
	struct live *live = &site->live;
	if (!session->follows || !session->network || !site->config->backend->feed || !site_knows_us(site))
		return false;
	if (live->stream || live->job)
		return true;
	live->failures = live->deaf = 0;
	if (live->state == LIVE_ASKING) {
		live->next_ms = clock_monotonic_ms();
		return true;
	}
	if (!live->place) {
		listen(live);
		return false;
	}
	live->state = LIVE_CATCHING_UP;
	ask(live, caught_up);
	return live->kept != 0;
}

void session_follow(struct session *session)
{
	session->follows = true;
	for (size_t site = 0; site < session->site_count; site++)
		live_begin(session, site);       /* where the network was begun with before: else that begins it */
}

/* After a sleep: what was open is not any more, whatever it seems. */
void live_wake(struct session *session, size_t site)
{
	struct live *live = &session->sites[site].live;
	if (live->state == LIVE_LISTENING || live->state == LIVE_WAITING)
		try_later(live, 0);
	live->next_ms = clock_monotonic_ms();
}

void live_end(struct session *session, size_t site)
{
	struct live *live = &session->sites[site].live;
	be_off(live);
	told_clear(live);
	forget_place(live);
	live->kept = 0;
	live_forget_copies(session, site, NULL, (struct local_date){ 0 });
	live->failures = live->deaf = live->unwelcome = live->brief = 0;
}

void live_clear(struct live *live)
{
	told_clear(live);
	for (size_t at = 0; at < live->kept_day_count; at++)
		free(live->kept_days[at]);
	free(live->kept_days);
	free(live->place);
	free(live->kept_place);
}
