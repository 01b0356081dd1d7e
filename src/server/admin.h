/* admin.h — what an administrator does to a database that nobody serves at that moment. */
#ifndef HACKTIV_SERVER_ADMIN_H
#define HACKTIV_SERVER_ADMIN_H

#include "options.h"

/* Gives a member the password that was typed, or stands on standard input, and ends that member's sessions. */
bool admin_set_password(const struct options *options, struct problem *why);

#endif
