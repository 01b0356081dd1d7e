/* network_file.h — strict reading of JSON that a person wrote: every fault is told with file, line, JSON Pointer, what is there and
 * what was expected. A member that is not known is a fault too: it is a slip of the pen.
 *
 * A fault is noted and reading goes on with something harmless in its place, so that one reading finds them all; nothing of
 * a file with faults may be used. A spot is a place in the file: a chain of names and positions up to the root. Spots live on
 * the caller's stack. */
#ifndef HACKTIV_SERVER_NETWORK_FILE_H
#define HACKTIV_SERVER_NETWORK_FILE_H

#include <cjson/cJSON.h>

#include "hacktiv/base.h"

#define NETWORK_FILE_MAX (4u * 1024u * 1024u)   /* bytes of one file */

#define FAULTS_MAX 20                           /* that are told of one file; the rest is counted */

struct fault {
	int line;
	const char *pointer;      /* in the arena */
	const char *text;         /* "/pointer: a whole sentence" */
};

struct network_file {
	const char *path;         /* as it may be shown */
	struct arena *arena;      /* what is read lives here */
	struct buffer text;
	cJSON *root;
	struct fault faults[FAULTS_MAX];
	size_t fault_count;       /* all there are, also those not kept */
};

struct spot {
	struct network_file *file;
	const struct spot *above;      /* NULL: the whole file */
	const char *name;              /* of a member, or NULL: an element */
	size_t index;                  /* of an element, from 0 */
	const cJSON *value;            /* NULL: a member that is not there */
};

/* `arena` must outlive it. False: it cannot be read or is no JSON. Close it also then. */
bool network_file_open(struct network_file *file, const char *path, struct arena *arena, struct problem *why);
/* The same of what is in memory already: takes `root`. */
void network_file_take(struct network_file *file, cJSON *root, struct arena *arena);
void network_file_close(struct network_file *file);
/* No fault was noted. Otherwise `why` is the first in the file, with "path:line: " before it, and the kept ones are in the order of
 * their lines. */
bool network_file_judge(struct network_file *file, struct problem *why);

struct spot spot_of_file(struct network_file *file);
struct spot spot_of_member(const struct spot *above, const char *name);
struct spot spot_of_element(const struct spot *above, size_t index, const cJSON *value);

/* Notes a fault: "is missing, expected a time of day", "found 9, expected …"; or as it is said. Return false. */
__attribute__((format(printf, 2, 3)))
bool spot_expected(const struct spot *spot, const char *format, ...);
__attribute__((format(printf, 2, 3)))
bool spot_wrong(const struct spot *spot, const char *format, ...);

bool is_named(const char *name, const char *const *known, size_t count);
/* An object; a fault for each member it has besides these. False: it is none. */
bool spot_is_object(const struct spot *spot, const char *const *known, size_t count);
bool spot_is_array(const struct spot *spot);

/* Members of the object at `spot`. Text passes the gate; over `most` bytes is a fault. `fallback` NULL: needed. False: a fault; `out`
 * is then empty text, the fallback, or what was nearest. */
bool spot_text(const struct spot *spot, const char *name, enum text_shape shape, size_t most, const char *fallback,
               const char **out);
bool spot_int(const struct spot *spot, const char *name, int least, int most, int fallback, int *out);
bool spot_bool(const struct spot *spot, const char *name, bool fallback, bool *out);
/* [a-z0-9] and, between them, hyphens; also "." when `dots`. At most 64 bytes. */
bool spot_slug(const struct spot *spot, const char *name, bool dots, const char **out);

/* The value at `spot`: "08:30", 00:00 … 24:00. Midnight after a fault. */
bool spot_minutes(const struct spot *spot, int *minutes);
/* The value at `spot`: "2026-12-24", "today", "+16d", "-3d". Today after a fault. */
bool spot_date(const struct spot *spot, struct local_date today, struct local_date *date);

#endif
