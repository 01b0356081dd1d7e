/* holiday.h — the legal public holidays of Belgium (ten: law of 4 January 1974) and France (eleven: Code du travail
 * L3133-1), computed for any Gregorian year. Alsace-Moselle's two more are left out: no space lies there.
 *
 * A holiday is a proposal: a space that works on it says so in its own opening rule. A set, not a list of dates: in 2008
 * Ascension was also 1 May; then the earlier row of `enum holiday` wins. */
#ifndef HACKTIV_MODEL_HOLIDAY_H
#define HACKTIV_MODEL_HOLIDAY_H

#include <stdbool.h>

#include "hacktiv/base/date.h"

/* Spaces lie in Belgium and France; members also come from Luxembourg, whose holidays nobody asks us. */
enum country { COUNTRY_UNKNOWN, COUNTRY_BELGIUM, COUNTRY_FRANCE, COUNTRY_LUXEMBOURG };
#define COUNTRIES 4

const char *country_code(enum country country);              /* ISO 3166-1 alpha-2: "BE", "FR", "LU"; "" for unknown */
enum country country_from_code(const char *code);
const char *country_words(enum country country);             /* "Belgique" */

enum holiday {
	HOLIDAY_NONE,
	HOLIDAY_NEW_YEAR,
	HOLIDAY_EASTER_MONDAY,
	HOLIDAY_LABOUR_DAY,
	HOLIDAY_VICTORY_1945,          /* 8 May, France */
	HOLIDAY_ASCENSION,
	HOLIDAY_WHIT_MONDAY,
	HOLIDAY_BASTILLE_DAY,          /* 14 July, France */
	HOLIDAY_BELGIAN_NATIONAL_DAY,  /* 21 July */
	HOLIDAY_ASSUMPTION,
	HOLIDAY_ALL_SAINTS,
	HOLIDAY_ARMISTICE,
	HOLIDAY_CHRISTMAS
};

struct local_date easter_sunday(int year);
enum holiday holiday_on(enum country country, struct local_date date);
const char *holiday_wire_name(enum holiday holiday);         /* "belgian_national_day"; "" for none */
enum holiday holiday_from_wire(const char *name);            /* HOLIDAY_NONE when unknown */
const char *holiday_words(enum holiday holiday);             /* "fête nationale belge" */
const char *holiday_translated(const char *name);            /* of one in English, as servers say it; else `name` itself */

#endif
