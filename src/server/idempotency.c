/* idempotency.c — see idempotency.h. */
#include "idempotency.h"

#include <string.h>

#include <sodium.h>

#define KEY_LEAST 8
#define KEY_MOST ANSWER_KEY_MAX

bool idempotency_read_key(struct request *request, bool needed, const char **key, struct response *response)
{
	const char *given = request_field(request, "Idempotency-Key");
	size_t length = given ? strlen(given) : 0;
	*key = given;
	if (!given && !needed)
		return true;
	if (length >= 2 && given[0] == '"' && given[length - 1] == '"')
		*key = arena_copy_bytes(request->arena, given + 1, length -= 2);
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	if (request_field_count(request, "Idempotency-Key") == 1 && length >= KEY_LEAST && length <= KEY_MOST &&
	    strspn(*key, allowed) == length)
		return true;
	refuse(request, response, REFUSE_KEY_MISSING,
	       "Send one Idempotency-Key of 8 to 64 letters, digits, dots, dashes or underscores.");
	return false;
}

void idempotency_fingerprint(const char *const *parts, unsigned char fingerprint[FINGERPRINT_BYTES])
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	for (; *parts; parts++)
		crypto_hash_sha256_update(&state, (const unsigned char *)*parts, strlen(*parts) + 1);
	crypto_hash_sha256_final(&state, fingerprint);
}

/* What a refusal is kept with. */
struct keyed {
	const char *space_id;
	struct idempotent_answer answer;
};

static void note_key(struct request *request, const char *space_id, const struct idempotent_answer *answer)
{
	request->keyed = arena_get(request->arena, sizeof *request->keyed);
	*request->keyed = (struct keyed){ arena_copy_text(request->arena, space_id), *answer };
}

void idempotency_take(struct idempotent_answer *answer, const struct response *response)
{
	answer->status = response->status;
	answer->body = response->body;
	answer->location = response->location ? response->location : "";
	answer->etag = response->etag;
}

bool idempotency_keep(struct request *request, struct db_tx *tx, const char *space_id, struct idempotent_answer *answer,
                      const struct response *response)
{
	idempotency_take(answer, response);
	return db_keep_answer(tx, space_id, request->member->id, answer, request->now);
}

bool idempotency_replay(struct request *request, struct db_tx *tx, const char *space_id,
                        const struct idempotent_answer *answer, struct response *response)
{
	const struct idempotent_answer *before =
		db_find_answer(tx, space_id, request->member->id, answer->key, request->now, request->arena);
#ifdef HACKTIV_FAULT_NO_KEYS      /* in tests/promise alone, where the checker must see it */
	before = NULL;
#endif
	if (!before) {
		note_key(request, space_id, answer);
		return false;
	}
	request->keyed = NULL;
	if (memcmp(before->fingerprint, answer->fingerprint, FINGERPRINT_BYTES) != 0) {
		refuse(request, response, REFUSE_KEY_REUSED, "This key came with another request before: make a new one.");
		return true;
	}
	respond_bytes(response, before->status, before->body, CACHE_NEVER);
	if (before->status >= 400)
		respond_as_problem(response, request->arena);
	response->location = *before->location ? before->location : NULL;
	response->etag = *before->etag ? before->etag : NULL;
	response->replayed = true;
	return true;
}

static bool is_final(int status)
{
	return status >= 400 && status < 500 && status != 401 && status != 412 && status != 428 && status != 429;
}

/* The first try may have come in the meantime: then what it was told is true. */
static void keep_refusal(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct keyed *keyed = request->notes;
	const struct idempotent_answer *answer = &keyed->answer;
	bool before = idempotency_replay(request, tx, keyed->space_id, answer, response) ||
	              (!db_keep_refusal(tx, keyed->space_id, request->member->id, answer, request->now) &&
	               idempotency_replay(request, tx, keyed->space_id, answer, response));
	request->keyed = NULL;
	if (before)
		return;
	respond_bytes(response, answer->status, answer->body, CACHE_NEVER);
	respond_as_problem(response, request->arena);
	request->keep = true;
}

void idempotency_settle(struct request *request, struct response *response)
{
	struct keyed *keyed = request->keyed;
	if (!keyed || request->next.run || !is_final(response->status))
		return;
	keyed->answer.status = response->status;
	keyed->answer.body = arena_copy_text(request->arena, response->body);
	keyed->answer.location = keyed->answer.etag = "";
	request->notes = keyed;
	request->keyed = NULL;
	request->undo = true;
	request_continue(request, PLACE_WRITE, keep_refusal);
}
