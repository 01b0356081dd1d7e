/* timeline.c — see timeline.h. */
#include "timeline.h"

#include <string.h>

#define DAY (24 * 60)
#define LABEL 3   /* columns of an hour's number and a blank */

/* ---- columns and minutes ---- */

static bool has_boundary(const struct timeline *timeline)
{
	return timeline->from < timeline->boundary && timeline->boundary < timeline->until;
}

static int columns_between(const struct timeline *timeline, int from, int until)
{
	int minutes = until - from;
	return timeline->per_hour ? (minutes * timeline->per_hour + 59) / 60 : (minutes + 119) / 120;
}

static int boundary_column(const struct timeline *timeline)
{
	return has_boundary(timeline) ? columns_between(timeline, timeline->from, timeline->boundary) : -1;
}

int timeline_columns(const struct timeline *timeline)
{
	if (timeline->hours.count == 0)
		return 0;
	return columns_between(timeline, timeline->from, timeline->until) + has_boundary(timeline);
}

struct timeline timeline_for(const struct opening_state *opening, int boundary, int now, int columns, int per_hour)
{
	struct timeline timeline = { .hours = opening->hours, .boundary = boundary, .now = now, .per_hour = per_hour };
	if (timeline.hours.count == 0)
		return timeline;
	timeline.from = timeline.hours.ranges[0].from;
	timeline.until = timeline.hours.ranges[timeline.hours.count - 1].until;
	while (timeline.per_hour > 0 && timeline_columns(&timeline) > columns)
		timeline.per_hour /= 2;
	return timeline;
}

/* The first minute of a column, not of the boundary's own. */
static int minute_of(const struct timeline *timeline, int column)
{
	int boundary = boundary_column(timeline);
	int before = boundary >= 0 && column > boundary ? column - 1 : column;
	int minute = timeline->from + (timeline->per_hour ? before * 60 / timeline->per_hour : before * 120);
	return minute;
}

static int column_of(const struct timeline *timeline, int minute)
{
	int column = columns_between(timeline, timeline->from, minute);
	return column + (boundary_column(timeline) >= 0 && column >= boundary_column(timeline));
}

/* ---- letters ---- */

static const char *letter_of(enum slot_state state)
{
	switch (state) {
	case SLOT_FREE:
		/* TRANSLATORS: one letter for what is free on the timeline of a day; not one of x m . - */
		return C_("timeline", "f");
	case SLOT_TAKEN:
		return "x";
	case SLOT_MINE:
		return "m";
	case SLOT_PAST:
		return "-";
	case SLOT_CLOSED:
		return ".";
	case SLOT_NOT_BOOKABLE:
		break;
	}
	return " ";
}

enum style slot_style(enum slot_state state)
{
	switch (state) {
	case SLOT_FREE:
		return STYLE_FREE;
	case SLOT_MINE:
		return STYLE_MINE;
	case SLOT_TAKEN:
		return STYLE_TAKEN;
	case SLOT_PAST:
	case SLOT_CLOSED:
	case SLOT_NOT_BOOKABLE:
		break;
	}
	return STYLE_QUIET;
}

static char *legend(struct arena *arena, const char *gap)
{
	static const enum slot_state shown[] = { SLOT_FREE, SLOT_TAKEN, SLOT_MINE, SLOT_CLOSED, SLOT_PAST };
	char *text = arena_copy_text(arena, "");
	for (size_t i = 0; i < COUNT_OF(shown); i++)
		text = arena_print(arena, "%s%s%s %s", text, i ? gap : "", letter_of(shown[i]), slot_state_words(shown[i]));
	return text;
}

char *timeline_legend(struct arena *arena, int columns)
{
	char *airy = legend(arena, "   ");
	return text_columns(airy) <= columns ? airy : legend(arena, " ");
}

char *timeline_scale(struct arena *arena, const struct timeline *timeline)
{
	int columns = timeline_columns(timeline), every = 60;
	char *scale = arena_get(arena, (size_t)columns + LABEL + 1);
	memset(scale, ' ', (size_t)columns);
	while ((timeline->per_hour ? every * timeline->per_hour / 60 : every / 120) < LABEL)
		every += 60;
	for (int hour = (timeline->from + 59) / 60 * 60; hour < timeline->until; hour += every) {
		char label[CLOCK_TEXT_SIZE];
		minutes_to_text(hour, label);
		int at = column_of(timeline, hour);
		const char *digits = *label == '0' ? label + 1 : label;
		size_t length = strcspn(digits, ":");
		bool is_cut = at < boundary_column(timeline) && at + (int)length > boundary_column(timeline);
		if (at + (int)length <= columns && !is_cut)
			memcpy(scale + at, digits, length);
	}
	if (boundary_column(timeline) >= 0)
		scale[boundary_column(timeline)] = '|';
	return scale;
}

/* ---- a row ---- */

/* The booking that holds some of [from, until); NULL: nobody. */
static const struct busy *holder(const struct resource_day *row, int from, int until)
{
	for (size_t i = 0; i < row->busy_count; i++) {
		if (row->busy[i].hours.from < until && from < row->busy[i].hours.until)
			return &row->busy[i];
	}
	return NULL;
}

static bool is_open(const struct timeline *timeline, int from, int until)
{
	for (size_t i = 0; i < timeline->hours.count; i++) {
		if (timeline->hours.ranges[i].from < until && from < timeline->hours.ranges[i].until)
			return true;
	}
	return false;
}

static enum slot_state state_of(const struct timeline *timeline, const struct resource_day *row, int from, int until)
{
	const struct busy *busy = holder(row, from, until);
	enum slot_state half = from < timeline->boundary ? row->morning : row->afternoon;
	if (busy)
		return busy->mine ? SLOT_MINE : until <= timeline->now ? SLOT_PAST : SLOT_TAKEN;
	if (row->busy_count == 0 && (half == SLOT_MINE || half == SLOT_TAKEN))
		return half;               /* a site that tells halves only */
	if (until <= timeline->now)
		return SLOT_PAST;
	return is_open(timeline, from, until) ? SLOT_FREE : SLOT_CLOSED;
}

static void draw_cell(struct canvas *canvas, struct area area, int row, int column, enum slot_state state)
{
	canvas_text(canvas, area, row, column, slot_style(state), letter_of(state));
}

/* Two bookings touch at that minute. */
static bool is_joint(const struct resource_day *row, int minute)
{
	const struct busy *before = holder(row, minute - 1, minute), *after = holder(row, minute, minute + 1);
	return before && after && before != after;
}

static void draw_boundary(const struct timeline *timeline, const struct resource_day *row, struct canvas *canvas, struct area area,
                          int at_row, int column)
{
	const struct busy *before = holder(row, timeline->boundary - 1, timeline->boundary);
	const struct busy *after = holder(row, timeline->boundary, timeline->boundary + 1);
	if (before && before == after)
		draw_cell(canvas, area, at_row, column, state_of(timeline, row, timeline->boundary - 1, timeline->boundary));
	else
		canvas_text(canvas, area, at_row, column, STYLE_QUIET, "|");
}

void timeline_draw(const struct timeline *timeline, const struct resource_day *row, struct canvas *canvas, struct area area,
                   int at_row, int at_column)
{
	int columns = timeline_columns(timeline), boundary = boundary_column(timeline);
	for (int column = 0; column < columns; column++) {
		if (column == boundary) {
			draw_boundary(timeline, row, canvas, area, at_row, at_column + column);
			continue;
		}
		int from = minute_of(timeline, column), until = minute_of(timeline, column + 1 == boundary ? column + 2 : column + 1);
		/* Of a stretch of one column the letter says more. */
		bool ends = column + 1 != boundary && is_joint(row, until) && holder(row, from - 1, from) == holder(row, until - 1, until);
		if (ends)
			canvas_text(canvas, area, at_row, at_column + column, STYLE_QUIET, "|");
		else
			draw_cell(canvas, area, at_row, at_column + column, state_of(timeline, row, from, until));
	}
}
