/* ill_disk.c — a disk that fails on command, for a program under LD_PRELOAD.
 *
 * $ILL_DISK names a file that says what fails and how, "fdatasync EIO" or "pwrite ENOSPC"; while there is none, all is well. What is
 * written into files whose path has $ILL_DISK_PATH in it fails, nothing else. "pwrite" stands for all that writes, "fdatasync" for all
 * that makes durable. */
#undef _FILE_OFFSET_BITS      /* with it pwrite() below would be called pwrite64() */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int named(const char *error)
{
	return strcmp(error, "EIO") == 0 ? EIO : strcmp(error, "ENOSPC") == 0 ? ENOSPC : strcmp(error, "EDQUOT") == 0 ? EDQUOT : 0;
}

/* What is to fail now, 0 for nothing: an errno. */
static int trouble(const char *call, int file)
{
	const char *control = getenv("ILL_DISK"), *part = getenv("ILL_DISK_PATH");
	char said[64] = "", link[64], path[4096] = "", which[32], error[32];
	int from = control && part ? open(control, O_RDONLY | O_CLOEXEC) : -1;
	if (from < 0)
		return 0;
	ssize_t length = read(from, said, sizeof said - 1);
	close(from);
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	if (length <= 0 || readlink(link, path, sizeof path - 1) < 0 || !strstr(path, part))
		return 0;
	if (sscanf(said, "%31s %31s", which, error) != 2 || strcmp(which, call) != 0)
		return 0;
	return named(error);
}

#define OR_TROUBLE(result, name, call, types, ...)                                     \
	{                                                                              \
		int error = trouble(call, file);                                       \
		if (error) {                                                           \
			errno = error;                                                 \
			return -1;                                                     \
		}                                                                      \
		result(*real) types;                                                   \
		*(void **)&real = dlsym(RTLD_NEXT, name);                              \
		return real(__VA_ARGS__);                                              \
	}

int fdatasync(int file) OR_TROUBLE(int, "fdatasync", "fdatasync", (int), file)
int fsync(int file) OR_TROUBLE(int, "fsync", "fdatasync", (int), file)
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
	OR_TROUBLE(ssize_t, "pwrite", "pwrite", (int, const void *, size_t, off_t), file, bytes, length, at)
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
	OR_TROUBLE(ssize_t, "pwrite64", "pwrite", (int, const void *, size_t, off64_t), file, bytes, length, at)
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at)
	OR_TROUBLE(ssize_t, "pwritev", "pwrite", (int, const struct iovec *, int, off_t), file, parts, count, at)
