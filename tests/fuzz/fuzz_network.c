/* fuzz_network.c — a network that somebody wrote down: read whole, with everything in its range, or refused with file and line. The
 * first byte chooses which of the files the rest is ("0" the first), or what an administrator imports; the others are sound. */
#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"
#include "network.h"
#include "network_file.h"
#include "scratch.h"

static const struct { const char *name, *text; } files[] = {
	{ "spaces.json",
	  "{\"spaces\":[{\"slug\":\"ferme\",\"name\":\"La Ferme\",\"town\":\"Chimay\",\"country\":\"BE\",\"time"
	  "_zone\":\"Europe/Brussels\",\"description\":\"Ici.\",\"street\":\"Place 1\",\"postcode\":\"6460\",\""
	  "operator_name\":\"O\",\"phone\":\"+3260000218\",\"access_note\":\"\",\"former_name\":\"F\",\"vat_per"
	  "mille\":210,\"sample_data\":true,\"opening\":{\"week\":{\"monday\":[[\"09:00\",\"12:30\"],[\"13:30\""
	  ",\"24:00\"]],\"friday\":[]},\"boundary\":\"13:00\",\"open_on_holidays\":false,\"closures\":[]}}]}" },
	{ "resources.json",
	  "{\"resources\":[{\"space\":\"ferme\",\"slug\":\"a1\",\"name\":\"A1\",\"area\":\"P\",\"kind\":\"desk"
	  "\",\"note\":\"n\",\"amenities\":[\"screen\",\"quiet\"],\"capacity\":2,\"half_day_cents\":800,\"day_c"
	  "ents\":1400,\"cancel_minutes\":60},{\"space\":\"ferme\",\"slug\":\"b-2\",\"name\":\"B2\",\"kind\":\""
	  "studio\",\"state\":\"planned\",\"state_reason\":\"y\"}]}" },
	{ "members.json",
	  "{\"members\":[{\"login\":\"demo\",\"name\":\"Camille\"}]}" },
	{ "bookings.json",
	  "{\"bookings\":[],\"habit_days\":{\"past\":1,\"coming\":1},\"habits\":[]}" },
	{ "organisations.json",
	  "{\"organisations\":[{\"slug\":\"forges\",\"name\":\"Forges\",\"kind\":\"company\",\"sector\":\"métal"
	  "\",\"description\":\"Ici.\\nLà.\",\"street\":\"12 rue X\",\"postcode\":\"08000\",\"town\":\"Charlevi"
	  "lle\",\"country\":\"FR\",\"phone\":\"+33353010021\",\"email\":\"a@example.org\",\"website\":\"https:"
	  "//example.org\",\"fr_siret\":\"999 000 011 00018\",\"languages\":[\"fr\",\"en\"],\"visits\":true}]}" },
	{ "activities.json",
	  "{\"activities\":[]}" },
};

static const struct clock now = { .fixed = true, .fixed_at = 1784093400 };

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

/* A sentence, perhaps cut short behind a space. */
static void check_problem(const struct problem *why)
{
	size_t length = strlen(why->text);
	MUST(why->kind != PROBLEM_NONE && length > 0);
	length -= why->text[length - 1] == ' ';
	MUST(text_is_clean(why->text, length, TEXT_ONE_LINE, PROBLEM_TEXT_MAX));
}

/* The other five and `mine`, or with `mine` NULL all six as they stand above. */
static bool read_directory(size_t at, const char *mine, size_t length, struct zones *zones, struct arena *arena)
{
	for (size_t i = 0; i < COUNT_OF(files); i++)
		scratch_write(files[i].name, mine && i == at ? mine : files[i].text, mine && i == at ? length : strlen(files[i].text));
	struct network network;
	struct problem why = { 0 };
	bool good = network_read(scratch_directory(), &now, zones, arena, &network, &why);
	if (good)
		check(&network);
	else
		check_problem(&why);
	return good;
}

/* What an administrator hands to `hacktivd import`. */
static void read_import(const char *bytes, size_t length, struct zones *zones, struct arena *arena)
{
	struct network network = { .now = now.fixed_at, .zones = zones };
	struct network_file file;
	struct problem why = { 0 };
	bool good = network_file_open(&file, scratch_write("import.json", bytes, length), arena, &why);
	if (good) {
		network_read_import(&file, &network);
		good = network_file_judge(&file, &why);
	}
	if (good)
		check(&network);
	else
		check_problem(&why);
	network_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct zones *zones;
	if (length == 0)
		return 0;
	struct arena *arena = arena_new();
	if (!zones) {
		zones = zones_new();
		MUST(read_directory(0, NULL, 0, zones, arena));
	}
	size_t mine = (uint8_t)(bytes[0] - '0') % (COUNT_OF(files) + 1);
	if (mine < COUNT_OF(files))
		read_directory(mine, (const char *)bytes + 1, length - 1, zones, arena);
	else
		read_import((const char *)bytes + 1, length - 1, zones, arena);
	arena_free(arena);
	return 0;
}
