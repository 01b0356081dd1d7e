/* C05 C06: a write whose first answer was lost and whose repetition is refused for what is new since: a right withdrawn, a space hidden. What
 * became of the first is looked up, and told as it is; as long as nobody knows, nobody says "not booked". */
#include "stage.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define REFUSAL(status) "HTTP/1.1 " status "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define GOOD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

/* What is told, by that time, of the booking or the activity. */
#define START "\"2026-07-16T09:00:00+02:00\""
#define END "\"2026-07-16T10:00:00+02:00\""
#define BOOKING "{\"id\":\"%s\",\"space_id\":\"s\",\"resource_id\":\"r\",\"date\":\"2026-07-16\",\"part\":\"am\",\"start\":" START ",\"end\":" END
#define ACTIVITY "{\"id\":\"%s\",\"space_id\":\"s\",\"title\":\"t\",\"date\":\"2026-07-16\",\"start\":" START ",\"end\":" END \
	",\"signup_until\":" START ",\"withdraw_until\":" START ",\"state\":\"scheduled\",\"languages\":[]"
static const char stands[] = GOOD BOOKING ",\"state\":\"confirmed\"}";
static const char cancelled[] = GOOD BOOKING ",\"state\":\"cancelled\"}";
static const char signed_up[] = GOOD ACTIVITY ",\"mine\":{\"state\":\"signed_up\"}}";
static const char not_signed_up[] = GOOD ACTIVITY "}";
static const char hidden[] = REFUSAL("403 Forbidden");
static const char nothing[] = REFUSAL("404 Not Found");
static const char busy[] = REFUSAL("429 Too Many Requests");
static const char no_token[] = REFUSAL("401 Unauthorized");

static const struct lost_case {
	enum wish_kind kind;
	const char *again;             /* what the repetition is told */
	const char *asked;             /* and the question */
	enum outcome_kind end;
} cases[] = {
	{ WISH_BOOK, hidden, stands, OUTCOME_DONE },
	{ WISH_BOOK, nothing, stands, OUTCOME_DONE },
	{ WISH_BOOK, hidden, nothing, OUTCOME_NOT_ALLOWED },
	{ WISH_BOOK, nothing, nothing, OUTCOME_NOT_FOUND },
	{ WISH_BOOK, hidden, hidden, OUTCOME_UNKNOWN },
	{ WISH_CANCEL, hidden, cancelled, OUTCOME_DONE },
	{ WISH_CANCEL, hidden, nothing, OUTCOME_DONE },
	{ WISH_CANCEL, hidden, stands, OUTCOME_NOT_ALLOWED },
	{ WISH_SIGN_UP, hidden, signed_up, OUTCOME_DONE },
	{ WISH_SIGN_UP, hidden, not_signed_up, OUTCOME_NOT_ALLOWED },
	{ WISH_WITHDRAW, hidden, not_signed_up, OUTCOME_DONE },
	{ WISH_WITHDRAW, hidden, signed_up, OUTCOME_NOT_ALLOWED },
	{ WISH_WITHDRAW, hidden, hidden, OUTCOME_UNKNOWN },
};
#define CASES (COUNT_OF(cases) + 2)

/* And two whose repetition is not heard at all. */
static const struct { const char *again; enum outcome_kind told; const char *words; } unheard[] = {
	{ busy, OUTCOME_UNKNOWN, "Perhaps booked, the answer was lost and is being asked for: La Ferme, A1, Thu 16/07/2026, morning." },
	{ no_token, OUTCOME_LOGIN_NEEDED, "Perhaps booked, the answer was lost; log in to learn it: La Ferme, A1, Thu 16/07/2026, morning." },
};

struct forgetful {
	pthread_mutex_t lock;
	int writes[CASES], questions[CASES];
};

static void say(int connection, const char *text)
{
	ssize_t sent = send(connection, text, strlen(text), MSG_NOSIGNAL);
	(void)sent;
}

/* The space's name, "7", is the number of the case. */
static void forgets(struct peer *peer, int connection)
{
	struct forgetful *server = (struct forgetful *)(uintptr_t)peer_context(peer);
	char method[8], rest[200], answer[1000];
	size_t at;
	if (sscanf(peer_request_on(peer, connection), "%7s /v1/spaces/%zu/%199[^ ]", method, &at, rest) != 3 || at >= CASES) {
		say(connection, GOOD "{\"id\":\"m\",\"name\":\"Zoé\",\"login\":\"zoe\",\"items\":[]}");
		return;
	}
	bool is_question = strcmp(method, "GET") == 0;
	pthread_mutex_lock(&server->lock);
	int before = is_question ? server->questions[at]++ : server->writes[at]++;
	pthread_mutex_unlock(&server->lock);
	if (!is_question) {
		const char *again = at < COUNT_OF(cases) ? cases[at].again : unheard[at - COUNT_OF(cases)].again;
		say(connection, before ? again : "");   /* the first time it breaks off before a word is said */
		return;
	}
	const char *id = strchr(rest, '/');
	snprintf(answer, sizeof answer, cases[at].asked, id ? id + 1 : "");
	say(connection, answer);
}

static const char *wish_for(struct session *session, const char *space, enum wish_kind kind)
{
	const struct period when = { { 2026, 7, 16 }, DAY_PART_MORNING, { 0, 0 } };
	const struct booking booking = { .id = "0198-b", .space_id = space, .space_name = "La Ferme", .resource_id = "r", .resource_name = "A1",
		.when = when, .version = 1 };
	const struct activity activity = { .id = "0198-a", .space_id = space, .space_name = "La Ferme", .title = "t",
		.time_zone = "Europe/Brussels", .start_at = 1784185200, .end_at = 1784188800 };
	switch (kind) {
	case WISH_BOOK:
		return session_book(session, &(struct wish_book){ .space_id = space, .space_name = "La Ferme", .resource_id = "r",
			.resource_name = "A1", .when = when });
	case WISH_CANCEL:
		return session_cancel(session, 0, &booking);
	case WISH_SIGN_UP:
		return session_sign_up(session, 0, &activity);
	case WISH_WITHDRAW:
		return session_withdraw(session, 0, &activity);
	}
	return NULL;
}

struct scene { struct stage stage; struct forgetful server; struct peer *peer; struct arena *arena; };

static void open_scene(struct scene *scene, const char *notes)
{
	memset(scene, 0, sizeof *scene);
	pthread_mutex_init(&scene->server.lock, NULL);
	scene->arena = arena_new();
	scene->peer = peer_new(NULL, forgets, &scene->server);
	keep_tokens(&(struct tokens){ .access = (char[]){ "c1" } });
	open_stage(&scene->stage, arena_print(scene->arena, "http://127.0.0.1:%d", peer_port(scene->peer)), notes);
	session_start_network(scene->stage.session);
	UNTIL(&scene->stage, session_site(scene->stage.session, 0)->member);
}

static void close_scene(struct scene *scene)
{
	close_stage(&scene->stage);
	peer_free(scene->peer);
	arena_free(scene->arena);
}

static int count(struct scene *scene, const int *counter)
{
	pthread_mutex_lock(&scene->server.lock);
	int so_far = *counter;
	pthread_mutex_unlock(&scene->server.lock);
	return so_far;
}

static const struct wish_view *wish_of_case(struct scene *scene, size_t at, enum wish_kind kind)
{
	struct session *session = scene->stage.session;
	return session_wish(session, wish_for(session, arena_print(scene->arena, "%zu", at), kind));
}

static void c05_a_repetition_that_is_refused_says_nothing_of_the_first(void **state)
{
	(void)state;
	static struct scene scene;
	open_scene(&scene, "lost.db");
	const struct wish_view *wishes[COUNT_OF(cases)];
	for (size_t at = 0; at < COUNT_OF(cases); at++)
		wishes[at] = wish_of_case(&scene, at, cases[at].kind);
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const struct wish_view *wish = wishes[at];
		if (cases[at].end == OUTCOME_UNKNOWN)
			UNTIL(&scene.stage, count(&scene, &scene.server.questions[at]) > 1);   /* not given up */
		else
			UNTIL(&scene.stage, wish->row->state == WISH_SETTLED);
		if (wish->outcome.kind != cases[at].end)
			fail_msg("case %zu ended as %s", at, outcome_wire_name(wish->outcome.kind));
		assert_int_equal(count(&scene, &scene.server.writes[at]), 2);   /* refused once is refused */
		if (cases[at].end == OUTCOME_UNKNOWN)
			assert_int_equal(wish_stands(wish), WISH_ON_ITS_WAY);
		if (cases[at].kind == WISH_BOOK && cases[at].end == OUTCOME_DONE)
			assert_string_equal(wish->booking->id, wish->row->id);
	}
	close_scene(&scene);
}

static void c05_what_is_perhaps_there_is_never_said_to_wait(void **state)
{
	(void)state;
	static struct scene scene;
	for (size_t i = 0; i < COUNT_OF(unheard); i++) {
		open_scene(&scene, i ? "lost-1.db" : "lost-0.db");
		size_t at = COUNT_OF(cases) + i;
		const struct wish_view *wish = wish_of_case(&scene, at, WISH_BOOK);
		UNTIL(&scene.stage, count(&scene, &scene.server.writes[at]) == 2);
		UNTIL(&scene.stage, session_site(scene.stage.session, 0)->state == (i ? SITE_LOGIN_NEEDED : SITE_THROTTLED));
		UNTIL(&scene.stage, wish->outcome.kind == unheard[i].told);   /* the site is judged by an answer's head, the wish by all of it */
		assert_string_equal(wish_words_brief(scene.arena, wish), unheard[i].words);
		assert_int_equal(wish_stands(wish), WISH_ON_ITS_WAY);
		assert_int_equal(session_wish_drop(scene.stage.session, wish->row->id), WISH_DROP_TOO_LATE);
		close_scene(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c05_what_is_perhaps_there_is_never_said_to_wait),
		cmocka_unit_test(c05_a_repetition_that_is_refused_says_nothing_of_the_first),
	};
	return cmocka_run_group_tests_name("app lost C05 C06", tests, start_server, stop_server);
}
