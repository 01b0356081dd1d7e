/* limit.c — see limit.h. */
#include "limit.h"

#include <string.h>

#include <sodium.h>

#define QUARTER_HOUR_S (15 * 60)

static const struct {
	const char *name;      /* in RateLimit; a sf-string: letters and hyphens */
	int quota;
	int window_s;
	const char *sentence;
} limits[] = {
	[LIMIT_LOGIN] = { "login", 5, QUARTER_HOUR_S, "Five tries in a quarter of an hour are all this login has." },
	[LIMIT_ADDRESS] = { "address", 30, QUARTER_HOUR_S, "Too many wrong passwords come from this address: wait a little." },
	[LIMIT_DEVICE] = { "device", 30, QUARTER_HOUR_S, "Too many codes were asked for from this address: wait a little." },
	[LIMIT_CODE] = { "code", 5, QUARTER_HOUR_S, "Five wrong codes in a quarter of an hour are all this address has." },
	[LIMIT_EXPORT] = { "export", 5, 3600, "Five exports in an hour are enough: wait a little." },
	[LIMIT_SEARCH] = { "search", 120, 60, "The directory is for finding somebody, not for reading it: wait a little." },
	[LIMIT_SEARCH_FROM] = { "search", 120, 60, "The directory is for finding somebody, not for reading it: wait a little." },
	[LIMIT_CALENDAR] = { "calendar", 30, QUARTER_HOUR_S, "Too many wrong calendar addresses were asked for from here: wait a little." },
};

static void key_of(const struct request *request, enum limit limit, const char *subject, unsigned char key[RATE_KEY_BYTES])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, request->server->cursor_secret, sizeof request->server->cursor_secret, RATE_KEY_BYTES);
	crypto_generichash_update(&state, (const unsigned char *)limits[limit].name, strlen(limits[limit].name) + 1);
	crypto_generichash_update(&state, (const unsigned char *)subject, strlen(subject));
	crypto_generichash_final(&state, key, RATE_KEY_BYTES);
}

/* Several limits of one request stand side by side. */
static void tell(struct request *request, enum limit limit, int64_t left, int64_t reset_s)
{
	const char *comma = request->rate_limit ? ", " : "";
	request->rate_limit = arena_print(request->arena, "%s%s\"%s\";r=%lld;t=%lld", request->rate_limit ? request->rate_limit : "",
	                                  comma, limits[limit].name, (long long)left, (long long)reset_s);
	request->rate_limit_policy = arena_print(request->arena, "%s%s\"%s\";q=%d;w=%d",
	                                         request->rate_limit_policy ? request->rate_limit_policy : "", comma,
	                                         limits[limit].name, limits[limit].quota, limits[limit].window_s);
}

bool limit_take(struct request *request, struct db_tx *tx, enum limit limit, const char *subject, struct response *response)
{
	unsigned char key[RATE_KEY_BYTES];
	struct tries tries;
	if (!*subject)
		return true;
	key_of(request, limit, subject, key);
	if (!db_count_try(tx, key, request->now, limits[limit].window_s, &tries))
		return false;
	int64_t left = limits[limit].quota - tries.count;
	int64_t reset_s = tries.ends_at - request->now;
	tell(request, limit, left > 0 ? left : 0, reset_s);
	if (left >= 0)
		return true;
	refuse(request, response, REFUSE_RATE_LIMITED, "%s", limits[limit].sentence);
	response->retry_after_s = (int)reset_s;
	return false;
}

bool limit_give_back(struct request *request, struct db_tx *tx, enum limit limit, const char *subject)
{
	unsigned char key[RATE_KEY_BYTES];
	key_of(request, limit, subject, key);
	return !*subject || db_take_back_try(tx, key);
}

bool limit_forget(struct request *request, struct db_tx *tx, enum limit limit, const char *subject)
{
	unsigned char key[RATE_KEY_BYTES];
	key_of(request, limit, subject, key);
	return !*subject || db_forget_tries(tx, key);
}
