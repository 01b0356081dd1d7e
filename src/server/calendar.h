/* calendar.h — calendars that people subscribe to, as iCalendar (RFC 5545, RFC 7986) through libical.
 *
 * Times are told in UTC: nothing here repeats, so no program needs a zone's rules to know when it is, and an hour that the clocks go
 * through twice is still one of the two. Words are the data's own; there are none of ours to translate. Where an activity is followed
 * online is never told: whoever serves a calendar to its owner reads it too. The same entries make the same bytes. */
#ifndef HACKTIV_SERVER_CALENDAR_H
#define HACKTIV_SERVER_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"

enum calendar_kind {
	CALENDAR_BOOKING,      /* one's own */
	CALENDAR_SIGNUP,       /* one's own place, or place in line */
	CALENDAR_ACTIVITY      /* of the agenda that anybody may read */
};
enum calendar_status { CALENDAR_CONFIRMED, CALENDAR_TENTATIVE, CALENDAR_CANCELLED };

/* Strings as in space.h: clean, never NULL. */
struct calendar_entry {
	enum calendar_kind kind;
	const char *id;                /* of the booking or the activity */
	const char *member_id;         /* whose; "" for the agenda */
	const char *space_id;
	const char *space_name;
	const char *street;            /* "" where an activity may be somewhere else */
	const char *postcode;
	const char *town;
	int space_position;            /* in lists, from 0: it has a colour by that */
	const char *place;             /* what is booked, or where it is; "" online only */
	const char *title;             /* "" for a booking that has none */
	const char *paragraphs[3];     /* what else is said of it; each may be "" */
	const char *organiser;
	int64_t start_at;              /* instants, half-open */
	int64_t end_at;
	enum calendar_status status;
	bool waits;                    /* has no place yet: its time is not taken */
	int64_t sequence;              /* from 0, never goes down */
	int64_t changed_at;
};

struct calendar {
	const char *name;
	const char *time_zone;         /* IANA, in which it is best shown; NULL: whichever its reader is in */
	const char *public_url;        /* where activities can be read about; NULL: not told */
	const struct calendar_entry *entries;
	size_t count;
};

/* CR LF, lines of at most 75 octets, none cut within a character. free() gives it back. */
char *calendar_write(const struct calendar *calendar, struct arena *arena);

#endif
