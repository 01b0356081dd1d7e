/* ahead.c — a clock that runs ahead, for a program under LD_PRELOAD: what has passed since the start is as many seconds more as the file that
 * $CLOCK_AHEAD names says, each time that it is asked. Whoever waits is not woken: a signal does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static time_t seconds_ahead(void)
{
	int kept = errno;
	const char *path = getenv("CLOCK_AHEAD");
	char text[24] = "";
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (file >= 0 && read(file, text, sizeof text - 1) < 0)
		text[0] = '\0';
	if (file >= 0)
		close(file);
	errno = kept;
	return (time_t)strtol(text, NULL, 10);
}

int clock_gettime(clockid_t which, struct timespec *now)
{
	int (*call)(clockid_t, struct timespec *);
	*(void **)&call = dlsym(RTLD_NEXT, "clock_gettime");
	int failed = call(which, now);
	if (!failed && (which == CLOCK_MONOTONIC || which == CLOCK_BOOTTIME))
		now->tv_sec += seconds_ahead();
	return failed;
}
