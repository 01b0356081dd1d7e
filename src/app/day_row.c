/* day_row.c — the row of a day that a booking of ours changed, put right as the site would tell it, so that nobody has to ask. Only where
 * that is sure: a half-day or a day to come, of a thing of which there is one, of which nothing else is ours. See inside.h. */
#include <string.h>

#include "inside.h"

#define HALVES 2

static enum slot_state *half_of(struct resource_day *row, size_t half)
{
	return half == 0 ? &row->morning : &row->afternoon;
}

static bool takes_half(struct period when, size_t half)
{
	return when.part == DAY_PART_WHOLE || when.part == (half == 0 ? DAY_PART_MORNING : DAY_PART_AFTERNOON);
}

static bool is_plain(const struct resource *resource)
{
	return resource->quantity <= 1 && resource->state == RESOURCE_BOOKABLE && (resource_takes(resource) & UNIT_HALF_DAY);
}

/* As hacktivd tells stretches: ascending, by the clock on the wall. False: that cannot be said here. */
static bool add_busy(struct session *session, struct arena *arena, struct resource_day *row, const struct booking *made)
{
	const struct zone *zone = session_zone(session, made->time_zone);
	struct wall_time from = zone_wall(zone, made->start_at), until = zone_wall(zone, made->end_at);
	if (!date_equal(from.date, made->when.date) || !date_equal(until.date, made->when.date))
		return false;
	struct busy *busy = arena_get(arena, (row->busy_count + 1) * sizeof *busy);
	size_t count = 0;
	for (; count < row->busy_count && row->busy[count].hours.from < from.minutes; count++)
		busy[count] = row->busy[count];
	busy[count] = (struct busy){ { from.minutes, until.minutes }, true, arena_copy_text(arena, made->id) };
	for (size_t at = count; at < row->busy_count; at++)
		busy[at + 1] = row->busy[at];
	row->busy = busy;
	row->busy_count++;
	return true;
}

static bool has_mine(const struct resource_day *row)
{
	for (size_t at = 0; at < row->busy_count; at++) {
		if (row->busy[at].mine)
			return true;
	}
	return row->my_booking_id && *row->my_booking_id;
}

static bool put_booking(struct session *session, struct arena *arena, struct resource_day *row, const struct wish *wish)
{
	const struct booking *made = wish->view.booking;
	if (!made || made->state != BOOKING_CONFIRMED || made->unit > 1 || !period_equal(made->when, wish->row.when) ||
	    strcmp(made->resource_id, row->resource.id) != 0 || has_mine(row))
		return false;
	for (size_t half = 0; half < HALVES; half++) {
		if (!takes_half(made->when, half))
			continue;
		if (*half_of(row, half) != SLOT_FREE)
			return false;
		*half_of(row, half) = SLOT_MINE;
	}
	row->my_booking_id = arena_copy_text(arena, made->id);
	return add_busy(session, arena, row, made);
}

/* Another thing like it can be had then: the space is open. */
static bool is_open(struct day *day, size_t half)
{
	for (size_t at = 0; at < day->list.count; at++) {
		struct resource_day row = day->list.rows[at];
		if (is_plain(&row.resource) && *half_of(&row, half) == SLOT_FREE)
			return true;
	}
	return false;
}

static bool take_booking_away(struct day *day, struct resource_day *row, const struct wish *wish)
{
	const char *id = wish->row.booking_id;
	if (row->busy_count != 1 || !row->busy[0].mine || strcmp(row->busy[0].booking_id, id) != 0 || strcmp(row->my_booking_id, id) != 0)
		return false;
	for (size_t half = 0; half < HALVES; half++) {
		bool freed = takes_half(wish->row.when, half);
		if (freed != (*half_of(row, half) == SLOT_MINE) || (freed && !is_open(day, half)))
			return false;
		if (freed)
			*half_of(row, half) = SLOT_FREE;
	}
	row->busy_count = 0;
	row->my_booking_id = "";
	return true;
}

/* It is as the site has it, but for what this wish did, whether that was told already or not. */
static bool is_current(const struct session *session, const struct day *day, const struct wish *wish)
{
	bool told_of_it = day->told && day->told_by && strcmp(day->told_by, wish->row.booking_id) == 0;
	return live_is_on(session, day->list.site) && (told_of_it || !day->told) && day->arena && day->version && day->asked_at_ms && !day->job &&
	       !day->to_be_asked && !day->awaits_news && day->list.state.outcome.kind == OUTCOME_DONE;
}

static bool put_right(struct session *session, struct day *day, const struct wish *wish)
{
	struct arena *arena = arena_new();
	struct resource_day *rows = arena_get(arena, (day->list.count + 1) * sizeof *rows), *row = NULL;
	for (size_t at = 0; at < day->list.count; at++) {
		rows[at] = resource_day_copy(arena, &day->list.rows[at]);
		if (strcmp(rows[at].resource.id, wish->row.resource_id) == 0)
			row = &rows[at];
	}
	bool right = row && is_plain(&row->resource) && (wish->row.kind == WISH_BOOK ? put_booking(session, arena, row, wish)
	                                                                         : take_booking_away(day, row, wish));
	if (!right) {
		arena_free(arena);
		return false;
	}
	day->list.opening.reason = arena_copy_text(arena, day->list.opening.reason);
	day_take_rows(session, day, arena, rows);
	return true;
}

bool row_of_day(struct session *session, struct wish *wish)
{
	const struct outbox_row *row = &wish->row;
	struct day *day = day_find(session, wish->view.site, row->space_id, row->when.date);
	bool is_ours = row->kind == WISH_BOOK || row->kind == WISH_CANCEL;
	bool just_now = wish->view.outcome.kind == OUTCOME_DONE && row->attempts == 1;
	bool to_come = date_compare(row->when.date, list_today_at(session, wish->view.site)) > 0;   /* nothing of it is past, and no list counts it */
	wish->day_is_right = day && is_ours && just_now && to_come && row->when.part != DAY_PART_HOURS && is_current(session, day, wish) &&
	                     put_right(session, day, wish);
	return wish->day_is_right;
}

/* BOOK: the version that its answer told; CANCEL: the one after that which was cancelled. */
bool row_of_day_has(const struct session *session, size_t site, const struct news *news)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		const struct wish *wish = session->wishes[at];
		if (!wish->day_is_right || wish->view.site != site || strcmp(wish->row.booking_id, news->ref) != 0)
			continue;
		int64_t version = wish->view.booking ? wish->view.booking->version : wish->row.version > 0 ? wish->row.version + 1 : 0;
		if (version > 0 && version == news->version)
			return true;
	}
	return false;
}
