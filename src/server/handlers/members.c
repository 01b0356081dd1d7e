/* members.c — oneself, and what one has booked. */
#include "handlers.h"

#include <inttypes.h>
#include <string.h>

#include "hacktiv/wire.h"

#include "../cursor.h"
#include "../feed.h"
#include "../policy.h"

void member_me(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	const struct member *member = request->member;
	const char *etag = etag_weak(request, "me %s %s %s %s %s", member->id, member->login, member->name, member->home_space_id,
	                             member->usual_resource_id);
	if (request_has_copy(request, etag, CACHE_MINE, response))
		return;
	respond_json(response, 200, wire_member_write(member), CACHE_MINE);
	response->etag = etag;
}

/* Today where the member is at home, or in the first space of the network. */
static struct local_date members_today(struct request *request, struct db_tx *tx)
{
	const struct space *home = db_find_space(tx, request->member->home_space_id, request->arena);
	if (!home) {
		size_t count = 0;
		const struct space *spaces = db_list_spaces(tx, request->arena, &count);
		home = count > 0 ? &spaces[0] : NULL;
	}
	return home ? policy_today(request->server, home, request->now) : date_from_days((int32_t)(request->now / 86400));
}

static const char *next_page(struct request *request, const char *list, const char *from, int limit,
                             const struct booking *last)
{
	const char *cursor =
		cursor_write(request->arena, request->server->cursor_secret, list, (struct cursor){ last->start_at, last->id });
	return arena_print(request->arena, "/v1/members/me/bookings?from=%s&limit=%d&cursor=%s", from, limit, cursor);
}

void member_bookings(struct request *request, struct db_tx *tx, struct response *response)
{
	struct local_date from;
	int limit;
	if (!request_date(request, "from", members_today(request, tx), &from, response) ||
	    !request_limit(request, &limit, response))
		return;
	char from_text[DATE_ISO_SIZE];
	date_to_iso(from, from_text);
	const char *list = arena_print(request->arena, "my bookings %s %s", request->member->id, from_text);
	const char *given = request_parameter(request, "cursor");
	struct cursor after = { 0, NULL };
	if (given && !cursor_read(request->arena, request->server->cursor_secret, list, given, &after)) {
		refuse_parameter(request, response, "cursor", "This cursor is not one of this list: begin again without it.");
		return;
	}
	const char *etag = etag_weak(request, "%s %d %" PRId64 " %s %s", list, limit, after.at, after.id ? after.id : "",
	                             feed_state(tx, request->arena));
	if (request_has_copy(request, etag, CACHE_MINE, response))
		return;
	size_t count = 0;
	const struct booking *bookings =
		db_list_bookings(tx, request->member->id, from, after.at, after.id, limit + 1, request->arena, &count);
	bool more = count > (size_t)limit;
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count - more; i++) {
		const struct zone *zone = zones_find(request->server->zones, bookings[i].time_zone, NULL);
		if (zone)
			cJSON_AddItemToArray(items, wire_booking_write(&bookings[i], zone));
	}
	const char *next = more ? next_page(request, list, from_text, limit, &bookings[limit - 1]) : NULL;
	respond_json(response, 200, collection(items, next), CACHE_MINE);
	response->etag = etag;
	if (next)
		response->link = arena_print(request->arena, "<%s>; rel=\"next\"", next);
}
