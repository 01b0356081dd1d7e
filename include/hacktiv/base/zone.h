/* zone.h — from wall clock to instant and back, with the system's tz database (RFC 9636 files).
 *
 * Instants are seconds since 1970-01-01T00:00:00Z without leap seconds. A zone never changes once loaded, and lives as
 * long as its table. zones_find() may be called from any thread. */
#ifndef HACKTIV_BASE_ZONE_H
#define HACKTIV_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "hacktiv/base/date.h"
#include "hacktiv/base/problem.h"

struct zones;
struct zone;

struct zones *zones_new(void);
void zones_free(struct zones *zones);
/* IANA name such as "Europe/Paris". NULL and field "tz" when the system does not have it, or the name is not one
 * ([A-Za-z0-9_+-/], no "..", at most 64 bytes: it becomes a file name). Borrowed from the table. */
const struct zone *zones_find(struct zones *zones, const char *name, struct problem *why);
const char *zone_name(const struct zone *zone);

enum wall_kind {
	WALL_ONCE,    /* the ordinary case */
	WALL_NEVER,   /* skipped when clocks go forward: 29 March 2026 02:30 in Paris; the instant given is that of the same
	                 wall time under the offset before the jump (03:30) */
	WALL_TWICE    /* clocks go back: 25 October 2026 02:30 in Paris; the first of the two is given */
};

/* `minutes` after local midnight, 0 … 1440. */
enum wall_kind zone_instant(const struct zone *zone, struct local_date date, int minutes, int64_t *instant);

struct wall_time {
	struct local_date date;
	int minutes;       /* after midnight, 0 … 1439 */
	int seconds;       /* 0 … 59 */
	int offset;        /* seconds east of UTC */
};
struct wall_time zone_wall(const struct zone *zone, int64_t instant);

/* RFC 3339 with the zone's offset, whole seconds: "2026-11-24T10:00:00+01:00". */
#define INSTANT_TEXT_SIZE 26
void instant_to_text(const struct zone *zone, int64_t instant, char out[INSTANT_TEXT_SIZE]);
/* The same in UTC: "2026-11-24T09:00:00Z". */
void instant_to_utc(int64_t instant, char out[INSTANT_TEXT_SIZE]);
/* RFC 3339 date-time with offset or Z, no fraction, no leap second, years 2000 … 2100. */
bool instant_from_text(const char *text, int64_t *instant, struct problem *why);

#endif
