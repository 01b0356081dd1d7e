/* test_feed.c — what the database keeps of changes and for how long, whom a commit wakes, and a live feed whose database is put back. */
#include "table.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "db/engine.h"
#include "db/standing.h"
#include "db/statement.h"
#include "house.h"
#include "live_inside.h"
#include "scope.h"

#define NOW 1795510800            /* the house's: 24 November 2026, 10:00 */
#define DAY_S (24 * 3600)

static const struct db_actor actor = { "test", "test" };

static void tell(struct house *house, int64_t at)
{
	assert_true(tx_tell(house_begin(house), FERME, "space.changed", FERME, 1, at, actor));
	assert_int_equal(house_end(house, true), DB_COMMITTED);
}

/* ---- epochs ------------------------------------------------------------------------------------------------------------- */

static void an_epoch_lasts_until_another_is_begun(void **state)
{
	struct house *house = *state;
	char first[EPOCH_SIZE], again[EPOCH_SIZE], other[EPOCH_SIZE];
	assert_true(db_epoch(house_begin(house), first));
	house_end(house, true);
	assert_int_equal(strspn(first, EPOCH_LETTERS), EPOCH_SIZE - 1);
	house_reopen(house);
	assert_true(db_epoch(house_begin(house), again));
	house_end(house, true);
	assert_string_equal(first, again);
	assert_true(db_begin_epoch(house_begin(house)));
	house_end(house, true);
	assert_true(db_epoch(house_begin(house), other));
	house_end(house, true);
	assert_string_not_equal(first, other);
}

/* ---- what is forgotten ---------------------------------------------------------------------------------------------------- */

static void changes_are_forgotten_after_seven_days_and_numbers_go_on(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	tell(house, NOW - CHANGES_KEPT_S - 1);
	struct db_tx *tx = house_begin(house);
	int64_t first = db_last_change(tx, FERME);
	house_end(house, false);
	tell(house, NOW - CHANGES_KEPT_S);
	tell(house, NOW);
	assert_true(db_tidy(house_begin(house), NOW));
	house_end(house, true);
	tx = house_begin(house);
	assert_int_equal(db_oldest_change(tx, FERME), first + 1);
	assert_int_equal(db_last_change(tx, FERME), first + 2);
	size_t count = 0;
	const struct change *changes = db_list_changes(tx, FERME, 0, 10, arena, &count);
	assert_int_equal(count, 2);
	assert_int_equal(changes[0].seq, first + 1);
	assert_true(db_tidy(tx, NOW + CHANGES_KEPT_S + 1));
	assert_int_equal(db_oldest_change(tx, FERME), 0);
	assert_int_equal(db_last_change(tx, FERME), first + 2);
	house_end(house, true);
	tell(house, NOW + 2 * CHANGES_KEPT_S);
	tx = house_begin(house);
	assert_int_equal(db_oldest_change(tx, FERME), first + 3);
	house_end(house, false);
	arena_free(arena);
}

static void what_is_loaded_is_told_as_of_today(void **state)
{
	struct house *house = *state;
	struct arena *arena = arena_new();
	struct db_tx *tx = house_begin(house);
	int64_t before = db_last_change(tx, FERME);
	db_tell_as_of(tx, NOW);
	assert_true(tx_tell(tx, FERME, "space.changed", FERME, 1, NOW - 30 * DAY_S, actor));
	size_t count = 0;
	const struct change *changes = db_list_changes(tx, FERME, before, 10, arena, &count);
	assert_int_equal(count, 1);
	assert_int_equal(changes[0].at, NOW);
	house_end(house, false);
	arena_free(arena);
}

/* ---- whom a commit wakes -------------------------------------------------------------------------------------------------- */

static void add_news(void *context, unsigned news)
{
	atomic_uint *all = context;
	atomic_fetch_or(all, news);
}

static bool change_nothing(struct db_tx *tx)
{
	size_t count;
	struct arena *arena = arena_new();
	db_list_heads(tx, arena, &count);
	arena_free(arena);
	return true;
}

static bool tell_one(struct db_tx *tx)
{
	return tx_tell(tx, FERME, "space.changed", FERME, 1, NOW, actor);
}

static bool take_a_token(struct db_tx *tx)
{
	static const unsigned char hash[TOKEN_HASH_BYTES];
	return db_remove_token(tx, hash);
}

static bool take_all_tokens(struct db_tx *tx)
{
	return db_remove_tokens_of(tx, ZOE);
}

static bool take_a_role(struct db_tx *tx)
{
	const struct held_role role = { ROLE_RECEPTION, FERME };
	return db_put_is_good(db_revoke_role(tx, ZOE, &role));
}

static void a_commit_says_what_it_brought(void **state)
{
	static const struct {
		bool (*work)(struct db_tx *tx);
		bool keep;
		unsigned news;
	} rows[] = {
		{ change_nothing, true, 0 }, { tell_one, true, DB_NEWS_CHANGE }, { tell_one, false, 0 },
		{ take_a_token, true, DB_NEWS_STANDING }, { take_a_token, false, 0 }, { take_all_tokens, true, DB_NEWS_STANDING },
		{ take_a_role, true, DB_NEWS_STANDING }, { db_begin_epoch, true, DB_NEWS_CHANGE },
	};
	struct house *house = *state;
	atomic_uint news = 0;
	db_on_commit(house->server.db, add_news, &news);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_true(rows[i].work(house_begin(house)));
		house_end(house, rows[i].keep);
		unsigned told = atomic_exchange(&news, 0);
		ROW_HOLDS(told == rows[i].news, "row %zu: %u", i, told);
	}
	db_on_commit(house->server.db, NULL, NULL);
}

/* ---- a live feed ------------------------------------------------------------------------------------------------------------ */

static const struct member zoe = { .id = ZOE, .login = "zoe", .name = "Zoé" };

struct hearing {
	struct arena *arena;
	struct request request;
	struct response response;
	int descriptor;
	char said[1u << 18];
	size_t length;
};

/* Who listens to all spaces, from where they stand. */
static void begin_to_hear_as(struct house *house, struct hearing *hearing, const struct caller *caller, const unsigned char *token)
{
	*hearing = (struct hearing){ .arena = arena_new() };
	hearing->request = (struct request){
		.server = &house->server, .arena = hearing->arena, .space = "", .object = "", .member = &zoe, .caller = *caller,
	};
	memcpy(hearing->request.token_hash, token, TOKEN_HASH_BYTES);
	struct resume resume;
	assert_true(resume_from(&hearing->request, house_begin(house), NULL, &resume, &hearing->response));
	house_end(house, true);
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	struct listener *listener = live_admit(house->server.live, &hearing->request, &resume, EVENT_ALL, 15);
	assert_non_null(listener);
	live_join(listener, ends[1], "");
	hearing->descriptor = ends[0];
}

static void begin_to_hear(struct house *house, struct hearing *hearing)
{
	static const unsigned char no_token[TOKEN_HASH_BYTES];
	begin_to_hear_as(house, hearing, &(struct caller){ .member = &zoe }, no_token);
}

/* Until the one or the other is said. */
static void hear_either(struct hearing *hearing, const char *words, const char *others)
{
	struct timeval limit = { .tv_sec = 10 };
	setsockopt(hearing->descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	while (!strstr(hearing->said, words) && !strstr(hearing->said, others)) {
		ssize_t got = recv(hearing->descriptor, hearing->said + hearing->length, sizeof hearing->said - 1 - hearing->length, 0);
		if (got <= 0)
			fail_msg("\"%s\" was never said, but: %s", words, hearing->said);
		hearing->length += (size_t)got;
	}
}

static void hear(struct hearing *hearing, const char *words)
{
	hear_either(hearing, words, words);
}

static void end_hearing(struct hearing *hearing)
{
	response_clear(&hearing->response);
	close(hearing->descriptor);
	arena_free(hearing->arena);
}

/* S26 */
static void a_restored_database_makes_listeners_begin_anew(void **state)
{
	struct house *house = *state;
	house->server.live = live_new(&house->server);
	struct hearing hearing;
	begin_to_hear(house, &hearing);
	tell(house, NOW);
	hear(&hearing, "event: space.changed\n");
	assert_null(strstr(hearing.said, "event: reset"));
	assert_true(db_begin_epoch(house_begin(house)));
	house_end(house, true);
	hear(&hearing, "event: reset\ndata: {\"reason\":\"epoch\"}\n\n");
	char epoch[EPOCH_SIZE], id[EPOCH_SIZE + 8];
	assert_true(db_epoch(house_begin(house), epoch));
	house_end(house, false);
	snprintf(id, sizeof id, "id: %s.", epoch);
	assert_non_null(strstr(hearing.said, id));
	end_hearing(&hearing);
	live_free(house->server.live);
}

/* Somebody at the reception of La Ferme, with a token. */
static const unsigned char zoes_token[TOKEN_HASH_BYTES] = "zoe's";
static const struct held_role reception = { ROLE_RECEPTION, FERME };

static void take_on(struct house *house)
{
	struct db_tx *tx = house_begin(house);
	const struct session session = { .id = "s", .member_id = ZOE, .kind = SESSION_PASSWORD, .client = "", .name = "",
		                         .scopes = SCOPES_ALL, .created_at = NOW, .used_at = NOW, .expires_at = NOW + DAY_S };
	assert_true(db_add_session(tx, &session) && db_add_token(tx, zoes_token, &session, NOW, NOW + DAY_S));
	assert_true(db_grant_role(tx, ZOE, &reception));
	assert_int_equal(house_end(house, true), DB_COMMITTED);
}

static void hear_at_reception(struct house *house, struct hearing *hearing)
{
	take_on(house);
	house->server.live = live_new(&house->server);
	begin_to_hear_as(house, hearing, &(struct caller){ .member = &zoe, .roles = &reception, .role_count = 1 }, zoes_token);
}

static void book(struct house *house, const char *id, int day)
{
	struct period when = half_day(date_plus((struct local_date){ 2026, 11, 1 }, day - 1), DAY_PART_MORNING);
	assert_int_equal(house_book(house, id, "Serre 1", when, CAMILLE), DB_BOOKED);
}

#define UNNAMED "\"kind\":\"availability.changed\",\"ref\":\"Serre 1\""
#define WEEKS_MOST 20

/* Which booking is the first after a look at the rights is a matter of threads. */
static void book_until_unnamed(struct house *house, struct hearing *hearing)
{
	char id[16], named[32];
	int day = 26, last = day + 7 * WEEKS_MOST;      /* Thursdays */
	for (; !strstr(hearing->said, UNNAMED); day += 7) {
		assert_true(day < last);
		snprintf(id, sizeof id, "early%d", day);
		snprintf(named, sizeof named, "\"ref\":\"%s\"", id);
		book(house, id, day);
		hear_either(hearing, named, UNNAMED);
		usleep(100 * 1000);
	}
	book(house, "late", last);
	hearing->said[hearing->length = 0] = '\0';
	hear(hearing, UNNAMED);
	assert_null(strstr(hearing->said, "late"));
}

/* S19 */
static void what_is_taken_away_ends_at_once(void **state)
{
	struct house *house = *state;
	struct hearing hearing;
	hear_at_reception(house, &hearing);
	book(house, "b1", 25);
	hear(&hearing, "\"kind\":\"booking.created\",\"ref\":\"b1\"");
	assert_true(db_revoke_role(house_begin(house), ZOE, &reception));
	house_end(house, true);
	book_until_unnamed(house, &hearing);
	int64_t before_ms = clock_monotonic_ms();
	assert_true(db_remove_token(house_begin(house), zoes_token));
	house_end(house, true);
	char byte;
	while (recv(hearing.descriptor, &byte, 1, 0) > 0)
		;
	assert_true(clock_monotonic_ms() - before_ms < RECHECK_MS / 2);   /* not when all are looked at again */
	assert_int_equal(live_count(house->server.live), 0);
	end_hearing(&hearing);
	live_free(house->server.live);
}

/* Is it over within so long? */
static bool ends_within(struct hearing *hearing, int64_t ms)
{
	struct pollfd heard = { .fd = hearing->descriptor, .events = POLLIN };
	char bytes[256];
	for (int64_t until = clock_monotonic_ms() + ms; clock_monotonic_ms() < until; )
		if (poll(&heard, 1, 50) > 0 && recv(hearing->descriptor, bytes, sizeof bytes, 0) <= 0)
			return true;
	return false;
}

/* As another hacktivd on the same database takes it away: the feed of this one hears of no commit. */
static void S19_what_is_taken_away_elsewhere_ends_when_it_is_looked_at_again(void **state)
{
	struct house *house = *state;
	struct hearing hearing;
	hear_at_reception(house, &hearing);
	tell(house, NOW);
	hear(&hearing, "event: space.changed");
	usleep(300 * 1000);
	db_on_commit(house->server.db, NULL, NULL);
	assert_true(db_remove_token(house_begin(house), zoes_token));
	house_end(house, true);
	assert_false(ends_within(&hearing, 1200));
	atomic_store(&house->server.live->recheck_ms, 100);
	assert_true(ends_within(&hearing, 20000));
	assert_int_equal(live_count(house->server.live), 0);
	end_hearing(&hearing);
	live_free(house->server.live);
}

static bool has_no_reader_left(struct db *db, struct db_job *job)
{
	(void)db;
	(void)job;
	return false;
}

/* The database takes no question just when it is to be asked what somebody may still hear. */
static void S19_what_could_not_be_looked_at_is_looked_at_once_more(void **state)
{
	struct house *house = *state;
	struct hearing hearing;
	hear_at_reception(house, &hearing);
	book(house, "b1", 25);
	hear(&hearing, "\"kind\":\"booking.created\",\"ref\":\"b1\"");
	const struct engine *engine = house->server.db->engine;
	struct engine busy = *engine;
	busy.read = has_no_reader_left;
	house->server.db->engine = &busy;
	assert_true(db_revoke_role(house_begin(house), ZOE, &reception));
	house_end(house, true);
	usleep(300 * 1000);
	house->server.db->engine = engine;
	book(house, "b2", 26);
	tell(house, NOW);
	hear(&hearing, "event: space.changed");
	assert_null(strstr(hearing.said, "b2"));
	end_hearing(&hearing);
	live_free(house->server.live);
}

static void a_space_that_is_new_is_heard_of_soon(void **state)
{
	struct house *house = *state;
	take_on(house);
	tell(house, NOW);
	house->server.live = live_new(&house->server);
	struct hearing hearing;
	begin_to_hear_as(house, &hearing, &(struct caller){ .member = &zoe }, zoes_token);
	tell(house, NOW);
	hear(&hearing, "event: space.changed");
	struct space another = *house_space(FERME);
	another.id = "s-another";
	another.slug = "another";
	struct db_tx *tx = house_begin(house);
	assert_true(db_put_is_good(db_put_space(tx, DB_POSITION_KEPT, &another)));
	assert_true(tx_tell(tx, another.id, "space.changed", another.id, 1, NOW, actor));
	house_end(house, true);
	hear(&hearing, "event: reset\ndata: {\"reason\":\"spaces\"}");
	assert_true(tx_tell(house_begin(house), another.id, "space.changed", another.id, 2, NOW, actor));
	house_end(house, true);
	hear(&hearing, "\"space_id\":\"s-another\",\"seq\":2");
	end_hearing(&hearing);
	live_free(house->server.live);
}

/* More happened while nobody listened than is read at once: what is kept of before must not be taken for what came right after it. */
static void what_nobody_heard_comes_in_its_order(void **state)
{
	struct house *house = *state;
	house->server.live = live_new(&house->server);
	struct hearing hearing;
	begin_to_hear(house, &hearing);
	tell(house, NOW);
	hear(&hearing, "\"seq\":1,");
	end_hearing(&hearing);
	while (live_count(house->server.live) > 0)
		usleep(10 * 1000);
	struct db_tx *tx = house_begin(house);
	for (int i = 0; i < 800; i++)
		assert_true(tx_tell(tx, FERME, "space.changed", FERME, 1, NOW, actor));
	house_end(house, true);
	begin_to_hear(house, &hearing);
	tell(house, NOW);
	hear(&hearing, "\"seq\":802,");

	struct hearing late = { .arena = arena_new(), .request = hearing.request };
	late.request.space = "ferme";
	struct resume resume;
	assert_true(resume_from_number(&late.request, house_begin(house), 400, &resume, &late.response));
	house_end(house, false);
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	live_join(live_admit(house->server.live, &late.request, &resume, EVENT_ALL, 15), ends[1], "");
	late.descriptor = ends[0];
	hear(&late, "\"seq\":802,");
	const char *at = late.said;
	for (int seq = 401; seq <= 802; seq++) {
		char wanted[24];
		snprintf(wanted, sizeof wanted, "\"seq\":%d,", seq);
		at = strstr(at, "\"seq\":");
		ROW_HOLDS(at && strncmp(at, wanted, strlen(wanted)) == 0, "row %d: %.20s", seq, at ? at : "nothing");
		at++;
	}
	end_hearing(&late);
	end_hearing(&hearing);
	live_free(house->server.live);
}

static void one_person_has_so_many_and_no_more(void **state)
{
	struct house *house = *state;
	house->server.live = live_new(&house->server);
	struct hearing hearings[STREAMS_PER_MEMBER];
	for (size_t i = 0; i < STREAMS_PER_MEMBER; i++)
		begin_to_hear(house, &hearings[i]);
	struct resume resume = { .starts = NULL };
	assert_null(live_admit(house->server.live, &hearings[0].request, &resume, EVENT_ALL, 15));
	assert_int_equal(live_count(house->server.live), STREAMS_PER_MEMBER);
	live_stop(house->server.live);
	for (size_t i = 0; i < STREAMS_PER_MEMBER; i++) {
		hear(&hearings[i], "retry: ");
		end_hearing(&hearings[i]);
	}
	assert_int_equal(live_count(house->server.live), 0);
	live_free(house->server.live);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_open, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_HOUSE(an_epoch_lasts_until_another_is_begun),
		IN_A_HOUSE(changes_are_forgotten_after_seven_days_and_numbers_go_on),
		IN_A_HOUSE(what_is_loaded_is_told_as_of_today),
		IN_A_HOUSE(a_commit_says_what_it_brought),
		IN_A_HOUSE(a_restored_database_makes_listeners_begin_anew),
		IN_A_HOUSE(what_is_taken_away_ends_at_once),
		IN_A_HOUSE(S19_what_is_taken_away_elsewhere_ends_when_it_is_looked_at_again),
		IN_A_HOUSE(S19_what_could_not_be_looked_at_is_looked_at_once_more),
		IN_A_HOUSE(a_space_that_is_new_is_heard_of_soon),
		IN_A_HOUSE(what_nobody_heard_comes_in_its_order),
		IN_A_HOUSE(one_person_has_so_many_and_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
