/* C05, C06: for every kind of wish, the line is cut at every byte of the request and of the answer. Afterwards what was wished has happened
 * once, the client says so, and between the two it never says that it failed.
 *
 * Sessions of the real client before a real hacktivd, eight wishes at a time, so that all offsets fit into a test. What happened is
 * read from the server's own file. HACKTIV_SEED says which offsets end with a FIN and which with an RST; HACKTIV_TEST_LONG tries both. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bad_line.h"
#include "hacktiv/base/sql.h"
#include "stage.h"

#define LANES 8
#define WISHES_A_SESSION 240       /* then it ends and another one takes over, with new connections */
#define ASKED_AGAIN_MAX 8
#define READS_THROUGH 16           /* one in so many */
#define WHO_AM_I "GET /v1/members/me "

/* ---- what is cut ---- */

enum way { REQUEST, ANSWER };
struct cut { enum way way; int64_t at; };

/* Where in a kind of wish the next cut is. */
struct sweep {
	const char *name;
	int64_t length[2];             /* of a request, of an answer; measured */
	struct cut next;
	unsigned cuts, made, unknown;  /* begun, met, and after how many the client did not know at first */
	int done;
};

/* One thing that is wished and given up in turns: a half-day of a desk, or a place in an activity. */
struct lane {
	const char *space_id, *space_name, *resource_id, *resource_name;
	struct period when;
	struct activity activity;      /* id NULL: a desk */
	char booking[UUID_SIZE];       /* that stands */
	char wish[UUID_SIZE];          /* under way; "": none */
	enum wish_kind kind;
	int times_asked;
	bool given_up;                 /* nothing more to do */
	unsigned effects;              /* that must have happened */
	int64_t first_version;         /* of the activity */
	/* guarded by `lock` */
	const char *key;               /* in the request that is cut; NULL: none is */
	struct cut cut;
	enum bad_end end;
	bool was_cut;
};

static struct sweep sweeps[WISH_KINDS] = {
	[WISH_BOOK] = { .name = "book" }, [WISH_CANCEL] = { .name = "cancel" },
	[WISH_SIGN_UP] = { .name = "sign up" }, [WISH_WITHDRAW] = { .name = "withdraw" },
};
static struct lane lanes[LANES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned seed;
static struct bad_line *line;
static struct arena *kept;         /* of the lanes */
static int files_before;

static void choose(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	(void)context;
	/* Lists, asked anew after every wish, are most of the work and nothing of the proof: of them little comes through. But who one is
	 * must be known before a wish goes again, and what is tried in vain so often is tried less and less. */
	if (strcmp(about->method, "GET") == 0) {
		bool asks_who = strncmp(about->request, WHO_AM_I, strlen(WHO_AM_I)) == 0;
		if (about->exchange % READS_THROUGH && !asks_who)
			fate->request.cut_at = 0;
		return;
	}
	pthread_mutex_lock(&lock);
	for (size_t at = 0; at < LANES; at++) {
		struct lane *lane = &lanes[at];
		if (!lane->key || !strstr(about->request, lane->key))
			continue;
		struct bad_way *way = lane->cut.way == REQUEST ? &fate->request : &fate->answer;
		way->cut_at = lane->cut.at;
		way->end = lane->end;
		lane->key = NULL;
		lane->was_cut = true;
	}
	pthread_mutex_unlock(&lock);
}

static bool take_cut(struct sweep *sweep, struct cut *cut)
{
	if (sweep->next.at >= sweep->length[sweep->next.way]) {
		if (sweep->next.way == ANSWER)
			return false;
		sweep->next = (struct cut){ ANSWER, 0 };
	}
	*cut = sweep->next;
	sweep->next.at++;
	sweep->cuts++;
	return true;
}

/* ---- wishes ---- */

static const char *wish_for(struct stage *stage, struct lane *lane)
{
	struct booking booking = { .id = lane->booking, .space_id = lane->space_id, .space_name = lane->space_name,
		.resource_id = lane->resource_id, .resource_name = lane->resource_name, .when = lane->when, .version = 1 };
	switch (lane->kind) {
	case WISH_BOOK:
		return session_book(stage->session, &(struct wish_book){ .space_id = lane->space_id, .space_name = lane->space_name,
			.resource_id = lane->resource_id, .resource_name = lane->resource_name, .when = lane->when });
	case WISH_CANCEL:
		return session_cancel(stage->session, 0, &booking);
	case WISH_SIGN_UP:
		return session_sign_up(stage->session, 0, &lane->activity);
	case WISH_WITHDRAW:
		return session_withdraw(stage->session, 0, &lane->activity);
	}
	return NULL;
}

static enum wish_kind kind_after(const struct lane *lane)
{
	static const enum wish_kind after[WISH_KINDS] = {
		[WISH_BOOK] = WISH_CANCEL, [WISH_CANCEL] = WISH_BOOK, [WISH_SIGN_UP] = WISH_WITHDRAW, [WISH_WITHDRAW] = WISH_SIGN_UP,
	};
	return after[lane->kind];
}

static bool is_over(enum wish_kind kind)
{
	const struct sweep *sweep = &sweeps[kind];
	return sweep->next.way == ANSWER && sweep->next.at >= sweep->length[ANSWER];
}

/* Nothing is armed before the wish is on its way to the disk; it is sent in a later turn. */
static void begin_next(struct stage *stage, struct lane *lane)
{
	lane->kind = kind_after(lane);
	bool gives_up = lane->kind == WISH_CANCEL || lane->kind == WISH_WITHDRAW;
	if (!gives_up && is_over(lane->kind) && is_over(kind_after(lane))) {
		lane->given_up = true;
		return;
	}
	snprintf(lane->wish, sizeof lane->wish, "%s", wish_for(stage, lane));
	lane->times_asked = 0;
	lane->effects++;
	struct cut cut;
	bool cuts = take_cut(&sweeps[lane->kind], &cut);
	pthread_mutex_lock(&lock);
	lane->was_cut = false;
	lane->cut = cut;
	lane->end = (cut.at + seed) % 2 ? BAD_END_RST : BAD_END_FIN;
	lane->key = !cuts ? NULL : lane->kind == WISH_CANCEL ? lane->booking : lane->wish;
	pthread_mutex_unlock(&lock);
}

static void fail_lane(const struct lane *lane, const struct wish_view *wish, const char *why)
{
	fail_msg("%s cut at %s %lld: %s: %s (seed %u)", sweeps[lane->kind].name, lane->cut.way == REQUEST ? "request" : "answer",
	         (long long)lane->cut.at, why, outcome_wire_name(wish->outcome.kind), seed);
}

/* A wish that is not settled says so, in a word that is none of failure, and is asked about again. */
static void look_at(struct stage *stage, struct lane *lane)
{
	const struct wish_view *wish = session_wish(stage->session, lane->wish);
	enum outcome_kind kind = wish->outcome.kind;
	if (wish->row->state == WISH_SETTLED) {
		if (kind != OUTCOME_DONE)
			fail_lane(lane, wish, "settled");
		sweeps[lane->kind].done++;
		sweeps[lane->kind].made += lane->was_cut;
		sweeps[lane->kind].unknown += lane->times_asked > 0;
		if (lane->kind == WISH_BOOK)
			memcpy(lane->booking, lane->wish, sizeof lane->booking);
		session_wish_seen(stage->session, lane->wish);
		*lane->wish = '\0';
		return;
	}
	if (!wish->next_try_at)
		return;
	/* The line was up when the request went out: nobody can know that nothing was done. */
	if (kind != OUTCOME_UNKNOWN || wish->row->state != WISH_SENT)
		fail_lane(lane, wish, "not settled");
	if (++lane->times_asked > ASKED_AGAIN_MAX)
		fail_lane(lane, wish, "asked in vain");
	session_wish_retry(stage->session, lane->wish);
}

/* ---- where ---- */

static const char *keep(const char *text)
{
	return arena_copy_text(kept, text);
}

static void find_desks(struct stage *stage, size_t wanted)
{
	const struct local_date date = { 2026, 7, 20 };
	const struct space_list *spaces = session_spaces(stage->session);
	size_t found = 0;
	for (size_t at = 0; at < spaces->count && found < wanted; at++) {
		const char *space_id = keep(spaces->rows[at].space.id), *space_name = keep(spaces->rows[at].space.name);
		const struct day_list *day = session_day(stage->session, 0, space_id, date);
		settle_down(stage);
		for (size_t row = 0; row < day->count && found < wanted; row++) {
			const struct resource_day *desk = &day->rows[row];
			if (desk->resource.kind != RESOURCE_DESK || desk->morning != SLOT_FREE)
				continue;
			lanes[found++] = (struct lane){ .space_id = space_id, .space_name = space_name, .kind = WISH_CANCEL,
				.resource_id = keep(desk->resource.id), .resource_name = keep(desk->resource.name),
				.when = half_day(date, DAY_PART_MORNING) };
		}
		spaces = session_spaces(stage->session);
	}
	assert_int_equal(found, wanted);
}

static bool is_open(const struct activity *activity, int64_t now)
{
	return activity_signup_rule(activity, now) == RULE_NONE && activity_places_left(activity) > 1 &&
	       activity->mine.state == SIGNUP_NONE && activity->withdraw_until > now && activity->conditions_version == 0;
}

static void find_activities(struct stage *stage, size_t from)
{
	const struct local_date today = session_today(stage->session);
	session_activities(stage->session, today, date_plus(today, ACTIVITY_WINDOW_DAYS - 1));
	settle_down(stage);
	const struct activity_list *list = session_activities(stage->session, today, date_plus(today, ACTIVITY_WINDOW_DAYS - 1));
	size_t found = from;
	for (size_t at = 0; at < list->count && found < LANES; at++) {
		const struct activity *activity = list->rows[at].activity;
		if (!is_open(activity, session_now(stage->session)))
			continue;
		lanes[found] = (struct lane){ .kind = WISH_WITHDRAW, .first_version = activity->version };
		lanes[found++].activity = activity_copy(kept, activity);
	}
	assert_int_equal(found, LANES);
}

/* ---- the story ---- */

static void open_through_line(struct stage *stage)
{
	open_stage(stage, bad_line_address(line), "cuts.db");
	session_start_network(stage->session);
}

/* What is counted then is a wish. */
static void let_wishes_through(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	(void)context;
	if (strcmp(about->method, "GET") == 0)
		fate->request.cut_at = 0;
}

/* The line counts an answer a moment after it went through. */
static void wait_for_line(void)
{
	for (unsigned before = UINT_MAX; before != bad_line_count(line).answers; usleep(50000))
		before = bad_line_count(line).answers;
}

/* How long request and answer of each kind are, when nothing happens to them. */
static void measure(struct stage *stage, struct lane *lane)
{
	lane->kind = kind_after(lane);
	settle_down(stage);
	unsigned before = bad_line_count(line).answers;
	snprintf(lane->wish, sizeof lane->wish, "%s", wish_for(stage, lane));
	lane->effects++;
	UNTIL(stage, session_wish(stage->session, lane->wish)->row->state == WISH_SETTLED);
	while (bad_line_count(line).answers == before)
		usleep(100);
	struct bad_line_count count = bad_line_count(line);
	struct sweep *sweep = &sweeps[lane->kind];
	sweep->length[REQUEST] = count.request_bytes > sweep->length[REQUEST] ? count.request_bytes : sweep->length[REQUEST];
	sweep->length[ANSWER] = count.answer_bytes > sweep->length[ANSWER] ? count.answer_bytes : sweep->length[ANSWER];
	look_at(stage, lane);
	sweep->done--;
}

static bool all_given_up(void)
{
	for (size_t at = 0; at < LANES; at++) {
		if (!lanes[at].given_up)
			return false;
	}
	return true;
}

static bool none_under_way(void)
{
	for (size_t at = 0; at < LANES; at++) {
		if (*lanes[at].wish)
			return false;
	}
	return true;
}

static void one_session(void)
{
	struct stage stage;
	open_through_line(&stage);
	int64_t until = clock_monotonic_ms() + PATIENCE_MS;
	for (unsigned begun = 0; begun < WISHES_A_SESSION || !none_under_way();) {
		assert_true(clock_monotonic_ms() < until);
		for (size_t at = 0; at < LANES; at++) {
			struct lane *lane = &lanes[at];
			if (*lane->wish)
				look_at(&stage, lane);
			if (!*lane->wish && !lane->given_up && begun < WISHES_A_SESSION) {
				begin_next(&stage, lane);
				begun++;
			}
		}
		if (all_given_up())
			break;
		turn(&stage);
	}
	close_stage(&stage);
}

static int64_t ask_number(struct sql *sql, const char *text, const char *of)
{
	struct sql_statement *statement = sql_prepare(sql, text);
	sql_bind_text(statement, 1, of);
	assert_int_equal(sql_step(statement, NULL), SQL_ROW);
	int64_t number = sql_int(statement, 0);
	sql_done(statement);
	return number;
}

#define ON_DESK "SELECT b.id, c.kind FROM booking b JOIN change_log c ON c.ref = b.id AND c.space_id = b.space_id" \
	" JOIN member m ON m.id = b.member_id WHERE b.resource_id = ? AND b.date = '2026-07-20' AND m.login = 'demo'"

/* Every effect is a line of the log: as many of them as wishes that were said to be done, and none twice. */
static void check_desk(struct sql *sql, const struct lane *lane)
{
	assert_int_equal(ask_number(sql, "SELECT count(*) FROM (" ON_DESK ")", lane->resource_id), lane->effects);
	assert_int_equal(ask_number(sql, "SELECT count(*) FROM (" ON_DESK " GROUP BY b.id, c.kind HAVING count(*) <> 1)", lane->resource_id), 0);
	assert_int_equal(ask_number(sql, "SELECT count(*) FROM (" ON_DESK " AND b.state <> 'cancelled')", lane->resource_id), 0);
}

static void check_activity(struct sql *sql, const struct lane *lane)
{
	assert_int_equal(ask_number(sql, "SELECT version FROM activity WHERE id = ?", lane->activity.id) - lane->first_version,
	                 lane->effects);
	assert_int_equal(ask_number(sql, "SELECT count(*) FROM signup s JOIN member m ON m.id = s.member_id"
	                                 " WHERE activity_id = ? AND login = 'demo' AND state = 'withdrawn'", lane->activity.id), 1);
}

static void tell(void)
{
	struct bad_line_count count = bad_line_count(line);
	printf("# %u connections, %u exchanges, %u faults\n", count.connections, count.exchanges, count.faults);
	for (size_t kind = 0; kind < WISH_KINDS; kind++) {
		const struct sweep *sweep = &sweeps[kind];
		printf("# %s: %lld + %lld bytes, %u cuts, %u not known at first, %d done\n", sweep->name, (long long)sweep->length[REQUEST],
		       (long long)sweep->length[ANSWER], sweep->cuts, sweep->unknown, sweep->done);
	}
}

static void sweep_all(void)
{
	for (size_t kind = 0; kind < WISH_KINDS; kind++)
		sweeps[kind].next = (struct cut){ REQUEST, 0 };
	for (size_t at = 0; at < LANES; at++)
		lanes[at].given_up = false;
	while (!all_given_up())
		one_session();
}

static void c05_c06_cut_at_every_byte(void **state)
{
	(void)state;
	printf("# seed %u\n", seed);
	struct stage stage;
	open_stage(&stage, bad_line_address(line), "cuts.db");
	log_in(&stage);
	find_desks(&stage, LANES / 2);
	find_activities(&stage, LANES / 2);
	settle_down(&stage);
	wait_for_line();
	bad_line_choose(line, let_wishes_through, NULL);
	for (size_t at = 0; at < LANES; at++) {
		measure(&stage, &lanes[at]);
		measure(&stage, &lanes[at]);
	}
	close_stage(&stage);
	bad_line_choose(line, choose, NULL);
	sweep_all();
	if (getenv("HACKTIV_TEST_LONG")) {
		seed++;      /* what ended with a FIN now ends with an RST */
		sweep_all();
	}
	tell();

	struct arena *arena = arena_new();
	struct sql *sql = sql_open(in_directory(arena, "db"), SQL_READ_ONLY, NULL);
	for (size_t at = 0; at < LANES; at++) {
		if (lanes[at].activity.id)
			check_activity(sql, &lanes[at]);
		else
			check_desk(sql, &lanes[at]);
	}
	sql_close(sql);
	arena_free(arena);
	for (size_t kind = 0; kind < WISH_KINDS; kind++) {
		const struct sweep *sweep = &sweeps[kind];
		assert_true(sweep->length[REQUEST] > 150 && sweep->length[ANSWER] > 100);
		assert_int_equal(sweep->made, sweep->cuts);
		/* When a connection that was used before ends without a byte, curl makes a new one by itself. */
		assert_in_range(sweep->unknown, sweep->length[ANSWER] * 2 / 3, sweep->cuts);
	}
}

/* Of this process: sessions, connections of curl's, the line's. */
static int open_files(void)
{
	int count = 0;
	for (int file = 0; file < 1024; file++)
		count += fcntl(file, F_GETFD) >= 0;
	return count;
}

/* Thousands of connections later. */
static void no_file_stays_open(void **state)
{
	(void)state;
	assert_true(bad_line_count(line).connections > 1000);
	bad_line_free(line);
	line = NULL;
	assert_int_equal(open_files(), files_before);
}

static int begin(void **state)
{
	const char *given = getenv("HACKTIV_SEED");
	seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)clock_monotonic_us() % 100000;
	kept = arena_new();
	if (start_server(state) != 0)
		return -1;
	files_before = open_files();
	char *socket = arena_print(kept, "unix:%s", in_directory(kept, "socket"));
	line = bad_line_new("127.0.0.1:0", socket, NULL, NULL, NULL);
	return line ? 0 : -1;
}

static int end(void **state)
{
	bad_line_free(line);
	arena_free(kept);
	return stop_server(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c05_c06_cut_at_every_byte),
		cmocka_unit_test(no_file_stays_open),
	};
	return cmocka_run_group_tests_name("promise cuts", tests, begin, end);
}
