/* test_outcome.c — how a wish ends: the sentence, the exit status, and whether more may come. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/model.h"

static const struct {
	enum outcome_kind kind;
	int exit_status;
	bool final;
} ends[] = {
	{ OUTCOME_NONE, 4, false },        { OUTCOME_DONE, 0, true },          { OUTCOME_PENDING, 0, true },
	{ OUTCOME_WAITLISTED, 0, true },   { OUTCOME_CONFLICT, 3, true },      { OUTCOME_REFUSED, 3, true },
	{ OUTCOME_NOT_ALLOWED, 3, true },  { OUTCOME_NOT_FOUND, 3, true },     { OUTCOME_LOGIN_NEEDED, 3, true },
	{ OUTCOME_THROTTLED, 4, false },   { OUTCOME_UNREACHABLE, 4, false },  { OUTCOME_UNKNOWN, 4, false },
};

static void every_end_is_told_to_scripts(void **state)
{
	(void)state;
	assert_int_equal(COUNT_OF(ends), OUTCOMES);
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		ROW_HOLDS(outcome_exit_status(ends[i].kind) == ends[i].exit_status, "%s", outcome_wire_name(ends[i].kind));
		ROW_HOLDS(outcome_is_final(ends[i].kind) == ends[i].final, "%s", outcome_wire_name(ends[i].kind));
	}
}

static bool is_a_sentence(const char *words)
{
	size_t length = strlen(words);
	return length > 4 && words[0] >= 'A' && words[0] <= 'Z' && strchr(".?", words[length - 1]);
}

static void every_end_is_a_sentence(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (int kind = 0; kind < OUTCOMES; kind++) {
		for (int rule = 0; rule < RULES; rule++) {
			const struct outcome bare = { .kind = (enum outcome_kind)kind, .rule = (enum rule)rule, .place = 2 };
			ROW_HOLDS(is_a_sentence(outcome_words(arena, &bare)), "%s: %s", outcome_wire_name(bare.kind), outcome_words(arena, &bare));
		}
	}
	arena_free(arena);
}

static const struct {
	struct outcome outcome;
	const char *words;
} told[] = {
	{ { .kind = OUTCOME_WAITLISTED, .place = 3 }, "You are number 3 on the waiting list." },
	{ { .kind = OUTCOME_REFUSED, .rule = RULE_SPACE_CLOSED, .quotation = "Closed." }, "The space is closed then." },
	{ { .kind = OUTCOME_REFUSED, .rule = RULE_OTHER, .quotation = "Badge expired." },
	  "A rule of the space forbids it. The server says: “Badge expired.”" },
	{ { .kind = OUTCOME_REFUSED, .rule = RULE_NONE, .quotation = "" }, "A rule of the space forbids it." },
	{ { .kind = OUTCOME_REFUSED, .rule = RULE_VALIDATION, .quotation = "date: expected" },
	  "The server did not accept the request. The server says: “date: expected”" },
	{ { .kind = OUTCOME_UNREACHABLE, .told_by = "ferme.example.org" }, "ferme.example.org does not answer." },
	{ { .kind = OUTCOME_UNREACHABLE }, "The server does not answer." },
	{ { .kind = OUTCOME_UNREACHABLE, .rule = RULE_OTHER, .told_by = "ferme.example.org" },
	  "What ferme.example.org answers cannot be read: is the address right?" },
	{ { .kind = OUTCOME_UNREACHABLE, .rule = RULE_OTHER }, "What the server answers cannot be read: is the address right?" },
	{ { .kind = OUTCOME_UNREACHABLE, .quotation = "The certificate is not valid.", .told_by = "x" }, "The certificate is not valid." },
	{ { .kind = OUTCOME_UNKNOWN }, "We do not know yet whether it went through. We are checking." },
};

static void particulars_are_told(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(told); i++)
		ROW_HOLDS(strcmp(outcome_words(arena, &told[i].outcome), told[i].words) == 0, "%s", outcome_words(arena, &told[i].outcome));
	arena_free(arena);
}

static void the_unknown_is_never_called_failed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const struct outcome unknown = { .kind = OUTCOME_UNKNOWN, .quotation = "500", .told_by = "x" };
	const char *words = outcome_words(arena, &unknown);
	assert_null(strstr(words, "fail"));
	assert_null(strstr(words, "not booked"));
	assert_non_null(strstr(words, "do not know"));
	arena_free(arena);
}

/* What a site said may be replaced by what it says next before it is told. */
static void a_copy_outlives_what_it_is_of(void **state)
{
	(void)state;
	struct arena *first = arena_new(), *arena = arena_new();
	struct alternative other = { .space_id = "s", .space_name = arena_copy_text(first, "La Ferme"), .resource_id = "r",
		.resource_name = arena_copy_text(first, "Les Serres 3"), .resource_area = "" };
	struct outcome said = { .kind = OUTCOME_UNREACHABLE, .quotation = arena_copy_text(first, "Nobody answers."), .told_by = NULL,
		.alternatives = &other, .alternative_count = 1 };
	struct outcome copy = outcome_copy(arena, &said);
	arena_free(first);
	assert_int_equal(copy.kind, OUTCOME_UNREACHABLE);
	assert_string_equal(outcome_words(arena, &copy), "Nobody answers.");
	assert_string_equal(copy.told_by, "");
	assert_string_equal(copy.alternatives[0].space_name, "La Ferme");
	assert_string_equal(copy.alternatives[0].resource_name, "Les Serres 3");
	arena_free(arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_end_is_told_to_scripts),
		cmocka_unit_test(every_end_is_a_sentence),
		cmocka_unit_test(particulars_are_told),
		cmocka_unit_test(the_unknown_is_never_called_failed),
		cmocka_unit_test(a_copy_outlives_what_it_is_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
