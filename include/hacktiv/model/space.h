/* space.h — a coworking space as a member sees it, and what one day there looks like.
 *
 * Plain data; every string is clean text borrowed from the snapshot's arena and never NULL ("" when unknown). */
#ifndef HACKTIV_MODEL_SPACE_H
#define HACKTIV_MODEL_SPACE_H

#include <stdint.h>

#include "hacktiv/model/opening.h"
#include "hacktiv/model/resource.h"

enum space_access { SPACE_ACCESS_STAFFED, SPACE_ACCESS_BADGE };   /* "staffed", "badge": subscribers come any day */

/* Free half-days of a space on one date: desks only, those that can be booked. */
struct space_day {
	struct local_date date;          /* year 0: not told */
	struct opening_state opening;
	int desks;                       /* bookable desks */
	int free_morning;                /* of them free; 0 when closed */
	int free_afternoon;
};

struct space {
	const char *id;                  /* opaque, scoped by site */
	const char *slug;                /* "ferme" */
	const char *name;                /* "La Ferme" */
	const char *former_name;         /* searched too; "" when none */
	const char *description;         /* many lines */
	const char *street;
	const char *postcode;
	const char *town;
	enum country country;
	const char *time_zone;           /* IANA */
	const char *operator_name;
	const char *phone;               /* E.164 or "" */
	const char *access_note;         /* how to get in, the nearest stop; many lines */
	int granule_s;
	int vat_permille;                /* 210 = 21 %; -1: not told */
	int64_t version;
	bool sample_data;                /* invented or unconfirmed: the screen must say so */
	struct quota quota;              /* over all its resources */
	struct opening_rule opening;
	struct space_day today;          /* for the date asked */
};

#endif
