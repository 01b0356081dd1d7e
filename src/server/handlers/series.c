/* series.c — many bookings by one rule: each date is judged for itself and told for itself, all in one transaction under one key. */
#include "handlers.h"

#include <string.h>

#include "../alternatives.h"
#include "../idempotency.h"
#include "../instants.h"
#include "on_behalf.h"
#include "settle.h"
#include "tell.h"
#include "wish.h"

#define SERIES_OFFERS_MAX 10   /* dates for which something else is looked for: the others are told bare */

struct offer {
	const struct alternative *list;
	size_t count;
};

struct series {
	struct wire_booking_request asked;    /* its id is the series' */
	struct series_rule rule;
	const struct space *space;
	const struct zone *zone;
	const struct resource *resource;
	const struct member *owner;           /* whose bookings they will be */
	struct local_date dates[SERIES_DATES_MAX];
	size_t count;
	struct idempotent_answer answer;
	cJSON *items;
	size_t booked;
	struct offer offers[SERIES_DATES_MAX];   /* for each date that something stands in the way of */
	size_t offered;
};

/* The rule goes out of the body, which then is a booking's. False: answered. */
static bool read_rule(struct request *request, struct series *series, struct response *response)
{
	struct problem why = { 0 };
	bool read = wire_series_rule_read(request->json, &series->rule, &why);
	cJSON_DeleteItemFromObjectCaseSensitive(request->json, "repeat");
	if (!read)
		refuse_body(request, response, &why);
	return read;
}

static bool read_series(struct request *request, struct db_tx *tx, bool id_needed, struct series *series, struct response *response)
{
	struct problem why = { 0 };
	struct instants said;       /* those of the first date: the others have their own */
	if (!find_space(request, tx, &series->space, &series->zone, response) ||
	    !take_owner(request, tx, series->space, &series->owner, response) || !read_rule(request, series, response) ||
	    !instants_read(request, request->json, series->zone, &said, response))
		return false;
	if (!wire_booking_request_read(request->json, request->arena, id_needed, &series->asked, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	bool more;
	series->count = series_dates(series->asked.when.date, &series->rule, series->dates, &more);
	if (series->count > 0 && !more)
		return true;
	problem_set(&why, PROBLEM_INVALID, "/repeat", more ? "A series has at most %d dates." : "There is no date in it: a series has up to %d.",
	            SERIES_DATES_MAX);
	refuse_body(request, response, &why);
	return false;
}

/* False: answered. */
static bool find_place(struct request *request, struct db_tx *tx, struct series *series, struct response *response)
{
	series->resource = db_find_resource(tx, series->space->id, series->asked.resource_id, request->arena);
	if (series->resource)
		return true;
	refuse(request, response, REFUSE_NOT_FOUND, "There is no such place in this space.");
	return false;
}

/* `looks`: for something else where it cannot be had; not where others wait meanwhile to write. */
static void judge_date(struct request *request, struct db_tx *tx, struct series *series, size_t at, bool looks, struct preview *preview,
                       struct granules *range)
{
	struct view view = view_for(request, tx, series->owner->id);
	struct booking_wish wish = wish_for(period_on(series->asked.when, series->dates[at]));
	struct instants none = { 0, 0 };
	struct offer *offer = &series->offers[at];
	instants_as_taken(series->space, series->resource, &wish.when, &none);
	wish.people = series->asked.particulars.people > 0 ? series->asked.particulars.people : 0;
	policy_judge(&view, series->space, series->resource, &wish, preview, range);
	if (preview->obstacle_count == 0)
		return;
	if (looks && series->offered < SERIES_OFFERS_MAX) {
		offer->list = find_alternatives_here(&view, series->space, series->resource, &wish, &offer->count);
		series->offered++;
	}
	preview->alternatives = offer->list;
	preview->alternative_count = offer->count;
}

static void tell_date(struct series *series, struct local_date date, const char *outcome, cJSON *booking, const struct preview *preview)
{
	char iso[DATE_ISO_SIZE];
	date_to_iso(date, iso);
	cJSON *whole = wire_preview_write(preview, series->zone), *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "date", iso);
	cJSON_AddStringToObject(item, "outcome", outcome);
	if (booking)
		cJSON_AddItemToObject(item, "booking", booking);
	cJSON_AddItemToObject(item, "obstacles", cJSON_DetachItemFromObjectCaseSensitive(whole, "obstacles"));
	cJSON_AddItemToObject(item, "alternatives", cJSON_DetachItemFromObjectCaseSensitive(whole, "alternatives"));
	cJSON_Delete(whole);
	cJSON_AddItemToArray(series->items, item);
}

static cJSON *tell_series(const struct series *series)
{
	cJSON *object = cJSON_CreateObject();
	if (*series->asked.id)
		cJSON_AddStringToObject(object, "series_id", series->asked.id);
	cJSON_AddNumberToObject(object, "booked", (double)series->booked);
	cJSON_AddItemToObject(object, "items", series->items);
	return object;
}

/* POST …/bookings:preview with "repeat": what each date would be. */
void series_preview(struct request *request, struct db_tx *tx, struct response *response)
{
	struct series series = { .booked = 0 };
	if (!read_series(request, tx, false, &series, response) || !find_place(request, tx, &series, response))
		return;
	series.items = cJSON_CreateArray();
	struct booking *proposed = arena_get(request->arena, series.count * sizeof *proposed);
	size_t proposed_count = 0;
	for (size_t i = 0; i < series.count; i++) {
		struct preview preview;
		struct granules range;
		judge_date(request, tx, &series, i, true, &preview, &range);
		settle_propose_after(request, tx, series.space, series.owner, proposed, proposed_count, &preview.booking, &(struct purse){ 0 });
		bool is_free = preview.obstacle_count == 0;
		if (is_free)
			proposed[proposed_count++] = preview.booking;
		tell_date(&series, series.dates[i], is_free ? "free" : "refused", wire_booking_write(&preview.booking, series.zone), &preview);
	}
	respond_json(response, 200, tell_series(&series), CACHE_MINE);
}

/* Books the date, or tells what is in its way. False: somebody was faster, or the disk: all of it is undone. */
static bool book_date(struct request *request, struct db_tx *tx, struct series *series, size_t at)
{
	struct preview preview;
	struct granules range;
	struct local_date date = series->dates[at];
	judge_date(request, tx, series, at, false, &preview, &range);
	if (settle_lapsed(request, tx, series->space, &preview))
		judge_date(request, tx, series, at, false, &preview, &range);
	settle_propose(request, tx, series->space, series->owner, &preview.booking, &(struct purse){ 0 });
	if (preview.obstacle_count > 0) {
		tell_date(series, date, "refused", NULL, &preview);
		return true;
	}
	char id[UUID_SIZE];
	uuid_make(&request->server->clock, id);
	struct booking *booking = &preview.booking;
	booking->id = arena_copy_text(request->arena, id);
	booking->series_id = series->asked.id;
	booking->member_id = series->owner->id;
	booking->member_name = series->owner->name;
	take_particulars(booking, &series->asked.particulars);
	struct db_actor actor = { request->member->id, request->id };
	if (!settle_pay(request, tx, series->space, series->owner, booking) || db_book(tx, booking, range, actor, NULL) != DB_BOOKED)
		return false;
	series->booked++;
	tell_date(series, date, "booked", tell_booking(request, booking, series->zone), &preview);
	return true;
}

static void carry_out(struct request *request, struct db_tx *tx, struct series *series, struct response *response)
{
	series->items = cJSON_CreateArray();
	bool whole = true;
	for (size_t i = 0; i < series->count && whole; i++)
		whole = book_date(request, tx, series, i);
	if (!whole) {
		cJSON_Delete(series->items);
		refuse_rule(request, response, 409, &(struct obstacle){ RULE_SLOT_TAKEN, "" }, NULL, 0);
		return;
	}
	respond_json(response, series->booked > 0 ? 201 : 200, tell_series(series), CACHE_NEVER);
	series->answer.status = response->status;
	series->answer.body = response->body;
	series->answer.location = series->answer.etag = "";
	db_keep_answer(tx, series->space->id, request->member->id, &series->answer, request->now);
}

/* The same people and places as when it was read, as they are in this transaction. False: answered. */
static bool find_again(struct request *request, struct db_tx *tx, struct series *series, struct response *response)
{
	const struct member *owner = series->owner;
	if (!find_space(request, tx, &series->space, &series->zone, response))
		return false;
	series->owner = owner == request->member ? owner : db_find_member(tx, owner->id, request->arena);
	if (series->owner)
		return true;
	refuse(request, response, REFUSE_NOT_FOUND, "There is no such member.");
	return false;
}

static void series_write(struct request *request, struct db_tx *tx, struct response *response)
{
	struct series series = *(const struct series *)request->notes;
	if (!find_again(request, tx, &series, response) || idempotency_replay(request, tx, series.space->id, &series.answer, response) ||
	    !find_place(request, tx, &series, response))
		return;
	/* What was judged for one date must be so still when the last is booked. */
	db_hold_space(tx, series.space->id);
	if (db_has_series(tx, series.space->id, series.asked.id))
		refuse(request, response, REFUSE_ID_TAKEN, "There is a series of this id already: make a new one.");
	else
		carry_out(request, tx, &series, response);
}

/* What else there is for dates that cannot be had is looked for first, where nobody waits for it. */
void series_make(struct request *request, struct db_tx *tx, struct response *response)
{
	struct series *series = arena_get(request->arena, sizeof *series);
	char *body = cJSON_PrintUnformatted(request->json);
	const char *said = arena_copy_text(request->arena, body);
	cJSON_free(body);
	if (!idempotency_read_key(request, true, &series->answer.key, response) || !read_series(request, tx, true, series, response))
		return;
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/bookings:series", series->space->id, said, NULL },
	                        series->answer.fingerprint);
	if (idempotency_replay(request, tx, series->space->id, &series->answer, response) || !find_place(request, tx, series, response))
		return;
	for (size_t i = 0; i < series->count; i++) {
		struct preview preview;
		struct granules range;
		judge_date(request, tx, series, i, true, &preview, &range);
	}
	request->notes = series;
	request_continue(request, PLACE_WRITE, series_write);
}
