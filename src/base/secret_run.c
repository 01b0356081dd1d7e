/* secret_run.c — see secret_run.h. */
#define _GNU_SOURCE   /* POSIX_SPAWN_SETSID, in POSIX since 2024 */
#include "hacktiv/base/secret_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hacktiv/base/clock.h"
#include "hacktiv/base/i18n.h"
#include "hacktiv/base/memory.h"
#include "hacktiv/base/secret.h"

#define OUTPUT_MAX 65536   /* bytes that are read at all; the secret itself is SECRET_MAX at most */
#define CHILD_POLL_MS 20   /* its output is over and it is not: looked at this often */

extern char **environ;

struct secret_run {
	pid_t pid;
	int fd;
	char line[SECRET_MAX + 1];
	size_t length, read;
	bool line_over, too_long;
	int64_t ends_at_ms, look_at_ms;
};

/* ---- starting ---- */

static char **environment_without_terminal(void)
{
	size_t count = 0, kept = 0;
	while (environ[count])
		count++;
	char **copy = memory_get_array(count + 1, sizeof *copy);
	for (size_t i = 0; i < count; i++) {
		if (strncmp(environ[i], "GPG_TTY=", strlen("GPG_TTY=")) != 0)
			copy[kept++] = environ[i];
	}
	return copy;
}

static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, usual;
	sigemptyset(&none);
	sigfillset(&usual);
	sigdelset(&usual, SIGKILL);
	sigdelset(&usual, SIGSTOP);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &usual);   /* we ignore SIGPIPE: that would be inherited */
#ifdef POSIX_SPAWN_SETSID
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
#else
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
#endif
}

static int spawn(pid_t *pid, const char *const *words, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	set_attributes(&attributes);
	char **environment = environment_without_terminal();
	int error = posix_spawnp(pid, words[0], &files, &attributes, (char *const *)(uintptr_t)words, environment);
	free(environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

struct secret_run *secret_run_start(const char *const *words, struct problem *why)
{
	int ends[2];
	int error = pipe(ends) == 0 ? 0 : errno;
	struct secret_run *run = memory_get(sizeof *run);
	if (!error) {
		for (int i = 0; i < 2; i++)
			fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		error = spawn(&run->pid, words, ends[1]);
		close(ends[1]);
		if (error)
			close(ends[0]);
	}
	if (error) {
		free(run);
		problem_set(why, PROBLEM_MISSING, "password_command", _("password_command cannot be started: %s."), strerror(error));
		return NULL;
	}
	run->fd = ends[0];
	run->ends_at_ms = clock_monotonic_ms() + SECRET_RUN_PATIENCE_MS;
	return run;
}

int secret_run_fd(const struct secret_run *run)
{
	return run->fd;
}

int64_t secret_run_next_ms(const struct secret_run *run)
{
	return run->look_at_ms ? run->look_at_ms : run->ends_at_ms;
}

/* ---- reading ---- */

static void take(struct secret_run *run, const char *bytes, size_t length)
{
	run->read += length;
	for (size_t i = 0; i < length && !run->line_over; i++) {
		run->line_over = bytes[i] == '\n' || bytes[i] == '\0';
		if (run->line_over)
			return;
		run->too_long = run->length == SECRET_MAX;
		run->line_over = run->too_long;
		if (!run->too_long)
			run->line[run->length++] = bytes[i];
	}
}

static void read_output(struct secret_run *run)
{
	char bytes[4096];
	ssize_t got = -1;
	while (run->fd >= 0 && (got = read(run->fd, bytes, sizeof bytes)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			break;
		if (got < 0 || run->read > OUTPUT_MAX) {
			got = 0;
			break;
		}
		take(run, bytes, (size_t)got);
	}
	explicit_bzero(bytes, sizeof bytes);
	if (run->fd >= 0 && got == 0) {
		close(run->fd);
		run->fd = -1;
	}
}

static void end_all(const struct secret_run *run)
{
	kill(-run->pid, SIGKILL);
	kill(run->pid, SIGKILL);
}

static enum secret_run_state judge(struct secret_run *run, int status, char **secret, struct problem *why)
{
	while (run->length > 0 && run->line[run->length - 1] == '\r')
		run->length--;
	run->line[run->length] = '\0';
	if (run->too_long)   /* then we heard it out no further, and how it ended says nothing */
		problem_set(why, PROBLEM_REFUSED, "password_command", _("password_command told something too long for a password."));
	else if (WIFSIGNALED(status))
		problem_set(why, PROBLEM_REFUSED, "password_command", _("password_command was ended by signal %d."), WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		problem_set(why, PROBLEM_REFUSED, "password_command", _("password_command ended with status %d."), WEXITSTATUS(status));
	else if (run->length == 0)
		problem_set(why, PROBLEM_REFUSED, "password_command", _("password_command told no password."));
	else {
		*secret = memory_copy_text(run->line);
		return SECRET_TOLD;
	}
	return SECRET_NOT_TOLD;
}

enum secret_run_state secret_run_turn(struct secret_run *run, int64_t now_ms, char **secret, struct problem *why)
{
	int status;
	read_output(run);
	if (now_ms >= run->ends_at_ms) {
		problem_set(why, PROBLEM_REFUSED, "password_command", _("password_command did not end within a minute."));
		return SECRET_NOT_TOLD;
	}
	if (run->fd >= 0)
		return SECRET_RUNNING;
	if (waitpid(run->pid, &status, WNOHANG) != run->pid) {
		run->look_at_ms = now_ms + CHILD_POLL_MS;
		return SECRET_RUNNING;
	}
	kill(-run->pid, SIGKILL);   /* what it left behind */
	run->pid = 0;
	return judge(run, status, secret, why);
}

void secret_run_stop(struct secret_run *run)
{
	if (!run)
		return;
	if (run->pid) {
		end_all(run);
		for (int i = 0; i < 2 && waitpid(run->pid, NULL, WNOHANG) == 0; i++)
			;   /* one that is not gone yet is left to the end of this process */
	}
	if (run->fd >= 0)
		close(run->fd);
	explicit_bzero(run, sizeof *run);
	free(run);
}
