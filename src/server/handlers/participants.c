/* participants.c — sign-ups as the staff of a space sees and changes them: who comes, on behalf of somebody at the desk, out of turn with
 * a reason. */
#include "participants.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../idempotency.h"
#include "../page.h"
#include "../route.h"
#include "at_activity.h"
#include "tell.h"

/* ---- telling --------------------------------------------------------------------------------------------------------- */

cJSON *tell_participant(const struct request *request, const struct activity *activity, const struct participant *participant)
{
	const struct zone *zone = zones_find(request->server->zones, activity->time_zone, NULL);
	cJSON *object = wire_signup_write(&participant->signup, zone);
	cJSON *member = cJSON_AddObjectToObject(object, "member");
	cJSON_AddStringToObject(member, "id", participant->member_id);
	cJSON_AddStringToObject(member, "name", participant->member_name);
	if (participant->attendance == ATTENDANCE_NOT_TAKEN)
		cJSON_AddNullToObject(object, "attendance");
	else
		cJSON_AddStringToObject(object, "attendance", attendance_wire_name(participant->attendance));
	cJSON_AddBoolToObject(object, "walk_in", participant->walk_in);
	return object;
}

static cJSON *tell_events(struct request *request, struct db_tx *tx, const struct activity *activity, const char *member_id)
{
	size_t count = 0;
	const struct signup_event *events =
		db_list_signup_events(tx, activity->space_id, activity->id, member_id, request->arena, &count);
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		const struct signup_event *event = &events[i];
		cJSON *object = cJSON_CreateObject();
		char at[INSTANT_TEXT_SIZE];
		instant_to_text(zones_find(request->server->zones, activity->time_zone, NULL), event->at, at);
		cJSON_AddNumberToObject(object, "seq", (double)event->seq);
		cJSON_AddStringToObject(object, "at", at);
		cJSON_AddStringToObject(object, "kind", event->kind);
		cJSON *by = *event->by_id ? cJSON_AddObjectToObject(object, "by") : cJSON_AddNullToObject(object, "by");
		if (*event->by_id) {
			cJSON_AddStringToObject(by, "id", event->by_id);
			cJSON_AddStringToObject(by, "name", event->by_name);
		}
		if (*event->reason)
			cJSON_AddStringToObject(object, "reason", event->reason);
		if (event->place)
			cJSON_AddNumberToObject(object, "place", event->place);
		cJSON_AddItemToArray(array, object);
	}
	return array;
}

void respond_participant(struct request *request, struct db_tx *tx, const struct activity *activity, struct response *response)
{
	const struct participant *participant =
		db_find_participant(tx, activity->space_id, activity->id, request->named, request->arena);
	if (!participant) {
		refuse(request, response, REFUSE_NOT_FOUND, "They have not signed up for this activity.");
		return;
	}
	respond_json(response, 200, tell_participant(request, activity, participant), CACHE_NEVER);
}

/* ---- looking --------------------------------------------------------------------------------------------------------- */

void participant_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct page page;
	if (!settle_first(request, tx, participant_list))
		return;
	const struct activity *activity =
		activity_at_path(request, tx, ACTION_SEE_SIGNUPS, false, request->member->id, false, response);
	if (!activity)
		return;
	const char *path = arena_print(request->arena, "/v1/spaces/%s/activities/%s/signups", activity->space_id, activity->id);
	if (!page_read(request, path, "", &page, response))
		return;
	size_t count = 0;
	const struct participant *participants =
		db_list_participants(tx, activity->space_id, activity->id, page.after.id != NULL, page.after.at, page.limit + 1,
		                     request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < page_count(&page, count); i++)
		cJSON_AddItemToArray(items, tell_participant(request, activity, &participants[i]));
	struct cursor last = { 0, NULL };
	if (count > (size_t)page.limit)
		last = (struct cursor){ participants[page.limit - 1].ticket, participants[page.limit - 1].member_id };
	page_respond(request, &page, items, last, CACHE_MINE, response);
	/* Of its own bytes: names change, and go, without the activity's knowing. */
	const char *etag = etag_weak(request, "%s", response->body);
	if (!request_has_copy(request, etag, CACHE_MINE, response))
		response->etag = etag;
}

void participant_one(struct request *request, struct db_tx *tx, struct response *response)
{
	if (!settle_first(request, tx, participant_one))
		return;
	const struct activity *activity = activity_at_path(request, tx, ACTION_SEE_SIGNUPS, false, request->named, false, response);
	const struct participant *participant =
		activity ? db_find_participant(tx, activity->space_id, activity->id, request->named, request->arena) : NULL;
	if (activity && !participant)
		refuse(request, response, REFUSE_NOT_FOUND, "They have not signed up for this activity.");
	if (!participant)
		return;
	cJSON *object = tell_participant(request, activity, participant);
	cJSON_AddItemToObject(object, "history", tell_events(request, tx, activity, request->named));
	respond_json(response, 200, object, CACHE_NEVER);
}

/* ---- acting ---------------------------------------------------------------------------------------------------------- */

struct signup_act act_of_staff(const struct request *request, const struct activity *activity, const char *reason, int conditions)
{
	return (struct signup_act){ activity->space_id, activity->id, request->named, request->now,
		                    { request->member->id, request->id }, reason, conditions };
}

/* With a key, what comes late, after the opposite was done, changes nothing any more: as for one's own, signups.c. True: answered. */
static bool was_answered(struct request *request, struct db_tx *tx, const struct activity *activity, const char *wanted,
                         struct idempotent_answer *answer, struct response *response)
{
	if (!idempotency_read_key(request, false, &answer->key, response))
		return true;
	idempotency_fingerprint((const char *const[]){ verb_name(request->verb), "/v1/spaces/activities/signups", activity->space_id, activity->id,
	                                               request->named, wanted, NULL }, answer->fingerprint);
	return answer->key && idempotency_replay(request, tx, activity->space_id, answer, response);
}

/* Tells how they stand to it now, and keeps that for the key. */
static void respond_and_keep(struct request *request, struct db_tx *tx, const struct activity *activity, struct idempotent_answer *answer,
                             struct response *response)
{
	respond_participant(request, tx, activity, response);
	if (!answer->key || response->status != 200)
		return;
	answer->status = response->status;
	answer->body = response->body;
	answer->location = answer->etag = "";
	db_keep_answer(tx, activity->space_id, request->member->id, answer, request->now);
}

void participant_add(struct request *request, struct db_tx *tx, struct response *response)
{
	struct problem why = { 0 };
	struct idempotent_answer answer = { 0 };
	int accepted = 0;
	if (!wire_signup_request_read(request->json, &accepted, &why)) {
		refuse_body(request, response, &why);
		return;
	}
	const struct activity *activity = activity_at_path(request, tx, ACTION_SIGN_UP_OTHERS, false, request->named, true, response);
	if (!activity || was_answered(request, tx, activity, arena_print(request->arena, "%d", accepted), &answer, response))
		return;
	if (!db_is_member(tx, request->named)) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such member.");
		return;
	}
	struct obstacle rule = { activity_signup_by_staff_rule(activity, request->now), "" };
	const struct signup *theirs = &activity->mine;
	bool kept = signup_is_held(theirs->state) && !accepted;
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 422, &rule, NULL, 0);
		return;
	}
	if (theirs->state != SIGNUP_SIGNED_UP && theirs->state != SIGNUP_WAITLISTED &&
	    !check_conditions(request, activity, kept ? theirs->accepted_conditions : accepted, response))
		return;
	struct signup_act act = act_of_staff(request, activity, "", accepted);
	if (db_sign_up_for(tx, &act))
		respond_and_keep(request, tx, activity, &answer, response);
}

void participant_remove(struct request *request, struct db_tx *tx, struct response *response)
{
	struct idempotent_answer answer = { 0 };
	const struct activity *activity = activity_at_path(request, tx, ACTION_SIGN_UP_OTHERS, false, request->named, true, response);
	if (!activity || was_answered(request, tx, activity, "", &answer, response))
		return;
	struct obstacle rule = { activity_withdraw_by_staff_rule(activity, request->now), "" };
	if (rule.rule != RULE_NONE) {
		refuse_rule(request, response, 409, &rule, NULL, 0);
		return;
	}
	struct signup_act act = act_of_staff(request, activity, "", 0);
	if (db_withdraw_for(tx, &act))
		respond_and_keep(request, tx, activity, &answer, response);
}

void participant_move(struct request *request, struct db_tx *tx, struct response *response)
{
	struct problem why = { 0 };
	struct idempotent_answer answer = { 0 };
	int place = 0;
	const char *reason = "";
	if (!wire_move_read(request->json, request->arena, &place, &reason, &why)) {
		refuse_body(request, response, &why);
		return;
	}
	const struct activity *activity = activity_at_path(request, tx, ACTION_CHANGE_LINE, false, request->named, true, response);
	if (!activity || was_answered(request, tx, activity, arena_print(request->arena, "%d %s", place, reason), &answer, response))
		return;
	struct signup_act act = act_of_staff(request, activity, reason, 0);
	switch (db_move_up(tx, &act, place)) {
	case DB_ADVANCED:
		respond_and_keep(request, tx, activity, &answer, response);
		return;
	case DB_ADVANCED_NOT_WAITING:
		if (activity->mine.state == SIGNUP_NONE)
			refuse(request, response, REFUSE_NOT_FOUND, "They have not signed up for this activity.");
		else
			refuse_member(request, response, "/place", "They do not wait in line.");
		return;
	case DB_ADVANCED_DOWN:
		refuse_member(request, response, "/place", "That place is behind theirs: move up the one who is to stand before them.");
		return;
	}
}
