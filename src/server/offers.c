/* offers.c — see offers.h. */
#include "offers.h"

#include <poll.h>
#include <stdlib.h>

#define AT_ONCE 100     /* activities, in one transaction: what is left over is for the next second */

struct offers {
	struct db_job job;           /* first: a job is its offers */
	struct server *server;
	atomic_bool under_way;
	bool due;
};

static void end(struct db_job *job, enum db_end how)
{
	(void)how;
	atomic_store(&((struct offers *)job)->under_way, false);
}

static bool settle(struct db_job *job, struct db_tx *tx)
{
	struct offers *offers = (struct offers *)job;
	return db_settle_offers(tx, clock_now(&offers->server->clock), AT_ONCE, "upkeep");
}

static bool look(struct db_job *job, struct db_tx *tx)
{
	struct offers *offers = (struct offers *)job;
	offers->due = db_offers_are_due(tx, clock_now(&offers->server->clock));
	return false;
}

static void looked(struct db_job *job, enum db_end how)
{
	struct offers *offers = (struct offers *)job;
	struct db *db = offers->server->db;
	offers->job = (struct db_job){ .run = settle, .done = end, .lane = "" };
	if (!offers->due || !db_write(db, &offers->job))
		end(job, how);
}

struct offers *offers_new(struct server *server)
{
	struct offers *offers = memory_get(sizeof *offers);
	offers->server = server;
	return offers;
}

void offers_tick(struct offers *offers)
{
	if (atomic_exchange(&offers->under_way, true))
		return;
	offers->due = false;
	offers->job = (struct db_job){ .run = look, .done = looked, .lane = "" };
	if (!db_read(offers->server->db, &offers->job))
		end(&offers->job, DB_UNDONE);
}

void offers_free(struct offers *offers)
{
	while (atomic_load(&offers->under_way))
		poll(NULL, 0, 5);
	free(offers);
}
