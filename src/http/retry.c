/* retry.c — how long to wait before trying again: exponential, full jitter, bounded. */
#include "hacktiv/http.h"

#define FIRST_PAUSE_MS 250
#define LONGEST_PAUSE_MS 60000
#define SCATTER_MS_MIN    1000   /* after the moment that a server named to all its clients alike: */
#define SCATTER_MS_MAX   30000   /* a sixteenth of what it asked for, between these */
#define GIVE_UP_AFTER_MS (10 * 60 * 1000)   /* well within the 24 h for which servers keep an idempotency key */

static int64_t scatter_ms(int64_t asked_ms, unsigned random)
{
	int64_t most = asked_ms / 16;
	most = most < SCATTER_MS_MIN ? SCATTER_MS_MIN : most > SCATTER_MS_MAX ? SCATTER_MS_MAX : most;
	return most * (random & 0xffff) / 0xffff;
}

int retry_pause_ms(int attempt, int retry_after_s, unsigned random, int64_t elapsed_ms)
{
	if (elapsed_ms >= GIVE_UP_AFTER_MS)
		return -1;
	int64_t ceiling = FIRST_PAUSE_MS;
	for (int i = 1; i < attempt && ceiling < LONGEST_PAUSE_MS; i++)
		ceiling *= 2;
	if (ceiling > LONGEST_PAUSE_MS)
		ceiling = LONGEST_PAUSE_MS;
	/* Full jitter, but never at once: a server that just fell over is not helped by a stampede. */
	int64_t pause = FIRST_PAUSE_MS / 2 + (ceiling - FIRST_PAUSE_MS / 2) * (random & 0xffff) / 0xffff;
	int64_t asked_ms = (int64_t)retry_after_s * 1000;
	if (asked_ms > 0 && pause < asked_ms)
		pause = asked_ms + scatter_ms(asked_ms, random);
	return pause > INT32_MAX ? INT32_MAX : (int)pause;
}
