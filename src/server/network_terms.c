/* network_terms.c — how spaces take those who come, and passes and carnets as they are written down. */
#include "network_read.h"

#include <string.h>

#include "db/db.h"

static void read_presence(const struct spot *at, struct terms *terms)
{
	static const char *const known[] = { "check_in_minutes", "grace_minutes" };
	terms->takes_presence = at->value != NULL;
	if (!at->value || !spot_is_object(at, known, COUNT_OF(known)))
		return;
	spot_int(at, "check_in_minutes", 0, TERMS_MINUTES_MAX, CHECK_IN_MINUTES_DEFAULT, &terms->check_in_minutes);
	spot_int(at, "grace_minutes", 0, TERMS_MINUTES_MAX, GRACE_MINUTES_DEFAULT, &terms->grace_minutes);
}

/* The value at `at`: a slug. */
static const char *space_named(const struct spot *at, const struct network *network)
{
	const char *slug = cJSON_IsString(at->value) ? at->value->valuestring : "";
	for (size_t i = 0; i < network->space_count; i++)
		if (strcmp(network->spaces[i].space.slug, slug) == 0)
			return network->spaces[i].space.id;
	const struct space *there = network->tx && *slug ? db_find_space(network->tx, slug, at->file->arena) : NULL;
	if (!there || strcmp(there->slug, slug) != 0)
		spot_expected(at, "the slug of a space");
	return there ? there->id : "";
}

/* ["pepi", "rimbaud"] */
static void read_carnets(const struct spot *list, const struct network *network, struct terms *terms)
{
	if (!list->value || !spot_is_array(list))
		return;
	const char **ids = arena_get(list->file->arena, CARNETS_OF_MAX * sizeof *ids);
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, index++, value);
		const char *id = space_named(&at, network);
		if (*id && terms->carnets_of_count == CARNETS_OF_MAX)
			spot_expected(&at, "at most %d spaces", CARNETS_OF_MAX);
		else if (*id)
			ids[terms->carnets_of_count++] = id;
	}
	terms->carnets_of = ids;
}

void network_read_terms(const struct spot *list, struct network *network)
{
	const cJSON *value = NULL;
	size_t index = 0;
	/* A space with a slip in its slug would not be found, and its neighbours blamed for it. */
	bool all_good = list->file->fault_count == 0;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, index, value);
		struct terms *terms = &network->spaces[index++].terms;
		*terms = (struct terms){ .check_in_minutes = CHECK_IN_MINUTES_DEFAULT, .grace_minutes = GRACE_MINUTES_DEFAULT };
		if (!cJSON_IsObject(value))
			continue;
		struct spot presence = spot_of_member(&at, "presence"), carnets = spot_of_member(&at, "carnets_of");
		read_presence(&presence, terms);
		spot_int(&at, "network_days", 0, NETWORK_DAYS_MAX, 0, &terms->network_days);
		if (all_good)
			read_carnets(&carnets, network, terms);
	}
}

/* ---- passes -------------------------------------------------------------------------------------------------------- */

static bool read_choice(const struct spot *at, const char *name, const char *first, const char *second, const char *fallback)
{
	struct spot spot = spot_of_member(at, name);
	const char *said = cJSON_IsString(spot.value) ? spot.value->valuestring : spot.value ? "" : fallback;
	if (strcmp(said, first) != 0 && strcmp(said, second) != 0)
		spot_expected(&spot, "%s or %s", first, second);
	return strcmp(said, second) == 0;
}

#define PASS_DAYS 365   /* unless said otherwise */

/* As far as dates go. */
static struct local_date a_year_from(struct local_date date)
{
	static const struct local_date last = { 2100, 12, 31 };
	struct local_date until = date_plus(date, PASS_DAYS - 1);
	return date_compare(until, last) > 0 ? last : until;
}

static void read_dates(const struct spot *at, struct local_date today, struct pass *pass)
{
	struct spot from = spot_of_member(at, "from"), until = spot_of_member(at, "until");
	bool begins = spot_date(&from, today, &pass->from);
	pass->until = a_year_from(pass->from);
	if (until.value && spot_date(&until, today, &pass->until) && begins && date_compare(pass->from, pass->until) > 0)
		spot_expected(&until, "a date not before \"from\"");
}

static void read_pass(const struct spot *at, struct network *network, struct pass *pass)
{
	static const char *const known[] = { "slug", "member", "space", "kind", "scope", "from", "until", "half_days", "net_cents" };
	*pass = (struct pass){ .id = "", .member_id = "", .space_id = "" };
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	const char *slug = "";
	size_t space, member;
	int net_cents;
	struct spot who = spot_of_member(at, "member"), half_days = spot_of_member(at, "half_days");
	spot_slug(at, "slug", false, &slug);
	pass->is_carnet = read_choice(at, "kind", "pass", "carnet", "");
	pass->network = read_choice(at, "scope", "space", "network", "space");
	spot_int(at, "half_days", 1, CARNET_HALF_DAYS_MAX, pass->is_carnet ? CARNET_HALF_DAYS : 0, &pass->half_days);
	if (!pass->is_carnet && half_days.value)
		spot_wrong(&half_days, "is for carnets only");
	pass->half_days_left = pass->half_days;
	spot_int(at, "net_cents", 0, CENTS_MAX, 0, &net_cents);
	bool found = network_find_space(at, "space", network, &space);
	if (!network_find_member(&who, network, &member) || !found)
		return;
	const struct network_space *seller = &network->spaces[space];
	read_dates(at, seller->today, pass);
	pass->member_id = network->members[member].id;
	pass->space_id = seller->space.id;
	pass->price = price_of(net_cents, seller->space.vat_permille > 0 ? seller->space.vat_permille : 0);
	pass->sold_at = network->now;
	pass->id = network_id(at->file->arena, arena_print(at->file->arena, "pass/%s/%s", seller->space.slug, slug));
}

void network_read_passes(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->passes = arena_get(list->file->arena, count * sizeof *network->passes);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->pass_count, value);
		struct pass *pass = &network->passes[network->pass_count++];
		read_pass(&at, network, pass);
		for (const struct pass *other = network->passes; other < pass && *pass->id; other++)
			if (strcmp(other->id, pass->id) == 0)
				spot_wrong(&at, "expected another slug: it is the one of /passes/%zu", (size_t)(other - network->passes));
	}
}
