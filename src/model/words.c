/* words.c — dates and halves of a day as people type them. See words.h. */
#include "hacktiv/model/words.h"

#include <string.h>

#include "hacktiv/base.h"
#include "reading.h"

#define DISTANCE_MAX   3660   /* +Nd, +Nw: so many at most */

struct named { const char *name; int value; };

/* Folded: no accents, no capitals. French "mar" is mardi: a month comes only after a number. */
static const struct named weekday_names[] = {
	{ "lundi", 1 }, { "lun", 1 }, { "monday", 1 }, { "mon", 1 },
	{ "mardi", 2 }, { "mar", 2 }, { "tuesday", 2 }, { "tue", 2 }, { "tues", 2 },
	{ "mercredi", 3 }, { "mer", 3 }, { "wednesday", 3 }, { "wed", 3 },
	{ "jeudi", 4 }, { "jeu", 4 }, { "thursday", 4 }, { "thu", 4 }, { "thurs", 4 },
	{ "vendredi", 5 }, { "ven", 5 }, { "friday", 5 }, { "fri", 5 },
	{ "samedi", 6 }, { "sam", 6 }, { "saturday", 6 }, { "sat", 6 },
	{ "dimanche", 7 }, { "dim", 7 }, { "sunday", 7 }, { "sun", 7 },
};
static const struct named month_names[] = {
	{ "janvier", 1 }, { "janv", 1 }, { "jan", 1 }, { "january", 1 },
	{ "fevrier", 2 }, { "fevr", 2 }, { "fev", 2 }, { "february", 2 }, { "feb", 2 },
	{ "mars", 3 }, { "march", 3 }, { "mar", 3 },
	{ "avril", 4 }, { "avr", 4 }, { "april", 4 }, { "apr", 4 },
	{ "mai", 5 }, { "may", 5 },
	{ "juin", 6 }, { "june", 6 }, { "jun", 6 },
	{ "juillet", 7 }, { "juil", 7 }, { "july", 7 }, { "jul", 7 },
	{ "aout", 8 }, { "august", 8 }, { "aug", 8 },
	{ "septembre", 9 }, { "sept", 9 }, { "september", 9 }, { "sep", 9 },
	{ "octobre", 10 }, { "oct", 10 }, { "october", 10 },
	{ "novembre", 11 }, { "nov", 11 }, { "november", 11 },
	{ "decembre", 12 }, { "dec", 12 }, { "december", 12 },
};
static const struct named near_names[] = {
	{ "today", 0 }, { "aujourd hui", 0 }, { "aujourdhui", 0 }, { "auj", 0 },
	{ "tomorrow", 1 }, { "tom", 1 }, { "demain", 1 }, { "dem", 1 },
	{ "apres demain", 2 }, { "apresdemain", 2 }, { "day after tomorrow", 2 },
};
static const struct named part_names[] = {
	{ "am", DAY_PART_MORNING }, { "morning", DAY_PART_MORNING }, { "matin", DAY_PART_MORNING },
	{ "mat", DAY_PART_MORNING }, { "m", DAY_PART_MORNING },
	{ "pm", DAY_PART_AFTERNOON }, { "afternoon", DAY_PART_AFTERNOON }, { "apres midi", DAY_PART_AFTERNOON },
	{ "apresmidi", DAY_PART_AFTERNOON }, { "aprem", DAY_PART_AFTERNOON }, { "a", DAY_PART_AFTERNOON },
	{ "day", DAY_PART_WHOLE }, { "whole day", DAY_PART_WHOLE }, { "all day", DAY_PART_WHOLE },
	{ "journee", DAY_PART_WHOLE }, { "jour", DAY_PART_WHOLE }, { "toute la journee", DAY_PART_WHOLE },
	{ "j", DAY_PART_WHOLE },
};

static const struct named *named(const struct named *names, size_t count, const char *folded)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i].name, folded) == 0)
			return &names[i];
	}
	return NULL;
}

/* What is being read, and for whom. */
struct reading {
	struct arena *arena;
	const char *text;          /* all that was typed, for the sentence */
	struct local_date today;
	struct problem *why;
};

static enum date_reading not_a_date(const struct reading *reading)
{
	problem_set(reading->why, PROBLEM_INVALID, "date",
	            _("“%s” is not a date. Understood are: tomorrow, tuesday, 21/7, 21/7/2027, 21 july, 2027-07-21, +3d, +2w."),
	            text_clip(reading->arena, reading->text, QUOTED_COLUMNS));
	return READING_NO_DATE;
}

static enum date_reading no_such_date(const struct reading *reading)
{
	problem_set(reading->why, PROBLEM_INVALID, "date", _("There is no such day in the calendar: %s."),
	            text_clip(reading->arena, reading->text, QUOTED_COLUMNS));
	return READING_WRONG_DATE;
}

static enum date_reading give(const struct reading *reading, struct local_date found, struct local_date *date)
{
	if (!date_is_valid(found))
		return no_such_date(reading);
	*date = found;
	return READING_DATE;
}

/* Up to four digits at *at; false when there is none, or more. */
static bool take_number(const char **at, int *number)
{
	const char *from = *at;
	*number = 0;
	while (**at >= '0' && **at <= '9' && *at - from < 5)
		*number = *number * 10 + (*(*at)++ - '0');
	return *at > from && *at - from < 5;
}

static enum date_reading day_and_month(const struct reading *reading, int day, int month, struct local_date *date)
{
	struct local_date found = { reading->today.year, month, day };
	/* Without a year it is the next one; 29 February may be eight years away. */
	for (int tries = 0; tries < 9; tries++, found.year++) {
		if (date_is_valid(found) && date_compare(found, reading->today) >= 0)
			return give(reading, found, date);
	}
	return no_such_date(reading);
}

static enum date_reading with_year(const struct reading *reading, int day, int month, int year, struct local_date *date)
{
	return give(reading, (struct local_date){ year < 100 ? 2000 + year : year, month, day }, date);
}

/* "21/7", "21.7.2027", "21.7." */
static enum date_reading date_from_digits(const struct reading *reading, const char *at, struct local_date *date)
{
	int day, month, year = 0;
	if (!take_number(&at, &day) || !*at || !strchr("/.", *at))
		return not_a_date(reading);
	char mark = *at++;
	if (!take_number(&at, &month))
		return not_a_date(reading);
	bool has_year = *at == mark && at[1];
	if (*at == mark)
		at++;
	if ((has_year && !take_number(&at, &year)) || *at)
		return not_a_date(reading);
	if (month > 12 && month <= 31 && day >= 1 && day <= 12) {
		problem_set(reading->why, PROBLEM_INVALID, "date", _("There is no month %1$d. The day comes first: %2$d/%3$d."), month,
		            month, day);
		return READING_WRONG_DATE;
	}
	return has_year ? with_year(reading, day, month, year, date) : day_and_month(reading, day, month, date);
}

/* "21 juillet", "21 july 2027", "1er mai" */
static enum date_reading date_from_month_name(const struct reading *reading, char *folded, struct local_date *date)
{
	const char *at = folded;
	int day, year;
	if (!take_number(&at, &day))
		return not_a_date(reading);
	if (strncmp(at, "er ", 3) == 0)
		at += 2;
	while (*at == ' ')
		at++;
	char *month_end = folded + (at - folded) + strcspn(at, " ");
	bool has_year = *month_end == ' ';
	*month_end = '\0';
	const struct named *month = named(month_names, COUNT_OF(month_names), at);
	if (!month)
		return not_a_date(reading);
	if (!has_year)
		return day_and_month(reading, day, month->value, date);
	const char *rest = month_end + 1;
	if (!take_number(&rest, &year) || *rest)
		return not_a_date(reading);
	return with_year(reading, day, month->value, year, date);
}

/* "+3d", "+2j", "+1w", "+1s" */
static enum date_reading date_from_distance(const struct reading *reading, const char *at, struct local_date *date)
{
	int number;
	at++;
	if (!take_number(&at, &number) || number > DISTANCE_MAX || !*at || at[1])
		return not_a_date(reading);
	int days = strchr("dj", *at) ? 1 : strchr("ws", *at) ? 7 : 0;
	if (!days)
		return not_a_date(reading);
	return give(reading, date_plus(reading->today, number * days), date);
}

static bool looks_iso(const char *text)
{
	return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

/* Folded, and without the dots of abbreviations: "mar." is "mar", "21 juil." is "21 juil"; "21.7." stays. */
static char *fold(struct arena *arena, const char *text)
{
	char *folded = text_fold(arena, text), *to = folded;
	for (const char *from = folded; *from; from++) {
		if (*from != '.' || from == folded || from[-1] < 'a' || from[-1] > 'z')
			*to++ = *from;
	}
	*to = '\0';
	return folded;
}

static enum date_reading explicit_date(const struct reading *reading, const char *said, struct local_date *date)
{
	if (looks_iso(said))
		return date_from_iso(said, date, reading->why) ? READING_DATE : READING_WRONG_DATE;
	char *folded = fold(reading->arena, said);
	if (*folded == '+')
		return date_from_distance(reading, folded, date);
	if (strpbrk(folded, "/."))
		return date_from_digits(reading, folded, date);
	return date_from_month_name(reading, folded, date);
}

/* "mar. 24/11/2026", as we say it ourselves: the weekday confirms the date, or one of them is a slip. */
static enum date_reading confirmed_date(const struct reading *reading, int weekday, const char *rest, struct local_date *date)
{
	struct local_date found;
	enum date_reading read = explicit_date(reading, rest, &found);
	if (read != READING_DATE)
		return read;
	if (date_weekday(found) == weekday)
		return give(reading, found, date);
	problem_set(reading->why, PROBLEM_INVALID, "date", _("That is %s: the weekday does not agree."),
	            date_words_long(reading->arena, found));
	return READING_WRONG_DATE;
}

static enum date_reading read_date(const struct reading *reading, const char *said, struct local_date *date)
{
	const char *folded = fold(reading->arena, said);
	const struct named *near = named(near_names, COUNT_OF(near_names), folded);
	if (near)
		return give(reading, date_plus(reading->today, near->value), date);

	size_t first = strcspn(said, " ");
	folded = fold(reading->arena, arena_copy_bytes(reading->arena, said, first));
	const struct named *weekday = named(weekday_names, COUNT_OF(weekday_names), folded);
	if (!weekday)
		return explicit_date(reading, said, date);
	if (said[first])
		return confirmed_date(reading, weekday->value, said + first + 1, date);
	int ahead = (weekday->value - date_weekday(reading->today) + 6) % 7 + 1;
	return give(reading, date_plus(reading->today, ahead), date);
}

static char *trimmed(struct arena *arena, const char *text)
{
	text += strspn(text, " ");
	size_t length = strlen(text);
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return arena_copy_bytes(arena, text, length);
}

enum date_reading date_read(struct arena *arena, const char *text, struct local_date today, struct local_date *date,
                            struct problem *why)
{
	struct reading reading = { arena, text, today, why };
	if (strlen(text) > WORDS_MAX) {
		reading.text = "…";
		return not_a_date(&reading);
	}
	return read_date(&reading, trimmed(arena, text), date);
}

bool date_from_words(const char *text, struct local_date today, struct local_date *date, struct problem *why)
{
	struct arena *arena = arena_new();
	bool understood = date_read(arena, text, today, date, why) == READING_DATE;
	arena_free(arena);
	return understood;
}

bool day_part_from_words(const char *text, enum day_part *part)
{
	if (strlen(text) > WORDS_MAX)
		return false;
	struct arena *arena = arena_new();
	const struct named *found = named(part_names, COUNT_OF(part_names), text_fold(arena, text));
	arena_free(arena);
	if (found)
		*part = (enum day_part)found->value;
	return found;
}
