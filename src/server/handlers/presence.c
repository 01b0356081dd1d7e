/* presence.c — arriving, leaving, and who is here. A member's own arrival is as good as the desk's; all of it may be said twice. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "tell.h"
#include "wish.h"

struct arrival {
	const struct space *space;
	const struct booking *booking;
	const struct terms *terms;
	struct db_actor actor;
};

static bool read_arrival(struct request *request, struct db_tx *tx, struct arrival *arrival, struct response *response)
{
	if (!find_booking(request, tx, ACTION_CHECK_IN, &arrival->space, &arrival->booking, response))
		return false;
	arrival->terms = db_find_terms(tx, arrival->space->id, request->arena);
	arrival->actor = (struct db_actor){ request->member->id, request->id };
	return true;
}

static bool is_allowed(struct request *request, enum rule rule, struct response *response)
{
	struct obstacle obstacle = { rule, "" };
	if (rule != RULE_NONE)
		refuse_rule(request, response, 409, &obstacle, NULL, 0);
	return rule == RULE_NONE;
}

/* As it is now. */
static void respond_now(struct request *request, struct db_tx *tx, const struct arrival *arrival, struct response *response)
{
	const struct booking *booking = db_find_booking(tx, arrival->space->id, arrival->booking->id, request->arena);
	const struct zone *zone = policy_zone(request->server, arrival->space);
	if (!booking || !zone) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	respond_json(response, 200, tell_booking(request, booking, zone), CACHE_NEVER);
	response->etag = etag_of_version(request, booking->version);
}

void check_in(struct request *request, struct db_tx *tx, struct response *response)
{
	struct arrival arrival;
	if (!read_arrival(request, tx, &arrival, response))
		return;
	const struct booking *booking = arrival.booking;
	if (booking->checked_in_at || (is_allowed(request, presence_check_in_rule(booking, arrival.terms, request->now), response) &&
	                               db_check_in(tx, booking, request->now, arrival.actor)))
		respond_now(request, tx, &arrival, response);
}

void check_in_undo(struct request *request, struct db_tx *tx, struct response *response)
{
	struct arrival arrival;
	if (!read_arrival(request, tx, &arrival, response))
		return;
	/* Days worked are counted from arrivals: once it is over, only the desk corrects them. */
	bool over = arrival.booking->checked_in_at && request->now >= arrival.booking->end_at;
	enum rule rule = over && !rights_allow(&request->caller, ACTION_CHECK_IN, arrival.space->id, false) ? RULE_BOOKING_OVER : RULE_NONE;
	if (!is_allowed(request, rule, response))
		return;
	if (!arrival.booking->checked_in_at || db_undo_check_in(tx, arrival.booking, request->now, arrival.actor))
		respond_now(request, tx, &arrival, response);
}

/* What is left of the booking after the granule that runs: free, where the place gives it back. */
static struct granules freed_by(struct request *request, struct db_tx *tx, const struct arrival *arrival, int64_t *ends_at)
{
	const struct booking *booking = arrival->booking;
	const struct resource *resource = db_find_resource(tx, arrival->space->id, booking->resource_id, request->arena);
	*ends_at = booking->end_at;
	if (!resource || !resource->frees_on_check_out || request->now >= booking->end_at)
		return (struct granules){ 0, 0 };
	int64_t step = arrival->space->granule_s;
	int64_t left = request->now > booking->start_at ? request->now : booking->start_at + 1;
	int64_t ends = booking->start_at + (left - booking->start_at + step - 1) / step * step;
	if (ends >= booking->end_at)
		return (struct granules){ 0, 0 };
	*ends_at = ends;
	return granules_between(ends, booking->end_at, arrival->space->granule_s);
}

void check_out(struct request *request, struct db_tx *tx, struct response *response)
{
	struct arrival arrival;
	int64_t ends_at;
	if (!read_arrival(request, tx, &arrival, response) ||
	    !is_allowed(request, presence_check_out_rule(arrival.booking), response))
		return;
	struct granules freed = freed_by(request, tx, &arrival, &ends_at);
	if (arrival.booking->checked_out_at || db_check_out(tx, arrival.booking, ends_at, freed, request->now, arrival.actor))
		respond_now(request, tx, &arrival, response);
}

void check_out_undo(struct request *request, struct db_tx *tx, struct response *response)
{
	struct arrival arrival;
	if (!read_arrival(request, tx, &arrival, response))
		return;
	const struct booking *booking = arrival.booking;
	enum rule rule = booking->checked_out_at && request->now >= booking->end_at ? RULE_BOOKING_OVER : RULE_NONE;
	if (is_allowed(request, rule, response) &&
	    (!booking->checked_out_at || db_undo_check_out(tx, booking, request->now, arrival.actor)))
		respond_now(request, tx, &arrival, response);
}

static cJSON *tell_present(const struct presence *present, const struct zone *zone)
{
	char text[INSTANT_TEXT_SIZE];
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "booking_id", present->booking_id);
	cJSON_AddStringToObject(object, "member_id", present->member_id);
	cJSON_AddStringToObject(object, "name", present->member_name);
	cJSON_AddStringToObject(object, "resource_name", present->resource_name);
	cJSON_AddStringToObject(object, "resource_area", present->resource_area);
	instant_to_text(zone, present->since, text);
	cJSON_AddStringToObject(object, "since", text);
	instant_to_text(zone, present->until, text);
	cJSON_AddStringToObject(object, "until", text);
	return object;
}

/* Names for the staff, whole and at once: in a fire nobody turns pages. How many it is for everybody else. */
void presence_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	const struct zone *zone = space ? policy_zone(request->server, space) : NULL;
	if (!zone) {
		refuse(request, response, space ? REFUSE_INTERNAL : REFUSE_NOT_FOUND,
		       space ? "The space's time zone is not known on this machine." : "There is no such space.");
		return;
	}
	struct local_date today = policy_today(request->server, space, request->now);
	cJSON *object = cJSON_CreateObject();
	char text[INSTANT_TEXT_SIZE];
	instant_to_text(zone, request->now, text);
	cJSON_AddStringToObject(object, "at", text);
	cJSON_AddNumberToObject(object, "count", (double)db_count_present(tx, space->id, today));
	if (rights_allow(&request->caller, ACTION_SEE_PRESENCE, space->id, false)) {
		size_t count = 0;
		const struct presence *present = db_list_present(tx, space->id, today, request->arena, &count);
		cJSON *items = cJSON_AddArrayToObject(object, "items");
		for (size_t i = 0; i < count; i++)
			cJSON_AddItemToArray(items, tell_present(&present[i], zone));
	}
	respond_json(response, 200, object, CACHE_NEVER);
}
