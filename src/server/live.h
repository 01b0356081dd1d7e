/* live.h — the live feed: one thread that tells every listener what changed, as it changes.
 *
 * A stream is taken out of libmicrohttpd once its head can be written: two thousand idle listeners then cost it nothing, and each less
 * than a page of memory. The thread is woken by commits (db_on_commit) or, where others write to the database too, looks every
 * POLL_MS. It reads each change once, keeps the last of each space as text ready to send, and every listener stands at a number in each
 * of their spaces: what they are told next follows from that alone, whether it comes from memory or has to be read. So there is
 * no moment between replay and live in which something is lost or told twice. */
#ifndef HACKTIV_SERVER_LIVE_H
#define HACKTIV_SERVER_LIVE_H

#include "resume.h"

#define STREAMS_PER_MEMBER 5           /* streams and waiting requests: 429 */
#define HEARTBEAT_S 15                 /* a comment, when nothing else was said for so long; clients may ask for another pause up to … */
#define HEARTBEAT_MOST_S 900
#define RECHECK_MS 60000               /* token and rights are looked at again; at once when this hacktivd took one away */
#define WINDOW_BYTES (256u * 1024u)    /* of told text kept for each space. Who takes nothing while all of it goes by is cut off */
#define STUCK_LIMIT_MS 60000           /* who takes nothing for so long is cut off too */
#define RETRY_MS 3000                  /* what streams tell clients to wait before they come back */
#define LONG_POLL_MAX_S 25

struct live;
struct listener;

struct live *live_new(struct server *server);
/* Says goodbye to all: streams get a `retry:` of their own and end, waiting requests go on. None comes in from now on. Any thread. */
void live_stop(struct live *live);
void live_free(struct live *live);      /* after live_stop(); NULL is fine */

size_t live_count(struct live *live);   /* streams there are. Any thread */

/* A listener who begins as `resume` says; NULL: this member has enough of them. Yours until live_join(). */
struct listener *live_admit(struct live *live, const struct request *request, const struct resume *resume, unsigned types,
                            int heartbeat_s);
void listener_forget(struct listener *listener);   /* one that was never joined; NULL is fine */
/* The thread has the listener and their socket from now on; `head` is sent first. */
void live_join(struct listener *listener, int descriptor, const char *head);

/* A request that waits until one of its spaces has more than it stands at, or until a deadline. Its own memory, never moved. */
struct live_wait {
	struct db_job *job;          /* done() is called, on the thread of the feed */
	const struct resume *resume;
	int64_t until_ms;            /* clock_monotonic_ms() */
	struct seat *seat;
	struct live_wait *next;
};
/* False: this member waits often enough already. */
bool live_wait_begin(struct live *live, struct live_wait *wait, const char *member_id, const struct resume *resume, int64_t until_ms);
/* False: the end has come; nothing will be called. Must follow live_wait_begin(). */
bool live_wait(struct live *live, struct live_wait *wait, struct db_job *job);

#endif
