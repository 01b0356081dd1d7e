/* policy.c — see policy.h. The rules themselves are booking_judge()'s; here they get their facts. */
#include "policy.h"

#include <string.h>

#include "alternatives.h"
#include "busy.h"

const struct zone *policy_zone(struct server *server, const struct space *space)
{
	struct problem why = { 0 };
	const struct zone *zone = zones_find(server->zones, space->time_zone, &why);
	if (!zone)
		log_line(LOG_LEVEL_ERROR, "the time zone of space %s cannot be used: %s", space->slug, why.text);
	return zone;
}

struct local_date policy_today(struct server *server, const struct space *space, int64_t now)
{
	const struct zone *zone = policy_zone(server, space);
	return zone ? zone_wall(zone, now).date : date_from_days((int32_t)(now / 86400));
}

/* Empty when the space is closed then. */
static struct granules granules_of(const struct space *space, const struct zone *zone, struct period when)
{
	struct minute_range edges;
	int64_t start = 0, end = 0;
	if (!period_edges(when, &space->opening, &edges, NULL))
		return (struct granules){ 0, 0 };
	zone_instant(zone, when.date, edges.from, &start);
	zone_instant(zone, when.date, edges.until, &end);
	return granules_between(start, end, space->granule_s);
}

/* Could an ordinary desk, were it free, be booked for this half-day as far as its time goes? */
static bool is_open_for(const struct view *view, const struct space *space, const struct zone *zone, struct period when)
{
	const struct resource desk = { .state = RESOURCE_BOOKABLE, .capacity = 1 };
	struct booking booking = { 0 };
	struct obstacle obstacles[OBSTACLES_MAX];
	struct booking_facts facts = { .space = space, .resource = &desk, .zone = zone, .when = when, .now = view->now };
	return booking_judge(&facts, &booking, obstacles) == 0;
}

bool policy_halves(const struct view *view, const struct space *space, struct local_date date, struct day_halves *halves)
{
	const struct zone *zone = policy_zone(view->server, space);
	if (!zone)
		return false;
	struct period morning = half_day(date, DAY_PART_MORNING), afternoon = half_day(date, DAY_PART_AFTERNOON);
	*halves = (struct day_halves){
		.zone = zone,
		.date = date,
		.morning = granules_of(space, zone, morning),
		.afternoon = granules_of(space, zone, afternoon),
		.morning_open = is_open_for(view, space, zone, morning),
		.afternoon_open = is_open_for(view, space, zone, afternoon),
	};
	return true;
}

const struct space *policy_with_day(const struct view *view, const struct space *space, const struct day_halves *halves)
{
	struct space *told = arena_get(view->arena, sizeof *told);
	*told = *space;
	struct free_desks free_desks = db_count_free(view->tx, space->id, halves->date, stretch_of(halves->morning, space->granule_s),
	                                             stretch_of(halves->afternoon, space->granule_s));
	told->today = (struct space_day){
		.date = halves->date,
		.opening = opening_on(&space->opening, halves->date),
		.desks = free_desks.desks,
		.free_morning = halves->morning_open ? free_desks.morning : 0,
		.free_afternoon = halves->afternoon_open ? free_desks.afternoon : 0,
	};
	return told;
}

/* What the first obstacle makes of a half. How far ahead one may book is told when one tries: the desk itself is free. */
static enum slot_state state_of(const struct booking_facts *facts)
{
	if (facts->slot_mine)
		return SLOT_MINE;
	struct booking booking = { 0 };
	struct obstacle obstacles[OBSTACLES_MAX];
	size_t count = booking_judge(facts, &booking, obstacles);
	for (size_t i = 0; i < count; i++) {
		switch (obstacles[i].rule) {
		case RULE_SPACE_CLOSED:
		case RULE_OUTSIDE_HOURS:
		case RULE_NONEXISTENT_TIME:
			return SLOT_CLOSED;
		case RULE_RESOURCE_NOT_BOOKABLE:
		case RULE_NOT_BY_THE_HOUR:
		case RULE_NOT_BY_DAY:
		case RULE_NOT_WHOLE_HOURS:
		case RULE_OFF_STEP:
		case RULE_OVER_CAPACITY:
		case RULE_VALIDATION:
		case RULE_OTHER:
			return SLOT_NOT_BOOKABLE;
		case RULE_BOOKING_STARTED:
			return SLOT_PAST;
		case RULE_SLOT_TAKEN:
			return SLOT_TAKEN;
		case RULE_ALREADY_MINE:
			return SLOT_MINE;
		/* A half that is not booked as such is still free by the hour. */
		case RULE_NOT_BY_HALF_DAY:
		case RULE_TOO_SHORT:
		case RULE_TOO_LONG:
		case RULE_QUOTA_HOURS:
		case RULE_QUOTA_BOOKINGS:
		case RULE_AMBIGUOUS_TIME:
		case RULE_INCONSISTENT_OFFSET:
		case RULE_NONE:
		case RULE_TOO_FAR_AHEAD:
		case RULE_CANCEL_TOO_LATE:
		case RULE_ACTIVITY_CANCELLED:
		case RULE_ACTIVITY_STARTED:
		case RULE_SIGNUP_CLOSED:
		case RULE_WITHDRAW_TOO_LATE:
		case RULE_NOT_PENDING:
		case RULE_NO_PRESENCE:
		case RULE_NOT_CONFIRMED:
		case RULE_CHECK_IN_EARLY:
		case RULE_BOOKING_OVER:
		case RULE_NOT_CHECKED_IN:
		case RULE_CONDITIONS_NOT_ACCEPTED:
		case RULE_ACTIVITY_FULL:
		case RULE_CAPACITY_BELOW_TAKEN:
		case RULE_ATTENDANCE_TOO_EARLY:
		case RULE_ATTENDANCE_CLOSED:
		case RULE_STALE_VERSION:
			break;
		}
	}
	return SLOT_FREE;
}

/* A resource as it is on a date: out of order or not there yet, when the space said so. */
static struct resource resource_on(const struct resource *resource, const struct outage *outage)
{
	struct resource there = *resource;
	if (outage && there.state == RESOURCE_BOOKABLE) {
		there.state = outage->state;
		there.state_reason = outage->reason;
	}
	return there;
}

static const struct outage *outage_of(const struct outage *outages, size_t count, const char *resource_id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(outages[i].resource_id, resource_id) == 0)
			return &outages[i];
	return NULL;
}

/* Both halves, and which booking of whoever looks is in them. */
static void tell_halves(const struct view *view, const struct space *space, const struct day_halves *halves, const struct held_day *day,
                        struct resource_day *row)
{
	struct held_half morning = held_that_half(day, &row->resource, stretch_of(halves->morning, space->granule_s));
	struct held_half afternoon = held_that_half(day, &row->resource, stretch_of(halves->afternoon, space->granule_s));
	struct booking_facts facts = { .space = space, .resource = &row->resource, .zone = halves->zone, .now = view->now };
	facts.when = half_day(halves->date, DAY_PART_MORNING);
	facts.slot_taken = morning.taken;
	facts.slot_mine = *morning.my_id != '\0';
	row->morning = state_of(&facts);
	facts.when.part = DAY_PART_AFTERNOON;
	facts.slot_taken = afternoon.taken;
	facts.slot_mine = *afternoon.my_id != '\0';
	row->afternoon = state_of(&facts);
	row->my_booking_id = *morning.my_id ? morning.my_id : afternoon.my_id;
}

const struct resource_day *policy_rows(const struct view *view, const struct space *space, const struct day_halves *halves,
                                       size_t *count)
{
	const struct resource *resources = db_list_resources(view->tx, space->id, view->arena, count);
	const struct held_day *held = held_that_day(view, space, halves, resources, *count);
	struct resource_day *rows = arena_get(view->arena, (*count + 1) * sizeof *rows);
	size_t outage_count = 0;
	const struct outage *outages = db_list_outages(view->tx, space->id, NULL, halves->date, halves->date, view->arena, &outage_count);
	for (size_t i = 0; i < *count; i++) {
		rows[i].resource = resource_on(&resources[i], outage_of(outages, outage_count, resources[i].id));
		tell_halves(view, space, halves, &held[i], &rows[i]);
		tell_busy(view, halves, &held[i], &rows[i]);
	}
	return rows;
}

/* What the person has by now of what the place and the whole space grant. */
static void count_uses(const struct view *view, const struct space *space, const struct resource *resource,
                       const struct booking_wish *wish, struct booking_facts *facts)
{
	struct quota_use *uses = arena_get(view->arena, 2 * sizeof *uses);
	const struct { struct quota quota; const char *resource_id; } limits[] = { { resource->quota, resource->id }, { space->quota, NULL } };
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		if (!limits[i].quota.day_minutes && !limits[i].quota.open_bookings)
			continue;
		uses[facts->use_count] = db_count_use(view->tx, space->id, limits[i].resource_id, view->member_id, wish->when.date, view->now,
		                                      wish->without);
		uses[facts->use_count++].quota = limits[i].quota;
	}
	facts->uses = uses;
}

static struct granules granules_of_wish(const struct space *space, const struct zone *zone, const struct booking_wish *wish)
{
	struct granules by_wall = granules_of(space, zone, wish->when);
	bool said = wish->start_at != 0 && by_wall.until > by_wall.from;
	return said ? granules_between(wish->start_at, wish->end_at, space->granule_s) : by_wall;
}

static struct booking_facts facts_of(const struct view *view, const struct space *space, const struct resource *resource,
                                     const struct zone *zone, const struct booking_wish *wish)
{
	return (struct booking_facts){ .space = space, .resource = resource, .zone = zone, .when = wish->when, .now = view->now,
		                       .days_ahead_max = DAYS_AHEAD_MAX, .start_at = wish->start_at, .end_at = wish->end_at,
		                       .people = wish->people };
}

bool policy_allows(const struct view *view, const struct space *space, const struct resource *resource,
                   const struct booking_wish *wish)
{
	const struct zone *zone = policy_zone(view->server, space);
	struct booking booking;
	struct obstacle obstacles[OBSTACLES_MAX];
	if (!zone)
		return false;
	/* The rules first: most of what alternatives try is closed or past, and the database need not be asked. */
	struct booking_facts facts = facts_of(view, space, resource, zone, wish);
	if (booking_judge(&facts, &booking, obstacles) > 0)
		return false;
	struct granules range = granules_of_wish(space, zone, wish);
	struct db_taken found = db_find_taken(view->tx, space->id, resource, range, view->member_id, wish->without);
	if (found.taken || found.mine || db_find_outage(view->tx, space->id, resource->id, wish->when.date, view->arena))
		return false;
	count_uses(view, space, resource, wish, &facts);
	return booking_judge(&facts, &booking, obstacles) == 0;
}

/* Particulars that only numbers can say. */
static const char *particulars_of(const struct view *view, enum rule rule, const struct resource *resource)
{
	if (rule == RULE_OVER_CAPACITY)
		return arena_print(view->arena, "%d", resource->capacity);
	int minutes = rule == RULE_TOO_SHORT ? resource->least_minutes : rule == RULE_TOO_LONG ? resource->most_minutes :
	              rule == RULE_OFF_STEP ? resource->step_minutes : 0;
	return minutes > 0 ? arena_print(view->arena, "%d min", minutes) : "";
}

void policy_ask(const struct view *view, const struct space *space, const struct resource *resource, const struct booking_wish *wish)
{
	const struct zone *zone = policy_zone(view->server, space);
	struct granules range = zone ? granules_of_wish(space, zone, wish) : (struct granules){ 0, 0 };
	if (range.until > range.from)
		db_ask_taken(view->tx, space->id, resource, range, view->member_id, wish->without);
}

bool policy_judge(const struct view *view, const struct space *space, const struct resource *resource,
                  const struct booking_wish *wish, struct preview *preview, struct granules *range)
{
	const struct zone *zone = policy_zone(view->server, space);
	if (!zone)
		return false;
	*preview = (struct preview){ 0 };
	*range = granules_of_wish(space, zone, wish);
	struct resource there = resource_on(resource, db_find_outage(view->tx, space->id, resource->id, wish->when.date, view->arena));
	struct booking_facts facts = facts_of(view, space, &there, zone, wish);
	struct db_taken found = { .unit = 1 };
	if (range->until > range->from)
		found = db_find_taken(view->tx, space->id, resource, *range, view->member_id, wish->without);
	facts.slot_taken = found.taken;
	facts.slot_mine = found.mine;
	count_uses(view, space, resource, wish, &facts);
	struct obstacle *obstacles = arena_get(view->arena, OBSTACLES_MAX * sizeof *obstacles);
	preview->obstacle_count = booking_judge(&facts, &preview->booking, obstacles);
	for (size_t i = 0; i < preview->obstacle_count; i++)
		if (!*obstacles[i].detail)
			obstacles[i].detail = particulars_of(view, obstacles[i].rule, resource);
	preview->obstacles = obstacles;
	preview->booking.version = 1;
	preview->booking.unit = found.unit;
	preview->booking.created_at = view->now;
	return true;
}

bool policy_preview(const struct view *view, const struct space *space, const struct resource *resource,
                    const struct booking_wish *wish, struct preview *preview, struct granules *range)
{
	if (!policy_judge(view, space, resource, wish, preview, range))
		return false;
	if (preview->obstacle_count > 0)
		preview->alternatives = find_alternatives(view, space, resource, wish, &preview->alternative_count);
	return true;
}
