/* Pauses between tries: they double, they scatter, they end, and what a server asked for is respected. */
#include "hacktiv/http.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define RANDOM_MOST 65535u
#define NEVER (-1)

static const struct { int attempt, retry_after_s; unsigned random; int64_t elapsed_ms; int least, most; const char *what; } cases[] = {
	{ 1, -1, 0, 0, 0, 250, "the first try again comes soon" },
	{ 1, -1, RANDOM_MOST, 0, 240, 400, "but within its window" },
	{ 2, -1, RANDOM_MOST, 0, 490, 650, "which doubles" },
	{ 5, -1, RANDOM_MOST, 0, 3990, 4150, "and doubles" },
	{ 9, -1, RANDOM_MOST, 0, 59990, 60000, "up to a minute" },
	{ 1000000, -1, RANDOM_MOST, 0, 59990, 60000, "and no further, however many" },
	{ 9, -1, 0, 0, 0, 250, "full jitter: it may also be short" },
	{ 1, 7, 0, 0, 7000, 8000, "Retry-After: 7 means at least that" },
	{ 1, 7, RANDOM_MOST, 0, 7000, 8000, "and a little scatter" },
	{ 1, 0, 0, 0, 0, 250, "Retry-After: 0 asks for nothing" },
	{ 9, 2, RANDOM_MOST, 0, 2000, 63000, "our own pause may be longer" },
	{ 1, 600, 0, 0, 600000, 600000, "ten minutes when asked" },
	{ 1, 600, RANDOM_MOST, 0, 625000, 630000, "scattered over the longer, the longer it is" },
	{ 1, 3600, RANDOM_MOST, 0, 3625000, 3630000, "but not for ever" },
	{ 1, INT_MAX, RANDOM_MOST, 0, 24 * 3600 * 1000, INT_MAX, "no overflow" },
	{ 1, -1, 0, 599999, 0, 250, "still trying" },
	{ 1, -1, 0, 600000, NEVER, NEVER, "ten minutes after the first send: no more" },
	{ 1, 7, 0, INT64_MAX, NEVER, NEVER, "nor when asked to wait" },
};

static void test_pauses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int pause = retry_pause_ms(cases[i].attempt, cases[i].retry_after_s, cases[i].random, cases[i].elapsed_ms);
		if (pause < cases[i].least || pause > cases[i].most)
			fail_msg("%s: %d ms", cases[i].what, pause);
	}
}

/* Fifty clients told the same do not come back in the same tenth of a second. */
static void test_scatter(void **state)
{
	(void)state;
	int least = INT_MAX, most = 0;
	for (unsigned random = 0; random <= RANDOM_MOST; random += 1311) {
		int pause = retry_pause_ms(1, 7, random, 0);
		least = pause < least ? pause : least;
		most = pause > most ? pause : most;
	}
	assert_in_range(most - least, 900, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pauses),
		cmocka_unit_test(test_scatter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
