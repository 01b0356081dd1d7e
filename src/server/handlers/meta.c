/* meta.c — is it alive, is it ready, what can it do. */
#include "handlers.h"

#include <stdatomic.h>

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

void meta(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	static const char *const features[] = { "booking", "preview", "changes", "activities", "waitlist", "directory", "feed" };
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "api", "1.1.0");
	cJSON_AddStringToObject(object, "server", "hacktivd " HACKTIV_VERSION);
	cJSON_AddItemToObject(object, "features", cJSON_CreateStringArray(features, COUNT_OF(features)));
	cJSON_AddNumberToObject(object, "idempotency_ttl_s", IDEMPOTENCY_TTL_S);
	cJSON_AddBoolToObject(object, "sample_data", request->server->sample_data);
	respond_json(response, 200, object, CACHE_SHARED);
}
