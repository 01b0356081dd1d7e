/* prose.h — text that is read: paragraphs, and lines with a label before them, as wide as there is room, scrolled by rows. */
#ifndef HACKTIV_TUI_PROSE_H
#define HACKTIV_TUI_PROSE_H

#include "canvas.h"
#include "hacktiv/base/arena.h"

struct prose_part {
	enum style style;
	const char *label;   /* "" when none */
	const char *text;    /* may hold line feeds */
};

/* Everything lives in `arena`; texts are borrowed for as long. */
struct prose {
	struct arena *arena;
	struct prose_part *parts;
	size_t count, room;
};

void prose_init(struct prose *prose, struct arena *arena);
void prose_add(struct prose *prose, enum style style, const char *text);
/* Nothing at all when `text` is "": what is not told is not there. */
void prose_add_labelled(struct prose *prose, const char *label, const char *text);
void prose_add_blank(struct prose *prose);

/* Rows that all of it takes in `columns`. */
int prose_rows(const struct prose *prose, int columns);
/* From row `top` on; the hardware cursor stands at the first row in sight that says something. */
void prose_draw(const struct prose *prose, struct canvas *canvas, struct area area, int top);

#endif
