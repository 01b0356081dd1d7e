/* wish.c — see wish.h. */
#include "wish.h"

#include <string.h>

#include "../alternatives.h"
#include "../feed.h"
#include "tell.h"

struct view view_for(struct request *request, struct db_tx *tx, const char *member_id)
{
	return (struct view){ request->server, tx, request->arena, request->now, member_id };
}

void refuse_no_zone(struct request *request, struct response *response)
{
	refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
}

bool find_space(struct request *request, struct db_tx *tx, const struct space **space, const struct zone **zone,
                struct response *response)
{
	*space = db_find_space(tx, request->space, request->arena);
	*zone = *space ? policy_zone(request->server, *space) : NULL;
	if (!*space)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
	else if (!*zone)
		refuse_no_zone(request, response);
	return *zone != NULL;
}

bool find_booking(struct request *request, struct db_tx *tx, enum action action, const struct space **space,
                  const struct booking **booking, struct response *response)
{
	*space = db_find_space(tx, request->space, request->arena);
	*booking = *space ? db_find_booking(tx, (*space)->id, request->object, request->arena) : NULL;
	bool own = *booking && strcmp((*booking)->member_id, request->member->id) == 0;
	if (*booking && rights_allow(&request->caller, action, (*space)->id, own))
		return true;
	if (*booking && rights_allow(&request->caller, ACTION_SEE_BOOKING, (*space)->id, own))
		refuse(request, response, REFUSE_NOT_ALLOWED, "You may look at this booking, and not change it.");
	else
		refuse(request, response, REFUSE_NOT_FOUND, *space ? "There is no such booking." : "There is no such space.");
	return false;
}

bool check_version(struct request *request, const struct booking *booking, struct response *response)
{
	const char *versions = request_field(request, "If-Match");
	if (!versions) {
		refuse(request, response, REFUSE_VERSION_REQUIRED, "Say which version you mean: its ETag in If-Match.");
		return false;
	}
	if (etag_fits(versions, etag_of_version(request, booking->version), false))
		return true;
	refuse(request, response, REFUSE_STALE_VERSION, "The booking is at version %lld by now.", (long long)booking->version);
	return false;
}

void hold_what_is_counted(struct db_tx *tx, const struct space *space, const struct resource *resource)
{
	const struct quota *each[] = { &space->quota, &resource->quota };
	bool counted = resource->quantity > 1;
	for (size_t i = 0; i < COUNT_OF(each); i++)
		counted = counted || each[i]->day_minutes > 0 || each[i]->open_bookings > 0;
	if (counted)
		db_hold_space(tx, space->id);
}

void take_particulars(struct booking *booking, const struct wire_particulars *said)
{
	if (said->title)
		booking->title = said->title;
	if (said->note)
		booking->note = said->note;
	if (said->people >= 0)
		booking->people = said->people;
}

void respond_booking(struct request *request, int status, const struct booking *booking, const struct zone *zone,
                     struct response *response)
{
	respond_json(response, status, tell_booking(request, booking, zone), CACHE_NEVER);
	if (status == 201)
		response->location = arena_print(request->arena, "/v1/spaces/%s/bookings/%s", booking->space_id, booking->id);
	response->etag = etag_of_version(request, booking->version);
}

static void tell_refused(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct refused *refused = request->notes;
	const struct obstacle *first = &refused->preview.obstacles[0];
	struct view view = view_for(request, tx, refused->member_id);
	size_t count = 0;
	const struct alternative *alternatives = find_alternatives(&view, refused->space, refused->resource, &refused->wanted, &count);
	refuse_rule(request, response, first->rule == RULE_SLOT_TAKEN ? 409 : 422, first, alternatives, count);
}

void refuse_wish(struct request *request, const struct refused *refused)
{
	struct refused *notes = arena_get(request->arena, sizeof *notes);
	*notes = *refused;
	request->notes = notes;
	request->undo = true;
	request_continue(request, PLACE_READ, tell_refused);
}
