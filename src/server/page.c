/* page.c — see page.h. */
#include "page.h"

#include <inttypes.h>

#include "feed.h"

bool page_read(struct request *request, const char *path, const char *query, struct page *page, struct response *response)
{
	struct arena *arena = request->arena;
	*page = (struct page){ .address = arena_print(arena, "%s?%s", path, query) };
	page->list = arena_print(arena, "%s for %s", page->address, request->member ? request->member->id : "");
	if (!request_limit(request, &page->limit, response))
		return false;
	const char *given = request_parameter(request, "cursor");
	if (!given || cursor_read(arena, request->server->cursor_secret, page->list, given, &page->after))
		return true;
	refuse_parameter(request, response, "cursor", "This cursor is not one of this list: begin again without it.");
	return false;
}

const char *page_etag(struct request *request, const struct page *page, const char *state)
{
	return etag_weak(request, "%s %d %" PRId64 " %s %s", page->list, page->limit, page->after.at,
	                 page->after.id ? page->after.id : "", state);
}

size_t page_count(const struct page *page, size_t found)
{
	return found > (size_t)page->limit ? (size_t)page->limit : found;
}

void page_respond(struct request *request, const struct page *page, cJSON *items, struct cursor last, const char *cache,
                  struct response *response)
{
	page_respond_with(request, page, items, last, NULL, NULL, cache, response);
}

void page_respond_with(struct request *request, const struct page *page, cJSON *items, struct cursor last, const char *name,
                       cJSON *value, const char *cache, struct response *response)
{
	struct arena *arena = request->arena;
	const char *next = NULL;
	if (last.id)
		next = arena_print(arena, "%slimit=%d&cursor=%s", page->address, page->limit,
		                   cursor_write(arena, request->server->cursor_secret, page->list, last));
	cJSON *object = collection(items, next);
	if (name)
		cJSON_AddItemToObject(object, name, value);
	respond_json(response, 200, object, cache);
	if (next)
		response->link = arena_print(arena, "<%s>; rel=\"next\"", next);
}
