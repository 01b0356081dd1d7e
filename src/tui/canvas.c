/* canvas.c — see canvas.h. */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/base.h"

void canvas_init(struct canvas *canvas, bool ascii)
{
	*canvas = (struct canvas){.ascii = ascii, .scratch = arena_new()};
	canvas_resize(canvas, 1, 1);
}

void canvas_clear(struct canvas *canvas)
{
	free(canvas->cells);
	arena_free(canvas->scratch);
	*canvas = (struct canvas){0};
}

static int clamp(int value, int least, int most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

void canvas_resize(struct canvas *canvas, int rows, int columns)
{
	canvas->rows = clamp(rows, 1, CANVAS_ROWS_MAX);
	canvas->columns = clamp(columns, 1, CANVAS_COLUMNS_MAX);
	size_t count = (size_t)canvas->rows * (size_t)canvas->columns;
	canvas->cells = memory_grow(canvas->cells, count, sizeof *canvas->cells);
	canvas_blank(canvas);
}

static const struct cell blank_cell = {.text = " ", .width = 1, .style = STYLE_PLAIN};

void canvas_blank(struct canvas *canvas)
{
	size_t count = (size_t)canvas->rows * (size_t)canvas->columns;
	for (size_t i = 0; i < count; i++)
		canvas->cells[i] = blank_cell;
	canvas->cursor_row = 0;
	canvas->cursor_column = 0;
}

static struct cell *cell_at(const struct canvas *canvas, int row, int column)
{
	if (row < 0 || column < 0 || row >= canvas->rows || column >= canvas->columns)
		return NULL;
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int column)
{
	return cell_at(canvas, row, column);
}

/* Overwriting half of a wide character leaves a blank in its other half. */
static void make_room(struct canvas *canvas, int row, int column)
{
	struct cell *cell = cell_at(canvas, row, column);
	if (!cell)
		return;
	struct cell *neighbour = NULL;
	if (cell->width == 0)
		neighbour = cell_at(canvas, row, column - 1);
	else if (cell->width == 2)
		neighbour = cell_at(canvas, row, column + 1);
	if (neighbour)
		*neighbour = blank_cell;
	*cell = blank_cell;
}

static void put(struct canvas *canvas, int row, int column, enum style style, const char *text, size_t bytes, int width)
{
	make_room(canvas, row, column);
	if (width == 2)
		make_room(canvas, row, column + 1);
	struct cell *cell = cell_at(canvas, row, column);
	if (!cell)
		return;
	memcpy(cell->text, text, bytes);
	cell->text[bytes] = '\0';
	cell->width = (uint8_t)width;
	cell->style = (uint8_t)style;
	struct cell *right = width == 2 ? cell_at(canvas, row, column + 1) : NULL;
	if (right)
		*right = (struct cell){.text = "", .width = 0, .style = (uint8_t)style};
}

/* Width and length of the grapheme at the beginning of `text`; a longer one than a cell holds is shown as "?". */
static int measure(const char *text, size_t *bytes, char out[CELL_BYTES])
{
	unsigned char first = (unsigned char)text[0];
	if (first >= 0x20 && first < 0x7f && (unsigned char)text[1] < 0x80) {
		*bytes = 1;
		out[0] = text[0];
		out[1] = '\0';
		return 1;
	}
	*bytes = text_next(text, 0);
	if (*bytes >= CELL_BYTES || first < 0x20) {
		out[0] = first < 0x20 ? ' ' : '?';
		out[1] = '\0';
		return 1;
	}
	memcpy(out, text, *bytes);
	out[*bytes] = '\0';
	return text_columns(out);
}

/* Draws from `column` on, up to but not including `end`, both inside the area. */
static int draw(struct canvas *canvas, struct area area, int row, int column, int end, enum style style,
                const char *text)
{
	if (row < 0 || row >= area.rows)
		return 0;
	int at = column;
	while (*text) {
		char grapheme[CELL_BYTES];
		size_t bytes;
		int width = measure(text, &bytes, grapheme);
		text += bytes;
		if (width < 1)
			continue;
		if (at + width > end)
			break;
		if (at >= 0)
			put(canvas, area.row + row, area.column + at, style, grapheme, strlen(grapheme), width > 2 ? 2 : width);
		at += width;
	}
	return at - column;
}

/* Ready to draw; what text_ascii() made of it lives until the next call. */
static const char *drawable(struct canvas *canvas, const char *text)
{
	if (!canvas->ascii)
		return text;
	arena_clear(canvas->scratch);
	return text_ascii(canvas->scratch, text);
}

int canvas_columns(struct canvas *canvas, const char *text)
{
	return text_columns(drawable(canvas, text));
}

int canvas_text(struct canvas *canvas, struct area area, int row, int column, enum style style, const char *text)
{
	return draw(canvas, area, row, column, area.columns, style, drawable(canvas, text));
}

int canvas_clip(struct canvas *canvas, struct area area, int row, int column, int columns, enum style style,
                const char *text)
{
	const char *whole = drawable(canvas, text);
	int end = column + columns < area.columns ? column + columns : area.columns;
	if (end <= column)
		return 0;
	if (text_columns(whole) <= end - column)
		return draw(canvas, area, row, column, end, style, whole);
	const char *more = canvas->ascii ? "~" : "…";
	int used = draw(canvas, area, row, column, end - 1, style, whole);
	return used + draw(canvas, area, row, column + used, end, style, more);
}

void canvas_right(struct canvas *canvas, struct area area, int row, enum style style, const char *text)
{
	const char *whole = drawable(canvas, text);
	int columns = text_columns(whole);
	if (columns <= area.columns)
		draw(canvas, area, row, area.columns - columns, area.columns, style, whole);
}

size_t wrap_row(const char *text, int columns, size_t *rest)
{
	const char *line_end = strchr(text, '\n');
	size_t line = line_end ? (size_t)(line_end - text) : strlen(text);
	size_t fits = text_fit(text, columns, NULL);
	if (fits >= line) {
		*rest = line_end ? line + 1 : line;
		return line;
	}
	size_t space = fits;
	while (space > 0 && text[space] != ' ')
		space--;
	if (space > 0) {
		*rest = space + 1;
		return space;
	}
	if (fits == 0)
		fits = text_next(text, 0);
	*rest = fits;
	return fits;
}

int wrap_rows(const char *text, int columns)
{
	int rows = 0;
	while (*text && columns > 0) {
		size_t rest;
		wrap_row(text, columns, &rest);
		text += rest;
		rows++;
	}
	return rows;
}

int canvas_wrap(struct canvas *canvas, struct area area, int row, int column, enum style style, const char *text)
{
	int columns = area.columns - column;
	int used = 0;
	text = drawable(canvas, text);
	while (*text && columns > 0 && row + used < area.rows) {
		size_t rest;
		size_t bytes = wrap_row(text, columns, &rest);
		char *words = memory_get(bytes + 1);
		memcpy(words, text, bytes);
		draw(canvas, area, row + used, column, area.columns, style, words);
		free(words);
		text += rest;
		used++;
	}
	return used;
}

void canvas_cursor(struct canvas *canvas, struct area area, int row, int column)
{
	canvas->cursor_row = clamp(area.row + clamp(row, 0, area.rows - 1), 0, canvas->rows - 1);
	canvas->cursor_column = clamp(area.column + clamp(column, 0, area.columns - 1), 0, canvas->columns - 1);
}

struct area area_rows(struct area area, int from, int rows)
{
	from = clamp(from, 0, area.rows > 0 ? area.rows : 0);
	return (struct area){.row = area.row + from,
	                     .column = area.column,
	                     .rows = clamp(rows, 0, area.rows - from),
	                     .columns = area.columns};
}
