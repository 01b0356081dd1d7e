/* arena.h — memory that lives and dies together: one snapshot, one frame, one request.
 *
 * Nothing in an arena is freed alone. Pointers stay valid until arena_clear() or arena_free(). Not thread-safe: an
 * arena has one owner at a time and may be handed to another thread whole. */
#ifndef HACKTIV_BASE_ARENA_H
#define HACKTIV_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);        /* NULL is fine */
void arena_clear(struct arena *arena);       /* forgets everything, keeps one block for the next use */
size_t arena_bytes(const struct arena *arena); /* bytes taken from the system */

__attribute__((returns_nonnull))
void *arena_get(struct arena *arena, size_t bytes);  /* zeroed, aligned for any type, never NULL */
char *arena_copy_text(struct arena *arena, const char *text);  /* NULL stays NULL */
__attribute__((returns_nonnull))
char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length); /* adds a final NUL */
__attribute__((format(printf, 2, 3), nonnull, returns_nonnull))
char *arena_print(struct arena *arena, const char *format, ...);
__attribute__((format(printf, 2, 0), nonnull(1, 2), returns_nonnull))
char *arena_print_list(struct arena *arena, const char *format, va_list arguments);
#define arena_print(...) (__extension__ arena_print(__VA_ARGS__))   /* why: see problem_set() */

/* An array that grows in an arena: each time to twice its length, so that all those left behind take no more than the last. */
struct arena_rows {
	void *first;
	size_t count, room;
	size_t bytes;          /* of one row; set before the first */
};
/* The place behind the last row, not counted yet: whoever fills it does `rows->count++`. */
__attribute__((returns_nonnull))
void *arena_next_row(struct arena *arena, struct arena_rows *rows);

#endif
