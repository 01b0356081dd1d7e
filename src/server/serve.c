/* serve.c — see serve.h. */
#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <sodium.h>

#include "answers.h"
#include "farewell.h"
#include "listen.h"
#include "live.h"
#include "metrics.h"
#include "notify.h"
#include "offers.h"
#include "password.h"
#include "reload.h"
#include "route.h"
#include "upkeep.h"
#include "worker.h"

#define TICK_MS 1000
#define FILES_WANTED 4400            /* connections, database, and a few */
#define PASSWORD_FILE_MAX 1024u
#define SAMPLE_LOGIN "demo"

/* The one thing a signal handler may do: a byte into this pipe. */
static int signal_pipe[2] = { -1, -1 };

static void on_signal(int number)
{
	int before = errno;
	unsigned char byte = (unsigned char)number;
	(void)!write(signal_pipe[1], &byte, 1);
	errno = before;
}

static bool prepare_serving(struct problem *why)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_WANTED) {
		files.rlim_cur = files.rlim_max < FILES_WANTED ? files.rlim_max : FILES_WANTED;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (pipe(signal_pipe) != 0)
		return problem_set(why, PROBLEM_IO, NULL, "No pipe can be made: %s.", strerror(errno));
	for (int i = 0; i < 2; i++) {
		fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
		fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
	}
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	return true;
}

#define START_TRIES 3

/* All of it may be done twice. So it is, where the database was lost meanwhile: another hacktivd that starts at the same time and brings it to
 * a newer format sends away who came before. */
static bool write_at_start(struct server *server, bool (*work)(struct db_tx *tx, void *context, struct problem *why), void *context,
                           struct problem *why)
{
	for (int try = 1; !db_write_now(server->db, work, context, why); try++) {
		if (why->kind != PROBLEM_IO || try == START_TRIES)
			return false;
		problem_clear(why);
	}
	return true;
}

/* ---- sample data ------------------------------------------------------------------------------------------------------- */

static bool read_sample_password(const char *path, char hash[crypto_pwhash_STRBYTES], struct problem *why)
{
	struct buffer file;
	if (!path_read_secret(path, PASSWORD_FILE_MAX, &file, why))
		return problem_prefix(why, "--sample-password %s", path);
	size_t length = strcspn(file.bytes, "\r\n");
	bool done = length > 0 ? password_hash(file.bytes, length, hash, why)
	                       : problem_set(why, PROBLEM_INVALID, "--sample-password", "%s is empty: it must hold a password.", path);
	sodium_memzero(file.bytes, file.length);
	buffer_clear(&file);
	return done;
}

struct sample {
	struct server *server;
	const char *password_hash;   /* NULL: none is given */
};

static bool put_sample(struct db_tx *tx, void *context, struct problem *why)
{
	struct sample *sample = context;
	if (!sample_load(tx, &sample->server->clock, sample->server->zones, why))
		return false;
	return !sample->password_hash || db_set_password(tx, SAMPLE_LOGIN, sample->password_hash) ||
	       problem_set(why, PROBLEM_NOT_FOUND, "--sample-password", "This database has no member with the login %s.", SAMPLE_LOGIN);
}

static bool prepare_sample(struct server *server, const struct options *options, struct problem *why)
{
	char hash[crypto_pwhash_STRBYTES];
	struct sample sample = { server, NULL };
	if (options->sample_password) {
		if (!options->sample_data)
			return problem_set(why, PROBLEM_INVALID, "--sample-password", "--sample-password goes with --sample-data.");
		if (!read_sample_password(options->sample_password, hash, why))
			return false;
		sample.password_hash = hash;
	}
	return !options->sample_data || write_at_start(server, put_sample, &sample, why);
}

/* ---- serving ----------------------------------------------------------------------------------------------------------- */

static bool read_secret(struct db_tx *tx, void *context, struct problem *why)
{
	struct server *server = context;
	char epoch[EPOCH_SIZE];
	return (db_secret(tx, server->cursor_secret) && db_epoch(tx, epoch)) ||
	       problem_set(why, PROBLEM_PROTOCOL, "--database", "The database has lost its secret: restore it from a copy.");
}

/* Whoever was erased and is there again: the database was restored from a copy. */
static bool erase_again(struct db_tx *tx, void *context, struct problem *why)
{
	const struct server *server = context;
	int erased = 0;
	if (!db_erase_again(tx, clock_now(&server->clock), &erased))
		return problem_set(why, PROBLEM_IO, "--database", "Those who were erased before could not be erased again.");
	if (erased)
		log_line(LOG_LEVEL_INFO, "erased again after a restore: %d", erased);
	return true;
}

static bool open_server(struct server *server, const struct options *options, struct problem *why)
{
	*server = (struct server){ .sample_data = options->sample_data, .quiet = options->quiet };
	server->proxies = options->proxies;
	server->public_url = options->public_url;
	server->security_contact = options->security_contact;
	if (!clock_from_environment(&server->clock, why))
		return false;
	server->zones = zones_new();
	server->hashing = worker_new();
	server->farewell = farewell_new();
	server->metrics = metrics_new(route_count);
	server->db = db_open(options->database, why);
	if (!server->db || !write_at_start(server, read_secret, server, why) || !write_at_start(server, erase_again, server, why) ||
	    !prepare_sample(server, options, why))
		return false;
	server->live = live_new(server);
	server->answers = answers_new(server->db);
	return true;
}

static void close_server(struct server *server)
{
	farewell_free(server->farewell);
	worker_free(server->hashing);
	live_free(server->live);
	answers_free(server->answers);
	db_close(server->db);
	metrics_free(server->metrics);
	if (server->zones)
		zones_free(server->zones);
}

/* The signal that ended the wait. */
static int wait_for_signal(struct server *server, struct door *door, struct door *inner)
{
	struct upkeep *upkeep = upkeep_new(server);
	struct offers *offers = offers_new(server);
	struct pollfd waiting = { signal_pipe[0], POLLIN, 0 };
	while (poll(&waiting, 1, TICK_MS) <= 0) {
		door_tick(door);
		if (inner)
			door_tick(inner);
		notify("WATCHDOG=1");
		upkeep_tick(upkeep);
		offers_tick(offers);
	}
	upkeep_free(upkeep);
	offers_free(offers);
	unsigned char number = SIGTERM;
	(void)!read(signal_pipe[0], &number, 1);
	return number;
}

static bool open_doors(struct server *server, const struct options *options, struct door **outer, struct door **inner,
                       struct problem *why)
{
	int outer_socket = reload_inherited(SOCKET_OUTER), inner_socket = reload_inherited(SOCKET_INNER);
	if (options->metrics) {
		*inner = door_open(server, options->metrics, inner_socket, DOOR_INNER, why);
		if (!*inner)
			return false;
	}
	*outer = door_open(server, options->listen, outer_socket, options->behind_proxy ? DOOR_OPEN : DOOR_OUTER, why);
	return *outer;
}

static int start_anew(struct server *server, struct door *outer, struct door *inner)
{
	log_line(LOG_LEVEL_INFO, "starting anew");
	notify("RELOADING=1");
	int outer_socket = door_close_keeping_socket(outer), inner_socket = door_close_keeping_socket(inner);
	close_server(server);
	reload_now(outer_socket, inner_socket);
	return EXIT_FAILURE;
}

int serve(char **argv, const struct options *options, struct problem *why)
{
	reload_remember(argv);
	if (!prepare_serving(why))
		return EXIT_FAILURE;
	if (options->log_json)
		log_set_format(LOG_JSON);
	struct server server;
	if (!open_server(&server, options, why)) {
		close_server(&server);
		return EXIT_FAILURE;
	}
	struct door *inner = NULL, *door = NULL;
	if (!open_doors(&server, options, &door, &inner, why)) {
		door_close(inner);
		close_server(&server);
		return EXIT_FAILURE;
	}
	printf("listening on %s\n", door_address(door));
	fflush(stdout);
	notify("READY=1");
	if (wait_for_signal(&server, door, inner) == SIGHUP)
		return start_anew(&server, door, inner);
	notify("STOPPING=1");
	door_close(door);
	door_close(inner);
	close_server(&server);
	return EXIT_SUCCESS;
}
