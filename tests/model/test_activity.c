/* test_activity.c — who may sign up and withdraw when, and what an activity is like. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define START INT64_C(1795593600)    /* 2026-11-25 09:00 in Chimay */
#define HOUR 3600

static struct activity an_activity(void)
{
	return (struct activity){
		.id = "a", .space_id = "s", .space_name = "La Ferme", .space_town = "Chimay", .time_zone = "Europe/Brussels",
		.title = "L'IA générative au quotidien", .summary = "Une heure, un sandwich", .description = "", .place = "Le Moulin",
		.organiser = "BEP", .organiser_id = "", .note = "", .link = "", .conditions = "", .cancel_reason = "",
		.offer_minutes = OFFER_MINUTES_CUSTOM, .format = ACTIVITY_LUNCH_TALK, .languages = LANGUAGE_FRENCH,
		.start_at = START, .end_at = START + HOUR, .capacity = 12, .signup_until = START - 24 * HOUR,
		.withdraw_until = START - 12 * HOUR, .version = 1,
	};
}

static const struct {
	enum signup_state mine;
	enum activity_state state;
	int64_t before_start;          /* seconds */
	enum rule signing_up, withdrawing;
	const char *why;
} moments[] = {
	/* mine              state                before      sign up                  withdraw */
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED,  48 * HOUR,  RULE_NONE,               RULE_NONE, "days before" },
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED,  24 * HOUR,  RULE_NONE,               RULE_NONE, "the last second" },
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED,  86399,      RULE_SIGNUP_CLOSED,      RULE_NONE, "a second late" },
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED,  1,          RULE_SIGNUP_CLOSED,      RULE_NONE, "at the door" },
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED,  0,          RULE_ACTIVITY_STARTED,   RULE_NONE, "as it begins" },
	{ SIGNUP_NONE,       ACTIVITY_CANCELLED,  48 * HOUR,  RULE_ACTIVITY_CANCELLED, RULE_NONE, "it is off" },
	{ SIGNUP_NONE,       ACTIVITY_CANCELLED,  -HOUR,      RULE_ACTIVITY_CANCELLED, RULE_NONE, "it was off" },
	{ SIGNUP_WITHDRAWN,  ACTIVITY_SCHEDULED,  48 * HOUR,  RULE_NONE,               RULE_NONE, "back again" },
	{ SIGNUP_WITHDRAWN,  ACTIVITY_SCHEDULED,  HOUR,       RULE_SIGNUP_CLOSED,      RULE_NONE, "back again, too late" },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_SCHEDULED,  48 * HOUR,  RULE_NONE,               RULE_NONE, "has a place" },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_SCHEDULED,  12 * HOUR,  RULE_NONE,               RULE_NONE, "gives it up in the last second" },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_SCHEDULED,  43199,      RULE_NONE,               RULE_WITHDRAW_TOO_LATE, "the meal is ordered" },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_SCHEDULED,  -HOUR,      RULE_NONE,               RULE_ACTIVITY_STARTED, "it is over" },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_CANCELLED,  HOUR,       RULE_NONE,               RULE_NONE, "nothing is lost any more" },
	{ SIGNUP_WAITLISTED, ACTIVITY_SCHEDULED,  48 * HOUR,  RULE_NONE,               RULE_NONE, "in line" },
	{ SIGNUP_WAITLISTED, ACTIVITY_SCHEDULED,  1,          RULE_NONE,               RULE_NONE, "who is in line costs nobody anything" },
	{ SIGNUP_WAITLISTED, ACTIVITY_SCHEDULED,  0,          RULE_NONE,               RULE_ACTIVITY_STARTED, "waited in vain" },
	{ SIGNUP_OFFERED,    ACTIVITY_SCHEDULED,  48 * HOUR,  RULE_NONE,               RULE_NONE, "was asked, may say yes and no" },
	{ SIGNUP_OFFERED,    ACTIVITY_SCHEDULED,  HOUR,       RULE_NONE,               RULE_NONE, "was asked after others could sign up" },
	{ SIGNUP_OFFERED,    ACTIVITY_SCHEDULED,  0,          RULE_ACTIVITY_STARTED,   RULE_ACTIVITY_STARTED, "was asked, and it begins" },
	{ SIGNUP_OFFERED,    ACTIVITY_CANCELLED,  48 * HOUR,  RULE_ACTIVITY_CANCELLED, RULE_NONE, "was asked, and it is off" },
	{ SIGNUP_LAPSED,     ACTIVITY_SCHEDULED,  48 * HOUR,  RULE_NONE,               RULE_NONE, "did not answer, comes anew" },
	{ SIGNUP_LAPSED,     ACTIVITY_SCHEDULED,  HOUR,       RULE_SIGNUP_CLOSED,      RULE_NONE, "did not answer, comes too late" },
};

static const struct {
	enum signup_state theirs;
	enum activity_state state;
	int64_t before_start;
	enum rule signing_up, withdrawing;
} at_the_desk[] = {
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED, 1,    RULE_NONE,               RULE_NONE },
	{ SIGNUP_NONE,       ACTIVITY_SCHEDULED, 0,    RULE_ACTIVITY_STARTED,   RULE_NONE },
	{ SIGNUP_NONE,       ACTIVITY_CANCELLED, HOUR, RULE_ACTIVITY_CANCELLED, RULE_NONE },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_SCHEDULED, 1,    RULE_NONE,               RULE_NONE },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_SCHEDULED, 0,    RULE_NONE,               RULE_ACTIVITY_STARTED },
	{ SIGNUP_WAITLISTED, ACTIVITY_SCHEDULED, 0,    RULE_NONE,               RULE_ACTIVITY_STARTED },
	{ SIGNUP_SIGNED_UP,  ACTIVITY_CANCELLED, 0,    RULE_NONE,               RULE_NONE },
};

static void the_desk_may_until_it_begins(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(at_the_desk); i++) {
		struct activity activity = an_activity();
		activity.mine.state = at_the_desk[i].theirs;
		activity.state = at_the_desk[i].state;
		int64_t now = START - at_the_desk[i].before_start;
		ROW_HOLDS(activity_signup_by_staff_rule(&activity, now) == at_the_desk[i].signing_up, "sign up: row %zu", i);
		ROW_HOLDS(activity_withdraw_by_staff_rule(&activity, now) == at_the_desk[i].withdrawing, "withdraw: row %zu", i);
	}
}

#define MINUTE 60

static const struct {
	enum waitlist waitlist;
	int minutes;
	int64_t before_start, lasts;      /* seconds; 0: nobody is asked */
	const char *why;
} offers[] = {
	{ WAITLIST_OFFER,   60,      48 * HOUR,              HOUR,       "days before" },
	{ WAITLIST_OFFER,   24 * 60, 48 * HOUR,              24 * HOUR,  "a day" },
	{ WAITLIST_OFFER,   24 * 60, 27 * HOUR,              24 * HOUR,  "a day that ends just in time" },
	{ WAITLIST_OFFER,   24 * 60, 5 * HOUR,               2 * HOUR,   "three hours before the start it is over" },
	{ WAITLIST_OFFER,   24 * 60, 3 * HOUR + 5 * MINUTE,  5 * MINUTE, "the shortest there is" },
	{ WAITLIST_OFFER,   24 * 60, 3 * HOUR + 299,         0,          "too short to be read" },
	{ WAITLIST_OFFER,   5,       HOUR,                   0,          "too near the start" },
	{ WAITLIST_OFFER,   5,       -HOUR,                  0,          "it has begun" },
	{ WAITLIST_PROMOTE, 60,      48 * HOUR,              0,          "given, not offered" },
};

static void an_offer_lasts_as_long_as_there_is_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(offers); i++) {
		struct activity activity = an_activity();
		activity.waitlist = offers[i].waitlist;
		activity.offer_minutes = offers[i].minutes;
		int64_t now = START - offers[i].before_start, until = activity_offer_until(&activity, now);
		ROW_HOLDS(until == (offers[i].lasts ? now + offers[i].lasts : 0), "%s: %lld", offers[i].why, (long long)(until - now));
	}
}

static const struct {
	enum attendance attendance;
	enum activity_state state;
	int64_t before_start;
	bool closed, reason;
	enum rule rule;
} marks[] = {
	{ ATTENDANCE_PRESENT, ACTIVITY_SCHEDULED, HOUR,     false, false, RULE_NONE },
	{ ATTENDANCE_PRESENT, ACTIVITY_SCHEDULED, HOUR + 1, false, true,  RULE_ATTENDANCE_TOO_EARLY },
	{ ATTENDANCE_ABSENT,  ACTIVITY_SCHEDULED, 1,        false, false, RULE_ATTENDANCE_TOO_EARLY },
	{ ATTENDANCE_ABSENT,  ACTIVITY_SCHEDULED, 0,        false, false, RULE_NONE },
	{ ATTENDANCE_EXCUSED, ACTIVITY_SCHEDULED, 1,        false, false, RULE_ATTENDANCE_TOO_EARLY },
	{ ATTENDANCE_PRESENT, ACTIVITY_SCHEDULED, -HOUR,    true,  false, RULE_ATTENDANCE_CLOSED },
	{ ATTENDANCE_PRESENT, ACTIVITY_SCHEDULED, -HOUR,    true,  true,  RULE_NONE },
	{ ATTENDANCE_PRESENT, ACTIVITY_CANCELLED, -HOUR,    false, true,  RULE_ACTIVITY_CANCELLED },
};

static void attendance_is_taken_when_people_come(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		struct activity activity = an_activity();
		activity.state = marks[i].state;
		activity.attendance_closed_at = marks[i].closed ? START : 0;
		enum rule rule = activity_attendance_rule(&activity, marks[i].attendance, marks[i].reason, START - marks[i].before_start);
		ROW_HOLDS(rule == marks[i].rule, "row %zu: %s", i, rule_wire_name(rule));
	}
}

static void a_place_is_taken_by_who_may_come(void **state)
{
	(void)state;
	static const bool signed_up[ATTENDANCES] = { true, true, false, false };
	for (int attendance = 0; attendance < ATTENDANCES; attendance++)
		ROW_HOLDS(signup_takes_place(SIGNUP_SIGNED_UP, (enum attendance)attendance) == signed_up[attendance], "%s",
		          attendance_wire_name((enum attendance)attendance));
	for (int signup = 0; signup < SIGNUP_STATES; signup++) {
		enum signup_state one = (enum signup_state)signup;
		bool taken = one == SIGNUP_SIGNED_UP || one == SIGNUP_OFFERED;
		ROW_HOLDS(signup_takes_place(one, ATTENDANCE_NOT_TAKEN) == taken, "%s", signup_state_wire_name(one));
		ROW_HOLDS(signup_is_held(one) == (taken || one == SIGNUP_WAITLISTED), "%s", signup_state_wire_name(one));
	}
}

static void conditions_are_agreed_to_as_they_are_now(void **state)
{
	(void)state;
	struct activity activity = an_activity();
	assert_int_equal(activity_conditions_rule(&activity, 0), RULE_NONE);
	assert_int_equal(activity_conditions_rule(&activity, 7), RULE_NONE);
	activity.conditions = "Chaussures fermées.";
	activity.conditions_version = 2;
	static const enum rule rules[] = { RULE_CONDITIONS_NOT_ACCEPTED, RULE_CONDITIONS_NOT_ACCEPTED, RULE_NONE, RULE_CONDITIONS_NOT_ACCEPTED };
	for (int accepted = 0; accepted < 4; accepted++)
		ROW_HOLDS(activity_conditions_rule(&activity, accepted) == rules[accepted], "%d", accepted);
}

static void a_link_is_told_half_an_hour_before(void **state)
{
	(void)state;
	const struct activity activity = an_activity();
	assert_false(activity_link_is_released(&activity, START - 30 * MINUTE - 1));
	assert_true(activity_link_is_released(&activity, START - 30 * MINUTE));
	assert_true(activity_link_is_released(&activity, START + HOUR));
}

static void an_offer_says_until_when(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct zones *zones = zones_new();
	const struct zone *zone = zones_find(zones, "Europe/Brussels", NULL);
	const struct signup asked = { .state = SIGNUP_OFFERED, .until = START };
	assert_string_equal(signup_offer_words(arena, NULL, &asked), "place offered");
	const char *words = signup_offer_words(arena, zone, &asked);
	assert_non_null(strstr(words, "place offered until "));
	assert_non_null(strstr(words, "25"));
	zones_free(zones);
	arena_free(arena);
}

static void deadlines_are_kept_to_the_second(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(moments); i++) {
		struct activity activity = an_activity();
		activity.mine.state = moments[i].mine;
		activity.state = moments[i].state;
		int64_t now = START - moments[i].before_start;
		ROW_HOLDS(activity_signup_rule(&activity, now) == moments[i].signing_up, "sign up: %s", moments[i].why);
		ROW_HOLDS(activity_withdraw_rule(&activity, now) == moments[i].withdrawing, "withdraw: %s", moments[i].why);
	}
}

static const struct {
	int capacity, taken, waiting;
	enum activity_state state;
	int left;
	const char *words;
} places[] = {
	{ 12, 0, 0, ACTIVITY_SCHEDULED, 12, "12 places left" },
	{ 12, 11, 0, ACTIVITY_SCHEDULED, 1, "1 place left" },
	{ 12, 12, 0, ACTIVITY_SCHEDULED, 0, "full" },
	{ 12, 12, 1, ACTIVITY_SCHEDULED, 0, "full, 1 person waiting" },
	{ 12, 12, 7, ACTIVITY_SCHEDULED, 0, "full, 7 people waiting" },
	{ 12, 13, 0, ACTIVITY_SCHEDULED, 0, "full" },
	{ 12, 3, 0, ACTIVITY_CANCELLED, 9, "cancelled" },
};

static void places_are_counted_and_said(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		struct activity activity = an_activity();
		activity.capacity = places[i].capacity;
		activity.taken = places[i].taken;
		activity.waiting = places[i].waiting;
		activity.state = places[i].state;
		ROW_HOLDS(activity_places_left(&activity) == places[i].left, "%s", places[i].words);
		const char *words = activity_places_words(arena, &activity);
		ROW_HOLDS(strcmp(words, places[i].words) == 0, "%s: %s", places[i].words, words);
	}
	arena_free(arena);
}

static const struct {
	const char *words;
	bool fits;
} searches[] = {
	{ "", true }, { "ia", true }, { "generative", true }, { "GÉNÉ", true }, { "lunch", true }, { "talk chimay", true },
	{ "sandwich moulin", true }, { "bep", true }, { "ferme ia lun", true }, { "atelier", false }, { "ia couvin", false },
	{ "erative", false },
};

static void an_activity_is_found_by_words(void **state)
{
	(void)state;
	struct activity activity = an_activity();
	for (size_t i = 0; i < COUNT_OF(searches); i++)
		ROW_HOLDS(activity_fits(&activity, searches[i].words) == searches[i].fits, "\"%s\"", searches[i].words);
}

static void customs_make_an_activity_that_is_possible(void **state)
{
	(void)state;
	for (int i = 0; i < ACTIVITY_FORMATS; i++) {
		struct activity_custom custom = activity_custom_of((enum activity_format)i);
		struct activity activity = an_activity();
		activity.format = (enum activity_format)i;
		activity.end_at = START + custom.minutes * 60;
		activity.capacity = custom.capacity;
		activity.signup_until = START - custom.signup_minutes * 60;
		activity.withdraw_until = START - custom.withdraw_minutes * 60;
		struct problem why = { 0 };
		ROW_HOLDS(activity_check(&activity, &why), "%s: %s", activity_format_wire_name(activity.format), why.text);
		ROW_HOLDS(custom.online == (i == ACTIVITY_WEBINAR), "%s", activity_format_wire_name(activity.format));
	}
}

static void no_title(struct activity *activity) { activity->title = ""; }
static void nowhere(struct activity *activity) { activity->place = ""; }
static void speechless(struct activity *activity) { activity->languages = 0; }
static void backwards(struct activity *activity) { activity->end_at = START; }
static void for_nobody(struct activity *activity) { activity->capacity = 0; }
static void for_all(struct activity *activity) { activity->capacity = ACTIVITY_CAPACITY_MAX + 1; }
static void late_comers(struct activity *activity) { activity->signup_until = START + 1; }
static void late_leavers(struct activity *activity) { activity->withdraw_until = START + 1; }

static void what_is_impossible_is_named(void **state)
{
	(void)state;
	static const struct {
		void (*spoil)(struct activity *activity);
		const char *field;
	} rows[] = {
		{ no_title, "title" }, { nowhere, "place" }, { speechless, "languages" }, { backwards, "end" }, { for_nobody, "capacity" },
		{ for_all, "capacity" }, { late_comers, "signup_until" }, { late_leavers, "withdraw_until" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct activity activity = an_activity();
		struct problem why = { 0 };
		assert_true(activity_check(&activity, &why));
		rows[i].spoil(&activity);
		ROW_HOLDS(!activity_check(&activity, &why) && strcmp(why.field, rows[i].field) == 0, "%s: %s", rows[i].field, why.field);
	}
	struct activity online = an_activity();
	online.place = "";
	online.online = true;
	assert_true(activity_check(&online, NULL));
}

static void languages_are_a_set(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	unsigned all = 0;
	for (int i = 0; i < LANGUAGES; i++) {
		enum language language = (enum language)(1 << i);
		ROW_HOLDS(language_from_wire(language_wire_name(language)) == (unsigned)language, "bit %d", i);
		ROW_HOLDS(strlen(language_wire_name(language)) == 2 && language_words(language)[0], "bit %d", i);
		all |= language_from_wire(language_wire_name(language));
	}
	assert_int_equal(all, (1u << LANGUAGES) - 1);
	assert_int_equal(language_from_wire("FR"), 0);
	assert_int_equal(language_from_wire(""), 0);
	assert_int_equal(language_from_wire(NULL), 0);
	assert_string_equal(languages_words(arena, 0), "");
	assert_string_equal(languages_words(arena, LANGUAGE_ENGLISH | LANGUAGE_DUTCH), "Dutch, English");
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_desk_may_until_it_begins),
		cmocka_unit_test(an_offer_lasts_as_long_as_there_is_time),
		cmocka_unit_test(attendance_is_taken_when_people_come),
		cmocka_unit_test(a_place_is_taken_by_who_may_come),
		cmocka_unit_test(conditions_are_agreed_to_as_they_are_now),
		cmocka_unit_test(a_link_is_told_half_an_hour_before),
		cmocka_unit_test(an_offer_says_until_when),
		cmocka_unit_test(deadlines_are_kept_to_the_second),
		cmocka_unit_test(places_are_counted_and_said),
		cmocka_unit_test(an_activity_is_found_by_words),
		cmocka_unit_test(customs_make_an_activity_that_is_possible),
		cmocka_unit_test(what_is_impossible_is_named),
		cmocka_unit_test(languages_are_a_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
