/* secret_run.h — a program that tells a secret: the first line of what it writes, as git, mutt and aerc ask for passwords.
 *
 * It has no terminal: it reads nothing, what it complains of is not heard, and GPG_TTY is not passed on, or it would draw over our
 * screen. It runs in a session of its own, so that it can be ended with all that it started. Nothing here waits, but that starting it may
 * wait for the disk that it lies on: any thread may do that. */
#ifndef HACKTIV_BASE_SECRET_RUN_H
#define HACKTIV_BASE_SECRET_RUN_H

#include <stdint.h>

#include "hacktiv/base/problem.h"

#define SECRET_RUN_PATIENCE_MS 60000   /* a person may be asked for a passphrase in a window */

struct secret_run;
/* `words` ends with NULL; the first is looked for in PATH. NULL: it cannot be started; field "password_command". */
struct secret_run *secret_run_start(const char *const *words, struct problem *why);
int secret_run_fd(const struct secret_run *run);         /* to wait for; -1: nothing to read any more */
int64_t secret_run_next_ms(const struct secret_run *run);/* monotonic: when to look in any case */

enum secret_run_state { SECRET_RUNNING, SECRET_TOLD, SECRET_NOT_TOLD };
/* TOLD: `secret` is yours, secret_forget(). NOT_TOLD: `why` says so, without a byte of what it wrote. */
enum secret_run_state secret_run_turn(struct secret_run *run, int64_t now_ms, char **secret, struct problem *why);
void secret_run_stop(struct secret_run *run);            /* ends it, whatever it does; NULL is fine */

#endif
