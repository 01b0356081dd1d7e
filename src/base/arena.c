/* arena.c — see arena.h. Blocks in a chain, newest first; a thing too large for a block gets one of its own. */
#include "hacktiv/base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/base/memory.h"

#define BLOCK_FIRST 2048u
#define BLOCK_MOST  65536u
#define BLOCK_LARGE 262144u    /* of an arena of megabytes: the system has such blocks back when they are freed, see main.c */
#define LARGE_FROM  1048576u

struct block {
	struct block *older;
	size_t room;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *newest;
	size_t taken;
	size_t next_room;
};

struct arena *arena_new(void)
{
	struct arena *arena = memory_get(sizeof *arena);
	arena->next_room = BLOCK_FIRST;
	return arena;
}

static void free_chain(struct arena *arena, struct block *block)
{
	while (block) {
		struct block *older = block->older;
		arena->taken -= sizeof *block + block->room;
		free(block);
		block = older;
	}
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	free_chain(arena, arena->newest);
	free(arena);
}

void arena_clear(struct arena *arena)
{
	struct block *kept = arena->newest;
	if (!kept)
		return;
	free_chain(arena, kept->older);
	kept->older = NULL;
	if (kept->room > BLOCK_MOST) {
		free_chain(arena, kept);
		arena->newest = NULL;
		return;
	}
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
}

size_t arena_bytes(const struct arena *arena)
{
	return sizeof *arena + arena->taken;
}

static struct block *block_new(struct arena *arena, size_t room)
{
	if (room > SIZE_MAX / 2)
		die("out of memory");
	struct block *block = memory_get(sizeof *block + room);
	block->room = room;
	arena->taken += sizeof *block + room;
	return block;
}

/* Where the next `bytes` go: the newest block when they fit, a block of their own when they are large. */
static struct block *block_for(struct arena *arena, size_t bytes)
{
	struct block *newest = arena->newest;
	if (newest && newest->room - newest->used >= bytes)
		return newest;
	if (newest && bytes > arena->next_room / 4) {
		struct block *own = block_new(arena, bytes);
		own->older = newest->older;
		newest->older = own;
		return own;
	}
	struct block *block = block_new(arena, bytes > arena->next_room ? bytes : arena->next_room);
	block->older = newest;
	arena->newest = block;
	if (arena->next_room < BLOCK_MOST)
		arena->next_room *= 2;
	else if (arena->taken >= LARGE_FROM)
		arena->next_room = BLOCK_LARGE;
	return block;
}

static size_t rounded_up(size_t bytes)
{
	size_t grain = alignof(max_align_t);
	return bytes ? (bytes + grain - 1) / grain * grain : grain;
}

void *arena_get(struct arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX / 4)
		die("out of memory");
	size_t rounded = rounded_up(bytes);
	struct block *block = block_for(arena, rounded);
	void *got = block->bytes + block->used;
	block->used += rounded;
	return got;
}

char *arena_copy_text(struct arena *arena, const char *text)
{
	return text ? arena_copy_bytes(arena, text, strlen(text)) : NULL;
}

char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length)
{
	if (length == SIZE_MAX)
		die("out of memory");
	char *copy = arena_get(arena, length + 1);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_print_list(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		die("text cannot be printed");
	char *text = arena_get(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *(arena_print)(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_print_list(arena, format, arguments);
	va_end(arguments);
	return text;
}

/* The link to the block that holds `first` and nothing else. */
static struct block **own_block(struct arena *arena, const void *first)
{
	struct block **link = &arena->newest;
	while (*link && ((*link)->bytes != first || (*link)->used != (*link)->room))
		link = &(*link)->older;
	return *link && (*link)->room > BLOCK_MOST ? link : NULL;
}

/* Long lists grow where they are: what they leave behind would be as long again. */
static void *longer(struct arena *arena, const struct arena_rows *rows, size_t room)
{
	struct block **own = own_block(arena, rows->first);
	if (!own || room > SIZE_MAX / 4 / rows->bytes) {
		void *copy = arena_get(arena, room * rows->bytes);
		if (rows->count)
			memcpy(copy, rows->first, rows->count * rows->bytes);
		return copy;
	}
	size_t bytes = rounded_up(room * rows->bytes), before = (*own)->room;
	struct block *block = *own = memory_grow(*own, 1, sizeof *block + bytes);
	memset(block->bytes + before, 0, bytes - before);
	block->room = block->used = bytes;
	arena->taken += bytes - before;
	return block->bytes;
}

void *arena_next_row(struct arena *arena, struct arena_rows *rows)
{
	if (rows->count == rows->room) {
		size_t room = !rows->room ? 16 : rows->room < 4096 ? rows->room * 2 : rows->room + rows->room / 4;
		rows->first = longer(arena, rows, room);
		rows->room = room;
	}
	return (char *)rows->first + rows->count * rows->bytes;
}
