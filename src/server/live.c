/* live.c — see live.h: the thread of the live feed. */
#include "live_inside.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void live_wake(struct live *live)
{
	if (!atomic_exchange(&live->awake, true))
		(void)!write(live->wake[1], "", 1);
}

static void on_commit(void *context, unsigned news)
{
	struct live *live = context;
	atomic_fetch_or(&live->news, news);
	live_wake(live);
}

/* ---- spaces ------------------------------------------------------------------------------------------------------------ */

struct space_feed *live_feed(struct live *live, const char *space_id, const struct zone *zone)
{
	for (struct space_feed *feed = live->feeds; feed; feed = feed->next)
		if (strcmp(feed->space_id, space_id) == 0)
			return feed;
	struct space_feed *feed = memory_get(sizeof *feed);
	*feed = (struct space_feed){ .next = live->feeds, .space_id = memory_copy_text(space_id), .zone = zone, .head = -1 };
	event_space_key(space_id, feed->key);
	live->feeds = feed;
	return feed;
}

static void wish_for(struct live *live, struct space_feed *feed, int64_t after)
{
	for (size_t i = 0; i < live->wish_count; i++)
		if (live->wishes[i].feed == feed && live->wishes[i].after == after)
			return;
	if (live->wish_count < WISHES_MAX)
		live->wishes[live->wish_count++] = (struct wish){ feed, after };
}

const struct told *live_find(struct live *live, struct space_feed *feed, int64_t after, bool *gone)
{
	const struct told *told = run_find(&feed->window, after + 1);
	const struct errand *errand = &live->errand;
	for (size_t i = 0; !told && live->holding && i < errand->page_count; i++) {
		const struct told_page *page = &errand->pages[i];
		if (page->wish.feed != feed)
			continue;
		told = run_find(&page->run, after + 1);
		if (page->gone && page->wish.after == after)
			*gone = true;
	}
	if (!told && !*gone)
		wish_for(live, feed, after);
	return told;
}

/* ---- what came back ---------------------------------------------------------------------------------------------------- */

/* All numbers mean something else, or are not to be relied on: everybody begins anew. */
static void begin_anew(struct live *live, const char *why)
{
	const struct errand *errand = &live->errand;
	for (struct space_feed *feed = live->feeds; feed; feed = feed->next) {
		run_clear(&feed->window);
		feed->head = errand_head(errand, feed->space_id);
	}
	for (size_t i = 0; i < live->count; i++)
		listener_reset(live->listeners[i], why);
	live->wish_count = 0;
}

static bool went_back(const struct live *live)
{
	for (size_t i = 0; i < live->errand.known_count; i++) {
		const struct wish *known = &live->errand.known[i];
		if (errand_head(&live->errand, known->feed->space_id) < known->after)
			return true;
	}
	return false;
}

/* A page of what came after the head that we knew. */
static void take_new(struct space_feed *feed, struct told_page *page, int64_t head)
{
	if (page->gone || page->wish.after != feed->head)
		run_clear(&feed->window);
	feed->head = head;
	if (page->gone)
		return;
	feed->head = page->run.rows[page->run.count - 1].seq;
	run_move(&feed->window, &page->run);
	run_shorten(&feed->window, WINDOW_BYTES);
}

static void take_heads(struct live *live)
{
	struct errand *errand = &live->errand;
	for (size_t i = 0; i < errand->page_count; i++) {
		struct told_page *page = &errand->pages[i];
		struct space_feed *feed = page->wish.feed;
		if (feed->head >= 0 && page->wish.after >= feed->head)
			take_new(feed, page, errand_head(errand, feed->space_id));
	}
	for (size_t i = 0; i < errand->known_count; i++) {
		struct space_feed *feed = errand->known[i].feed;
		if (feed->head < 0)
			feed->head = errand_head(errand, feed->space_id);
	}
}

static struct listener *find_listener(const struct live *live, uint64_t number, size_t *at)
{
	for (*at = 0; *at < live->count; (*at)++)
		if (live->listeners[*at]->number == number)
			return live->listeners[*at];
	return NULL;
}

static void drop(struct live *live, size_t at)
{
	listener_end(live->listeners[at]);
	live->count--;
	live->listeners[at] = live->listeners[live->count];
	live->polled[at + 1] = live->polled[live->count + 1];
}

static void take_rights(struct live *live)
{
	const struct errand *errand = &live->errand;
	for (size_t i = 0; i < errand->check_count; i++) {
		size_t at;
		struct listener *listener = find_listener(live, errand->checks[i].number, &at);
		if (listener && !listener_take_rights(listener, errand, &errand->checks[i]))
			drop(live, at);
	}
}

/* Nobody looked: whose rights were to be looked at is as much in doubt as before. */
static void forget_errand(struct live *live)
{
	for (size_t i = 0; i < live->errand.check_count; i++) {
		size_t at;
		struct listener *listener = find_listener(live, live->errand.checks[i].number, &at);
		if (listener)
			listener->checked_ms = 0;
	}
	errand_clear(&live->errand);
}

/* A space that was not there before may be for anybody: everybody's rights are looked at again. */
static void look_for_new_spaces(struct live *live)
{
	bool grew = live->head_count > 0 && live->errand.head_count > live->head_count;
	live->head_count = live->errand.head_count;
	for (size_t i = 0; grew && i < live->count; i++)
		live->listeners[i]->checked_ms = 0;
}

static void take_errand(struct live *live, int64_t now_ms)
{
	struct errand *errand = &live->errand;
	live->errand_under_way = false;
	live->pass_due = live->holding = true;
	if (errand->failed) {
		/* The disk does not answer: asked again soon. */
		live->refused_ms = now_ms;
		live->look = true;
		live->holding = false;
		forget_errand(live);
		return;
	}
	bool other_epoch = *live->epoch && strcmp(live->epoch, errand->epoch) != 0;
	memcpy(live->epoch, errand->epoch, EPOCH_SIZE);
	if (other_epoch || went_back(live))
		begin_anew(live, other_epoch ? RESET_EPOCH : RESET_UNKNOWN);
	else
		take_heads(live);
	take_rights(live);
	look_for_new_spaces(live);
}

/* ---- what is asked ------------------------------------------------------------------------------------------------------ */

static void ask_for_heads(struct live *live)
{
	struct errand *errand = &live->errand;
	size_t count = 0;
	for (const struct space_feed *feed = live->feeds; feed; feed = feed->next)
		count++;
	errand->known = arena_get(errand->arena, (count + 1) * sizeof *errand->known);
	for (struct space_feed *feed = live->feeds; feed; feed = feed->next)
		errand->known[errand->known_count++] = (struct wish){ feed, feed->head };
}

/* Those whose time has come. */
static size_t ask_for_rights(struct live *live, int64_t now_ms)
{
	struct errand *errand = &live->errand;
	for (size_t i = 0; i < live->count && errand->check_count < CHECKS_MAX; i++) {
		struct listener *listener = live->listeners[i];
		if (listener->checked_ms > 0 && now_ms - listener->checked_ms < atomic_load(&live->recheck_ms))
			continue;
		listener->checked_ms = now_ms;
		struct check *check = &errand->checks[errand->check_count++];
		*check = (struct check){ .number = listener->number };
		memcpy(check->token_hash, listener->token_hash, sizeof check->token_hash);
	}
	return errand->check_count;
}

static void start_errand(struct live *live, int64_t now_ms)
{
	struct errand *errand = &live->errand;
	if (live->errand_under_way || live->holding || (live->refused_ms && now_ms - live->refused_ms < POLL_MS))
		return;
	if (db_is_shared(live->server->db) && (live->count > 0 || live->waiting) && now_ms - live->looked_ms >= POLL_MS)
		live->look = true;
	if (ask_for_rights(live, now_ms) == 0 && !live->look && live->wish_count == 0)
		return;
	ask_for_heads(live);
	memcpy(errand->wishes, live->wishes, live->wish_count * sizeof *live->wishes);
	errand->wish_count = live->wish_count;
	live->refused_ms = 0;
	live->looked_ms = now_ms;
	live->errand_under_way = errand_start(errand);
	if (live->errand_under_way) {
		live->look = false;
		live->wish_count = 0;
	} else {
		live->refused_ms = now_ms;
		live->look = true;
		forget_errand(live);
	}
}

/* ---- those who listen --------------------------------------------------------------------------------------------------- */

static void make_room(struct live *live)
{
	if (live->count < live->room)
		return;
	live->room = live->room ? 2 * live->room : 64;
	live->listeners = memory_grow(live->listeners, live->room, sizeof *live->listeners);
	live->polled = memory_grow(live->polled, live->room + 1, sizeof *live->polled);
}

static void take_arrivals(struct live *live, int64_t now_ms)
{
	pthread_mutex_lock(&live->guard);
	struct listener *arriving = live->arriving;
	struct live_wait *waiting = live->waiting_to_come;
	live->arriving = NULL;
	live->waiting_to_come = NULL;
	pthread_mutex_unlock(&live->guard);
	for (struct listener *next; arriving; arriving = next) {
		next = arriving->next;
		listener_arrive(arriving, now_ms);
		if (!*live->epoch)
			memcpy(live->epoch, arriving->epoch, EPOCH_SIZE);
		make_room(live);
		live->listeners[live->count++] = arriving;
		live->polled[live->count] = (struct pollfd){ .fd = arriving->descriptor };
		live->look = live->pass_due = true;
		live->arrived_ms = now_ms;
		if (!listener_flush(arriving, now_ms))
			drop(live, live->count - 1);
	}
	for (struct live_wait *next; waiting; waiting = next) {
		next = waiting->next;
		for (size_t i = 0; i < waiting->resume->count; i++)
			live_feed(live, waiting->resume->starts[i].space->id, waiting->resume->starts[i].zone);
		waiting->next = live->waiting;
		live->waiting = waiting;
		live->look = true;
	}
}

static bool has_news(struct live *live, const struct live_wait *wait)
{
	if (*live->epoch && strcmp(live->epoch, wait->resume->epoch) != 0)
		return true;
	for (size_t i = 0; i < wait->resume->count; i++) {
		const struct start *start = &wait->resume->starts[i];
		if (live_feed(live, start->space->id, start->zone)->head > start->seq)
			return true;
	}
	return false;
}

static void end_waits(struct live *live, int64_t now_ms, bool all)
{
	for (struct live_wait **link = &live->waiting; *link;) {
		struct live_wait *wait = *link;
		if (!all && now_ms < wait->until_ms && !has_news(live, wait)) {
			link = &wait->next;
			continue;
		}
		*link = wait->next;
		seat_leave(live, wait->seat);
		wait->job->done(wait->job, DB_UNDONE);   /* whose memory it was: it is gone from here on */
	}
}

/* Hundreds that arrive at once each had 32 KiB of the library's for a moment. Between what the listeners keep those stay with us, unused,
 * unless we say that the system may have them. */
static void give_memory_back(struct live *live, int64_t now_ms)
{
	if (!live->arrived_ms || now_ms - live->arrived_ms < TICK_MS / 2)
		return;
	live->arrived_ms = 0;
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

static void pass(struct live *live, int64_t now_ms)
{
	live->pass_due = false;
	live->passed_ms = now_ms;
	for (size_t i = live->count; i-- > 0;)
		if (!listener_tell(live->listeners[i], now_ms))
			drop(live, i);
	if (live->holding)
		errand_clear(&live->errand);
	live->holding = false;
}

static void serve_sockets(struct live *live, int64_t now_ms)
{
	for (size_t i = live->count; i-- > 0;) {
		short told = live->polled[i + 1].revents;
		live->polled[i + 1].revents = 0;
		bool alive = true;
		if (told & POLLOUT)
			alive = !live->listeners[i]->pending || listener_flush(live->listeners[i], now_ms);
		if (alive && told & (POLLIN | POLLHUP | POLLERR | POLLNVAL))
			alive = listener_hear(live->listeners[i]);
		if (!alive)
			drop(live, i);
	}
}

/* ---- the thread ---------------------------------------------------------------------------------------------------------- */

static int time_to_wait(const struct live *live, int64_t now_ms)
{
	if (live->count == 0 && !live->waiting && !live->look)
		return -1;
	int64_t until = now_ms + TICK_MS;
	if (db_is_shared(live->server->db) && live->looked_ms + POLL_MS < until)
		until = live->looked_ms + POLL_MS;
	if (live->pass_due && live->passed_ms + PASS_PAUSE_MS < until)
		until = live->passed_ms + PASS_PAUSE_MS;
	if (live->refused_ms && live->refused_ms + POLL_MS < until)
		until = live->refused_ms + POLL_MS;
	return until > now_ms ? (int)(until - now_ms) : 0;
}

static void wait_for_something(struct live *live)
{
	for (size_t i = 0; i < live->count; i++)
		live->polled[i + 1].events = (short)(POLLIN | (live->listeners[i]->pending ? POLLOUT : 0));
	int64_t began_ms = clock_monotonic_ms();
	if (poll(live->polled, live->count + 1, time_to_wait(live, began_ms)) <= 0)
		for (size_t i = 0; i <= live->count; i++)
			live->polled[i].revents = 0;
	if (live->polled[0].revents) {
		char bytes[16];
		while (read(live->wake[0], bytes, sizeof bytes) > 0)
			;
		atomic_store(&live->awake, false);
	}
}

static bool is_stopped(struct live *live)
{
	pthread_mutex_lock(&live->guard);
	bool stopped = live->stopped;
	pthread_mutex_unlock(&live->guard);
	return stopped;
}

static void take_news(struct live *live)
{
	unsigned news = atomic_exchange(&live->news, 0);
	live->look |= (news & DB_NEWS_CHANGE) && (live->count > 0 || live->waiting);
	for (size_t i = 0; news & DB_NEWS_STANDING && i < live->count; i++)
		live->listeners[i]->checked_ms = 0;
}

static void end_all(struct live *live)
{
	take_arrivals(live, clock_monotonic_ms());
	while (live->count > 0) {
		listener_goodbye(live->listeners[live->count - 1]);
		drop(live, live->count - 1);
	}
	end_waits(live, 0, true);
}

static void *live_main(void *context)
{
	struct live *live = context;
	for (;;) {
		wait_for_something(live);
		int64_t now_ms = clock_monotonic_ms();
		serve_sockets(live, now_ms);
		take_arrivals(live, now_ms);
		take_news(live);
		if (live->errand_under_way && atomic_load(&live->errand.over))
			take_errand(live, now_ms);
		if (is_stopped(live) && !live->errand_under_way)
			break;
		end_waits(live, now_ms, false);
		live->pass_due |= now_ms - live->passed_ms >= TICK_MS;
		if (live->pass_due && now_ms - live->passed_ms >= PASS_PAUSE_MS)
			pass(live, now_ms);
		start_errand(live, now_ms);
		give_memory_back(live, now_ms);
	}
	end_all(live);
	return NULL;
}

struct live *live_new(struct server *server)
{
	struct live *live = memory_get(sizeof *live);
	live->server = server;
	atomic_store(&live->recheck_ms, RECHECK_MS);
	if (pipe(live->wake) != 0)
		die("a pipe cannot be made: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(live->wake[i], F_SETFD, FD_CLOEXEC);
		fcntl(live->wake[i], F_SETFL, O_NONBLOCK);
	}
	pthread_mutex_init(&live->guard, NULL);
	buffer_init(&live->scratch, 4 * SEND_BYTES);
	errand_init(&live->errand, live);
	make_room(live);
	live->polled[0] = (struct pollfd){ live->wake[0], POLLIN, 0 };
	if (pthread_create(&live->thread, NULL, live_main, live) != 0)
		die("a thread cannot be started");
	db_on_commit(server->db, on_commit, live);
	return live;
}

void live_stop(struct live *live)
{
	pthread_mutex_lock(&live->guard);
	bool was_stopped = live->stopped;
	live->stopped = true;
	pthread_mutex_unlock(&live->guard);
	if (was_stopped)
		return;
	live_wake(live);
	pthread_join(live->thread, NULL);
}

void live_free(struct live *live)
{
	if (!live)
		return;
	live_stop(live);
	db_on_commit(live->server->db, NULL, NULL);
	for (struct space_feed *feed = live->feeds, *next; feed; feed = next) {
		next = feed->next;
		run_clear(&feed->window);
		free(feed->space_id);
		free(feed);
	}
	errand_clear(&live->errand);
	arena_free(live->errand.arena);
	buffer_clear(&live->scratch);
	free(live->listeners);
	free(live->polled);
	close(live->wake[0]);
	close(live->wake[1]);
	pthread_mutex_destroy(&live->guard);
	free(live);
}

/* ---- the way in ----------------------------------------------------------------------------------------------------------- */

size_t live_count(struct live *live)
{
	return atomic_load(&live->streams);
}

void live_join(struct listener *listener, int descriptor, const char *head)
{
	struct live *live = listener->live;
	listener->descriptor = descriptor;
	listener->pending = memory_copy_text(head);
	listener->pending_length = strlen(head);
	atomic_fetch_add(&live->streams, 1);
	pthread_mutex_lock(&live->guard);
	bool stopped = live->stopped;
	if (!stopped) {
		listener->next = live->arriving;
		live->arriving = listener;
	}
	pthread_mutex_unlock(&live->guard);
	if (stopped)
		listener_end(listener);
	else
		live_wake(live);
}

bool live_wait(struct live *live, struct live_wait *wait, struct db_job *job)
{
	wait->job = job;
	pthread_mutex_lock(&live->guard);
	bool stopped = live->stopped;
	if (!stopped) {
		wait->next = live->waiting_to_come;
		live->waiting_to_come = wait;
	}
	pthread_mutex_unlock(&live->guard);
	if (stopped)
		seat_leave(live, wait->seat);
	else
		live_wake(live);
	return !stopped;
}
