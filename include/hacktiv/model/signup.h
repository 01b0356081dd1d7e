/* signup.h — a person's place in an activity, or in the line for one.
 *
 * Who signs up takes a ticket; tickets only go up. While there are places a ticket is a place; after that it is a place in line.
 * When a place comes free, the lowest ticket in line has it, in the same moment: nobody waits while a place is free. Who withdraws
 * loses the ticket; signing up again is a new one, at the end of the line. */
#ifndef HACKTIV_MODEL_SIGNUP_H
#define HACKTIV_MODEL_SIGNUP_H

#include <stdbool.h>
#include <stdint.h>

enum signup_state {
	SIGNUP_NONE,          /* "none": never signed up */
	SIGNUP_SIGNED_UP,     /* "signed_up": has a place */
	SIGNUP_WAITLISTED,    /* "waitlisted": is in line */
	SIGNUP_WITHDRAWN      /* "withdrawn" */
};
#define SIGNUP_STATES 4
const char *signup_state_wire_name(enum signup_state state);
bool signup_state_from_wire(const char *name, enum signup_state *state);
const char *signup_state_words(enum signup_state state);       /* "inscrit·e", "en liste d'attente" …; "" for none */

struct signup {
	enum signup_state state;
	int place;                /* in line, from 1; 0 when not waitlisted */
	int64_t since;            /* instant at which the state began; 0: not told */
};

#endif
