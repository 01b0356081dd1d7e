/* oauth.c — OAuth 2.0 for programs that have no browser: the device grant (RFC 8628), refresh tokens (RFC 6749, 6), revocation
 * (RFC 7009), and what a client can find out by itself (RFC 8414). Errors are those of RFC 6749, 5.2. */
#include "handlers.h"

#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "hacktiv/wire.h"

#include "../client.h"
#include "../issue.h"
#include "../limit.h"
#include "../public_url.h"
#include "../scope.h"
#include "../user_code.h"

#define GRANT_DEVICE "urn:ietf:params:oauth:grant-type:device_code"
#define GRANT_REFRESH "refresh_token"
#define DEVICE_LIFE_S 900
#define POLL_INTERVAL_S 5     /* at first, and what each poll that comes too early adds */
#define CODES_TRIED 5         /* one that another device has just now is not an accident that comes five times */

struct oauth_error {
	int status;
	struct wire_oauth_error why;
};

static void answer_error(struct response *response, struct oauth_error error)
{
	respond_json(response, error.status, wire_oauth_error_write(&error.why), CACHE_NEVER);
	if (error.status == 401)
		response->authenticate = "Basic realm=\"hacktiv\"";
}

static void refuse_now(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	answer_error(response, *(const struct oauth_error *)request->notes);
}

/* What was written in this step stays, though the answer is a refusal. */
static void keep_and_refuse(struct request *request, const char *error, const char *description)
{
	struct oauth_error *notes = arena_get(request->arena, sizeof *notes);
	*notes = (struct oauth_error){ 400, { error, description } };
	request->notes = notes;
	request_continue(request, PLACE_HERE, refuse_now);
}

#define REFUSE(what, sentence) answer_error(response, (struct oauth_error){ 400, { (what), (sentence) } })

/* One without a value was not sent (RFC 6749, 3.1). */
static const char *value(const struct request *request, const char *name)
{
	const char *given = form_value(request->form, name);
	return given && *given ? given : NULL;
}

static bool check_form(const struct request *request, struct response *response)
{
	if (request->form)
		return true;
	REFUSE("invalid_request", "The body is no form, or a parameter stands in it twice.");
	return false;
}

/* NULL: refused. */
static const struct client *check_client(const struct request *request, struct response *response)
{
	const char *id = value(request, "client_id");
	const struct client *client = id ? client_find(id) : NULL;
	const char *authorization = request_field(request, "Authorization");
	/* None of them has a secret to show. */
	if ((authorization && strncasecmp(authorization, "Basic", 5) == 0) || (id && !client))
		answer_error(response, (struct oauth_error){ 401, { "invalid_client", "This client is not known, or shows a secret that none has." } });
	else if (!id)
		REFUSE("invalid_request", "client_id is missing.");
	else
		return client;
	return NULL;
}

static bool read_scopes(const struct request *request, unsigned fallback, unsigned *scopes, struct response *response)
{
	const char *given = value(request, "scope");
	*scopes = fallback;
	if (!given || (scopes_read(given, scopes) && *scopes))
		return true;
	REFUSE("invalid_scope", "Known are: bookings bookings:write directory profile:write staff stats.");
	return false;
}

/* ---- a device asks --------------------------------------------------------------------------------------------------- */

static void tell_device(const struct request *request, const struct device *device, const char *device_code, struct response *response)
{
	char shown[USER_CODE_SHOWN_SIZE];
	const char *page = arena_print(request->arena, "%s/device", public_url(request));
	user_code_show(device->user_code, shown);
	const struct wire_device told = { .device_code = device_code, .user_code = shown, .address = page,
		                          .whole_address = arena_print(request->arena, "%s?user_code=%s", page, shown),
		                          .life_s = DEVICE_LIFE_S, .interval_s = POLL_INTERVAL_S };
	respond_json(response, 200, wire_device_write(&told), CACHE_NEVER);
}

void oauth_device(struct request *request, struct db_tx *tx, struct response *response)
{
	unsigned scopes;
	const struct client *client = check_form(request, response) ? check_client(request, response) : NULL;
	if (!client || !read_scopes(request, SCOPES_TO_GRANT, &scopes, response) ||
	    !limit_take(request, tx, LIMIT_DEVICE, origin_house(request->address, request->arena), response))
		return;
	char code[TOKEN_SIZE], user_code[USER_CODE_SIZE];
	unsigned char hash[TOKEN_HASH_BYTES];
	token_make(TOKEN_DEVICE, code, hash);
	const struct device device = { .hash = hash, .user_code = user_code, .client = client->id, .scopes = scopes,
		                       .address = request->address, .created_at = request->now,
		                       .expires_at = request->now + DEVICE_LIFE_S, .interval_s = POLL_INTERVAL_S };
	bool taken = true;
	for (int i = 0; taken && i < CODES_TRIED; i++) {
		user_code_make(user_code);
		if (!db_add_device(tx, &device, &taken))
			return;
	}
	if (taken)
		refuse(request, response, REFUSE_OVERLOADED, "There is no free code just now: try again in a moment.");
	else
		tell_device(request, &device, code, response);
}

/* ---- tokens ---------------------------------------------------------------------------------------------------------- */

static void tell_tokens(const struct request *request, const struct issued *issued, struct response *response)
{
	const struct wire_tokens tokens = { .access = issued->access, .refresh = issued->refresh, .life_s = issued->expires_at - request->now,
		                            .scope = scopes_write(issued->scopes, request->arena) };
	respond_json(response, 200, wire_tokens_write(&tokens), CACHE_NEVER);
}

static void let_in(struct request *request, struct db_tx *tx, const struct client *client, const struct device *device,
                   struct response *response)
{
	bool moved;
	struct issued issued;
	if (!db_move_device(tx, device, DEVICE_SPENT, &moved))
		return;
	if (!moved)
		REFUSE("invalid_grant", "This device code was used.");
	else if (issue_first(request, tx, SESSION_DEVICE, client->id, device->member_id, device->scopes, client->refreshes, ACCESS_LIFE_S,
	                     &issued))
		tell_tokens(request, &issued, response);
}

static void poll(struct request *request, struct db_tx *tx, const struct device *device)
{
	bool early = device->polled_at && request->now < device->polled_at + device->interval_s;
	int interval_s = device->interval_s + (early ? POLL_INTERVAL_S : 0);
	if (!db_poll_device(tx, device, request->now, interval_s))
		return;
	if (early)
		keep_and_refuse(request, "slow_down", arena_print(request->arena, "From now on at most every %d seconds.", interval_s));
	else
		keep_and_refuse(request, "authorization_pending", "Nobody has answered yet.");
}

static void grant_device(struct request *request, struct db_tx *tx, const struct client *client, struct response *response)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	const char *code = value(request, "device_code");
	if (!code) {
		REFUSE("invalid_request", "device_code is missing.");
		return;
	}
	const struct device *device = token_hash(TOKEN_DEVICE, code, hash) ? db_find_device(tx, hash, request->arena) : NULL;
	if (!device || strcmp(device->client, client->id) != 0) {
		REFUSE("invalid_grant", "This device code is unknown.");
		return;
	}
	if (device->expires_at <= request->now && device->state != DEVICE_SPENT) {
		REFUSE("expired_token", "This device code is past its time: ask for another.");
		return;
	}
	switch (device->state) {
	case DEVICE_WAITING:
		poll(request, tx, device);
		return;
	case DEVICE_GRANTED:
		let_in(request, tx, client, device, response);
		return;
	case DEVICE_DENIED:
		REFUSE("access_denied", "The answer was no.");
		return;
	case DEVICE_SPENT:
		REFUSE("invalid_grant", "This device code was used.");
		return;
	}
}

static void grant_refresh(struct request *request, struct db_tx *tx, const struct client *client, struct response *response)
{
	struct issued issued;
	unsigned scopes;
	const char *token = value(request, "refresh_token");
	if (!client->refreshes) {
		REFUSE("unauthorized_client", "This client stays logged in for an hour only.");
		return;
	}
	if (!token) {
		REFUSE("invalid_request", "refresh_token is missing.");
		return;
	}
	if (!read_scopes(request, 0, &scopes, response))
		return;
	switch (issue_next(request, tx, token, client->id, scopes, &issued)) {
	case ISSUE_DONE:
		tell_tokens(request, &issued, response);
		return;
	case ISSUE_INVALID:
		REFUSE("invalid_grant", "This refresh token is unknown or past its time: log in again.");
		return;
	case ISSUE_REUSED:
		keep_and_refuse(request, "invalid_grant", "This refresh token was used before. Its session is over: log in again.");
		return;
	case ISSUE_TOO_MUCH:
		REFUSE("invalid_scope", "More is asked for than was granted.");
		return;
	case ISSUE_FAILED:
		return;
	}
}

void oauth_token(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct client *client = check_form(request, response) ? check_client(request, response) : NULL;
	if (!client)
		return;
	const char *grant = value(request, "grant_type");
	if (!grant)
		REFUSE("invalid_request", "grant_type is missing.");
	else if (strcmp(grant, GRANT_DEVICE) == 0)
		grant_device(request, tx, client, response);
	else if (strcmp(grant, GRANT_REFRESH) == 0)
		grant_refresh(request, tx, client, response);
	else
		REFUSE("unsupported_grant_type", "Known are the device code and the refresh token.");
}

/* ---- the end of it --------------------------------------------------------------------------------------------------- */

/* A token that is none needs no revoking: 200 all the same (RFC 7009, 2.2). */
void oauth_revoke(struct request *request, struct db_tx *tx, struct response *response)
{
	unsigned char hash[TOKEN_HASH_BYTES];
	bool done = true;
	if (!check_form(request, response) || !check_client(request, response))
		return;
	const char *token = value(request, "token");
	if (!token) {
		REFUSE("invalid_request", "token is missing.");
		return;
	}
	if (token_hash(TOKEN_REFRESH, token, hash)) {
		const struct refresh *refresh = db_find_refresh(tx, hash, request->arena);
		done = !refresh || db_end_session(tx, refresh->session->member_id, refresh->session->id);
	} else if (token_hash(TOKEN_ACCESS, token, hash)) {
		const struct token_owner *owner = db_find_token(tx, hash, request->now, request->arena);
		done = !owner || !*owner->session_id || db_end_session(tx, owner->member->id, owner->session_id);
		done = done && db_remove_token(tx, hash);
	}
	if (done)
		respond_json(response, 200, cJSON_CreateObject(), CACHE_NEVER);
}

static void add_address(cJSON *object, const char *name, const struct request *request, const char *path)
{
	struct buffer address;
	buffer_init(&address, 4096);
	buffer_print(&address, "%s%s", public_url(request), path);
	cJSON_AddStringToObject(object, name, address.bytes);
	buffer_clear(&address);
}

void oauth_metadata(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	static const char *const grants[] = { GRANT_DEVICE, GRANT_REFRESH };
	static const char *const methods[] = { "none" };
	cJSON *object = cJSON_CreateObject(), *scopes = cJSON_CreateArray();
	for (unsigned i = 0; i < SCOPES_NAMED; i++)
		cJSON_AddItemToArray(scopes, cJSON_CreateString(scope_name((enum scope)(1u << i))));
	add_address(object, "issuer", request, "");
	add_address(object, "token_endpoint", request, "/oauth/token");
	add_address(object, "device_authorization_endpoint", request, "/oauth/device_authorization");
	add_address(object, "revocation_endpoint", request, "/oauth/revoke");
	cJSON_AddItemToObject(object, "response_types_supported", cJSON_CreateArray());
	cJSON_AddItemToObject(object, "grant_types_supported", cJSON_CreateStringArray(grants, COUNT_OF(grants)));
	cJSON_AddItemToObject(object, "token_endpoint_auth_methods_supported", cJSON_CreateStringArray(methods, COUNT_OF(methods)));
	cJSON_AddItemToObject(object, "revocation_endpoint_auth_methods_supported", cJSON_CreateStringArray(methods, COUNT_OF(methods)));
	cJSON_AddItemToObject(object, "scopes_supported", scopes);
	cJSON_AddItemToObject(object, "ui_locales_supported", cJSON_CreateStringArray((const char *const[]){ "fr", "nl", "de", "en" }, 4));
	respond_json(response, 200, object, CACHE_SHARED);
}
