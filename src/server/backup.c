/* backup.c — see backup.h. */
#include "backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/copy.h"
#include "db/db.h"

/* One transaction in each of two databases. The one that is read waits while the other is written: a transaction is used by one thread
 * at a time. */
struct transfer {
	struct db *target;
	struct db_tx *source_tx;
	bool file_is_source;
	bool replace;                     /* what is there already gives way */
	bool begin_epoch;
	struct arena *texts;
	struct copied copied;
	int64_t now;
	int erased;
};

static bool is_empty(struct db_tx *tx, struct arena *arena)
{
	size_t spaces = 0;
	db_list_spaces(tx, arena, &spaces);
	return spaces == 0;
}

static bool write_side(struct db_tx *tx, void *context, struct problem *why)
{
	struct transfer *transfer = context;
	if (!transfer->replace && !is_empty(tx, transfer->texts))
		return problem_set(why, PROBLEM_REFUSED, "--database",
		                   "This database holds a network already. To put the backup in its place say --replace.");
	struct db_tx *file = transfer->file_is_source ? transfer->source_tx : tx;
	if (!db_copy_all(transfer->source_tx, tx, file, transfer->texts, &transfer->copied, why))
		return false;
	if (!transfer->begin_epoch)
		return true;
	return (db_begin_epoch(tx) && db_erase_again(tx, transfer->now, &transfer->erased)) ||
	       problem_set(why, PROBLEM_IO, "--database", "The database could not be written: see the log above.");
}

static bool read_side(struct db_tx *tx, void *context, struct problem *why)
{
	struct transfer *transfer = context;
	transfer->source_tx = tx;
	if (transfer->file_is_source && !db_check_file(tx, why))
		return false;
	return db_write_now(transfer->target, write_side, transfer, why);
}

/* ---- files ------------------------------------------------------------------------------------------------------------ */

static bool sync_path(const char *path, int flags, struct problem *why)
{
	int file = open(path, flags | O_CLOEXEC);
	bool synced = file >= 0 && fsync(file) == 0;
	int error = errno;
	if (file >= 0)
		close(file);
	return synced || problem_set(why, PROBLEM_IO, "FILE", "%s cannot be made safe on the disk: %s.", path, strerror(error));
}

static const char *directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return ".";
	return slash == path ? "/" : arena_print(arena, "%.*s", (int)(slash - path), path);
}

/* What SQLite and db_open() may leave beside a file. */
static void forget_file(struct arena *arena, const char *path, bool itself)
{
	static const char *const tails[] = { ".lock", "-wal", "-shm", "-journal" };
	for (size_t i = 0; i < COUNT_OF(tails); i++)
		unlink(arena_print(arena, "%s%s", path, tails[i]));
	if (itself)
		unlink(path);
}

static struct db *open_file(struct arena *arena, const char *path, struct problem *why)
{
	return db_open(arena_print(arena, "sqlite:%s", path), why);
}

/* ---- backup ------------------------------------------------------------------------------------------------------------ */

static bool fill_backup(const struct options *options, const char *part, struct transfer *transfer, struct problem *why)
{
	struct db *source = db_open_to_read(options->database, why);
	transfer->target = source ? open_file(transfer->texts, part, why) : NULL;
	bool done = transfer->target && db_read_now(source, read_side, transfer, why);
	db_close(transfer->target);
	db_close(source);
	return done;
}

/* The backup under its own name, once it is whole. */
static bool put_in_place(struct arena *arena, const char *part, const char *file, struct problem *why)
{
	if (rename(part, file) != 0)
		return problem_set(why, PROBLEM_IO, "FILE", "%s cannot be put in its place: %s.", file, strerror(errno));
	const char *directory = directory_of(arena, file);
	return sync_path(directory, O_RDONLY | O_DIRECTORY, why);
}

static bool make_at(const struct options *options, const char *file, struct transfer *transfer, struct problem *why)
{
	if (access(file, F_OK) == 0)
		return problem_set(why, PROBLEM_REFUSED, "FILE", "%s is there already: name a file that is not.", file);
	const char *part = arena_print(transfer->texts, "%s.part", file);
	forget_file(transfer->texts, part, true);
	bool done = fill_backup(options, part, transfer, why) && sync_path(part, O_RDONLY, why) &&
	            put_in_place(transfer->texts, part, file, why);
	forget_file(transfer->texts, part, true);
	return done;
}

bool backup_make(const struct options *options, struct problem *why)
{
	struct transfer transfer = { .texts = arena_new(), .replace = true };
	bool done = make_at(options, options->subject, &transfer, why);
	if (done)
		printf("%s: %lld rows of %lld tables.\n", options->subject, (long long)transfer.copied.rows, (long long)transfer.copied.tables);
	arena_free(transfer.texts);
	return done;
}

/* ---- restore ----------------------------------------------------------------------------------------------------------- */

static bool copy_bytes(int from, int to)
{
	char bytes[65536];
	ssize_t length;
	while ((length = read(from, bytes, sizeof bytes)) > 0)
		for (ssize_t done = 0, now; done < length; done += now)
			if ((now = write(to, bytes + done, (size_t)(length - done))) <= 0)
				return false;
	return length == 0;
}

/* A copy to work on: an older one is brought up to date first, and the backup itself is never touched. */
static bool copy_file(const char *file, const char *copy, struct problem *why)
{
	int from = open(file, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		return problem_set(why, PROBLEM_NOT_FOUND, "FILE", "%s cannot be read: %s.", file, strerror(errno));
	int to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool done = to >= 0 && copy_bytes(from, to);
	int error = errno;
	close(from);
	if (to >= 0)
		close(to);
	return done || problem_set(why, PROBLEM_IO, "FILE", "%s cannot be written: %s.", copy, strerror(error));
}

static bool empty_into(const struct options *options, const char *copy, struct transfer *transfer, struct problem *why)
{
	struct db *source = open_file(transfer->texts, copy, why);
	if (!source)
		return problem_prefix(why, "%s", options->subject);
	transfer->target = db_open(options->database, why);
	bool done = transfer->target && db_read_now(source, read_side, transfer, why);
	db_close(transfer->target);
	db_close(source);
	return done;
}

bool backup_restore(const struct options *options, struct problem *why)
{
	struct transfer transfer = { .texts = arena_new(), .file_is_source = true, .replace = options->replace, .begin_epoch = true };
	const char *copy = arena_print(transfer.texts, "%s.restoring", options->subject);
	struct clock clock;
	bool done = clock_from_environment(&clock, why);
	if (done) {
		transfer.now = clock_now(&clock);
		forget_file(transfer.texts, copy, true);
		done = copy_file(options->subject, copy, why) && empty_into(options, copy, &transfer, why);
		forget_file(transfer.texts, copy, true);
	}
	if (done)
		printf("Restored %lld rows of %lld tables. Clients begin anew.\n", (long long)transfer.copied.rows,
		       (long long)transfer.copied.tables);
	if (done && transfer.erased > 0)
		printf("%d members who were erased after this backup was made are erased in it too.\n", transfer.erased);
	arena_free(transfer.texts);
	return done;
}
