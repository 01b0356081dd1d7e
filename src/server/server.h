/* server.h — hacktivd as a whole: what every part of it may ask for, and how it starts and ends. */
#ifndef HACKTIV_SERVER_SERVER_H
#define HACKTIV_SERVER_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "hacktiv/base.h"
#include "hacktiv/model.h"

#include "db/db.h"
#include "origin.h"

struct worker;      /* worker.h */
struct farewell;    /* farewell.h */
struct live;        /* live.h */
struct answers;     /* answers.h */
struct metrics;     /* metrics.h */

#define DAYS_AHEAD_MAX 92   /* how far ahead the network takes bookings */

struct server {
	struct clock clock;
	struct zones *zones;
	struct db *db;
	struct worker *hashing;
	struct farewell *farewell;
	struct live *live;
	struct answers *answers;
	unsigned char cursor_secret[32];
	struct metrics *metrics;
	atomic_size_t connections; /* open, at the door for everybody */
	atomic_bool draining;      /* on the way out: not ready */
	const char *public_url;    /* how people reach it; NULL: as they say themselves */
	const char *security_contact;   /* a URI; NULL: nobody is named */
	struct proxies proxies;    /* whose word on where a request comes from is taken */
	bool sample_data;          /* started with --sample-data */
	bool quiet;                /* no line per request */
};

/* Fills an empty database with the sample network; one that has a space already is left as it is. Called at every start with
 * --sample-data, in one transaction. Nobody gets a password here: serve.c gives the member with login "demo" the one in
 * --sample-password. Bookings by db_book() with actor { member id, "sample" } and no answer; start, end, price and cancel_until by
 * booking_judge(). */
bool sample_load(struct db_tx *tx, const struct clock *clock, struct zones *zones, struct problem *why);

#endif
