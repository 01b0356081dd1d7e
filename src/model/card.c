/* card.c — see card.h. */
#include "hacktiv/model/card.h"

#include <string.h>

#include "hacktiv/base.h"
#include "names.h"

static const struct { const char *wire, *words; } fields[CARD_FIELDS] = {
	[CARD_NAME] = { "name", N_("Name") },
	[CARD_HOME_SPACE] = { "home_space", N_("Home space") },
	[CARD_PROFESSION] = { "profession", N_("Profession") },
	[CARD_ORGANISATION] = { "organisation", N_("Organisation") },
	[CARD_SKILLS] = { "skills", N_("Skills") },
	[CARD_LANGUAGES] = { "languages", N_("Languages") },
	[CARD_TOWN] = { "town", N_("Town") },
	[CARD_COUNTRY] = { "country", N_("Country") },
	[CARD_EMAIL] = { "email", N_("E-mail") },
	[CARD_PHONE] = { "phone", N_("Phone") },
	[CARD_WEBSITE] = { "website", N_("Website") },
	[CARD_ABOUT] = { "about", N_("About") },
};

const char *card_field_wire_name(enum card_field field)
{
	return fields[field].wire;
}

bool card_field_from_wire(const char *name, enum card_field *field)
{
	for (size_t i = 0; i < CARD_FIELDS; i++) {
		if (name_index(&fields[i].wire, 1, name) == 0) {
			*field = (enum card_field)i;
			return true;
		}
	}
	return false;
}

const char *card_field_words(enum card_field field)
{
	return _(fields[field].words);
}

static void show(enum card_field field, const struct card *from, struct card *to)
{
	switch (field) {
	case CARD_NAME:
		to->name = from->name;
		break;
	case CARD_HOME_SPACE:
		to->home_space_id = from->home_space_id;
		to->home_space_name = from->home_space_name;
		break;
	case CARD_PROFESSION:
		to->profession = from->profession;
		break;
	case CARD_ORGANISATION:
		to->organisation_id = from->organisation_id;
		to->organisation_name = from->organisation_name;
		break;
	case CARD_SKILLS:
		to->skills = from->skills;
		break;
	case CARD_LANGUAGES:
		to->languages = from->languages;
		break;
	case CARD_TOWN:
		to->town = from->town;
		break;
	case CARD_COUNTRY:
		to->country = from->country;
		break;
	case CARD_EMAIL:
		to->email = from->email;
		break;
	case CARD_PHONE:
		to->phone = from->phone;
		break;
	case CARD_WEBSITE:
		to->website = from->website;
		break;
	case CARD_ABOUT:
		to->about = from->about;
		break;
	}
}

/* Begins with nothing, so that a field forgotten here is hidden and not shown. */
bool card_for(const struct owned_card *owned, const struct onlooker *onlooker, struct card *seen)
{
	const struct card *card = &owned->card;
	*seen = (struct card){ .id = card->id, .name = "", .home_space_id = "", .home_space_name = "", .profession = "",
		               .organisation_id = "", .organisation_name = "", .skills = "", .town = "", .email = "",
		               .phone = "", .website = "", .about = "" };
	bool is_own = onlooker->member_id && strcmp(onlooker->member_id, card->id) == 0;
	if (owned->restricted && !is_own)
		return false;
	if (!visibility_allows(owned->shown_to[CARD_NAME], card->id, card->home_space_id, onlooker))
		return false;
	for (size_t i = 0; i < CARD_FIELDS; i++)
		if (visibility_allows(owned->shown_to[i], card->id, card->home_space_id, onlooker))
			show((enum card_field)i, card, seen);
	return true;
}

size_t card_seen_as_staff(const struct owned_card *owned, const struct onlooker *onlooker, enum card_field shown[CARD_FIELDS])
{
	const struct card *card = &owned->card;
	struct onlooker off_duty = *onlooker;
	struct card seen;
	size_t count = 0;
	off_duty.staff_of_count = 0;
	if (!card_for(owned, onlooker, &seen))
		return 0;
	bool hidden = !card_for(owned, &off_duty, &seen);
	for (size_t i = 0; i < CARD_FIELDS; i++)
		if (visibility_allows(owned->shown_to[i], card->id, card->home_space_id, onlooker) &&
		    (hidden || !visibility_allows(owned->shown_to[i], card->id, card->home_space_id, &off_duty)))
			shown[count++] = (enum card_field)i;
	return count;
}

bool card_query_is_enough(const char *words)
{
	struct arena *arena = arena_new();
	const char *at = text_fold(arena, words);
	size_t length, letters = 0;
	for (const char *word; (word = text_word(&at, &length)); )
		for (size_t i = 0; i < length; i++)
			letters += ((unsigned char)word[i] & 0xc0) != 0x80;
	arena_free(arena);
	return letters >= CARD_QUERY_LETTERS_MIN;
}

bool card_fits(const struct card *card, const char *words)
{
	struct arena *arena = arena_new();
	const char *all = arena_print(arena, "%s %s %s %s %s %s", card->name, card->profession, card->organisation_name,
	                              card->skills, card->town, card->home_space_name);
	bool fits = text_holds(all, words);
	arena_free(arena);
	return fits;
}
