/* sample.c — makes an empty database a network one can walk into: spaces, their desks and rooms, their members, the
 * bookings of three weeks behind and three ahead, and what happens, so that today looks lived in. */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "network_put.h"

#ifndef HACKTIV_DATA_PLACE
#error "the build says where data is installed"
#endif

/* A booking to be: what the files ask for on a date. */
struct wish {
	size_t member;
	size_t resource;
	struct period when;
	struct booking booking;
};

struct plan {
	const struct network *network;
	struct arena *arena;
	struct wish *wishes;
	size_t count;
	size_t room;
};

static bool is_hours(const struct wish *wish)
{
	return wish->when.part == DAY_PART_HOURS;
}

static bool meet(const struct wish *a, const struct wish *b)
{
	if (!date_equal(a->when.date, b->when.date))
		return false;
	if (is_hours(a) || is_hours(b))
		return a->booking.start_at < b->booking.end_at && b->booking.start_at < a->booking.end_at;
	return a->when.part == b->when.part || a->when.part == DAY_PART_WHOLE || b->when.part == DAY_PART_WHOLE;
}

/* Nobody sits in two places, but for a room one has for some hours beside a desk; and no place holds two people: who comes first in
 * the files stays. */
static bool clashes(const struct plan *plan, const struct wish *wish)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct wish *other = &plan->wishes[i];
		bool same_chair = other->member == wish->member && is_hours(other) == is_hours(wish);
		if ((other->resource == wish->resource || same_chair) && meet(other, wish))
			return true;
	}
	return false;
}

#define BOOKED_AHEAD_DAYS 9   /* at most so many days before the day itself */

/* People book a few days before, never later than now. The spread comes from the id: the same every time. */
static int64_t made_at(const struct booking *booking, int64_t now)
{
	uint16_t hash[2];
	const unsigned char *id = (const unsigned char *)booking->id;
	crypto_generichash((unsigned char *)hash, sizeof hash, id, strlen(booking->id), NULL, 0);
	int64_t usual = booking->start_at - (1 + hash[0] % BOOKED_AHEAD_DAYS) * 86400 - hash[1] % 30000;
	int64_t latest = now - 3600 - hash[1] % 100000;
	return usual < latest ? usual : latest;
}

static bool judge(const struct plan *plan, struct wish *wish)
{
	const struct network_resource *place = &plan->network->resources[wish->resource];
	const struct network_space *home = &plan->network->spaces[place->space];
	struct booking_facts facts = { .space = &home->space, .resource = &place->resource, .zone = home->zone,
		                       .when = wish->when, .now = plan->network->now };
	struct obstacle obstacles[OBSTACLES_MAX];
	size_t count = booking_judge(&facts, &wish->booking, obstacles);
	for (size_t i = 0; i < count; i++)
		if (obstacles[i].rule != RULE_BOOKING_STARTED)
			return false;
	char date[DATE_ISO_SIZE];
	date_to_iso(wish->when.date, date);
	const char *part = day_part_wire_name(wish->when.part);
	if (is_hours(wish))
		part = arena_print(plan->arena, "%s-%d", part, wish->when.hours.from);
	wish->booking.id = network_id(plan->arena, arena_print(plan->arena, "booking/%s/%s/%s", place->resource.id, date, part));
	wish->booking.space_id = home->space.id;
	wish->booking.resource_id = place->resource.id;
	wish->booking.when = wish->when;
	wish->booking.state = BOOKING_CONFIRMED;
	wish->booking.version = 1;
	wish->booking.created_at = made_at(&wish->booking, plan->network->now);
	return true;
}

/* Takes the wish unless the space is closed then or somebody in the plan was first. */
static void plan_add(struct plan *plan, size_t member, size_t resource, struct period when)
{
	struct wish wish = { .member = member, .resource = resource, .when = when };
	if (!judge(plan, &wish) || clashes(plan, &wish))
		return;
	if (plan->count == plan->room) {
		plan->room = plan->room ? plan->room * 2 : 1024;
		plan->wishes = memory_grow(plan->wishes, plan->room, sizeof *plan->wishes);
	}
	plan->wishes[plan->count++] = wish;
}

static void plan_bookings(struct plan *plan)
{
	const struct network *network = plan->network;
	for (size_t i = 0; i < network->booking_count; i++) {
		const struct network_booking *booking = &network->bookings[i];
		const struct network_space *home = &network->spaces[network->resources[booking->resource].space];
		struct local_date date;
		if (network_date(home, &booking->day, &date))
			plan_add(plan, booking->member, booking->resource, period_on(booking->when, date));
	}
}

/* ISO 8601: a week belongs to the year of its Thursday. */
static bool is_odd_week(struct local_date date)
{
	struct local_date thursday = date_plus(date, 4 - date_weekday(date));
	struct local_date new_year = { thursday.year, 1, 1 };
	return ((date_to_days(thursday) - date_to_days(new_year)) / 7 + 1) % 2 == 1;
}

static bool habit_holds(const struct network_habit *habit, struct local_date date)
{
	if (!habit->on[date_weekday(date) - 1])
		return false;
	switch (habit->weeks) {
	case HABIT_EVERY_WEEK:
		return true;
	case HABIT_ODD_WEEKS:
		return is_odd_week(date);
	case HABIT_EVEN_WEEKS:
		return !is_odd_week(date);
	}
	return false;
}

static void plan_habits(struct plan *plan)
{
	const struct network *network = plan->network;
	for (size_t i = 0; i < network->habit_count; i++) {
		const struct network_habit *habit = &network->habits[i];
		struct local_date today = network->spaces[network->resources[habit->resource].space].today;
		for (int days = -network->past_days; days <= network->coming_days; days++) {
			struct local_date date = date_plus(today, days);
			if (habit_holds(habit, date))
				plan_add(plan, habit->member, habit->resource,
				         period_on(habit->when[date_weekday(date) - 1], date));
		}
	}
}

/* The feed tells them in the order they were made. */
static int by_making(const void *a, const void *b)
{
	const struct booking *left = &((const struct wish *)a)->booking;
	const struct booking *right = &((const struct wish *)b)->booking;
	if (left->created_at != right->created_at)
		return left->created_at < right->created_at ? -1 : 1;
	return strcmp(left->id, right->id);
}

static bool write_bookings(struct db_tx *tx, struct plan *plan, struct problem *why)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct wish *wish = &plan->wishes[i];
		wish->booking.member_id = plan->network->members[wish->member].id;
		const struct payment by_price = wish->booking.payment;
		if (!db_pay(tx, &wish->booking, &by_price, 1, 0, wish->booking.created_at))
			return problem_set(why, PROBLEM_IO, "", "the sample bookings cannot be paid");
		const struct network_space *home = &plan->network->spaces[plan->network->resources[wish->resource].space];
		struct granules range = granules_between(wish->booking.start_at, wish->booking.end_at, home->space.granule_s);
		struct db_actor actor = { plan->network->members[wish->member].id, "sample" };
		if (db_book(tx, &wish->booking, range, actor, NULL) != DB_BOOKED)
			return problem_set(why, PROBLEM_CONFLICT, "", "the sample bookings cannot be written");
	}
	return true;
}

#define SIGNED_UP_BEFORE_S 3600

/* The next of the members who have not signed up yet, each time another one; the order comes from the activity's id. */
static bool sign_up_others(struct db_tx *tx, const struct network *network, const struct network_activity *row, int64_t at)
{
	size_t count = network->member_count;
	bool *taken = memory_get_array(count + 1, sizeof *taken);
	for (size_t i = 0; i < row->signup_count; i++)
		taken[row->signups[i]] = true;
	uint32_t hash;
	crypto_generichash((unsigned char *)&hash, sizeof hash, (const unsigned char *)row->activity.id, strlen(row->activity.id),
	                   NULL, 0);
	bool good = true;
	size_t left = (size_t)row->fill, next = count ? hash % count : 0;
	for (size_t seen = 0; good && left > 0 && seen < count; seen++, next = (next + 1) % count) {
		if (taken[next])
			continue;
		struct db_actor actor = { network->members[next].id, "sample" };
		good = db_sign_up(tx, row->activity.space_id, row->activity.id, at, actor);
		left--;
	}
	free(taken);
	return good;
}

static bool write_activity(struct db_tx *tx, const struct network *network, const struct network_activity *row)
{
	const struct activity *activity = &row->activity;
	int64_t at = (activity->signup_until < network->now ? activity->signup_until : network->now) - SIGNED_UP_BEFORE_S;
	bool good = db_put_activity(tx, activity, at, (struct db_actor){ "", "sample" }) == DB_PUT_DONE;
	for (size_t i = 0; good && i < row->signup_count; i++) {
		struct db_actor actor = { network->members[row->signups[i]].id, "sample" };
		good = db_sign_up(tx, activity->space_id, activity->id, at, actor);
	}
	return good && sign_up_others(tx, network, row, at);
}

static bool write_activities(struct db_tx *tx, const struct network *network, struct problem *why)
{
	bool good = true;
	for (size_t i = 0; good && i < network->activity_count; i++)
		good = write_activity(tx, network, &network->activities[i]);
	return good || problem_set(why, PROBLEM_IO, "", "the sample activities cannot be written");
}

/* What others name comes before them: a space before its desks, an organisation before its people. */
static bool write_network(struct db_tx *tx, const struct network *network, struct problem *why)
{
	const struct consent_note consent = { "", CONSENT_FROM_IMPORT, network->now, "sample" };
	bool good = true;
	for (size_t i = 0; good && i < network->space_count; i++)
		good = db_put_space(tx, (int)i, &network->spaces[i].space) == DB_PUT_DONE;
	for (size_t i = 0; good && i < network->space_count; i++)
		good = db_put_is_good(db_put_terms(tx, network->spaces[i].space.id, &network->spaces[i].terms));
	for (size_t i = 0; good && i < network->resource_count; i++)
		good = db_put_resource(tx, network->spaces[network->resources[i].space].space.id, network_place(network, i),
		                       &network->resources[i].resource) == DB_PUT_DONE;
	for (size_t i = 0; good && i < network->organisation_count; i++)
		good = db_put_organisation(tx, &network->organisations[i].organisation) == DB_PUT_DONE;
	for (size_t i = 0; good && i < network->member_count; i++)
		good = db_put_member(tx, &network->members[i]) == DB_PUT_DONE &&
		       db_put_is_good(db_put_roles(tx, network->members[i].id, network->roles[i].held, network->roles[i].count)) &&
		       db_put_is_good(network_put_standing(tx, network->members[i].id, network->standings[i], network->now,
		                                           (struct db_actor){ "", "sample" }));
	for (size_t i = 0; good && i < network->card_count; i++)
		good = db_put_card(tx, &network->cards[i], consent) == DB_PUT_DONE;
	for (size_t i = 0; good && i < network->pass_count; i++)
		good = db_sell_pass(tx, &network->passes[i], (struct db_actor){ "", "sample" }) == DB_PUT_DONE;
	return good || problem_set(why, PROBLEM_IO, "", "the sample network cannot be written");
}

static const char *sample_directory(struct arena *arena)
{
	const char *place = getenv("HACKTIV_DATA_DIR");
	return arena_print(arena, "%s/sample", place && *place ? place : HACKTIV_DATA_PLACE);
}

bool sample_load(struct db_tx *tx, const struct clock *clock, struct zones *zones, struct problem *why)
{
	struct arena *arena = arena_new();
	size_t spaces = 0;
	db_list_spaces(tx, arena, &spaces);
	struct network network;
	bool good = spaces > 0 || network_read(sample_directory(arena), clock, zones, arena, &network, why);
	if (good && spaces == 0) {
		struct plan plan = { .network = &network, .arena = arena };
		plan_bookings(&plan);
		plan_habits(&plan);
		if (plan.count)
			qsort(plan.wishes, plan.count, sizeof *plan.wishes, by_making);
		db_tell_as_of(tx, network.now);
		good = write_network(tx, &network, why) && write_bookings(tx, &plan, why) &&
		       write_activities(tx, &network, why);
		free(plan.wishes);
	}
	arena_free(arena);
	return good;
}
