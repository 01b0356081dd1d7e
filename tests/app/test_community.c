/* The agenda, sign-ups, searches and single things in the session, against a real hacktivd: merged, kept, followed by what one does;
 * and an agenda of ten thousand, which never holds a key. */
#include "stage.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "peer.h"

static const struct local_date today = { 2026, 7, 15 };

static const struct activity_list *agenda(struct stage *stage, int from, int until)
{
	const struct activity_list *list = session_activities(stage->session, date_plus(today, from), date_plus(today, until));
	UNTIL(stage, !list->state.asking);
	return list;
}

static const struct activity *look_for(const struct activity_list *list, const char *title)
{
	for (size_t at = 0; at < list->count; at++) {
		if (strncmp(list->rows[at].activity->title, title, strlen(title)) == 0)
			return list->rows[at].activity;
	}
	return NULL;
}

static const struct activity *find(const struct activity_list *list, const char *title)
{
	const struct activity *activity = look_for(list, title);
	if (activity)
		return activity;
	fail_msg("nothing is called “%s”", title);
	abort();
}

#define LUNCH "L'IA générative"       /* has a place */
#define FULL  "Un site que tout le monde"

static void expect_by_start(const struct activity_list *list)
{
	for (size_t at = 0; at < list->count; at++) {
		const struct activity *activity = list->rows[at].activity;
		assert_true(date_compare(activity->date, list->from) >= 0 && date_compare(activity->date, list->until) <= 0);
		assert_true(at == 0 || list->rows[at - 1].activity->start_at <= activity->start_at);
	}
}

/* ---- the agenda ---- */

static void everybody_sees_the_agenda(void **state)
{
	(void)state;
	struct stage stage;
	tokens_remove("essai", NULL);
	open_stage(&stage, NULL, "everybody.db");
	session_start_network(stage.session);
	const struct activity_list *list = agenda(&stage, 0, 41);
	assert_int_equal(list->state.outcome.kind, OUTCOME_DONE);
	assert_true(list->count > 20);
	expect_by_start(list);
	assert_int_equal(find(list, LUNCH)->mine.state, SIGNUP_NONE);
	assert_int_equal(session_signups(stage.session)->count, 0);
	close_stage(&stage);
}

static void another_stretch_replaces_the_first(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "stretch.db");
	session_start_network(stage.session);
	size_t all = agenda(&stage, 0, 41)->count;
	const struct activity_list *list = session_activities(stage.session, date_plus(today, 5), date_plus(today, 60));
	assert_true(list->state.asking);
	assert_in_range(list->count, 1, all - 1);   /* what both have in common is there at once */
	expect_by_start(list);
	unsigned edition = list->edition;
	settle_down(&stage);
	assert_int_not_equal(list->edition, edition);
	expect_by_start(list);
	/* Twice over while the first is on its way: only the last is shown. */
	session_activities(stage.session, today, date_plus(today, 3));
	list = session_activities(stage.session, date_plus(today, 7), date_plus(today, 7));
	settle_down(&stage);
	expect_by_start(list);
	assert_non_null(look_for(list, LUNCH));
	assert_null(look_for(list, "Co-walking le long"));
	/* The same again costs nothing. */
	edition = list->edition;
	session_activities(stage.session, date_plus(today, 7), date_plus(today, 7));
	assert_false(list->state.asking);
	settle_down(&stage);
	assert_int_equal(list->edition, edition);
	close_stage(&stage);
}

static void the_next_start_shows_the_last_agenda(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "kept.db");
	log_in(&stage);
	size_t count = agenda(&stage, 0, 41)->count, mine = session_signups(stage.session)->count;
	assert_true(mine > 0);
	settle_down(&stage);
	close_stage(&stage);

	open_stage(&stage, NULL, "kept.db");
	const struct activity_list *list = session_activities(stage.session, today, date_plus(today, 41));
	UNTIL(&stage, list->count == count && session_signups(stage.session)->count == mine);
	assert_true(list->state.as_of > 0);
	expect_by_start(list);
	session_log_out(stage.session, 0);
	settle_down(&stage);
	close_stage(&stage);

	/* What says where somebody goes is gone with them. */
	open_stage(&stage, NULL, "kept.db");
	list = session_activities(stage.session, today, date_plus(today, 41));
	settle_down(&stage);
	assert_int_equal(list->count, 0);
	assert_int_equal(session_signups(stage.session)->count, 0);
	close_stage(&stage);
}

/* ---- what one does ---- */

static const char *seen_through(struct stage *stage, const char *id)
{
	UNTIL(stage, session_wish(stage->session, id)->row->state == WISH_SETTLED);
	return id;
}

static void a_sign_up_is_seen_everywhere_at_once(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "signup.db");
	log_in(&stage);
	const struct activity_list *list = agenda(&stage, 0, 41);
	const struct activity *activity = find(list, LUNCH);
	int taken = activity->taken;
	char *space = memory_copy_text(activity->space_id), *id = memory_copy_text(activity->id);
	const struct detail *detail = session_activity(stage.session, 0, space, id);
	settle_down(&stage);
	assert_non_null(strstr(detail->activity->description, "12:00 accueil"));
	assert_string_equal(find(list, LUNCH)->id, id);

	const char *wish = seen_through(&stage, session_sign_up(stage.session, 0, find(list, LUNCH)));
	assert_int_equal(session_wish(stage.session, wish)->outcome.kind, OUTCOME_DONE);
	assert_int_equal(session_wish(stage.session, wish)->activity->mine.state, SIGNUP_SIGNED_UP);
	session_turn(stage.session);
	assert_int_equal(find(list, LUNCH)->mine.state, SIGNUP_SIGNED_UP);   /* without asking for the whole list */
	assert_int_equal(find(list, LUNCH)->taken, taken + 1);
	settle_down(&stage);
	assert_non_null(look_for(session_signups(stage.session), LUNCH));
	session_activity(stage.session, 0, space, id);
	settle_down(&stage);
	assert_int_equal(detail->activity->mine.state, SIGNUP_SIGNED_UP);
	assert_null(session_undoable(stage.session));

	wish = seen_through(&stage, session_withdraw(stage.session, 0, find(session_signups(stage.session), LUNCH)));
	assert_int_equal(session_wish(stage.session, wish)->outcome.kind, OUTCOME_DONE);
	session_turn(stage.session);
	assert_null(look_for(session_signups(stage.session), LUNCH));
	assert_int_equal(find(list, LUNCH)->taken, taken);
	assert_string_equal(session_undoable(stage.session)->row->id, wish);
	settle_down(&stage);
	close_stage(&stage);
	free(space);
	free(id);
}

static void full_is_a_place_in_line_and_undoing_is_its_end(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "full.db");
	log_in(&stage);
	const struct activity_list *list = agenda(&stage, 0, 41);
	int waiting = find(list, FULL)->waiting;
	const char *wish = seen_through(&stage, session_sign_up(stage.session, 0, find(list, FULL)));
	assert_int_equal(session_wish(stage.session, wish)->outcome.kind, OUTCOME_WAITLISTED);
	assert_int_equal(session_wish(stage.session, wish)->outcome.place, waiting + 1);
	assert_non_null(strstr(wish_words(stage.arena, session_wish(stage.session, wish)), "09:00–12:00"));
	session_wish_seen(stage.session, wish);
	wish = seen_through(&stage, session_withdraw(stage.session, 0, find(list, FULL)));
	session_wish_seen(stage.session, wish);
	settle_down(&stage);
	close_stage(&stage);

	/* An earlier run's withdrawal can be undone, and then not again. */
	open_stage(&stage, NULL, "full.db");
	settle_down(&stage);
	assert_null(session_undoable(stage.session));   /* whose it is, is not known before the site was asked */
	log_in(&stage);
	const struct wish_view *last = session_undoable(stage.session);
	assert_non_null(last);
	assert_int_equal(last->row->kind, WISH_WITHDRAW);
	assert_int_equal(session_wish_count(stage.session), 0);
	const struct detail *detail = session_activity(stage.session, last->site, last->row->space_id, last->row->activity_id);
	settle_down(&stage);
	wish = session_sign_up(stage.session, 0, detail->activity);
	assert_null(session_undoable(stage.session));   /* under way already */
	seen_through(&stage, wish);
	assert_null(session_undoable(stage.session));
	seen_through(&stage, session_withdraw(stage.session, 0, detail->activity));
	settle_down(&stage);
	close_stage(&stage);
}

/* ---- the directory ---- */

static void a_search_narrows_while_one_types(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "search.db");
	log_in(&stage);
	const struct directory_list *list = session_directory(stage.session, DIRECTORY_MEMBERS, "z");
	assert_true(list->too_short);
	assert_false(list->state.asking);
	session_directory(stage.session, DIRECTORY_MEMBERS, "zo");
	settle_down(&stage);
	assert_int_equal(list->state.outcome.kind, OUTCOME_DONE);
	size_t wide = list->count;
	assert_true(wide > 0);
	session_directory(stage.session, DIRECTORY_MEMBERS, "zoe");
	session_directory(stage.session, DIRECTORY_MEMBERS, "zoe lamb");
	assert_true(list->state.asking);
	for (size_t at = 0; at < list->count; at++)
		assert_true(card_fits(list->rows[at].card, "zoe lamb"));   /* of the old rows only those that fit */
	settle_down(&stage);
	assert_string_equal(list->query, "zoe lamb");
	assert_int_equal(list->count, 1);
	assert_string_equal(list->rows[0].card->name, "Zoë Lambermont");
	assert_false(list->more);
	const struct detail *card = session_card(stage.session, 0, list->rows[0].card->id);
	settle_down(&stage);
	assert_string_equal(card->card->name, "Zoë Lambermont");
	session_directory(stage.session, DIRECTORY_MEMBERS, "");
	assert_int_equal(list->count, 0);
	assert_false(list->more);
	close_stage(&stage);
}

static void pages_follow_one_another(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "pages.db");
	log_in(&stage);
	const struct directory_list *list = session_directory(stage.session, DIRECTORY_MEMBERS, "fr");
	settle_down(&stage);
	session_directory(stage.session, DIRECTORY_MEMBERS, "co");   /* Couvin, communication, conseil … */
	settle_down(&stage);
	assert_int_equal(list->count, 50);
	assert_true(list->more);
	size_t before = 0;
	while (list->more) {
		assert_true(list->count > before);
		before = list->count;
		session_directory_more(stage.session, DIRECTORY_MEMBERS);
		session_directory_more(stage.session, DIRECTORY_MEMBERS);   /* once is enough */
		settle_down(&stage);
	}
	assert_true(list->count > 50);
	for (size_t at = 1; at < list->count; at++)
		assert_string_not_equal(list->rows[at - 1].card->id, list->rows[at].card->id);
	const struct directory_list *organisations = session_directory(stage.session, DIRECTORY_ORGANISATIONS, "");
	settle_down(&stage);
	assert_true(organisations->count > 2);
	assert_non_null(organisations->rows[0].organisation);
	const struct detail *one = session_organisation(stage.session, 0, organisations->rows[0].organisation->id);
	settle_down(&stage);
	assert_string_equal(one->organisation->id, organisations->rows[0].organisation->id);
	/* Whoever logs out sees what everybody sees. */
	size_t as_member = list->count;
	session_log_out(stage.session, 0);
	settle_down(&stage);
	assert_true(list->count < as_member);
	close_stage(&stage);
}

static void what_is_not_there_is_not_found(void **state)
{
	(void)state;
	struct stage stage;
	open_stage(&stage, NULL, "none.db");
	session_start_network(stage.session);
	static const char nobody[] = "0198b1a0-0000-7000-8000-000000000009";
	const struct detail *details[] = {
		session_activity(stage.session, 0, "ferme", nobody), session_card(stage.session, 0, nobody),
		session_organisation(stage.session, 0, nobody),
	};
	settle_down(&stage);
	for (size_t at = 0; at < COUNT_OF(details); at++) {
		assert_int_equal(details[at]->state.outcome.kind, OUTCOME_NOT_FOUND);
		assert_int_equal(details[at]->state.as_of, 0);
		assert_null(details[at]->activity);
		assert_null(details[at]->card);
		assert_null(details[at]->organisation);
	}
	close_stage(&stage);
}

/* ---- several sites ---- */

static void one_site_that_is_away_hides_its_own_rows_only(void **state)
{
	(void)state;
	struct stage stage;
	struct arena *arena = arena_new();
	const char *socket = in_directory(arena, "socket"), *nobody = in_directory(arena, "nobody");
	open_stage_with(&stage, arena_print(arena,
		"sites = ( { id = \"un\"; url = \"unix:%s\"; }, { id = \"deux\"; url = \"unix:%s\"; }, { id = \"trois\"; url = \"unix:%s\"; } );",
		socket, nobody, socket), "several.db");
	session_start_network(stage.session);
	const struct activity_list *list = agenda(&stage, 0, 41);
	const struct directory_list *found = session_directory(stage.session, DIRECTORY_ORGANISATIONS, "fo");
	UNTIL(&stage, !found->state.asking);
	assert_true(list->count > 0 && list->count % 2 == 0);
	expect_by_start(list);
	for (size_t at = 0; at < list->count; at++)
		assert_int_not_equal(list->rows[at].site, 1);
	assert_int_equal(list->state.outcome.kind, OUTCOME_UNREACHABLE);   /* the first thing wrong is what is told */
	assert_true(found->count > 0 && found->count % 2 == 0);
	assert_string_equal(found->rows[0].organisation->name, found->rows[1].organisation->name);
	close_stage(&stage);
	arena_free(arena);
}

/* ---- many ---- */

#define MANY 10000

static void add_activity(struct buffer *body, int number)
{
	char date[DATE_ISO_SIZE];
	date_to_iso(date_plus(today, number / 200), date);
	buffer_print(body, "%s{\"id\":\"a-%05d\",\"space_id\":\"s\",\"space_name\":\"La Ferme\",\"space_town\":\"Chimay\",\"country\":\"BE\","
		"\"time_zone\":\"Europe/Brussels\",\"title\":\"Activité numéro %d\",\"summary\":\"Une heure, un sandwich, trois outils.\","
		"\"place\":\"Le Moulin\",\"organiser\":\"La Ferme ASBL\",\"note\":\"Repas compris\",\"link\":\"\",\"format\":\"lunch_talk\","
		"\"online\":false,\"languages\":[\"fr\"],\"date\":\"%s\",\"start\":\"%sT12:00:00+02:00\",\"end\":\"%sT13:30:00+02:00\","
		"\"state\":\"scheduled\",\"capacity\":12,\"taken\":3,\"waiting\":0,\"signup_until\":\"%sT09:00:00+02:00\","
		"\"withdraw_until\":\"%sT09:00:00+02:00\",\"version\":3,\"mine\":null}", number ? "," : "", number, number, date, date, date,
		date, date);
}

static char *many_activities(void)
{
	struct buffer body, whole;
	buffer_init(&body, HTTP_RESPONSE_MAX);
	buffer_add_text(&body, "{\"items\":[");
	for (int number = 0; number < MANY; number++)
		add_activity(&body, number);
	assert_true(buffer_add_text(&body, "],\"next\":null}"));
	buffer_init(&whole, HTTP_RESPONSE_MAX + 1000);
	buffer_print(&whole, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body.length);
	assert_true(buffer_add(&whole, body.bytes, body.length));
	char *answer = buffer_detach(&whole);
	buffer_clear(&body);
	buffer_clear(&whole);
	return answer;
}

/* Of this thread's own: on a machine that does other things too, a turn may be interrupted for as long as they like. */
static int64_t processor_ms(void)
{
	struct timespec spent;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
	return spent.tv_sec * INT64_C(1000) + spent.tv_nsec / 1000000;
}

/* The longest turn until `list` has all its rows and nothing is left to do. */
static int64_t longest_turn_ms(struct stage *stage, const struct activity_list *list)
{
	int64_t longest = 0, until = clock_monotonic_ms() + PATIENCE_MS;
	while (list->count < MANY || !session_is_quiet(stage->session)) {
		assert_true(clock_monotonic_ms() < until);
		session_wait(stage->session, NULL, 0, 50);
		int64_t began = processor_ms();
		session_turn(stage->session);
		int64_t took = processor_ms() - began;
		longest = took > longest ? took : longest;
	}
	return longest;
}

static void ten_thousand_never_hold_a_key(void **state)
{
	(void)state;
	struct stage stage;
	char *answer = many_activities();
	struct peer *peer = peer_new(NULL, peer_says, answer);
	struct arena *arena = arena_new();
	const char *url = arena_print(arena, "http://127.0.0.1:%d", peer_port(peer));
	tokens_remove("essai", NULL);
	open_stage(&stage, url, "many.db");
	session_start_network(stage.session);
	const struct activity_list *list = session_activities(stage.session, today, date_plus(today, 91));
	int64_t decoding = longest_turn_ms(&stage, list);
	expect_by_start(list);
	close_stage(&stage);

	/* And from the disk. */
	open_stage(&stage, url, "many.db");
	list = session_activities(stage.session, today, date_plus(today, 91));
	int64_t reading = longest_turn_ms(&stage, list);
	expect_by_start(list);
	close_stage(&stage);
	print_message("# longest turn: %d ms from the network, %d ms from the disk\n", (int)decoding, (int)reading);
	/* Promised are 5 ms, which bench/ measures on a plain build; all at once takes 540 and 300 of the processor in a sanitized one. */
	assert_in_range(decoding, 0, 250);
	assert_in_range(reading, 0, 150);
	peer_free(peer);
	arena_free(arena);
	free(answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_sees_the_agenda),
		cmocka_unit_test(another_stretch_replaces_the_first),
		cmocka_unit_test(the_next_start_shows_the_last_agenda),
		cmocka_unit_test(a_sign_up_is_seen_everywhere_at_once),
		cmocka_unit_test(full_is_a_place_in_line_and_undoing_is_its_end),
		cmocka_unit_test(a_search_narrows_while_one_types),
		cmocka_unit_test(pages_follow_one_another),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(one_site_that_is_away_hides_its_own_rows_only),
		cmocka_unit_test(ten_thousand_never_hold_a_key),
	};
	return cmocka_run_group_tests_name("app community", tests, start_server, stop_server);
}
