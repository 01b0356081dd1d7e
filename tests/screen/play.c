/* play.c — plays a script of keys to the real program on a terminal and holds its screens against golden ones. Prints TAP.
 *
 *   play SCRIPT LANGUAGE COLUMNSxROWS
 *
 * One command a line; "#" begins a comment; a command with ".fr" or ".en" is for that language only.
 *
 *   run WORDS…        starts hacktiv ($HACKTIV) with these words; HOME and the XDG places are a fresh directory
 *   env NAME=VALUE    for the program, before run; an empty value unsets
 *   write FILE TEXT   a file in that HOME, before run ("\n" is a line's end)
 *   wait TEXT         until the screen shows it          lacks TEXT      it does not show it
 *   key NAME…         Enter Escape Up C-c …, or one letter; waits until the screen is quiet
 *   type TEXT         as typed at once
 *   cursor TEXT       the hardware cursor stands on a row that shows TEXT
 *   golden NAME       the screen is as golden/NAME.LANGUAGE.SIZE.txt says; RENEW=1 writes that file instead
 *   resize CxR        signal NAME        hangup          drop               forgets what was written so far
 *   writes N          at most N bytes were written since `drop`
 *   clean             nothing written since the start turns direction, hides, or speaks to the terminal behind our back
 *   ends STATUS       the program ends within 3 s with that exit status ("SIGHUP": or by that signal)
 *   restored          the screen is the ordinary one again and the cursor visible
 */
#define _GNU_SOURCE   /* memmem */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hacktiv/base.h"
#include "terminal.h"

#define WAIT_MS 15000       /* sanitizers on a busy machine */
#define QUIET_MS 120
#define WORDS_MAX 32
#define NOW "2026-11-24T07:52:00+01:00"   /* a Tuesday */

struct play {
	const char *script, *language, *golden_directory;
	int line, steps, failed;
	int rows, columns;
	char size[24];
	char *home;
	struct terminal *terminal;
	struct arena *arena;
};

static void told(struct play *play, bool good, const char *what, const char *words)
{
	play->steps++;
	play->failed += !good;
	printf("%s %d - line %d: %s %s\n", good ? "ok" : "not ok", play->steps, play->line, what, words);
}

static void show_screen(struct play *play)
{
	if (!play->terminal)
		return;
	for (int row = 0; row < terminal_rows(play->terminal); row++)
		printf("# |%s\n", terminal_row(play->terminal, row));
}

/* ---- the screen as text ---- */

static void add_weights(struct play *play, struct buffer *text)
{
	for (int row = 0; row < terminal_rows(play->terminal); row++) {
		int columns = terminal_columns(play->terminal);
		for (int column = 0; column < columns;) {
			char weight = terminal_weight(play->terminal, row, column);
			int from = column;
			while (column < columns && terminal_weight(play->terminal, row, column) == weight)
				column++;
			if (weight != '.')
				buffer_print(text, "%c %d:%d-%d\n", weight, row, from, column - 1);
		}
	}
}

static void screen_text(struct play *play, struct buffer *text)
{
	for (int row = 0; row < terminal_rows(play->terminal); row++)
		buffer_print(text, "%s\n", terminal_row(play->terminal, row));
	int row, column;
	bool visible;
	terminal_cursor(play->terminal, &row, &column, &visible);
	buffer_print(text, "---\ncursor %d:%d %s\n", row, column, visible ? "visible" : "hidden");
	add_weights(play, text);
}

static const char *next_line(const char *at)
{
	at += strcspn(at, "\n");
	return *at ? at + 1 : at;
}

static void tell_difference(const char *then, const char *now)
{
	for (; *then || *now; then = next_line(then), now = next_line(now)) {
		int expected = (int)strcspn(then, "\n"), shown = (int)strcspn(now, "\n");
		bool same = expected == shown && memcmp(then, now, (size_t)expected) == 0;
		if (same)
			printf("#   |%.*s\n", shown, now);
		else
			printf("# - |%.*s\n# + |%.*s\n", expected, then, shown, now);
	}
}

static void golden(struct play *play, const char *name)
{
	const char *path = arena_print(play->arena, "%s/%s.%s.%s.txt", play->golden_directory, name, play->language, play->size);
	struct buffer now, then;
	struct problem why = { 0 };
	buffer_init(&now, 1u << 20);
	screen_text(play, &now);
	const char *renew = getenv("RENEW");
	if (renew && *renew) {
		FILE *file = fopen(path, "w");
		bool kept = file && fwrite(now.bytes, 1, now.length, file) == now.length;
		told(play, kept && fclose(file) == 0, "renewed", path);
	} else if (!path_read(path, 1u << 20, &then, &why)) {
		told(play, false, "golden", why.text);
		show_screen(play);
	} else {
		bool same = strcmp(now.bytes, then.bytes) == 0;
		told(play, same, "golden", name);
		if (!same) {
			tell_difference(then.bytes, now.bytes);
		}
		buffer_clear(&then);
	}
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
	terminal_let(play->terminal, WAIT_MS, QUIET_MS);
}

/* ---- commands ---- */

static void run(struct play *play, char *rest)
{
	char *words[WORDS_MAX] = { getenv("HACKTIV") };
	size_t count = 1;
	for (char *save = NULL, *word = strtok_r(rest, " ", &save); word && count + 1 < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		words[count++] = word;
	if (!words[0])
		die("HACKTIV does not say where hacktiv is");
	play->terminal = terminal_start(words, play->rows, play->columns);
}

static void set_environment(char *rest)
{
	char *value = strchr(rest, '=');
	if (!value)
		die("env NAME=VALUE: %s", rest);
	*value++ = '\0';
	if (*value)
		setenv(rest, value, 1);
	else
		unsetenv(rest);
}

static void write_file(struct play *play, char *rest)
{
	char *text = strchr(rest, ' ');
	if (!text)
		die("write FILE TEXT: %s", rest);
	*text++ = '\0';
	struct buffer content;
	buffer_init(&content, 65536);
	for (; *text; text++) {
		bool line_end = text[0] == '\\' && text[1] == 'n';
		buffer_add(&content, line_end ? "\n" : text, 1);
		text += line_end;
	}
	char *path = arena_print(play->arena, "%s/%s", play->home, rest);
	struct problem why = { 0 };
	if (!path_make_parent(path, &why) || !path_write_secret(path, content.bytes, content.length, &why))
		die("%s", why.text);
	buffer_clear(&content);
}

static bool on_screen(struct play *play, const char *text)
{
	return terminal_wait_for(play->terminal, text, 0);
}

static void cursor_on(struct play *play, const char *text)
{
	int row, column;
	bool visible;
	terminal_cursor(play->terminal, &row, &column, &visible);
	bool good = visible && strstr(terminal_row(play->terminal, row), text);
	told(play, good, "cursor on", text);
	if (!good) {
		printf("# the cursor is %s at %d:%d\n", visible ? "visible" : "hidden", row, column);
		show_screen(play);
	}
}

static int signal_number(const char *name)
{
	static const struct { const char *name; int number; } signals[] = {
		{ "SIGTERM", SIGTERM }, { "SIGHUP", SIGHUP }, { "SIGINT", SIGINT }, { "SIGCONT", SIGCONT },
		{ "SIGTSTP", SIGTSTP }, { "SIGKILL", SIGKILL }, { "SIGSEGV", SIGSEGV }, { "SIGABRT", SIGABRT },
	};
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	}
	die("no signal %s", name);
}

static void ends(struct play *play, const char *wanted)
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

/* Sequences a stranger's text would carry; the program itself has no use for any of them. */
static void is_clean(struct play *play)
{
	static const char *const never[] = {
		"\033]52;", "\033]8;", "\033]0;", "\033[6n", "\xe2\x80\xae", "\xe2\x80\xad", "\xe2\x81\xa6", "\xe2\x80\x8b", "\xc2\x9b", "\007",
	};
	size_t length;
	const char *bytes = terminal_bytes(play->terminal, &length);
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		if (memmem(bytes, length, never[i], strlen(never[i]))) {
			told(play, false, "clean", arena_print(play->arena, "forbidden sequence %zu was written", i));
			return;
		}
	}
	told(play, true, "clean", "");
}

static void restored(struct play *play)
{
	size_t length;
	const char *bytes = terminal_bytes(play->terminal, &length);
	int row, column;
	bool visible;
	terminal_cursor(play->terminal, &row, &column, &visible);
	bool left = memmem(bytes, length, "\033[?1049l", 8) || !memmem(bytes, length, "\033[?1049h", 8);
	told(play, left && visible, "restored", left ? visible ? "" : "the cursor is hidden" : "the other screen is still shown");
}

static void command(struct play *play, char *name, char *rest)
{
	if (strcmp(name, "run") == 0) {
		run(play, rest);
	} else if (strcmp(name, "env") == 0) {
		set_environment(rest);
	} else if (strcmp(name, "write") == 0) {
		write_file(play, rest);
	} else if (!play->terminal) {
		die("%s:%d: %s comes after run", play->script, play->line, name);
	} else if (strcmp(name, "wait") == 0) {
		bool good = terminal_wait_for(play->terminal, rest, WAIT_MS);
		terminal_let(play->terminal, 1000, QUIET_MS);
		told(play, good, name, rest);
		if (!good)
			show_screen(play);
	} else if (strcmp(name, "lacks") == 0) {
		bool good = !on_screen(play, rest);
		told(play, good, name, rest);
		if (!good)
			show_screen(play);
	} else if (strcmp(name, "key") == 0) {
		for (char *save = NULL, *key = strtok_r(rest, " ", &save); key; key = strtok_r(NULL, " ", &save))
			press(play, key);
	} else if (strcmp(name, "type") == 0) {
		terminal_type(play->terminal, rest, strlen(rest));
		terminal_let(play->terminal, WAIT_MS, QUIET_MS);
	} else if (strcmp(name, "cursor") == 0) {
		cursor_on(play, rest);
	} else if (strcmp(name, "golden") == 0) {
		golden(play, rest);
	} else if (strcmp(name, "resize") == 0) {
		int columns, rows;
		if (sscanf(rest, "%dx%d", &columns, &rows) != 2)
			die("resize COLUMNSxROWS: %s", rest);
		terminal_resize(play->terminal, rows, columns);
		terminal_let(play->terminal, WAIT_MS, QUIET_MS);
	} else if (strcmp(name, "signal") == 0) {
		terminal_signal(play->terminal, signal_number(rest));
		terminal_let(play->terminal, 1000, QUIET_MS);
	} else if (strcmp(name, "hangup") == 0) {
		terminal_hang_up(play->terminal);
	} else if (strcmp(name, "drop") == 0) {
		terminal_forget(play->terminal);
	} else if (strcmp(name, "writes") == 0) {
		size_t length;
		terminal_bytes(play->terminal, &length);
		told(play, length <= strtoul(rest, NULL, 10), "writes at most", arena_print(play->arena, "%zu bytes", length));
	} else if (strcmp(name, "clean") == 0) {
		is_clean(play);
	} else if (strcmp(name, "ends") == 0) {
		ends(play, rest);
	} else if (strcmp(name, "restored") == 0) {
		restored(play);
	} else {
		die("%s:%d: no command %s", play->script, play->line, name);
	}
}

static void play_line(struct play *play, char *line)
{
	play->line++;
	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return;
	char *rest = line + strcspn(line, " ");
	if (*rest)
		*rest++ = '\0';
	char *only = strchr(line, '.');
	if (only) {
		*only++ = '\0';
		if (strcmp(only, play->language) != 0)
			return;
	}
	command(play, line, rest);
}

static void prepare_home(struct play *play)
{
	char pattern[] = "/tmp/hacktiv-screen-XXXXXX";
	if (!mkdtemp(pattern))
		die("no directory for HOME");
	play->home = arena_copy_text(play->arena, pattern);
	setenv("HOME", play->home, 1);
	setenv("HACKTIV_NOW", NOW, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LANGUAGE", play->language, 1);
	setenv("TERM", "xterm-256color", 1);
	static const char *const unset[] = { "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "NO_COLOR",
		"HACKTIV_URL", "HACKTIV_TOKEN_FILE", "LINES", "COLUMNS", "LANG" };
	for (size_t i = 0; i < COUNT_OF(unset); i++)
		unsetenv(unset[i]);
}

static void remove_home(const struct play *play)
{
	pid_t child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", play->home, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}

int main(int count, char **words)
{
	if (count != 4)
		die("usage: play SCRIPT LANGUAGE COLUMNSxROWS");
	struct play play = { .script = words[1], .language = words[2], .arena = arena_new() };
	play.golden_directory = getenv("GOLDEN") ? getenv("GOLDEN") : "golden";
	if (sscanf(words[3], "%dx%d", &play.columns, &play.rows) != 2)
		die("a size is COLUMNSxROWS: %s", words[3]);
	snprintf(play.size, sizeof play.size, "%dx%d", play.columns, play.rows);
	prepare_home(&play);

	struct buffer script;
	struct problem why = { 0 };
	if (!path_read(play.script, 65536, &script, &why))
		die("%s", why.text);
	for (char *line = script.bytes; line;) {
		char *next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		play_line(&play, line);
		line = next;
	}
	printf("1..%d\n", play.steps);
	terminal_free(play.terminal);
	remove_home(&play);
	buffer_clear(&script);
	arena_free(play.arena);
	return play.failed ? 1 : 0;
}
