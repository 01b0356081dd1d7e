/* path.h — where files are (XDG Base Directory Specification) and how they are written whole or not at all. */
#ifndef HACKTIV_BASE_PATH_H
#define HACKTIV_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/base/buffer.h"
#include "hacktiv/base/problem.h"

/* "$XDG_CONFIG_HOME/hacktiv/<name>" and so on; yours to free. NULL when neither the variable (absolute) nor HOME is set. */
char *path_config(const char *name, struct problem *why);
char *path_state(const char *name, struct problem *why);
char *path_cache(const char *name, struct problem *why);

/* Makes the directory and its parents, mode 0700. */
bool path_make_directory(const char *path, struct problem *why);
/* Makes the directory that `path` (a file) lies in. */
bool path_make_parent(const char *path, struct problem *why);

/* Reads a whole regular file of at most `ceiling` bytes into `out` (initialised here, cleared on failure). */
bool path_read(const char *path, size_t ceiling, struct buffer *out, struct problem *why);

/* Temporary file beside it, 0600, fsync, rename, fsync of the directory: the old content or the new, never half. What somebody left beside it
 * who was killed while writing goes, once it is older than PATH_LEFT_S. */
#define PATH_LEFT_S 600
bool path_write_secret(const char *path, const char *bytes, size_t length, struct problem *why);
/* Removes what was left so; `older_than_s` 0: all of it, also from under who is writing, whose writing then fails. */
void path_remove_left(const char *path, int older_than_s);

/* As path_read, but refuses (PROBLEM_REFUSED, with the chmod to run) a file that is a link, not regular, not ours, or
 * readable by group or others. */
bool path_read_secret(const char *path, size_t ceiling, struct buffer *out, struct problem *why);

#endif
