/* farewell.c — see farewell.h. */
#include "farewell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hacktiv/base.h"

#define TURN_BYTES (64 * 1024)     /* of one connection, before the next has its turn */
#define FILES_EACH 64              /* one in so many descriptors may be waiting here */

struct ended {
	int descriptor;
	int64_t heard_ms;
	int64_t until_ms;
};

struct farewell {
	pthread_t thread;
	int wake[2];
	size_t room;
	pthread_mutex_t guard;              /* the three below. Others only add at the end */
	struct ended ended[FAREWELL_MAX];
	size_t count;
	bool stopped;
};

static int64_t deadline(const struct ended *ended)
{
	int64_t silent_ms = ended->heard_ms + FAREWELL_SILENCE_MS;
	return silent_ms < ended->until_ms ? silent_ms : ended->until_ms;
}

/* False: the other end has hung up. */
static bool throw_away(struct ended *ended, int64_t now_ms)
{
	char bytes[8192];
	ssize_t got;
	for (size_t all = 0; (got = recv(ended->descriptor, bytes, sizeof bytes, MSG_DONTWAIT)) > 0;) {
		ended->heard_ms = now_ms;
		all += (size_t)got;
		if (all >= TURN_BYTES)
			return true;
	}
	return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

/* How many there are to wait for, and for how long at most; -1: until something is told. */
static size_t look_round(struct farewell *farewell, struct pollfd *polled, int *patience_ms, bool *stopped)
{
	pthread_mutex_lock(&farewell->guard);
	int64_t now_ms = clock_monotonic_ms();
	size_t count = farewell->count;
	*stopped = farewell->stopped;
	*patience_ms = -1;
	for (size_t i = 0; i < count; i++) {
		polled[i] = (struct pollfd){ farewell->ended[i].descriptor, POLLIN, 0 };
		int64_t left_ms = deadline(&farewell->ended[i]) - now_ms;
		if (*patience_ms < 0 || left_ms < *patience_ms)
			*patience_ms = left_ms > 0 ? (int)left_ms : 0;
	}
	pthread_mutex_unlock(&farewell->guard);
	return count;
}

static void serve(struct farewell *farewell, const struct pollfd *polled, size_t count)
{
	pthread_mutex_lock(&farewell->guard);
	int64_t now_ms = clock_monotonic_ms();
	for (size_t i = count; i-- > 0;) {
		struct ended *ended = &farewell->ended[i];
		bool there = !polled[i].revents || throw_away(ended, now_ms);
		if (there && now_ms < deadline(ended))
			continue;
		close(ended->descriptor);
		*ended = farewell->ended[--farewell->count];
	}
	pthread_mutex_unlock(&farewell->guard);
}

static void *farewell_main(void *context)
{
	struct farewell *farewell = context;
	struct pollfd polled[FAREWELL_MAX + 1];
	for (;;) {
		bool stopped;
		int patience_ms;
		size_t count = look_round(farewell, polled, &patience_ms, &stopped);
		if (stopped)
			return NULL;
		polled[count] = (struct pollfd){ farewell->wake[0], POLLIN, 0 };
		if (poll(polled, count + 1, patience_ms) < 0)
			for (size_t i = 0; i <= count; i++)
				polled[i].revents = 0;
		char bytes[16];
		while (polled[count].revents && read(farewell->wake[0], bytes, sizeof bytes) > 0)
			;
		serve(farewell, polled, count);
	}
}

static void wake(struct farewell *farewell)
{
	(void)!write(farewell->wake[1], "", 1);
}

size_t farewell_room(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur / FILES_EACH >= FAREWELL_MAX)
		return FAREWELL_MAX;
	return files.rlim_cur / FILES_EACH;
}

struct farewell *farewell_new(void)
{
	struct farewell *farewell = memory_get(sizeof *farewell);
	farewell->room = farewell_room();
	pthread_mutex_init(&farewell->guard, NULL);
	if (pipe(farewell->wake) != 0)
		die("a pipe cannot be made");
	for (int i = 0; i < 2; i++) {
		fcntl(farewell->wake[i], F_SETFD, FD_CLOEXEC);
		fcntl(farewell->wake[i], F_SETFL, O_NONBLOCK);
	}
	if (pthread_create(&farewell->thread, NULL, farewell_main, farewell) != 0)
		die("a thread cannot be started");
	return farewell;
}

void farewell_free(struct farewell *farewell)
{
	if (!farewell)
		return;
	pthread_mutex_lock(&farewell->guard);
	farewell->stopped = true;
	pthread_mutex_unlock(&farewell->guard);
	wake(farewell);
	pthread_join(farewell->thread, NULL);
	for (size_t i = 0; i < farewell->count; i++)
		close(farewell->ended[i].descriptor);
	close(farewell->wake[0]);
	close(farewell->wake[1]);
	pthread_mutex_destroy(&farewell->guard);
	free(farewell);
}

void farewell_take(struct farewell *farewell, int descriptor)
{
	shutdown(descriptor, SHUT_WR);
	pthread_mutex_lock(&farewell->guard);
	int ours = farewell->count < farewell->room ? fcntl(descriptor, F_DUPFD_CLOEXEC, 0) : -1;
	if (ours >= 0) {
		int64_t now_ms = clock_monotonic_ms();
		farewell->ended[farewell->count++] = (struct ended){ ours, now_ms, now_ms + FAREWELL_LIMIT_MS };
	}
	pthread_mutex_unlock(&farewell->guard);
	if (ours >= 0)
		wake(farewell);
}
