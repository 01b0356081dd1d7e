/* C38: whose turn it is at a terminal that many share, as a table of what happens when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hacktiv/base.h"
#include "kiosk.h"

#define START INT64_C(86400000)   /* of a clock that has run for a day */

enum event { KEY, TIME, LOCK };
/* A story is rows up to the next that begins at 0 ms; `yes`: the key does what it says, or time changed the state. */
static const struct {
	const char *why;
	int idle_s;
	int64_t at_ms;
	enum event event;
	bool yes;
	enum kiosk_state after;
	int wait_ms;
} cases[] = {
	{ "nobody's screen does not wait for anything", 60, 0, TIME, false, KIOSK_LOCKED, -1 },
	{ "a night later neither", 60, 30000000, TIME, false, KIOSK_LOCKED, -1 },
	{ "the first key only begins", 60, 30000001, KEY, false, KIOSK_TURN, 50000 },
	{ "the second does what it says", 60, 30000100, KEY, true, KIOSK_TURN, 50000 },
	{ "a little before the warning", 60, 30050099, TIME, false, KIOSK_TURN, 1 },
	{ "the warning", 60, 30050100, TIME, true, KIOSK_WARNED, 10000 },
	{ "which is said once", 60, 30055000, TIME, false, KIOSK_WARNED, 5100 },
	{ "a key keeps the turn, and does nothing else", 60, 30060099, KEY, false, KIOSK_TURN, 50000 },
	{ "and the next does", 60, 30060100, KEY, true, KIOSK_TURN, 50000 },
	{ "60 s after the last key, not the first", 60, 30120099, TIME, true, KIOSK_WARNED, 1 },
	{ "that is the end", 60, 30120100, TIME, true, KIOSK_LOCKED, -1 },

	{ "a machine that slept over the warning and the end", 60, 0, KEY, false, KIOSK_TURN, 50000 },
	{ "locks at once", 60, 700000, TIME, true, KIOSK_LOCKED, -1 },
	{ "and the key that woke it is nobody's", 60, 700001, KEY, false, KIOSK_LOCKED, -1 },

	{ "who is done", 60, 0, KEY, false, KIOSK_TURN, 50000 },
	{ "says so", 60, 1000, LOCK, true, KIOSK_LOCKED, -1 },
	{ "and q held down does not begin anew", 60, 1499, KEY, false, KIOSK_LOCKED, -1 },
	{ "but the next person does", 60, 1500, KEY, false, KIOSK_TURN, 50000 },

	{ "the least that can be set", 5, 0, KEY, false, KIOSK_TURN, 2500 },
	{ "warns half-way", 5, 2500, TIME, true, KIOSK_WARNED, 2500 },
	{ "and ends", 5, 5000, TIME, true, KIOSK_LOCKED, -1 },

	{ "the most", 3600, 0, KEY, false, KIOSK_TURN, 3590000 },
	{ "is an hour", 3600, 3599999, TIME, true, KIOSK_WARNED, 1 },
	{ "is an hour", 3600, 3600000, TIME, true, KIOSK_LOCKED, -1 },
};

static bool happens(struct kiosk *kiosk, enum event event, int64_t now_ms)
{
	switch (event) {
	case KEY:
		return kiosk_key(kiosk, now_ms);
	case TIME:
		return kiosk_time(kiosk, now_ms);
	case LOCK:
		kiosk_lock(kiosk, now_ms);
		return true;
	}
	return false;
}

static void turns(void **state)
{
	(void)state;
	struct kiosk kiosk = { .state = KIOSK_NONE };
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (cases[i].at_ms == 0)
			kiosk_init(&kiosk, cases[i].idle_s);
		int64_t now_ms = START + cases[i].at_ms;
		bool yes = happens(&kiosk, cases[i].event, now_ms);
		if (yes != cases[i].yes || kiosk.state != cases[i].after || kiosk_wait_ms(&kiosk, now_ms) != cases[i].wait_ms)
			fail_msg("row %zu: %s: %d, state %d, waits %d ms", i + 1, cases[i].why, yes, kiosk.state, kiosk_wait_ms(&kiosk, now_ms));
	}
}

static void one_persons(void **state)
{
	(void)state;
	struct kiosk kiosk = { .state = KIOSK_NONE };
	assert_true(kiosk_key(&kiosk, START));
	assert_false(kiosk_time(&kiosk, START + 86400000));
	assert_int_equal(kiosk.state, KIOSK_NONE);
	assert_int_equal(kiosk_wait_ms(&kiosk, START), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "C38 a turn begins with a key and ends with time", turns, NULL, NULL, NULL },
		{ "one person's terminal never locks", one_persons, NULL, NULL, NULL },
	};
	return cmocka_run_group_tests_name("kiosk", tests, NULL, NULL);
}
