/* changes.c — what changed in a space since a number. */
#include "handlers.h"

#include <inttypes.h>

#include "../feed.h"
#include "../number.h"
#include "../policy.h"

/* "after": the last number the client has; 0 when not given. */
static bool read_after(struct request *request, int64_t *after, struct response *response)
{
	const char *given = request_parameter(request, "after");
	*after = 0;
	if (!given)
		return true;
	if (number_read(given, INT64_MAX, after))
		return true;
	refuse_parameter(request, response, "after", "This is the number of a change, 0 for all.");
	return false;
}

static cJSON *change_object(const struct change *change, const struct zone *zone)
{
	char at[INSTANT_TEXT_SIZE];
	instant_to_text(zone, change->at, at);
	cJSON *object = cJSON_CreateObject();
	cJSON_AddNumberToObject(object, "seq", (double)change->seq);
	cJSON_AddStringToObject(object, "at", at);
	cJSON_AddStringToObject(object, "kind", change->kind);
	cJSON_AddStringToObject(object, "ref", change->ref);
	cJSON_AddNumberToObject(object, "version", (double)change->version);
	return object;
}

void change_list(struct request *request, struct db_tx *tx, struct response *response)
{
	int64_t after;
	int limit;
	const struct space *space = db_find_space(tx, request->space, request->arena);
	if (!space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return;
	}
	const struct zone *zone = policy_zone(request->server, space);
	if (!zone) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	if (!read_after(request, &after, response) || !request_limit(request, &limit, response))
		return;
	int64_t newest = db_last_change(tx, space->id);
	const char *etag = etag_weak(request, "changes %s %" PRId64 " %d %" PRId64, space->id, after, limit, newest);
	if (request_has_copy(request, etag, CACHE_MINE, response))
		return;
	size_t count = 0;
	const struct change *changes = db_list_changes(tx, space->id, after, limit + 1, request->arena, &count);
	bool more = count > (size_t)limit;
	count -= more;
	int64_t last = count > 0 ? changes[count - 1].seq : newest;
	cJSON *object = cJSON_CreateObject(), *items = cJSON_AddArrayToObject(object, "items");
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(items, change_object(&changes[i], zone));
	cJSON_AddNumberToObject(object, "seq", (double)last);
	if (more)
		cJSON_AddStringToObject(object, "next",
		                        arena_print(request->arena, "/v1/spaces/%s/changes?after=%" PRId64 "&limit=%d",
		                                    space->id, last, limit));
	else
		cJSON_AddNullToObject(object, "next");
	respond_json(response, 200, object, CACHE_MINE);
	response->etag = etag;
}
