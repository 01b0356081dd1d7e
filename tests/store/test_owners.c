/* C35: several processes and one outbox. Each wish is worked on by one of them; when that one is gone, however it went, by one other. */
#include "hacktiv/store.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "owner.h"

#define WISHES 8
#define ROUNDS 6

static const struct clock noon = { .fixed = true, .fixed_at = 1795521600 };
static const char *program;

/* ---- what a process does; each is this program run anew, for a fork alone would have no store thread ---- */

static struct store_reply reply_of(struct store *store, enum store_reply_kind kind)
{
	struct store_reply reply;
	struct pollfd fd = { .fd = store_fd(store), .events = POLLIN };
	do {
		while (!store_next(store, &reply)) {
			if (poll(&fd, 1, 10000) != 1)
				die("the store does not answer");
		}
		if (reply.kind != kind)
			arena_free(reply.arena);
	} while (reply.kind != kind);
	return reply;
}

/* Puts its wishes, says so, and goes on living. */
static int hold(const char *path)
{
	struct store *store = store_open(path, &noon, NULL);
	for (int i = 0; i < WISHES; i++) {
		struct outbox_row row = { .site = "reseau", .member_id = "m-1", .kind = WISH_BOOK, .state = i % 2 ? WISH_SENT : WISH_QUEUED,
			.when = { { 2026, 11, 25 }, DAY_PART_MORNING, { 0, 0 } }, .created_at = clock_now(&noon) - 3 * 86400 };
		uuid_make(&noon, row.id);
		store_put_wish(store, &row);
		struct store_reply written = reply_of(store, STORE_WRITTEN);
		if (written.problem.kind != PROBLEM_NONE)
			die("%s", written.problem.text);
		arena_free(written.arena);
	}
	printf("held\n");
	fflush(stdout);
	return pause();
}

/* Opens, waits to be told, and says how many it got; lives on until it is told again. `site`: the only one it has, and how many it counts
 * that nobody has is said as well; NULL: it has all. */
static int take(const char *path, const char *site)
{
	struct store *store = store_open(path, &noon, NULL);
	if (site)
		store_take_up_only(store, (const char *const[]){ "ici", site }, 2);
	struct store_reply reply = reply_of((store_load_wishes(store), store), STORE_WISHES);   /* the file is open */
	size_t before = reply.wish_count;
	arena_free(reply.arena);
	printf("ready\n");
	fflush(stdout);
	char line[16];
	if (!fgets(line, sizeof line, stdin))
		return EXIT_FAILURE;
	store_load_wishes(store);
	reply = reply_of(store, STORE_WISHES);
	if (reply.problem.kind != PROBLEM_NONE)
		die("%s", reply.problem.text);
	printf("%zu %zu", before, reply.wish_count);
	for (size_t at = 0; site && at < reply.left_count; at++)
		printf(", left %d for %s", reply.left[at].count, reply.left[at].site);
	printf("\n");
	fflush(stdout);
	arena_free(reply.arena);
	bool told = fgets(line, sizeof line, stdin);
	store_close(store, 5000);
	return told ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Leaves with a wish that is not on disk yet, says how many those are, and stays behind until they are. */
static int leave(const char *path)
{
	struct store *store = store_open(path, &noon, NULL);
	arena_free(reply_of((store_load_wishes(store), store), STORE_WISHES).arena);
	printf("ready\n");
	fflush(stdout);
	char line[16];
	if (!fgets(line, sizeof line, stdin))
		return EXIT_FAILURE;
	struct outbox_row row = { .site = "reseau", .member_id = "m-1", .kind = WISH_BOOK, .state = WISH_QUEUED,
		.when = { { 2026, 11, 25 }, DAY_PART_MORNING, { 0, 0 } }, .created_at = clock_now(&noon) };
	uuid_make(&noon, row.id);
	store_put_wish(store, &row);
	row.state = WISH_SENT;
	store_put_wish(store, &row);
	size_t wishes;
	bool gone = store_leave(store, 50, &wishes);
	printf("%s %zu\n", gone ? "gone" : "at work", wishes);
	fflush(stdout);
	struct arena *arena = arena_new();
	struct store_unkept unkept = { .count = 0 };
	if (!gone)
		store_finish(store, arena, &unkept);
	arena_free(arena);
	return unkept.count ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* ---- processes ---- */

struct process {
	pid_t pid;
	FILE *in, *out;
};

static struct process run(const char *what, const char *path)
{
	int in[2], out[2];
	assert_true(pipe(in) == 0 && pipe(out) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		execl(program, program, what, path, NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	return (struct process){ pid, fdopen(in[1], "w"), fdopen(out[0], "r") };
}

static const char *hear(struct process *process, char line[64])
{
	assert_non_null(fgets(line, 64, process->out));
	return line;
}

static void tell(struct process *process)
{
	fputs("go\n", process->in);
	fflush(process->in);
}

static void end(struct process *process, int signal)
{
	int status;
	if (signal)
		kill(process->pid, signal);
	else
		tell(process);
	waitpid(process->pid, &status, 0);
	assert_true(signal || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	fclose(process->in);
	fclose(process->out);
}

static struct process begin(const char *what, const char *path)
{
	char line[64];
	struct process process = run(what, path);
	hear(&process, line);
	return process;
}

static void expect(struct process *process, const char *counts)
{
	char line[64];
	assert_string_equal(hear(process, line), counts);
}

/* ---- tests ---- */

struct place { struct arena *arena; const char *directory, *path; };

static int make_place(void **state)
{
	struct arena *arena = arena_new();
	struct place *place = arena_get(arena, sizeof *place);
	char *directory = arena_copy_text(arena, "/tmp/hacktiv-owners-XXXXXX");
	*place = (struct place){ arena, mkdtemp(directory), NULL };
	place->path = arena_print(arena, "%s/store.db", directory);
	*state = place;
	return place->directory ? 0 : -1;
}

static int remove_place(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock", ".owners" };
	struct place *place = *state;
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		unlink(arena_print(place->arena, "%s%s", place->path, ends[i]));
	rmdir(place->directory);
	arena_free(place->arena);
	return 0;
}

static void test_c35_a_living_owner_keeps_its_wishes(void **state)
{
	const struct place *place = *state;
	struct process owner = begin("hold", place->path), other = begin("take", place->path);
	tell(&other);
	expect(&other, "0 0\n");
	end(&other, 0);
	other = begin("take", place->path);
	end(&owner, SIGKILL);
	tell(&other);
	expect(&other, "0 8\n");                      /* while it runs, not only when it starts */
	struct process third = begin("take", place->path);
	tell(&third);
	expect(&third, "0 0\n");                      /* they have an owner again */
	end(&third, 0);
	end(&other, 0);
	third = begin("take", place->path);
	tell(&third);
	expect(&third, "8 8\n");                      /* an orderly end is one too */
	end(&third, 0);
}

/* Who was started for another site cannot send them, and does not keep them from who can. */
static void test_c35_who_has_not_their_site_leaves_them(void **state)
{
	const struct place *place = *state;
	struct process owner = begin("hold", place->path), early = begin("take reseau-2", place->path);
	tell(&early);
	expect(&early, "0 0\n");                      /* they have an owner */
	end(&early, 0);
	end(&owner, SIGKILL);
	struct process elsewhere = begin("take reseau-2", place->path);
	tell(&elsewhere);
	expect(&elsewhere, "0 0, left 8 for reseau\n");
	struct process here = begin("take reseau", place->path);
	tell(&here);
	expect(&here, "8 8\n");
	struct process late = begin("take reseau-2", place->path);
	tell(&late);
	expect(&late, "0 0\n");
	end(&late, 0);
	end(&elsewhere, 0);
	end(&here, 0);
}

static void test_c35_a_stopped_owner_lives(void **state)
{
	const struct place *place = *state;
	struct process owner = begin("hold", place->path);
	kill(owner.pid, SIGSTOP);
	struct process other = begin("take", place->path);
	tell(&other);
	expect(&other, "0 0\n");
	end(&other, 0);
	end(&owner, SIGKILL);
}

static void test_c35_one_of_two_gets_them(void **state)
{
	const struct place *place = *state;
	for (int round = 0; round < ROUNDS; round++) {
		struct process owner = begin("hold", place->path);
		struct process a = begin("take", place->path), b = begin("take", place->path);
		end(&owner, SIGKILL);
		tell(&a);
		tell(&b);
		char of_a[64], of_b[64];
		size_t before, got_a, got_b;
		assert_int_equal(sscanf(hear(&a, of_a), "%zu %zu", &before, &got_a), 2);
		got_a -= before;
		assert_int_equal(sscanf(hear(&b, of_b), "%zu %zu", &before, &got_b), 2);
		got_b -= before;
		assert_int_equal(got_a + got_b, WISHES);
		assert_true(got_a == 0 || got_b == 0);
		end(&a, 0);
		end(&b, 0);
	}
}

static void until_somebody_stays(const char *path)
{
	struct owner watcher;
	owner_open(&watcher, path);
	int64_t until_ms = clock_monotonic_ms() + 10000;
	while (!owner_sees_who_stays(&watcher) && clock_monotonic_ms() < until_ms)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	assert_true(owner_sees_who_stays(&watcher));
	owner_close(&watcher);
}

static void test_c35_who_stays_behind_is_seen_and_what_it_has_is_taken_up_after_it(void **state)
{
	const struct place *place = *state;
	struct process who_leaves = begin("leave", place->path), other = begin("take", place->path);
	struct sql *sql = sql_open(place->path, SQL_READ_WRITE, NULL);   /* a disk that hangs */
	assert_true(sql_run(sql, "BEGIN IMMEDIATE;", NULL));
	tell(&who_leaves);
	expect(&who_leaves, "at work 1\n");
	until_somebody_stays(place->path);
	sql_run(sql, "COMMIT;", NULL);
	sql_close(sql);
	int status;
	waitpid(who_leaves.pid, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
	fclose(who_leaves.in);
	fclose(who_leaves.out);
	tell(&other);
	expect(&other, "0 1\n");
	end(&other, 0);
}

int main(int count, char **words)
{
	program = words[0];
	if (count == 3)
		return strcmp(words[1], "hold") == 0 ? hold(words[2]) : strcmp(words[1], "leave") == 0 ? leave(words[2])
		       : take(words[2], strlen(words[1]) > 5 ? words[1] + 5 : NULL);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_c35_a_living_owner_keeps_its_wishes, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_who_has_not_their_site_leaves_them, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_a_stopped_owner_lives, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_one_of_two_gets_them, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_who_stays_behind_is_seen_and_what_it_has_is_taken_up_after_it, make_place, remove_place),
	};
	return cmocka_run_group_tests_name("owners", tests, NULL, NULL);
}
