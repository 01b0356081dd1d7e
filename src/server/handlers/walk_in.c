/* walk_in.c — somebody stands at the desk without a booking: booked from now on and checked in, or neither. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../body.h"
#include "../idempotency.h"
#include "settle.h"
#include "wish.h"

#define WALK_IN_MINUTES 60   /* of a place that is had by the hour, unless said otherwise */

struct walk_in {
	const char *id, *member_id, *resource_id;
	bool until_closing;                   /* "day": to the end of the day; else the half-day that runs, or an hour */
	int minutes;                          /* of a place by the hour; 0: not said */
	const struct space *space;
	const struct zone *zone;
	const struct member *member;
	const struct resource *resource;
	struct idempotent_answer answer;
};

static bool read_walk_in(struct request *request, struct walk_in *walk_in, struct response *response)
{
	static const char *const known[] = { "id", "member_id", "resource_id", "length", "minutes", NULL };
	static const char *const lengths[] = { "short", "day", NULL };
	struct problem why = { 0 };
	size_t length;
	if (body_only(request, known, &why) && body_id(request, "id", &walk_in->id, &why) &&
	    body_id(request, "member_id", &walk_in->member_id, &why) && body_id(request, "resource_id", &walk_in->resource_id, &why) &&
	    body_word(request, "length", lengths, false, &length, &why) && body_int(request, "minutes", 5, 1440, 0, &walk_in->minutes, &why)) {
		walk_in->until_closing = length == 1;
		return true;
	}
	refuse_body(request, response, &why);
	return false;
}

static bool find_all(struct request *request, struct db_tx *tx, struct walk_in *walk_in, struct response *response)
{
	walk_in->space = db_find_space(tx, request->space, request->arena);
	if (!walk_in->space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return false;
	}
	if (!rights_allow(&request->caller, ACTION_TAKE_IN, walk_in->space->id, false)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "This is for the reception of the space.");
		return false;
	}
	if (!read_walk_in(request, walk_in, response))
		return false;
	walk_in->zone = policy_zone(request->server, walk_in->space);
	walk_in->member = db_find_member(tx, walk_in->member_id, request->arena);
	walk_in->resource = db_find_resource(tx, walk_in->space->id, walk_in->resource_id, request->arena);
	if (walk_in->zone && walk_in->member && walk_in->resource)
		return true;
	if (!walk_in->zone)
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
	else
		refuse(request, response, REFUSE_NOT_FOUND, walk_in->member ? "There is no such place in this space." : "There is no such member.");
	return false;
}

/* When the space closes that day, or the stretch of opening ends that runs; the whole day when it is closed. */
static int closes_at(const struct opening_state *opening, int now, bool last)
{
	int closes = 24 * 60;
	for (size_t i = 0; i < opening->hours.count; i++) {
		closes = opening->hours.ranges[i].until;
		if (!last && closes > now)
			break;
	}
	return closes;
}

/* From the granule that runs. */
static struct period hours_from_now(const struct walk_in *walk_in, struct wall_time now)
{
	struct opening_state opening = opening_on(&walk_in->space->opening, now.date);
	int step = walk_in->space->granule_s / 60;
	int from = now.minutes / step * step;
	int length = walk_in->minutes ? (walk_in->minutes + step - 1) / step * step : WALK_IN_MINUTES;
	int closes = closes_at(&opening, now.minutes, walk_in->until_closing);
	int until = walk_in->until_closing || from + length > closes ? closes : from + length;
	return hours_of(now.date, (struct minute_range){ from, until > from ? until : from + step });
}

static struct period period_from_now(const struct walk_in *walk_in, int64_t instant)
{
	struct wall_time now = zone_wall(walk_in->zone, instant);
	if (walk_in->resource->by_hour)
		return hours_from_now(walk_in, now);
	bool morning = now.minutes < walk_in->space->opening.boundary;
	if (morning && walk_in->until_closing)
		return half_day(now.date, DAY_PART_WHOLE);
	return half_day(now.date, morning ? DAY_PART_MORNING : DAY_PART_AFTERNOON);
}

static bool judge(struct request *request, struct db_tx *tx, const struct walk_in *walk_in, struct preview *preview,
                  struct granules *range, struct response *response)
{
	struct view view = { request->server, tx, request->arena, request->now, walk_in->member->id };
	struct obstacle none = { RULE_NO_PRESENCE, "" };
	struct booking_wish wish = wish_for(period_from_now(walk_in, request->now));
	if (!db_find_terms(tx, walk_in->space->id, request->arena)->takes_presence) {
		refuse_rule(request, response, 409, &none, NULL, 0);
		return false;
	}
	hold_what_is_counted(tx, walk_in->space, walk_in->resource);
	bool known = policy_judge(&view, walk_in->space, walk_in->resource, &wish, preview, range);
	if (known && settle_lapsed(request, tx, walk_in->space, preview))
		policy_judge(&view, walk_in->space, walk_in->resource, &wish, preview, range);
	if (known && preview->obstacle_count == 0)
		return true;
	if (known)
		refuse_wish(request, &(struct refused){ walk_in->space, walk_in->resource, wish, walk_in->member->id, *preview });
	return false;
}

static void refuse_booked(struct request *request, enum db_booked booked, struct response *response)
{
	struct obstacle taken = { RULE_SLOT_TAKEN, "" };
	switch (booked) {
	case DB_BOOKED_SLOT_TAKEN:
		refuse_rule(request, response, 409, &taken, NULL, 0);
		return;
	case DB_BOOKED_ID_EXISTS:
		refuse(request, response, REFUSE_ID_TAKEN, "This id belongs to another booking: make a new one.");
		return;
	case DB_BOOKED:
	case DB_BOOKED_FAILED:
		return;
	}
}

static void carry_out(struct request *request, struct db_tx *tx, struct walk_in *walk_in, struct preview *preview, struct granules range,
                      struct response *response)
{
	struct db_actor actor = { request->member->id, request->id };
	struct booking *booking = &preview->booking;
	booking->id = walk_in->id;
	booking->member_id = walk_in->member->id;
	booking->member_name = walk_in->member->name;
	booking->state = BOOKING_CONFIRMED;       /* whoever takes somebody in answers for the space */
	if (!settle_pay(request, tx, walk_in->space, walk_in->member, booking))
		return;
	enum db_booked booked = db_book(tx, booking, range, actor, NULL);
	if (booked != DB_BOOKED) {
		refuse_booked(request, booked, response);
		return;
	}
	if (!db_check_in(tx, booking, request->now, actor))
		return;
	const struct booking *made = db_find_booking(tx, walk_in->space->id, walk_in->id, request->arena);
	if (!made)      /* the disk: what was just written was only presumed to be there */
		return;
	respond_booking(request, 201, made, walk_in->zone, response);
	idempotency_keep(request, tx, walk_in->space->id, &walk_in->answer, response);
}

void walk_in_make(struct request *request, struct db_tx *tx, struct response *response)
{
	struct walk_in walk_in = { 0 };
	struct preview preview;
	struct granules range;
	if (!idempotency_read_key(request, true, &walk_in.answer.key, response) || !find_all(request, tx, &walk_in, response))
		return;
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/walk-ins", walk_in.space->id, walk_in.id, walk_in.member_id,
	                                               walk_in.resource_id, walk_in.until_closing ? "day" : "short",
	                                               arena_print(request->arena, "%d", walk_in.minutes), NULL },
	                        walk_in.answer.fingerprint);
	if (!idempotency_replay(request, tx, walk_in.space->id, &walk_in.answer, response) &&
	    judge(request, tx, &walk_in, &preview, &range, response))
		carry_out(request, tx, &walk_in, &preview, range, response);
}
