/* stage.c — see stage.h. */
#include "stage.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/hacktiv-session-XXXXXX";
static pid_t server;

/* ---- a hacktivd of our own ---- */

const char *in_directory(struct arena *arena, const char *name)
{
	return arena_print(arena, "%s/%s", directory, name);
}

static void become_server(struct arena *arena, int out)
{
	dup2(out, STDOUT_FILENO);
	prctl(PR_SET_PDEATHSIG, SIGKILL);   /* or whoever runs the tests waits for it when one of them was killed */
	execl(getenv("HACKTIVD"), "hacktivd", "serve", "--quiet", "--database", arena_print(arena, "sqlite:%s/db", directory), "--listen",
	      arena_print(arena, "unix:%s/socket", directory), "--sample-data", "--sample-password", in_directory(arena, "password"), NULL);
	_exit(127);
}

/* Returns when it listens; on the data as it was left. */
bool launch_server(void)
{
	struct arena *arena = arena_new();
	int ends[2];
	if (pipe(ends) != 0)
		return false;
	server = fork();
	if (server == 0)
		become_server(arena, ends[1]);
	close(ends[1]);
	char byte = 0;
	while (read(ends[0], &byte, 1) == 1 && byte != '\n')
		;
	close(ends[0]);
	arena_free(arena);
	return byte == '\n';
}

int start_place(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	setenv("HOME", directory, 1);
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CONFIG_HOME");
	setenv("HACKTIV_NOW", STAGE_NOW, 1);
	return 0;
}

int start_server(void **state)
{
	if (start_place(state) != 0)
		return -1;
	struct arena *arena = arena_new();
	path_write_secret(in_directory(arena, "password"), "ouvre-toi", 9, NULL);
	arena_free(arena);
	return launch_server() ? 0 : -1;
}

static void remove_all(const char *path)
{
	struct arena *arena = arena_new();
	DIR *files = opendir(path);
	for (struct dirent *entry = files ? readdir(files) : NULL; entry; entry = readdir(files)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		const char *inner = arena_print(arena, "%s/%s", path, entry->d_name);
		if (unlink(inner) != 0)
			remove_all(inner);
	}
	if (files)
		closedir(files);
	rmdir(path);
	arena_free(arena);
}

void kill_server(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

void stop_only(void)
{
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
}

void hold_server(bool held)
{
	kill(server, held ? SIGSTOP : SIGCONT);
}

/* Closed ones: then all is in the one file. */
void copy_notes(const char *from, const char *to)
{
	struct arena *arena = arena_new();
	struct buffer bytes;
	assert_true(path_read(in_directory(arena, from), 64u << 20, &bytes, NULL));
	assert_true(path_write_secret(in_directory(arena, to), bytes.bytes, bytes.length, NULL));
	buffer_clear(&bytes);
	arena_free(arena);
}

int stop_place(void **state)
{
	(void)state;
	remove_all(directory);
	return 0;
}

int stop_server(void **state)
{
	kill(server, SIGTERM);
	int status;
	waitpid(server, &status, 0);
	stop_place(state);
	return status;
}

void keep_tokens(const struct tokens *tokens)
{
	char *path = tokens_path("essai", NULL), *text = tokens_text(tokens, NULL);
	assert_true(text && path_make_parent(path, NULL) && path_write_secret(path, text, strlen(text), NULL));
	token_forget(text);
	free(path);
}

/* ---- a session on it ---- */

static void open_session(struct stage *stage, const char *notes)
{
	struct session_setup setup = { .config = &stage->config, .store_path = in_directory(stage->arena, notes) };
	assert_true(clock_from_environment(&setup.clock, NULL));
	stage->session = session_new(&setup, NULL);
	assert_non_null(stage->session);
}

void open_stage(struct stage *stage, const char *url, const char *notes)
{
	stage->arena = arena_new();
	config_load(&stage->config, NULL);
	assert_true(config_use_only(&stage->config, "essai", "Essai", url ? url : arena_print(stage->arena, "unix:%s/socket", directory), NULL));
	open_session(stage, notes);
}

void open_stage_with(struct stage *stage, const char *configuration, const char *notes)
{
	stage->arena = arena_new();
	const char *path = in_directory(stage->arena, "stage.cfg");
	assert_true(path_write_secret(path, configuration, strlen(configuration), NULL));
	config_load(&stage->config, path);
	open_session(stage, notes);
}

void close_stage(struct stage *stage)
{
	session_free(stage->session);
	config_clear(&stage->config);
	arena_free(stage->arena);
}

unsigned turn(struct stage *stage)
{
	session_wait(stage->session, NULL, 0, 100);
	return session_turn(stage->session);
}

void settle_down(struct stage *stage)
{
	UNTIL(stage, session_is_quiet(stage->session));
}

void log_in(struct stage *stage)
{
	session_start_network(stage->session);
	if (!session_site(stage->session, 0)->may_book)
		session_log_in(stage->session, 0, "demo", "ouvre-toi");
	UNTIL(stage, session_site(stage->session, 0)->member && !session_bookings(stage->session)->state.asking);
	settle_down(stage);
}
