/* sessions.c — logging in and out. A log-in is four steps: count the try; look the login up; hash, on the thread for it; store the
 * token. An unknown login takes all but the last, so that time tells nobody which logins there are. */
#include "handlers.h"

#include <string.h>

#include <sodium.h>

#include "hacktiv/wire.h"

#include "../auth.h"
#include "../throttle.h"

/* Of 32 random bytes that nobody kept, with the parameters of all others: what an unknown login is compared with. */
static const char nobodys_hash[] =
	"$argon2id$v=19$m=65536,t=2,p=1$NFSTi6wgqsNBwVf2KVyr3w$y9IfY46PJbYoytJDXa4314zGotzgeQmk4p4vQkPtyS8";

struct log_in {
	const char *login;
	char *password;             /* wiped once it was looked at */
	const struct member *member;
	const char *password_hash;  /* NULL: none that could fit */
	char token[TOKEN_SIZE];
};

static void refuse_log_in(struct request *request, struct response *response)
{
	refuse(request, response, REFUSE_UNAUTHENTICATED, "This login and this password do not go together.");
}

static void store_token(struct request *request, struct db_tx *tx, struct response *response)
{
	struct log_in *log_in = request->notes;
	int64_t expires_at = request->now + TOKEN_LIFE_S;
	if (!db_add_token(tx, request->token_hash, log_in->member->id, request->now, expires_at))
		return;
	struct wire_session session = { log_in->token, expires_at, *log_in->member };
	respond_json(response, 201, wire_session_write(&session), CACHE_NEVER);
}

static void compare_password(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	struct log_in *log_in = request->notes;
	const char *hash = log_in->password_hash ? log_in->password_hash : nobodys_hash;
	bool right = crypto_pwhash_str_verify(hash, log_in->password, strlen(log_in->password)) == 0 && log_in->password_hash;
	sodium_memzero(log_in->password, strlen(log_in->password));
	if (!right) {
		refuse_log_in(request, response);
		return;
	}
	throttle_right(request->server->throttle, log_in->login);
	token_make(log_in->token, request->token_hash);
	request_continue(request, PLACE_WRITE, store_token);
}

static void look_up_login(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)response;
	struct log_in *log_in = request->notes;
	log_in->member = db_find_member_by_login(tx, log_in->login, request->arena, &log_in->password_hash);
	request_continue(request, PLACE_HASH, compare_password);
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
	int wait_s = throttle_try(request->server->throttle, given.login, clock_monotonic_ms());
	if (wait_s > 0) {
		refuse(request, response, REFUSE_RATE_LIMITED, "Five tries in a quarter of an hour are all this login has.");
		response->retry_after_s = wait_s;
		return;
	}
	struct log_in *log_in = arena_get(request->arena, sizeof *log_in);
	log_in->login = given.login;
	log_in->password = arena_copy_text(request->arena, given.password);
	request->notes = log_in;
	request_continue(request, PLACE_READ, look_up_login);
}

void session_end(struct request *request, struct db_tx *tx, struct response *response)
{
	if (db_remove_token(tx, request->token_hash))
		respond_empty(response, 204);
}
