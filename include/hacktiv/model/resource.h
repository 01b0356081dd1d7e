/* resource.h — what can be booked in a space: a desk, a room, a machine. Strings as in space.h. */
#ifndef HACKTIV_MODEL_RESOURCE_H
#define HACKTIV_MODEL_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/model/period.h"

enum resource_kind {
	RESOURCE_DESK, RESOURCE_OFFICE, RESOURCE_MEETING_ROOM, RESOURCE_TRAINING_ROOM, RESOURCE_PHONE_BOOTH,
	RESOURCE_STUDIO, RESOURCE_WORKSHOP, RESOURCE_LOUNGE, RESOURCE_MACHINE
};
#define RESOURCE_KINDS 9

enum resource_state {
	RESOURCE_BOOKABLE,
	RESOURCE_PLANNED,          /* will exist: "planned" */
	RESOURCE_OUT_OF_ORDER,     /* "out_of_order" */
	RESOURCE_VISIBLE           /* to be seen, not booked here: let by the month, ask the desk: "not_bookable" */
};

enum approval { APPROVAL_NONE, APPROVAL_STAFF };   /* "none"; "staff": a booking waits until the space says yes */
const char *approval_wire_name(enum approval approval);
bool approval_from_wire(const char *name, enum approval *approval);

const char *resource_kind_wire_name(enum resource_kind kind);        /* "desk", "meeting_room" … */
bool resource_kind_from_wire(const char *name, enum resource_kind *kind);
const char *resource_kind_words(enum resource_kind kind);            /* "poste", "salle de réunion" */
const char *resource_state_wire_name(enum resource_state state);     /* "bookable" … */
bool resource_state_from_wire(const char *name, enum resource_state *state);
const char *resource_state_words(enum resource_state state);         /* "hors service" */

/* Amenities worth telling before one books; wire: array of names. */
enum amenity {
	AMENITY_SCREEN = 1 << 0,             /* "screen" */
	AMENITY_HEIGHT_ADJUSTABLE = 1 << 1,  /* "height_adjustable" */
	AMENITY_STEP_FREE = 1 << 2,          /* "step_free": reached without a step, wide enough for a wheelchair */
	AMENITY_QUIET = 1 << 3,              /* "quiet" */
	AMENITY_PROJECTOR = 1 << 4,          /* "projector" */
	AMENITY_WINDOW = 1 << 5              /* "window" */
};
#define AMENITIES 6
const char *amenity_wire_name(enum amenity amenity);
unsigned amenity_from_wire(const char *name);                        /* 0 when unknown: skipped */
const char *amenity_words(enum amenity amenity);

/* What a resource may be booked by. Hours are whole hours, granules any hours on its steps. */
enum booking_unit { UNIT_HALF_DAY = 1 << 0, UNIT_DAY = 1 << 1, UNIT_HOUR = 1 << 2, UNIT_GRANULE = 1 << 3 };
#define BOOKING_UNITS 4
const char *booking_unit_wire_name(enum booking_unit unit);          /* "half_day", "day", "hour", "granule" */
unsigned booking_unit_from_wire(const char *name);                   /* 0 when unknown */

/* After cancel_minutes: refused, or the booking is cancelled and owed all the same. */
enum late_cancel { LATE_CANCEL_REFUSE, LATE_CANCEL_CHARGE };         /* "refuse", "charge" */
const char *late_cancel_wire_name(enum late_cancel rule);
bool late_cancel_from_wire(const char *name, enum late_cancel *rule);

/* How much one member may have; 0: no limit. */
struct quota {
	int day_minutes;                 /* on one date */
	int open_bookings;               /* not yet over */
};

#define UNITS_MAX 500                /* of one resource */

#define CENTS_MAX 100000000               /* a million euros, for a booking or a pass: more is a mistake */
#define HOUR_CENTS_MAX (CENTS_MAX / 25)   /* no day has more hours: whatever is booked by the hour costs no more than that */

/* Money is integer cents of a euro, without VAT; the space's rate is added for show. -1: not told. */
struct resource {
	const char *id;
	const char *name;                /* "A4", "Viroin" */
	const char *area;                /* "Les Serres", "" */
	const char *note;                /* one line, "" */
	enum resource_kind kind;
	enum resource_state state;
	const char *state_reason;        /* "écran en panne jusqu'au 3 décembre" */
	unsigned amenities;              /* of enum amenity */
	int capacity;                    /* people, 1 … 500 */
	int half_day_cents;
	int day_cents;
	bool by_hour;                    /* booked by the hour too: meeting rooms, studios */
	int hour_cents;                  /* never more than the half-day or the day it lies in */
	enum approval approval;
	bool frees_on_check_out;         /* who checks out early gives the rest of the time back */
	int cancel_minutes;              /* free cancelling until so many minutes before the start */
	int64_t version;
	int quantity;                    /* how many like this one there are, any of which will do: 1 … UNITS_MAX; 0 is 1 */
	unsigned takes;                  /* of enum booking_unit; 0: see resource_takes() */
	int least_minutes;               /* of hours; 0: no limit */
	int most_minutes;
	int step_minutes;                /* after midnight, on which hours begin and end; 0: the space's granule */
	enum late_cancel late_cancel;
	struct quota quota;
};

/* What it is booked by: `takes` or, where nothing is said, half-days and days, and any hours too where by_hour. */
unsigned resource_takes(const struct resource *resource);

/* One half of one resource's day, seen by one person. */
enum slot_state {
	SLOT_FREE,         /* "free" */
	SLOT_TAKEN,        /* "taken" */
	SLOT_MINE,         /* "mine" */
	SLOT_PAST,         /* "past" */
	SLOT_CLOSED,       /* "closed": the space is, then */
	SLOT_NOT_BOOKABLE  /* "not_bookable": the resource's state says why */
};
const char *slot_state_wire_name(enum slot_state state);
bool slot_state_from_wire(const char *name, enum slot_state *state);
const char *slot_state_words(enum slot_state state);                 /* "libre", "pris", "à moi" … */

/* A stretch of a resource's day that is somebody's; whose, only they are told. */
struct busy {
	struct minute_range hours;
	bool mine;
	const char *booking_id;          /* when it is mine, else "" */
};
#define BUSY_MAX 288                 /* of one day: its granules at their smallest */

/* A resource on one date. */
struct resource_day {
	struct resource resource;
	enum slot_state morning;
	enum slot_state afternoon;
	const struct busy *busy;         /* ascending, not overlapping; two that touch are two bookings */
	size_t busy_count;
	const char *my_booking_id;       /* when one of the halves is mine, else "" */
};
/* Its strings and stretches with it. */
struct resource_day resource_day_copy(struct arena *arena, const struct resource_day *row);

#endif
