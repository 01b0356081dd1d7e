/* log_in.c — see log_in.h. */
#include "log_in.h"

#include <string.h>

#include <sodium.h>

#include "limit.h"

/* Of 32 random bytes that nobody kept, with the parameters of all others: what an unknown login is compared with. */
static const char nobodys_hash[] =
	"$argon2id$v=19$m=65536,t=2,p=1$NFSTi6wgqsNBwVf2KVyr3w$y9IfY46PJbYoytJDXa4314zGotzgeQmk4p4vQkPtyS8";

static void compare_password(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)tx;
	(void)response;
	struct log_in *log_in = request->notes;
	const char *hash = log_in->password_hash ? log_in->password_hash : nobodys_hash;
	bool right = crypto_pwhash_str_verify(hash, log_in->password, strlen(log_in->password)) == 0 && log_in->password_hash;
	sodium_memzero(log_in->password, strlen(log_in->password));
	request_continue(request, right ? log_in->place : PLACE_HERE, right ? log_in->right : log_in->wrong);
}

static void look_up_login(struct request *request, struct db_tx *tx, struct response *response)
{
	(void)response;
	struct log_in *log_in = request->notes;
	log_in->member = db_find_member_by_login(tx, log_in->login, request->arena, &log_in->password_hash);
	request_continue(request, PLACE_HASH, compare_password);
}

static const char *house(const struct request *request)
{
	return origin_house(request->address, request->arena);
}

/* A try counts as wrong from its beginning, so that a hundred at once are not a hundred free guesses. */
static void count_try(struct request *request, struct db_tx *tx, struct response *response)
{
	struct log_in *log_in = request->notes;
	if (limit_take(request, tx, LIMIT_LOGIN, log_in->login, response) &&
	    limit_take(request, tx, LIMIT_ADDRESS, house(request), response))
		request_continue(request, PLACE_READ, look_up_login);
	else if (log_in->limited && response->status > 0)
		log_in->limited(request, tx, response);
}

void log_in_begin(struct request *request, struct log_in *log_in)
{
	request->notes = log_in;
	request_continue(request, PLACE_WRITE, count_try);
}

bool log_in_forget_tries(struct request *request, struct db_tx *tx)
{
	const struct log_in *log_in = request->notes;
	return limit_forget(request, tx, LIMIT_LOGIN, log_in->login) && limit_give_back(request, tx, LIMIT_ADDRESS, house(request));
}
