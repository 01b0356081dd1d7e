/* buffer.c — see buffer.h. */
#include "hacktiv/base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/base/memory.h"

#define ROOM_FIRST 64u

void buffer_init(struct buffer *buffer, size_t ceiling)
{
	/* One byte less than all memory, so that the final NUL always has a place. */
	if (ceiling > SIZE_MAX / 2)
		ceiling = SIZE_MAX / 2;
	size_t room = ceiling < ROOM_FIRST ? ceiling + 1 : ROOM_FIRST;
	*buffer = (struct buffer){ .bytes = memory_get(room), .room = room, .ceiling = ceiling };
}

void buffer_clear(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){ .bytes = NULL };
}

void buffer_reset(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->bytes[0] = '\0';
	buffer->full = false;
}

/* Room for `more` bytes and the NUL, or the mark that the ceiling was reached. */
static bool make_room(struct buffer *buffer, size_t more)
{
	if (buffer->full || more > buffer->ceiling - buffer->length) {
		buffer->full = true;
		return false;
	}
	size_t needed = buffer->length + more + 1;
	if (needed <= buffer->room)
		return true;
	size_t room = buffer->room * 2;
	if (room < needed)
		room = needed;
	if (room > buffer->ceiling + 1)
		room = buffer->ceiling + 1;
	buffer->bytes = memory_grow(buffer->bytes, room, 1);
	buffer->room = room;
	return true;
}

bool buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	if (!make_room(buffer, length))
		return false;
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return true;
}

bool buffer_add_text(struct buffer *buffer, const char *text)
{
	return buffer_add(buffer, text, strlen(text));
}

bool (buffer_print)(struct buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	bool fits = length >= 0 && make_room(buffer, (size_t)length);
	if (fits) {
		vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
	return fits;
}

char *buffer_detach(struct buffer *buffer)
{
	char *bytes = buffer->bytes;
	buffer_init(buffer, buffer->ceiling);
	return bytes;
}
