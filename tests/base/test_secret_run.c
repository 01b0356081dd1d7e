/* What a program tells is its first line, byte for byte; whatever else it does is ended and told in words that hold nothing of it. */
#include "hacktiv/base.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum secret_run_state run(const char *command, char **secret, struct problem *why)
{
	const char *words[] = { "/bin/sh", "-c", command, NULL };
	struct secret_run *run = secret_run_start(words, why);
	assert_non_null(run);
	enum secret_run_state state;
	*secret = NULL;
	while ((state = secret_run_turn(run, clock_monotonic_ms(), secret, why)) == SECRET_RUNNING) {
		int64_t left_ms = secret_run_next_ms(run) - clock_monotonic_ms();
		struct pollfd fd = { .fd = secret_run_fd(run), .events = POLLIN };
		assert_true(left_ms < 61000);
		poll(&fd, fd.fd >= 0, left_ms > 0 ? (int)left_ms : 0);
	}
	secret_run_stop(run);
	return state;
}

static const struct { const char *command, *secret, *why; } rows[] = {
	{ "echo secret", "secret", NULL }, { "printf secret", "secret", NULL }, { "printf 'secret\\r\\nmore\\n'", "secret", NULL },
	{ "printf ' a b \\n'", " a b ", NULL }, { "printf 'p\\303\\244ss'", "p\303\244ss", NULL },
	{ "echo secret; echo noise >&2", "secret", NULL }, { "echo secret; head -c 300000 /dev/zero || true", "secret", NULL },
	{ "if test -t 0 || test -t 1 || test -t 2 || test -n \"$GPG_TTY\" || read -r line; then echo heard; else echo alone; fi", "alone", NULL },
	{ "kill -PIPE $$; echo survived", NULL, "signal 13" },
	{ "", NULL, "no password" }, { "echo", NULL, "no password" }, { "printf '\\000secret'", NULL, "no password" },
	{ "echo secret; exit 7", NULL, "status 7" }, { "echo secret; kill -KILL $$", NULL, "signal 9" },
	{ "head -c 1001 /dev/zero | tr '\\0' x", NULL, "too long" }, { "no-such-program-here", NULL, "status 127" },
};

static void test_told(void **state)
{
	(void)state;
	setenv("GPG_TTY", "/dev/pts/0", 1);
	signal(SIGPIPE, SIG_IGN);      /* as hacktiv has it: the program must not inherit that */
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct problem why = { 0 };
		char *secret;
		enum secret_run_state end = run(rows[i].command, &secret, &why);
		if (rows[i].secret) {
			if (end != SECRET_TOLD || strcmp(secret, rows[i].secret) != 0)
				fail_msg("%s: %s", rows[i].command, secret ? secret : why.text);
		} else {
			assert_int_equal(end, SECRET_NOT_TOLD);
			if (!strstr(why.text, rows[i].why) || strstr(why.text, "secret"))
				fail_msg("%s: %s", rows[i].command, why.text);
		}
		secret_forget(secret);
	}
}

/* Time is told to it: nobody waits a minute here. All that it started is ended with it. */
static void test_patience(void **state)
{
	(void)state;
	const char *words[] = { "/bin/sh", "-c", "sleep 300 & echo $!; echo never-read; wait", NULL };
	struct problem why = { 0 };
	char *secret = NULL;
	struct secret_run *run = secret_run_start(words, &why);
	int64_t now_ms = clock_monotonic_ms();
	assert_int_equal(secret_run_turn(run, now_ms, &secret, &why), SECRET_RUNNING);
	assert_true(secret_run_next_ms(run) > now_ms + SECRET_RUN_PATIENCE_MS - 5000);
	assert_int_equal(secret_run_turn(run, now_ms + SECRET_RUN_PATIENCE_MS + 1, &secret, &why), SECRET_NOT_TOLD);
	assert_non_null(strstr(why.text, "within a minute"));
	assert_null(secret);
	secret_run_stop(run);
	secret_run_stop(NULL);
}

static void test_not_there(void **state)
{
	(void)state;
	struct problem why = { 0 };
	const char *words[] = { "/nowhere/at/all", NULL };
	assert_null(secret_run_start(words, &why));
	assert_int_equal(why.kind, PROBLEM_MISSING);
	assert_string_equal(why.field, "password_command");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_not_there),
	};
	return cmocka_run_group_tests_name("secret run", tests, NULL, NULL);
}
