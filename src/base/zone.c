/* zone.c — see zone.h. */
#include "hacktiv/base/zone.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hacktiv/base/arena.h"
#include "hacktiv/base/buffer.h"
#include "hacktiv/base/i18n.h"
#include "hacktiv/base/memory.h"
#include "hacktiv/base/path.h"
#include "hacktiv/base/text.h"
#include "tzif.h"

#define ZONE_DIRECTORY "/usr/share/zoneinfo"
#define NAME_MOST      64
#define DAY_SECONDS    86400
/* Wall clocks run at most 12 h behind UTC and 14 h before it (Baker Island, Kiritimati), with an hour to spare. */
#define BEHIND_MOST    (13 * 3600)
#define BEFORE_MOST    (15 * 3600)
/* What a 32-bit count of days can say. */
#define INSTANT_MOST   ((int64_t)INT32_MAX * DAY_SECONDS)

struct zone {
	struct zone *next;
	char *name;
	struct tzif data;
};

struct zones {
	char *directory;
	pthread_mutex_t lock;    /* of the list; a zone in it never changes */
	struct zone *first;
};

struct zones *zones_new(void)
{
	struct zones *zones = memory_get(sizeof *zones);
	const char *directory = getenv("TZDIR");
	zones->directory = memory_copy_text(directory && directory[0] == '/' ? directory : ZONE_DIRECTORY);
	if (pthread_mutex_init(&zones->lock, NULL) != 0)
		die("out of memory");
	return zones;
}

void zones_free(struct zones *zones)
{
	if (!zones)
		return;
	while (zones->first) {
		struct zone *zone = zones->first;
		zones->first = zone->next;
		tzif_clear(&zone->data);
		free(zone->name);
		free(zone);
	}
	pthread_mutex_destroy(&zones->lock);
	free(zones->directory);
	free(zones);
}

static bool is_zone_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";
	size_t length = strnlen(name, NAME_MOST + 1);
	/* Without a dot there is no "..", and no way out of the directory. */
	return length > 0 && length <= NAME_MOST && name[0] != '/' && name[strspn(name, allowed)] == '\0';
}

static void say_unknown(const char *name, struct problem *why)
{
	struct arena *arena = arena_new();
	const char *shown = text_clean(arena, name, strlen(name), TEXT_ONE_LINE, TEXT_NAME_MAX);
	problem_set(why, PROBLEM_NOT_FOUND, "tz", _("This system knows no time zone named %s."), shown);
	arena_free(arena);
}

static bool read_zone(const struct zones *zones, const char *name, struct tzif *data)
{
	size_t room = strlen(zones->directory) + strlen(name) + 2;
	char *path = memory_get(room);
	snprintf(path, room, "%s/%s", zones->directory, name);
	struct buffer bytes;
	bool read = path_read(path, TZIF_BYTES_MAX, &bytes, NULL);
	free(path);
	if (!read)
		return false;
	read = tzif_read((const unsigned char *)bytes.bytes, bytes.length, data);
	buffer_clear(&bytes);
	return read;
}

static const struct zone *find_or_read(struct zones *zones, const char *name)
{
	for (struct zone *zone = zones->first; zone; zone = zone->next) {
		if (strcmp(zone->name, name) == 0)
			return zone;
	}
	struct tzif data;
	if (!read_zone(zones, name, &data))
		return NULL;
	struct zone *zone = memory_get(sizeof *zone);
	*zone = (struct zone){ .next = zones->first, .name = memory_copy_text(name), .data = data };
	zones->first = zone;
	return zone;
}

const struct zone *zones_find(struct zones *zones, const char *name, struct problem *why)
{
	const struct zone *zone = NULL;
	if (name && is_zone_name(name)) {
		pthread_mutex_lock(&zones->lock);
		zone = find_or_read(zones, name);
		pthread_mutex_unlock(&zones->lock);
	}
	if (!zone)
		say_unknown(name ? name : "", why);
	return zone;
}

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

/* The offsets in force before and after any instant that the wall time could mean; one change at most lies between them:
 * no zone has had two in 28 hours since 2000. */
enum wall_kind zone_instant(const struct zone *zone, struct local_date date, int minutes, int64_t *instant)
{
	int64_t wall = (int64_t)date_to_days(date) * DAY_SECONDS + (int64_t)minutes * 60;
	int32_t before = tzif_offset(&zone->data, wall - BEFORE_MOST);
	int32_t after = tzif_offset(&zone->data, wall + BEHIND_MOST);
	bool fits_before = tzif_offset(&zone->data, wall - before) == before;
	bool fits_after = tzif_offset(&zone->data, wall - after) == after;
	*instant = fits_before || !fits_after ? wall - before : wall - after;
	if (!fits_before && !fits_after)
		return WALL_NEVER;
	return fits_before && fits_after && before != after ? WALL_TWICE : WALL_ONCE;
}

struct wall_time zone_wall(const struct zone *zone, int64_t instant)
{
	if (instant > INSTANT_MOST)
		instant = INSTANT_MOST;
	if (instant < -INSTANT_MOST)
		instant = -INSTANT_MOST;
	int32_t offset = tzif_offset(&zone->data, instant);
	int64_t wall = instant + offset;
	int64_t days = wall / DAY_SECONDS - (wall % DAY_SECONDS < 0);
	int seconds = (int)(wall - days * DAY_SECONDS);
	int32_t whole_days = days > INT32_MAX ? INT32_MAX : days < INT32_MIN ? INT32_MIN : (int32_t)days;
	return (struct wall_time){ date_from_days(whole_days), seconds / 60, seconds % 60, offset };
}
