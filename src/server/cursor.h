/* cursor.h — where a list goes on: a place in its order, signed, so that nobody makes one up or takes another's. */
#ifndef HACKTIV_SERVER_CURSOR_H
#define HACKTIV_SERVER_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "hacktiv/base/arena.h"

#define CURSOR_SECRET_BYTES 32

struct cursor {
	int64_t at;         /* of the last row told */
	const char *id;
};

/* `list` names the list and whose it is: a cursor of one fits no other. base64url, in the arena. */
const char *cursor_write(struct arena *arena, const unsigned char secret[CURSOR_SECRET_BYTES], const char *list,
                         struct cursor cursor);
bool cursor_read(struct arena *arena, const unsigned char secret[CURSOR_SECRET_BYTES], const char *list, const char *text,
                 struct cursor *cursor);

#endif
