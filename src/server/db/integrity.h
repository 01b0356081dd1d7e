/* integrity.h — what must be so in every database, whatever happened to it: each as a statement that counts what is wrong. */
#ifndef HACKTIV_SERVER_DB_INTEGRITY_H
#define HACKTIV_SERVER_DB_INTEGRITY_H

#include "db.h"

#define INTEGRITY_RULES 9
/* "no place is booked twice …" */
const char *db_integrity_rule(size_t rule);
/* How many rows break it; -1: the storage failed. */
int64_t db_integrity_count(struct db_tx *tx, size_t rule, int64_t now);

#endif
