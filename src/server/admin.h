/* admin.h — what an administrator does to a database that nobody serves at that moment. */
#ifndef HACKTIV_SERVER_ADMIN_H
#define HACKTIV_SERVER_ADMIN_H

#include "db/db.h"
#include "options.h"

/* The database that --database names, which must be there: db_open() makes one, which is no help to somebody who mistyped a path. */
struct db *admin_open_database(const struct options *options, struct problem *why);

/* Gives a member the password that was typed, or stands on standard input, and ends that member's sessions. */
bool admin_set_password(const struct options *options, struct problem *why);

#endif
