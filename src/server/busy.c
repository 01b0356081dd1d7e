/* busy.c — see busy.h. */
#include "busy.h"

#include <string.h>

#define STEP_MINUTES 5                          /* the smallest granule there is */
#define STEPS (24 * 60 / STEP_MINUTES)          /* BUSY_MAX */

static struct granules whole_day(const struct day_halves *halves)
{
	bool has_morning = halves->morning.until > halves->morning.from, has_afternoon = halves->afternoon.until > halves->afternoon.from;
	return (struct granules){ has_morning ? halves->morning.from : halves->afternoon.from,
		                  has_afternoon ? halves->afternoon.until : halves->morning.until };
}

/* As the clock on the wall says it that day; what began before or ends after it is cut off. */
static struct minute_range hours_that_day(const struct day_halves *halves, const struct busy_booking *booking)
{
	struct wall_time start = zone_wall(halves->zone, booking->start_at), end = zone_wall(halves->zone, booking->end_at);
	return (struct minute_range){ date_equal(start.date, halves->date) ? start.minutes : 0,
		                      date_equal(end.date, halves->date) ? end.minutes : 24 * 60 };
}

/* One unit: a stretch for each booking. In the night that has an hour twice, what the wall says twice is told once. */
static void tell_each(const struct day_halves *halves, const struct busy_booking *bookings, size_t count, struct resource_day *row)
{
	struct busy *busy = (struct busy *)row->busy;
	int told_until = 0;
	for (size_t i = 0; i < count; i++) {
		struct minute_range hours = hours_that_day(halves, &bookings[i]);
		if (hours.from < told_until)
			hours.from = told_until;
		if (hours.from >= hours.until)
			continue;
		busy[row->busy_count++] = (struct busy){ hours, *bookings[i].my_id != '\0', bookings[i].my_id };
		told_until = hours.until;
	}
}

struct step {
	int taken;               /* units */
	const char *my_id;       /* "" when none is mine */
};

/* Several like units: step by step, mine before others', and others' only where nothing is left. */
static void tell_pool(const struct view *view, const struct day_halves *halves, const struct busy_booking *bookings, size_t count,
                      struct resource_day *row)
{
	struct step *steps = arena_get(view->arena, (STEPS + 1) * sizeof *steps);
	for (size_t at = 0; at <= STEPS; at++)
		steps[at] = (struct step){ 0, "" };
	for (size_t i = 0; i < count; i++) {
		struct minute_range hours = hours_that_day(halves, &bookings[i]);
		for (int at = hours.from / STEP_MINUTES; at < (hours.until + STEP_MINUTES - 1) / STEP_MINUTES; at++) {
			steps[at].taken++;
			if (*bookings[i].my_id)
				steps[at].my_id = bookings[i].my_id;
		}
	}
	struct busy *busy = arena_get(view->arena, STEPS * sizeof *busy);
	row->busy = busy;
	for (int at = 0, from = 0; at < STEPS; from = at) {
		const struct step *first = &steps[from];
		bool full = first->taken >= row->resource.quantity, mine = *first->my_id != '\0';
		for (at = from + 1; at < STEPS && steps[at].my_id == first->my_id &&
		                    (mine || (steps[at].taken >= row->resource.quantity) == full); )
			at++;
		struct minute_range hours = { from * STEP_MINUTES, at * STEP_MINUTES };
		if (mine || full)
			busy[row->busy_count++] = (struct busy){ hours, mine, first->my_id };
	}
}

void tell_busy(const struct view *view, const struct space *space, const struct day_halves *halves, struct resource_day *rows,
               size_t count)
{
	size_t busy_count = 0, next = 0;
	const struct busy_booking *bookings =
		db_list_busy(view->tx, space->id, whole_day(halves), view->member_id, view->arena, &busy_count);
	struct busy *busy = arena_get(view->arena, (busy_count + 1) * sizeof *busy);
	for (size_t i = 0; i < count; i++) {
		size_t first = next;
		while (next < busy_count && strcmp(bookings[next].resource_id, rows[i].resource.id) == 0)
			next++;
		rows[i].busy = &busy[first];
		if (rows[i].resource.quantity > 1)
			tell_pool(view, halves, &bookings[first], next - first, &rows[i]);
		else
			tell_each(halves, &bookings[first], next - first, &rows[i]);
	}
}
