/* subscription.h — use cases of db.h: calendars that people subscribe to, what they show, and the keys to those that are somebody's. */
#ifndef HACKTIV_SERVER_DB_SUBSCRIPTION_H
#define HACKTIV_SERVER_DB_SUBSCRIPTION_H

#include "db.h"

#include "../calendar.h"

/* ---- keys ------------------------------------------------------------------------------------------------------------ */

struct calendar_key {
	const char *id;               /* UUIDv7 */
	const char *member_id;
	const char *name;             /* as its owner calls it: "phone" */
	int64_t created_at;
	int64_t used_at;              /* 0: never */
};

bool db_add_calendar_key(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], const struct calendar_key *key);
/* Newest first. At most `limit`. */
const struct calendar_key *db_list_calendar_keys(struct db_tx *tx, const char *member_id, int limit, struct arena *arena, size_t *count);
/* NULL: there is no such key, or its owner may not log in any more. */
const struct calendar_key *db_find_calendar_key(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], struct arena *arena);
bool db_use_calendar_key(struct db_tx *tx, const struct calendar_key *key, int64_t now);
/* False: there is none, or the disk. */
bool db_remove_calendar_key(struct db_tx *tx, const char *member_id, const char *id);
bool db_remove_calendar_keys(struct db_tx *tx, const char *member_id);

/* ---- what they show ---------------------------------------------------------------------------------------------------- */

struct calendar_window {
	int64_t from;                 /* what begins at this instant or later */
	int64_t ended_since;          /* what was cancelled or withdrawn before is not told any more */
	int64_t now;                  /* who waited for an answer until the start has waited in vain */
	int limit;                    /* so many at most, by start */
};
const struct calendar_entry *db_list_calendar_bookings(struct db_tx *tx, const char *member_id, const struct calendar_window *window,
                                                       struct arena *arena, size_t *count);
const struct calendar_entry *db_list_calendar_signups(struct db_tx *tx, const char *member_id, const struct calendar_window *window,
                                                      struct arena *arena, size_t *count);
/* As anybody may read it, of one space or all (""). One that is called off stays in it, as in the agenda itself. */
const struct calendar_entry *db_list_calendar_agenda(struct db_tx *tx, const char *space_id, const struct calendar_window *window,
                                                     struct arena *arena, size_t *count);

#endif
