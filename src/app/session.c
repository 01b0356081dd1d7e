/* session.c — the session's beginning, loop and end. See session.h. */
#include "hacktiv/app/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

#define CLOSE_PATIENCE_MS 30   /* of the 50 in which the program ends; the last words of the cache take some of them too */
#define NOTES_MAX 20
#define SHARED_STORE "kiosk/store.db"
#define LOAD_AGAIN_MS 1000     /* what an earlier run could not write down at once is looked for this often while it is being done */

static void load_wishes(struct session *session)
{
	store_load_wishes(session->store);
	session->loads_waiting++;
}

/* A shared terminal's notes lie apart from those of the account that it runs in: neither shows what is the other's. */
static struct store *open_store(const struct session_setup *setup, struct problem *why)
{
	char *apart = setup->shared && !setup->store_path ? path_state(SHARED_STORE, why) : NULL;
	struct store *store = setup->shared && !setup->store_path && !apart ? NULL
	                      : store_open(apart ? apart : setup->store_path, &setup->clock, why);
	free(apart);
	return store;
}

static void take_up_own(struct session *session)
{
	const char **sites = memory_get_array(session->config->site_count, sizeof *sites);
	for (size_t at = 0; at < session->config->site_count; at++)
		sites[at] = session->config->sites[at].id;
	store_take_up_only(session->store, sites, session->config->site_count);
	free(sites);
}

struct session *session_new(const struct session_setup *setup, struct problem *why)
{
	struct session *session = memory_get(sizeof *session);
	session->config = setup->config;
	session->clock = setup->clock;
	session->may_stay_behind = setup->may_stay_behind;
	session->shared = setup->shared;
	session->store = open_store(setup, why);
	if (!session->store) {
		free(session);
		return NULL;
	}
	take_up_own(session);
	session->zones = zones_new();
	session->engine = engine_new();
	sites_open(session);
	session->look_ms = clock_monotonic_ms() + LOOK_MS;
	directories_open(session);
	load_wishes(session);
	for (size_t site = 0; site < session->site_count; site++)
		cache_load(session, site);
	lists_merge(session);
	agenda_merge(session);
	return session;
}

static void free_buried(struct session *session)
{
	for (size_t at = 0; at < session->buried_count; at++)
		arena_free(session->buried[at]);
	session->buried_count = 0;
}

/* One that was on disk before in some state or other is found there: of that nothing need be said. */
static char *wishes_rest_words(struct arena *arena, size_t wishes, size_t unkept, bool stays_behind)
{
	int count = (int)(wishes < unkept ? wishes : unkept);
	if (!count)
		return NULL;
	const char *sentence =
		stays_behind ? ngettext("The disk is slow: %d wish is still being written down. “hacktiv wishes” shows it once it is.",
	                                     "The disk is slow: %d wishes are still being written down. “hacktiv wishes” shows them once they are.",
	                                     (unsigned long)count)
	             : ngettext("The disk did not answer: perhaps %d wish was not written down, and is then not sent. “hacktiv wishes” shows it if it was.",
	                                     "The disk did not answer: perhaps %d wishes were not written down, and are then not sent. “hacktiv wishes” shows those that were.",
	                                     (unsigned long)count);
	return arena_print(arena, sentence, count);
}

/* Of a log-out that is not on disk: the next one here would be let in. */
static char *log_outs_rest_words(struct arena *arena, const struct session *session)
{
	char *words = NULL;
	for (size_t at = 0; at < session->site_count; at++) {
		if (!session->sites[at].account.removing || token_is_given())   /* that one is not ours to remove */
			continue;
		const char *sentence = session->may_stay_behind ? _("The disk is slow: your log-in at %s is still being removed from this computer.")
		                       : _("The disk did not answer: perhaps your log-in at %s was not removed from this computer.");
		const char *one = arena_print(arena, sentence, session->sites[at].config->label);
		words = words ? arena_print(arena, "%s\n%s", words, one) : arena_copy_text(arena, one);
	}
	return words;
}

/* NULL: nothing need be said. */
static char *rest_words(const struct session *session, size_t wishes, size_t unkept)
{
	struct arena *arena = arena_new();
	const char *first = wishes_rest_words(arena, wishes, unkept, session->may_stay_behind), *second = log_outs_rest_words(arena, session);
	const char *words = first && second ? arena_print(arena, "%s\n%s", first, second) : first ? first : second;
	char *copy = words ? memory_copy_text(words) : NULL;
	arena_free(arena);
	return copy;
}

struct store *session_leave(struct session *session, char **words)
{
	*words = NULL;
	if (!session)
		return NULL;
	size_t unkept = wishes_unkept(session);
	caches_clear(session);
	accounts_leave(session);
	for (size_t site = 0; site < session->site_count; site++)
		live_keep(session, site, true);
	jobs_clear(session);
	engine_free(session->engine);
	size_t wishes;
	struct store *at_work = store_leave(session->store, CLOSE_PATIENCE_MS, &wishes) ? NULL : session->store;
	if (at_work)
		*words = rest_words(session, wishes, unkept);
	if (!session->may_stay_behind) {
		store_close(at_work, 0);
		at_work = NULL;
	}
	session_drop_proposal(session);
	wishes_clear(session);
	others_clear(session);
	days_clear(session);
	details_clear(session);
	directories_clear(session);
	agenda_clear(session);
	lists_clear(session);
	sites_clear(session);
	free_buried(session);
	free(session->buried);
	for (size_t at = 0; at < session->note_count; at++)
		free(session->notes[at]);
	free(session->notes);
	zones_free(session->zones);
	free(session);
	return at_work;
}

void session_free(struct session *session)
{
	char *words;
	store_close(session_leave(session, &words), 0);
	free(words);
}

/* ---- small things that every story needs ---- */

void session_bury(struct session *session, struct arena **arena)
{
	if (!*arena)
		return;
	if (session->buried_count == session->buried_room) {
		session->buried_room = session->buried_room ? session->buried_room * 2 : 16;
		session->buried = memory_grow(session->buried, session->buried_room, sizeof *session->buried);
	}
	session->buried[session->buried_count++] = *arena;
	*arena = NULL;
}

void session_add_note(struct session *session, const char *text)
{
	session->changed |= SESSION_SITES;
	for (size_t at = 0; at < session->note_count; at++) {
		if (strcmp(session->notes[at], text) == 0)
			return;
	}
	if (session->note_count == NOTES_MAX)
		return;
	session->notes = memory_grow(session->notes, session->note_count + 1, sizeof *session->notes);
	session->notes[session->note_count++] = memory_copy_text(text);
}

unsigned session_random(void)
{
	unsigned char bytes[2] = { 0, 0 };
	if (getentropy(bytes, sizeof bytes) != 0)
		return (unsigned)clock_monotonic_ms() & 0xffff;
	return bytes[0] * 256u + bytes[1];
}

void session_keep_outcome(struct session *session, const struct outcome *from, struct outcome *to, struct arena **arena)
{
	struct arena *fresh = arena_new();
	struct outcome copy = outcome_copy(fresh, from);
	session_bury(session, arena);
	*to = copy;
	*arena = fresh;
}

const struct zone *session_zone(struct session *session, const char *name)
{
	const struct zone *zone = zones_find(session->zones, name, NULL);
	if (!zone)
		zone = zones_find(session->zones, "Europe/Brussels", NULL);
	if (!zone)
		die("the system has no time zones: install tzdata");
	return zone;
}

struct local_date session_today(const struct session *session)
{
	const char *name = "Europe/Brussels";
	if (session->site_count && session->sites[0].parts[LIST_SPACES].count)
		name = session->sites[0].parts[LIST_SPACES].spaces[0].time_zone;
	/* The table of zones only caches: asking it changes nothing that a reader could see. */
	return zone_wall(session_zone((struct session *)session, name), session_now(session)).date;
}

struct zones *session_zones(struct session *session)
{
	return session->zones;
}

size_t session_note_count(const struct session *session)
{
	return session->note_count;
}

const char *session_note(const struct session *session, size_t at)
{
	return session->notes[at];
}

bool session_is_answered(const struct session *session)
{
	for (size_t site = 0; site < session->site_count; site++) {
		if (session->sites[site].live.read_ms)
			return false;
	}
	return !session->jobs && !lists_waiting(session);
}

bool session_is_quiet(const struct session *session)
{
	return session_is_answered(session) && accounts_are_quiet(session) && !session->loads_waiting && !session->reads_waiting &&
	       !session->writes_waiting && !caches_waiting(session);
}

bool session_is_kept(const struct session *session)
{
	return !session->writes_waiting;
}

/* ---- the loop ---- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int time_to_sleep_ms(const struct session *session, int most_ms)
{
	if (jobs_waiting(session) || caches_waiting(session))
		return 0;
	int64_t at_ms = least(least(sites_next_ms(session), wishes_next_ms(session)), least(accounts_next_ms(session), lives_next_ms(session)));
	if (session->load_again_ms)
		at_ms = least(at_ms, session->load_again_ms);
	if (session->network)
		at_ms = least(at_ms, session->refresh_at_ms);
	if (lists_waiting(session) || caches_loading(session))
		at_ms = least(at_ms, session->copies_by_ms);
	int64_t now_ms = clock_monotonic_ms();
	if (at_ms == INT64_MAX)
		return most_ms;
	int64_t sleep_ms = at_ms > now_ms ? least(at_ms - now_ms, IDLE_REFRESH_MS) : 0;
	return most_ms < 0 ? (int)sleep_ms : (int)least(sleep_ms, most_ms);
}

void session_wait(struct session *session, struct engine_fd *fds, size_t count, int timeout_ms)
{
	struct engine_fd *all = memory_get_array(count + 2, sizeof *all);
	if (count)
		memcpy(all, fds, count * sizeof *all);
	all[count] = (struct engine_fd){ .fd = store_fd(session->store) };
	all[count + 1] = (struct engine_fd){ .fd = unattended_fd(session) };
	engine_wait(session->engine, all, count + (all[count + 1].fd >= 0 ? 2u : 1u), time_to_sleep_ms(session, timeout_ms));
	if (count)
		memcpy(fds, all, count * sizeof *all);
	free(all);
}

static void hear_store(struct session *session)
{
	struct store_reply reply;
	while (store_next(session->store, &reply)) {
		switch (reply.kind) {
		case STORE_SNAPSHOT:
			if (!live_loaded(session, &reply))
				cache_loaded(session, &reply);
			break;
		case STORE_WRITTEN:
			session->writes_waiting--;
			wish_written(session, &reply);
			break;
		case STORE_WISHES:
			wishes_taken_over(session, &reply);
			session->wishes_loaded = true;
			session->wishes_unread = reply.problem.kind != PROBLEM_NONE;
			session->loads_waiting--;
			session->loaded_ms = clock_monotonic_ms();
			session->load_again_ms = reply.more_to_come ? clock_monotonic_ms() + LOAD_AGAIN_MS : 0;
			others_loaded(session, &reply);
			break;
		case STORE_DID:
			reply.work->done(session, reply.work, &reply.problem);
			reply.work->free(reply.work);
			break;
		case STORE_TROUBLE:
			session_add_note(session, reply.problem.text);
			break;
		}
		arena_free(reply.arena);
	}
}

/* Where nothing changes unheard, only midnight does. */
static void ask_all_that_age(struct session *session)
{
	for (size_t site = 0; site < session->site_count; site++) {
		for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
			if (!live_is_on(session, site) || !list_is_of_today(session, site, kind))
				list_ask(session, site, kind);
		}
	}
	session->refresh_at_ms = clock_monotonic_ms() + IDLE_REFRESH_MS;
}

void session_look_for_wishes(struct session *session)
{
	if (clock_monotonic_ms() - session->loaded_ms >= LOAD_AGAIN_MS && !session->loads_waiting)
		load_wishes(session);
}

void session_sync(struct session *session)
{
	load_wishes(session);   /* what another process left behind that ended in the meantime is taken up */
	for (size_t site = 0; site < session->site_count; site++) {
		if (site_ask_first(session, site))
			continue;
		days_ask_again(session, site, true);
		lists_ask_site(session, site);
		wishes_send(session, site);
	}
	session->refresh_at_ms = clock_monotonic_ms() + IDLE_REFRESH_MS;
}

unsigned session_turn(struct session *session)
{
	free_buried(session);
	wishes_drop_seen(session);
	hear_store(session);
	engine_turn(session->engine);
	int64_t now_ms = clock_monotonic_ms();
	session_watch_sleep(session, now_ms);
	jobs_turn(session, now_ms + DECODE_SLICE_MS);
	caches_turn(session, now_ms + DECODE_SLICE_MS);
	lists_ask_due(session, now_ms);
	accounts_timers(session, now_ms);
	if (session->load_again_ms && now_ms >= session->load_again_ms) {
		session->load_again_ms = 0;
		load_wishes(session);
	}
	if (session->network) {
		sites_timers(session, now_ms);
		wishes_timers(session, now_ms);
		lives_turn(session, now_ms);
		if (now_ms >= session->refresh_at_ms) {
			load_wishes(session);
			ask_all_that_age(session);
		}
	}
	passing_turn(session);
	unsigned changed = session->changed;
	session->changed = 0;
	if (changed & (SESSION_SPACES | SESSION_BOOKINGS | SESSION_SITES))
		lists_merge(session);
	if (changed & (SESSION_ACTIVITIES | SESSION_SPACES))   /* spaces know which day it is */
		agenda_merge(session);
	return changed;
}

void session_start_network(struct session *session)
{
	if (session->network)
		return;
	session->network = true;
	session->refresh_at_ms = clock_monotonic_ms() + IDLE_REFRESH_MS;
	for (size_t site = 0; site < session->site_count; site++) {
		/* Not with the first question, which waits for copies on disk: until then it would look as if nobody could be let in. */
		if (!site_knows_us(&session->sites[site]) && unattended_may(session, site))
			unattended_begin(session, site);
		if (!live_begin(session, site))
			lists_ask_site(session, site);
		site_renew_view(session, site);
	}
}
