/* community.c — the part of test_types.c's tables that is about activities, people and organisations. */
#include "types.h"

#define START 1795593600   /* 2026-11-25 09:00 in Chimay */

static const struct activity an_activity = {
	.id = "0193b2f2-7a10-7c3e-9f00-5d8a3b2c1d0e", .space_id = "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", .space_name = "La Ferme",
	.space_town = "Chimay", .country = COUNTRY_BELGIUM, .time_zone = "Europe/Brussels", .title = "L'IA générative au quotidien",
	.summary = "Une heure, un sandwich, trois outils.", .description = "12:00 accueil\n12:15 exposé", .place = "Le Moulin",
	.organiser = "BEP et Ardenne Métropole", .note = "Apportez votre ordinateur.", .link = "https://example.org/visio",
	.format = ACTIVITY_LUNCH_TALK, .online = true, .languages = LANGUAGE_FRENCH | LANGUAGE_DUTCH, .date = { 2026, 11, 25 },
	.start_at = START, .end_at = START + 5400, .state = ACTIVITY_SCHEDULED, .capacity = 20, .taken = 20, .waiting = 4,
	.signup_until = START - 86400, .withdraw_until = START - 43200, .version = 29, .waitlist = WAITLIST_OFFER, .offer_minutes = 90,
	.organiser_id = "1c2d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", .conditions = "Chaussures fermées.\nDès 16 ans.", .conditions_version = 2,
	.cancel_reason = "", .mine = { .state = SIGNUP_WAITLISTED, .place = 3, .since = START - 200000, .accepted_conditions = 2 },
};

static cJSON *write_activity(void)
{
	return wire_activity_write(&an_activity, brussels(), true);
}

static cJSON *write_activity_row(void)
{
	struct activity row = an_activity;
	row.mine = (struct signup){ .state = SIGNUP_NONE };
	row.link = row.note = "";
	row.taken = 3;
	row.waiting = 0;
	row.state = ACTIVITY_CANCELLED;
	row.cancel_reason = "Le car est en panne.";
	row.organiser_id = row.conditions = "";
	row.conditions_version = 0;
	row.waitlist = WAITLIST_PROMOTE;
	return wire_activity_write(&row, brussels(), false);
}

static cJSON *write_activity_full(void)
{
	struct activity mine = an_activity;
	mine.format = ACTIVITY_CEREMONY;
	mine.mine = (struct signup){ .state = SIGNUP_OFFERED, .since = START - 200000, .until = START - 90000 };
	mine.attendance_closed_at = START + 7200;
	return wire_activity_write(&mine, brussels(), false);
}

static const struct card a_card = {
	.id = "7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c11", .name = "Zoë Lambermont", .home_space_id = "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21",
	.home_space_name = "La Ferme", .profession = "illustratrice", .organisation_id = "1c2d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21",
	.organisation_name = "Atelier Gribouille", .skills = "aquarelle, gravure", .languages = LANGUAGE_FRENCH | LANGUAGE_ENGLISH,
	.town = "Chimay", .country = COUNTRY_LUXEMBOURG, .email = "zoe@example.org", .phone = "+3260000000",
	.website = "https://example.org/zoe", .about = "Je dessine.\nPour les enfants aussi.",
};

static cJSON *write_card(void)
{
	return wire_card_write(&a_card, true);
}

static cJSON *write_card_row(void)
{
	return wire_card_write(&a_card, false);
}

static cJSON *write_card_shy(void)
{
	struct card shy = { .id = a_card.id, .name = a_card.name, .home_space_id = "", .home_space_name = "", .profession = "",
		            .organisation_id = "", .organisation_name = "", .skills = "", .town = "", .email = "", .phone = "",
		            .website = "", .about = "" };
	return wire_card_write(&shy, true);
}

static const struct organisation an_organisation = {
	.id = "1c2d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", .name = "Forges de l'Eau Noire", .kind = ORGANISATION_PUBLIC,
	.sector = "fabrication additive", .description = "Une forge.\nOn la visite.", .street = "Rue du Fourneau 3", .postcode = "5660",
	.town = "Couvin", .country = COUNTRY_BELGIUM, .website = "https://example.org/forges", .email = "forges@example.org",
	.phone = "+3260000001", .registration = REGISTRATION_BE_KBO, .registration_number = "0403170701",
	.languages = LANGUAGE_FRENCH, .visits = true, .contact_id = "7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c11",
	.contact_name = "Zoë Lambermont", .version = 2,
};

static cJSON *write_organisation(void)
{
	return wire_organisation_write(&an_organisation, true);
}

static cJSON *write_organisation_row(void)
{
	struct organisation row = an_organisation;
	row.registration = REGISTRATION_NONE;
	row.registration_number = row.contact_id = row.contact_name = "";
	row.visits = false;
	row.kind = ORGANISATION_NONPROFIT;
	return wire_organisation_write(&row, false);
}

/* ---- read, and written again: whole when the long text is there ---- */

static bool is_whole(const cJSON *object, const char *text)
{
	return cJSON_IsString(cJSON_GetObjectItemCaseSensitive(object, text));
}

static cJSON *again_activity(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct activity activity;
	return wire_activity_read(object, arena, &activity, why)
	       ? wire_activity_write(&activity, brussels(), is_whole(object, "description")) : NULL;
}

static cJSON *again_card(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct card card;
	return wire_card_read(object, arena, &card, why) ? wire_card_write(&card, is_whole(object, "about")) : NULL;
}

static cJSON *again_organisation(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct organisation organisation;
	return wire_organisation_read(object, arena, &organisation, why)
	       ? wire_organisation_write(&organisation, is_whole(object, "description")) : NULL;
}

const struct type community_types[] = {
	{ "activity", write_activity, again_activity, false },
	{ "activity-row", write_activity_row, again_activity, false },
	{ "activity-full", write_activity_full, again_activity, false },
	{ "card", write_card, again_card, false },
	{ "card-row", write_card_row, again_card, false },
	{ "card-shy", write_card_shy, again_card, false },
	{ "organisation", write_organisation, again_organisation, false },
	{ "organisation-row", write_organisation_row, again_organisation, false },
};
const size_t community_type_count = COUNT_OF(community_types);

const struct change community_changes[] = {
	{ "activity", "/id", MISSING, "/id" },
	{ "activity", "/space_id", "7", "/space_id" },
	{ "activity", "/title", "\"\"", "/title" },
	{ "activity", "/title", "\"\\u200b\"", "/title" },
	{ "activity", "/description", MISSING, FINE },
	{ "activity", "/summary", "7", FINE },
	{ "activity", "/format", "\"seance\"", FINE },
	{ "activity", "/format", MISSING, FINE },
	{ "activity", "/languages", "[\"fr\",\"eo\",7]", FINE },
	{ "activity", "/languages", "\"fr\"", "/languages" },
	{ "activity", "/languages", MISSING, FINE },
	{ "activity", "/date", "\"2026-02-30\"", "/date" },
	{ "activity", "/date", MISSING, "/date" },
	{ "activity", "/start", "\"noon\"", "/start" },
	{ "activity", "/end", MISSING, "/end" },
	{ "activity", "/end", "\"2026-11-25T09:00:00+01:00\"", "/end" },
	{ "activity", "/signup_until", MISSING, "/signup_until" },
	{ "activity", "/withdraw_until", "null", "/withdraw_until" },
	{ "activity", "/state", "\"postponed\"", "/state" },
	{ "activity", "/state", MISSING, "/state" },
	{ "activity", "/capacity", "0", "/capacity" },
	{ "activity", "/capacity", "10001", "/capacity" },
	{ "activity", "/taken", "-1", "/taken" },
	{ "activity", "/waiting", "2.5", "/waiting" },
	{ "activity", "/waiting", MISSING, FINE },
	{ "activity", "/mine", "null", FINE },
	{ "activity", "/mine", MISSING, FINE },
	{ "activity", "/mine", "7", "/mine/state" },
	{ "activity", "/mine/state", "\"none\"", FINE },
	{ "activity", "/mine/state", "\"perhaps\"", "/mine/state" },
	{ "activity", "/mine/state", MISSING, "/mine/state" },
	{ "activity", "/mine/place", "0", "/mine/place" },
	{ "activity", "/mine/place", "\"3\"", "/mine/place" },
	{ "activity", "/mine/place", "null", FINE },
	{ "activity", "/mine/since", "7", "/mine/since" },
	{ "activity", "/mine/since", MISSING, FINE },
	{ "card", "/id", MISSING, "/id" },
	{ "card", "/name", MISSING, "/name" },
	{ "card", "/email", "7", FINE },
	{ "card", "/languages", "{}", "/languages" },
	{ "card", "/country", "\"XX\"", FINE },
	{ "card-shy", "/about", "\"Bonjour.\"", FINE },
	{ "organisation", "/id", "\"\"", "/id" },
	{ "organisation", "/name", "null", "/name" },
	{ "organisation", "/kind", "\"cult\"", FINE },
	{ "organisation", "/registration_scheme", "\"lu_rcs\"", FINE },
	{ "organisation", "/registration_number", "\"0403170702\"", FINE },
	{ "organisation", "/version", "-1", "/version" },
	{ "organisation", "/languages", "7", "/languages" },
};
const size_t community_change_count = COUNT_OF(community_changes);
