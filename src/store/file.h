/* file.h — the store's file: where it is, whether it can be trusted, and what is done when it cannot. Store thread
 * only, but for what says otherwise. */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include "hacktiv/base.h"

#include "owner.h"

#define STORE_VERSION 3   /* PRAGMA user_version */

struct store_file {
	char *path;
	int lock;            /* "<path>.lock": held shared while open, alone while opening, repairing or checkpointing */
	struct owner owner;  /* us */
	struct sql *sql;     /* NULL: cannot be used, `problem` says why */
	struct problem problem;
};

/* Opens or makes the file. `told` (kind NONE: nothing to tell) is for the person: a damaged file was put aside. */
bool store_file_open(struct store_file *file, const char *path, const struct clock *clock, struct problem *told);
void store_file_close(struct store_file *file);
/* Brings the log back into the database. False: another process is doing the same. */
bool store_file_checkpoint(struct store_file *file);
/* The same at once, and the log is empty afterwards, unless another process reads or writes just then. */
void store_file_empty_log(const struct store_file *file);

/* Until this process ends, others see that it stays behind to write down what it has. Any thread; also before the file is open. */
void store_file_stay_behind(const char *path);

/* Removes what was put aside before then (seconds since 1970) because it was damaged. */
void store_file_drop_aside(const char *path, int64_t before);

#endif
