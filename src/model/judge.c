/* judge.c — may this be booked, may that be cancelled: the rules themselves, on plain facts. See booking.h. */
#include "hacktiv/model/booking.h"

#include "hacktiv/base.h"

struct verdict {
	struct obstacle *obstacles;
	size_t count;
};

static void stand_in_the_way(struct verdict *verdict, enum rule rule, const char *detail)
{
	if (verdict->count < OBSTACLES_MAX)
		verdict->obstacles[verdict->count++] = (struct obstacle){ rule, detail ? detail : "" };
}

static bool lies_in_half(const struct booking_facts *facts, enum day_part part)
{
	struct minute_range half, hours = facts->when.hours;
	return period_edges(half_day(facts->when.date, part), &facts->space->opening, &half, NULL) &&
	       half.from <= hours.from && hours.until <= half.until;
}

static int at_most(int cents, int most)
{
	return most >= 0 && cents > most ? most : cents;
}

/* How long it takes by the clock that never jumps: an hour that is skipped is not paid, one that comes twice is paid twice. */
static int minutes_of(const struct booking *booking)
{
	return (int)((booking->end_at - booking->start_at) / 60);
}

/* By the minute, rounded half up to the cent. Nobody pays more for some hours than for the half-day they lie in. */
static int hours_cents(const struct booking_facts *facts, int64_t minutes)
{
	const struct resource *resource = facts->resource;
	if (resource->hour_cents < 0)
		return -1;
	int64_t whole = (resource->hour_cents * minutes + 30) / 60;      /* past INT_MAX at the price of a mistake */
	int cents = at_most(whole < CENTS_MAX ? (int)whole : CENTS_MAX, resource->day_cents);
	bool in_half = lies_in_half(facts, DAY_PART_MORNING) || lies_in_half(facts, DAY_PART_AFTERNOON);
	return in_half ? at_most(cents, resource->half_day_cents) : cents;
}

static int net_cents(const struct booking_facts *facts, const struct booking *booking)
{
	switch (facts->when.part) {
	case DAY_PART_MORNING:
	case DAY_PART_AFTERNOON:
		return facts->resource->half_day_cents;
	case DAY_PART_WHOLE:
		return facts->resource->day_cents;
	case DAY_PART_HOURS:
		return hours_cents(facts, minutes_of(booking));
	}
	return -1;
}

static void fill_place(const struct booking_facts *facts, struct booking *booking)
{
	const struct space *space = facts->space;
	const struct resource *resource = facts->resource;
	*booking = (struct booking){
		.id = "",
		.space_id = space->id, .space_name = space->name, .space_town = space->town,
		.country = space->country, .time_zone = space->time_zone,
		.resource_id = resource->id, .resource_name = resource->name, .resource_area = resource->area,
		.resource_kind = resource->kind,
		.when = facts->when,
		.state = resource->approval == APPROVAL_STAFF ? BOOKING_PENDING : BOOKING_CONFIRMED,
		.state_reason = "",
		.people = facts->people,
	};
}

/* What the space itself says about a day it is closed on. */
static const char *closed_detail(const struct opening_state *opening)
{
	return opening->closed == CLOSED_HOLIDAY ? holiday_words(opening->holiday) : opening->reason;
}

/* Start, end and price. Returns what is wrong with the wall times. Where a half-day begins is the space's own word, and it means the
 * first of two; hours that come twice are for the person to say. */
static enum rule fill_times(const struct booking_facts *facts, struct minute_range edges, struct booking *booking)
{
	enum wall_kind start = zone_instant(facts->zone, facts->when.date, edges.from, &booking->start_at);
	enum wall_kind end = zone_instant(facts->zone, facts->when.date, edges.until, &booking->end_at);
	bool said = facts->start_at != 0;
	if (said) {
		booking->start_at = facts->start_at;
		booking->end_at = facts->end_at;
	}
	booking->cancel_until = booking->start_at - (int64_t)facts->resource->cancel_minutes * 60;
	if (start == WALL_NEVER || end == WALL_NEVER)
		return RULE_NONEXISTENT_TIME;
	bool twice = start == WALL_TWICE || end == WALL_TWICE;
	return twice && !said && facts->when.part == DAY_PART_HOURS ? RULE_AMBIGUOUS_TIME : RULE_NONE;
}

static bool is_on_step(struct minute_range hours, const struct booking_facts *facts)
{
	int step = facts->resource->step_minutes, granule_s = facts->space->granule_s;
	bool on_granule = hours.from * 60 % granule_s == 0 && hours.until * 60 % granule_s == 0;
	return on_granule && (step == 0 || (hours.from % step == 0 && hours.until % step == 0));
}

/* Does the resource take half-days, days, hours, or hours of this length. */
static void judge_unit(const struct booking_facts *facts, const struct booking *booking, struct verdict *verdict)
{
	const struct resource *resource = facts->resource;
	unsigned takes = resource_takes(resource);
	switch (facts->when.part) {
	case DAY_PART_MORNING:
	case DAY_PART_AFTERNOON:
		if (!(takes & UNIT_HALF_DAY))
			stand_in_the_way(verdict, RULE_NOT_BY_HALF_DAY, "");
		return;
	case DAY_PART_WHOLE:
		if (!(takes & UNIT_DAY))
			stand_in_the_way(verdict, RULE_NOT_BY_DAY, "");
		return;
	case DAY_PART_HOURS:
		break;
	}
	int minutes = minutes_of(booking);
	if (!(takes & (UNIT_HOUR | UNIT_GRANULE)))
		stand_in_the_way(verdict, RULE_NOT_BY_THE_HOUR, "");
	else if (!(takes & UNIT_GRANULE) && minutes % 60 != 0)
		stand_in_the_way(verdict, RULE_NOT_WHOLE_HOURS, "");
	if (!is_on_step(facts->when.hours, facts))
		stand_in_the_way(verdict, RULE_OFF_STEP, "");
	if (resource->least_minutes > 0 && minutes < resource->least_minutes)
		stand_in_the_way(verdict, RULE_TOO_SHORT, "");
	if (resource->most_minutes > 0 && minutes > resource->most_minutes)
		stand_in_the_way(verdict, RULE_TOO_LONG, "");
}

/* Any of the quotas stands for all: which one it was helps nobody. */
static void judge_quotas(const struct booking_facts *facts, const struct booking *booking, struct verdict *verdict)
{
	bool hours = false, bookings = false;
	for (size_t i = 0; i < facts->use_count; i++) {
		const struct quota_use *use = &facts->uses[i];
		hours = hours || (use->quota.day_minutes > 0 && use->day_minutes + minutes_of(booking) > use->quota.day_minutes);
		bookings = bookings || (use->quota.open_bookings > 0 && use->open_bookings + 1 > use->quota.open_bookings);
	}
	if (hours)
		stand_in_the_way(verdict, RULE_QUOTA_HOURS, "");
	if (bookings)
		stand_in_the_way(verdict, RULE_QUOTA_BOOKINGS, "");
}

size_t booking_judge(const struct booking_facts *facts, struct booking *booking, struct obstacle obstacles[OBSTACLES_MAX])
{
	struct verdict verdict = { obstacles, 0 };
	fill_place(facts, booking);

	bool by_hour = facts->when.part == DAY_PART_HOURS;
	struct minute_range edges = facts->when.hours;
	bool open = period_edges(facts->when, &facts->space->opening, &edges, NULL);
	bool has_times = open || by_hour;
	enum rule wall = has_times ? fill_times(facts, edges, booking) : RULE_NONE;
	booking->price = price_of(net_cents(facts, booking), facts->space->vat_permille);
	booking->payment = (struct payment){ PAY_PRICE, "", 0, booking->price, false };
	if (!open) {
		struct opening_state opening = opening_on(&facts->space->opening, facts->when.date);
		bool outside = by_hour && opening.closed == CLOSED_NOT;
		stand_in_the_way(&verdict, outside ? RULE_OUTSIDE_HOURS : RULE_SPACE_CLOSED, closed_detail(&opening));
	}
	if (facts->resource->state != RESOURCE_BOOKABLE)
		stand_in_the_way(&verdict, RULE_RESOURCE_NOT_BOOKABLE, facts->resource->state_reason);
	judge_unit(facts, booking, &verdict);
	if (facts->people > facts->resource->capacity)
		stand_in_the_way(&verdict, RULE_OVER_CAPACITY, "");

	struct local_date today = zone_wall(facts->zone, facts->now).date;
	bool past = has_times ? booking->end_at <= facts->now : date_compare(facts->when.date, today) < 0;
	if (past)
		stand_in_the_way(&verdict, RULE_BOOKING_STARTED, "");
	if (facts->days_ahead_max > 0 && date_to_days(facts->when.date) - date_to_days(today) > facts->days_ahead_max)
		stand_in_the_way(&verdict, RULE_TOO_FAR_AHEAD, "");
	/* What is past is past, whoever had it: another place would not help. */
	if (!past && facts->slot_mine)
		stand_in_the_way(&verdict, RULE_ALREADY_MINE, "");
	else if (!past && facts->slot_taken)
		stand_in_the_way(&verdict, RULE_SLOT_TAKEN, "");
	if (!past && has_times)
		judge_quotas(facts, booking, &verdict);
	if (wall != RULE_NONE)
		stand_in_the_way(&verdict, wall, "");
	return verdict.count;
}

static bool is_free(const struct resource_day *row, struct minute_range wanted)
{
	for (size_t i = 0; i < row->busy_count; i++) {
		if (row->busy[i].hours.from < wanted.until && wanted.from < row->busy[i].hours.until)
			return false;
	}
	return true;
}

/* So many minutes within one of the ranges. */
static bool find_hours(const struct resource_day *row, const struct opening_day *hours, int now, int step, int minutes,
                       struct minute_range *found)
{
	for (size_t i = 0; i < hours->count; i++) {
		for (int from = hours->ranges[i].from; from + minutes <= hours->ranges[i].until; from += step) {
			*found = (struct minute_range){ from, from + minutes };
			if (from >= now && is_free(row, *found))
				return true;
		}
	}
	return false;
}

struct minute_range booking_next_hours(const struct resource_day *row, const struct opening_day *hours, int now, int granule_s)
{
	int step = granule_s >= 60 ? granule_s / 60 : GRANULE_DEFAULT_S / 60;
	struct minute_range found = { 0, 0 };
	for (int minutes = 60; minutes >= step; minutes -= step) {
		if (find_hours(row, hours, now, step, minutes, &found))
			return found;
	}
	if (hours->count == 0)
		return (struct minute_range){ 0, 0 };
	int opens = hours->ranges[0].from, closes = hours->ranges[0].until;
	return (struct minute_range){ opens, opens + 60 < closes ? opens + 60 : closes };
}

enum rule booking_cancel_rule(const struct booking *booking, int64_t now)
{
	if (now >= booking->start_at)
		return RULE_BOOKING_STARTED;
	if (now > booking->cancel_until)
		return RULE_CANCEL_TOO_LATE;
	return RULE_NONE;
}

struct cancel_verdict booking_judge_cancel(const struct booking *booking, enum late_cancel rule, bool staff_with_reason, int64_t now)
{
	enum rule found = booking_cancel_rule(booking, now);
	bool owed = found == RULE_CANCEL_TOO_LATE && rule == LATE_CANCEL_CHARGE && !staff_with_reason;
	return (struct cancel_verdict){ owed || staff_with_reason ? RULE_NONE : found, owed };
}
