/* A token is kept where nobody else can read it, comes back as it was, and is nothing that could end a header line. */
#include "hacktiv/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int make_home(void **state)
{
	char *home = memory_copy_text("/tmp/hacktiv-token-XXXXXX");
	*state = mkdtemp(home);
	setenv("HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	unsetenv("HACKTIV_TOKEN_FILE");
	return *state ? 0 : -1;
}

static const char *in_home(struct arena *arena, void **state, const char *name)
{
	return arena_print(arena, "%s/%s", (const char *)*state, name);
}

static int remove_home(void **state)
{
	static const char *const names[] = { "hacktiv/tokens/reseau", "hacktiv/tokens/other", "hacktiv/tokens", "hacktiv", "given", "" };
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(names); i++)
		remove(in_home(arena, state, names[i]));
	arena_free(arena);
	free(*state);
	return 0;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	chmod(path, mode);
}

static void test_kept_and_forgotten(void **state)
{
	struct arena *arena = arena_new();
	struct problem why = { 0 };
	assert_null(token_load("reseau", &why));
	assert_int_equal(why.kind, PROBLEM_NOT_FOUND);

	assert_true(token_save("reseau", "hkt_abc-._~+/=", &why));
	struct stat status;
	const char *path = in_home(arena, state, "hacktiv/tokens/reseau");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	char *token = token_load("reseau", &why);
	assert_string_equal(token, "hkt_abc-._~+/=");
	token_forget(token);
	assert_null(token_load("other", &why));

	chmod(path, 0644);
	why.kind = PROBLEM_NONE;
	assert_null(token_load("reseau", &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	assert_null(strstr(why.text, "hkt_"));

	assert_true(token_remove("reseau", &why));
	assert_int_not_equal(stat(path, &status), 0);
	token_forget(NULL);
	arena_free(arena);
}

static void test_given_file(void **state)
{
	struct arena *arena = arena_new();
	const char *path = in_home(arena, state, "given");
	struct problem why = { 0 };
	setenv("HACKTIV_TOKEN_FILE", path, 1);
	assert_true(token_is_given());
	assert_null(token_load("reseau", &why));
	assert_int_equal(why.kind, PROBLEM_MISSING);
	assert_non_null(strstr(why.text, path));

	write_file(path, "hkt_given\n", 0600);
	char *token = token_load("any site", &why);
	assert_string_equal(token, "hkt_given");
	token_forget(token);

	assert_false(token_save("reseau", "hkt_other", &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	assert_false(token_remove("reseau", &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	token = token_load("reseau", &why);
	assert_string_equal(token, "hkt_given");
	token_forget(token);

	chmod(path, 0640);
	assert_null(token_load("reseau", &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	arena_free(arena);
}

static const struct { const char *content, *token; } contents[] = {
	{ "hkt_a", "hkt_a" }, { "hkt_a\n", "hkt_a" }, { "hkt_a\r\n", "hkt_a" }, { "\n  hkt_a  \n\n", "hkt_a" },
	{ "", NULL }, { "\n", NULL }, { "hkt_a hkt_b", NULL }, { "hkt_a\nX-Evil: 1", NULL }, { "hkt_é", NULL }, { "hkt_\033[2J", NULL },
};

static void test_contents(void **state)
{
	struct arena *arena = arena_new();
	const char *path = in_home(arena, state, "given");
	setenv("HACKTIV_TOKEN_FILE", path, 1);
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		struct problem why = { 0 };
		write_file(path, contents[i].content, 0600);
		char *token = token_load("reseau", &why);
		if (contents[i].token) {
			assert_string_equal(token, contents[i].token);
		} else {
			if (token)
				fail_msg("row %zu gave “%s”", i, token);
			assert_int_equal(why.kind, PROBLEM_INVALID);
			assert_null(strstr(why.text, "hkt_"));
		}
		token_forget(token);
	}
	arena_free(arena);
}

static void test_strange_names_and_tokens(void **state)
{
	(void)state;
	static const char *const sites[] = { "", ".", "..", "../reseau", "a/b", "a b", "-\n" };
	for (size_t i = 0; i < COUNT_OF(sites); i++) {
		struct problem why = { 0 };
		assert_null(token_load(sites[i], &why));
		assert_int_equal(why.kind, PROBLEM_INVALID);
		assert_false(token_save(sites[i], "hkt_a", &why));
		assert_false(token_remove(sites[i], &why));
	}
	static const char *const tokens[] = { "", "a b", "a\r\nX: 1", "é" };
	for (size_t i = 0; i < COUNT_OF(tokens); i++) {
		struct problem why = { 0 };
		assert_false(token_save("reseau", tokens[i], &why));
		assert_int_equal(why.kind, PROBLEM_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kept_and_forgotten, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_given_file, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_contents, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_strange_names_and_tokens, make_home, remove_home),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
