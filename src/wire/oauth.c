/* oauth.c — what OAuth 2.0 says in JSON: a device and its code, tokens, and why there are none. */
#include "inside.h"

#include <string.h>

#define LIFE_MAX_S (10 * 365 * 24 * 3600)
#define INTERVAL_S 5      /* when it is not told: RFC 8628, 3.2 */
#define INTERVAL_MAX_S 600
#define CODE_MAX 40u      /* bytes of what a person types */

/* Shown for a person to open: an address that a browser takes as it stands. */
static bool read_address(const cJSON *object, const char *name, struct arena *arena, const char **out, struct problem *why)
{
	*out = wire_text(object, name, TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	bool known = strncmp(*out, "https://", 8) == 0 || strncmp(*out, "http://", 7) == 0;
	for (const char *at = *out; known && *at; at++)
		known = *at > ' ' && *at < 0x7f;
	return known || wire_wrong(name, _("“%s” should be an address that begins with https:// or http://."), why);
}

bool wire_device_read(const cJSON *object, struct arena *arena, struct wire_device *out, struct problem *why)
{
	int64_t life_s, interval_s;
	out->whole_address = "";
	if (!wire_token(object, "device_code", arena, &out->device_code, why) ||
	    !wire_need_text(object, "user_code", CODE_MAX, arena, &out->user_code, why) ||
	    !read_address(object, "verification_uri", arena, &out->address, why) ||
	    !wire_int(object, "expires_in", 1, LIFE_MAX_S, 0, &life_s, why) ||
	    !wire_int(object, "interval", 0, INTERVAL_MAX_S, INTERVAL_S, &interval_s, why))
		return false;
	if (!life_s)
		return wire_wrong("expires_in", _("“%s” is missing."), why);
	if (cJSON_HasObjectItem(object, "verification_uri_complete") &&
	    !read_address(object, "verification_uri_complete", arena, &out->whole_address, why))
		return false;
	out->life_s = (int)life_s;
	out->interval_s = (int)interval_s;
	return true;
}

cJSON *wire_device_write(const struct wire_device *device)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "device_code", device->device_code);
	cJSON_AddStringToObject(object, "user_code", device->user_code);
	cJSON_AddStringToObject(object, "verification_uri", device->address);
	wire_add_filled(object, "verification_uri_complete", device->whole_address);
	wire_add_int(object, "expires_in", device->life_s);
	wire_add_int(object, "interval", device->interval_s);
	return object;
}

bool wire_tokens_read(const cJSON *object, struct arena *arena, struct wire_tokens *out, struct problem *why)
{
	out->refresh = NULL;
	if (!wire_token(object, "access_token", arena, &out->access, why) ||
	    !wire_int(object, "expires_in", 0, LIFE_MAX_S, 0, &out->life_s, why) ||
	    (cJSON_HasObjectItem(object, "refresh_token") && !wire_token(object, "refresh_token", arena, &out->refresh, why)))
		return false;
	out->scope = wire_text(object, "scope", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	return true;
}

cJSON *wire_tokens_write(const struct wire_tokens *tokens)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "access_token", tokens->access);
	cJSON_AddStringToObject(object, "token_type", "Bearer");
	wire_add_int(object, "expires_in", tokens->life_s);
	wire_add_filled(object, "refresh_token", tokens->refresh);
	cJSON_AddStringToObject(object, "scope", tokens->scope);
	return object;
}

bool wire_oauth_error_read(const cJSON *object, struct arena *arena, struct wire_oauth_error *out, struct problem *why)
{
	out->description = wire_text(object, "error_description", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	return wire_need_text(object, "error", TEXT_NAME_MAX, arena, &out->error, why);
}

cJSON *wire_oauth_error_write(const struct wire_oauth_error *error)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "error", error->error);
	cJSON_AddStringToObject(object, "error_description", error->description);
	return object;
}
