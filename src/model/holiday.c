/* holiday.c — see holiday.h. */
#include "hacktiv/model/holiday.h"

#include <string.h>

#include "hacktiv/base.h"
#include "names.h"

#define BELGIUM (1u << COUNTRY_BELGIUM)
#define FRANCE  (1u << COUNTRY_FRANCE)

/* A fixed date, or days after Easter Sunday when month is 0. */
static const struct holiday_rule {
	const char *wire;
	const char *words;
	unsigned countries;
	int month;
	int day;
} rules[] = {
	[HOLIDAY_NONE]                 = { "", "", 0, 1, 0 },
	[HOLIDAY_NEW_YEAR]             = { "new_year", N_("New Year's Day"), BELGIUM | FRANCE, 1, 1 },
	[HOLIDAY_EASTER_MONDAY]        = { "easter_monday", N_("Easter Monday"), BELGIUM | FRANCE, 0, 1 },
	[HOLIDAY_LABOUR_DAY]           = { "labour_day", N_("Labour Day"), BELGIUM | FRANCE, 5, 1 },
	[HOLIDAY_VICTORY_1945]         = { "victory_1945", N_("8 May, Victory 1945"), FRANCE, 5, 8 },
	[HOLIDAY_ASCENSION]            = { "ascension", N_("Ascension Day"), BELGIUM | FRANCE, 0, 39 },
	[HOLIDAY_WHIT_MONDAY]          = { "whit_monday", N_("Whit Monday"), BELGIUM | FRANCE, 0, 50 },
	[HOLIDAY_BASTILLE_DAY]         = { "bastille_day", N_("French national day"), FRANCE, 7, 14 },
	[HOLIDAY_BELGIAN_NATIONAL_DAY] = { "belgian_national_day", N_("Belgian national day"), BELGIUM, 7, 21 },
	[HOLIDAY_ASSUMPTION]           = { "assumption", N_("Assumption Day"), BELGIUM | FRANCE, 8, 15 },
	[HOLIDAY_ALL_SAINTS]           = { "all_saints", N_("All Saints' Day"), BELGIUM | FRANCE, 11, 1 },
	[HOLIDAY_ARMISTICE]            = { "armistice", N_("Armistice Day"), BELGIUM | FRANCE, 11, 11 },
	[HOLIDAY_CHRISTMAS]            = { "christmas", N_("Christmas Day"), BELGIUM | FRANCE, 12, 25 },
};

const char *country_code(enum country country)
{
	switch (country) {
	case COUNTRY_UNKNOWN:
		return "";
	case COUNTRY_BELGIUM:
		return "BE";
	case COUNTRY_FRANCE:
		return "FR";
	case COUNTRY_LUXEMBOURG:
		return "LU";
	}
	return "";
}

enum country country_from_code(const char *code)
{
	static const char *const codes[] = { "BE", "FR", "LU" };
	int found = name_index(codes, COUNT_OF(codes), code);
	return found < 0 ? COUNTRY_UNKNOWN : (enum country)(COUNTRY_BELGIUM + found);
}

const char *country_words(enum country country)
{
	switch (country) {
	case COUNTRY_UNKNOWN:
		return "";
	case COUNTRY_BELGIUM:
		return _("Belgium");
	case COUNTRY_FRANCE:
		return _("France");
	case COUNTRY_LUXEMBOURG:
		return _("Luxembourg");
	}
	return "";
}

/* The anonymous Gregorian algorithm (Nature, 20 April 1876; Butcher 1877). */
struct local_date easter_sunday(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
	int h = (19 * a + b - d - g + 15) % 30;
	int i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int sum = h + l - 7 * m + 114;
	return (struct local_date){ year, sum / 31, sum % 31 + 1 };
}

static bool falls_on(const struct holiday_rule *rule, struct local_date date)
{
	if (rule->month)
		return rule->month == date.month && rule->day == date.day;
	return date_to_days(easter_sunday(date.year)) + rule->day == date_to_days(date);
}

enum holiday holiday_on(enum country country, struct local_date date)
{
	for (size_t i = HOLIDAY_NONE + 1; i < COUNT_OF(rules); i++) {
		if (rules[i].countries & (1u << country) && falls_on(&rules[i], date))
			return (enum holiday)i;
	}
	return HOLIDAY_NONE;
}

const char *holiday_wire_name(enum holiday holiday)
{
	return rules[holiday].wire;
}

enum holiday holiday_from_wire(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		const char *only[] = { rules[i].wire };
		if (name_index(only, 1, name) == 0)
			return (enum holiday)i;
	}
	return HOLIDAY_NONE;
}

const char *holiday_words(enum holiday holiday)
{
	return holiday == HOLIDAY_NONE ? "" : _(rules[holiday].words);
}

const char *holiday_translated(const char *name)
{
	for (size_t i = HOLIDAY_NONE + 1; i < COUNT_OF(rules); i++) {
		if (strcmp(rules[i].words, name) == 0)
			return _(rules[i].words);
	}
	return name;
}
