/* settle.c — see settle.h. Which credit goes first is the model's: payment.h. */
#include "settle.h"

#include <string.h>

static bool needs_other_carnets(const struct pass *passes, size_t count, const char *space_id)
{
	for (size_t i = 0; i < count; i++)
		if (passes[i].is_carnet && !passes[i].network && strcmp(passes[i].space_id, space_id) != 0)
			return true;
	return false;
}

/* What pays for those before is not there a second time. */
static void take_away_spent(struct request *request, const struct booking *before, size_t count, struct payment_facts *facts)
{
	struct pass *passes = arena_get(request->arena, (facts->pass_count + 1) * sizeof *passes);
	for (size_t i = 0; i < facts->pass_count; i++) {
		passes[i] = facts->passes[i];
		for (size_t j = 0; j < count; j++)
			if (before[j].payment.by == PAY_CARNET && strcmp(before[j].payment.pass_id, passes[i].id) == 0)
				passes[i].half_days_left -= before[j].payment.half_days;
	}
	facts->passes = passes;
	for (size_t j = 0; j < count; j++)
		if (before[j].payment.by == PAY_NETWORK_DAY && before[j].when.date.year == facts->date.year)
			facts->network_half_days_left -= before[j].payment.half_days;
}

/* Most bookings are of a desk at home by somebody without passes: they cost one look-up. */
static void open_purse(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                       const struct booking *before, size_t count, const struct booking *booking, struct purse *purse)
{
	*purse = (struct purse){ .network_half_days = 0 };
	struct payment_facts facts = {
		.space_id = space->id, .home_space_id = payer->home_space_id, .kind = booking->resource_kind, .date = booking->when.date,
		.half_days = period_half_days(booking->when, &space->opening), .price = booking->price,
	};
	if (booking->resource_kind == RESOURCE_DESK && booking->price.net_cents != 0) {
		facts.passes = db_list_usable_passes(tx, payer->id, booking->when.date, request->arena, &facts.pass_count);
		bool visits = *payer->home_space_id && strcmp(payer->home_space_id, space->id) != 0;
		if (visits || needs_other_carnets(facts.passes, facts.pass_count, space->id)) {
			const struct terms *terms = db_find_terms(tx, space->id, request->arena);
			facts.carnets_taken = terms->carnets_of;
			facts.carnets_taken_count = terms->carnets_of_count;
			purse->network_half_days = visits ? 2 * terms->network_days : 0;
		}
		if (purse->network_half_days > 0)
			facts.network_half_days_left = purse->network_half_days -
				db_count_network_half_days(tx, space->id, payer->id, booking->when.date.year);
	}
	if (count > 0)
		take_away_spent(request, before, count, &facts);
	purse->count = payment_choices(&facts, purse->choices);
}

void settle_propose(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                    struct booking *booking, struct purse *purse)
{
	settle_propose_after(request, tx, space, payer, NULL, 0, booking, purse);
}

void settle_propose_after(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                          const struct booking *before, size_t count, struct booking *booking, struct purse *purse)
{
	open_purse(request, tx, space, payer, before, count, booking, purse);
	booking->payment = purse->choices[0];
	if (booking->state == BOOKING_PENDING && rights_allow(&request->caller, ACTION_DECIDE_BOOKING, space->id, false))
		booking->state = BOOKING_CONFIRMED;
}

bool settle_pay_from(struct request *request, struct db_tx *tx, const struct purse *purse, struct booking *booking)
{
	return db_pay(tx, booking, purse->choices, purse->count, purse->network_half_days, request->now);
}

bool settle_pay(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                struct booking *booking)
{
	struct purse purse;
	open_purse(request, tx, space, payer, NULL, 0, booking, &purse);
	return settle_pay_from(request, tx, &purse, booking);
}

void settle_ask(struct db_tx *tx, const struct member *payer, const struct resource *resource, struct local_date date)
{
	if (resource->kind == RESOURCE_DESK)
		db_ask_usable_passes(tx, payer->id, date);
}

bool settle_move(struct request *request, struct db_tx *tx, const struct space *space, const struct member *payer,
                 const struct booking *before, struct booking *after)
{
	return db_give_back(tx, before, after->version, request->now) && settle_pay(request, tx, space, payer, after) &&
	       db_note_payment(tx, after);
}

bool settle_lapsed(struct request *request, struct db_tx *tx, const struct space *space, const struct preview *preview)
{
	for (size_t i = 0; i < preview->obstacle_count; i++)
		if (preview->obstacles[i].rule == RULE_SLOT_TAKEN)
			return db_lapse(tx, space->id, request->now, request->arena) > 0;
	return false;
}
