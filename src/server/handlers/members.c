/* members.c — what one has booked, and where one goes. */
#include "handlers.h"

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../page.h"
#include "../policy.h"
#include "tell.h"

/* What lists of one's own begin with: from which day on, which page, and whether the caller has it already. NULL: it is answered. */
static const char *begin_list(struct request *request, struct db_tx *tx, const char *path, struct local_date *from, struct page *page,
                              struct response *response)
{
	char from_text[DATE_ISO_SIZE];
	if (!request_date(request, "from", members_today(request, tx), from, response))
		return NULL;
	date_to_iso(*from, from_text);
	if (!page_read(request, path, arena_print(request->arena, "from=%s&", from_text), page, response))
		return NULL;
	const char *etag = page_etag(request, page, agenda_state(request, tx));
	return request_has_copy(request, etag, CACHE_MINE, response) ? NULL : etag;
}

void member_bookings(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	struct local_date from;
	const char *etag = begin_list(request, tx, "/v1/members/me/bookings", &from, &page, response);
	if (!etag)
		return;
	size_t count = 0;
	const struct booking *bookings = db_list_bookings(tx, request->member->id, from, page.after.at, page.after.id,
	                                                  page.limit + 1, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++) {
		const struct zone *zone = zones_find(request->server->zones, bookings[i].time_zone, NULL);
		if (zone)
			cJSON_AddItemToArray(items, tell_booking(request, &bookings[i], zone));
	}
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = (struct cursor){ bookings[page.limit - 1].start_at, bookings[page.limit - 1].id };
	page_respond(request, &page, items, last, CACHE_MINE, response);
	response->etag = etag;
}

void member_signups(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	struct local_date from;
	if (!settle_first(request, tx, member_signups))
		return;
	const char *etag = begin_list(request, tx, "/v1/members/me/signups", &from, &page, response);
	if (!etag)
		return;
	size_t count = 0;
	const struct activity *activities = db_list_signups(tx, request->member->id, from, page.after.at, page.after.id,
	                                                    page.limit + 1, request->arena, &count);
	tell_activities(request, &page, activities, count, CACHE_MINE, response);
	response->etag = etag;
}
