/* leave.c — Ctrl-C, a window that closes, a kill: line mode ends in order, and what was wished is kept. See line.h. */
#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* What a handler may see: there is one conversation in a process. */
static volatile sig_atomic_t pipe_end = -1;

static void on_signal(int number)
{
	int error = errno;
	unsigned char byte = (unsigned char)number;
	ssize_t written = write((int)pipe_end, &byte, 1);
	(void)written;
	errno = error;
}

void line_watch_signals(struct line *line)
{
	if (pipe(line->signals) != 0) {
		line->signals[0] = line->signals[1] = -1;   /* then they end it as they do by themselves */
		return;
	}
	for (int at = 0; at < 2; at++) {
		fcntl(line->signals[at], F_SETFD, FD_CLOEXEC);
		fcntl(line->signals[at], F_SETFL, O_NONBLOCK);
	}
	pipe_end = line->signals[1];
	ending_watch(on_signal);
}

void line_end_watch(struct line *line)
{
	if (line->signals[0] < 0)
		return;
	ending_watch(SIG_DFL);
	pipe_end = -1;
	close(line->signals[0]);
	close(line->signals[1]);
}

bool line_is_left(struct line *line)
{
	unsigned char byte;
	if (line->signals[0] >= 0 && read(line->signals[0], &byte, 1) == 1) {
		line->left_by = byte;
		line->over = true;
	}
	return line->left_by != 0;
}
