/* test_account.c — who lets me in, on a real hacktivd: tokens are renewed before they end and when they are refused; a lost answer is asked
 * for again; two of us share what one got; a log-out in one is one in the other; a device is let in by its code. */
#include "stage.h"

#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hacktiv/base/sql.h"
#include "inside.h"

#define LATER "2026-07-15T09:30:00+02:00"   /* the access tokens of STAGE_NOW are over */
#define GRACE_OVER "2026-07-15T07:31:00+02:00"

/* ---- the token file, as it stands and as a test wants it ---- */

static struct tokens look(void)
{
	struct tokens tokens;
	struct problem why = { 0 };
	if (!tokens_load("essai", &tokens, &why))
		fail_msg("%s", why.text);
	return tokens;
}

/* As if it had been got 59 minutes ago. */
static struct tokens age(void)
{
	struct tokens tokens = look();
	tokens.expires_at -= 3590;
	keep_tokens(&tokens);
	return tokens;
}

static bool is_same(const struct tokens *a, const struct tokens *b)
{
	return strcmp(a->access, b->access) == 0 && strcmp(a->refresh, b->refresh) == 0;
}

/* ---- sessions ---- */

static void at_time(const char *now)
{
	stop_only();
	setenv("HACKTIV_NOW", now, 1);
	assert_true(launch_server());
}

static int begin(void **state)
{
	(void)state;
	tokens_remove("essai", NULL);
	if (strcmp(getenv("HACKTIV_NOW"), STAGE_NOW) != 0)
		at_time(STAGE_NOW);
	return 0;
}

static void start(struct stage *stage)
{
	open_stage(stage, NULL, "account.db");
	session_start_network(stage->session);
	settle_down(stage);
}

static enum site_state state_of(const struct stage *stage)
{
	return session_site(stage->session, 0)->state;
}

static const char *name_of(const struct stage *stage)
{
	const struct member *member = session_site(stage->session, 0)->member;
	return member ? member->login : "nobody";
}

static void log_in_and_leave(void)
{
	struct stage stage;
	start(&stage);
	log_in(&stage);
	close_stage(&stage);
}

/* ---- one of us ---- */

static void test_kept_when_told(void **state)
{
	(void)state;
	struct stage stage;
	start(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind != OUTCOME_NONE);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_DONE);
	struct tokens tokens = look();
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
	struct tokens old = age(), new;
	struct stage stage;
	start(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_string_equal(name_of(&stage), "demo");
	new = look();
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
	start(&stage);
	log_in(&stage);
	struct tokens old = look(), new;
	at_time(LATER);
	session_sync(stage.session);
	bool asked_to_log_in = false;
	UNTIL(&stage, (asked_to_log_in = asked_to_log_in || state_of(&stage) == SITE_LOGIN_NEEDED, session_is_quiet(stage.session)));
	assert_false(asked_to_log_in);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_int_equal(session_bookings(stage.session)->state.outcome.kind, OUTCOME_DONE);
	new = look();
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
	struct tokens old = age(), first, second;
	struct stage stage;
	start(&stage);
	first = look();
	close_stage(&stage);
	keep_tokens(&old);
	start(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	second = look();
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
	struct tokens old = age();
	struct stage stage;
	start(&stage);
	close_stage(&stage);
	keep_tokens(&old);
	at_time(GRACE_OVER);
	start(&stage);                               /* comes to rest: no loop */
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
	struct tokens old = age(), kept;
	stop_only();
	struct stage stage;
	start(&stage);
	assert_int_equal(state_of(&stage), SITE_UNREACHABLE);
	kept = look();
	assert_true(is_same(&old, &kept));
	assert_true(launch_server());
	session_sync(stage.session);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	close_stage(&stage);
	tokens_clear(&old);
	tokens_clear(&kept);
}

/* Every write of this process fails, as on a full disk. */
static void fill_disk(bool full)
{
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit;
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = full ? 0 : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* What lies on the disk then is older than what we have: taking it for news would use an old refresh token up, and cost the log-in. */
static void test_c32_disk_full_while_renewing(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age(), kept;
	struct stage stage;
	fill_disk(true);
	start(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_true(session_note_count(stage.session) > 0);
	fill_disk(false);
	kept = look();
	assert_true(is_same(&old, &kept));
	tokens_clear(&kept);
	at_time(GRACE_OVER);
	session_sync(stage.session);
	turn(&stage);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_int_equal(session_bookings(stage.session)->state.outcome.kind, OUTCOME_DONE);
	kept = look();
	assert_false(is_same(&old, &kept));   /* now that there is room */
	tokens_clear(&old);
	tokens_clear(&kept);
	close_stage(&stage);
}

/* A disk that had no room when the tokens were renewed: ours are newer than those that lie there. */
static void renew_without_room(struct stage *stage)
{
	log_in_and_leave();
	struct tokens old = age();
	tokens_clear(&old);
	fill_disk(true);
	start(stage);
	fill_disk(false);
	assert_int_equal(state_of(stage), SITE_UP);
	assert_int_equal(stage->session->sites[0].account.mark, 0);
}

static void test_c32_a_disk_that_has_room_again_at_the_end(void **state)
{
	(void)state;
	struct stage stage;
	renew_without_room(&stage);
	struct tokens kept = look();
	assert_string_not_equal(kept.access, stage.session->sites[0].account.tokens.access);
	tokens_clear(&kept);
	char *newest = memory_copy_text(stage.session->sites[0].account.tokens.access);
	close_stage(&stage);
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
	for (kept = look(); strcmp(kept.access, newest) != 0; kept = look()) {
		assert_true(clock_monotonic_ms() < until_ms);
		tokens_clear(&kept);
		usleep(1000);
	}
	tokens_clear(&kept);
	token_forget(newest);
}

/* That our tokens never came there makes a log-out of another process no less one. */
static void test_c35_log_out_elsewhere_of_what_was_not_kept(void **state)
{
	(void)state;
	enum { LOOKING, KEEPING_AGAIN, RENEWING, WAYS };
	for (int way = 0; way < WAYS; way++) {
		struct stage stage;
		begin(state);
		renew_without_room(&stage);
		struct account *account = &stage.session->sites[0].account;
		tokens_remove("essai", NULL);
		if (way == LOOKING)
			stage.session->look_ms = 0;
		else if (way == KEEPING_AGAIN)
			account->at_ms = 1;
		else
			account->tokens.expires_at = 1;
		list_ask(stage.session, 0, LIST_BOOKINGS);
		UNTIL(&stage, state_of(&stage) == SITE_LOGIN_NEEDED);
		settle_down(&stage);
		assert_int_equal(session_bookings(stage.session)->count, 0);
		close_stage(&stage);
		assert_int_equal(tokens_mark("essai"), 0);
	}
}

/* Refused while it waits to keep what could not be kept, and then newer ones lie there: what was asked is put again with those. */
static void test_c35_refused_while_another_keeps(void **state)
{
	(void)state;
	struct stage a, b;
	int lock;
	renew_without_room(&a);
	assert_int_equal(tokens_lock("essai", &lock), TOKENS_LOCKED);
	a.session->sites[0].account.at_ms = 1;
	UNTIL(&a, a.session->sites[0].account.step == ACCOUNT_LOCKING);
	at_time(LATER);
	session_sync(a.session);
	UNTIL(&a, account_holds_jobs(a.session, 0));
	open_stage(&b, NULL, "account.db");
	session_start_network(b.session);
	session_log_in(b.session, 0, "demo", "ouvre-toi");
	UNTIL(&b, b.session->sites[0].account.unkept);
	struct tokens got = b.session->sites[0].account.tokens, other = { .access = memory_copy_text(got.access),
		.refresh = memory_copy_text(got.refresh), .expires_at = got.expires_at };
	close_stage(&b);
	other.log_in = memory_copy_text(a.session->sites[0].account.tokens.log_in);   /* as if it had renewed */
	keep_tokens(&other);
	tokens_clear(&other);
	tokens_unlock(&lock);
	settle_down(&a);
	assert_int_equal(state_of(&a), SITE_UP);
	assert_int_equal(session_bookings(a.session)->state.outcome.kind, OUTCOME_DONE);
	close_stage(&a);
}

/* A file of before there were refresh tokens. */
static void test_plain_token(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens tokens = look();
	char *path = tokens_path("essai", NULL);
	assert_true(path_write_secret(path, tokens.access, strlen(tokens.access), NULL));
	struct stage stage;
	start(&stage);
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
	struct tokens old = age(), new;
	struct stage a, b;
	open_stage(&a, NULL, "account.db");
	open_stage(&b, NULL, "account.db");
	session_start_network(a.session);
	session_start_network(b.session);
	turn_both(&a, &b);
	assert_int_equal(state_of(&a), SITE_UP);
	assert_int_equal(state_of(&b), SITE_UP);
	new = look();
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
	struct tokens old = age(), now;
	int lock;
	assert_int_equal(tokens_lock("essai", &lock), TOKENS_LOCKED);
	struct stage stage;
	open_stage(&stage, NULL, "account.db");
	session_start_network(stage.session);
	for (int i = 0; i < 5; i++) {
		int64_t before_ms = clock_monotonic_ms();
		session_turn(stage.session);
		assert_true(clock_monotonic_ms() - before_ms < 1000);   /* it does not stand still for it */
		session_wait(stage.session, NULL, 0, 100);
	}
	now = look();
	assert_true(is_same(&old, &now));
	assert_false(session_is_quiet(stage.session));
	tokens_clear(&now);
	tokens_unlock(&lock);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	now = look();
	assert_false(is_same(&old, &now));
	tokens_clear(&now);
	tokens_clear(&old);
	close_stage(&stage);
}

static void test_c35_log_in_and_out_elsewhere(void **state)
{
	(void)state;
	struct stage a, b;
	start(&a);
	start(&b);
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
	start(&a);
	start(&b);
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

/* ---- a disk that hangs ---- */

/* As long as it lies in the store's way, the disk answers nothing. */
struct boulder { struct store_work work; sem_t gone; };

static void lie_there(struct store_work *work, struct problem *why)
{
	(void)why;
	while (sem_wait(&((struct boulder *)work)->gone) != 0)
		;
}

static void take_note(void *context, struct store_work *work, const struct problem *why)
{
	(void)context;
	(void)work;
	(void)why;
}

static void leave_it(struct store_work *work)
{
	(void)work;
}

static void hang_disk(struct stage *stage, struct boulder *boulder)
{
	boulder->work = (struct store_work){ .run = lie_there, .done = take_note, .free = leave_it };
	assert_int_equal(sem_init(&boulder->gone, 0, 0), 0);
	store_do(stage->session->store, &boulder->work);
}

static void let_disk_go(struct boulder *boulder)
{
	assert_int_equal(sem_post(&boulder->gone), 0);
}

static bool has_file(void)
{
	return tokens_mark("essai") != 0;
}

/* Who leaves does not wait for it for long. */
static bool comes_to_disk(void)
{
	int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
	while (!has_file() && clock_monotonic_ms() < until_ms)
		usleep(1000);
	return has_file();
}

static void test_c29_log_in_while_the_disk_hangs(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	start(&stage);
	hang_disk(&stage, &boulder);
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind != OUTCOME_NONE);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_DONE);
	UNTIL(&stage, session_site(stage.session, 0)->member);
	assert_false(has_file());
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_true(has_file());
	assert_int_equal(session_note_count(stage.session), 0);
	close_stage(&stage);
}

static void test_c29_log_out_while_the_disk_hangs(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	start(&stage);
	log_in(&stage);
	hang_disk(&stage, &boulder);
	session_log_out(stage.session, 0);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	assert_true(has_file());
	turn(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);   /* the file is there, and nobody's */
	session_sync(stage.session);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	assert_false(has_file());
	close_stage(&stage);
}

static const char *path_of_tokens(struct arena *arena)
{
	char *path = tokens_path("essai", NULL);
	const char *copy = arena_copy_text(arena, path);
	free(path);
	return copy;
}

/* Something lies there that is not ours to remove: what is on disk is not told to be forgotten. */
static void test_c32_a_log_out_that_cannot_be_kept(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *path = path_of_tokens(arena);
	struct stage stage;
	start(&stage);
	log_in(&stage);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	session_log_out(stage.session, 0);
	assert_int_equal(session_log_out_stands(stage.session, 0), LOG_OUT_UNDER_WAY);
	settle_down(&stage);
	assert_int_equal(session_log_out_stands(stage.session, 0), LOG_OUT_FAILED);
	assert_int_equal(session_note_count(stage.session), 1);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	assert_int_equal(rmdir(path), 0);
	session_log_out(stage.session, 0);
	settle_down(&stage);
	assert_int_equal(session_log_out_stands(stage.session, 0), LOG_OUT_KEPT);
	close_stage(&stage);
	arena_free(arena);
}

/* It is said, and who logged out is not in again because the file is seen to be there. */
static void test_c32_a_disk_that_keeps_the_token(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	struct arena *arena = arena_new();
	const char *folder = in_directory(arena, ".local/state/hacktiv/tokens"), *aside = in_directory(arena, "aside");
	start(&stage);
	log_in(&stage);
	hang_disk(&stage, &boulder);
	session_log_out(stage.session, 0);
	assert_int_equal(rename(folder, aside), 0);
	assert_int_equal(symlink(folder, folder), 0);   /* to itself: whatever is asked of a file in it fails */
	let_disk_go(&boulder);
	UNTIL(&stage, session_note_count(stage.session) > 0);
	assert_non_null(strstr(session_note(stage.session, 0), "cannot be removed"));
	assert_int_equal(unlink(folder), 0);
	assert_int_equal(rename(aside, folder), 0);
	account_look(stage.session, 0);
	settle_down(&stage);
	assert_null(stage.session->sites[0].token);
	log_in(&stage);                              /* and a log-in is one like any other */
	assert_int_equal(state_of(&stage), SITE_UP);
	close_stage(&stage);
	arena_free(arena);
}

/* New tokens are on their way to the disk: they are gone all the same. And who logs in again then stays in. */
static void test_c29_log_out_before_a_log_in_is_on_disk(void **state)
{
	(void)state;
	for (int again = 0; again < 2; again++) {
		struct stage stage;
		struct boulder boulder;
		start(&stage);
		hang_disk(&stage, &boulder);
		session_log_in(stage.session, 0, "demo", "ouvre-toi");
		UNTIL(&stage, stage.session->sites[0].account.step == ACCOUNT_KEEPING);
		session_log_out(stage.session, 0);
		if (again) {
			session_log_in(stage.session, 0, "demo", "ouvre-toi");
			UNTIL(&stage, session_site(stage.session, 0)->member);
		}
		let_disk_go(&boulder);
		settle_down(&stage);
		assert_int_equal(state_of(&stage), again ? SITE_UP : SITE_LOGIN_NEEDED);
		assert_int_equal(has_file(), again);
		close_stage(&stage);
	}
}

/* What is asked meanwhile is answered, with new tokens; the disk has them later. */
static void test_c29_renewed_while_the_disk_hangs(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age(), kept;
	struct stage stage;
	struct boulder boulder;
	open_stage(&stage, NULL, "account.db");
	hang_disk(&stage, &boulder);
	session_start_network(stage.session);
	UNTIL(&stage, session_site(stage.session, 0)->member && state_of(&stage) == SITE_UP);
	kept = look();
	assert_true(is_same(&old, &kept));
	tokens_clear(&kept);
	at_time(LATER);                              /* and over again: what was asked does not wait for the disk */
	session_sync(stage.session);
	UNTIL(&stage, !session_bookings(stage.session)->state.asking && !stage.session->jobs);
	assert_int_equal(state_of(&stage), SITE_UP);
	kept = look();
	assert_true(is_same(&old, &kept));
	tokens_clear(&kept);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	kept = look();
	assert_string_equal(kept.access, stage.session->sites[0].account.tokens.access);   /* the last, not the first */
	assert_false(is_same(&old, &kept));
	int lock;
	UNTIL(&stage, tokens_lock("essai", &lock) == TOKENS_LOCKED);   /* it was had too late, and let go */
	tokens_unlock(&lock);
	tokens_clear(&kept);
	tokens_clear(&old);
	close_stage(&stage);
}

/* The site refuses, and the disk does not tell whether another process was quicker: that is a log-out, said and not waited for. */
static void test_c29_refused_while_the_disk_hangs(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age(), first;
	struct stage stage;
	struct boulder boulder;
	start(&stage);
	first = look();
	close_stage(&stage);
	keep_tokens(&old);
	at_time(GRACE_OVER);
	open_stage(&stage, NULL, "account.db");
	session_start_network(stage.session);
	UNTIL(&stage, stage.session->sites[0].account.step == ACCOUNT_RENEWING);
	hang_disk(&stage, &boulder);
	UNTIL(&stage, state_of(&stage) == SITE_LOGIN_NEEDED);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	tokens_clear(&first);
	tokens_clear(&old);
	close_stage(&stage);
}

/* Who is in leaves before the lock was had: the log-in is on disk all the same. */
static void test_c35_left_before_the_lock_was_had(void **state)
{
	(void)state;
	int lock;
	struct stage stage;
	start(&stage);
	assert_int_equal(tokens_lock("essai", &lock), TOKENS_LOCKED);
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, session_site(stage.session, 0)->member);
	assert_int_equal(stage.session->sites[0].account.step, ACCOUNT_LOCKING);
	assert_false(has_file());
	close_stage(&stage);
	tokens_unlock(&lock);
	assert_true(comes_to_disk());
}

/* Stopped while it renewed, another did the same and more: what stands in the file then is not written over. */
static void test_c35_overtaken_while_renewing(void **state)
{
	(void)state;
	log_in_and_leave();
	struct tokens old = age(), other;
	struct stage a, b;
	open_stage(&a, NULL, "account.db");
	session_start_network(a.session);
	UNTIL(&a, a.session->sites[0].account.step == ACCOUNT_RENEWING);
	tokens_unlock(&a.session->sites[0].account.lock);   /* as if its patience had ended */
	tokens_remove("essai", NULL);
	start(&b);
	log_in(&b);
	other = look();
	settle_down(&a);
	assert_int_equal(state_of(&a), SITE_UP);
	struct tokens now = look();
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

/* The program lies on that disk, too: it is started when it can be, and not when it is wanted no more. */
static void test_c29_a_password_program_on_a_disk_that_hangs(void **state)
{
	(void)state;
	for (int dropped = 0; dropped < 2; dropped++) {
		struct stage stage;
		struct boulder boulder;
		open_stage_with(&stage, "sites = ( { id = \"one\"; url = \"unix:/nonexistent\"; login = \"demo\"; password_command = [ \"echo\", \"ouvre-toi\" ]; } );",
		                "hung-password.db");
		hang_disk(&stage, &boulder);
		session_start_network(stage.session);
		UNTIL(&stage, stage.session->starting);
		turn(&stage);
		assert_null(stage.session->runner);
		if (dropped)
			session_drop_log_in(stage.session, 0);
		let_disk_go(&boulder);
		UNTIL(&stage, !stage.session->starting);
		assert_true(!dropped || !stage.session->runner);   /* one that runs may have ended by now */
		enum outcome_kind wanted = dropped ? OUTCOME_NONE : OUTCOME_UNREACHABLE;
		UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind == wanted && session_is_quiet(stage.session));
		close_stage(&stage);
	}
}

/* Nor does what everybody may see wait for it for ever. */
static void test_c29_a_password_program_that_cannot_be_started_in_time(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	struct arena *arena = arena_new();
	open_stage_with(&stage, arena_print(arena, "sites = ( { id = \"one\"; url = \"unix:%s\"; login = \"demo\"; password_command = [ \"echo\", \"ouvre-toi\" ]; } );",
	                                    in_directory(arena, "socket")), "late-password.db");
	hang_disk(&stage, &boulder);
	session_start_network(stage.session);
	UNTIL(&stage, stage.session->starting);
	turn(&stage);
	assert_true(account_holds_jobs(stage.session, 0));
	stage.session->starting_by_ms = clock_monotonic_ms();   /* a minute later */
	UNTIL(&stage, session_spaces(stage.session)->count > 0 && !session_spaces(stage.session)->state.asking);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_null(stage.session->runner);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	close_stage(&stage);
	arena_free(arena);
}

static void test_log_out_ends_the_session_there(void **state)
{
	(void)state;
	struct stage stage;
	start(&stage);
	log_in(&stage);
	struct tokens old = look();
	at_time(LATER);   /* the access token is over: only the refresh token can say whose session it is */
	session_log_out(stage.session, 0);
	settle_down(&stage);
	close_stage(&stage);
	keep_tokens(&old);
	start(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
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
	start(&stage);
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
	struct tokens tokens = look();
	assert_non_null(tokens.refresh);
	tokens_clear(&tokens);
	close_stage(&stage);
}

/* A no is in tests/cli/test_account.py. */
static void test_device_given_up(void **state)
{
	(void)state;
	struct stage stage;
	start(&stage);
	ask_for_code(&stage);
	session_drop_log_in(stage.session, 0);
	assert_null(session_device(stage.session, 0));
	settle_down(&stage);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_NONE);
	close_stage(&stage);
}

#define ON_SERVER(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SERVER(test_kept_when_told),
		ON_SERVER(test_renewed_before_it_ends),
		ON_SERVER(test_renewed_when_refused),
		ON_SERVER(test_c14_answer_lost),
		ON_SERVER(test_c14_after_the_grace),
		ON_SERVER(test_away_while_renewing),
		ON_SERVER(test_c32_disk_full_while_renewing),
		ON_SERVER(test_c32_a_disk_that_has_room_again_at_the_end),
		ON_SERVER(test_c35_log_out_elsewhere_of_what_was_not_kept),
		ON_SERVER(test_c35_refused_while_another_keeps),
		ON_SERVER(test_plain_token),
		ON_SERVER(test_c35_both_renew),
		ON_SERVER(test_c35_who_renews_is_waited_for),
		ON_SERVER(test_c35_log_in_and_out_elsewhere),
		ON_SERVER(test_c35_it_is_seen_though_nobody_asks),
		ON_SERVER(test_c29_log_in_while_the_disk_hangs),
		ON_SERVER(test_c29_log_out_while_the_disk_hangs),
		ON_SERVER(test_c32_a_log_out_that_cannot_be_kept),
		ON_SERVER(test_c32_a_disk_that_keeps_the_token),
		ON_SERVER(test_c29_log_out_before_a_log_in_is_on_disk),
		ON_SERVER(test_c29_renewed_while_the_disk_hangs),
		ON_SERVER(test_c29_refused_while_the_disk_hangs),
		ON_SERVER(test_c35_left_before_the_lock_was_had),
		ON_SERVER(test_c35_overtaken_while_renewing),
		ON_SERVER(test_the_next_password_is_asked_for_when_one_is_dropped),
		ON_SERVER(test_c29_a_password_program_on_a_disk_that_hangs),
		ON_SERVER(test_c29_a_password_program_that_cannot_be_started_in_time),
		ON_SERVER(test_log_out_ends_the_session_there),
		ON_SERVER(test_device),
		ON_SERVER(test_device_given_up),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
