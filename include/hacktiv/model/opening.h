/* opening.h — when a space is open, and where its half-days begin and end.
 *
 * am = [open, boundary), pm = [boundary, close), day = both; a lunch closure does not split a half-day, it is shown. When
 * a space opens for one half only, the other half does not exist that day. The boundary is 13:00 unless the space says
 * otherwise (association practice: 13:30 at one, 5 hours of presence at another). All edges lie on the granule. */
#ifndef HACKTIV_MODEL_OPENING_H
#define HACKTIV_MODEL_OPENING_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/problem.h"
#include "hacktiv/model/holiday.h"
#include "hacktiv/model/period.h"

#define OPENING_BOUNDARY_DEFAULT (13 * 60)   /* minutes after midnight */
#define OPENING_RANGES_MAX 3                 /* open ranges in one day */
#define GRANULE_DEFAULT_S 900                /* seconds; 300, 600, 900, 1800 or 3600 */
#define CLOSURES_MAX 400                     /* that a space is given, or has ahead of it: more than one a day for a year is a mistake */
#define CLOSURES_TOLD_MAX (2 * CLOSURES_MAX) /* so many are told, written down and by hand: of more the first to be over are left out */

struct opening_day {                         /* one weekday; count 0: closed */
	struct minute_range ranges[OPENING_RANGES_MAX];   /* ascending, not touching */
	size_t count;
};

struct closure {                             /* dates inclusive on both ends */
	struct local_date from;
	struct local_date until;
	const char *reason;                      /* clean one-line text from the space, "" when it gave none */
};

struct opening_rule {
	struct opening_day week[7];              /* [0] Monday … [6] Sunday */
	int boundary;                            /* minutes after midnight */
	enum country country;
	bool open_on_holidays;                   /* the space works on its country's public holidays */
	const struct closure *closures;          /* borrowed; any order */
	size_t closure_count;
};

enum closed_why { CLOSED_NOT, CLOSED_WEEKLY, CLOSED_HOLIDAY, CLOSED_CLOSURE };

const char *closed_why_wire_name(enum closed_why why);       /* "", "weekly", "holiday", "closure" */
bool closed_why_from_wire(const char *name, enum closed_why *why);

/* What a date is like at a space. */
struct opening_state {
	enum closed_why closed;                  /* CLOSED_NOT: open */
	enum holiday holiday;                    /* when closed for one */
	const char *reason;                      /* of the closure, borrowed; never NULL */
	struct opening_day hours;                /* of that weekday; count 0 when closed */
};

/* Closure before holiday before weekday: the most particular reason is told. */
struct opening_state opening_on(const struct opening_rule *rule, struct local_date date);

/* Edges of a half-day; of hours, what they say themselves. False: closed, that half does not exist that day, or the hours begin or
 * end while nobody is there (PROBLEM_CLOSED, field "date", "part" or "hours", the reason as a sentence). */
bool period_edges(struct period when, const struct opening_rule *rule, struct minute_range *edges,
                    struct problem *why);

/* Is a rule usable: ranges ascending within 0 … 1440, on the granule, boundary on the granule; names the field. */
bool opening_rule_check(const struct opening_rule *rule, int granule_s, struct problem *why);

/* "08:30–12:30, 13:30–17:30". */
char *hours_words(struct arena *arena, const struct opening_day *hours);
/* "fermé : fête nationale belge", "ouvert 08:30–12:30, 13:30–17:30": in the person's language. */
char *opening_words(struct arena *arena, const struct opening_state *state);

#endif
