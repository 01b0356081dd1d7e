/* house.h — a small network in a database of its own (a file, or with $HACKTIV_TEST_POSTGRES one beside that), for one test: La Ferme in Chimay and Rimbaud in Charleville, both open from
 * Monday to Friday, 9:00 to 13:00 to 17:00, two members. */
#ifndef TEST_SERVER_HOUSE_H
#define TEST_SERVER_HOUSE_H

#include <pthread.h>

#include "policy.h"
#include "server.h"

#define FERME "s-ferme"
#define RIMBAUD "s-rimbaud"
#define CAMILLE "m-camille"
#define ZOE "m-zoe"

struct house {
	struct server server;      /* clock, zones and database alone */
	char *directory;
	char address[1024];        /* of the database */

	struct db_job job;         /* the transaction lent to the test; this and what follows is house.c's */
	pthread_mutex_t guard;
	pthread_cond_t turned;
	struct db_tx *tx;
	bool given_back, keep, over;
	enum db_end end;
};

/* cmocka fixtures: *state is the house, in a scratch directory; it is Tuesday, 24 November 2026, 10:00. */
int house_open(void **state);
int house_close(void **state);
/* Closes the database and opens it again. */
void house_reopen(struct house *house);
/* Its file, below the directory; yours. */
char *house_file(const struct house *house, const char *name);

const struct space *house_space(const char *id);
/* By name: "Serre 1", "Serre 2" (area Les Serres), "Grange 1" (Grange), "Viroin" (a room), "Serre 9" (out of order) at La Ferme, "R1"
 * at Rimbaud. Its id is its name. */
const struct resource *house_resource(const char *name);
/* What that booking would be. `id` is borrowed. */
struct booking house_booking(struct house *house, const char *id, const char *resource, struct period when);
struct granules house_range(const struct booking *booking);

/* A transaction for the test's own thread, where cmocka can fail; the database's waits meanwhile. */
struct db_tx *house_begin(struct house *house);
enum db_end house_end(struct house *house, bool keep);
/* In a transaction of its own. */
enum db_booked house_book(struct house *house, const char *id, const char *resource, struct period when, const char *member);

#endif
