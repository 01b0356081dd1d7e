/* words.c — what people type, understood: dates, halves of a day, places. See words.h. */
#include "hacktiv/model/words.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/base.h"

#define WORDS_MAX 200u   /* bytes looked at in one date; more is no date */

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

static bool not_a_date(const char *text, struct problem *why)
{
	return problem_set(why, PROBLEM_INVALID, "date",
	                   _("“%.60s” is not a date. Understood are: tomorrow, tuesday, 21/7, 21/7/2027, 21 july, 2027-07-21, +3d, +2w."),
	                   text);
}

static bool give(struct local_date found, struct local_date *date, const char *text, struct problem *why)
{
	if (!date_is_valid(found))
		return problem_set(why, PROBLEM_INVALID, "date", _("The date %.60s does not exist."), text);
	*date = found;
	return true;
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

static bool day_and_month(int day, int month, bool has_year, int year, struct local_date today, const char *text,
                          struct local_date *date, struct problem *why)
{
	if (month > 12 && month <= 31 && day >= 1 && day <= 12)
		return problem_set(why, PROBLEM_INVALID, "date",
		                   _("There is no month %1$d. The day comes first: %2$d/%3$d."), month, month, day);
	if (has_year)
		return give((struct local_date){ year < 100 ? 2000 + year : year, month, day }, date, text, why);
	struct local_date found = { today.year, month, day };
	/* Without a year it is the next one; 29 February may be up to eight years away. */
	for (int tries = 0; tries < 9; tries++, found.year++) {
		if (date_is_valid(found) && date_compare(found, today) >= 0)
			return give(found, date, text, why);
	}
	return give((struct local_date){ today.year, month, day }, date, text, why);
}

/* "21/7", "21.7.2027", "21-7" */
static bool date_from_digits(const char *folded, const char *text, struct local_date today, struct local_date *date,
                             struct problem *why)
{
	const char *at = folded;
	int day, month, year = 0;
	if (!take_number(&at, &day) || !strchr("/.", *at) || !*at)
		return not_a_date(text, why);
	char mark = *at++;
	if (!take_number(&at, &month))
		return not_a_date(text, why);
	bool has_year = *at == mark && at[1];
	if (*at == mark)
		at++;
	if ((has_year && !take_number(&at, &year)) || *at)
		return not_a_date(text, why);
	return day_and_month(day, month, has_year, year, today, text, date, why);
}

/* "21 juillet", "21 july 2027", "1er mai" */
static bool date_from_month_name(char *folded, const char *text, struct local_date today, struct local_date *date,
                                 struct problem *why)
{
	const char *at = folded;
	int day, year = 0;
	if (!take_number(&at, &day))
		return not_a_date(text, why);
	if (strncmp(at, "er ", 3) == 0)
		at += 2;
	while (*at == ' ')
		at++;
	char *month_end = folded + (at - folded) + strcspn(at, " ");
	bool has_year = *month_end == ' ';
	*month_end = '\0';
	const struct named *month = named(month_names, COUNT_OF(month_names), at);
	if (!month)
		return not_a_date(text, why);
	if (has_year) {
		const char *rest = month_end + 1;
		if (!take_number(&rest, &year) || *rest)
			return not_a_date(text, why);
	}
	return day_and_month(day, month->value, has_year, year, today, text, date, why);
}

/* "+3d", "+2j", "+1w", "+1s" */
static bool date_from_distance(const char *folded, const char *text, struct local_date today, struct local_date *date,
                               struct problem *why)
{
	const char *at = folded + 1;
	int number;
	if (!take_number(&at, &number) || number > 3660 || !*at || at[1])
		return not_a_date(text, why);
	int days = strchr("dj", *at) ? 1 : strchr("ws", *at) ? 7 : 0;
	if (!days)
		return not_a_date(text, why);
	return give(date_plus(today, number * days), date, text, why);
}

static bool looks_iso(const char *text)
{
	return strlen(text) == 10 && text[4] == '-' && text[7] == '-';
}

bool date_from_words(const char *text, struct local_date today, struct local_date *date, struct problem *why)
{
	if (strlen(text) > WORDS_MAX)
		return not_a_date("…", why);
	if (looks_iso(text))
		return date_from_iso(text, date, why);

	struct arena *arena = arena_new();
	char *folded = text_fold(arena, text);
	const struct named *near = named(near_names, COUNT_OF(near_names), folded);
	const struct named *weekday = named(weekday_names, COUNT_OF(weekday_names), folded);
	bool understood;
	if (near)
		understood = give(date_plus(today, near->value), date, text, why);
	else if (weekday)
		understood = give(date_plus(today, (weekday->value - date_weekday(today) + 6) % 7 + 1), date, text, why);
	else if (*folded == '+')
		understood = date_from_distance(folded, text, today, date, why);
	else if (strpbrk(folded, "/."))
		understood = date_from_digits(folded, text, today, date, why);
	else
		understood = date_from_month_name(folded, text, today, date, why);
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

/* ---- a wish: words in any order ---- */

#define PHRASE_WORDS 3   /* "day after tomorrow", "21 juillet 2027" */

static char *phrase(struct arena *arena, const char *const *words, size_t count)
{
	char *joined = arena_copy_text(arena, words[0]);
	for (size_t i = 1; i < count; i++)
		joined = arena_print(arena, "%s %s", joined, words[i]);
	return joined;
}

/* A lone "m", "a" or "j" is a part only where nothing else could be meant: it may be the name of a desk. */
static bool take_part(struct wish_words *wish, const char *said, struct problem *why)
{
	enum day_part part;
	if (!day_part_from_words(said, &part))
		return false;
	if (wish->has_part && wish->when.part != part)
		return problem_set(why, PROBLEM_INVALID, "part", _("Two parts of a day were said: which one, morning, afternoon or day?"));
	wish->has_part = true;
	wish->when.part = part;
	return true;
}

static bool looks_like_a_date(const char *said)
{
	return strchr("0123456789+", *said) && (strchr(said, '/') || looks_iso(said) || *said == '+');
}

static bool take_date(struct wish_words *wish, const char *said, struct local_date today, struct problem *why)
{
	struct local_date date;
	struct problem not_one = { 0 };
	if (!date_from_words(said, today, &date, &not_one)) {
		/* "31/2" was meant as a date: it must not become the name of a place. */
		if (looks_like_a_date(said) && why)
			*why = not_one;
		return false;
	}
	if (wish->has_date && !date_equal(wish->when.date, date))
		return problem_set(why, PROBLEM_INVALID, "date", _("Two dates were said: which one?"));
	wish->has_date = true;
	wish->when.date = date;
	return true;
}

/* How many of the words from the first on were a date or a part, longest phrase first; 0: none. */
static size_t take_phrase(struct arena *arena, const char *const *words, size_t count, struct local_date today,
                          struct wish_words *wish, struct problem *why)
{
	for (size_t length = count < PHRASE_WORDS ? count : PHRASE_WORDS; length > 0; length--) {
		const char *said = phrase(arena, words, length);
		struct problem trouble = { 0 };
		if (take_part(wish, said, &trouble) || (trouble.kind == PROBLEM_NONE && take_date(wish, said, today, &trouble)))
			return length;
		if (trouble.kind != PROBLEM_NONE && length == 1) {
			*why = trouble;
			return 0;
		}
	}
	return 0;
}

bool wish_from_words(struct arena *arena, const char *const *words, size_t count, struct local_date today,
                     struct wish_words *wish, struct problem *why)
{
	*wish = (struct wish_words){ .place = "" };
	for (size_t at = 0; at < count;) {
		struct problem trouble = { 0 };
		size_t taken = take_phrase(arena, words + at, count - at, today, wish, &trouble);
		if (trouble.kind != PROBLEM_NONE) {
			if (why)
				*why = trouble;
			return false;
		}
		if (taken == 0) {
			wish->place = *wish->place ? arena_print(arena, "%s %s", wish->place, words[at]) : arena_copy_text(arena, words[at]);
			taken = 1;
		}
		at += taken;
	}
	return true;
}

/* ---- places ---- */

enum fit { FIT_NONE = 0, FIT_WORD = 2, FIT_TOWN = 3, FIT_NAME = 4 };

static bool same(struct arena *arena, const char *text, const char *folded)
{
	return text && *text && strcmp(text_fold(arena, text), folded) == 0;
}

int space_fits(const struct space *space, const char *words)
{
	if (!*words)
		return FIT_NONE;
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, words);
	int fit = FIT_NONE;
	if (same(arena, space->slug, folded) || same(arena, space->name, folded) || same(arena, space->former_name, folded))
		fit = FIT_NAME;
	else if (same(arena, space->town, folded))
		fit = FIT_TOWN;
	else if (text_matches(space->name, words) || text_matches(space->town, words) || text_matches(space->former_name, words))
		fit = FIT_WORD;
	arena_free(arena);
	return fit;
}

int resource_fits(const struct resource *resource, const char *words)
{
	if (!*words)
		return FIT_NONE;
	struct arena *arena = arena_new();
	const char *folded = text_fold(arena, words);
	int fit = FIT_NONE;
	if (same(arena, resource->name, folded))
		fit = FIT_NAME;
	else if (same(arena, resource->area, folded))
		fit = FIT_TOWN;
	else if (text_matches(resource->name, words) || text_matches(resource->area, words))
		fit = FIT_WORD;
	arena_free(arena);
	return fit;
}
