/* consent.c — who may see which part of one's card, the events of that, and who looked. Withdrawing everything is one request without
 * a body; giving takes the words that were read, by their version. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../patch.h"
#include "../feed.h"
#include "tell.h"

static cJSON *levels_write(const enum visibility shown_to[CARD_FIELDS])
{
	cJSON *object = cJSON_CreateObject(), *fields = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "text_version", CONSENT_TEXT_VERSION);
	for (int field = 0; field < CARD_FIELDS; field++)
		cJSON_AddStringToObject(fields, card_field_wire_name((enum card_field)field), visibility_wire_name(shown_to[field]));
	cJSON_AddItemToObject(object, "fields", fields);
	return object;
}

void visibility_show(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct profile *profile = db_find_profile(tx, request->member->id, request->arena);
	if (!profile)
		return;
	respond_json(response, 200, levels_write(profile->card.shown_to), CACHE_MINE);
	respond_tagged(request, response);
}

/* ---- changing ------------------------------------------------------------------------------------------------------- */

/* null is "nobody". */
static bool read_levels(const struct body *fields, enum visibility shown_to[CARD_FIELDS])
{
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, fields->object) {
		enum card_field field;
		if (!card_field_from_wire(value->string, &field))
			return patch_wrong(fields, value->string, "A card has no such field.");
		shown_to[field] = VISIBLE_TO_NOBODY;
		if (!cJSON_IsNull(value) && (!cJSON_IsString(value) || !visibility_from_wire(value->valuestring, &shown_to[field])))
			return patch_wrong(fields, value->string, "\"%s\" should be nobody, staff, space, network or public.", value->string);
	}
	return true;
}

static bool read_change(const struct body *body, const enum visibility before[CARD_FIELDS], enum visibility shown_to[CARD_FIELDS],
                        const char **text_version)
{
	static const char *const known[] = { "text_version", "fields", NULL };
	struct body fields;
	struct consent_change changes[CARD_FIELDS];
	*text_version = "";
	if (!patch_only(body, known) || !patch_inside(body, "fields", &fields) ||
	    !patch_text(body, "text_version", TEXT_ONE_LINE, TEXT_NAME_MAX, text_version))
		return false;
	if (!fields.object)
		return patch_wrong(body, "fields", "\"fields\" should say which field is shown to whom.");
	if (!read_levels(&fields, shown_to))
		return false;
	bool gives = consent_gives(changes, consent_changes(before, shown_to, changes));
	if ((gives || **text_version) && strcmp(*text_version, CONSENT_TEXT_VERSION) != 0)
		return patch_wrong(body, "text_version", "Showing more needs the version of the text that was read: \"%s\" today.",
		                  CONSENT_TEXT_VERSION);
	return true;
}

static const char *names_of(struct arena *arena, const struct consent_change *changes, size_t count)
{
	const char *names = "";
	for (size_t i = 0; i < count; i++)
		names = arena_print(arena, "%s%s%s", names, i ? " " : "", card_field_wire_name(changes[i].field));
	return names;
}

/* The levels, their events, the line in the audit and the word to the space: together. */
static bool show(struct request *request, struct db_tx *tx, const struct profile *profile, const enum visibility shown_to[CARD_FIELDS],
                 const char *text_version)
{
	struct consent_change changes[CARD_FIELDS];
	size_t count = consent_changes(profile->card.shown_to, shown_to, changes);
	struct consent_note note = { text_version, CONSENT_FROM_MEMBER, request->now, request->id };
	struct db_actor actor = { request->member->id, request->id };
	if (count == 0)
		return true;
	return (profile->has_card || db_put_is_good(db_write_card(tx, &profile->card.card))) &&
	       db_show_card(tx, profile->member.id, shown_to, note) &&
	       db_audit_member(tx, profile->member.id, "visibility.changed", names_of(request->arena, changes, count), "", request->now,
	                       actor) &&
	       db_tell_directory(tx, profile->member.home_space_id, request->now, actor);
}

static void change(struct request *request, struct db_tx *tx, bool all, struct response *response)
{
	const struct profile *profile =
		db_hold_member(tx, request->member->id) ? db_find_profile(tx, request->member->id, request->arena) : NULL;
	if (!profile)
		return;
	respond_json(response, 200, levels_write(profile->card.shown_to), CACHE_NEVER);
	if (!request_is_current(request, etag_of_answer(request, response), response))
		return;
	enum visibility shown_to[CARD_FIELDS] = { VISIBLE_TO_NOBODY };
	if (!all)
		memcpy(shown_to, profile->card.shown_to, sizeof shown_to);
	struct problem why = { 0 };
	struct body body = { request->json, "", request->arena, &why };
	const char *text_version;
	if (!read_change(&body, profile->card.shown_to, shown_to, &text_version)) {
		refuse_body(request, response, &why);
		return;
	}
	if (!show(request, tx, profile, shown_to, text_version))
		return;
	respond_json(response, 200, levels_write(shown_to), CACHE_MINE);
	response->etag = etag_of_answer(request, response);
}

void visibility_put(struct request *request, struct db_tx *tx, struct response *response)
{
	change(request, tx, true, response);
}

void visibility_change(struct request *request, struct db_tx *tx, struct response *response)
{
	change(request, tx, false, response);
}

void visibility_withdraw(struct request *request, struct db_tx *tx, struct response *response)
{
	static const enum visibility nobody[CARD_FIELDS] = { VISIBLE_TO_NOBODY };
	const struct profile *profile =
		db_hold_member(tx, request->member->id) ? db_find_profile(tx, request->member->id, request->arena) : NULL;
	if (profile && show(request, tx, profile, nobody, ""))
		respond_empty(response, 204);
}

/* ---- looking back ------------------------------------------------------------------------------------------------- */

static cJSON *event_write(const struct consent_event *event)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddNumberToObject(object, "seq", (double)event->seq);
	wire_add_instant(object, "at", NULL, event->at);
	cJSON_AddStringToObject(object, "field", card_field_wire_name(event->change.field));
	cJSON_AddStringToObject(object, "from", visibility_wire_name(event->change.from));
	cJSON_AddStringToObject(object, "to", visibility_wire_name(event->change.to));
	cJSON_AddStringToObject(object, "text_version", event->text_version);
	cJSON_AddStringToObject(object, "source", consent_source_wire_name(event->source));
	cJSON_AddStringToObject(object, "request_id", event->request_id);
	return object;
}

void consent_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	if (!page_read(request, "/v1/members/me/consents", "", &page, response))
		return;
	size_t count = 0;
	const struct consent_event *events =
		db_list_consents(tx, request->member->id, page.after.at, page.limit + 1, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++)
		cJSON_AddItemToArray(items, event_write(&events[i]));
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = (struct cursor){ events[page.limit - 1].seq, "before" };
	page_respond(request, &page, items, last, CACHE_MINE, response);
	respond_tagged(request, response);
}

static cJSON *line_write(const struct member_audit *line)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddNumberToObject(object, "seq", (double)line->seq);
	wire_add_instant(object, "at", NULL, line->at);
	cJSON_AddStringToObject(object, "actor", line->actor);
	cJSON_AddStringToObject(object, "action", line->action);
	cJSON_AddStringToObject(object, "fields", line->fields);
	cJSON_AddStringToObject(object, "space_id", line->space_id);
	cJSON_AddStringToObject(object, "request_id", line->request_id);
	return object;
}

void audit_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	if (!page_read(request, "/v1/members/me/audit", "", &page, response))
		return;
	size_t count = 0;
	const struct member_audit *lines =
		db_list_member_audit(tx, request->member->id, page.after.at, page.limit + 1, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++)
		cJSON_AddItemToArray(items, line_write(&lines[i]));
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = (struct cursor){ lines[page.limit - 1].seq, "before" };
	page_respond(request, &page, items, last, CACHE_MINE, response);
	respond_tagged(request, response);
}
