/* fuzz_network.c — a network that somebody wrote down: read whole, with everything in its range, or refused with file and line. The
 * first byte chooses which of the files the rest is; the others are sound. */
#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"
#include "network.h"
#include "scratch.h"

static const struct { const char *name, *text; } files[] = {
	{ "spaces.json",
	  "{\"spaces\":[{\"slug\":\"ferme\",\"name\":\"La Ferme\",\"town\":\"Chimay\",\"country\":\"BE\",\"time_zone\":\"Europe/Brussels\","
	  "\"opening\":{\"week\":{\"monday\":[[\"09:00\",\"17:00\"]]},\"closures\":[]}}]}" },
	{ "resources.json", "{\"resources\":[{\"space\":\"ferme\",\"slug\":\"a1\",\"name\":\"A1\",\"kind\":\"desk\"}]}" },
	{ "members.json", "{\"members\":[{\"login\":\"demo\",\"name\":\"Camille\"}]}" },
	{ "bookings.json", "{\"bookings\":[],\"habits\":[]}" },
	{ "organisations.json", "{\"organisations\":[{\"slug\":\"forges\",\"name\":\"Forges\",\"kind\":\"company\"}]}" },
	{ "activities.json", "{\"activities\":[]}" },
};

static void check(const struct network *network)
{
	for (size_t i = 0; i < network->space_count; i++) {
		MUST(network->spaces[i].zone && date_is_valid(network->spaces[i].today));
		MUST(opening_rule_check(&network->spaces[i].space.opening, network->spaces[i].space.granule_s, NULL));
	}
	for (size_t i = 0; i < network->resource_count; i++)
		MUST(network->resources[i].space < network->space_count && network->resources[i].resource.capacity > 0);
	for (size_t i = 0; i < network->booking_count; i++) {
		MUST(network->bookings[i].member < network->member_count && network->bookings[i].resource < network->resource_count);
		MUST(network->bookings[i].day.by_open_day || date_is_valid(network->bookings[i].day.date));
	}
	for (size_t i = 0; i < network->habit_count; i++)
		MUST(network->habits[i].member < network->member_count && network->habits[i].resource < network->resource_count);
	for (size_t i = 0; i < network->organisation_count; i++) {
		const struct organisation *organisation = &network->organisations[i].organisation;
		char number[REGISTRATION_SIZE];
		MUST(registration_read(organisation->registration, organisation->registration_number, number, NULL));
	}
	MUST(network->card_count <= network->member_count);
	for (size_t i = 0; i < network->activity_count; i++) {
		const struct network_activity *row = &network->activities[i];
		MUST(row->space < network->space_count && date_is_valid(row->activity.date) && activity_check(&row->activity, NULL));
		for (size_t k = 0; k < row->signup_count; k++)
			MUST(row->signups[k] < network->member_count);
	}
	MUST(network->past_days >= 0 && network->coming_days >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct zones *zones;
	if (length == 0)
		return 0;
	if (!zones)
		zones = zones_new();
	size_t mine = bytes[0] % COUNT_OF(files);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		scratch_write(files[i].name, i == mine ? (const char *)bytes + 1 : files[i].text,
		              i == mine ? length - 1 : strlen(files[i].text));
	struct clock clock = { .fixed = true, .fixed_at = 1784093400 };
	struct arena *arena = arena_new();
	struct network network;
	struct problem why = { 0 };
	if (network_read(scratch_directory(), &clock, zones, arena, &network, &why))
		check(&network);
	else
		MUST(why.kind != PROBLEM_NONE && text_is_clean(why.text, strlen(why.text), TEXT_ONE_LINE, PROBLEM_TEXT_MAX));
	arena_free(arena);
	return 0;
}
