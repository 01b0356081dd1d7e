/* inside.h — what the session is made of, shared by its stories: session.c (the loop), time.c (what time it is), job.c (one operation),
 * site.c (does it answer), account.c (who am I there), renewal.c (for how long), token_file.c (on disk), device.c (let in by a code),
 * unattended.c (by a program), log_out.c (not any more), lists.c (spaces, bookings), agenda.c (activities), day.c (one space on one date),
 * day_row.c (one row of that), passing.c (what the clock changes of both), foresee.c (closed, as is known without asking), detail.c (one
 * activity, card or organisation), directory.c (searches), wish.c (writes), waiting.c (those that could not be sent at once), others.c
 * (another process's, and nobody's), undo.c, cache.c and cached.c (the copy on disk), live.c (what a site tells of changes), live_copy.c
 * (and up to where, on disk), told.c (what of it is read anew), rows.c (single rows of a list), shared.c (a terminal that many share),
 * words.c.
 *
 * All of it runs on the main thread, which answers keys: what may wait for a disk goes to the store's (store.h). */
#ifndef APP_INSIDE_H
#define APP_INSIDE_H

#include "hacktiv/app/session.h"
#include "hacktiv/wire.h"

#define FRESH_MS          60000   /* a list younger than this is not asked again unless told to */
#define IDLE_REFRESH_MS  600000   /* nobody touches a key: ask this often, so that a screen left open wakes seldom */
#define SLOW_RETRY_MS    300000   /* a site that has been away for ten minutes is tried this often */
#define WISH_RETRY_MS     60000   /* and a wish that waits for it this often */
#define REPEAT_WINDOW_S     600   /* after this a write of unknown outcome is asked about, not sent again */
#define DAYS_KEPT            32   /* a place named without its space is looked for in all of them */
#define LOOK_MS           50000   /* how long a log-in or log-out in another process may go unseen */
#define COPY_PATIENCE_MS    250   /* a disk that takes longer to give its copies is not waited for */
#define DECODE_SLICE_MS       2   /* the longest that decoding may hold a key */

/* ---- one operation under way ---- */

struct job;
typedef void job_done(struct session *session, struct job *job);

struct job {
	struct job *next;
	struct session *session;
	size_t site;
	struct operation operation;
	struct http_request request;
	unsigned exchange;             /* 0: none under way */
	bool answered;                 /* `answer` waits to be read, or to be read further */
	bool ended;
	struct http_response answer;   /* strings in the operation's arena, body our own */
	char *body;
	struct operation asked;        /* as it was before the first question: when it is put again */
	bool held;                     /* waits for a token that is being renewed */
	bool mended;                   /* it was refused once for its token, and put again: not a second time */
	char *token, *secret;          /* own copies, wiped at the end */
	job_done *done;                /* the job is freed after it, see job_put_by() */
	void *about;
};

struct job *job_new(struct session *session, size_t site, enum operation_kind kind, job_done *done, void *about);
/* Being let in is asked for without what lets one in; and who leaves, leaves with what there is. */
bool job_is_of_account(const struct job *job);
void job_start(struct job *job);         /* `done` is called from a later jobs_turn(), never at once */
void job_cancel(struct job *job);        /* `done` is not called; NULL is fine */
void job_let_go(struct job *job);        /* from the start, with the token there is now */
void job_end_as(struct job *job, const struct job *other);   /* held, and for nothing */
void job_put_by(struct job *job);        /* from its `done`: it is not freed after it, but by job_cancel() */
struct arena *job_take_arena(struct job *job);
void jobs_turn(struct session *session, int64_t until_ms);   /* decodes until then (monotonic) */
bool jobs_waiting(const struct session *session);   /* something is left to decode: do not sleep */
void jobs_clear(struct session *session);

/* ---- one list of one site ---- */

enum list_kind { LIST_SPACES, LIST_BOOKINGS, LIST_MEMBER, LIST_SIGNUPS, LIST_ACTIVITIES };
#define LIST_KINDS 5

struct part {
	struct arena *arena;           /* of what follows; NULL: nothing yet */
	const struct space *spaces;    /* of these four the one that the list is of */
	const struct booking *bookings;
	const struct member *member;
	const struct activity *activities;
	size_t count;
	const char *etag;
	bool confirmed;                /* heard from the site in this run, not read from the copy on disk */
	struct local_date date, until; /* that it was asked for */
	int64_t as_of;                 /* 0: never heard */
	bool to_be_kept;               /* newer than the copy on disk */
	struct job *job;               /* a fresher copy is on its way */
	bool to_be_asked;              /* once the copies on disk are read, so that only what changed since is sent */
	unsigned number;               /* of the last question, see `asks` */
	struct outcome outcome;        /* of the last asking */
	struct arena *outcome_arena;
};

enum reach { REACH_IDLE, REACH_ASKING, REACH_UP, REACH_UNREACHABLE, REACH_TROUBLED, REACH_THROTTLED };

enum account_step {
	ACCOUNT_AT_REST,
	ACCOUNT_LOCKING,     /* the lock was asked for; or another process of this person has it, and it is asked for again at `at_ms` */
	ACCOUNT_RENEWING,    /* with the lock: the site was asked for new tokens, and is asked again at `at_ms` */
	ACCOUNT_CHECKING,    /* it gave none: has another process overtaken us meanwhile? */
	ACCOUNT_KEEPING      /* with the lock: new tokens are on their way to the disk */
};
struct token_file;
enum unattended { UNATTENDED_NOT, UNATTENDED_WAITING, UNATTENDED_RUNNING, UNATTENDED_ASKING };
struct account {
	struct tokens tokens;
	uint64_t mark;                 /* of the file they are in, or (none here) that a log-out could not remove; 0: in none */
	uint64_t old_mark;             /* of one that holds older ones still, because these could not be put there; 0: there is none */
	bool keeping_again;            /* that is tried once more */
	enum account_step step;
	int lock;                      /* -1: none */
	int64_t since_ms, at_ms;
	const struct token_file *awaited;   /* that `step` waits for, until `at_ms` at most; NULL: the disk is asked for nothing */
	const struct token_file *late;      /* tokens that are on their way to a disk that did not answer in time; NULL: none are */
	const struct token_file *looking;   /* what another process did is being looked for; NULL: it is not */
	int removing;                  /* log-outs that are not on disk yet */
	bool unremoved;                /* the last one could not be */
	int tries;
	bool unkept;                   /* a log-in that is to be kept as soon as the lock is had */
	bool unnamed;                  /* a log-in on a shared terminal: it has ended once it is known whose it is */
	struct job *job;               /* RENEWING; CHECKING: that failed, NULL for one that was not answered */
	int64_t renew_after_ms;        /* it could not be done just now: not before then, unless it must */
	struct job *log_in;            /* with a password, or the next step of a device */
	struct device_view device;
	struct arena *device_arena;    /* of its strings; NULL: no such log-in is under way */
	char *device_code;
	enum unattended unattended;    /* password_command: its turn is to come, it runs, the site is asked */
	bool unattended_over;          /* tried, or not wanted any more: not again by itself */
	bool unattended_later;         /* … until the site is back: it was away */
	bool no_device;                /* the site said that it lets nobody in so */
	int interval_s, pause_s;       /* between two questions: as the site wants it, and as the line allows */
	int64_t ask_at_ms, ends_at_ms;
	struct outcome outcome;        /* of the last log-in */
	struct arena *outcome_arena;
	char *member_id;               /* who was here last; NULL: nobody since the start, or since a log-out */
};

/* How far we are with the feed of a site. */
enum live_state {
	LIVE_OFF,               /* not wanted, or there is none: lists are asked as they age */
	LIVE_CATCHING_UP,       /* what changed since `place` is on its way */
	LIVE_LISTENING,         /* a stream is open, or about to be */
	LIVE_WAITING,           /* for the next try */
	LIVE_ASKING             /* no stream reaches us: what changed is asked for, now and then */
};
/* A booking or an activity that changed, or (AVAILABILITY) a space in which something of today's did. */
struct told_thing {
	enum news_kind kind;
	char *id;
	char *resource_id;             /* AVAILABILITY: one that is another */
	int64_t version;
};
struct live {
	struct session *session;
	size_t site;
	enum live_state state;
	unsigned stream;               /* 0: none */
	bool hearing;                  /* it has said something */
	bool caught_up;                /* or not yet, but it goes on from where a question was just answered */
	struct job *job;
	char *place;                   /* up to where we know what changed; NULL: nowhere yet */
	int64_t heard_ms;
	int64_t next_ms;               /* WAITING and ASKING: when it goes on */
	int failures;                  /* in a row */
	int64_t failing_since_ms;
	int deaf;                      /* streams that said nothing, from a site that answers */
	int64_t begun_ms;              /* the present stream, or the last */
	int brief;                     /* streams that were over soon after they began, in a row */
	int unwelcome;                 /* streams refused for the token, in a row */
	int pages;                     /* of what changed, in a row */
	int heartbeat_s;               /* that we ask for */
	int asked;                     /* times, since a stream was tried */
	/* what was told and is not read anew yet (told.c) */
	unsigned told;                 /* bits of enum list_kind, and TOLD_DIRECTORY */
	int64_t read_ms, last_read_ms; /* when it will be, 0: there is nothing; when that was last done */
	struct told_thing *things;     /* that changed; whether we know already is looked at when it is read */
	size_t thing_count;
	struct told_number *numbers;   /* of each space the last change that was told */
	size_t number_count;
	/* the copy on disk */
	unsigned kept;                 /* bits of enum list_kind: what is on disk of these lists was right at `place` */
	char *kept_place;              /* that is on disk */
	unsigned kept_lists;           /* and those that go with it, bits of enum list_kind */
	char **kept_days;              /* as `kept`: days that were right at `place`, as their copies are (live_copy.c) */
	size_t kept_day_count;
	bool days_changed;             /* others go with the place than those on disk */
	int64_t kept_ms;               /* when it was put there */
};
#define TOLD_DIRECTORY (1u << LIST_KINDS)
#define TOLD_ALL ((TOLD_DIRECTORY << 1) - 1)

struct site {
	const struct site_config *config;
	struct live live;
	struct site_view view;
	enum reach reach;
	const char *token;             /* of account.tokens; NULL: none */
	bool token_refused;            /* the server does not take it any more, and it could not be renewed */
	struct account account;
	struct part parts[LIST_KINDS];
	struct arena *words;           /* of view.problem */
	int failures;                  /* in a row */
	int64_t failing_since_ms;
	int64_t retry_at_ms;           /* 0: no need */
	int64_t ahead_s;               /* our clock, of what the site said */
	bool told_time;
	bool probing;                  /* one question is on its way; the others follow when it is answered */
	struct untold *untold;         /* log-outs of which it does not know yet (log_out.c) */
};

struct day {
	struct day_list list;
	struct arena *identity;        /* of space_id; NULL: this place is empty */
	struct arena *arena;
	const char *etag;
	struct job *job;
	struct arena *outcome_arena;
	int64_t asked_at_ms;           /* 0: ask when next looked at */
	bool to_be_kept;               /* newer than the copy on disk */
	bool loading;                  /* the copy on disk is on its way, and waited for: `asking` until then, though the site failed at once */
	bool awaits_news;              /* whether that is right still is being asked */
	int64_t copy_as_of;            /* when what is on disk, or on its way there, was heard; 0: there is nothing */
	bool told;                     /* it changed since; read anew soon */
	char *told_by;                 /* id of the booking of ours that was told of, when it was nothing else; NULL: anything may have been */
	char *only;                    /* of what is to be read anew, the one row that changed; NULL: any may have */
	int64_t version;               /* of the space, as of which the resources in the rows are; 0: not known */
	unsigned number;               /* of the question under way, see `asks` */
	bool to_be_asked;              /* once what is on disk of it is read */
	uint64_t used;                 /* greater: looked at later */
};

enum detail_kind { DETAIL_ACTIVITY, DETAIL_CARD, DETAIL_ORGANISATION };
#define DETAILS_KEPT 16
struct kept_detail {
	struct detail view;
	enum detail_kind kind;
	size_t site;
	const char *space_id, *id;
	struct arena *identity;        /* of the two ids; NULL: this place is empty */
	struct arena *arena;
	struct job *job;
	struct arena *outcome_arena;
	int64_t asked_at_ms;           /* 0: ask when next looked at */
	bool to_be_kept, loading;
	bool told;                     /* it changed since; read anew soon */
	uint64_t used;
};

/* One site's answers to one search. */
struct found {
	char *query;                   /* that the pages answer; NULL: none */
	struct arena **pages;
	size_t page_count;
	struct arena_rows rows;        /* struct directory_row; in the arena of the last page */
	const char *next_page;         /* in the arena of the last page; NULL: no more */
	struct job *job;
	struct outcome outcome;
	struct arena *outcome_arena;
	int64_t as_of;
};
struct search {
	struct directory_list list;
	char *query;
	struct arena *arena;           /* of the merged rows */
	struct found *found;           /* of each site */
};

/* One thing that is kept on disk, and it on its way there or from there, a slice at a time. See cached.h. */
enum cached_kind { CACHED_LIST, CACHED_DAY, CACHED_DETAIL };
struct cached {
	enum cached_kind of;
	size_t site;
	enum list_kind kind;           /* of these three the one that it is */
	struct day *day;
	struct kept_detail *detail;
};
struct cache_writing {
	bool active;
	struct cached what;
	size_t at;
	struct buffer text;
};
struct cache_reading {
	struct cache_reading *next;
	struct store_reply reply;
	struct cached what;              /* as it was when reading began */
	struct wire_list list;
	struct arena *arena;           /* of what was read */
	struct arena_rows rows;
};

struct wish {
	struct outbox_row row;
	struct wish_view view;
	struct arena *arena;           /* of the row's strings */
	struct arena *answer;          /* of the outcome's */
	struct job *job;
	bool saving;                   /* to be sent as soon as it is on disk */
	int writes;                    /* given to the store, not answered */
	bool on_disk;                  /* in some state or other: it may be sent */
	bool voiding;                  /* it is not sent, and the disk shall not say that it was */
	bool behind;                   /* waits until an earlier one of the same thing has ended */
	bool ask_first;                /* too old to be sent again, or that was refused: what became of it? */
	enum outcome_kind refused_as;  /* how, if nothing is there */
	int tries;
	int wakes;                     /* how often its site came back: one that takes questions but no writes is left in peace */
	int64_t next_try_ms;           /* monotonic; 0: not waiting */
	int64_t made_ms;               /* monotonic; 0: in an earlier run */
	int64_t looked_at;             /* seconds since 1970; when it was looked at before sending, 0: never */
	bool looking;                  /* `job` is that look: nothing was sent */
	bool day_is_right;             /* the row of the day that it changed was put right by its answer (day_row.c) */
	bool take_back;                /* the person does not want it any more */
};

struct session {
	const struct config *config;
	struct clock clock;
	struct zones *zones;
	struct engine *engine;
	struct store *store;
	bool may_stay_behind;          /* see session_setup */
	bool shared;                   /* likewise */
	bool network;
	bool follows;                  /* somebody is there to see what changes */
	unsigned changed;
	struct site *sites;
	size_t site_count;
	struct job *jobs;
	struct arena **buried;         /* replaced, but perhaps still read until the next turn */
	size_t buried_count, buried_room;
	struct arena *spaces_arena, *bookings_arena;
	struct space_list spaces;
	struct booking_list bookings;
	struct arena *signups_arena, *activities_arena;
	struct activity_list signups, activities;   /* until year 0: the agenda was not looked at yet */
	bool agenda_stale;             /* their rows are to be merged anew; merging costs, and so does reading them */
	struct search searches[DIRECTORIES];
	struct kept_detail details[DETAILS_KEPT];
	uint64_t details_used;
	struct cache_writing cache_writing;
	struct cache_reading *cache_readings;
	struct day days[DAYS_KEPT];
	uint64_t days_used;
	unsigned asks;                 /* counts questions about days and spaces: of two answers that one is newer which was asked later */
	struct proposal proposal;
	struct arena *proposal_arena, *preview_arena, *proposal_outcome_arena;
	struct job *proposal_job;
	struct wish **wishes;
	size_t wish_count;
	bool wishes_held;              /* what waits is not sent */
	bool wishes_loaded, wishes_unread;   /* unread: the file is of no use */
	int loads_waiting;             /* of the outbox, not answered yet */
	struct arena *others_arena;    /* of what another process works on */
	struct wish_view *others;
	size_t other_count;
	const struct store_left *left; /* what nobody here can work on; in the same arena */
	size_t left_count;
	int64_t loaded_ms;             /* it was last read */
	int64_t load_again_ms;         /* more is to come into it, from a process that writes down what another left; 0: no */
	struct secret_run *runner;     /* password_command of `runner_site`; NULL: it does not run */
	size_t runner_site;
	const struct starting *starting;   /* it is about to, by `starting_by_ms`; NULL: it is not */
	int64_t starting_by_ms;
	int reads_waiting;             /* of the cache, not answered yet */
	int64_t copies_by_ms;          /* until then they are waited for */
	int writes_waiting;            /* of the outbox */
	int64_t look_ms;               /* then the files of tokens are looked at again */
	unsigned farewells;            /* see session_farewells() */
	char **notes;
	size_t note_count;
	int64_t refresh_at_ms;
	int64_t ahead_s;               /* by how much our clock is ahead of the sites'; 0: near enough, or they disagree */
	int64_t woke_at;               /* from the last sleep of the computer; 0: there was none */
	int64_t seen_ms, seen_wall_ms; /* both clocks at the last turn */
	int64_t minute;                /* since 1970, in which was last looked at what the clock changes */
	struct local_date day;         /* and the day */
};

void session_bury(struct session *session, struct arena **arena);   /* and sets it NULL */
void session_add_note(struct session *session, const char *text);
/* 0 … 65535, for pauses. */
unsigned session_random(void);
/* Outcome with its strings in an arena of its own; what was there before is buried. */
void session_keep_outcome(struct session *session, const struct outcome *from, struct outcome *to, struct arena **arena);
const struct zone *session_zone(struct session *session, const char *name);   /* Europe/Brussels when unknown */

/* ---- time.c ---- */
void session_heard_time(struct session *session, size_t site, int64_t date);   /* seconds since 1970 by its clock; 0: not told */
void session_watch_sleep(struct session *session, int64_t now_ms);

/* ---- site.c ---- */
void sites_open(struct session *session);
void sites_clear(struct session *session);
bool site_find(const struct session *session, const char *id, size_t *site);   /* by the id of the configuration */
void site_renew_view(struct session *session, size_t site);
/* We have a token, and as far as we know it is taken. The one word on whether somebody must log in: what is shown follows from it. */
bool site_knows_us(const struct site *site);
/* What an ended job says about the site itself. */
void site_heard(struct session *session, const struct job *job);
/* It asked us to wait, and that time is not over: whatever nobody asked for by a key waits too. */
bool site_is_throttled(const struct session *session, size_t site);
/* A person asks: now, then, and whatever it says to that counts again. */
void site_try_now(struct session *session, size_t site);
/* The same for lists. True: it wanted to be left in peace, and one question went ahead; the others follow when that is answered well. */
bool site_ask_first(struct session *session, size_t site);
void sites_timers(struct session *session, int64_t now_ms);
int64_t sites_next_ms(const struct session *session);   /* monotonic, INT64_MAX: none */

/* ---- account.c ---- */
void account_open(struct session *session, size_t site);
void account_clear(struct session *session, size_t site);
/* Somebody is here now, perhaps another than before: all that is personal is asked anew. */
void account_greet(struct session *session, size_t site);
/* Whether another process logged in or out meanwhile: looked for, and heard by and by. */
void account_look(struct session *session, size_t site);
void accounts_timers(struct session *session, int64_t now_ms);
int64_t accounts_next_ms(const struct session *session);
bool accounts_are_quiet(const struct session *session);
/* A log-in ended well: `tokens` of the ended job are ours. */
void account_enter(struct session *session, const struct job *job);
void account_end_log_in(struct session *session, size_t site, const struct outcome *outcome);

/* Asks for a session; what is under way is not dropped for it. */
void account_ask(struct session *session, size_t site, const char *login, const char *password);
void account_stays_out(struct session *session, size_t site, const char *why);   /* nobody could be logged in without being asked */
void account_site_is_back(struct session *session, size_t site);
bool account_is_entering(const struct site *site);                               /* without anybody being asked */

enum on_file { FOUND_SAME, FOUND_RENEWED, FOUND_NOBODY, FOUND_OTHERS, FOUND_NOTHING };
/* Takes over what another process put into the file. FOUND_NOTHING: it cannot be read, which was told. */
enum on_file account_take_file(struct session *session, size_t site, struct token_file *file, const struct problem *why);
void account_looked(struct session *session, struct token_file *file, const struct problem *why);
/* The tokens that a job was answered with are ours. `log_in`: which one they are of; NULL: the one that we have. */
void account_take(struct session *session, const struct job *job, const char *log_in);
/* What was held goes. `why`: the renewal that failed; NULL: the token there is now is as good as it gets. */
void account_release(struct session *session, size_t site, const struct job *why);
/* The site says that this is who we are. */
void account_is_of(struct session *session, size_t site, const char *member_id);
void account_rest(struct session *session, size_t site);
bool account_holds_jobs(const struct session *session, size_t site);
void accounts_leave(struct session *session);   /* what is not kept yet goes on its way to the disk */
void account_forget(struct session *session, size_t site);
bool account_has_file(const struct session *session);   /* of tokens: it is read and written, and shared with our other processes */
uint64_t account_mark_seen(const struct account *account);   /* of that file when it was last seen; 0: there was none */
/* Who we are was asked, and answered so. */
void account_named(struct session *session, size_t site, const struct outcome *outcome);

/* ---- log_out.c ---- */
void log_outs_go_on(struct session *session, size_t site);   /* it is back: it is told of those that it did not hear */
void log_outs_drop(struct site *site, int64_t now_ms);       /* those that are too old for that, by clock_asleep_too_ms(); and their tokens */

/* ---- renewal.c ---- */
/* True: whoever asks with our token has to wait until job_let_go(), for it is being renewed. */
bool renewal_holds(struct session *session, size_t site);
/* True: what was refused for its token is put again, or waits to be. */
bool renewal_mends(struct session *session, struct job *job);
/* The tokens of a new log-in go to the file, as soon as the lock is had. */
void renewal_keep(struct session *session, size_t site);
void renewal_keep_at_end(struct session *session, size_t site);   /* … without the lock, if need be */
void renewal_heard(struct session *session, struct token_file *file, const struct problem *why);   /* what was awaited */
void renewal_heard_late(struct session *session, struct token_file *file, const struct problem *why);
void renewal_timer(struct session *session, size_t site, int64_t now_ms);

/* ---- token_file.c ---- */
enum token_errand { TOKEN_FILE_LOOK, TOKEN_FILE_LOCK, TOKEN_FILE_KEEP, TOKEN_FILE_REMOVE, TOKEN_FILE_UNLOCK };
struct token_file {
	struct store_work work;
	enum token_errand errand;
	size_t site;
	char *id;                /* of the site */
	char *text;              /* KEEP */
	uint64_t known;          /* LOOK: one with this mark need not be read; KEEP: only such a one is replaced, 0: any; REMOVE: that is to go */
	bool by_itself;          /* LOOK: nobody waits for it */
	/* What there was. */
	bool overtaken;          /* KEEP: another was there, and stands */
	enum tokens_lock had;    /* LOCK, and … */
	int lock;                /* … the lock. -1: none */
	uint64_t mark;           /* 0: there is no file */
	struct tokens tokens;    /* unless it has `known`; `access` NULL: it could not be read */
};
/* Each is answered in a later turn: to `awaited`, `late` or `looking` of the account, if they hold it. Of one that nobody waits for any more
 * nobody hears, but that a lock is let go. */
struct token_file *token_file_look(struct session *session, size_t site, uint64_t known, bool by_itself);
struct token_file *token_file_lock(struct session *session, size_t site);   /* and looks */
struct token_file *token_file_keep(struct session *session, size_t site, char *text, uint64_t known);   /* `text` is its own then */
void token_file_remove(struct session *session, size_t site, uint64_t known);
void token_file_unlock(struct session *session, size_t site, int *lock);    /* -1 is fine, and what it becomes */

/* ---- unattended.c ---- */
bool unattended_may(const struct session *session, size_t site);
void unattended_begin(struct session *session, size_t site);
void unattended_drop(struct session *session, size_t site);
void unattended_clear(struct session *session, size_t site);   /* at the end: nobody else's turn comes */
void unattended_turn(struct session *session, int64_t now_ms);
int unattended_fd(const struct session *session);   /* -1: nothing to wait for */
int64_t unattended_next_ms(const struct session *session);

/* ---- device.c ---- */
void device_drop(struct session *session, size_t site);
void device_timer(struct session *session, size_t site, int64_t now_ms);
int64_t device_next_ms(const struct site *site);

/* ---- lists.c ---- */
void list_ask(struct session *session, size_t site, enum list_kind kind);
bool list_may_be_asked(const struct site *site, enum list_kind kind);   /* everybody may, or we may who are known there */
void lists_ask_site(struct session *session, size_t site);
void list_touch(struct session *session, size_t site, enum list_kind kind);   /* something was written that changes it */
void lists_tell_asking(struct session *session);   /* whether more is to come */
void lists_forget_personal(struct session *session, size_t site);
void lists_clear(struct session *session);
void lists_ask_due(struct session *session, int64_t now_ms);   /* those that waited for their copies */
bool lists_waiting(const struct session *session);             /* for them, until session->copies_by_ms */
void lists_merge(struct session *session);   /* after something changed */
struct list_state list_merged_state(const struct session *session, enum list_kind kind);
size_t list_count_rows(const struct session *session, enum list_kind kind);
bool list_is_of_today(struct session *session, size_t site, enum list_kind kind);   /* what is at hand was asked for what is shown now */
struct local_date list_today_at(struct session *session, size_t site);
bool space_is_home(const struct session *session, size_t site, const struct space *space);

/* ---- rows.c ---- */
/* What a write of ours was answered with, in the list that it belongs to. False: that list must be asked. */
bool row_of_booking(struct session *session, const struct wish *wish);
bool row_of_signup(struct session *session, const struct wish *wish);
/* What is free today in one space, as the question of that number was answered. */
void row_of_space(struct session *session, size_t site, const char *space_id, const struct space *told, unsigned number);
/* Asks that. False: one such question is under way. */
bool space_day_ask(struct session *session, size_t site, const char *space_id, const char *resource_id);

/* ---- agenda.c ---- */
void agenda_touch(struct session *session);   /* other rows, or news of one of them */
void agenda_merge(struct session *session);   /* after something changed */
void agenda_clear(struct session *session);

/* ---- detail.c ---- */
void details_touch(struct session *session, size_t site, const char *activity_id);   /* ask again when next looked at */
void details_ask_again(struct session *session, size_t site);   /* those whose last asking failed */
void details_age(struct session *session, size_t site);   /* all are asked again when next looked at */
/* The same for one activity, for all cards and organisations (id NULL), or for all there are (of any kind). */
void details_tell(struct session *session, size_t site, const char *activity_id, bool all);
void details_read_told(struct session *session, size_t site);
void details_forget_site(struct session *session, size_t site);
void details_clear(struct session *session);

/* ---- directory.c ---- */
void directories_open(struct session *session);
void directories_read_told(struct session *session, size_t site);   /* what is shown of it, anew */
void directories_ask_again(struct session *session, size_t site);     /* what could not be had before: it is back */
void directories_forget_site(struct session *session, size_t site);   /* what may be seen is another thing from now on */
void directories_forget_questions(struct session *session);   /* and what was found */
void directories_clear(struct session *session);

/* ---- day.c ---- */
void days_ask_again(struct session *session, size_t site, bool all);   /* all, or those whose last asking failed */
void days_age(struct session *session, size_t site);   /* all are of before: told with their age until they are heard anew */
void days_touch(struct session *session, size_t site, const char *space_id, struct local_date date, const char *resource_id);
/* It changed (date of year 0: any of that space's; space_id NULL: any of that site's), or one row of it did (`resource_id` NULL or "": any may
 * have): read anew by days_read_told() if it is looked at. `booking_id`: of ours, if that is what changed it; NULL: not known. */
void days_tell(struct session *session, size_t site, const char *space_id, struct local_date date, const char *resource_id,
               const char *booking_id);
struct day *day_find(struct session *session, size_t site, const char *space_id, struct local_date date);   /* NULL: it is not kept */
/* Other rows, as many and of the same things, as the site would answer by now; the arena is the day's from here on. */
void day_take_rows(struct session *session, struct day *day, struct arena *arena, const struct resource_day *rows);
/* The space itself is another, and what it has. */
void days_forget_resources(struct session *session, size_t site, const char *space_id);
/* Asks at once. False: that day is not kept. */
bool day_read_now(struct session *session, size_t site, const char *space_id, struct local_date date);
void days_ask_due(struct session *session);   /* those that waited for their copies */
bool days_waiting(const struct session *session);
/* What changed since their copies was asked: they are as it was answered, or (not `answered`) are to be asked. */
void days_go_on(struct session *session, size_t site, bool answered);
bool day_is_right(const struct day *day);   /* heard, or vouched for, and nothing was told of it since */
void days_read_told(struct session *session, size_t site);
void days_forget_site(struct session *session, size_t site);
void days_clear(struct session *session);
void proposal_ask_again(struct session *session, size_t site);   /* the site is back, and could not be asked before */

/* ---- passing.c ---- */
void passing_turn(struct session *session);   /* before lists are merged */

/* ---- day_row.c ---- */
/* The day as it is after what this wish was answered with. False: that day must be asked, if it is looked at. */
bool row_of_day(struct session *session, struct wish *wish);
bool row_of_day_has(const struct session *session, size_t site, const struct news *news);   /* that is what it tells of */

/* ---- wish.c ---- */
void wishes_taken_over(struct session *session, const struct store_reply *reply);
void wish_written(struct session *session, const struct store_reply *reply);
/* The site is back, or we have just logged in. */
void wishes_wake(struct session *session, size_t site, bool logged_in);
/* Who is here is known: what was wished before that is theirs. */
void wishes_name(struct session *session, size_t site);
/* Log-out: nothing of this person's is sent or shown any more. */
void wishes_forget(struct session *session, size_t site);
void wishes_send(struct session *session, size_t site);   /* all that wait, now */
bool wish_is_listed(const struct session *session, const struct wish *wish);   /* not seen, and not another person's */
bool wish_is_mine(const struct session *session, const struct wish *wish);
void wishes_timers(struct session *session, int64_t now_ms);
int64_t wishes_next_ms(const struct session *session);
void wishes_clear(struct session *session);
void wishes_drop_seen(struct session *session);   /* the oldest of those that are over, beyond WISHES_SEEN_KEPT */
size_t wishes_unkept(const struct session *session);   /* on their way to the disk for the first time */
struct wish *wish_find(const struct session *session, const char *id);   /* NULL: there is none */
void wish_put(struct session *session, struct wish *wish);               /* on disk as its row is now */
void wish_begin(struct session *session, struct wish *wish);             /* to disk first, then on the wire */
void wish_end(struct session *session, struct wish *wish);               /* its outcome is its last */
void wish_settle(struct session *session, struct wish *wish);            /* that, and what it changed at the site is asked anew */
void wish_plan_next_try(struct session *session, struct wish *wish, int retry_after_s);
bool wish_is_of_activity(const struct wish *wish);

/* Surely another person's; on a shared terminal: not surely that of who is logged in. */
bool wish_row_is_hidden(const struct session *session, size_t site, const struct outbox_row *row);

/* ---- shared.c ---- */
/* In place of wishes_forget(), where many share a terminal. */
void shared_part_with_wishes(struct session *session, size_t site);
void shared_take_over(struct session *session, struct wish *wish);   /* likewise, for what an earlier run left */

/* ---- others.c ---- */
void others_loaded(struct session *session, struct store_reply *reply);   /* takes its arena over, if it wants it */
void others_clear(struct session *session);

/* ---- behind.c: one after the other ---- */
bool wish_is_open(const struct wish *wish);   /* it has not ended */
/* Another of the same thing that was made before has not ended: then this one is kept on disk until wish_follow() lets it go. */
bool wish_waits_behind(struct session *session, struct wish *wish);
void wish_follow(const struct session *session, struct wish *wish, int64_t now_ms);
void wish_waits_for_another(struct session *session, struct wish *wish);   /* the disk says so, see struct store_reply */

/* ---- waiting.c: a wish that could not be sent at once ---- */
/* It is not to be sent now: held, over (then it is settled), or looked at first (then it goes on by itself). */
bool wish_is_kept_back(struct session *session, struct wish *wish);
/* It cannot wait for the site to come back, or was taken back meanwhile: surely nothing of it is there. True: that was its end. */
bool wish_ends_unsent(struct session *session, struct wish *wish);
/* It waits and will not be sent in time, whoever's it is: that was its end. */
bool wish_is_hopeless(struct session *session, struct wish *wish);
void wishes_site_is_away(struct session *session, size_t site);   /* ends those that cannot wait for it */
/* The row of a wish that was taken back is on disk. */
void wish_taken_back(struct session *session, struct wish *wish, bool kept);

/* ---- live.c ---- */
void live_open(struct session *session, size_t site);
void live_clear(struct live *live);
/* The network is there, we are somebody else, or the site is back. True: the lists need not be asked, the feed will tell which. */
bool live_begin(struct session *session, size_t site);
void live_end(struct session *session, size_t site);     /* nobody is logged in any more */
void live_wake(struct session *session, size_t site);
bool live_is_on(const struct session *session, size_t site);   /* nothing changes unheard: what is at hand is fresh */
/* The list as it is on disk was right in the last run, and nothing was told of it since. */
bool live_vouches_for(struct session *session, size_t site, enum list_kind kind);
void lives_turn(struct session *session, int64_t now_ms);
int64_t lives_next_ms(const struct session *session);

/* ---- live_copy.c ---- */
void live_copy_load(struct session *session, size_t site);
bool live_loaded(struct session *session, const struct store_reply *reply);   /* false: it is another snapshot */
bool live_has_copy(const struct session *session, const struct day *day);     /* it was right in the last run, and nothing was told of it since */
/* It is no more, or was used: who asks again wants to be sure. `space_id` NULL: of any; date of year 0: any. */
void live_forget_copies(struct session *session, size_t site, const char *space_id, struct local_date date);
bool live_is_catching_up(const struct session *session, size_t site);
/* What is known to have been right at our place in the feed is so now: all that changed until then was told. */
bool live_vouches(const struct session *session, size_t site);
void live_keep(struct session *session, size_t site, bool now);   /* when there is news, and not every time unless `now` */

/* ---- told.c ---- */
void told_news(struct live *live, const struct news *news);
void told_list(struct session *session, size_t site, enum list_kind kind);   /* we changed it ourselves */
void told_day(struct session *session, size_t site, const char *space_id, struct local_date date, const char *resource_id);
void told_everything(struct live *live);   /* nobody knows what changed */
void told_is_answered(struct live *live, unsigned lists);   /* these (bits of enum list_kind) are asked from here on */
void told_read(struct live *live);         /* all that was told, anew */
void told_clear(struct live *live);

/* ---- cache.c ---- */
void cache_put(struct session *session, size_t site, enum list_kind kind);
void cache_drop(struct session *session, size_t site, enum list_kind kind);   /* what was not kept yet will not be */
void cache_load(struct session *session, size_t site);                        /* the lists of the first screen */
void cache_load_list(struct session *session, size_t site, enum list_kind kind);
/* Heard anew, or (false) it gives its place to another: what was not kept yet will not be. Cards are never kept. */
void cache_put_day(struct session *session, struct day *day, bool to_be_kept);
void cache_put_detail(struct session *session, struct kept_detail *detail, bool to_be_kept);
void cache_load_day(struct session *session, struct day *day);
void cache_load_detail(struct session *session, struct kept_detail *detail);
void cache_loaded(struct session *session, struct store_reply *reply);        /* takes its arena over */
void caches_turn(struct session *session, int64_t until_ms);   /* reads and writes until then */
bool caches_waiting(const struct session *session);
bool caches_loading(const struct session *session);           /* copies of days and things are waited for, until session->copies_by_ms */
void caches_give_up(struct session *session);                 /* they are not any more: what comes all the same is taken as it comes */
void caches_clear(struct session *session);

#endif
