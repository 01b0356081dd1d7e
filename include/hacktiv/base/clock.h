/* clock.h — what time it is, asked of a value so that a test can say. */
#ifndef HACKTIV_BASE_CLOCK_H
#define HACKTIV_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "hacktiv/base/problem.h"

struct clock {
	bool fixed;
	int64_t fixed_at;   /* seconds since 1970, when fixed */
};

/* The system's clock, or the instant in HACKTIV_NOW (RFC 3339): then time stands still, for tests and screenshots. */
bool clock_from_environment(struct clock *clock, struct problem *why);
int64_t clock_now(const struct clock *clock);        /* seconds since 1970 */
int64_t clock_now_ms(const struct clock *clock);     /* milliseconds since 1970 */
/* Milliseconds that only ever grow, for deadlines and pauses; never fixed. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);                    /* the same in microseconds */
/* The same in milliseconds, and it goes on while the computer sleeps: for what must be over by then. */
int64_t clock_asleep_too_ms(void);

#endif
