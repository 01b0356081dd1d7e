/* C11 C12: a server that asks us to wait is left in peace, by one of us and by fifty, and comes back to one question at a time. */
#include "stage.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "inside.h"
#include "peer.h"

#define CLIENTS 50
#define LISTS 4                /* that are asked for at once in the beginning */
#define SEEN_MAX 2000
#define ANSWER_MS 20           /* what an answer takes, so that two at once can be seen */

/* ---- a server that keeps count ---- */

struct seen {
	int client;                /* of "Authorization: Bearer cNN" */
	int64_t at_ms, until_ms;   /* came, and was answered */
	char target[64];
};

struct keeper {
	pthread_mutex_t lock;
	const char *refusal;       /* what everybody is told; NULL: an empty list */
	struct seen seen[SEEN_MAX];
	size_t count;
};

static size_t note(struct keeper *keeper, const char *request)
{
	const char *bearer = strstr(request, "Bearer c");
	pthread_mutex_lock(&keeper->lock);
	size_t at = keeper->count < SEEN_MAX ? keeper->count++ : SEEN_MAX - 1;
	struct seen *seen = &keeper->seen[at];
	*seen = (struct seen){ .client = bearer ? (int)strtol(bearer + strlen("Bearer c"), NULL, 10) : -1, .at_ms = clock_monotonic_ms() };
	sscanf(request, "%*s %63s", seen->target);
	pthread_mutex_unlock(&keeper->lock);
	return at;
}

static const char good[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
	"{\"id\":\"m\",\"name\":\"Zoé\",\"login\":\"zoe\",\"items\":[]}";

static void keeps_count(struct peer *peer, int connection)
{
	struct keeper *keeper = (struct keeper *)(uintptr_t)peer_context(peer);
	size_t at = note(keeper, peer_request_on(peer, connection));
	nanosleep(&(struct timespec){ .tv_nsec = ANSWER_MS * 1000000L }, NULL);
	pthread_mutex_lock(&keeper->lock);
	const char *answer = keeper->refusal ? keeper->refusal : good;
	keeper->seen[at].until_ms = clock_monotonic_ms();
	pthread_mutex_unlock(&keeper->lock);
	ssize_t sent = send(connection, answer, strlen(answer), MSG_NOSIGNAL);
	(void)sent;
}

static void say(struct keeper *keeper, const char *refusal)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->refusal = refusal;
	pthread_mutex_unlock(&keeper->lock);
}

static size_t count_of(struct keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	size_t count = keeper->count;
	pthread_mutex_unlock(&keeper->lock);
	return count;
}

#define REFUSAL(status, more) "HTTP/1.1 " status "\r\nContent-Length: 0\r\nConnection: close\r\n" more "\r\n"

static struct peer *open_keeper(struct keeper *keeper, const char *refusal)
{
	memset(keeper, 0, sizeof *keeper);
	pthread_mutex_init(&keeper->lock, NULL);
	keeper->refusal = refusal;
	return peer_new(NULL, keeps_count, keeper);
}

static void open_client(struct stage *stage, const struct peer *peer, int number)
{
	struct arena *arena = arena_new();
	const char *token = arena_print(arena, "c%d", number);
	keep_tokens(&(struct tokens){ .access = (char *)(uintptr_t)token });
	open_stage(stage, arena_print(arena, "http://127.0.0.1:%d", peer_port(peer)), arena_print(arena, "polite-%d.db", number));
	session_start_network(stage->session);
	stage->session->look_ms = INT64_MAX;   /* the others' tokens are put into the same file */
	stage->session->sites[0].account.looking = NULL;
	arena_free(arena);
}

static void turn_for(struct stage *stage, int ms)
{
	for (int64_t until = clock_monotonic_ms() + ms; clock_monotonic_ms() < until;)
		turn(stage);
}

/* ---- fifty of us ---- */

static int at_once(const struct keeper *keeper, const struct seen *this)
{
	int others = 0;
	for (size_t i = 0; i < keeper->count; i++) {
		const struct seen *other = &keeper->seen[i];
		others += other->client == this->client && other->at_ms <= this->at_ms && this->at_ms < other->until_ms;
	}
	return others;
}

static int in_the_next_100_ms(const struct keeper *keeper, int64_t from_ms)
{
	int count = 0;
	for (size_t i = 0; i < keeper->count; i++)
		count += keeper->seen[i].at_ms >= from_ms && keeper->seen[i].at_ms < from_ms + 100;
	return count;
}

/* What this client asked before, NULL: nothing; how often it asked before. */
static const struct seen *before(const struct keeper *keeper, size_t at, int *count)
{
	const struct seen *last = NULL;
	*count = 0;
	for (size_t i = 0; i < at; i++) {
		if (keeper->seen[i].client != keeper->seen[at].client)
			continue;
		last = &keeper->seen[i];
		++*count;
	}
	return last;
}

/* Where we ourselves stood still, for the machine had others to serve: whoever was due meanwhile then asks at once. */
struct stalls {
	int64_t from_ms[64], until_ms[64];
	size_t count;
	int64_t turned_ms;
};

static void note_turn(struct stalls *stalls, int64_t now_ms)
{
	if (stalls->turned_ms && now_ms - stalls->turned_ms > 50 && stalls->count < COUNT_OF(stalls->from_ms)) {
		stalls->from_ms[stalls->count] = stalls->turned_ms;
		stalls->until_ms[stalls->count++] = now_ms;
	}
	stalls->turned_ms = now_ms;
}

static bool stalled_near(const struct stalls *stalls, int64_t at_ms)
{
	bool near = stalls->count == COUNT_OF(stalls->from_ms);
	for (size_t i = 0; i < stalls->count; i++)
		near |= stalls->from_ms[i] < at_ms + 100 && stalls->until_ms[i] + 100 > at_ms;
	return near;
}

/* Whether each has asked again after its first lists. */
static bool all_came_back(struct keeper *keeper)
{
	int asked[CLIENTS] = { 0 }, back = 0;
	pthread_mutex_lock(&keeper->lock);
	for (size_t i = 0; i < keeper->count; i++)
		if (keeper->seen[i].client >= 0 && keeper->seen[i].client < CLIENTS)
			back += ++asked[keeper->seen[i].client] == LISTS + 1;
	pthread_mutex_unlock(&keeper->lock);
	return back == CLIENTS;
}

static void fifty_make_no_storm(void **state)
{
	(void)state;
	static struct keeper keeper;
	static struct stage stages[CLIENTS];
	struct peer *peer = open_keeper(&keeper, REFUSAL("429 Too Many Requests", "Retry-After: 1\r\n"));
	for (int i = 0; i < CLIENTS; i++)
		open_client(&stages[i], peer, i);
	struct stalls stalls = { .count = 0 };
	int64_t began_ms = clock_monotonic_ms(), lasted_ms = 0;
	while (lasted_ms < 3600 || (lasted_ms < 60000 && !all_came_back(&keeper))) {
		note_turn(&stalls, clock_monotonic_ms());
		for (int i = 0; i < CLIENTS; i++) {
			session_wait(stages[i].session, NULL, 0, 0);
			session_turn(stages[i].session);
		}
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
		lasted_ms = clock_monotonic_ms() - began_ms;
	}
	for (int i = 0; i < CLIENTS; i++) {
		assert_int_equal(session_site(stages[i].session, 0)->state, SITE_THROTTLED);
		close_stage(&stages[i]);
	}
	peer_free(peer);

	size_t later = 0;
	for (size_t i = 0; i < keeper.count; i++) {
		const struct seen *seen = &keeper.seen[i];
		int asked;
		const struct seen *last = before(&keeper, i, &asked);
		assert_int_not_equal(seen->client, -1);
		assert_true(at_once(&keeper, seen) <= ENGINE_HOST_CONNECTIONS);
		if (asked < LISTS)   /* the beginning, before any answer was heard */
			continue;
		later++;
		assert_true(seen->at_ms - last->until_ms >= 1000);
		assert_int_equal(at_once(&keeper, seen), 1);
		if (!stalled_near(&stalls, seen->at_ms))
			assert_in_range(in_the_next_100_ms(&keeper, seen->at_ms), 1, CLIENTS * 3 / 4);
	}
	assert_in_range(later, CLIENTS, CLIENTS * lasted_ms / 1000);   /* they came back, but not oftener than asked */
}

/* ---- one of us ---- */

static void who_is_asked_to_wait_waits_unless_a_key_asks(void **state)
{
	(void)state;
	static struct keeper keeper;
	struct peer *peer = open_keeper(&keeper, REFUSAL("429 Too Many Requests", "Retry-After: 600\r\n"));
	struct stage stage;
	open_client(&stage, peer, CLIENTS + 1);
	const struct site_view *site = session_site(stage.session, 0);
	UNTIL(&stage, site->state == SITE_THROTTLED && session_is_quiet(stage.session));
	assert_int_equal(site->next_try_at, session_now(stage.session) + 600);
	size_t told = count_of(&keeper);
	assert_in_range(told, 1, 4);

	/* Nobody touches a key: nothing goes out, and nothing wakes us to see. */
	int wakes = 0;
	for (int64_t until = clock_monotonic_ms() + 700; clock_monotonic_ms() < until; wakes++) {
		session_wait(stage.session, NULL, 0, (int)(until - clock_monotonic_ms()));
		session_turn(stage.session);
	}
	assert_in_range(wakes, 1, 3);
	assert_int_equal(count_of(&keeper), told);

	/* What is looked at for the first time is asked for: that was a key. Looking on asks for nothing more. */
	struct local_date date = { 2026, 7, 16 };
	UNTIL(&stage, session_day(stage.session, 0, "ferme", date)->state.outcome.kind == OUTCOME_THROTTLED);
	assert_int_equal(count_of(&keeper), told + 1);
	for (int i = 0; i < 5; i++) {
		session_day(stage.session, 0, "ferme", date);
		turn(&stage);
	}
	assert_int_equal(count_of(&keeper), told + 1);

	/* A booking is a key too; then it waits for the site like everything else, and says so. */
	struct wish_book wish = { .space_id = "ferme", .space_name = "La Ferme", .resource_id = "r", .resource_name = "Les Serres 1",
		.when = { date, DAY_PART_MORNING, { 0, 0 } } };
	const struct wish_view *view = session_wish(stage.session, session_book(stage.session, &wish));
	UNTIL(&stage, view->outcome.kind == OUTCOME_THROTTLED && session_is_quiet(stage.session));
	turn_for(&stage, 300);
	assert_int_equal(count_of(&keeper), told + 2);
	assert_int_equal(view->row->state, WISH_QUEUED);

	/* A key asks again: one question, not one for each list, while the site has not said that it may be asked. */
	session_refresh_bookings(stage.session);
	turn_for(&stage, 200);
	assert_int_equal(count_of(&keeper), told + 3);
	session_sync(stage.session);
	turn_for(&stage, 200);
	assert_int_equal(count_of(&keeper), told + 4);

	/* And what is said then counts: the site is back. */
	say(&keeper, NULL);
	session_refresh_spaces(stage.session);
	UNTIL(&stage, site->state == SITE_UP);
	assert_int_equal(site->next_try_at, 0);
	close_stage(&stage);
	peer_free(peer);
}

static void when_the_time_is_over_one_question_goes_ahead(void **state)
{
	(void)state;
	static struct keeper keeper;
	struct peer *peer = open_keeper(&keeper, REFUSAL("503 Service Unavailable", "Retry-After: 1\r\n"));
	struct stage stage;
	open_client(&stage, peer, CLIENTS + 2);
	const struct site_view *site = session_site(stage.session, 0);
	UNTIL(&stage, site->state == SITE_THROTTLED && session_is_quiet(stage.session));
	size_t told = count_of(&keeper);
	say(&keeper, NULL);
	UNTIL(&stage, site->state == SITE_UP);
	settle_down(&stage);
	assert_true(keeper.seen[told].at_ms - keeper.seen[0].until_ms >= 1000);
	assert_int_equal(strncmp(keeper.seen[told].target, "/v1/spaces?", 11), 0);
	assert_true(count_of(&keeper) > told + 1);
	assert_true(keeper.seen[told + 1].at_ms >= keeper.seen[told].until_ms);
	close_stage(&stage);
	peer_free(peer);
}

static void a_wrong_password_too_many_does_not_stop_the_reading(void **state)
{
	(void)state;
	static struct keeper keeper;
	struct peer *peer = open_keeper(&keeper, NULL);
	struct stage stage;
	open_client(&stage, peer, CLIENTS + 3);
	UNTIL(&stage, session_site(stage.session, 0)->state == SITE_UP && session_is_quiet(stage.session));
	say(&keeper, REFUSAL("429 Too Many Requests", "Retry-After: 600\r\n"));
	session_log_in(stage.session, 0, "zoe", "guess");
	UNTIL(&stage, session_log_in_outcome(stage.session, 0)->kind == OUTCOME_THROTTLED);
	assert_int_equal(session_site(stage.session, 0)->state, SITE_UP);
	close_stage(&stage);
	peer_free(peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_asked_to_wait_waits_unless_a_key_asks),
		cmocka_unit_test(when_the_time_is_over_one_question_goes_ahead),
		cmocka_unit_test(a_wrong_password_too_many_does_not_stop_the_reading),
		cmocka_unit_test(fifty_make_no_storm),
	};
	return cmocka_run_group_tests_name("app polite C11 C12", tests, start_server, stop_server);
}
