/* backup.h — hacktivd backup and hacktivd restore: the whole database in one file, of either engine, and back into either.
 *
 * A backup is an SQLite file of hacktivd's own format: it can be looked into, checked, and served as it is. It is made beside the
 * running server, from one view of the whole. */
#ifndef HACKTIV_SERVER_BACKUP_H
#define HACKTIV_SERVER_BACKUP_H

#include "options.h"

/* Into a file that is not there yet; it appears whole or not at all. */
bool backup_make(const struct options *options, struct problem *why);

/* Out of a backup, also of an older format, into an empty database, or with --replace into one that is not: all or nothing. The feed gets a
 * new epoch, so that clients begin anew; who was erased meanwhile stays erased. */
bool backup_restore(const struct options *options, struct problem *why);

#endif
