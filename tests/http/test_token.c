/* Tokens are kept where nobody else can read them, come back as they were, and are nothing that could end a header line. */
#include "hacktiv/http.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
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
	static const char *const names[] = { "hacktiv/tokens/reseau", "hacktiv/tokens/other", "hacktiv/tokens/reseau.lock", "hacktiv/tokens", "hacktiv", "given", "" };
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

static char *copy(const char *text)
{
	return memory_copy_text(text);
}

/* As the store's thread does it. */
static void keep(const char *site, const struct tokens *tokens)
{
	struct problem why = { 0 };
	char *path = tokens_path(site, &why), *text = tokens_text(tokens, &why);
	assert_non_null(text);
	assert_true(path_make_parent(path, &why) && path_write_secret(path, text, strlen(text), &why));
	token_forget(text);
	free(path);
}

static void check_text(const char *what, const char *is, const char *wanted)
{
	if (strcmp(is ? is : "none", wanted ? wanted : "none") != 0)
		fail_msg("%s is “%s” instead of “%s”", what, is ? is : "none", wanted ? wanted : "none");
}

static void test_kept_and_forgotten(void **state)
{
	struct arena *arena = arena_new();
	struct problem why = { 0 };
	struct tokens tokens, back;
	assert_false(tokens_load("reseau", &tokens, &why));
	assert_int_equal(why.kind, PROBLEM_NOT_FOUND);
	assert_null(tokens.access);
	assert_int_equal(tokens_mark("reseau"), 0);

	tokens = (struct tokens){ copy("hkt_abc-._~+/="), copy("hkr_xyz"), 1795593600, copy("0198b1a0-0000-7000-8000-000000000001") };
	keep("reseau", &tokens);
	struct stat status;
	const char *path = in_home(arena, state, "hacktiv/tokens/reseau");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_true(tokens_load("reseau", &back, &why));
	check_text("the token", back.access, tokens.access);
	check_text("the refresh token", back.refresh, tokens.refresh);
	check_text("the log-in", back.log_in, tokens.log_in);
	assert_int_equal(back.expires_at, tokens.expires_at);
	tokens_clear(&back);
	assert_null(back.access);
	assert_false(tokens_load("other", &back, &why));

	uint64_t mark = tokens_mark("reseau");
	assert_int_not_equal(mark, 0);
	assert_int_equal(tokens_mark("reseau"), mark);
	free(tokens.refresh);
	tokens.refresh = NULL;
	keep("reseau", &tokens);
	assert_int_not_equal(tokens_mark("reseau"), mark);
	assert_true(tokens_load("reseau", &back, &why));
	assert_null(back.refresh);
	tokens_clear(&back);

	/* What one left who was killed while it wrote a token is one too. */
	const char *left = in_home(arena, state, "hacktiv/tokens/reseau.aB3dE9");
	write_file(left, "hkt_half", 0600);
	assert_true(tokens_remove("reseau", &why));
	assert_int_not_equal(stat(path, &status), 0);
	assert_int_not_equal(stat(left, &status), 0);
	assert_true(tokens_remove("reseau", &why));
	tokens_clear(&tokens);
	token_forget(NULL);
	arena_free(arena);
}

/* C34: what others may read, what leads elsewhere and what is no file is refused, and said why; nothing of it is shown. */
static void test_c34_refused(void **state)
{
	struct arena *arena = arena_new();
	const char *path = in_home(arena, state, "hacktiv/tokens/reseau"), *given = in_home(arena, state, "given");
	static const mode_t open_to_others[] = { 0644, 0640, 0604, 0620, 0602, 0666 };
	struct tokens tokens = { .access = copy("hkt_secret") };
	keep("reseau", &tokens);
	for (size_t i = 0; i < COUNT_OF(open_to_others); i++) {
		struct problem why = { 0 };
		chmod(path, open_to_others[i]);
		struct tokens none;
		assert_false(tokens_load("reseau", &none, &why));
		assert_int_equal(why.kind, PROBLEM_REFUSED);
		assert_non_null(strstr(why.text, arena_print(arena, "chmod 600 %s", path)));
		assert_null(strstr(why.text, "hkt_"));
	}
	chmod(path, 0600);
	assert_int_equal(rename(path, given), 0);

	struct problem link_why = { 0 }, fifo_why = { 0 }, directory_why = { 0 };
	struct tokens none;
	assert_int_equal(symlink(given, path), 0);
	assert_false(tokens_load("reseau", &none, &link_why));
	assert_int_equal(link_why.kind, PROBLEM_REFUSED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(tokens_load("reseau", &none, &fifo_why));   /* and does not wait for somebody to write */
	assert_int_equal(fifo_why.kind, PROBLEM_REFUSED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(tokens_load("reseau", &none, &directory_why));
	assert_int_equal(directory_why.kind, PROBLEM_REFUSED);
	rmdir(path);
	tokens_clear(&tokens);
	arena_free(arena);
}

static void test_given_file(void **state)
{
	struct arena *arena = arena_new();
	const char *path = in_home(arena, state, "given");
	struct problem why = { 0 };
	struct tokens tokens;
	setenv("HACKTIV_TOKEN_FILE", path, 1);
	assert_true(token_is_given());
	assert_false(tokens_load("reseau", &tokens, &why));
	assert_int_equal(why.kind, PROBLEM_MISSING);
	assert_non_null(strstr(why.text, path));

	write_file(path, "hkt_given\n", 0600);
	assert_true(tokens_load("any site", &tokens, &why));
	check_text("the token", tokens.access, "hkt_given");
	tokens_clear(&tokens);
	assert_false(tokens_remove("reseau", &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	assert_true(tokens_load("reseau", &tokens, &why));
	tokens_clear(&tokens);

	chmod(path, 0640);
	assert_false(tokens_load("reseau", &tokens, &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	arena_free(arena);
}

#define H1 "hacktiv-token 1\n"
static const struct { const char *content, *access, *refresh; long expires; } contents[] = {
	/* of old, or by hand: one word */
	{ "hkt_a", "hkt_a", NULL, 0 }, { "hkt_a\n", "hkt_a", NULL, 0 }, { "hkt_a\r\n", "hkt_a", NULL, 0 }, { "\n  hkt_a  \n\n", "hkt_a", NULL, 0 },
	{ "", NULL, NULL, 0 }, { "\n", NULL, NULL, 0 }, { "hkt_a hkt_b", NULL, NULL, 0 }, { "hkt_a\nX-Evil: 1", NULL, NULL, 0 },
	{ "hkt_é", NULL, NULL, 0 }, { "hkt_\033[2J", NULL, NULL, 0 },
	/* with a heading */
	{ H1 "access hkt_a\nexpires 12\nrefresh hkr_b\nlog-in x\n", "hkt_a", "hkr_b", 12 },
	{ H1 "refresh hkr_b\r\naccess hkt_a\r\n", "hkt_a", "hkr_b", 0 },
	{ H1 "access hkt_a\nexpires -12\n", "hkt_a", NULL, 0 }, { H1 "access hkt_a\nexpires 99999999999999999999999\n", "hkt_a", NULL, 0 },
	{ H1 "access hkt_a\nmood good\nrefresh hkr_b", "hkt_a", "hkr_b", 0 },       /* what a later version may add */
	{ H1 "access hkt_a\naccess hkt_b\n", "hkt_a", NULL, 0 }, { H1 "access hkt_a\nrefresh a b\n", "hkt_a", NULL, 0 },
	{ H1, NULL, NULL, 0 }, { H1 "refresh hkr_b\n", NULL, NULL, 0 }, { H1 "access \n", NULL, NULL, 0 }, { H1 "access a\033b\n", NULL, NULL, 0 },
	{ H1 "accesshkt_a\n", NULL, NULL, 0 },
};

static void test_contents(void **state)
{
	struct arena *arena = arena_new();
	const char *path = in_home(arena, state, "given");
	setenv("HACKTIV_TOKEN_FILE", path, 1);
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		struct problem why = { 0 };
		struct tokens tokens;
		write_file(path, contents[i].content, 0600);
		bool loaded = tokens_load("reseau", &tokens, &why);
		check_text(contents[i].content, tokens.access, contents[i].access);
		check_text(contents[i].content, tokens.refresh, contents[i].refresh);
		assert_int_equal(tokens.expires_at, contents[i].expires);
		assert_int_equal(loaded, contents[i].access != NULL);
		if (!loaded) {
			assert_int_equal(why.kind, PROBLEM_INVALID);
			assert_null(strstr(why.text, "hkt_"));
		}
		tokens_clear(&tokens);
	}
	struct problem why = { 0 };
	struct tokens tokens;
	write_file(path, "hacktiv-token 2\naccess hkt_a\n", 0600);
	assert_false(tokens_load("reseau", &tokens, &why));
	assert_int_equal(why.kind, PROBLEM_REFUSED);
	arena_free(arena);
}

static void test_strange_names_and_tokens(void **state)
{
	(void)state;
	static const char *const sites[] = { "", ".", "..", "../reseau", "a/b", "a b", "-\n", "reseau.lock" };
	for (size_t i = 0; i < COUNT_OF(sites); i++) {
		struct problem why = { 0 };
		struct tokens tokens;
		int lock;
		assert_false(tokens_load(sites[i], &tokens, &why));
		assert_int_equal(why.kind, PROBLEM_INVALID);
		assert_null(tokens_path(sites[i], &why));
		assert_false(tokens_remove(sites[i], &why));
		assert_int_equal(tokens_lock(sites[i], &lock), TOKENS_CANNOT_LOCK);
	}
	static const char *const wrong[] = { "", "a b", "a\r\nX: 1", "é" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct problem why = { 0 };
		char *word = copy(wrong[i]), *right = copy("hkt_a");
		assert_null(tokens_text(&(struct tokens){ .access = word }, &why));
		assert_int_equal(why.kind, PROBLEM_INVALID);
		if (*word)
			assert_null(tokens_text(&(struct tokens){ .access = right, .refresh = word }, &why));
		free(word);
		free(right);
	}
}

/* C35: another process has it until it ends, however it ends, and nobody waits for it. */
static void test_c35_one_at_a_time(void **state)
{
	(void)state;
	int ready[2], lock, other;
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		bool had = tokens_lock("reseau", &lock) == TOKENS_LOCKED;
		_exit(write(ready[1], had ? "y" : "n", 1) == 1 && pause());
	}
	char answer = 'n';
	assert_int_equal(read(ready[0], &answer, 1), 1);
	assert_int_equal(answer, 'y');
	assert_int_equal(tokens_lock("reseau", &lock), TOKENS_LOCKED_BY_ANOTHER);
	assert_int_equal(lock, -1);
	assert_int_equal(tokens_lock("other", &other), TOKENS_LOCKED);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(tokens_lock("reseau", &lock), TOKENS_LOCKED);
	tokens_unlock(&lock);
	assert_int_equal(lock, -1);
	tokens_unlock(&lock);
	tokens_unlock(&other);
	char *path = tokens_path("other", NULL);
	struct arena *arena = arena_new();
	unlink(arena_print(arena, "%s.lock", path));
	arena_free(arena);
	free(path);
	close(ready[0]);
	close(ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kept_and_forgotten, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_c34_refused, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_given_file, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_contents, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_strange_names_and_tokens, make_home, remove_home),
		cmocka_unit_test_setup_teardown(test_c35_one_at_a_time, make_home, remove_home),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
