/* directory.c — members as they show themselves, and organisations. What somebody hides is not there, and cannot be searched for.
 *
 * There is no feed of people: an answer's entity tag is that of its own bytes. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../limit.h"
#include "../origin.h"
#include "../vcard.h"
#include "tell.h"

/* Names travel in cursors beside the id: "<id> <sort name>". */
static struct cursor cursor_at(struct request *request, int64_t told, const char *id, const char *name)
{
	return (struct cursor){ told, arena_print(request->arena, "%s %s", id, db_sort_name(request->arena, name)) };
}

static void split_cursor(struct request *request, const struct page *page, const char **id, const char **name)
{
	const char *space = page->after.id ? strchr(page->after.id, ' ') : NULL;
	*id = space ? arena_copy_bytes(request->arena, page->after.id, (size_t)(space - page->after.id)) : NULL;
	*name = space ? space + 1 : "";
}

void respond_tagged(struct request *request, struct response *response)
{
	const char *etag = etag_of_answer(request, response);
	const char *link = response->link;
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	response->etag = etag;
	response->link = link;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

#define SEARCH_DEPTH_MAX 200      /* people that one search leads to, page by page */
#define ONE_LOOK_S 3600           /* seconds in which the same look leaves one line */

/* Whoever sees more of somebody because they work for that space leaves a line that this somebody can read. False: the disk. */
static bool note_look(struct request *request, struct db_tx *tx, const struct owned_card *owned, const struct onlooker *onlooker)
{
	enum card_field fields[CARD_FIELDS];
	size_t count = card_seen_as_staff(owned, onlooker, fields);
	const char *names = "";
	for (size_t i = 0; i < count; i++)
		names = arena_print(request->arena, "%s%s%s", names, i ? " " : "", card_field_wire_name(fields[i]));
	if (count == 0 || db_has_audited(tx, owned->card.id, onlooker->member_id, "card.read", names, request->now - ONE_LOOK_S))
		return !db_tx_failed(tx);
	struct db_actor actor = { onlooker->member_id, request->id };
	return db_hold_member(tx, owned->card.id) &&
	       db_audit_member(tx, owned->card.id, "card.read", names, owned->card.home_space_id, request->now, actor);
}

static bool note_looks(struct request *request, struct db_tx *tx, const struct card *cards, size_t count, const struct onlooker *onlooker)
{
	bool good = true;
	for (size_t i = 0; good && onlooker->staff_of_count > 0 && i < count; i++) {
		const struct owned_card *owned = db_find_card(tx, cards[i].id, request->arena);
		good = owned && note_look(request, tx, owned, onlooker);
	}
	return good;
}

/* The cursor also counts the people told so far: a search leads to so many and no further. */
static void list_cards(struct request *request, struct db_tx *tx, struct response *response)
{
	const char *words = request->notes, *after_id, *after_name;
	struct page page;
	const char *query = arena_print(request->arena, "q=%s&", http_encode(request->arena, words));
	if (!page_read(request, "/v1/members", query, &page, response))
		return;
	split_cursor(request, &page, &after_id, &after_name);
	int asked = page.limit;
	if (page.limit > SEARCH_DEPTH_MAX - page.after.at)
		page.limit = (int)(SEARCH_DEPTH_MAX - page.after.at);
	struct onlooker onlooker = onlooker_of(request);
	size_t count = 0;
	const struct card *cards =
		db_search_cards(tx, &onlooker, words, after_name, after_id, page.limit + 1, request->arena, &count);
	size_t told = page_count(&page, count);
	if (!note_looks(request, tx, cards, told, &onlooker))
		return;
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < told; i++)
		cJSON_AddItemToArray(items, wire_card_write(&cards[i], false));
	struct cursor last = { 0, NULL };
	if (count > told && page.after.at + (int64_t)told < SEARCH_DEPTH_MAX)
		last = cursor_at(request, page.after.at + (int64_t)told, cards[told - 1].id, cards[told - 1].name);
	page.limit = asked;
	page_respond(request, &page, items, last, cache_for(request), response);
	respond_tagged(request, response);
}

void card_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const char *words;
	if (!request_words(request, &words, response))
		return;
	if (!card_query_is_enough(words)) {
		refuse_parameter(request, response, "q", "The directory is searched by at least two letters.");
		return;
	}
	bool is_member = request->member != NULL;
	if (!limit_take(request, tx, is_member ? LIMIT_SEARCH : LIMIT_SEARCH_FROM,
	                is_member ? request->member->id : origin_house(request->address, request->arena), response))
		return;
	request->notes = arena_copy_text(request->arena, words);
	struct onlooker onlooker = onlooker_of(request);
	request_continue(request, onlooker.staff_of_count > 0 ? PLACE_WRITE : PLACE_READ, list_cards);
}

static void respond_vcard(struct request *request, const struct card *card, struct response *response)
{
	struct buffer text;
	buffer_init(&text, VCARD_MAX);
	vcard_write(card, &text);
	size_t length = text.length;
	respond_document(response, buffer_detach(&text), length, VCARD "; charset=utf-8", cache_for(request));
	buffer_clear(&text);
}

static void tell_card(struct request *request, struct db_tx *tx, struct response *response)
{
	struct onlooker onlooker = onlooker_of(request);
	const struct owned_card *owned = db_find_card(tx, request->object, request->arena);
	struct card seen;
	/* One who hides is as one who never was. */
	if (!owned || !card_for(owned, &onlooker, &seen)) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is nobody here by this id.");
		return;
	}
	if (onlooker.staff_of_count > 0 && !note_look(request, tx, owned, &onlooker))
		return;
	if (strcmp(request->media, VCARD) == 0)
		respond_vcard(request, &seen, response);
	else
		respond_json(response, 200, wire_card_write(&seen, true), cache_for(request));
	respond_tagged(request, response);
}

void card_one(struct request *request, struct db_tx *tx, struct response *response)
{
	if (onlooker_of(request).staff_of_count > 0)
		request_continue(request, PLACE_WRITE, tell_card);
	else
		tell_card(request, tx, response);
}

/* ---- organisations ----------------------------------------------------------------------------------------------- */

/* Its contact is there as far as they show themselves. */
cJSON *tell_organisation(struct request *request, struct db_tx *tx, const struct organisation *organisation, bool whole)
{
	struct onlooker onlooker = onlooker_of(request);
	struct organisation told = *organisation;
	const struct owned_card *owned = *told.contact_id ? db_find_card(tx, told.contact_id, request->arena) : NULL;
	struct card seen;
	if (owned && card_for(owned, &onlooker, &seen) && strcmp(seen.organisation_id, told.id) == 0)
		told.contact_name = seen.name;
	else
		told.contact_id = told.contact_name = "";
	return wire_organisation_write(&told, whole);
}

void organisation_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const char *words, *after_id, *after_name;
	struct page page;
	if (!request_words(request, &words, response))
		return;
	const char *query = *words ? arena_print(request->arena, "q=%s&", http_encode(request->arena, words)) : "";
	if (!page_read(request, "/v1/organisations", query, &page, response))
		return;
	split_cursor(request, &page, &after_id, &after_name);
	size_t count = 0;
	const struct organisation *organisations =
		db_list_organisations(tx, words, after_name, after_id, page.limit + 1, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++)
		cJSON_AddItemToArray(items, tell_organisation(request, tx, &organisations[i], false));
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = cursor_at(request, 0, organisations[page.limit - 1].id, organisations[page.limit - 1].name);
	page_respond(request, &page, items, last, cache_for(request), response);
	respond_tagged(request, response);
}

void organisation_one(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct organisation *organisation = db_find_organisation(tx, request->object, request->arena);
	if (!organisation) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such organisation.");
		return;
	}
	respond_json(response, 200, tell_organisation(request, tx, organisation, true), cache_for(request));
	respond_tagged(request, response);
}
