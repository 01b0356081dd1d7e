/* test_date_words.c — dates and halves of a day as people type them, in French and English, whatever the locale. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

/* A Tuesday. */
#define TODAY { 2026, 11, 24 }
static const struct local_date today = TODAY;

static const struct {
	const char *text;
	struct local_date date;
	const char *why;
} understood[] = {
	{ "today", TODAY, "" },
	{ "Today", TODAY, "capitals" },
	{ "TODAY", TODAY, "" },
	{ "  today  ", TODAY, "spaces around" },
	{ "aujourd'hui", TODAY, "" },
	{ "aujourd’hui", TODAY, "the typographic apostrophe" },
	{ "aujourdhui", TODAY, "" },
	{ "tomorrow", { 2026, 11, 25 }, "" },
	{ "demain", { 2026, 11, 25 }, "" },
	{ "après-demain", { 2026, 11, 26 }, "" },
	{ "apres demain", { 2026, 11, 26 }, "without accent or hyphen" },
	{ "day after tomorrow", { 2026, 11, 26 }, "" },
	{ "mardi", { 2026, 12, 1 }, "today is a Tuesday: strictly after it" },
	{ "tuesday", { 2026, 12, 1 }, "" },
	{ "mar", { 2026, 12, 1 }, "mardi, never mars" },
	{ "mar.", { 2026, 12, 1 }, "as we abbreviate it ourselves" },
	{ "tue", { 2026, 12, 1 }, "" },
	{ "mercredi", { 2026, 11, 25 }, "" },
	{ "wed", { 2026, 11, 25 }, "" },
	{ "jeudi", { 2026, 11, 26 }, "" },
	{ "vendredi", { 2026, 11, 27 }, "" },
	{ "ven.", { 2026, 11, 27 }, "" },
	{ "samedi", { 2026, 11, 28 }, "" },
	{ "dimanche", { 2026, 11, 29 }, "" },
	{ "Sunday", { 2026, 11, 29 }, "" },
	{ "lundi", { 2026, 11, 30 }, "" },
	{ "mon", { 2026, 11, 30 }, "" },
	{ "21/7", { 2027, 7, 21 }, "the next one" },
	{ "24/11", TODAY, "today is not before today" },
	{ "23/11", { 2027, 11, 23 }, "yesterday's is next year's" },
	{ "1/12", { 2026, 12, 1 }, "" },
	{ "01/12", { 2026, 12, 1 }, "" },
	{ "21/07/2026", { 2026, 7, 21 }, "a year said is kept, past or not" },
	{ "21/7/27", { 2027, 7, 21 }, "two digits" },
	{ "21.7.2027", { 2027, 7, 21 }, "" },
	{ "２１/７", { 2027, 7, 21 }, "full-width digits" },
	{ "21.7.", { 2027, 7, 21 }, "as in German" },
	{ "29/2", { 2028, 2, 29 }, "the next leap day" },
	{ "29 février", { 2028, 2, 29 }, "" },
	{ "2027-07-21", { 2027, 7, 21 }, "ISO 8601" },
	{ "+0d", TODAY, "" },
	{ "+3d", { 2026, 11, 27 }, "" },
	{ "+3j", { 2026, 11, 27 }, "" },
	{ "+2w", { 2026, 12, 8 }, "" },
	{ "+2s", { 2026, 12, 8 }, "" },
	{ "+2W", { 2026, 12, 8 }, "" },
	{ "+38d", { 2027, 1, 1 }, "over the year" },
	{ "21 juillet", { 2027, 7, 21 }, "" },
	{ "21 Juillet 2028", { 2028, 7, 21 }, "" },
	{ "21 july", { 2027, 7, 21 }, "" },
	{ "21 juil.", { 2027, 7, 21 }, "" },
	{ "21juillet", { 2027, 7, 21 }, "run together" },
	{ "1er mai", { 2027, 5, 1 }, "" },
	{ "1 may", { 2027, 5, 1 }, "" },
	{ "3 mar", { 2027, 3, 3 }, "a month after a number" },
	{ "3 mars", { 2027, 3, 3 }, "" },
	{ "15 août", { 2027, 8, 15 }, "" },
	{ "15 aout", { 2027, 8, 15 }, "" },
	{ "25 déc.", { 2026, 12, 25 }, "" },
	{ "mardi 1/12", { 2026, 12, 1 }, "a weekday that agrees" },
	{ "mardi 8 décembre", { 2026, 12, 8 }, "" },
	{ "mar. 24/11/2026", TODAY, "as we say it" },
	{ "Tue 24/11/2026", TODAY, "" },
	{ "mercredi 21 juillet 2027", { 2027, 7, 21 }, "" },
};

static void dates_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(understood); i++) {
		struct local_date date = { 0, 0, 0 };
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(date_from_words(understood[i].text, today, &date, &why), "\"%s\" %s: %s", understood[i].text, understood[i].why, why.text);
		ROW_HOLDS(date_equal(date, understood[i].date), "\"%s\" %s: %04d-%02d-%02d", understood[i].text, understood[i].why, date.year,
		          date.month, date.day);
	}
}

static void every_weekday_comes_within_a_week(void **state)
{
	(void)state;
	static const char *const names[][3] = {
		{ "lundi", "monday", "lun" }, { "mardi", "tuesday", "mar" }, { "mercredi", "wednesday", "mer" }, { "jeudi", "thursday", "jeu" },
		{ "vendredi", "friday", "ven" }, { "samedi", "saturday", "sam" }, { "dimanche", "sunday", "dim" },
	};
	for (int from = 0; from < 7; from++) {
		struct local_date day = date_plus(today, from);
		for (size_t weekday = 0; weekday < COUNT_OF(names); weekday++) {
			for (size_t i = 0; i < COUNT_OF(names[0]); i++) {
				struct local_date date;
				ROW_HOLDS(date_from_words(names[weekday][i], day, &date, NULL), "%s", names[weekday][i]);
				int ahead = (int)(date_to_days(date) - date_to_days(day));
				ROW_HOLDS(date_weekday(date) == (int)weekday + 1 && ahead >= 1 && ahead <= 7, "%s: %d ahead", names[weekday][i], ahead);
			}
		}
	}
}

static const struct {
	const char *text;
	const char *says;   /* found in the sentence */
	const char *why;
} refused[] = {
	{ "7/21", "21/7", "month first: the example turns it round" },
	{ "12/13", "13/12", "" },
	{ "7/21/2027", "21/7", "" },
	{ "31/2", "31/2", "" },
	{ "31/02/2027", "31/02/2027", "" },
	{ "29/2/2027", "29/2/2027", "not a leap year, and the year was said" },
	{ "29 février 2027", "29 février 2027", "" },
	{ "2027-02-29", "", "ISO, no such day" },
	{ "1999-12-31", "", "out of range" },
	{ "0/7", "0/7", "" },
	{ "32/1", "32/1", "" },
	{ "21/0", "21/0", "" },
	{ "99/99", "99/99", "" },
	{ "21/7/1999", "21/7/1999", "before 2000" },
	{ "21/7/2101", "21/7/2101", "after 2100" },
	{ "21/7/20270", "21/7/20270", "" },
	{ "1/2/3/4", "1/2/3/4", "" },
	{ "21/", "21/", "" },
	{ "/7", "/7", "" },
	{ "/", "", "" },
	{ ".", "", "" },
	{ "21/july", "21/july", "" },
	{ "", "", "nothing" },
	{ " ", "", "" },
	{ "+", "", "" },
	{ "+3", "+3", "three what?" },
	{ "+d", "+d", "" },
	{ "+3x", "+3x", "" },
	{ "+3dd", "+3dd", "" },
	{ "+99999d", "", "" },
	{ "+3661d", "", "ten years and more" },
	{ "-3d", "-3d", "" },
	{ "3", "3", "a number is no date" },
	{ "24", "24", "" },
	{ "mars", "mars", "a month comes after a number" },
	{ "juillet", "juillet", "" },
	{ "21 brumaire", "21 brumaire", "" },
	{ "21 juillet deux mille", "", "" },
	{ "next tuesday", "next tuesday", "tuesday is known" },
	{ "mardi prochain", "mardi prochain", "" },
	{ "mardi 25/11", "25 November 2026", "25/11 is a Wednesday: the sentence says which" },
	{ "lundi mardi", "lundi mardi", "" },
	{ "hier", "hier", "yesterday cannot be booked" },
	{ "chimay", "chimay", "" },
	{ "21\t/7", "", "" },
	{ "%n%s%d", "%n%s%d", "never a format" },
};

static void what_is_no_date_is_refused_with_an_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct local_date date = { 1, 2, 3 };
		struct problem why = { PROBLEM_NONE, "", "" };
		ROW_HOLDS(!date_from_words(refused[i].text, today, &date, &why), "\"%s\" %s", refused[i].text, refused[i].why);
		ROW_HOLDS(why.kind == PROBLEM_INVALID && strcmp(why.field, "date") == 0, "\"%s\"", refused[i].text);
		ROW_HOLDS(why.text[0] && strstr(why.text, refused[i].says), "\"%s\": %s", refused[i].text, why.text);
		ROW_HOLDS(date.year == 1 && date.month == 2 && date.day == 3, "\"%s\" left something behind", refused[i].text);
		ROW_HOLDS(!date_from_words(refused[i].text, today, &date, NULL), "\"%s\" without `why`", refused[i].text);
	}
}

static void the_end_of_the_calendar_is_an_end(void **state)
{
	(void)state;
	static const char *const beyond[] = { "tomorrow", "demain", "friday", "+1d", "1/1", "1 january", "29/2" };
	static const struct local_date last = { 2100, 12, 31 };
	struct local_date date;
	for (size_t i = 0; i < COUNT_OF(beyond); i++)
		ROW_HOLDS(!date_from_words(beyond[i], last, &date, NULL), "%s", beyond[i]);
	assert_true(date_from_words("today", last, &date, NULL));
	assert_true(date_from_words("31/12", last, &date, NULL));
}

#define MEGABYTE ((size_t)1024 * 1024)

static void a_megabyte_of_anything_is_refused_at_once(void **state)
{
	(void)state;
	static const char fillings[] = { '1', '/', ' ', 'a', '.', '+', '-', '\xc3' };
	char *text = calloc(MEGABYTE + 1, 1);
	assert_non_null(text);
	for (size_t i = 0; i < sizeof fillings; i++) {
		struct local_date date;
		enum day_part part;
		struct problem why = { PROBLEM_NONE, "", "" };
		memset(text, fillings[i], MEGABYTE);
		assert_false(date_from_words(text, today, &date, &why));
		assert_true(why.kind == PROBLEM_INVALID && why.text[0]);
		assert_false(day_part_from_words(text, &part));
	}
	free(text);
}

/* What is quoted in a sentence stays whole characters: nothing drawn from it may be broken UTF-8. */
static void quotations_are_cut_between_characters(void **state)
{
	(void)state;
	char text[180];
	for (size_t lead = 0; lead < 4; lead++) {
		struct arena *arena = arena_new();
		struct local_date date;
		struct problem why = { PROBLEM_NONE, "", "" };
		memset(text, 'x', lead);
		for (size_t at = lead; at + 2 < sizeof text; at += 2)
			memcpy(text + at, "é", 3);
		assert_false(date_from_words(text, today, &date, &why));
		ROW_HOLDS(text_is_clean(why.text, strlen(why.text), TEXT_ONE_LINE, PROBLEM_TEXT_MAX), "%s", why.text);
		arena_free(arena);
	}
}

static const struct {
	const char *text;
	enum day_part part;
} parts[] = {
	{ "am", DAY_PART_MORNING }, { "AM", DAY_PART_MORNING }, { "morning", DAY_PART_MORNING }, { "matin", DAY_PART_MORNING },
	{ "Matin", DAY_PART_MORNING }, { "m", DAY_PART_MORNING }, { "pm", DAY_PART_AFTERNOON }, { "afternoon", DAY_PART_AFTERNOON },
	{ "après-midi", DAY_PART_AFTERNOON }, { "apres midi", DAY_PART_AFTERNOON }, { "aprem", DAY_PART_AFTERNOON },
	{ "a", DAY_PART_AFTERNOON }, { "day", DAY_PART_WHOLE }, { "whole day", DAY_PART_WHOLE }, { "journée", DAY_PART_WHOLE },
	{ "journee", DAY_PART_WHOLE }, { "jour", DAY_PART_WHOLE }, { "j", DAY_PART_WHOLE },
};

static void parts_of_a_day_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		enum day_part part;
		ROW_HOLDS(day_part_from_words(parts[i].text, &part) && part == parts[i].part, "%s", parts[i].text);
	}
	static const char *const none[] = { "", " ", "night", "soir", "mardi", "mat in", "amm", "noon", "midi" };
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		enum day_part part = DAY_PART_AFTERNOON;
		ROW_HOLDS(!day_part_from_words(none[i], &part) && part == DAY_PART_AFTERNOON, "%s", none[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_understood),
		cmocka_unit_test(every_weekday_comes_within_a_week),
		cmocka_unit_test(what_is_no_date_is_refused_with_an_example),
		cmocka_unit_test(the_end_of_the_calendar_is_an_end),
		cmocka_unit_test(a_megabyte_of_anything_is_refused_at_once),
		cmocka_unit_test(quotations_are_cut_between_characters),
		cmocka_unit_test(parts_of_a_day_are_understood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
