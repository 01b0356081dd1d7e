/* house.c — see house.h. */
#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>
#include <sodium.h>

#include "scratch.h"
#include "table.h"

#define H(hours) ((hours) * 60)
#define OPEN { { { H(9), H(17) } }, 1 }

static const struct space spaces[] = {
	{ .id = FERME, .slug = "ferme", .name = "La Ferme", .town = "Chimay", .country = COUNTRY_BELGIUM,
	  .time_zone = "Europe/Brussels", .granule_s = 900, .vat_permille = 210,
	  .opening = { .week = { OPEN, OPEN, OPEN, OPEN, OPEN }, .boundary = H(13), .country = COUNTRY_BELGIUM } },
	{ .id = RIMBAUD, .slug = "rimbaud", .name = "Rimbaud", .town = "Charleville", .country = COUNTRY_FRANCE,
	  .time_zone = "Europe/Paris", .granule_s = 900, .vat_permille = 200,
	  .opening = { .week = { OPEN, OPEN, OPEN, OPEN, OPEN }, .boundary = H(13), .country = COUNTRY_FRANCE } },
};

#define PRICES .capacity = 1, .half_day_cents = 800, .day_cents = 1400, .cancel_minutes = 60
#define TEXTS(name_, area_) .id = name_, .name = name_, .area = area_, .note = "", .state_reason = ""

static const struct {
	const char *space_id;
	struct resource resource;
} places[] = {
	{ FERME, { TEXTS("Serre 1", "Les Serres"), .kind = RESOURCE_DESK, PRICES } },
	{ FERME, { TEXTS("Serre 2", "Les Serres"), .kind = RESOURCE_DESK, PRICES } },
	{ FERME, { TEXTS("Grange 1", "Grange"), .kind = RESOURCE_DESK, PRICES } },
	{ FERME, { TEXTS("Viroin", ""), .kind = RESOURCE_MEETING_ROOM, PRICES, .by_hour = true, .hour_cents = 300 } },
	{ FERME, { TEXTS("Serre 9", "Les Serres"), .kind = RESOURCE_DESK, .state = RESOURCE_OUT_OF_ORDER, PRICES } },
	{ RIMBAUD, { TEXTS("R1", ""), .kind = RESOURCE_DESK, PRICES } },
};

static const struct member members[] = {
	{ CAMILLE, "camille", "Camille Noiret", FERME, "Serre 1" },
	{ ZOE, "zoe", "Zoé Lambermont", "", "" },
};

const struct space *house_space(const char *id)
{
	for (size_t i = 0; i < COUNT_OF(spaces); i++)
		if (strcmp(spaces[i].id, id) == 0)
			return &spaces[i];
	fail_msg("no space %s", id);
	abort();
}

static size_t place_of(const char *name)
{
	size_t i = 0;
	while (i < COUNT_OF(places) && strcmp(places[i].resource.id, name) != 0)
		i++;
	assert_true(i < COUNT_OF(places));
	return i;
}

const struct resource *house_resource(const char *name)
{
	return &places[place_of(name)].resource;
}

char *house_file(const struct house *house, const char *name)
{
	void *directory = house->directory;
	return scratch_path(&directory, name);
}

static void open_database(struct house *house)
{
	struct problem why = { 0 };
	house->server.db = db_open(house->address, &why);
	ROW_HOLDS(house->server.db != NULL, "%s", why.text);
}

/* Beside the database that `address` names; its name is put in that one's place. */
static void make_postgres(struct house *house, const char *address)
{
	static int made;
	char name[32], text[80];
	snprintf(name, sizeof name, "house%d", ++made);
	snprintf(text, sizeof text, "CREATE DATABASE %s TEMPLATE template0", name);
	PGconn *wire = PQconnectdb(address);
	PGresult *result = PQexec(wire, text);
	ROW_HOLDS(PQresultStatus(result) == PGRES_COMMAND_OK, "%s", PQerrorMessage(wire));
	PQclear(result);
	PQfinish(wire);
	const char *rest = strchr(address, '?');
	assert_non_null(rest);
	const char *old = rest;
	while (old[-1] != '/')
		old--;
	snprintf(house->address, sizeof house->address, "%.*s%s%s", (int)(old - address), address, name, rest);
}

static void make_database(struct house *house)
{
	const char *postgres = getenv("HACKTIV_TEST_POSTGRES");
	if (postgres) {
		make_postgres(house, postgres);
		return;
	}
	char *path = house_file(house, "house.db");
	snprintf(house->address, sizeof house->address, "sqlite:%s", path);
	free(path);
}

/* The database's thread lends its transaction and waits to have it back. */
static bool lend(struct db_job *job, struct db_tx *tx)
{
	struct house *house = (struct house *)((char *)job - offsetof(struct house, job));
	pthread_mutex_lock(&house->guard);
	house->tx = tx;
	pthread_cond_broadcast(&house->turned);
	while (!house->given_back)
		pthread_cond_wait(&house->turned, &house->guard);
	bool keep = house->keep;
	pthread_mutex_unlock(&house->guard);
	return keep;
}

static void lent(struct db_job *job, enum db_end end)
{
	struct house *house = (struct house *)((char *)job - offsetof(struct house, job));
	pthread_mutex_lock(&house->guard);
	house->end = end;
	house->over = true;
	pthread_cond_broadcast(&house->turned);
	pthread_mutex_unlock(&house->guard);
}

struct db_tx *house_begin(struct house *house)
{
	assert_null(house->tx);
	house->given_back = house->over = false;
	house->job = (struct db_job){ .run = lend, .done = lent, .lane = FERME, .once = true };
	assert_true(db_write(house->server.db, &house->job));
	pthread_mutex_lock(&house->guard);
	while (!house->tx)
		pthread_cond_wait(&house->turned, &house->guard);
	pthread_mutex_unlock(&house->guard);
	return house->tx;
}

enum db_end house_end(struct house *house, bool keep)
{
	pthread_mutex_lock(&house->guard);
	house->keep = keep;
	house->given_back = true;
	pthread_cond_broadcast(&house->turned);
	while (!house->over)
		pthread_cond_wait(&house->turned, &house->guard);
	house->tx = NULL;
	pthread_mutex_unlock(&house->guard);
	return house->end;
}

static bool furnish(struct db_tx *tx)
{
	bool done = true;
	for (size_t i = 0; i < COUNT_OF(spaces); i++)
		done = done && db_put_is_good(db_put_space(tx, (int)i, &spaces[i]));
	for (size_t i = 0; i < COUNT_OF(places); i++)
		done = done && db_put_is_good(db_put_resource(tx, places[i].space_id, (int)i, &places[i].resource));
	for (size_t i = 0; i < COUNT_OF(members); i++)
		done = done && db_put_is_good(db_put_member(tx, &members[i]));
	return done;
}

int house_open(void **state)
{
	struct house *house = memory_get(sizeof *house);
	void *directory = NULL;
	if (sodium_init() < 0 || scratch_open(&directory) != 0)
		return -1;
	house->directory = directory;
	house->server.clock.fixed = true;
	assert_true(instant_from_text("2026-11-24T10:00:00+01:00", &house->server.clock.fixed_at, NULL));
	house->server.zones = zones_new();
	pthread_mutex_init(&house->guard, NULL);
	pthread_cond_init(&house->turned, NULL);
	make_database(house);
	open_database(house);
	*state = house;
	return house_end(house, furnish(house_begin(house))) == DB_COMMITTED ? 0 : -1;
}

int house_close(void **state)
{
	struct house *house = *state;
	void *directory = house->directory;
	if (house->tx)
		house_end(house, false);      /* the test failed in between */
	db_close(house->server.db);
	pthread_mutex_destroy(&house->guard);
	pthread_cond_destroy(&house->turned);
	zones_free(house->server.zones);
	free(house);
	return scratch_close(&directory);
}

void house_reopen(struct house *house)
{
	db_close(house->server.db);
	open_database(house);
}

struct booking house_booking(struct house *house, const char *id, const char *resource, struct period when)
{
	size_t place = place_of(resource);
	const struct space *space = house_space(places[place].space_id);
	struct booking booking = { 0 };
	struct obstacle obstacles[OBSTACLES_MAX];
	struct booking_facts facts = { .space = space, .resource = &places[place].resource,
		                       .zone = zones_find(house->server.zones, space->time_zone, NULL), .when = when };
	booking_judge(&facts, &booking, obstacles);
	booking.id = id;
	booking.version = 1;
	booking.created_at = clock_now(&house->server.clock);
	return booking;
}

struct granules house_range(const struct booking *booking)
{
	return granules_between(booking->start_at, booking->end_at, house_space(booking->space_id)->granule_s);
}

enum db_booked house_book(struct house *house, const char *id, const char *resource, struct period when, const char *member)
{
	struct booking booking = house_booking(house, id, resource, when);
	enum db_booked booked =
		db_book(house_begin(house), &booking, house_range(&booking), (struct db_actor){ member, "test" }, NULL);
	assert_int_equal(house_end(house, booked == DB_BOOKED), booked == DB_BOOKED ? DB_COMMITTED : DB_UNDONE);
	return booked;
}
