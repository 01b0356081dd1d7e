/* payment.c — which credit pays, in which order: see payment.h. */
#include "hacktiv/model/payment.h"

#include <string.h>

#include "hacktiv/base.h"
#include "names.h"

static const char *const pay_by_names[] = { "price", "pass", "network_day", "carnet" };

const char *pay_by_wire_name(enum pay_by by)
{
	return pay_by_names[by];
}

bool pay_by_from_wire(const char *name, enum pay_by *by)
{
	int found = name_index(pay_by_names, COUNT_OF(pay_by_names), name);
	if (found < 0)
		return false;
	*by = (enum pay_by)found;
	return true;
}

struct price price_of(int net_cents, int vat_permille)
{
	struct price price = { net_cents, vat_permille, -1 };
	if (net_cents < 0)
		return price;
	int64_t vat = vat_permille < 0 ? 0 : ((int64_t)net_cents * vat_permille + 500) / 1000;
	price.gross_cents = (int)(net_cents + vat);
	return price;
}

int period_half_days(struct period when, const struct opening_rule *rule)
{
	switch (when.part) {
	case DAY_PART_MORNING:
	case DAY_PART_AFTERNOON:
		return 1;
	case DAY_PART_WHOLE:
		return 2;
	case DAY_PART_HOURS:
		return when.hours.from < rule->boundary && when.hours.until > rule->boundary ? 2 : 1;
	}
	return 2;
}

static bool is_valid(const struct pass *pass, struct local_date date)
{
	return date_compare(pass->from, date) <= 0 && date_compare(date, pass->until) <= 0;
}

static bool is_taken_here(const struct payment_facts *facts, const struct pass *pass)
{
	if (pass->network || strcmp(pass->space_id, facts->space_id) == 0)
		return true;
	for (size_t i = 0; pass->is_carnet && i < facts->carnets_taken_count; i++)
		if (strcmp(facts->carnets_taken[i], pass->space_id) == 0)
			return true;
	return false;
}

static bool covers(const struct payment_facts *facts, const struct pass *pass)
{
	return is_valid(pass, facts->date) && is_taken_here(facts, pass) &&
	       (!pass->is_carnet || pass->half_days_left >= facts->half_days);
}

/* Of two that end on the same day the one sold first; ids make the order whole. */
static bool goes_first(const struct pass *a, const struct pass *b)
{
	int order = date_compare(a->until, b->until);
	if (order == 0)
		order = a->sold_at == b->sold_at ? strcmp(a->id, b->id) : a->sold_at < b->sold_at ? -1 : 1;
	return order < 0;
}

/* The next after `last` of those that cover it; NULL when there is none. */
static const struct pass *next_pass(const struct payment_facts *facts, bool is_carnet, const struct pass *last)
{
	const struct pass *next = NULL;
	for (size_t i = 0; i < facts->pass_count; i++) {
		const struct pass *pass = &facts->passes[i];
		bool fits = pass->is_carnet == is_carnet && covers(facts, pass) && (!last || goes_first(last, pass));
		if (fits && (!next || goes_first(pass, next)))
			next = pass;
	}
	return next;
}

static struct payment by_credit(const struct payment_facts *facts, enum pay_by by, const char *pass_id)
{
	return (struct payment){ by, pass_id, facts->half_days, price_of(0, facts->price.vat_permille), false };
}

static bool gets_network_day(const struct payment_facts *facts)
{
	return *facts->home_space_id && strcmp(facts->home_space_id, facts->space_id) != 0 &&
	       facts->network_half_days_left >= facts->half_days;
}

size_t payment_choices(const struct payment_facts *facts, struct payment choices[PAYMENT_CHOICES_MAX])
{
	size_t count = 0;
	if (facts->kind == RESOURCE_DESK && facts->price.net_cents != 0) {
		const struct pass *pass = next_pass(facts, false, NULL);
		if (pass)
			choices[count++] = by_credit(facts, PAY_PASS, pass->id);
		if (gets_network_day(facts))
			choices[count++] = by_credit(facts, PAY_NETWORK_DAY, "");
		for (pass = next_pass(facts, true, NULL); pass && count < PAYMENT_CHOICES_MAX - 1; pass = next_pass(facts, true, pass))
			choices[count++] = by_credit(facts, PAY_CARNET, pass->id);
	}
	choices[count++] = (struct payment){ PAY_PRICE, "", 0, facts->price, false };
	return count;
}
