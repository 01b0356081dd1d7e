/* prose.c — see prose.h. */
#include "prose.h"

#include <string.h>

#include "hacktiv/base.h"

#define GAP 2
#define LABEL_MOST 18

void prose_init(struct prose *prose, struct arena *arena)
{
	*prose = (struct prose){ .arena = arena };
}

static void add(struct prose *prose, struct prose_part part)
{
	if (prose->count == prose->room) {
		size_t room = prose->room ? prose->room * 2 : 16;
		struct prose_part *parts = arena_get(prose->arena, room * sizeof *parts);
		if (prose->count)
			memcpy(parts, prose->parts, prose->count * sizeof *parts);
		prose->parts = parts;
		prose->room = room;
	}
	prose->parts[prose->count++] = part;
}

void prose_add(struct prose *prose, enum style style, const char *text)
{
	add(prose, (struct prose_part){ style, "", text });
}

void prose_add_labelled(struct prose *prose, const char *label, const char *text)
{
	if (*text)
		add(prose, (struct prose_part){ STYLE_PLAIN, label, text });
}

void prose_add_blank(struct prose *prose)
{
	add(prose, (struct prose_part){ STYLE_PLAIN, "", "" });
}

/* Labels are as wide as the widest, up to a limit and never more than a third of the line. */
static int label_columns(const struct prose *prose, int columns)
{
	int widest = 0;
	for (size_t i = 0; i < prose->count; i++) {
		int own = text_columns(prose->parts[i].label);
		widest = own > widest ? own : widest;
	}
	int most = columns / 3 < LABEL_MOST ? columns / 3 : LABEL_MOST;
	return widest > most ? most : widest;
}

static int part_rows(const struct prose_part *part, int columns, int labels)
{
	int indent = *part->label ? labels + GAP : 0;
	int rows = wrap_rows(part->text, columns - indent);
	return rows > 0 ? rows : 1;
}

int prose_rows(const struct prose *prose, int columns)
{
	int labels = label_columns(prose, columns), rows = 0;
	for (size_t i = 0; i < prose->count; i++)
		rows += part_rows(&prose->parts[i], columns, labels);
	return rows;
}

void prose_draw(const struct prose *prose, struct canvas *canvas, struct area area, int top)
{
	int labels = label_columns(prose, area.columns), row = -top, first = -1;
	for (size_t i = 0; i < prose->count && row < area.rows; i++) {
		const struct prose_part *part = &prose->parts[i];
		int indent = *part->label ? labels + GAP : 0;
		if (indent)
			canvas_clip(canvas, area, row, 0, labels, STYLE_PLAIN, part->label);
		canvas_wrap(canvas, area, row, indent, part->style, part->text);
		int rows = part_rows(part, area.columns, labels);
		if (first < 0 && row + rows > 0 && *part->text)
			first = row;
		row += rows;
	}
	canvas_cursor(canvas, area, first, 0);
}
