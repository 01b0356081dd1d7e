/* spaces.c — spaces, what they have, and what is free. */
#include "handlers.h"

#include <inttypes.h>
#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../policy.h"
#include "tell.h"

static struct view view_of(struct request *request, struct db_tx *tx)
{
	return (struct view){ request->server, tx, request->arena, request->now, request->member ? request->member->id : NULL };
}

/* The space of the path and the day asked for. False: answered. */
static bool find_day(struct request *request, struct db_tx *tx, const struct space **space, struct day_halves *halves,
                     struct response *response)
{
	struct view view = view_of(request, tx);
	*space = db_find_space(tx, request->space, request->arena);
	if (!*space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return false;
	}
	struct local_date date;
	if (!request_date(request, "date", policy_today(request->server, *space, request->now), &date, response))
		return false;
	if (policy_halves(&view, *space, date, halves))
		return true;
	refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
	return false;
}

void space_list(struct request *request, struct db_tx *tx, struct response *response)
{
	struct view view = view_of(request, tx);
	size_t count = 0;
	const struct space *spaces = db_list_spaces(tx, request->arena, &count);
	struct day_halves *halves = arena_get(request->arena, (count + 1) * sizeof *halves);
	const char *state = "";
	for (size_t i = 0; i < count; i++) {
		struct local_date date;
		if (!request_date(request, "date", policy_today(request->server, &spaces[i], request->now), &date, response))
			return;
		if (!policy_halves(&view, &spaces[i], date, &halves[i])) {
			refuse(request, response, REFUSE_INTERNAL, "A space's time zone is not known on this machine.");
			return;
		}
		state = arena_print(request->arena, "%s %s", state, day_state(tx, request->arena, &spaces[i], &halves[i]));
	}
	const char *etag = etag_weak(request, "spaces%s", state);
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(items, wire_space_write(policy_with_day(&view, &spaces[i], &halves[i])));
	respond_json(response, 200, collection(items, NULL), cache_for(request));
	response->etag = etag;
}

void space_one(struct request *request, struct db_tx *tx, struct response *response)
{
	struct view view = view_of(request, tx);
	const struct space *space;
	struct day_halves halves;
	if (!find_day(request, tx, &space, &halves, response))
		return;
	const char *etag = etag_weak(request, "space %s", day_state(tx, request->arena, space, &halves));
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	respond_json(response, 200, wire_space_write(policy_with_day(&view, space, &halves)), cache_for(request));
	response->etag = etag;
}

void space_resources(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	if (!space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return;
	}
	const char *etag = etag_weak(request, "resources %s:%" PRId64, space->id, space->version);
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	size_t count = 0;
	const struct resource *resources = db_list_resources(tx, space->id, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(items, wire_resource_write(&resources[i]));
	respond_json(response, 200, collection(items, NULL), cache_for(request));
	response->etag = etag;
}

/* The same for a day alone as for its availability: whoever has one and what the space has, has the other. */
static const char *day_etag(const struct view *view, struct request *request, const struct space *space, const struct day_halves *halves,
                            const char *only)
{
	return etag_weak(request, "availability %s%s for %s", day_state(view->tx, request->arena, space, halves), only,
	                 view->member_id ? view->member_id : "");
}

void space_availability(struct request *request, struct db_tx *tx, struct response *response)
{
	struct view view = view_of(request, tx);
	const struct space *space;
	struct day_halves halves;
	if (!find_day(request, tx, &space, &halves, response))
		return;
	const char *etag = day_etag(&view, request, space, &halves, "");
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	size_t count = 0;
	const struct resource_day *rows = policy_rows(&view, space, &halves, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(items, wire_resource_day_write(&rows[i]));
	cJSON *object = collection(items, NULL);
	cJSON_AddItemToObject(object, "space", wire_space_write(policy_with_day(&view, space, &halves)));
	respond_json(response, 200, object, cache_for(request));
	response->etag = etag;
}

/* What changes from day to day, without what it changes in: whoever has that, and sees by the version that it is still so, pays for no more. */
void space_day_alone(struct request *request, struct db_tx *tx, struct response *response)
{
	struct view view = view_of(request, tx);
	const struct space *space;
	struct day_halves halves;
	if (!find_day(request, tx, &space, &halves, response))
		return;
	const char *only = request_parameter(request, "resource");
	if (only && !uuid_is_valid(only)) {
		refuse_parameter(request, response, "resource", "This is the id of a resource.");
		return;
	}
	const char *etag = day_etag(&view, request, space, &halves, only ? only : "");
	if (request_has_copy(request, etag, cache_for(request), response))
		return;
	size_t count = 0;
	const struct resource_day *rows = policy_rows(&view, space, &halves, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		if (only ? strcmp(rows[i].resource.id, only) == 0 : !wire_slots_are_free(&rows[i]))
			cJSON_AddItemToArray(items, wire_slots_write(&(struct wire_slots){ (int)i, rows[i] }));
	}
	cJSON *object = collection(items, NULL);
	wire_space_day_write(object, policy_with_day(&view, space, &halves));
	respond_json(response, 200, object, cache_for(request));
	response->etag = etag;
}
