/* qr.c — see qr.h. */
#include "hacktiv/app/qr.h"

#include <qrencode.h>
#include <string.h>

#define BYTES_A_CHARACTER 3   /* of a half block in UTF-8 */

static bool is_dark(const QRcode *code, int row, int column)
{
	row -= QR_MARGIN;
	column -= QR_MARGIN;
	if (row < 0 || column < 0 || row >= code->width || column >= code->width)
		return false;
	return code->data[row * code->width + column] & 1;
}

static const char *make_row(struct arena *arena, const QRcode *code, int row, int columns, bool dark_ink)
{
	static const char *const blocks[] = { " ", "▀", "▄", "█" };   /* upper half, lower half, both */
	char *text = arena_get(arena, (size_t)columns * BYTES_A_CHARACTER + 1), *to = text;
	for (int column = 0; column < columns; column++) {
		bool upper = is_dark(code, row, column) == dark_ink, lower = is_dark(code, row + 1, column) == dark_ink;
		const char *block = blocks[upper + 2 * lower];
		size_t length = strlen(block);
		memcpy(to, block, length);
		to += length;
	}
	*to = '\0';
	return text;
}

bool qr_make(struct arena *arena, const char *text, bool dark_ink, struct qr *qr)
{
	QRcode *code = *text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L) : NULL;
	if (!code)
		return false;
	int across = code->width + 2 * QR_MARGIN;
	*qr = (struct qr){ .count = (size_t)(across + 1) / 2, .columns = across };
	const char **rows = arena_get(arena, qr->count * sizeof *rows);
	for (size_t i = 0; i < qr->count; i++)
		rows[i] = make_row(arena, code, (int)i * 2, across, dark_ink);
	qr->rows = rows;
	QRcode_free(code);
	return true;
}
