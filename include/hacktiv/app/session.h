/* session.h — who am I, what do I see, what am I doing: the heart of the client, without a screen.
 *
 * Lists are merged views over all sites; every row knows its site; a site that is down darkens its own rows only. What
 * session_…() returns is borrowed and stays valid until the next session_turn(). Nothing here blocks except session_wait(). */
#ifndef HACKTIV_APP_SESSION_H
#define HACKTIV_APP_SESSION_H

#include "hacktiv/app/config.h"
#include "hacktiv/store.h"

struct session;

struct session_setup {
	const struct config *config;     /* must outlive the session */
	struct clock clock;
	const char *store_path;          /* NULL: the usual place */
	bool may_stay_behind;            /* this process can wait for a disk that hangs when its person has left (see session_leave()) */
	/* Many share this terminal, one after the other. Nobody is logged in at first; tokens live in memory only, and no file of them is read
	 * or written; nothing personal is kept on disk but the outbox; the usual place is one of its own; what cannot be sent at once is
	 * not sent later, for who could be asked about it has gone by then. See session_end_turn(). */
	bool shared;
};
struct session *session_new(const struct session_setup *setup, struct problem *why);
/* Within 50 ms; what is unsent stays in the outbox. A store that is still at work then is returned when this process may stay behind: for
 * store_finish(). NULL: there is none. `words`: a sentence about wishes that are not on disk yet, for who leaves; yours, NULL: there are none. */
struct store *session_leave(struct session *session, char **words);
void session_free(struct session *session);   /* the same, and nobody stays behind */

/* ---- the loop ---- */

enum session_change {
	SESSION_SPACES = 1 << 0,
	SESSION_DAY = 1 << 1,
	SESSION_BOOKINGS = 1 << 2,
	SESSION_PROPOSAL = 1 << 3,
	SESSION_WISHES = 1 << 4,
	SESSION_SITES = 1 << 5,          /* state of a site, log-in, messages */
	SESSION_ACTIVITIES = 1 << 6,     /* the agenda and my sign-ups */
	SESSION_DIRECTORY = 1 << 7,
	SESSION_DETAIL = 1 << 8,         /* one activity, card or organisation */
	SESSION_ALL = 0x1ff
};
/* The one wait: network, store, `fds`, timers of the session, at most `timeout_ms` (-1: for ever). */
void session_wait(struct session *session, struct engine_fd *fds, size_t count, int timeout_ms);
/* Moves everything on a little (at most a few milliseconds) and says what changed. */
unsigned session_turn(struct session *session);
/* Somebody watches: what changes elsewhere is to come by itself, where the site can tell. */
void session_follow(struct session *session);
/* First requests go out; called after the first frame. Reads of the cache begin with session_new(). */
void session_start_network(struct session *session);

/* Nothing is asked and nothing is being written: whoever runs one command may leave. */
bool session_is_quiet(const struct session *session);
bool session_is_answered(const struct session *session);   /* the sites' part of it, whatever the disk does */
/* All that became of wishes so far is on disk, or could not be put there. */
bool session_is_kept(const struct session *session);
/* Asks all sites anew, also those that are left in peace for a while, and sends what waits to be sent. */
void session_sync(struct session *session);
/* Sentences about hacktiv itself, oldest first: its notes on disk were damaged, a token file is open to others. */
size_t session_note_count(const struct session *session);
const char *session_note(const struct session *session, size_t at);

/* Seconds since 1970: by this computer's clock, or, where that is more than ten minutes off, by the sites' when they agree. */
int64_t session_now(const struct session *session);
struct local_date session_today(const struct session *session);   /* in the first site's zone; Europe/Brussels before we know */
struct zones *session_zones(struct session *session);

struct list_state {
	int64_t as_of;                   /* oldest part of what is shown, 0: nothing yet */
	bool asking;                     /* a fresher copy is on its way */
	bool away;                       /* a site that has some of it cannot be reached: it may be old by now */
	struct outcome outcome;          /* of the last asking; DONE or NONE when all is well */
};

/* ---- sites ---- */

enum site_state {
	SITE_IDLE,           /* not asked yet */
	SITE_ASKING,         /* a request is under way, nothing heard yet */
	SITE_UP,             /* the last answer was good */
	SITE_UNREACHABLE,    /* since `since` */
	SITE_LOGIN_NEEDED,   /* no token, or the server does not take it any more */
	SITE_TROUBLED,       /* answers, but not as promised: `problem` */
	SITE_THROTTLED       /* asked us to wait until `next_try_at`: until then it gets nothing but what a person asks for by a key */
};
const char *site_state_wire_name(enum site_state state);
struct site_view {
	const char *id, *label;
	enum site_state state;
	int64_t as_of;                   /* last good answer, 0: never */
	int64_t since;                   /* of the present state */
	int64_t next_try_at;             /* SITE_THROTTLED: what it asked for, to the second; else 0 */
	const char *problem;             /* a sentence, "" */
	const struct member *member;     /* who I am there, NULL: not known */
	bool reconnecting;               /* what changes there does not reach us just now */
	bool may_book;                   /* the backend can, and we are logged in */
};
size_t session_site_count(const struct session *session);
const struct site_view *session_site(const struct session *session, size_t site);
/* "à jour 07:52", "injoignable depuis 09:14", "connexion nécessaire": one phrase. */
/* "données de 07:52": how old a list is that may not be up to date; "" while it is, or when nothing is known. */
char *age_words(struct arena *arena, const struct list_state *state, int64_t now, const struct zone *zone);
char *site_words(struct arena *arena, const struct site_view *site, int64_t now, const struct zone *zone);

void session_log_in(struct session *session, size_t site, const char *login, const char *password); /* password is wiped by the caller */
/* By a code that the person types on another device (RFC 8628), where the site lets people in so. */
void session_log_in_by_device(struct session *session, size_t site);
struct device_view {
	const char *user_code;           /* "WDJB-MJHT"; "": the site is still being asked for one */
	const char *address;             /* of the page where it is typed */
	const char *whole_address;       /* with the code in it, ""; for a QR code */
	int64_t until;                   /* seconds since 1970: good until then */
};
const struct device_view *session_device(const struct session *session, size_t site);   /* NULL: no such log-in is under way */
bool session_may_log_in_by_device(const struct session *session, size_t site);   /* false: it cannot, or said that it does not */
/* With the password that `password_command` of the configuration tells; done by itself when there is no token. */
bool session_may_log_in_unattended(const struct session *session, size_t site);
void session_log_in_unattended(struct session *session, size_t site);
void session_drop_log_in(struct session *session, size_t site);   /* whatever is under way */
/* How the last log-in ended; kind NONE: it has not, or there was none. */
const struct outcome *session_log_in_outcome(const struct session *session, size_t site);
/* We are known there, and the next start will be; a log-in of ours counts when it is on disk, or that does not answer in time. */
bool session_is_let_in(const struct session *session, size_t site);
/* Why nobody was let in by a code, as a sentence. */
char *device_words(struct arena *arena, const struct outcome *outcome);
/* Token, personal cache, wishes: gone at once. The server is told; one that is away, should it be back within a quarter of an hour (but not
 * by a shared terminal, where nothing is kept for it). */
void session_log_out(struct session *session, size_t site);
/* … and on disk as soon as that answers. FAILED: what lets one in is still there, and a note says why. */
enum log_out_stand { LOG_OUT_KEPT, LOG_OUT_UNDER_WAY, LOG_OUT_FAILED };
enum log_out_stand session_log_out_stands(const struct session *session, size_t site);
/* How often whoever was known at a site went, or gave way to somebody else, here or in another process: what was said to them until then
 * is not for who comes next. */
unsigned session_farewells(const struct session *session);
bool session_is_shared(const struct session *session);
/* Who stood at a shared terminal has gone: logged out everywhere, and nothing that they looked at or wished is shown to the next one.
 * What was not sent is taken back; what may have arrived stays in the outbox, and is asked after when that member logs in again. */
void session_end_turn(struct session *session);
bool session_is_telling(const struct session *session);   /* a site is being told of a log-out */

/* ---- lists ---- */

struct space_row { size_t site; struct space space; };
struct space_list { struct list_state state; struct local_date date; const struct space_row *rows; size_t count; };
/* Today's spaces of all sites, home space first, then by name. */
const struct space_list *session_spaces(const struct session *session);
void session_refresh_spaces(struct session *session);

struct day_list {
	struct list_state state;
	size_t site;
	const char *space_id;
	struct local_date date;
	struct opening_state opening;          /* of that date, as the server says */
	const struct resource_day *rows;
	size_t count;
};
/* One space on one date. Asks the site when it is not at hand or older than 60 s; until then state.as_of tells. The same pointer
 * content is kept for the last 8 (space, date) asked. */
const struct day_list *session_day(struct session *session, size_t site, const char *space_id, struct local_date date);
void session_refresh_day(struct session *session, size_t site, const char *space_id, struct local_date date);

struct booking_row { size_t site; struct booking booking; };
struct booking_list { struct list_state state; const struct booking_row *rows; size_t count; };
/* Mine, not cancelled, from today on, by start. */
const struct booking_list *session_bookings(const struct session *session);
void session_refresh_bookings(struct session *session);
/* What one most likely wants next: the first such part of a day after today when the space is open and one has no place anywhere yet.
 * Tomorrow's where the next two weeks have none. */
struct period session_next_open(const struct session *session, const struct space *space, enum day_part part);

/* ---- activities ---- */

struct activity_row { size_t site; const struct activity *activity; };
struct activity_list {
	struct list_state state;
	struct local_date from, until;
	const struct activity_row *rows;
	size_t count;
	unsigned edition;                /* another number: other rows, or other things told of them */
};
/* Those that begin from `from` to `until` (both included, at most ACTIVITY_WINDOW_DAYS), by start, without their long text. One
 * stretch at a time is at hand: another one replaces it, and what both have in common is shown while the rest is on its way. */
const struct activity_list *session_activities(struct session *session, struct local_date from, struct local_date until);
/* The stretch at hand; when there is none, ACTIVITY_WINDOW_DAYS from today on are asked for. */
const struct activity_list *session_agenda(struct session *session);
void session_refresh_activities(struct session *session);
/* Those in which I have a place or wait, from today on, by start; `until` is of no meaning. */
const struct activity_list *session_signups(const struct session *session);
void session_refresh_signups(struct session *session);

/* ---- the directory ---- */

enum directory { DIRECTORY_MEMBERS, DIRECTORY_ORGANISATIONS };
#define DIRECTORIES 2
/* Exactly one of the two. Without the long text. */
struct directory_row { size_t site; const struct card *card; const struct organisation *organisation; };
struct directory_list {
	struct list_state state;
	const char *query;               /* what is shown, or looked for now */
	bool too_short;                  /* members are searched from CARD_QUERY_LETTERS_MIN letters on: nothing was asked */
	bool more;                       /* session_directory_more() brings more rows */
	const struct directory_row *rows;
	size_t count;
};
#define DIRECTORY_ROWS_MAX 1000      /* after so many, better words help more than more rows */
/* Searched at the sites, page by page, never held whole; the same words again cost nothing. One question is under way at a time: what
 * was typed meanwhile is asked when its answer, which is then dropped, came. Until the new answer is there, of the old rows those
 * stay that fit. "" finds all organisations and no member. */
const struct directory_list *session_directory(struct session *session, enum directory directory, const char *query);
void session_directory_more(struct session *session, enum directory directory);
void session_refresh_directory(struct session *session, enum directory directory);

/* ---- one thing, whole ---- */

struct detail {
	struct list_state state;
	const struct activity *activity;             /* of these three the one asked for; NULL until it came */
	const struct card *card;
	const struct organisation *organisation;
};
/* With their long texts. Asked when not at hand or older than 60 s, as session_day(); the last 16 are kept. */
const struct detail *session_activity(struct session *session, size_t site, const char *space_id, const char *activity_id);
const struct detail *session_card(struct session *session, size_t site, const char *member_id);
const struct detail *session_organisation(struct session *session, size_t site, const char *organisation_id);

/* ---- wishes ---- */

struct wish_book {
	size_t site;
	const char *space_id, *space_name, *resource_id, *resource_name;
	struct period when;
};

/* What would happen: asks the server. One proposal at a time; a new one replaces it. */
struct proposal {
	struct wish_book wish;
	struct list_state state;
	const struct preview *preview;   /* NULL until it came */
};
void session_propose(struct session *session, const struct wish_book *wish);
/* Where the site cannot be asked: that the space is closed then, by what it said of that day or of its hours, and the same place on the
 * nearest days on which it is open. NULL: nothing is known to stand in the way. In `arena`; borrows the strings of `wish`. A proposal that
 * could not be asked for has this for its preview. */
const struct preview *session_foresee(struct session *session, const struct wish_book *wish, struct arena *arena);
const struct proposal *session_proposal(const struct session *session);  /* NULL: none */
void session_drop_proposal(struct session *session);

/* A write: to disk, then on the wire, then an outcome. The id stays valid until it was seen, and WISHES_SEEN_KEPT others after it. */
#define WISHES_SEEN_KEPT 64      /* at least WISHES_SEEN_LOADED */
const char *session_book(struct session *session, const struct wish_book *wish);
const char *session_cancel(struct session *session, size_t site, const struct booking *booking);
/* With a place the outcome is DONE, in line WAITLISTED with its place. */
const char *session_sign_up(struct session *session, size_t site, const struct activity *activity);
const char *session_withdraw(struct session *session, size_t site, const struct activity *activity);

struct wish_view {
	const struct outbox_row *row;    /* state and names */
	size_t site;
	struct outcome outcome;          /* with alternatives while this session lives */
	const struct booking *booking;   /* BOOK that is done: the booking, else NULL */
	const struct activity *activity; /* SIGN_UP or WITHDRAW that is done: how it is now, else NULL */
	int64_t next_try_at;             /* 0: not waiting for one */
	bool perhaps_there;              /* an answer was lost: whatever happens meanwhile, the site may have it until the outcome is one of it */
	bool recovered;                  /* found on disk at start: a former run did not see its end */
	bool trouble;                    /* could not be put on disk, so was not sent */
	bool perhaps_kept;               /* and with that: the disk failed in a way that may have kept it, and then the next run sends it */
	bool taken_back;                 /* by the person, before anything was sent; that is on disk too */
	bool told;                       /* see session_wish_told() */
	bool now_or_never;               /* made on a shared terminal: it does not wait for a site that is away */
};
bool session_wishes_are_known(const struct session *session);      /* what was left on disk is read */
bool session_wishes_are_unread(const struct session *session);     /* … or cannot be: what earlier runs left may be there all the same */
/* … anew, unless that was just done: another hacktiv may have ended, or have made some. */
void session_look_for_wishes(struct session *session);
bool session_wishes_are_to_come(const struct session *session);   /* and a run that has ended still has some written down */
size_t session_wish_count(const struct session *session);         /* not yet seen ones, oldest first */
const struct wish_view *session_wish_at(const struct session *session, size_t at);
const struct wish_view *session_wish(const struct session *session, const char *id);
/* Those that another hacktiv of this person works on, as they were when the disk was last read: to be shown. */
size_t session_other_count(const struct session *session);
const struct wish_view *session_other_at(const struct session *session, size_t at);
/* Those that were left for sites which are not configured now: nobody here sends them, or can take them back. A note has said so. */
size_t session_left_count(const struct session *session);
/* What that note says; "": there are none. */
char *left_words(struct arena *arena, const struct session *session);
void session_wish_seen(struct session *session, const char *id);  /* the person has read its outcome */
void session_wish_retry(struct session *session, const char *id); /* ask again now */
void session_wish_told(struct session *session, const char *id);  /* its end was said once, but wants an answer still */

/* What cannot be sent now waits, for as long as that makes sense:
 * - cancelling, signing up and withdrawing always wait: sent late they do what was meant or are refused;
 * - a booking waits unless it begins within QUEUE_LEAST_S (or has begun): whoever stands at the door must know. It is tried for
 *   HURRY_MS and then ends as UNREACHABLE, not booked;
 * - what waited for longer than LOOK_AGAIN_S, or since before the computer slept, is looked at again (a preview) before it is sent:
 *   taken meanwhile, closed, against a new rule, mine already: then nothing is sent and it ends as if the site had refused it;
 * - what is over is not sent any more.
 * What ended badly while nobody watched wants an answer: it stays until it was let go or another place was taken. */
#define QUEUE_LEAST_S 900
#define HURRY_MS 20000
#define LOOK_AGAIN_S 600
enum wish_stand {
	WISH_WAITS,          /* surely not at the site, and not on its way: may be taken back */
	WISH_ON_ITS_WAY,     /* being sent, or perhaps there: what became of it comes by itself */
	WISH_ASKS,           /* came to nothing: another place, or none? */
	WISH_ENDED           /* nothing more to be said */
};
enum wish_stand wish_stands(const struct wish_view *wish);

enum wish_drop {
	WISH_DROPPED,        /* nothing was sent and nothing will be; `taken_back` tells when that is on disk. Or: it is let go */
	WISH_DROP_LATER,     /* it is being sent at this very moment: if it does not arrive it is dropped */
	WISH_DROP_TOO_LATE   /* perhaps the site has it: what became of it will be told, and can then be cancelled */
};
/* Takes back what was not sent, or lets go what came to nothing. */
enum wish_drop session_wish_drop(struct session *session, const char *id);
/* What a log-out there would drop, also of other hacktivs: it waits, or nobody knows yet what became of it. To be asked before. */
bool wish_is_at_stake(const struct wish_view *wish);
size_t session_wishes_at_stake(const struct session *session, size_t site);
char *log_out_words(struct arena *arena, size_t at_stake);
/* The same of session_end_turn(): what it would take back, and of what nothing more would be said now. "": neither. */
size_t session_turn_at_stake(const struct session *session);
char *turn_end_words(struct arena *arena, const struct session *session);
/* Nothing that waits is sent by this session: whoever only takes something back must not be overtaken. */
void session_hold_wishes(struct session *session);
/* My last cancelling or withdrawing, also in an earlier run, that was not made good since by booking the same place then, or by
 * signing up again; NULL: there is none. Undoing it is to do just that, with session_book() or session_sign_up(). */
const struct wish_view *session_undoable(const struct session *session);
/* "Réservé : La Ferme, Les Serres 3, mar. 24/11/2026, matin." — the outcome of a wish as a whole sentence, in words. */
char *wish_words(struct arena *arena, const struct wish_view *wish);
char *wish_words_brief(struct arena *arena, const struct wish_view *wish);   /* without the reason */
char *wish_words_elsewhere(struct arena *arena, const struct wish_view *wish);   /* the same of one of session_other_at() */
/* "mer. 25/11 matin, A1, Coworking E420": what is wished for, beside what it is at: "en attente d'envoi". */
char *wish_words_short(struct arena *arena, const struct wish_view *wish);
const char *wish_stand_words(const struct wish_view *wish);

#endif
