/* porter.c — see porter.h. */
#include "porter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hacktiv/base.h"

#define WORD SIGRTMIN          /* from the process that works: the status to end with, and */
#define STAYS_BEHIND 256       /* whether its own end is not to be waited for */
#ifdef __SANITIZE_ADDRESS__
#define PATIENCE_S 60          /* what it finds at the end decides the status */
#define PATIENCE_NS 0
#else
#define PATIENCE_S 0
#define PATIENCE_NS 15000000   /* with the 30 ms that the store has, and what is said, less than the 50 in which hacktiv ends */
#endif

/* ---- the porter ---- */

/* As who worked did; without a core of our own, for theirs would have told something. */
static _Noreturn void end_as(int wait_status)
{
	if (WIFEXITED(wait_status))
		_exit(WEXITSTATUS(wait_status));
	int number = WTERMSIG(wait_status);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	signal(number, SIG_DFL);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + number);   /* the first process of a container is not killed by itself */
}

static void look_after(pid_t worker)
{
	int status;
	while (waitpid(worker, &status, WNOHANG | WUNTRACED) == worker) {
		if (!WIFSTOPPED(status))
			end_as(status);
		raise(SIGSTOP);   /* the shell takes the terminal; SIGCONT comes here too, and is handed on */
	}
}

/* What a terminal sends (Ctrl-C, its end), it sends to both. */
static bool is_for_the_worker(const siginfo_t *signal, pid_t worker)
{
	return signal->si_code <= 0 && signal->si_pid != worker;
}

/* A shell wakes both of us: told once more that it goes on, it would draw its screen a second time. Not waitpid(), which would take its end
 * for an answer, too. */
static bool goes_on_already(pid_t worker)
{
	siginfo_t about = { .si_pid = 0 };
	return waitid(P_PID, (id_t)worker, &about, WCONTINUED | WNOHANG) == 0 && about.si_pid == worker;
}

static _Noreturn void keep_the_door(pid_t worker)
{
	sigset_t all;
	sigfillset(&all);
	const struct timespec patience = { .tv_sec = PATIENCE_S, .tv_nsec = PATIENCE_NS };
	int end_status = -1;
	for (;;) {
		siginfo_t signal;
		int number = end_status < 0 ? sigwaitinfo(&all, &signal) : sigtimedwait(&all, &signal, &patience);
		if (number < 0 && errno == EAGAIN)
			_exit(end_status);
		if (number == WORD && signal.si_pid == worker) {
			end_status = signal.si_value.sival_int & ~STAYS_BEHIND;
			if (signal.si_value.sival_int & STAYS_BEHIND)
				_exit(end_status);
		}
		if (number == SIGCHLD)
			look_after(worker);
		else if (number > 0 && is_for_the_worker(&signal, worker) && !(number == SIGCONT && goes_on_already(worker)))
			kill(worker, number);
	}
}

/* ---- the process that works ---- */

pid_t porter_start(void)
{
	pid_t porter = getpid();
	signal(SIGCHLD, SIG_DFL);   /* ignored by who started us, its end would be told to nobody */
	sigset_t all, before;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);   /* none is lost from here on */
	pid_t worker = fork();
	if (worker > 0)
		keep_the_door(worker);
	if (worker == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != porter)
			_exit(EXIT_FAILURE);   /* it died before that was said */
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (worker == 0)
		return porter;
	log_line(LOG_LEVEL_WARNING, "no process to wait at the door: %s", strerror(errno));
	return 0;
}

static void tell(pid_t porter, int word)
{
	if (porter)
		sigqueue(porter, WORD, (union sigval){ .sival_int = word });
}

void porter_take_leave(pid_t porter, int status)
{
	prctl(PR_SET_PDEATHSIG, 0);
	tell(porter, status & 255);
}

static void close_standard_files(void)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
		if (file != STDERR_FILENO || !isatty(file))   /* whoever reads it to its end must not wait for the disk */
			dup2(nothing, file);
	}
	if (nothing > STDERR_FILENO)
		close(nothing);
}

static const int deaf_to[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU };

void porter_stay_behind(pid_t porter, int status)
{
	prctl(PR_SET_PDEATHSIG, 0);
	setsid();
	for (size_t at = 0; at < COUNT_OF(deaf_to); at++)
		signal(deaf_to[at], SIG_IGN);
	if (chdir("/") != 0)
		log_line(LOG_LEVEL_WARNING, "it keeps a directory busy: %s", strerror(errno));
	close_standard_files();
	tell(porter, (status & 255) | STAYS_BEHIND);
}
