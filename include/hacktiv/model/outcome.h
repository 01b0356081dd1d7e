/* outcome.h — how an operation ended, in words rather than booleans, and the rules that may stand in the way.
 *
 * A write ends in exactly one of these. UNKNOWN (the line broke after sending, an empty 200) is never shown as failed
 * and never sent again blindly. */
#ifndef HACKTIV_MODEL_OUTCOME_H
#define HACKTIV_MODEL_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/model/period.h"
#include "hacktiv/model/resource.h"

enum outcome_kind {
	OUTCOME_NONE,            /* not ended yet */
	OUTCOME_DONE,
	OUTCOME_PENDING,         /* waiting for approval */
	OUTCOME_WAITLISTED,
	OUTCOME_CONFLICT,        /* somebody was first; alternatives may follow */
	OUTCOME_REFUSED,         /* a rule: see `rule` */
	OUTCOME_NOT_ALLOWED,
	OUTCOME_NOT_FOUND,
	OUTCOME_LOGIN_NEEDED,
	OUTCOME_THROTTLED,       /* until `until` */
	OUTCOME_UNREACHABLE,     /* surely nothing happened there; with RULE_OTHER: something answered, but not as promised */
	OUTCOME_UNKNOWN          /* perhaps something did */
};
#define OUTCOMES 12
/* "done", "pending", "waitlisted", "conflict" …; used in --json and in the outbox. */
const char *outcome_wire_name(enum outcome_kind kind);
bool outcome_from_wire(const char *name, enum outcome_kind *kind);
/* Exit status of a script: 0 done, pending, waitlisted; 3 refused, conflict, not allowed, not found, log in; 4 unknown,
 * unreachable, throttled. (2 is a usage error and 1 any other failure.) */
int outcome_exit_status(enum outcome_kind kind);
/* True when nothing more will come of it (all but NONE, UNKNOWN, UNREACHABLE, THROTTLED). */
bool outcome_is_final(enum outcome_kind kind);

/* Rules by which a server refuses. Wire: problem "type" "/problems/<name>". */
enum rule {
	RULE_NONE,
	RULE_SPACE_CLOSED,             /* "space-closed": closed that day or that half */
	RULE_OUTSIDE_HOURS,            /* "outside-hours": the space opens later or closes earlier */
	RULE_RESOURCE_NOT_BOOKABLE,    /* "resource-not-bookable": planned, out of order, visible only */
	RULE_NOT_BY_THE_HOUR,          /* "not-by-the-hour": had by half-days only */
	RULE_NOT_BY_HALF_DAY,          /* "not-by-half-day" */
	RULE_NOT_BY_DAY,               /* "not-by-day": whole days are not had at once */
	RULE_NOT_WHOLE_HOURS,          /* "not-whole-hours": had by the hour, not by parts of one */
	RULE_OFF_STEP,                 /* "off-step": hours that are not on the space's granule, or the resource's steps */
	RULE_TOO_SHORT,                /* "too-short" */
	RULE_TOO_LONG,                 /* "too-long" */
	RULE_OVER_CAPACITY,            /* "over-capacity": more people than it holds */
	RULE_BOOKING_STARTED,          /* "booking-started": the time is past */
	RULE_TOO_FAR_AHEAD,            /* "too-far-ahead" */
	RULE_SLOT_TAKEN,               /* "slot-taken" */
	RULE_ALREADY_MINE,             /* "already-mine": I hold this very place then */
	RULE_QUOTA_HOURS,              /* "quota-exceeded-hours": more time on one date than one person may have */
	RULE_QUOTA_BOOKINGS,           /* "quota-exceeded-bookings": more bookings ahead than one person may have */
	RULE_CANCEL_TOO_LATE,          /* "cancel-too-late" */
	RULE_NONEXISTENT_TIME,         /* "nonexistent-local-time" */
	RULE_AMBIGUOUS_TIME,           /* "ambiguous-local-time": it comes twice that night */
	RULE_INCONSISTENT_OFFSET,      /* "inconsistent-offset": an instant whose offset is not that of the place then */
	RULE_ACTIVITY_CANCELLED,       /* "activity-cancelled" */
	RULE_ACTIVITY_STARTED,         /* "activity-started" */
	RULE_SIGNUP_CLOSED,            /* "signup-closed": its organiser has to know by then who comes */
	RULE_WITHDRAW_TOO_LATE,        /* "withdraw-too-late" */
	RULE_NOT_PENDING,              /* "not-pending": it was answered already, or cancelled */
	RULE_NO_PRESENCE,              /* "no-presence": nobody checks in at this space */
	RULE_NOT_CONFIRMED,            /* "not-confirmed" */
	RULE_CHECK_IN_EARLY,           /* "check-in-early" */
	RULE_BOOKING_OVER,             /* "booking-over": it has ended */
	RULE_NOT_CHECKED_IN,           /* "not-checked-in" */
	RULE_CONDITIONS_NOT_ACCEPTED,  /* "conditions-not-accepted": one agrees to them by signing up */
	RULE_ACTIVITY_FULL,            /* "activity-full": for who stands at the door; who signs up then waits */
	RULE_CAPACITY_BELOW_TAKEN,     /* "capacity-below-taken": fewer places than people who have one */
	RULE_ATTENDANCE_TOO_EARLY,     /* "attendance-too-early" */
	RULE_ATTENDANCE_CLOSED,        /* "attendance-closed": correcting it takes a reason */
	RULE_STALE_VERSION,            /* "stale-version" */
	RULE_VALIDATION,               /* "validation": our request was wrong */
	RULE_OTHER                     /* a rule we have no words for: the server's sentence is quoted */
};
#define RULES 40
const char *rule_wire_name(enum rule rule);               /* "slot-taken"; "" for none */
enum rule rule_from_wire(const char *name);               /* RULE_OTHER when unknown */
/* A sentence in the person's language: "Cette place est déjà prise à ce moment-là." */
const char *rule_words(enum rule rule);

struct obstacle {
	enum rule rule;
	const char *detail;      /* particulars as clean text ("fête nationale belge"), "" when none */
};
/* "L'espace est fermé à ce moment-là (fête nationale belge)." */
char *obstacle_words(struct arena *arena, const struct obstacle *obstacle);

struct alternative {
	const char *space_id;
	const char *space_name;
	const char *resource_id;
	const char *resource_name;
	const char *resource_area;
	enum resource_kind resource_kind;
	struct period when;
};
#define ALTERNATIVES_MAX 8

struct outcome {
	enum outcome_kind kind;
	enum rule rule;
	int place;                        /* on a waitlist, from 1 */
	int64_t until;                    /* THROTTLED: try again then, seconds since 1970 */
	const char *quotation;            /* the server's own sentence, clean, "" when none; UNREACHABLE: what went wrong on
	                                     the way, in our words */
	const char *told_by;              /* who says so: host name or site, "" */
	const struct alternative *alternatives;
	size_t alternative_count;
};

/* With all that it points to, in `arena`. */
struct outcome outcome_copy(struct arena *arena, const struct outcome *outcome);

/* One sentence for the outcome itself, in the person's language, without what it was about. Lives in `arena`. */
char *outcome_words(struct arena *arena, const struct outcome *outcome);

#endif
