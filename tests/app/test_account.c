/* test_account.c — who lets me in, on a real hacktivd: tokens are renewed before they end and when they are refused; a lost answer is asked
 * for again; two of us share what one got; a log-out in one is one in the other; a device is let in by its code. */
#include "door.h"

#include <string.h>

#include "hacktiv/base/sql.h"
#include "inside.h"

/* ---- one of us ---- */

static void test_kept_when_told(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind != OUTCOME_NONE);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_DONE);
	struct tokens tokens = kept_tokens();
	assert_non_null(tokens.refresh);
	assert_int_equal(tokens.expires_at, session_now(stage.session) + 3600);
	assert_true(*tokens.log_in != '\0');
	tokens_clear(&tokens);
	close_stage(&stage);
}

static void test_renewed_before_it_ends(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens(), new;
	struct stage stage;
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_string_equal(name_of(&stage), "demo");
	new = kept_tokens();
	assert_false(is_same(&old, &new));
	assert_string_equal(old.log_in, new.log_in);
	tokens_clear(&old);
	tokens_clear(&new);
	close_stage(&stage);
}

static void test_renewed_when_refused(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	log_in(&stage);
	struct tokens old = kept_tokens(), new;
	at_time(LATER);
	session_sync(stage.session);
	bool asked_to_log_in = false;
	UNTIL(&stage, (asked_to_log_in = asked_to_log_in || state_of(&stage) == SITE_LOGIN_NEEDED, session_is_quiet(stage.session)));
	assert_false(asked_to_log_in);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_int_equal(session_bookings(stage.session)->state.outcome.kind, OUTCOME_DONE);
	new = kept_tokens();
	assert_false(is_same(&old, &new));
	tokens_clear(&old);
	tokens_clear(&new);
	close_stage(&stage);
}

/* Killed after the site gave new tokens and before they were on disk: the same refresh token, some seconds later. */
static void test_c14_answer_lost(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens(), first, second;
	struct stage stage;
	start_stage(&stage);
	first = kept_tokens();
	close_stage(&stage);
	keep_tokens(&old);
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	second = kept_tokens();
	assert_true(is_same(&first, &second));
	close_stage(&stage);
	tokens_clear(&old);
	tokens_clear(&first);
	tokens_clear(&second);
}

static void test_c14_after_the_grace(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens();
	struct stage stage;
	start_stage(&stage);
	close_stage(&stage);
	keep_tokens(&old);
	at_time(GRACE_OVER);
	start_stage(&stage);                               /* comes to rest: no loop */
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	assert_true(session_spaces(stage.session)->count > 0);   /* what everybody may see is there all the same */
	log_in(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	close_stage(&stage);
	tokens_clear(&old);
}

/* The site is away when the token is to be renewed: that is no log-out. */
static void test_away_while_renewing(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens(), kept;
	stop_only();
	struct stage stage;
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_UNREACHABLE);
	kept = kept_tokens();
	assert_true(is_same(&old, &kept));
	assert_true(launch_server());
	session_sync(stage.session);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	close_stage(&stage);
	tokens_clear(&old);
	tokens_clear(&kept);
}

/* A file of before there were refresh tokens. */
static void test_plain_token(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens tokens = kept_tokens();
	char *path = tokens_path("essai", NULL);
	assert_true(path_write_secret(path, tokens.access, strlen(tokens.access), NULL));
	struct stage stage;
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	at_time(LATER);
	session_sync(stage.session);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	close_stage(&stage);
	tokens_clear(&tokens);
	free(path);
}

/* ---- two of us ---- */

static void turn_both(struct stage *a, struct stage *b)
{
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
	do {
		assert_true(clock_monotonic_ms() < until_ms);
		session_wait(a->session, NULL, 0, 10);
		session_turn(a->session);
		session_wait(b->session, NULL, 0, 10);
		session_turn(b->session);
	} while (!session_is_quiet(a->session) || !session_is_quiet(b->session));
}

static void test_c35_both_renew(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens(), new;
	struct stage a, b;
	open_stage(&a, NULL, "account.db");
	open_stage(&b, NULL, "account.db");
	session_start_network(a.session);
	session_start_network(b.session);
	turn_both(&a, &b);
	assert_int_equal(state_of(&a), SITE_UP);
	assert_int_equal(state_of(&b), SITE_UP);
	new = kept_tokens();
	assert_false(is_same(&old, &new));
	/* One renewed: had both, the site would have ended the session for good. */
	at_time(LATER);
	session_sync(a.session);
	session_sync(b.session);
	turn_both(&a, &b);
	assert_int_equal(state_of(&a), SITE_UP);
	assert_int_equal(state_of(&b), SITE_UP);
	close_stage(&a);
	close_stage(&b);
	tokens_clear(&old);
	tokens_clear(&new);
}

static void test_c35_who_renews_is_waited_for(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens(), now;
	int lock = take_lock();
	struct stage stage;
	open_stage(&stage, NULL, "account.db");
	session_start_network(stage.session);
	for (int i = 0; i < 5; i++) {
		int64_t before_ms = clock_monotonic_ms();
		session_turn(stage.session);
		assert_true(clock_monotonic_ms() - before_ms < 1000);   /* it does not stand still for it */
		session_wait(stage.session, NULL, 0, 100);
	}
	now = kept_tokens();
	assert_true(is_same(&old, &now));
	assert_false(session_is_quiet(stage.session));
	tokens_clear(&now);
	tokens_unlock(&lock);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	now = kept_tokens();
	assert_false(is_same(&old, &now));
	tokens_clear(&now);
	tokens_clear(&old);
	close_stage(&stage);
}

static void test_c35_log_in_and_out_elsewhere(void **state)
{
	(void)state;
	struct stage a, b;
	start_stage(&a);
	start_stage(&b);
	assert_int_equal(state_of(&b), SITE_LOGIN_NEEDED);
	log_in(&a);
	session_sync(b.session);
	settle_down(&b);
	assert_int_equal(state_of(&b), SITE_UP);
	assert_string_equal(name_of(&b), "demo");
	assert_true(session_bookings(b.session)->count > 0);

	session_log_out(a.session, 0);
	settle_down(&a);
	assert_int_equal(state_of(&a), SITE_LOGIN_NEEDED);
	list_ask(b.session, 0, LIST_BOOKINGS);        /* hears 401, and finds the file gone */
	settle_down(&b);
	assert_int_equal(state_of(&b), SITE_LOGIN_NEEDED);
	assert_int_equal(session_bookings(b.session)->count, 0);
	assert_int_equal(tokens_mark("essai"), 0);
	close_stage(&a);
	close_stage(&b);
}

/* Nobody presses a key there, and the site says nothing. */
static void test_c35_it_is_seen_though_nobody_asks(void **state)
{
	(void)state;
	struct stage a, b;
	start_stage(&a);
	start_stage(&b);
	log_in(&a);
	assert_int_equal(state_of(&b), SITE_LOGIN_NEEDED);
	session_refresh_bookings(b.session);          /* a key: at once */
	UNTIL(&b, state_of(&b) == SITE_UP);
	settle_down(&b);
	assert_string_equal(name_of(&b), "demo");

	hold_server(true);
	session_log_out(a.session, 0);
	turn(&b);
	assert_int_equal(state_of(&b), SITE_UP);
	b.session->look_ms = 0;                       /* a minute later */
	UNTIL(&b, state_of(&b) == SITE_LOGIN_NEEDED);
	assert_int_equal(session_bookings(b.session)->count, 0);
	hold_server(false);
	settle_down(&a);
	log_in(&a);
	b.session->look_ms = 0;
	UNTIL(&b, state_of(&b) == SITE_UP);
	close_stage(&a);
	close_stage(&b);
}

/* Stopped while it renewed, another did the same and more: what stands in the file then is not written over. */
static void test_c35_overtaken_while_renewing(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age_tokens(), other;
	struct stage a, b;
	open_while_it_renews(&a);
	tokens_unlock(&a.session->sites[0].account.lock);   /* as if its patience had ended */
	tokens_remove("essai", NULL);
	start_stage(&b);
	log_in(&b);
	other = kept_tokens();
	settle_down(&a);
	assert_int_equal(state_of(&a), SITE_UP);
	struct tokens now = kept_tokens();
	assert_true(is_same(&other, &now));
	assert_string_equal(a.session->sites[0].account.tokens.access, now.access);
	tokens_clear(&now);
	tokens_clear(&other);
	tokens_clear(&old);
	close_stage(&a);
	close_stage(&b);
}

/* One program is asked at a time: when the first one's person would rather type, the second does not wait for ever. */
static void test_the_next_password_is_asked_for_when_one_is_dropped(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	const char *nobody = in_directory(arena, "nobody");
	open_stage_with(&stage, arena_print(arena, "sites = ( { id = \"one\"; url = \"unix:%s\"; login = \"demo\"; password_command = [ \"sleep\", \"60\" ]; },"
	                                    " { id = \"two\"; url = \"unix:%s\"; login = \"demo\"; password_command = [ \"echo\", \"ouvre-toi\" ]; } );",
	                                    nobody, nobody), "two-passwords.db");
	struct site *sites = stage.session->sites;
	session_start_network(stage.session);
	UNTIL(&stage, sites[0].account.unattended == UNATTENDED_RUNNING && sites[1].account.unattended == UNATTENDED_WAITING);
	session_drop_log_in(stage.session, 0);
	UNTIL(&stage, session_log_in_outcome(stage.session, 1)->kind == OUTCOME_UNREACHABLE);
	assert_int_equal(sites[1].account.unattended, UNATTENDED_NOT);
	close_stage(&stage);
	arena_free(arena);
}

static void test_log_out_ends_the_session_there(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	log_in(&stage);
	struct tokens old = kept_tokens();
	at_time(LATER);   /* the access token is over: only the refresh token can say whose session it is */
	session_log_out(stage.session, 0);
	settle_down(&stage);
	close_stage(&stage);
	keep_tokens(&old);
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	close_stage(&stage);
	tokens_clear(&old);
}

/* Whoever is there when it is back: the session that ends is the one of before. */
static void test_c01_a_log_out_that_was_not_heard_is_told_when_the_site_is_back(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	log_in(&stage);
	struct site *site = &stage.session->sites[0];
	struct tokens old = kept_tokens();
	stop_only();
	session_log_out(stage.session, 0);
	UNTIL(&stage, site->untold && !session_is_telling(stage.session));
	assert_true(launch_server());
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, name_of(&stage)[0] == 'd' && !site->untold && session_is_quiet(stage.session));
	session_refresh_bookings(stage.session);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);

	/* A quarter of an hour later it is not told any more. */
	stop_only();
	session_log_out(stage.session, 0);
	UNTIL(&stage, site->untold);
	log_outs_drop(site, clock_asleep_too_ms() + 14 * 60 * 1000);
	assert_non_null(site->untold);
	log_outs_drop(site, clock_asleep_too_ms() + 15 * 60 * 1000);
	assert_null(site->untold);
	close_stage(&stage);

	assert_true(launch_server());
	keep_tokens(&old);
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);   /* the site takes it no more */
	close_stage(&stage);
	tokens_clear(&old);
}

/* ---- by a code ---- */

static void answer_device(const char *words)
{
	stop_only();
	struct arena *arena = arena_new();
	struct sql *sql = sql_open(in_directory(arena, "db"), SQL_READ_WRITE, NULL);
	assert_true(sql_run(sql, arena_print(arena, "UPDATE device SET %s, member_id = (SELECT id FROM member WHERE login = 'demo')", words), NULL));
	sql_close(sql);
	arena_free(arena);
	assert_true(launch_server());
}

static const struct device_view *ask_for_code(struct stage *stage)
{
	assert_true(session_may_log_in_by_device(stage->session, 0));
	session_log_in_by_device(stage->session, 0);
	assert_string_equal(session_device(stage->session, 0)->user_code, "");
	UNTIL(stage, *session_device(stage->session, 0)->user_code);
	return session_device(stage->session, 0);
}

static void test_device(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	const struct device_view *device = ask_for_code(&stage);
	assert_int_equal(strlen(device->user_code), 9);
	assert_int_equal(device->user_code[4], '-');
	assert_string_equal(device->address, "http://localhost/device");
	assert_non_null(strstr(device->whole_address, device->user_code));
	assert_int_equal(device->until, session_now(stage.session) + 900);
	answer_device("state = 'granted'");
	UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind != OUTCOME_NONE);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_DONE);
	assert_null(session_device(stage.session, 0));
	settle_down(&stage);
	assert_string_equal(name_of(&stage), "demo");
	struct tokens tokens = kept_tokens();
	assert_non_null(tokens.refresh);
	tokens_clear(&tokens);
	close_stage(&stage);
}

/* A no is in tests/cli/test_account.py. */
static void test_device_given_up(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	ask_for_code(&stage);
	session_drop_log_in(stage.session, 0);
	assert_null(session_device(stage.session, 0));
	settle_down(&stage);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_NONE);
	close_stage(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SERVER(test_kept_when_told),
		ON_SERVER(test_renewed_before_it_ends),
		ON_SERVER(test_renewed_when_refused),
		ON_SERVER(test_c14_answer_lost),
		ON_SERVER(test_c14_after_the_grace),
		ON_SERVER(test_away_while_renewing),
		ON_SERVER(test_plain_token),
		ON_SERVER(test_c35_both_renew),
		ON_SERVER(test_c35_who_renews_is_waited_for),
		ON_SERVER(test_c35_log_in_and_out_elsewhere),
		ON_SERVER(test_c35_it_is_seen_though_nobody_asks),
		ON_SERVER(test_c35_overtaken_while_renewing),
		ON_SERVER(test_the_next_password_is_asked_for_when_one_is_dropped),
		ON_SERVER(test_log_out_ends_the_session_there),
		ON_SERVER(test_c01_a_log_out_that_was_not_heard_is_told_when_the_site_is_back),
		ON_SERVER(test_device),
		ON_SERVER(test_device_given_up),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
