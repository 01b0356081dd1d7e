/* route.c — see route.h. */
#include "route.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hacktiv/wire.h"

#include "accept.h"
#include "auth.h"
#include "handlers/handlers.h"
#include "idempotency.h"

#define JSON "application/json"

const struct route routes[] = {
	{ VERB_GET, "/livez", ACTION_WATCH, PLACE_HERE, alive, "", false },
	{ VERB_GET, "/readyz", ACTION_WATCH, PLACE_HERE, ready_start, "", false },
	{ VERB_GET, "/metrics", ACTION_WATCH, PLACE_HERE, metrics_tell, "", false },
	{ VERB_GET, "/v1/meta", ACTION_WATCH, PLACE_HERE, meta, "", false },
	{ VERB_GET, "/v1/openapi.yaml", ACTION_WATCH, PLACE_HERE, api_description, "", false },
	{ VERB_GET, "/problems/{type}", ACTION_WATCH, PLACE_HERE, problem_page, "", false },
	{ VERB_GET, "/.well-known/api-catalog", ACTION_WATCH, PLACE_HERE, api_catalog, "", false },
	{ VERB_GET, "/.well-known/security.txt", ACTION_WATCH, PLACE_HERE, security_contact, "", false },
	{ VERB_POST, "/v1/sessions", ACTION_LOG_IN, PLACE_HERE, session_start, "", true },
	{ VERB_DELETE, "/v1/sessions/current", ACTION_LOG_OUT, PLACE_WRITE, session_end, "", false },
	{ VERB_GET, "/v1/members", ACTION_SEE_DIRECTORY, PLACE_WRITE, card_list, "q limit cursor", false },
	/* Of those that fit the last is taken: a name of its own comes after any name. */
	{ VERB_GET, "/v1/members/{id}", ACTION_SEE_DIRECTORY, PLACE_READ, card_one, "", false },
	{ VERB_DELETE, "/v1/members/{id}", ACTION_ERASE_MEMBER, PLACE_WRITE, member_erase, "open", BODY_NONE },
	{ VERB_GET, "/v1/members/me", ACTION_SEE_ONESELF, PLACE_READ, member_me, "", BODY_NONE },
	{ VERB_GET, "/v1/members/me/bookings", ACTION_SEE_MY_BOOKINGS, PLACE_READ, member_bookings, "from limit cursor", BODY_NONE },
	{ VERB_GET, "/v1/members/me/signups", ACTION_SEE_MY_BOOKINGS, PLACE_READ, member_signups, "from limit cursor", BODY_NONE },
	{ VERB_GET, "/v1/members/me/sessions", ACTION_MANAGE_ACCOUNT, PLACE_READ, session_list, "", BODY_NONE },
	{ VERB_DELETE, "/v1/members/me/sessions", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, session_end_all, "", BODY_NONE },
	{ VERB_DELETE, "/v1/members/me/sessions/{id}", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, session_end_one, "", BODY_NONE },
	{ VERB_GET, "/v1/members/me/tokens", ACTION_MANAGE_ACCOUNT, PLACE_READ, token_list, "", BODY_NONE },
	{ VERB_POST, "/v1/members/me/tokens", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, token_add, "", BODY_JSON },
	{ VERB_DELETE, "/v1/members/me/tokens/{id}", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, token_remove, "", BODY_NONE },
	{ VERB_GET, "/v1/members/me/calendar-keys", ACTION_MANAGE_ACCOUNT, PLACE_READ, calendar_key_list, "", BODY_NONE },
	{ VERB_POST, "/v1/members/me/calendar-keys", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, calendar_key_add, "", BODY_JSON },
	{ VERB_DELETE, "/v1/members/me/calendar-keys/{id}", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, calendar_key_remove, "", BODY_NONE },
	{ VERB_GET, "/v1/calendars/{key}.ics", ACTION_SUBSCRIBE, PLACE_READ, calendar_of_key, "", BODY_NONE },
	{ VERB_PUT, "/v1/members/me/password", ACTION_MANAGE_ACCOUNT, PLACE_READ, password_change, "", BODY_JSON },
	{ VERB_GET, "/v1/members/me/passes", ACTION_SEE_MY_BOOKINGS, PLACE_READ, member_passes, "limit cursor", false },
	{ VERB_GET, "/v1/members/me/network-days", ACTION_SEE_MY_BOOKINGS, PLACE_READ, member_network_days, "year", false },
	{ VERB_GET, "/v1/members/me/days", ACTION_SEE_MY_BOOKINGS, PLACE_READ, member_days, "year", false },
	{ VERB_GET, "/v1/members/{id}/roles", ACTION_SEE_ROLES, PLACE_READ, role_list, "", false },
	{ VERB_PUT, "/v1/members/{id}/roles/{role}", ACTION_GRANT_ROLE, PLACE_WRITE, role_grant, "", false },
	{ VERB_DELETE, "/v1/members/{id}/roles/{role}", ACTION_GRANT_ROLE, PLACE_WRITE, role_revoke, "", false },
	{ VERB_PUT, "/v1/members/{id}/roles/{role}/{s}", ACTION_GRANT_RECEPTION, PLACE_WRITE, role_grant, "", false },
	{ VERB_DELETE, "/v1/members/{id}/roles/{role}/{s}", ACTION_GRANT_RECEPTION, PLACE_WRITE, role_revoke, "", false },
	{ VERB_PUT, "/v1/members/{id}/disabled", ACTION_DISABLE_MEMBER, PLACE_WRITE, member_disable, "", false },
	{ VERB_DELETE, "/v1/members/{id}/disabled", ACTION_DISABLE_MEMBER, PLACE_WRITE, member_enable, "", false },
	{ VERB_PATCH, "/v1/members/me", ACTION_CHANGE_ONESELF, PLACE_WRITE, member_change_me, "", BODY_JSON },
	{ VERB_DELETE, "/v1/members/me", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, member_erase_me, "open", BODY_NONE },
	{ VERB_GET, "/v1/members/me/export", ACTION_MANAGE_ACCOUNT, PLACE_WRITE, export_me, "", BODY_NONE },
	{ VERB_POST, "/v1/members", ACTION_ADD_MEMBER, PLACE_WRITE, member_make, "", BODY_JSON },
	{ VERB_GET, "/v1/members/{id}/profile", ACTION_SEE_PROFILE, PLACE_WRITE, profile_one, "", BODY_NONE },
	{ VERB_PATCH, "/v1/members/{id}/profile", ACTION_CHANGE_PROFILE, PLACE_WRITE, profile_change, "", BODY_JSON },
	{ VERB_GET, "/v1/members/me/visibility", ACTION_SEE_ONESELF, PLACE_READ, visibility_show, "", BODY_NONE },
	{ VERB_PUT, "/v1/members/me/visibility", ACTION_CHANGE_ONESELF, PLACE_WRITE, visibility_put, "", BODY_JSON },
	{ VERB_PATCH, "/v1/members/me/visibility", ACTION_CHANGE_ONESELF, PLACE_WRITE, visibility_change, "", BODY_JSON },
	{ VERB_DELETE, "/v1/members/me/visibility", ACTION_CHANGE_ONESELF, PLACE_WRITE, visibility_withdraw, "", BODY_NONE },
	{ VERB_GET, "/v1/members/me/consents", ACTION_SEE_ONESELF, PLACE_READ, consent_list, "limit cursor", BODY_NONE },
	{ VERB_GET, "/v1/members/me/audit", ACTION_SEE_ONESELF, PLACE_READ, audit_list, "limit cursor", BODY_NONE },
	{ VERB_GET, "/v1/organisations", ACTION_SEE_ORGANISATIONS, PLACE_READ, organisation_list, "q limit cursor", false },
	{ VERB_GET, "/v1/organisations/{id}", ACTION_SEE_ORGANISATIONS, PLACE_READ, organisation_one, "", false },
	{ VERB_POST, "/v1/organisations", ACTION_KEEP_ORGANISATIONS, PLACE_WRITE, organisation_make, "", BODY_JSON },
	{ VERB_PATCH, "/v1/organisations/{id}", ACTION_KEEP_ORGANISATIONS, PLACE_WRITE, organisation_change, "", BODY_JSON },
	{ VERB_GET, "/v1/activities", ACTION_SEE_ACTIVITIES, PLACE_READ, activity_list, "from to space language format q limit cursor", false },
	{ VERB_GET, "/v1/activities.ics", ACTION_SEE_ACTIVITIES, PLACE_READ, calendar_of_network, "", BODY_NONE },
	{ VERB_GET, "/v1/spaces", ACTION_SEE_SPACES, PLACE_READ, space_list, "date", false },
	{ VERB_GET, "/v1/spaces/{s}", ACTION_SEE_SPACES, PLACE_READ, space_one, "date", false },
	{ VERB_PATCH, "/v1/spaces/{s}", ACTION_ARRANGE, PLACE_WRITE, space_change, "", BODY_JSON },
	{ VERB_GET, "/v1/spaces/{s}/resources", ACTION_SEE_SPACES, PLACE_READ, space_resources, "", false },
	{ VERB_GET, "/v1/spaces/{s}/resources/{id}", ACTION_SEE_SPACES, PLACE_READ, resource_one, "", BODY_NONE },
	{ VERB_PATCH, "/v1/spaces/{s}/resources/{id}", ACTION_ARRANGE, PLACE_WRITE, resource_change, "", BODY_JSON },
	{ VERB_GET, "/v1/spaces/{s}/staff", ACTION_SEE_STAFF, PLACE_READ, staff_list, "", false },
	{ VERB_GET, "/v1/spaces/{s}/availability", ACTION_SEE_SPACES, PLACE_READ, space_availability, "date", false },
	{ VERB_GET, "/v1/spaces/{s}/day", ACTION_SEE_SPACES, PLACE_READ, space_day_alone, "date resource", false },
	{ VERB_GET, "/v1/spaces/{s}/outages", ACTION_SEE_SPACES, PLACE_READ, outage_list, "", false },
	{ VERB_PUT, "/v1/spaces/{s}/outages/{id}", ACTION_SET_OUTAGE, PLACE_WRITE, outage_put, "", true },
	{ VERB_DELETE, "/v1/spaces/{s}/outages/{id}", ACTION_SET_OUTAGE, PLACE_WRITE, outage_end, "", false },
	{ VERB_GET, "/v1/spaces/{s}/closures", ACTION_SEE_SPACES, PLACE_READ, closure_list, "", false },
	{ VERB_PUT, "/v1/spaces/{s}/closures/{id}", ACTION_SET_CLOSURE, PLACE_WRITE, closure_put, "", true },
	{ VERB_DELETE, "/v1/spaces/{s}/closures/{id}", ACTION_SET_CLOSURE, PLACE_WRITE, closure_end, "", false },
	{ VERB_POST, "/v1/spaces/{s}/bookings:preview", ACTION_BOOK, PLACE_READ, booking_preview, "", true },
	{ VERB_POST, "/v1/spaces/{s}/bookings", ACTION_BOOK, PLACE_ASK_WRITE, booking_make, "", true },
	{ VERB_POST, "/v1/spaces/{s}/bookings:series", ACTION_BOOK, PLACE_READ, series_make, "", true },
	{ VERB_POST, "/v1/spaces/{s}/bookings:cancel", ACTION_CHANGE_BOOKING, PLACE_WRITE, booking_cancel_many, "", true },
	{ VERB_GET, "/v1/spaces/{s}/bookings", ACTION_SEE_BOOKING, PLACE_READ, space_booking_list, "from to resource_id state limit cursor", false },
	{ VERB_GET, "/v1/spaces/{s}/bookings/{id}", ACTION_SEE_BOOKING, PLACE_READ, booking_one, "", false },
	{ VERB_PATCH, "/v1/spaces/{s}/bookings/{id}", ACTION_CHANGE_BOOKING, PLACE_WRITE, booking_change, "", true },
	{ VERB_DELETE, "/v1/spaces/{s}/bookings/{id}", ACTION_CHANGE_BOOKING, PLACE_WRITE, booking_cancel, "", false },
	{ VERB_POST, "/v1/spaces/{s}/bookings/{id}/approval", ACTION_DECIDE_BOOKING, PLACE_WRITE, booking_decide, "", true },
	{ VERB_PUT, "/v1/spaces/{s}/bookings/{id}/check-in", ACTION_CHECK_IN, PLACE_WRITE, check_in, "", false },
	{ VERB_DELETE, "/v1/spaces/{s}/bookings/{id}/check-in", ACTION_CHECK_IN, PLACE_WRITE, check_in_undo, "", false },
	{ VERB_PUT, "/v1/spaces/{s}/bookings/{id}/check-out", ACTION_CHECK_IN, PLACE_WRITE, check_out, "", false },
	{ VERB_DELETE, "/v1/spaces/{s}/bookings/{id}/check-out", ACTION_CHECK_IN, PLACE_WRITE, check_out_undo, "", false },
	{ VERB_POST, "/v1/spaces/{s}/walk-ins", ACTION_TAKE_IN, PLACE_WRITE, walk_in_make, "", true },
	{ VERB_GET, "/v1/spaces/{s}/presence", ACTION_COUNT_PRESENCE, PLACE_READ, presence_list, "", false },
	{ VERB_POST, "/v1/spaces/{s}/passes", ACTION_SELL_PASS, PLACE_WRITE, pass_sell, "", true },
	{ VERB_GET, "/v1/spaces/{s}/ledger", ACTION_SEE_LEDGER, PLACE_READ, ledger_list, "from to limit cursor", false },
	{ VERB_GET, "/v1/spaces/{s}/activities.ics", ACTION_SEE_ACTIVITIES, PLACE_READ, calendar_of_space, "", BODY_NONE },
	{ VERB_GET, "/v1/spaces/{s}/activities/{id}", ACTION_SEE_ACTIVITIES, PLACE_READ, activity_one, "", false },
	{ VERB_POST, "/v1/spaces/{s}/activities", ACTION_ORGANISE, PLACE_WRITE, activity_plan, "", true },
	{ VERB_PATCH, "/v1/spaces/{s}/activities/{id}", ACTION_ORGANISE, PLACE_WRITE, activity_change, "", true },
	{ VERB_GET, "/v1/spaces/{s}/activities/{id}/signups", ACTION_SEE_SIGNUPS, PLACE_READ, participant_list, "limit cursor", false },
	{ VERB_GET, "/v1/spaces/{s}/activities/{id}/signups/{member}", ACTION_SEE_SIGNUPS, PLACE_READ, participant_one, "", false },
	{ VERB_PUT, "/v1/spaces/{s}/activities/{id}/signups/{member}", ACTION_SIGN_UP_OTHERS, PLACE_WRITE, participant_add, "", BODY_MAYBE },
	{ VERB_PATCH, "/v1/spaces/{s}/activities/{id}/signups/{member}", ACTION_CHANGE_LINE, PLACE_WRITE, participant_move, "", true },
	{ VERB_DELETE, "/v1/spaces/{s}/activities/{id}/signups/{member}", ACTION_SIGN_UP_OTHERS, PLACE_WRITE, participant_remove, "", false },
	{ VERB_PUT, "/v1/spaces/{s}/activities/{id}/signups/{member}/attendance", ACTION_TAKE_ATTENDANCE, PLACE_WRITE, attendance_take, "", true },
	{ VERB_PUT, "/v1/spaces/{s}/activities/{id}/attendance", ACTION_TAKE_ATTENDANCE, PLACE_WRITE, attendance_close, "", true },
	{ VERB_PUT, "/v1/spaces/{s}/activities/{id}/signup", ACTION_SIGN_UP, PLACE_WRITE, signup_make, "", BODY_MAYBE },
	{ VERB_DELETE, "/v1/spaces/{s}/activities/{id}/signup", ACTION_SIGN_UP, PLACE_WRITE, signup_end, "", false },
	{ VERB_GET, "/v1/spaces/{s}/changes", ACTION_SEE_CHANGES, PLACE_READ, change_list, "after types limit wait", false },
	{ VERB_GET, "/v1/changes", ACTION_SEE_CHANGES, PLACE_READ, change_list, "after types limit wait", false },
	{ VERB_GET, "/v1/spaces/{s}/events", ACTION_SEE_CHANGES, PLACE_READ, event_stream, "types heartbeat", false },
	{ VERB_GET, "/v1/events", ACTION_SEE_CHANGES, PLACE_READ, event_stream, "types heartbeat", false },
	{ VERB_GET, "/.well-known/oauth-authorization-server", ACTION_WATCH, PLACE_HERE, oauth_metadata, "", BODY_NONE },
	{ VERB_POST, "/oauth/device_authorization", ACTION_LOG_IN, PLACE_WRITE, oauth_device, "", BODY_FORM },
	{ VERB_POST, "/oauth/token", ACTION_LOG_IN, PLACE_WRITE, oauth_token, "", BODY_FORM },
	{ VERB_POST, "/oauth/revoke", ACTION_LOG_IN, PLACE_WRITE, oauth_revoke, "", BODY_FORM },
	{ VERB_GET, "/device", ACTION_LOG_IN, PLACE_HERE, device_show, "user_code lang", BODY_NONE },
	{ VERB_POST, "/device", ACTION_LOG_IN, PLACE_WRITE, device_answer, "", BODY_FORM },
};
const size_t route_count = COUNT_OF(routes);

/* "{id}" takes any one segment, "{key}.ics" any that ends so; anything else itself. `value`: what stands for the name. */
static bool segment_fits(struct arena *arena, const char *pattern, size_t length, const char *segment, const char **value)
{
	size_t given = strlen(segment);
	const char *tail = *pattern == '{' ? (const char *)memchr(pattern, '}', length) + 1 : pattern;
	size_t tail_length = length - (size_t)(tail - pattern);
	*value = NULL;
	if (tail == pattern)
		return given == length && memcmp(segment, pattern, length) == 0;
	if (given <= tail_length || memcmp(segment + given - tail_length, tail, tail_length) != 0)
		return false;
	*value = tail_length ? arena_copy_bytes(arena, segment, given - tail_length) : segment;
	return true;
}

static bool pattern_fits(const char *pattern, const char *const *segments, size_t count, struct request *request)
{
	const char *space = "", *object = "", *named = "", *value;
	size_t index = 0;
	for (const char *at = pattern + 1; *at; index++) {
		size_t length = strcspn(at, "/");
		if (index == count || !segment_fits(request->arena, at, length, segments[index], &value))
			return false;
		if (value && strncmp(at, "{s}", length) == 0)
			space = value;
		else if (value)
			*(strncmp(at, "{id}", length) == 0 ? &object : &named) = value;
		at += length + (at[length] == '/');
	}
	if (index != count)
		return false;
	request->space = space;
	request->object = object;
	request->named = named;
	return true;
}

static const struct {
	enum verb verb;
	const char *name;
} methods[] = { { VERB_GET, "GET" }, { VERB_POST, "POST" }, { VERB_PUT, "PUT" }, { VERB_PATCH, "PATCH" }, { VERB_DELETE, "DELETE" } };

const char *verb_name(enum verb verb)
{
	for (size_t i = 0; i < COUNT_OF(methods); i++)
		if (methods[i].verb == verb)
			return methods[i].name;
	return "OPTIONS";
}

/* As Allow has them. Whoever may GET may HEAD. */
static const char *allowed_methods(struct request *request, unsigned verbs)
{
	const char *allowed = "";
	for (size_t i = 0; i < COUNT_OF(methods); i++)
		if (verbs & methods[i].verb)
			allowed = arena_print(request->arena, "%s%s, %s", allowed, methods[i].name,
			                      methods[i].verb == VERB_GET ? "HEAD, " : "");
	return arena_print(request->arena, "%sOPTIONS", allowed);
}

void routes_print(FILE *out)
{
	for (size_t i = 0; i < route_count; i++)
		for (size_t j = 0; j < COUNT_OF(methods); j++)
			if (routes[i].verb == methods[j].verb)
				fprintf(out, "%s %s %s\n", methods[j].name, routes[i].pattern, action_name(routes[i].action));
}

/* Two doors: what is counted is told at the inner one alone, how the server is at both, everything else at the outer one. */
static bool is_at_door(const struct route *route, bool inner)
{
	if (route->run == alive || route->run == ready_start)
		return true;
	return (route->run == metrics_tell) == inner;
}

/* The path's route for this method; answered when there is none. */
static bool find_route(struct request *request, struct response *response)
{
	const char *segments[SEGMENTS_MAX];
	size_t count;
	if (!request_split(request, segments, &count)) {
		refuse(request, response, REFUSE_UNKNOWN_PARAMETER, "There are too many query parameters.");
		return false;
	}
	unsigned verbs = 0;
	for (size_t i = 0; i < route_count; i++) {
		if (!is_at_door(&routes[i], request->inner))
			continue;
		if (strcmp(request->target, "*") == 0 || pattern_fits(routes[i].pattern, segments, count, request)) {
			verbs |= routes[i].verb;
			if (routes[i].verb == request->verb)
				request->route = &routes[i];
		}
	}
	if (request->route)
		return true;
	if (!verbs)
		refuse(request, response, REFUSE_NOT_FOUND, "There is nothing at this address.");
	else if (request->verb == VERB_OPTIONS)
		respond_empty(response, 204);
	else
		refuse(request, response, REFUSE_METHOD_NOT_ALLOWED, "%s is not possible here.", request->method);
	if (verbs)
		response->allow = allowed_methods(request, verbs);
	return false;
}

/* `names` is "date limit". */
static bool names_hold(const char *names, const char *name)
{
	size_t length = strlen(name);
	while (*names) {
		names += strspn(names, " ");
		size_t here = strcspn(names, " ");
		if (here > 0 && here == length && strncmp(names, name, length) == 0)
			return true;
		names += here;
	}
	return false;
}

static bool check_parameters(struct request *request, struct response *response)
{
	for (size_t i = 0; i < request->parameter_count; i++) {
		const char *name = request->parameters[i].name;
		if (!names_hold(request->route->parameters, name)) {
			refuse(request, response, REFUSE_UNKNOWN_PARAMETER, "Known here: %s.",
			       *request->route->parameters ? request->route->parameters : "no query parameter at all");
			return false;
		}
		for (size_t j = 0; j < i; j++)
			if (strcmp(request->parameters[j].name, name) == 0) {
				refuse(request, response, REFUSE_UNKNOWN_PARAMETER, "A query parameter may be given once.");
				return false;
			}
	}
	return true;
}

/* Answers that are not application/json, or not that alone: the first of them is for whoever does not mind. */
static const struct {
	handler *run;
	const char *types;
} answers[] = {
	{ alive, "text/plain" },
	{ metrics_tell, "text/plain" },
	{ api_description, "application/yaml" },
	{ api_catalog, "application/linkset+json" },
	{ problem_page, "text/html" },
	{ security_contact, "text/plain" },
	{ event_stream, "text/event-stream" },
	{ card_one, JSON " " VCARD },
	{ calendar_of_key, CALENDAR },
	{ calendar_of_space, CALENDAR },
	{ calendar_of_network, CALENDAR },
	{ device_show, "text/html" },
	{ device_answer, "text/html" },
};

static const char *media_types(const struct route *route)
{
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		if (answers[i].run == route->run)
			return answers[i].types;
	return JSON;
}

bool route_accepts(struct request *request, struct response *response)
{
	const char *types = media_types(request->route);
	request->media = accept_best(request->arena, request_field(request, "Accept"), types);
	if (request->media)
		return true;
	refuse(request, response, REFUSE_NOT_ACCEPTABLE, "The answer is %s.", types);
	return false;
}

#define MERGE_PATCH "application/merge-patch+json"

static bool is_type(const char *type, size_t length, const char *wanted)
{
	return length == strlen(wanted) && strncasecmp(type, wanted, length) == 0;
}

static bool check_type(struct request *request, const char *wanted, struct response *response)
{
	const char *type = request_field(request, "Content-Type");
	size_t length = type ? strcspn(type, "; \t") : 0;
	bool is_change = request->verb == VERB_PATCH;
	if (is_type(type, length, wanted) || (is_change && is_type(type, length, MERGE_PATCH)))
		return true;
	if (is_change)
		wanted = MERGE_PATCH ", " JSON;
	refuse(request, response, REFUSE_UNSUPPORTED_MEDIA_TYPE, "Send the body as %s.", wanted);
	*(is_change ? &response->accept_patch : &response->accept_post) = wanted;
	return false;
}

static bool read_json(struct request *request, struct response *response)
{
	struct problem why = { 0 };
	if (!check_type(request, JSON, response))
		return false;
	request->json = wire_parse(request->body, request->body_length, &why);
	if (!request->json) {
		refuse(request, response, REFUSE_MALFORMED_JSON, "%s", why.text);
		return false;
	}
	if (cJSON_IsObject(request->json))
		return true;
	problem_set(&why, PROBLEM_PROTOCOL, NULL, "The body must be a JSON object.");
	refuse_body(request, response, &why);
	return false;
}

/* What is wrong with a form is told by its handler: OAuth has its own words for it, and a page is read by a person. */
static bool read_form(struct request *request, struct response *response)
{
	if (!check_type(request, "application/x-www-form-urlencoded", response))
		return false;
	struct form *form = arena_get(request->arena, sizeof *form);
	if (form_read(request->body, request->body_length, request->arena, form))
		request->form = form;
	return true;
}

static bool read_body(struct request *request, struct response *response)
{
	switch (request->route->body) {
	case BODY_NONE:
		return true;
	case BODY_JSON:
		return read_json(request, response);
	case BODY_MAYBE:
		return request->body_length == 0 || read_json(request, response);
	case BODY_FORM:
		return read_form(request, response);
	}
	return false;
}

bool route_prepare(struct request *request, struct response *response)
{
	if (!find_route(request, response) || !check_parameters(request, response) || !route_accepts(request, response) ||
	    !read_body(request, response))
		return false;
	request_continue(request, request->route->place, request->route->run);
	return true;
}

/* Who asks, and whether they may do such a thing to anything at all. False: answered. */
static bool may_come_in(struct request *request, struct db_tx *tx, struct response *response)
{
	if (!tx || request->identified || rights_need(request->route->action) == NEED_NOBODY)
		return true;
	if (!authenticate(request, tx, response))
		return false;
	if (rights_allow_some(&request->caller, request->route->action))
		return true;
	refuse(request, response, REFUSE_NOT_ALLOWED, "None of your roles allows this.");
	return false;
}

void route_run(struct request *request, struct db_tx *tx, struct response *response)
{
	handler *run = request->next.run;
	request->next.run = NULL;
	if (!may_come_in(request, tx, response))
		return;
	run(request, tx, response);
	idempotency_settle(request, response);
	if (tx && db_tx_failed(tx)) {
		request->next.run = NULL;
		refuse(request, response, REFUSE_STORAGE_UNAVAILABLE, "The database does not answer. Nothing was changed; try again.");
	}
}
