/* sheet.c — see sheet.h. */
#include "sheet.h"

#include <string.h>

#include "hacktiv/base.h"

#define GAP 2        /* columns between two columns */
#define LEAST 6      /* what a column that gives way keeps when it does not say */

void sheet_init(struct sheet *sheet, struct arena *arena, const char *filter)
{
	*sheet = (struct sheet){.arena = arena, .filter = filter ? filter : ""};
}

struct sheet_section *sheet_section(struct sheet *sheet, const struct sheet_column *columns, size_t count)
{
	struct sheet_section *section = arena_get(sheet->arena, sizeof *section);
	section->count = count < SHEET_COLUMNS ? count : SHEET_COLUMNS;
	memcpy(section->columns, columns, section->count * sizeof *columns);
	section->title = "";
	section->next = sheet->sections;
	sheet->sections = section;
	return section;
}

static void have_room(struct sheet *sheet, size_t room)
{
	struct sheet_line *lines = arena_get(sheet->arena, room * sizeof *lines);
	const char **ids = arena_get(sheet->arena, room * sizeof *ids);
	if (sheet->count) {
		memcpy(lines, sheet->lines, sheet->count * sizeof *lines);
		memcpy(ids, sheet->ids, sheet->count * sizeof *ids);
	}
	sheet->lines = lines;
	sheet->ids = ids;
	sheet->room = room;
}

void sheet_expect(struct sheet *sheet, size_t count)
{
	if (sheet->room - sheet->count < count)
		have_room(sheet, sheet->count + count);
}

static struct sheet_line *add(struct sheet *sheet, enum sheet_kind kind, struct sheet_section *section,
                              const char *text, const char *id)
{
	if (sheet->count == sheet->room)
		have_room(sheet, sheet->room ? sheet->room * 2 : 64);
	struct sheet_line *line = &sheet->lines[sheet->count];
	*line = (struct sheet_line){.kind = kind, .section = section, .text = text};
	sheet->ids[sheet->count++] = id;
	return line;
}

void sheet_blank(struct sheet *sheet)
{
	add(sheet, SHEET_BLANK, NULL, "", NULL);
}

void sheet_title(struct sheet *sheet, struct sheet_section *section, const char *text)
{
	section->title = text;
	add(sheet, SHEET_TITLE, section, text, NULL);
}

void sheet_group(struct sheet *sheet, struct sheet_section *section, const char *text)
{
	add(sheet, SHEET_GROUP, section, text, NULL);
}

void sheet_note(struct sheet *sheet, const char *text)
{
	while (sheet->note_columns > 0 && text_columns(text) > sheet->note_columns) {
		size_t rest, length = wrap_row(text, sheet->note_columns, &rest);
		add(sheet, SHEET_NOTE, NULL, arena_copy_bytes(sheet->arena, text, length), NULL);
		text += rest;
	}
	add(sheet, SHEET_NOTE, NULL, text, NULL);
}

static void add_cells(const struct sheet *sheet, struct sheet_line *line)
{
	line->cells = arena_get(sheet->arena, SHEET_COLUMNS * sizeof *line->cells);
	for (size_t i = 0; i < SHEET_COLUMNS; i++)
		line->cells[i] = (struct sheet_cell){ .text = "", .style = STYLE_PLAIN };
}

struct sheet_line *sheet_row(struct sheet *sheet, struct sheet_section *section, const char *id, const char *label,
                             const void *thing)
{
	if (*sheet->filter && !text_matches(label, sheet->filter)) {
		sheet->hidden++;
		return NULL;
	}
	struct sheet_line *line = add(sheet, SHEET_ROW, section, "", arena_copy_text(sheet->arena, id));
	line->thing = thing;
	line->label = label;
	add_cells(sheet, line);
	return line;
}

void sheet_row_later(struct sheet *sheet, struct sheet_section *section, const char *id, const void *thing)
{
	add(sheet, SHEET_ROW, section, "", id)->thing = thing;
}

const char *sheet_label(const struct sheet *sheet, size_t at)
{
	const struct sheet_line *line = &sheet->lines[at];
	if (line->kind != SHEET_ROW)
		return "";
	return line->label ? line->label : line->section->maker->label(sheet->arena, line->thing);
}

/* A line with its cells. */
static struct sheet_line made(const struct sheet *sheet, size_t at)
{
	struct sheet_line line = sheet->lines[at];
	if (line.kind == SHEET_ROW && !line.cells) {
		add_cells(sheet, &line);
		line.section->maker->cells(sheet, &line, line.section->maker->context);
	}
	return line;
}

const char *sheet_name(const struct sheet *sheet, size_t at)
{
	struct sheet_line line = made(sheet, at);
	return line.cells ? line.cells[0].text : "";
}

void sheet_cell(struct sheet_line *line, size_t column, enum style style, const char *text)
{
	line->cells[column] = (struct sheet_cell){.text = text, .style = style};
}

void sheet_finish(struct sheet *sheet)
{
	if (!*sheet->filter || sheet->finished)
		return;
	size_t kept = 0;
	for (size_t i = 0; i < sheet->count; i++) {
		bool row_follows = i + 1 < sheet->count && sheet->lines[i + 1].kind == SHEET_ROW;
		if (sheet->lines[i].kind == SHEET_GROUP && !row_follows)
			continue;
		sheet->lines[kept] = sheet->lines[i];
		sheet->ids[kept++] = sheet->ids[i];
	}
	sheet->count = kept;
	sheet->finished = true;
}

void sheet_borrow(struct sheet *sheet, const struct sheet *whole)
{
	sheet->lines = whole->lines;
	sheet->ids = whole->ids;
	sheet->count = sheet->room = whole->count;
	sheet->sections = whole->sections;
	sheet->finished = true;
}

struct list_rows sheet_rows(const struct sheet *sheet)
{
	return (struct list_rows){.ids = sheet->ids, .count = sheet->count};
}

const struct sheet_line *sheet_selected(const struct sheet *sheet, const struct list *list)
{
	size_t at = list_at(list, sheet_rows(sheet));
	return at < sheet->count ? &sheet->lines[at] : NULL;
}

struct seen { struct sheet_line *lines; size_t count; };

static void measure_lines(struct canvas *canvas, struct sheet_section *section, const struct sheet_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (lines[i].section != section || !lines[i].cells)
			continue;
		for (size_t column = 0; column < section->count; column++) {
			int width = canvas_columns(canvas, lines[i].cells[column].text);
			if (width > section->widths[column])
				section->widths[column] = width;
		}
	}
}

/* A column without a word in any row takes no room, not even for its heading. Rows that are made later count while they are in sight. */
static void measure(const struct sheet *sheet, const struct seen *seen, struct canvas *canvas, struct sheet_section *section)
{
	memset(section->widths, 0, sizeof section->widths);
	if (section->maker)
		measure_lines(canvas, section, seen->lines, seen->count);
	else
		measure_lines(canvas, section, sheet->lines, sheet->count);
	for (size_t column = 0; column < section->count; column++) {
		int heading = canvas_columns(canvas, section->columns[column].heading);
		int wanted = heading > section->columns[column].width ? heading : section->columns[column].width;
		bool is_there = section->widths[column] > 0 || section->columns[column].painter;
		if (is_there && wanted > section->widths[column])
			section->widths[column] = wanted;
	}
}

/* A title stands on the line of the headings: few and short rows must not push these under it. */
static void make_room_for_title(struct canvas *canvas, struct sheet_section *section)
{
	int title = canvas_columns(canvas, section->title), before = SHEET_MARKER;
	for (size_t i = 0; i < section->count && title > 0; i++) {
		const struct sheet_column *column = &section->columns[i];
		int from = before + (column->right ? section->widths[i] - canvas_columns(canvas, column->heading) : 0);
		if (section->widths[i] > 0 && *column->heading) {
			section->widths[0] += from < title + GAP ? title + GAP - from : 0;
			return;
		}
		before += section->widths[i] > 0 ? section->widths[i] + GAP : 0;
	}
}

static int width_of(const struct sheet_section *section)
{
	int sum = 0;
	for (size_t i = 0; i < section->count; i++)
		if (section->widths[i] > 0)
			sum += section->widths[i] + (sum > 0 ? GAP : 0);
	return sum;
}

static int least_of(const struct sheet_section *section, size_t column)
{
	return section->columns[column].least ? section->columns[column].least : LEAST;
}

/* The width at which the whole of it would fit when columns that give way are cut to the least. */
static int least_width_of(const struct sheet_section *section)
{
	int spare = 0;
	for (size_t i = 0; i < section->count; i++)
		if (section->columns[i].gives_way && section->widths[i] > least_of(section, i))
			spare += section->widths[i] - least_of(section, i);
	return width_of(section) - spare;
}

static bool drop_one(struct sheet_section *section)
{
	size_t worst = section->count;
	for (size_t i = 0; i < section->count; i++) {
		if (section->widths[i] == 0 || section->columns[i].drop == 0)
			continue;
		if (worst == section->count || section->columns[i].drop >= section->columns[worst].drop)
			worst = i;
	}
	if (worst == section->count)
		return false;
	section->widths[worst] = 0;
	return true;
}

static bool narrow_widest(struct sheet_section *section)
{
	size_t widest = section->count;
	for (size_t i = 0; i < section->count; i++) {
		if (!section->columns[i].gives_way || section->widths[i] <= least_of(section, i))
			continue;
		if (widest == section->count || section->widths[i] >= section->widths[widest])
			widest = i;   /* of equals the later one: names come first */
	}
	if (widest == section->count)
		return false;
	section->widths[widest]--;
	return true;
}

/* Columns one can do without go before others are cut much, and all before anything is lost at the right edge. */
static void fit(struct sheet_section *section, int columns)
{
	while (least_width_of(section) > columns && drop_one(section))
		;
	while (width_of(section) > columns && narrow_widest(section))
		;
}

static void draw_headings(const struct sheet_section *section, struct canvas *canvas, struct area area, int row, int used)
{
	int at = SHEET_MARKER;
	for (size_t i = 0; i < section->count; i++) {
		const struct sheet_column *column = &section->columns[i];
		if (section->widths[i] == 0)
			continue;
		int heading = canvas_columns(canvas, column->heading);
		int from = column->right ? at + section->widths[i] - heading : at;
		if (from > used)
			canvas_clip(canvas, area, row, from, section->widths[i], STYLE_PLAIN, column->heading);
		at += section->widths[i] + GAP;
	}
}

static void draw_row(const struct sheet_line *line, struct canvas *canvas, struct area area, int row, bool selected)
{
	const struct sheet_section *section = line->section;
	int at = SHEET_MARKER;
	if (selected)
		canvas_text(canvas, area, row, 0, STYLE_SELECTED, "> ");   /* one style to the name: 15 bytes less a key */
	for (size_t i = 0; i < section->count; i++) {
		const struct sheet_cell *cell = &line->cells[i];
		int width = section->widths[i];
		if (width == 0)
			continue;
		int own = canvas_columns(canvas, cell->text);
		int from = section->columns[i].right && own < width ? at + width - own : at;
		enum style style = selected && i == 0 ? STYLE_SELECTED : cell->style;
		const struct sheet_painter *painter = section->columns[i].painter;
		if (painter && !*cell->text)
			painter->paint(painter->context, line->thing, canvas, area, row, at);
		else
			canvas_clip(canvas, area, row, from, width - (from - at), style, cell->text);
		at += width + GAP;
	}
}

static void draw_line(const struct sheet_line *line, struct canvas *canvas, struct area area, int row, bool selected)
{
	switch (line->kind) {
	case SHEET_BLANK:
		break;
	case SHEET_TITLE: {
		int used = canvas_clip(canvas, area, row, 0, area.columns, STYLE_TITLE, line->text);
		if (line->section)
			draw_headings(line->section, canvas, area, row, used);
		break;
	}
	case SHEET_GROUP:
		canvas_clip(canvas, area, row, 0, area.columns, STYLE_TITLE, line->text);
		break;
	case SHEET_NOTE:
		canvas_clip(canvas, area, row, SHEET_MARKER, area.columns - SHEET_MARKER, STYLE_PLAIN, line->text);
		break;
	case SHEET_ROW:
		draw_row(line, canvas, area, row, selected);
		break;
	}
}

void sheet_extent(const struct sheet *sheet, const struct list *list, int rows, struct sheet_extent *extent)
{
	*extent = (struct sheet_extent){ 0 };
	for (size_t i = 0; i < sheet->count; i++) {
		if (!sheet->ids[i])
			continue;
		extent->all++;
		extent->above += i < list->top;
		extent->seen += i >= list->top && i < list->top + (size_t)rows;
	}
}

static struct seen lines_in_sight(const struct sheet *sheet, const struct list *list, int rows)
{
	size_t after = sheet->count > list->top ? sheet->count - list->top : 0;
	struct seen seen = { .count = rows > 0 && (size_t)rows < after ? (size_t)rows : rows > 0 ? after : 0 };
	seen.lines = arena_get(sheet->arena, seen.count * sizeof *seen.lines);
	for (size_t i = 0; i < seen.count; i++)
		seen.lines[i] = made(sheet, list->top + i);
	return seen;
}

void sheet_draw(const struct sheet *sheet, const struct list *list, struct canvas *canvas, struct area area)
{
	struct seen seen = lines_in_sight(sheet, list, area.rows);
	for (struct sheet_section *section = sheet->sections; section; section = section->next) {
		measure(sheet, &seen, canvas, section);
		make_room_for_title(canvas, section);
		fit(section, area.columns - SHEET_MARKER);
	}
	size_t chosen = list_at(list, sheet_rows(sheet));
	canvas_cursor(canvas, area, 0, 0);
	for (size_t i = 0; i < seen.count; i++) {
		draw_line(&seen.lines[i], canvas, area, (int)i, list->top + i == chosen);
		if (list->top + i == chosen)
			canvas_cursor(canvas, area, (int)i, 0);
	}
}
