/* organisations.c — taking up an organisation and putting it right: the coordinators' work. Numbers are checked by their own sums. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../patch.h"
#include "../feed.h"
#include "../idempotency.h"
#include "tell.h"

static bool read_kind(const struct body *body, enum organisation_kind *kind)
{
	const char *name = organisation_kind_wire_name(*kind);
	return patch_text(body, "kind", TEXT_ONE_LINE, TEXT_NAME_MAX, &name) &&
	       (organisation_kind_from_wire(name, kind) ||
	        patch_wrong(body, "kind", "\"kind\" should be company, nonprofit, public_body, school or other."));
}

/* "0403.170.701" and "732 829 320 00074" are as good as their digits. */
static bool read_registration(const struct body *body, struct organisation *organisation)
{
	const char *scheme = registration_wire_name(organisation->registration), *written = organisation->registration_number;
	char number[REGISTRATION_SIZE];
	struct problem cause = { 0 };
	if (!patch_text(body, "registration_scheme", TEXT_ONE_LINE, TEXT_NAME_MAX, &scheme) ||
	    !patch_text(body, "registration_number", TEXT_ONE_LINE, TEXT_NAME_MAX, &written))
		return false;
	if (!registration_from_wire(scheme, &organisation->registration))
		return patch_wrong(body, "registration_scheme", "\"registration_scheme\" should be be_kbo or fr_siret; \"\" for none.");
	if (!registration_read(organisation->registration, written, number, &cause))
		return patch_wrong(body, "registration_number", "%s", cause.text);
	organisation->registration_number = arena_copy_text(body->arena, number);
	return true;
}

/* Somebody whom the caller sees; they are shown to others as their own card allows. */
static bool read_contact(const struct request *request, struct db_tx *tx, const struct body *body, struct organisation *organisation)
{
	if (!patch_text(body, "contact_id", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation->contact_id))
		return false;
	if (!patch_has(body, "contact_id") || !*organisation->contact_id)
		return true;
	struct onlooker onlooker = onlooker_of(request);
	const struct owned_card *owned = db_find_card(tx, organisation->contact_id, body->arena);
	struct card seen;
	return (owned && card_for(owned, &onlooker, &seen)) || patch_wrong(body, "contact_id", "There is nobody here by this id.");
}

static bool read_organisation(const struct request *request, struct db_tx *tx, const struct body *body, const char *const *known,
                              struct organisation *organisation)
{
	if (!patch_only(body, known) || !patch_text(body, "name", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation->name) ||
	    !read_kind(body, &organisation->kind) ||
	    !patch_text(body, "sector", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation->sector) ||
	    !patch_text(body, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, &organisation->description) ||
	    !patch_text(body, "street", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation->street) ||
	    !patch_text(body, "postcode", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation->postcode) ||
	    !patch_text(body, "town", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation->town) ||
	    !patch_country(body, "country", &organisation->country) || !patch_website(body, &organisation->website) ||
	    !patch_email(body, &organisation->email) || !patch_phone(body, &organisation->phone) ||
	    !patch_languages(body, "languages", &organisation->languages) || !patch_flag(body, "visits", &organisation->visits) ||
	    !read_registration(body, organisation) || !read_contact(request, tx, body, organisation))
		return false;
	return *organisation->name || patch_wrong(body, "name", "Every organisation has a name.");
}

/* Told as the caller sees it, under the tag that changes it. */
static void respond_organisation(struct request *request, struct db_tx *tx, const char *id, int status, struct response *response)
{
	const struct organisation *organisation = db_find_organisation(tx, id, request->arena);
	if (!organisation)
		return;
	respond_json(response, status, tell_organisation(request, tx, organisation, true), CACHE_NEVER);
	response->etag = etag_of_answer(request, response);
}

static bool put(struct request *request, struct db_tx *tx, const struct organisation *organisation, struct response *response)
{
	switch (db_put_organisation(tx, organisation)) {
	case DB_PUT_REFUSED:
		refuse(request, response, REFUSE_ID_TAKEN, "Another organisation has this registration number.");
		return false;
	case DB_PUT_FAILED:
		return false;
	case DB_PUT_SAME:
	case DB_PUT_DONE:
		return true;
	}
	return false;
}

void organisation_make(struct request *request, struct db_tx *tx, struct response *response)
{
	static const char *const known[] = { "id", "name", "kind", "sector", "description", "street", "postcode", "town", "country",
		"website", "email", "phone", "registration_scheme", "registration_number", "languages", "visits", "contact_id", NULL };
	struct problem why = { 0 };
	struct body body = { request->json, "", request->arena, &why };
	struct idempotent_answer answer = { 0 };
	struct organisation organisation = { .id = "", .name = "", .kind = ORGANISATION_OTHER, .sector = "", .description = "",
		                             .street = "", .postcode = "", .town = "", .website = "", .email = "", .phone = "",
		                             .registration_number = "", .contact_id = "", .contact_name = "" };
	if (!idempotency_read_key(request, true, &answer.key, response))
		return;
	if (!read_organisation(request, tx, &body, known, &organisation) ||
	    !patch_text(&body, "id", TEXT_ONE_LINE, TEXT_NAME_MAX, &organisation.id) ||
	    (!uuid_is_valid(organisation.id) && !patch_wrong(&body, "id", "The id is a UUID in lower case, made by the client."))) {
		refuse_body(request, response, &why);
		return;
	}
	char *canonical = cJSON_PrintUnformatted(request->json);
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/organisations", canonical, NULL }, answer.fingerprint);
	cJSON_free(canonical);
	if (idempotency_replay(request, tx, "", &answer, response))
		return;
	if (db_find_organisation(tx, organisation.id, request->arena)) {
		refuse(request, response, REFUSE_ID_TAKEN, "Another organisation has this id: make a new one.");
		return;
	}
	if (!put(request, tx, &organisation, response))
		return;
	respond_organisation(request, tx, organisation.id, 201, response);
	if (response->status != 201)
		return;
	response->location = arena_print(request->arena, "/v1/organisations/%s", organisation.id);
	idempotency_keep(request, tx, "", &answer, response);
}

void organisation_change(struct request *request, struct db_tx *tx, struct response *response)
{
	static const char *const known[] = { "name", "kind", "sector", "description", "street", "postcode", "town", "country", "website",
		"email", "phone", "registration_scheme", "registration_number", "languages", "visits", "contact_id", NULL };
	/* Held, so that of two who read the same version the second hears that it is not that any more. */
	const struct organisation *before =
		db_hold_organisation(tx, request->object) ? db_find_organisation(tx, request->object, request->arena) : NULL;
	if (!before) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such organisation.");
		return;
	}
	respond_organisation(request, tx, before->id, 200, response);
	if (response->status != 200 || !request_is_current(request, response->etag, response))
		return;
	struct problem why = { 0 };
	struct body body = { request->json, "", request->arena, &why };
	struct organisation after = *before;
	if (!read_organisation(request, tx, &body, known, &after)) {
		refuse_body(request, response, &why);
		return;
	}
	bool renamed = strcmp(before->name, after.name) != 0;
	if (put(request, tx, &after, response) && (!renamed || db_renew_cards(tx, after.id)))
		respond_organisation(request, tx, after.id, 200, response);
}
