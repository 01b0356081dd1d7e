/* rows.c — what PostgreSQL alone makes of the rows of bookings: no HTTP, nothing asked, nothing judged.
 *
 * rows ADDRESS COUNT BATCH: in a database that hacktivd made and a network was imported into, writes the rows of COUNT bookings of half a
 * day, over one connection in pipeline mode and BATCH of them in a transaction, as hacktivd does for one space. Prints the seconds it took. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ID "('0193a1f2-7a10-7c3e-9f00-' || lpad($4::text, 12, '0'))"
#define NOW "1784093400"

/* $1 space, $2 place, $3 member, $4 number of the booking, $5 its first quarter of an hour. */
static const char *const statements[] = {
	"INSERT INTO ledger SELECT $1, " NOW ", " ID " || '.1.2', 'booking', 'price', $3, " ID ", '', '2026-07-20', 0, 800, 210, 968",
	"INSERT INTO idem SELECT $1, $3, " ID ", sha256($4::text::bytea), 201, repeat('x', 900), '/v1/spaces/' || $1 || '/bookings/' || " ID
	", '\"1\"', " NOW,
	"INSERT INTO booking (space_id, id, resource_id, unit, member_id, date, part, from_minute, until_minute, start_at, end_at, state,"
	" cancel_until, net_cents, vat_permille, gross_cents, created_at) SELECT $1, " ID ", $2, 1, $3, '2026-07-20', 'am', 0, 0, $5::bigint * 900,"
	" $5::bigint * 900 + 18000, 'confirmed', 0, 800, 210, 968, " NOW,
	"INSERT INTO slot SELECT $1, $2, 1, $5::bigint + unit - 1, " ID " FROM pool_unit WHERE unit <= 20 ORDER BY unit",
	"INSERT INTO change_log SELECT $1, $4::bigint, " NOW ", 'booking.created', " ID ", 1, $2",
	"INSERT INTO audit SELECT $1, $4::bigint, " NOW ", $3, 'booking.created', " ID ", '0193a1f2-7a10-7c3e-9f00-000000000000'",
};
#define STATEMENTS (sizeof statements / sizeof *statements)

static void give_up(PGconn *wire)
{
	fprintf(stderr, "rows: %s\n", PQerrorMessage(wire));
	exit(1);
}

static PGresult *ask(PGconn *wire, const char *text)
{
	PGresult *result = PQexec(wire, text);
	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		give_up(wire);
	return result;
}

/* Until the server has answered all that was sent. */
static void wait_for_all(PGconn *wire)
{
	PQpipelineSync(wire);
	for (;;) {
		PGresult *result = PQgetResult(wire);
		ExecStatusType status = result ? PQresultStatus(result) : PGRES_COMMAND_OK;
		PQclear(result);
		if (status == PGRES_PIPELINE_SYNC)
			return;
		if (status != PGRES_COMMAND_OK)
			give_up(wire);
	}
}

static void send_one(PGconn *wire, const char *name, int count, const char *const *values)
{
	if (!PQsendQueryPrepared(wire, name, count, values, NULL, NULL, 0))
		give_up(wire);
}

static void prepare(PGconn *wire)
{
	static const Oid texts[] = { 25, 25, 25, 25, 25 };
	char name[16];
	for (size_t i = 0; i < STATEMENTS; i++) {
		snprintf(name, sizeof name, "s%zu", i);
		PQclear(PQprepare(wire, name, statements[i], 5, texts));
	}
	PQclear(PQprepare(wire, "begin", "BEGIN", 0, NULL));
	PQclear(PQprepare(wire, "count", "UPDATE feed SET seq = $2::bigint WHERE space_id = $1", 0, NULL));
	PQclear(PQprepare(wire, "commit", "COMMIT", 0, NULL));
}

static void write_rows(PGconn *wire, const PGresult *places, int count, int batch)
{
	char number[16], granule[16], name[16];
	int place_count = PQntuples(places);
	for (int i = 0; i < count; i++) {
		int place = i % place_count;
		const char *values[] = { PQgetvalue(places, place, 0), PQgetvalue(places, place, 1), PQgetvalue(places, place, 2), number, granule };
		snprintf(number, sizeof number, "%d", i + 1);
		snprintf(granule, sizeof granule, "%d", 1982688 + i / place_count * 48);
		if (i % batch == 0)
			send_one(wire, "begin", 0, NULL);
		for (size_t s = 0; s < STATEMENTS; s++) {
			snprintf(name, sizeof name, "s%zu", s);
			send_one(wire, name, 5, values);
		}
		if (i % batch != batch - 1 && i != count - 1)
			continue;
		send_one(wire, "count", 2, (const char *const[]){ values[0], number });
		send_one(wire, "commit", 0, NULL);
		wait_for_all(wire);
	}
}

int main(int count, char **words)
{
	if (count != 4)
		return 2;
	PGconn *wire = PQconnectdb(words[1]);
	if (PQstatus(wire) != CONNECTION_OK)
		give_up(wire);
	PQclear(ask(wire, "SET search_path TO hacktiv"));
	PQclear(ask(wire, "SET plan_cache_mode TO force_generic_plan"));
	PQclear(ask(wire, "SET enable_seqscan TO off"));
	prepare(wire);
	PGresult *places = ask(wire, "SELECT r.space_id, r.id, m.id FROM (SELECT row_number() OVER (ORDER BY id) AS n, * FROM resource) r"
	                             " JOIN (SELECT row_number() OVER (ORDER BY id) AS n, id FROM member) m ON m.n = r.n");
	struct timespec began, ended;
	PQenterPipelineMode(wire);
	clock_gettime(CLOCK_MONOTONIC, &began);
	write_rows(wire, places, (int)strtol(words[2], NULL, 10), (int)strtol(words[3], NULL, 10));
	clock_gettime(CLOCK_MONOTONIC, &ended);
	printf("%.3f\n", (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9);
	PQclear(places);
	PQfinish(wire);
	return 0;
}
