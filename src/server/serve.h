/* serve.h — hacktivd serve: start, wait for a signal, end in order. */
#ifndef HACKTIV_SERVER_SERVE_H
#define HACKTIV_SERVER_SERVE_H

#include "options.h"

/* The exit status, when it is over. `argv` is the program's own: SIGHUP starts it anew with the same words. */
int serve(char **argv, const struct options *options, struct problem *why);

#endif
