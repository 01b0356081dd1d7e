/* busy.c — see busy.h. */
#include "busy.h"

#include <stdlib.h>
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

void tell_busy(const struct view *view, const struct day_halves *halves, const struct held_day *day, struct resource_day *row)
{
	if (row->resource.quantity > 1) {
		tell_pool(view, halves, day->bookings, day->count, row);
		return;
	}
	row->busy = arena_get(view->arena, (day->count + 1) * sizeof *row->busy);
	tell_each(halves, day->bookings, day->count, row);
}

/* ---- whose day each booking is ---------------------------------------------------------------------------------------- */

struct known {
	const char *id;
	size_t row;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->id, ((const struct known *)b)->id);
}

static const struct known *sort_by_id(struct arena *arena, const struct resource *resources, size_t count)
{
	struct known *known = arena_get(arena, (count + 1) * sizeof *known);
	for (size_t i = 0; i < count; i++)
		known[i] = (struct known){ resources[i].id, i };
	qsort(known, count, sizeof *known, by_id);
	return known;
}

/* NULL: it is none of them, or a unit that is there no more. */
static const struct known *find_known(const struct known *known, const struct resource *resources, size_t count,
                                      const struct busy_booking *booking)
{
	const struct known *found = count ? bsearch(&(struct known){ booking->resource_id, 0 }, known, count, sizeof *known, by_id) : NULL;
	int units = found && resources[found->row].quantity > 1 ? resources[found->row].quantity : 1;
	return found && booking->unit <= units ? found : NULL;
}

const struct held_day *held_that_day(const struct view *view, const struct space *space, const struct day_halves *halves,
                                     const struct resource *resources, size_t count)
{
	size_t booked = 0;
	const struct busy_booking *all =
		db_list_busy(view->tx, space->id, stretch_of(whole_day(halves), space->granule_s), view->member_id, view->arena, &booked);
	const struct known *known = sort_by_id(view->arena, resources, count);
	const struct known **of = arena_get(view->arena, (booked + 1) * sizeof *of);
	struct held_day *days = arena_get(view->arena, (count + 1) * sizeof *days);
	for (size_t i = 0; i < booked; i++) {
		of[i] = find_known(known, resources, count, &all[i]);
		if (of[i])
			days[of[i]->row].count++;
	}
	struct busy_booking *sorted = arena_get(view->arena, (booked + 1) * sizeof *sorted), *next = sorted;
	for (size_t row = 0; row < count; row++) {
		days[row].bookings = next;
		next += days[row].count;
		days[row].count = 0;
	}
	for (size_t i = 0; i < booked; i++) {
		struct held_day *day = of[i] ? &days[of[i]->row] : NULL;
		if (day)
			sorted[(size_t)(day->bookings - sorted) + day->count++] = all[i];
	}
	return days;
}

struct held_half held_that_half(const struct held_day *day, const struct resource *resource, struct stretch half)
{
	int units = resource->quantity > 1 ? resource->quantity : 1, taken = 0;
	bool held[UNITS_MAX + 1] = { false };
	struct held_half found = { false, "" };
	for (size_t i = 0; i < day->count; i++) {
		const struct busy_booking *booking = &day->bookings[i];
		if (booking->start_at >= half.until || booking->end_at <= half.from)
			continue;
		taken += !held[booking->unit];
		held[booking->unit] = true;
		if (!*found.my_id)
			found.my_id = booking->my_id;
	}
	found.taken = taken >= units;
	return found;
}
