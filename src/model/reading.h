/* reading.h — how a date or hours were understood: what words.c and hours_words.c tell wish.c beyond words.h. */
#ifndef HACKTIV_MODEL_READING_H
#define HACKTIV_MODEL_READING_H

#include "hacktiv/model/words.h"

enum date_reading {
	READING_NO_DATE,      /* something else, perhaps a place */
	READING_WRONG_DATE,   /* a date, but none of the calendar: 31/2, or a Tuesday that is a Wednesday */
	READING_DATE
};

/* As date_from_words(). */
enum date_reading date_read(struct arena *arena, const char *text, struct local_date today, struct local_date *date,
                            struct problem *why);

enum hours_reading {
	HOURS_NONE,           /* something else */
	HOURS_WRONG,          /* meant as hours, but none: one end is missing, or they end before they begin */
	HOURS_READ
};

/* As hours_from_words(). */
enum hours_reading hours_read(struct arena *arena, const char *text, struct minute_range *hours, struct problem *why);

#define WORDS_MAX      200u   /* bytes looked at in one date; more is no date */
#define QUOTED_COLUMNS 40     /* of what was typed, said back in a sentence */

#endif
