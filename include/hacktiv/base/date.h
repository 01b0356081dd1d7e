/* date.h — dates as people say them: proleptic Gregorian local dates without a zone.
 *
 * Range 2000-01-01 … 2100-12-31; anything else is invalid input. Weekdays are ISO 8601: 1 Monday … 7 Sunday. */
#ifndef HACKTIV_BASE_DATE_H
#define HACKTIV_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "hacktiv/base/problem.h"

#define DATE_YEAR_MIN 2000
#define DATE_YEAR_MAX 2100

struct local_date {
	int year;    /* 2000 … 2100 */
	int month;   /* 1 … 12 */
	int day;     /* 1 … 31 */
};

/* Minutes after local midnight, half-open [from, until), 0 … 1440. from == until is empty. */
struct minute_range {
	int from;
	int until;
};

bool date_is_valid(struct local_date date);
int32_t date_to_days(struct local_date date);         /* days since 1970-01-01 */
struct local_date date_from_days(int32_t days);
struct local_date date_plus(struct local_date date, int days);
int date_compare(struct local_date a, struct local_date b); /* <0, 0, >0 */
static inline bool date_equal(struct local_date a, struct local_date b) { return date_compare(a, b) == 0; }
int date_weekday(struct local_date date);             /* 1 Monday … 7 Sunday */
int date_days_in_month(int year, int month);

#define DATE_ISO_SIZE 11   /* "2026-11-24" and NUL */
void date_to_iso(struct local_date date, char out[DATE_ISO_SIZE]);
/* Exactly YYYY-MM-DD (RFC 3339 full-date) and in range; field "date" otherwise. */
bool date_from_iso(const char *text, struct local_date *date, struct problem *why);

#define CLOCK_TEXT_SIZE 6  /* "08:30" and NUL */
/* Minutes after midnight, 0 … 1440, as "00:00" … "24:00". */
void minutes_to_text(int minutes, char out[CLOCK_TEXT_SIZE]);
/* Exactly HH:MM and in range. */
bool minutes_from_text(const char *text, int *minutes);

#endif
