/* signup.h — a person's place in an activity, or in the line for one.
 *
 * Who signs up takes a ticket; tickets only go up. While there are places a ticket is a place; after that it is a place in line.
 * When a place comes free, the lowest ticket in line has it, in the same moment: nobody waits while a place is free. Who withdraws
 * loses the ticket; signing up again is a new one, at the end of the line.
 *
 * Where an activity offers its places, the lowest ticket is asked first, and the place is kept for it until an instant. An offer that
 * nobody answers leaves the line with its ticket, as one that is declined does: at the end of the line those who do not answer would be
 * asked round and round, and what all refuse would never be open to everybody again. */
#ifndef HACKTIV_MODEL_SIGNUP_H
#define HACKTIV_MODEL_SIGNUP_H

#include <stdbool.h>
#include <stdint.h>

enum signup_state {
	SIGNUP_NONE,          /* "none": never signed up */
	SIGNUP_SIGNED_UP,     /* "signed_up": has a place */
	SIGNUP_WAITLISTED,    /* "waitlisted": is in line */
	SIGNUP_WITHDRAWN,     /* "withdrawn" */
	SIGNUP_OFFERED,       /* "offered": a place is kept for them until they say yes or no */
	SIGNUP_LAPSED         /* "lapsed": they did not say in time */
};
#define SIGNUP_STATES 6
const char *signup_state_wire_name(enum signup_state state);
bool signup_state_from_wire(const char *name, enum signup_state *state);
const char *signup_state_words(enum signup_state state);       /* "inscrit·e", "en liste d'attente" …; "" for none */

struct signup {
	enum signup_state state;
	int place;                /* in line, from 1; 0 when not waitlisted */
	int64_t since;            /* instant at which the state began; 0: not told */
	int64_t until;            /* OFFERED: before this instant; else 0 */
	int accepted_conditions;  /* version of the activity's conditions they agreed to; 0: none */
};

/* Does it hold a place or a place in line: is there something to withdraw from? */
static inline bool signup_is_held(enum signup_state state)
{
	return state == SIGNUP_SIGNED_UP || state == SIGNUP_WAITLISTED || state == SIGNUP_OFFERED;
}

/* Who came. Nobody has a mark before it is taken. */
enum attendance {
	ATTENDANCE_NOT_TAKEN, /* "" */
	ATTENDANCE_PRESENT,   /* "present" */
	ATTENDANCE_ABSENT,    /* "absent" */
	ATTENDANCE_EXCUSED    /* "excused" */
};
#define ATTENDANCES 4
const char *attendance_wire_name(enum attendance attendance);
bool attendance_from_wire(const char *name, enum attendance *attendance);   /* those that can be taken; not "" */

/* Does it count among the places taken? A place that is offered is kept; one whose holder is known not to come is free again, for who
 * stands at the door: the people in the room are never more than the capacity, and no empty chair is refused. */
bool signup_takes_place(enum signup_state state, enum attendance attendance);

#endif
