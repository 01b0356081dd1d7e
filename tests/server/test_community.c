/* test_community.c — what organisers write down: said twice it changes nothing, more room lets people in at once, less room than people
 * is refused; and directories that are ordered as people look names up. */
#include "house.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define START INT64_C(1795680000)    /* 2026-11-26 09:00 in Chimay */
#define NOW INT64_C(1795510800)      /* 2026-11-24 10:00 */

static const struct db_actor organiser = { "", "r-organiser" };

static struct activity an_activity(int capacity)
{
	return (struct activity){
		.id = "a-walk", .space_id = FERME, .title = "Co-walking", .summary = "", .description = "", .place = "Place Léopold",
		.organiser = "", .organiser_id = "", .note = "", .link = "", .conditions = "", .cancel_reason = "",
		.offer_minutes = OFFER_MINUTES_CUSTOM, .format = ACTIVITY_CO_WALKING, .languages = LANGUAGE_FRENCH,
		.date = { 2026, 11, 26 }, .start_at = START, .end_at = START + 5400, .capacity = capacity,
		.signup_until = START, .withdraw_until = START,
	};
}

static enum db_put put(struct house *house, struct activity activity)
{
	enum db_put said = db_put_activity(house_begin(house), &activity, NOW, organiser);
	house_end(house, said == DB_PUT_DONE || said == DB_PUT_SAME);
	return said;
}

static void sign_up(struct house *house, const char *member)
{
	struct db_actor actor = { member, "r" };
	assert_true(db_sign_up(house_begin(house), FERME, "a-walk", NOW, actor));
	assert_int_equal(house_end(house, true), DB_COMMITTED);
}

/* As that member stands to it. */
static const struct activity *look(struct house *house, struct arena *arena, const char *member)
{
	const struct activity *activity = db_find_activity(house_begin(house), FERME, "a-walk", member, arena);
	house_end(house, false);
	assert_non_null(activity);
	return activity;
}

static int64_t told(struct house *house)
{
	int64_t last = db_last_change(house_begin(house), FERME);
	house_end(house, false);
	return last;
}

static void what_was_said_before_changes_nothing(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	assert_int_equal(put(house, an_activity(3)), DB_PUT_DONE);
	sign_up(house, CAMILLE);
	int64_t version = look(house, arena, CAMILLE)->version, changes = told(house);
	assert_int_equal(put(house, an_activity(3)), DB_PUT_SAME);
	assert_int_equal(look(house, arena, CAMILLE)->version, version);
	assert_int_equal(told(house), changes);
	struct activity other = an_activity(3);
	other.note = "Chaussures de marche";
	assert_int_equal(put(house, other), DB_PUT_DONE);
	const struct activity *after = look(house, arena, CAMILLE);
	assert_int_equal(after->version, version + 1);
	assert_int_equal(after->taken, 1);
	assert_int_equal(after->mine.state, SIGNUP_SIGNED_UP);
	assert_int_equal(told(house), changes + 1);
	arena_free(arena);
}

static void more_room_lets_in_less_than_people_is_refused(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	assert_int_equal(put(house, an_activity(1)), DB_PUT_DONE);
	sign_up(house, CAMILLE);
	sign_up(house, ZOE);
	assert_int_equal(look(house, arena, ZOE)->mine.place, 1);
	int64_t changes = told(house);
	assert_int_equal(put(house, an_activity(2)), DB_PUT_DONE);
	const struct activity *wider = look(house, arena, ZOE);
	assert_int_equal(wider->mine.state, SIGNUP_SIGNED_UP);
	assert_int_equal(wider->taken, 2);
	assert_int_equal(wider->waiting, 0);
	assert_int_equal(told(house), changes + 2);       /* changed, and one promoted */
	assert_int_equal(put(house, an_activity(1)), DB_PUT_REFUSED);
	assert_int_equal(look(house, arena, ZOE)->capacity, 2);
	assert_int_equal(told(house), changes + 2);
	arena_free(arena);
}

static void what_is_off_lets_nobody_in(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	struct activity off = an_activity(1);
	off.state = ACTIVITY_CANCELLED;
	assert_int_equal(put(house, an_activity(1)), DB_PUT_DONE);
	sign_up(house, CAMILLE);
	sign_up(house, ZOE);
	assert_int_equal(put(house, off), DB_PUT_DONE);
	assert_true(db_withdraw(house_begin(house), FERME, "a-walk", NOW, (struct db_actor){ CAMILLE, "r" }));
	assert_int_equal(house_end(house, true), DB_COMMITTED);
	assert_int_equal(look(house, arena, ZOE)->mine.state, SIGNUP_WAITLISTED);
	assert_int_equal(put(house, an_activity(1)), DB_PUT_DONE);      /* it takes place after all */
	assert_int_equal(look(house, arena, ZOE)->mine.state, SIGNUP_SIGNED_UP);
	arena_free(arena);
}

static void a_wish_undone_leaves_no_trace(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	assert_int_equal(put(house, an_activity(1)), DB_PUT_DONE);
	int64_t version = look(house, arena, ZOE)->version, changes = told(house);
	assert_true(db_sign_up(house_begin(house), FERME, "a-walk", NOW, (struct db_actor){ ZOE, "r" }));
	assert_int_equal(house_end(house, false), DB_UNDONE);
	const struct activity *after = look(house, arena, ZOE);
	assert_int_equal(after->version, version);
	assert_int_equal(after->taken, 0);
	assert_int_equal(after->mine.state, SIGNUP_NONE);
	assert_int_equal(told(house), changes);
	arena_free(arena);
}

static struct activity another(const char *space, const char *id)
{
	struct activity activity = an_activity(1);
	activity.space_id = space;
	activity.id = id;
	return activity;
}

static enum signup_state stands(struct house *house, const char *space, const char *id, const char *member)
{
	struct arena *arena = arena_new();
	const struct activity *activity = db_find_activity(house_begin(house), space, id, member, arena);
	house_end(house, false);
	enum signup_state state = activity ? activity->mine.state : SIGNUP_NONE;
	arena_free(arena);
	return state;
}

static void who_is_removed_leaves_no_empty_chair(void **state)
{
	struct house *house = *state;
	static const struct { const char *space, *id, *first, *then; } rows[] = {
		{ FERME, "a-walk", CAMILLE, ZOE }, { FERME, "b-talk", ZOE, CAMILLE }, { RIMBAUD, "c-visit", CAMILLE, ZOE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_int_equal(put(house, another(rows[i].space, rows[i].id)), DB_PUT_DONE);
		for (int second = 0; second < 2; second++) {
			struct db_actor actor = { second ? rows[i].then : rows[i].first, "r" };
			assert_true(db_sign_up(house_begin(house), rows[i].space, rows[i].id, NOW, actor));
			house_end(house, true);
		}
	}
	int64_t changes = told(house);
	assert_true(db_withdraw_everywhere(house_begin(house), CAMILLE, START, (struct db_actor){ "", "r" }));
	house_end(house, true);
	assert_int_equal(told(house), changes);               /* what has begun is what it was */
	assert_true(db_withdraw_everywhere(house_begin(house), CAMILLE, NOW, (struct db_actor){ "", "r" }));
	assert_int_equal(house_end(house, true), DB_COMMITTED);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		ROW_HOLDS(stands(house, rows[i].space, rows[i].id, CAMILLE) == SIGNUP_WITHDRAWN, "%s", rows[i].id);
		ROW_HOLDS(stands(house, rows[i].space, rows[i].id, ZOE) == SIGNUP_SIGNED_UP, "%s", rows[i].id);
	}
	assert_int_equal(told(house), changes + 3);           /* one withdrawn and one promoted, one withdrawn from the line */
}

static void offers_are_settled_by_the_clock_alone(void **state)
{
	struct house *house = *state;
	struct activity asking = an_activity(1);
	asking.waitlist = WAITLIST_OFFER;
	asking.offer_minutes = 60;
	assert_int_equal(put(house, asking), DB_PUT_DONE);
	sign_up(house, CAMILLE);
	sign_up(house, ZOE);
	assert_true(db_withdraw(house_begin(house), FERME, "a-walk", NOW, (struct db_actor){ CAMILLE, "r" }));
	house_end(house, true);
	assert_int_equal(stands(house, FERME, "a-walk", ZOE), SIGNUP_OFFERED);
	static const struct { int64_t after; bool due; } times[] = { { 0, false }, { 3599, false }, { 3600, true } };
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		bool due = db_offers_are_due(house_begin(house), NOW + times[i].after);
		house_end(house, false);
		ROW_HOLDS(due == times[i].due, "%lld s", (long long)times[i].after);
	}
	int64_t changes = told(house);
	for (int twice = 0; twice < 2; twice++) {
		assert_true(db_settle_offers(house_begin(house), NOW + 3600, 10, "upkeep"));
		house_end(house, true);
	}
	assert_int_equal(stands(house, FERME, "a-walk", ZOE), SIGNUP_LAPSED);
	assert_int_equal(told(house), changes + 1);
	assert_false(db_offers_are_due(house_begin(house), INT64_MAX));
	house_end(house, false);
}

static struct organisation an_organisation(const char *id, const char *name, const char *number)
{
	return (struct organisation){ .id = id, .name = name, .kind = ORGANISATION_COMPANY, .sector = "", .description = "", .street = "",
		                      .postcode = "", .town = "", .website = "", .email = "", .phone = "",
		                      .registration = *number ? REGISTRATION_BE_KBO : REGISTRATION_NONE, .registration_number = number,
		                      .contact_id = "", .contact_name = "" };
}

static void a_number_is_one_organisations(void **state)
{
	struct house *house = *state;
	static const struct {
		const char *id, *name, *number;
		enum db_put said;
	} rows[] = {
		{ "o1", "Forges", "0403170701", DB_PUT_DONE }, { "o1", "Forges", "0403170701", DB_PUT_SAME },
		{ "o2", "Forges too", "0403170701", DB_PUT_REFUSED }, { "o2", "Forges too", "", DB_PUT_DONE }, { "o3", "None", "", DB_PUT_DONE },
		{ "o1", "Forges", "", DB_PUT_DONE }, { "o2", "Forges too", "0403170701", DB_PUT_DONE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct organisation organisation = an_organisation(rows[i].id, rows[i].name, rows[i].number);
		enum db_put said = db_put_organisation(house_begin(house), &organisation);
		house_end(house, said == DB_PUT_DONE);
		ROW_HOLDS(said == rows[i].said, "row %zu: %d", i, said);
	}
}

static void names_are_ordered_without_accents_and_stay_short(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(db_sort_name(arena, "Élise d'Hulst"), "elise d hulst");
	char long_name[400];
	memset(long_name, 'x', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	assert_int_equal(strlen(db_sort_name(arena, long_name)), 120);
	for (size_t at = 0; at + 3 < sizeof long_name; at += 3)
		memcpy(long_name + at, "\xe4\xbd\x9c", 3);          /* three bytes each: none is cut in two */
	const char *cut = db_sort_name(arena, long_name);
	ROW_HOLDS(strlen(cut) <= 120 && text_is_clean(cut, strlen(cut), TEXT_ONE_LINE, 200), "%zu bytes", strlen(cut));
	arena_free(arena);
}

/* Found again under the new name once the card is put again, and no longer under the old one. */
static void a_card_is_found_by_what_is_on_it(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	struct owned_card owned = { .card = { .id = ZOE, .name = "Zoé Lambermont", .home_space_id = "", .home_space_name = "", .profession = "luthière",
		                              .organisation_id = "o1", .organisation_name = "", .skills = "", .town = "", .email = "", .phone = "",
		                              .website = "", .about = "" },
		                    .shown_to = { [CARD_NAME] = VISIBLE_TO_NETWORK, [CARD_PROFESSION] = VISIBLE_TO_NETWORK,
		                                  [CARD_ORGANISATION] = VISIBLE_TO_NETWORK } };
	struct onlooker camille = { CAMILLE, FERME, NULL, 0 };
	static const struct { const char *organisation, *words; size_t found; } rows[] = {
		{ "Forges", "luth", 1 }, { "Forges", "forges", 1 }, { "Ateliers", "forges", 0 }, { "Ateliers", "zoe atel", 1 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct organisation organisation = an_organisation("o1", rows[i].organisation, "");
		struct db_tx *tx = house_begin(house);
		enum db_put said = db_put_organisation(tx, &organisation);
		size_t count = 0;
		bool good = db_put_is_good(said) && db_put_is_good(db_put_card(tx, &owned, (struct consent_note){ "", CONSENT_FROM_IMPORT, 0, "test" }));
		db_search_cards(tx, &camille, rows[i].words, "", NULL, 10, arena, &count);
		house_end(house, good);
		ROW_HOLDS(good && count == rows[i].found, "%s at %s: %zu", rows[i].words, rows[i].organisation, count);
	}
	arena_free(arena);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_open, house_close)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		IN_A_HOUSE(what_was_said_before_changes_nothing),
		IN_A_HOUSE(more_room_lets_in_less_than_people_is_refused),
		IN_A_HOUSE(what_is_off_lets_nobody_in),
		IN_A_HOUSE(a_wish_undone_leaves_no_trace),
		IN_A_HOUSE(who_is_removed_leaves_no_empty_chair),
		IN_A_HOUSE(offers_are_settled_by_the_clock_alone),
		IN_A_HOUSE(a_number_is_one_organisations),
		cmocka_unit_test(names_are_ordered_without_accents_and_stay_short),
		IN_A_HOUSE(a_card_is_found_by_what_is_on_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
