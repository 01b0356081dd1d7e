/* account.c — what a member sees to for themselves: where they are logged in, tokens for their scripts, their password. */
#include "handlers.h"

#include <string.h>

#include <sodium.h>

#include "hacktiv/wire.h"

#include "../auth.h"
#include "../body.h"
#include "../log_in.h"
#include "../password.h"
#include "../scope.h"

#define LIST_MAX 200
#define DAY_S 86400

static cJSON *scope_array(unsigned scopes)
{
	cJSON *array = cJSON_CreateArray();
	for (unsigned i = 0; i < SCOPES_NAMED; i++)
		if (scopes & 1u << i)
			cJSON_AddItemToArray(array, cJSON_CreateString(scope_name((enum scope)(1u << i))));
	return array;
}

static void tell_list(struct request *request, struct db_tx *tx, bool personal, cJSON *(*write)(const struct request *, const struct session *),
                      struct response *response)
{
	size_t count = 0;
	cJSON *items = cJSON_CreateArray();
	const struct session *sessions =
		db_list_sessions(tx, request->member->id, personal, request->now, LIST_MAX, request->arena, &count);
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(items, write(request, &sessions[i]));
	respond_json(response, 200, collection(items, NULL), CACHE_NEVER);
}

/* ---- sessions -------------------------------------------------------------------------------------------------------- */

static cJSON *session_object(const struct request *request, const struct session *session)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", session->id);
	cJSON_AddStringToObject(object, "kind", session_kind_name(session->kind));
	cJSON_AddStringToObject(object, "client", session->client);
	cJSON_AddItemToObject(object, "scopes", scope_array(session->scopes));
	wire_add_instant(object, "created_at", NULL, session->created_at);
	wire_add_instant(object, "used_at", NULL, session->used_at);
	wire_add_instant(object, "expires_at", NULL, session->expires_at);
	cJSON_AddBoolToObject(object, "current", strcmp(session->id, request->caller.session_id) == 0);
	return object;
}

void session_list(struct request *request, struct db_tx *tx, struct response *response)
{
	tell_list(request, tx, false, session_object, response);
}

/* Everywhere, here too; personal tokens are no log-ins and stay. */
void session_end_all(struct request *request, struct db_tx *tx, struct response *response)
{
	if (db_end_sessions(tx, request->member->id, "", false))
		respond_empty(response, 204);
}

static void end_one(struct request *request, struct db_tx *tx, bool personal, struct response *response)
{
	const struct session *session = db_find_session(tx, request->member->id, request->object, request->now, request->arena);
	if (!session || (session->kind == SESSION_PERSONAL) != personal)
		refuse(request, response, REFUSE_NOT_FOUND, personal ? "You have no such token." : "You are not logged in there.");
	else if (db_end_session(tx, session->member_id, session->id))
		respond_empty(response, 204);
}

void session_end_one(struct request *request, struct db_tx *tx, struct response *response)
{
	end_one(request, tx, false, response);
}

/* ---- personal tokens ------------------------------------------------------------------------------------------------- */

static cJSON *token_object(const struct request *request, const struct session *session)
{
	(void)request;
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", session->id);
	cJSON_AddStringToObject(object, "name", session->name);
	cJSON_AddItemToObject(object, "scopes", scope_array(session->scopes));
	wire_add_instant(object, "created_at", NULL, session->created_at);
	wire_add_instant(object, "expires_at", NULL, session->expires_at);
	return object;
}

void token_list(struct request *request, struct db_tx *tx, struct response *response)
{
	tell_list(request, tx, true, token_object, response);
}

static bool read_scope_array(struct request *request, unsigned *scopes, struct response *response)
{
	const cJSON *array = cJSON_GetObjectItemCaseSensitive(request->json, "scopes"), *item;
	*scopes = 0;
	if (!cJSON_IsArray(array) || !array->child)
		return refuse_member(request, response, "scopes",
		                     "Say what the token may do: a list of bookings, bookings:write, directory, profile:write, staff, stats.");
	cJSON_ArrayForEach(item, array) {
		unsigned scope = cJSON_IsString(item) ? scope_from_name(item->valuestring, strlen(item->valuestring)) : 0;
		if (!scope || (*scopes & scope))
			return refuse_member(request, response, "scopes",
			                     "Known are bookings, bookings:write, directory, profile:write, staff and stats, each once.");
		*scopes |= scope;
	}
	return true;
}

static bool read_token_wish(struct request *request, struct session *session, struct response *response)
{
	static const char *const known[] = { "name", "scopes", "expires_in_days", NULL };
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(request->json, "name");
	const cJSON *days = cJSON_GetObjectItemCaseSensitive(request->json, "expires_in_days");
	if (!body_check(request, known, response))
		return false;
	if (!cJSON_IsString(name) || !text_is_clean(name->valuestring, strlen(name->valuestring), TEXT_ONE_LINE, TEXT_NAME_MAX) ||
	    !*name->valuestring)
		return refuse_member(request, response, "name", "Give the token a name by which you will know it: one line of text.");
	if (days && (!cJSON_IsNumber(days) || days->valuedouble != (double)days->valueint || days->valueint < 1 ||
	             days->valueint > PERSONAL_DAYS_MAX))
		return refuse_member(request, response, "expires_in_days", "This is a whole number of days from 1 to 365.");
	session->name = arena_copy_text(request->arena, name->valuestring);
	session->expires_at = request->now + (int64_t)(days ? days->valueint : PERSONAL_DAYS) * DAY_S;
	return read_scope_array(request, &session->scopes, response);
}

/* The one time that the token is told. No Idempotency-Key: no secret belongs into such a record; one that was made and not heard of
 * stands in the list, to be removed. */
void token_add(struct request *request, struct db_tx *tx, struct response *response)
{
	char token[TOKEN_SIZE], *id = arena_get(request->arena, UUID_SIZE);
	unsigned char hash[TOKEN_HASH_BYTES];
	size_t count;
	struct session session = { .id = id, .member_id = request->member->id, .kind = SESSION_PERSONAL, .client = "",
		                   .created_at = request->now, .used_at = request->now };
	if (!read_token_wish(request, &session, response))
		return;
	if (!db_hold_member(tx, request->member->id))
		return;
	db_list_sessions(tx, request->member->id, true, request->now, PERSONAL_TOKENS_MAX, request->arena, &count);
	if (count == PERSONAL_TOKENS_MAX) {
		refuse_member(request, response, "", "Fifty tokens are all that one may have: remove some first.");
		return;
	}
	uuid_make(&request->server->clock, id);
	token_make(TOKEN_ACCESS, token, hash);
	if (!db_add_session(tx, &session) || !db_add_token(tx, hash, &session, request->now, session.expires_at))
		return;
	cJSON *object = token_object(request, &session);
	cJSON_AddStringToObject(object, "token", token);
	respond_json(response, 201, object, CACHE_NEVER);
	response->location = arena_print(request->arena, "/v1/members/me/tokens/%s", id);
}

void token_remove(struct request *request, struct db_tx *tx, struct response *response)
{
	end_one(request, tx, true, response);
}

/* ---- the password ---------------------------------------------------------------------------------------------------- */

struct new_password {
	struct log_in log_in;            /* with the old one */
	char *password;                  /* the new one */
	char hash[crypto_pwhash_STRBYTES];
};

static void store_password(struct request *request, struct db_tx *tx, struct response *response)
{
	struct new_password *change = request->notes;
	const char *login = request->member->login, *hash_by_now;
	const struct member *member = db_find_member_by_login(tx, login, request->arena, &hash_by_now);
	/* Somebody else changed it meanwhile: then the old one is not the old one any more. */
	if (!member || !hash_by_now || strcmp(hash_by_now, change->log_in.password_hash) != 0) {
		refuse_member(request, response, "old_password", "This is not your password.");
		return;
	}
	if (log_in_forget_tries(request, tx) && db_set_password(tx, login, change->hash) &&
	    db_end_sessions(tx, member->id, request->caller.session_id, true))
		respond_empty(response, 204);
}

static void hash_password(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	struct new_password *change = request->notes;
	bool hashed = password_hash(change->password, strlen(change->password), change->hash, NULL);
	sodium_memzero(change->password, strlen(change->password));
	if (hashed)
		request_continue(request, PLACE_WRITE, store_password);
	else
		refuse(request, response, REFUSE_OVERLOADED, "There is no memory to hash a password with: try again in a moment.");
}

static void refuse_old(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	refuse_member(request, response, "old_password", "This is not your password.");
}

/* Copied out of the body, whose copies are wiped. NULL: refused. */
static char *take_secret(struct request *request, const char *name, struct response *response)
{
	cJSON *member = cJSON_GetObjectItemCaseSensitive(request->json, name);
	if (!cJSON_IsString(member) || !*member->valuestring) {
		refuse_member(request, response, name, "This is text, not empty.");
		return NULL;
	}
	char *secret = arena_copy_text(request->arena, member->valuestring);
	sodium_memzero(member->valuestring, strlen(member->valuestring));
	return secret;
}

void password_change(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	static const char *const known[] = { "old_password", "new_password", NULL };
	struct problem why = { 0 };
	if (!body_check(request, known, response))
		return;
	char *old = take_secret(request, "old_password", response);
	char *new = old ? take_secret(request, "new_password", response) : NULL;
	if (!new)
		return;
	if (!password_check(new, request->member->login, &why)) {
		refuse_member(request, response, "new_password", why.text);
		return;
	}
	struct new_password *change = arena_get(request->arena, sizeof *change);
	change->log_in = (struct log_in){ .login = request->member->login, .password = old, .right = hash_password, .place = PLACE_HASH,
		                          .wrong = refuse_old };
	change->password = new;
	log_in_begin(request, &change->log_in);
}
