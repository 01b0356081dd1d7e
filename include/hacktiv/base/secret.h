/* secret.h — asking for a password where nobody sees it: on the terminal itself, without echo, never from an argument. */
#ifndef HACKTIV_BASE_SECRET_H
#define HACKTIV_BASE_SECRET_H

#include "hacktiv/base/problem.h"

#define SECRET_MAX 1000u   /* bytes; longer is no password */

/* Asks on /dev/tty; the echo is given back whatever happens, signals included. NULL: no terminal, or nothing was given. The text is
 * yours: secret_forget() wipes and frees it. */
char *secret_ask(const char *prompt, struct problem *why);
/* One line that may be seen (a login), on /dev/tty too. */
char *secret_ask_openly(const char *prompt, struct problem *why);
/* First line of a file descriptor. */
char *secret_read_line(int file, struct problem *why);
void secret_forget(char *secret);

#endif
