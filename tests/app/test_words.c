/* Every end of a wish and every state of a site has its sentence, in words that say what it was about. */
#include "hacktiv/app/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct outbox_row row = {
	.id = "0193aaaa-0000-7000-8000-000000000001", .site = "reseau", .space_id = "s", .space_name = "La Ferme", .resource_id = "r",
	.resource_name = "Les Serres 3", .booking_id = "", .when = { { 2026, 11, 24 }, DAY_PART_MORNING, { 0, 0 } },
};

static const struct { enum wish_kind kind; enum outcome_kind outcome; const char *begins; } cases[] = {
	{ WISH_BOOK, OUTCOME_NONE, "Being sent: " },
	{ WISH_BOOK, OUTCOME_DONE, "Booked: " },
	{ WISH_BOOK, OUTCOME_PENDING, "To be confirmed by the space: " },
	{ WISH_BOOK, OUTCOME_WAITLISTED, "On the waiting list, place 3: " },
	{ WISH_BOOK, OUTCOME_CONFLICT, "Not booked: " },
	{ WISH_BOOK, OUTCOME_REFUSED, "Not booked: " },
	{ WISH_BOOK, OUTCOME_NOT_ALLOWED, "Not booked: " },
	{ WISH_BOOK, OUTCOME_NOT_FOUND, "Not booked: " },
	{ WISH_BOOK, OUTCOME_LOGIN_NEEDED, "Waiting for your log-in, not booked yet: " },
	{ WISH_BOOK, OUTCOME_THROTTLED, "Waiting to be sent: " },
	{ WISH_BOOK, OUTCOME_UNREACHABLE, "Waiting to be sent: " },
	{ WISH_BOOK, OUTCOME_UNKNOWN, "Perhaps booked, " },
	{ WISH_CANCEL, OUTCOME_NONE, "Being cancelled: " },
	{ WISH_CANCEL, OUTCOME_DONE, "Cancelled: " },
	{ WISH_CANCEL, OUTCOME_PENDING, "Cancelled: " },
	{ WISH_CANCEL, OUTCOME_WAITLISTED, "Cancelled: " },
	{ WISH_CANCEL, OUTCOME_CONFLICT, "Not cancelled: " },
	{ WISH_CANCEL, OUTCOME_REFUSED, "Not cancelled: " },
	{ WISH_CANCEL, OUTCOME_NOT_ALLOWED, "Not cancelled: " },
	{ WISH_CANCEL, OUTCOME_NOT_FOUND, "Nothing to cancel, " },
	{ WISH_CANCEL, OUTCOME_LOGIN_NEEDED, "Waiting for your log-in, not cancelled yet: " },
	{ WISH_CANCEL, OUTCOME_THROTTLED, "The cancelling waits to be sent: " },
	{ WISH_CANCEL, OUTCOME_UNREACHABLE, "The cancelling waits to be sent: " },
	{ WISH_CANCEL, OUTCOME_UNKNOWN, "Perhaps cancelled, " },
	{ WISH_SIGN_UP, OUTCOME_NONE, "Being signed up: " },
	{ WISH_SIGN_UP, OUTCOME_DONE, "Signed up: " },
	{ WISH_SIGN_UP, OUTCOME_PENDING, "To be confirmed by its organiser: " },
	{ WISH_SIGN_UP, OUTCOME_WAITLISTED, "On the waiting list, place 3, for it is full: " },
	{ WISH_SIGN_UP, OUTCOME_CONFLICT, "Not signed up: " },
	{ WISH_SIGN_UP, OUTCOME_REFUSED, "Not signed up: " },
	{ WISH_SIGN_UP, OUTCOME_NOT_ALLOWED, "Not signed up: " },
	{ WISH_SIGN_UP, OUTCOME_NOT_FOUND, "Not signed up: " },
	{ WISH_SIGN_UP, OUTCOME_LOGIN_NEEDED, "Waiting for your log-in, not signed up yet: " },
	{ WISH_SIGN_UP, OUTCOME_THROTTLED, "The sign-up waits to be sent: " },
	{ WISH_SIGN_UP, OUTCOME_UNREACHABLE, "The sign-up waits to be sent: " },
	{ WISH_SIGN_UP, OUTCOME_UNKNOWN, "Perhaps signed up, " },
	{ WISH_WITHDRAW, OUTCOME_NONE, "Being withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_DONE, "Withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_PENDING, "Withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_WAITLISTED, "Withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_CONFLICT, "Not withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_REFUSED, "Not withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_NOT_ALLOWED, "Not withdrawn: " },
	{ WISH_WITHDRAW, OUTCOME_NOT_FOUND, "Nothing to withdraw from, " },
	{ WISH_WITHDRAW, OUTCOME_LOGIN_NEEDED, "Waiting for your log-in, not withdrawn yet: " },
	{ WISH_WITHDRAW, OUTCOME_THROTTLED, "The withdrawal waits to be sent: " },
	{ WISH_WITHDRAW, OUTCOME_UNREACHABLE, "The withdrawal waits to be sent: " },
	{ WISH_WITHDRAW, OUTCOME_UNKNOWN, "Perhaps withdrawn, " },
};

static const struct outbox_row *row_of(enum wish_kind kind)
{
	bool of_activity = kind == WISH_SIGN_UP || kind == WISH_WITHDRAW;
	row.kind = kind;
	row.resource_name = of_activity ? "" : "Les Serres 3";
	row.title = of_activity ? "Lunch & Talk" : "";
	row.when = of_activity ? hours_of((struct local_date){ 2026, 11, 24 }, (struct minute_range){ 720, 840 })
	                       : half_day((struct local_date){ 2026, 11, 24 }, DAY_PART_MORNING);
	return &row;
}

static void every_outcome_is_a_sentence(void **state)
{
	(void)state;
	assert_int_equal(COUNT_OF(cases), WISH_KINDS * OUTCOMES);
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		struct wish_view wish = { .row = row_of(cases[at].kind), .outcome = { .kind = cases[at].outcome, .rule = RULE_CANCEL_TOO_LATE, .place = 3,
		                                                    .quotation = "", .told_by = "" } };
		const char *words = wish_words(arena, &wish);
		if (strncmp(words, cases[at].begins, strlen(cases[at].begins)) != 0)
			fail_msg("%s: %s", outcome_wire_name(cases[at].outcome), words);
		assert_non_null(strstr(words, cases[at].kind <= WISH_CANCEL ? "La Ferme, Les Serres 3, Tue 24/11/2026, morning"
		                                                            : "Lunch & Talk, La Ferme, Tue 24/11/2026, 12:00–14:00"));
		assert_true(words[strlen(words) - 1] == '.');
		if (cases[at].outcome == OUTCOME_REFUSED)
			assert_non_null(strstr(words, rule_words(RULE_CANCEL_TOO_LATE)));
	}
	arena_free(arena);
}

static void what_was_never_noted_was_never_sent(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct wish_view wish = { .row = row_of(WISH_BOOK), .trouble = true, .outcome = { .kind = OUTCOME_UNREACHABLE, .quotation = "", .told_by = "" } };
	assert_int_equal(strncmp(wish_words(arena, &wish), "Not sent, ", 10), 0);
	arena_free(arena);
}

static void every_state_of_a_site_is_a_phrase(void **state)
{
	(void)state;
	static const struct { enum site_state state; int64_t as_of; const char *words; const char *wire; } states[] = {
		{ SITE_IDLE, 0, "not asked yet", "idle" },
		{ SITE_IDLE, 1795503120, "as of 07:52", "idle" },
		{ SITE_ASKING, 0, "asking", "asking" },
		{ SITE_UP, 1795503120, "up to date 07:52", "up" },
		{ SITE_UP, 1795416720, "up to date Mon 23/11/2026 07:52", "up" },
		{ SITE_UNREACHABLE, 0, "unreachable since 09:14", "unreachable" },
		{ SITE_UNREACHABLE, 1795503120, "unreachable since 09:14, as of 07:52", "unreachable" },
		{ SITE_LOGIN_NEEDED, 0, "log-in needed", "login_needed" },
		{ SITE_TROUBLED, 0, "answers wrongly since 09:14", "troubled" },
		{ SITE_THROTTLED, 1795503120, "asks us to wait until 10:32", "throttled" },
	};
	struct zones *zones = zones_new();
	const struct zone *zone = zones_find(zones, "Europe/Brussels", NULL);
	struct arena *arena = arena_new();
	for (size_t at = 0; at < COUNT_OF(states); at++) {
		struct site_view site = { .state = states[at].state, .as_of = states[at].as_of, .since = 1795508040, .next_try_at = 1795512661 };
		assert_string_equal(site_words(arena, &site, 1795510800, zone), states[at].words);
		assert_string_equal(site_state_wire_name(states[at].state), states[at].wire);
	}
	arena_free(arena);
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_is_a_sentence),
		cmocka_unit_test(what_was_never_noted_was_never_sent),
		cmocka_unit_test(every_state_of_a_site_is_a_phrase),
	};
	return cmocka_run_group_tests_name("app words", tests, NULL, NULL);
}
