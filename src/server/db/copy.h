/* copy.h — all that a database holds, brought into another, whatever engines they are. One of the two is an SQLite file, a backup: it knows
 * the tables, their order and their keys. Both have the same format. */
#ifndef HACKTIV_SERVER_DB_COPY_H
#define HACKTIV_SERVER_DB_COPY_H

#include "db.h"

struct copied {
	int64_t tables;
	int64_t rows;
};

/* Empties `to` and fills it with what `from` holds, in the transaction of `to`. Tombstones of erased members stay: they are why a restored
 * copy does not bring anybody back. `file`: whichever of the two is the SQLite file. `texts` outlives both connections. */
bool db_copy_all(struct db_tx *from, struct db_tx *to, struct db_tx *file, struct arena *texts, struct copied *copied,
                 struct problem *why);

/* SQLite's own full check of a file, page by page and index by index. False: `why` quotes its first finding. */
bool db_check_file(struct db_tx *file, struct problem *why);

#endif
