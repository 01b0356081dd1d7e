/* code_point.h — one Unicode character at a time, for the files that make up text.h. */
#ifndef BASE_CODE_POINT_H
#define BASE_CODE_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLACEMENT 0xfffd
#define ELLIPSIS    "…"

/* Reads one character from at most `length` bytes (length > 0) and returns how many bytes it took, at least 1. What is
 * not UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF) is one U+FFFD for the whole attempt. */
size_t code_point_read(const char *bytes, size_t length, int32_t *point);
/* Writes up to 4 bytes, returns how many. */
size_t code_point_write(int32_t point, char *bytes);

/* Nonspacing and enclosing marks: drawn on the character before, without a column of their own. */
bool code_point_is_mark(int32_t point);
/* Space separators and line feed. */
bool code_point_is_space(int32_t point);
/* Columns of a character that has passed the gate: 0, 1 or 2. */
int code_point_columns(int32_t point);

#endif
