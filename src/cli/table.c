/* table.c — see table.h. */
#include "table.h"

#include <string.h>

#define GAP 2   /* columns between two cells */

void table_init(struct table *table, struct arena *arena, size_t columns)
{
	*table = (struct table){ .arena = arena, .columns = columns };
}

void table_row(struct table *table, const char *const *cells)
{
	if (table->rows == table->room) {
		size_t room = table->room ? table->room * 2 : 16;
		const char **bigger = arena_get(table->arena, room * table->columns * sizeof *bigger);
		if (table->rows)
			memcpy(bigger, table->cells, table->rows * table->columns * sizeof *bigger);
		table->cells = bigger;
		table->room = room;
	}
	for (size_t column = 0; column < table->columns; column++)
		table->cells[table->rows * table->columns + column] = cells[column] ? cells[column] : "";
	table->rows++;
}

static int whole_width(const int widths[TABLE_COLUMNS_MAX], size_t columns)
{
	int width = 0;
	for (size_t column = 0; column < columns; column++)
		width += widths[column] ? widths[column] + GAP : 0;
	return width > 0 ? width - GAP : 0;
}

static size_t widest(const int widths[TABLE_COLUMNS_MAX], size_t columns)
{
	size_t at = 0;
	for (size_t column = 1; column < columns; column++) {
		if (widths[column] > widths[at])
			at = column;
	}
	return at;
}

/* A column in which nothing stands has no width and no gap. */
static size_t measure(const struct table *table, int most, int widths[TABLE_COLUMNS_MAX])
{
	memset(widths, 0, TABLE_COLUMNS_MAX * sizeof *widths);
	for (size_t at = 0; at < table->rows * table->columns; at++) {
		int width = text_columns(table->cells[at]);
		if (width > widths[at % table->columns])
			widths[at % table->columns] = width;
	}
	size_t columns = table->columns;
	if (most > 0 && table->optional_last && columns > 1 && whole_width(widths, columns) > most)
		columns--;
	while (most > 0 && whole_width(widths, columns) > most && widths[widest(widths, columns)] > 1)
		widths[widest(widths, columns)]--;
	return columns;
}

void table_print(const struct table *table, int most, struct buffer *out)
{
	int widths[TABLE_COLUMNS_MAX];
	size_t columns = measure(table, most, widths);
	for (size_t row = 0; row < table->rows; row++) {
		int owed = 0;   /* spaces are written only before something: no line ends with one */
		for (size_t column = 0; column < columns; column++) {
			if (!widths[column])
				continue;
			const char *cell = text_clip(table->arena, table->cells[row * table->columns + column], widths[column]);
			if (*cell)
				buffer_print(out, "%*s%s", owed, "", cell);
			int written = text_columns(cell);
			owed = (*cell ? 0 : owed) + widths[column] - written + GAP;
		}
		buffer_add_text(out, "\n");
	}
}
