/* owner.c — see owner.h. */
#include "owner.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "hacktiv/base.h"

#define TRIES 16

static int64_t random_number(void)
{
	uint64_t number = 0;
	if (getentropy(&number, sizeof number) != 0)
		number = (uint64_t)clock_monotonic_ms() * 31u + (uint64_t)getpid();
	return (int64_t)(number >> 2) | 1;   /* an offset that also a file system of old can lock */
}

#define STAYING 0     /* nobody's number: a place that all share who stay behind */

static struct flock byte_at(int64_t number)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)number, .l_len = 1 };
}

static int open_file(const char *path)
{
	struct arena *arena = arena_new();
	int file = open(arena_print(arena, "%s.owners", path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	arena_free(arena);
	return file;
}

void owner_open(struct owner *owner, const char *path)
{
	owner->file = open_file(path);
	for (int i = 0; i < TRIES; i++) {
		owner->number = random_number();
		struct flock lock = byte_at(owner->number);
		if (owner->file < 0 || fcntl(owner->file, F_SETLK, &lock) == 0 || (errno != EACCES && errno != EAGAIN))
			return;
	}
}

void owner_close(struct owner *owner)
{
	if (owner->file >= 0)
		close(owner->file);
	owner->file = -1;
}

bool owner_lives(const struct owner *owner, int64_t number)
{
	struct flock lock = byte_at(number);
	return number > 0 && owner->file >= 0 && fcntl(owner->file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* A file of its own, for the other may not be open yet, and never closed: that would let go of all that this process holds of it. */
void owner_stay_behind(const char *path)
{
	struct flock lock = byte_at(STAYING);
	lock.l_type = F_RDLCK;
	int file = open_file(path);
	if (file < 0 || fcntl(file, F_SETLK, &lock) != 0)
		log_line(LOG_LEVEL_WARNING, "store: others do not see that more is to come: %s", strerror(errno));
}

bool owner_sees_who_stays(const struct owner *owner)
{
	struct flock lock = byte_at(STAYING);
	return owner->file >= 0 && fcntl(owner->file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
