/* rows.h — what the store keeps, row by row. Store thread only; `sql` is open. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "hacktiv/store.h"

#include "owner.h"

/* The tables as they are today, from a file of `version` (0: a new one); and whether a file has them. */
bool rows_upgrade(struct sql *sql, int version, struct problem *why);
bool rows_check(struct sql *sql, struct problem *why);

bool rows_put_snapshot(struct sql *sql, const struct store_reply *snapshot, bool personal, struct problem *why);
/* Fills found, etag, as_of, bytes and length of `reply`, whose site and list are set. */
bool rows_get_snapshot(struct sql *sql, struct store_reply *reply, struct problem *why);
bool rows_forget_personal(struct sql *sql, const char *site, struct problem *why);
/* Personal ones and single things heard before then (seconds since 1970), days before `today` (YYYY-MM-DD), and single things beyond
 * STORE_THINGS_KEPT, the oldest first. */
bool rows_drop_old(struct sql *sql, int64_t personal_before, const char *today, struct problem *why);

/* A wish becomes ours when we write it. `behind`: as in struct store_reply. */
bool rows_put_wish(struct sql *sql, const struct owner *owner, const struct outbox_row *row, bool *behind, struct problem *why);
/* Makes those ours whose process is gone and whose site is in `sites` (",one,two,"; "": any), in one transaction, so that of two who look at once only one gets them; then loads what is
 * ours, and of all the last that were seen; counts what nobody has. */
bool rows_load_wishes(struct sql *sql, const struct owner *owner, const char *sites, struct store_reply *reply, struct problem *why);
/* Wishes whose outcome the person has read, made before `before` (seconds since 1970). */
bool rows_drop_seen(struct sql *sql, int64_t before, struct problem *why);

#endif
