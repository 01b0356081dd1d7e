/* hacktiv_read.c — single objects and problems that hacktivd answers, as model values and outcomes. */
#include "hacktiv.h"

#include <string.h>

#define PROBLEM_PREFIX "/problems/"

void hacktiv_unreadable(struct operation *operation, bool wrote, const struct problem *why)
{
	if (why && why->kind != PROBLEM_NONE)
		log_line(LOG_LEVEL_WARNING, "hacktiv: unreadable answer: %s: %s", why->field, why->text);
	operation->outcome = (struct outcome){
		.kind = wrote ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, .rule = RULE_OTHER, .quotation = "", .told_by = "",
	};
}

void hacktiv_ended(struct operation *operation, enum outcome_kind kind)
{
	operation->outcome = (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
}

/* ---- single objects ---- */

/* By the clock of the answer itself: ours may be wrong. */
static int64_t life_of(const struct wire_session *session, int64_t now)
{
	return now && session->expires_at > now ? session->expires_at - now : 0;
}

static bool object_read(struct operation *operation, const cJSON *object, int64_t now, struct problem *why)
{
	struct arena *arena = operation->arena;
	switch (operation->kind) {
	case OPERATION_LOG_IN: {
		struct wire_session session;
		if (!wire_session_read(object, arena, &session, why))
			return false;
		struct member *member = arena_get(arena, sizeof *member);
		*member = session.member;
		operation->new_token = session.token;
		operation->new_refresh_token = session.refresh_token;
		operation->new_life_s = life_of(&session, now);
		operation->new_expires_at = session.expires_at;
		operation->member = member;
		return true;
	}
	case OPERATION_DEVICE:
		return hacktiv_read_device(operation, object, why);
	case OPERATION_DEVICE_TOKEN:
	case OPERATION_RENEW:
		return hacktiv_read_tokens(operation, object, why);
	case OPERATION_WHO_AM_I: {
		struct member *member = arena_get(arena, sizeof *member);
		operation->member = member;
		return wire_member_read(object, arena, member, why);
	}
	case OPERATION_PREVIEW: {
		struct preview *preview = arena_get(arena, sizeof *preview);
		operation->preview = preview;
		return wire_preview_read(object, arena, preview, why);
	}
	case OPERATION_BOOK:
	case OPERATION_FIND_BOOKING: {
		struct booking *booking = arena_get(arena, sizeof *booking);
		operation->bookings = booking;
		operation->booking_count = 1;
		return wire_booking_read(object, arena, booking, why);
	}
	case OPERATION_SPACE_DAY: {
		struct space *space = arena_get(arena, sizeof *space);
		operation->spaces = space;
		operation->space_count = 1;
		return wire_space_day_read(object, arena, space, why);
	}
	case OPERATION_ACTIVITY:
	case OPERATION_SIGN_UP:
	case OPERATION_WITHDRAW: {
		struct activity *activity = arena_get(arena, sizeof *activity);
		operation->activities = activity;
		operation->activity_count = 1;
		return wire_activity_read(object, arena, activity, why);
	}
	case OPERATION_CARD: {
		struct card *card = arena_get(arena, sizeof *card);
		operation->cards = card;
		operation->card_count = 1;
		return wire_card_read(object, arena, card, why);
	}
	case OPERATION_ORGANISATION: {
		struct organisation *organisation = arena_get(arena, sizeof *organisation);
		operation->organisations = organisation;
		operation->organisation_count = 1;
		return wire_organisation_read(object, arena, organisation, why);
	}
	case OPERATION_NEWS:
		return hacktiv_read_changes(operation, object, why);
	case OPERATION_LOG_OUT:
	case OPERATION_CANCEL:
	case OPERATION_SPACES:
	case OPERATION_DAY:
	case OPERATION_MY_BOOKINGS:
	case OPERATION_ACTIVITIES:
	case OPERATION_MY_SIGNUPS:
	case OPERATION_CARDS:
	case OPERATION_ORGANISATIONS:
		break;
	}
	return problem_set(why, PROBLEM_PROTOCOL, "", "%s", _("not JSON"));
}

static void forget_object(struct operation *operation)
{
	operation->member = NULL;
	operation->preview = NULL;
	operation->new_token = operation->new_refresh_token = NULL;
	operation->device = NULL;
	operation->space_count = operation->booking_count = operation->activity_count = operation->card_count = operation->organisation_count = 0;
	operation->news_count = 0;
}

static bool is_activity_asked(const struct operation *operation)
{
	return strcmp(operation->activities[0].id, operation->activity_id) == 0;
}

static bool is_signed_up(const struct signup *mine)
{
	return mine->state == SIGNUP_SIGNED_UP || mine->state == SIGNUP_OFFERED || (mine->state == SIGNUP_WAITLISTED && mine->place > 0);
}

/* The server may hold another thing than the one asked for: then nothing is sure. */
static bool is_what_was_asked(const struct operation *operation)
{
	switch (operation->kind) {
	case OPERATION_BOOK:
		return strcmp(operation->bookings[0].id, operation->wish_id) == 0;
	case OPERATION_FIND_BOOKING:
		return strcmp(operation->bookings[0].id, operation->booking_id) == 0;
	case OPERATION_ACTIVITY:
		return is_activity_asked(operation);
	case OPERATION_SIGN_UP:
		return is_activity_asked(operation) && is_signed_up(&operation->activities[0].mine);
	case OPERATION_WITHDRAW:
		return is_activity_asked(operation) && !is_signed_up(&operation->activities[0].mine);
	case OPERATION_CARD:
		return strcmp(operation->cards[0].id, operation->member_id) == 0;
	case OPERATION_ORGANISATION:
		return strcmp(operation->organisations[0].id, operation->organisation_id) == 0;
	case OPERATION_LOG_IN:
	case OPERATION_LOG_OUT:
	case OPERATION_DEVICE:
	case OPERATION_DEVICE_TOKEN:
	case OPERATION_RENEW:
	case OPERATION_WHO_AM_I:
	case OPERATION_SPACES:
	case OPERATION_DAY:
	case OPERATION_SPACE_DAY:
	case OPERATION_MY_BOOKINGS:
	case OPERATION_PREVIEW:
	case OPERATION_CANCEL:
	case OPERATION_ACTIVITIES:
	case OPERATION_MY_SIGNUPS:
	case OPERATION_CARDS:
	case OPERATION_ORGANISATIONS:
	case OPERATION_NEWS:
		break;
	}
	return true;
}

/* A booking that was made and cancelled since (at the desk, on another machine) is no booking any more. */
static enum outcome_kind kind_of_booking(const struct booking *booking)
{
	switch (booking->state) {
	case BOOKING_CONFIRMED:
		return OUTCOME_DONE;
	case BOOKING_PENDING:
		return OUTCOME_PENDING;
	case BOOKING_CANCELLED:
	case BOOKING_DECLINED:
	case BOOKING_LAPSED:
		return OUTCOME_NOT_FOUND;
	}
	return OUTCOME_UNKNOWN;
}

static void succeed(struct operation *operation)
{
	const struct signup *mine = operation->kind == OPERATION_SIGN_UP ? &operation->activities[0].mine : NULL;
	enum outcome_kind kind = OUTCOME_DONE;
	if (operation->booking_count)
		kind = kind_of_booking(&operation->bookings[0]);
	else if (mine && (mine->state == SIGNUP_WAITLISTED || mine->state == SIGNUP_OFFERED))
		kind = OUTCOME_WAITLISTED;
	hacktiv_ended(operation, kind);
	if (kind == OUTCOME_WAITLISTED)
		operation->outcome.place = mine->state == SIGNUP_OFFERED ? 1 : mine->place;   /* first, and asked by now */
	if (kind == OUTCOME_NOT_FOUND)
		forget_object(operation);
}

void hacktiv_read_object(struct operation *operation, const struct http_response *response)
{
	struct problem why = { 0 };
	cJSON *object = wire_parse(response->body, response->body_length, &why);
	if (object && object_read(operation, object, response->date, &why) && is_what_was_asked(operation)) {
		succeed(operation);
	} else {
		forget_object(operation);
		hacktiv_unreadable(operation, hacktiv_protocol(operation->kind)->writes, &why);
	}
	cJSON_Delete(object);
}

/* ---- problems ---- */

static enum outcome_kind kind_of(int status, enum rule rule)
{
	if (rule == RULE_SLOT_TAKEN)
		return OUTCOME_CONFLICT;
	switch (status) {
	case 403:
		return OUTCOME_NOT_ALLOWED;
	case 404:
	case 410:
		return OUTCOME_NOT_FOUND;
	}
	return OUTCOME_REFUSED;
}

void hacktiv_read_problem(struct operation *operation, const struct http_response *response, bool wrote)
{
	struct problem why = { 0 };
	struct wire_problem problem;
	cJSON *object = wire_parse(response->body, response->body_length, &why);
	bool read = object && wire_problem_read(object, operation->arena, &problem, &why);
	cJSON_Delete(object);
	if (!read) {
		/* The status line alone already says that nothing was done. */
		if (response->status == 404 || response->status == 403)
			hacktiv_ended(operation, kind_of(response->status, RULE_NONE));
		else
			hacktiv_unreadable(operation, wrote, &why);
		return;
	}
	const char *name = problem.type;
	if (strncmp(name, PROBLEM_PREFIX, strlen(PROBLEM_PREFIX)) == 0)
		name += strlen(PROBLEM_PREFIX);
	/* Our first try with this key is still being worked on: its end will be known soon. */
	if (strcmp(name, "request-in-progress") == 0) {
		hacktiv_unreadable(operation, wrote, NULL);
		return;
	}
	enum rule rule = *name ? rule_from_wire(name) : RULE_OTHER;
	operation->outcome = (struct outcome){
		.kind = kind_of(response->status, rule),
		.rule = rule,
		.quotation = *problem.detail ? problem.detail : problem.title,
		.told_by = "",
		.alternatives = problem.alternatives,
		.alternative_count = problem.alternative_count,
	};
}

bool hacktiv_is_problem(struct operation *operation, const struct http_response *response, const char *name)
{
	struct wire_problem problem;
	cJSON *object = strcmp(response->content_type, "application/problem+json") == 0
	                        ? wire_parse(response->body, response->body_length, NULL) : NULL;
	bool is = object && wire_problem_read(object, operation->arena, &problem, NULL) &&
	          strncmp(problem.type, PROBLEM_PREFIX, strlen(PROBLEM_PREFIX)) == 0 && strcmp(problem.type + strlen(PROBLEM_PREFIX), name) == 0;
	cJSON_Delete(object);
	return is;
}
