/* network.c — a network as one: what its files hold, and in which order it is read. */
#include "network_read.h"

#include <string.h>

#define HABIT_DAYS_MAX 90

static void read_habit_days(const struct spot *days, struct network *network)
{
	static const char *const known[] = { "past", "coming" };
	if (!spot_is_object(days, known, COUNT_OF(known)))
		return;
	spot_int(days, "past", 0, HABIT_DAYS_MAX, 0, &network->past_days);
	spot_int(days, "coming", 0, HABIT_DAYS_MAX, 0, &network->coming_days);
}

/* Nothing here names what comes after it. */
static const struct {
	const char *name;
	void (*read)(const struct spot *at, struct network *network);
	bool is_list;
	bool may_lack;      /* also where all parts of a file are needed */
} parts[] = {
	{ "spaces", network_read_spaces, true, false },
	{ "resources", network_read_resources, true, false },
	{ "organisations", network_read_organisations, true, false },
	{ "members", network_read_members, true, false },
	{ "passes", network_read_passes, true, true },
	{ "habit_days", read_habit_days, false, false },
	{ "bookings", network_read_bookings, true, false },
	{ "habits", network_read_habits, true, false },
	{ "activities", network_read_activities, true, false },
};

/* Those parts of the object at `root` that are named. */
static void read_parts(const struct spot *root, const char *const *names, size_t count, bool all_needed, struct network *network)
{
	if (!spot_is_object(root, names, count))
		return;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		struct spot part = spot_of_member(root, parts[i].name);
		bool wanted = is_named(parts[i].name, names, count) && (part.value || (all_needed && !parts[i].may_lack));
		if (wanted && (!parts[i].is_list || spot_is_array(&part)))
			parts[i].read(&part, network);
	}
}

int network_place(const struct network *network, size_t resource)
{
	int place = 0;
	for (size_t i = 0; i < resource; i++)
		place += network->resources[i].space == network->resources[resource].space;
	return place;
}

bool network_read(const char *directory, const struct clock *clock, struct zones *zones, struct arena *arena,
                  struct network *network, struct problem *why)
{
	static const struct {
		const char *name;
		const char *parts[3];
		size_t count;
	} files[] = {
		{ "spaces", { "spaces" }, 1 },
		{ "resources", { "resources" }, 1 },
		{ "organisations", { "organisations" }, 1 },
		{ "members", { "members", "passes" }, 2 },
		{ "bookings", { "bookings", "habit_days", "habits" }, 3 },
		{ "activities", { "activities" }, 1 },
	};
	*network = (struct network){ .now = clock_now(clock), .zones = zones };
	bool good = true;
	for (size_t i = 0; good && i < COUNT_OF(files); i++) {
		struct network_file file;
		good = network_file_open(&file, arena_print(arena, "%s/%s.json", directory, files[i].name), arena, why);
		if (good) {
			struct spot root = spot_of_file(&file);
			read_parts(&root, files[i].parts, files[i].count, true, network);
			good = network_file_judge(&file, why);
		}
		network_file_close(&file);
	}
	return good;
}

void network_read_import(struct network_file *file, struct network *network)
{
	static const char *const known[] = { "spaces", "resources", "organisations", "members", "passes", "activities" };
	struct spot root = spot_of_file(file);
	read_parts(&root, known, COUNT_OF(known), false, network);
}
