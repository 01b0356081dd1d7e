/* space_timeline.c — the day of a space from left to right: each desk and room a row, each hour some columns. */
#include "panes.h"

#include <string.h>

#include "timeline.h"

enum { NAME, DAY, KIND };

#define PER_HOUR 8        /* columns, where there is room: half a quarter each */
#define NAME_LEAST 12
#define BETWEEN 4         /* the marker and the gap before the day */

/* ---- how wide ---- */

/* Minutes of the space's clock on the day looked at. */
static int now_there(const struct ui *ui, const struct space *space)
{
	struct wall_time now = zone_wall(ui_zone(ui, space->time_zone), session_now(ui->session));
	int order = date_compare(ui->open_date, now.date);
	return order < 0 ? 24 * 60 : order > 0 ? 0 : now.minutes;
}

static int widest_name(const struct day_list *day)
{
	int widest = NAME_LEAST;
	for (size_t i = 0; i < day->count; i++) {
		int columns = text_columns(day->rows[i].resource.name);
		widest = columns > widest ? columns : widest;
	}
	return widest;
}

struct measures {
	struct timeline timeline;
	int names;             /* columns */
};

/* Names as wide as the longest, where the day leaves that much. */
static const struct measures *measure(struct ui *ui, struct arena *arena, const struct space *space, const struct day_list *day)
{
	struct measures *measures = arena_get(arena, sizeof *measures);
	int room = ui->layout.list.columns - BETWEEN, widest = widest_name(day);
	measures->timeline = timeline_for(&day->opening, space->opening.boundary, now_there(ui, space), room - widest, PER_HOUR);
	int left = room - timeline_columns(&measures->timeline);
	measures->names = widest <= left || left < NAME_LEAST ? widest : left;
	return measures;
}

/* ---- above the rows ---- */

static const struct resource_day *chosen_row(const struct ui *ui, const struct day_list *day)
{
	const char *id = ui->views[PANE_SPACE].list.selected;
	for (size_t i = 0; id && i < day->count; i++) {
		if (strcmp(day->rows[i].resource.id, id) == 0)
			return &day->rows[i];
	}
	return day->count ? &day->rows[0] : NULL;
}

/* Whose it is, said once for those that follow each other: "taken 10:00–11:30, 11:30–12:30, mine 14:00–16:00". */
static const char *taken_words(struct arena *arena, const struct resource_day *row)
{
	char *words = arena_copy_text(arena, "");
	for (size_t i = 0; i < row->busy_count; i++) {
		const struct busy *busy = &row->busy[i];
		bool same = i > 0 && busy[-1].mine == busy->mine;
		words = arena_print(arena, "%s%s%s%s%s", words, i ? ", " : "", same ? "" : slot_state_words(busy->mine ? SLOT_MINE : SLOT_TAKEN),
		                    same ? "" : " ", range_words(arena, busy->hours));
	}
	return words;
}

/* The chosen row to the minute: its columns only say about when. */
static const char *chosen_words(struct arena *arena, const struct resource_day *row)
{
	const struct resource *resource = &row->resource;
	if (resource->state != RESOURCE_BOOKABLE)
		return arena_print(arena, _("%1$s: %2$s"), resource->name, resource_state_words(resource->state));
	return arena_print(arena, _("%1$s: %2$s"), resource->name, row->busy_count ? taken_words(arena, row) : _("nobody has it that day"));
}

int draw_timeline_head(struct ui *ui, struct canvas *canvas, struct area area, const struct space *space, const struct day_list *day)
{
	const struct resource_day *row = chosen_row(ui, day);
	if (!row || day->opening.closed != CLOSED_NOT)
		return 0;
	struct arena *arena = ui->scratch;
	const struct measures *measures = measure(ui, arena, space, day);
	int used = 0;
	if (ui->layout.size != LAYOUT_SMALL)
		canvas_clip(canvas, area, used++, 0, area.columns, STYLE_PLAIN, chosen_words(arena, row));
	canvas_clip(canvas, area, used++, 0, area.columns, STYLE_PLAIN, timeline_legend(arena, area.columns));
	canvas_text(canvas, area, used++, measures->names + BETWEEN, STYLE_PLAIN, timeline_scale(arena, &measures->timeline));
	return used;
}

/* ---- the rows ---- */

static void paint_day(const void *context, const void *thing, struct canvas *canvas, struct area area, int row, int column)
{
	timeline_draw(context, ((const struct subject *)thing)->resource, canvas, area, row, column);
}

static const char *why_not(struct arena *arena, const struct resource *resource)
{
	const char *state = resource_state_words(resource->state);
	return *resource->state_reason ? arena_print(arena, _("%1$s: %2$s"), state, resource->state_reason) : state;
}

static void fill_row(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct space *space,
                     const struct measures *measures, const struct resource_day *row)
{
	struct arena *arena = sheet->arena;
	const struct resource *resource = &row->resource;
	struct sheet_line *line = sheet_row(sheet, section, resource->id,
		arena_print(arena, "%s %s %s", resource->name, resource->area, resource_kind_words(resource->kind)),
		resource_subject(ui, arena, space, row));
	if (!line)
		return;
	sheet_cell(line, NAME, STYLE_PLAIN, text_clip(arena, resource->name, measures->names));
	int columns = timeline_columns(&measures->timeline);
	if (columns == 0)
		sheet_cell(line, DAY, STYLE_QUIET, slot_state_words(SLOT_CLOSED));
	else if (resource->state != RESOURCE_BOOKABLE)
		sheet_cell(line, DAY, STYLE_QUIET, text_clip(arena, why_not(arena, resource), columns));
	sheet_cell(line, KIND, STYLE_PLAIN, resource_kind_text(arena, resource));
}

void fill_timeline(struct ui *ui, struct sheet *sheet, const struct space *space, const struct day_list *day)
{
	const struct measures *measures = measure(ui, sheet->arena, space, day);
	struct sheet_painter *painter = arena_get(sheet->arena, sizeof *painter);
	*painter = (struct sheet_painter){ paint_day, &measures->timeline };
	const struct sheet_column columns[] = {
		{ .heading = "", .width = measures->names },
		{ .heading = "", .width = timeline_columns(&measures->timeline), .painter = painter },
		{ .heading = "", .drop = 1, .gives_way = true, .least = 10 },
	};
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	for (size_t i = 0; i < day->count; i++)
		fill_row(ui, sheet, section, space, measures, &day->rows[i]);
}
