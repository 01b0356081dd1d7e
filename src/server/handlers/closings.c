/* closings.c — what staff close and open again: a resource that is out of order or not there yet, a space that stays shut for some days.
 *
 * Bookings that lie within are told in the answer. They are kept, for people to be asked first, or cancelled in the same transaction
 * when that is said. A PUT says how it is to be; said again it changes nothing. */
#include "handlers.h"

#include <stdio.h>
#include <string.h>

#include "../body.h"
#include "tell.h"
#include "wish.h"

#define AFFECTED_MAX 500     /* bookings told, or cancelled, by one closing */
#define REASON_MAX 200u

struct closed {
	const struct space *space;
	const struct zone *zone;
	const char *resource_id;       /* NULL: the whole space */
	enum resource_state state;
	struct closure closure;
	bool cancels;
};

/* The space of the path, for somebody who may do this there. False: answered. */
static bool find_closable(struct request *request, struct db_tx *tx, enum action action, struct closed *closed, struct response *response)
{
	if (!find_space(request, tx, &closed->space, &closed->zone, response))
		return false;
	if (rights_allow(&request->caller, action, closed->space->id, false))
		return true;
	refuse(request, response, REFUSE_NOT_ALLOWED, "This is for those who work in this space.");
	return false;
}

/* Dates, reason, and what becomes of bookings. False: answered. */
static bool read_closure(struct request *request, struct closed *closed, struct response *response)
{
	struct problem why = { 0 };
	const cJSON *json = request->json, *until = cJSON_GetObjectItemCaseSensitive(json, "until");
	const cJSON *bookings = cJSON_GetObjectItemCaseSensitive(json, "bookings");
	struct closure *closure = &closed->closure;
	if (!uuid_is_valid(request->object))
		return refuse_member(request, response, "", "The id in the path is a UUID in lower case, made by the client.");
	closure->until = (struct local_date){ DATE_YEAR_MAX, 12, 31 };
	if (!wire_date(json, "from", &closure->from, &why) || (until && !cJSON_IsNull(until) && !wire_date(json, "until", &closure->until, &why)) ||
	    !wire_need_text(json, "reason", REASON_MAX, request->arena, &closure->reason, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	if (date_compare(closure->until, closure->from) < 0)
		return refuse_member(request, response, "/until", "It should not end before it begins.");
	closed->cancels = cJSON_IsString(bookings) && strcmp(bookings->valuestring, "cancel") == 0;
	if (bookings && !closed->cancels && (!cJSON_IsString(bookings) || strcmp(bookings->valuestring, "keep") != 0))
		return refuse_member(request, response, "/bookings", "Bookings within are kept or cancelled: say keep or cancel.");
	return true;
}

static bool read_outage(struct request *request, struct db_tx *tx, struct closed *closed, struct response *response)
{
	static const char *const known[] = { "resource_id", "state", "from", "until", "reason", "bookings", NULL };
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(request->json, "state");
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(request->json, "resource_id");
	if (!body_check(request, known, response) || !read_closure(request, closed, response))
		return false;
	if (!cJSON_IsString(state) || !resource_state_from_wire(state->valuestring, &closed->state) ||
	    (closed->state != RESOURCE_PLANNED && closed->state != RESOURCE_OUT_OF_ORDER))
		return refuse_member(request, response, "/state", "This is planned or out_of_order.");
	if (!cJSON_IsString(id) || !db_find_resource(tx, closed->space->id, id->valuestring, request->arena))
		return refuse_member(request, response, "/resource_id", "There is no such place in this space.");
	closed->resource_id = arena_copy_text(request->arena, id->valuestring);
	return true;
}

static struct granules granules_within(const struct closed *closed)
{
	int64_t start = 0, end = 0;
	zone_instant(closed->zone, closed->closure.from, 0, &start);
	zone_instant(closed->zone, closed->closure.until, 24 * 60, &end);
	return granules_between(start, end, closed->space->granule_s);
}

static cJSON *tell_closed(const struct closed *closed, const char *id)
{
	cJSON *object = cJSON_CreateObject();
	char date[DATE_ISO_SIZE];
	cJSON_AddStringToObject(object, "id", id);
	if (closed->resource_id) {
		cJSON_AddStringToObject(object, "resource_id", closed->resource_id);
		cJSON_AddStringToObject(object, "state", resource_state_wire_name(closed->state));
	}
	date_to_iso(closed->closure.from, date);
	cJSON_AddStringToObject(object, "from", date);
	date_to_iso(closed->closure.until, date);
	bool open_ended = closed->closure.until.year == DATE_YEAR_MAX && closed->closure.until.month == 12 && closed->closure.until.day == 31;
	cJSON_AddItemToObject(object, "until", open_ended ? cJSON_CreateNull() : cJSON_CreateString(date));
	cJSON_AddStringToObject(object, "reason", closed->closure.reason);
	return object;
}

/* Tells the bookings within, and cancels them when that was said. Staff need no deadline: the space itself is closed. False: undone. */
static bool tell_affected(struct request *request, struct db_tx *tx, const struct closed *closed, cJSON *object, struct response *response)
{
	size_t count = 0;
	const struct booking *bookings = db_list_affected(tx, closed->space->id, closed->resource_id, granules_within(closed), request->now,
	                                                  AFFECTED_MAX + 1, request->arena, &count);
	bool more = count > AFFECTED_MAX;
	struct db_actor actor = { request->member->id, request->id };
	cJSON *items = cJSON_AddArrayToObject(object, "bookings");
	if (closed->cancels && more)
		return refuse_member(request, response, "/bookings", "More than 500 bookings lie within: take a shorter time, or keep them.");
	for (size_t i = 0; i < count && i < AFFECTED_MAX; i++) {
		struct granules range = granules_between(bookings[i].start_at, bookings[i].end_at, closed->space->granule_s);
		struct booking told = bookings[i];
		if (closed->cancels) {
			if (!db_cancel(tx, &bookings[i], range, false, closed->closure.reason, request->now, actor)) {
				refuse(request, response, REFUSE_STALE_VERSION, "A booking within has changed: try again.");
				return false;
			}
			told.state = BOOKING_CANCELLED;
			told.version++;
		}
		cJSON_AddItemToArray(items, tell_booking(request, &told, closed->zone));
	}
	cJSON_AddBoolToObject(object, "more_bookings", more);
	return true;
}

static void finish(struct request *request, struct db_tx *tx, struct closed *closed, enum db_put put, struct response *response)
{
	struct db_actor actor = { request->member->id, request->id };
	if (!db_put_is_good(put)) {
		if (put == DB_PUT_REFUSED)
			refuse_member(request, response, "/from", "There is a closure for just these days and this reason already.");
		return;
	}
	cJSON *object = tell_closed(closed, request->object);
	if (!tell_affected(request, tx, closed, object, response)) {
		cJSON_Delete(object);
		return;
	}
	if (put == DB_PUT_DONE)
		db_tell_space(tx, closed->space->id, request->now, actor);
	respond_json(response, 200, object, CACHE_NEVER);
}

void outage_put(struct request *request, struct db_tx *tx, struct response *response)
{
	struct closed closed = { 0 };
	if (!find_closable(request, tx, ACTION_SET_OUTAGE, &closed, response) || !read_outage(request, tx, &closed, response))
		return;
	struct outage outage = { request->object, closed.resource_id, closed.state, closed.closure.from, closed.closure.until,
		                 closed.closure.reason };
	finish(request, tx, &closed, db_put_outage(tx, closed.space->id, &outage), response);
}

/* False: answered. */
static bool has_room(struct request *request, struct db_tx *tx, const struct closed *closed, struct response *response)
{
	size_t count = 0, others = 0;
	const struct closing *closings =
		db_list_closings(tx, closed->space->id, zone_wall(closed->zone, request->now).date, request->arena, &count);
	for (size_t i = 0; i < count; i++)
		others += strcmp(closings[i].id, request->object) != 0;
	if (others < CLOSURES_MAX)
		return true;
	char sentence[128];
	snprintf(sentence, sizeof sentence, "A space has at most %d closures ahead of it: write those that follow each other as one.", CLOSURES_MAX);
	return refuse_member(request, response, "/from", sentence);
}

void closure_put(struct request *request, struct db_tx *tx, struct response *response)
{
	static const char *const known[] = { "from", "until", "reason", "bookings", NULL };
	struct closed closed = { 0 };
	if (!find_closable(request, tx, ACTION_SET_CLOSURE, &closed, response) || !body_check(request, known, response) ||
	    !read_closure(request, &closed, response) || !has_room(request, tx, &closed, response))
		return;
	struct closing closing = { request->object, closed.closure };
	finish(request, tx, &closed, db_put_closing(tx, closed.space->id, &closing), response);
}

static void answer_end(struct request *request, struct db_tx *tx, const struct closed *closed, bool ended, struct response *response)
{
	struct db_actor actor = { request->member->id, request->id };
	if (!ended)
		refuse(request, response, REFUSE_NOT_FOUND, "There is nothing of this id.");
	else if (db_tell_space(tx, closed->space->id, request->now, actor))
		respond_empty(response, 204);
}

void outage_end(struct request *request, struct db_tx *tx, struct response *response)
{
	struct closed closed = { 0 };
	if (find_closable(request, tx, ACTION_SET_OUTAGE, &closed, response))
		answer_end(request, tx, &closed, db_end_outage(tx, closed.space->id, request->object), response);
}

void closure_end(struct request *request, struct db_tx *tx, struct response *response)
{
	struct closed closed = { 0 };
	if (find_closable(request, tx, ACTION_SET_CLOSURE, &closed, response))
		answer_end(request, tx, &closed, db_end_closing(tx, closed.space->id, request->object), response);
}

void outage_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct closed closed = { 0 };
	if (!find_space(request, tx, &closed.space, &closed.zone, response))
		return;
	size_t count = 0;
	struct local_date today = zone_wall(closed.zone, request->now).date, last = { DATE_YEAR_MAX, 12, 31 };
	const struct outage *outages = db_list_outages(tx, closed.space->id, NULL, today, last, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		struct closed told = { .resource_id = outages[i].resource_id, .state = outages[i].state,
			               .closure = { outages[i].from, outages[i].until, outages[i].reason } };
		cJSON_AddItemToArray(items, tell_closed(&told, outages[i].id));
	}
	respond_json(response, 200, collection(items, NULL), cache_for(request));
}

void closure_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct closed closed = { 0 };
	if (!find_space(request, tx, &closed.space, &closed.zone, response))
		return;
	size_t count = 0;
	const struct closing *closings =
		db_list_closings(tx, closed.space->id, zone_wall(closed.zone, request->now).date, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		struct closed told = { .closure = closings[i].closure };
		cJSON *object = tell_closed(&told, closings[i].id);
		if (!*closings[i].id)
			cJSON_ReplaceItemInObjectCaseSensitive(object, "id", cJSON_CreateNull());
		cJSON_AddItemToArray(items, object);
	}
	respond_json(response, 200, collection(items, NULL), cache_for(request));
}
