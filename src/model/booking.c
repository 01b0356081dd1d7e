/* booking.c — names and prices: see booking.h. */
#include "hacktiv/model/booking.h"

#include "hacktiv/base.h"
#include "names.h"

static const char *const state_names[] = { "confirmed", "pending", "cancelled", "declined", "lapsed" };

const char *booking_state_wire_name(enum booking_state state)
{
	return state_names[state];
}

bool booking_state_from_wire(const char *name, enum booking_state *state)
{
	int found = name_index(state_names, COUNT_OF(state_names), name);
	if (found < 0)
		return false;
	*state = (enum booking_state)found;
	return true;
}

const char *booking_state_words(enum booking_state state)
{
	switch (state) {
	case BOOKING_CONFIRMED:
		return C_("booking", "confirmed");
	case BOOKING_PENDING:
		return C_("booking", "to be confirmed");
	case BOOKING_CANCELLED:
		return C_("booking", "cancelled");
	case BOOKING_DECLINED:
		return C_("booking", "declined");
	case BOOKING_LAPSED:
		return C_("booking", "lapsed: not answered in time");
	}
	return "";
}

struct booking booking_copy(struct arena *arena, const struct booking *booking)
{
	struct booking copy = *booking;
	const char **texts[] = { &copy.id, &copy.space_id, &copy.space_name, &copy.space_town, &copy.time_zone, &copy.resource_id,
		&copy.resource_name, &copy.resource_area, &copy.payment.pass_id, &copy.state_reason, &copy.member_id, &copy.member_name,
		&copy.series_id, &copy.title, &copy.note };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_copy_text(arena, *texts[i]);
	return copy;
}

static char *euros(struct arena *arena, int cents)
{
	/* TRANSLATORS: euros and cents; the decimal sign of the language stands between them. */
	return arena_print(arena, _("€%1$d.%2$02d"), cents / 100, cents % 100);
}

static char *percent(struct arena *arena, int permille)
{
	if (permille % 10 == 0)
		return arena_print(arena, _("%d%%"), permille / 10);
	/* TRANSLATORS: a percentage with one decimal: 5.5 %. */
	return arena_print(arena, _("%1$d.%2$d%%"), permille / 10, permille % 10);
}

char *price_words(struct arena *arena, struct price price, enum country country)
{
	if (price.net_cents < 0)
		return arena_copy_text(arena, _("price not told"));
	if (price.net_cents == 0)
		return arena_copy_text(arena, C_("price", "free of charge"));
	if (price.vat_permille < 0)
		return euros(arena, price.net_cents);
	if (price.vat_permille == 0)
		return arena_print(arena, _("%s, no VAT"), euros(arena, price.net_cents));
	/* HTVA/TVAC are the words of Belgium, HT/TTC those of France. */
	const char *sentence = country == COUNTRY_FRANCE ? C_("France", "%1$s excl. VAT (%2$s incl. VAT %3$s)")
	                                                 : C_("Belgium", "%1$s excl. VAT (%2$s incl. VAT %3$s)");
	return arena_print(arena, sentence, euros(arena, price.net_cents), euros(arena, price.gross_cents),
	                   percent(arena, price.vat_permille));
}

char *payment_words(struct arena *arena, const struct booking *booking)
{
	int half_days = booking->payment.half_days;
	switch (booking->payment.by) {
	case PAY_PRICE:
		break;
	case PAY_PASS:
		return arena_copy_text(arena, _("your pass: nothing more to pay"));
	case PAY_NETWORK_DAY:
		return arena_print(arena, ngettext("%d half-day of the network: nothing to pay", "%d half-days of the network: nothing to pay",
		                                   (unsigned long)half_days), half_days);
	case PAY_CARNET:
		return arena_print(arena, ngettext("%d half-day of your carnet: nothing to pay", "%d half-days of your carnet: nothing to pay",
		                                   (unsigned long)half_days), half_days);
	}
	return arena_copy_text(arena, "");
}
