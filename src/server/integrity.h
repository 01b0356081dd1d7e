/* integrity.h — hacktivd verify: is the database whole, and of one mind with itself? */
#ifndef HACKTIV_SERVER_INTEGRITY_H
#define HACKTIV_SERVER_INTEGRITY_H

#include "options.h"

/* Reads beside the running server and changes nothing. A line for each thing that holds or does not; false when one does not. */
bool integrity_check(const struct options *options, struct problem *why);

#endif
