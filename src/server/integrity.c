/* integrity.c — see integrity.h. */
#include "integrity.h"

#include <stdio.h>
#include <string.h>

#include "db/copy.h"
#include "db/integrity.h"

struct check {
	bool is_file;
	int64_t now;
	int broken;
};

static bool look(struct db_tx *tx, void *context, struct problem *why)
{
	struct check *check = context;
	db_take_long(tx);
	if (check->is_file && !db_check_file(tx, why))
		return false;
	for (size_t i = 0; i < INTEGRITY_RULES; i++) {
		int64_t count = db_integrity_count(tx, i, check->now);
		if (count < 0)
			return problem_set(why, PROBLEM_IO, "--database", "The database could not be read: see the log above.");
		printf("%s - %s", count == 0 ? "ok" : "not ok", db_integrity_rule(i));
		if (count > 0)
			printf(" (%lld rows)", (long long)count);
		putchar('\n');
		check->broken += count > 0;
	}
	return true;
}

bool integrity_check(const struct options *options, struct problem *why)
{
	struct check check = { .is_file = strncmp(options->database, "sqlite:", strlen("sqlite:")) == 0 };
	struct clock clock;
	if (!clock_from_environment(&clock, why))
		return false;
	check.now = clock_now(&clock);
	struct db *db = db_open_to_read(options->database, why);
	bool done = db && db_read_now(db, look, &check, why);
	db_close(db);
	if (done && check.broken > 0)
		return problem_set(why, PROBLEM_CONFLICT, "--database", "The database is not of one mind with itself: see above. Restore a backup, "
		                   "or ask for help, before more is written.");
	return done;
}
