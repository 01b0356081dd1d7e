/* percent.h — what is written with percent signs: RFC 3986, 2.1, and with plus signs for spaces as forms do. */
#ifndef HACKTIV_SERVER_PERCENT_H
#define HACKTIV_SERVER_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

/* `out` has room for `length` bytes and a NUL. False: a percent sign without two digits. What stands for NUL is one in `out`: see *used. */
bool percent_decode(const char *from, size_t length, bool plus_is_space, char *out, size_t *used);

#endif
