/* porter.h — the process that the shell waits for, and the one that works.
 *
 * Who waits for a process is not told that it has gone before the last of its threads has, and one that is in a call to a disk which does
 * not answer can be made to go by nobody (Linux: state D in ps, deaf to SIGKILL too). So hacktiv is two processes: the one that was started,
 * the porter, does nothing but wait, hand on what signals it is sent, stop when the other stops and end as it ends. When the other wants to
 * go and cannot, the porter goes at once in its name.
 *
 * kill -9 of either ends both. */
#ifndef PORTER_H
#define PORTER_H

#include <sys/types.h>

/* Before there is a second thread. Returns in the process that works, with the porter's id; 0: none could be had, and hacktiv is one process.
 * In the porter it does not return. */
pid_t porter_start(void);

/* The process ends now, with `status`. The porter waits for that only as long as a person does not notice. */
void porter_take_leave(pid_t porter, int status);

/* The porter ends now, with `status`; this process stays behind in a session of its own, deaf to the terminal and without it (standard error is
 * kept when that is one, for bad news), in the root directory. */
void porter_stay_behind(pid_t porter, int status);

#endif
