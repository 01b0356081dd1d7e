/* file.c — see file.h. */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rows.h"

#define ASIDE ".damaged-"
#define LOCK_PATIENCE_MS 5000   /* as long as SQLite itself waits for another process */

/* ---- the lock beside it ---- */

/* Why a lock of our own: two processes that write a WAL log back at one instant can damage the database (fixed in
 * SQLite 3.51.3 only), and none may repair the file while another opens it. */
static bool lock_alone(int lock, int patience_ms)
{
	int64_t until = clock_monotonic_ms() + patience_ms;
	while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
		if (clock_monotonic_ms() >= until)
			return false;
		nanosleep(&(struct timespec){ .tv_nsec = 10 * 1000 * 1000 }, NULL);
	}
	return true;
}

static int open_lock(const char *path, struct problem *why)
{
	size_t room = strlen(path) + sizeof ".lock";
	char *name = memory_get(room);
	snprintf(name, room, "%s.lock", path);
	int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0)
		problem_set(why, PROBLEM_IO, "store", _("%1$s cannot be made: %2$s."), name, strerror(errno));
	free(name);
	return lock;
}

/* ---- opening ---- */

static bool read_version(struct sql *sql, int64_t *version, struct problem *why)
{
	struct sql_statement *statement = sql_prepare(sql, "PRAGMA user_version");
	bool read = sql_step(statement, why) == SQL_ROW;
	*version = read ? sql_int(statement, 0) : 0;
	sql_done(statement);
	return read;
}

/* What SQLite says of a page that it could not read, for want of memory or of a disk, it says among what is wrong with the file:
 * "Page 4: unable to get the page. error code=7". Codes 11 and 26 alone are SQLITE_CORRUPT and SQLITE_NOTADB. */
static bool is_damage(const char *says)
{
	const char *code = strstr(says, "error code=");
	long number = code ? strtol(code + strlen("error code="), NULL, 10) & 0xff : 11;
	return number == 11 || number == 26;
}

static bool is_sound(struct sql *sql, struct problem *why)
{
	struct arena *arena = arena_new();
	struct sql_statement *statement = sql_prepare(sql, "PRAGMA quick_check(1)");
	const char *says = sql_step(statement, why) == SQL_ROW ? sql_text(statement, 0, arena) : NULL;
	bool sound = says && strcmp(says, "ok") == 0;
	sql_done(statement);
	if (says && !sound && is_damage(says))
		problem_set(why, PROBLEM_INVALID, "store", _("The file of hacktiv's own notes is damaged."));
	else if (says && !sound)
		problem_set(why, PROBLEM_IO, "store", _("The file of hacktiv's own notes cannot be read at the moment. It is left as it is."));
	arena_free(arena);
	return sound;
}

/* PROBLEM_INVALID: the file is damaged and may be put aside. Any other kind: it must be left as it is. */
static struct sql *open_checked(const char *path, struct problem *why)
{
	struct sql *sql = sql_open(path, SQL_READ_WRITE, why);
	if (!sql)
		return NULL;
	int64_t version;
	bool usable = sql_run(sql, "SELECT count(*) FROM sqlite_schema; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=4194304; PRAGMA secure_delete=ON;", why) &&
	              is_sound(sql, why) && read_version(sql, &version, why);
	if (usable && (version < 0 || version > STORE_VERSION))
		usable = problem_set(why, PROBLEM_REFUSED, "store",
			_("%1$s was written by a newer hacktiv (version %2$d; this one knows %3$d). It is left as it is; nothing is kept."),
			path, (int)version, STORE_VERSION);
	else if (usable)
		usable = rows_upgrade(sql, (int)version, why);
	if (usable && !rows_check(sql, why)) {
		usable = false;
		if (why->kind == PROBLEM_MISSING)
			why->kind = PROBLEM_INVALID;   /* a table: no version of ours wrote this */
	}
	if (usable)
		return sql;
	sql_close(sql);
	return NULL;
}

/* A page that the disk does not give is, to SQLite, now and then one that is wrong. Nobody here has the file open, so that closing it drops
 * no lock (see sql.c). */
static bool can_be_read(const char *path, struct problem *why)
{
	char bytes[16384];
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got = file < 0 ? -1 : 1;
	while (got > 0)
		got = read(file, bytes, sizeof bytes);
	int error = errno;
	if (file >= 0)
		close(file);
	return got == 0 || problem_set(why, PROBLEM_IO, "store", _("%1$s cannot be read: %2$s. It is left as it is."), path, strerror(error));
}

static void rename_beside(const char *path, const char *new_path, const char *suffix)
{
	struct arena *arena = arena_new();
	rename(arena_print(arena, "%s%s", path, suffix), arena_print(arena, "%s%s", new_path, suffix));
	arena_free(arena);
}

/* The log goes first: a new database must never find the log of the old one. */
static void put_aside(const char *path, const struct clock *clock, struct problem *told)
{
	struct arena *arena = arena_new();
	const char *aside = arena_print(arena, "%s" ASIDE "%lld", path, (long long)clock_now(clock));
	rename_beside(path, aside, "-wal");
	rename_beside(path, aside, "-shm");
	rename_beside(path, aside, "");
	problem_set(told, PROBLEM_INVALID, "store",
		_("%1$s was damaged. It is kept as %2$s and a new one is begun; bookings that were under way are to be checked."),
		path, aside);
	arena_free(arena);
}

/* "store.db.damaged-1795521600", and that with "-wal" or "-shm" behind it: when it was put aside, -1: it is none of ours. */
static int64_t aside_since(const char *name, const char *start)
{
	size_t length = strlen(start);
	if (strncmp(name, start, length) != 0)
		return -1;
	const char *digits = name + length;
	size_t count = strspn(digits, "0123456789");
	const char *end = digits + count;
	bool is_ours = count > 0 && count < 18 && (!*end || strcmp(end, "-wal") == 0 || strcmp(end, "-shm") == 0);
	return is_ours ? strtoll(digits, NULL, 10) : -1;
}

void store_file_drop_aside(const char *path, int64_t before)
{
	struct arena *arena = arena_new();
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? arena_copy_bytes(arena, path, (size_t)(slash - path) + 1) : "./";
	const char *start = arena_print(arena, "%s" ASIDE, slash ? slash + 1 : path);
	DIR *files = opendir(folder);
	for (struct dirent *entry = files ? readdir(files) : NULL; entry; entry = readdir(files)) {
		int64_t since = aside_since(entry->d_name, start);
		if (since >= 0 && since < before)
			unlink(arena_print(arena, "%s%s", folder, entry->d_name));
	}
	if (files)
		closedir(files);
	arena_free(arena);
}

/* By a careless copy, or a umask that was ignored once: what one booked is nobody else's business. */
static void shut_to_others(const char *path)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(suffixes); at++) {
		const char *name = arena_print(arena, "%s%s", path, suffixes[at]);
		struct stat status;
		if (lstat(name, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) && chmod(name, 0600) == 0)
			log_line(LOG_LEVEL_WARNING, "store: others could read %s", name);
	}
	arena_free(arena);
}

static char *place_of(const char *path, struct problem *why)
{
	return path ? memory_copy_text(path) : path_state("store.db", why);
}

bool store_file_open(struct store_file *file, const char *path, const struct clock *clock, struct problem *told)
{
	memset(file, 0, sizeof *file);
	file->lock = file->owner.file = -1;
	file->path = place_of(path, &file->problem);
	if (!file->path || !path_make_parent(file->path, &file->problem))
		return false;
	owner_open(&file->owner, file->path);
	file->lock = open_lock(file->path, &file->problem);
	if (file->lock < 0)
		return false;
	if (!lock_alone(file->lock, LOCK_PATIENCE_MS))
		return problem_set(&file->problem, PROBLEM_IO, "store", _("%s is held by another hacktiv that does not answer."),
		                   file->path);
	shut_to_others(file->path);
	file->sql = open_checked(file->path, &file->problem);
	/* A disk or a memory that fails for a moment looks like damage: that is what is found twice, in a file that can be read. */
	if (!file->sql && file->problem.kind == PROBLEM_INVALID && can_be_read(file->path, &file->problem))
		file->sql = open_checked(file->path, &file->problem);
	if (!file->sql && file->problem.kind == PROBLEM_INVALID) {
		put_aside(file->path, clock, told);
		problem_clear(&file->problem);
		file->sql = open_checked(file->path, &file->problem);
	}
	flock(file->lock, LOCK_UN);
	return file->sql != NULL;
}

void store_file_stay_behind(const char *path)
{
	struct problem why = { .kind = PROBLEM_NONE };
	char *place = place_of(path, &why);
	if (place && path_make_parent(place, &why))
		owner_stay_behind(place);
	free(place);
}

bool store_file_checkpoint(struct store_file *file)
{
	if (!file->sql || !lock_alone(file->lock, 0))
		return false;
	sql_run(file->sql, "PRAGMA wal_checkpoint(PASSIVE);", NULL);
	flock(file->lock, LOCK_UN);
	return true;
}

void store_file_empty_log(const struct store_file *file)
{
	if (!lock_alone(file->lock, LOCK_PATIENCE_MS))
		return;
	sql_run(file->sql, "PRAGMA wal_checkpoint(TRUNCATE);", NULL);
	flock(file->lock, LOCK_UN);
}

void store_file_close(struct store_file *file)
{
	/* Closing the last connection writes the log back too. */
	bool locked = file->sql && lock_alone(file->lock, LOCK_PATIENCE_MS);
	sql_close(file->sql);
	if (locked)
		flock(file->lock, LOCK_UN);
	if (file->lock >= 0)
		close(file->lock);
	owner_close(&file->owner);
	free(file->path);
	memset(file, 0, sizeof *file);
	file->lock = -1;
}
