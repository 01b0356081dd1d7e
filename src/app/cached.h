/* cached.h — what is kept on disk of what was seen: the lists, the days of spaces and the things looked at, each under a name of its own
 * and as our own JSON. How it gets there and back a slice at a time is cache.c's.
 *
 * Kept: spaces, bookings, who I am, sign-ups, agenda; days looked at; activities and organisations looked at, with their text.
 * Never: members' cards and what was searched for. They show themselves to who asks now, and may not do so tomorrow. */
#ifndef APP_CACHED_H
#define APP_CACHED_H

#include "inside.h"

/* Finds what a snapshot's name means in this session. False: nothing that could be of use now. */
bool cached_find(struct session *session, const char *site, const char *name, struct cached *cached);
const char *cached_name(struct arena *arena, const struct cached *cached);
/* Goes with its person: what everybody may see stays on the disk when its reader logs out; an agenda says where one goes, a day what
 * one has booked. */
bool cached_is_personal(const struct session *session, const struct cached *cached);

/* ---- writing ---- */
bool *cached_flag(struct session *session, const struct cached *cached);             /* newer than the copy on disk */
size_t cached_count(const struct session *session, const struct cached *cached);
cJSON *cached_head(struct session *session, const struct cached *cached);            /* what stands beside the elements; NULL: nothing */
cJSON *cached_element(struct session *session, const struct cached *cached, size_t at);
int64_t cached_as_of(const struct session *session, const struct cached *cached);
const char *cached_etag(const struct session *session, const struct cached *cached);

/* ---- reading ---- */
size_t cached_row_bytes(const struct cached *cached);
bool cached_read(struct session *session, const struct cached *cached, const cJSON *element, struct arena *arena, void *row);
/* It is on its way from the disk, or (false) came or is not there. */
void cached_set_loading(struct session *session, const struct cached *cached, bool loading);
/* Puts rows in their place, unless something newer is there. True: `arena` is theirs now. `etag` NULL: the whole is asked for anew. */
bool cached_take(struct session *session, const struct cached *cached, struct arena *arena, const struct arena_rows *rows, const cJSON *head,
                 int64_t as_of, const char *etag);

#endif
