/* store.c — see store.h: messages in, a byte on a pipe and replies out, one thread between. */
#include "hacktiv/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "rows.h"

#define SEEN_KEPT_S ((int64_t)30 * 24 * 3600)
#define WRITES_BETWEEN_CHECKPOINTS 64
#define BYTES_BETWEEN_CHECKPOINTS (4u << 20)   /* an agenda is written whole each time that one activity changes */

enum message_kind {
	MESSAGE_PUT_SNAPSHOT, MESSAGE_GET_SNAPSHOT, MESSAGE_FORGET_PERSONAL, MESSAGE_PUT_WISH, MESSAGE_LOAD_WISHES, MESSAGE_WORK
};

/* What is asked and, filled in by the thread, what is answered: one arena travels there and back. */
struct message {
	struct message *next;
	enum message_kind kind;
	bool personal;
	const char *sites;       /* ",one,two,": whose wishes are loaded; "": all */
	struct outbox_row row;
	struct store_reply reply;
};

struct queue { struct message *first, **last; };

struct store {
	struct clock clock;
	char *path;
	char *sites;             /* as in struct message; NULL: all */
	int pipe[2];             /* holds a byte exactly while `calls` */
	pthread_mutex_t mutex;   /* guards what follows */
	pthread_cond_t wake;     /* there is a message, or the end is wanted */
	pthread_cond_t ended;
	struct queue messages, replies;
	bool calls;              /* one of `replies` is to be heard at once */
	struct message *current; /* that the thread is at */
	bool closing, finished, abandoned;
};

/* ---- queues; called with the mutex held ---- */

static void queue_init(struct queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
}

static void queue_add(struct queue *queue, struct message *message)
{
	message->next = NULL;
	*queue->last = message;
	queue->last = &message->next;
}

static struct message *queue_take(struct queue *queue)
{
	struct message *message = queue->first;
	if (!message)
		return NULL;
	queue->first = message->next;
	if (!queue->first)
		queue->last = &queue->first;
	return message;
}

static void message_free(struct message *message)
{
	struct store_work *work = message->reply.work;
	if (work)
		work->free(work);
	arena_free(message->reply.arena);
	free(message);
}

static void queue_clear(struct queue *queue)
{
	for (struct message *message = queue_take(queue); message; message = queue_take(queue))
		message_free(message);
}

static void store_release(struct store *store)
{
	queue_clear(&store->messages);
	queue_clear(&store->replies);
	close(store->pipe[0]);
	close(store->pipe[1]);
	pthread_cond_destroy(&store->wake);
	pthread_cond_destroy(&store->ended);
	pthread_mutex_destroy(&store->mutex);
	free(store->path);
	free(store->sites);
	free(store);
}

static struct outbox_row row_copy(struct arena *arena, const struct outbox_row *row)
{
	struct outbox_row copy = *row;
	const char **const texts[] = { &copy.site, &copy.member_id, &copy.space_id, &copy.space_name, &copy.resource_id,
		&copy.resource_name, &copy.booking_id, &copy.activity_id, &copy.title };
	for (size_t at = 0; at < COUNT_OF(texts); at++)
		*texts[at] = arena_copy_text(arena, *texts[at]);
	return copy;
}

/* ---- the thread ---- */

static void answer(struct store *store, struct message *message)
{
	pthread_mutex_lock(&store->mutex);
	bool call = !store->calls && !(message->reply.work && message->reply.work->is_no_news);
	queue_add(&store->replies, message);
	store->calls = store->calls || call;
	while (call && write(store->pipe[1], "", 1) < 0 && errno == EINTR)
		;
	pthread_mutex_unlock(&store->mutex);
}

static void tell_trouble(struct store *store, const struct problem *problem)
{
	log_line(LOG_LEVEL_WARNING, "store: %s", problem->text);
	struct message *message = memory_get(sizeof *message);
	message->reply.kind = STORE_TROUBLE;
	message->reply.arena = arena_new();
	message->reply.problem = *problem;
	answer(store, message);
}

/* True when something was written to the database. */
static bool do_message(const struct store_file *file, struct message *message, bool closing)
{
	struct store_reply *reply = &message->reply;
	if (message->kind == MESSAGE_WORK) {
		if (!closing || !reply->work->is_for_now)
			reply->work->run(reply->work, &reply->problem);
		return false;
	}
	if (!file->sql) {
		reply->problem = file->problem;
		return false;
	}
	switch (message->kind) {
	case MESSAGE_PUT_SNAPSHOT:
		return rows_put_snapshot(file->sql, reply, message->personal, &reply->problem);
	case MESSAGE_GET_SNAPSHOT:
		rows_get_snapshot(file->sql, reply, &reply->problem);
		return false;
	case MESSAGE_FORGET_PERSONAL:
		rows_forget_personal(file->sql, reply->site, &reply->problem);
		store_file_empty_log(file);   /* in which it stands once more */
		store_file_drop_aside(file->path, INT64_MAX);
		return false;
	case MESSAGE_PUT_WISH:
		if (rows_put_wish(file->sql, &file->owner, &message->row, &reply->behind, &reply->problem))
			return true;
		reply->perhaps_kept = sql_perhaps_kept(file->sql);
		return false;
	case MESSAGE_LOAD_WISHES:
		rows_load_wishes(file->sql, &file->owner, message->sites, reply, &reply->problem);
		return false;
	case MESSAGE_WORK:
		break;
	}
	return false;
}

/* Every question gets its answer, even from a file that cannot be used; the trouble itself is told once for each file. */
static void finish_message(struct store *store, struct message *message, bool file_usable)
{
	switch (message->kind) {
	case MESSAGE_PUT_WISH:
	case MESSAGE_GET_SNAPSHOT:
	case MESSAGE_LOAD_WISHES:
	case MESSAGE_WORK:
		answer(store, message);
		return;
	case MESSAGE_PUT_SNAPSHOT:
	case MESSAGE_FORGET_PERSONAL:
		if (file_usable && message->reply.problem.kind != PROBLEM_NONE)
			tell_trouble(store, &message->reply.problem);
		message_free(message);
		return;
	}
}

static struct message *wait_for_message(struct store *store, bool *closing)
{
	pthread_mutex_lock(&store->mutex);
	while (!store->messages.first && !store->closing)
		pthread_cond_wait(&store->wake, &store->mutex);
	struct message *message = queue_take(&store->messages);
	store->current = message;
	*closing = store->closing;
	pthread_mutex_unlock(&store->mutex);
	return message;
}

/* From now on it is as good as done, and may be freed. */
static void let_go(struct store *store)
{
	pthread_mutex_lock(&store->mutex);
	store->current = NULL;
	pthread_mutex_unlock(&store->mutex);
}

/* A day counts as over when it is so everywhere in Europe. */
static void drop_old(struct sql *sql, int64_t now)
{
	char today[INSTANT_TEXT_SIZE];
	instant_to_utc(now - 12 * 3600, today);
	today[DATE_ISO_SIZE - 1] = '\0';
	rows_drop_seen(sql, now - SEEN_KEPT_S, NULL);
	rows_drop_old(sql, now - SNAPSHOT_KEPT_S, today, NULL);
}

static void open_file(struct store *store, struct store_file *file)
{
	struct problem told = { .kind = PROBLEM_NONE };
	bool opened = store_file_open(file, store->path, &store->clock, &told);
	if (told.kind != PROBLEM_NONE)
		tell_trouble(store, &told);
	if (!opened)
		tell_trouble(store, &file->problem);
	else if (!owner_sees_who_stays(&file->owner))   /* they may hold the file for long, and this can wait */
		drop_old(file->sql, clock_now(&store->clock));
	if (file->path)
		store_file_drop_aside(file->path, clock_now(&store->clock) - SNAPSHOT_KEPT_S);
}

/* Now and then, also for who never ends: what is old goes, and the log, which only grows, back into the database. */
static void tidy(struct store *store, struct store_file *file, int *writes, size_t *bytes)
{
	if (*writes < WRITES_BETWEEN_CHECKPOINTS && *bytes < BYTES_BETWEEN_CHECKPOINTS)
		return;
	drop_old(file->sql, clock_now(&store->clock));
	if (!store_file_checkpoint(file))
		return;   /* another of us is at it: after the next write */
	*writes = 0;
	*bytes = 0;
}

static void *run(void *context)
{
	struct store *store = context;
	struct store_file file;
	open_file(store, &file);
	int writes = 0;
	size_t bytes = 0;
	bool closing;
	for (struct message *message = wait_for_message(store, &closing); message; message = wait_for_message(store, &closing)) {
		size_t length = message->reply.length;
		if (do_message(&file, message, closing)) {
			writes++;
			bytes += length;
		}
		let_go(store);
		finish_message(store, message, file.sql != NULL);
		tidy(store, &file, &writes, &bytes);
	}
	store_file_close(&file);

	pthread_mutex_lock(&store->mutex);
	store->finished = true;
	bool abandoned = store->abandoned;
	pthread_cond_signal(&store->ended);
	pthread_mutex_unlock(&store->mutex);
	if (abandoned)
		store_release(store);
	return NULL;
}

/* ---- the caller's side ---- */

static bool make_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	for (int at = 0; at < 2; at++) {
		fcntl(ends[at], F_SETFD, FD_CLOEXEC);
		fcntl(ends[at], F_SETFL, O_NONBLOCK);
	}
	return true;
}

/* Signals are the main thread's business. */
static int start_thread(struct store *store)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_t thread;
	int error = pthread_create(&thread, &attributes, run, store);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}

struct store *store_open(const char *path, const struct clock *clock, struct problem *why)
{
	struct store *store = memory_get(sizeof *store);
	store->clock = *clock;
	store->path = memory_copy_text(path);
	queue_init(&store->messages);
	queue_init(&store->replies);
	pthread_mutex_init(&store->mutex, NULL);
	pthread_cond_init(&store->wake, NULL);
	pthread_cond_init(&store->ended, NULL);
	int error = make_pipe(store->pipe) ? start_thread(store) : errno;
	if (!error)
		return store;
	problem_set(why, PROBLEM_MISSING, "store", _("The thread that keeps notes could not be started: %s."), strerror(error));
	store->pipe[0] = store->pipe[1] = -1;
	store_release(store);
	return NULL;
}

static struct timespec time_in(int patience_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += patience_ms / 1000;
	until.tv_nsec += (long)(patience_ms % 1000) * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	return until;
}

/* ---- the end ---- */

static bool is_wish(const struct message *message)
{
	return message && message->kind == MESSAGE_PUT_WISH;
}

/* With the mutex held. */
static size_t count_wishes(const struct store *store)
{
	size_t count = is_wish(store->current);
	for (const struct message *message = store->messages.first; message; message = message->next) {
		bool is_new = is_wish(message) && !(is_wish(store->current) && strcmp(store->current->row.id, message->row.id) == 0);
		for (const struct message *before = store->messages.first; is_new && before != message; before = before->next)
			is_new = !is_wish(before) || strcmp(before->row.id, message->row.id) != 0;
		count += is_new;
	}
	return count;
}

bool store_leave(struct store *store, int patience_ms, size_t *wishes)
{
	struct timespec until = time_in(patience_ms);
	pthread_mutex_lock(&store->mutex);
	store->closing = true;
	pthread_cond_signal(&store->wake);
	int waited = 0;
	while (!store->finished && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&store->ended, &store->mutex, &until);
	bool finished = store->finished;
	*wishes = finished ? 0 : count_wishes(store);
	pthread_mutex_unlock(&store->mutex);
	if (finished)
		store_release(store);
	return finished;
}

/* What could not be done, among the answers that nobody took. */
static void find_unkept(const struct store *store, struct arena *arena, struct store_unkept *unkept)
{
	struct arena_rows rows = { .bytes = sizeof(struct outbox_row) };
	for (const struct message *message = store->replies.first; message; message = message->next) {
		const struct store_reply *reply = &message->reply;
		if (reply->work && !reply->work->is_for_now && reply->problem.kind != PROBLEM_NONE)
			unkept->beside = reply->problem;
		if (!is_wish(message) || reply->problem.kind == PROBLEM_NONE)
			continue;
		struct outbox_row *place = arena_next_row(arena, &rows);
		*place = row_copy(arena, &message->row);
		rows.count++;
		unkept->why = reply->problem;
		unkept->perhaps_kept = unkept->perhaps_kept || reply->perhaps_kept;
	}
	unkept->wishes = rows.first;
	unkept->count = rows.count;
}

void store_finish(struct store *store, struct arena *arena, struct store_unkept *unkept)
{
	*unkept = (struct store_unkept){ .why = { .kind = PROBLEM_NONE }, .beside = { .kind = PROBLEM_NONE } };
	store_file_stay_behind(store->path);
	pthread_mutex_lock(&store->mutex);
	while (!store->finished)
		pthread_cond_wait(&store->ended, &store->mutex);
	find_unkept(store, arena, unkept);
	pthread_mutex_unlock(&store->mutex);
	store_release(store);
}

/* A thread that is still at work releases it then, or the end of the program does. */
void store_close(struct store *store, int patience_ms)
{
	size_t wishes;
	if (!store || store_leave(store, patience_ms, &wishes))
		return;
	pthread_mutex_lock(&store->mutex);
	bool finished = store->finished;
	store->abandoned = !finished;
	pthread_mutex_unlock(&store->mutex);
	if (finished)
		store_release(store);
}

int store_fd(const struct store *store)
{
	return store->pipe[0];
}

bool store_next(struct store *store, struct store_reply *reply)
{
	pthread_mutex_lock(&store->mutex);
	struct message *message = queue_take(&store->replies);
	if (!store->replies.first && store->calls) {
		char byte;
		while (read(store->pipe[0], &byte, 1) < 0 && errno == EINTR)
			;
		store->calls = false;
	}
	pthread_mutex_unlock(&store->mutex);
	if (!message)
		return false;
	*reply = message->reply;
	free(message);
	return true;
}

static struct message *message_new(enum message_kind kind, enum store_reply_kind reply, const char *site,
                                   const char *list)
{
	struct message *message = memory_get(sizeof *message);
	message->kind = kind;
	message->reply.kind = reply;
	message->reply.arena = arena_new();
	message->reply.site = arena_copy_text(message->reply.arena, site);
	message->reply.list = arena_copy_text(message->reply.arena, list);
	return message;
}

static void give(struct store *store, struct message *message)
{
	pthread_mutex_lock(&store->mutex);
	queue_add(&store->messages, message);
	pthread_cond_signal(&store->wake);
	pthread_mutex_unlock(&store->mutex);
}

void store_put_snapshot(struct store *store, const char *site, const char *list, bool personal,
                        const char *etag, int64_t as_of, const char *bytes, size_t length)
{
	struct message *message = message_new(MESSAGE_PUT_SNAPSHOT, STORE_SNAPSHOT, site, list);
	message->personal = personal;
	message->reply.etag = arena_copy_text(message->reply.arena, etag);
	message->reply.as_of = as_of;
	message->reply.bytes = arena_copy_bytes(message->reply.arena, bytes, length);
	message->reply.length = length;
	give(store, message);
}

void store_get_snapshot(struct store *store, const char *site, const char *list)
{
	give(store, message_new(MESSAGE_GET_SNAPSHOT, STORE_SNAPSHOT, site, list));
}

void store_forget_personal(struct store *store, const char *site)
{
	give(store, message_new(MESSAGE_FORGET_PERSONAL, STORE_TROUBLE, site, NULL));
}

void store_put_wish(struct store *store, const struct outbox_row *row)
{
	struct message *message = message_new(MESSAGE_PUT_WISH, STORE_WRITTEN, row->site, NULL);
	message->row = row_copy(message->reply.arena, row);
	memcpy(message->reply.id, row->id, sizeof message->reply.id);
	give(store, message);
}

void store_do(struct store *store, struct store_work *work)
{
	struct message *message = message_new(MESSAGE_WORK, STORE_DID, NULL, NULL);
	message->reply.work = work;
	give(store, message);
}

void store_load_wishes(struct store *store)
{
	struct message *message = message_new(MESSAGE_LOAD_WISHES, STORE_WISHES, NULL, NULL);
	message->sites = arena_copy_text(message->reply.arena, store->sites ? store->sites : "");
	give(store, message);
}

void store_take_up_only(struct store *store, const char *const *sites, size_t count)
{
	struct arena *arena = arena_new();
	const char *list = ",";
	for (size_t at = 0; at < count; at++)
		list = arena_print(arena, "%s%s,", list, sites[at]);
	free(store->sites);
	store->sites = memory_copy_text(list);
	arena_free(arena);
}
