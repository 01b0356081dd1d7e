/* postgres.c — the PostgreSQL engine, see engine.h and postgres.h: what an address says, opening and closing. */
#include "postgres.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVER_VERSION_LEAST 150000
#define THREADS_LEAST 4
#define RETRY_MS 500             /* between two attempts to connect: in between, jobs fail at once */

/* What no address may change: how long anything may take, and that a commit is on disk. Whatever is asked is found by a key: so each
 * statement is planned once, for any values, by the indexes (planning took most of the time of a booking), and what the planner thinks
 * of a table that was small when it looked does no harm. */
#define SESSION                                                                                                            \
	"SELECT set_config('search_path', '" POSTGRES_SCHEMA "', false), set_config('client_encoding', 'UTF8', false),"    \
	" set_config('statement_timeout', '5s', false), set_config('lock_timeout', '2s', false),"                          \
	" set_config('idle_in_transaction_session_timeout', '10s', false), set_config('bytea_output', 'hex', false),"      \
	" set_config('standard_conforming_strings', 'on', false), set_config('plan_cache_mode', 'force_generic_plan', false)," \
	" set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false), set_config('synchronous_commit',"     \
	" CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)"

/* The address begins with a scheme of libpq's, and a password in it would be in the list of processes for all to see. libpq's words
 * about an address that is none quote it, so they are not passed on. */
static bool check_address(const char *address, struct problem *why)
{
	PQconninfoOption *options = PQconninfoParse(address, NULL);
	if (!options)
		return problem_set(why, PROBLEM_INVALID, "--database",
		                   "The database's address cannot be read: write postgresql://USER@HOST/NAME, for example "
		                   "postgresql://hacktivd@localhost/hacktiv.");
	bool secret = false;
	for (PQconninfoOption *option = options; option->keyword; option++)
		secret |= strcmp(option->keyword, "password") == 0 && option->val && *option->val;
	PQconninfoFree(options);
	return !secret || problem_set(why, PROBLEM_REFUSED, "--database",
	                              "The address holds a password, which every user of this machine can see. Write it into a file that "
	                              "PGPASSFILE names, or a service file (PGSERVICEFILE), readable by hacktivd alone.");
}

/* libpq's words, as one line. */
static void say_connection(PGconn *wire, struct problem *why)
{
	char words[400];
	snprintf(words, sizeof words, "%s", PQerrorMessage(wire));
	for (char *end; (end = strchr(words, '\n')); )
		*end = end[1] ? ' ' : '\0';
	problem_set(why, PROBLEM_IO, "--database", "PostgreSQL cannot be reached: %s", words);
}

static bool set_up(PGconn *wire, struct problem *why)
{
	if (PQserverVersion(wire) < SERVER_VERSION_LEAST)
		return problem_set(why, PROBLEM_REFUSED, "--database", "This PostgreSQL is version %d; hacktivd needs 15 or newer.",
		                   PQserverVersion(wire) / 10000);
	const char *encoding = PQparameterStatus(wire, "server_encoding");
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return problem_set(why, PROBLEM_REFUSED, "--database", "The database %s is not in UTF-8 but in %s: make one with ENCODING 'UTF8'.",
		                   PQdb(wire), encoding ? encoding : "an unknown encoding");
	PGresult *result = PQexec(wire, SESSION);
	bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
	PQclear(result);
	if (!done)
		say_connection(wire, why);
	return done;
}

/* A notice says what was there already. */
static void say_nothing(void *context, const char *message)
{
	(void)context;
	(void)message;
}

/* One that brings the database to a newer format sends away whoever is connected by then: they come back and look again. */
#define DIAL_TRIES 5

/* `look` is the last to see whether it is as it should be. NULL: `why` says it. */
static PGconn *dial(const char *address, bool (*look)(PGconn *wire, struct problem *why), struct problem *why)
{
	/* What comes before the address is a default, what comes after it is not to be changed. A line that was cut is found out within
	 * 5 s of what is sent on it, and within 15 s where nothing is (the second question goes unanswered): before anybody waits for it. */
	const char *const names[] = { "application_name", "connect_timeout", "tcp_user_timeout", "keepalives_idle", "keepalives_interval",
		"dbname", "target_session_attrs", "options", NULL };
	const char *const values[] = { "hacktivd", "2", "5000", "10", "5", address, "read-write", "", NULL };
	for (int try = 1;; try++) {
		problem_clear(why);
		PGconn *wire = PQconnectdbParams(names, values, 1);
		PQsetNoticeProcessor(wire, say_nothing, NULL);
		bool connected = PQstatus(wire) == CONNECTION_OK;
		if (!connected)
			say_connection(wire, why);
		else if (set_up(wire, why) && look(wire, why))
			return wire;
		bool sent_away = connected && PQstatus(wire) == CONNECTION_BAD;
		PQfinish(wire);
		if (!sent_away || try == DIAL_TRIES)
			return NULL;
	}
}

bool postgres_connect(struct postgres_connection *connection, struct problem *why)
{
	if (connection->wire) {
		wire_forget_trouble(connection);
		return true;
	}
	struct postgres_db *db = connection->db;
	if (clock_monotonic_ms() < atomic_load(&db->retry_at_ms))
		return problem_set(why, PROBLEM_IO, "--database", "PostgreSQL was out of reach a moment ago.");
	PGconn *wire = dial(db->address, postgres_is_up_to_date, why);
	atomic_store(&db->retry_at_ms, wire ? 0 : clock_monotonic_ms() + RETRY_MS);
	if (!wire)
		return false;
	wire_begin(connection, wire);
	return true;
}

static size_t threads_wanted(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores > THREADS_LEAST / 2 ? 2 * (size_t)cores : THREADS_LEAST;
}

static void postgres_close(struct db *base)
{
	struct postgres_db *db = (struct postgres_db *)base;
	if (db->threads_running)
		postgres_jobs_end(db);
	for (size_t i = 0; i < db->thread_count; i++)
		wire_end(&db->threads[i].connection);
	free(db->threads);
	free(db->address);
	free(db);
}

static struct db *postgres_open(const char *address, enum db_mode mode, struct problem *why)
{
	if (!check_address(address, why))
		return NULL;
	PGconn *wire = dial(address, mode == DB_TO_SERVE ? postgres_bring_up_to_date : postgres_is_up_to_date, why);
	if (!wire)
		return NULL;
	struct postgres_db *db = memory_get(sizeof *db);
	db->base.engine = &postgres_engine;
	atomic_store(&db->base.healthy, true);
	db->address = memory_copy_text(address);
	db->thread_count = threads_wanted();
	db->writers_most = db->thread_count - db->thread_count / 4;
	db->threads = memory_get(db->thread_count * sizeof *db->threads);
	for (size_t i = 0; i < db->thread_count; i++)
		db->threads[i] = (struct pool_thread){ .db = db, .connection = { .db = db } };
	wire_begin(&db->threads[0].connection, wire);
	postgres_jobs_start(db);
	return &db->base;
}

const struct engine postgres_engine = { "postgresql:", postgres_open, postgres_close, postgres_read, postgres_write,
	postgres_waiting };
