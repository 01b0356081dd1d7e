/* member.c — who one is, and the log-in that says so. */
#include "inside.h"

#include <string.h>

#define TOKEN_MAX 512u
#define PASSWORD_MAX (64u * 1024u)   /* bytes, as many as a request may have: how long a password is says nothing about its form */

bool wire_member_read(const cJSON *object, struct arena *arena, struct member *member, struct problem *why)
{
	*member = (struct member){ 0 };
	if (!wire_need_text(object, "id", WIRE_ID_MAX, arena, &member->id, why) ||
	    !wire_need_text(object, "name", TEXT_NAME_MAX, arena, &member->name, why))
		return false;
	member->login = wire_text(object, "login", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	member->home_space_id = wire_text(object, "home_space_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	member->usual_resource_id = wire_text(object, "usual_resource_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	return true;
}

cJSON *wire_member_write(const struct member *member)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", member->id);
	cJSON_AddStringToObject(object, "login", member->login);
	cJSON_AddStringToObject(object, "name", member->name);
	cJSON_AddStringToObject(object, "home_space_id", member->home_space_id);
	cJSON_AddStringToObject(object, "usual_resource_id", member->usual_resource_id);
	return object;
}

bool wire_secret(const cJSON *object, const char *name, size_t most, struct arena *arena, const char **out, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsString(member) || !*member->valuestring || strlen(member->valuestring) > most)
		return wire_wrong(name, _("“%s” should be text, not empty and not too long."), why);
	*out = arena_copy_text(arena, member->valuestring);
	return true;
}

bool wire_token(const cJSON *object, const char *name, struct arena *arena, const char **out, struct problem *why)
{
	if (!wire_secret(object, name, TOKEN_MAX, arena, out, why))
		return false;
	if ((*out)[strspn(*out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=")])
		return wire_wrong(name, _("“%s” is not a token (RFC 6750)."), why);
	return true;
}

bool wire_credentials_read(const cJSON *object, struct arena *arena, struct wire_credentials *out, struct problem *why)
{
	static const char *const known[] = { "login", "password", "refresh", "client", NULL };
	const cJSON *refresh = cJSON_GetObjectItemCaseSensitive(object, "refresh");
	out->refresh = cJSON_IsTrue(refresh);
	if (refresh && !cJSON_IsBool(refresh))
		return wire_wrong("refresh", _("“%s” should be true or false."), why);
	const cJSON *client = cJSON_GetObjectItemCaseSensitive(object, "client");
	if (client && !(cJSON_IsString(client) && *client->valuestring))
		return wire_wrong("client", _("“%s” should be one of the names in the description."), why);
	out->client = wire_text(object, "client", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	return wire_only(object, known, why) && wire_need_text(object, "login", TEXT_NAME_MAX, arena, &out->login, why) &&
	       wire_secret(object, "password", PASSWORD_MAX, arena, &out->password, why);
}

cJSON *wire_credentials_write(const struct wire_credentials *credentials)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "login", credentials->login);
	cJSON_AddStringToObject(object, "password", credentials->password);
	if (credentials->refresh)
		cJSON_AddTrueToObject(object, "refresh");
	wire_add_filled(object, "client", credentials->client);
	return object;
}

bool wire_session_read(const cJSON *object, struct arena *arena, struct wire_session *out, struct problem *why)
{
	out->refresh_token = NULL;
	out->refresh_expires_at = 0;
	if (!wire_token(object, "token", arena, &out->token, why) || !wire_instant(object, "expires_at", &out->expires_at, why))
		return false;
	if (cJSON_HasObjectItem(object, "refresh_token") &&
	    (!wire_token(object, "refresh_token", arena, &out->refresh_token, why) ||
	     !wire_instant(object, "refresh_expires_at", &out->refresh_expires_at, why)))
		return false;
	if (!wire_member_read(cJSON_GetObjectItemCaseSensitive(object, "member"), arena, &out->member, why))
		return wire_within("member", why);
	return true;
}

cJSON *wire_session_write(const struct wire_session *session)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "token", session->token);
	cJSON_AddStringToObject(object, "token_type", "Bearer");
	wire_add_instant(object, "expires_at", NULL, session->expires_at);
	if (session->refresh_token && *session->refresh_token) {
		cJSON_AddStringToObject(object, "refresh_token", session->refresh_token);
		wire_add_instant(object, "refresh_expires_at", NULL, session->refresh_expires_at);
	}
	cJSON_AddItemToObject(object, "member", wire_member_write(&session->member));
	return object;
}
