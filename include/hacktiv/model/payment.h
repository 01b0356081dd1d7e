/* payment.h — what a booking costs and how it is paid. Strings as in space.h.
 *
 * Money is integer cents of a euro; credits are counted in half-days. A booking is paid by one thing alone: what does not cover
 * it whole is left for another. Whoever has no credit pays the price. */
#ifndef HACKTIV_MODEL_PAYMENT_H
#define HACKTIV_MODEL_PAYMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hacktiv/model/opening.h"
#include "hacktiv/model/resource.h"

struct price {
	int net_cents;            /* -1: not told */
	int vat_permille;         /* -1: not told */
	int gross_cents;          /* net + VAT, rounded half up to the cent */
};
struct price price_of(int net_cents, int vat_permille);

enum pay_by {
	PAY_PRICE,                /* "price" */
	PAY_PASS,                 /* "pass": as often as one likes while it is valid */
	PAY_NETWORK_DAY,          /* "network_day": so many days a year a space gives to members of the others */
	PAY_CARNET                /* "carnet": half-days bought beforehand */
};
const char *pay_by_wire_name(enum pay_by by);
bool pay_by_from_wire(const char *name, enum pay_by *by);

struct payment {
	enum pay_by by;
	const char *pass_id;      /* of the pass or carnet, else "" */
	int half_days;            /* what of a credit it takes; 0 when by price */
	struct price due;         /* what is left to pay: the price, or nothing at the same rate of VAT */
	bool given_back;          /* cancelled in time, declined, lapsed */
};

/* A pass or a carnet. Both are valid on dates, inclusive. */
struct pass {
	const char *id;
	const char *member_id;
	bool is_carnet;           /* wire "kind": "carnet", "pass" */
	const char *space_id;     /* that sold it, and whose VAT is on it */
	bool network;             /* valid in every space; wire "scope": "network", "space" */
	struct local_date from;
	struct local_date until;
	int half_days;            /* of a carnet: bought; else 0 */
	int half_days_left;
	struct price price;
	int64_t sold_at;
};
#define CARNET_HALF_DAYS 10   /* of a carnet, unless said otherwise */
#define CARNET_HALF_DAYS_MAX 1000

/* What payment_choices() looks at. Pure, as booking_facts. */
struct payment_facts {
	const char *space_id;                /* where the place is */
	const char *home_space_id;           /* of the member, "" when none */
	enum resource_kind kind;
	struct local_date date;
	int half_days;                       /* that the time asked for touches */
	struct price price;
	int network_half_days_left;          /* that the space still gives this member this year */
	const struct pass *passes;           /* of the member */
	size_t pass_count;
	const char *const *carnets_taken;    /* ids of other spaces whose carnets are taken here */
	size_t carnets_taken_count;
};

#define PAYMENT_CHOICES_MAX 16

/* All ways in which it can be paid, the one to be used first in front: a pass (it costs nothing more), a network day (it is given),
 * a carnet (the one that ends first), the price. Credits are for desks only, and not for what is free. At least one: the price. */
size_t payment_choices(const struct payment_facts *facts, struct payment choices[PAYMENT_CHOICES_MAX]);

/* Half-days that a period touches: 1 or 2. */
int period_half_days(struct period when, const struct opening_rule *rule);

#endif
