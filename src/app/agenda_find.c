/* agenda_find.c — see agenda_find.h. */
#include "agenda_find.h"

#include <string.h>

#define NUMBER_LETTERS_MIN 8

/* ---- words ---- */

/* French, English and the languages themselves. Not "de" and "en", which are prepositions. */
static const struct { const char *folded; enum language language; } languages[] = {
	{ "fr", LANGUAGE_FRENCH },      { "francais", LANGUAGE_FRENCH },    { "french", LANGUAGE_FRENCH },
	{ "nl", LANGUAGE_DUTCH },       { "neerlandais", LANGUAGE_DUTCH },  { "dutch", LANGUAGE_DUTCH },
	{ "nederlands", LANGUAGE_DUTCH }, { "allemand", LANGUAGE_GERMAN },  { "german", LANGUAGE_GERMAN },
	{ "deutsch", LANGUAGE_GERMAN }, { "anglais", LANGUAGE_ENGLISH },    { "english", LANGUAGE_ENGLISH },
};

static unsigned language_said(const char *folded)
{
	for (size_t at = 0; at < COUNT_OF(languages); at++) {
		if (strcmp(languages[at].folded, folded) == 0)
			return languages[at].language;
	}
	return 0;
}

static bool says_online(const char *folded)
{
	return strcmp(folded, "online") == 0 || strcmp(folded, "ligne") == 0 || strcmp(folded, "distance") == 0;
}

/* Takes one word for what it is; what says nothing by itself ("en ligne") is not searched for. */
static void take_word(struct arena *arena, struct agenda_filter *filter, const char *word)
{
	const char *folded = text_fold(arena, word);
	unsigned language = language_said(folded);
	if (language)
		filter->languages |= language;
	else if (says_online(folded))
		filter->online = true;
	else if (strcmp(folded, "en") != 0 && strcmp(folded, "in") != 0)
		filter->words = *filter->words ? arena_print(arena, "%s %s", filter->words, word) : word;
}

bool agenda_filter_from_words(struct arena *arena, const char *const *words, size_t count, struct local_date today,
                              struct agenda_filter *filter, struct problem *why)
{
	struct wish_words said;
	*filter = (struct agenda_filter){ .from = today, .until = date_plus(today, ACTIVITY_WINDOW_DAYS - 1), .words = "" };
	if (!wish_from_words(arena, words, count, today, &said, why))
		return false;
	if (said.has_date)
		filter->from = filter->until = said.when.date;
	filter->has_part = said.has_part;
	filter->part = said.when;
	for (const char *rest = said.place; *rest;) {
		size_t length = strcspn(rest, " ");
		if (length)
			take_word(arena, filter, arena_copy_bytes(arena, rest, length));
		rest += length + (rest[length] == ' ');
	}
	return true;
}

/* ---- does it fit ---- */

#define NOON_MINUTES (13 * 60)   /* where most spaces part their day; an agenda holds many */

static bool part_fits(struct session *session, struct period part, const struct activity *activity)
{
	const struct zone *zone = zones_find(session_zones(session), activity->time_zone, NULL);
	int begins = zone ? activity_hours(activity, zone).hours.from : 0;
	switch (part.part) {
	case DAY_PART_MORNING:
		return begins < NOON_MINUTES;
	case DAY_PART_AFTERNOON:
		return begins >= NOON_MINUTES;
	case DAY_PART_WHOLE:
		return true;
	case DAY_PART_HOURS:
		return begins >= part.hours.from && begins < part.hours.until;
	}
	return true;
}

bool agenda_filter_fits(struct session *session, const struct agenda_filter *filter, const struct activity *activity)
{
	return date_compare(activity->date, filter->from) >= 0 && date_compare(activity->date, filter->until) <= 0 &&
	       (!filter->languages || (activity->languages & filter->languages)) && (!filter->online || activity->online) &&
	       (!filter->has_part || part_fits(session, filter->part, activity)) && activity_fits(activity, filter->words);
}

/* ---- finding one ---- */

bool activity_is_number(const char *words)
{
	size_t length = strlen(words);
	return length >= NUMBER_LETTERS_MIN && strspn(words, "0123456789abcdefABCDEF-") == length;
}

static bool has_number(struct arena *arena, const struct activity *activity, const char *number)
{
	const char *folded = text_fold(arena, number);   /* ids are plain letters and digits: only their case can differ */
	return strncmp(text_fold(arena, activity->id), folded, strlen(folded)) == 0;
}

static bool is_open(const struct session *session, const struct activity *activity)
{
	return (!signup_is_held(activity->mine.state) || activity->mine.state == SIGNUP_OFFERED) &&
	       activity_signup_rule(activity, session_now(session)) == RULE_NONE;
}

static size_t keep_open(const struct session *session, const struct activity_row **rows, size_t count)
{
	size_t kept = 0;
	for (size_t at = 0; at < count; at++) {
		if (is_open(session, rows[at]->activity))
			rows[kept++] = rows[at];
	}
	return kept ? kept : count;
}

size_t activity_find(struct session *session, struct arena *arena, const struct activity_list *list, const char *const *words,
                     size_t count, bool open_only, const struct activity_row *const **result, struct problem *why)
{
	const struct activity_row **found = arena_get(arena, (list->count + 1) * sizeof *found);
	bool by_number = count == 1 && activity_is_number(words[0]);
	struct agenda_filter filter;
	size_t found_count = 0;
	*result = found;
	if (!by_number && !agenda_filter_from_words(arena, words, count, session_today(session), &filter, why))
		return 0;
	for (size_t at = 0; at < list->count; at++) {
		const struct activity *activity = list->rows[at].activity;
		if (by_number ? has_number(arena, activity, words[0]) : agenda_filter_fits(session, &filter, activity))
			found[found_count++] = &list->rows[at];
	}
	if (!found_count)
		problem_set(why, PROBLEM_NOT_FOUND, "activity", _("No activity fits that."));
	return open_only && found_count > 1 ? keep_open(session, found, found_count) : found_count;
}
