/* import.h — a network that an administrator wrote down, brought into a database. */
#ifndef HACKTIV_SERVER_IMPORT_H
#define HACKTIV_SERVER_IMPORT_H

#include "options.h"

/* `hacktivd import`: all of the file or nothing. What is in the file becomes as it says; what is not stays as it is: things, cards of
 * members who have none in the file, passwords, sign-ups of activities that were there. Faults are told on standard error, one on
 * each line, and what was done on standard output. */
bool import_file(const struct options *options, struct problem *why);

#endif
