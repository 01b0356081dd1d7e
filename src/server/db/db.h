/* db.h — what the server asks of its database: use cases, not SQL.
 *
 * Work is a job. It runs with a transaction, on a thread that the database owns, never on the thread that serves sockets.
 * Jobs that write are grouped: one transaction holds many, each can be undone alone, and none is told its end before the
 * whole is on disk. A job that was undone is told after that commit too: what it saw may have been a neighbour's work.
 *
 * Inside a job nothing needs to be checked for a broken disk: after any failure the functions below find nothing, and
 * db_tx_failed() says so once, at the end. Strings given back live in the arena and are never NULL unless said. */
#ifndef HACKTIV_SERVER_DB_H
#define HACKTIV_SERVER_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"

#include "../rights.h"

struct db;      /* any thread */
struct db_tx;   /* one job's transaction; only inside run() */

/* "sqlite:PATH", or "postgresql://…" as libpq reads it, without a password. Makes it (on PostgreSQL: its tables) when it is not there,
 * brings an older one up to date. Refuses in words: a file that another process serves, one that is damaged, a server out of reach,
 * what was written by a newer hacktivd, what is not ours. */
struct db *db_open(const char *address, struct problem *why);
/* The same to read from, beside the hacktivd that serves it: nothing is made, brought up to date or locked, and jobs that write are
 * refused. One of another format is refused. */
struct db *db_open_to_read(const char *address, struct problem *why);
/* Runs what is queued to its end, then puts everything in the one file. NULL is fine. */
void db_close(struct db *db);
/* False from a failed commit until one works again: the server is then not ready. */
bool db_is_healthy(struct db *db);
/* Another process may write to it too: what changed has to be looked for. */
bool db_is_shared(const struct db *db);

/* Goes up with every commit of this process that kept anything, before whoever asked for it is told. */
uint64_t db_commits(struct db *db);

/* What a commit brought, as bits. `hook` runs after each one that brought something, on a thread of the database: it must not wait.
 * Set once, before jobs run beside it; NULL takes it away. */
enum db_news { DB_NEWS_CHANGE = 1, DB_NEWS_STANDING = 2 };   /* a feed went on; a token or a role was taken from somebody */
void db_on_commit(struct db *db, void (*hook)(void *context, unsigned news), void *context);

/* ---- jobs ------------------------------------------------------------------------------------------------------- */

enum db_end {
	DB_COMMITTED,        /* run() said keep, and it is on disk */
	DB_UNDONE,           /* run() said undo; or it only read */
	DB_STORAGE_FAILED    /* nothing of it happened: run()'s answer must not be told */
};

struct db_job {
	/* True: keep what it wrote. May be called again after all it did was undone (another was in the way, a connection was lost), so it
	 * leaves nothing outside the transaction that a second call could trip over. */
	bool (*run)(struct db_job *job, struct db_tx *tx);
	void (*done)(struct db_job *job, enum db_end end);        /* same thread; the job is the caller's again */
	/* Id or slug of the one space it writes to; "" when that is none or not known. Jobs of one space come one after another where a
	 * database has several writers. Must outlive the job. */
	const char *lane;
	bool once;                                                /* run() must not be called again: slower */
	/* run() may be called before all other jobs of a transaction, once more than otherwise, to ask ahead and do nothing else: it knows
	 * db_only_asks(). */
	bool asks_ahead;
	struct db_job *next;                                      /* the queue's */
};

#define DB_QUEUE_MAX 1000   /* jobs waiting; the next one is refused */

/* False: the queue is full (or the database is being closed); run() will not be called. */
bool db_read(struct db *db, struct db_job *job);
bool db_write(struct db *db, struct db_job *job);

/* Jobs that wait. */
size_t db_waiting(struct db *db);

/* One piece of writing, waited for: start-up and administration only. `work` returns false with `why` to undo it. */
bool db_write_now(struct db *db, bool (*work)(struct db_tx *tx, void *context, struct problem *why), void *context,
                  struct problem *why);
/* What comes in this transaction may take longer than a request would. */
void db_take_long(struct db_tx *tx);
/* One piece of reading, in one view of the whole. */
bool db_read_now(struct db *db, bool (*work)(struct db_tx *tx, void *context, struct problem *why), void *context,
                 struct problem *why);

bool db_tx_failed(const struct db_tx *tx);
/* Before it asks ahead: new rows that this job writes will be of these members, resources, bookings, by their ids. Of two jobs that announce the
 * same none asks ahead of the other. */
void db_announce(struct db_tx *tx, const char *const *ids, size_t count);
/* This call of a job's run() is there to ask ahead: it returns before it writes, and whatever it made or answered is of no account. */
bool db_only_asks(const struct db_tx *tx);

/* ---- spaces and resources ---------------------------------------------------------------------------------------- */

/* Granules of time as they are kept, half-open: number n is [n * slot, (n + 1) * slot) in seconds since 1970. A slot is a quarter of an
 * hour, or five minutes where the space's own granule is none of those: offsets from UTC are whole quarters (Kathmandu +05:45, Lord
 * Howe's summer +11:00 and winter +10:30), so hours that lie on the granule by the wall lie on slots whatever the zone, and two that
 * touch never share one. */
struct granules {
	int64_t from;
	int64_t until;
};
static inline int granule_slot_s(int granule_s)
{
	return granule_s % 900 == 0 ? 900 : 300;
}
static inline struct granules granules_between(int64_t start_at, int64_t end_at, int granule_s)
{
	int slot_s = granule_slot_s(granule_s);
	return (struct granules){ start_at / slot_s, (end_at + slot_s - 1) / slot_s };
}

/* By id or slug; NULL when there is none. `today` is left empty: policy.h fills it. */
const struct space *db_find_space(struct db_tx *tx, const char *id_or_slug, struct arena *arena);
/* All of them in their order. */
const struct space *db_list_spaces(struct db_tx *tx, struct arena *arena, size_t *count);

enum db_put {
	DB_PUT_SAME,          /* it was so already: nothing was written */
	DB_PUT_DONE,
	DB_PUT_REFUSED,       /* a constraint, where it is said below which; undo then */
	DB_PUT_FAILED         /* the disk; db_tx_failed() */
};
static inline bool db_put_is_good(enum db_put put) { return put == DB_PUT_SAME || put == DB_PUT_DONE; }

#define DB_POSITION_KEPT (-1)   /* stays where it is in lists; what is new comes after all others */

/* Adds or replaces; version goes up by itself when something changed. `position`: order in lists, from 0. Its hours and
 * closures become these. Nobody is told: db_tell_space(). */
enum db_put db_put_space(struct db_tx *tx, int position, const struct space *space);

const struct resource *db_find_resource(struct db_tx *tx, const char *space_id, const char *id, struct arena *arena);
const struct resource *db_list_resources(struct db_tx *tx, const char *space_id, struct arena *arena, size_t *count);
/* The version of its space goes up too. */
enum db_put db_put_resource(struct db_tx *tx, const char *space_id, int position, const struct resource *resource);

/* The highest number of its units that somebody holds in that granule or later; 0: none. */
int db_highest_unit(struct db_tx *tx, const char *space_id, const char *resource_id, int64_t granule);

/* Time as it is, half-open, in seconds since 1970. */
struct stretch {
	int64_t from;
	int64_t until;
};
static inline struct stretch stretch_of(struct granules range, int granule_s)
{
	int64_t slot_s = granule_slot_s(granule_s);
	return (struct stretch){ range.from * slot_s, range.until * slot_s };
}

/* Bookable desks of a space and how many of them nobody has any of in each half. Costs a look-up per booking of that day, whatever
 * lies in the past. */
struct free_desks {
	int desks;
	int morning;
	int afternoon;
};
struct free_desks db_count_free(struct db_tx *tx, const char *space_id, struct local_date date, struct stretch morning,
                                struct stretch afternoon);

/* When a resource is not there: local dates, inclusive both. */
struct outage {
	const char *id;
	const char *resource_id;
	enum resource_state state;       /* RESOURCE_PLANNED or RESOURCE_OUT_OF_ORDER */
	struct local_date from;
	struct local_date until;         /* the last date there is: open ended */
	const char *reason;
};
/* Those that touch a day of the range, of one resource or all (NULL), by their beginning. */
const struct outage *db_list_outages(struct db_tx *tx, const char *space_id, const char *resource_id, struct local_date from,
                                     struct local_date until, struct arena *arena, size_t *count);
/* The first of them that keeps a resource away on a day; NULL: none does. */
const struct outage *db_find_outage(struct db_tx *tx, const char *space_id, const char *resource_id, struct local_date date,
                                    struct arena *arena);
/* Adds or replaces; what its space has is changed then. REFUSED: never. */
enum db_put db_put_outage(struct db_tx *tx, const char *space_id, const struct outage *outage);
/* False: there is none. */
bool db_end_outage(struct db_tx *tx, const char *space_id, const char *id);

/* A closure that was written by hand, known by its id. */
struct closing {
	const char *id;                  /* "": of an import */
	struct closure closure;
};
const struct closing *db_list_closings(struct db_tx *tx, const char *space_id, struct local_date from, struct arena *arena,
                                       size_t *count);
/* REFUSED: there is one for just these dates and that reason. */
enum db_put db_put_closing(struct db_tx *tx, const char *space_id, const struct closing *closing);
bool db_end_closing(struct db_tx *tx, const char *space_id, const char *id);

/* Who holds what within a stretch: one row per booking that has some of it, by start. Of all resources at once, from the bookings
 * themselves, which are found by their time: a look at each resource's granules would cost more the more there are. */
struct busy_booking {
	const char *resource_id;
	int unit;                /* from 1 */
	int64_t start_at;
	int64_t end_at;
	const char *my_id;       /* of the booking when it is that member's, else "" */
};
/* `member_id` may be NULL: nobody. */
const struct busy_booking *db_list_busy(struct db_tx *tx, const char *space_id, struct stretch range, const char *member_id,
                                        struct arena *arena, size_t *count);
/* One resource over one range. */
struct db_taken {
	bool taken;              /* no unit of it is free all that time */
	bool mine;               /* this member holds one of the granules, of whichever unit */
	int unit;                /* the first that is free; 0: none */
};
void db_ask_taken(struct db_tx *tx, const char *space_id, const struct resource *resource, struct granules range, const char *member_id,
                  const char *without);
/* What the booking `without` holds counts as free; "": none. */
struct db_taken db_find_taken(struct db_tx *tx, const char *space_id, const struct resource *resource, struct granules range,
                              const char *member_id, const char *without);

/* What a member has by now: of a resource, or of the whole space (NULL). Of the booking `without` nothing is counted. */
struct quota_use db_count_use(struct db_tx *tx, const char *space_id, const char *resource_id, const char *member_id,
                              struct local_date date, int64_t now, const char *without);
/* Nobody else writes to that space until this transaction ends, also where a database has several writers: for what is counted before
 * it is written. */
bool db_hold_space(struct db_tx *tx, const char *space_id);

/* ---- members and their tokens ------------------------------------------------------------------------------------ */

#define TOKEN_HASH_BYTES 32   /* SHA-256 of a token; the token itself is never stored */

/* Who did it and in which request, for the audit line. */
struct db_actor {
	const char *member_id;
	const char *request_id;
};

/* Adds or replaces, leaving the password alone. */
enum db_put db_put_member(struct db_tx *tx, const struct member *member);
/* False: no member has that login. `password_hash` as crypto_pwhash_str() wrote it. */
bool db_set_password(struct db_tx *tx, const char *login, const char *password_hash);

/* By login; those after `after`. At most `limit`. */
const struct member *db_list_members(struct db_tx *tx, const char *after, int limit, struct arena *arena, size_t *count);
/* NULL: no such login. `*password_hash` is NULL when that member has none, or is disabled. */
const struct member *db_find_member_by_login(struct db_tx *tx, const char *login, struct arena *arena,
                                             const char **password_hash);
/* NULL: no such member, or nobody in particular (anonymous). */
const struct member *db_find_member(struct db_tx *tx, const char *id, struct arena *arena);
bool db_remove_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES]);
/* Whoever has them is logged out: sessions, personal tokens, codes under way. More of these: standing.h. */
bool db_remove_tokens_of(struct db_tx *tx, const char *member_id);

/* SAME: they hold it, or hold it not, already. */
enum db_put db_grant_role(struct db_tx *tx, const char *member_id, const struct held_role *role);
enum db_put db_revoke_role(struct db_tx *tx, const char *member_id, const struct held_role *role);
/* These and no others. */
enum db_put db_put_roles(struct db_tx *tx, const char *member_id, const struct held_role *roles, size_t count);
const struct held_role *db_list_roles(struct db_tx *tx, const char *member_id, struct arena *arena, size_t *count);
/* Who works in a space: by role, then by name. */
struct staff_row {
	enum role role;
	const char *member_id;
	const char *name;
};
const struct staff_row *db_list_staff(struct db_tx *tx, const char *space_id, struct arena *arena, size_t *count);

/* Cannot log in any more, and their tokens end (OWASP ASVS 7.4.2). Others wait in line for a place at an activity: those to come are
 * given back. Bookings stand: they may be paid, others may come on them, and whether a desk is freed is for the staff of its space to
 * say, who can cancel it. Enabled again, they have what is left. DONE: to be audited by the caller. */
enum db_put db_disable_member(struct db_tx *tx, const char *member_id, int64_t now, struct db_actor actor);
enum db_put db_enable_member(struct db_tx *tx, const char *member_id);
/* Nothing is done with their data but booking (GDPR art. 18). DONE: to be audited by the caller. */
enum db_put db_restrict_member(struct db_tx *tx, const char *member_id);
bool db_is_disabled(struct db_tx *tx, const char *member_id);

/* ---- bookings ---------------------------------------------------------------------------------------------------- */

/* A line of who changed what of whom: "role.granted" "operator". */
bool db_audit_member(struct db_tx *tx, const char *member_id, const char *action, const char *fields, const char *space_id,
                     int64_t at, struct db_actor actor);

#define IDEMPOTENCY_TTL_S (24 * 3600)
#define FINGERPRINT_BYTES 32   /* SHA-256 of method, path and canonical body */

/* The answer to a request that was carried out or refused, kept so that the same key gets the same answer. */
struct idempotent_answer {
	const char *key;
	unsigned char fingerprint[FINGERPRINT_BYTES];
	int status;
	const char *body;
	const char *location;   /* "" when none */
	const char *etag;
};
/* What will be asked of a booking that is about to be made goes down the wire at once, here and by db_ask_taken() and
 * db_ask_usable_passes(): db_find_answer(), db_has_booking() and the others then wait together, not one after the other. Whatever is written
 * in between makes it void. */
void db_ask_before_booking(struct db_tx *tx, const char *space_id, const char *member_id, const char *key, int64_t now, const char *id);
/* NULL: none, or past its time. */
const struct idempotent_answer *db_find_answer(struct db_tx *tx, const char *space_id, const char *member_id,
                                               const char *key, int64_t now, struct arena *arena);
/* In the transaction of the effect. */
bool db_keep_answer(struct db_tx *tx, const char *space_id, const char *member_id,
                    const struct idempotent_answer *answer, int64_t now);
/* In a transaction of its own: what was refused left nothing else. False: this key has an answer by now, or the disk. */
bool db_keep_refusal(struct db_tx *tx, const char *space_id, const char *member_id, const struct idempotent_answer *answer,
                     int64_t now);

enum db_booked {
	DB_BOOKED,
	DB_BOOKED_SLOT_TAKEN,    /* one of the granules has a holder: the primary key said so */
	DB_BOOKED_ID_EXISTS,     /* a booking with that id is there already */
	DB_BOOKED_FAILED         /* the disk; db_tx_failed() */
};
/* The answer's record, the booking, its granules in ascending order, the feed's next number, the change and the audit line: all or
 * nothing, so the job must return false (undo) on any answer but DB_BOOKED. `answer` NULL: none is kept. Of `booking`, names of
 * space and resource are not stored; it is that of `member_id`, or the actor's own when that is "" or NULL. */
enum db_booked db_book(struct db_tx *tx, const struct booking *booking, struct granules range, struct db_actor actor,
                       const struct idempotent_answer *answer);

/* Any, in whatever state, at whatever time. */
bool db_has_bookings(struct db_tx *tx, const char *space_id);

bool db_has_booking(struct db_tx *tx, const char *space_id, const char *id);
/* Whoever's it is, in whatever state: `member_id` says whose, rights.h who may know. NULL when there is none. */
const struct booking *db_find_booking(struct db_tx *tx, const char *space_id, const char *id, struct arena *arena);

/* That member's bookings from the date on, those that were declined or lapsed too but not cancelled ones, by start; those after (after_start, after_id) when after_id is
 * not NULL. At most `limit`. */
const struct booking *db_list_bookings(struct db_tx *tx, const char *member_id, struct local_date from, int64_t after_start,
                                       const char *after_id, int limit, struct arena *arena, size_t *count);

/* What of a space's bookings is asked for. NULL: whatever it is. */
struct space_bookings {
	const char *space_id;
	struct local_date from;          /* local dates of the start, inclusive */
	struct local_date until;
	const char *member_id;
	const char *resource_id;
	const char *state;               /* wire name */
};
/* By start, also those that ended; those after (after_start, after_id) when after_id is not NULL. At most `limit`. */
const struct booking *db_list_space_bookings(struct db_tx *tx, const struct space_bookings *wanted, int64_t after_start,
                                             const char *after_id, int limit, struct arena *arena, size_t *count);

/* Cancels the booking as it was read (its version), gives its granules back, tells feed and audit. `late`: it is owed all the same.
 * `reason` "": none was given. False: it has another version or state by now. */
bool db_cancel(struct db_tx *tx, const struct booking *booking, struct granules range, bool late, const char *reason, int64_t now,
               struct db_actor actor);

/* Those that can still be cancelled: not cancelled and not over. */
struct db_cancellable {
	const char *space_id;
	const char *member_id;           /* NULL: whoever's */
	const char *series_id;           /* NULL: of any or none */
	struct local_date from;          /* inclusive both */
	struct local_date until;
	int64_t now;
};
/* By start. At most `limit`. */
const struct booking *db_list_cancellable(struct db_tx *tx, const struct db_cancellable *wanted, int limit, struct arena *arena,
                                          size_t *count);
/* Whoever's, that hold a granule of the range, of one resource or all (NULL), and are not over. By start. At most `limit`. */
const struct booking *db_list_affected(struct db_tx *tx, const char *space_id, const char *resource_id, struct granules range,
                                       int64_t now, int limit, struct arena *arena, size_t *count);
/* Has any booking that series, whoever's and in whatever state. */
bool db_has_series(struct db_tx *tx, const char *space_id, const char *series_id);

enum db_moved {
	DB_MOVED,
	DB_MOVED_SLOT_TAKEN,     /* one of the granules has a holder */
	DB_MOVED_STALE,          /* it has another version or state by now */
	DB_MOVED_FAILED          /* the disk; db_tx_failed() */
};
/* The booking as it was read becomes `after` (place in the same space, time, state, price, what is said of it): what it held is given back
 * and the new granules are taken, or the job must return false (undo). Feed and audit are told. */
enum db_moved db_move(struct db_tx *tx, const struct booking *before, struct granules had, const struct booking *after,
                      struct granules wanted, int64_t now, struct db_actor actor);

/* ---- the space's answer, arrivals, who is here --------------------------------------------------------------------- */

/* Never NULL: a space without terms takes no presence, gives no network days and takes no carnets but its own. */
const struct terms *db_find_terms(struct db_tx *tx, const char *space_id, struct arena *arena);
/* Its version goes up when they change. */
enum db_put db_put_terms(struct db_tx *tx, const char *space_id, const struct terms *terms);
#define CARNETS_OF_MAX 64   /* other spaces whose carnets one takes */

/* The answer to a booking that waits, as it was read (its version). A declined one gives back its granules (`range`) and what paid for
 * it. `reason` "": none. False: it has another version, or does not wait any more. */
bool db_approve(struct db_tx *tx, const struct booking *booking, const char *reason, int64_t now, struct db_actor actor);
bool db_decline(struct db_tx *tx, const struct booking *booking, struct granules range, const char *reason, int64_t now,
                struct db_actor actor);
/* Ends those that wait and have begun, in that space ("": everywhere), some hundred at once; tells feed and audit. How many. */
size_t db_lapse(struct db_tx *tx, const char *space_id, int64_t now, struct arena *arena);

/* Each does nothing where it is so already; whether one may is for the caller to have judged. False: the disk. */
bool db_check_in(struct db_tx *tx, const struct booking *booking, int64_t now, struct db_actor actor);
bool db_undo_check_in(struct db_tx *tx, const struct booking *booking, int64_t now, struct db_actor actor);
/* The booking then ends at `ends_at`; the granules of `freed` are anybody's, none when it is empty. */
bool db_check_out(struct db_tx *tx, const struct booking *booking, int64_t ends_at, struct granules freed, int64_t now,
                  struct db_actor actor);
bool db_undo_check_out(struct db_tx *tx, const struct booking *booking, int64_t now, struct db_actor actor);

struct presence {
	const char *booking_id;
	const char *member_id;
	const char *member_name;
	const char *resource_name;
	const char *resource_area;
	int64_t since;
	int64_t until;
};
/* Who checked in on that date and did not leave, by name: one row for each booking, whenever that ends. */
const struct presence *db_list_present(struct db_tx *tx, const char *space_id, struct local_date date, struct arena *arena, size_t *count);
/* How many people that is. */
size_t db_count_present(struct db_tx *tx, const char *space_id, struct local_date date);

struct worked {
	enum country country;
	int days;                /* dates with a check-in there */
	int check_ins;
};
#define COUNTRIES_MAX 16
const struct worked *db_list_worked(struct db_tx *tx, const char *member_id, int year, struct arena *arena, size_t *count);

/* ---- money as counters ------------------------------------------------------------------------------------------------ */

const struct pass *db_find_pass(struct db_tx *tx, const char *id, struct arena *arena);
/* By when they were sold; those after (after_sold, after_id) when after_id is not NULL. At most `limit`. */
const struct pass *db_list_passes(struct db_tx *tx, const char *member_id, int64_t after_sold, const char *after_id, int limit,
                                  struct arena *arena, size_t *count);
void db_ask_usable_passes(struct db_tx *tx, const char *member_id, struct local_date date);
/* Those valid on that date that have something left, the first to end in front. */
const struct pass *db_list_usable_passes(struct db_tx *tx, const char *member_id, struct local_date date, struct arena *arena,
                                         size_t *count);
#define PASSES_USABLE_MAX 50
/* SAME: one with this id is there. Ledger, feed and audit are told. */
enum db_put db_sell_pass(struct db_tx *tx, const struct pass *pass, struct db_actor actor);

/* Half-days of the network that a member has had there that year. */
int db_count_network_half_days(struct db_tx *tx, const char *space_id, const char *member_id, int year);
struct network_days {
	const char *space_id;
	const char *space_name;
	int half_days;           /* a year */
	int used;
};
#define NETWORK_SPACES_MAX 200
/* Of all spaces but their home that give some. */
const struct network_days *db_list_network_days(struct db_tx *tx, const struct member *member, int year, struct arena *arena,
                                                size_t *count);

/* Takes the first of the choices that can be had (the price always can), fills `booking->payment` and writes the line of the ledger; the
 * booking's id, member and version are set. `network_half_days`: a year, there. The row itself is db_book()'s; false: the disk. */
bool db_pay(struct db_tx *tx, struct booking *booking, const struct payment *choices, size_t count, int network_half_days, int64_t now);
/* What paid for a booking goes back where it came from, once. `version`: the one that the booking has after it. db_cancel() in time,
 * db_decline() and db_lapse() do it themselves. */
bool db_give_back(struct db_tx *tx, const struct booking *booking, int64_t version, int64_t now);
/* Writes the payment down in a booking that is there already: after a move. */
bool db_note_payment(struct db_tx *tx, const struct booking *booking);

enum ledger_kind { LEDGER_SALE, LEDGER_BOOKING, LEDGER_GIVEN_BACK };   /* "sale" "booking" "given_back" */
struct ledger_line {
	const char *space_id;
	int64_t at;
	const char *id;
	enum ledger_kind kind;
	enum pay_by by;
	const char *member_id;
	const char *booking_id;  /* "" for a sale */
	const char *pass_id;     /* "" when by price or network day */
	struct local_date date;  /* of the booking; the first of what was sold */
	int half_days;           /* what the counter went up by */
	struct price price;      /* what became due */
};
/* Of instants [from, until), by time; those after (after_at, after_id) when after_id is not NULL. */
const struct ledger_line *db_list_ledger(struct db_tx *tx, const char *space_id, int64_t from, int64_t until, int64_t after_at,
                                         const char *after_id, int limit, struct arena *arena, size_t *count);
struct ledger_sum {
	int vat_permille;
	int64_t lines;
	int64_t net_cents;
	int64_t gross_cents;
};
#define LEDGER_RATES_MAX 32
const struct ledger_sum *db_sum_ledger(struct db_tx *tx, const char *space_id, int64_t from, int64_t until, struct arena *arena,
                                       size_t *count);

/* ---- activities and sign-ups -------------------------------------------------------------------------------------- */

struct activity_filter {
	struct local_date from;          /* local dates of the start, inclusive */
	struct local_date until;
	const char *space_id;            /* "": all */
	unsigned languages;              /* any of these; 0: all */
	bool by_format;
	enum activity_format format;
	const char *words;               /* each begins a word of it; "": all */
};

/* As `member_id` sees it (NULL: nobody): `mine` is theirs. The link is told whatever their state. NULL: no such activity. */
const struct activity *db_find_activity(struct db_tx *tx, const char *space_id, const char *id, const char *member_id,
                                        struct arena *arena);
/* By start; those after (after_start, after_id) when after_id is not NULL. Without description. At most `limit`. */
const struct activity *db_list_activities(struct db_tx *tx, const struct activity_filter *filter, const char *member_id,
                                          int64_t after_start, const char *after_id, int limit, struct arena *arena,
                                          size_t *count);
/* Those in which the member has a place or waits, from the date on. */
const struct activity *db_list_signups(struct db_tx *tx, const char *member_id, struct local_date from, int64_t after_start,
                                       const char *after_id, int limit, struct arena *arena, size_t *count);

/* Adds or replaces what its organiser says of it; counts, tickets and version are the database's own. More room lets people in from
 * the line at once. REFUSED: more people have a place than there would be. */
enum db_put db_put_activity(struct db_tx *tx, const struct activity *activity, int64_t now, struct db_actor actor);

/* After the space got another name or town: its activities are found by those. */
bool db_renew_activities(struct db_tx *tx, const char *space_id, int64_t now, struct db_actor actor);

/* ---- sign-ups: each of these begins by holding the activity's row and settling offers past their time ---- */

/* Holds it until the end of the transaction, so that what is read afterwards stays true. False: no such activity, or the disk. */
bool db_hold_activity(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, const char *request_id);
/* Is any offer past its time? Then everything that shows sign-ups settles first. */
bool db_offers_are_due(struct db_tx *tx, int64_t now);
/* Settles at most `most` activities. */
bool db_settle_offers(struct db_tx *tx, int64_t now, int most, const char *request_id);

/* Something done to one member's sign-up. Whether they may is for the caller to have judged. */
struct signup_act {
	const char *space_id;
	const char *activity_id;
	const char *member_id;         /* whose it is */
	int64_t now;
	struct db_actor actor;         /* who does it */
	const char *reason;            /* "" when none is given */
	int accepted_conditions;       /* by signing up; 0: none */
};

/* Gives the member a place, or one in line; who was offered a place has it. Nothing when they have either already. False: the disk. */
bool db_sign_up_for(struct db_tx *tx, const struct signup_act *act);
/* Takes the member's place, offer or place in line away and lets in whoever is first. Nothing when they have none. False: the disk. */
bool db_withdraw_for(struct db_tx *tx, const struct signup_act *act);
/* From all that is still to come, in every space: who is removed or disabled leaves no empty chair. */
bool db_withdraw_everywhere(struct db_tx *tx, const char *member_id, int64_t now, struct db_actor actor);

enum db_advanced { DB_ADVANCED, DB_ADVANCED_NOT_WAITING, DB_ADVANCED_DOWN };   /* DOWN: the place is behind theirs; nothing happened */
/* Puts who waits at that place of the line, from 1. */
enum db_advanced db_move_up(struct db_tx *tx, const struct signup_act *act, int place);
/* Until no more than `capacity` have a place: the last who got a ticket wait again, with it. */
bool db_move_last_to_line(struct db_tx *tx, const char *space_id, const char *activity_id, int capacity, int64_t now,
                          struct db_actor actor);

/* A sign-up as the staff sees it. */
struct participant {
	const char *member_id;
	const char *member_name;
	struct signup signup;          /* place too */
	int64_t ticket;
	enum attendance attendance;
	bool walk_in;                  /* came in from the door */
};
/* And may come in. */
bool db_is_member(struct db_tx *tx, const char *member_id);
/* In the order of their tickets; those after `after_ticket` when `after` is true. At most `limit`. */
const struct participant *db_list_participants(struct db_tx *tx, const char *space_id, const char *activity_id, bool after,
                                               int64_t after_ticket, int limit, struct arena *arena, size_t *count);
/* NULL: they never signed up. */
const struct participant *db_find_participant(struct db_tx *tx, const char *space_id, const char *activity_id, const char *member_id,
                                              struct arena *arena);
/* What became of a sign-up, oldest first. */
struct signup_event {
	int64_t seq;                   /* in the space's feed */
	int64_t at;
	const char *kind;
	const char *by_id;             /* a member; "" when it was nobody's act */
	const char *by_name;
	const char *reason;
	int place;                     /* in line, that they got; 0: none */
};
const struct signup_event *db_list_signup_events(struct db_tx *tx, const char *space_id, const char *activity_id,
                                                 const char *member_id, struct arena *arena, size_t *count);

enum db_attended { DB_ATTENDED, DB_ATTENDED_NOT_SIGNED_UP, DB_ATTENDED_FULL };
/* Notes who came. `walk_in`: who has no place gets one, when there is one. */
enum db_attended db_attend(struct db_tx *tx, const struct signup_act *act, enum attendance attendance, bool walk_in);
/* Nobody is left without a mark: who was not seen was absent. Nothing when it is closed. */
bool db_close_attendance(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor);

/* The start of the last activity with a link that begins by then; 0: none. It changes when a link is released. */
int64_t db_last_release(struct db_tx *tx, int64_t until);

/* For oneself. */
bool db_sign_up(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor);
bool db_withdraw(struct db_tx *tx, const char *space_id, const char *activity_id, int64_t now, struct db_actor actor);

/* ---- people ------------------------------------------------------------------------------------------------------- */

/* Where a consent came from. */
struct consent_note {
	const char *text_version;       /* "" where nothing was given */
	enum consent_source source;
	int64_t at;
	const char *request_id;
};
struct consent_event {
	int64_t seq;                    /* from 1 for each member */
	int64_t at;
	struct consent_change change;
	const char *text_version;
	enum consent_source source;
	const char *request_id;
};
/* Newest first; those before `before` when it is not 0. At most `limit`. */
const struct consent_event *db_list_consents(struct db_tx *tx, const char *member_id, int64_t before, int limit,
                                             struct arena *arena, size_t *count);

/* A member with all that is kept on their card, shown or not. */
struct profile {
	struct member member;
	struct owned_card card;         /* empty where there is none */
	bool has_card;
};
/* NULL: no such member; those who are nobody in particular (anonymous) are none. */
const struct profile *db_find_profile(struct db_tx *tx, const char *member_id, struct arena *arena);
/* Keeps others from changing this member until the transaction ends. False: no such member. */
bool db_hold_member(struct db_tx *tx, const char *member_id);
/* Name, home space, usual place, restriction and card texts as they are in `profile`; levels stay. */
bool db_write_profile(struct db_tx *tx, const struct profile *profile);

/* One line of who read or changed what of whom. */
struct member_audit {
	int64_t seq;                    /* from 1 for each member */
	int64_t at;
	const char *actor;              /* a member's id; a name of a job; "erased" */
	const char *action;             /* "card.read", "profile.read", "profile.changed", "visibility.changed", "member.created",
	                                   "export.read" */
	const char *fields;             /* their names, separated by spaces; never what is in them */
	const char *space_id;           /* in which capacity; "" none */
	const char *request_id;
};
/* Newest first, as db_list_consents(). */
const struct member_audit *db_list_member_audit(struct db_tx *tx, const char *member_id, int64_t before, int limit,
                                                struct arena *arena, size_t *count);
/* Has that actor left a line of that action with these fields since then? A look that lasts is one look. */
bool db_has_audited(struct db_tx *tx, const char *member_id, const char *actor, const char *action, const char *fields,
                    int64_t since);
/* "directory.changed" in the feed of that space, "" none: somebody there shows another card. Never who. */
bool db_tell_directory(struct db_tx *tx, const char *space_id, int64_t at, struct db_actor actor);

/* Adds one who has neither password nor card. REFUSED: the id or the login is somebody's, or the id was. */
enum db_put db_add_member(struct db_tx *tx, const struct member *member);

/* One column of one row. */
struct told_value {
	const char *name;
	enum { TOLD_TEXT, TOLD_NUMBER, TOLD_INSTANT } kind;      /* an instant of 0 is none */
	const char *text;
	int64_t number;
};
#define TOLD_VALUES_MAX 40
/* Called with no values at the beginning of each kind of record, then with each row. */
typedef void tell_row(void *context, const char *kind, const struct told_value *values, size_t count);
/* All that is kept of a member, without secrets. */
bool db_tell_all_of(struct db_tx *tx, const char *member_id, tell_row *tell, void *context);

/* What a member has before them. */
struct commitment {
	bool is_booking;         /* else a sign-up */
	const char *space_id;
	const char *id;          /* of the booking or the activity */
	int64_t start_at;
};
#define COMMITMENTS_MAX 200
/* Soonest first, at most COMMITMENTS_MAX. */
const struct commitment *db_list_commitments(struct db_tx *tx, const char *member_id, int64_t now, struct arena *arena, size_t *count);
/* Cancels and withdraws from all of them, whatever the rules say: the feed is told, who waits comes in. */
bool db_let_go(struct db_tx *tx, const char *member_id, int64_t now, const char *request_id);
/* That, and the member is gone: erase.c. What counts stays as nobody's; the tombstone erases them again from a restored copy, and says who
 * did it: "self", the id of another, "restored", or "erased" where that other went too. */
bool db_erase_member(struct db_tx *tx, const char *member_id, int64_t now, struct db_actor actor);
/* Was there somebody of this id, and went? Whoever is given it again goes at the next start. */
bool db_is_erased(struct db_tx *tx, const char *member_id);
/* At the start: whoever has a tombstone and is there. */
bool db_erase_again(struct db_tx *tx, int64_t now, int *erased);
/* What was kept long enough (retention.h) goes, a bite at a time. `*more`: there is more. */
bool db_retire(struct db_tx *tx, int64_t now, bool *more);

/* ---- directory ------------------------------------------------------------------------------------------------------ */

/* What lists of names are ordered by, a few dozen bytes: accents and case do not count. */
char *db_sort_name(struct arena *arena, const char *name);

/* Adds or replaces. Its name and home space are the member's own. Who sees it stays, where a file says it and they have said it themselves:
 * what was taken back is not given again by whoever imports an old one. */
enum db_put db_put_card(struct db_tx *tx, const struct owned_card *card, struct consent_note note);
/* The same without touching who sees it. */
enum db_put db_write_card(struct db_tx *tx, const struct card *card);
/* From now on its fields are shown to these; each change leaves its event. The member has a card. */
bool db_show_card(struct db_tx *tx, const char *member_id, const enum visibility shown_to[CARD_FIELDS], struct consent_note note);
/* After a space or an organisation (`id`) got another name, or this member did: cards are found and sorted by those. The first looks at
 * every card there is. */
bool db_renew_cards(struct db_tx *tx, const char *id);
bool db_renew_card(struct db_tx *tx, const char *member_id);
/* NULL: no such member, or one without a card. */
const struct owned_card *db_find_card(struct db_tx *tx, const char *member_id, struct arena *arena);
/* What `onlooker` sees of those that fit the words (card_query_is_enough() holds), by name; those after (after_name, after_id) when
 * after_id is not NULL. At most `limit`. */
const struct card *db_search_cards(struct db_tx *tx, const struct onlooker *onlooker, const char *words,
                                   const char *after_name, const char *after_id, int limit, struct arena *arena, size_t *count);

/* REFUSED: another one has that registration number. */
enum db_put db_put_organisation(struct db_tx *tx, const struct organisation *organisation);
const struct organisation *db_find_organisation(struct db_tx *tx, const char *id, struct arena *arena);
/* Keeps others from changing it until the transaction ends. False: there is none. */
bool db_hold_organisation(struct db_tx *tx, const char *id);
/* `words` "": all. Without description. contact_name is left "": it is the contact's to show. */
const struct organisation *db_list_organisations(struct db_tx *tx, const char *words, const char *after_name,
                                                 const char *after_id, int limit, struct arena *arena, size_t *count);

/* ---- change feed and upkeep ---------------------------------------------------------------------------------------- */

/* One row per effect, numbered from 1 without a gap within its space. References only, never people. */
struct change {
	int64_t seq;
	int64_t at;
	const char *kind;      /* "booking.created", "booking.cancelled", "booking.approved", "booking.declined",
	                          "booking.lapsed", "booking.checked_in", "booking.check_in_undone", "booking.checked_out",
	                          "booking.check_out_undone"; "availability.changed": what a moved booking
	                          left, the resource itself as `ref`, version 0; "pass.sold"; "activity.created", "activity.changed", "activity.cancelled"; "signup.created",
	                          "signup.waitlisted", "signup.withdrawn", "signup.promoted", "signup.offered", "signup.accepted",
	                          "signup.lapsed", "signup.moved", "signup.demoted", "signup.walked_in", "attendance.changed",
	                          "attendance.closed": the activity's id and version;
	                          "space.changed": itself or what it has */
	const char *ref;
	int64_t version;
	const char *resource_id;   /* of the booking it is about, as it stood then; "" when it is about none */
	const char *member_id;     /* whose booking; never told */
	const char *date;          /* of the booking it is about, "YYYY-MM-DD"; "" when it is about none, or older than this column */
};
/* "space.changed", under the version it has by now. */
bool db_tell_space(struct db_tx *tx, const char *space_id, int64_t now, struct db_actor actor);
/* All that this transaction still tells is told as of `now`, whenever it was made: what is loaded is news today. */
void db_tell_as_of(struct db_tx *tx, int64_t now);
int64_t db_last_change(struct db_tx *tx, const char *space_id);
const struct change *db_list_changes(struct db_tx *tx, const char *space_id, int64_t after, int limit,
                                     struct arena *arena, size_t *count);

/* Number of the oldest change that is still known; 0 when none is. */
int64_t db_oldest_change(struct db_tx *tx, const char *space_id);
/* The last number of every space that has one. */
struct feed_head {
	const char *space_id;
	int64_t seq;
};
const struct feed_head *db_list_heads(struct db_tx *tx, struct arena *arena, size_t *count);

#define CHANGES_KEPT_S (7 * 24 * 3600)   /* then they are forgotten by db_tidy(); the numbers go on */

/* Made with the database, made anew when a back-up is restored: the numbers of two epochs mean different changes. */
#define EPOCH_LETTERS "abcdefghijklmnopqrstuvwxyz234567"
#define EPOCH_SIZE 9
bool db_epoch(struct db_tx *tx, char epoch[EPOCH_SIZE]);      /* makes the first one, in a transaction that writes */
bool db_begin_epoch(struct db_tx *tx);

/* ---- how often something was tried ------------------------------------------------------------------------------------ */

#define RATE_KEY_BYTES 16   /* of a keyed hash: see limit.c */
struct tries {
	int64_t count;      /* with this one */
	int64_t ends_at;    /* when they are forgotten */
};
/* One more. The first of them opens a window of `window_s` seconds. False: the disk. */
bool db_count_try(struct db_tx *tx, const unsigned char key[RATE_KEY_BYTES], int64_t now, int window_s, struct tries *tries);
bool db_take_back_try(struct db_tx *tx, const unsigned char key[RATE_KEY_BYTES]);
bool db_forget_tries(struct db_tx *tx, const unsigned char key[RATE_KEY_BYTES]);

/* 32 random bytes made with the database, for signing cursors. */
bool db_secret(struct db_tx *tx, unsigned char secret[32]);

#define SLOTS_KEPT_S (62 * 24 * 3600)   /* so long a past booking holds its granules: whatever clock a server has, they were over */

/* Forgets tokens, tries, changes and what was held long ago, past their time. Also serves to see whether the disk takes writes again. */
bool db_tidy(struct db_tx *tx, int64_t now);

/* Where in the order of their keys: an index by time would cost every booking a row, and a look at all of them at once the writer a sixth
 * of a second for a hundred thousand. */
#define ANSWERS_AT_ONCE 2000
#define ANSWER_KEY_MAX 64
struct answer_place {
	char space_id[UUID_SIZE], member_id[UUID_SIZE], key[ANSWER_KEY_MAX + 1];   /* all "": the beginning, and the end */
};
/* Of the next ANSWERS_AT_ONCE answers after `from`, those past their time are forgotten; `*next`: where to go on. */
bool db_tidy_answers(struct db_tx *tx, int64_t now, const struct answer_place *from, struct answer_place *next);

#endif
