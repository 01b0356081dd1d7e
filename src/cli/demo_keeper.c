/* demo_keeper.c — see demo_keeper.h. */
#include "demo_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define READY_PATIENCE_MS 30000
#define STOP_PATIENCE_MS  10000
#define RETRY_MS             50
#define READY_LINE_MAX     1000u
#define LOG_MAX         1000000u
#define FILES_MOST         1024   /* descriptors looked at when the keeper lets go of what it inherited */

bool lock_with_patience(int lock, int patience_ms)
{
	int64_t until = clock_monotonic_ms() + patience_ms;
	while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		if (clock_monotonic_ms() >= until)
			return false;
		nanosleep(&(struct timespec){ .tv_nsec = RETRY_MS * 1000000L }, NULL);
	}
	return true;
}

/* ---- in the keeper ---- */

/* Whoever reads our standard output to its end must not wait for the keeper. */
static void let_go_of_files(int keep, int keep_too)
{
	for (int file = 0; file < FILES_MOST; file++) {
		if (file != keep && file != keep_too)
			close(file);
	}
	open("/dev/null", O_RDWR);
	for (int file = 1; file <= 2; file++)
		dup2(0, file);
}

/* `alive` and `ready` may themselves be below 3 when the shell closed its files: out of the way first. */
static int move_up(int file)
{
	return file < 3 ? fcntl(file, F_DUPFD, 3) : file;
}

__attribute__((noreturn))
static void become_server(const struct keeper *keeper, int ready)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGTERM);   /* should the keeper itself be killed */
#endif
	int log = open(keeper->log_path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	dup2(ready, STDOUT_FILENO);
	if (log >= 0)
		dup2(log, STDERR_FILENO);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	execv(keeper->server, (char *const *)(uintptr_t)keeper->arguments);
	_exit(127);
}

static bool has_hung_up(int file, int timeout_ms)
{
	struct pollfd poll_fd = { .fd = file, .events = 0 };
	return poll(&poll_fd, 1, timeout_ms) > 0 && (poll_fd.revents & (POLLHUP | POLLERR));
}

/* True when the last demo has gone and no other came while the lock was taken; then the lock is ours for good. */
static bool nobody_left(const struct keeper *keeper, int lock)
{
	while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		nanosleep(&(struct timespec){ .tv_nsec = RETRY_MS * 1000000L }, NULL);
		if (!has_hung_up(keeper->alive, 0))
			return false;   /* the one who held the lock has joined */
	}
	if (has_hung_up(keeper->alive, 0))
		return true;
	flock(lock, LOCK_UN);
	return false;
}

static void stop_server(pid_t server, int life)
{
	kill(server, SIGTERM);
	if (!has_hung_up(life, STOP_PATIENCE_MS))
		kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

/* `life` hangs up when hacktivd is gone: its writing end is held by that process alone. */
static void watch(const struct keeper *keeper, pid_t server, int life, int lock)
{
	for (;;) {
		struct pollfd files[] = { { .fd = keeper->alive }, { .fd = life } };
		if (poll(files, COUNT_OF(files), -1) < 0 && errno != EINTR)
			break;
		if (files[1].revents)
			break;
		if ((files[0].revents & (POLLHUP | POLLERR)) && nobody_left(keeper, lock))
			break;
	}
	stop_server(server, life);
}

__attribute__((noreturn))
static void keep(const struct keeper *inherited, int ready)
{
	struct keeper keeper = *inherited;
	setsid();   /* Ctrl-C and a closed terminal are for the demos, not for their server */
	for (int number = 1; number < NSIG; number++) {
		if (number != SIGCHLD && number != SIGTERM)
			signal(number, SIG_IGN);
	}
	ready = move_up(ready);
	keeper.alive = move_up(keeper.alive);
	let_go_of_files(ready, keeper.alive);
	int life[2];
	int lock = open(keeper.lock_path, O_RDWR | O_CLOEXEC);
	if (lock < 0 || pipe(life) != 0)
		_exit(1);
	fcntl(life[0], F_SETFD, FD_CLOEXEC);
	fcntl(keeper.alive, F_SETFD, FD_CLOEXEC);
	fcntl(ready, F_SETFD, FD_CLOEXEC);
	pid_t server = fork();
	if (server == 0)
		become_server(&keeper, ready);
	close(ready);
	close(life[1]);
	if (server > 0)
		watch(&keeper, server, life[0], lock);
	_exit(0);
}

/* ---- in the demo ---- */

static const char *last_line(struct arena *arena, const char *path)
{
	struct buffer log;
	if (!path_read(path, LOG_MAX, &log, NULL))
		return "";
	while (log.length && log.bytes[log.length - 1] == '\n')
		log.bytes[--log.length] = '\0';
	const char *newline = strrchr(log.bytes, '\n');
	const char *line = newline ? newline + 1 : log.bytes;
	line = text_clean(arena, line, strlen(line), TEXT_ONE_LINE, TEXT_LINE_MAX);
	buffer_clear(&log);
	return line;
}

/* True once the server has said that it listens. */
static bool wait_until_ready(int ready)
{
	struct buffer said;
	buffer_init(&said, READY_LINE_MAX);
	int64_t until = clock_monotonic_ms() + READY_PATIENCE_MS;
	bool listens = false;
	for (;;) {
		struct pollfd file = { .fd = ready, .events = POLLIN };
		int64_t left = until - clock_monotonic_ms();
		int polled = left > 0 ? poll(&file, 1, (int)left) : 0;
		if (polled < 0 && errno == EINTR)
			continue;
		char bytes[256];
		ssize_t got = polled > 0 ? read(ready, bytes, sizeof bytes) : 0;
		if (got <= 0 || !buffer_add(&said, bytes, (size_t)got))
			break;
		listens = strstr(said.bytes, "listening on") && strchr(said.bytes, '\n');
		if (listens)
			break;
	}
	buffer_clear(&said);
	return listens;
}

bool keeper_start(const struct keeper *keeper, struct problem *why)
{
	int ready[2];
	if (pipe(ready) != 0)
		return problem_set(why, PROBLEM_IO, "hacktivd", _("hacktivd could not be started: %s."), strerror(errno));
	fcntl(ready[0], F_SETFD, FD_CLOEXEC);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		keep(keeper, ready[1]);
	close(ready[1]);
	bool listens = child > 0 && wait_until_ready(ready[0]);
	close(ready[0]);
	if (listens)
		return true;
	struct arena *arena = arena_new();
	problem_set(why, PROBLEM_IO, "hacktivd", _("hacktivd did not start. It said: “%1$s” (%2$s)."),
	            last_line(arena, keeper->log_path), keeper->log_path);
	arena_free(arena);
	return false;
}
