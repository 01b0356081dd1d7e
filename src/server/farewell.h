/* farewell.h — connections that we have ended while the client may still be sending. Closed at once, a socket with unread bytes answers the
 * next ones with a reset, and that can reach the client before it has read why it was refused. So our side is shut first, and what still
 * comes is read and thrown away until the client has hung up too, is silent, or goes on for too long (RFC 9112 9.6). */
#ifndef HACKTIV_SERVER_FAREWELL_H
#define HACKTIV_SERVER_FAREWELL_H

#include <stddef.h>

#define FAREWELL_SILENCE_MS 2000
#define FAREWELL_LIMIT_MS   10000   /* from the end on our side */
#define FAREWELL_MAX        64      /* at once: with more, the next is closed as it is */

struct farewell;

/* FAREWELL_MAX, or fewer where this process may have few descriptors. */
size_t farewell_room(void);

struct farewell *farewell_new(void);
void farewell_free(struct farewell *farewell);    /* closes what is left; NULL is fine */

/* Goes on with a copy of the descriptor, whose owner then closes it as ever. From any thread. */
void farewell_take(struct farewell *farewell, int descriptor);

#endif
