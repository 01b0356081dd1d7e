/* network.h — a network as a person writes it down: its spaces, what they have, who comes and when, and what happens there.
 *
 * Six JSON files in one directory (spaces, resources, organisations, members, bookings, activities), described in
 * doc/network.md, with short names instead of ids: "ferme/les-serres-3". The sample network is written so, and an
 * administrator's own can be. Ids come from the names alone: the same files give the same ids at every place and time. Dates
 * may be relative to today in the space's own zone; a habit ("zoe, A4, Tuesdays, odd weeks") stands for many bookings. */
#ifndef HACKTIV_SERVER_NETWORK_H
#define HACKTIV_SERVER_NETWORK_H

#include "hacktiv/base.h"
#include "hacktiv/model.h"

#include "rights.h"

struct db_tx;   /* db/db.h */

struct network_space {
	struct space space;
	struct terms terms;
	const struct zone *zone;       /* NULL after a fault */
	struct local_date today;
};

struct network_resource {
	size_t space;                  /* in network.spaces */
	const char *slug;
	struct resource resource;
};

struct network_day {
	bool by_open_day;              /* else `date` */
	int open_day;                  /* 1: the first open day after today; -1: the last before; 0: today */
	struct local_date date;
};

struct network_booking {               /* one booking somebody wrote down */
	size_t member;
	size_t resource;
	struct period when;            /* without its date */
	struct network_day day;
};

enum habit_weeks { HABIT_EVERY_WEEK, HABIT_ODD_WEEKS, HABIT_EVEN_WEEKS };   /* ISO 8601 week numbers */

struct network_habit {
	size_t member;
	size_t resource;
	bool on[7];                    /* [0] Monday */
	struct period when[7];         /* without their dates */
	enum habit_weeks weeks;
};

struct network_standing {              /* of one member; that it is not so is said by no file, which may be old */
	bool restricted, disabled;
};
struct network_roles {                 /* of one member */
	bool told;                     /* else they keep those they have */
	struct held_role *held;
	size_t count;
};

struct network_organisation {
	const char *slug;
	bool has_contact;              /* somebody's card says so */
	struct organisation organisation;
};

struct network_activity {
	size_t space;
	const char *slug;
	struct activity activity;      /* names of its space and counts are not filled in */
	size_t *signups;               /* members, in the order in which they sign up; those without a place wait in line */
	size_t signup_count;
	int fill;                      /* after them so many others: to try things out */
};

#define NETWORK_NOWHERE ((size_t)-1)   /* instead of a position, after a fault */

/* Of spaces, resources, organisations and members the first `…_count` are those that were read, in their order; behind them, up to
 * `…_known`, are those that others name and that were found in the database. */
struct network {
	int64_t now;                   /* what "today" is counted from */
	struct zones *zones;
	struct db_tx *tx;              /* where names are looked up that were not read; NULL: nowhere */
	struct network_space *spaces;
	size_t space_count, space_known;
	struct network_resource *resources;
	size_t resource_count, resource_known;
	struct member *members;
	size_t member_count, member_known;
	struct network_roles *roles;   /* of the first member_count */
	struct network_standing *standings;
	struct network_organisation *organisations;
	size_t organisation_count, organisation_known;
	struct owned_card *cards;      /* of those members who have one; names of space and organisation are not filled in */
	size_t card_count;
	struct pass *passes;
	size_t pass_count;
	struct network_activity *activities;
	size_t activity_count;
	struct network_booking *bookings;
	size_t booking_count;
	struct network_habit *habits;
	size_t habit_count;
	int past_days;                 /* habits hold from so many days ago … */
	int coming_days;               /* … to so many ahead */
};

/* UUIDv8 (RFC 9562) of a name such as "space/ferme": its BLAKE2b hash. */
char *network_id(struct arena *arena, const char *name);

/* The date of a day at a space. False: it has no so many open days in a year. */
bool network_date(const struct network_space *home, const struct network_day *day, struct local_date *date);

/* Which of its space's resources it is, from 0. */
int network_place(const struct network *network, size_t resource);

/* All of it lives in `arena`. Any fault: file, line, place, and what was expected. */
bool network_read(const char *directory, const struct clock *clock, struct zones *zones, struct arena *arena,
                  struct network *network, struct problem *why);

/* What an administrator imports: one file that holds any of spaces, resources, organisations, members and activities. `network` is
 * empty but for now, zones and tx. Its faults are in the file. */
struct network_file;   /* network_file.h */
void network_read_import(struct network_file *file, struct network *network);

#endif
