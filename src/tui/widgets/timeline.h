/* timeline.h — a day from left to right: what of a desk or room is free, taken, mine, when. One letter and a style per state.
 *
 * The boundary of the half-days has a column of its own with "|", unless one booking goes over it; a "|" also stands between two
 * bookings that touch: "xxx|xxx" are two people, "mmm|mmm" two bookings of mine. */
#ifndef HACKTIV_TUI_TIMELINE_H
#define HACKTIV_TUI_TIMELINE_H

#include "hacktiv/model.h"

#include "canvas.h"

struct timeline {
	struct opening_day hours;      /* count 0: closed, and nothing to be drawn */
	int from, until;               /* minutes after midnight: what is shown */
	int boundary;                  /* minutes; outside of from … until: there is none */
	int now;                       /* minutes; 0: the day is ahead, 24 hours: it is over */
	int per_hour;                  /* columns of an hour: 8, 4, 2 or 1; 0: two hours to a column */
};

/* In at most `columns`, at most `per_hour` to the hour. */
struct timeline timeline_for(const struct opening_state *opening, int boundary, int now, int columns, int per_hour);
int timeline_columns(const struct timeline *timeline);
/* "9   10  11  12  |13  14": each hour above its first column, as many as there is room for. */
char *timeline_scale(struct arena *arena, const struct timeline *timeline);
/* "l libre  x pris  m à moi  . fermé  - passé": in the person's language; closer together where that needs more than `columns`. */
char *timeline_legend(struct arena *arena, int columns);

/* How a state looks, in words as in letters. */
enum style slot_style(enum slot_state state);
void timeline_draw(const struct timeline *timeline, const struct resource_day *row, struct canvas *canvas, struct area area,
                   int at_row, int at_column);

#endif
