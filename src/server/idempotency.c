/* idempotency.c — see idempotency.h. */
#include "idempotency.h"

#include <string.h>

#include <sodium.h>

#define KEY_LEAST 8
#define KEY_MOST 64

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

bool idempotency_replay(struct request *request, struct db_tx *tx, const char *space_id,
                        const struct idempotent_answer *answer, struct response *response)
{
	const struct idempotent_answer *before =
		db_find_answer(tx, space_id, request->member->id, answer->key, request->now, request->arena);
#ifdef HACKTIV_FAULT_NO_KEYS      /* in tests/promise alone, where the checker must see it */
	before = NULL;
#endif
	if (!before)
		return false;
	if (memcmp(before->fingerprint, answer->fingerprint, FINGERPRINT_BYTES) != 0) {
		refuse(request, response, REFUSE_KEY_REUSED, "This key came with another request before: make a new one.");
		return true;
	}
	respond_bytes(response, before->status, before->body, CACHE_NEVER);
	response->location = *before->location ? before->location : NULL;
	response->etag = *before->etag ? before->etag : NULL;
	response->replayed = true;
	return true;
}
