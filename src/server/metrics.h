/* metrics.h — what is counted for those who run the server, in Prometheus' text form (exposition format 0.0.4).
 *
 * Routes, methods and statuses only: no label ever holds an id, a name or an address. Any thread may count. */
#ifndef HACKTIV_SERVER_METRICS_H
#define HACKTIV_SERVER_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "hacktiv/base.h"

struct metrics;

struct metrics *metrics_new(size_t routes);
void metrics_free(struct metrics *metrics);   /* NULL is fine */

/* One request that was answered. `route`: its place in the route table, or `routes` for those that found none. */
void metrics_count(struct metrics *metrics, size_t route, int status, int64_t microseconds);
/* What a status alone does not tell. */
enum counted { COUNTED_REPLAY, COUNTED_SLOT_TAKEN, COUNTED_BOOKED, COUNTED_THROTTLED };
#define COUNTEDS 4
void metrics_add(struct metrics *metrics, enum counted what);

/* What only the server as a whole knows; told beside the counters. */
struct gauges {
	size_t connections;
	size_t listeners;          /* of the feed */
	size_t jobs_waiting;
	bool ready;
};
/* `name_of`: "GET", "/v1/spaces/{s}" of a route. */
void metrics_print(const struct metrics *metrics, const struct gauges *gauges,
                   void (*name_of)(size_t route, const char **method, const char **pattern), struct buffer *out);

#endif
