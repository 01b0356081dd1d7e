/* legacy.h — what no disk has when a process ends, as bytes on their way to the process that waits for the disk in its place (heir.h).
 *
 * Both are the same program, so the form is nobody else's business: it is refused when it is of another version, and whole or nothing.
 * Wishes and what a log-out has to remove; never a secret. */
#ifndef STORE_LEGACY_H
#define STORE_LEGACY_H

#include "hacktiv/store.h"

#define LEGACY_BYTES_MAX 1000000u

enum legacy_kind { LEGACY_WISH, LEGACY_FORGET_PERSONAL };
struct legacy_item {
	enum legacy_kind kind;
	struct outbox_row row;         /* WISH */
	const char *site;              /* FORGET_PERSONAL */
};
struct legacy {
	const char *path;              /* of the database; NULL: the usual place */
	int64_t owner;                 /* number of the process that left it (owner.h); 0: it had none yet */
	const struct legacy_item *items;
	size_t count;
};

/* `out` is initialised here. False: there is too much of it. */
bool legacy_write(const struct legacy *legacy, struct buffer *out);
/* False: that is none. Everything is in `arena`. */
bool legacy_read(const struct buffer *in, struct arena *arena, struct legacy *legacy);

#endif
