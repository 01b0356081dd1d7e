/* layout.c — see layout.h. */
#include "layout.h"

#define SIDE_GAP 3

static enum layout_size size_of(int rows, int columns)
{
	if (rows < LAYOUT_LEAST_ROWS || columns < LAYOUT_LEAST_COLUMNS)
		return LAYOUT_TOO_SMALL;
	if (rows < LAYOUT_FULL_ROWS || columns < LAYOUT_FULL_COLUMNS)
		return LAYOUT_SMALL;
	return columns < LAYOUT_WIDE_COLUMNS ? LAYOUT_FULL : LAYOUT_WIDE;
}

struct layout layout_for(int rows, int columns)
{
	struct area screen = {.rows = rows, .columns = columns};
	struct layout layout = {.size = size_of(rows, columns)};
	if (layout.size == LAYOUT_TOO_SMALL) {
		layout.body = layout.list = screen;
		return layout;
	}
	int air = layout.size == LAYOUT_SMALL ? 0 : 1;
	layout.header = area_rows(screen, 0, 1);
	layout.body = area_rows(screen, 1 + air, rows - 3 - 2 * air);
	layout.message = area_rows(screen, rows - 2, 1);
	layout.hints = area_rows(screen, rows - 1, 1);

	layout.list = layout.body;
	if (layout.size == LAYOUT_WIDE) {
		layout.list.columns = columns * 3 / 5;
		layout.side = layout.body;
		layout.side.column = layout.list.columns + SIDE_GAP;
		layout.side.columns = columns - layout.side.column;
	}
	return layout;
}
