/* C38: a terminal that many share, one after the other, before a real hacktivd: where a log-in is kept, what is left of it on the disk, and
 * what becomes of wishes when somebody walks away from them. */
#define _GNU_SOURCE   /* memmem */
#include "stage.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hacktiv/base/sql.h"
#include "inside.h"

#define NAME "Camille Noiret"
#define LONG_PASSWORD "ouvre-toi, la porte"
#define FILE_MAX (64u << 20)

static void open_shared(struct stage *stage, const char *notes)
{
	stage->arena = arena_new();
	config_load(&stage->config, NULL);
	assert_true(config_use_only(&stage->config, "essai", "Essai",
	                            arena_print(stage->arena, "unix:%s", in_directory(stage->arena, "socket")), NULL));
	struct session_setup setup = { .config = &stage->config, .store_path = in_directory(stage->arena, notes), .shared = true };
	assert_true(clock_from_environment(&setup.clock, NULL));
	stage->session = session_new(&setup, NULL);
	assert_non_null(stage->session);
	UNTIL(stage, session_wishes_are_known(stage->session));
	session_start_network(stage->session);
}

static void enter(struct stage *stage, const char *login)
{
	session_log_in(stage->session, 0, login, strcmp(login, "demo") == 0 ? "ouvre-toi" : LONG_PASSWORD);
	UNTIL(stage, session_log_in_outcome(stage->session, 0)->kind != OUTCOME_NONE);
	assert_int_equal(session_log_in_outcome(stage->session, 0)->kind, OUTCOME_DONE);
	assert_non_null(session_site(stage->session, 0)->member);   /* it is known at once who that is */
	settle_down(stage);
}

static void end_turn(struct stage *stage)
{
	session_end_turn(stage->session);
	turn(stage);
	settle_down(stage);
}

/* ---- the disk ---- */

static bool file_holds(const char *path, const char *text)
{
	struct buffer bytes;
	if (!path_read(path, FILE_MAX, &bytes, NULL))
		return false;
	bool holds = memmem(bytes.bytes, bytes.length, text, strlen(text));
	buffer_clear(&bytes);
	return holds;
}

/* A file of this run under `path`, the server's aside; NULL: none holds it. */
static const char *find_file(struct arena *arena, const char *path, const char *text)
{
	const char *found = NULL;
	DIR *files = opendir(path);
	for (struct dirent *entry = files ? readdir(files) : NULL; entry && !found; entry = readdir(files)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || strncmp(entry->d_name, "db", 2) == 0)
			continue;
		const char *inner = arena_print(arena, "%s/%s", path, entry->d_name);
		found = file_holds(inner, text) ? inner : find_file(arena, inner, text);
	}
	if (files)
		closedir(files);
	return found;
}

static void no_file_holds(struct arena *arena, const char *text)
{
	const char *found = find_file(arena, in_directory(arena, "."), text);
	if (found)
		fail_msg("%s holds what is nobody's business", found);
}

static void run_sql(struct arena *arena, const char *file, const char *text)
{
	struct problem why = { .kind = PROBLEM_NONE };
	struct sql *sql = sql_open(in_directory(arena, file), SQL_READ_WRITE, &why);
	if (!sql || !sql_run(sql, text, &why))
		fail_msg("%s", why.text);
	sql_close(sql);
}

/* While it is stopped. */
static void give_password(struct arena *arena, const char *login)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[0], STDIN_FILENO);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		close(ends[1]);
		execl(getenv("HACKTIVD"), "hacktivd", "passwd", "--database", arena_print(arena, "sqlite:%s", in_directory(arena, "db")),
		      "--password-stdin", login, NULL);
		_exit(127);
	}
	close(ends[0]);
	assert_int_equal(write(ends[1], LONG_PASSWORD "\n", sizeof LONG_PASSWORD), sizeof LONG_PASSWORD);
	close(ends[1]);
	int status;
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

/* Which program somebody is logged in by, as the site has it, and until when. */
static const char *clients_at_site(struct arena *arena, const char *table)
{
	struct problem why = { .kind = PROBLEM_NONE };
	struct sql *sql = sql_open(in_directory(arena, "db"), SQL_READ_ONLY, &why);
	if (!sql)
		fail_msg("%s", why.text);
	struct sql_statement *statement = sql_prepare(sql, arena_print(arena, "SELECT group_concat(DISTINCT client) FROM %s", table));
	assert_int_equal(sql_step(statement, &why), SQL_ROW);
	const char *clients = sql_text(statement, 0, arena);
	sql_done(statement);
	sql_close(sql);
	return clients ? clients : "";
}

/* ---- a wish ---- */

static struct wish_book desk_on(struct stage *stage, struct local_date date)
{
	UNTIL(stage, session_spaces(stage->session)->count > 0);
	const struct space *space = &session_spaces(stage->session)->rows[0].space;
	const char *space_id = arena_copy_text(stage->arena, space->id), *name = arena_copy_text(stage->arena, space->name);
	const struct day_list *day = session_day(stage->session, 0, space_id, date);
	UNTIL(stage, !day->state.asking);
	for (size_t at = 0; at < day->count; at++) {
		const struct resource_day *row = &day->rows[at];
		if (row->resource.kind == RESOURCE_DESK && row->morning == SLOT_FREE)
			return (struct wish_book){ .space_id = space_id, .space_name = name, .when = half_day(date, DAY_PART_MORNING),
				.resource_id = arena_copy_text(stage->arena, row->resource.id),
				.resource_name = arena_copy_text(stage->arena, row->resource.name) };
	}
	fail_msg("no desk is free");
	abort();
}

static bool is_booked(struct stage *stage, const struct wish_book *wish)
{
	session_refresh_bookings(stage->session);
	UNTIL(stage, !session_bookings(stage->session)->state.asking);
	for (size_t at = 0; at < session_bookings(stage->session)->count; at++) {
		const struct booking *booking = &session_bookings(stage->session)->rows[at].booking;
		if (strcmp(booking->resource_id, wish->resource_id) == 0 && period_equal(booking->when, wish->when))
			return true;
	}
	return false;
}

/* ---- the stories ---- */

static void c38_a_log_in_is_kept_in_memory_alone_and_goes_with_the_turn(void **state)
{
	(void)state;
	struct stage stage, check;
	char file_token[] = "of-the-account", log_in[] = "x";
	keep_tokens(&(struct tokens){ .access = file_token, .log_in = log_in });
	uint64_t mark = tokens_mark("essai");
	open_shared(&stage, "memory.db");
	settle_down(&stage);
	assert_int_equal(session_site(stage.session, 0)->state, SITE_LOGIN_NEEDED);   /* that file is not looked into */
	enter(&stage, "demo");
	assert_null(stage.session->sites[0].account.tokens.refresh);
	assert_true(session_bookings(stage.session)->count > 0);
	assert_string_equal(clients_at_site(stage.arena, "session"), "hacktiv-kiosk");
	char *token = memory_copy_text(stage.session->sites[0].token);
	no_file_holds(stage.arena, token);
	no_file_holds(stage.arena, NAME);   /* also while she is here: a power cut is no log-out */
	no_file_holds(stage.arena, "Les Serres 3");
	end_turn(&stage);
	assert_null(stage.session->sites[0].token);
	assert_null(session_site(stage.session, 0)->member);
	assert_int_equal(session_bookings(stage.session)->count, 0);
	assert_int_equal(session_signups(stage.session)->count, 0);
	assert_false(session_is_telling(stage.session));
	no_file_holds(stage.arena, token);
	no_file_holds(stage.arena, NAME);
	no_file_holds(stage.arena, "Les Serres 3");   /* where she sits tomorrow */
	assert_true(tokens_mark("essai") == mark);
	close_stage(&stage);

	keep_tokens(&(struct tokens){ .access = token, .log_in = log_in });
	open_stage(&check, NULL, "check.db");
	session_start_network(check.session);
	UNTIL(&check, session_site(check.session, 0)->state == SITE_LOGIN_NEEDED);   /* the site takes it no more */
	close_stage(&check);
	tokens_remove("essai", NULL);
	token_forget(token);
}

/* Nobody has it then: that the site was not told harms nobody. */
static void c38_a_token_goes_with_the_turn_though_the_site_is_away(void **state)
{
	(void)state;
	struct stage stage;
	open_shared(&stage, "away.db");
	enter(&stage, "demo");
	stop_only();
	end_turn(&stage);
	UNTIL(&stage, !session_is_telling(stage.session));
	assert_null(stage.session->sites[0].untold);
	close_stage(&stage);
	assert_true(launch_server());
}

static void c38_a_code_that_nobody_answered_goes_with_the_turn(void **state)
{
	(void)state;
	struct stage stage;
	open_shared(&stage, "code.db");
	session_log_in_by_device(stage.session, 0);
	UNTIL(&stage, session_device(stage.session, 0) && *session_device(stage.session, 0)->user_code);
	assert_string_equal(clients_at_site(stage.arena, "device"), "hacktiv-kiosk");
	end_turn(&stage);
	assert_null(session_device(stage.session, 0));
	assert_null(stage.session->sites[0].account.device_code);
	assert_int_equal(device_next_ms(&stage.session->sites[0]), INT64_MAX);   /* and is asked after no more */
	close_stage(&stage);
}

static void c38_what_cannot_be_sent_says_so_at_once(void **state)
{
	(void)state;
	struct stage stage;
	open_shared(&stage, "once.db");
	enter(&stage, "demo");
	struct wish_book desk = desk_on(&stage, (struct local_date){ 2026, 7, 28 });
	kill_server();
	const struct wish_view *book = session_wish(stage.session, session_book(stage.session, &desk));
	UNTIL(&stage, book->row->state == WISH_SETTLED);
	const struct wish_view *cancel =
		session_wish(stage.session, session_cancel(stage.session, 0, &session_bookings(stage.session)->rows[0].booking));
	UNTIL(&stage, cancel->row->state == WISH_SETTLED);
	assert_memory_equal(wish_words(stage.arena, book), "Not booked: ", 12);
	assert_memory_equal(wish_words(stage.arena, cancel), "Not cancelled: ", 15);
	assert_int_equal(session_turn_at_stake(stage.session), 0);
	end_turn(&stage);
	assert_true(launch_server());
	enter(&stage, "demo");
	assert_int_equal(session_wish_count(stage.session), 0);
	assert_false(is_booked(&stage, &desk));
	close_stage(&stage);
}

static void c38_what_waits_for_a_log_in_is_taken_back(void **state)
{
	(void)state;
	struct stage stage;
	open_shared(&stage, "waits.db");
	enter(&stage, "demo");
	struct wish_book desk = desk_on(&stage, (struct local_date){ 2026, 7, 29 });
	stop_only();
	run_sql(stage.arena, "db", "DELETE FROM token;");
	assert_true(launch_server());
	const struct wish_view *wish = session_wish(stage.session, session_book(stage.session, &desk));
	UNTIL(&stage, wish_stands(wish) == WISH_WAITS);
	assert_int_equal(session_turn_at_stake(stage.session), 1);
	assert_string_equal(turn_end_words(stage.arena, stage.session), "1 wish was not sent, and is taken back.");
	end_turn(&stage);
	assert_int_equal(session_wish_count(stage.session), 0);
	enter(&stage, "demo");
	session_sync(stage.session);
	settle_down(&stage);
	assert_int_equal(session_wish_count(stage.session), 0);
	assert_false(is_booked(&stage, &desk));
	close_stage(&stage);
}

/* Whether it arrived, chance decides: the log-out goes another way and may be quicker. */
static void c38_what_may_have_arrived_is_asked_after_when_its_member_is_back(void **state)
{
	(void)state;
	struct stage stage;
	stop_only();
	struct arena *arena = arena_new();
	give_password(arena, "zoe.lambermont");
	arena_free(arena);
	assert_true(launch_server());
	open_shared(&stage, "aside.db");
	enter(&stage, "demo");
	struct wish_book desk = desk_on(&stage, (struct local_date){ 2026, 7, 30 });
	hold_server(true);
	const char *id = arena_copy_text(stage.arena, session_book(stage.session, &desk));
	UNTIL(&stage, wish_find(stage.session, id)->job && wish_find(stage.session, id)->job->exchange);
	turn(&stage);
	assert_string_equal(turn_end_words(stage.arena, stage.session),
	                    "1 wish is on its way: what became of it is told here when you log in again.");
	session_end_turn(stage.session);
	assert_int_equal(session_wish_count(stage.session), 0);
	hold_server(false);
	settle_down(&stage);

	enter(&stage, "zoe.lambermont");
	session_sync(stage.session);
	settle_down(&stage);
	assert_int_equal(session_wish_count(stage.session), 0);
	assert_int_equal(session_other_count(stage.session), 0);
	assert_null(session_undoable(stage.session));
	assert_int_equal(wish_find(stage.session, id)->row.state, WISH_SENT);
	end_turn(&stage);

	enter(&stage, "demo");
	assert_int_equal(session_wish_count(stage.session), 1);
	const struct wish_view *wish = session_wish(stage.session, id);
	UNTIL(&stage, wish->row->state == WISH_SETTLED);
	assert_int_equal(wish->outcome.kind, is_booked(&stage, &desk) ? OUTCOME_DONE : OUTCOME_NOT_FOUND);
	close_stage(&stage);
}

/* As a power cut leaves it: one that was never sent, one that perhaps was. */
static void c38_c30_a_run_that_could_not_end_its_turn(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "cut.db");
	log_in(&stage);
	struct wish_book unsent = desk_on(&stage, (struct local_date){ 2026, 8, 4 }), sent = desk_on(&stage, (struct local_date){ 2026, 8, 5 });
	kill_server();
	const char *unsent_id = arena_copy_text(stage.arena, session_book(stage.session, &unsent));
	const char *sent_id = arena_copy_text(stage.arena, session_book(stage.session, &sent));
	UNTIL(&stage, wish_stands(session_wish(stage.session, unsent_id)) == WISH_WAITS &&
	              wish_stands(session_wish(stage.session, sent_id)) == WISH_WAITS);
	settle_down(&stage);
	struct arena *arena = stage.arena;
	stage.arena = arena_new();
	close_stage(&stage);
	run_sql(arena, "cut.db", arena_print(arena, "UPDATE wish SET state = 'sent' WHERE id = '%s';", sent_id));
	assert_true(launch_server());

	open_shared(&stage, "cut.db");
	settle_down(&stage);
	assert_int_equal(session_wish_count(stage.session), 0);
	enter(&stage, "demo");
	UNTIL(&stage, session_wish_count(stage.session) == 1);
	const struct wish_view *wish = session_wish_at(stage.session, 0);
	assert_string_equal(wish->row->id, sent_id);
	UNTIL(&stage, wish->row->state == WISH_SETTLED);
	assert_int_equal(wish->outcome.kind, OUTCOME_NOT_FOUND);
	settle_down(&stage);
	assert_false(is_booked(&stage, &unsent));
	assert_false(is_booked(&stage, &sent));
	close_stage(&stage);
	arena_free(arena);
	tokens_remove("essai", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c38_a_log_in_is_kept_in_memory_alone_and_goes_with_the_turn),
		cmocka_unit_test(c38_a_token_goes_with_the_turn_though_the_site_is_away),
		cmocka_unit_test(c38_a_code_that_nobody_answered_goes_with_the_turn),
		cmocka_unit_test(c38_what_cannot_be_sent_says_so_at_once),
		cmocka_unit_test(c38_what_waits_for_a_log_in_is_taken_back),
		cmocka_unit_test(c38_what_may_have_arrived_is_asked_after_when_its_member_is_back),
		cmocka_unit_test(c38_c30_a_run_that_could_not_end_its_turn),
	};
	return cmocka_run_group_tests_name("app shared", tests, start_server, stop_server);
}
