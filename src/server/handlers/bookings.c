/* bookings.c — looking at a booking, and cancelling it: one's own, or as staff of its space. */
#include "handlers.h"

#include <string.h>

#include "../feed.h"
#include "../policy.h"
#include "tell.h"

/* The booking at the path, when the caller may do this to it. Somebody else's is as one that never was, unless they may at least
 * see it. False: answered. */
static bool find_booking(struct request *request, struct db_tx *tx, enum action action, const struct space **space,
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

void booking_one(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space;
	const struct booking *booking;
	if (!find_booking(request, tx, ACTION_SEE_BOOKING, &space, &booking, response))
		return;
	const char *etag = etag_of_version(request, booking->version);
	const struct zone *zone = policy_zone(request->server, space);
	if (request_has_copy(request, etag, CACHE_MINE, response))
		return;
	if (!zone) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	respond_json(response, 200, tell_booking(request, booking, zone), CACHE_MINE);
	response->etag = etag;
}

void booking_cancel(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space;
	const struct booking *booking;
	if (!find_booking(request, tx, ACTION_CHANGE_BOOKING, &space, &booking, response))
		return;
	/* Before If-Match: whoever asks again after a lost answer has the old version in hand. */
	if (booking->state == BOOKING_CANCELLED) {
		respond_empty(response, 204);
		return;
	}
	const char *versions = request_field(request, "If-Match");
	if (!versions) {
		refuse(request, response, REFUSE_VERSION_REQUIRED, "Say which version you mean to cancel: its ETag in If-Match.");
		return;
	}
	if (!etag_fits(versions, etag_of_version(request, booking->version), false)) {
		refuse(request, response, REFUSE_STALE_VERSION, "The booking is at version %lld by now.", (long long)booking->version);
		return;
	}
	struct obstacle rule = { booking_cancel_rule(booking, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &rule, NULL, 0);
		return;
	}
	struct granules range = granules_between(booking->start_at, booking->end_at, space->granule_s);
	struct db_actor actor = { request->member->id, request->id };
	if (db_cancel(tx, booking, range, request->now, actor))
		respond_empty(response, 204);
	else
		refuse(request, response, REFUSE_STALE_VERSION, "The booking has changed: look at it again.");
}
