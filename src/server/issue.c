/* issue.c — see issue.h. */
#include "issue.h"

#include <string.h>

#include <sodium.h>

static int64_t earlier(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

bool issue_first(struct request *request, struct db_tx *tx, enum session_kind kind, const char *client, const char *member_id,
                 unsigned scopes, bool refreshes, int life_s, struct issued *issued)
{
	unsigned char hash[TOKEN_HASH_BYTES], refresh_hash[TOKEN_HASH_BYTES];
	char *id = arena_get(request->arena, UUID_SIZE);
	uuid_make(&request->server->clock, id);
	*issued = (struct issued){ .expires_at = request->now + (refreshes ? ACCESS_LIFE_S : life_s), .scopes = scopes };
	token_make(TOKEN_ACCESS, issued->access, hash);
	if (refreshes) {
		issued->refresh_expires_at = request->now + SESSION_IDLE_S;
		token_make(TOKEN_REFRESH, issued->refresh, refresh_hash);
	}
	const struct session session = {
		.id = id, .member_id = member_id, .kind = kind, .client = client, .name = "", .scopes = scopes,
		.created_at = request->now, .used_at = request->now,
		.expires_at = refreshes ? issued->refresh_expires_at : issued->expires_at,
	};
	return db_add_session(tx, &session) && db_add_token(tx, hash, &session, request->now, issued->expires_at) &&
	       (!refreshes || db_add_refresh(tx, refresh_hash, &session, issued->refresh_expires_at));
}

/* What follows from a token that was handed in and its salt. */
struct successors {
	unsigned char access_hash[TOKEN_HASH_BYTES];
	unsigned char refresh_hash[TOKEN_HASH_BYTES];
};

static void derive(const char *token, const unsigned char salt[REFRESH_SALT_BYTES], struct successors *next, struct issued *issued)
{
	token_derive(TOKEN_ACCESS, token, salt, issued->access, next->access_hash);
	token_derive(TOKEN_REFRESH, token, salt, issued->refresh, next->refresh_hash);
}

static enum issue_end rotate(struct request *request, struct db_tx *tx, const char *token, const struct refresh *refresh,
                             const unsigned char salt[REFRESH_SALT_BYTES], unsigned scopes, struct issued *issued)
{
	struct successors next;
	const struct session *session = refresh->session;
	struct session narrowed = *session;
	int64_t end = session->created_at + SESSION_LIFE_S;
	narrowed.scopes = scopes ? scopes : session->scopes;
	derive(token, salt, &next, issued);
	issued->scopes = narrowed.scopes;
	issued->expires_at = earlier(request->now + ACCESS_LIFE_S, end);
	issued->refresh_expires_at = earlier(request->now + SESSION_IDLE_S, end);
	bool done = db_add_token(tx, next.access_hash, &narrowed, request->now, issued->expires_at) &&
	            db_add_refresh(tx, next.refresh_hash, session, issued->refresh_expires_at) &&
	            db_prolong_session(tx, session, request->now, issued->refresh_expires_at);
	return done ? ISSUE_DONE : ISSUE_FAILED;
}

/* The same answer again, as long as nobody can have it yet but whoever asked; else the end of the session. */
static enum issue_end repeat(struct request *request, struct db_tx *tx, const char *token, const struct refresh *refresh,
                             struct issued *issued)
{
	struct successors next;
	derive(token, refresh->salt, &next, issued);
	const struct refresh *successor = db_find_refresh(tx, next.refresh_hash, request->arena);
	const struct token_owner *owner = db_find_token(tx, next.access_hash, request->now, request->arena);
	if (request->now - refresh->rotated_at < REFRESH_GRACE_S && successor && !successor->rotated_at && owner) {
		issued->scopes = owner->scopes;
		issued->expires_at = owner->expires_at;
		issued->refresh_expires_at = successor->expires_at;
		return ISSUE_DONE;
	}
	return db_end_session(tx, refresh->session->member_id, refresh->session->id) ? ISSUE_REUSED : ISSUE_FAILED;
}

enum issue_end issue_next(struct request *request, struct db_tx *tx, const char *refresh_token, const char *client, unsigned scopes,
                          struct issued *issued)
{
	unsigned char hash[TOKEN_HASH_BYTES], salt[REFRESH_SALT_BYTES];
	*issued = (struct issued){ 0 };
	if (!token_hash(TOKEN_REFRESH, refresh_token, hash))
		return ISSUE_INVALID;
	const struct refresh *refresh = db_find_refresh(tx, hash, request->arena);
	if (!refresh || strcmp(refresh->session->client, client) != 0 || refresh->expires_at <= request->now ||
	    refresh->session->created_at + SESSION_LIFE_S <= request->now)
		return ISSUE_INVALID;
	if (scopes & ~refresh->session->scopes)
		return ISSUE_TOO_MUCH;
	bool first = false;
	if (!refresh->rotated_at) {
		randombytes_buf(salt, sizeof salt);
		if (!db_rotate_refresh(tx, hash, request->now, salt, &first))
			return ISSUE_FAILED;
	}
	if (first)
		return rotate(request, tx, refresh_token, refresh, salt, scopes, issued);
	/* Or another hacktivd was asked the same in this very moment: then its salt is there by now. */
	refresh = db_find_refresh(tx, hash, request->arena);
	return refresh ? repeat(request, tx, refresh_token, refresh, issued) : ISSUE_INVALID;
}
