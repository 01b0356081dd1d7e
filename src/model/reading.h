/* reading.h — how a date was understood: what words.c tells wish.c beyond words.h. */
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

#endif
