/* C13: the site does not take our token any more. Whichever question is told so, and whatever failed before it, it is known at once that
 * somebody must log in; a wish waits for nothing but that, and goes when it is done. */
#include "stage.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"
#include "peer.h"

/* ---- a site that forgets ---- */

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t said;
	const char *taken;         /* the token that is good */
	const char *unheard;       /* what is asked for there gets no answer; "": nothing */
	const char *held;          /* what asks for that waits until it is another; "": nothing does */
	unsigned waiting;          /* for that */
	bool renews;               /* gives what to renew a token with */
	int renewals_lost;         /* so many get no answer; then they are refused */
	unsigned streams;          /* that may be open: those of before end */
	bool feed_refused;         /* though the token is good */
	unsigned news;             /* questions for it */
};

#define HEAD(status, type) "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nConnection: close\r\n\r\n"
static const char nobody[] = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
static const char feed[] = HEAD("200 OK", "text/event-stream") "id: aaaaaaaa.b\n\n";

static void say(int connection, const char *text)
{
	ssize_t sent = send(connection, text, strlen(text), MSG_NOSIGNAL);
	(void)sent;
}

static bool asks(const char *request, const char *path)
{
	const char *target = strchr(request, ' ');
	return *path && target && strncmp(target + 1, path, strlen(path)) == 0;
}

#define let_in(more) HEAD("201 Created", "application/json") "{\"token\":\"c2\",\"expires_at\":\"2026-07-15T12:00:00+02:00\"," more \
	"\"member\":{\"id\":\"m\",\"name\":\"Zoé\",\"login\":\"zoe\"}}"

/* As a real site says it: a day that nobody can read would be trouble of the site's own. */
static const char whole_day[] = HEAD("200 OK", "application/json") "{\"space\":{\"id\":\"s\",\"name\":\"La Ferme\",\"time_zone\":\"Europe/Brussels\","
	"\"day\":{\"date\":\"2026-07-16\"}},\"items\":[]}";

/* With the lock, which is given back meanwhile: until something is another. */
static void wait_here(struct gate *gate)
{
	struct timespec at;
	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec++;
	pthread_cond_timedwait(&gate->said, &gate->lock, &at);
}

static const char *answer_to(struct gate *gate, const char *request)
{
	const char *bearer = strstr(request, "Bearer ");
	bool taken = bearer && strncmp(bearer + 7, gate->taken, strlen(gate->taken)) == 0;
	if (asks(request, gate->unheard))
		return "";
	if (asks(request, "/oauth/token"))
		return gate->renewals_lost-- > 0 ? "" : HEAD("400 Bad Request", "application/json") "{\"error\":\"invalid_grant\"}";
	if (asks(request, "/v1/sessions"))
		return gate->renews ? let_in("\"refresh_token\":\"r2\",\"refresh_expires_at\":\"2026-08-15T12:00:00+02:00\",") : let_in("");
	gate->news += asks(request, "/v1/changes");
	bool is_public = asks(request, "/v1/spaces?") || asks(request, "/v1/activities?");
	if (!taken && (bearer || !is_public))
		return nobody;
	if (asks(request, "/v1/events"))
		return gate->feed_refused ? nobody : feed;
	if (asks(request, "/v1/spaces/s/availability?"))
		return whole_day;
	if (strncmp(request, "POST ", 5) == 0)
		return HEAD("201 Created", "application/json") "{\"id\":\"%.36s\",\"space_id\":\"s\",\"resource_id\":\"r\",\"date\":\"2026-07-16\","
			"\"part\":\"am\",\"start\":\"2026-07-16T09:00:00+02:00\",\"end\":\"2026-07-16T12:00:00+02:00\",\"state\":\"confirmed\"}";
	return HEAD("200 OK", "application/json") "{\"id\":\"aaaaaaaa.b\",\"name\":\"Zoé\",\"login\":\"zoe\",\"items\":[]}";
}

/* The booking has the id that it was asked for under. */
static void say_filled(int connection, const char *answer, const char *request)
{
	const char *key = strstr(request, "Idempotency-Key: \"");
	char text[1000];
	snprintf(text, sizeof text, answer, key ? strchr(key, '"') + 1 : "");
	say(connection, text);
}

static void forgets(struct peer *peer, int connection)
{
	struct gate *gate = (struct gate *)(uintptr_t)peer_context(peer);
	const char *request = peer_request_on(peer, connection);
	pthread_mutex_lock(&gate->lock);
	unsigned number = gate->streams;
	const char *answer = answer_to(gate, request), *held = asks(request, gate->held) ? gate->held : NULL;
	gate->waiting += held != NULL;
	while (held && held == gate->held && !peer_is_ending(peer))
		wait_here(gate);
	say_filled(connection, answer, request);
	while (answer == feed && gate->streams == number && !peer_is_ending(peer))
		wait_here(gate);
	pthread_mutex_unlock(&gate->lock);
}

/* ---- somebody who watches ---- */

struct scene { struct stage stage; struct gate gate; struct peer *peer; struct arena *arena; };

#define CHANGE(scene, deed) do { \
	pthread_mutex_lock(&(scene)->gate.lock); \
	deed; \
	pthread_cond_broadcast(&(scene)->gate.said); \
	pthread_mutex_unlock(&(scene)->gate.lock); } while (0)

static unsigned look_at(struct scene *scene, const unsigned *number)
{
	pthread_mutex_lock(&scene->gate.lock);
	unsigned so_far = *number;
	pthread_mutex_unlock(&scene->gate.lock);
	return so_far;
}

static const struct live *live_of(const struct scene *scene)
{
	return &scene->stage.session->sites[0].live;
}

static void open_scene(struct scene *scene)
{
	static int number;
	memset(scene, 0, sizeof *scene);
	pthread_mutex_init(&scene->gate.lock, NULL);
	pthread_cond_init(&scene->gate.said, NULL);
	scene->gate.taken = "c1";
	scene->gate.unheard = scene->gate.held = "";
	scene->arena = arena_new();
	scene->peer = peer_new(NULL, forgets, &scene->gate);
	keep_tokens(&(struct tokens){ .access = (char[]){ "c1" }, .log_in = (char[]){ "l" } });
	open_stage(&scene->stage, arena_print(scene->arena, "http://127.0.0.1:%d", peer_port(scene->peer)),
	           arena_print(scene->arena, "log-in-%d.db", number++));
	struct session *session = scene->stage.session;
	session_follow(session);
	session_start_network(session);
	session_agenda(session);
	UNTIL(&scene->stage, live_is_on(session, 0) && session_site(session, 0)->member && session_is_quiet(session));
}

static void close_scene(struct scene *scene)
{
	CHANGE(scene, (scene->gate.held = "", scene->gate.streams++));
	close_stage(&scene->stage);
	peer_free(scene->peer);
	arena_free(scene->arena);
}

static const struct wish_book thursday = { .space_id = "s", .space_name = "La Ferme", .resource_id = "r", .resource_name = "A1",
	.when = { { 2026, 7, 16 }, DAY_PART_MORNING, { 0, 0 } } };

static bool is_asking(const struct session *session)
{
	return session->jobs || session->sites[0].account.step != ACCOUNT_AT_REST;
}

static void log_in_here(struct scene *scene, bool renews)
{
	struct session *session = scene->stage.session;
	CHANGE(scene, (scene->gate.taken = "c2", scene->gate.renews = renews));
	session_log_in(session, 0, "zoe", "ouvre-toi");
	UNTIL(&scene->stage, session_log_in_outcome(session, 0)->kind == OUTCOME_DONE && session_site(session, 0)->member);
}

/* What comes first after a log-in, the feed or the answers, is chance. Where those are first, what is at hand is asked anew for a wish that
 * was sent then: nobody hears yet what it changed. */
enum first { FEED_FIRST, ANSWERS_FIRST };

static void be_known(struct scene *scene, bool renews, enum first first)
{
	struct session *session = scene->stage.session;
	CHANGE(scene, scene->gate.held = first == ANSWERS_FIRST ? "/v1/events" : "");
	log_in_here(scene, renews);
	if (first == ANSWERS_FIRST)
		UNTIL(&scene->stage, session_is_quiet(session));
	CHANGE(scene, scene->gate.held = "");
	UNTIL(&scene->stage, live_is_on(session, 0));
	told_clear(&session->sites[0].live);   /* a feed that begins says nothing of before: all would be read once more */
	UNTIL(&scene->stage, session_is_quiet(session));
	const struct site_view *site = session_site(session, 0);
	if (site->state != SITE_UP)
		fail_msg("logged in, the site is %s: %s", site_state_wire_name(site->state), site->problem);
}

static void is_known(struct scene *scene, const char *what)
{
	const struct site_view *site = session_site(scene->stage.session, 0);
	if (site->state != SITE_LOGIN_NEEDED)
		fail_msg("%s: the site is %s", what, site_state_wire_name(site->state));
}

static void until_it_is_known(struct scene *scene, const char *what)
{
	const struct site_view *site = session_site(scene->stage.session, 0);
	for (int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS; site->state != SITE_LOGIN_NEEDED && clock_monotonic_ms() < until_ms;)
		turn(&scene->stage);
	is_known(scene, what);
}

/* ---- who finds it out ---- */

enum finder { BY_FEED, BY_NEWS, BY_LIST_OF_MINE, BY_LIST_OF_ALL, BY_PREVIEW, BY_DAY, BY_ACTIVITY, BY_WISH, FINDERS };
static const char *const finder_names[] = { "the feed", "what changed", "a list of mine", "a list of all", "a preview", "a day", "an activity", "a wish" };

static void find_out(struct scene *scene, enum finder finder)
{
	struct session *session = scene->stage.session;
	switch (finder) {
	case BY_FEED:
	case BY_NEWS:
		live_wake(session, 0);
		if (finder == BY_NEWS)
			live_begin(session, 0);
		site_try_now(session, 0);   /* a feed waits until its site is back */
		UNTIL(&scene->stage, live_of(scene)->state == LIVE_OFF || session->sites[0].failures > 0);
		return;
	case BY_LIST_OF_MINE:
		list_ask(session, 0, LIST_SIGNUPS);
		break;
	case BY_LIST_OF_ALL:
		list_ask(session, 0, LIST_SPACES);
		break;
	case BY_PREVIEW:
		session_propose(session, &thursday);
		break;
	case BY_DAY:
		session_refresh_day(session, 0, "s", thursday.when.date);
		break;
	case BY_ACTIVITY:
		session_activity(session, 0, "s", arena_print(scene->arena, "a%u", session->asks++));   /* another: it was not asked yet */
		break;
	case BY_WISH:
		session_book(session, &thursday);
		UNTIL(&scene->stage, session->jobs);
		break;
	case FINDERS:
		break;
	}
	UNTIL(&scene->stage, session_is_quiet(session));
}

/* The one wish there is waits for that, and is done after it. */
static void log_in_and_go_on(struct scene *scene, bool renews, enum first first, const char *what)
{
	struct session *session = scene->stage.session;
	const struct wish_view *wish = session_wish(session, session_wish_count(session) ? session_wish_at(session, 0)->row->id
	                                                                                 : session_book(session, &thursday));
	UNTIL(&scene->stage, wish->outcome.kind != OUTCOME_NONE && session_is_quiet(session));
	if (wish->outcome.kind != OUTCOME_LOGIN_NEEDED || wish->row->state != WISH_QUEUED)
		fail_msg("%s: the wish is %s", what, outcome_wire_name(wish->outcome.kind));
	be_known(scene, renews, first);
	UNTIL(&scene->stage, wish->row->state == WISH_SETTLED);
	assert_int_equal(wish->outcome.kind, OUTCOME_DONE);
	session_wish_seen(session, wish->row->id);
}

static const struct { const char *name; bool renews; int lost; } renewals[] = {
	{ "no renewal", false, 0 }, { "a renewal that is refused", true, 0 }, { "a renewal that is lost, then refused", true, 1 },
};
/* What had no answer before; the site counts as away since. */
static const struct { const char *name, *path; enum list_kind kind; } losses[] = {
	{ "nothing", "", LIST_SPACES }, { "who I am", "/v1/members/me", LIST_MEMBER }, { "my bookings", "/v1/members/me/bookings", LIST_BOOKINGS },
	{ "my sign-ups", "/v1/members/me/signups", LIST_SIGNUPS }, { "the spaces", "/v1/spaces?", LIST_SPACES },
	{ "the agenda", "/v1/activities?", LIST_ACTIVITIES },
};

/* Each of the three with each of the others, in turn. */
static size_t renewal_of(size_t loss, unsigned finder)
{
	return (loss + finder) % COUNT_OF(renewals);
}

static void lose(struct scene *scene, size_t loss)
{
	struct session *session = scene->stage.session;
	if (!*losses[loss].path)
		return;
	CHANGE(scene, scene->gate.unheard = losses[loss].path);
	list_ask(session, 0, losses[loss].kind);
	UNTIL(&scene->stage, !is_asking(session));
	assert_int_equal(session_site(session, 0)->state, SITE_UNREACHABLE);
	CHANGE(scene, scene->gate.unheard = "");
}

static void c13_whoever_finds_it_out_it_is_known(void **state)
{
	(void)state;
	static struct scene scene;
	for (size_t loss = 0; loss < COUNT_OF(losses); loss++) {
		open_scene(&scene);
		be_known(&scene, renewals[renewal_of(loss, 0)].renews, FEED_FIRST);
		for (enum finder finder = 0; finder < FINDERS; finder++) {
			size_t renewal = renewal_of(loss, finder);
			const char *what = arena_print(scene.arena, "found out by %s after %s was not answered, with %s", finder_names[finder],
			                               losses[loss].name, renewals[renewal].name);
			lose(&scene, loss);
			CHANGE(&scene, (scene.gate.taken = "none", scene.gate.renewals_lost = renewals[renewal].lost));
			find_out(&scene, finder);
			if (finder != BY_FEED && finder != BY_NEWS)   /* those say nothing while the site is away */
				is_known(&scene, what);
			until_it_is_known(&scene, what);
			log_in_and_go_on(&scene, renewals[renewal_of(loss, finder + 1)].renews, (loss + finder) % 2 ? ANSWERS_FIRST : FEED_FIRST, what);
		}
		close_scene(&scene);
	}
}

/* Somebody logs in while the answer of before is still on its way: it is asked again, and waits for nobody. */
static void c13_what_was_refused_before_a_log_in_is_asked_after_it(void **state)
{
	(void)state;
	static struct scene scene;
	open_scene(&scene);
	struct session *session = scene.stage.session;
	CHANGE(&scene, scene.gate.taken = "none");
	find_out(&scene, BY_LIST_OF_MINE);
	CHANGE(&scene, scene.gate.held = "/v1/spaces/s/bookings");
	const struct wish_view *wish = session_wish(session, session_book(session, &thursday));
	UNTIL(&scene.stage, look_at(&scene, &scene.gate.waiting) == 1);
	log_in_here(&scene, false);
	CHANGE(&scene, scene.gate.held = "");
	UNTIL(&scene.stage, wish->outcome.kind != OUTCOME_NONE);
	assert_int_equal(wish->outcome.kind, OUTCOME_DONE);
	close_scene(&scene);
}

/* The feed alone is refused, and questions are not; then those are, too: nobody asks anything but the feed. */
static void c13_a_feed_that_is_refused_again_is_asked_about_again(void **state)
{
	(void)state;
	static struct scene scene;
	open_scene(&scene);
	struct session *session = scene.stage.session;
	CHANGE(&scene, scene.gate.feed_refused = true);
	for (unsigned refused = 1; refused <= 4; refused++) {
		unsigned before = look_at(&scene, &scene.gate.news);
		live_wake(session, 0);
		UNTIL(&scene.stage, look_at(&scene, &scene.gate.news) == before + 1);
		UNTIL(&scene.stage, live_of(&scene)->state == LIVE_WAITING);   /* and the pauses grow */
		assert_int_equal(live_of(&scene)->unwelcome, 2 * refused);
	}
	CHANGE(&scene, scene.gate.taken = "none");
	live_wake(session, 0);
	until_it_is_known(&scene, "found out by a feed that was refused before");
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c13_what_was_refused_before_a_log_in_is_asked_after_it),
		cmocka_unit_test(c13_a_feed_that_is_refused_again_is_asked_about_again),
		cmocka_unit_test(c13_whoever_finds_it_out_it_is_known),
	};
	return cmocka_run_group_tests_name("app log_in C13", tests, start_place, stop_place);
}
