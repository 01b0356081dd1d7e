/* picture.h — a screen as text, and the golden screens of one play in one file. Test support only. */
#ifndef HACKTIV_TESTS_PICTURE_H
#define HACKTIV_TESTS_PICTURE_H

#include "hacktiv/base.h"
#include "terminal.h"

/* The rows; "--- cursor ROW:COLUMN"; then what is not plain, a line for each row: "5: b0 b2-15 g20" is bold in column 0 and
 * from 2 to 15, green in 20. Rows and columns count from 0. */
void picture_take(struct terminal *terminal, struct buffer *text);

/* The hardware cursor stands where the eye shall be: on the marker of the chosen row, the only one; in a field; or on the chosen of
 * several words in a line. */
bool picture_has_focus(struct terminal *terminal);

/* A file of pictures, each under a line "=== NAME". */
struct golden {
	const char *path;
	bool renewed;
	struct buffer then, now;   /* as read; as it will be written when renewed */
};
void golden_open(struct golden *golden, const char *path, bool renew);
/* The picture of that name; NULL: there is none. `length` without the next heading. */
const char *golden_find(const struct golden *golden, const char *name, size_t *length);
void golden_add(struct golden *golden, const char *name, const struct buffer *picture);
bool golden_close(struct golden *golden);   /* false: it could not be written */

/* As TAP comments: what is the same, "-" what was, "+" what is. */
void picture_tell_difference(const char *then, size_t then_length, const char *now);

#endif
