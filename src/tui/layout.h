/* layout.h — where things stand on a screen of a given size. A pure function, defined down to 1x1. */
#ifndef HACKTIV_TUI_LAYOUT_H
#define HACKTIV_TUI_LAYOUT_H

#include "canvas.h"

#define LAYOUT_LEAST_COLUMNS 20
#define LAYOUT_LEAST_ROWS     5
#define LAYOUT_FULL_COLUMNS  60
#define LAYOUT_FULL_ROWS     15
#define LAYOUT_WIDE_COLUMNS 110

enum layout_size {
	LAYOUT_TOO_SMALL,   /* one sentence in `body`, all else empty */
	LAYOUT_SMALL,       /* one thing at a time, short columns, no empty rows */
	LAYOUT_FULL,
	LAYOUT_WIDE         /* room beside the list */
};

struct layout {
	enum layout_size size;
	struct area header;    /* one row */
	struct area body;      /* the pane, or the dialog that took its place */
	struct area list;      /* in the body: the list, */
	struct area side;      /* and what stands beside it; empty unless WIDE */
	struct area message;   /* one row: outcome of the last act, or a line one types in */
	struct area hints;     /* one row: keys, and how fresh things are */
};

/* Areas never overlap (list and side are parts of the body) and never leave the screen. */
struct layout layout_for(int rows, int columns);

#endif
