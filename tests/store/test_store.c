/* What the client keeps on disk is there after any end of the program, and a file that cannot be trusted never stops it. */
#include "hacktiv/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

static const struct clock noon = { .fixed = true, .fixed_at = 1795521600 };   /* 2026-11-24 12:00 UTC */

/* ---- a directory for each test ---- */

static int make_directory(void **state)
{
	char *directory = memory_copy_text("/tmp/hacktiv-store-XXXXXX");
	*state = mkdtemp(directory);
	return *state ? 0 : -1;
}

static int remove_directory(void **state)
{
	struct arena *arena = arena_new();
	DIR *directory = opendir(*state);
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		unlink(arena_print(arena, "%s/%s", (const char *)*state, entry->d_name));
	closedir(directory);
	rmdir(*state);
	free(*state);
	arena_free(arena);
	return 0;
}

static char *path_in(void **state, struct arena *arena, const char *name)
{
	return arena_print(arena, "%s/%s", (const char *)*state, name);
}

static struct store_reply wait_reply(struct store *store)
{
	struct store_reply reply;
	struct pollfd fd = { .fd = store_fd(store), .events = POLLIN };
	while (!store_next(store, &reply))
		assert_int_equal(poll(&fd, 1, 10000), 1);
	return reply;
}

static struct store_reply wait_reply_of(struct store *store, enum store_reply_kind kind)
{
	struct store_reply reply = wait_reply(store);
	assert_int_equal(reply.kind, kind);
	return reply;
}

static struct outbox_row a_wish(const struct clock *clock)
{
	struct outbox_row row = {
		.site = "reseau", .member_id = "m-1", .kind = WISH_BOOK, .state = WISH_SENT, .outcome = OUTCOME_NONE,
		.space_id = "s-1", .space_name = "La Ferme", .resource_id = "r-1", .resource_name = "Les Serres 3",
		.booking_id = "", .activity_id = "", .title = "", .when = { { 2026, 11, 25 }, DAY_PART_MORNING, { 0, 0 } },
		.created_at = clock_now(clock), .first_sent_at = clock_now(clock), .attempts = 1,
	};
	uuid_make(clock, row.id);
	return row;
}

/* ---- what is kept ---- */

static void wishes_come_back_whole(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *store = store_open(path, &noon, NULL);
	struct outbox_row row = a_wish(&noon);
	store_put_wish(store, &row);
	struct store_reply written = wait_reply_of(store, STORE_WRITTEN);
	assert_int_equal(written.problem.kind, PROBLEM_NONE);
	assert_string_equal(written.id, row.id);
	arena_free(written.arena);
	store_close(store, 5000);

	store = store_open(path, &noon, NULL);
	store_load_wishes(store);
	struct store_reply reply = wait_reply_of(store, STORE_WISHES);
	assert_int_equal(reply.wish_count, 1);
	const struct outbox_row *got = reply.wishes;
	assert_string_equal(got->id, row.id);
	assert_string_equal(got->site, "reseau");
	assert_string_equal(got->member_id, "m-1");
	assert_int_equal(got->kind, WISH_BOOK);
	assert_int_equal(got->state, WISH_SENT);
	assert_int_equal(got->outcome, OUTCOME_NONE);
	assert_int_equal(got->rule, RULE_NONE);
	assert_string_equal(got->space_name, "La Ferme");
	assert_string_equal(got->resource_name, "Les Serres 3");
	assert_true(date_equal(got->when.date, row.when.date));
	assert_int_equal(got->when.part, DAY_PART_MORNING);
	assert_int_equal(got->created_at, row.created_at);
	assert_int_equal(got->first_sent_at, row.first_sent_at);
	assert_int_equal(got->attempts, 1);
	arena_free(reply.arena);
	store_close(store, 5000);
	arena_free(arena);
}

static void put_and_wait(struct store *store, const struct outbox_row *row)
{
	store_put_wish(store, row);
	struct store_reply written = wait_reply_of(store, STORE_WRITTEN);
	assert_int_equal(written.problem.kind, PROBLEM_NONE);
	arena_free(written.arena);
}

static size_t count_wishes(struct store *store, struct outbox_row *first)
{
	store_load_wishes(store);
	struct store_reply reply = wait_reply_of(store, STORE_WISHES);
	size_t count = reply.wish_count;
	if (count && first) {
		*first = reply.wishes[0];
		first->site = first->member_id = first->space_id = first->space_name = first->resource_id = first->resource_name = NULL;
	}
	arena_free(reply.arena);
	return count;
}

static void settled_wishes_stay_until_seen(void **state)
{
	struct arena *arena = arena_new();
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	struct outbox_row row = a_wish(&noon), got;
	put_and_wait(store, &row);
	row.state = WISH_SETTLED;
	row.outcome = OUTCOME_CONFLICT;
	row.rule = RULE_SLOT_TAKEN;
	put_and_wait(store, &row);
	assert_int_equal(count_wishes(store, &got), 1);
	assert_int_equal(got.outcome, OUTCOME_CONFLICT);
	assert_int_equal(got.rule, RULE_SLOT_TAKEN);
	row.state = WISH_SEEN;
	put_and_wait(store, &row);
	assert_int_equal(count_wishes(store, NULL), 0);
	store_close(store, 5000);
	arena_free(arena);
}

static void a_sign_up_comes_back_with_its_hours(void **state)
{
	struct arena *arena = arena_new();
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	struct outbox_row row = a_wish(&noon);
	row.kind = WISH_SIGN_UP;
	row.activity_id = "a-1";
	row.title = "Lunch & Talk";
	row.when = hours_of(row.when.date, (struct minute_range){ 720, 810 });
	put_and_wait(store, &row);
	store_load_wishes(store);
	struct store_reply reply = wait_reply_of(store, STORE_WISHES);
	assert_int_equal(reply.wish_count, 1);
	assert_int_equal(reply.wishes[0].kind, WISH_SIGN_UP);
	assert_string_equal(reply.wishes[0].activity_id, "a-1");
	assert_string_equal(reply.wishes[0].title, "Lunch & Talk");
	assert_true(period_equal(reply.wishes[0].when, row.when));
	arena_free(reply.arena);
	store_close(store, 5000);
	arena_free(arena);
}

/* What was seen to its good end may be undone: the last few come back, the oldest first as all do. */
static void the_last_good_ends_come_back(void **state)
{
	struct arena *arena = arena_new();
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	char last[UUID_SIZE] = "";
	for (int at = 0; at < WISHES_SEEN_LOADED + 5; at++) {
		struct outbox_row row = a_wish(&noon);
		snprintf(row.id, sizeof row.id, "0193aaaa-0000-7000-8000-%012d", at);
		row.kind = WISH_CANCEL;
		row.state = WISH_SEEN;
		row.outcome = OUTCOME_DONE;
		put_and_wait(store, &row);
		memcpy(last, row.id, sizeof last);
	}
	store_load_wishes(store);
	struct store_reply reply = wait_reply_of(store, STORE_WISHES);
	assert_int_equal(reply.wish_count, WISHES_SEEN_LOADED);
	assert_string_equal(reply.wishes[WISHES_SEEN_LOADED - 1].id, last);
	assert_string_equal(reply.wishes[0].id, "0193aaaa-0000-7000-8000-000000000005");
	arena_free(reply.arena);
	store_close(store, 5000);
	arena_free(arena);
}

static void a_file_of_the_first_version_is_brought_up(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_true(sql_run(sql,
		"CREATE TABLE snapshot (site TEXT NOT NULL, list TEXT NOT NULL, personal INTEGER NOT NULL, etag TEXT,"
		" as_of INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (site, list)) STRICT;"
		"CREATE TABLE wish (id TEXT PRIMARY KEY, site TEXT NOT NULL, member_id TEXT NOT NULL, kind TEXT NOT NULL,"
		" state TEXT NOT NULL, outcome TEXT NOT NULL, rule TEXT NOT NULL, space_id TEXT NOT NULL, space_name TEXT NOT NULL,"
		" resource_id TEXT NOT NULL, resource_name TEXT NOT NULL, booking_id TEXT NOT NULL, version INTEGER NOT NULL,"
		" date TEXT NOT NULL, part TEXT NOT NULL, created_at INTEGER NOT NULL, first_sent_at INTEGER NOT NULL,"
		" attempts INTEGER NOT NULL, owner_pid INTEGER NOT NULL) STRICT;"
		"INSERT INTO wish VALUES ('0193aaaa-0000-7000-8000-000000000001', 'reseau', 'm-1', 'book', 'sent', '', '', 's-1',"
		" 'La Ferme', 'r-1', 'Les Serres 3', '', 0, '2026-11-25', 'am', 1795521000, 1795521000, 1, 0);"
		"PRAGMA user_version=1;", NULL));
	sql_close(sql);
	for (int time = 0; time < 2; time++) {
		struct store *store = store_open(path, &noon, NULL);
		store_load_wishes(store);
		struct store_reply reply = wait_reply_of(store, STORE_WISHES);
		assert_int_equal(reply.wish_count, 1 + time);
		assert_string_equal(reply.wishes[0].resource_name, "Les Serres 3");
		assert_string_equal(reply.wishes[0].title, "");
		arena_free(reply.arena);
		struct outbox_row row = a_wish(&noon);
		put_and_wait(store, &row);
		store_close(store, 5000);
	}
	arena_free(arena);
}

static void snapshots_replace_and_are_forgotten(void **state)
{
	struct arena *arena = arena_new();
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	store_put_snapshot(store, "reseau", "spaces", false, "W/\"1\"", 10, "old", 3);
	store_put_snapshot(store, "reseau", "spaces", false, NULL, 20, "n\0w", 3);
	store_put_snapshot(store, "reseau", "bookings", true, NULL, 20, "mine", 4);
	store_put_snapshot(store, "ailleurs", "bookings", true, NULL, 20, "mine too", 8);
	store_forget_personal(store, "reseau");
	static const struct { const char *site, *list; size_t length; } kept[] = {
		{ "reseau", "spaces", 3 }, { "reseau", "bookings", 0 }, { "ailleurs", "bookings", 8 }, { "nulle-part", "spaces", 0 },
	};
	for (size_t at = 0; at < COUNT_OF(kept); at++) {
		store_get_snapshot(store, kept[at].site, kept[at].list);
		struct store_reply reply = wait_reply_of(store, STORE_SNAPSHOT);
		assert_string_equal(reply.site, kept[at].site);
		assert_string_equal(reply.list, kept[at].list);
		assert_int_equal(reply.found, kept[at].length > 0);
		assert_int_equal(reply.length, kept[at].length);
		if (at == 0) {
			assert_memory_equal(reply.bytes, "n\0w", 3);
			assert_int_equal(reply.as_of, 20);
			assert_null(reply.etag);
		}
		arena_free(reply.arena);
	}
	store_close(store, 5000);
	arena_free(arena);
}

static void the_file_is_private(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	mode_t before = umask(0);
	struct store *store = store_open(path, &noon, NULL);
	assert_int_equal(count_wishes(store, NULL), 0);
	umask(before);
	static const char *const suffixes[] = { "", "-wal", "-shm", ".lock" };
	for (size_t at = 0; at < COUNT_OF(suffixes); at++) {
		struct stat about;
		if (stat(arena_print(arena, "%s%s", path, suffixes[at]), &about) == 0)
			assert_int_equal(about.st_mode & 077, 0);
	}
	store_close(store, 5000);
	arena_free(arena);
}

static void two_processes_share_one_file(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *one = store_open(path, &noon, NULL), *other = store_open(path, &noon, NULL);
	for (int at = 0; at < 20; at++) {
		struct outbox_row first = a_wish(&noon), second = a_wish(&noon);
		store_put_wish(one, &first);
		store_put_wish(other, &second);
		struct store_reply a = wait_reply_of(one, STORE_WRITTEN), b = wait_reply_of(other, STORE_WRITTEN);
		assert_int_equal(a.problem.kind, PROBLEM_NONE);
		assert_int_equal(b.problem.kind, PROBLEM_NONE);
		arena_free(a.arena);
		arena_free(b.arena);
	}
	assert_int_equal(count_wishes(one, NULL), 40);
	store_close(one, 5000);
	store_close(other, 5000);
	arena_free(arena);
}

/* ---- a process that is killed ---- */

/* The child puts wishes for ever and writes each id to `out` only after STORE_WRITTEN. It is this program run anew: a fork alone
 * would inherit locks of threads that it does not have. */
static int put_until_killed(const char *path, int out)
{
	struct store *store = store_open(path, &noon, NULL);
	for (;;) {
		struct clock clock = { .fixed = false };
		struct outbox_row row = a_wish(&clock);
		put_and_wait(store, &row);
		if (write(out, row.id, UUID_SIZE) != UUID_SIZE)
			return 1;
	}
}

static bool is_among(const struct store_reply *reply, const char *id)
{
	for (size_t at = 0; at < reply->wish_count; at++) {
		if (strcmp(reply->wishes[at].id, id) == 0)
			return true;
	}
	return false;
}

static void c30_what_was_written_survives_kill_9(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	size_t acknowledged = 0;
	for (int round = 0; round < 12; round++) {
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();
		if (child == 0) {
			dup2(ends[1], STDOUT_FILENO);
			execl("/proc/self/exe", "test_store", path, (char *)NULL);
			_exit(127);
		}
		close(ends[1]);
		char id[UUID_SIZE];
		assert_int_equal(read(ends[0], id, sizeof id), sizeof id);
		usleep((useconds_t)(round * 1700));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		struct store *store = store_open(path, &noon, NULL);
		store_load_wishes(store);
		struct store_reply reply = wait_reply_of(store, STORE_WISHES);
		do {
			acknowledged++;
			assert_true(is_among(&reply, id));
		} while (read(ends[0], id, sizeof id) == sizeof id);
		close(ends[0]);
		/* At most the one that was under way is there besides. */
		assert_in_range(reply.wish_count, acknowledged, acknowledged + (size_t)round + 1);
		arena_free(reply.arena);
		store_close(store, 5000);
	}
	arena_free(arena);
}

static void closing_finishes_what_was_given(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *store = store_open(path, &noon, NULL);
	for (int at = 0; at < 10; at++) {
		struct outbox_row row = a_wish(&noon);
		store_put_wish(store, &row);
	}
	store_close(store, 10000);
	store = store_open(path, &noon, NULL);
	assert_int_equal(count_wishes(store, NULL), 10);
	store_close(store, 5000);
	arena_free(arena);
}

/* ---- files that cannot be trusted ---- */

static void write_file(const char *path, const char *bytes, size_t length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(file, bytes, length), length);
	close(file);
}

static size_t count_named(void **state, const char *prefix)
{
	size_t count = 0;
	DIR *directory = opendir(*state);
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	closedir(directory);
	return count;
}

static void expect_put_aside(void **state, const char *path)
{
	struct store *store = store_open(path, &noon, NULL);
	struct store_reply trouble = wait_reply_of(store, STORE_TROUBLE);
	assert_int_equal(trouble.problem.kind, PROBLEM_INVALID);
	assert_non_null(strstr(trouble.problem.text, "store.db.damaged-1795521600"));
	arena_free(trouble.arena);
	struct outbox_row row = a_wish(&noon);
	put_and_wait(store, &row);
	assert_int_equal(count_wishes(store, NULL), 1);
	store_close(store, 5000);
	assert_true(count_named(state, "store.db.damaged-1795521600") >= 1);
}

static void c33_garbage_is_put_aside(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	char garbage[5000];
	memset(garbage, 'x', sizeof garbage);
	write_file(path, garbage, sizeof garbage);
	expect_put_aside(state, path);
	arena_free(arena);
}

static void c33_a_damaged_page_is_put_aside(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *store = store_open(path, &noon, NULL);
	struct outbox_row row = a_wish(&noon);
	put_and_wait(store, &row);
	store_close(store, 5000);
	int file = open(path, O_WRONLY);
	char garbage[1000];
	memset(garbage, 0xa5, sizeof garbage);
	assert_int_equal(pwrite(file, garbage, sizeof garbage, 4096), sizeof garbage);
	close(file);
	expect_put_aside(state, path);
	arena_free(arena);
}

static void c33_a_truncated_file_is_put_aside(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *store = store_open(path, &noon, NULL);
	struct outbox_row row = a_wish(&noon);
	put_and_wait(store, &row);
	store_close(store, 5000);
	assert_int_equal(truncate(path, 6000), 0);
	expect_put_aside(state, path);
	arena_free(arena);
}

static bool has_damaged(void **state)
{
	bool found = false;
	DIR *directory = opendir(*state);
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		found = found || strstr(entry->d_name, ".damaged-");
	closedir(directory);
	return found;
}

/* Memory or a disk that is not there at the moment says nothing about the file: it and the wishes in it stay where they are. */
static void c36_what_cannot_be_had_now_is_no_damage(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *store = store_open(path, &noon, NULL);
	struct outbox_row row = a_wish(&noon);
	put_and_wait(store, &row);
	store_close(store, 5000);
	usleep(100000);   /* its thread ends a moment later, and must not hold a lock of the sanitizer's when the process forks */
	int without_memory = 0;
	for (int64_t limit = 20000; limit < 600000; limit += 8000) {
		pid_t child = fork();
		if (child == 0) {
			if (!freopen("/dev/null", "w", stderr))
				_exit(2);
			sqlite3_hard_heap_limit64(limit);
			store = store_open(path, &noon, NULL);
			store_load_wishes(store);
			struct store_reply reply;
			do
				reply = wait_reply(store);
			while (reply.kind != STORE_WISHES);
			_exit(reply.wish_count == 1 ? 0 : 1);
		}
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		without_memory += status != 0;
		if (has_damaged(state))
			fail_msg("with %lld bytes of memory", (long long)limit);
	}
	assert_in_range(without_memory, 5, 60);
	store = store_open(path, &noon, NULL);
	assert_int_equal(count_wishes(store, NULL), 1);
	store_close(store, 5000);
	arena_free(arena);
}

static void expect_refused(struct store *store, enum problem_kind kind)
{
	struct store_reply trouble = wait_reply_of(store, STORE_TROUBLE);
	assert_int_equal(trouble.problem.kind, kind);
	arena_free(trouble.arena);
	struct outbox_row row = a_wish(&noon);
	store_put_wish(store, &row);
	struct store_reply written = wait_reply_of(store, STORE_WRITTEN);
	assert_int_equal(written.problem.kind, kind);
	arena_free(written.arena);
	store_get_snapshot(store, "reseau", "spaces");
	struct store_reply snapshot = wait_reply_of(store, STORE_SNAPSHOT);
	assert_false(snapshot.found);
	arena_free(snapshot.arena);
	assert_int_equal(count_wishes(store, NULL), 0);
	store_close(store, 5000);
}

static void c33_a_newer_file_is_left_alone(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_true(sql_run(sql, "CREATE TABLE later (x); INSERT INTO later VALUES (7); PRAGMA user_version=99;", NULL));
	sql_close(sql);
	expect_refused(store_open(path, &noon, NULL), PROBLEM_REFUSED);
	assert_int_equal(count_named(state, "store.db.damaged"), 0);
	sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_true(sql_run(sql, "DELETE FROM later WHERE x = 7;", NULL));
	assert_int_equal(sql_changes(sql), 1);
	sql_close(sql);
	arena_free(arena);
}

static void c32_a_place_that_cannot_be_used_is_told(void **state)
{
	struct arena *arena = arena_new();
	write_file(path_in(state, arena, "file"), "x", 1);
	expect_refused(store_open(path_in(state, arena, "file/store.db"), &noon, NULL), PROBLEM_IO);
	arena_free(arena);
}

static void seen_wishes_go_after_thirty_days(void **state)
{
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	struct store *store = store_open(path, &noon, NULL);
	static const struct { int days; enum wish_state state; } put[] = {
		{ 31, WISH_SEEN }, { 29, WISH_SEEN }, { 400, WISH_SENT }, { 400, WISH_SETTLED },
	};
	for (size_t at = 0; at < COUNT_OF(put); at++) {
		struct outbox_row row = a_wish(&noon);
		row.created_at -= put[at].days * 86400;
		row.state = put[at].state;
		put_and_wait(store, &row);
	}
	store_close(store, 5000);
	store = store_open(path, &noon, NULL);
	assert_int_equal(count_wishes(store, NULL), 2);
	store_close(store, 5000);
	struct sql *sql = sql_open(path, SQL_READ_WRITE, NULL);
	assert_true(sql_run(sql, "DELETE FROM wish;", NULL));
	assert_int_equal(sql_changes(sql), 3);
	sql_close(sql);
	arena_free(arena);
}

/* ---- a client that stays open for a month ---- */

static long long size_of(const char *path)
{
	struct stat about;
	return stat(path, &about) == 0 ? (long long)about.st_size : 0;
}

static bool has_snapshot(struct store *store, const char *list)
{
	store_get_snapshot(store, "reseau", list);
	struct store_reply reply = wait_reply_of(store, STORE_SNAPSHOT);
	arena_free(reply.arena);
	return reply.found;
}

/* What was put aside is somebody's too: it does not lie about for ever, nor behind who logs out. */
static void what_was_put_aside_goes(void **state)
{
	struct arena *arena = arena_new();
	/* noon is 1795521600; a month before it 1792929600 */
	const char *old = path_in(state, arena, "store.db.damaged-1792929599"), *old_log = path_in(state, arena, "store.db.damaged-1792929599-wal");
	const char *new = path_in(state, arena, "store.db.damaged-1795521540"), *other = path_in(state, arena, "store.db.damaged-by-hand");
	write_file(old, "x", 1);
	write_file(old_log, "x", 1);
	write_file(new, "x", 1);
	write_file(other, "x", 1);
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	assert_false(has_snapshot(store, "spaces"));
	assert_int_not_equal(access(old, F_OK), 0);
	assert_int_not_equal(access(old_log, F_OK), 0);
	assert_int_equal(access(new, F_OK), 0);
	store_forget_personal(store, "reseau");
	assert_false(has_snapshot(store, "spaces"));
	assert_int_not_equal(access(new, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);   /* none of ours */
	store_close(store, 5000);
	arena_free(arena);
}

/* An agenda of ten thousand activities is some megabytes, and is written whole each time that one of them changes. */
static void what_is_written_again_and_again_does_not_fill_the_disk(void **state)
{
	enum { BYTES = 1 << 20, TIMES = 40 };
	struct arena *arena = arena_new();
	const char *path = path_in(state, arena, "store.db");
	char *agenda = arena_get(arena, BYTES + 1);
	memset(agenda, 'a', BYTES);
	struct store *store = store_open(path, &noon, NULL);
	for (int i = 0; i < TIMES; i++)
		store_put_snapshot(store, "reseau", "activities", true, NULL, noon.fixed_at, agenda, BYTES);
	assert_true(has_snapshot(store, "activities"));
	assert_in_range(size_of(arena_print(arena, "%s-wal", path)), 1, 12 << 20);
	assert_in_range(size_of(path), BYTES, 8 << 20);
	store_close(store, 5000);
	arena_free(arena);
}

/* Nobody starts it anew: what is old goes all the same. */
static void of_what_was_looked_at_only_the_last_stays(void **state)
{
	struct arena *arena = arena_new();
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	for (int i = 0; i < STORE_THINGS_KEPT * 4; i++)
		store_put_snapshot(store, "reseau", arena_print(arena, "organisation/%04d", i), false, NULL, noon.fixed_at - 10000 + i, "{}", 2);
	assert_false(has_snapshot(store, "organisation/0000"));
	assert_false(has_snapshot(store, arena_print(arena, "organisation/%04d", STORE_THINGS_KEPT)));
	assert_true(has_snapshot(store, arena_print(arena, "organisation/%04d", STORE_THINGS_KEPT * 4 - 1)));
	store_close(store, 5000);
	arena_free(arena);
}

/* ---- other work ---- */

struct errand {
	struct store_work work;
	atomic_bool begun;
	const char *path;          /* that it waits for; NULL: nothing */
	const char *problem;       /* NULL: it goes well */
	bool ran, freed;
};

static void run_errand(struct store_work *work, struct problem *why)
{
	struct errand *errand = (struct errand *)work;
	errand->begun = true;
	while (errand->path && access(errand->path, F_OK) != 0)
		poll(NULL, 0, 1);
	errand->ran = true;
	if (errand->problem)
		problem_set(why, PROBLEM_IO, "errand", "%s", errand->problem);
}

static void free_errand(struct store_work *work)
{
	((struct errand *)work)->freed = true;
}

static void give_errand(struct store *store, struct errand *errand)
{
	errand->work.run = run_errand;
	errand->work.free = free_errand;
	store_do(store, &errand->work);
}

/* In its turn, on a database that is of no use too, and handed back as it was given. */
static void work_is_done_and_handed_back(void **state)
{
	struct arena *arena = arena_new();
	char *path = path_in(state, arena, "store.db");
	assert_int_equal(mkdir(path, 0700), 0);
	struct errand well = { .path = NULL }, ill = { .problem = "no room" };
	struct store *store = store_open(path, &noon, NULL);
	give_errand(store, &well);
	give_errand(store, &ill);
	struct store_reply reply = wait_reply(store);
	while (reply.kind == STORE_TROUBLE) {
		arena_free(reply.arena);
		reply = wait_reply(store);
	}
	assert_ptr_equal(reply.work, &well.work);
	assert_int_equal(reply.problem.kind, PROBLEM_NONE);
	arena_free(reply.arena);
	reply = wait_reply_of(store, STORE_DID);
	assert_ptr_equal(reply.work, &ill.work);
	assert_string_equal(reply.problem.text, "no room");
	arena_free(reply.arena);
	assert_true(well.ran && ill.ran && !well.freed && !ill.freed);
	store_close(store, 5000);
	rmdir(path);
	arena_free(arena);
}

static void no_news_wakes_nobody(void **state)
{
	struct arena *arena = arena_new();
	struct errand quiet = { .work = { .is_no_news = true } }, loud = { .path = NULL };
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	struct pollfd fd = { .fd = store_fd(store), .events = POLLIN };
	for (int round = 0; round < 2; round++) {
		give_errand(store, &quiet);
		assert_int_equal(poll(&fd, 1, 50), 0);
		give_errand(store, &loud);
		assert_int_equal(poll(&fd, 1, 10000), 1);
		struct store_work *const wanted[] = { &quiet.work, &loud.work };
		for (size_t at = 0; at < COUNT_OF(wanted); at++) {
			struct store_reply reply = wait_reply_of(store, STORE_DID);
			assert_ptr_equal(reply.work, wanted[at]);
			arena_free(reply.arena);
		}
		assert_int_equal(poll(&fd, 1, 0), 0);
	}
	store_close(store, 5000);
	arena_free(arena);
}

/* What has to be done is, however long it takes, and its trouble told; what was only to be known is not asked any more. */
static void who_leaves_work_undone(void **state)
{
	struct arena *arena = arena_new();
	const char *hang = path_in(state, arena, "go");
	struct errand slow = { .path = hang }, look = { .work = { .is_for_now = true } }, remove = { .problem = "read-only" };
	struct errand asked = { .work = { .is_for_now = true }, .path = hang, .problem = "unreadable" };   /* that it is at */
	struct store *store = store_open(path_in(state, arena, "store.db"), &noon, NULL);
	give_errand(store, &remove);
	give_errand(store, &asked);
	give_errand(store, &slow);
	give_errand(store, &look);
	while (!asked.begun)
		poll(NULL, 0, 1);
	size_t wishes;
	assert_false(store_leave(store, 50, &wishes));
	close(open(hang, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	struct store_unkept unkept;
	store_finish(store, arena, &unkept);
	assert_true(asked.ran && slow.ran && !look.ran && remove.ran);
	assert_true(asked.freed && slow.freed && look.freed && remove.freed);
	assert_string_equal(unkept.beside.text, "read-only");
	assert_int_equal(unkept.count, 0);
	arena_free(arena);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(int count, char **words)
{
	if (count == 2)
		return put_until_killed(words[1], STDOUT_FILENO);
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(wishes_come_back_whole),
		IN_DIRECTORY(settled_wishes_stay_until_seen),
		IN_DIRECTORY(a_sign_up_comes_back_with_its_hours),
		IN_DIRECTORY(the_last_good_ends_come_back),
		IN_DIRECTORY(a_file_of_the_first_version_is_brought_up),
		IN_DIRECTORY(snapshots_replace_and_are_forgotten),
		IN_DIRECTORY(the_file_is_private),
		IN_DIRECTORY(two_processes_share_one_file),
		IN_DIRECTORY(c30_what_was_written_survives_kill_9),
		IN_DIRECTORY(closing_finishes_what_was_given),
		IN_DIRECTORY(c33_garbage_is_put_aside),
		IN_DIRECTORY(c33_a_damaged_page_is_put_aside),
		IN_DIRECTORY(c33_a_truncated_file_is_put_aside),
		IN_DIRECTORY(c36_what_cannot_be_had_now_is_no_damage),
		IN_DIRECTORY(c33_a_newer_file_is_left_alone),
		IN_DIRECTORY(c32_a_place_that_cannot_be_used_is_told),
		IN_DIRECTORY(seen_wishes_go_after_thirty_days),
		IN_DIRECTORY(what_was_put_aside_goes),
		IN_DIRECTORY(what_is_written_again_and_again_does_not_fill_the_disk),
		IN_DIRECTORY(of_what_was_looked_at_only_the_last_stays),
		IN_DIRECTORY(work_is_done_and_handed_back),
		IN_DIRECTORY(no_news_wakes_nobody),
		IN_DIRECTORY(who_leaves_work_undone),
	};
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
