/* auth.c — see auth.h. */
#include "auth.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "route.h"
#include "scope.h"

#define RANDOM_BYTES 32

static void token_write(const char *prefix, const unsigned char bytes[RANDOM_BYTES], char token[TOKEN_SIZE],
                        unsigned char hash[TOKEN_HASH_BYTES])
{
	size_t length = strlen(prefix);
	memcpy(token, prefix, length);
	sodium_bin2base64(token + length, TOKEN_SIZE - length, bytes, RANDOM_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
}

void token_make(const char *prefix, char token[TOKEN_SIZE], unsigned char hash[TOKEN_HASH_BYTES])
{
	unsigned char random[RANDOM_BYTES];
	randombytes_buf(random, sizeof random);
	token_write(prefix, random, token, hash);
	sodium_memzero(random, sizeof random);
}

void token_derive(const char *prefix, const char *from, const unsigned char salt[REFRESH_SALT_BYTES], char token[TOKEN_SIZE],
                  unsigned char hash[TOKEN_HASH_BYTES])
{
	unsigned char bytes[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, salt, REFRESH_SALT_BYTES);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)prefix, strlen(prefix));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)from, strlen(from));
	crypto_auth_hmacsha256_final(&state, bytes);
	token_write(prefix, bytes, token, hash);
	sodium_memzero(bytes, sizeof bytes);
	sodium_memzero(&state, sizeof state);
}

bool token_hash(const char *prefix, const char *token, unsigned char hash[TOKEN_HASH_BYTES])
{
	if (strlen(token) != TOKEN_SIZE - 1 || strncmp(token, prefix, strlen(prefix)) != 0)
		return false;
	crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
	return true;
}

static bool refuse_token(struct request *request, struct response *response)
{
	refuse(request, response, REFUSE_UNAUTHENTICATED, "This token is unknown or past its time: log in again.");
	response->authenticate = "Bearer realm=\"hacktiv\", error=\"invalid_token\"";
	return false;
}

bool log_in_is_fresh(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct session *session = db_find_session(tx, request->member->id, request->caller.session_id, request->now, request->arena);
	if (session && request->now - session->created_at < FRESH_LOG_IN_S)
		return true;
	refuse(request, response, REFUSE_UNAUTHENTICATED, "Log in anew for this: it asks for your password in the last quarter of an hour.");
	response->authenticate = arena_print(request->arena, "Bearer realm=\"hacktiv\", error=\"insufficient_user_authentication\", max_age=%d",
	                                     FRESH_LOG_IN_S);
	return false;
}

bool check_scope(struct request *request, enum action action, struct response *response)
{
	unsigned needed = scope_for(action);
	if (scopes_hold(request->caller.scopes, needed))
		return true;
	const char *names = scopes_write(needed, request->arena);
	if (*names)
		refuse(request, response, REFUSE_INSUFFICIENT_SCOPE, "This token may not do that: it would need the scope %s.", names);
	else
		refuse(request, response, REFUSE_INSUFFICIENT_SCOPE, "No token may do that: log in with your password.");
	response->authenticate = arena_print(request->arena, "Bearer realm=\"hacktiv\", error=\"insufficient_scope\"%s%s%s",
	                                     *names ? ", scope=\"" : "", names, *names ? "\"" : "");
	return false;
}

bool caller_of_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now, struct arena *arena,
                     struct caller *caller)
{
	const struct token_owner *owner = db_find_token(tx, hash, now, arena);
	*caller = (struct caller){ 0 };
	if (!owner)
		return false;
	*caller = (struct caller){ .member = owner->member, .scopes = owner->scopes, .session_id = owner->session_id };
	/* With a token that has not the scope for it, one is a member like any other. */
	if (scopes_hold(owner->scopes, SCOPE_STAFF))
		caller->roles = db_list_roles(tx, owner->member->id, arena, &caller->role_count);
	return true;
}

bool authenticate(struct request *request, struct db_tx *tx, struct response *response)
{
	/* Only what succeeds is remembered: a step that runs again after the database was lost asks again. */
	const char *given = request_field(request, "Authorization");
	if (!given) {
		if (rights_need(request->route->action) == NEED_ANYBODY)
			return request->identified = true;
		refuse(request, response, REFUSE_UNAUTHENTICATED, "This needs a token: log in first.");
		return false;
	}
	if (request_field_count(request, "Authorization") > 1 || strncasecmp(given, "Bearer ", 7) != 0)
		return refuse_token(request, response);
	const char *token = given + 7 + strspn(given + 7, " ");
	if (!token_hash(TOKEN_ACCESS, token, request->token_hash))
		return refuse_token(request, response);
	if (!caller_of_token(tx, request->token_hash, request->now, request->arena, &request->caller))
		return refuse_token(request, response);
	request->member = request->caller.member;
	return request->identified = check_scope(request, request->route->action, response);
}
