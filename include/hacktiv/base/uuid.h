/* uuid.h — UUIDv7 (RFC 9562): ids that clients make themselves and that sort by time. */
#ifndef HACKTIV_BASE_UUID_H
#define HACKTIV_BASE_UUID_H

#include <stdbool.h>

#include "hacktiv/base/clock.h"

#define UUID_SIZE 37   /* 36 characters, lower case, and NUL */

/* Random bits from getentropy(3); dies when the system has none. */
void uuid_make(const struct clock *clock, char out[UUID_SIZE]);
/* 8-4-4-4-12 lower-case hexadecimal digits, any version. */
bool uuid_is_valid(const char *text);

#endif
