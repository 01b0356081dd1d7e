/* test_french.c — the model's sentences in French, from the catalogue as it is built. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

#define NBSP "\xc2\xa0"

static const struct local_date today = { 2026, 11, 24 };

static void dates_and_money_have_french_forms(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(date_words(arena, today), "mar. 24/11/2026");
	assert_string_equal(date_words_long(arena, (struct local_date){ 2027, 5, 3 }), "lundi 3 mai 2027");
	assert_string_equal(date_words_long(arena, (struct local_date){ 2026, 12, 1 }), "mardi 1er décembre 2026");
	assert_string_equal(date_words_near(arena, today, today), "aujourd'hui");
	assert_string_equal(day_part_words(DAY_PART_WHOLE), "journée");
	assert_string_equal(price_words(arena, price_of(800, 200), COUNTRY_FRANCE),
	                    "8,00" NBSP "€ HT (9,60" NBSP "€ TTC, TVA 20" NBSP "%)");
	assert_string_equal(price_words(arena, price_of(800, 210), COUNTRY_BELGIUM),
	                    "8,00" NBSP "€ HTVA (9,68" NBSP "€ TVAC, TVA 21" NBSP "%)");
	const struct opening_state closed = { .closed = CLOSED_HOLIDAY, .holiday = HOLIDAY_BELGIAN_NATIONAL_DAY, .reason = "" };
	assert_string_equal(opening_words(arena, &closed), "fermé (fête nationale belge)");
	assert_string_equal(rule_words(RULE_SLOT_TAKEN), "Cette place est déjà prise à ce moment-là.");
	const struct obstacle holiday = { RULE_SPACE_CLOSED, "Belgian national day" }, works = { RULE_SPACE_CLOSED, "Travaux" },
	                      none = { RULE_SPACE_CLOSED, "" };
	assert_string_equal(obstacle_words(arena, &holiday), "L'espace est fermé à ce moment-là (fête nationale belge).");
	assert_string_equal(obstacle_words(arena, &works), "L'espace est fermé à ce moment-là (Travaux).");
	assert_string_equal(obstacle_words(arena, &none), "L'espace est fermé à ce moment-là.");
	const struct booking abroad = { .price = price_of(800, 200), .country = COUNTRY_FRANCE, .payment = { PAY_NETWORK_DAY, .half_days = 1 } };
	assert_string_equal(payment_words(arena, &abroad), "1 demi-journée réseau" NBSP ": rien à payer");
	arena_free(arena);
}

static void what_is_said_is_understood(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int ahead = -400; ahead <= 800; ahead++) {
		struct local_date date = date_plus(today, ahead);
		const char *said[] = { date_words(arena, date), date_words_long(arena, date), date_words_near(arena, date, today) };
		for (size_t i = 0; i < COUNT_OF(said); i++) {
			struct local_date understood = { 0, 0, 0 };
			ROW_HOLDS(date_from_words(said[i], today, &understood, NULL) && date_equal(understood, date), "%s", said[i]);
		}
	}
	for (int part = 0; part < HALF_DAYS; part++) {
		enum day_part understood;
		ROW_HOLDS(day_part_from_words(day_part_words((enum day_part)part), &understood) && (int)understood == part, "%d", part);
	}
	arena_free(arena);
}

static void words_are_understood_in_both_languages(void **state)
{
	(void)state;
	static const char *const words[] = { "tomorrow", "demain", "wednesday", "mercredi", "25/11", "25 november", "25 novembre", "+1d", "+1j" };
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		struct local_date date;
		ROW_HOLDS(date_from_words(words[i], today, &date, NULL) && date_equal(date, date_plus(today, 1)), "%s", words[i]);
	}
}

static void places_and_lines_are_counted_in_french(void **state)
{
	(void)state;
	static const struct {
		int taken, waiting;
		const char *words;
	} rows[] = {
		{ 3, 0, "2 places libres" }, { 4, 0, "1 place libre" }, { 5, 0, "complet" }, { 5, 1, "complet, 1 personne en attente" },
		{ 5, 2, "complet, 2 personnes en attente" },
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct activity activity = { .capacity = 5, .taken = rows[i].taken, .waiting = rows[i].waiting };
		const char *words = activity_places_words(arena, &activity);
		ROW_HOLDS(strcmp(words, rows[i].words) == 0, "%s: %s", rows[i].words, words);
	}
	assert_string_equal(languages_words(arena, LANGUAGE_FRENCH | LANGUAGE_GERMAN), "français, allemand");
	assert_string_equal(organisation_kind_words(ORGANISATION_NONPROFIT, COUNTRY_BELGIUM), "ASBL");
	assert_string_equal(organisation_kind_words(ORGANISATION_NONPROFIT, COUNTRY_FRANCE), "association loi 1901");
	assert_string_equal(rule_words(RULE_SIGNUP_CLOSED), "Il est trop tard pour s'inscrire" NBSP ": adressez-vous à l'organisateur.");
	arena_free(arena);
}

static void every_outcome_is_a_sentence(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int kind = 0; kind < OUTCOMES; kind++) {
		const struct outcome outcome = { .kind = (enum outcome_kind)kind, .place = 2 };
		const char *words = outcome_words(arena, &outcome);
		ROW_HOLDS(strlen(words) > 4 && strchr(".?", words[strlen(words) - 1]), "%s", words);
		ROW_HOLDS(text_is_clean(words, strlen(words), TEXT_ONE_LINE, TEXT_LINE_MAX), "%s", words);
	}
	arena_free(arena);
}

static int speak_french(void **state)
{
	(void)state;
	i18n_start("fr");
	return strcmp(i18n_language(), "fr") == 0 ? 0 : -1;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_and_money_have_french_forms),
		cmocka_unit_test(what_is_said_is_understood),
		cmocka_unit_test(words_are_understood_in_both_languages),
		cmocka_unit_test(places_and_lines_are_counted_in_french),
		cmocka_unit_test(every_outcome_is_a_sentence),
	};
	return cmocka_run_group_tests(tests, speak_french, NULL);
}
