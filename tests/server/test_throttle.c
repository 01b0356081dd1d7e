/* test_throttle.c — five wrong passwords in a quarter of an hour, then one waits; the right one takes the count away. */
#include "table.h"

#include <stdio.h>

#include "throttle.h"

#define MINUTE (60 * 1000)

/* One after the other, on one throttle. */
static const struct {
	const char *login;
	int64_t at_ms;
	int wait_s;
	const char *why;
} tries[] = {
	{ "camille", 0, 0, "first" },
	{ "camille", 1000, 0, "second" },
	{ "camille", 2000, 0, "third" },
	{ "camille", 3000, 0, "fourth" },
	{ "camille", 4000, 0, "fifth" },
	{ "camille", 5000, 15 * 60 - 5, "sixth: until a quarter of an hour after the first" },
	{ "Camille", 5000, 0, "another login" },
	{ "", 5000, 0, "even an empty one" },
	{ "camille", 5001, 15 * 60 - 5, "seconds are rounded up: never told to come too early" },
	{ "camille", 15 * MINUTE - 1, 1, "the last millisecond" },
	{ "camille", 15 * MINUTE, 0, "over" },
	{ "camille", 15 * MINUTE + 1, 0, "and counted anew" },
};

static void tries_are_counted(void **state)
{
	(void)state;
	struct throttle *throttle = throttle_new();
	for (size_t i = 0; i < COUNT_OF(tries); i++) {
		int wait_s = throttle_try(throttle, tries[i].login, tries[i].at_ms);
		ROW_HOLDS(wait_s == tries[i].wait_s, "row %zu %s: %d", i, tries[i].why, wait_s);
	}
	throttle_free(throttle);
	throttle_free(NULL);
}

static void the_right_password_takes_the_count_away(void **state)
{
	(void)state;
	struct throttle *throttle = throttle_new();
	for (int i = 0; i < THROTTLE_TRIES; i++)
		assert_int_equal(throttle_try(throttle, "camille", 0), 0);
	throttle_right(throttle, "somebody");
	assert_int_not_equal(throttle_try(throttle, "camille", 0), 0);
	throttle_right(throttle, "camille");
	for (int i = 0; i < THROTTLE_TRIES; i++)
		assert_int_equal(throttle_try(throttle, "camille", 0), 0);
	assert_int_not_equal(throttle_try(throttle, "camille", 0), 0);
	throttle_free(throttle);
}

/* More logins than are remembered: the oldest gives way, the newest keep their count. */
static void a_flood_of_logins_does_not_free_the_newest(void **state)
{
	(void)state;
	struct throttle *throttle = throttle_new();
	char login[32];
	for (int i = 0; i < THROTTLE_LOGINS; i++) {
		snprintf(login, sizeof login, "flood %d", i);
		assert_int_equal(throttle_try(throttle, login, i), 0);
	}
	for (int i = 0; i < THROTTLE_TRIES; i++)
		assert_int_equal(throttle_try(throttle, "camille", THROTTLE_LOGINS), 0);
	assert_int_not_equal(throttle_try(throttle, "camille", THROTTLE_LOGINS), 0);
	for (int i = 0; i < 10; i++) {
		snprintf(login, sizeof login, "more %d", i);
		assert_int_equal(throttle_try(throttle, login, THROTTLE_LOGINS + 1), 0);
	}
	assert_int_not_equal(throttle_try(throttle, "camille", THROTTLE_LOGINS + 1), 0);
	throttle_free(throttle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tries_are_counted),
		cmocka_unit_test(the_right_password_takes_the_count_away),
		cmocka_unit_test(a_flood_of_logins_does_not_free_the_newest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
