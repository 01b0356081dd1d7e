/* network_file.h — strict reading of JSON that a person wrote: every fault is told with file, line, JSON Pointer
 * and what was expected there. A member that is not known is a fault too: it is a slip of the pen.
 *
 * A spot is a place in the file: a chain of names and positions up to the root. Spots live on the caller's stack. */
#ifndef HACKTIV_SERVER_NETWORK_FILE_H
#define HACKTIV_SERVER_NETWORK_FILE_H

#include <cjson/cJSON.h>

#include "hacktiv/base.h"

#define NETWORK_FILE_MAX (4u * 1024u * 1024u)   /* bytes of one file */

struct network_file {
	const char *path;
	struct arena *arena;      /* what is read lives here */
	struct problem *why;
	struct buffer text;
	cJSON *root;
};

struct spot {
	const struct network_file *file;
	const struct spot *above;      /* NULL: the whole file */
	const char *name;              /* of a member, or NULL: an element */
	size_t index;                  /* of an element, from 0 */
	const cJSON *value;            /* NULL: a member that is not there */
};

/* `path`, `arena` and `why` must outlive it. Close it also after a failure. */
bool network_file_open(struct network_file *file, const char *path, struct arena *arena, struct problem *why);
void network_file_close(struct network_file *file);

struct spot spot_of_file(const struct network_file *file);
struct spot spot_of_member(const struct spot *above, const char *name);
struct spot spot_of_element(const struct spot *above, size_t index, const cJSON *value);

/* "path:line: /pointer: …" into the file's problem. Returns false. */
__attribute__((format(printf, 2, 3)))
bool spot_wrong(const struct spot *spot, const char *format, ...);

/* An object that has no other members than these. */
bool spot_is_object(const struct spot *spot, const char *const *known, size_t count);
bool spot_is_array(const struct spot *spot);

/* Members of the object at `spot`. Text passes the gate; over `most` bytes is a fault. `fallback` NULL: needed. */
bool spot_text(const struct spot *spot, const char *name, enum text_shape shape, size_t most, const char *fallback,
               const char **out);
bool spot_int(const struct spot *spot, const char *name, int least, int most, int fallback, int *out);
bool spot_bool(const struct spot *spot, const char *name, bool fallback, bool *out);
/* [a-z0-9] and, between them, hyphens; also "." when `dots`. At most 64 bytes. */
bool spot_slug(const struct spot *spot, const char *name, bool dots, const char **out);

/* The value at `spot`: "08:30", 00:00 … 24:00. */
bool spot_minutes(const struct spot *spot, int *minutes);
/* The value at `spot`: "2026-12-24", "today", "+16d", "-3d". */
bool spot_date(const struct spot *spot, struct local_date today, struct local_date *date);

#endif
