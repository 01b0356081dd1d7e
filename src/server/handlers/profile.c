/* profile.c — oneself, with all that is kept on one's card, and changing it. Who sees it is said elsewhere: consent.c. */
#include "profile.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "handlers.h"
#include "tell.h"

/* Texts of a card, in the order of their fields; with the member that they have in JSON. */
static const struct text_field {
	const char *name;
	size_t at;
	enum text_shape shape;
	size_t most;
} texts[] = {
	{ "profession", offsetof(struct card, profession), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "organisation_id", offsetof(struct card, organisation_id), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "organisation_name", offsetof(struct card, organisation_name), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "skills", offsetof(struct card, skills), TEXT_ONE_LINE, TEXT_LINE_MAX },
	{ "town", offsetof(struct card, town), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "email", offsetof(struct card, email), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "phone", offsetof(struct card, phone), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "website", offsetof(struct card, website), TEXT_ONE_LINE, TEXT_NAME_MAX },
	{ "about", offsetof(struct card, about), TEXT_MANY_LINES, TEXT_BODY_MAX },
};

static const char **text_of(struct card *card, const struct text_field *field)
{
	return (const char **)((char *)card + field->at);
}

static const char *said(const struct card *card, const struct text_field *field)
{
	return *(const char *const *)((const char *)card + field->at);
}

/* ---- telling ------------------------------------------------------------------------------------------------------ */

static cJSON *card_write(const struct card *card)
{
	cJSON *object = cJSON_CreateObject();
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cJSON_AddStringToObject(object, texts[i].name, said(card, &texts[i]));
	cJSON_AddStringToObject(object, "country", country_code(card->country));
	cJSON *languages = cJSON_AddArrayToObject(object, "languages");
	for (unsigned language = 1; language <= card->languages; language <<= 1)
		if (card->languages & language)
			cJSON_AddItemToArray(languages, cJSON_CreateString(language_wire_name((enum language)language)));
	return object;
}

cJSON *profile_write(const struct profile *profile)
{
	cJSON *object = wire_member_write(&profile->member);
	cJSON_AddBoolToObject(object, "restricted", profile->card.restricted);
	cJSON_AddItemToObject(object, "card", card_write(&profile->card.card));
	return object;
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static bool read_texts(const struct body *body, struct card *card)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (!patch_text(body, texts[i].name, texts[i].shape, texts[i].most, text_of(card, &texts[i])))
			return false;
	return patch_country(body, "country", &card->country) && patch_languages(body, "languages", &card->languages) &&
	       patch_email(body, &card->email) && patch_phone(body, &card->phone) && patch_website(body, &card->website);
}

/* One that is known here has its own name; another is only named. */
static bool read_organisation(const struct body *body, struct db_tx *tx, struct card *card)
{
	if (patch_has(body, "organisation_id") && !*card->organisation_id && !patch_has(body, "organisation_name"))
		card->organisation_name = "";
	if (!*card->organisation_id)
		return true;
	const struct organisation *organisation = db_find_organisation(tx, card->organisation_id, body->arena);
	if (!organisation)
		return !patch_has(body, "organisation_id") || patch_wrong(body, "organisation_id", "There is no such organisation.");
	if (patch_has(body, "organisation_name") && strcmp(card->organisation_name, organisation->name) != 0)
		return patch_wrong(body, "organisation_name", "An organisation that is known here has its own name: empty organisation_id first.");
	card->organisation_name = organisation->name;
	return true;
}

static bool read_card(const struct body *body, struct db_tx *tx, struct card *card)
{
	static const char *const known[] = { "profession", "organisation_id", "organisation_name", "skills", "languages", "town",
		"country", "email", "phone", "website", "about", NULL };
	return patch_only(body, known) && read_texts(body, card) && read_organisation(body, tx, card);
}

static bool read_place(const struct body *body, struct db_tx *tx, struct member *member)
{
	if (!patch_text(body, "home_space_id", TEXT_ONE_LINE, TEXT_NAME_MAX, &member->home_space_id) ||
	    !patch_text(body, "usual_resource_id", TEXT_ONE_LINE, TEXT_NAME_MAX, &member->usual_resource_id))
		return false;
	const struct space *space = *member->home_space_id ? db_find_space(tx, member->home_space_id, body->arena) : NULL;
	if (patch_has(body, "home_space_id") && *member->home_space_id && !space)
		return patch_wrong(body, "home_space_id", "There is no such space.");
	if (space)
		member->home_space_id = space->id;
	bool is_there = space && *member->usual_resource_id && db_find_resource(tx, space->id, member->usual_resource_id, body->arena);
	if (patch_has(body, "home_space_id") && !is_there && !patch_has(body, "usual_resource_id"))
		member->usual_resource_id = "";
	return !patch_has(body, "usual_resource_id") || !*member->usual_resource_id || is_there ||
	       patch_wrong(body, "usual_resource_id", "There is no such place in the home space.");
}

static bool read_all(const struct body *body, struct db_tx *tx, const char *const *known, struct profile *profile)
{
	struct body card;
	if (!patch_only(body, known) || !patch_text(body, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, &profile->member.name) ||
	    !patch_flag(body, "restricted", &profile->card.restricted) || !read_place(body, tx, &profile->member) ||
	    !patch_inside(body, "card", &card))
		return false;
	if (!*profile->member.name)
		return patch_wrong(body, "name", "Everybody has a name.");
	profile->card.card.name = profile->member.name;
	profile->card.card.home_space_id = profile->member.home_space_id;
	return !card.object || read_card(&card, tx, &profile->card.card);
}

bool profile_read(struct request *request, struct db_tx *tx, const char *const *known, struct profile *profile,
                  struct response *response)
{
	struct problem why = { 0 };
	struct body body = { request->json, "", request->arena, &why };
	if (read_all(&body, tx, known, profile))
		return true;
	refuse_body(request, response, &why);
	return false;
}

static const char *also(struct arena *arena, const char *names, const char *name, bool differs)
{
	return differs ? arena_print(arena, "%s%s%s", names, *names ? " " : "", name) : names;
}

const char *profile_difference(struct arena *arena, const struct profile *before, const struct profile *after)
{
	const struct member *from = &before->member, *to = &after->member;
	const struct card *old = &before->card.card, *new = &after->card.card;
	const char *names = also(arena, "", "name", strcmp(from->name, to->name) != 0);
	names = also(arena, names, "home_space_id", strcmp(from->home_space_id, to->home_space_id) != 0);
	names = also(arena, names, "usual_resource_id", strcmp(from->usual_resource_id, to->usual_resource_id) != 0);
	names = also(arena, names, "restricted", before->card.restricted != after->card.restricted);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		names = also(arena, names, arena_print(arena, "card.%s", texts[i].name),
		             strcmp(said(old, &texts[i]), said(new, &texts[i])) != 0);
	names = also(arena, names, "card.country", old->country != new->country);
	return also(arena, names, "card.languages", old->languages != new->languages);
}

/* ---- oneself -------------------------------------------------------------------------------------------------------- */

/* With the roles that one holds. */
static cJSON *me_write(const struct request *request, const struct profile *profile)
{
	cJSON *object = profile_write(profile);
	cJSON_AddItemToObject(object, "roles", tell_roles(request->caller.roles, request->caller.role_count));
	return object;
}

void member_me(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct profile *profile = db_find_profile(tx, request->member->id, request->arena);
	if (!profile)
		return;
	respond_json(response, 200, me_write(request, profile), CACHE_MINE);
	respond_tagged(request, response);
}

void member_change_me(struct request *request, struct db_tx *tx, struct response *response)
{
	/* Not the home space: whoever is at home in a space sees what its members show to each other. */
	static const char *const known[] = { "name", "usual_resource_id", "restricted", "card", NULL };
	const struct profile *before =
		db_hold_member(tx, request->member->id) ? db_find_profile(tx, request->member->id, request->arena) : NULL;
	if (!before)
		return;
	respond_json(response, 200, me_write(request, before), CACHE_NEVER);
	if (!request_is_current(request, etag_of_answer(request, response), response))
		return;
	struct profile after = *before;
	if (!profile_read(request, tx, known, &after, response))
		return;
	const char *fields = profile_difference(request->arena, before, &after);
	struct db_actor actor = { request->member->id, request->id };
	if (*fields && (!db_write_profile(tx, &after) ||
	                !db_audit_member(tx, request->member->id, "profile.changed", fields, "", request->now, actor) ||
	                !db_tell_directory(tx, before->member.home_space_id, request->now, actor)))
		return;
	const struct profile *written = db_find_profile(tx, request->member->id, request->arena);
	if (!written)
		return;
	respond_json(response, 200, me_write(request, written), CACHE_MINE);
	response->etag = etag_of_answer(request, response);
}
