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
#include <unistd.h>

#include <cmocka.h>

#include "legacy.h"

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

/* Opens, waits to be told, and says how many it got; lives on until it is told again. */
static int take(const char *path)
{
	struct store *store = store_open(path, &noon, NULL);
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
	printf("%zu %zu\n", before, reply.wish_count);
	fflush(stdout);
	arena_free(reply.arena);
	bool told = fgets(line, sizeof line, stdin);
	store_close(store, 5000);
	return told ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Takes up on its input what another left. */
static int inherit(void)
{
	struct arena *arena = arena_new();
	struct store_unkept unkept;
	bool mine = store_inherit(STDIN_FILENO, &noon, arena, &unkept);
	int end = !mine ? 3 : unkept.count ? 4 : EXIT_SUCCESS;
	arena_free(arena);
	return end;
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

/* ---- what was left ---- */

/* The first wish that is held, and whose it is. */
static int64_t first_held(const char *path, char id[UUID_SIZE])
{
	struct arena *arena = arena_new();
	struct sql *sql = sql_open(path, SQL_READ_ONLY, NULL);
	struct sql_statement *statement = sql_prepare(sql, "SELECT id, owner FROM wish ORDER BY rowid");
	assert_int_equal(sql_step(statement, NULL), SQL_ROW);
	memcpy(id, sql_text(statement, 0, arena), UUID_SIZE);
	int64_t owner = sql_int(statement, 1);
	sql_done(statement);
	sql_close(sql);
	arena_free(arena);
	return owner;
}

/* One wish, that was taken back, left by `owner`; all but the last `missing` bytes arrive. Returns how the heir ended. */
static int leave(const char *path, const char *id, int64_t owner, size_t missing)
{
	struct legacy_item item = { .kind = LEGACY_WISH, .row = { .site = "reseau", .member_id = "m-1", .kind = WISH_BOOK, .state = WISH_SEEN,
		.when = { { 2026, 11, 25 }, DAY_PART_MORNING, { 0, 0 } }, .created_at = clock_now(&noon) } };
	memcpy(item.row.id, id, sizeof item.row.id);
	struct legacy legacy = { .path = path, .owner = owner, .items = &item, .count = 1 };
	struct buffer bytes;
	assert_true(legacy_write(&legacy, &bytes));
	struct process heir = run("inherit", path);
	assert_int_equal(fwrite(bytes.bytes, 1, bytes.length - missing, heir.in), bytes.length - missing);
	fclose(heir.in);
	int status;
	waitpid(heir.pid, &status, 0);
	fclose(heir.out);
	buffer_clear(&bytes);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* How many are left to whoever comes when their owner is gone. */
static void expect_left(const char *path, struct process *owner, const char *counts)
{
	end(owner, SIGKILL);
	struct process next = begin("take", path);
	tell(&next);
	expect(&next, counts);
	end(&next, 0);
}

static void test_c35_what_was_left_is_written_down(void **state)
{
	const struct place *place = *state;
	char id[UUID_SIZE];
	struct process owner = begin("hold", place->path);
	int64_t number = first_held(place->path, id);
	assert_int_equal(leave(place->path, id, number, 1), 3);   /* half a legacy is none */
	assert_int_equal(leave(place->path, id, number, 0), EXIT_SUCCESS);
	expect_left(place->path, &owner, "7 7\n");
}

static void test_c35_what_somebody_took_up_meanwhile_is_theirs(void **state)
{
	const struct place *place = *state;
	char id[UUID_SIZE];
	struct process owner = begin("hold", place->path);
	int64_t number = first_held(place->path, id);
	assert_int_equal(leave(place->path, id, number + 2, 0), EXIT_SUCCESS);
	assert_int_equal(leave(place->path, id, 0, 0), EXIT_SUCCESS);   /* by one that had no number yet, so had written nothing */
	expect_left(place->path, &owner, "8 8\n");
}

int main(int count, char **words)
{
	program = words[0];
	if (count == 3 && strcmp(words[1], "inherit") == 0)
		return inherit();
	if (count == 3)
		return strcmp(words[1], "hold") == 0 ? hold(words[2]) : take(words[2]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_c35_a_living_owner_keeps_its_wishes, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_a_stopped_owner_lives, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_one_of_two_gets_them, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_what_was_left_is_written_down, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_c35_what_somebody_took_up_meanwhile_is_theirs, make_place, remove_place),
	};
	return cmocka_run_group_tests_name("owners", tests, NULL, NULL);
}
