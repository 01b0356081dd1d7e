/* sheet.h — what a pane shows below its head: sections of rows in columns that are as wide as their words, headings, notes.
 *
 * A pane fills a sheet anew for each frame and each key from what the session has now; only the choice (list.h) lives longer, and the
 * lines of a long list, see sheet_borrow(). The sheet gives it a marker cell, a cursor, scrolling and filtering, all the same in every
 * pane. */
#ifndef HACKTIV_TUI_SHEET_H
#define HACKTIV_TUI_SHEET_H

#include "canvas.h"
#include "list.h"

#define SHEET_COLUMNS 8
#define SHEET_MARKER 2   /* columns before a row: "> " */

struct sheet_painter;
struct sheet_column {
	const char *heading;   /* "" when none */
	int drop;              /* 0: stays always; else the highest goes first when there is no room */
	bool right;            /* figures end at the right */
	bool gives_way;        /* is cut when there is still no room, */
	int least;             /* down to so many columns; 0: a handful */
	int width;             /* so wide at least, whatever the rows in sight hold */
	const struct sheet_painter *painter;   /* NULL: words only */
};

struct sheet;
struct sheet_line;

/* A column that is drawn rather than written, in `width` columns: where a row's cell has no text. `context` is the pane's. */
struct sheet_painter {
	void (*paint)(const void *context, const void *thing, struct canvas *canvas, struct area area, int row, int column);
	const void *context;
};

/* How rows of a long list are made: only those in sight, when they are drawn. `context` is the pane's. */
struct sheet_maker {
	void (*cells)(const struct sheet *sheet, struct sheet_line *line, const void *context);
	const char *(*label)(struct arena *arena, const void *thing);
	const void *context;
};

struct sheet_section {
	struct sheet_column columns[SHEET_COLUMNS];
	size_t count;
	const struct sheet_maker *maker;   /* NULL unless it has rows that are made later; outlives the sheet */
	const char *title;            /* "" none */
	int widths[SHEET_COLUMNS];    /* by sheet_draw(); 0: dropped */
	struct sheet_section *next;
};

struct sheet_cell {
	const char *text;
	enum style style;
};

enum sheet_kind {
	SHEET_BLANK,
	SHEET_TITLE,     /* of a section, over its columns' headings */
	SHEET_GROUP,     /* of some rows in it */
	SHEET_NOTE,      /* a sentence instead of rows */
	SHEET_ROW
};

struct sheet_line {
	enum sheet_kind kind;
	struct sheet_section *section;
	const char *text;                       /* TITLE, GROUP, NOTE */
	struct sheet_cell *cells;               /* ROW; NULL: made when it is in sight */
	const void *thing;                      /* what the row is: the pane knows its type by the section */
	const char *label;                      /* ROW: see sheet_label() */
};

/* Everything lives in `arena`. */
struct sheet {
	struct arena *arena;
	const char *filter;           /* "" for all */
	struct sheet_line *lines;
	const char **ids;
	size_t count;
	size_t room;
	struct sheet_section *sections;   /* the last one first */
	bool finished;
	int note_columns;             /* where sentences turn to a new line; 0: nowhere */
	size_t hidden;                /* rows the filter left out */
};

void sheet_init(struct sheet *sheet, struct arena *arena, const char *filter);
struct sheet_section *sheet_section(struct sheet *sheet, const struct sheet_column *columns, size_t count);
/* Room for so many lines more, at once. */
void sheet_expect(struct sheet *sheet, size_t count);
void sheet_blank(struct sheet *sheet);
void sheet_title(struct sheet *sheet, struct sheet_section *section, const char *text);
void sheet_group(struct sheet *sheet, struct sheet_section *section, const char *text);
void sheet_note(struct sheet *sheet, const char *text);
/* NULL when the filter leaves it out: then there is nothing to fill. `id` unique in the sheet. */
struct sheet_line *sheet_row(struct sheet *sheet, struct sheet_section *section, const char *id, const char *label,
                             const void *thing);
/* A row of a section with a maker. `id` is borrowed and not filtered: the pane asks its own data, which is quicker. */
void sheet_row_later(struct sheet *sheet, struct sheet_section *section, const char *id, const void *thing);
/* What the box and the filter find a row by; "" for what is no row. */
const char *sheet_label(const struct sheet *sheet, size_t at);
/* The first cell in words. */
const char *sheet_name(const struct sheet *sheet, size_t at);
void sheet_cell(struct sheet_line *line, size_t column, enum style style, const char *text);
/* Groups and titles that the filter left without rows go. Call when all is there; once more does nothing. */
void sheet_finish(struct sheet *sheet);
/* The lines of `whole` instead of its own, none of them copied, so that a frame of a long list costs what is in sight. `whole` is finished,
 * has only rows that are made later, and outlives `sheet`. */
void sheet_borrow(struct sheet *sheet, const struct sheet *whole);

struct list_rows sheet_rows(const struct sheet *sheet);
/* The row under the cursor, NULL when there is none. */
const struct sheet_line *sheet_selected(const struct sheet *sheet, const struct list *list);
/* How many rows there are, in `rows` lines of the screen and above them. */
struct sheet_extent {
	size_t all, above, seen;
};
void sheet_extent(const struct sheet *sheet, const struct list *list, int rows, struct sheet_extent *extent);
/* `list` has been synchronised and shown (list_sync, list_show) for this sheet. Places the hardware cursor on the chosen row. */
void sheet_draw(const struct sheet *sheet, const struct list *list, struct canvas *canvas, struct area area);

#endif
