/* live_inside.h — what the files of the live feed share: live.c (the thread), live_read.c (what it asks of the database),
 * listener.c (what one listener is sent). */
#ifndef HACKTIV_SERVER_LIVE_INSIDE_H
#define HACKTIV_SERVER_LIVE_INSIDE_H

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "live.h"

#define POLL_MS 200              /* between looks at a database that others write to */
#define TICK_MS 1000             /* for heartbeats and deadlines */
#define PASS_PAUSE_MS 20         /* from one round of telling to the next: what comes meanwhile goes out together */
#define PAGE_ROWS 200            /* changes read at once for those who are behind the window */
#define LIVE_ROWS 500            /* new changes of one space read at once */
#define WISHES_MAX 64u           /* pages read in one errand */
#define CHECKS_MAX 64u           /* tokens looked at in one errand */
#define SEND_BYTES (64u * 1024u) /* text put together before it is sent */

/* One change, ready to be sent but for its id. */
struct told {
	int64_t seq;
	char *whole;                 /* to those who may see it, and to its owner; NULL: nothing */
	char *other;                 /* to all others; NULL: nothing */
	enum event_type whole_type, other_type;
	bool same;                   /* all hear `whole` */
	char *owner;                 /* member id, "" when it is nobody's */
};

/* Changes of one space in a row: the number of each is one more than that of the one before. */
struct run {
	struct told *rows;
	size_t count, room;
	size_t bytes;                /* of text */
};
void run_add(struct run *run, struct told told);              /* takes its strings */
void run_move(struct run *to, struct run *from);              /* to its end; `from` is empty then */
void run_shorten(struct run *run, size_t bytes);              /* forgets the oldest until so much text is left */
void run_clear(struct run *run);
const struct told *run_find(const struct run *run, int64_t seq);   /* NULL: not in it */

struct space_feed {
	struct space_feed *next;
	char *space_id;
	char key[SPACE_KEY_SIZE];
	const struct zone *zone;
	int64_t head;                /* the last change read; -1: none was looked for yet */
	struct run window;           /* up to head */
};

struct stand {
	struct space_feed *feed;
	int64_t seq;                 /* the last change told, or passed over */
	bool bookings;               /* hears of others' */
};

struct seat {                        /* of a stream or a waiting request, under live->guard */
	char *member_id;
	struct seat *next, **link;
};

struct arrival {                     /* a place before the thread has it */
	char *space_id;
	const struct zone *zone;
};

struct listener {
	struct live *live;
	struct seat *seat;
	struct listener *next;       /* on the way to the thread */
	uint64_t number;
	unsigned char token_hash[TOKEN_HASH_BYTES];
	unsigned types;
	int heartbeat_ms;
	bool all_spaces;
	bool greeted;
	bool caught_up;              /* has been at the head of all */
	bool moved;                  /* since an id was said */
	const char *reset;           /* RESET_…: to be said */
	int descriptor;
	size_t place_count;
	struct stand *places;
	struct arrival *arrival;     /* as many; NULL from when the thread has it */
	char epoch[EPOCH_SIZE];      /* in which it begins */
	char *pending;               /* NULL: the socket takes all */
	size_t pending_length, pending_sent;
	int64_t said_ms, taken_ms, checked_ms;
};

/* What is asked of the database, and what came back. One is under way at a time. */
struct wish {
	struct space_feed *feed;     /* of it the database's thread sees what never changes: id and zone */
	int64_t after;
};
struct told_page {
	struct wish wish;
	struct run run;
	bool gone;
};
struct check {
	uint64_t number;             /* of the listener */
	unsigned char token_hash[TOKEN_HASH_BYTES];
	bool alive;
	struct caller caller;        /* in the errand's arena */
};
struct errand {
	struct db_job job;           /* first: a job is its errand */
	struct live *live;
	struct arena *arena;
	atomic_bool over;
	bool failed;
	struct wish *known;          /* `after`: the head of each feed there is */
	size_t known_count;
	struct wish wishes[WISHES_MAX];
	size_t wish_count;
	struct check checks[CHECKS_MAX];
	size_t check_count;
	char epoch[EPOCH_SIZE];
	const struct feed_head *heads;
	size_t head_count;
	struct told_page *pages;     /* of known, then of wishes */
	size_t page_count;
	const struct space *spaces;  /* where there are checks */
	size_t space_count;
};
void errand_init(struct errand *errand, struct live *live);
bool errand_start(struct errand *errand);      /* false: the database is too busy */
void errand_clear(struct errand *errand);      /* what came back */
int64_t errand_head(const struct errand *errand, const char *space_id);

struct live {
	struct server *server;
	pthread_t thread;
	int wake[2];
	atomic_uint news;                /* enum db_news, since the thread looked */
	atomic_bool awake;               /* a byte is in the pipe */
	atomic_size_t streams;
	atomic_int recheck_ms;           /* RECHECK_MS; tests are more impatient */
	pthread_mutex_t guard;           /* the four below */
	struct seat *seats;
	struct listener *arriving;
	struct live_wait *waiting_to_come;
	bool stopped;
	/* the thread's own */
	struct listener **listeners;
	struct pollfd *polled;           /* the pipe, then the listeners' */
	size_t count, room;
	uint64_t next_number;
	struct space_feed *feeds;
	struct live_wait *waiting;
	char epoch[EPOCH_SIZE];          /* "": not known yet */
	size_t head_count;               /* spaces with a feed, when they were last looked at */
	struct errand errand;
	bool errand_under_way;
	bool holding;                    /* what it brought is needed until the next pass */
	bool look;                       /* heads have to be read */
	int64_t looked_ms, passed_ms, refused_ms;
	int64_t arrived_ms;              /* the last listener; 0: since then unused memory was given back */
	bool pass_due;
	struct wish wishes[WISHES_MAX];  /* for the next errand */
	size_t wish_count;
	struct buffer scratch;
};

void live_wake(struct live *live);   /* any thread */
struct space_feed *live_feed(struct live *live, const char *space_id, const struct zone *zone);
/* The change after `after`, from memory or from what was just read. NULL: it is wished for, or, with *gone, forgotten. */
const struct told *live_find(struct live *live, struct space_feed *feed, int64_t after, bool *gone);
void seat_leave(struct live *live, struct seat *seat);

/* listener.c. False: it is over with them. */
bool listener_tell(struct listener *listener, int64_t now_ms);       /* all that is to be told and that the socket takes */
bool listener_flush(struct listener *listener, int64_t now_ms);      /* the socket takes something again */
bool listener_hear(struct listener *listener);                       /* it said something, or hung up */
void listener_arrive(struct listener *listener, int64_t now_ms);
void listener_reset(struct listener *listener, const char *why);     /* to be told, and on from the heads */
bool listener_take_rights(struct listener *listener, const struct errand *errand, const struct check *check);
void listener_goodbye(struct listener *listener);
void listener_end(struct listener *listener);                        /* closes, frees */

#endif
