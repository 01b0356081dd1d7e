/* nth_call.c — a system that fails a program at its n-th call, or kills it there, for a program under LD_PRELOAD.
 *
 *     NTH_CALL=n        from 1 on; 0 only counts
 *     NTH_FAULT         kill (before it), killed (after it), an errno's name (ENOSPC, EIO: it is not done), nothing (of memory)
 *     NTH_ONLY          write: what changes a file or sends (the default); disk: what changes a file; read: what reads one;
 *                       memory: what allocates
 *     NTH_PATH=text     of reads: those alone of files whose path has it
 *     NTH_LASTS=1       from then on all of them
 *     NTH_COUNT=file    where it counts: eight bytes, good also after a SIGKILL
 *
 * A file is one that has a name; pipes and sockets are not the disk's business. What libc does inside itself (stdio) is not seen. */
#undef _FILE_OFFSET_BITS      /* with it pwrite() below would be called pwrite64() */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum only { ONLY_WRITE, ONLY_DISK, ONLY_READ, ONLY_MEMORY };

static _Atomic(uint64_t) *counter;
static _Atomic(uint64_t) uncounted;
static uint64_t wanted;
static enum only only;
static bool lasts, kills_before, kills_after, refuses_memory;
static int error;

__attribute__((constructor)) static void begin(void)
{
	const char *n = getenv("NTH_CALL"), *fault = getenv("NTH_FAULT"), *which = getenv("NTH_ONLY"), *path = getenv("NTH_COUNT");
	int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	void *shared = file >= 0 && ftruncate(file, 8) == 0 ? mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
	if (file >= 0)
		close(file);
	lasts = getenv("NTH_LASTS");
	static const char *const names[] = { [ONLY_WRITE] = "write", [ONLY_DISK] = "disk", [ONLY_READ] = "read", [ONLY_MEMORY] = "memory" };
	for (int at = 0; which && at <= ONLY_MEMORY; at++) {
		if (strcmp(which, names[at]) == 0)
			only = (enum only)at;
	}
	kills_before = fault && strcmp(fault, "kill") == 0;
	kills_after = fault && strcmp(fault, "killed") == 0;
	refuses_memory = fault && strcmp(fault, "nothing") == 0;
	error = fault && strcmp(fault, "ENOSPC") == 0 ? ENOSPC : fault && strcmp(fault, "EIO") == 0 ? EIO : 0;
	unsetenv("LD_PRELOAD");       /* whom it starts is another program */
	wanted = n ? strtoull(n, NULL, 10) : 0;
	counter = shared == MAP_FAILED ? &uncounted : shared;
	atomic_store(counter, 0);
}

/* Counts; true: this is the one. */
static bool is_due(void)
{
	if (!counter)
		return false;
	uint64_t number = atomic_fetch_add(counter, 1) + 1;
	return wanted && (number == wanted || (lasts && number > wanted));
}

static void die_here(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Before a call; true: it fails with `error`. `*last` is set when the program dies after it. */
static bool fails(bool on_disk, bool *last)
{
	*last = false;
	if (only > ONLY_DISK || (only == ONLY_DISK && !on_disk) || !is_due())
		return false;
	if (kills_before)
		die_here();
	*last = kills_after;
	errno = error;
	return error != 0;
}

static bool is_file(int file)
{
	struct stat about;
	return fstat(file, &about) == 0 && S_ISREG(about.st_mode);
}

/* A call by its type, whether it goes to the disk, and its arguments. */
#define COUNTED(result, name, types, on_disk, ...)                                     \
	{                                                                              \
		bool last;                                                             \
		if (fails(on_disk, &last))                                             \
			return -1;                                                     \
		result(*real) types;                                                   \
		*(void **)&real = dlsym(RTLD_NEXT, name);                              \
		result done = real(__VA_ARGS__);                                       \
		if (last)                                                              \
			die_here();                                                    \
		return done;                                                           \
	}

static bool is_of_path(int file)
{
	const char *part = getenv("NTH_PATH");
	char link[64], path[4096] = "";
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	return is_file(file) && (!part || (readlink(link, path, sizeof path - 1) > 0 && strstr(path, part)));
}

#define READ(name, types, ...)                                                         \
	{                                                                              \
		if (only == ONLY_READ && is_of_path(file) && is_due() && error) {         \
			errno = error;                                                 \
			return -1;                                                     \
		}                                                                      \
		ssize_t(*real) types;                                                  \
		*(void **)&real = dlsym(RTLD_NEXT, name);                              \
		return real(__VA_ARGS__);                                              \
	}

ssize_t read(int file, void *bytes, size_t length) READ("read", (int, void *, size_t), file, bytes, length)
ssize_t pread(int file, void *bytes, size_t length, off_t at) READ("pread", (int, void *, size_t, off_t), file, bytes, length, at)
ssize_t pread64(int file, void *bytes, size_t length, off64_t at) READ("pread64", (int, void *, size_t, off64_t), file, bytes, length, at)

ssize_t write(int file, const void *bytes, size_t length)
	COUNTED(ssize_t, "write", (int, const void *, size_t), is_file(file), file, bytes, length)
ssize_t writev(int file, const struct iovec *parts, int count)
	COUNTED(ssize_t, "writev", (int, const struct iovec *, int), is_file(file), file, parts, count)
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
	COUNTED(ssize_t, "pwrite", (int, const void *, size_t, off_t), true, file, bytes, length, at)
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
	COUNTED(ssize_t, "pwrite64", (int, const void *, size_t, off64_t), true, file, bytes, length, at)
ssize_t send(int wire, const void *bytes, size_t length, int flags)
	COUNTED(ssize_t, "send", (int, const void *, size_t, int), false, wire, bytes, length, flags)
ssize_t sendmsg(int wire, const struct msghdr *message, int flags)
	COUNTED(ssize_t, "sendmsg", (int, const struct msghdr *, int), false, wire, message, flags)
int fsync(int file) COUNTED(int, "fsync", (int), true, file)
int fdatasync(int file) COUNTED(int, "fdatasync", (int), true, file)
int ftruncate(int file, off_t length) COUNTED(int, "ftruncate", (int, off_t), true, file, length)
int ftruncate64(int file, off64_t length) COUNTED(int, "ftruncate64", (int, off64_t), true, file, length)
int rename(const char *from, const char *to) COUNTED(int, "rename", (const char *, const char *), true, from, to)
int unlink(const char *path) COUNTED(int, "unlink", (const char *), true, path)
int mkdir(const char *path, mode_t mode) COUNTED(int, "mkdir", (const char *, mode_t), true, path, mode)

/* Only what makes a file is a change. */
#define OPENED(name)                                                                   \
	{                                                                              \
		va_list arguments;                                                     \
		va_start(arguments, flags);                                            \
		mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;         \
		va_end(arguments);                                                     \
		bool last = false;                                                     \
		if (flags & O_CREAT && fails(true, &last))                             \
			return -1;                                                     \
		int (*real)(const char *, int, ...);                                   \
		*(void **)&real = dlsym(RTLD_NEXT, name);                              \
		int file = real(path, flags, mode);                                    \
		if (last)                                                              \
			die_here();                                                    \
		return file;                                                           \
	}

int open(const char *path, int flags, ...) OPENED("open")
int open64(const char *path, int flags, ...) OPENED("open64")

/* ---- memory ---- */

static bool is_refused(void)
{
	return only == ONLY_MEMORY && is_due() && refuses_memory;
}

/* dlsym() allocates where it fails: such a question within a question gets no memory, which it can do without. */
static void *next(const char *name)
{
	/* Any other model of thread storage asks a function that the sanitizer has replaced and not prepared yet. */
	static _Thread_local bool asking __attribute__((tls_model("initial-exec")));
	if (asking)
		return NULL;
	asking = true;
	void *found = dlsym(RTLD_NEXT, name);
	asking = false;
	return found;
}

void *malloc(size_t bytes)
{
	static void *(*real)(size_t);
	if (is_refused())
		return NULL;
	if (!real)
		*(void **)&real = next("malloc");
	return real ? real(bytes) : NULL;
}

void *calloc(size_t count, size_t bytes)
{
	static void *(*real)(size_t, size_t);
	if (is_refused())
		return NULL;
	if (!real)
		*(void **)&real = next("calloc");
	return real ? real(count, bytes) : NULL;
}

void *realloc(void *old, size_t bytes)
{
	static void *(*real)(void *, size_t);
	if (is_refused())
		return NULL;
	if (!real)
		*(void **)&real = next("realloc");
	return real ? real(old, bytes) : NULL;
}

void *reallocarray(void *old, size_t count, size_t bytes)
{
	size_t all;
	return __builtin_mul_overflow(count, bytes, &all) ? NULL : realloc(old, all);
}

char *strdup(const char *text)
{
	size_t bytes = strlen(text) + 1;
	char *copy = malloc(bytes);
	return copy ? memcpy(copy, text, bytes) : NULL;
}
