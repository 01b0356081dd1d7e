/* test_card.c — who sees what of whom: what its owner has not shown is not there. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define OWNER "owner"
#define FERME "ferme"

static const char *const ferme_and_pepi[] = { "pepi", FERME };
static const char *const rimbaud_alone[] = { "rimbaud" };
static const struct onlooker anybody = { NULL, "", NULL, 0 };
static const struct onlooker stranger = { "m1", "rimbaud", NULL, 0 };       /* a member elsewhere */
static const struct onlooker homeless = { "m2", "", NULL, 0 };              /* a member without a home space */
static const struct onlooker neighbour = { "m3", FERME, NULL, 0 };
static const struct onlooker desk = { "m4", "rimbaud", ferme_and_pepi, 2 };        /* works at the owner's desk, at home elsewhere */
static const struct onlooker other_desk = { "m5", "rimbaud", rimbaud_alone, 1 };
static const struct onlooker oneself = { OWNER, FERME, NULL, 0 };

static const struct {
	const char *who;
	const struct onlooker *onlooker;
	bool sees[VISIBILITIES];
} rows[] = {
	/*                              nobody staff  space  network public */
	{ "anybody", &anybody,         { false, false, false, false, true } },
	{ "a member", &stranger,       { false, false, false, true, true } },
	{ "no home", &homeless,        { false, false, false, true, true } },
	{ "a neighbour", &neighbour,   { false, false, true, true, true } },
	{ "the desk", &desk,           { false, true, true, true, true } },
	{ "another desk", &other_desk, { false, false, false, true, true } },
	{ "oneself", &oneself,         { true, true, true, true, true } },
};

static void each_level_includes_those_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (int level = 0; level < VISIBILITIES; level++)
			ROW_HOLDS(visibility_allows((enum visibility)level, OWNER, FERME, rows[i].onlooker) == rows[i].sees[level],
			          "%s, %s", rows[i].who, visibility_wire_name((enum visibility)level));
}

/* Two people without a home space are no neighbours, and nobody's desk is not everybody's. */
static void no_space_is_nobodys_space(void **state)
{
	(void)state;
	assert_false(visibility_allows(VISIBLE_TO_SPACE, OWNER, "", &homeless));
	assert_false(visibility_allows(VISIBLE_TO_STAFF, OWNER, "", &homeless));
	assert_false(visibility_allows(VISIBLE_TO_STAFF, "", "", &anybody));
	assert_false(visibility_allows(VISIBLE_TO_NOBODY, "", FERME, &(struct onlooker){ "", FERME, ferme_and_pepi, 2 }));
}

static const struct card everything = {
	.id = OWNER, .name = "Zoë Lambermont", .home_space_id = FERME, .home_space_name = "La Ferme", .profession = "illustratrice",
	.organisation_id = "o", .organisation_name = "Atelier Gribouille", .skills = "aquarelle, gravure", .languages = LANGUAGE_FRENCH,
	.town = "Chimay", .country = COUNTRY_BELGIUM, .email = "zoe@example.org", .phone = "+3260000000",
	.website = "https://example.org", .about = "Je dessine.",
};

/* How many of a card's members hold something. */
static int filled(const struct card *card)
{
	const char *const texts[] = { card->name, card->home_space_id, card->home_space_name, card->profession, card->organisation_id,
		card->organisation_name, card->skills, card->town, card->email, card->phone, card->website, card->about };
	int count = (card->languages != 0) + (card->country != COUNTRY_UNKNOWN);
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		assert_non_null(texts[i]);
		count += *texts[i] != '\0';
	}
	return count;
}

static void a_field_shows_itself_and_nothing_else(void **state)
{
	(void)state;
	struct card seen;
	struct owned_card owned = { .card = everything };
	assert_false(card_for(&owned, &stranger, &seen));
	assert_int_equal(filled(&seen), 0);
	owned.shown_to[CARD_NAME] = VISIBLE_TO_NETWORK;
	assert_true(card_for(&owned, &stranger, &seen));
	assert_int_equal(filled(&seen), 1);
	assert_false(card_for(&owned, &anybody, &seen));
	for (int field = CARD_NAME + 1; field < CARD_FIELDS; field++) {
		owned.shown_to[field] = VISIBLE_TO_NETWORK;
		assert_true(card_for(&owned, &stranger, &seen));
		int more = field == CARD_HOME_SPACE || field == CARD_ORGANISATION ? 2 : 1;
		ROW_HOLDS(filled(&seen) == 1 + more, "%s", card_field_wire_name((enum card_field)field));
		owned.shown_to[field] = VISIBLE_TO_SPACE;
		assert_true(card_for(&owned, &stranger, &seen));
		ROW_HOLDS(filled(&seen) == 1, "%s to another space", card_field_wire_name((enum card_field)field));
		assert_true(card_for(&owned, &neighbour, &seen));
		ROW_HOLDS(filled(&seen) == 1 + more, "%s to a neighbour", card_field_wire_name((enum card_field)field));
		owned.shown_to[field] = VISIBLE_TO_NOBODY;
	}
}

static void the_owner_sees_all_of_it(void **state)
{
	(void)state;
	struct card seen;
	struct owned_card owned = { .card = everything };
	assert_true(card_for(&owned, &oneself, &seen));
	assert_int_equal(filled(&seen), filled(&everything));
}

/* Whoever could search by a hidden address would learn it letter by letter. */
static void what_is_hidden_cannot_be_searched_for(void **state)
{
	(void)state;
	struct card seen;
	struct owned_card owned = { .card = everything, .shown_to = { [CARD_NAME] = VISIBLE_TO_PUBLIC, [CARD_TOWN] = VISIBLE_TO_SPACE } };
	assert_true(card_for(&owned, &stranger, &seen));
	assert_true(card_fits(&seen, "zoe"));
	assert_false(card_fits(&seen, "chimay"));
	assert_false(card_fits(&seen, "zoe chim"));
	assert_true(card_for(&owned, &neighbour, &seen));
	assert_true(card_fits(&seen, "chim zoe"));
}

static void a_search_needs_two_letters(void **state)
{
	(void)state;
	static const struct {
		const char *words;
		bool enough;
	} searches[] = {
		{ "", false }, { "z", false }, { "é", false }, { " z ", false }, { "z'", false }, { "--", false }, { "%%", false }, { "zo", true },
		{ "Éé", true }, { "3d", true }, { "a b", true }, { "œ", true }, { "作业", true }, { "作", false },
	};
	for (size_t i = 0; i < COUNT_OF(searches); i++)
		ROW_HOLDS(card_query_is_enough(searches[i].words) == searches[i].enough, "\"%s\"", searches[i].words);
}

/* What leaves a line: seen because of the work, and not otherwise. */
static void what_is_seen_for_ones_work_alone(void **state)
{
	(void)state;
	struct owned_card owned = { .card = everything };
	enum card_field fields[CARD_FIELDS];
	owned.shown_to[CARD_NAME] = VISIBLE_TO_NETWORK;
	owned.shown_to[CARD_TOWN] = VISIBLE_TO_SPACE;
	owned.shown_to[CARD_PHONE] = VISIBLE_TO_STAFF;
	assert_int_equal(card_seen_as_staff(&owned, &desk, fields), 2);
	assert_int_equal(fields[0], CARD_TOWN);
	assert_int_equal(fields[1], CARD_PHONE);
	assert_int_equal(card_seen_as_staff(&owned, &neighbour, fields), 0);
	assert_int_equal(card_seen_as_staff(&owned, &other_desk, fields), 0);
	assert_int_equal(card_seen_as_staff(&owned, &oneself, fields), 0);
	/* Who is not in the directory for others is seen whole for the work's sake. */
	owned.shown_to[CARD_NAME] = VISIBLE_TO_STAFF;
	owned.shown_to[CARD_ABOUT] = VISIBLE_TO_PUBLIC;
	assert_int_equal(card_seen_as_staff(&owned, &desk, fields), 4);
}

static void whoever_asked_for_restriction_is_seen_by_nobody_else(void **state)
{
	(void)state;
	struct owned_card owned = { .card = everything, .restricted = true };
	struct card seen;
	for (size_t i = 0; i < CARD_FIELDS; i++)
		owned.shown_to[i] = VISIBLE_TO_PUBLIC;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ROW_HOLDS(card_for(&owned, rows[i].onlooker, &seen) == (rows[i].onlooker == &oneself), "%s", rows[i].who);
	enum card_field fields[CARD_FIELDS];
	assert_int_equal(card_seen_as_staff(&owned, &desk, fields), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_level_includes_those_before),
		cmocka_unit_test(no_space_is_nobodys_space),
		cmocka_unit_test(a_field_shows_itself_and_nothing_else),
		cmocka_unit_test(the_owner_sees_all_of_it),
		cmocka_unit_test(what_is_hidden_cannot_be_searched_for),
		cmocka_unit_test(a_search_needs_two_letters),
		cmocka_unit_test(what_is_seen_for_ones_work_alone),
		cmocka_unit_test(whoever_asked_for_restriction_is_seen_by_nobody_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
