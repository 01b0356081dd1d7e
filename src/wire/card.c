/* card.c — a member in the directory. What is hidden or was never filled in is not there: nobody can tell which. */
#include "inside.h"

bool wire_card_read(const cJSON *object, struct arena *arena, struct card *card, struct problem *why)
{
	*card = (struct card){ 0 };
	if (!wire_need_text(object, "id", WIRE_ID_MAX, arena, &card->id, why) ||
	    !wire_need_text(object, "name", TEXT_NAME_MAX, arena, &card->name, why) ||
	    !wire_languages_read(object, &card->languages, why))
		return false;
	card->home_space_id = wire_text(object, "home_space_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	card->home_space_name = wire_text(object, "home_space_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	card->profession = wire_text(object, "profession", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	card->organisation_id = wire_text(object, "organisation_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	card->organisation_name = wire_text(object, "organisation_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	card->skills = wire_text(object, "skills", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	card->town = wire_text(object, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	card->country = country_from_code(wire_text(object, "country", TEXT_ONE_LINE, 8, arena));
	card->email = wire_text(object, "email", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	card->phone = wire_text(object, "phone", TEXT_ONE_LINE, 40, arena);
	card->website = wire_text(object, "website", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	card->about = wire_text(object, "about", TEXT_MANY_LINES, TEXT_BODY_MAX, arena);
	return true;
}

cJSON *wire_card_write(const struct card *card, bool whole)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", card->id);
	cJSON_AddStringToObject(object, "name", card->name);
	wire_add_filled(object, "home_space_id", card->home_space_id);
	wire_add_filled(object, "home_space_name", card->home_space_name);
	wire_add_filled(object, "profession", card->profession);
	wire_add_filled(object, "organisation_id", card->organisation_id);
	wire_add_filled(object, "organisation_name", card->organisation_name);
	wire_add_filled(object, "skills", card->skills);
	if (card->languages)
		wire_add_languages(object, card->languages);
	wire_add_filled(object, "town", card->town);
	wire_add_filled(object, "country", country_code(card->country));
	wire_add_filled(object, "email", card->email);
	wire_add_filled(object, "phone", card->phone);
	wire_add_filled(object, "website", card->website);
	if (whole)
		wire_add_filled(object, "about", card->about);
	return object;
}
