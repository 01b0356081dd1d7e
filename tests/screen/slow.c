/* slow.c — a machine that hangs where one cannot see it, for a program under LD_PRELOAD: $SLOW_NAMES seconds for every look-up of a name,
 * and $SLOW_DISK seconds until anything is durable, as long as $SLOW_DISK_WHILE names a file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <unistd.h>

static void hang(const char *seconds)
{
	if (seconds)
		sleep((unsigned)strtoul(seconds, NULL, 10));
}

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
	int (*call)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	*(void **)&call = real("getaddrinfo");
	hang(getenv("SLOW_NAMES"));
	return call(name, service, hints, found);
}

static int make_durable(const char *name, int file)
{
	int (*call)(int);
	*(void **)&call = real(name);
	const char *while_there = getenv("SLOW_DISK_WHILE");
	if (while_there && access(while_there, F_OK) == 0)
		hang(getenv("SLOW_DISK"));
	return call(file);
}

int fsync(int file)
{
	return make_durable("fsync", file);
}

int fdatasync(int file)
{
	return make_durable("fdatasync", file);
}
