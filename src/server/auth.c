/* auth.c — see auth.h. */
#include "auth.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "route.h"

#define PREFIX "hkt_"   /* lets scanners that look for leaked secrets know ours */

void token_make(char token[TOKEN_SIZE], unsigned char hash[TOKEN_HASH_BYTES])
{
	unsigned char random[32];
	randombytes_buf(random, sizeof random);
	memcpy(token, PREFIX, strlen(PREFIX));
	sodium_bin2base64(token + strlen(PREFIX), TOKEN_SIZE - strlen(PREFIX), random, sizeof random,
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
	sodium_memzero(random, sizeof random);
}

static bool refuse_token(struct request *request, struct response *response)
{
	refuse(request, response, REFUSE_UNAUTHENTICATED, "This token is unknown or past its time: log in again.");
	response->authenticate = "Bearer realm=\"hacktiv\", error=\"invalid_token\"";
	return false;
}

bool caller_of_token(struct db_tx *tx, const unsigned char hash[TOKEN_HASH_BYTES], int64_t now, struct arena *arena,
                     struct caller *caller)
{
	*caller = (struct caller){ .member = db_find_member_by_token(tx, hash, now, arena) };
	if (caller->member)
		caller->roles = db_list_roles(tx, caller->member->id, arena, &caller->role_count);
	return caller->member;
}

bool authenticate(struct request *request, struct db_tx *tx, struct response *response)
{
	request->identified = true;
	const char *given = request_field(request, "Authorization");
	if (!given) {
		if (rights_need(request->route->action) == NEED_ANYBODY)
			return true;
		refuse(request, response, REFUSE_UNAUTHENTICATED, "This needs a token: log in first.");
		return false;
	}
	if (request_field_count(request, "Authorization") > 1 || strncasecmp(given, "Bearer ", 7) != 0)
		return refuse_token(request, response);
	const char *token = given + 7 + strspn(given + 7, " ");
	if (strlen(token) != TOKEN_SIZE - 1 || strncmp(token, PREFIX, strlen(PREFIX)) != 0)
		return refuse_token(request, response);
	crypto_hash_sha256(request->token_hash, (const unsigned char *)token, strlen(token));
	if (!caller_of_token(tx, request->token_hash, request->now, request->arena, &request->caller))
		return refuse_token(request, response);
	request->member = request->caller.member;
	return true;
}
