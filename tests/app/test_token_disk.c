/* test_token_disk.c — tokens and the disk that they are kept on, on a real hacktivd: one that has no room, that hangs, that is read-only. What
 * is asked waits for none, who logs in or out is in or out all the same, and the disk has it later. */
#include "door.h"

#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inside.h"

/* For what is done when nobody's turn comes any more: who leaves does not wait for the disk for long. */
#define WAIT_FOR(condition) do { \
	int64_t until_ = clock_monotonic_ms() + PATIENCE_MS; \
	while (!(condition)) { \
		assert_true(clock_monotonic_ms() < until_); \
		poll(NULL, 0, 1); \
	} } while (0)

static bool file_has(const char *access_token)
{
	struct tokens kept = kept_tokens();
	bool has = strcmp(kept.access, access_token) == 0;
	tokens_clear(&kept);
	return has;
}

/* ---- a disk that is full ---- */

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
	struct tokens old = age_tokens(), kept;
	struct stage stage;
	fill_disk(true);
	start_stage(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_true(session_note_count(stage.session) > 0);
	fill_disk(false);
	kept = kept_tokens();
	assert_true(is_same(&old, &kept));
	tokens_clear(&kept);
	at_time(GRACE_OVER);
	session_sync(stage.session);
	turn(&stage);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_int_equal(session_bookings(stage.session)->state.outcome.kind, OUTCOME_DONE);
	kept = kept_tokens();
	assert_false(is_same(&old, &kept));   /* now that there is room */
	tokens_clear(&old);
	tokens_clear(&kept);
	close_stage(&stage);
}

/* A disk that had no room when the tokens were renewed: ours are newer than those that lie there. */
static void renew_without_room(struct stage *stage)
{
	log_in_and_leave();
	struct tokens old = age_tokens();
	tokens_clear(&old);
	fill_disk(true);
	start_stage(stage);
	fill_disk(false);
	assert_int_equal(state_of(stage), SITE_UP);
	assert_int_equal(stage->session->sites[0].account.mark, 0);
}

static void test_c32_a_disk_that_has_room_again_at_the_end(void **state)
{
	(void)state;
	struct stage stage;
	renew_without_room(&stage);
	char *newest = memory_copy_text(stage.session->sites[0].account.tokens.access);
	assert_false(file_has(newest));
	close_stage(&stage);
	WAIT_FOR(file_has(newest));
	token_forget(newest);
}

/* That our tokens never came there makes a log-out of another process no less one. */
static void test_c35_log_out_elsewhere_of_what_was_not_kept(void **state)
{
	(void)state;
	enum { LOOKING, KEEPING_AGAIN, RENEWING, WAYS };
	for (int way = 0; way < WAYS; way++) {
		struct stage stage;
		nobody_is_in(state);
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
	renew_without_room(&a);
	int lock = take_lock();
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
	WAIT_FOR(file_has(other.access));
	other.log_in = memory_copy_text(a.session->sites[0].account.tokens.log_in);   /* as if it had renewed */
	keep_tokens(&other);
	tokens_clear(&other);
	tokens_unlock(&lock);
	settle_down(&a);
	assert_int_equal(state_of(&a), SITE_UP);
	assert_int_equal(session_bookings(a.session)->state.outcome.kind, OUTCOME_DONE);
	close_stage(&a);
}

/* ---- a disk that hangs ---- */

/* As long as it lies in the store's way, the disk answers nothing. */
struct boulder { struct store_work work; sem_t gone; atomic_bool reached; };

static void lie_there(struct store_work *work, struct problem *why)
{
	struct boulder *boulder = (struct boulder *)work;
	(void)why;
	boulder->reached = true;
	while (sem_wait(&boulder->gone) != 0)
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
	boulder->reached = false;
	assert_int_equal(sem_init(&boulder->gone, 0, 0), 0);
	store_do(stage->session->store, &boulder->work);
}

static void let_disk_go(struct boulder *boulder)
{
	assert_int_equal(sem_post(&boulder->gone), 0);
}

/* As if the disk had been waited for long enough. */
static void lose_patience(struct stage *stage)
{
	struct account *account = &stage->session->sites[0].account;
	UNTIL(stage, account->awaited);
	const struct token_file *awaited = account->awaited;
	account->at_ms = 1;
	UNTIL(stage, account->awaited != awaited);
}

static bool has_file(void)
{
	return tokens_mark("essai") != 0;
}


static void test_c29_log_in_while_the_disk_hangs(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	start_stage(&stage);
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
	start_stage(&stage);
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
	start_stage(&stage);
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
	start_stage(&stage);
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
	for (int way = 0; way < 4; way++) {
		bool again = way & 1, late = way & 2;
		struct stage stage;
		struct boulder boulder;
		start_stage(&stage);
		hang_disk(&stage, &boulder);
		session_log_in(stage.session, 0, "demo", "ouvre-toi");
		lose_patience(&stage);
		assert_int_equal(stage.session->sites[0].account.step, ACCOUNT_KEEPING);
		if (late)
			lose_patience(&stage);
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
	struct tokens old = age_tokens(), kept;
	struct stage stage;
	struct boulder boulder;
	open_stage(&stage, NULL, "account.db");
	hang_disk(&stage, &boulder);
	session_start_network(stage.session);
	lose_patience(&stage);                       /* with the lock, … */
	lose_patience(&stage);                       /* … and with the new tokens */
	UNTIL(&stage, session_site(stage.session, 0)->member && state_of(&stage) == SITE_UP && !stage.session->jobs);
	kept = kept_tokens();
	assert_true(is_same(&old, &kept));
	tokens_clear(&kept);
	at_time(LATER);                              /* and over again: what was asked does not wait for the disk */
	session_sync(stage.session);
	lose_patience(&stage);
	UNTIL(&stage, !session_bookings(stage.session)->state.asking && !stage.session->jobs);
	assert_int_equal(state_of(&stage), SITE_UP);
	kept = kept_tokens();
	assert_true(is_same(&old, &kept));
	tokens_clear(&kept);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	kept = kept_tokens();
	assert_string_equal(kept.access, stage.session->sites[0].account.tokens.access);   /* the last, not the first */
	assert_false(is_same(&old, &kept));
	int lock;
	UNTIL(&stage, tokens_lock("essai", &lock) == TOKENS_LOCKED);   /* what was had too late is let go */
	tokens_unlock(&lock);
	tokens_clear(&kept);
	tokens_clear(&old);
	close_stage(&stage);
}

/* Renewed with the lock, and on their way to a disk that hangs from now on. */
static void renew_and_hang(struct stage *stage, struct boulder *boulder)
{
	log_in_and_leave();
	struct tokens old = age_tokens();
	tokens_clear(&old);
	open_while_it_renews(stage);
	hang_disk(stage, boulder);
	UNTIL(stage, stage->session->sites[0].account.step == ACCOUNT_KEEPING);
}

static void test_c35_the_lock_is_held_until_the_disk_has_them(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	int lock;
	renew_and_hang(&stage, &boulder);
	lose_patience(&stage);
	assert_non_null(stage.session->sites[0].account.late);
	assert_int_equal(tokens_lock("essai", &lock), TOKENS_LOCKED_BY_ANOTHER);
	let_disk_go(&boulder);
	settle_down(&stage);
	lock = take_lock();
	tokens_unlock(&lock);
	close_stage(&stage);
}

/* Renewed once more, for the disk hangs that long: who leaves then leaves the last ones, which alone are good. */
static void test_c29_left_with_newer_ones(void **state)
{
	(void)state;
	struct stage stage;
	static struct boulder boulder;               /* the store's thread outlives the session */
	renew_and_hang(&stage, &boulder);
	lose_patience(&stage);
	struct account *account = &stage.session->sites[0].account;
	assert_non_null(account->late);
	UNTIL(&stage, !stage.session->jobs);
	account->tokens.expires_at = 1;
	list_ask(stage.session, 0, LIST_BOOKINGS);
	lose_patience(&stage);
	UNTIL(&stage, account->step == ACCOUNT_AT_REST);
	char *newest = memory_copy_text(account->tokens.access);
	close_stage(&stage);
	let_disk_go(&boulder);
	WAIT_FOR(file_has(newest));
	token_forget(newest);
}

/* Nothing else begins while they are on their way there. */
static void test_c29_refused_while_they_are_kept(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	renew_and_hang(&stage, &boulder);
	stage.session->sites[0].account.at_ms += 2 * PATIENCE_MS;   /* it is waited for */
	UNTIL(&stage, !stage.session->jobs);
	at_time(LATER);
	session_sync(stage.session);
	UNTIL(&stage, account_holds_jobs(stage.session, 0));
	assert_int_equal(stage.session->sites[0].account.step, ACCOUNT_KEEPING);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_int_equal(session_bookings(stage.session)->state.outcome.kind, OUTCOME_DONE);
	close_stage(&stage);
}

/* The site refuses to renew, and the disk hangs when it is to tell whether another process was quicker. */
static void be_refused_and_hang(struct stage *stage, struct boulder *boulder)
{
	log_in_and_leave();
	struct tokens old = age_tokens();
	start_stage(stage);
	close_stage(stage);
	keep_tokens(&old);
	tokens_clear(&old);
	at_time(GRACE_OVER);
	open_while_it_renews(stage);
	hang_disk(stage, boulder);
	UNTIL(stage, stage->session->sites[0].account.step == ACCOUNT_CHECKING);
}

/* That is a log-out, said and not waited for. */
static void test_c29_refused_while_the_disk_hangs(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	be_refused_and_hang(&stage, &boulder);
	lose_patience(&stage);
	UNTIL(&stage, state_of(&stage) == SITE_LOGIN_NEEDED);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_LOGIN_NEEDED);
	close_stage(&stage);
}

/* Who logs in meanwhile is in, whatever the disk tells then. */
static void test_c29_log_in_when_refused(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	be_refused_and_hang(&stage, &boulder);
	struct account *account = &stage.session->sites[0].account;
	account->at_ms += 2 * PATIENCE_MS;           /* it is waited for */
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, account->step == ACCOUNT_KEEPING);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_true(file_has(account->tokens.access));
	close_stage(&stage);
}

/* Who is in leaves before the lock was had: the log-in is on disk all the same. */
static void test_c35_left_before_the_lock_was_had(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	int lock = take_lock();
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	UNTIL(&stage, session_site(stage.session, 0)->member);
	assert_int_equal(stage.session->sites[0].account.step, ACCOUNT_LOCKING);
	assert_false(has_file());
	close_stage(&stage);
	tokens_unlock(&lock);
	WAIT_FOR(has_file());
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

/* Whoever leaves meanwhile is owed what was told, and a program that was only about to start is not started behind their back. */
static void test_c29_left_while_the_disk_hangs(void **state)
{
	(void)state;
	struct stage stage;
	static struct boulder boulders[4];           /* the store's thread outlives the session */
	struct arena *arena = arena_new();
	start_stage(&stage);
	hang_disk(&stage, &boulders[0]);
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	lose_patience(&stage);
	lose_patience(&stage);
	assert_int_equal(session_log_in_outcome(stage.session, 0)->kind, OUTCOME_DONE);
	close_stage(&stage);
	assert_false(has_file());
	let_disk_go(&boulders[0]);
	WAIT_FOR(has_file());

	start_stage(&stage);
	hang_disk(&stage, &boulders[1]);
	session_log_out(stage.session, 0);
	close_stage(&stage);
	assert_true(has_file());
	let_disk_go(&boulders[1]);
	WAIT_FOR(!has_file());

	const char *trace = in_directory(arena, "trace");
	open_stage_with(&stage, arena_print(arena, "sites = ( { id = \"one\"; url = \"unix:/nonexistent\"; login = \"demo\";"
	                                    " password_command = [ \"mkdir\", \"%s\" ]; } );", trace), "left-password.db");
	hang_disk(&stage, &boulders[2]);
	session_start_network(stage.session);
	UNTIL(&stage, stage.session->starting);
	hang_disk(&stage, &boulders[3]);
	close_stage(&stage);
	let_disk_go(&boulders[2]);
	WAIT_FOR(boulders[3].reached);               /* after what was to be started */
	poll(NULL, 0, 50);
	assert_int_not_equal(access(trace, F_OK), 0);
	let_disk_go(&boulders[3]);
	arena_free(arena);
}

static void keep_others(void)
{
	keep_tokens(&(struct tokens){ .access = (char[]){ "others" }, .log_in = (char[]){ "l" } });
}

/* What was there before is looked into while the disk hangs, and answered when it is over: by then it is known better. */
static void test_c35_a_look_that_comes_too_late(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	start_stage(&stage);
	hang_disk(&stage, &boulder);
	keep_others();
	account_look(stage.session, 0);
	session_log_in(stage.session, 0, "demo", "ouvre-toi");
	lose_patience(&stage);
	lose_patience(&stage);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_int_equal(state_of(&stage), SITE_UP);
	assert_false(file_has("others"));

	hang_disk(&stage, &boulder);
	keep_others();
	account_look(stage.session, 0);
	session_log_out(stage.session, 0);
	unsigned farewells = session_farewells(stage.session);
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_null(stage.session->sites[0].token);
	assert_int_equal(session_farewells(stage.session), farewells);   /* nobody was in in between */
	close_stage(&stage);
}

/* What could not be kept is put there once more, blindly, for the disk hangs; another log-in that comes there first stands. */
static void test_c35_keeping_again_blindly(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	renew_without_room(&stage);
	hang_disk(&stage, &boulder);
	stage.session->sites[0].account.at_ms = 1;
	lose_patience(&stage);
	keep_others();
	let_disk_go(&boulder);
	settle_down(&stage);
	assert_true(file_has("others"));
	assert_string_equal(stage.session->sites[0].token, "others");
	close_stage(&stage);
}

/* Looking for what another process did wakes nobody, unless it did something: an idle machine sleeps. */
static void test_c35_a_look_that_finds_nothing_wakes_nobody(void **state)
{
	(void)state;
	struct stage stage;
	start_stage(&stage);
	log_in(&stage);
	struct pollfd answers = { .fd = store_fd(stage.session->store), .events = POLLIN };
	for (int changed = 0; changed < 2; changed++) {
		if (changed) {
			struct tokens older = age_tokens();
			tokens_clear(&older);
		}
		UNTIL(&stage, session_is_quiet(stage.session) && !stage.session->sites[0].account.looking);
		stage.session->look_ms = 0;
		session_turn(stage.session);
		assert_non_null(stage.session->sites[0].account.looking);
		assert_int_equal(poll(&answers, 1, changed ? PATIENCE_MS : 50), changed);
		turn(&stage);
		assert_null(stage.session->sites[0].account.looking);   /* it was answered in both */
	}
	close_stage(&stage);
}

/* Nor does what everybody may see wait for it for ever. */
static void test_c29_a_password_program_that_cannot_be_started_in_time(void **state)
{
	(void)state;
	struct stage stage;
	struct boulder boulder;
	struct arena *arena = arena_new();
	open_stage_with(&stage, arena_print(arena, "sites = ( { id = \"one\"; url = \"unix:%s\"; login = \"demo\";"
	                                    " password_command = [ \"echo\", \"ouvre-toi\" ]; } );", in_directory(arena, "socket")), "late-password.db");
	hang_disk(&stage, &boulder);
	session_start_network(stage.session);
	UNTIL(&stage, stage.session->starting && account_holds_jobs(stage.session, 0));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SERVER(test_c32_disk_full_while_renewing),
		ON_SERVER(test_c32_a_disk_that_has_room_again_at_the_end),
		ON_SERVER(test_c35_log_out_elsewhere_of_what_was_not_kept),
		ON_SERVER(test_c35_refused_while_another_keeps),
		ON_SERVER(test_c29_log_in_while_the_disk_hangs),
		ON_SERVER(test_c29_log_out_while_the_disk_hangs),
		ON_SERVER(test_c32_a_log_out_that_cannot_be_kept),
		ON_SERVER(test_c32_a_disk_that_keeps_the_token),
		ON_SERVER(test_c29_log_out_before_a_log_in_is_on_disk),
		ON_SERVER(test_c29_renewed_while_the_disk_hangs),
		ON_SERVER(test_c35_the_lock_is_held_until_the_disk_has_them),
		ON_SERVER(test_c29_left_with_newer_ones),
		ON_SERVER(test_c29_refused_while_they_are_kept),
		ON_SERVER(test_c29_refused_while_the_disk_hangs),
		ON_SERVER(test_c29_log_in_when_refused),
		ON_SERVER(test_c35_left_before_the_lock_was_had),
		ON_SERVER(test_c29_a_password_program_on_a_disk_that_hangs),
		ON_SERVER(test_c29_left_while_the_disk_hangs),
		ON_SERVER(test_c35_a_look_that_comes_too_late),
		ON_SERVER(test_c35_keeping_again_blindly),
		ON_SERVER(test_c35_a_look_that_finds_nothing_wakes_nobody),
		ON_SERVER(test_c29_a_password_program_that_cannot_be_started_in_time),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
