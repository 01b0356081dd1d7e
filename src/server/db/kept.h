/* kept.h — answers of the database that need not be waited for: kept from transactions before, or asked for ahead.
 *
 * What stands for long (a token's owner and their roles, a space, its hours and closures, what it has) is read anew by every booking, and
 * hardly ever differs. Whoever writes therefore keeps such answers, statement by statement, with the values they were asked with. They
 * hold until somebody writes to one of the tables they come from, here or in another instance: see standing_mark() and
 * changes_standing(). Where nothing is kept, all of this asks the database.
 *
 * What differs each time is asked ahead, all at once, and where several jobs share a transaction for all of them before the first one runs.
 * That is only true later if none before it wrote what it asks for. So a job announces whose and what it will write to: if another
 * announced the same, it asks nothing ahead; and a job that writes more than it announced makes void what was asked for those after it. */
#ifndef HACKTIV_SERVER_DB_KEPT_H
#define HACKTIV_SERVER_DB_KEPT_H

#include "engine.h"

#define KEPT_MOST 8192u     /* answers; about 4 MiB. What comes when there is no more room is not kept */

struct kept_rows;                /* belongs to one connection that writes */

struct kept_rows *kept_new(void);
void kept_free(struct kept_rows *kept);              /* NULL is fine */
/* All answers are forgotten. No statement of tx_prepare_kept() is in use. */
void kept_clear(struct kept_rows *kept);
/* The same when there is little room left. */
void kept_make_room(struct kept_rows *kept);
/* The jobs of another transaction come. */
void kept_begin(struct kept_rows *kept);
/* From now on it is this job that asks, takes what it asked for, announces and writes. */
void kept_begin_job(struct kept_rows *kept, size_t job);
/* What it asked for ahead and did not take is given up. */
void kept_end_job(struct kept_rows *kept);
/* It writes: for tx_prepare(). */
void kept_wrote(struct kept_rows *kept, const char *text);

/* Does this statement change what answers are kept of? For tx_prepare(). */
bool changes_standing(const char *text);

/* What all instances on one database agree on: whoever changes what stands for long writes another mark in the same transaction, and
 * whoever finds another mark than the last time forgets what it kept. 0: none was written yet. */
bool standing_mark(struct db_tx *tx, int64_t *mark);
bool standing_write_mark(struct db_tx *tx);

#endif
