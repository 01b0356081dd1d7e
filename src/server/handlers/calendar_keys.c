/* calendar_keys.c — the addresses of one's own calendar: made for one program each, so that each can be taken away alone. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../auth.h"
#include "../body.h"
#include "../db/subscription.h"
#include "../public_url.h"

#define KEYS_MAX 20

static cJSON *key_object(const struct calendar_key *key)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", key->id);
	cJSON_AddStringToObject(object, "name", key->name);
	wire_add_instant(object, "created_at", NULL, key->created_at);
	if (key->used_at)
		wire_add_instant(object, "used_at", NULL, key->used_at);
	else
		cJSON_AddNullToObject(object, "used_at");
	return object;
}

void calendar_key_list(struct request *request, struct db_tx *tx, struct response *response)
{
	size_t count = 0;
	cJSON *items = cJSON_CreateArray();
	const struct calendar_key *keys = db_list_calendar_keys(tx, request->member->id, KEYS_MAX, request->arena, &count);
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(items, key_object(&keys[i]));
	respond_json(response, 200, collection(items, NULL), CACHE_NEVER);
}

/* NULL: refused. */
static const char *read_name(struct request *request, struct response *response)
{
	static const char *const known[] = { "name", NULL };
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(request->json, "name");
	if (!body_check(request, known, response))
		return NULL;
	if (cJSON_IsString(name) && *name->valuestring &&
	    text_is_clean(name->valuestring, strlen(name->valuestring), TEXT_ONE_LINE, TEXT_NAME_MAX))
		return arena_copy_text(request->arena, name->valuestring);
	refuse_member(request, response, "name", "Say which program it is for, so that you know it again: one line of text.");
	return NULL;
}

/* The one time that the address is told. No Idempotency-Key: no secret belongs into such a record. */
void calendar_key_add(struct request *request, struct db_tx *tx, struct response *response)
{
	char secret[TOKEN_SIZE], id[UUID_SIZE];
	unsigned char hash[TOKEN_HASH_BYTES];
	size_t count = 0;
	const char *name = read_name(request, response);
	if (!name)
		return;
	db_list_calendar_keys(tx, request->member->id, KEYS_MAX, request->arena, &count);
	if (count == KEYS_MAX) {
		refuse_member(request, response, "", "Twenty addresses are all that one may have: take some away first.");
		return;
	}
	uuid_make(&request->server->clock, id);
	token_make(TOKEN_CALENDAR, secret, hash);
	const struct calendar_key key = { .id = id, .member_id = request->member->id, .name = name, .created_at = request->now };
	if (!db_add_calendar_key(tx, hash, &key))
		return;
	cJSON *object = key_object(&key);
	cJSON_AddStringToObject(object, "url", arena_print(request->arena, "%s/v1/calendars/%s.ics", public_url(request), secret));
	respond_json(response, 201, object, CACHE_NEVER);
	response->location = arena_print(request->arena, "/v1/members/me/calendar-keys/%s", id);
}

void calendar_key_remove(struct request *request, struct db_tx *tx, struct response *response)
{
	if (db_remove_calendar_key(tx, request->member->id, request->object))
		respond_empty(response, 204);
	else
		refuse(request, response, REFUSE_NOT_FOUND, "You have no such calendar address.");
}
