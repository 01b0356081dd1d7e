/* check_write.c — books, moves, cancels, signs up and withdraws as the member that was given, and takes it back. */
#include "check_inside.h"

#include <string.h>

#define DAYS_TRIED 21

static const char *quoted(struct visit *visit, const cJSON *booking)
{
	return print(visit, "\"%.0f\"", number_in(booking, "version"));
}

/* ---- a place to book -------------------------------------------------------------------------------------------------------- */

static bool is_desk(const cJSON *row)
{
	const cJSON *resource = cJSON_GetObjectItemCaseSensitive(row, "resource");
	return strcmp(text_in(resource, "kind"), "desk") == 0 && strcmp(text_in(resource, "state"), "bookable") == 0 &&
	       cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(row, "busy")) == 0 && strcmp(text_in(row, "morning"), "free") == 0 &&
	       strcmp(text_in(row, "afternoon"), "free") == 0;
}

static const char *request(struct visit *visit, const char *id, const char *resource_id, const char *date, const char *part)
{
	return print(visit, "{\"id\":\"%s\",\"resource_id\":\"%s\",\"date\":\"%s\",\"part\":\"%s\"}", id, resource_id, date, part);
}

/* No obstacle, says a dry run: the member may have rules of their own. */
static bool may_book(struct visit *visit, const char *space_id, const char *resource_id, const char *date)
{
	struct reply reply;
	const char *body = print(visit, "{\"resource_id\":\"%s\",\"date\":\"%s\",\"part\":\"am\"}", resource_id, date);
	const struct ask ask = { .method = "POST", .target = print(visit, "/v1/spaces/%s/bookings:preview", space_id), .body = body,
		                 .token = visit->token };
	const cJSON *preview = ask_for(visit, &ask, 200, &reply) ? read_json(visit, &reply) : NULL;
	const cJSON *obstacles = cJSON_GetObjectItemCaseSensitive(preview, "obstacles");
	return cJSON_IsArray(obstacles) && cJSON_GetArraySize(obstacles) == 0;
}

static bool take_place(struct visit *visit, const cJSON *space, const char *date)
{
	const char *target = print(visit, "/v1/spaces/%s/availability?date=%s", text_in(space, "id"), date);
	const cJSON *rows = items_in(visit, get_json(visit, target, visit->token)), *row;
	char id[UUID_SIZE];
	cJSON_ArrayForEach(row, rows) {
		const char *resource_id = text_in(cJSON_GetObjectItemCaseSensitive(row, "resource"), "id");
		if (!is_desk(row) || !uuid_is_valid(resource_id) || !may_book(visit, text_in(space, "id"), resource_id, date))
			continue;
		uuid_make(&visit->clock, id);
		visit->stay = (struct stay){ .space_id = text_in(space, "id"), .resource_id = resource_id, .date = date, .part = "am",
			                     .id = arena_copy_text(visit->arena, id) };
		visit->stay.key = visit->stay.id;
		visit->stay.body = request(visit, id, resource_id, date, "am");
		visit->stay.path = print(visit, "/v1/spaces/%s/bookings/%s", text_in(space, "id"), id);
		return true;
	}
	return false;
}

static void finds_a_place(struct visit *visit)
{
	const cJSON *spaces = items_in(visit, get_json(visit, "/v1/spaces", NULL)), *space;
	struct local_date today;
	if (!spaces || !date_from_iso(visit->today, &today, NULL))
		return;
	for (int days = 2; days < DAYS_TRIED; days++) {
		char date[DATE_ISO_SIZE];
		date_to_iso(date_plus(today, days), date);
		cJSON_ArrayForEach(space, spaces) {
			if (visit->fault || (uuid_is_valid(text_in(space, "id")) && take_place(visit, space, arena_copy_text(visit->arena, date))))
				return;
		}
	}
	fault(visit, "expected a desk that this member may book within %d days", DAYS_TRIED);
}

/* ---- booking ------------------------------------------------------------------------------------------------------------------ */

static bool has_place(struct visit *visit)
{
	return visit->stay.id || fault(visit, "there was no place to book");
}

static bool has_booking(struct visit *visit)
{
	return visit->stay.stands || fault(visit, "there is no booking to go on with");
}

static struct ask booking_of(struct visit *visit, const char *key, const char *body)
{
	return (struct ask){ .method = "POST", .target = print(visit, "/v1/spaces/%s/bookings", visit->stay.space_id), .token = visit->token,
		             .key = key, .body = body };
}

/* How many of my bookings lie on that place and day; -1 and a fault when that cannot be told. */
static int mine_there(struct visit *visit)
{
	const cJSON *all = get_pages(visit, print(visit, "/v1/members/me/bookings?from=%s&limit=200", visit->stay.date), visit->token);
	const cJSON *booking;
	int count = 0;
	if (!all)
		return -1;
	cJSON_ArrayForEach(booking, all)
		count += strcmp(text_in(booking, "date"), visit->stay.date) == 0 &&
		         strcmp(text_in(booking, "resource_id"), visit->stay.resource_id) == 0;
	return count;
}

static void wants_a_key(struct visit *visit)
{
	if (!has_place(visit))
		return;
	const struct ask ask = booking_of(visit, NULL, visit->stay.body);
	refused(visit, &ask, 400, "idempotency-key-missing");
	expect(visit, mine_there(visit) == 0, "nothing booked without a key");
}

static void books(struct visit *visit)
{
	struct reply reply;
	if (!has_place(visit))
		return;
	visit->stay.stands = true;                 /* whatever comes back: it may be there */
	const struct ask ask = booking_of(visit, visit->stay.key, visit->stay.body);
	if (!ask_for(visit, &ask, 201, &reply))
		return;
	const cJSON *booking = read_json(visit, &reply);
	expect(visit, strcmp(text_in(booking, "id"), visit->stay.id) == 0, "the id that the client made");
	expect(visit, strcmp(text_in(booking, "date"), visit->stay.date) == 0 && strcmp(text_in(booking, "part"), "am") == 0,
	       "the date and the part that were asked for");
	expect_header(visit, &reply, "Location", visit->stay.id);
	expect_header(visit, &reply, "ETag", quoted(visit, booking));
	visit->stay.etag = quoted(visit, booking);
}

static void answers_again(struct visit *visit)
{
	struct reply reply;
	if (!has_booking(visit))
		return;
	const struct ask ask = booking_of(visit, visit->stay.key, visit->stay.body);
	if (!ask_for(visit, &ask, 201, &reply) || !expect_header(visit, &reply, "Idempotent-Replayed", "true"))
		return;
	expect(visit, strcmp(text_in(read_json(visit, &reply), "id"), visit->stay.id) == 0, "the first answer again");
	int there = visit->fault ? 1 : mine_there(visit);
	expect(visit, there == 1, print(visit, "one booking for one key, got %d", there));
}

static void key_is_for_one_thing(struct visit *visit)
{
	if (!has_booking(visit))
		return;
	const char *other = request(visit, visit->stay.id, visit->stay.resource_id, visit->stay.date, "pm");
	const struct ask ask = booking_of(visit, visit->stay.key, other);
	refused(visit, &ask, 422, "idempotency-key-reused");
	expect(visit, mine_there(visit) == 1, "nothing booked for a key that was used");
}

static void place_is_taken(struct visit *visit)
{
	char id[UUID_SIZE];
	struct reply reply;
	struct problem why = { 0 };
	if (!has_booking(visit))
		return;
	uuid_make(&visit->clock, id);
	const struct ask ask = booking_of(visit, id, request(visit, id, visit->stay.resource_id, visit->stay.date, "am"));
	if (!wire_ask(visit->wire, &ask, visit->arena, &reply, &why)) {
		fault(visit, "%s", why.text);
		return;
	}
	expect(visit, reply.status == 409 || reply.status == 422, print(visit, "409 for a place that is taken, got %d", reply.status));
	if (!visit->fault && expect_problem(visit, &reply, NULL))
		expect(visit, mine_there(visit) == 1, "one booking of one place");
}

static void refusal_is_kept(struct visit *visit)
{
	char id[UUID_SIZE];
	struct reply first, again;
	struct problem why = { 0 };
	if (!has_booking(visit))
		return;
	uuid_make(&visit->clock, id);
	const struct ask ask = booking_of(visit, id, request(visit, id, visit->stay.resource_id, visit->stay.date, "am"));
	if (!wire_ask(visit->wire, &ask, visit->arena, &first, &why) || !wire_ask(visit->wire, &ask, visit->arena, &again, &why)) {
		fault(visit, "%s", why.text);
		return;
	}
	expect(visit, again.status == first.status, print(visit, "%d again, got %d", first.status, again.status));
	expect_header(visit, &again, "Idempotent-Replayed", "true");
}

static void is_seen(struct visit *visit)
{
	struct reply reply;
	if (!has_booking(visit) || !get(visit, visit->stay.path, visit->token, 200, &reply) ||
	    !expect_header(visit, &reply, "ETag", visit->stay.etag ? visit->stay.etag : "\""))
		return;
	const struct ask again = { .target = visit->stay.path, .token = visit->token, .if_none_match = visit->stay.etag };
	if (ask_for(visit, &again, 304, &reply))
		expect_empty(visit, &reply);
	refused(visit, &(struct ask){ .target = visit->stay.path }, 401, "unauthenticated");
	const char *day = print(visit, "/v1/spaces/%s/availability?date=%s", visit->stay.space_id, visit->stay.date);
	const cJSON *rows = items_in(visit, get_json(visit, day, visit->token)), *row;
	cJSON_ArrayForEach(row, rows)
		if (strcmp(text_in(cJSON_GetObjectItemCaseSensitive(row, "resource"), "id"), visit->stay.resource_id) == 0)
			expect(visit, strcmp(text_in(row, "morning"), "mine") == 0, "that half of the day mine");
}

/* ---- moving and cancelling --------------------------------------------------------------------------------------------------------- */

static struct ask move_of(const struct visit *visit, const char *match)
{
	return (struct ask){ .method = "PATCH", .target = visit->stay.path, .token = visit->token, .if_match = match,
		             .type = "application/merge-patch+json", .body = "{\"part\":\"pm\"}" };
}

static void moves(struct visit *visit)
{
	struct reply reply;
	if (!has_booking(visit) || !visit->stay.etag)
		return;
	struct ask ask = move_of(visit, NULL);
	refused(visit, &ask, 428, "version-required");
	ask = move_of(visit, "\"99999\"");
	refused(visit, &ask, 412, "stale-version");
	ask = move_of(visit, visit->stay.etag);
	if (!ask_for(visit, &ask, 200, &reply))
		return;
	const cJSON *booking = read_json(visit, &reply);
	expect(visit, strcmp(text_in(booking, "part"), "pm") == 0, "the booking in the afternoon");
	expect(visit, strcmp(quoted(visit, booking), visit->stay.etag) != 0, "another version after a change");
	visit->stay.etag = quoted(visit, booking);
	int there = visit->fault ? 1 : mine_there(visit);
	expect(visit, there == 1, print(visit, "one booking after a move, got %d", there));
}

static void cancels(struct visit *visit)
{
	struct reply reply;
	if (!has_booking(visit) || !visit->stay.etag)
		return;
	struct ask ask = { .method = "DELETE", .target = visit->stay.path, .token = visit->token };
	refused(visit, &ask, 428, "version-required");
	ask.if_match = "\"99999\"";
	refused(visit, &ask, 412, "stale-version");
	ask.if_match = visit->stay.etag;
	if (ask_for(visit, &ask, 204, &reply) && expect_empty(visit, &reply)) {
		ask_for(visit, &ask, 204, &reply);       /* said again: it is so */
		expect(visit, mine_there(visit) == 0, "none of mine there after it was cancelled");
		visit->stay.stands = visit->fault != NULL;
	}
}

/* ---- signing up -------------------------------------------------------------------------------------------------------------------- */

static bool is_open(const cJSON *activity)
{
	return strcmp(text_in(activity, "state"), "scheduled") == 0 && number_in(activity, "taken") < number_in(activity, "capacity") &&
	       !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(activity, "mine")) && uuid_is_valid(text_in(activity, "id")) &&
	       uuid_is_valid(text_in(activity, "space_id"));
}

static const char *state_of_mine(const cJSON *activity)
{
	return text_in(cJSON_GetObjectItemCaseSensitive(activity, "mine"), "state");
}

static const cJSON *put_or_delete(struct visit *visit, const char *method, const char *target)
{
	struct reply reply;
	return ask_for(visit, &(struct ask){ .method = method, .target = target, .token = visit->token }, 200, &reply) ? read_json(visit, &reply)
	                                                                                                             : NULL;
}

/* Asked without judging: a rule of its own may close one to this member, and the next is tried. */
static bool lets_in(struct visit *visit, const char *target)
{
	struct reply reply;
	struct problem why = { 0 };
	return wire_ask(visit->wire, &(struct ask){ .method = "PUT", .target = target, .token = visit->token }, visit->arena, &reply, &why) &&
	       reply.status == 200;
}

static void signs_up_and_withdraws(struct visit *visit)
{
	const cJSON *all = get_pages(visit, "/v1/activities?limit=100", visit->token), *activity;
	cJSON_ArrayForEach(activity, all) {
		const char *target = print(visit, "/v1/spaces/%s/activities/%s/signup", text_in(activity, "space_id"), text_in(activity, "id"));
		if (!is_open(activity) || !lets_in(visit, target))
			continue;
		const cJSON *again = put_or_delete(visit, "PUT", target);
		double taken = number_in(again, "taken");
		expect(visit, strcmp(state_of_mine(again), "signed_up") == 0, "a place while there is one");
		const cJSON *then = put_or_delete(visit, "PUT", target);
		if (then)
			expect(visit, number_in(then, "taken") == taken, "one place for one member, however often it is said");
		const char *kept = visit->fault;         /* withdrawn in any case */
		visit->fault = NULL;
		const cJSON *out = put_or_delete(visit, "DELETE", target);
		expect(visit, strcmp(state_of_mine(out), "withdrawn") == 0, "to be out after withdrawing");
		visit->fault = kept ? kept : visit->fault;
		return;
	}
	if (!visit->fault)
		fault(visit, "expected an activity with a free place that this member may sign up for");
}

/* ---- leaving nothing behind --------------------------------------------------------------------------------------------------------- */

void check_tidy(struct visit *visit)
{
	const struct stay *stay = &visit->stay;
	if (!stay->stands)
		return;
	const char *kept = visit->fault;
	visit->fault = NULL;
	const cJSON *all = get_pages(visit, print(visit, "/v1/members/me/bookings?from=%s&limit=200", stay->date), visit->token), *booking;
	cJSON_ArrayForEach(booking, all) {
		struct reply reply;
		if (strcmp(text_in(booking, "date"), stay->date) != 0 || strcmp(text_in(booking, "resource_id"), stay->resource_id) != 0 ||
		    !uuid_is_valid(text_in(booking, "id")))
			continue;
		const struct ask ask = { .method = "DELETE", .token = visit->token, .if_match = quoted(visit, booking),
			                 .target = print(visit, "/v1/spaces/%s/bookings/%s", stay->space_id, text_in(booking, "id")) };
		ask_for(visit, &ask, 204, &reply);
	}
	visit->fault = kept;
}

static void leaves_nothing(struct visit *visit)
{
	if (!has_place(visit))
		return;
	check_tidy(visit);
	expect(visit, mine_there(visit) == 0, "no booking left");
	visit->stay.stands = visit->fault != NULL;
}

#define PAGE "openapi.yaml"
#define DRAFT "draft-ietf-httpapi-idempotency-key-header-07"

const struct check checks_that_write[] = {
	{ "finds a desk that is free, and a dry run says so too", PAGE " bookings:preview", finds_a_place, "booking" },
	{ "books nothing without a key", DRAFT " 2.7", wants_a_key, "booking" },
	{ "books, with the id that the client made", PAGE " /v1/spaces/{s}/bookings, RFC 9110 9.3.3", books, "booking" },
	{ "the same key has the same answer, and one effect", DRAFT " 2.6", answers_again, "booking" },
	{ "a key that was used is refused for something else", DRAFT " 2.7", key_is_for_one_thing, "booking" },
	{ "a place that is taken is refused", PAGE " Errors", place_is_taken, "booking" },
	{ "whoever was told no for a key is told no again", PAGE " Writing safely", refusal_is_kept, "booking" },
	{ "a booking is seen by who has it, and by nobody without a token", PAGE " /v1/spaces/{s}/bookings/{id}", is_seen, "booking" },
	{ "moves the version that one knows, and no other", "RFC 9110 13.1.1, RFC 6585 3, RFC 7396", moves, "moves" },
	{ "cancels the version that one knows, and no other", "RFC 9110 13.1.1, RFC 6585 3", cancels, "booking" },
	{ "signs up once, and withdraws", PAGE " /v1/spaces/{s}/activities/{id}/signup, RFC 9110 9.2.2", signs_up_and_withdraws, "activities" },
	{ "leaves no booking behind", "hacktivd(8)", leaves_nothing, "booking" },
	{ NULL, NULL, NULL, NULL },
};
