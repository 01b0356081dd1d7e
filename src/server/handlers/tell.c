/* tell.c — see tell.h. */
#include "tell.h"

#include <inttypes.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../policy.h"

#define SETTLE_MOST 1000   /* activities, in one transaction */

const char *cache_for(const struct request *request)
{
	return request->member ? CACHE_MINE : CACHE_SHARED;
}

struct local_date members_today(struct request *request, struct db_tx *tx)
{
	const struct space *home = NULL;
	if (request->member)
		home = db_find_space(tx, request->member->home_space_id, request->arena);
	if (!home) {
		size_t count = 0;
		const struct space *spaces = db_list_spaces(tx, request->arena, &count);
		home = count > 0 ? &spaces[0] : NULL;
	}
	return home ? policy_today(request->server, home, request->now) : date_from_days((int32_t)(request->now / 86400));
}

struct onlooker onlooker_of(const struct request *request)
{
	const struct member *member = request->member;
	if (!member)
		return (struct onlooker){ NULL, "", NULL, 0 };
	size_t count = 0;
	const char *const *spaces = caller_staff_of(&request->caller, request->arena, &count);
	return (struct onlooker){ member->id, member->home_space_id, spaces, count };
}

cJSON *tell_roles(const struct held_role *roles, size_t count)
{
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "role", role_wire_name(roles[i].role));
		cJSON_AddStringToObject(item, "space_id", roles[i].space_id);
		cJSON_AddItemToArray(items, item);
	}
	return items;
}

cJSON *tell_booking(const struct request *request, const struct booking *booking, const struct zone *zone)
{
	struct booking told = *booking;
	told.no_show = presence_is_no_show(booking, request->now);
	if (booking_is_lapsed(booking, request->now))
		told.state = BOOKING_LAPSED;
	cJSON *object = wire_booking_write(&told, zone);
	if (!rights_allow(&request->caller, ACTION_SEE_BOOKING, booking->space_id, false))
		return object;
	cJSON *member = cJSON_AddObjectToObject(object, "member");
	cJSON_AddStringToObject(member, "id", booking->member_id);
	cJSON_AddStringToObject(member, "name", booking->member_name);
	return object;
}

void tell_bookings(struct request *request, const struct page *page, const struct booking *bookings, size_t count,
                   struct response *response)
{
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(page, count); i++) {
		const struct zone *zone = zones_find(request->server->zones, bookings[i].time_zone, NULL);
		if (zone)
			cJSON_AddItemToArray(items, tell_booking(request, &bookings[i], zone));
	}
	struct cursor last = { 0, NULL };
	if (count > (size_t)page->limit)
		last = (struct cursor){ bookings[page->limit - 1].start_at, bookings[page->limit - 1].id };
	page_respond(request, page, items, last, CACHE_MINE, response);
	respond_tagged(request, response);
}

bool tells_link(const struct request *request, const struct activity *activity)
{
	bool comes = activity->mine.state == SIGNUP_SIGNED_UP && activity_link_is_released(activity, request->now);
	return comes || rights_allow(&request->caller, ACTION_SEE_LINK, activity->space_id, false);
}

bool settle_first(struct request *request, struct db_tx *tx, handler *again)
{
	if (request->notes == request)
		return db_settle_offers(tx, request->now, SETTLE_MOST, request->id) || !db_tx_failed(tx);
	if (!db_offers_are_due(tx, request->now))
		return true;
	request->notes = request;      /* the mark that this is the second time: what was due is settled then */
	request_continue(request, PLACE_WRITE, again);
	return false;
}

const char *agenda_state(struct request *request, struct db_tx *tx)
{
	const char *state = arena_print(request->arena, "%s released %" PRId64, feed_state(tx, request->arena),
	                                db_last_release(tx, request->now + LINK_RELEASE_S));
	for (size_t i = 0; i < request->caller.role_count; i++)
		state = arena_print(request->arena, "%s %s:%s", state, role_wire_name(request->caller.roles[i].role),
		                    request->caller.roles[i].space_id);
	return state;
}

cJSON *tell_activity(const struct request *request, const struct activity *activity, bool whole)
{
	const struct zone *zone = zones_find(request->server->zones, activity->time_zone, NULL);
	struct activity told = *activity;
	if (!tells_link(request, activity))
		told.link = "";
	return zone ? wire_activity_write(&told, zone, whole) : NULL;
}

void tell_activities(struct request *request, const struct page *page, const struct activity *activities, size_t count,
                     const char *cache, struct response *response)
{
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(page, count); i++) {
		cJSON *object = tell_activity(request, &activities[i], false);
		if (object)
			cJSON_AddItemToArray(items, object);
	}
	struct cursor last = { 0, NULL };
	if (count > (size_t)page->limit)
		last = (struct cursor){ activities[page->limit - 1].start_at, activities[page->limit - 1].id };
	page_respond(request, page, items, last, cache, response);
}
