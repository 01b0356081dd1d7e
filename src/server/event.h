/* event.h — how a change is told, and to whom: the one rule for the live feed and for lists of changes.
 *
 * Everybody who may see a space's feed hears of everything in it but people. A booking is told as such to its owner and to those who may
 * see bookings of that space; all others hear that the resource's availability changed, under the number of the change. Kinds that are
 * not in the table are for those who may see bookings. Numbers go on whether a change is told or not. */
#ifndef HACKTIV_SERVER_EVENT_H
#define HACKTIV_SERVER_EVENT_H

#include <cjson/cJSON.h>

#include "db/db.h"
#include "rights.h"

/* Bits: what a kind is about, the word before its dot. */
enum event_type { EVENT_BOOKING = 1, EVENT_AVAILABILITY = 2, EVENT_ACTIVITY = 4, EVENT_SIGNUP = 8, EVENT_SPACE = 16, EVENT_DIRECTORY = 32,
	          EVENT_OTHER = 64 };
#define EVENT_ALL 127u

/* "booking,activity". False: a word that is none. */
bool event_types_read(const char *text, unsigned *types);
/* The words there are: "booking, availability, …". */
extern const char event_type_words[];

/* What one caller may hear of one space. */
struct event_view {
	bool feed;             /* anything at all */
	bool bookings;         /* of others */
};
struct event_view event_view(const struct caller *caller, const char *space_id);

/* True: told, as *event (strings are the change's own). `own`: the booking it is about is the caller's. */
struct event {
	enum event_type type;
	const char *kind;
	const char *ref;
	const char *resource_id;   /* "": none in particular */
	int64_t version;
	const char *date;          /* of the booking; "": none */
};
bool event_of(const struct change *change, const struct event_view *view, bool own, struct event *event);

/* {"space_id", "seq", "at", "kind", "ref", "version"} and, where there is one, "resource_id" and "date". */
cJSON *event_json(const char *space_id, const struct change *change, const struct event *event, const struct zone *zone);

#endif
