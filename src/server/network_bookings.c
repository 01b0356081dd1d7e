/* network_bookings.c — bookings and habits as they are written down. */
#include "network_read.h"

#include <stdlib.h>
#include <string.h>

static void read_hours(const struct spot *at, struct period *when)
{
	when->part = DAY_PART_HOURS;
	if (network_read_range(at, &when->hours) && when->hours.from >= when->hours.until)
		spot_expected(at, "hours that begin before they end");
}

/* All of a period but its date: "am", or ["14:00", "16:00"] where one may book by the hour. */
static void read_part(const struct spot *at, const struct resource *resource, struct period *when)
{
	bool is_part = cJSON_IsString(at->value) && day_part_from_wire(at->value->valuestring, &when->part) &&
	               when->part != DAY_PART_HOURS;
	if (cJSON_IsArray(at->value) && resource->by_hour)
		read_hours(at, when);
	else if (!is_part && resource->by_hour)
		spot_expected(at, "am, pm, day or two times such as [\"14:00\", \"16:00\"]");
	else if (!is_part)
		spot_expected(at, "am, pm or day");
}

static void read_who_and_what(const struct spot *at, struct network *network, size_t *member, size_t *resource)
{
	struct spot who = spot_of_member(at, "member");
	struct spot what = spot_of_member(at, "resource");
	network_find_member(&who, network, member);
	if (network_find_resource(&what, network, resource) &&
	    network->resources[*resource].resource.state != RESOURCE_BOOKABLE)
		spot_expected(&what, "a resource that can be booked");
}

#define OPEN_DAYS_MAX 90
#define OPEN_DAY_SEARCH 366

bool network_read_day(const struct spot *at, const struct network_space *home, struct network_day *day)
{
	struct spot date = spot_of_member(at, "date");
	struct spot open_day = spot_of_member(at, "open_day");
	if (!date.value == !open_day.value)
		return spot_wrong(at, "expected either \"date\" or \"open_day\"");
	day->by_open_day = open_day.value != NULL;
	if (day->by_open_day)
		return spot_int(at, "open_day", -OPEN_DAYS_MAX, OPEN_DAYS_MAX, 0, &day->open_day);
	return spot_date(&date, home->today, &day->date);
}

bool network_date(const struct network_space *home, const struct network_day *day, struct local_date *date)
{
	*date = day->by_open_day ? home->today : day->date;
	int step = day->open_day < 0 ? -1 : 1;
	int left = day->by_open_day ? abs(day->open_day) : 0;
	for (int days = 0; left > 0 && days < OPEN_DAY_SEARCH; days++) {
		*date = date_plus(*date, step);
		if (opening_on(&home->space.opening, *date).closed == CLOSED_NOT)
			left--;
	}
	return left == 0;
}

void network_read_bookings(const struct spot *list, struct network *network)
{
	static const char *const known[] = { "member", "resource", "date", "open_day", "part" };
	network->bookings = arena_get(list->file->arena, (size_t)cJSON_GetArraySize(list->value) * sizeof *network->bookings);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->booking_count, value);
		struct network_booking *booking = &network->bookings[network->booking_count++];
		struct spot part = spot_of_member(&at, "part");
		if (!spot_is_object(&at, known, COUNT_OF(known)))
			continue;
		read_who_and_what(&at, network, &booking->member, &booking->resource);
		if (booking->resource == NETWORK_NOWHERE)
			continue;
		const struct network_resource *place = &network->resources[booking->resource];
		read_part(&part, &place->resource, &booking->when);
		if (place->space != NETWORK_NOWHERE)
			network_read_day(&at, &network->spaces[place->space], &booking->day);
	}
}

static void read_weeks(const struct spot *at, enum habit_weeks *weeks)
{
	static const char *const names[] = { "every", "odd", "even" };
	*weeks = HABIT_EVERY_WEEK;
	if (!at->value)
		return;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (cJSON_IsString(at->value) && strcmp(at->value->valuestring, names[i]) == 0) {
			*weeks = (enum habit_weeks)i;
			return;
		}
	spot_expected(at, "every, odd or even");
}

static void read_habit(const struct spot *at, struct network *network, struct network_habit *habit)
{
	static const char *const known[] = { "member", "resource", "on", "weeks" };
	struct spot on = spot_of_member(at, "on");
	struct spot weeks = spot_of_member(at, "weeks");
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	read_who_and_what(at, network, &habit->member, &habit->resource);
	read_weeks(&weeks, &habit->weeks);
	if (!spot_is_object(&on, network_weekdays, COUNT_OF(network_weekdays)) || habit->resource == NETWORK_NOWHERE)
		return;
	for (size_t day = 0; day < COUNT_OF(network_weekdays); day++) {
		struct spot part = spot_of_member(&on, network_weekdays[day]);
		habit->on[day] = part.value != NULL;
		if (part.value)
			read_part(&part, &network->resources[habit->resource].resource, &habit->when[day]);
	}
}

void network_read_habits(const struct spot *list, struct network *network)
{
	network->habits = arena_get(list->file->arena, (size_t)cJSON_GetArraySize(list->value) * sizeof *network->habits);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->habit_count, value);
		read_habit(&at, network, &network->habits[network->habit_count++]);
	}
}
