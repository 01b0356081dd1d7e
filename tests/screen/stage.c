/* stage.c — see stage.h. */
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DATABASE_MAX (64u * 1024u * 1024u)
#define TEXT_MAX 65536u
#define WORDS_MAX 32
#define SITE "reseau"
#define LABEL "Réseau Hacktiv'Ardenne"
#define CONFIG_FILE ".config/hacktiv/config.cfg"
#define SITES "sites = ( { id = \"" SITE "\"; label = \"" LABEL "\"; url = \"unix:$HOME/socket\"; } );\n"

static const char *in_home(const struct stage *stage, const char *name)
{
	return arena_print(stage->arena, "%s/%s", stage->home, name);
}

/* Made by the build: $SAMPLE/sample.db and a token for each of the two persons. */
static const char *in_sample(const struct stage *stage, const char *name)
{
	const char *directory = getenv("SAMPLE");
	if (!directory)
		die("SAMPLE does not say where the sample data is");
	return arena_print(stage->arena, "%s/%s", directory, name);
}

static void copy(const char *from, const char *to)
{
	struct buffer content;
	struct problem why = { 0 };
	if (!path_read(from, DATABASE_MAX, &content, &why) || !path_make_parent(to, &why))
		die("%s", why.text);
	int file = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0 || write(file, content.bytes, content.length) != (ssize_t)content.length || close(file) != 0)
		die("%s: %s", to, strerror(errno));
	buffer_clear(&content);
}

/* ---- the home ---- */

static void set_environment(const struct stage *stage, const char *language)
{
	static const char *const unset[] = { "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "NO_COLOR",
		"ACCESSIBLE", "HACKTIV_URL", "HACKTIV_TOKEN_FILE", "HACKTIV_LOG", "LINES", "COLUMNS", "LANG" };
	for (size_t i = 0; i < COUNT_OF(unset); i++)
		unsetenv(unset[i]);
	setenv("HOME", stage->home, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("LANGUAGE", language, 1);
	setenv("TERM", "xterm-256color", 1);
}

void stage_open(struct stage *stage, struct arena *arena, const char *language)
{
	char pattern[] = "/tmp/hacktiv-play-XXXXXX";
	if (!mkdtemp(pattern))
		die("no directory for HOME: %s", strerror(errno));
	*stage = (struct stage){ .arena = arena, .home = arena_copy_text(arena, pattern) };
	set_environment(stage, language);
	stage_write(stage, ".config/hacktiv/config.cfg",
	            "sites = ( { id = \"" SITE "\"; label = \"" LABEL "\"; url = \"unix:$HOME/socket\"; } );\\n");
	copy(in_sample(stage, "sample.db"), in_home(stage, "network.db"));
}

static pid_t start(char *const *words, int *said)
{
	int ends[2];
	if (pipe(ends) != 0)
		die("pipe: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0) {
		int nothing = open("/dev/null", O_RDWR);
		dup2(nothing, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(words[0], words);
		_exit(127);
	}
	close(ends[1]);
	*said = ends[0];
	return pid;
}

void stage_close(struct stage *stage)
{
	if (stage->server)
		stage_stop(stage, SIGKILL);
	char *words[] = { (char[]){ "rm" }, (char[]){ "-rf" }, arena_copy_text(stage->arena, stage->home), NULL };
	int said;
	pid_t pid = start(words, &said);
	waitpid(pid, NULL, 0);
	close(said);
}

void stage_write(struct stage *stage, const char *name, const char *text)
{
	struct buffer content;
	buffer_init(&content, TEXT_MAX);
	while (*text) {
		bool line_end = strncmp(text, "\\n", 2) == 0, home = strncmp(text, "$HOME", 5) == 0;
		if (home)
			buffer_add_text(&content, stage->home);
		else
			buffer_add(&content, line_end ? "\n" : text, 1);
		text += home ? 5 : line_end ? 2 : 1;
	}
	struct problem why = { 0 };
	const char *path = in_home(stage, name);
	if (!path_make_parent(path, &why) || !path_write_secret(path, content.bytes, content.length, &why))
		die("%s", why.text);
	buffer_clear(&content);
}

void stage_sign_in(struct stage *stage)
{
	copy(in_sample(stage, "demo.token"), in_home(stage, ".local/state/hacktiv/tokens/" SITE));
	/* Said here, it goes first from the first frame on: a play may press a key before the server has told. */
	stage_write(stage, CONFIG_FILE, SITES "home_space = \"ferme\";\n");
}

/* ---- the server ---- */

void stage_serve(struct stage *stage)
{
	char *words[] = {
		getenv("HACKTIV_HACKTIVD"), (char[]){ "serve" }, (char[]){ "--quiet" },
		(char[]){ "--database" }, arena_print(stage->arena, "sqlite:%s/network.db", stage->home),
		(char[]){ "--listen" }, arena_print(stage->arena, "unix:%s/socket", stage->home), NULL,
	};
	if (!words[0])
		die("HACKTIV_HACKTIVD does not say where hacktivd is");
	int said;
	stage->server = start(words, &said);
	char line[256];
	ssize_t length = read(said, line, sizeof line);   /* one line, when it is ready; the pipe's end when it fails */
	if (length <= 0 || strncmp(line, "listening on ", 13) != 0)
		die("hacktivd does not listen");
	close(said);
}

void stage_stop(struct stage *stage, int signal)
{
	kill(stage->server, signal);
	waitpid(stage->server, NULL, 0);
	stage->server = 0;
}

void stage_sql(struct stage *stage, const char *text)
{
	struct problem why = { 0 };
	if (stage->server)
		die("one process alone may write: stop hacktivd first");
	struct sql *sql = sql_open(in_home(stage, "network.db"), SQL_READ_WRITE, &why);
	if (!sql || !sql_run(sql, text, &why))
		die("%s", why.text);
	sql_close(sql);
}

/* ---- from the shell ---- */

int stage_client(struct stage *stage, enum stage_person person, const char *words, struct buffer *said)
{
	char *list[WORDS_MAX] = { getenv("HACKTIV") };
	size_t count = 1;
	for (char *save = NULL, *word = strtok_r(arena_copy_text(stage->arena, words), " ", &save); word && count + 1 < WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		list[count++] = word;
	if (person == STAGE_OTHER) {
		setenv("HOME", in_home(stage, "other"), 1);
		setenv("HACKTIV_URL", arena_print(stage->arena, "unix:%s/socket", stage->home), 1);
		setenv("HACKTIV_TOKEN_FILE", in_sample(stage, "other.token"), 1);
	}
	int out, status = 0;
	pid_t pid = start(list, &out);
	char bytes[4096];
	for (ssize_t got; (got = read(out, bytes, sizeof bytes)) > 0;)
		buffer_add(said, bytes, (size_t)got);
	close(out);
	waitpid(pid, &status, 0);
	setenv("HOME", stage->home, 1);
	unsetenv("HACKTIV_URL");
	unsetenv("HACKTIV_TOKEN_FILE");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
