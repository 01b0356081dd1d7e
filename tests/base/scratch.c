/* scratch.c — see scratch.h. */
#include "scratch.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "table.h"

int scratch_open(void **state)
{
	const char *place = getenv("TMPDIR");
	char path[4096];
	snprintf(path, sizeof path, "%s/hacktiv-test-XXXXXX", place && *place ? place : "/tmp");
	if (!mkdtemp(path))
		return -1;
	*state = memory_copy_text(path);
	return 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(path);
}

int scratch_close(void **state)
{
	nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return 0;
}

char *scratch_path(void *const *state, const char *name)
{
	size_t room = strlen(*state) + strlen(name) + 2;
	char *path = memory_get(room);
	snprintf(path, room, "%s/%s", (const char *)*state, name);
	return path;
}

void scratch_write(const char *path, const void *bytes, size_t length, unsigned mode)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}
