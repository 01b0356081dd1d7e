/* slow.c — a machine that hangs where one cannot see it, for a program under LD_PRELOAD: $SLOW_NAMES seconds for every look-up of a name,
 * and $SLOW_DISK seconds for whatever goes into a database or is to be durable (with $SLOW_DISK_FOR: only what has those bytes in it goes there
 * slowly), as long as $SLOW_DISK_WHILE names a file; beside that file one named ".hangs" appears. So does whatever is asked about a file whose path begins with $SLOW_FILES. While $FULL_DISK_WHILE names a file, nothing goes
 * into a database at all. */
#undef _FILE_OFFSET_BITS      /* with it pwrite() below would be called pwrite64() */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_US 5000

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
	int (*call)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
	*(void **)&call = real("getaddrinfo");
	const char *seconds = getenv("SLOW_NAMES");
	if (seconds)
		sleep((unsigned)strtoul(seconds, NULL, 10));
	return call(name, service, hints, found);
}

static bool names_file(const char *variable)
{
	const char *path = getenv(variable);
	return path && access(path, F_OK) == 0;
}

static void tell_that_it_hangs(void)
{
	char path[4096];
	snprintf(path, sizeof path, "%s.hangs", getenv("SLOW_DISK_WHILE"));
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static void hang(void)
{
	const char *seconds = getenv("SLOW_DISK");
	unsigned long looks = seconds ? strtoul(seconds, NULL, 10) * 1000000 / LOOK_US : 0;
	for (unsigned long look = 0; look < looks && names_file("SLOW_DISK_WHILE"); look++) {
		if (look == 0)
			tell_that_it_hangs();
		usleep(LOOK_US);
	}
}

static int make_durable(const char *name, int file)
{
	int (*call)(int);
	*(void **)&call = real(name);
	if (!getenv("SLOW_DISK_FOR"))
		hang();
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

#define INTO_DATABASE(name, offset)                                                     \
	{                                                                               \
		ssize_t (*call)(int, const void *, size_t, offset);                     \
		*(void **)&call = real(name);                                           \
		const char *slowly = getenv("SLOW_DISK_FOR");                           \
		if (!slowly || memmem(bytes, length, slowly, strlen(slowly)))           \
			hang();                                                         \
		if (names_file("FULL_DISK_WHILE")) {                                    \
			errno = ENOSPC;                                                 \
			return -1;                                                      \
		}                                                                       \
		return call(file, bytes, length, at);                                   \
	}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) INTO_DATABASE("pwrite", off_t)
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) INTO_DATABASE("pwrite64", off64_t)

/* ---- whatever is asked about a file ---- */

static void hang_for(const char *path)
{
	const char *slowly = getenv("SLOW_FILES");
	if (slowly && strncmp(path, slowly, strlen(slowly)) == 0)
		hang();
}

int open64(const char *path, int flags, ...)
{
	int (*call)(const char *, int, ...);
	*(void **)&call = real("open64");
	va_list rest;
	va_start(rest, flags);
	mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
	va_end(rest);
	hang_for(path);
	return call(path, flags, mode);
}

#define ABOUT_FILE(returns, name, parameters, arguments) \
	returns name parameters                          \
	{                                                \
		returns(*call) parameters;               \
		*(void **)&call = real(#name);           \
		hang_for(path);                          \
		return call arguments;                   \
	}

ABOUT_FILE(int, stat64, (const char *restrict path, struct stat64 *restrict about), (path, about))
ABOUT_FILE(int, lstat64, (const char *restrict path, struct stat64 *restrict about), (path, about))
ABOUT_FILE(int, mkdir, (const char *path, mode_t mode), (path, mode))
ABOUT_FILE(int, mkstemp64, (char *path), (path))
ABOUT_FILE(int, rename, (const char *path, const char *to), (path, to))
ABOUT_FILE(int, unlink, (const char *path), (path))
ABOUT_FILE(DIR *, opendir, (const char *path), (path))
