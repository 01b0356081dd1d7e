/* secret.c — see secret.h. */
#include "hacktiv/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "hacktiv/base/i18n.h"
#include "hacktiv/base/memory.h"

static void wipe(char *text, size_t length)
{
	for (volatile char *at = text; length > 0; at++, length--)
		*at = '\0';
}

void secret_forget(char *secret)
{
	if (!secret)
		return;
	wipe(secret, strlen(secret));
	free(secret);
}

char *secret_read_line(int file, struct problem *why)
{
	char *line = memory_get(SECRET_MAX + 1);
	size_t length = 0;
	char byte = '\0';
	ssize_t got;
	while ((got = read(file, &byte, 1)) == 1 && byte != '\n' && byte != '\r' && length < SECRET_MAX)
		line[length++] = byte;
	bool too_long = length == SECRET_MAX;
	if (length > 0 && got >= 0 && !too_long && !memchr(line, '\0', length))
		return line;
	wipe(line, length);
	free(line);
	if (got < 0 && errno == EINTR)
		problem_set(why, PROBLEM_REFUSED, "password", _("Interrupted."));
	else if (too_long)
		problem_set(why, PROBLEM_TOO_LARGE, "password", _("This is too long for a password."));
	else
		problem_set(why, PROBLEM_INVALID, "password", _("No password was given."));
	return NULL;
}

/* The last signal that came while the echo was off. Set in a handler: there is no other way. */
static volatile sig_atomic_t caught;

static void catch(int number)
{
	caught = number;
}

static const int caught_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

/* Handlers without SA_RESTART: the read ends, the echo comes back, and only then the signal does its work. */
static void catch_signals(struct sigaction before[COUNT_OF(caught_signals)])
{
	struct sigaction action = { .sa_handler = catch };
	sigemptyset(&action.sa_mask);
	caught = 0;
	for (size_t at = 0; at < COUNT_OF(caught_signals); at++) {
		sigaction(caught_signals[at], NULL, &before[at]);
		if (before[at].sa_handler != SIG_IGN)
			sigaction(caught_signals[at], &action, NULL);
	}
}

static void release_signals(const struct sigaction before[COUNT_OF(caught_signals)])
{
	for (size_t at = 0; at < COUNT_OF(caught_signals); at++)
		sigaction(caught_signals[at], &before[at], NULL);
	if (caught)
		raise(caught);
}

static void say(int terminal, const char *text)
{
	size_t length = strlen(text);
	while (length > 0) {
		ssize_t sent = write(terminal, text, length);
		if (sent <= 0)
			return;
		text += sent;
		length -= (size_t)sent;
	}
}

static char *ask(const char *prompt, bool echo, struct problem *why)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct termios usual;
	if (terminal < 0 || tcgetattr(terminal, &usual) != 0) {
		if (terminal >= 0)
			close(terminal);
		problem_set(why, PROBLEM_MISSING, "password", _("There is no terminal to ask on; use --password-stdin."));
		return NULL;
	}
	struct sigaction before[COUNT_OF(caught_signals)];
	catch_signals(before);
	struct termios quiet = usual;
	if (!echo)
		quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	quiet.c_lflag |= ICANON | ISIG;
	tcsetattr(terminal, TCSAFLUSH, &quiet);
	say(terminal, prompt);
	char *answer = secret_read_line(terminal, why);
	tcsetattr(terminal, TCSAFLUSH, &usual);
	if (!echo)
		say(terminal, "\n");
	close(terminal);
	release_signals(before);
	return answer;
}

char *secret_ask(const char *prompt, struct problem *why)
{
	return ask(prompt, false, why);
}

char *secret_ask_openly(const char *prompt, struct problem *why)
{
	return ask(prompt, true, why);
}
