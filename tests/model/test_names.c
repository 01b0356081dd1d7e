/* test_names.c — every value of every enum has one name on the wire and words for people. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const char *const strangers[] = { "nonsense", "AM", "Desk", "desk ", " desk", "dés", "free\n", "\x1b[1m" };

/* Names are unique, round-trip, words are there; strangers and NULL are refused and change nothing. */
#define CHECK_ENUM(prefix, type, count, words_needed_from)                                                               \
	static void prefix##_round_trips(void **state)                                                                   \
	{                                                                                                                \
		(void)state;                                                                                             \
		for (int value = 0; value < (count); value++) {                                                          \
			const char *name = prefix##_wire_name((type)value);                                              \
			type back = (type)((value + 1) % (count));                                                       \
			ROW_HOLDS(name && prefix##_from_wire(name, &back) && (int)back == value, "%d %s", value, name);  \
			for (const char *at = name; *at; at++)                                                           \
				ROW_HOLDS((*at >= 'a' && *at <= 'z') || *at == '_', "%s is not lower snake case", name); \
		}                                                                                                        \
		for (size_t i = 0; i < COUNT_OF(strangers); i++) {                                                       \
			type kept = (type)1;                                                                             \
			ROW_HOLDS(!prefix##_from_wire(strangers[i], &kept) && kept == (type)1, "%s", strangers[i]);      \
		}                                                                                                        \
		assert_false(prefix##_from_wire(NULL, &(type){ (type)1 }));                                              \
		words_needed_from                                                                                        \
	}
#define WORDS(prefix, type, count)                                                           \
	for (int value = 0; value < (count); value++)                                        \
		ROW_HOLDS(prefix##_words((type)value)[0], "value %d has no words", value);

CHECK_ENUM(day_part, enum day_part, DAY_PARTS, WORDS(day_part, enum day_part, DAY_PARTS))
CHECK_ENUM(booking_state, enum booking_state, 3, WORDS(booking_state, enum booking_state, 3))
CHECK_ENUM(resource_kind, enum resource_kind, RESOURCE_KINDS, WORDS(resource_kind, enum resource_kind, RESOURCE_KINDS))
CHECK_ENUM(resource_state, enum resource_state, 4, WORDS(resource_state, enum resource_state, 4))
CHECK_ENUM(slot_state, enum slot_state, 6, WORDS(slot_state, enum slot_state, 6))
CHECK_ENUM(outcome, enum outcome_kind, OUTCOMES, )
CHECK_ENUM(activity_format, enum activity_format, ACTIVITY_FORMATS, WORDS(activity_format, enum activity_format, ACTIVITY_FORMATS))
CHECK_ENUM(activity_state, enum activity_state, ACTIVITY_STATES, WORDS(activity_state, enum activity_state, ACTIVITY_STATES))
CHECK_ENUM(signup_state, enum signup_state, SIGNUP_STATES, )
CHECK_ENUM(visibility, enum visibility, VISIBILITIES, WORDS(visibility, enum visibility, VISIBILITIES))
CHECK_ENUM(card_field, enum card_field, CARD_FIELDS, WORDS(card_field, enum card_field, CARD_FIELDS))
CHECK_ENUM(organisation_kind, enum organisation_kind, ORGANISATION_KINDS, )
CHECK_ENUM(registration, enum registration, REGISTRATIONS, )
CHECK_ENUM(closed_why, enum closed_why, 4, )

/* What other programs already write and read: changing one of these is changing the interface. */
static void the_wire_keeps_its_words(void **state)
{
	(void)state;
	static const char *const parts[] = { "am", "pm", "day", "hours" };
	static const char *const kinds[] = { "desk", "office", "meeting_room", "training_room", "phone_booth", "studio", "workshop",
		"lounge", "machine" };
	static const char *const states[] = { "bookable", "planned", "out_of_order", "not_bookable" };
	static const char *const slots[] = { "free", "taken", "mine", "past", "closed", "not_bookable" };
	static const char *const rules[] = { "", "space-closed", "outside-hours", "resource-not-bookable", "not-by-the-hour", "not-by-half-day",
		"not-by-day", "not-whole-hours", "off-step", "too-short", "too-long", "over-capacity", "booking-started", "too-far-ahead",
		"slot-taken", "already-mine", "quota-exceeded-hours", "quota-exceeded-bookings", "cancel-too-late", "nonexistent-local-time",
		"ambiguous-local-time", "inconsistent-offset", "activity-cancelled", "activity-started",
		"signup-closed", "withdraw-too-late", "not-pending", "no-presence", "not-confirmed",
		"check-in-early", "booking-over", "not-checked-in", "conditions-not-accepted",
		"activity-full", "capacity-below-taken", "attendance-too-early", "attendance-closed", "stale-version", "validation" };
	static const char *const formats[] = { "visit", "fablab_visit", "co_walking", "lunch_talk", "workshop", "webinar", "meetup",
		"ceremony", "other" };
	static const char *const signups[] = { "none", "signed_up", "waitlisted", "withdrawn", "offered", "lapsed" };
	static const char *const attendances[] = { "", "present", "absent", "excused" };
	static const char *const levels[] = { "nobody", "staff", "space", "network", "public" };
	for (size_t i = 0; i < COUNT_OF(formats); i++)
		assert_string_equal(activity_format_wire_name((enum activity_format)i), formats[i]);
	for (size_t i = 0; i < COUNT_OF(signups); i++)
		assert_string_equal(signup_state_wire_name((enum signup_state)i), signups[i]);
	for (size_t i = 0; i < COUNT_OF(attendances); i++)
		assert_string_equal(attendance_wire_name((enum attendance)i), attendances[i]);
	for (size_t i = 0; i < COUNT_OF(levels); i++)
		assert_string_equal(visibility_wire_name((enum visibility)i), levels[i]);
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		assert_string_equal(day_part_wire_name((enum day_part)i), parts[i]);
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		assert_string_equal(resource_kind_wire_name((enum resource_kind)i), kinds[i]);
	for (size_t i = 0; i < COUNT_OF(states); i++)
		assert_string_equal(resource_state_wire_name((enum resource_state)i), states[i]);
	for (size_t i = 0; i < COUNT_OF(slots); i++)
		assert_string_equal(slot_state_wire_name((enum slot_state)i), slots[i]);
	for (size_t i = 0; i < COUNT_OF(rules); i++)
		assert_string_equal(rule_wire_name((enum rule)i), rules[i]);
}

static void rules_round_trip(void **state)
{
	(void)state;
	for (int rule = 0; rule < RULES; rule++) {
		ROW_HOLDS(rule_from_wire(rule_wire_name((enum rule)rule)) == (enum rule)rule, "%s", rule_wire_name((enum rule)rule));
		ROW_HOLDS((rule_words((enum rule)rule)[0] == '\0') == (rule == RULE_NONE), "%s", rule_wire_name((enum rule)rule));
	}
	assert_int_equal(rule_from_wire("a-rule-of-tomorrow"), RULE_OTHER);
	assert_int_equal(rule_from_wire(NULL), RULE_OTHER);
}

static void holidays_round_trip(void **state)
{
	(void)state;
	for (int holiday = HOLIDAY_NONE; holiday <= HOLIDAY_CHRISTMAS; holiday++) {
		ROW_HOLDS(holiday_from_wire(holiday_wire_name((enum holiday)holiday)) == (enum holiday)holiday, "%d", holiday);
		ROW_HOLDS((holiday_words((enum holiday)holiday)[0] == '\0') == (holiday == HOLIDAY_NONE), "%d", holiday);
	}
	assert_string_equal(holiday_wire_name(HOLIDAY_BELGIAN_NATIONAL_DAY), "belgian_national_day");
	assert_int_equal(holiday_from_wire("carnival"), HOLIDAY_NONE);
	assert_int_equal(holiday_from_wire(NULL), HOLIDAY_NONE);
}

static void countries_round_trip(void **state)
{
	(void)state;
	for (int country = COUNTRY_UNKNOWN; country <= COUNTRY_LUXEMBOURG; country++) {
		assert_int_equal(country_from_code(country_code((enum country)country)), country);
		assert_int_equal(country_words((enum country)country)[0] == '\0', country == COUNTRY_UNKNOWN);
	}
	static const char *const others[] = { "", "be", "NL", "BEL", "FRA", "B" };
	for (size_t i = 0; i < COUNT_OF(others); i++)
		ROW_HOLDS(country_from_code(others[i]) == COUNTRY_UNKNOWN, "%s", others[i]);
	assert_int_equal(country_from_code(NULL), COUNTRY_UNKNOWN);
}

static void amenities_round_trip(void **state)
{
	(void)state;
	unsigned all = 0;
	for (int i = 0; i < AMENITIES; i++) {
		enum amenity amenity = (enum amenity)(1 << i);
		ROW_HOLDS(amenity_from_wire(amenity_wire_name(amenity)) == (unsigned)amenity, "bit %d", i);
		ROW_HOLDS(amenity_words(amenity)[0], "bit %d", i);
		all |= amenity_from_wire(amenity_wire_name(amenity));
	}
	assert_int_equal(all, (1u << AMENITIES) - 1);
	assert_int_equal(amenity_from_wire("jacuzzi"), 0);
	assert_int_equal(amenity_from_wire(""), 0);
	assert_int_equal(amenity_from_wire(NULL), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(day_part_round_trips),
		cmocka_unit_test(booking_state_round_trips),
		cmocka_unit_test(resource_kind_round_trips),
		cmocka_unit_test(resource_state_round_trips),
		cmocka_unit_test(slot_state_round_trips),
		cmocka_unit_test(outcome_round_trips),
		cmocka_unit_test(activity_format_round_trips),
		cmocka_unit_test(activity_state_round_trips),
		cmocka_unit_test(signup_state_round_trips),
		cmocka_unit_test(visibility_round_trips),
		cmocka_unit_test(card_field_round_trips),
		cmocka_unit_test(organisation_kind_round_trips),
		cmocka_unit_test(registration_round_trips),
		cmocka_unit_test(closed_why_round_trips),
		cmocka_unit_test(the_wire_keeps_its_words),
		cmocka_unit_test(rules_round_trip),
		cmocka_unit_test(holidays_round_trip),
		cmocka_unit_test(countries_round_trip),
		cmocka_unit_test(amenities_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
