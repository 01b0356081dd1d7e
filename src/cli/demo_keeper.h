/* demo_keeper.h — the process between the demos and their hacktivd. See demo.c. */
#ifndef CLI_DEMO_KEEPER_H
#define CLI_DEMO_KEEPER_H

#include "hacktiv/base.h"

struct keeper {
	const char *server;               /* the program */
	const char *const *arguments;     /* its arguments, NULL last */
	const char *lock_path;            /* held while it is stopped */
	const char *log_path;             /* its standard error */
	int alive;                        /* reading end of the FIFO that every demo holds */
};

/* Forks the keeper, which starts the server; waits until that says "listening on". Before any thread. */
bool keeper_start(const struct keeper *keeper, struct problem *why);
/* flock() alone, tried for so long. */
bool lock_with_patience(int lock, int patience_ms);

#endif
