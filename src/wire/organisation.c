/* organisation.c — a company, an association, a public body. */
#include "inside.h"

/* A number that is not one is worth less than none. */
static void registration_take(const cJSON *object, struct arena *arena, struct organisation *organisation)
{
	char number[REGISTRATION_SIZE];
	enum registration scheme;
	organisation->registration_number = "";
	if (!registration_from_wire(wire_text(object, "registration_scheme", TEXT_ONE_LINE, 40, arena), &scheme) ||
	    !registration_read(scheme, wire_text(object, "registration_number", TEXT_ONE_LINE, 40, arena), number, NULL))
		return;
	organisation->registration = scheme;
	organisation->registration_number = arena_copy_text(arena, number);
}

bool wire_organisation_read(const cJSON *object, struct arena *arena, struct organisation *organisation, struct problem *why)
{
	*organisation = (struct organisation){ .kind = ORGANISATION_OTHER };
	if (!wire_need_text(object, "id", WIRE_ID_MAX, arena, &organisation->id, why) ||
	    !wire_need_text(object, "name", TEXT_NAME_MAX, arena, &organisation->name, why) ||
	    !wire_languages_read(object, &organisation->languages, why) ||
	    !wire_int(object, "version", 0, INT64_C(1) << 53, 0, &organisation->version, why))
		return false;
	organisation_kind_from_wire(wire_text(object, "kind", TEXT_ONE_LINE, 40, arena), &organisation->kind);
	registration_take(object, arena, organisation);
	organisation->sector = wire_text(object, "sector", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	organisation->description = wire_text(object, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, arena);
	organisation->street = wire_text(object, "street", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	organisation->postcode = wire_text(object, "postcode", TEXT_ONE_LINE, 20, arena);
	organisation->town = wire_text(object, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	organisation->country = country_from_code(wire_text(object, "country", TEXT_ONE_LINE, 8, arena));
	organisation->website = wire_text(object, "website", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	organisation->email = wire_text(object, "email", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	organisation->phone = wire_text(object, "phone", TEXT_ONE_LINE, 40, arena);
	organisation->visits = wire_bool(object, "visits", false);
	organisation->contact_id = wire_text(object, "contact_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	organisation->contact_name = wire_text(object, "contact_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	return true;
}

cJSON *wire_organisation_write(const struct organisation *organisation, bool whole)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", organisation->id);
	cJSON_AddStringToObject(object, "name", organisation->name);
	cJSON_AddStringToObject(object, "kind", organisation_kind_wire_name(organisation->kind));
	cJSON_AddStringToObject(object, "sector", organisation->sector);
	if (whole)
		cJSON_AddStringToObject(object, "description", organisation->description);
	cJSON_AddStringToObject(object, "street", organisation->street);
	cJSON_AddStringToObject(object, "postcode", organisation->postcode);
	cJSON_AddStringToObject(object, "town", organisation->town);
	cJSON_AddStringToObject(object, "country", country_code(organisation->country));
	cJSON_AddStringToObject(object, "website", organisation->website);
	cJSON_AddStringToObject(object, "email", organisation->email);
	cJSON_AddStringToObject(object, "phone", organisation->phone);
	cJSON_AddStringToObject(object, "registration_scheme", registration_wire_name(organisation->registration));
	cJSON_AddStringToObject(object, "registration_number", organisation->registration_number);
	wire_add_languages(object, organisation->languages);
	cJSON_AddBoolToObject(object, "visits", organisation->visits);
	wire_add_filled(object, "contact_id", organisation->contact_id);
	wire_add_filled(object, "contact_name", organisation->contact_name);
	wire_add_int(object, "version", organisation->version);
	return object;
}
