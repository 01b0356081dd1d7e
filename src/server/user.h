/* user.h — members and their roles from the command line: how the first administrator comes to be. */
#ifndef HACKTIV_SERVER_USER_H
#define HACKTIV_SERVER_USER_H

#include "options.h"

/* `hacktivd user …`: what was done is told on standard output. All of it or nothing. */
bool user_command(const struct options *options, struct problem *why);

#endif
