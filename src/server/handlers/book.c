/* book.c — what a booking would be, and making it: at most once for each key, whatever breaks in between. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../idempotency.h"
#include "../policy.h"
#include "tell.h"

struct wish {
	struct wire_booking_request asked;
	const struct space *space;
	const struct resource *resource;
	struct preview preview;
	struct granules range;
	const struct zone *zone;
	struct idempotent_answer answer;      /* key and fingerprint of this request */
};

static struct view view_of(struct request *request, struct db_tx *tx)
{
	return (struct view){ request->server, tx, request->arena, request->now, request->member->id };
}

/* The body and the space it is for. False: answered. */
static bool read_wish(struct request *request, struct db_tx *tx, bool id_needed, struct wish *wish, struct response *response)
{
	struct problem why = { 0 };
	wish->space = db_find_space(tx, request->space, request->arena);
	if (!wish->space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return false;
	}
	if (!wire_booking_request_read(request->json, request->arena, id_needed, &wish->asked, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	if (id_needed && !uuid_is_valid(wish->asked.id)) {
		problem_set(&why, PROBLEM_INVALID, "/id", "The id is a UUID in lower case, made by the client.");
		refuse_body(request, response, &why);
		return false;
	}
	return true;
}

/* The place, and what the rules say. False: answered. */
static bool judge_wish(struct request *request, struct db_tx *tx, struct wish *wish, struct response *response)
{
	struct view view = view_of(request, tx);
	wish->resource = db_find_resource(tx, wish->space->id, wish->asked.resource_id, request->arena);
	wish->zone = policy_zone(request->server, wish->space);
	if (!wish->resource) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such place in this space.");
		return false;
	}
	if (policy_preview(&view, wish->space, wish->resource, wish->asked.when, &wish->preview, &wish->range))
		return true;
	refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
	return false;
}

void booking_preview(struct request *request, struct db_tx *tx, struct response *response)
{
	struct wish wish = { 0 };
	if (read_wish(request, tx, false, &wish, response) && judge_wish(request, tx, &wish, response))
		respond_json(response, 200, wire_preview_write(&wish.preview, wish.zone), CACHE_MINE);
}

static void take_fingerprint(const struct wish *wish, unsigned char fingerprint[FINGERPRINT_BYTES])
{
	cJSON *canonical = wire_booking_request_write(&wish->asked);
	char *body = cJSON_PrintUnformatted(canonical);
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/bookings", wish->space->id, body, NULL }, fingerprint);
	cJSON_free(body);
	cJSON_Delete(canonical);
}

static void respond_booking(struct request *request, const struct booking *booking, const struct zone *zone,
                            struct response *response)
{
	respond_json(response, 201, tell_booking(request, booking, zone), CACHE_NEVER);
	response->location = arena_print(request->arena, "/v1/spaces/%s/bookings/%s", booking->space_id, booking->id);
	response->etag = etag_of_version(request, booking->version);
}

/* The id is there although its key is not: the key's time is over, or another key came with it. */
static bool answer_existing(struct request *request, struct db_tx *tx, const struct wish *wish, struct response *response)
{
	const struct booking *there = db_find_booking(tx, wish->space->id, wish->asked.id, request->arena);
	if (!there || strcmp(there->member_id, request->member->id) != 0)
		return false;
	bool same = strcmp(there->resource_id, wish->asked.resource_id) == 0 && period_equal(there->when, wish->asked.when);
	const struct zone *zone = policy_zone(request->server, wish->space);
	if (same && zone) {
		respond_booking(request, there, zone, response);
		response->replayed = true;
	} else {
		refuse(request, response, REFUSE_ID_TAKEN, "A booking of yours has this id and is for something else: make a new id.");
	}
	return true;
}

static void refuse_wish(struct request *request, struct wish *wish, struct response *response)
{
	/* Somebody was first: a conflict. Everything else is a rule that was there before the wish. */
	const struct obstacle *first = &wish->preview.obstacles[0];
	refuse_rule(request, response, first->rule == RULE_SLOT_TAKEN ? 409 : 422, first, wish->preview.alternatives,
	            wish->preview.alternative_count);
}

static void carry_out(struct request *request, struct db_tx *tx, struct wish *wish, struct response *response)
{
	struct booking *booking = &wish->preview.booking;
	booking->id = wish->asked.id;
	booking->member_id = request->member->id;
	booking->member_name = request->member->name;
	respond_booking(request, booking, wish->zone, response);
	wish->answer.status = response->status;
	wish->answer.body = response->body;
	wish->answer.location = response->location;
	wish->answer.etag = response->etag;
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
	take_fingerprint(&wish, wish.answer.fingerprint);
	if (idempotency_replay(request, tx, wish.space->id, &wish.answer, response) || answer_existing(request, tx, &wish, response) ||
	    !judge_wish(request, tx, &wish, response))
		return;
	if (wish.preview.obstacle_count > 0)
		refuse_wish(request, &wish, response);
	else
		carry_out(request, tx, &wish, response);
}
