/* reload.c — see reload.h. */
#include "reload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "number.h"
#include "hacktiv/base.h"

static const char *const variables[] = { [SOCKET_OUTER] = "HACKTIVD_SOCKET_OUTER", [SOCKET_INNER] = "HACKTIVD_SOCKET_INNER" };

/* Written once, before any thread. */
static char **program_argv;
static char *program_path;

int reload_inherited(enum socket_kept which)
{
	const char *told = getenv(variables[which]);
	int64_t descriptor;
	bool good = told && number_read(told, INT_MAX, &descriptor) && descriptor > STDERR_FILENO;
	unsetenv(variables[which]);
	return good ? (int)descriptor : -1;
}

void reload_remember(char **argv)
{
	program_argv = argv;
	/* The path, not the file: another one may lie there when the time comes. */
	program_path = realpath("/proc/self/exe", NULL);
	if (!program_path)
		program_path = realpath(argv[0], NULL);
}

static void keep(enum socket_kept which, int descriptor)
{
	char number[16];
	if (descriptor < 0)
		return;
	snprintf(number, sizeof number, "%d", descriptor);
	fcntl(descriptor, F_SETFD, 0);
	setenv(variables[which], number, 1);
}

void reload_now(int outer, int inner)
{
	keep(SOCKET_OUTER, outer);
	keep(SOCKET_INNER, inner);
	if (program_path)
		execv(program_path, program_argv);
	log_line(LOG_LEVEL_ERROR, "cannot start anew: %s", program_path ? strerror(errno) : "the program's place is not known");
}
