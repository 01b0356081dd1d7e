/* tty.h — the terminal as a file: raw, never blocking, given back on every way out. Knows nothing of screens.
 *
 * It is opened anew (never O_NONBLOCK on fd 0 or 1: that flag is shared with the shell that started us). Signals come as bytes on a
 * pipe, so that there is one wait. die() and a crash give the terminal back first, with write(2) alone. */
#ifndef HACKTIV_TUI_TTY_H
#define HACKTIV_TUI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "hacktiv/base.h"

#define TTY_WORDS_MAX 1024
#define TTY_RESTORE_MAX 256   /* bytes that put a terminal back in order */

struct tty {
	int fd;
	int signals[2];
	struct termios cooked;      /* as it was */
	char *waiting;              /* a frame the terminal could not take at once */
	size_t waiting_length;
	size_t waiting_sent;
	long writes;                /* how often write(2) took something, and what: told in the log */
	long written;
};

/* The terminal of standard input or output, else /dev/tty. PROBLEM_MISSING: there is none. */
bool tty_open(struct tty *tty, struct problem *why);
void tty_close(struct tty *tty);

/* What gives the terminal back (leave the alternate screen, show the cursor …), sent by tty_close(), tty_suspend() and a crash.
 * Longer than TTY_RESTORE_MAX: only its beginning that fits whole is kept. */
void tty_set_restore(const char *bytes, size_t length);

/* A sentence that a crash writes to standard error, after the terminal was given back. Cut after TTY_WORDS_MAX bytes. */
void tty_set_last_words(const char *words);

bool tty_size(const struct tty *tty, int *rows, int *columns);

enum tty_reading { TTY_BYTES, TTY_NOTHING, TTY_GONE };
enum tty_reading tty_read(struct tty *tty, void *bytes, size_t room, size_t *count);

/* One frame, in one write when the terminal takes it. Call only when not busy. */
void tty_send(struct tty *tty, const char *bytes, size_t length);
void tty_add(struct tty *tty, const char *bytes, size_t length);   /* the same behind what waits, if anything does */
bool tty_busy(const struct tty *tty);
void tty_push(struct tty *tty);   /* tries to send what is waiting */

/* Signals: SIGWINCH, SIGCONT, SIGTSTP, SIGHUP, SIGTERM, SIGINT, SIGQUIT as they come; 0: none. */
int tty_signal_fd(const struct tty *tty);
int tty_next_signal(struct tty *tty);

/* Ctrl-Z: gives the terminal back, stops the whole job, returns when it goes on: raw again, everything to be drawn anew. */
void tty_suspend(struct tty *tty);
void tty_raw(struct tty *tty);    /* after somebody else stopped and continued us */

#endif
