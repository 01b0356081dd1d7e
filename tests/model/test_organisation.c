/* test_organisation.c — registration numbers by their own sums, and how organisations are found. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const struct {
	enum registration scheme;
	const char *written;
	const char *number;      /* NULL: none */
	const char *printed;
} numbers[] = {
	{ REGISTRATION_BE_KBO, "0403170701", "0403170701", "0403.170.701" },
	{ REGISTRATION_BE_KBO, "0403.170.701", "0403170701", "0403.170.701" },
	{ REGISTRATION_BE_KBO, "BE 0403.170.701", "0403170701", "0403.170.701" },
	{ REGISTRATION_BE_KBO, "BE0403170701", "0403170701", "0403.170.701" },
	{ REGISTRATION_BE_KBO, "1000000023", NULL, NULL },
	{ REGISTRATION_BE_KBO, "1000000021", "1000000021", "1000.000.021" },     /* those that begin with 1, since 2023 */
	{ REGISTRATION_BE_KBO, "0403170702", NULL, NULL },                       /* the check is wrong */
	{ REGISTRATION_BE_KBO, "0403170710", NULL, NULL },                       /* two digits changed places */
	{ REGISTRATION_BE_KBO, "403170701", NULL, NULL },                        /* the zero is part of it */
	{ REGISTRATION_BE_KBO, "00403170701", NULL, NULL },
	{ REGISTRATION_BE_KBO, "2000000042", NULL, NULL },                       /* the sum would be right */
	{ REGISTRATION_BE_KBO, "0000000097", "0000000097", "0000.000.097" },     /* a rest of 0 is 97, not 00 */
	{ REGISTRATION_BE_KBO, "0000000000", NULL, NULL },
	{ REGISTRATION_BE_KBO, "0403/170/701", NULL, NULL },
	{ REGISTRATION_BE_KBO, "O403170701", NULL, NULL },
	{ REGISTRATION_BE_KBO, "", NULL, NULL },
	{ REGISTRATION_FR_SIRET, "73282932000074", "73282932000074", "732 829 320 00074" },
	{ REGISTRATION_FR_SIRET, "732 829 320 00074", "73282932000074", "732 829 320 00074" },
	{ REGISTRATION_FR_SIRET, "73282932000075", NULL, NULL },
	{ REGISTRATION_FR_SIRET, "73282932000047", NULL, NULL },                 /* two digits changed places */
	{ REGISTRATION_FR_SIRET, "732829320", NULL, NULL },                      /* a SIREN alone */
	{ REGISTRATION_FR_SIRET, "732829320000740", NULL, NULL },
	{ REGISTRATION_FR_SIRET, "00000000000000", NULL, NULL },
	{ REGISTRATION_FR_SIRET, "35600000000048", "35600000000048", "356 000 000 00048" },   /* La Poste's seat: Luhn */
	{ REGISTRATION_FR_SIRET, "35600000049837", "35600000049837", "356 000 000 49837" },   /* an office of hers: 45 */
	{ REGISTRATION_FR_SIRET, "35600000049838", NULL, NULL },
	{ REGISTRATION_FR_SIRET, "35600010049836", NULL, NULL },                 /* 45 too, but not La Poste */
	{ REGISTRATION_NONE, "", "", "" },
	{ REGISTRATION_NONE, "0403170701", NULL, NULL },
};

static void numbers_are_right_by_their_sums(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		char number[REGISTRATION_SIZE] = "untouched";
		struct problem why = { 0 };
		bool right = registration_read(numbers[i].scheme, numbers[i].written, number, &why);
		ROW_HOLDS(right == (numbers[i].number != NULL), "%s", numbers[i].written);
		if (!right) {
			ROW_HOLDS(strcmp(why.field, "registration_number") == 0 && why.text[0], "%s", numbers[i].written);
			continue;
		}
		ROW_HOLDS(strcmp(number, numbers[i].number) == 0, "%s: %s", numbers[i].written, number);
		const char *printed = registration_print(arena, numbers[i].scheme, number);
		ROW_HOLDS(strcmp(printed, numbers[i].printed) == 0, "%s: %s", numbers[i].written, printed);
	}
	arena_free(arena);
}

/* Every slip of one digit is noticed, in both schemes. */
static void no_single_slip_passes(void **state)
{
	(void)state;
	static const struct {
		enum registration scheme;
		const char *right;
	} rows[] = { { REGISTRATION_BE_KBO, "0403170701" }, { REGISTRATION_FR_SIRET, "73282932000074" } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		for (size_t at = 0; rows[i].right[at]; at++) {
			for (char digit = '0'; digit <= '9'; digit++) {
				char wrong[REGISTRATION_SIZE], number[REGISTRATION_SIZE];
				memcpy(wrong, rows[i].right, strlen(rows[i].right) + 1);
				wrong[at] = digit;
				ROW_HOLDS(registration_read(rows[i].scheme, wrong, number, NULL) == (digit == rows[i].right[at]), "%s", wrong);
			}
		}
	}
}

static void an_association_has_its_countrys_name(void **state)
{
	(void)state;
	for (int kind = 0; kind < ORGANISATION_KINDS; kind++)
		for (int country = 0; country < COUNTRIES; country++)
			ROW_HOLDS(organisation_kind_words((enum organisation_kind)kind, (enum country)country)[0], "%d in %d", kind, country);
}

static void organisations_are_found_by_words(void **state)
{
	(void)state;
	static const struct organisation forge = { .name = "Forges de l'Éau Noire", .kind = ORGANISATION_NONPROFIT, .sector = "métal, fabrication additive",
		.town = "Couvin", .country = COUNTRY_BELGIUM };
	static const struct {
		const char *words;
		bool fits;
	} searches[] = { { "", true }, { "forges couvin", true }, { "eau", true }, { "additive METAL", true }, { "nonprofit", true },
		{ "chimay", false }, { "orges", false } };
	for (size_t i = 0; i < COUNT_OF(searches); i++)
		ROW_HOLDS(organisation_fits(&forge, searches[i].words) == searches[i].fits, "\"%s\"", searches[i].words);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_right_by_their_sums),
		cmocka_unit_test(no_single_slip_passes),
		cmocka_unit_test(an_association_has_its_countrys_name),
		cmocka_unit_test(organisations_are_found_by_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
