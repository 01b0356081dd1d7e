/* scratch.c — see scratch.h. */
#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

static char directory[] = "/tmp/hacktiv-fuzz-XXXXXX";
static char path[sizeof directory + 64];
static bool made;

static void remove_all(void)
{
	DIR *files = opendir(directory);
	for (struct dirent *entry = files ? readdir(files) : NULL; entry; entry = readdir(files))
		unlinkat(dirfd(files), entry->d_name, 0);
	if (files)
		closedir(files);
	rmdir(directory);
}

const char *scratch_directory(void)
{
	if (!made) {
		MUST(mkdtemp(directory));
		MUST(atexit(remove_all) == 0);
		made = true;
	}
	return directory;
}

const char *scratch_write(const char *name, const void *bytes, size_t length)
{
	snprintf(path, sizeof path, "%s/%s", scratch_directory(), name);
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	MUST(file >= 0 && write(file, bytes, length) == (ssize_t)length && close(file) == 0);
	return path;
}
