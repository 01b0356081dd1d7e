/* play.c — plays a script of keys to the real program on a terminal, before a real server, and holds its screens against golden ones.
 * Prints TAP.
 *
 *   play SCRIPT LANGUAGE COLUMNSxROWS
 *
 * One command a line; "#" begins a comment; a command with ".fr" or ".40x12" behind it is for that language or size only. What is
 * expected of the screen is waited for, so a script never sleeps. The clock stands still at HACKTIV_NOW.
 *
 *   before run:
 *   env NAME=VALUE    for the program; an empty value unsets
 *   write FILE TEXT   a file in the program's HOME ("\n" is a line's end, "$HOME" that directory)
 *   login             the sample member is logged in
 *   serve             starts hacktivd on the sample network: once more after `stop` (in order) or `kill` (-9)
 *   hold              it holds its breath: takes what is sent, and says nothing; until `release`
 *   sql TEXT          on its database, while it is stopped
 *   ahead SECONDS     so far ahead is the clock by which the program waits; the first time before `run`
 *   run WORDS…        starts hacktiv with these words
 *
 *   key NAME…         Enter Escape Up C-c …, or one letter; after each the cursor must stand on what is chosen
 *   loose             from here on the cursor need not (a screen on which nothing can be chosen);  firm: it must again
 *   type TEXT         as typed at once
 *   wait TEXT         the screen shows it (else the play ends here)        lacks TEXT        it does not show it
 *   cursor TEXT       the hardware cursor stands on a row that shows TEXT
 *   golden NAME       the screen is as golden/SCRIPT.LANGUAGE.SIZE.txt says; RENEW=1 in the environment writes that file instead
 *   resize CxR        signal NAME        hangup          drop              forgets what was written so far
 *   writes N          at most N bytes were written since `drop`
 *   wiped             since then the screen was blanked, with what scrolled away
 *   unwritten TEXT    nothing written since then, or since it was blanked, holds it
 *   clean             nothing written since then turns direction, hides, or speaks to the terminal behind our back
 *   ascii             nothing written since then is anything else
 *   colourless        nothing written since then sets a colour
 *   ends STATUS       the program ends within 3 s with that exit status ("SIGHUP": or by that signal)
 *   restored          the screen is the ordinary one again and the cursor visible
 *
 *   other WORDS…      another member, on another computer, runs hacktiv: it must end well
 *   keys N            no more than N keys were pressed since run, or since it was asked last
 *   shell WORDS…      the same person runs hacktiv from the shell: it must end well
 *   said TEXT         what it wrote then holds TEXT;  unsaid TEXT: it does not
 */
#define _GNU_SOURCE   /* memmem */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "hacktiv/base.h"
#include "picture.h"
#include "stage.h"
#include "terminal.h"

#define WAIT_MS 15000       /* sanitizers on a busy machine */
#define REACT_MS 100        /* a key that does nothing */
#define QUIET_MS 8
#define ESCAPE_MS 80        /* longer than the program waits for the rest of a sequence */
#define SETTLED_MS 300      /* before a golden screen is taken */
#define WORDS_MAX 32
#define SAID_MAX (1u << 20)

struct play {
	const char *script, *language, *size;
	int line, steps, failed, pressed;
	int rows, columns;
	bool loose, over;
	bool ahead;          /* its clock can be put forward */
	size_t blank_at;     /* what was written before that place was blanked */
	struct terminal *terminal;
	struct stage stage;
	struct golden golden;
	struct buffer said;
	struct arena *arena;
};

static void show_screen(struct play *play)
{
	if (!play->terminal)
		return;
	int row, column;
	bool visible;
	terminal_cursor(play->terminal, &row, &column, &visible);
	printf("# the cursor is %s at %d:%d\n", visible ? "visible" : "hidden", row, column);
	for (int at = 0; at < terminal_rows(play->terminal); at++)
		printf("# |%s\n", terminal_row(play->terminal, at));
}

static void told(struct play *play, bool good, const char *what, const char *words)
{
	play->steps++;
	play->failed += !good;
	printf("%s %d - line %d: %s %s\n", good ? "ok" : "not ok", play->steps, play->line, what, words);
}

static void told_of_screen(struct play *play, bool good, const char *what, const char *words)
{
	told(play, good, what, words);
	if (!good)
		show_screen(play);
}

/* What is so only for an instant is not waited for: it holds now, or it will. */
static bool until(struct play *play, bool (*holds)(struct play *play, const char *words), const char *words)
{
	int64_t limit = clock_monotonic_ms() + WAIT_MS;
	while (!holds(play, words)) {
		if (clock_monotonic_ms() >= limit || terminal_has_ended(play->terminal))
			return holds(play, words);
		terminal_let(play->terminal, 20, 20);
	}
	return true;
}

/* ---- what the screen shows ---- */

static bool shows(struct play *play, const char *text)
{
	return terminal_wait_for(play->terminal, text, 0);
}

static bool shows_not(struct play *play, const char *text)
{
	return !shows(play, text);
}

static bool cursor_is_on(struct play *play, const char *text)
{
	int row, column;
	bool visible;
	terminal_cursor(play->terminal, &row, &column, &visible);
	return visible && strstr(terminal_row(play->terminal, row), text);
}

static bool has_focus(struct play *play, const char *unused)
{
	(void)unused;
	return terminal_has_ended(play->terminal) || picture_has_focus(play->terminal);
}

static bool is_golden(struct play *play, const char *name)
{
	size_t length;
	const char *then = golden_find(&play->golden, name, &length);
	struct buffer now;
	buffer_init(&now, SAID_MAX);
	picture_take(play->terminal, &now);
	bool same = then && now.length == length && memcmp(now.bytes, then, length) == 0;
	buffer_clear(&now);
	return same;
}

static void do_wait(struct play *play, char *text)
{
	bool good = until(play, shows, text);
	told_of_screen(play, good, "wait", text);
	play->over = !good;
}

static void do_lacks(struct play *play, char *text)
{
	told_of_screen(play, until(play, shows_not, text), "lacks", text);
}

static void do_cursor(struct play *play, char *text)
{
	told_of_screen(play, until(play, cursor_is_on, text), "cursor", text);
}

static void do_golden(struct play *play, char *name)
{
	size_t length = 0;
	const char *then = golden_find(&play->golden, name, &length);
	if (play->golden.renewed)
		terminal_let(play->terminal, WAIT_MS, SETTLED_MS);
	bool good = play->golden.renewed || (then && until(play, is_golden, name));
	struct buffer now;
	buffer_init(&now, SAID_MAX);
	picture_take(play->terminal, &now);
	golden_add(&play->golden, name, &now);
	told(play, good, "golden", name);
	if (!good)
		picture_tell_difference(then ? then : "", length, now.bytes);
	buffer_clear(&now);
}

/* ---- keys ---- */

static const struct { const char *name, *bytes; } keys[] = {
	{ "Enter", "\r" }, { "Escape", "\033" }, { "Tab", "\t" }, { "Space", " " }, { "Backspace", "\177" },
	{ "Up", "\033[A" }, { "Down", "\033[B" }, { "Right", "\033[C" }, { "Left", "\033[D" },
	{ "Home", "\033[H" }, { "End", "\033[F" }, { "PageUp", "\033[5~" }, { "PageDown", "\033[6~" },
	{ "Delete", "\033[3~" }, { "F1", "\033OP" }, { "F2", "\033OQ" }, { "F3", "\033OR" },
	{ "Paste", "\033[200~" }, { "PasteEnd", "\033[201~" },
};

static void press(struct play *play, const char *name)
{
	play->pressed++;
	const char *bytes = name;
	char control[2] = { 0 };
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			bytes = keys[i].bytes;
	}
	if (strncmp(name, "C-", 2) == 0 && name[2]) {
		control[0] = (char)(toupper((unsigned char)name[2]) & 0x1f);
		bytes = control;
	}
	terminal_type(play->terminal, bytes, strlen(bytes));
	if (strcmp(name, "Escape") == 0)
		terminal_let(play->terminal, ESCAPE_MS, ESCAPE_MS);
	terminal_react(play->terminal, REACT_MS, QUIET_MS);
}

static void do_key(struct play *play, char *names)
{
	for (char *save = NULL, *name = strtok_r(names, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
		press(play, name);
		if (!play->loose)
			told_of_screen(play, until(play, has_focus, ""), "the cursor stands on what is chosen after", name);
	}
}

static void do_keys(struct play *play, char *most)
{
	told(play, play->pressed <= strtol(most, NULL, 10), "keys at most", arena_print(play->arena, "%ld: %d", strtol(most, NULL, 10), play->pressed));
	play->pressed = 0;
}

static void do_type(struct play *play, char *text)
{
	terminal_type(play->terminal, text, strlen(text));
	terminal_react(play->terminal, REACT_MS, QUIET_MS);
}

static void do_loose(struct play *play, char *rest)
{
	(void)rest;
	play->loose = true;
}

static void do_firm(struct play *play, char *rest)
{
	(void)rest;
	play->loose = false;
}

/* ---- the program and its terminal ---- */

/* ahead.c; of a sanitizer's runtime, which wants to be the first, that it does not mind. */
static void set_clock_module(struct play *play)
{
	const char *module = getenv("AHEAD_MODULE"), *options = getenv("ASAN_OPTIONS");
	if (!module)
		die("AHEAD_MODULE does not say where the clock is");
	setenv("LD_PRELOAD", module, 1);
	setenv("CLOCK_AHEAD", arena_print(play->arena, "%s/ahead", play->stage.home), 1);
	setenv("ASAN_OPTIONS", arena_print(play->arena, "%s:verify_asan_link_order=0:detect_leaks=0", options ? options : ""), 1);
}

static void do_ahead(struct play *play, char *seconds)
{
	play->ahead = true;
	stage_write(&play->stage, "ahead", seconds);
	if (!play->terminal)
		return;
	terminal_signal(play->terminal, SIGWINCH);
	terminal_react(play->terminal, REACT_MS, QUIET_MS);
}

static void do_run(struct play *play, char *rest)
{
	char *words[WORDS_MAX] = { getenv("HACKTIV") };
	size_t count = 1;
	for (char *save = NULL, *word = strtok_r(rest, " ", &save); word && count + 1 < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		words[count++] = word;
	if (!words[0])
		die("HACKTIV does not say where hacktiv is");
	terminal_free(play->terminal);
	play->pressed = 0;
	if (play->ahead)
		set_clock_module(play);
	play->terminal = terminal_start(words, play->rows, play->columns);
	unsetenv("LD_PRELOAD");
}

static void do_env(struct play *play, char *rest)
{
	(void)play;
	char *value = strchr(rest, '=');
	if (!value)
		die("env NAME=VALUE: %s", rest);
	*value++ = '\0';
	if (*value)
		setenv(rest, value, 1);
	else
		unsetenv(rest);
}

static void do_resize(struct play *play, char *rest)
{
	int columns, rows;
	if (sscanf(rest, "%dx%d", &columns, &rows) != 2)
		die("resize COLUMNSxROWS: %s", rest);
	terminal_resize(play->terminal, rows, columns);
	terminal_react(play->terminal, REACT_MS, QUIET_MS);
}

static int signal_number(const char *name)
{
	static const struct { const char *name; int number; } signals[] = {
		{ "SIGTERM", SIGTERM }, { "SIGHUP", SIGHUP }, { "SIGINT", SIGINT }, { "SIGCONT", SIGCONT },
		{ "SIGTSTP", SIGTSTP }, { "SIGQUIT", SIGQUIT }, { "SIGKILL", SIGKILL }, { "SIGSEGV", SIGSEGV }, { "SIGABRT", SIGABRT },
	};
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	}
	die("no signal %s", name);
}

static void do_signal(struct play *play, char *name)
{
	terminal_signal(play->terminal, signal_number(name));
	terminal_react(play->terminal, REACT_MS, QUIET_MS);
}

static void do_hangup(struct play *play, char *rest)
{
	(void)rest;
	terminal_hang_up(play->terminal);
}

static void do_drop(struct play *play, char *rest)
{
	(void)rest;
	terminal_let(play->terminal, WAIT_MS, SETTLED_MS);
	terminal_forget(play->terminal);
	play->blank_at = 0;
}

static void do_ends(struct play *play, char *wanted)
{
	int status = 0;
	bool ended = terminal_wait_end(play->terminal, 3000, &status);
	bool by_signal = strncmp(wanted, "SIG", 3) == 0;
	bool good = ended && (by_signal ? WIFSIGNALED(status) && WTERMSIG(status) == signal_number(wanted)
	                                : WIFEXITED(status) && WEXITSTATUS(status) == (int)strtol(wanted, NULL, 10));
	told(play, good, "ends", wanted);
	if (!good) {
		printf("# %s, status 0x%x\n", ended ? "ended" : "still running", (unsigned)status);
		show_screen(play);
	}
}

/* ---- the bytes it wrote ---- */

static bool wrote(struct play *play, const char *sequence)
{
	size_t length;
	const char *bytes = terminal_bytes(play->terminal, &length);
	return memmem(bytes, length, sequence, strlen(sequence));
}

static void do_writes(struct play *play, char *rest)
{
	size_t length;
	terminal_bytes(play->terminal, &length);
	told(play, length <= strtoul(rest, NULL, 10), "writes at most", arena_print(play->arena, "%s bytes: %zu", rest ? rest : "", length));
}

static void do_unwritten(struct play *play, char *text)
{
	size_t length;
	const char *bytes = terminal_bytes(play->terminal, &length);
	told(play, !memmem(bytes + play->blank_at, length - play->blank_at, text, strlen(text)), "unwritten", text);
}

static void do_wiped(struct play *play, char *rest)
{
	(void)rest;
	static const char wipe[] = "\033[H\033[2J\033[3J";
	size_t length;
	const char *bytes = terminal_bytes(play->terminal, &length);
	const char *blank = memmem(bytes, length, wipe, sizeof wipe - 1);
	play->blank_at = blank ? (size_t)(blank - bytes) : play->blank_at;
	told(play, blank, "wiped", "");
}

/* ncurses gives a terminal its own colours back when it begins: that ends in a bell, which is not heard. */
static bool rings(struct play *play)
{
	static const char colours[] = "\033]104\007";
	size_t length, own = sizeof colours - 1;
	const char *bytes = terminal_bytes(play->terminal, &length);
	for (const char *at = bytes; (at = memchr(at, '\007', length - (size_t)(at - bytes))); at++) {
		size_t before = (size_t)(at - bytes) + 1;
		if (before < own || memcmp(at + 1 - own, colours, own) != 0)
			return true;
	}
	return false;
}

/* Sequences a stranger's text would carry; the program itself has no use for any of them. */
static void do_clean(struct play *play, char *rest)
{
	(void)rest;
	static const char *const never[] = {
		"\033]52;", "\033]8;", "\033]0;", "\033[6n", "\xe2\x80\xae", "\xe2\x80\xad", "\xe2\x81\xa6", "\xe2\x80\x8b", "\xc2\x9b", "\033]4;", "\033P",
	};
	size_t at = 0;
	while (at < COUNT_OF(never) && !wrote(play, never[at]))
		at++;
	bool good = at == COUNT_OF(never) && !rings(play);
	told(play, good, "clean", good ? "" : arena_print(play->arena, "(forbidden sequence %zu)", at));
}

static void do_ascii(struct play *play, char *rest)
{
	(void)rest;
	size_t length, at = 0;
	const char *bytes = terminal_bytes(play->terminal, &length);
	while (at < length && (unsigned char)bytes[at] < 0x80)
		at++;
	told(play, at == length, "ascii", "");
}

static void do_colourless(struct play *play, char *rest)
{
	(void)rest;
	bool good = true;
	for (char digit = '0'; digit <= '7'; digit++)
		good = good && !wrote(play, arena_print(play->arena, "\033[3%cm", digit)) &&
		       !wrote(play, arena_print(play->arena, ";3%cm", digit));
	told(play, good, "colourless", "");
}

static void do_restored(struct play *play, char *rest)
{
	(void)rest;
	int row, column;
	bool visible;
	terminal_cursor(play->terminal, &row, &column, &visible);
	bool left = wrote(play, "\033[?1049l") || !wrote(play, "\033[?1049h");
	told(play, left && visible, "restored", left ? visible ? "" : "the cursor is hidden" : "the other screen is still shown");
}

/* ---- around the program ---- */

static void do_write(struct play *play, char *rest)
{
	char *text = strchr(rest, ' ');
	if (!text)
		die("write FILE TEXT: %s", rest);
	*text++ = '\0';
	stage_write(&play->stage, rest, text);
}

static void do_login(struct play *play, char *rest)
{
	(void)rest;
	stage_sign_in(&play->stage);
}

static void do_serve(struct play *play, char *rest)
{
	(void)rest;
	stage_serve(&play->stage);
}

static void do_stop(struct play *play, char *rest)
{
	(void)rest;
	stage_stop(&play->stage, SIGTERM);
}

static void do_kill(struct play *play, char *rest)
{
	(void)rest;
	stage_stop(&play->stage, SIGKILL);
}

static void do_hold(struct play *play, char *rest)
{
	(void)rest;
	kill(play->stage.server, SIGSTOP);
}

static void do_release(struct play *play, char *rest)
{
	(void)rest;
	kill(play->stage.server, SIGCONT);
}

static void do_sql(struct play *play, char *text)
{
	stage_sql(&play->stage, text);
}

static void client(struct play *play, enum stage_person person, const char *words)
{
	buffer_reset(&play->said);
	int status = stage_client(&play->stage, person, words, &play->said);
	told(play, status == 0, "hacktiv", words);
	if (status != 0)
		printf("# status %d: %s\n", status, play->said.bytes);
}

static void do_other(struct play *play, char *words)
{
	client(play, STAGE_OTHER, words);
}

static void do_shell(struct play *play, char *words)
{
	client(play, STAGE_SAME, words);
}

static void told_of_said(struct play *play, bool good, const char *what, const char *text)
{
	told(play, good, what, text);
	if (!good)
		printf("# %s\n", play->said.bytes);
}

static void do_said(struct play *play, char *text)
{
	told_of_said(play, strstr(play->said.bytes, text), "said", text);
}

static void do_unsaid(struct play *play, char *text)
{
	told_of_said(play, !strstr(play->said.bytes, text), "unsaid", text);
}

/* ---- the script ---- */

static const struct {
	const char *name;
	void (*act)(struct play *play, char *rest);
	bool of_screen;   /* comes after run */
} commands[] = {
	{ "env", do_env, false }, { "write", do_write, false }, { "login", do_login, false }, { "run", do_run, false },
	{ "serve", do_serve, false }, { "stop", do_stop, false }, { "kill", do_kill, false },
	{ "hold", do_hold, false }, { "release", do_release, false }, { "sql", do_sql, false },
	{ "other", do_other, false }, { "shell", do_shell, false }, { "said", do_said, false }, { "unsaid", do_unsaid, false },
	{ "ahead", do_ahead, false }, { "loose", do_loose, false }, { "firm", do_firm, false },
	{ "wait", do_wait, true }, { "lacks", do_lacks, true }, { "cursor", do_cursor, true }, { "golden", do_golden, true },
	{ "key", do_key, true }, { "keys", do_keys, true }, { "type", do_type, true }, { "resize", do_resize, true }, { "signal", do_signal, true },
	{ "hangup", do_hangup, true }, { "drop", do_drop, true }, { "writes", do_writes, true }, { "unwritten", do_unwritten, true }, { "wiped", do_wiped, true }, { "clean", do_clean, true },
	{ "ascii", do_ascii, true }, { "colourless", do_colourless, true }, { "ends", do_ends, true }, { "restored", do_restored, true },
};

static void play_line(struct play *play, char *line)
{
	play->line++;
	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return;
	char *rest = line + strcspn(line, " ");
	if (*rest)
		*rest++ = '\0';
	for (char *only; (only = strrchr(line, '.'));) {
		*only++ = '\0';
		if (strcmp(only, play->language) != 0 && strcmp(only, play->size) != 0)
			return;
	}
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (strcmp(commands[i].name, line) != 0)
			continue;
		if (commands[i].of_screen && !play->terminal)
			die("%s:%d: %s comes after run", play->script, play->line, line);
		commands[i].act(play, rest);
		return;
	}
	die("%s:%d: no command %s", play->script, play->line, line);
}

static void play_script(struct play *play)
{
	struct buffer script;
	struct problem why = { 0 };
	if (!path_read(play->script, 65536, &script, &why))
		die("%s", why.text);
	for (char *line = script.bytes; line && !play->over;) {
		char *next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		play_line(play, line);
		line = next;
	}
	buffer_clear(&script);
}

/* golden/my_day.fr.80x24.txt for …/my_day.play */
static const char *golden_path(const struct play *play)
{
	const char *slash = strrchr(play->script, '/');
	const char *name = slash ? slash + 1 : play->script;
	const char *directory = getenv("GOLDEN");
	return arena_print(play->arena, "%s/%.*s.%s.%s.txt", directory ? directory : "golden", (int)strcspn(name, "."), name,
	                   play->language, play->size);
}

int main(int count, char **words)
{
	if (count != 4)
		die("usage: play SCRIPT LANGUAGE COLUMNSxROWS");
	struct play play = { .script = words[1], .language = words[2], .size = words[3], .arena = arena_new() };
	if (sscanf(words[3], "%dx%d", &play.columns, &play.rows) != 2)
		die("a size is COLUMNSxROWS: %s", words[3]);
	const char *renew = getenv("RENEW");
	stage_open(&play.stage, play.arena, play.language);
	golden_open(&play.golden, golden_path(&play), renew && *renew);
	buffer_init(&play.said, SAID_MAX);

	play_script(&play);
	if (!golden_close(&play.golden))
		told(&play, false, "golden", "screens could not be written");
	printf("1..%d\n", play.steps);

	terminal_free(play.terminal);
	stage_close(&play.stage);
	buffer_clear(&play.said);
	arena_free(play.arena);
	return play.failed ? 1 : 0;
}
