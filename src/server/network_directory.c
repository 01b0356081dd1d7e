/* network_directory.c — organisations, and what members show of themselves. */
#include "network_read.h"

#include <string.h>

#include "db/db.h"

#define NUMBER_MAX 40u

void network_read_languages(const struct spot *at, unsigned *languages)
{
	*languages = 0;
	network_read_bits(at, "languages", language_from_wire, "fr, nl, de or en", languages);
}

static void read_country(const struct spot *at, enum country *country)
{
	struct spot spot = spot_of_member(at, "country");
	*country = cJSON_IsString(spot.value) ? country_from_code(spot.value->valuestring) : COUNTRY_UNKNOWN;
	if (spot.value && *country == COUNTRY_UNKNOWN)
		spot_expected(&spot, "\"BE\", \"FR\" or \"LU\"");
}

static void read_email(const struct spot *at, const char **email)
{
	if (!spot_text(at, "email", TEXT_ONE_LINE, TEXT_NAME_MAX, "", email) || !**email)
		return;
	struct spot spot = spot_of_member(at, "email");
	if (!email_is_written(*email))
		spot_expected(&spot, "an address such as \"zoe@example.org\"");
}

static void read_website(const struct spot *at, const char **website)
{
	if (!spot_text(at, "website", TEXT_ONE_LINE, TEXT_NAME_MAX, "", website) || !**website)
		return;
	struct spot spot = spot_of_member(at, "website");
	if (!website_is_written(*website))
		spot_expected(&spot, "an address such as \"https://example.org\"");
}

/* ---- organisations ----------------------------------------------------------------------------------------------- */

static void read_kind(const struct spot *at, enum organisation_kind *kind)
{
	struct spot spot = spot_of_member(at, "kind");
	if (!cJSON_IsString(spot.value) || !organisation_kind_from_wire(spot.value->valuestring, kind))
		spot_expected(&spot, "company, nonprofit, public_body, school or other");
}

/* "be_kbo": "0403.170.701" or "fr_siret": "732 829 320 00074". */
static void read_registration(const struct spot *at, struct organisation *organisation)
{
	static const enum registration schemes[] = { REGISTRATION_BE_KBO, REGISTRATION_FR_SIRET };
	organisation->registration_number = "";
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		const char *name = registration_wire_name(schemes[i]), *written;
		struct spot spot = spot_of_member(at, name);
		char number[REGISTRATION_SIZE];
		struct problem cause = { 0 };
		if (!spot.value || !spot_text(at, name, TEXT_ONE_LINE, NUMBER_MAX, NULL, &written))
			continue;
		if (organisation->registration != REGISTRATION_NONE)
			spot_wrong(at, "expected either \"be_kbo\" or \"fr_siret\"");
		else if (!registration_read(schemes[i], written, number, &cause))
			spot_wrong(&spot, "found \"%s\". %s", written, cause.text);
		else {
			organisation->registration = schemes[i];
			organisation->registration_number = arena_copy_text(at->file->arena, number);
		}
	}
}

static void read_organisation(const struct spot *at, const struct network *network, struct network_organisation *row)
{
	static const char *const known[] = { "slug", "name", "kind", "sector", "description", "street", "postcode", "town", "country",
		"website", "email", "phone", "be_kbo", "fr_siret", "languages", "visits", "id" };
	struct organisation *organisation = &row->organisation;
	row->slug = organisation->id = organisation->registration_number = "";
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	spot_slug(at, "slug", false, &row->slug);
	spot_text(at, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &organisation->name);
	read_kind(at, &organisation->kind);
	spot_text(at, "sector", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &organisation->sector);
	spot_text(at, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &organisation->description);
	spot_text(at, "street", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &organisation->street);
	spot_text(at, "postcode", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &organisation->postcode);
	spot_text(at, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &organisation->town);
	read_country(at, &organisation->country);
	read_website(at, &organisation->website);
	read_email(at, &organisation->email);
	network_read_phone(at, &organisation->phone);
	read_registration(at, organisation);
	network_read_languages(at, &organisation->languages);
	spot_bool(at, "visits", false, &organisation->visits);
	organisation->id = network_id(at->file->arena, arena_print(at->file->arena, "organisation/%s", row->slug));
	network_read_id(at, false, &organisation->id);
	const struct organisation *there =
		network->tx ? db_find_organisation(network->tx, organisation->id, at->file->arena) : NULL;
	organisation->contact_id = there ? there->contact_id : "";
	organisation->contact_name = "";
}

static bool is_same(const struct network_organisation *a, const struct network_organisation *b)
{
	bool same_number = a->organisation.registration != REGISTRATION_NONE &&
	                   a->organisation.registration == b->organisation.registration &&
	                   strcmp(a->organisation.registration_number, b->organisation.registration_number) == 0;
	return same_number || (*a->slug && strcmp(a->slug, b->slug) == 0);
}

void network_read_organisations(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->organisations = arena_get(list->file->arena, count * sizeof *network->organisations);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->organisation_count, value);
		struct network_organisation *row = &network->organisations[network->organisation_count++];
		read_organisation(&at, network, row);
		for (const struct network_organisation *other = network->organisations; other < row; other++)
			if (is_same(other, row))
				spot_wrong(&at, "expected another slug and number than those of /organisations/%zu",
				           (size_t)(other - network->organisations));
	}
	network->organisation_known = network->organisation_count;
}

/* ---- cards ------------------------------------------------------------------------------------------------------- */

/* "organisation": the slug of one in organisations.json; "works_for": the name of another; "contact": they answer for it. */
static void read_organisation_of(const struct spot *at, struct network *network, struct card *card)
{
	bool is_contact;
	size_t found;
	struct spot spot = spot_of_member(at, "organisation");
	struct spot contact = spot_of_member(at, "contact");
	card->organisation_id = "";
	spot_text(at, "works_for", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &card->organisation_name);
	spot_bool(at, "contact", false, &is_contact);
	if (is_contact && !spot.value)
		spot_wrong(&contact, "expected \"organisation\" beside it");
	if (!spot.value || !network_find_organisation(&spot, network, &found))
		return;
	struct network_organisation *row = &network->organisations[found];
	card->organisation_id = row->organisation.id;
	if (is_contact && row->has_contact)
		spot_expected(&contact, "one contact of an organisation: somebody else is it already");
	else if (is_contact) {
		row->organisation.contact_id = card->id;
		row->has_contact = true;
	} else if (strcmp(row->organisation.contact_id, card->id) == 0)
		row->organisation.contact_id = "";
}

static void read_level(const struct spot *fields, enum visibility level, struct owned_card *owned)
{
	if (!spot_is_array(fields))
		return;
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, fields->value) {
		struct spot spot = spot_of_element(fields, index++, value);
		enum card_field field;
		if (!cJSON_IsString(value) || !card_field_from_wire(value->valuestring, &field))
			spot_expected(&spot, "a member of a card, such as name, home_space or email");
		else if (owned->shown_to[field] != VISIBLE_TO_NOBODY)
			spot_expected(&spot, "every member once");
		else
			owned->shown_to[field] = level;
	}
}

/* {"network": ["name", "profession"], "space": ["email"]}: what is not named is shown to nobody. */
static void read_levels(const struct spot *at, struct owned_card *owned)
{
	static const char *const known[] = { "staff", "space", "network", "public" };
	struct spot levels = spot_of_member(at, "shown_to");
	if (!levels.value || !spot_is_object(&levels, known, COUNT_OF(known)))
		return;
	for (int level = VISIBLE_TO_STAFF; level < VISIBILITIES; level++) {
		struct spot fields = spot_of_member(&levels, visibility_wire_name((enum visibility)level));
		if (fields.value)
			read_level(&fields, (enum visibility)level, owned);
	}
}

void network_read_card(const struct spot *at, struct network *network, const struct member *member)
{
	static const char *const known[] = { "profession", "organisation", "works_for", "contact", "skills", "languages", "town",
		"country", "email", "phone", "website", "about", "shown_to" };
	struct spot spot = spot_of_member(at, "card");
	if (!spot.value || !spot_is_object(&spot, known, COUNT_OF(known)))
		return;
	struct owned_card *owned = &network->cards[network->card_count++];
	struct card *card = &owned->card;
	card->id = member->id;
	card->name = member->name;
	card->home_space_id = member->home_space_id;
	card->home_space_name = "";
	spot_text(&spot, "profession", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &card->profession);
	read_organisation_of(&spot, network, card);
	spot_text(&spot, "skills", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &card->skills);
	network_read_languages(&spot, &card->languages);
	spot_text(&spot, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &card->town);
	read_country(&spot, &card->country);
	read_email(&spot, &card->email);
	network_read_phone(&spot, &card->phone);
	read_website(&spot, &card->website);
	spot_text(&spot, "about", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &card->about);
	read_levels(&spot, owned);
}
