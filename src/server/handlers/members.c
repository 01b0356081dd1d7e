/* members.c — what one has booked, and where one goes. */
#include "handlers.h"

#include "hacktiv/wire.h"

#include "../page.h"
#include "../policy.h"
#include "tell.h"

/* What lists of one's own begin with: from which day on, and which page. Whether the caller has it already is known from its bytes
 * (respond_tagged): the clock alone makes no-shows, lets wishes lapse and releases links, and what others book is no news here.
 * False: it is answered. */
static bool begin_list(struct request *request, struct db_tx *tx, const char *path, struct local_date *from, struct page *page,
                       struct response *response)
{
	char from_text[DATE_ISO_SIZE];
	if (!request_date(request, "from", members_today(request, tx), from, response))
		return false;
	date_to_iso(*from, from_text);
	return page_read(request, path, arena_print(request->arena, "from=%s&", from_text), page, response);
}

void member_bookings(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	struct local_date from;
	if (!begin_list(request, tx, "/v1/members/me/bookings", &from, &page, response))
		return;
	size_t count = 0;
	const struct booking *bookings = db_list_bookings(tx, request->member->id, from, page.after.at, page.after.id,
	                                                  page.limit + 1, request->arena, &count);
	tell_bookings(request, &page, bookings, count, response);
}

void member_signups(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	struct local_date from;
	if (!settle_first(request, tx, member_signups) ||
	    !begin_list(request, tx, "/v1/members/me/signups", &from, &page, response))
		return;
	size_t count = 0;
	const struct activity *activities = db_list_signups(tx, request->member->id, from, page.after.at, page.after.id,
	                                                    page.limit + 1, request->arena, &count);
	tell_activities(request, &page, activities, count, CACHE_MINE, response);
	respond_tagged(request, response);
}
