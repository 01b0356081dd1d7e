/* bookings.c — looking at a booking, and cancelling it: one's own, or as staff of its space. */
#include "handlers.h"

#include "../feed.h"
#include "tell.h"
#include "wish.h"

void booking_one(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space;
	const struct booking *booking;
	if (!find_booking(request, tx, ACTION_SEE_BOOKING, &space, &booking, response))
		return;
	const char *etag = etag_of_version(request, booking->version);
	const struct zone *zone = policy_zone(request->server, space);
	/* What the clock alone has made of it since is not in its version. */
	bool told_by_clock = presence_is_no_show(booking, request->now) || booking_is_lapsed(booking, request->now);
	if (!told_by_clock && request_has_copy(request, etag, CACHE_MINE, response))
		return;
	if (!zone) {
		refuse_no_zone(request, response);
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
	if (!booking_stands(booking->state)) {
		respond_empty(response, 204);
		return;
	}
	if (!check_version(request, booking, response))
		return;
	const struct resource *resource = db_find_resource(tx, space->id, booking->resource_id, request->arena);
	enum late_cancel late_rule = resource ? resource->late_cancel : LATE_CANCEL_REFUSE;
	struct cancel_verdict verdict = booking_judge_cancel(booking, late_rule, false, request->now);
	if (verdict.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &(struct obstacle){ verdict.rule, "" }, NULL, 0);
		return;
	}
	struct granules range = granules_between(booking->start_at, booking->end_at, space->granule_s);
	struct db_actor actor = { request->member->id, request->id };
	if (db_cancel(tx, booking, range, verdict.late, "", request->now, actor))
		respond_empty(response, 204);
	else
		refuse(request, response, REFUSE_STALE_VERSION, "The booking has changed: look at it again.");
}
