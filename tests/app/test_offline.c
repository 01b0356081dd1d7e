/* Reading without a network: what was seen is there again before anything is asked, with its age; and what is personal goes when it
 * must, from the bytes of the file too. Against a real hacktivd that is there or not. */
#define _GNU_SOURCE   /* memmem */
#include "stage.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "bad_line.h"
#include "inside.h"
#include "peer.h"

static const struct local_date monday = { 2026, 7, 20 };
#define LATER "2026-07-15T18:30:00+02:00"

static void set_now(const char *now)
{
	setenv("HACKTIV_NOW", now, 1);
}

/* ---- bytes on the disk ---- */

/* Whether a file of that name, or one beside it (its log), holds these bytes. */
static bool disk_holds(const char *notes, const char *text)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	struct arena *arena = arena_new();
	bool holds = false;
	for (size_t at = 0; at < COUNT_OF(suffixes); at++) {
		struct buffer bytes;
		if (path_read(in_directory(arena, arena_print(arena, "%s%s", notes, suffixes[at])), 64u << 20, &bytes, NULL))
			holds = holds || memmem(bytes.bytes, bytes.length, text, strlen(text));
		buffer_clear(&bytes);
	}
	arena_free(arena);
	return holds;
}

static const struct activity *first_activity(struct stage *stage, size_t *site)
{
	const struct activity_list *agenda = session_agenda(stage->session);
	UNTIL(stage, agenda->count);
	settle_down(stage);
	*site = agenda->rows[0].site;
	return agenda->rows[0].activity;
}

/* Looks at a day, an activity, an organisation and a member, as one does at a desk in the morning. */
struct seen { struct arena *arena; const char *space, *activity_space, *activity, *organisation, *card, *card_name; size_t rows; };

static struct seen look_around(struct stage *stage)
{
	struct seen seen = { .arena = arena_new() };
	size_t site;
	seen.space = arena_copy_text(seen.arena, session_spaces(stage->session)->rows[0].space.id);
	const struct day_list *day = session_day(stage->session, 0, seen.space, monday);
	UNTIL(stage, !day->state.asking);
	seen.rows = day->count;
	const struct activity *activity = first_activity(stage, &site);
	seen.activity = arena_copy_text(seen.arena, activity->id);
	seen.activity_space = arena_copy_text(seen.arena, activity->space_id);
	const struct detail *detail = session_activity(stage->session, 0, seen.activity_space, seen.activity);
	UNTIL(stage, detail->activity);
	const struct directory_list *list = session_directory(stage->session, DIRECTORY_ORGANISATIONS, "");
	UNTIL(stage, list->count && !list->state.asking);
	seen.organisation = arena_copy_text(seen.arena, list->rows[0].organisation->id);
	detail = session_organisation(stage->session, 0, seen.organisation);
	UNTIL(stage, detail->organisation);
	list = session_directory(stage->session, DIRECTORY_MEMBERS, "zo");
	UNTIL(stage, list->count && !list->state.asking);
	seen.card = arena_copy_text(seen.arena, list->rows[0].card->id);
	seen.card_name = arena_copy_text(seen.arena, list->rows[0].card->name);
	detail = session_card(stage->session, 0, seen.card);
	UNTIL(stage, detail->card);
	settle_down(stage);
	return seen;
}

/* ---- reading ---- */

/* C01: everything that was looked at is there again, before and without a single connection, and says of when it is. */
static void c01_what_was_seen_is_there_before_anything_is_asked(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "seen.db");
	log_in(&stage);
	size_t mine = session_bookings(stage.session)->count;
	struct seen seen = look_around(&stage);
	int64_t seen_at = session_now(stage.session);
	close_stage(&stage);

	struct arena *arena = arena_new();
	struct peer *peer = peer_new(in_directory(arena, "peer"), peer_is_silent, NULL);
	set_now(LATER);
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "peer")), "seen.db");
	UNTIL(&stage, session_spaces(stage.session)->count && session_bookings(stage.session)->count == mine);
	const struct day_list *day = session_day(stage.session, 0, seen.space, monday);
	const struct detail *activity = session_activity(stage.session, 0, seen.activity_space, seen.activity);
	const struct detail *organisation = session_organisation(stage.session, 0, seen.organisation);
	const struct detail *card = session_card(stage.session, 0, seen.card);
	UNTIL(&stage, day->state.as_of && activity->activity && organisation->organisation);
	settle_down(&stage);
	assert_int_equal(day->count, seen.rows);
	assert_int_equal(day->opening.closed, CLOSED_NOT);
	assert_true(day->opening.hours.count > 0);
	assert_true(*activity->activity->description != '\0' || *activity->activity->title != '\0');
	assert_null(card->card);   /* other people are never kept */
	assert_int_equal(day->state.as_of, seen_at);
	assert_int_equal(activity->state.as_of, seen_at);
	assert_int_equal(session_bookings(stage.session)->state.as_of, seen_at);
	assert_string_equal(age_words(arena, &day->state, session_now(stage.session), zones_find(session_zones(stage.session), "Europe/Brussels", NULL)),
	                    "as of 07:30");
	assert_int_equal(peer_connections(peer), 0);
	session_start_network(stage.session);   /* the same peer counts when there is something to count */
	UNTIL(&stage, peer_connections(peer) > 0);
	close_stage(&stage);
	set_now(STAGE_NOW);
	peer_free(peer);
	arena_free(arena);
	arena_free(seen.arena);
}

/* A refused connection is quicker than a disk: what stands there is waited for all the same. */
static void what_was_seen_is_told_though_the_site_fails_at_once(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "nobody")), "seen.db");
	session_start_network(stage.session);
	UNTIL(&stage, session_spaces(stage.session)->count && session_site(stage.session, 0)->state == SITE_UNREACHABLE);
	const struct day_list *day = session_day(stage.session, 0, session_spaces(stage.session)->rows[0].space.id, monday);
	assert_true(day->state.asking);
	UNTIL(&stage, !day->state.asking);
	assert_true(day->state.as_of > 0);
	close_stage(&stage);
	arena_free(arena);
}

static void is_told_soon(struct stage *stage, const bool *asking)
{
	int64_t until_ms = clock_monotonic_ms() + 2500;   /* the disk takes 5 s */
	while (*asking && clock_monotonic_ms() < until_ms)
		turn(stage);
	assert_false(*asking);
}

/* C32: a disk that hangs keeps nobody from reading what the site tells, nor from being told that it does not. */
static void a_disk_that_hangs_keeps_nothing_from_being_told(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	open_stage(&stage, NULL, "hung.db");
	log_in(&stage);
	size_t site;
	const struct activity *activity = first_activity(&stage, &site);
	const char *space = arena_copy_text(arena, activity->space_id), *id = arena_copy_text(arena, activity->id);
	struct sql *sql = sql_open(in_directory(arena, "hung.db"), SQL_READ_WRITE, NULL);
	assert_true(sql_run(sql, "BEGIN IMMEDIATE;", NULL));
	const struct day_list *day = session_day(stage.session, 0, space, monday);   /* it is to be kept: that hangs, and all after it */
	UNTIL(&stage, !day->state.asking);
	day = session_day(stage.session, 0, space, date_plus(monday, 1));
	is_told_soon(&stage, &day->state.asking);
	assert_true(day->count > 0);
	const struct detail *detail = session_activity(stage.session, site, space, id);
	is_told_soon(&stage, &detail->state.asking);
	assert_non_null(detail->activity);
	kill_server();
	day = session_day(stage.session, 0, space, date_plus(monday, 2));
	is_told_soon(&stage, &day->state.asking);
	assert_int_equal(day->state.outcome.kind, OUTCOME_UNREACHABLE);
	sql_run(sql, "COMMIT;", NULL);
	sql_close(sql);
	close_stage(&stage);
	assert_true(launch_server());
	arena_free(arena);
}

/* One that is down darkens its own rows, and keeps the others' fresh. */
static void one_site_of_two_is_down(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const char *configuration = arena_print(arena, "sites = ( { id = \"essai\"; label = \"Essai\"; url = \"unix:%s\"; },"
	                                        " { id = \"ailleurs\"; label = \"Ailleurs\"; url = \"unix:%s\"; } );",
	                                        in_directory(arena, "socket"), in_directory(arena, "nobody"));
	struct stage stage;
	open_stage_with(&stage, configuration, "two.db");
	session_start_network(stage.session);
	UNTIL(&stage, session_spaces(stage.session)->count == 4 && session_site(stage.session, 1)->state == SITE_UNREACHABLE);
	settle_down(&stage);
	assert_true(session_site(stage.session, 0)->state == SITE_UP || session_site(stage.session, 0)->state == SITE_LOGIN_NEEDED);
	for (size_t at = 0; at < 4; at++)
		assert_int_equal(session_spaces(stage.session)->rows[at].site, 0);
	const struct zone *zone = zones_find(session_zones(stage.session), "Europe/Brussels", NULL);
	assert_string_equal(site_words(arena, session_site(stage.session, 1), session_now(stage.session), zone), "unreachable since 07:30");
	close_stage(&stage);
	arena_free(arena);
}

/* ---- what time it is ---- */

static const struct resource_day *free_place(const struct day_list *day)
{
	for (size_t at = 0; at < day->count; at++) {
		if (day->rows[at].resource.kind == RESOURCE_DESK && day->rows[at].morning == SLOT_FREE)
			return &day->rows[at];
	}
	fail_msg("no desk is free");
	abort();
}

/* The first that is free on a Monday. */
static struct wish_book free_morning(struct stage *stage, struct arena *arena)
{
	const char *space = arena_copy_text(arena, session_spaces(stage->session)->rows[0].space.id);
	const struct day_list *day = session_day(stage->session, 0, space, date_plus(monday, 7));
	UNTIL(stage, !day->state.asking);
	settle_down(stage);
	const struct resource *place = &free_place(day)->resource;
	return (struct wish_book){ .space_id = space, .space_name = "La Ferme", .resource_id = arena_copy_text(arena, place->id),
		.resource_name = arena_copy_text(arena, place->name), .when = half_day(date_plus(monday, 7), DAY_PART_MORNING) };
}

/* C25: the lid was shut for eight hours. What is shown says of when it is; what is wished for then is looked at before it is sent. */
static void c25_after_a_sleep_nothing_is_sent_on_what_was_seen_before(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "slept.db");
	log_in(&stage);
	struct arena *arena = arena_new();
	const struct zone *zone = zones_find(session_zones(stage.session), "Europe/Brussels", NULL);
	struct wish_book wish = free_morning(&stage, arena);
	const struct day_list *day = session_day(stage.session, 0, wish.space_id, wish.when.date);
	assert_string_equal(site_words(arena, session_site(stage.session, 0), session_now(stage.session), zone), "up to date 07:30");

	hold_server(true);
	stage.session->clock.fixed_at += 8 * 3600;
	turn(&stage);
	assert_string_equal(site_words(arena, session_site(stage.session, 0), session_now(stage.session), zone), "asking, as of 07:30");
	assert_string_equal(age_words(arena, &session_bookings(stage.session)->state, session_now(stage.session), zone), "as of 07:30");
	assert_string_equal(age_words(arena, &day->state, session_now(stage.session), zone), "as of 07:30");
	const char *id = session_book(stage.session, &wish);
	for (int turns = 0; turns < 5; turns++)
		turn(&stage);
	assert_int_equal(session_wish(stage.session, id)->row->attempts, 0);   /* not sent: only looked at */
	assert_true(wish_find(stage.session, id)->looking);
	hold_server(false);
	UNTIL(&stage, session_wish(stage.session, id)->row->state == WISH_SETTLED);
	assert_int_equal(session_wish(stage.session, id)->outcome.kind, OUTCOME_DONE);
	settle_down(&stage);
	assert_string_equal(site_words(arena, session_site(stage.session, 0), session_now(stage.session), zone), "up to date 15:30");
	assert_string_equal(age_words(arena, &session_bookings(stage.session)->state, session_now(stage.session), zone), "");
	close_stage(&stage);
	arena_free(arena);
}

/* C25 C01: the same, and the line is gone, too: what waits for that look is on disk meanwhile. */
static void c25_what_waits_for_a_look_is_on_disk(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	open_stage(&stage, NULL, "looked.db");
	log_in(&stage);
	struct wish_book wish = free_morning(&stage, arena);
	hold_server(true);
	stage.session->clock.fixed_at += 8 * 3600;
	turn(&stage);
	const char *id = arena_copy_text(arena, session_book(stage.session, &wish));
	assert_true(wish_find(stage.session, id)->looking);
	UNTIL(&stage, session_is_kept(stage.session));
	close_stage(&stage);
	hold_server(false);
	open_stage(&stage, NULL, "looked.db");
	UNTIL(&stage, session_wishes_are_known(stage.session));
	assert_int_equal(session_wish_count(stage.session), 1);
	assert_string_equal(session_wish_at(stage.session, 0)->row->id, id);
	assert_int_equal(wish_stands(session_wish_at(stage.session, 0)), WISH_WAITS);
	close_stage(&stage);
	arena_free(arena);
}

/* C26: this computer is a day behind the server, which decides. "Tomorrow" is the server's; and that is told, once. */
static void c26_with_a_wrong_clock_the_day_is_the_servers(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct stage stage;
	struct tm parts;
	time_t tomorrow = time(NULL) + 24 * 3600;
	char date[64];
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&tomorrow, &parts));
	const char *answer = arena_print(arena, "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
	                                        "Connection: close\r\n\r\n{\"items\":[]}", date);
	struct peer *peer = peer_new(in_directory(arena, "peer"), peer_says, answer);
	unsetenv("HACKTIV_NOW");
	open_stage(&stage, arena_print(arena, "unix:%s", in_directory(arena, "peer")), "clock.db");
	set_now(STAGE_NOW);
	assert_true(session_now(stage.session) < tomorrow - 3600);
	session_start_network(stage.session);
	UNTIL(&stage, session_spaces(stage.session)->state.as_of);
	settle_down(&stage);
	assert_true(session_now(stage.session) >= tomorrow - 60 && session_now(stage.session) < tomorrow + 600);
	const struct zone *zone = zones_find(session_zones(stage.session), "Europe/Brussels", NULL);
	assert_true(date_equal(session_today(stage.session), zone_wall(zone, session_now(stage.session)).date));
	assert_int_equal(session_note_count(stage.session), 1);
	assert_non_null(strstr(session_note(stage.session, 0), "hacktiv goes by the latter"));
	close_stage(&stage);
	peer_free(peer);
	arena_free(arena);
}

/* ---- what cannot be read ---- */

#define FLIPS 24

static void flip_bookings(void *context, const struct bad_about *about, struct bad_exchange *fate)
{
	const int64_t *bit = context;
	if (strncmp(about->request, "GET /v1/members/me/bookings", 27) == 0)
		fate->answer.flip = *bit;
}

static void keep_body(void *context, const struct http_response *response)
{
	assert_int_equal(response->status, 200);
	*(char **)context = memory_copy_text(response->body);
}

/* The answer to what the list of bookings asks, as it goes over the line; returns the length of its head. */
static int64_t bookings_on_the_line(struct stage *stage, struct bad_line *line, char **body)
{
	struct site *site = &stage->session->sites[0];
	struct http_request request = { .method = HTTP_GET, .path = "/v1/members/me/bookings?from=2026-07-15&limit=200", .bearer = site->token };
	*body = NULL;
	engine_send(stage->session->engine, &site->config->address, &request, keep_body, body);
	/* The line counts a moment after the last byte has gone through. */
	UNTIL(stage, *body && bad_line_count(line).answers == bad_line_count(line).exchanges);
	return bad_line_count(line).answer_bytes - (int64_t)strlen(*body);
}

/* Where the syntax stands: what lies between quotes may be changed without anybody seeing it, which is for TLS to prevent. */
static size_t find_syntax(const char *body, size_t *places)
{
	size_t count = 0;
	bool quoted = false;
	for (size_t at = 0; body[at]; at++) {
		if (quoted && body[at] == '\\') {
			at++;
			continue;
		}
		bool is_quote = body[at] == '"';
		if (is_quote || (!quoted && strchr("{}[]:,", body[at])))
			places[count++] = at;
		quoted = is_quote ? !quoted : quoted;
	}
	return count;
}

static void ask_for_bookings(struct stage *stage)
{
	stage->session->sites[0].parts[LIST_BOOKINGS].etag = NULL;   /* whole: an answer that says "as it was" has no body */
	session_refresh_bookings(stage->session);
	settle_down(stage);
}

/* Wherever in the syntax of an answer one bit is another: the list stands as it was, of when it was, and that is said. */
static void c08_a_bit_is_flipped_in_an_answer(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	struct bad_line *line = bad_line_new("127.0.0.1:0", arena_print(arena, "unix:%s", in_directory(arena, "socket")), NULL, NULL, NULL);
	open_stage(&stage, bad_line_address(line), "flipped.db");
	log_in(&stage);
	const struct booking_list *list = session_bookings(stage.session);
	size_t mine = list->count;
	int64_t seen_at = list->state.as_of, bit;
	assert_true(mine > 0);
	char *first = memory_copy_text(list->rows[0].booking.id), *body;
	int64_t head = bookings_on_the_line(&stage, line, &body);
	size_t *places = memory_get_array(strlen(body), sizeof *places), count = find_syntax(body, places);
	assert_true(head > 100 && count > FLIPS);
	stage.session->clock.fixed_at += 60;
	bad_line_choose(line, flip_bookings, &bit);
	for (size_t flip = 0; flip < FLIPS; flip++) {
		size_t place = flip == FLIPS - 1 ? count - 1 : flip * count / FLIPS;
		bit = 8 * (head + (int64_t)places[place]) + (int64_t)(flip % 8);
		ask_for_bookings(&stage);
		if (list->state.outcome.kind != OUTCOME_UNREACHABLE || list->count != mine || list->state.as_of != seen_at)
			fail_msg("bit %zu of “%.20s”: outcome %d, %zu bookings", flip % 8, body + places[place], (int)list->state.outcome.kind, list->count);
		assert_string_equal(outcome_words(arena, &list->state.outcome), "What the server answers cannot be read: is the address right?");
		assert_string_equal(list->rows[0].booking.id, first);
	}
	bad_line_choose(line, NULL, NULL);
	ask_for_bookings(&stage);
	assert_int_equal(list->state.outcome.kind, OUTCOME_DONE);
	assert_int_equal(list->state.as_of, seen_at + 60);
	close_stage(&stage);
	bad_line_free(line);
	free(places);
	free(first);
	free(body);
	arena_free(arena);
}

/* ---- forgetting ---- */

static void a_log_out_leaves_nothing_of_the_person_on_the_disk(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "forgotten.db");
	log_in(&stage);
	struct seen seen = look_around(&stage);
	char *name = memory_copy_text(session_site(stage.session, 0)->member->name);
	char *booking = memory_copy_text(session_bookings(stage.session)->rows[0].booking.id);
	const struct day_list *day = session_day(stage.session, 0, seen.space, date_plus(monday, 2));
	UNTIL(&stage, !day->state.asking);
	/* Booked and seen: a row of the outbox, to be undone. */
	const struct resource_day *row = free_place(day);
	struct wish_book wish = { .space_id = seen.space, .space_name = "La Ferme", .resource_id = row->resource.id,
		.resource_name = row->resource.name, .when = half_day(date_plus(monday, 2), DAY_PART_MORNING) };
	const char *id = session_book(stage.session, &wish);
	UNTIL(&stage, session_wish(stage.session, id)->row->state == WISH_SETTLED);
	char *wished = memory_copy_text(id);
	session_wish_seen(stage.session, id);
	settle_down(&stage);
	UNTIL(&stage, disk_holds("forgotten.db", name) && disk_holds("forgotten.db", booking) && disk_holds("forgotten.db", wished));
	assert_false(disk_holds("forgotten.db", seen.card_name));   /* and that one never was */
	assert_false(disk_holds("forgotten.db", seen.card));

	session_log_out(stage.session, 0);   /* and while the session goes on, without the cleaning that its end brings */
	UNTIL(&stage, !disk_holds("forgotten.db", name) && !disk_holds("forgotten.db", booking) && !disk_holds("forgotten.db", wished));
	settle_down(&stage);
	assert_true(disk_holds("forgotten.db", "La Ferme"));        /* what everybody may see stays */
	close_stage(&stage);
	free(name);
	free(booking);
	free(wished);
	arena_free(seen.arena);
}

static void what_is_old_goes_by_itself(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "old.db");
	log_in(&stage);
	struct seen seen = look_around(&stage);
	char *name = memory_copy_text(session_site(stage.session, 0)->member->name);
	close_stage(&stage);
	const char *const day = arena_print(seen.arena, "day/%s/2026-07-20", seen.space);
	static const struct { const char *now; bool day, person; } cases[] = {
		{ "2026-07-20T23:00:00+02:00", true, true },
		{ "2026-07-22T01:00:00+02:00", false, true },    /* the day is over */
		{ "2026-08-14T07:00:00+02:00", false, true },
		{ "2026-08-14T08:00:00+02:00", false, false },   /* thirty days after it was heard */
	};
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		set_now(cases[at].now);
		open_stage(&stage, NULL, "old.db");
		settle_down(&stage);
		assert_int_equal(session_site(stage.session, 0)->member != NULL, cases[at].person);
		close_stage(&stage);
		if (disk_holds("old.db", day) != cases[at].day || disk_holds("old.db", name) != cases[at].person)
			fail_msg("%s: the day is %s, the person %s", cases[at].now, disk_holds("old.db", day) ? "there" : "gone",
			         disk_holds("old.db", name) ? "there" : "gone");
	}
	set_now(STAGE_NOW);
	free(name);
	arena_free(seen.arena);
}

/* C33: a snapshot that is torn or of another kind is as none; the rest of the file is good. */
static void c33_a_torn_snapshot_is_as_none(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "torn.db");
	log_in(&stage);
	struct seen seen = look_around(&stage);
	close_stage(&stage);
	static const char *const damages[] = {
		"UPDATE snapshot SET bytes = substr(bytes, 1, length(bytes) / 2) WHERE list LIKE 'day/%' OR list = 'spaces'",
		"UPDATE snapshot SET bytes = x'7b226974656d73223a5b7b7d5d7d' WHERE list LIKE 'day/%' OR list = 'spaces'",
		"UPDATE snapshot SET bytes = zeroblob(100) WHERE list LIKE 'day/%' OR list = 'spaces'",
		"UPDATE snapshot SET bytes = x'' WHERE list LIKE 'day/%' OR list = 'spaces'",
	};
	for (size_t at = 0; at < COUNT_OF(damages); at++) {
		struct sql *sql = sql_open(in_directory(seen.arena, "torn.db"), SQL_READ_WRITE, NULL);
		assert_true(sql_run(sql, damages[at], NULL));
		sql_close(sql);
		open_stage(&stage, NULL, "torn.db");
		const struct day_list *day = session_day(stage.session, 0, seen.space, monday);
		settle_down(&stage);
		assert_int_equal(day->state.as_of, 0);
		assert_int_equal(session_spaces(stage.session)->count, 0);
		assert_true(session_bookings(stage.session)->count > 0);
		close_stage(&stage);
	}
	arena_free(seen.arena);
}

static mode_t mode_of(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 ? status.st_mode & 07777 : 0;
}

static void nobody_else_can_read_it(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	umask(0);
	open_stage(&stage, NULL, "own/state/store.db");
	settle_down(&stage);
	assert_int_equal(mode_of(in_directory(arena, "own")), 0700);
	assert_int_equal(mode_of(in_directory(arena, "own/state")), 0700);
	static const char *const files[] = { "store.db", "store.db-wal", "store.db-shm", "store.db.lock" };
	for (size_t at = 0; at < COUNT_OF(files); at++)
		assert_int_equal(mode_of(in_directory(arena, arena_print(arena, "own/state/%s", files[at]))), 0600);
	close_stage(&stage);

	/* One that was left open to others, by an old umask or a careless copy, is shut again. */
	assert_int_equal(chmod(in_directory(arena, "own/state/store.db"), 0644), 0);
	open_stage(&stage, NULL, "own/state/store.db");
	settle_down(&stage);
	assert_int_equal(mode_of(in_directory(arena, "own/state/store.db")), 0600);
	assert_int_equal(mode_of(in_directory(arena, "own/state/store.db-wal")), 0600);
	close_stage(&stage);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c01_what_was_seen_is_there_before_anything_is_asked),
		cmocka_unit_test(what_was_seen_is_told_though_the_site_fails_at_once),
		cmocka_unit_test(a_disk_that_hangs_keeps_nothing_from_being_told),
		cmocka_unit_test(one_site_of_two_is_down),
		cmocka_unit_test(c25_after_a_sleep_nothing_is_sent_on_what_was_seen_before),
		cmocka_unit_test(c25_what_waits_for_a_look_is_on_disk),
		cmocka_unit_test(c26_with_a_wrong_clock_the_day_is_the_servers),
		cmocka_unit_test(c08_a_bit_is_flipped_in_an_answer),
		cmocka_unit_test(a_log_out_leaves_nothing_of_the_person_on_the_disk),
		cmocka_unit_test(what_is_old_goes_by_itself),
		cmocka_unit_test(c33_a_torn_snapshot_is_as_none),
		cmocka_unit_test(nobody_else_can_read_it),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
