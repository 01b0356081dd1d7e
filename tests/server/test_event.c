/* test_event.c — ids of events say where one stands, and nothing else passes for one; and who hears what of a change. */
#include "table.h"

#include <string.h>

#include "event.h"
#include "event_id.h"

static const char epoch[EPOCH_SIZE] = "k3x7q2ab";

/* ---- ids -------------------------------------------------------------------------------------------------------------- */

static void what_was_written_is_read(void **state)
{
	(void)state;
	static const int64_t numbers[] = { 0, 1, 9, 10, 8841, INT64_MAX };
	for (size_t count = 0; count <= COUNT_OF(numbers); count++) {
		struct event_place places[COUNT_OF(numbers)], got[EVENT_SPACES_MAX] = { 0 };
		for (size_t i = 0; i < count; i++) {
			char space[16];
			snprintf(space, sizeof space, "space %zu", i);
			event_space_key(space, places[i].key);
			places[i].seq = numbers[i];
		}
		char id[EVENT_ID_SIZE], got_epoch[EPOCH_SIZE];
		size_t length = event_id_write(id, epoch, places, count), got_count = 0;
		assert_int_equal(length, strlen(id));
		ROW_HOLDS(event_id_read(id, got_epoch, got, &got_count), "row %zu: %s", count, id);
		assert_string_equal(got_epoch, epoch);
		assert_int_equal(got_count, count);
		for (size_t i = 0; i < count; i++)
			ROW_HOLDS(strcmp(got[i].key, places[i].key) == 0 && got[i].seq == places[i].seq, "row %zu: %s", count, id);
	}
}

static void the_longest_fits_its_room(void **state)
{
	(void)state;
	static struct event_place places[EVENT_SPACES_MAX], got[EVENT_SPACES_MAX];
	for (size_t i = 0; i < EVENT_SPACES_MAX; i++) {
		char space[16];
		snprintf(space, sizeof space, "space %zu", i);
		event_space_key(space, places[i].key);
		places[i].seq = INT64_MAX;
	}
	static char id[EVENT_ID_SIZE + 16];
	char got_epoch[EPOCH_SIZE];
	size_t count = 0, length = event_id_write(id, epoch, places, EVENT_SPACES_MAX);
	assert_true(length < EVENT_ID_SIZE);
	assert_true(event_id_read(id, got_epoch, got, &count));
	assert_int_equal(count, EVENT_SPACES_MAX);
	memcpy(id + length, ",AAAAAAAA:1", sizeof ",AAAAAAAA:1");
	assert_false(event_id_read(id, got_epoch, got, &count));
}

static void a_key_is_of_its_space_alone(void **state)
{
	(void)state;
	char one[SPACE_KEY_SIZE], again[SPACE_KEY_SIZE], other[SPACE_KEY_SIZE];
	event_space_key("0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", one);
	event_space_key("0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", again);
	event_space_key("0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e22", other);
	assert_string_equal(one, again);
	assert_string_not_equal(one, other);
	assert_int_equal(strlen(one), SPACE_KEY_SIZE - 1);
}

static void nonsense_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"", ".", "k3x7q2ab", "k3x7q2a.", "k3x7q2abc.", "K3X7Q2AB.", "k3x7q1ab.", "k3x7q2ab.,", "k3x7q2ab.AAAAAAAA", "k3x7q2ab.AAAAAAAA:",
		"k3x7q2ab.AAAAAAAA:1,", "k3x7q2ab.,AAAAAAAA:1", "k3x7q2ab.AAAAAAAA:01", "k3x7q2ab.AAAAAAAA:00", "k3x7q2ab.AAAAAAAA:-1",
		"k3x7q2ab.AAAAAAAA:+1", "k3x7q2ab.AAAAAAAA:1 ", " k3x7q2ab.AAAAAAAA:1", "k3x7q2ab.AAAAAAA:1", "k3x7q2ab.AAAAAAAAA:1",
		"k3x7q2ab.AAAA+AAA:1", "k3x7q2ab.AAAAAAAA:9223372036854775808", "k3x7q2ab.AAAAAAAA:99999999999999999999",
		"k3x7q2ab.AAAAAAAA:1,AAAAAAAA:2", "k3x7q2ab.AAAAAAAA:1;BBBBBBBB:2", "k3x7q2ab:AAAAAAAA:1", "8841", "*",
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		char got_epoch[EPOCH_SIZE];
		struct event_place got[EVENT_SPACES_MAX];
		size_t count;
		ROW_HOLDS(!event_id_read(texts[i], got_epoch, got, &count), "row %zu: %s", i, texts[i]);
	}
}

/* ---- who hears what ----------------------------------------------------------------------------------------------------- */

#define NOTHING NULL

static const struct {
	const char *kind;
	const char *resource_id;
	bool feed, bookings, own;
	const char *told_kind;      /* NOTHING: it goes by */
	const char *told_ref;
	int64_t told_version;
	const char *why;
} told[] = {
	{ "booking.created", "desk", true, true, false, "booking.created", "thing", 3, "the desk sees all bookings" },
	{ "booking.created", "desk", true, false, true, "booking.created", "thing", 3, "one's own" },
	{ "booking.created", "desk", true, false, false, "availability.changed", "desk", 8842, "another's is only a place that is taken" },
	{ "booking.moved", "desk", true, false, false, "availability.changed", "desk", 8842, "whatever happens to it" },
	{ "booking.cancelled", "", true, false, false, NOTHING, "", 0, "of what is no longer known there is nothing to say" },
	{ "booking.created", "desk", false, true, true, NOTHING, "", 0, "who hears no feed hears nothing" },
	{ "activity.changed", "", true, false, false, "activity.changed", "thing", 3, "activities are everybody's" },
	{ "signup.promoted", "", true, false, false, "signup.promoted", "thing", 3, "names nobody" },
	{ "space.changed", "", true, false, false, "space.changed", "thing", 3, "" },
	{ "space.changed", "", false, false, false, NOTHING, "", 0, "" },
	{ "availability.changed", "desk", true, false, false, "availability.changed", "thing", 8842, "what a moved booking left" },
	{ "directory.changed", "", true, false, false, "directory.changed", "thing", 3, "that somebody shows another card, not who" },
	{ "bookings.created", "desk", true, false, false, NOTHING, "", 0, "a kind that nobody thought of is not told to members" },
	{ "secret", "", true, false, true, NOTHING, "", 0, "nor one without a dot" },
	{ "secret.kept", "", true, true, false, "secret.kept", "thing", 3, "the desk hears of it" },
};

static void who_hears_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(told); i++) {
		struct change change = { 8842, 0, told[i].kind, "thing", 3, told[i].resource_id, "somebody", "2026-11-25" };
		struct event_view view = { told[i].feed, told[i].bookings };
		struct event event;
		bool heard = event_of(&change, &view, told[i].own, &event);
		ROW_HOLDS(heard == (told[i].told_kind != NOTHING), "row %zu: %s", i, told[i].why);
		if (heard)
			ROW_HOLDS(strcmp(event.kind, told[i].told_kind) == 0 && strcmp(event.ref, told[i].told_ref) == 0 &&
			          event.version == told[i].told_version, "row %zu: %s: %s %s", i, told[i].why, event.kind, event.ref);
	}
}

static void types_are_words_with_commas(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned types;      /* 0: refused */
	} rows[] = {
		{ "booking", EVENT_BOOKING }, { "booking,space", EVENT_BOOKING | EVENT_SPACE }, { "signup,signup", EVENT_SIGNUP },
		{ "booking,availability,activity,signup,space,directory", EVENT_ALL & ~(unsigned)EVENT_OTHER },
		{ "", 0 }, { ",", 0 }, { "booking,", 0 }, { ",booking", 0 }, { "Booking", 0 }, { "bookings", 0 }, { "book", 0 }, { "booking, space", 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		unsigned types = 0;
		bool read = event_types_read(rows[i].text, &types);
		ROW_HOLDS(read == (rows[i].types != 0) && (!read || types == rows[i].types), "row %zu: \"%s\"", i, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(the_longest_fits_its_room),
		cmocka_unit_test(a_key_is_of_its_space_alone),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(who_hears_what),
		cmocka_unit_test(types_are_words_with_commas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
