/* main.c — hacktiv: read what was asked, choose a face, leave in order. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "arguments.h"
#include "completion.h"
#include "hacktiv/faces.h"
#include "manual.h"
#include "porter.h"
#include "usage.h"

#define EXIT_USAGE 2
#define EXIT_UNREACHABLE 4
#define TERM_MAX 64u
#define TELLING_MS 3000   /* a site that does not answer is not told of a log-out; what it gave ends by itself */

/* A closed standard file must not become the number of a socket. What is written to a closed one fails, as it should. */
static void hold_standard_files(void)
{
	static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };
	for (int file = 0; file < 3; file++) {
		if (fcntl(file, F_GETFD) < 0 && open("/dev/null", modes[file]) != file)
			_exit(EXIT_FAILURE);
	}
}

/* glibc keeps large blocks after the first that was freed: an old agenda of ten thousand would stay for ever. */
static void give_back_large_blocks(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 131072);
#endif
}

/* Before there are threads: none may look at the environment while it changes. The size is asked of the terminal, not of these, which are
 * wrong after the first resize; use_env(FALSE) would refuse terminals whose entry tells no size, such as the Linux console. */
static void forget_size(void)
{
	unsetenv("LINES");
	unsetenv("COLUMNS");
}

static void prepare_process(void)
{
	forget_size();
	give_back_large_blocks();
	hold_standard_files();
	signal(SIGPIPE, SIG_IGN);
	/* No core: passwords and tokens pass through. */
	setrlimit(RLIMIT_CORE, &(const struct rlimit){ 0, 0 });
}

static void complain(const char *text, bool utf8)
{
	struct arena *arena = arena_new();
	fprintf(stderr, "%s\n", utf8 ? text : text_ascii(arena, text));
	arena_free(arena);
}

/* The last word of who leaves; a terminal that takes nothing (Ctrl-S, a line that hangs) does not keep them for it. */
static void take_leave(const char *text, bool utf8)
{
	struct pollfd error = { .fd = STDERR_FILENO, .events = POLLOUT };
	if (text && poll(&error, 1, 0) > 0 && error.revents & POLLOUT)
		complain(text, utf8);
}

/* Sentences are made in the person's language, which the configuration may set: read again once it is known. */
static bool load_language(struct config *config, const struct arguments *arguments)
{
	config_load(config, arguments->config);
	bool utf8 = i18n_start(arguments->language ? arguments->language : config->language);
	if (config->note_count) {
		config_clear(config);
		config_load(config, arguments->config);
	}
	return utf8;
}

static int print_text(struct arena *arena, const char *text, bool utf8)
{
	if (fputs(utf8 ? text : text_ascii(arena, text), stdout) != EOF && fflush(stdout) != EOF)
		return EXIT_SUCCESS;
	if (errno == EPIPE)
		return EXIT_SUCCESS;   /* whoever read has seen enough */
	complain(arena_print(arena, _("hacktiv: the output could not be written: %s."), strerror(errno)), utf8);
	return EXIT_FAILURE;
}

static bool term_is_usable(void)
{
	const char *term = getenv("TERM");
	if (!term || !*term || strcmp(term, "dumb") == 0)
		return false;
	size_t length = strspn(term, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-");
	return !term[length] && length <= TERM_MAX;
}

static bool wants_lines(const struct arguments *arguments)
{
	const char *accessible = getenv("ACCESSIBLE");
	return arguments->lines || (accessible && *accessible && strcmp(accessible, "0") != 0);
}

static struct run_options options_of(const struct arguments *arguments, bool utf8)
{
	return (struct run_options){
		.json = arguments->json, .any = arguments->any, .drop = arguments->drop, .password_from_input = arguments->password_from_input,
		.log_in_how = (arguments->by_password || arguments->password_from_input ? LOG_IN_BY_PASSWORD : 0u) |
		              (arguments->qr ? LOG_IN_WITH_QR : 0u),
		.utf8 = utf8,
	};
}

/* Many share this terminal: a face that stays logged in, or a token that is one person's, is none for them. */
static bool may_be_kiosk(const struct arguments *arguments, struct problem *why)
{
	if (token_is_given())
		return problem_set(why, PROBLEM_INVALID, "HACKTIV_TOKEN_FILE", _("--kiosk: HACKTIV_TOKEN_FILE is one person's: unset it."));
	if (wants_lines(arguments))
		return problem_set(why, PROBLEM_INVALID, "ACCESSIBLE", _("--kiosk: ACCESSIBLE asks for line mode, and a kiosk is a whole screen."));
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return problem_set(why, PROBLEM_MISSING, "terminal", _("--kiosk needs a terminal: standard input and output are none."));
	return term_is_usable() || problem_set(why, PROBLEM_MISSING, "TERM", _("--kiosk needs a terminal that shows a whole screen; TERM names none."));
}

/* No command: the richest face that the terminal can bear. */
static int run_face(struct session *session, const struct config *config, const struct arguments *arguments,
                    const struct run_options *options)
{
	if (wants_lines(arguments))
		return line_run(session, config, options->utf8);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || options->json)
		return cli_overview(session, config, options);
	if (!term_is_usable())
		return line_run(session, config, options->utf8);
	return tui_run(session, config, options->utf8);
}

/* What is done when nobody waits any more: the shell has gone on. */
struct leaving {
	pid_t porter;            /* 0: there is none, so nobody can stay behind */
	bool stays;              /* the porter has gone, and we did not */
	struct store *at_work;   /* as session_leave() returns it */
};

static void stay(struct leaving *leaving, int status)
{
	if (leaving->stays)
		return;
	leaving->stays = true;
	fflush(stdout);
	porter_stay_behind(leaving->porter, status);
}

/* Of a log-out: who logged out and left at once is logged out there too. */
static void tell_sites(struct leaving *leaving, struct session *session, int status)
{
	if (!leaving->porter || !session_is_telling(session))
		return;
	stay(leaving, status);
	int64_t until = clock_monotonic_ms() + TELLING_MS;
	for (int64_t left = TELLING_MS; left > 0 && session_is_telling(session); left = until - clock_monotonic_ms()) {
		session_wait(session, NULL, 0, (int)left);
		session_turn(session);
	}
}

/* Whoever made the wishes or logged out may be at other things on this terminal by now, but was told that this would be written down. */
static void write_down(struct store *at_work, bool utf8)
{
	struct arena *arena = arena_new();
	struct store_unkept unkept;
	store_finish(at_work, arena, &unkept);
	if (unkept.beside.kind != PROBLEM_NONE)
		complain(arena_print(arena, "hacktiv: %s", unkept.beside.text), utf8);
	if (unkept.count)
		complain(arena_print(arena, "hacktiv: %s", unkept.why.text), utf8);
	for (size_t at = 0; at < unkept.count; at++) {
		const struct wish_view wish = { .row = &unkept.wishes[at], .trouble = true, .perhaps_kept = unkept.perhaps_kept };
		complain(arena_print(arena, "hacktiv: %s", wish_words_brief(arena, &wish)), utf8);
	}
	arena_free(arena);
}

static int run_session(const struct config *config, const struct arguments *arguments, const struct command *command,
                       const struct demo *demo, bool utf8, struct leaving *leaving)
{
	struct run_options options = options_of(arguments, utf8);
	struct session_setup setup = { .config = config, .store_path = demo ? demo_store_path(demo) : NULL,
		.may_stay_behind = leaving->porter != 0, .shared = arguments->kiosk };
	struct problem why = { .kind = PROBLEM_NONE };
	if (!clock_from_environment(&setup.clock, &why))
		return cli_refuse_run(&options, EXIT_USAGE, &why, NULL);
	struct session *session = session_new(&setup, &why);
	if (!session)
		return cli_refuse_run(&options, EXIT_FAILURE, &why, NULL);
	int status;
	if (demo && !demo_log_in(demo, session, &why))
		status = cli_refuse_run(&options, EXIT_UNREACHABLE, &why, NULL);
	else if (command)
		status = cli_run(session, config, &options, command, arguments->words + 1, arguments->word_count - 1);
	else
		status = run_face(session, config, arguments, &options);
	char *rest;
	tell_sites(leaving, session, status);
	leaving->at_work = session_leave(session, &rest);
	take_leave(rest, utf8);
	free(rest);
	return status;
}

static int run(struct config *config, const struct arguments *arguments, const struct command *command,
               const char *program, bool utf8)
{
	struct leaving leaving = { .porter = porter_start() };
	struct run_options options = options_of(arguments, utf8);
	struct demo *demo = NULL;
	struct problem why = { .kind = PROBLEM_NONE };
	if (arguments->kiosk && !may_be_kiosk(arguments, &why))
		return cli_refuse_run(&options, EXIT_USAGE, &why, NULL);
	if (arguments->kiosk)
		config_use_for_all(config);
	if (arguments->demo) {
		demo = demo_start(config, program, arguments->reset, &why);
		if (!demo)
			return cli_refuse_run(&options, EXIT_FAILURE, &why, NULL);
	}
	int status = run_session(config, arguments, command, demo, utf8, &leaving);
	demo_stop(demo);
	fflush(stdout);
	if (leaving.at_work) {
		stay(&leaving, status);
		write_down(leaving.at_work, utf8);
	} else if (!leaving.stays) {
		porter_take_leave(leaving.porter, status);
	}
	return status;
}

static int refuse_command(const struct run_options *options, const char *name)
{
	struct problem why;
	const char *near = command_nearest(name);
	if (near)
		problem_set(&why, PROBLEM_INVALID, "command", _("“%1$s” is not a command; perhaps “%2$s” was meant. Try hacktiv --help."), name, near);
	else
		problem_set(&why, PROBLEM_INVALID, "command", _("“%s” is not a command. Try hacktiv --help."), name);
	return cli_refuse_run(options, EXIT_USAGE, &why, near);
}

/* What hacktiv says of itself to programs: raw UTF-8, for it is kept and read in other places than this. */
static const struct { const char *name, *choices; const char *(*text)(struct arena *arena, const char *choice); } accounts[] = {
	{ "completion", "bash, zsh, fish", completion_script },
	{ "manual", "commands, options, keys", manual_part },
};

/* The row of `accounts` that is asked for; -1 for none. */
static int find_account(const struct arguments *arguments)
{
	for (size_t at = 0; arguments->word_count && at < COUNT_OF(accounts); at++) {
		if (strcmp(arguments->words[0], accounts[at].name) == 0)
			return (int)at;
	}
	return -1;
}

static int print_account(struct arena *arena, int account, const struct arguments *arguments, bool utf8)
{
	const char *text = arguments->word_count == 2 ? accounts[account].text(arena, arguments->words[1]) : NULL;
	if (text)
		return print_text(arena, text, true);
	struct run_options options = options_of(arguments, utf8);
	struct problem why;
	problem_set(&why, PROBLEM_INVALID, accounts[account].name, _("After “hacktiv %1$s” one of these was expected: %2$s."),
	            accounts[account].name, accounts[account].choices);
	return cli_refuse_run(&options, EXIT_USAGE, &why, NULL);
}

static int decide(struct arena *arena, struct config *config, struct arguments *arguments, const char *program, bool utf8)
{
	struct run_options options = options_of(arguments, utf8);
	struct problem why;
	if (arguments->version)
		return print_text(arena, "hacktiv " HACKTIV_VERSION "\n", utf8);
	const struct command *command = arguments->word_count ? command_find(arguments->words[0]) : NULL;
	if (command && command->view == VIEW_HELP) {
		arguments->help = true;
		const char *about = arguments->word_count > 1 ? arguments->words[1] : "demo";
		command = command_find(about);
		if (!command && strcmp(about, "demo") != 0 && strcmp(about, "completion") != 0)
			return refuse_command(&options, about);
	}
	if (arguments->help)
		return print_text(arena, usage_text(arena, command), utf8);
	int account = find_account(arguments);
	if (account >= 0)
		return print_account(arena, account, arguments, utf8);
	if (arguments->word_count && !command)
		return refuse_command(&options, arguments->words[0]);
	if (command && !(command->flags & IN_SHELL)) {
		problem_set(&why, PROBLEM_INVALID, "command", _("“%s” works on the screen only."), command->name);
		return cli_refuse_run(&options, EXIT_USAGE, &why, NULL);
	}
	for (size_t at = 0; at < config->note_count; at++)
		complain(config->notes[at].text, utf8);
	return run(config, arguments, command, program, utf8);
}

int main(int argc, char **argv)
{
	prepare_process();
	struct arena *arena = arena_new();
	struct arguments arguments;
	struct config config;
	arguments_read(arena, argc, argv, &arguments, NULL);
	bool utf8 = load_language(&config, &arguments);

	struct problem why = { .kind = PROBLEM_NONE };
	const char *log = getenv("HACKTIV_LOG");
	bool right = arguments_read(arena, argc, argv, &arguments, &why) &&
	             (!log || !*log || log_open(log, LOG_LEVEL_DEBUG, &why) || problem_prefix(&why, "HACKTIV_LOG"));
	struct run_options options = options_of(&arguments, utf8);
	int status = right ? decide(arena, &config, &arguments, argc > 0 ? argv[0] : "hacktiv", utf8)
	                   : cli_refuse_run(&options, EXIT_USAGE, &why, NULL);
	config_clear(&config);
	log_close();
	arena_free(arena);
	return status;
}
