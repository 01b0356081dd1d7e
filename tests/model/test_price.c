/* test_price.c — what a booking costs, and how it is said. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const struct {
	int net, permille, gross;
	const char *why;
} prices[] = {
	{ 800, 210, 968, "a half-day in Belgium" },
	{ 1400, 200, 1680, "a day in France" },
	{ 0, 210, 0, "free of charge" },
	{ 1, 210, 1, "0.21 cents of VAT" },
	{ 2, 210, 2, "0.42" },
	{ 3, 210, 4, "0.63" },
	{ 5, 100, 6, "0.5 goes up" },
	{ 15, 100, 17, "1.5 goes up" },
	{ 25, 100, 28, "2.5 goes up: half up, not to even" },
	{ 1000, 55, 1055, "5.5 %" },
	{ 999, 210, 1209, "209.79" },
	{ 800, 0, 800, "outside VAT: art. 293 B du CGI" },
	{ 800, -1, 800, "rate not told: what is known is shown" },
	{ -1, 210, -1, "price not told" },
	{ -1, -1, -1, "nothing told" },
	{ 100000000, 210, 121000000, "a million euros" },
};

static void vat_is_rounded_half_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(prices); i++) {
		struct price price = price_of(prices[i].net, prices[i].permille);
		ROW_HOLDS(price.gross_cents == prices[i].gross, "%d at %d: %d (%s)", prices[i].net, prices[i].permille, price.gross_cents,
		          prices[i].why);
		ROW_HOLDS(price.net_cents == prices[i].net && price.vat_permille == prices[i].permille, "%s", prices[i].why);
	}
}

static const struct {
	int net, permille;
	const char *words;
} sentences[] = {
	{ 800, 210, "€8.00 excl. VAT (€9.68 incl. VAT 21%)" },
	{ 1205, 55, "€12.05 excl. VAT (€12.71 incl. VAT 5.5%)" },
	{ 7, 200, "€0.07 excl. VAT (€0.08 incl. VAT 20%)" },
	{ 0, 210, "free of charge" },
	{ 800, 0, "€8.00, no VAT" },
	{ 800, -1, "€8.00" },
	{ -1, 210, "price not told" },
};

static void prices_are_said_in_full(void **state)
{
	(void)state;
	static const enum country countries[] = { COUNTRY_UNKNOWN, COUNTRY_BELGIUM, COUNTRY_FRANCE };
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(sentences); i++) {
		for (size_t c = 0; c < COUNT_OF(countries); c++) {
			char *words = price_words(arena, price_of(sentences[i].net, sentences[i].permille), countries[c]);
			ROW_HOLDS(strcmp(words, sentences[i].words) == 0, "%s", words);
		}
	}
	arena_free(arena);
}

static const struct {
	struct payment payment;
	const char *words;
} payments[] = {
	{ { .by = PAY_PRICE }, "" },
	{ { .by = PAY_PASS, .pass_id = "p", .half_days = 1 }, "your pass: nothing more to pay" },
	{ { .by = PAY_NETWORK_DAY, .half_days = 1 }, "1 half-day of the network: nothing to pay" },
	{ { .by = PAY_NETWORK_DAY, .half_days = 2 }, "2 half-days of the network: nothing to pay" },
	{ { .by = PAY_CARNET, .half_days = 1 }, "1 half-day of your carnet: nothing to pay" },
	{ { .by = PAY_CARNET, .half_days = 2 }, "2 half-days of your carnet: nothing to pay" },
};

static void what_it_is_paid_with_is_said(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(payments); i++) {
		struct booking booking = { .price = price_of(800, 210), .country = COUNTRY_BELGIUM, .payment = payments[i].payment };
		char *words = payment_words(arena, &booking);
		ROW_HOLDS(strcmp(words, payments[i].words) == 0, "%s", words);
	}
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(vat_is_rounded_half_up),
		cmocka_unit_test(prices_are_said_in_full),
		cmocka_unit_test(what_it_is_paid_with_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
