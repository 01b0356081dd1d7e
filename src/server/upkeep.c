/* upkeep.c — see upkeep.h. */
#include "upkeep.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>

#define TIDY_EVERY_MS (10 * 60 * 1000)
#define RETIRE_EVERY_MS (60 * 60 * 1000)

struct upkeep {
	struct db_job job;           /* first: a job is its upkeep */
	struct server *server;
	atomic_bool under_way;
	atomic_bool more;            /* to retire */
	atomic_bool more_answers;    /* from `answers` on */
	struct answer_place answers, next_answers;
	bool whole;                  /* this time, all of it, not only answers */
	bool retires;                /* this time */
	int64_t next_ms;             /* monotonic: when it is due again, and when retiring is */
	int64_t retire_ms;
};

static bool tidy_all(struct upkeep *upkeep, struct db_tx *tx, int64_t now)
{
	bool more = false;
	struct arena *arena = arena_new();
	db_lapse(tx, "", now, arena);
	arena_free(arena);
	bool done = db_tidy(tx, now) && (!upkeep->retires || db_retire(tx, now, &more));
	atomic_store(&upkeep->more, done && more);
	return done;
}

static bool tidy_run(struct db_job *job, struct db_tx *tx)
{
	struct upkeep *upkeep = (struct upkeep *)job;
	int64_t now = clock_now(&upkeep->server->clock);
	return (!upkeep->whole || tidy_all(upkeep, tx, now)) && db_tidy_answers(tx, now, &upkeep->answers, &upkeep->next_answers);
}

static void tidy_done(struct db_job *job, enum db_end end)
{
	struct upkeep *upkeep = (struct upkeep *)job;
	if (end == DB_COMMITTED) {
		upkeep->answers = upkeep->next_answers;
		atomic_store(&upkeep->more_answers, *upkeep->answers.key != '\0');
	}
	atomic_store(&upkeep->under_way, false);
}

/* Now and then; and every second while the disk refuses, to see when it takes writes again. */
void upkeep_tick(struct upkeep *upkeep)
{
	int64_t now_ms = clock_monotonic_ms();
	bool due = now_ms >= upkeep->next_ms || !db_is_healthy(upkeep->server->db) || atomic_load(&upkeep->more);
	if ((!due && !atomic_load(&upkeep->more_answers)) || atomic_exchange(&upkeep->under_way, true))
		return;
	upkeep->whole = due;
	if (due)
		upkeep->next_ms = now_ms + TIDY_EVERY_MS;
	upkeep->retires = due && (now_ms >= upkeep->retire_ms || atomic_load(&upkeep->more));
	if (upkeep->retires)
		upkeep->retire_ms = now_ms + RETIRE_EVERY_MS;
	upkeep->job = (struct db_job){ .run = tidy_run, .done = tidy_done, .lane = "" };
	if (!db_write(upkeep->server->db, &upkeep->job))
		atomic_store(&upkeep->under_way, false);
}

struct upkeep *upkeep_new(struct server *server)
{
	struct upkeep *upkeep = memory_get(sizeof *upkeep);
	upkeep->server = server;
	return upkeep;
}

void upkeep_free(struct upkeep *upkeep)
{
	while (upkeep && atomic_load(&upkeep->under_way))
		poll(NULL, 0, 5);
	free(upkeep);
}
