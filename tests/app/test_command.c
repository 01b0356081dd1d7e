/* The table of commands holds together: every face is made from it. */
#include "hacktiv/app/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Calls `each` with every word of a space-separated list. */
static const char *next_word(struct arena *arena, const char **at)
{
	if (!*at || !**at)
		return NULL;
	size_t length = strcspn(*at, " ");
	const char *word = arena_copy_bytes(arena, *at, length);
	*at += length + strspn(*at + length, " ");
	return word;
}

static void every_name_leads_to_its_own_row(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t at = 0; at < command_count; at++) {
		assert_ptr_equal(command_find(commands[at].name), &commands[at]);
		const char *rest = commands[at].aliases;
		for (const char *word = next_word(arena, &rest); word; word = next_word(arena, &rest)) {
			if (command_find(word) != &commands[at])
				fail_msg("“%s” leads to %s, not to %s", word, command_find(word)->name, commands[at].name);
		}
	}
	arena_free(arena);
}

static void every_key_does_one_thing_on_a_pane(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t at = 0; at < command_count; at++) {
		for (enum pane pane = PANE_MY_DAY; pane < PANES; pane++) {
			const char *rest = commands[at].panes & ON(pane) ? commands[at].keys : NULL;
			for (const char *key = next_word(arena, &rest); key; key = next_word(arena, &rest)) {
				if (command_for_key(key, pane) != &commands[at])
					fail_msg("the key %s is that of %s and of %s", key, commands[at].name, command_for_key(key, pane)->name);
				/* A key that waits for a second one can do nothing by itself. */
				assert_false(command_key_begins(key, pane));
			}
		}
	}
	arena_free(arena);
}

/* What an AZERTY keyboard has without AltGr, and what terminals agree on. */
static bool can_be_typed(const char *key)
{
	static const char *const named[] = { "Up", "Down", "Left", "Right", "Enter", "Escape", "Tab", "PageUp", "PageDown", "Home", "End",
	                                     "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9" };
	for (size_t at = 0; at < COUNT_OF(named); at++) {
		if (strcmp(named[at], key) == 0)
			return true;
	}
	if (strlen(key) == 3 && strncmp(key, "C-", 2) == 0)
		return key[2] >= 'a' && key[2] <= 'z' && !strchr("cszjmi", key[2]);   /* those are the terminal's own, or Enter and Tab */
	if (strlen(key) == 2)
		return key[0] >= 'a' && key[0] <= 'z' && key[1] >= 'a' && key[1] <= 'z';
	return strlen(key) == 1 && (strchr("?:/,;.!-", *key) || (*key >= 'a' && *key <= 'z') || (*key >= 'A' && *key <= 'Z'));
}

static void every_key_can_be_typed(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t at = 0; at < command_count; at++) {
		const char *rest = commands[at].keys;
		for (const char *key = next_word(arena, &rest); key; key = next_word(arena, &rest)) {
			if (!can_be_typed(key))
				fail_msg("%s: the key %s", commands[at].name, key);
		}
	}
	arena_free(arena);
}

static void every_row_is_whole(void **state)
{
	(void)state;
	for (size_t at = 0; at < command_count; at++) {
		const struct command *command = &commands[at];
		assert_non_null(command->help);
		assert_true(*command->help);
		assert_true(command->panes);
		bool view = command->flags & IS_VIEW, shell = command->flags & IN_SHELL;
		assert_true(view != shell);
		assert_int_equal(view, command->view != VIEW_NONE);
		assert_int_equal(shell, command->run != NULL);
		assert_true(!view || command->keys);   /* a way through the screen without a key is no way */
	}
}

static void every_act_of_a_view_has_a_row(void **state)
{
	(void)state;
	for (enum view_act act = VIEW_UP; act <= VIEW_MESSAGES; act++) {
		size_t rows = 0;
		for (size_t at = 0; at < command_count; at++)
			rows += commands[at].view == act;
		if (act == VIEW_GO)
			assert_in_range(rows, 2, PANES);
		else
			assert_int_equal(rows, 1);
	}
}

static void names_are_found_as_people_write_them(void **state)
{
	(void)state;
	static const struct { const char *typed; const char *name; } cases[] = {
		{ "book", "book" }, { "BOOK", "book" }, { "réserver", "book" }, { "reserver", "book" }, { "Réserver", "book" },
		{ "annuler", "cancel" }, { "espaces", "spaces" }, { "postes", "desks" }, { "réservations", "bookings" },
		{ "connexion", "login" }, { "déconnexion", "logout" }, { "deconnexion", "logout" }, { "aide", "help" },
		{ "quitter", "quit" }, { "my-day", "my-day" }, { "mon-jour", "my-day" },
		{ "boo", NULL }, { "", NULL }, { " ", NULL }, { "réserver annuler", NULL },
	};
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const struct command *found = command_find(cases[at].typed);
		if (cases[at].name)
			assert_string_equal(found ? found->name : "", cases[at].name);
		else
			assert_null(found);
	}
}

static void the_nearest_name_is_offered(void **state)
{
	(void)state;
	static const struct { const char *typed; const char *nearest; } cases[] = {
		{ "bok", "book" }, { "bookk", "book" }, { "boko", "book" }, { "cancle", "cancel" }, { "spacs", "spaces" }, { "desk", "desks" },
		{ "hepl", "help" }, { "whoiam", "whoami" }, { "xyzzyx", NULL }, { "", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	};
	for (size_t at = 0; at < COUNT_OF(cases); at++) {
		const char *nearest = command_nearest(cases[at].typed);
		if (cases[at].nearest)
			assert_string_equal(nearest ? nearest : "", cases[at].nearest);
		else if (nearest)
			fail_msg("“%s” is near to nothing, not to %s", cases[at].typed, nearest);
	}
}

static void two_letters_are_pressed_one_after_the_other(void **state)
{
	(void)state;
	assert_true(command_key_begins("g", PANE_SPACES));
	assert_false(command_key_begins("j", PANE_SPACES));
	assert_false(command_key_begins("G", PANE_SPACES));
	assert_false(command_key_begins("F2", PANE_SPACES));
	assert_int_equal(command_for_key("gj", PANE_SPACES)->to, PANE_MY_DAY);
	assert_int_equal(command_for_key("ge", PANE_MY_DAY)->to, PANE_SPACES);
	assert_null(command_for_key("gz", PANE_SPACES));
	assert_null(command_for_key("", PANE_SPACES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_leads_to_its_own_row),
		cmocka_unit_test(every_key_does_one_thing_on_a_pane),
		cmocka_unit_test(every_key_can_be_typed),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(every_act_of_a_view_has_a_row),
		cmocka_unit_test(names_are_found_as_people_write_them),
		cmocka_unit_test(the_nearest_name_is_offered),
		cmocka_unit_test(two_letters_are_pressed_one_after_the_other),
	};
	return cmocka_run_group_tests_name("app command", tests, NULL, NULL);
}
