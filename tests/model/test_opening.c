/* test_opening.c — when a space is open, and where a half-day begins and ends. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define H(hours, minutes) ((hours) * 60 + (minutes))
#define RUNS_THROUGH { { { H(9, 0), H(17, 0) } }, 1 }
#define WITH_LUNCH   { { { H(8, 30), H(12, 30) }, { H(13, 30), H(17, 30) } }, 2 }
#define CLOSED       { .count = 0 }

static const struct closure closures[] = {
	{ { 2026, 7, 20 }, { 2026, 7, 31 }, "congés d'été" },
	{ { 2026, 12, 24 }, { 2026, 12, 24 }, "" },
	{ { 2026, 10, 1 }, { 2026, 10, 1 }, NULL },
};

static const struct opening_rule belgian = {
	.week = { RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, CLOSED, CLOSED },
	.boundary = H(13, 0), .country = COUNTRY_BELGIUM, .closures = closures, .closure_count = COUNT_OF(closures),
};
static const struct opening_rule french = {
	.week = { WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, WITH_LUNCH, CLOSED, CLOSED },
	.boundary = H(13, 0), .country = COUNTRY_FRANCE,
};
static const struct opening_rule never_rests = {
	.week = { RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH, RUNS_THROUGH },
	.boundary = H(13, 30), .country = COUNTRY_BELGIUM, .open_on_holidays = true,
};
/* Open on Wednesday mornings and Thursday evenings only; on Friday exactly to and from the boundary. */
static const struct opening_rule halves = {
	.week = { CLOSED, { { { H(9, 0), H(13, 0) } }, 1 }, { { { H(9, 0), H(12, 0) } }, 1 }, { { { H(18, 0), H(22, 0) } }, 1 },
	          { { { H(13, 0), H(24, 0) } }, 1 }, CLOSED, CLOSED },
	.boundary = H(13, 0), .country = COUNTRY_BELGIUM,
};

static const struct {
	const struct opening_rule *rule;
	struct local_date date;
	enum closed_why closed;
	enum holiday holiday;
	const char *words;
	const char *why;
} days[] = {
	{ &belgian, { 2026, 7, 14 }, CLOSED_NOT, HOLIDAY_NONE, "open 09:00–17:00", "14 July: Belgium works" },
	{ &french, { 2026, 7, 14 }, CLOSED_HOLIDAY, HOLIDAY_BASTILLE_DAY, "closed (French national day)", "France rests" },
	{ &french, { 2026, 5, 8 }, CLOSED_HOLIDAY, HOLIDAY_VICTORY_1945, "closed (8 May, Victory 1945)", "" },
	{ &belgian, { 2026, 5, 8 }, CLOSED_NOT, HOLIDAY_NONE, "open 09:00–17:00", "" },
	{ &french, { 2026, 7, 21 }, CLOSED_NOT, HOLIDAY_NONE, "open 08:30–12:30, 13:30–17:30", "lunch is shown" },
	{ &belgian, { 2026, 7, 21 }, CLOSED_CLOSURE, HOLIDAY_NONE, "closed (congés d'été)", "a closure before a holiday" },
	{ &belgian, { 2027, 7, 21 }, CLOSED_HOLIDAY, HOLIDAY_BELGIAN_NATIONAL_DAY, "closed (Belgian national day)", "" },
	{ &belgian, { 2026, 7, 25 }, CLOSED_CLOSURE, HOLIDAY_NONE, "closed (congés d'été)", "a closure before a Saturday" },
	{ &belgian, { 2026, 8, 15 }, CLOSED_HOLIDAY, HOLIDAY_ASSUMPTION, "closed (Assumption Day)", "a holiday before a Saturday" },
	{ &belgian, { 2026, 7, 19 }, CLOSED_WEEKLY, HOLIDAY_NONE, "closed that weekday", "the day before the closure is a Sunday" },
	{ &belgian, { 2026, 7, 20 }, CLOSED_CLOSURE, HOLIDAY_NONE, "closed (congés d'été)", "its first day" },
	{ &belgian, { 2026, 7, 31 }, CLOSED_CLOSURE, HOLIDAY_NONE, "closed (congés d'été)", "its last day" },
	{ &belgian, { 2026, 8, 3 }, CLOSED_NOT, HOLIDAY_NONE, "open 09:00–17:00", "after it" },
	{ &belgian, { 2026, 12, 24 }, CLOSED_CLOSURE, HOLIDAY_NONE, "closed", "no reason given" },
	{ &belgian, { 2026, 10, 1 }, CLOSED_CLOSURE, HOLIDAY_NONE, "closed", "no reason at all" },
	{ &never_rests, { 2026, 12, 25 }, CLOSED_NOT, HOLIDAY_NONE, "open 09:00–17:00", "works on holidays" },
	{ &never_rests, { 2026, 11, 22 }, CLOSED_NOT, HOLIDAY_NONE, "open 09:00–17:00", "and on Sundays" },
	{ &halves, { 2026, 11, 27 }, CLOSED_NOT, HOLIDAY_NONE, "open 13:00–24:00", "midnight is the end of its day" },
};

static void the_most_particular_reason_is_told(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(days); i++) {
		char text[DATE_ISO_SIZE];
		date_to_iso(days[i].date, text);
		struct opening_state opening = opening_on(days[i].rule, days[i].date);
		ROW_HOLDS(opening.closed == days[i].closed, "%s %s", text, days[i].why);
		ROW_HOLDS(opening.holiday == days[i].holiday, "%s %s", text, days[i].why);
		ROW_HOLDS(opening.reason != NULL, "%s %s", text, days[i].why);
		ROW_HOLDS((opening.hours.count == 0) == (opening.closed != CLOSED_NOT), "%s %s", text, days[i].why);
		ROW_HOLDS(strcmp(opening_words(arena, &opening), days[i].words) == 0, "%s %s: %s", text, days[i].why,
		          opening_words(arena, &opening));
	}
	arena_free(arena);
}

#define NONE -1

static const struct {
	const struct opening_rule *rule;
	struct local_date date;
	enum day_part part;
	int from, until;
	const char *field;
	const char *why;
} edges[] = {
	{ &belgian, { 2026, 11, 24 }, DAY_PART_MORNING, H(9, 0), H(13, 0), "", "runs through: cut at the boundary" },
	{ &belgian, { 2026, 11, 24 }, DAY_PART_AFTERNOON, H(13, 0), H(17, 0), "", "" },
	{ &belgian, { 2026, 11, 24 }, DAY_PART_WHOLE, H(9, 0), H(17, 0), "", "" },
	{ &french, { 2026, 11, 24 }, DAY_PART_MORNING, H(8, 30), H(13, 0), "", "a lunch closure does not split a half-day" },
	{ &french, { 2026, 11, 24 }, DAY_PART_AFTERNOON, H(13, 0), H(17, 30), "", "" },
	{ &french, { 2026, 11, 24 }, DAY_PART_WHOLE, H(8, 30), H(17, 30), "", "" },
	{ &never_rests, { 2026, 11, 22 }, DAY_PART_MORNING, H(9, 0), H(13, 30), "", "its own boundary" },
	{ &halves, { 2026, 11, 25 }, DAY_PART_MORNING, H(9, 0), H(12, 0), "", "closes before the boundary" },
	{ &halves, { 2026, 11, 25 }, DAY_PART_AFTERNOON, NONE, NONE, "part", "no afternoon on Wednesdays" },
	{ &halves, { 2026, 11, 24 }, DAY_PART_AFTERNOON, NONE, NONE, "part", "closes at the boundary: an empty half is none" },
	{ &halves, { 2026, 11, 26 }, DAY_PART_MORNING, NONE, NONE, "part", "no morning on Thursdays" },
	{ &halves, { 2026, 11, 26 }, DAY_PART_AFTERNOON, H(18, 0), H(22, 0), "", "opens after the boundary" },
	{ &halves, { 2026, 11, 27 }, DAY_PART_MORNING, NONE, NONE, "part", "opens at the boundary" },
	{ &halves, { 2026, 11, 27 }, DAY_PART_AFTERNOON, H(13, 0), H(24, 0), "", "to midnight" },
	{ &halves, { 2026, 11, 23 }, DAY_PART_WHOLE, NONE, NONE, "date", "closed on Mondays" },
	{ &belgian, { 2027, 7, 21 }, DAY_PART_WHOLE, NONE, NONE, "date", "fête nationale" },
	{ &belgian, { 2026, 7, 22 }, DAY_PART_MORNING, NONE, NONE, "date", "a closure" },
	{ &never_rests, { 2027, 3, 28 }, DAY_PART_WHOLE, H(9, 0), H(17, 0), "", "23-hour day: wall clock, not seconds" },
	{ &never_rests, { 2026, 10, 25 }, DAY_PART_WHOLE, H(9, 0), H(17, 0), "", "25-hour day" },
};

static void half_days_have_their_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(edges); i++) {
		struct minute_range range = { NONE, NONE };
		struct problem why = { PROBLEM_NONE, "", "" };
		bool exists = period_edges(half_day(edges[i].date, edges[i].part), edges[i].rule, &range, &why);
		ROW_HOLDS(exists == (edges[i].from != NONE), "row %zu %s", i, edges[i].why);
		ROW_HOLDS(range.from == edges[i].from && range.until == edges[i].until, "row %zu %s: %d–%d", i, edges[i].why, range.from,
		          range.until);
		ROW_HOLDS(exists || (why.kind == PROBLEM_CLOSED && why.text[0]), "row %zu %s", i, edges[i].why);
		ROW_HOLDS(strcmp(why.field, edges[i].field) == 0, "row %zu %s", i, edges[i].why);
		ROW_HOLDS(period_edges(half_day(edges[i].date, edges[i].part), edges[i].rule, &range, NULL) == exists,
		          "row %zu without `why`", i);
	}
}

static const struct {
	const struct opening_rule *rule;
	struct minute_range hours;
	bool open;
	const char *why;
} hours[] = {
	{ &french, { H(8, 30), H(9, 0) }, true, "as it opens" },
	{ &french, { H(8, 15), H(9, 0) }, false, "before" },
	{ &french, { H(16, 0), H(17, 30) }, true, "until it closes" },
	{ &french, { H(16, 0), H(17, 45) }, false, "after" },
	{ &french, { H(11, 0), H(15, 0) }, true, "one may stay over lunch" },
	{ &french, { H(12, 0), H(13, 0) }, false, "but not go while nobody is there" },
	{ &french, { H(12, 30), H(14, 0) }, false, "nor come" },
	{ &french, { H(13, 30), H(14, 0) }, true, "after lunch" },
	{ &french, { H(11, 0), H(12, 30) }, true, "until lunch" },
	{ &french, { H(11, 0), H(11, 0) }, false, "no time at all" },
	{ &french, { H(15, 0), H(11, 0) }, false, "backwards" },
	{ &halves, { H(23, 0), H(24, 0) }, true, "to midnight" },
};

static void hours_say_their_edges_themselves(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(hours); i++) {
		struct minute_range range = { NONE, NONE };
		struct problem why = { PROBLEM_NONE, "", "" };
		struct period when = hours_of((struct local_date){ 2026, 11, 27 }, hours[i].hours);
		ROW_HOLDS(period_edges(when, hours[i].rule, &range, &why) == hours[i].open, "%s", hours[i].why);
		ROW_HOLDS(!hours[i].open || (range.from == hours[i].hours.from && range.until == hours[i].hours.until), "%s", hours[i].why);
		ROW_HOLDS(hours[i].open || (why.kind == PROBLEM_CLOSED && strcmp(why.field, "hours") == 0), "%s", hours[i].why);
	}
}

static const struct closure backwards = { { 2026, 8, 2 }, { 2026, 8, 1 }, "" };

static const struct {
	struct opening_rule rule;
	int granule_s;
	const char *field;
	const char *why;
} rules[] = {
	{ { .week = { RUNS_THROUGH }, .boundary = H(13, 0) }, 900, "", "" },
	{ { .week = { WITH_LUNCH }, .boundary = H(13, 0) }, 1800, "", "" },
	{ { .boundary = 0 }, 3600, "", "always closed is a rule too" },
	{ { .week = { { { { 0, H(24, 0) } }, 1 } }, .boundary = H(12, 0) }, 300, "", "day and night" },
	{ { .week = { RUNS_THROUGH }, .boundary = H(13, 0) }, 0, "granule_s", "" },
	{ { .week = { RUNS_THROUGH }, .boundary = H(13, 0) }, 901, "granule_s", "" },
	{ { .week = { RUNS_THROUGH }, .boundary = H(13, 0) }, -900, "granule_s", "" },
	{ { .week = { RUNS_THROUGH }, .boundary = H(13, 5) }, 900, "boundary", "off the granule" },
	{ { .week = { RUNS_THROUGH }, .boundary = -15 }, 900, "boundary", "" },
	{ { .week = { RUNS_THROUGH }, .boundary = H(24, 15) }, 900, "boundary", "" },
	{ { .week = { WITH_LUNCH }, .boundary = H(13, 0) }, 3600, "week", "half hours off an hour's granule" },
	{ { .week = { { { { H(9, 0), H(9, 0) } }, 1 } }, .boundary = H(13, 0) }, 900, "week", "empty" },
	{ { .week = { { { { H(17, 0), H(9, 0) } }, 1 } }, .boundary = H(13, 0) }, 900, "week", "backwards" },
	{ { .week = { { { { -15, H(9, 0) } }, 1 } }, .boundary = H(13, 0) }, 900, "week", "before midnight" },
	{ { .week = { { { { H(9, 0), H(24, 15) } }, 1 } }, .boundary = H(13, 0) }, 900, "week", "past midnight" },
	{ { .week = { { { { H(9, 0), H(12, 0) }, { H(12, 0), H(17, 0) } }, 2 } }, .boundary = H(13, 0) }, 900, "week", "touching" },
	{ { .week = { { { { H(13, 0), H(17, 0) }, { H(9, 0), H(12, 0) } }, 2 } }, .boundary = H(13, 0) }, 900, "week", "unsorted" },
	{ { .week = { CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, { .count = OPENING_RANGES_MAX + 1 } }, .boundary = 0 }, 900,
	  "week", "too many ranges, on a Sunday" },
	{ { .boundary = 0, .closures = &backwards, .closure_count = 1 }, 900, "closures", "ends before it begins" },
};

static void rules_that_cannot_be_kept_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		struct problem why = { PROBLEM_NONE, "", "" };
		bool good = opening_rule_check(&rules[i].rule, rules[i].granule_s, &why);
		ROW_HOLDS(good == !*rules[i].field, "row %zu %s", i, rules[i].why);
		ROW_HOLDS(strcmp(why.field, rules[i].field) == 0, "row %zu %s: %s", i, rules[i].why, why.field);
		ROW_HOLDS(good || (why.kind == PROBLEM_INVALID && why.text[0]), "row %zu %s", i, rules[i].why);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_most_particular_reason_is_told),
		cmocka_unit_test(half_days_have_their_edges),
		cmocka_unit_test(hours_say_their_edges_themselves),
		cmocka_unit_test(rules_that_cannot_be_kept_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
