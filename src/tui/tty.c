/* tty.c — see tty.h. */
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CRASH_STACK (64 * 1024)
#define FAREWELL_MS 30   /* how long leaving waits for a terminal that takes nothing */

/* What a signal handler may see. The terminal is one per process, and so is this. */
static struct {
	volatile sig_atomic_t armed;
	int fd;
	int pipe;
	struct termios cooked;
	char restore[TTY_RESTORE_MAX];
	size_t restore_length;
	char words[TTY_WORDS_MAX];
	size_t words_length;
	int words_fd;
	void *crash_stack;
} at_hand;

static const int announced[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGHUP, SIGTERM, SIGINT, SIGQUIT};
static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};
static struct sigaction before_crash[COUNT_OF(crashes)];

void tty_set_restore(const char *bytes, size_t length)
{
	if (length > TTY_RESTORE_MAX)
		return;
	memcpy(at_hand.restore, bytes, length);
	at_hand.restore_length = length;
}

void tty_set_last_words(const char *words)
{
	at_hand.words_length = strnlen(words, TTY_WORDS_MAX - 1);
	memcpy(at_hand.words, words, at_hand.words_length);
	at_hand.words[at_hand.words_length++] = '\n';
}

/* A job in the background must not touch the terminal: tcsetattr() would stop it instead of letting it end. */
static bool in_foreground(int fd)
{
	pid_t owner = tcgetpgrp(fd);
	return owner < 0 || owner == getpgrp();
}

/* False: the terminal takes nothing for long, or is gone. Async-signal-safe. */
static bool takes_more(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	return poll(&ready, 1, FAREWELL_MS) == 1 && !(ready.revents & (POLLERR | POLLHUP | POLLNVAL));
}

/* Async-signal-safe. */
static void give_back(void)
{
	if (!at_hand.armed)
		return;
	at_hand.armed = 0;
	if (!in_foreground(at_hand.fd))
		return;
	size_t sent = 0;
	while (sent < at_hand.restore_length) {
		ssize_t now = write(at_hand.fd, at_hand.restore + sent, at_hand.restore_length - sent);
		if (now > 0)
			sent += (size_t)now;
		else if (now < 0 && errno == EINTR)
			continue;
		else if (now == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) || !takes_more(at_hand.fd))
			break;
	}
	tcsetattr(at_hand.fd, TCSANOW, &at_hand.cooked);
}

static void on_signal(int number)
{
	int kept = errno;
	unsigned char byte = (unsigned char)number;
	ssize_t ignored = write(at_hand.pipe, &byte, 1);
	(void)ignored;
	errno = kept;
}

/* Where standard error is this terminal, by our own way to it, which never blocks. */
static void say_last_words(void)
{
	if (!takes_more(at_hand.words_fd))
		return;
	ssize_t ignored = write(at_hand.words_fd, at_hand.words, at_hand.words_length);
	(void)ignored;
}

/* Gives the terminal back, then lets whoever was there before (a sanitizer, the system's core) see the same fault: by running into
 * it again, or, when it was sent by somebody, by sending it again. */
static void on_crash(int number, siginfo_t *details, void *context)
{
	(void)context;
	give_back();
	log_last_words(number);
	say_last_words();
	for (size_t i = 0; i < COUNT_OF(crashes); i++)
		if (crashes[i] == number)
			sigaction(number, &before_crash[i], NULL);
	if (details->si_code <= 0)
		raise(number);
}

/* A stack that ran over has no room for a handler. */
static void open_crash_stack(void)
{
	stack_t now;
	if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE))
		return;
	at_hand.crash_stack = memory_get(CRASH_STACK);
	stack_t stack = {.ss_sp = at_hand.crash_stack, .ss_size = CRASH_STACK};
	sigaltstack(&stack, NULL);
}

static void close_crash_stack(void)
{
	if (!at_hand.crash_stack)
		return;
	stack_t none = {.ss_flags = SS_DISABLE, .ss_size = CRASH_STACK};
	sigaltstack(&none, NULL);
	free(at_hand.crash_stack);
	at_hand.crash_stack = NULL;
}

static void note_signal(int number)
{
	struct sigaction note = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	sigemptyset(&note.sa_mask);
	sigaction(number, &note, NULL);
}

static void listen_for_signals(void)
{
	for (size_t i = 0; i < COUNT_OF(announced); i++) {
		struct sigaction now;
		sigaction(announced[i], NULL, &now);
		if (announced[i] == SIGHUP && now.sa_handler == SIG_IGN)
			continue;   /* nohup: the end of the terminal is seen when reading it */
		note_signal(announced[i]);
	}
	open_crash_stack();
	struct sigaction crash = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigemptyset(&crash.sa_mask);
	for (size_t i = 0; i < COUNT_OF(crashes); i++)
		sigaction(crashes[i], &crash, &before_crash[i]);
	signal(SIGPIPE, SIG_IGN);
}

static void stop_listening(void)
{
	for (size_t i = 0; i < COUNT_OF(announced); i++) {
		struct sigaction now;
		sigaction(announced[i], NULL, &now);
		if (now.sa_handler == on_signal)
			signal(announced[i], SIG_DFL);
	}
	for (size_t i = 0; i < COUNT_OF(crashes); i++)
		sigaction(crashes[i], &before_crash[i], NULL);
	close_crash_stack();
}

static int open_terminal(void)
{
	const int flags = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++) {
		const char *name = isatty(fd) ? ttyname(fd) : NULL;
		int opened = name ? open(name, flags) : -1;
		if (opened >= 0)
			return opened;
	}
	return open("/dev/tty", flags);
}

/* Never one of 0, 1, 2: when those were closed, somebody's printf() would land in it. */
static int above_standard(int fd)
{
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return moved;
}

static bool open_pipe(int ends[2])
{
	if (pipe(ends) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = above_standard(ends[i]);
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
	return true;
}

static bool is_same_terminal(int one, int other)
{
	struct stat a, b;
	return fstat(one, &a) == 0 && fstat(other, &b) == 0 && S_ISCHR(b.st_mode) && a.st_rdev == b.st_rdev;
}

bool tty_open(struct tty *tty, struct problem *why)
{
	*tty = (struct tty){.signals = {-1, -1}};
	tty->fd = above_standard(open_terminal());
	if (tty->fd < 0 || tcgetattr(tty->fd, &tty->cooked) != 0) {
		if (tty->fd >= 0)
			close(tty->fd);
		return problem_set(why, PROBLEM_MISSING, "terminal", _("There is no terminal to draw on."));
	}
	if (!open_pipe(tty->signals)) {
		close(tty->fd);
		return problem_set(why, PROBLEM_IO, "terminal", _("The system gives no more files: %s."), strerror(errno));
	}
	at_hand.fd = tty->fd;
	at_hand.pipe = tty->signals[1];
	at_hand.cooked = tty->cooked;
	at_hand.words_fd = is_same_terminal(tty->fd, STDERR_FILENO) ? tty->fd : STDERR_FILENO;
	die_prepare(give_back);
	listen_for_signals();
	tty_raw(tty);
	return true;
}

void tty_raw(struct tty *tty)
{
	struct termios raw = tty->cooked;
	raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON | PARMRK);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	raw.c_cc[VMIN] = 1;   /* so that reading nothing means the end, and EAGAIN means not yet */
	raw.c_cc[VTIME] = 0;
	at_hand.armed = 1;
	tcsetattr(tty->fd, TCSANOW, &raw);
	/* Another thread that died in between has given it back already. */
	if (!at_hand.armed)
		tcsetattr(tty->fd, TCSANOW, &tty->cooked);
}

void tty_close(struct tty *tty)
{
	give_back();
	die_prepare(NULL);
	stop_listening();
	close(tty->fd);
	close(tty->signals[0]);
	close(tty->signals[1]);
	free(tty->waiting);
	*tty = (struct tty){.fd = -1, .signals = {-1, -1}};
}

bool tty_size(const struct tty *tty, int *rows, int *columns)
{
	struct winsize size;
	if (ioctl(tty->fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return false;
	*rows = size.ws_row;
	*columns = size.ws_col;
	return true;
}

enum tty_reading tty_read(struct tty *tty, void *bytes, size_t room, size_t *count)
{
	for (;;) {
		ssize_t got = read(tty->fd, bytes, room);
		if (got > 0) {
			*count = (size_t)got;
			return TTY_BYTES;
		}
		if (got == 0)
			return TTY_GONE;
		if (errno == EINTR)
			continue;
		return errno == EAGAIN || errno == EWOULDBLOCK ? TTY_NOTHING : TTY_GONE;
	}
}

/* Bytes the terminal took; an error counts as all of them: reading will tell that it is gone. */
static size_t try_write(struct tty *tty, const char *bytes, size_t length)
{
	ssize_t sent;
	do
		sent = write(tty->fd, bytes, length);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : length;
	tty->writes++;
	tty->written += sent;
	return (size_t)sent;
}

void tty_send(struct tty *tty, const char *bytes, size_t length)
{
	size_t sent = try_write(tty, bytes, length);
	if (sent == length)
		return;
	tty->waiting = memory_grow(tty->waiting, length - sent, 1);
	memcpy(tty->waiting, bytes + sent, length - sent);
	tty->waiting_length = length - sent;
	tty->waiting_sent = 0;
}

void tty_add(struct tty *tty, const char *bytes, size_t length)
{
	if (!tty_busy(tty)) {
		tty_send(tty, bytes, length);
		return;
	}
	tty->waiting = memory_grow(tty->waiting, tty->waiting_length + length, 1);
	memcpy(tty->waiting + tty->waiting_length, bytes, length);
	tty->waiting_length += length;
}

bool tty_busy(const struct tty *tty)
{
	return tty->waiting_sent < tty->waiting_length;
}

void tty_push(struct tty *tty)
{
	if (tty_busy(tty))
		tty->waiting_sent += try_write(tty, tty->waiting + tty->waiting_sent, tty->waiting_length - tty->waiting_sent);
}

int tty_signal_fd(const struct tty *tty)
{
	return tty->signals[0];
}

int tty_next_signal(struct tty *tty)
{
	unsigned char byte;
	return read(tty->signals[0], &byte, 1) == 1 ? byte : 0;
}

void tty_suspend(struct tty *tty)
{
	give_back();
	tty->waiting_length = tty->waiting_sent = 0;
	/* The others of the job first, as the terminal would have done; then this process, at once and whole. */
	signal(SIGTSTP, SIG_IGN);
	kill(0, SIGTSTP);
	signal(SIGCONT, SIG_DFL);   /* returning from here says it already */
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	note_signal(SIGTSTP);
	note_signal(SIGCONT);
	tty_raw(tty);
}
