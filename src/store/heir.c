/* heir.c — see heir.h, and store_inherit() of store.h. */
#include "heir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "legacy.h"
#include "rows.h"

#define NOBODY (-1)           /* an owner that there is not */
#define HAND_OVER_MS 1000     /* only what is larger than a pipe is waited for at all */

extern char **environ;

/* ---- in the process that leaves ---- */

/* It may have been replaced by a newer one while it ran: this one still knows the form. */
static const char *itself(const char *program)
{
	static const char running[] = "/proc/self/exe";
	return access(running, X_OK) == 0 ? running : program;
}

/* What a closing terminal and Ctrl-C say is for who has just left. Blocked and not ignored: that holds from its first instant on. */
static void block_signals(posix_spawnattr_t *attributes)
{
	static const int deaf_to[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU };
	sigset_t set;
	sigemptyset(&set);
	for (size_t at = 0; at < COUNT_OF(deaf_to); at++)
		sigaddset(&set, deaf_to[at]);
	posix_spawnattr_setsigmask(attributes, &set);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK);
}

static bool start(const char *program, int input)
{
	char *const arguments[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)STORE_HEIR_WORD, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_RDWR, 0);
	if (!isatty(STDERR_FILENO))   /* whoever reads it to its end must not wait for the disk */
		posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_RDWR, 0);
	block_signals(&attributes);
	pid_t child;
	int error = posix_spawnp(&child, itself(program), &files, &attributes, arguments, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	if (error)
		log_line(LOG_LEVEL_WARNING, "store: nobody could be started to wait for the disk: %s", strerror(error));
	return error == 0;
}

static bool pour(int out, const struct buffer *bytes)
{
	int64_t until_ms = clock_monotonic_ms() + HAND_OVER_MS;
	for (size_t at = 0; at < bytes->length;) {
		ssize_t written = write(out, bytes->bytes + at, bytes->length - at);
		if (written > 0) {
			at += (size_t)written;
			continue;
		}
		struct pollfd room = { .fd = out, .events = POLLOUT };
		int64_t left_ms = until_ms - clock_monotonic_ms();
		if ((written < 0 && errno != EAGAIN && errno != EINTR) || left_ms <= 0 || (poll(&room, 1, (int)left_ms) < 0 && errno != EINTR))
			return false;
	}
	return true;
}

bool heir_start(const char *program, const struct buffer *legacy)
{
	int ends[2];
	if (pipe(ends) != 0)
		return false;
	/* Above the standard files, or who is started would find its input closed. */
	int in = fcntl(ends[0], F_DUPFD_CLOEXEC, STDERR_FILENO + 1), out = fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(ends[0]);
	close(ends[1]);
	bool given = in >= 0 && out >= 0 && fcntl(out, F_SETFL, O_NONBLOCK) == 0 && start(program, in);
	close(in);
	given = given && pour(out, legacy);
	close(out);
	return given;
}

/* ---- in the heir ---- */

static bool read_to_end(int input, struct buffer *out)
{
	char bytes[4096];
	buffer_init(out, LEGACY_BYTES_MAX);
	for (;;) {
		ssize_t got = read(input, bytes, sizeof bytes);
		if (got == 0 || (got < 0 && errno != EINTR))
			return got == 0;
		if (got > 0 && !buffer_add(out, bytes, (size_t)got))
			return false;
	}
}

static void keep_unkept(struct arena *arena, struct arena_rows *rows, const struct outbox_row *row)
{
	struct outbox_row *place = arena_next_row(arena, rows);
	*place = *row;
	rows->count++;
}

static void write_down(struct store_file *file, const struct legacy *legacy, struct arena *arena, struct store_unkept *unkept)
{
	struct arena_rows rows = { .bytes = sizeof(struct outbox_row) };
	int64_t owner = legacy->owner ? legacy->owner : NOBODY;   /* without a number it had no row either */
	for (size_t at = 0; at < legacy->count; at++) {
		const struct legacy_item *item = &legacy->items[at];
		struct problem *why = &unkept->why;
		if (item->kind == LEGACY_FORGET_PERSONAL) {
			if (file->sql && rows_forget_personal(file->sql, item->site, why))
				store_file_empty_log(file);
			store_file_drop_aside(file->path, INT64_MAX);
		} else if (!file->sql) {
			*why = file->problem;
			keep_unkept(arena, &rows, &item->row);
		} else if (!rows_put_wish(file->sql, &file->owner, &item->row, owner, NULL, why)) {
			bool flush_failed = sql_perhaps_kept(file->sql);   /* or who left had it there already, not surely */
			unkept->perhaps_kept = unkept->perhaps_kept || flush_failed || rows_has_wish(file->sql, item->row.id);
			keep_unkept(arena, &rows, &item->row);
		}
	}
	unkept->wishes = rows.first;
	unkept->count = rows.count;
}

bool store_inherit(int input, const struct clock *clock, struct arena *arena, struct store_unkept *unkept)
{
	struct buffer bytes;
	struct legacy legacy = { .path = NULL };
	*unkept = (struct store_unkept){ .why = { .kind = PROBLEM_NONE } };
	bool mine = read_to_end(input, &bytes) && legacy_read(&bytes, arena, &legacy);
	buffer_clear(&bytes);
	if (!mine)
		return false;
	setsid();
	if (chdir("/") != 0)
		log_line(LOG_LEVEL_WARNING, "store: %s", strerror(errno));   /* it keeps a file system busy, no more */
	struct store_file file;
	struct problem told = { .kind = PROBLEM_NONE };
	store_file_open(&file, legacy.path, clock, true, &told);
	write_down(&file, &legacy, arena, unkept);
	store_file_close(&file);
	return true;
}
