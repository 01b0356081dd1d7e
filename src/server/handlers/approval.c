/* approval.c — the space's answer to a booking that waits: yes, or no with a reason. */
#include "handlers.h"

#include <string.h>

#include "../body.h"
#include "../feed.h"
#include "../idempotency.h"
#include "tell.h"
#include "wish.h"

struct decision {
	bool yes;
	const char *reason;                   /* "" when none */
	const struct space *space;
	const struct booking *booking;
	struct idempotent_answer answer;
};

static bool read_decision(struct request *request, struct decision *decision, struct response *response)
{
	static const char *const known[] = { "decision", "reason", NULL }, *const words[] = { "approve", "decline", NULL };
	struct problem why = { 0 };
	size_t word;
	if (body_only(request, known, &why) && body_word(request, "decision", words, true, &word, &why) &&
	    body_text(request, "reason", word == 1, &decision->reason, &why)) {
		decision->yes = word == 0;
		return true;
	}
	refuse_body(request, response, &why);
	return false;
}

static void take_fingerprint(struct decision *decision)
{
	idempotency_fingerprint((const char *const[]){ "POST", "/v1/spaces/bookings/approval", decision->space->id, decision->booking->id,
	                                               decision->yes ? "approve" : "decline", decision->reason, NULL },
	                        decision->answer.fingerprint);
}

/* As it is now, with its new version. */
static void respond_decided(struct request *request, struct db_tx *tx, struct decision *decision, struct response *response)
{
	const struct booking *booking = db_find_booking(tx, decision->space->id, decision->booking->id, request->arena);
	const struct zone *zone = policy_zone(request->server, decision->space);
	if (!booking || !zone) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	respond_json(response, 200, tell_booking(request, booking, zone), CACHE_NEVER);
	response->etag = etag_of_version(request, booking->version);
}

/* So decided already: by whoever asks again after a lost answer, or by a colleague who thought the same. */
static bool is_decided(const struct decision *decision)
{
	const struct booking *booking = decision->booking;
	if (decision->yes)
		return booking->state == BOOKING_CONFIRMED;
	return booking->state == BOOKING_DECLINED && strcmp(booking->state_reason, decision->reason) == 0;
}

static bool may_decide(struct request *request, const struct decision *decision, struct response *response)
{
	const struct booking *booking = decision->booking;
	const char *versions = request_field(request, "If-Match");
	struct obstacle rule = { RULE_NOT_PENDING, booking_is_lapsed(booking, request->now) ? "It began before anybody answered." : "" };
	if (!versions)
		refuse(request, response, REFUSE_VERSION_REQUIRED, "Say which version you have seen: its ETag in If-Match.");
	else if (booking->state != BOOKING_PENDING || booking_is_lapsed(booking, request->now))
		refuse_rule(request, response, 409, &rule, NULL, 0);
	else if (!etag_fits(versions, etag_of_version(request, booking->version), false))
		refuse(request, response, REFUSE_STALE_VERSION, "The booking is at version %lld by now.", (long long)booking->version);
	else
		return true;
	return false;
}

static bool carry_out(struct request *request, struct db_tx *tx, const struct decision *decision)
{
	const struct booking *booking = decision->booking;
	struct db_actor actor = { request->member->id, request->id };
	if (decision->yes)
		return db_approve(tx, booking, decision->reason, request->now, actor);
	struct granules range = granules_between(booking->start_at, booking->end_at, decision->space->granule_s);
	return db_decline(tx, booking, range, decision->reason, request->now, actor);
}

void booking_decide(struct request *request, struct db_tx *tx, struct response *response)
{
	struct decision decision = { 0 };
	if (!idempotency_read_key(request, true, &decision.answer.key, response) ||
	    !find_booking(request, tx, ACTION_DECIDE_BOOKING, &decision.space, &decision.booking, response) ||
	    !read_decision(request, &decision, response))
		return;
	take_fingerprint(&decision);
	if (idempotency_replay(request, tx, decision.space->id, &decision.answer, response))
		return;
	bool decided = is_decided(&decision);
	if (!decided && !may_decide(request, &decision, response))
		return;
	if (!decided && !carry_out(request, tx, &decision)) {
		refuse(request, response, REFUSE_STALE_VERSION, "The booking has changed: look at it again.");
		return;
	}
	respond_decided(request, tx, &decision, response);
	if (response->status == 200)
		idempotency_keep(request, tx, decision.space->id, &decision.answer, response);
}
