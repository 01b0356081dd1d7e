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

#define HEIRS 0     /* nobody's number: a place that heirs share */

static struct flock byte_at(int64_t number)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)number, .l_len = 1 };
}

void owner_open(struct owner *owner, const char *path)
{
	struct arena *arena = arena_new();
	owner->file = open(arena_print(arena, "%s.owners", path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	arena_free(arena);
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

void owner_works_as_heir(const struct owner *owner)
{
	struct flock lock = byte_at(HEIRS);
	lock.l_type = F_RDLCK;
	if (owner->file >= 0 && fcntl(owner->file, F_SETLK, &lock) != 0)
		log_line(LOG_LEVEL_WARNING, "store: others do not see that more is to come: %s", strerror(errno));
}

bool owner_has_heirs(const struct owner *owner)
{
	struct flock lock = byte_at(HEIRS);
	return owner->file >= 0 && fcntl(owner->file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
