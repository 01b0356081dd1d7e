/* sessions.c — logging in and out. */
#include "handlers.h"

#include <string.h>

#include <sodium.h>

#include "hacktiv/wire.h"

#include "../auth.h"
#include "../log_in.h"

struct start {
	struct log_in log_in;
	char token[TOKEN_SIZE];
};

static void refuse_log_in(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	refuse(request, response, REFUSE_UNAUTHENTICATED, "This login and this password do not go together.");
}

static void store_token(struct request *request, struct db_tx *tx, struct response *response)
{
	struct start *start = request->notes;
	int64_t expires_at = request->now + TOKEN_LIFE_S;
	token_make(start->token, request->token_hash);
	if (!log_in_forget_tries(request, tx) ||
	    !db_add_token(tx, request->token_hash, start->log_in.member->id, request->now, expires_at))
		return;
	struct wire_session session = { start->token, expires_at, *start->log_in.member };
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
	struct start *start = arena_get(request->arena, sizeof *start);
	start->log_in = (struct log_in){ .login = given.login, .password = arena_copy_text(request->arena, given.password),
		                         .right = store_token, .place = PLACE_WRITE, .wrong = refuse_log_in };
	log_in_begin(request, &start->log_in);
}

void session_end(struct request *request, struct db_tx *tx, struct response *response)
{
	if (db_remove_token(tx, request->token_hash))
		respond_empty(response, 204);
}
