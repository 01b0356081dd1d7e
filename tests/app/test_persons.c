/* Two people use one account of a computer, one after the other. What one of them wished is sent in nobody else's name and shown to nobody
 * else, and it goes on when they are back, also without a new start. */
#include "stage.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "inside.h"
#include "peer.h"

#define HEAD(status) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

/* Whoever logs in as "zoe" gets the token "zoe", and is the member "zoe". */
struct place {
	pthread_mutex_t lock;
	bool busy;                 /* takes no bookings just now */
	bool silent;               /* about who somebody is */
	char booked_by[20];        /* the last */
};

static void say(int connection, const char *text)
{
	ssize_t sent = send(connection, text, strlen(text), MSG_NOSIGNAL);
	(void)sent;
}

static void word_after(const char *text, const char *before, char word[20])
{
	const char *at = strstr(text, before);
	snprintf(word, 20, "%.*s", at ? (int)strspn(at + strlen(before), "abcdefghijklmnopqrstuvwxyz") : 0, at ? at + strlen(before) : "");
}

static void book_for(struct place *place, const char *request, const char *who, char *answer, size_t room)
{
	if (place->busy) {
		snprintf(answer, room, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		return;
	}
	snprintf(place->booked_by, sizeof place->booked_by, "%s", who);
	const char *key = strstr(request, "Idempotency-Key: \"");
	snprintf(answer, room, HEAD("201 Created") "{\"id\":\"%.36s\",\"space_id\":\"s\",\"resource_id\":\"r\",\"date\":\"2026-07-16\",\"part\":\"am\","
	         "\"start\":\"2026-07-16T09:00:00+02:00\",\"end\":\"2026-07-16T12:00:00+02:00\",\"state\":\"confirmed\"}",
	         key ? strchr(key, '"') + 1 : "");
}

static void serve(struct peer *peer, int connection)
{
	struct place *place = (struct place *)(uintptr_t)peer_context(peer);
	const char *request = peer_request_on(peer, connection);
	char who[20], login[20], answer[1000];
	word_after(request, "Bearer ", who);
	word_after(request, "\"login\":\"", login);
	pthread_mutex_lock(&place->lock);
	if (*login)
		snprintf(answer, sizeof answer, HEAD("201 Created") "{\"token\":\"%s\",\"expires_at\":\"2026-07-15T12:00:00+02:00\","
		         "\"member\":{\"id\":\"%s\",\"name\":\"%s\",\"login\":\"%s\"}}", login, login, login, login);
	else if (strncmp(request, "POST /v1/spaces/", 16) == 0)
		book_for(place, request, who, answer, sizeof answer);
	else if (place->silent && strstr(request, "/v1/members/me "))
		*answer = '\0';
	else
		snprintf(answer, sizeof answer, HEAD("200 OK") "{\"id\":\"%s\",\"name\":\"%s\",\"login\":\"%s\",\"items\":[]}", who, who, who);
	pthread_mutex_unlock(&place->lock);
	say(connection, answer);
}

struct scene { struct stage stage; struct place place; struct peer *peer; struct arena *arena; const char *notes; };

#define CHANGE(scene, deed) do { \
	pthread_mutex_lock(&(scene)->place.lock); \
	deed; \
	pthread_mutex_unlock(&(scene)->place.lock); } while (0)

/* A new start, with that token in the file. */
static void sit_down(struct scene *scene, const char *who)
{
	char *token = memory_copy_text(who);
	keep_tokens(&(struct tokens){ .access = token, .log_in = token });
	free(token);
	open_stage(&scene->stage, arena_print(scene->arena, "http://127.0.0.1:%d", peer_port(scene->peer)), scene->notes);
	UNTIL(&scene->stage, session_wishes_are_known(scene->stage.session));
	session_start_network(scene->stage.session);
}

static void open_scene(struct scene *scene, const char *notes, const char *who)
{
	memset(scene, 0, sizeof *scene);
	pthread_mutex_init(&scene->place.lock, NULL);
	scene->place.busy = true;
	scene->notes = notes;
	scene->arena = arena_new();
	scene->peer = peer_new(NULL, serve, &scene->place);
	sit_down(scene, who);
}

static void close_scene(struct scene *scene)
{
	close_stage(&scene->stage);
	peer_free(scene->peer);
	arena_free(scene->arena);
}

static bool is_known(const struct scene *scene, const char *who)
{
	const struct member *member = session_site(scene->stage.session, 0)->member;
	return member && strcmp(member->id, who) == 0;
}

static const struct wish_view *wish_in_vain(struct scene *scene)
{
	const struct wish_book thursday = { .space_id = "s", .space_name = "La Ferme", .resource_id = "r", .resource_name = "A1",
		.when = { { 2026, 7, 16 }, DAY_PART_MORNING, { 0, 0 } } };
	const struct wish_view *wish = session_wish(scene->stage.session, session_book(scene->stage.session, &thursday));
	UNTIL(&scene->stage, wish->outcome.kind == OUTCOME_THROTTLED);
	settle_down(&scene->stage);
	return wish;
}

/* And sees nothing of what waits. */
static void max_comes_next(struct scene *scene)
{
	close_stage(&scene->stage);
	CHANGE(scene, scene->place.busy = false);
	sit_down(scene, "max");
	UNTIL(&scene->stage, is_known(scene, "max") && session_is_quiet(scene->stage.session));
	turn(&scene->stage);
	assert_int_equal(session_wish_count(scene->stage.session), 0);
}

static void what_waits_for_somebody_goes_when_they_are_back(void **state)
{
	(void)state;
	static struct scene scene;
	open_scene(&scene, "back.db", "zoe");
	UNTIL(&scene.stage, is_known(&scene, "zoe"));
	wish_in_vain(&scene);
	max_comes_next(&scene);
	wishes_timers(scene.stage.session, clock_monotonic_ms() + WISH_RETRY_MS);   /* a minute later nobody waits any more to learn whose it is */
	session_sync(scene.stage.session);
	settle_down(&scene.stage);
	CHANGE(&scene, assert_string_equal(scene.place.booked_by, ""));

	session_log_in(scene.stage.session, 0, "max", "ouvre-toi");
	UNTIL(&scene.stage, session_log_in_outcome(scene.stage.session, 0)->kind == OUTCOME_DONE && is_known(&scene, "max"));
	assert_int_equal(session_farewells(scene.stage.session), 0);   /* the same as before */
	session_log_in(scene.stage.session, 0, "zoe", "ouvre-toi");
	UNTIL(&scene.stage, is_known(&scene, "zoe"));
	assert_int_equal(session_farewells(scene.stage.session), 1);
	assert_int_equal(session_wish_count(scene.stage.session), 1);
	const struct wish_view *wish = session_wish_at(scene.stage.session, 0);
	UNTIL(&scene.stage, wish->row->state == WISH_SETTLED);
	assert_int_equal(wish->outcome.kind, OUTCOME_DONE);
	CHANGE(&scene, assert_string_equal(scene.place.booked_by, "zoe"));
	close_scene(&scene);
}

/* It was wished for before the site had said who that is. */
static void a_wish_gets_the_name_of_its_owner_as_soon_as_that_is_known(void **state)
{
	(void)state;
	static struct scene scene;
	open_scene(&scene, "name.db", "lou");
	CHANGE(&scene, scene.place.silent = true);
	session_log_in(scene.stage.session, 0, "zoe", "ouvre-toi");
	UNTIL(&scene.stage, session_log_in_outcome(scene.stage.session, 0)->kind == OUTCOME_DONE);
	const struct wish_view *wish = wish_in_vain(&scene);
	assert_string_equal(wish->row->member_id, "");
	CHANGE(&scene, scene.place.silent = false);
	session_sync(scene.stage.session);
	UNTIL(&scene.stage, is_known(&scene, "zoe"));
	settle_down(&scene.stage);
	assert_string_equal(wish->row->member_id, "zoe");
	max_comes_next(&scene);
	CHANGE(&scene, assert_string_equal(scene.place.booked_by, ""));
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_for_somebody_goes_when_they_are_back),
		cmocka_unit_test(a_wish_gets_the_name_of_its_owner_as_soon_as_that_is_known),
	};
	return cmocka_run_group_tests_name("app persons", tests, start_place, stop_place);
}
