/* booking.h — a person's booking, what it costs and until when it can be cancelled. Strings as in space.h. */
#ifndef HACKTIV_MODEL_BOOKING_H
#define HACKTIV_MODEL_BOOKING_H

#include <stdint.h>

#include "hacktiv/base/zone.h"
#include "hacktiv/model/outcome.h"
#include "hacktiv/model/payment.h"
#include "hacktiv/model/resource.h"
#include "hacktiv/model/space.h"

enum booking_state {
	BOOKING_CONFIRMED,        /* "confirmed" */
	BOOKING_PENDING,          /* "pending": holds its place until the space says yes or no */
	BOOKING_CANCELLED,        /* "cancelled" */
	BOOKING_DECLINED,         /* "declined": the space said no */
	BOOKING_LAPSED            /* "lapsed": nobody answered before it began */
};
#define BOOKING_STATES 5
/* Holds a place, or waits for one. */
static inline bool booking_stands(enum booking_state state) { return state == BOOKING_CONFIRMED || state == BOOKING_PENDING; }
const char *booking_state_wire_name(enum booking_state state);
bool booking_state_from_wire(const char *name, enum booking_state *state);
const char *booking_state_words(enum booking_state state);

/* "8,00 € HT (9,68 € TTC, TVA 21 %)", "gratuit". Own format in every locale. */
char *price_words(struct arena *arena, struct price price, enum country country);

struct booking {
	const char *id;
	const char *space_id;
	const char *space_name;
	const char *space_town;
	enum country country;
	const char *time_zone;
	const char *resource_id;
	const char *resource_name;
	const char *resource_area;
	enum resource_kind resource_kind;
	struct period when;
	int64_t start_at;         /* instants, half-open */
	int64_t end_at;
	enum booking_state state;
	int64_t cancel_until;     /* instant; after it cancelling is refused */
	struct price price;       /* of the place; what is paid: `payment` */
	struct payment payment;
	const char *state_reason; /* what the space said to it, "" */
	int64_t checked_in_at;    /* 0: not */
	int64_t checked_out_at;   /* 0: not */
	int64_t awaited_until;    /* who has not come by then is a no-show; 0: nobody is awaited. The server's to know */
	bool no_show;             /* as of when it was told */
	int64_t version;          /* for the ETag and If-Match */
	int64_t created_at;
	const char *member_id;    /* whose it is; "" where that is not told: to anybody but staff and its owner */
	const char *member_name;
	const char *series_id;    /* of those it was made with. Of these each may be NULL: not told */
	const char *title;        /* what for, one line */
	const char *note;         /* for the reception desk, many lines */
	int people;               /* 0: not told */
	int unit;                 /* which of several like ones, from 1; 0: the only one */
	bool late;                /* cancelled after its time: it is owed all the same */
};
struct booking booking_copy(struct arena *arena, const struct booking *booking);   /* its strings with it */
/* The credit it is paid with instead of its price: nobody gives a day of a few a year unawares. "": with money. */
char *payment_words(struct arena *arena, const struct booking *booking);
#define BOOKING_TITLE_MAX 120u   /* bytes */
#define BOOKING_NOTE_MAX 1000u

/* What a booking would be, before it is one (bookings:preview). */
struct preview {
	struct booking booking;               /* id "" */
	const struct obstacle *obstacles;     /* none: it can be booked */
	size_t obstacle_count;
	const struct alternative *alternatives;
	size_t alternative_count;
};

/* What somebody has by now of what a quota limits, without this one. */
struct quota_use {
	struct quota quota;
	int day_minutes;              /* on the date of the wish */
	int open_bookings;            /* not yet over */
};

/* What the rules look at. Pure: the server fills it from its database, tests fill it by hand. */
struct booking_facts {
	const struct space *space;
	const struct resource *resource;
	const struct zone *zone;
	struct period when;
	int64_t now;
	bool slot_taken;              /* somebody has one of the granules */
	bool slot_mine;               /* and it is the person asking */
	int days_ahead_max;           /* 0: no limit */
	int64_t start_at;             /* when it was said as instants; 0: as the clock on the wall says */
	int64_t end_at;
	int people;                   /* 0: not told */
	const struct quota_use *uses; /* of the person it is for; NULL: none is counted */
	size_t use_count;
};

#define OBSTACLES_MAX 16

/* Judges a wish. Fills start, end, price and cancel_until of `booking` as far as they can be told, and every obstacle,
 * in the order of enum rule; returns their number (0: may be booked). */
size_t booking_judge(const struct booking_facts *facts, struct booking *booking, struct obstacle obstacles[OBSTACLES_MAX]);

/* The hours one most likely wants: the first free one from `now` on (minutes after midnight; 0: any), where the space is open; less
 * than an hour when there is no more, and its first hour when nothing is free. Empty: closed. */
struct minute_range booking_next_hours(const struct resource_day *row, const struct opening_day *hours, int now, int granule_s);

/* May it be cancelled now: RULE_NONE, RULE_BOOKING_STARTED or RULE_CANCEL_TOO_LATE. */
enum rule booking_cancel_rule(const struct booking *booking, int64_t now);

/* The same for whoever asks, under the resource's rule for those who come too late: what stands in the way, and whether it is owed
 * all the same. Staff may always, when they say why. */
struct cancel_verdict {
	enum rule rule;
	bool late;
};
struct cancel_verdict booking_judge_cancel(const struct booking *booking, enum late_cancel rule, bool staff_with_reason, int64_t now);

#endif
