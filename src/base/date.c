/* date.c — see date.h. Day counts after Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in
 * March, so the leap day is the last of its year and months follow one line. */
#include "hacktiv/base/date.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "hacktiv/base/i18n.h"

#define DAYS_IN_400_YEARS 146097
#define DAYS_TO_1970      719468   /* from 0000-03-01 */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (month < 1 || month > 12)
		return 0;
	return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_is_valid(struct local_date date)
{
	return date.year >= DATE_YEAR_MIN && date.year <= DATE_YEAR_MAX &&
	       date.day >= 1 && date.day <= date_days_in_month(date.year, date.month);
}

int32_t date_to_days(struct local_date date)
{
	int64_t year = (int64_t)date.year - (date.month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t month_from_march = (date.month + 9) % 12;
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return (int32_t)(era * DAYS_IN_400_YEARS + day_of_era - DAYS_TO_1970);
}

struct local_date date_from_days(int32_t days)
{
	int64_t count = (int64_t)days + DAYS_TO_1970;
	int64_t era = (count >= 0 ? count : count - (DAYS_IN_400_YEARS - 1)) / DAYS_IN_400_YEARS;
	int64_t day_of_era = count - era * DAYS_IN_400_YEARS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;
	int day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
	int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	return (struct local_date){ (int)(year_of_era + era * 400) + (month <= 2), month, day };
}

struct local_date date_plus(struct local_date date, int days)
{
	int64_t sum = (int64_t)date_to_days(date) + days;
	if (sum > INT32_MAX)
		sum = INT32_MAX;
	if (sum < INT32_MIN)
		sum = INT32_MIN;
	return date_from_days((int32_t)sum);
}

int date_compare(struct local_date a, struct local_date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return (a.day > b.day) - (a.day < b.day);
}

int date_weekday(struct local_date date)
{
	/* 1970-01-01 was a Thursday, the fourth day of its week. */
	int from_monday = (date_to_days(date) % 7 + 7 + 3) % 7;
	return from_monday + 1;
}

void date_to_iso(struct local_date date, char out[DATE_ISO_SIZE])
{
	/* Reduced so that a date out of range cannot run past the ten characters. */
	unsigned year = (unsigned)date.year % 10000u, month = (unsigned)date.month % 100u, day = (unsigned)date.day % 100u;
	snprintf(out, DATE_ISO_SIZE, "%04u-%02u-%02u", year, month, day);
}

static int digits(const char *text, int count)
{
	int value = 0;
	for (int i = 0; i < count; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* `shape`: 'd' stands for a digit, all else for itself. */
static bool has_shape(const char *text, const char *shape)
{
	for (; *shape; shape++, text++) {
		if (*shape == 'd' ? *text < '0' || *text > '9' : *text != *shape)
			return false;
	}
	return !*text;
}

bool date_from_iso(const char *text, struct local_date *date, struct problem *why)
{
	if (!text || !has_shape(text, "dddd-dd-dd"))
		return problem_set(why, PROBLEM_INVALID, "date", _("A date is written YYYY-MM-DD, such as 2026-07-21."));
	struct local_date read = { digits(text, 4), digits(text + 5, 2), digits(text + 8, 2) };
	if (read.year < DATE_YEAR_MIN || read.year > DATE_YEAR_MAX)
		return problem_set(why, PROBLEM_INVALID, "date", _("The year must lie between %1$d and %2$d."), DATE_YEAR_MIN,
		                   DATE_YEAR_MAX);
	if (!date_is_valid(read))
		return problem_set(why, PROBLEM_INVALID, "date", _("There is no such day in the calendar: %s."), text);
	*date = read;
	return true;
}

void minutes_to_text(int minutes, char out[CLOCK_TEXT_SIZE])
{
	unsigned within = (unsigned)minutes;
	snprintf(out, CLOCK_TEXT_SIZE, "%02u:%02u", within / 60 % 100, within % 60);
}

bool minutes_from_text(const char *text, int *minutes)
{
	if (!text || !has_shape(text, "dd:dd"))
		return false;
	int hour = digits(text, 2), minute = digits(text + 3, 2);
	if (minute > 59 || hour * 60 + minute > 24 * 60)
		return false;
	*minutes = hour * 60 + minute;
	return true;
}
