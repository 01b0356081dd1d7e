/* canvas.h — what the screen shall show: a grid of cells with style names. Knows no terminal, so a test can read it.
 *
 * Text is clean (text.h) and valid UTF-8. A wide character takes two cells, the second with width 0; one of which only half would be
 * inside is not drawn. Drawing outside the canvas or the area is cut off, never an error. */
#ifndef HACKTIV_TUI_CANVAS_H
#define HACKTIV_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"
#include "theme.h"

#define CELL_BYTES 17   /* a base and two combining marks of four bytes each, some room, and NUL */

struct cell {
	char text[CELL_BYTES];   /* one grapheme; "" in the right half of a wide one */
	uint8_t width;           /* 1, 2, or 0 for that right half */
	uint8_t style;           /* enum style */
};

/* Rows and columns from 0. An empty area (rows or columns < 1) hides what is drawn in it. */
struct area {
	int row, column;
	int rows, columns;
};

struct canvas {
	int rows, columns;
	struct cell *cells;
	int cursor_row, cursor_column;   /* where the hardware cursor shall stand: on the focused item */
	bool ascii;                      /* the terminal has nothing else: text_ascii() is applied here */
	struct arena *scratch;
};

#define CANVAS_ROWS_MAX    1000
#define CANVAS_COLUMNS_MAX 2000

void canvas_init(struct canvas *canvas, bool ascii);
void canvas_clear(struct canvas *canvas);                            /* gives the memory back */
void canvas_resize(struct canvas *canvas, int rows, int columns);    /* clamped to 1 … the largest; blank afterwards */
void canvas_blank(struct canvas *canvas);

/* Draws at (row, column) of `area`; returns the columns that were used. canvas_text() cuts silently, canvas_clip() to `columns` with
 * "…" ("~" in ASCII) at the end when something is missing. */
int canvas_text(struct canvas *canvas, struct area area, int row, int column, enum style style, const char *text);
int canvas_clip(struct canvas *canvas, struct area area, int row, int column, int columns, enum style style,
                const char *text);
/* Columns that a text takes when it is drawn here: with nothing but ASCII "€" is "EUR". */
int canvas_columns(struct canvas *canvas, const char *text);
/* Ends at the area's right edge; "" when there is not room for all of it. */
void canvas_right(struct canvas *canvas, struct area area, int row, enum style style, const char *text);
/* Draws words over as many rows as needed, at most those left; returns the rows used. Line feeds begin a new row. */
int canvas_wrap(struct canvas *canvas, struct area area, int row, int column, enum style style, const char *text);

void canvas_cursor(struct canvas *canvas, struct area area, int row, int column);   /* clamped into the area */
const struct cell *canvas_cell(const struct canvas *canvas, int row, int column);   /* NULL outside */

/* Bytes of the words that fit in the first row of `columns`, and where the row after it begins. A longer word is cut. */
size_t wrap_row(const char *text, int columns, size_t *rest);
/* Rows that canvas_wrap() would take in `columns`. */
int wrap_rows(const char *text, int columns);

/* Part of an area: `rows` from `from` on, clamped; the rest below. */
struct area area_rows(struct area area, int from, int rows);

#endif
