/* network_bookings.c — bookings and habits from their file, and the files as one network. */
#include "network_read.h"

#include <stdlib.h>
#include <string.h>

static bool read_hours(const struct spot *at, struct period *when)
{
	when->part = DAY_PART_HOURS;
	return network_read_range(at, &when->hours) &&
	       (when->hours.from < when->hours.until || spot_wrong(at, "expected hours that begin before they end"));
}

/* All of a period but its date: "am", or ["14:00", "16:00"] where one may book by the hour. */
static bool read_part(const struct spot *at, const struct resource *resource, struct period *when)
{
	if (cJSON_IsArray(at->value) && resource->by_hour)
		return read_hours(at, when);
	if (cJSON_IsString(at->value) && day_part_from_wire(at->value->valuestring, &when->part) && when->part != DAY_PART_HOURS)
		return true;
	return resource->by_hour ? spot_wrong(at, "expected am, pm, day or two times such as [\"14:00\", \"16:00\"]")
	                         : spot_wrong(at, "expected am, pm or day");
}

static bool read_who_and_what(const struct spot *at, const struct network *network, size_t *member, size_t *resource)
{
	struct spot who = spot_of_member(at, "member");
	struct spot what = spot_of_member(at, "resource");
	if (!network_find_member(&who, network, member) || !network_find_resource(&what, network, resource))
		return false;
	return network->resources[*resource].resource.state == RESOURCE_BOOKABLE ||
	       spot_wrong(&what, "expected a resource that can be booked");
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

bool network_read_bookings(const struct spot *list, struct network *network)
{
	static const char *const known[] = { "member", "resource", "date", "open_day", "part" };
	network->bookings = arena_get(list->file->arena, (size_t)cJSON_GetArraySize(list->value) * sizeof *network->bookings);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->booking_count, value);
		struct network_booking *booking = &network->bookings[network->booking_count++];
		struct spot part = spot_of_member(&at, "part");
		if (!spot_is_object(&at, known, COUNT_OF(known)) ||
		    !read_who_and_what(&at, network, &booking->member, &booking->resource) ||
		    !network_read_day(&at, &network->spaces[network->resources[booking->resource].space], &booking->day) ||
		    !read_part(&part, &network->resources[booking->resource].resource, &booking->when))
			return false;
	}
	return true;
}

static bool read_weeks(const struct spot *at, enum habit_weeks *weeks)
{
	static const char *const names[] = { "every", "odd", "even" };
	*weeks = HABIT_EVERY_WEEK;
	if (!at->value)
		return true;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (cJSON_IsString(at->value) && strcmp(at->value->valuestring, names[i]) == 0) {
			*weeks = (enum habit_weeks)i;
			return true;
		}
	return spot_wrong(at, "expected every, odd or even");
}

static bool read_habit(const struct spot *at, const struct network *network, struct network_habit *habit)
{
	static const char *const known[] = { "member", "resource", "on", "weeks" };
	struct spot on = spot_of_member(at, "on");
	struct spot weeks = spot_of_member(at, "weeks");
	if (!spot_is_object(at, known, COUNT_OF(known)) ||
	    !read_who_and_what(at, network, &habit->member, &habit->resource) || !read_weeks(&weeks, &habit->weeks) ||
	    !spot_is_object(&on, network_weekdays, COUNT_OF(network_weekdays)))
		return false;
	for (size_t day = 0; day < COUNT_OF(network_weekdays); day++) {
		struct spot part = spot_of_member(&on, network_weekdays[day]);
		habit->on[day] = part.value != NULL;
		if (part.value && !read_part(&part, &network->resources[habit->resource].resource, &habit->when[day]))
			return false;
	}
	return true;
}

bool network_read_habits(const struct spot *list, struct network *network)
{
	network->habits = arena_get(list->file->arena, (size_t)cJSON_GetArraySize(list->value) * sizeof *network->habits);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->habit_count, value);
		if (!read_habit(&at, network, &network->habits[network->habit_count++]))
			return false;
	}
	return true;
}

/* ---- the files --------------------------------------------------------------------------------------------------- */

static bool take_list(const struct spot *root, const char *name, struct network *network,
                      bool (*take)(const struct spot *list, struct network *network))
{
	struct spot list = spot_of_member(root, name);
	return spot_is_array(&list) && take(&list, network);
}

static bool take_spaces(const struct spot *root, struct network *network)
{
	static const char *const known[] = { "spaces" };
	return spot_is_object(root, known, COUNT_OF(known)) && take_list(root, "spaces", network, network_read_spaces);
}

static bool take_resources(const struct spot *root, struct network *network)
{
	static const char *const known[] = { "resources" };
	return spot_is_object(root, known, COUNT_OF(known)) && take_list(root, "resources", network, network_read_resources);
}

static bool take_organisations(const struct spot *root, struct network *network)
{
	static const char *const known[] = { "organisations" };
	return spot_is_object(root, known, COUNT_OF(known)) &&
	       take_list(root, "organisations", network, network_read_organisations);
}

static bool take_activities(const struct spot *root, struct network *network)
{
	static const char *const known[] = { "activities" };
	return spot_is_object(root, known, COUNT_OF(known)) && take_list(root, "activities", network, network_read_activities);
}

static bool take_members(const struct spot *root, struct network *network)
{
	static const char *const known[] = { "members" };
	return spot_is_object(root, known, COUNT_OF(known)) && take_list(root, "members", network, network_read_members);
}

#define HABIT_DAYS_MAX 90

static bool take_bookings(const struct spot *root, struct network *network)
{
	static const char *const known[] = { "bookings", "habit_days", "habits" };
	static const char *const known_days[] = { "past", "coming" };
	struct spot days = spot_of_member(root, "habit_days");
	return spot_is_object(root, known, COUNT_OF(known)) && spot_is_object(&days, known_days, COUNT_OF(known_days)) &&
	       spot_int(&days, "past", 0, HABIT_DAYS_MAX, 0, &network->past_days) &&
	       spot_int(&days, "coming", 0, HABIT_DAYS_MAX, 0, &network->coming_days) &&
	       take_list(root, "bookings", network, network_read_bookings) &&
	       take_list(root, "habits", network, network_read_habits);
}

bool network_read(const char *directory, const struct clock *clock, struct zones *zones, struct arena *arena,
                  struct network *network, struct problem *why)
{
	static const struct {
		const char *name;
		bool (*take)(const struct spot *root, struct network *network);
	} files[] = {
		{ "spaces.json", take_spaces },
		{ "resources.json", take_resources },
		{ "organisations.json", take_organisations },
		{ "members.json", take_members },
		{ "bookings.json", take_bookings },
		{ "activities.json", take_activities },
	};
	*network = (struct network){ .now = clock_now(clock), .zones = zones };
	bool good = true;
	for (size_t i = 0; good && i < COUNT_OF(files); i++) {
		struct network_file file;
		good = network_file_open(&file, arena_print(arena, "%s/%s", directory, files[i].name), arena, why);
		if (good) {
			struct spot root = spot_of_file(&file);
			good = files[i].take(&root, network);
		}
		network_file_close(&file);
	}
	return good;
}
