/* move.c — a booking that is to be at another time or place of its space, or about something else. What it held is given back and the new
 * place taken in one transaction: when that cannot be, it stays as it was. */
#include "handlers.h"

#include <inttypes.h>
#include <string.h>

#include "../feed.h"
#include "../idempotency.h"
#include "../instants.h"
#include "settle.h"
#include "wish.h"

struct move {
	const struct space *space;
	const struct zone *zone;
	const struct booking *before;
	struct wire_booking_change asked;
	struct instants said;
	const struct resource *resource;
	const struct member *payer;           /* whose it is */
	bool elsewhere;                       /* another time or place, not only other words */
	struct booking_wish wanted;
	struct preview preview;
	struct granules range;
	struct idempotent_answer answer;      /* key NULL: none is kept */
};

/* What is asked for, with what is not said as it was. False: answered. */
static bool read_change(struct request *request, struct db_tx *tx, struct move *move, struct response *response)
{
	struct problem why = { 0 };
	const struct booking *before = move->before;
	if (!instants_read(request, request->json, move->zone, &move->said, response))
		return false;
	if (!wire_booking_change_read(request->json, request->arena, before, &move->asked, &why)) {
		refuse_body(request, response, &why);
		return false;
	}
	move->resource = db_find_resource(tx, move->space->id, move->asked.resource_id, request->arena);
	if (!move->resource) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such place in this space.");
		return false;
	}
	instants_as_taken(move->space, move->resource, &move->asked.when, &move->said);
	bool same_time = period_equal(move->asked.when, before->when) && (!move->said.start_at || move->said.start_at == before->start_at);
	/* Hours that stay as they are stay those of the two that they were. */
	if (same_time && before->when.part == DAY_PART_HOURS)
		move->said = (struct instants){ before->start_at, before->end_at };
	move->elsewhere = !same_time || strcmp(move->resource->id, before->resource_id) != 0;
	return true;
}

static bool judge_change(struct request *request, struct db_tx *tx, policy *judge, struct move *move, struct response *response)
{
	int people = move->asked.particulars.people >= 0 ? move->asked.particulars.people : move->before->people;
	struct view view = view_for(request, tx, move->before->member_id);
	move->wanted = (struct booking_wish){ move->asked.when, move->said.start_at, move->said.end_at, people, move->before->id };
	move->payer = db_find_member(tx, move->before->member_id, request->arena);
	if (!move->payer) {
		refuse(request, response, REFUSE_NOT_FOUND, "Whose booking it was is not known any more.");
		return false;
	}
	if (judge(&view, move->space, move->resource, &move->wanted, &move->preview, &move->range)) {
		settle_propose(request, tx, move->space, move->payer, &move->preview.booking, &(struct purse){ 0 });
		return true;
	}
	refuse_no_zone(request, response);
	return false;
}

/* Whoever may no longer cancel may not get out of it by moving either. */
static enum rule moving_rule(const struct request *request, const struct move *move)
{
	bool staff = rights_allow(&request->caller, ACTION_CHANGE_BOOKING, move->space->id, false);
	if (move->before->end_at <= request->now || (move->elsewhere && move->before->checked_in_at > 0))
		return RULE_BOOKING_STARTED;
	return move->elsewhere && !staff ? booking_cancel_rule(move->before, request->now) : RULE_NONE;
}

/* The booking as it will be. Only words: all else stays, price and time of cancelling too. */
static struct booking changed(const struct move *move)
{
	struct booking after = *move->before;
	if (move->elsewhere) {
		after = move->preview.booking;
		after.id = move->before->id;
		after.member_id = move->before->member_id;
		after.member_name = move->before->member_name;
		after.series_id = move->before->series_id;
		after.title = move->before->title;
		after.note = move->before->note;
		after.people = move->before->people;
		after.created_at = move->before->created_at;
	}
	take_particulars(&after, &move->asked.particulars);
	after.version = move->before->version + 1;
	return after;
}

static void carry_out(struct request *request, struct db_tx *tx, struct move *move, struct response *response)
{
	struct booking after = changed(move);
	struct granules had = granules_between(move->before->start_at, move->before->end_at, move->space->granule_s);
	struct db_actor actor = { request->member->id, request->id };
	struct obstacle taken = { RULE_SLOT_TAKEN, "" };
	if (move->elsewhere && !settle_move(request, tx, move->space, move->payer, move->before, &after))
		return;
	switch (db_move(tx, move->before, had, &after, move->elsewhere ? move->range : had, request->now, actor)) {
	case DB_MOVED:
		respond_booking(request, 200, &after, move->zone, response);
		return;
	case DB_MOVED_FAILED:
		return;
	case DB_MOVED_SLOT_TAKEN:
		refuse_rule(request, response, 409, &taken, NULL, 0);
		return;
	case DB_MOVED_STALE:
		refuse(request, response, REFUSE_STALE_VERSION, "The booking has changed: look at it again.");
		return;
	}
}

/* A key came with it and was used before. The booking is known by then: whose key it is, is known too. */
static bool answer_before(struct request *request, struct db_tx *tx, struct move *move, struct response *response)
{
	if (!move->answer.key)
		return false;
	char *body = cJSON_PrintUnformatted(request->json);
	idempotency_fingerprint((const char *const[]){ "PATCH", "/v1/spaces/bookings", move->space->id, move->before->id, body, NULL },
	                        move->answer.fingerprint);
	cJSON_free(body);
	return idempotency_replay(request, tx, move->space->id, &move->answer, response);
}

static void keep_answer(struct request *request, struct db_tx *tx, struct move *move, const struct response *response)
{
	if (move->answer.key && response->status == 200)
		idempotency_keep(request, tx, move->space->id, &move->answer, response);
}

/* May it be changed at all, and to this. False: answered. */
static bool may_change(struct request *request, struct db_tx *tx, struct move *move, struct response *response)
{
	if (!booking_stands(move->before->state)) {
		refuse(request, response, REFUSE_STALE_VERSION, "The booking is none any more.");
		return false;
	}
	if (!check_version(request, move->before, response) || !read_change(request, tx, move, response))
		return false;
	enum rule rule = moving_rule(request, move);
	if (rule != RULE_NONE) {
		refuse_rule(request, response, 409, &(struct obstacle){ rule, "" }, NULL, 0);
		return false;
	}
	hold_what_is_counted(tx, move->space, move->resource);
	return judge_change(request, tx, policy_judge, move, response) &&
	       (!settle_lapsed(request, tx, move->space, &move->preview) || judge_change(request, tx, policy_judge, move, response));
}

/* Other words are measured by what they touch: whether so many people have room. */
static bool stands_in_the_way(const struct move *move)
{
	if (move->elsewhere)
		return move->preview.obstacle_count > 0;
	return move->asked.particulars.people > move->resource->capacity;
}

void booking_change(struct request *request, struct db_tx *tx, struct response *response)
{
	struct move move = { 0 };
	if (!idempotency_read_key(request, false, &move.answer.key, response) ||
	    !find_booking(request, tx, ACTION_CHANGE_BOOKING, &move.space, &move.before, response))
		return;
	move.zone = policy_zone(request->server, move.space);
	if (!move.zone) {
		refuse_no_zone(request, response);
		return;
	}
	if (answer_before(request, tx, &move, response) || !may_change(request, tx, &move, response))
		return;
	if (!stands_in_the_way(&move))
		carry_out(request, tx, &move, response);
	else if (move.elsewhere)
		refuse_wish(request, &(struct refused){ move.space, move.resource, move.wanted, move.before->member_id, move.preview });
	else
		refuse_rule(request, response, 422, &(struct obstacle){ RULE_OVER_CAPACITY, "" }, NULL, 0);
	keep_answer(request, tx, &move, response);
}

/* POST …/bookings:preview with "booking_id": what that booking would become. */
void booking_preview_change(struct request *request, struct db_tx *tx, struct response *response)
{
	struct move move = { 0 };
	cJSON *id = cJSON_DetachItemFromObjectCaseSensitive(request->json, "booking_id");
	request->object = cJSON_IsString(id) ? arena_copy_text(request->arena, id->valuestring) : "";
	cJSON_Delete(id);
	if (!find_booking(request, tx, ACTION_CHANGE_BOOKING, &move.space, &move.before, response))
		return;
	move.zone = policy_zone(request->server, move.space);
	if (!move.zone) {
		refuse_no_zone(request, response);
		return;
	}
	if (!read_change(request, tx, &move, response) || !judge_change(request, tx, policy_preview, &move, response))
		return;
	enum rule rule = moving_rule(request, &move);
	if (rule == RULE_NONE && !booking_stands(move.before->state))
		rule = RULE_STALE_VERSION;
	if (rule != RULE_NONE) {
		struct obstacle *obstacles = arena_get(request->arena, OBSTACLES_MAX * sizeof *obstacles);
		size_t kept = move.preview.obstacle_count < OBSTACLES_MAX ? move.preview.obstacle_count : OBSTACLES_MAX - 1;
		memcpy(obstacles + 1, move.preview.obstacles, kept * sizeof *obstacles);
		obstacles[0] = (struct obstacle){ rule, "" };
		move.preview.obstacles = obstacles;
		move.preview.obstacle_count = kept + 1;
	}
	respond_json(response, 200, wire_preview_write(&move.preview, move.zone), CACHE_MINE);
}
