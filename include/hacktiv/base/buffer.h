/* buffer.h — bytes that grow up to a ceiling named at birth (after curl's dynbuf).
 *
 * `bytes` is never NULL after buffer_init() and always NUL-terminated. When an append would pass the ceiling nothing is
 * appended, the buffer is marked `full` and every later append fails too: half a text is never taken for a whole one. */
#ifndef HACKTIV_BASE_BUFFER_H
#define HACKTIV_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *bytes;
	size_t length;
	size_t room;
	size_t ceiling;   /* largest length allowed */
	bool full;        /* an append was refused */
};

void buffer_init(struct buffer *buffer, size_t ceiling);
void buffer_clear(struct buffer *buffer);   /* gives the memory back; init again before use */
void buffer_reset(struct buffer *buffer);   /* empties, keeps the memory, clears `full` */
bool buffer_add(struct buffer *buffer, const void *bytes, size_t length);
bool buffer_add_text(struct buffer *buffer, const char *text);
__attribute__((format(printf, 2, 3)))
bool buffer_print(struct buffer *buffer, const char *format, ...);
#define buffer_print(...) (__extension__ buffer_print(__VA_ARGS__))   /* why: see problem_set() */
char *buffer_detach(struct buffer *buffer); /* the bytes are yours; the buffer is as after buffer_init() */

#endif
