/* check_member.c — what a member may read: oneself, one's days, the directory, and what changes. */
#include "check_inside.h"

#include <string.h>

static bool is_private(struct visit *visit, const struct reply *reply)
{
	const char *control = reply_header(reply, "Cache-Control", visit->arena, NULL);
	return (control && (strstr(control, "private") || strstr(control, "no-store"))) ||
	       fault(visit, "expected an answer for no shared cache, got Cache-Control %s", control ? control : "that is not there");
}

static const cJSON *get_own(struct visit *visit, const char *target)
{
	struct reply reply;
	return get(visit, target, visit->token, 200, &reply) && is_private(visit, &reply) ? read_json(visit, &reply) : NULL;
}

static void who_am_i(struct visit *visit)
{
	const cJSON *me = get_own(visit, "/v1/members/me");
	expect(visit, uuid_is_valid(text_in(me, "id")) && *text_in(me, "login") && *text_in(me, "name"), "id, login and name");
}

static void my_bookings_in_order(struct visit *visit)
{
	const cJSON *all = get_pages(visit, "/v1/members/me/bookings?limit=50", visit->token), *booking;
	const char *before = "";
	cJSON_ArrayForEach(booking, all) {
		expect(visit, strcmp(before, text_in(booking, "date")) <= 0, "the soonest first");
		before = text_in(booking, "date");
		expect(visit, *text_in(booking, "start") && *text_in(booking, "end"), "a start and an end");
		expect(visit, strcmp(text_in(booking, "state"), "cancelled") != 0, "none that is cancelled");
	}
	get_own(visit, "/v1/members/me/bookings");
}

static void my_signups_are_mine(struct visit *visit)
{
	const cJSON *all = get_pages(visit, "/v1/members/me/signups?limit=50", visit->token), *activity;
	cJSON_ArrayForEach(activity, all) {
		const char *state = text_in(cJSON_GetObjectItemCaseSensitive(activity, "mine"), "state");
		expect(visit, *state && strcmp(state, "withdrawn") != 0, "activities in which I have a place or wait");
	}
}

static void cards_show_names(struct visit *visit)
{
	const cJSON *cards = items_in(visit, get_own(visit, "/v1/members?q=an&limit=20")), *card;
	cJSON_ArrayForEach(card, cards) {
		expect(visit, uuid_is_valid(text_in(card, "id")) && *text_in(card, "name"), "an id and a name on each card");
		expect(visit, !cJSON_GetObjectItemCaseSensitive(card, "login") && !cJSON_GetObjectItemCaseSensitive(card, "password"),
		       "no login and no password on a card");
	}
}

static void wrong_booking_is_not_found(struct visit *visit)
{
	const char *target = print(visit, "/v1/spaces/%s/bookings/0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e", visit->space);
	refused(visit, &(struct ask){ .target = target, .token = visit->token }, 404, "not-found");
}

static void no_role_no_list(struct visit *visit)
{
	struct reply reply;
	struct problem why = { 0 };
	const char *target = print(visit, "/v1/spaces/%s/bookings", visit->space);
	const struct ask ask = { .target = target, .token = NULL };
	if (!wire_ask(visit->wire, &ask, visit->arena, &reply, &why))
		fault(visit, "%s", why.text);
	else
		expect(visit, reply.status == 401 || reply.status == 404 || reply.status == 405,
		       print(visit, "the bookings of a space for nobody without a token, got %d", reply.status));
}

/* ---- the feed ------------------------------------------------------------------------------------------------------------------ */

static const char *changes(struct visit *visit, double after, int limit)
{
	return print(visit, "/v1/spaces/%s/changes?after=%.0f&limit=%d", visit->space, after, limit);
}

static void changes_in_order(struct visit *visit)
{
	double seq = 0, last = 0;
	for (int pages = 0; pages < 5; pages++) {
		const cJSON *page = get_own(visit, changes(visit, seq, 20)), *change;
		if (!page)
			return;
		const cJSON *reset = cJSON_GetObjectItemCaseSensitive(page, "reset");
		if (cJSON_IsString(reset)) {      /* older than what is kept: go on from what it tells */
			seq = last = number_in(page, "seq");
			continue;
		}
		cJSON_ArrayForEach(change, cJSON_GetObjectItemCaseSensitive(page, "items")) {
			expect(visit, number_in(change, "seq") > last, "numbers that rise");
			last = number_in(change, "seq");
			expect(visit, *text_in(change, "kind") && uuid_is_valid(text_in(change, "ref")), "a kind and what it is of");
			expect(visit, !cJSON_GetObjectItemCaseSensitive(change, "name") && !cJSON_GetObjectItemCaseSensitive(change, "member"),
			       "references alone, and nobody's name");
		}
		expect(visit, number_in(page, "seq") >= last, "seq, the last number told");
		if (visit->fault || number_in(page, "seq") == seq || !*text_in(page, "next"))
			return;
		seq = number_in(page, "seq");
	}
}

static bool is_field(const char *line, size_t length)
{
	static const char *const names[] = { "retry:", "id:", "event:", "data:", ":" };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (length >= strlen(names[i]) && memcmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void events_are_a_stream(struct visit *visit)
{
	struct reply reply;
	const struct ask ask = { .target = print(visit, "/v1/spaces/%s/events", visit->space), .token = visit->token,
		                 .accept = "text/event-stream", .endless = true };
	if (!ask_for(visit, &ask, 200, &reply) || !expect_header(visit, &reply, "Content-Type", "text/event-stream"))
		return;
	expect_header(visit, &reply, "Cache-Control", "no-store");
	const char *end = strstr(reply.body, "\n\n");
	if (!expect(visit, end != NULL, "a first block at once, which tells where one stands"))
		return;
	bool id = false;
	for (const char *line = reply.body; line < end; line += strcspn(line, "\n") + 1) {
		expect(visit, is_field(line, strcspn(line, "\n")), "retry, id, event, data or a comment on every line");
		id = id || strncmp(line, "id:", 3) == 0;
	}
	expect(visit, id, "an id in the first block");
}

static void events_want_their_type(struct visit *visit)
{
	const struct ask ask = { .target = print(visit, "/v1/spaces/%s/events", visit->space), .token = visit->token,
		                 .accept = "application/json" };
	refused(visit, &ask, 406, "not-acceptable");
}

#define PAGE "openapi.yaml"

const struct check checks_for_members[] = {
	{ "tells who I am", PAGE " /v1/members/me", who_am_i, NULL },
	{ "my bookings come soonest first, for no shared cache", PAGE " /v1/members/me/bookings", my_bookings_in_order, "booking" },
	{ "my sign-ups are places and places in line", PAGE " /v1/members/me/signups", my_signups_are_mine, "activities" },
	{ "cards have a name and no login", PAGE " Privacy", cards_show_names, "directory" },
	{ "a booking that is nobody's is 404", PAGE " /v1/spaces/{s}/bookings/{id}", wrong_booking_is_not_found, "booking" },
	{ "who is here today is not told to strangers", PAGE " Privacy", no_role_no_list, NULL },
	{ "changes have numbers that rise, and name nobody", PAGE " /v1/spaces/{s}/changes", changes_in_order, "changes" },
	{ "events are server-sent events with ids", "HTML 9.2.5", events_are_a_stream, "feed" },
	{ "events are nothing else", "RFC 9110 15.5.7", events_want_their_type, "feed" },
	{ NULL, NULL, NULL, NULL },
};
