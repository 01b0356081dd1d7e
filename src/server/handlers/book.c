/* book.c — what a booking would be, and making it: at most once for each key, whatever breaks in between. */
#include "handlers.h"

#include <inttypes.h>
#include <string.h>

#include "../idempotency.h"
#include "../instants.h"
#include "on_behalf.h"
#include "settle.h"
#include "wish.h"

struct wish {
	struct wire_booking_request asked;
	struct instants said;
	const struct space *space;
	const struct zone *zone;
	const struct resource *resource;      /* NULL: there is none */
	const struct member *owner;           /* whose booking it will be */
	struct booking_wish wanted;
	struct preview preview;
	struct purse purse;
	struct granules range;
	struct idempotent_answer answer;      /* key and fingerprint of this request */
};

/* The body and the place it is for. False: answered. */
static bool read_wish(struct request *request, struct db_tx *tx, bool id_needed, struct wish *wish, struct response *response)
{
	struct problem why = { 0 };
	if (!find_space(request, tx, &wish->space, &wish->zone, response) ||
	    !take_owner(request, tx, wish->space, &wish->owner, response) ||
	    !instants_read(request, request->json, wish->zone, &wish->said, response))
		return false;
	if (!wire_booking_request_read(request->json, request->arena, id_needed, &wish->asked, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	wish->resource = db_find_resource(tx, wish->space->id, wish->asked.resource_id, request->arena);
	if (wish->resource)
		instants_as_taken(wish->space, wish->resource, &wish->asked.when, &wish->said);
	int people = wish->asked.particulars.people;
	wish->wanted = (struct booking_wish){ wish->asked.when, wish->said.start_at, wish->said.end_at, people > 0 ? people : 0, "" };
	return true;
}

/* All that the database will be asked, so that it is waited for once. */
static void look_ahead(struct request *request, struct db_tx *tx, const struct wish *wish)
{
	struct view view = view_for(request, tx, wish->owner->id);
	const char *const written[] = { request->member->id, wish->owner->id, wish->asked.resource_id, wish->asked.id };
	db_announce(tx, written, COUNT_OF(written));
	db_ask_before_booking(tx, wish->space->id, request->member->id, wish->answer.key, request->now, wish->asked.id);
	if (!wish->resource)
		return;
	policy_ask(&view, wish->space, wish->resource, &wish->wanted);
	settle_ask(tx, wish->owner, wish->resource, wish->asked.when.date);
}

/* What the rules say, by policy_judge() or policy_preview(). False: answered. */
static bool judge_wish(struct request *request, struct db_tx *tx, policy *judge, struct wish *wish, struct response *response)
{
	struct view view = view_for(request, tx, wish->owner->id);
	if (!wish->resource) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such place in this space.");
		return false;
	}
	if (judge(&view, wish->space, wish->resource, &wish->wanted, &wish->preview, &wish->range)) {
		settle_propose(request, tx, wish->space, wish->owner, &wish->preview.booking, &wish->purse);
		return true;
	}
	refuse_no_zone(request, response);
	return false;
}

void booking_preview(struct request *request, struct db_tx *tx, struct response *response)
{
	struct wish wish = { 0 };
	if (cJSON_GetObjectItemCaseSensitive(request->json, "booking_id"))
		booking_preview_change(request, tx, response);
	else if (cJSON_GetObjectItemCaseSensitive(request->json, "repeat"))
		series_preview(request, tx, response);
	else if (read_wish(request, tx, false, &wish, response) && judge_wish(request, tx, policy_preview, &wish, response))
		respond_json(response, 200, wire_preview_write(&wish.preview, wish.zone), CACHE_MINE);
}

static void take_fingerprint(struct request *request, struct wish *wish)
{
	cJSON *canonical = wire_booking_request_write(&wish->asked);
	char *body = cJSON_PrintUnformatted(canonical);
	const char *instants = arena_print(request->arena, "%" PRId64 " %" PRId64, wish->said.start_at, wish->said.end_at);
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/bookings", wish->space->id, wish->owner->id, body, instants, NULL },
	                        wish->answer.fingerprint);
	cJSON_free(body);
	cJSON_Delete(canonical);
}

/* The id is there although its key is not: the key's time is over, or another key came with it. */
static bool answer_existing(struct request *request, struct db_tx *tx, const struct wish *wish, struct response *response)
{
	if (!db_has_booking(tx, wish->space->id, wish->asked.id))
		return false;
	const struct booking *there = db_find_booking(tx, wish->space->id, wish->asked.id, request->arena);
	if (!there || strcmp(there->member_id, wish->owner->id) != 0)
		return false;
	bool same = strcmp(there->resource_id, wish->asked.resource_id) == 0 && period_equal(there->when, wish->asked.when) &&
	            (!wish->said.start_at || there->start_at == wish->said.start_at);
	if (same) {
		respond_booking(request, 201, there, wish->zone, response);
		response->replayed = true;
	} else {
		refuse(request, response, REFUSE_ID_TAKEN, "A booking of the same member has this id and is for something else: make a new id.");
	}
	return true;
}

static void carry_out(struct request *request, struct db_tx *tx, struct wish *wish, struct response *response)
{
	struct booking *booking = &wish->preview.booking;
	booking->id = wish->asked.id;
	booking->member_id = wish->owner->id;
	booking->member_name = wish->owner->name;
	take_particulars(booking, &wish->asked.particulars);
	if (!settle_pay_from(request, tx, &wish->purse, booking))
		return;
	respond_booking(request, 201, booking, wish->zone, response);
	idempotency_take(&wish->answer, response);
	struct db_actor actor = { request->member->id, request->id };
	struct obstacle taken = { RULE_SLOT_TAKEN, "" };
	switch (db_book(tx, booking, wish->range, actor, &wish->answer)) {
	case DB_BOOKED:
	case DB_BOOKED_FAILED:
		return;
	case DB_BOOKED_SLOT_TAKEN:
		refuse_rule(request, response, 409, &taken, NULL, 0);
		return;
	case DB_BOOKED_ID_EXISTS:
		refuse(request, response, REFUSE_ID_TAKEN, "This id belongs to another booking: make a new one.");
		return;
	}
}

void booking_make(struct request *request, struct db_tx *tx, struct response *response)
{
	struct wish wish = { 0 };
	if (!idempotency_read_key(request, true, &wish.answer.key, response) || !read_wish(request, tx, true, &wish, response))
		return;
	look_ahead(request, tx, &wish);
	if (db_only_asks(tx))
		return;
	take_fingerprint(request, &wish);
	if (idempotency_replay(request, tx, wish.space->id, &wish.answer, response) || answer_existing(request, tx, &wish, response))
		return;
	if (wish.resource)
		hold_what_is_counted(tx, wish.space, wish.resource);
	if (!judge_wish(request, tx, policy_judge, &wish, response))
		return;
	if (settle_lapsed(request, tx, wish.space, &wish.preview) && !judge_wish(request, tx, policy_judge, &wish, response))
		return;
	if (wish.preview.obstacle_count > 0)
		refuse_wish(request, &(struct refused){ wish.space, wish.resource, wish.wanted, wish.owner->id, wish.preview });
	else
		carry_out(request, tx, &wish, response);
}
