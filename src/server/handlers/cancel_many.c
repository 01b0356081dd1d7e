/* cancel_many.c — many bookings cancelled at once: those of a time, of a series, or some by name. Each is judged and told for itself. */
#include "handlers.h"

#include <string.h>

#include "../body.h"
#include "../idempotency.h"
#include "tell.h"
#include "wish.h"

#define CANCEL_MAX 200       /* bookings at once */
#define REASON_MAX 200u

struct cancelling {
	const struct space *space;
	const struct zone *zone;
	const char *series_id;           /* NULL: any */
	struct local_date from;          /* year 0: none was said */
	struct local_date until;
	const cJSON *ids;                /* NULL: those of series and time */
	const char *reason;
	struct idempotent_answer answer;
	cJSON *items;
	size_t cancelled;
};

static bool are_ids(const cJSON *ids)
{
	const cJSON *id;
	cJSON_ArrayForEach(id, ids)
		if (!cJSON_IsString(id) || !uuid_is_valid(id->valuestring))
			return false;
	int count = cJSON_GetArraySize(ids);
	return cJSON_IsArray(ids) && count > 0 && count <= CANCEL_MAX;
}

static bool read_dates(struct request *request, struct cancelling *cancelling, struct response *response)
{
	struct problem why = { 0 };
	const cJSON *json = request->json;
	cancelling->until = (struct local_date){ DATE_YEAR_MAX, 12, 31 };
	if ((cJSON_HasObjectItem(json, "from") && !wire_date(json, "from", &cancelling->from, &why)) ||
	    (cJSON_HasObjectItem(json, "to") && !wire_date(json, "to", &cancelling->until, &why))) {
		refuse_body(request, response, &why);
		return false;
	}
	return true;
}

/* What is to be cancelled. False: answered. */
static bool read_cancelling(struct request *request, struct cancelling *cancelling, struct response *response)
{
	static const char *const known[] = { "from", "to", "series_id", "ids", "reason", NULL };
	if (!body_check(request, known, response))
		return false;
	const cJSON *series = cJSON_GetObjectItemCaseSensitive(request->json, "series_id");
	const cJSON *reason = cJSON_GetObjectItemCaseSensitive(request->json, "reason");
	cancelling->ids = cJSON_GetObjectItemCaseSensitive(request->json, "ids");
	if (series && (!cJSON_IsString(series) || !uuid_is_valid(series->valuestring)))
		return refuse_member(request, response, "/series_id", "A series has a UUID in lower case.");
	if (reason && !cJSON_IsString(reason))
		return refuse_member(request, response, "/reason", "A reason is text.");
	if (cancelling->ids && !are_ids(cancelling->ids))
		return refuse_member(request, response, "/ids", "This is a list of at most 200 ids of bookings.");
	if (!read_dates(request, cancelling, response))
		return false;
	cancelling->series_id = series ? series->valuestring : NULL;
	cancelling->reason = reason ? wire_text(request->json, "reason", TEXT_ONE_LINE, REASON_MAX, request->arena) : "";
	if (cancelling->ids ? series || cancelling->from.year || cJSON_HasObjectItem(request->json, "to") : !series && !cancelling->from.year)
		return refuse_member(request, response, "", "Say either ids, or a series_id, or from which date on, or these two together.");
	return true;
}

static void tell_one(struct cancelling *cancelling, const char *id, const struct booking *booking, const char *outcome, enum rule rule,
                     bool late)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "id", id);
	cJSON_AddStringToObject(item, "outcome", outcome);
	if (booking) {
		char date[DATE_ISO_SIZE];
		date_to_iso(booking->when.date, date);
		cJSON_AddStringToObject(item, "date", date);
	}
	if (rule != RULE_NONE)
		cJSON_AddStringToObject(item, "rule", rule_wire_name(rule));
	if (late)
		cJSON_AddTrueToObject(item, "late");
	cJSON_AddItemToArray(cancelling->items, item);
}

/* False: the disk, or it changed under us; all of it is undone then. */
static bool cancel_one(struct request *request, struct db_tx *tx, struct cancelling *cancelling, const struct booking *booking)
{
	if (!booking_stands(booking->state)) {
		tell_one(cancelling, booking->id, booking, "cancelled", RULE_NONE, booking->late);
		return true;
	}
	bool staff = rights_allow(&request->caller, ACTION_CHANGE_BOOKING, cancelling->space->id, false);
	const struct resource *resource = db_find_resource(tx, cancelling->space->id, booking->resource_id, request->arena);
	struct cancel_verdict verdict = booking_judge_cancel(booking, resource ? resource->late_cancel : LATE_CANCEL_REFUSE,
	                                                     staff && *cancelling->reason, request->now);
	if (verdict.rule != RULE_NONE) {
		tell_one(cancelling, booking->id, booking, "refused", verdict.rule, false);
		return true;
	}
	struct granules range = granules_between(booking->start_at, booking->end_at, cancelling->space->granule_s);
	struct db_actor actor = { request->member->id, request->id };
	if (!db_cancel(tx, booking, range, verdict.late, cancelling->reason, request->now, actor))
		return false;
	cancelling->cancelled++;
	tell_one(cancelling, booking->id, booking, "cancelled", RULE_NONE, verdict.late);
	return true;
}

static bool cancel_named(struct request *request, struct db_tx *tx, struct cancelling *cancelling)
{
	const cJSON *id;
	cJSON_ArrayForEach(id, cancelling->ids) {
		const struct booking *booking = db_find_booking(tx, cancelling->space->id, id->valuestring, request->arena);
		bool own = booking && strcmp(booking->member_id, request->member->id) == 0;
		if (!booking || !rights_allow(&request->caller, ACTION_CHANGE_BOOKING, cancelling->space->id, own))
			tell_one(cancelling, id->valuestring, NULL, "not_found", RULE_NONE, false);
		else if (!cancel_one(request, tx, cancelling, booking))
			return false;
	}
	return true;
}

/* A series' bookings are whoever's to those who work there; those of a time are one's own. */
static bool cancel_found(struct request *request, struct db_tx *tx, struct cancelling *cancelling, bool *more)
{
	bool staff = rights_allow(&request->caller, ACTION_CHANGE_BOOKING, cancelling->space->id, false);
	size_t count = 0;
	struct local_date today = zone_wall(cancelling->zone, request->now).date;
	struct db_cancellable wanted = {
		.space_id = cancelling->space->id, .series_id = cancelling->series_id,
		.member_id = staff && cancelling->series_id ? NULL : request->member->id,
		.from = cancelling->from.year ? cancelling->from : today, .until = cancelling->until, .now = request->now };
	const struct booking *bookings = db_list_cancellable(tx, &wanted, CANCEL_MAX + 1, request->arena, &count);
	*more = count > CANCEL_MAX;
	for (size_t i = 0; i < count && !*more; i++)
		if (!cancel_one(request, tx, cancelling, &bookings[i]))
			return false;
	return true;
}

static void carry_out(struct request *request, struct db_tx *tx, struct cancelling *cancelling, struct response *response)
{
	bool more = false;
	cancelling->items = cJSON_CreateArray();
	bool whole = cancelling->ids ? cancel_named(request, tx, cancelling) : cancel_found(request, tx, cancelling, &more);
	if (!whole || more) {
		cJSON_Delete(cancelling->items);
		if (more)
			refuse_member(request, response, "/to", "These are more than 200 bookings: take a shorter time.");
		else
			refuse(request, response, REFUSE_STALE_VERSION, "One of the bookings has changed: look at them again.");
		return;
	}
	cJSON *object = cJSON_CreateObject();
	cJSON_AddNumberToObject(object, "cancelled", (double)cancelling->cancelled);
	cJSON_AddItemToObject(object, "items", cancelling->items);
	respond_json(response, 200, object, CACHE_NEVER);
	cancelling->answer.status = response->status;
	cancelling->answer.body = response->body;
	cancelling->answer.location = cancelling->answer.etag = "";
	db_keep_answer(tx, cancelling->space->id, request->member->id, &cancelling->answer, request->now);
}

void booking_cancel_many(struct request *request, struct db_tx *tx, struct response *response)
{
	struct cancelling cancelling = { .cancelled = 0 };
	if (!idempotency_read_key(request, true, &cancelling.answer.key, response) ||
	    !find_space(request, tx, &cancelling.space, &cancelling.zone, response) || !read_cancelling(request, &cancelling, response))
		return;
	char *body = cJSON_PrintUnformatted(request->json);
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/bookings:cancel", cancelling.space->id, body, NULL },
	                        cancelling.answer.fingerprint);
	cJSON_free(body);
	if (!idempotency_replay(request, tx, cancelling.space->id, &cancelling.answer, response))
		carry_out(request, tx, &cancelling, response);
}
