/* Which place and which booking a person means, on the sample network's names. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define A_SPACE(id_, slug_, name_, town_) { .id = id_, .slug = slug_, .name = name_, .former_name = "", .description = "", \
	.street = "", .postcode = "", .town = town_, .time_zone = "Europe/Brussels", .operator_name = "", .phone = "", .access_note = "" }

static const struct space spaces[] = {
	A_SPACE("s1", "ferme", "La Ferme", "Chimay"),
	A_SPACE("s2", "e420", "Coworking E420", "Mariembourg"),
	A_SPACE("s3", "pepi", "Pépinière Val de Vence", "Charleville-Mézières"),
	A_SPACE("s4", "rimbaud", "Rimbaud'Tech", "Charleville-Mézières"),
};

#define A_RESOURCE(id_, name_, kind_, state_, morning_, afternoon_) { .resource = { .id = id_, .name = name_, .area = "", .note = "", \
	.kind = kind_, .state = state_, .state_reason = "" }, .morning = morning_, .afternoon = afternoon_, .my_booking_id = "" }

static const struct resource_day ferme[] = {
	A_RESOURCE("f1", "Les Serres 1", RESOURCE_DESK, RESOURCE_BOOKABLE, SLOT_TAKEN, SLOT_FREE),
	A_RESOURCE("f2", "Les Serres 2", RESOURCE_DESK, RESOURCE_OUT_OF_ORDER, SLOT_NOT_BOOKABLE, SLOT_NOT_BOOKABLE),
	A_RESOURCE("f3", "Les Serres 3", RESOURCE_DESK, RESOURCE_BOOKABLE, SLOT_FREE, SLOT_FREE),
	A_RESOURCE("f4", "La Grange", RESOURCE_STUDIO, RESOURCE_BOOKABLE, SLOT_FREE, SLOT_FREE),
};
static const struct resource_day e420[] = {
	A_RESOURCE("a1", "A1", RESOURCE_DESK, RESOURCE_BOOKABLE, SLOT_FREE, SLOT_FREE),
	A_RESOURCE("a4", "A4", RESOURCE_DESK, RESOURCE_BOOKABLE, SLOT_MINE, SLOT_FREE),
	A_RESOURCE("a10", "A10", RESOURCE_DESK, RESOURCE_BOOKABLE, SLOT_FREE, SLOT_PAST),
	A_RESOURCE("ac", "Cabine", RESOURCE_PHONE_BOOTH, RESOURCE_BOOKABLE, SLOT_FREE, SLOT_FREE),
};
static const struct resource_day rimbaud[] = {
	A_RESOURCE("rc", "Cabine", RESOURCE_PHONE_BOOTH, RESOURCE_PLANNED, SLOT_NOT_BOOKABLE, SLOT_NOT_BOOKABLE),
};

static const struct place_space network[] = {
	{ 0, &spaces[0], ferme, COUNT_OF(ferme) },
	{ 0, &spaces[1], e420, COUNT_OF(e420) },
	{ 0, &spaces[2], NULL, 0 },
	{ 0, &spaces[3], rimbaud, COUNT_OF(rimbaud) },
};

/* Meanings as "space" or "space/resource", with commas between. */
static const char *meanings(struct arena *arena, const char *words)
{
	const struct place *found;
	size_t count = place_find(arena, network, COUNT_OF(network), words, &found);
	const char *text = "";
	for (size_t at = 0; at < count; at++)
		text = arena_print(arena, "%s%s%s%s%s", text, at ? "," : "", found[at].space->slug, found[at].resource ? "/" : "",
		                   found[at].resource ? found[at].resource->resource.id : "");
	return text;
}

static void places_mean_what_people_mean(void **state)
{
	(void)state;
	static const struct { const char *words; const char *means; const char *why; } cases[] = {
		{ "chimay", "ferme", "a town" },
		{ "Ferme", "ferme", "a slug in other letters" },
		{ "la ferme", "ferme", "a name" },
		{ "charleville-mézières", "pepi,rimbaud", "a town with two spaces: both, in the order of the list" },
		{ "pepiniere", "pepi", "the beginning of a name, without accents" },
		{ "A4", "e420/a4", "a desk of another space" },
		{ "a1", "e420/a1", "exactly A1, not A10" },
		{ "les serres 3", "ferme/f3", "a name of several words" },
		{ "serres", "ferme/f1,ferme/f2,ferme/f3", "the beginning of several" },
		{ "cabine", "e420/ac,rimbaud/rc", "the same name in two spaces" },
		{ "rimbaud cabine", "rimbaud/rc", "the space says which" },
		{ "cabine rimbaud", "rimbaud/rc", "in any order" },
		{ "chimay grange", "ferme/f4", "town and part of a name" },
		{ "la grange", "ferme/f4", "an exact name wins over a word of the space" },
		{ "ferme a4", "", "no such desk there" },
		{ "nulle part", "", "nothing" },
		{ "", "ferme,e420,pepi,rimbaud", "nothing said: every space" },
	};
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const char *got = meanings(arena, cases[at].words);
		if (strcmp(got, cases[at].means) != 0)
			fail_msg("“%s” (%s): expected “%s”, got “%s”", cases[at].words, cases[at].why, cases[at].means, got);
	}
	arena_free(arena);
}

static void free_means_free_for_the_whole_of_it(void **state)
{
	(void)state;
	static const struct { size_t space; enum day_part part; const char *free; } cases[] = {
		{ 0, DAY_PART_MORNING, "f3" }, { 0, DAY_PART_AFTERNOON, "f1 f3" }, { 0, DAY_PART_WHOLE, "f3" },
		{ 1, DAY_PART_MORNING, "a1 a10" }, { 1, DAY_PART_AFTERNOON, "a1 a4" }, { 1, DAY_PART_WHOLE, "a1" },
		{ 2, DAY_PART_WHOLE, "" },
	};
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const struct resource_day *const *desks;
		size_t count = place_free_desks(arena, &network[cases[at].space], half_day((struct local_date){ 2026, 11, 25 }, cases[at].part), &desks);
		const char *text = "";
		for (size_t desk = 0; desk < count; desk++)
			text = arena_print(arena, "%s%s%s", text, desk ? " " : "", desks[desk]->resource.id);
		assert_string_equal(text, cases[at].free);
	}
	arena_free(arena);
}

/* ---- bookings ---- */

static const struct local_date today = { 2026, 11, 24 };   /* a Tuesday */

#define A_BOOKING(id_, space_, name_, town_, resource_, day_, part_) { 0, { .id = id_, .space_id = space_, .space_name = name_, \
	.space_town = town_, .time_zone = "Europe/Brussels", .resource_id = "x", .resource_name = resource_, .resource_area = "", \
	.when = { { 2026, 11, day_ }, part_, { 0, 0 } } } }

static const struct booking_row mine[] = {
	A_BOOKING("0193aaaa-0000-7000-8000-000000000001", "s1", "La Ferme", "Chimay", "Les Serres 3", 25, DAY_PART_MORNING),
	A_BOOKING("0193aaab-0000-7000-8000-000000000002", "s1", "La Ferme", "Chimay", "Les Serres 3", 26, DAY_PART_WHOLE),
	A_BOOKING("0193b000-0000-7000-8000-000000000003", "s2", "Coworking E420", "Mariembourg", "A1", 26, DAY_PART_AFTERNOON),
	A_BOOKING("0193b000-0000-7000-8000-000000000004", "s2", "Coworking E420", "Mariembourg", "A10", 27, DAY_PART_AFTERNOON),
};

static void bookings_are_named_by_number_or_by_words(void **state)
{
	(void)state;
	static const struct { const char *words; const char *found; } cases[] = {
		{ "0193aaaa-0000-7000-8000-000000000001", "1" },
		{ "0193AAAA", "1" },
		{ "0193", "1234" },
		{ "0193aaa", "12" },
		{ "019", "" },                 /* too short for a number, and no place */
		{ "chimay tomorrow", "1" },
		{ "chimay", "12" },
		{ "ferme thursday", "2" },     /* the slug, which a booking does not carry itself */
		{ "thursday", "23" },
		{ "afternoon", "34" },
		{ "a1", "3" },                 /* not A10 */
		{ "e420 a10", "4" },
		{ "les serres 3 26/11", "2" },
		{ "pepi", "" },
		{ "today", "" },
		{ "", "1234" },
	};
	struct space_row rows[COUNT_OF(spaces)];
	for (size_t at = 0; at < COUNT_OF(spaces); at++)
		rows[at] = (struct space_row){ 0, spaces[at] };
	const struct space_list known = { .rows = rows, .count = COUNT_OF(rows) };
	const struct booking_list bookings = { .rows = mine, .count = COUNT_OF(mine) };
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const char *words[8];
		size_t count = 0;
		for (const char *rest = cases[at].words; *rest; rest += strspn(rest, " ")) {
			size_t length = strcspn(rest, " ");
			words[count++] = arena_copy_bytes(arena, rest, length);
			rest += length;
		}
		const struct booking_row *const *found;
		struct problem why = { .kind = PROBLEM_NONE };
		size_t found_count = booking_find(arena, &bookings, &known, words, count, today, &found, &why);
		const char *text = "";
		for (size_t row = 0; row < found_count; row++)
			text = arena_print(arena, "%s%d", text, (int)(found[row] - mine) + 1);
		if (strcmp(text, cases[at].found) != 0)
			fail_msg("“%s”: expected “%s”, got “%s” %s", cases[at].words, cases[at].found, text, why.text);
		if (!found_count)
			assert_int_not_equal(why.kind, PROBLEM_NONE);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_mean_what_people_mean),
		cmocka_unit_test(free_means_free_for_the_whole_of_it),
		cmocka_unit_test(bookings_are_named_by_number_or_by_words),
	};
	return cmocka_run_group_tests_name("app place", tests, NULL, NULL);
}
