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
		.state = BOOKING_CONFIRMED,
		.price = price_of(facts->when.part == DAY_PART_WHOLE ? resource->day_cents : resource->half_day_cents,
		                  space->vat_permille),
	};
}

/* What the space itself says about a day it is closed on. */
static const char *closed_detail(const struct opening_state *opening)
{
	return opening->closed == CLOSED_HOLIDAY ? holiday_words(opening->holiday) : opening->reason;
}

/* Returns whether the wall times of that half-day exist. */
static bool fill_times(const struct booking_facts *facts, struct minute_range edges, struct booking *booking)
{
	enum wall_kind start = zone_instant(facts->zone, facts->when.date, edges.from, &booking->start_at);
	enum wall_kind end = zone_instant(facts->zone, facts->when.date, edges.until, &booking->end_at);
	booking->cancel_until = booking->start_at - (int64_t)facts->resource->cancel_minutes * 60;
	return start != WALL_NEVER && end != WALL_NEVER;
}

size_t booking_judge(const struct booking_facts *facts, struct booking *booking, struct obstacle obstacles[OBSTACLES_MAX])
{
	struct verdict verdict = { obstacles, 0 };
	fill_place(facts, booking);

	struct minute_range edges;
	bool open = half_day_edges(facts->when, &facts->space->opening, &edges, NULL);
	bool exists = !open || fill_times(facts, edges, booking);
	if (!open) {
		struct opening_state opening = opening_on(&facts->space->opening, facts->when.date);
		stand_in_the_way(&verdict, RULE_SPACE_CLOSED, closed_detail(&opening));
	}
	if (facts->resource->state != RESOURCE_BOOKABLE)
		stand_in_the_way(&verdict, RULE_RESOURCE_NOT_BOOKABLE, facts->resource->state_reason);

	struct local_date today = zone_wall(facts->zone, facts->now).date;
	bool past = open ? booking->end_at <= facts->now : date_compare(facts->when.date, today) < 0;
	if (past)
		stand_in_the_way(&verdict, RULE_BOOKING_STARTED, "");
	if (facts->days_ahead_max > 0 && date_to_days(facts->when.date) - date_to_days(today) > facts->days_ahead_max)
		stand_in_the_way(&verdict, RULE_TOO_FAR_AHEAD, "");
	/* What is past is past, whoever had it: another place would not help. */
	if (!past && facts->slot_mine)
		stand_in_the_way(&verdict, RULE_ALREADY_MINE, "");
	else if (!past && facts->slot_taken)
		stand_in_the_way(&verdict, RULE_SLOT_TAKEN, "");
	if (!exists)
		stand_in_the_way(&verdict, RULE_NONEXISTENT_TIME, "");
	return verdict.count;
}

enum rule booking_cancel_rule(const struct booking *booking, int64_t now)
{
	if (now >= booking->start_at)
		return RULE_BOOKING_STARTED;
	if (now > booking->cancel_until)
		return RULE_CANCEL_TOO_LATE;
	return RULE_NONE;
}
