/* door.c — see door.h. */
#include "door.h"

#include <poll.h>
#include <string.h>

#include "inside.h"

void at_time(const char *now)
{
	stop_only();
	setenv("HACKTIV_NOW", now, 1);
	assert_true(launch_server());
}

int nobody_is_in(void **state)
{
	(void)state;
	tokens_remove("essai", NULL);
	if (strcmp(getenv("HACKTIV_NOW"), STAGE_NOW) != 0)
		at_time(STAGE_NOW);
	return 0;
}

struct tokens kept_tokens(void)
{
	struct tokens tokens;
	struct problem why = { 0 };
	if (!tokens_load("essai", &tokens, &why))
		fail_msg("%s", why.text);
	return tokens;
}

struct tokens age_tokens(void)
{
	struct tokens tokens = kept_tokens();
	tokens.expires_at -= 3590;
	keep_tokens(&tokens);
	return tokens;
}

bool is_same(const struct tokens *a, const struct tokens *b)
{
	return strcmp(a->access, b->access) == 0 && strcmp(a->refresh, b->refresh) == 0;
}

int take_lock(void)
{
	int lock;
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
	while (tokens_lock("essai", &lock) != TOKENS_LOCKED) {
		assert_true(clock_monotonic_ms() < until_ms);
		poll(NULL, 0, 1);
	}
	return lock;
}

void start_stage(struct stage *stage)
{
	open_stage(stage, NULL, "account.db");
	session_start_network(stage->session);
	settle_down(stage);
}

void log_in_and_leave(void)
{
	struct stage stage;
	start_stage(&stage);
	log_in(&stage);
	close_stage(&stage);
}

void open_while_it_renews(struct stage *stage)
{
	open_stage(stage, NULL, "account.db");
	struct account *account = &stage->session->sites[0].account;
	hold_server(true);                           /* or it might be over within one turn */
	session_start_network(stage->session);
	UNTIL(stage, account->awaited || account->step == ACCOUNT_RENEWING);
	if (account->awaited)
		account->at_ms += PATIENCE_MS;       /* with the disk */
	UNTIL(stage, account->step == ACCOUNT_RENEWING);
	hold_server(false);
}

enum site_state state_of(const struct stage *stage)
{
	return session_site(stage->session, 0)->state;
}

const char *name_of(const struct stage *stage)
{
	const struct member *member = session_site(stage->session, 0)->member;
	return member ? member->login : "nobody";
}
