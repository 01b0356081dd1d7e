/* path.c — see path.h. */
#include "hacktiv/base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/i18n.h"
#include "hacktiv/base/memory.h"
#include "hacktiv/base/text.h"

#define SHOWN_PATH_MAX 300u   /* leaves room for the sentence in a problem */
#define READ_CHUNK     65536u
#define BESIDE         "XXXXXX"    /* what mkstemp() makes letters and digits of */

/* A path may hold any byte; what is shown of it may not. */
static char *shown(struct arena *arena, const char *path)
{
	return text_clean(arena, path, strlen(path), TEXT_ONE_LINE, SHOWN_PATH_MAX);
}

static enum problem_kind kind_of_error(int error)
{
	if (error == ENOENT || error == ENOTDIR)
		return PROBLEM_NOT_FOUND;
	if (error == EACCES || error == EPERM)
		return PROBLEM_REFUSED;
	return PROBLEM_IO;
}

/* `sentence` has two arguments: the path and what the system says. */
static bool path_problem(struct problem *why, int error, const char *sentence, const char *path)
{
	struct arena *arena = arena_new();
	problem_set(why, kind_of_error(error), "path", sentence, shown(arena, path), strerror(error));
	arena_free(arena);
	return false;
}

static bool refuse(struct problem *why, enum problem_kind kind, const char *sentence, const char *path)
{
	struct arena *arena = arena_new();
	problem_set(why, kind, "path", sentence, shown(arena, path));
	arena_free(arena);
	return false;
}

static char *join(const char *first, const char *second, const char *third)
{
	size_t room = strlen(first) + strlen(second) + strlen(third) + 1;
	char *joined = memory_get(room);
	snprintf(joined, room, "%s%s%s", first, second, third);
	return joined;
}

/* The specification wants absolute paths in its variables and has relative ones ignored. */
static char *path_under(const char *variable, const char *under_home, const char *name, struct problem *why)
{
	const char *place = getenv(variable);
	if (place && place[0] == '/')
		return join(place, "/hacktiv/", name);
	const char *home = getenv("HOME");
	if (home && home[0] == '/')
		return join(home, under_home, name);
	problem_set(why, PROBLEM_MISSING, "HOME", _("Neither %s nor HOME says where files are kept."), variable);
	return NULL;
}

char *path_config(const char *name, struct problem *why)
{
	return path_under("XDG_CONFIG_HOME", "/.config/hacktiv/", name, why);
}

char *path_state(const char *name, struct problem *why)
{
	return path_under("XDG_STATE_HOME", "/.local/state/hacktiv/", name, why);
}

char *path_cache(const char *name, struct problem *why)
{
	return path_under("XDG_CACHE_HOME", "/.cache/hacktiv/", name, why);
}

static bool is_directory(const char *path)
{
	struct stat about;
	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool make_one(const char *path, struct problem *why)
{
	if (mkdir(path, 0700) == 0 || is_directory(path))
		return true;
	return path_problem(why, errno, _("The directory %1$s cannot be made: %2$s."), path);
}

bool path_make_directory(const char *path, struct problem *why)
{
	if (is_directory(path))
		return true;
	char *part = memory_copy_text(path);
	bool made = true;
	for (char *slash = strchr(part + (part[0] == '/'), '/'); slash && made; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		made = make_one(part, why);
		*slash = '/';
	}
	made = made && make_one(path, why);
	free(part);
	return made;
}

/* The directory a path lies in; yours. */
static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return memory_copy_text(".");
	if (slash == path)
		return memory_copy_text("/");
	char *parent = memory_copy_text(path);
	parent[slash - path] = '\0';
	return parent;
}

bool path_make_parent(const char *path, struct problem *why)
{
	char *parent = parent_of(path);
	bool made = path_make_directory(parent, why);
	free(parent);
	return made;
}

static bool read_all(int file, const char *path, struct buffer *out, struct problem *why)
{
	char *chunk = memory_get(READ_CHUNK);
	bool whole = false;
	for (;;) {
		ssize_t got = read(file, chunk, READ_CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			path_problem(why, errno, _("%1$s cannot be read: %2$s."), path);
			break;
		}
		if (got == 0) {
			whole = true;
			break;
		}
		if (!buffer_add(out, chunk, (size_t)got)) {
			refuse(why, PROBLEM_TOO_LARGE, _("%s is larger than such a file may be."), path);
			break;
		}
	}
	free(chunk);
	return whole;
}

static bool is_ours_alone(const struct stat *about, const char *path, struct problem *why)
{
	if (about->st_uid != geteuid())
		return refuse(why, PROBLEM_REFUSED, _("%s belongs to somebody else and is not used."), path);
	if (about->st_mode & (S_IRWXG | S_IRWXO))
		return refuse(why, PROBLEM_REFUSED, _("Others can read %1$s. Run: chmod 600 %1$s"), path);
	return true;
}

/* O_NONBLOCK: opening a FIFO that nobody writes to must not wait; it is refused as soon as it is looked at. */
static bool read_file(const char *path, bool secret, size_t ceiling, struct buffer *out, struct problem *why)
{
	buffer_init(out, ceiling);
	bool whole = false;
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (secret ? O_NOFOLLOW : 0));
	struct stat about;
	/* ELOOP says link in POSIX, EMLINK and EFTYPE on the BSDs. */
	if (file < 0 && secret && lstat(path, &about) == 0 && S_ISLNK(about.st_mode))
		refuse(why, PROBLEM_REFUSED, _("%s is a link, and a secret is not read through one."), path);
	else if (file < 0 || fstat(file, &about) != 0)
		path_problem(why, errno, _("%1$s cannot be read: %2$s."), path);
	else if (!S_ISREG(about.st_mode))
		refuse(why, PROBLEM_REFUSED, _("%s is not an ordinary file."), path);
	else if (!secret || is_ours_alone(&about, path, why))
		whole = read_all(file, path, out, why);
	if (file >= 0)
		close(file);
	if (!whole)
		buffer_clear(out);
	return whole;
}

bool path_read(const char *path, size_t ceiling, struct buffer *out, struct problem *why)
{
	return read_file(path, false, ceiling, out, why);
}

bool path_read_secret(const char *path, size_t ceiling, struct buffer *out, struct problem *why)
{
	return read_file(path, true, ceiling, out, why);
}

static bool write_all(int file, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(file, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/* The new name is only sure to outlive a power cut once the directory is on disk; some file systems cannot say. */
static bool settle_directory(const char *path)
{
	char *parent = parent_of(path);
	int directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(parent);
	if (directory < 0)
		return false;
	bool settled = fsync(directory) == 0 || errno == EINVAL || errno == ENOTSUP;
	int error = errno;
	close(directory);
	errno = error;
	return settled;
}

static bool is_left(const char *folder, const char *start, const char *name, int older_than_s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t length = strlen(start);
	const char *end = name + length;
	if (strncmp(name, start, length) != 0 || strlen(end) != strlen(BESIDE) || strspn(end, letters) != strlen(BESIDE))
		return false;
	struct stat about;
	char *whole = join(folder, "/", name);
	bool left = lstat(whole, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == geteuid() &&
	            (!older_than_s || time(NULL) - about.st_mtime > older_than_s);
	free(whole);
	return left;
}

void path_remove_left(const char *path, int older_than_s)
{
	const char *slash = strrchr(path, '/');
	char *folder = parent_of(path), *start = join(slash ? slash + 1 : path, ".", "");
	DIR *files = opendir(folder);
	for (const struct dirent *entry = files ? readdir(files) : NULL; entry; entry = readdir(files)) {
		if (!is_left(folder, start, entry->d_name, older_than_s))
			continue;
		char *whole = join(folder, "/", entry->d_name);
		unlink(whole);
		free(whole);
	}
	if (files)
		closedir(files);
	free(start);
	free(folder);
}

bool path_write_secret(const char *path, const char *bytes, size_t length, struct problem *why)
{
	path_remove_left(path, PATH_LEFT_S);
	char *beside = join(path, ".", BESIDE);
	int file = mkstemp(beside);   /* makes it 0600 */
	if (file < 0) {
		int error = errno;
		free(beside);
		return path_problem(why, error, _("%1$s cannot be written: %2$s."), path);
	}
	fcntl(file, F_SETFD, FD_CLOEXEC);
	bool written = write_all(file, bytes, length) && fsync(file) == 0;
	int error = errno;
	if (close(file) != 0 && written) {
		written = false;
		error = errno;
	}
	if (written && (rename(beside, path) != 0 || !settle_directory(path))) {
		written = false;
		error = errno;
	}
	if (!written)
		unlink(beside);
	free(beside);
	return written || path_problem(why, error, _("%1$s cannot be written: %2$s."), path);
}
