/* activity.h — what happens in the network: a Lunch & Talk, a visit, an evening with several parts. Strings as in space.h. */
#ifndef HACKTIV_MODEL_ACTIVITY_H
#define HACKTIV_MODEL_ACTIVITY_H

#include "hacktiv/base/zone.h"
#include "hacktiv/model/language.h"
#include "hacktiv/model/outcome.h"
#include "hacktiv/model/period.h"
#include "hacktiv/model/signup.h"
#include "hacktiv/model/space.h"

enum activity_format {
	ACTIVITY_VISIT, ACTIVITY_FABLAB_VISIT, ACTIVITY_CO_WALKING, ACTIVITY_LUNCH_TALK, ACTIVITY_WORKSHOP, ACTIVITY_WEBINAR,
	ACTIVITY_MEETUP, ACTIVITY_CEREMONY, ACTIVITY_OTHER
};
#define ACTIVITY_FORMATS 9
const char *activity_format_wire_name(enum activity_format format);     /* "visit", "lunch_talk" … */
bool activity_format_from_wire(const char *name, enum activity_format *format);
const char *activity_format_words(enum activity_format format);         /* "visite", "Lunch & Talk" */

/* What an activity of a format is like when nothing else is said. */
struct activity_custom {
	int minutes;               /* it lasts */
	int capacity;
	int signup_minutes;        /* one can sign up until so many minutes before it begins */
	int withdraw_minutes;      /* and withdraw with a place: somebody ordered a meal, or a coach */
	bool online;
};
struct activity_custom activity_custom_of(enum activity_format format);

enum activity_state { ACTIVITY_SCHEDULED, ACTIVITY_CANCELLED };         /* "scheduled", "cancelled" */
#define ACTIVITY_STATES 2
const char *activity_state_wire_name(enum activity_state state);
bool activity_state_from_wire(const char *name, enum activity_state *state);
const char *activity_state_words(enum activity_state state);

/* What becomes of a place that comes free while people wait: "promote" gives it to the first in line, "offer" asks them first. */
enum waitlist { WAITLIST_PROMOTE, WAITLIST_OFFER };
#define WAITLISTS 2
const char *waitlist_wire_name(enum waitlist waitlist);
bool waitlist_from_wire(const char *name, enum waitlist *waitlist);

#define OFFER_MINUTES_LEAST 5
#define OFFER_MINUTES_MAX (7 * 24 * 60)
#define OFFER_MINUTES_CUSTOM (24 * 60)
#define OFFER_ENDS_S (3 * 3600)       /* before the start: an organiser has to know who comes */
#define LINK_RELEASE_S (30 * 60)      /* before the start: where to go online is told from then on */
#define ATTENDANCE_OPENS_S (60 * 60)  /* before the start: people arrive */

#define ACTIVITY_CAPACITY_MAX 10000
#define ACTIVITY_WINDOW_DAYS 92       /* the longest stretch of agenda one asks for at a time */

struct activity {
	const char *id;
	const char *space_id;             /* whose agenda it stands in */
	const char *space_name;
	const char *space_town;
	enum country country;
	const char *time_zone;            /* IANA; of the space */
	const char *title;
	const char *summary;              /* one line */
	const char *description;          /* many lines, the programme; "" in lists: ask for the one activity */
	const char *place;                /* a room, a meeting point; "" when there is none but online */
	const char *organiser;            /* "BEP et Ardenne Métropole" */
	const char *organiser_id;         /* an organisation of the directory, also one without a space of its own; "" when none */
	const char *note;                 /* what to bring, one line */
	const char *link;                 /* where to go online; told shortly before the start to those who have a place, else "" */
	const char *conditions;           /* many lines, what one agrees to by signing up; "" when nothing; "" in lists */
	int conditions_version;           /* goes up with every change of the text; 0: there are none */
	enum activity_format format;
	bool online;                      /* can be followed from afar (also when there is a place) */
	unsigned languages;               /* of enum language */
	struct local_date date;           /* on which it begins, in the space's zone */
	int64_t start_at;                 /* instants, half-open; the end may lie on a later day */
	int64_t end_at;
	enum activity_state state;
	const char *cancel_reason;        /* "" unless cancelled */
	enum waitlist waitlist;
	int offer_minutes;                /* how long a place is kept for who is asked */
	int64_t attendance_closed_at;     /* 0: still open */
	int capacity;                     /* 1 … ACTIVITY_CAPACITY_MAX */
	int taken;                        /* 0 … capacity; places kept for somebody too */
	int waiting;                      /* people in line; 0 while a place is free */
	int64_t signup_until;             /* instants; not after the start */
	int64_t withdraw_until;
	int64_t version;                  /* goes up with every change, sign-ups too */
	struct signup mine;               /* of the person asking */
};

/* A copy whose texts live in `arena`. */
struct activity activity_copy(struct arena *arena, const struct activity *activity);

/* When it is, by the clock on the wall in its space's zone; what goes on after midnight ends with the day. */
struct period activity_hours(const struct activity *activity, const struct zone *zone);
/* "18:00–00:30": the clock at its beginning and at its end. `zone` NULL: "". */
char *activity_clock_words(struct arena *arena, const struct activity *activity, const struct zone *zone);

int activity_places_left(const struct activity *activity);
/* "12 places", "complet, 3 en attente", "annulé": in the person's language. */
char *activity_places_words(struct arena *arena, const struct activity *activity);
/* Does it hold what is searched: every word of `words` begins one of title, summary, place, organiser, space, town, format; case
 * and accents do not count. "" fits everything. */
bool activity_fits(const struct activity *activity, const char *words);

/* May I sign up now (perhaps into the line): RULE_NONE, or what is in the way. Being signed up already is nothing in the way. */
enum rule activity_signup_rule(const struct activity *activity, int64_t now);
/* The same when the staff does it: they are whom one asks when it is too late. */
enum rule activity_signup_by_staff_rule(const struct activity *activity, int64_t now);
/* Did they agree to its conditions as they are now? `accepted`: the version they agreed to, 0 for none. */
enum rule activity_conditions_rule(const struct activity *activity, int accepted);
/* May I give up my place or my place in line: RULE_NONE or what is in the way. Who is in line may leave until the start. */
enum rule activity_withdraw_rule(const struct activity *activity, int64_t now);
enum rule activity_withdraw_by_staff_rule(const struct activity *activity, int64_t now);
/* May this be noted of somebody now? People are present from an hour before the start on, absent once it has begun. After attendance
 * was closed it takes a reason. */
enum rule activity_attendance_rule(const struct activity *activity, enum attendance attendance, bool has_reason, int64_t now);

/* Until when a place that comes free now is kept for the first in line; 0: it is theirs at once, because the activity promotes or because
 * it begins too soon to ask. Its offer_minutes, and never later than OFFER_ENDS_S before the start. */
int64_t activity_offer_until(const struct activity *activity, int64_t now);
/* Is the link told to who has a place? */
bool activity_link_is_released(const struct activity *activity, int64_t now);
/* Is what is written down possible: times in their order, a capacity, a language. Names the field. */
bool activity_check(const struct activity *activity, struct problem *why);

#endif
