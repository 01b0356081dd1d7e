/* postgres_schema.c — our tables in a PostgreSQL database: a schema of our own, so that other programs' tables may lie beside it, that
 * the right to make tables is asked for in one place, and that a back-up or a removal is one word.
 *
 * Table format says whose they are and which migrations were made. Several instances may start at once: each migration is a
 * transaction that first locks that table's row, and does nothing when another was first. */
#include "postgres.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define APPLICATION "hacktivd"
#define FIRST_TRIES 5
#define STARTING "hacktivd starting"      /* application_name of those who will look at the format once more */

static bool said(PGconn *wire, const PGresult *result, struct problem *why)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	return problem_set(why, PROBLEM_IO, "--database", "PostgreSQL says: %s", message ? message : PQerrorMessage(wire));
}

/* `result` may be NULL. */
static bool run(PGconn *wire, const char *text, struct problem *why)
{
	PGresult *result = PQexec(wire, text);
	ExecStatusType status = PQresultStatus(result);
	/* A migration may be empty. */
	bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY || said(wire, result, why);
	PQclear(result);
	return done;
}

/* One number; NULL columns and no row are -1. */
static bool number_of(PGconn *wire, const char *text, int64_t *number, struct problem *why)
{
	PGresult *result = PQexec(wire, text);
	bool got = PQresultStatus(result) == PGRES_TUPLES_OK || said(wire, result, why);
	*number = got && PQntuples(result) == 1 && !PQgetisnull(result, 0, 0) ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : -1;
	PQclear(result);
	return got;
}

static bool refuse(PGconn *wire, struct problem *why)
{
	return problem_set(why, PROBLEM_REFUSED, "--database",
	                   "The schema " POSTGRES_SCHEMA " of the database %s is not hacktivd's. It was left as it is; name another database.",
	                   PQdb(wire));
}

/* A schema of our name without our table, or with another's mark in it, is somebody else's. */
static bool is_for_us(PGconn *wire, struct problem *why)
{
	int64_t tables, ours, marked = 1, version = 0;
	if (!number_of(wire, "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
	               " WHERE n.nspname = '" POSTGRES_SCHEMA "'", &tables, why) ||
	    !number_of(wire, "SELECT count(*) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
	               " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '" POSTGRES_SCHEMA "'"
	               " AND c.relname = 'format' AND a.attname IN ('application', 'version')", &ours, why))
		return false;
	if (ours == 0 && tables == 0)
		return true;
	if (ours != 2)
		return refuse(wire, why);
	if (!number_of(wire, "SELECT count(*) FROM " POSTGRES_SCHEMA ".format WHERE application <> '" APPLICATION "'", &marked, why) ||
	    !number_of(wire, "SELECT max(version) FROM " POSTGRES_SCHEMA ".format", &version, why))
		return false;
	if (marked > 0)
		return refuse(wire, why);
	if (version > (int64_t)schema_steps)
		return problem_set(why, PROBLEM_REFUSED, "--database",
		                   "The database %s was written by a newer hacktivd (format %lld, this one knows %lld). It was left as it is; "
		                   "use the newer program.",
		                   PQdb(wire), (long long)version, (long long)schema_steps);
	return true;
}

/* IF NOT EXISTS still fails for one of two that look at the same instant: whoever was second looks again. */
static bool make_first(PGconn *wire, struct problem *why)
{
	for (int try = 1;; try++) {
		problem_clear(why);
		if (run(wire, "BEGIN; CREATE SCHEMA IF NOT EXISTS " POSTGRES_SCHEMA ";"
		        "CREATE TABLE IF NOT EXISTS " POSTGRES_SCHEMA ".format (application TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL);"
		        "INSERT INTO " POSTGRES_SCHEMA ".format (application, version) VALUES ('" APPLICATION "', 0) ON CONFLICT DO NOTHING; COMMIT;",
		        why))
			return true;
		run(wire, "ROLLBACK", NULL);
		if (try == FIRST_TRIES)
			return false;
	}
}

/* One step at most, then `*moved`. `*version`: what it is by then. */
static bool migrate_once(PGconn *wire, int64_t *version, bool *moved, struct problem *why)
{
	if (!run(wire, "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
	         " SET LOCAL idle_in_transaction_session_timeout = 0", why) ||
	    !number_of(wire, "SELECT version FROM format WHERE application = '" APPLICATION "' FOR UPDATE", version, why))
		return false;
	if (*version >= 0 && *version < (int64_t)schema_steps) {
		if (!run(wire, schema_postgres[*version], why) || !run(wire, "UPDATE format SET version = version + 1", why))
			return false;
		++*version;
		*moved = true;
	}
	return run(wire, "COMMIT", why);
}

/* Whoever is connected saw the format when they came, and writes by that: they come back and look again. All of our role in this database,
 * however they are called, but those that are about to look by themselves. */
static bool send_others_away(PGconn *wire, struct problem *why)
{
	return run(wire, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
	           " AND application_name <> '" STARTING "' AND backend_type = 'client backend' AND pid <> pg_backend_pid()", why);
}

static bool migrate(PGconn *wire, struct problem *why)
{
	int64_t version = 0;
	bool moved = false;
	do {
		if (!migrate_once(wire, &version, &moved, why)) {
			run(wire, "ROLLBACK", NULL);
			return false;
		}
		if (version > (int64_t)schema_steps)     /* a newer one was quicker */
			return is_for_us(wire, why);
	} while (version < (int64_t)schema_steps);
	return !moved || send_others_away(wire, why);
}

static bool make_secret(PGconn *wire, struct problem *why)
{
	unsigned char secret[32];
	randombytes_buf(secret, sizeof secret);
	const char *values[] = { (const char *)secret };
	PGresult *result = PQexecParams(wire, "INSERT INTO setting (name, value) VALUES ('secret', $1) ON CONFLICT DO NOTHING", 1, NULL, values,
	                                &(int){ sizeof secret }, &(int){ 1 }, 0);
	bool made = PQresultStatus(result) == PGRES_COMMAND_OK || said(wire, result, why);
	PQclear(result);
	sodium_memzero(secret, sizeof secret);
	return made;
}

bool postgres_bring_up_to_date(PGconn *wire, struct problem *why)
{
	if (!is_for_us(wire, why))
		return false;
	if (!run(wire, "SET application_name = '" STARTING "'", why) || !make_first(wire, why) || !migrate(wire, why) ||
	    !make_secret(wire, why) || !run(wire, "RESET application_name", why) || !postgres_is_up_to_date(wire, why))
		return why->kind == PROBLEM_REFUSED ? false : problem_prefix(why, "The database %s cannot be brought up to date", PQdb(wire));
	return true;
}

bool postgres_is_up_to_date(PGconn *wire, struct problem *why)
{
	int64_t version;
	if (!number_of(wire, "SELECT version FROM " POSTGRES_SCHEMA ".format WHERE application = '" APPLICATION "'", &version, why))
		return false;
	if (version == (int64_t)schema_steps)
		return true;
	return problem_set(why, PROBLEM_REFUSED, "--database",
	                   "The database %s is in format %lld by now, and this hacktivd writes format %lld: nothing is read or written. %s",
	                   PQdb(wire), (long long)version, (long long)schema_steps,
	                   version > (int64_t)schema_steps ? "A newer one brought it up to date; start that one here too."
	                                                   : "Start this one anew: it brings it up to date.");
}
