/* sessions.c — logging in and out. */
#include "handlers.h"

#include <string.h>

#include <sodium.h>

#include "hacktiv/wire.h"

#include "../client.h"
#include "../issue.h"
#include "../log_in.h"
#include "../scope.h"

struct start {
	struct log_in log_in;
	const struct client *client;
	bool refreshes;
};

static void refuse_log_in(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	refuse(request, response, REFUSE_UNAUTHENTICATED, "This login and this password do not go together.");
}

static void begin_session(struct request *request, struct db_tx *tx, struct response *response)
{
	struct start *start = request->notes;
	struct issued issued;
	const struct member *member = start->log_in.member;
	if (!log_in_forget_tries(request, tx) ||
	    !issue_first(request, tx, SESSION_PASSWORD, start->client->id, member->id, SCOPES_ALL, start->refreshes,
	                 start->client->refreshes ? TOKEN_LIFE_S : ACCESS_LIFE_S, &issued))
		return;
	struct wire_session session = { .token = issued.access, .expires_at = issued.expires_at, .member = *member,
		                        .refresh_token = issued.refresh, .refresh_expires_at = issued.refresh_expires_at };
	respond_json(response, 201, wire_session_write(&session), CACHE_NEVER);
}

/* cJSON's copy; the body's is wiped with the request. */
static void wipe_json_password(struct request *request)
{
	cJSON *password = cJSON_GetObjectItemCaseSensitive(request->json, "password");
	if (cJSON_IsString(password))
		sodium_memzero(password->valuestring, strlen(password->valuestring));
}

void session_start(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	struct wire_credentials given;
	struct problem why = { 0 };
	bool read = wire_credentials_read(request->json, request->arena, &given, &why);
	wipe_json_password(request);
	if (!read) {
		refuse_body(request, response, &why);
		return;
	}
	const struct client *client = client_find(*given.client ? given.client : CLIENT_TERMINAL);
	if (!client) {
		refuse_member(request, response, "client", "This is no client that may ask.");
		return;
	}
	struct start *start = arena_get(request->arena, sizeof *start);
	start->log_in = (struct log_in){ .login = given.login, .password = arena_copy_text(request->arena, given.password),
		                         .right = begin_session, .place = PLACE_WRITE, .wrong = refuse_log_in };
	start->client = client;
	start->refreshes = given.refresh && client->refreshes;
	log_in_begin(request, &start->log_in);
}

void session_end(struct request *request, struct db_tx *tx, struct response *response)
{
	bool ended = !*request->caller.session_id || db_end_session(tx, request->member->id, request->caller.session_id);
	if (ended && db_remove_token(tx, request->token_hash))
		respond_empty(response, 204);
}
