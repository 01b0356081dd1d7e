/* space_bookings.c — the bookings of a space as its desk sees them; whoever is not staff there finds their own. */
#include "handlers.h"

#include <string.h>

#include "../page.h"
#include "../policy.h"
#include "tell.h"

#define WINDOW_DAYS_MAX 92

/* "from" and "to", inclusive; the day of `from` alone when `to` is not given. False: answered. */
static bool read_days(struct request *request, const struct space *space, struct space_bookings *wanted, struct response *response)
{
	struct local_date today = policy_today(request->server, space, request->now);
	if (!request_date(request, "from", today, &wanted->from, response) ||
	    !request_date(request, "to", wanted->from, &wanted->until, response))
		return false;
	int days = date_to_days(wanted->until) - date_to_days(wanted->from) + 1;
	if (days >= 1 && days <= WINDOW_DAYS_MAX)
		return true;
	refuse_parameter(request, response, "to", "The last day is not before the first, and at most 91 days after it.");
	return false;
}

static bool read_filter(struct request *request, struct space_bookings *wanted, struct response *response)
{
	const char *state = request_parameter(request, "state"), *resource = request_parameter(request, "resource_id");
	enum booking_state known;
	if (state && !booking_state_from_wire(state, &known)) {
		refuse_parameter(request, response, "state", "A state is confirmed, pending, cancelled, declined or lapsed.");
		return false;
	}
	if (resource && !uuid_is_valid(resource)) {
		refuse_parameter(request, response, "resource_id", "This is the id of a place: a UUID in lower case.");
		return false;
	}
	wanted->state = state;
	wanted->resource_id = resource;
	return true;
}

static const char *query_of(struct arena *arena, const struct space_bookings *wanted)
{
	char from[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(wanted->from, from);
	date_to_iso(wanted->until, until);
	const char *query = arena_print(arena, "from=%s&to=%s&", from, until);
	if (wanted->resource_id)
		query = arena_print(arena, "%sresource_id=%s&", query, wanted->resource_id);
	if (wanted->state)
		query = arena_print(arena, "%sstate=%s&", query, wanted->state);
	return query;
}

void space_booking_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	const struct zone *zone = space ? policy_zone(request->server, space) : NULL;
	struct space_bookings wanted = { .space_id = space ? space->id : "" };
	struct page page;
	if (!zone) {
		refuse(request, response, space ? REFUSE_INTERNAL : REFUSE_NOT_FOUND,
		       space ? "The space's time zone is not known on this machine." : "There is no such space.");
		return;
	}
	const char *path = arena_print(request->arena, "/v1/spaces/%s/bookings", space->id);
	if (!read_days(request, space, &wanted, response) || !read_filter(request, &wanted, response) ||
	    !page_read(request, path, query_of(request->arena, &wanted), &page, response))
		return;
	bool all = rights_allow(&request->caller, ACTION_SEE_BOOKING, space->id, false);
	wanted.member_id = all ? NULL : request->member->id;
	size_t count = 0;
	const struct booking *bookings = db_list_space_bookings(tx, &wanted, page.after.at, page.after.id, page.limit + 1,
	                                                        request->arena, &count);
	tell_bookings(request, &page, bookings, count, response);
}
