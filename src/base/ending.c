/* ending.c — see ending.h. */
#include "hacktiv/base/ending.h"

#include <signal.h>
#include <stddef.h>

#include "hacktiv/base/memory.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

void ending_watch(void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler }, before;
	sigemptyset(&action.sa_mask);
	for (size_t at = 0; at < COUNT_OF(signals); at++) {
		sigaction(signals[at], NULL, &before);
		if (before.sa_handler != SIG_IGN)
			sigaction(signals[at], &action, NULL);
	}
}
