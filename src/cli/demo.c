/* demo.c — the embedded server on sample data: started by the first demo, joined by the others, stopped after the
 * last.
 *
 * Every demo holds the writing end of one FIFO ("alive"). A keeper, forked from the first demo and cut off from its
 * terminal, holds the reading end and hacktivd as its child: when the last writer is gone (at its end, or killed
 * with -9) the FIFO hangs up and the keeper stops hacktivd. Starting, joining and stopping are done under one lock,
 * so none can meet another half-way. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "demo_keeper.h"
#include "hacktiv/faces.h"

#define LOCK_PATIENCE_MS  20000
#define LOG_IN_PATIENCE_MS 15000
#define TURN_MS 1000
#define PROBE_MS 50
#define LOG_IN_AGAIN_MS 300
#define PASSWORD_MAX 1024u
#define SITE "demo"
#define LOGIN "demo"

struct demo {
	struct arena *arena;
	const char *directory;
	const char *socket;
	int alive;                 /* writing end */
};

static const char *in_directory(const struct demo *demo, const char *name)
{
	return arena_print(demo->arena, "%s/%s", demo->directory, name);
}

/* ---- places ---- */

static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261u;   /* FNV-1a */
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* A directory in a place that others may write to must be a true one and ours. */
static bool is_private_directory(const char *path)
{
	struct stat about;
	return lstat(path, &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid() && !(about.st_mode & 077);
}

/* The name of a socket has about a hundred bytes: a deep home needs another place for it. */
static bool choose_socket(struct demo *demo, struct problem *why)
{
	size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
	demo->socket = in_directory(demo, "socket");
	if (strlen(demo->socket) <= most)
		return true;
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *above = runtime && *runtime == '/' && strlen(runtime) < most - 40 ? runtime : "/tmp";
	const char *place = arena_print(demo->arena, "%s/hacktiv-demo-%lu-%08x", above, (unsigned long)geteuid(),
	                                hash_of(demo->directory));
	if (mkdir(place, 0700) != 0 && errno != EEXIST)
		return problem_set(why, PROBLEM_IO, "socket", _("%1$s cannot be made: %2$s."), place, strerror(errno));
	if (!is_private_directory(place))
		return problem_set(why, PROBLEM_REFUSED, "socket",
		                   _("%s is not a private directory of yours: remove it, or set XDG_RUNTIME_DIR."), place);
	demo->socket = arena_print(demo->arena, "%s/socket", place);
	return true;
}

static bool is_program(const char *path)
{
	struct stat about;
	return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, X_OK) == 0;
}

static const char *directory_of_program(struct arena *arena, const char *beside)
{
	char *whole = realpath("/proc/self/exe", NULL);   /* Linux */
	if (!whole && strchr(beside, '/'))
		whole = realpath(beside, NULL);
	if (!whole)
		return NULL;
	char *slash = strrchr(whole, '/');
	const char *directory = arena_copy_bytes(arena, whole, slash ? (size_t)(slash - whole) : 0);
	free(whole);
	return directory;
}

static const char *search_path(struct arena *arena, const char *name)
{
	for (const char *at = getenv("PATH"); at && *at;) {
		size_t length = strcspn(at, ":");
		const char *here = arena_print(arena, "%.*s/%s", (int)length, at, name);
		if (length && is_program(here))
			return here;
		at += length + (at[length] == ':');
	}
	return NULL;
}

/* Told by the person, installed beside us, in the tree it was built in, or anywhere on the path. */
static const char *find_server(struct arena *arena, const char *beside, struct problem *why)
{
	const char *told = getenv("HACKTIV_HACKTIVD");
	if (told && *told) {
		if (is_program(told))
			return told;
		problem_set(why, PROBLEM_NOT_FOUND, "HACKTIV_HACKTIVD", _("HACKTIV_HACKTIVD: %s is no program."), told);
		return NULL;
	}
	const char *directory = directory_of_program(arena, beside);
	static const char *const places[] = { "hacktivd", "server/hacktivd", "../src/server/hacktivd" };
	for (size_t at = 0; directory && at < COUNT_OF(places); at++) {
		const char *here = arena_print(arena, "%s/%s", directory, places[at]);
		if (is_program(here))
			return here;
	}
	const char *found = search_path(arena, "hacktivd");
	if (!found)
		problem_set(why, PROBLEM_NOT_FOUND, "hacktivd",
		            _("hacktivd, the server, was not found: install it or set HACKTIV_HACKTIVD."));
	return found;
}

/* ---- the lock and the FIFO ---- */

static int take_lock(const struct demo *demo, struct problem *why)
{
	const char *path = in_directory(demo, "lock");
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (lock < 0) {
		problem_set(why, PROBLEM_IO, "lock", _("%1$s cannot be made: %2$s."), path, strerror(errno));
		return -1;
	}
	if (lock_with_patience(lock, LOCK_PATIENCE_MS))
		return lock;
	close(lock);
	problem_set(why, PROBLEM_IO, "lock", _("Another demo has been starting or stopping for too long: %s is held."), path);
	return -1;
}

/* The writing end when a keeper reads, else -1. */
static int open_alive(const struct demo *demo)
{
	return open(in_directory(demo, "alive"), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

static bool is_answered(const struct demo *demo)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	snprintf(address.sun_path, sizeof address.sun_path, "%s", demo->socket);
	int probe = socket(AF_UNIX, SOCK_STREAM, 0);
	bool answered = probe >= 0 && connect(probe, (const struct sockaddr *)&address, sizeof address) == 0;
	if (probe >= 0)
		close(probe);
	return answered;
}

/* A keeper whose server has just died is still there for an instant: it goes by itself, and then a new one may come. */
static int join(const struct demo *demo)
{
	int64_t until = clock_monotonic_ms() + LOCK_PATIENCE_MS;
	for (;;) {
		int alive = open_alive(demo);
		if (alive < 0 || is_answered(demo) || clock_monotonic_ms() >= until)
			return alive;
		close(alive);
		nanosleep(&(struct timespec){ .tv_nsec = PROBE_MS * 1000000L }, NULL);
	}
}

static void remove_old_data(const struct demo *demo)
{
	static const char *const names[] = { "demo.db", "demo.db-wal", "demo.db-shm", "store.db", "store.db-wal", "store.db-shm",
	                                     "store.db.lock", "password" };
	for (size_t at = 0; at < COUNT_OF(names); at++)
		unlink(in_directory(demo, names[at]));
	tokens_remove(SITE, NULL);
}

static bool make_password(const struct demo *demo, struct problem *why)
{
	const char *path = in_directory(demo, "password");
	if (access(path, F_OK) == 0)
		return true;
	unsigned char bytes[16];
	if (getentropy(bytes, sizeof bytes) != 0)
		return problem_set(why, PROBLEM_MISSING, "password", _("The system has no random numbers: %s."), strerror(errno));
	char text[2 * sizeof bytes + 2];
	for (size_t at = 0; at < sizeof bytes; at++)
		snprintf(text + 2 * at, 3, "%02x", bytes[at]);
	text[2 * sizeof bytes] = '\n';
	return path_write_secret(path, text, sizeof text - 1, why);
}

static bool start(struct demo *demo, const char *beside, struct problem *why)
{
	struct keeper keeper = {
		.lock_path = in_directory(demo, "lock"), .log_path = in_directory(demo, "hacktivd.log"),
		.server = find_server(demo->arena, beside, why), .alive = -1,
	};
	if (!keeper.server || !make_password(demo, why))
		return false;
	const char *fifo = in_directory(demo, "alive");
	unlink(fifo);
	if (mkfifo(fifo, 0600) != 0)
		return problem_set(why, PROBLEM_IO, "alive", _("%1$s cannot be made: %2$s."), fifo, strerror(errno));
	keeper.alive = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	demo->alive = open_alive(demo);
	unlink(demo->socket);
	const char *const arguments[] = {
		"hacktivd", "serve", "--quiet", "--database", arena_print(demo->arena, "sqlite:%s", in_directory(demo, "demo.db")),
		"--listen", arena_print(demo->arena, "unix:%s", demo->socket), "--sample-data",
		"--sample-password", in_directory(demo, "password"), NULL,
	};
	keeper.arguments = arguments;
	bool started = demo->alive >= 0 && keeper_start(&keeper, why);
	if (keeper.alive >= 0)
		close(keeper.alive);
	return started;
}

static bool start_or_join(struct demo *demo, const char *beside, bool reset, struct problem *why)
{
	int lock = take_lock(demo, why);
	if (lock < 0)
		return false;
	demo->alive = join(demo);
	bool ready = true;
	if (demo->alive >= 0 && reset)
		ready = problem_set(why, PROBLEM_REFUSED, "reset", _("Another demo is running: leave it first, then begin afresh."));
	else if (demo->alive < 0) {
		if (reset)
			remove_old_data(demo);
		ready = start(demo, beside, why);
	}
	close(lock);
	return ready;
}

struct demo *demo_start(struct config *config, const char *beside, bool reset, struct problem *why)
{
	unsetenv("HACKTIV_TOKEN_FILE");   /* it is for another server */
	char *directory = path_state("demo", why);
	if (!directory)
		return NULL;
	struct arena *arena = arena_new();
	struct demo *demo = arena_get(arena, sizeof *demo);
	*demo = (struct demo){ .arena = arena, .directory = arena_copy_text(arena, directory), .alive = -1 };
	free(directory);
	if (!path_make_directory(demo->directory, why) || !choose_socket(demo, why) ||
	    !start_or_join(demo, beside, reset, why) ||
	    !config_use_only(config, SITE, _("Demo, sample data"), arena_print(arena, "unix:%s", demo->socket), why)) {
		demo_stop(demo);
		return NULL;
	}
	config->home_space = config->usual_desk = "";
	return demo;
}

const char *demo_store_path(const struct demo *demo)
{
	return in_directory(demo, "store.db");
}

void demo_stop(struct demo *demo)
{
	if (!demo)
		return;
	if (demo->alive >= 0)
		close(demo->alive);
	arena_free(demo->arena);
}

/* ---- logging in ---- */

static bool turn_until(struct session *session, int64_t until_ms)
{
	int64_t left_ms = until_ms - clock_monotonic_ms();
	if (left_ms <= 0)
		return false;
	session_wait(session, NULL, 0, left_ms < TURN_MS ? (int)left_ms : TURN_MS);
	session_turn(session);
	return true;
}

static const struct outcome *try_password(struct session *session, const char *password, int64_t until_ms)
{
	session_log_in(session, 0, LOGIN, password);
	while (session_log_in_outcome(session, 0)->kind == OUTCOME_NONE && turn_until(session, until_ms))
		;
	return session_log_in_outcome(session, 0);
}

/* Several demos that begin at once look to the server like somebody guessing, until the first of them is in. */
static bool log_in(const struct demo *demo, struct session *session, int64_t until_ms, struct problem *why)
{
	struct buffer file;
	if (!path_read_secret(in_directory(demo, "password"), PASSWORD_MAX, &file, why))
		return false;
	char *password = memory_copy_text(file.bytes);
	password[strcspn(password, "\r\n")] = '\0';
	memset(file.bytes, 0, file.length);
	buffer_clear(&file);
	const struct outcome *outcome = try_password(session, password, until_ms);
	while (outcome->kind == OUTCOME_THROTTLED && clock_monotonic_ms() + LOG_IN_AGAIN_MS < until_ms) {
		nanosleep(&(struct timespec){ .tv_nsec = LOG_IN_AGAIN_MS * 1000000L }, NULL);
		outcome = try_password(session, password, until_ms);
	}
	secret_forget(password);
	if (outcome->kind == OUTCOME_DONE)
		return true;
	return problem_set(why, PROBLEM_REFUSED, "login", _("The demo could not log in: %s"),
	                   outcome_words(demo->arena, outcome));
}

bool demo_log_in(const struct demo *demo, struct session *session, struct problem *why)
{
	int64_t until_ms = clock_monotonic_ms() + LOG_IN_PATIENCE_MS;
	session_start_network(session);
	do {
		const struct site_view *site = session_site(session, 0);
		switch (site->state) {
		case SITE_UP:   /* what anybody may ask is answered; whether a former run's token is taken is known when all is */
			if (session_is_quiet(session))
				return true;
			break;
		case SITE_LOGIN_NEEDED:
			return log_in(demo, session, until_ms, why);
		case SITE_TROUBLED:
		case SITE_THROTTLED:
		case SITE_UNREACHABLE:
			return problem_set(why, PROBLEM_IO, "hacktivd", "%s", site->problem);
		case SITE_IDLE:
		case SITE_ASKING:
			break;
		}
	} while (turn_until(session, until_ms));
	return problem_set(why, PROBLEM_IO, "hacktivd", _("The embedded server does not answer."));
}
