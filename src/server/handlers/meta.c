/* meta.c — is it alive, is it ready, what can it do. */
#include "handlers.h"

#include <stdatomic.h>
#include <string.h>

#include "../live.h"
#include "../metrics.h"
#include "../route.h"

void alive(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)request;
	(void)tx;
	respond_text(response, 200, "ok");
}

static void tell_readiness(struct request *request, struct response *response, bool database)
{
	bool draining = atomic_load(&request->server->draining);
	bool ready = database && !draining;
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "status", ready ? "pass" : "fail");
	cJSON *checks = cJSON_AddObjectToObject(object, "checks");
	cJSON_AddStringToObject(cJSON_AddObjectToObject(checks, "database"), "status", database ? "pass" : "fail");
	cJSON_AddStringToObject(cJSON_AddObjectToObject(checks, "serving"), "status", draining ? "fail" : "pass");
	respond_json(response, ready ? 200 : 503, object, CACHE_NEVER);
	if (!ready)
		response->retry_after_s = 1;
}

static void ready_read(struct request *request, struct db_tx *tx, struct response *response)
{
	size_t count;
	db_list_spaces(tx, request->arena, &count);
	tell_readiness(request, response, db_is_healthy(request->server->db) && !db_tx_failed(tx));
}

void ready_start(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	/* A database known to be ill need not be asked again; one thought well must show that it still reads. */
	if (db_is_healthy(request->server->db))
		request_continue(request, PLACE_READ, ready_read);
	else
		tell_readiness(request, response, false);
}

static void name_route(size_t route, const char **method, const char **pattern)
{
	*method = verb_name(routes[route].verb);
	*pattern = routes[route].pattern;
}

#define METRICS_MAX (1u << 20)

void metrics_tell(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	struct server *server = request->server;
	struct gauges gauges = {
		.connections = atomic_load(&server->connections),
		.listeners = live_count(server->live),
		.jobs_waiting = db_waiting(server->db),
		.ready = db_is_healthy(server->db) && !atomic_load(&server->draining),
	};
	struct buffer text;
	buffer_init(&text, METRICS_MAX);
	metrics_print(server->metrics, &gauges, name_route, &text);
	respond_text(response, 200, text.bytes);
	response->content_type = "text/plain; version=0.0.4; charset=utf-8";
	buffer_clear(&text);
}

/* What a server can do is what can be asked of it: a feature is told when its route is there. Names are for ever, and listed in the
 * description. */
static const struct {
	const char *name;
	enum verb verb;
	const char *pattern;
} features[] = {
	{ "booking", VERB_POST, "/v1/spaces/{s}/bookings" },
	{ "preview", VERB_POST, "/v1/spaces/{s}/bookings:preview" },
	{ "series", VERB_POST, "/v1/spaces/{s}/bookings:series" },
	{ "moves", VERB_PATCH, "/v1/spaces/{s}/bookings/{id}" },
	{ "approval", VERB_POST, "/v1/spaces/{s}/bookings/{id}/approval" },
	{ "presence", VERB_PUT, "/v1/spaces/{s}/bookings/{id}/check-in" },
	{ "passes", VERB_GET, "/v1/members/me/passes" },
	{ "closures", VERB_PUT, "/v1/spaces/{s}/closures/{id}" },
	{ "changes", VERB_GET, "/v1/spaces/{s}/changes" },
	{ "feed", VERB_GET, "/v1/events" },
	{ "activities", VERB_GET, "/v1/activities" },
	{ "waitlist", VERB_PUT, "/v1/spaces/{s}/activities/{id}/signup" },
	{ "offers", VERB_PATCH, "/v1/spaces/{s}/activities/{id}/signups/{member}" },
	{ "attendance", VERB_PUT, "/v1/spaces/{s}/activities/{id}/attendance" },
	{ "directory", VERB_GET, "/v1/members" },
	{ "roles", VERB_PUT, "/v1/members/{id}/roles/{role}" },
	{ "consent", VERB_GET, "/v1/members/me/consents" },
	{ "export", VERB_GET, "/v1/members/me/export" },
	{ "erasure", VERB_DELETE, "/v1/members/me" },
	{ "oauth", VERB_POST, "/oauth/token" },
	{ "tokens", VERB_POST, "/v1/members/me/tokens" },
	{ "calendars", VERB_POST, "/v1/members/me/calendar-keys" },
};

static bool is_served(enum verb verb, const char *pattern)
{
	for (size_t i = 0; i < route_count; i++)
		if (routes[i].verb == verb && strcmp(routes[i].pattern, pattern) == 0)
			return true;
	return false;
}

void meta(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "api", "1.2.0");
	cJSON_AddStringToObject(object, "server", "hacktivd " HACKTIV_VERSION);
	cJSON *list = cJSON_AddArrayToObject(object, "features");
	for (size_t i = 0; i < COUNT_OF(features); i++)
		if (is_served(features[i].verb, features[i].pattern))
			cJSON_AddItemToArray(list, cJSON_CreateString(features[i].name));
	cJSON_AddNumberToObject(object, "idempotency_ttl_s", IDEMPOTENCY_TTL_S);
	cJSON_AddBoolToObject(object, "sample_data", request->server->sample_data);
	respond_json(response, 200, object, CACHE_SHARED);
}
