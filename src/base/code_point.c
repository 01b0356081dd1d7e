/* code_point.c — see code_point.h. */
#include "code_point.h"

#include <utf8proc.h>

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t code_point_read(const char *bytes, size_t length, int32_t *point)
{
	utf8proc_int32_t read;
	utf8proc_ssize_t took = utf8proc_iterate((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length, &read);
	if (took > 0) {
		*point = read;
		return (size_t)took;
	}
	*point = REPLACEMENT;
	unsigned char first = (unsigned char)bytes[0];
	size_t meant = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
	size_t wrong = 1;
	while (wrong < meant && wrong < length && is_continuation(bytes[wrong]))
		wrong++;
	return wrong;
}

size_t code_point_write(int32_t point, char *bytes)
{
	return (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)bytes);
}

bool code_point_is_mark(int32_t point)
{
	if (point < 0x300)
		return false;
	utf8proc_category_t category = utf8proc_category(point);
	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

bool code_point_is_space(int32_t point)
{
	return point == ' ' || point == '\n' || (point >= 0xa0 && utf8proc_category(point) == UTF8PROC_CATEGORY_ZS);
}

/* utf8proc's table rather than wcwidth(): it needs no setlocale() and is the same on every system. For what passes the gate
 * it differs from glibc, and so from what ncurses believes, in spacing marks only; a test holds the two together. */
int code_point_columns(int32_t point)
{
	if (point < 0x300)
		return point >= ' ';
	int columns = utf8proc_charwidth(point);
	if (columns == 0 && utf8proc_category(point) == UTF8PROC_CATEGORY_MC)
		return 1;
	return columns;
}
