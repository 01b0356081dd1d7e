/* clock.c — see clock.h. */
#include "hacktiv/base/clock.h"

#include <stdlib.h>
#include <time.h>

#include "hacktiv/base/i18n.h"
#include "hacktiv/base/memory.h"
#include "hacktiv/base/zone.h"

bool clock_from_environment(struct clock *clock, struct problem *why)
{
	*clock = (struct clock){ .fixed = false };
	const char *now = getenv("HACKTIV_NOW");
	if (!now || !*now)
		return true;
	if (!instant_from_text(now, &clock->fixed_at, why))
		return problem_set(why, PROBLEM_INVALID, "HACKTIV_NOW",
		                   _("HACKTIV_NOW must be an instant such as 2026-11-24T10:00:00+01:00."));
	clock->fixed = true;
	return true;
}

static struct timespec read_clock(clockid_t which)
{
	struct timespec now;
	if (clock_gettime(which, &now) != 0)
		die("the system's clock cannot be read");
	return now;
}

static int64_t milliseconds(clockid_t which)
{
	struct timespec now = read_clock(which);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
	struct timespec now = read_clock(CLOCK_MONOTONIC);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now(const struct clock *clock)
{
	return clock->fixed ? clock->fixed_at : milliseconds(CLOCK_REALTIME) / 1000;
}

int64_t clock_now_ms(const struct clock *clock)
{
	return clock->fixed ? clock->fixed_at * 1000 : milliseconds(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
	return milliseconds(CLOCK_MONOTONIC);
}

int64_t clock_asleep_too_ms(void)
{
#ifdef CLOCK_BOOTTIME
	return milliseconds(CLOCK_BOOTTIME);
#else
	return milliseconds(CLOCK_MONOTONIC);   /* elsewhere it does */
#endif
}
