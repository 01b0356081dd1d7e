/* directory.c — members as they show themselves, and organisations. What somebody hides is not there, and cannot be searched for.
 *
 * There is no feed of people: an answer's entity tag is that of its own bytes. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "tell.h"

/* Names travel in cursors beside the id: "<id> <sort name>". */
static struct cursor cursor_at(struct request *request, const char *id, const char *name)
{
	return (struct cursor){ 0, arena_print(request->arena, "%s %s", id, db_sort_name(request->arena, name)) };
}

static void split_cursor(struct request *request, const struct page *page, const char **id, const char **name)
{
	const char *space = page->after.id ? strchr(page->after.id, ' ') : NULL;
	*id = space ? arena_copy_bytes(request->arena, page->after.id, (size_t)(space - page->after.id)) : NULL;
	*name = space ? space + 1 : "";
}

void respond_tagged(struct request *request, struct response *response)
{
	const char *etag = etag_weak(request, "%s for %s", response->body, request->member ? request->member->id : "");
	const char *link = response->link;
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	response->etag = etag;
	response->link = link;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

void card_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const char *words, *after_id, *after_name;
	struct page page;
	if (!request_words(request, &words, response))
		return;
	if (!card_query_is_enough(words)) {
		refuse_parameter(request, response, "q", "The directory is searched by at least two letters.");
		return;
	}
	const char *query = arena_print(request->arena, "q=%s&", http_encode(request->arena, words));
	if (!page_read(request, "/v1/members", query, &page, response))
		return;
	split_cursor(request, &page, &after_id, &after_name);
	struct onlooker onlooker = onlooker_of(request);
	size_t count = 0;
	const struct card *cards =
		db_search_cards(tx, &onlooker, words, after_name, after_id, page.limit + 1, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++)
		cJSON_AddItemToArray(items, wire_card_write(&cards[i], false));
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = cursor_at(request, cards[page.limit - 1].id, cards[page.limit - 1].name);
	page_respond(request, &page, items, last, cache_for(request), response);
	respond_tagged(request, response);
}

void card_one(struct request *request, struct db_tx *tx, struct response *response)
{
	struct onlooker onlooker = onlooker_of(request);
	const struct owned_card *owned = db_find_card(tx, request->object, request->arena);
	struct card seen;
	/* One who hides is as one who never was. */
	if (!owned || !card_for(owned, &onlooker, &seen)) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is nobody here by this id.");
		return;
	}
	respond_json(response, 200, wire_card_write(&seen, true), cache_for(request));
	respond_tagged(request, response);
}

/* ---- organisations ----------------------------------------------------------------------------------------------- */

/* Its contact is there as far as they show themselves. */
static cJSON *tell_organisation(struct request *request, struct db_tx *tx, const struct organisation *organisation, bool whole)
{
	struct onlooker onlooker = onlooker_of(request);
	struct organisation told = *organisation;
	const struct owned_card *owned = *told.contact_id ? db_find_card(tx, told.contact_id, request->arena) : NULL;
	struct card seen;
	if (owned && card_for(owned, &onlooker, &seen) && *seen.organisation_id)
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
		last = cursor_at(request, organisations[page.limit - 1].id, organisations[page.limit - 1].name);
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
