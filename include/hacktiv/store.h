/* store.h — the client's memory on disk: the snapshot cache and the outbox, in one SQLite file owned by one thread.
 *
 * A commit can take 300 ms, so nobody else touches SQLite: messages in, a byte on a pipe out, replies fetched with store_next() on
 * the caller's thread. Messages are done in order. Everything passed in is copied.
 *
 * File: $XDG_STATE_HOME/hacktiv/store.db, 0600 in a 0700 directory. A file that is no database, or damaged, is put aside
 * as store.db.damaged-<time> and a new one begun, and the caller is told; what was put aside goes after SNAPSHOT_KEPT_S, or with a log-out.
 * A file written by a newer hacktiv is refused. Several processes of one person may use it at once. */
#ifndef HACKTIV_STORE_H
#define HACKTIV_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"

/* Where a write stands. Written before the first byte is sent. */
enum wish_state {
	WISH_QUEUED,       /* on disk, never sent: "waiting to be sent" */
	WISH_SENT,         /* perhaps at the server: to be asked about */
	WISH_SETTLED,      /* outcome known, not yet shown to the person */
	WISH_SEEN          /* shown; deleted after 30 days */
};
#define WISHES_SEEN_LOADED 32   /* for what may be undone */

enum wish_kind { WISH_BOOK, WISH_CANCEL, WISH_SIGN_UP, WISH_WITHDRAW };
#define WISH_KINDS 4
const char *wish_kind_name(enum wish_kind kind);   /* "book", "cancel", "sign_up", "withdraw"; on disk and in --json */

struct outbox_row {
	char id[UUID_SIZE];            /* of the wish: new booking's id and idempotency key */
	const char *site;
	const char *member_id;         /* whose wish: never sent in another person's name; "" when that was not known */
	enum wish_kind kind;
	enum wish_state state;
	enum outcome_kind outcome;     /* NONE until settled */
	enum rule rule;
	const char *space_id, *space_name, *resource_id, *resource_name;   /* names for telling, as they were */
	const char *booking_id;        /* to cancel; for a booking equal to id */
	const char *activity_id, *title;   /* to sign up for or withdraw from; the resource is then "" */
	int64_t version;
	struct period when;
	int64_t created_at;            /* seconds since 1970 */
	int64_t first_sent_at;         /* 0: never */
	int attempts;
};

struct store;

/* Opens (the thread does) and returns at once; what went wrong comes as STORE_TROUBLE. `path` NULL: the usual place. */
struct store *store_open(const char *path, const struct clock *clock, struct problem *why);
/* Finishes the messages already given, at most `patience_ms`, then leaves. */
void store_close(struct store *store, int patience_ms);

/* The same, for a process that can stay behind until the disk has answered. False: the store is still at work, and store_finish() has to
 * be called; `wishes` of what it is at are not surely on disk. True: it is gone. */
bool store_leave(struct store *store, int patience_ms, size_t *wishes);

/* Finishes what store_leave() left, however long the disk takes; for other processes these notes are being written down meanwhile. */
struct store_unkept {
	const struct outbox_row *wishes;   /* that could not be: they are not sent */
	size_t count;
	struct problem why;
	bool perhaps_kept;                 /* as in struct store_reply, of any of them */
	struct problem beside;             /* the last work (store_do()) that failed, but for what was for now; kind NONE: none did */
};
void store_finish(struct store *store, struct arena *arena, struct store_unkept *unkept);
int store_fd(const struct store *store);   /* readable when store_next() has something */

/* Snapshot cache: one list, day or thing of one site, as our own JSON, under a name: "spaces", "day/SPACE/2026-11-24",
 * "activity/ID", "organisation/ID". `etag` may be NULL.
 *
 * How long (GDPR 5(1)(e)): personal ones until log-out, log-in (perhaps of another), or SNAPSHOT_KEPT_S after the site was last heard;
 * days until they are over; of single things, days among them, the last STORE_THINGS_KEPT. What goes is overwritten in the file, not
 * only marked as free. Other people's cards are never given to the store: who shows themselves today may not do so tomorrow. */
#define SNAPSHOT_KEPT_S ((int64_t)30 * 24 * 3600)
#define STORE_THINGS_KEPT 128
void store_put_snapshot(struct store *store, const char *site, const char *list, bool personal,
                        const char *etag, int64_t as_of, const char *bytes, size_t length);
void store_get_snapshot(struct store *store, const char *site, const char *list);    /* answered by STORE_SNAPSHOT */
/* Log-out: personal snapshots and seen wishes go, from the file and its log. */
void store_forget_personal(struct store *store, const char *site);

/* Outbox. Writes are answered by STORE_WRITTEN with the same id once they are on disk: only then may the wish be sent. */
void store_put_wish(struct store *store, const struct outbox_row *row);     /* a new one, or what changes of it: state, outcome … */
/* Answered by STORE_WISHES, oldest first: ours, those of processes that are gone (they are ours from now on, and nobody else gets
 * them), and of those SEEN the last few of anybody. What another process works on is left to it. */
void store_load_wishes(struct store *store);
/* From here on, of what processes that are gone left, only what is for these sites is taken up: who cannot send the rest must not keep it
 * from who can. */
void store_take_up_only(struct store *store, const char *const *sites, size_t count);

/* Whatever else may have to wait for a disk (files of tokens, a program to be started): done on the store's thread, in its turn, also
 * while the database is of no use. Part of something larger, which is the store's until STORE_DID hands it back. */
struct store_work {
	void (*run)(struct store_work *work, struct problem *why);   /* on the store's thread: nothing else is to be touched than what came with it */
	void (*done)(void *context, struct store_work *work, const struct problem *why);   /* for whoever takes the answer: to be called, … */
	void (*free)(struct store_work *work);                       /* … and then this. The store calls it when nobody took the answer */
	bool is_for_now;                                             /* not run any more once the store is being left */
	bool is_no_news;                                             /* run() may say so: nobody is woken for the answer, it comes with the next one */
};
void store_do(struct store *store, struct store_work *work);

/* Wishes of a site that were left by processes that are gone, and are for none of the sites of store_take_up_only(): nobody has them. */
struct store_left {
	const char *site;
	int count;
};

enum store_reply_kind { STORE_SNAPSHOT, STORE_WRITTEN, STORE_WISHES, STORE_DID, STORE_TROUBLE };
struct store_reply {
	enum store_reply_kind kind;
	struct arena *arena;           /* of what follows; yours to free */
	const char *site, *list, *etag;
	bool found;                    /* SNAPSHOT: false when the cache has none */
	int64_t as_of;
	const char *bytes;
	size_t length;
	char id[UUID_SIZE];            /* WRITTEN */
	const struct outbox_row *wishes;
	size_t wish_count;
	const struct outbox_row *others;   /* WISHES: those that have not ended, of other processes that live: to be shown, and no more */
	size_t other_count;
	const struct store_left *left;     /* WISHES: by site */
	size_t left_count;
	bool more_to_come;             /* WISHES: what a process left that has ended is being written down; to be asked for again */
	struct store_work *work;       /* DID; else NULL */
	struct problem problem;        /* TROUBLE, or WRITTEN or DID that failed (kind != PROBLEM_NONE): nothing was kept */
	bool behind;                   /* WRITTEN, but as QUEUED where it was SENT: another process has one of the same thing that was made before
	                                * and has not ended. It may not be sent yet */
	bool perhaps_kept;             /* WRITTEN that failed: only the flush did, so it may be on disk all the same */
};
bool store_next(struct store *store, struct store_reply *reply);   /* false: nothing now */

#endif
