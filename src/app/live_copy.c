/* live_copy.c — the place in a site's feed that goes with the lists and days on disk: what changed since then is all that the next run has
 * to ask for. See inside.h.
 *
 * Only what was heard in this run and is on disk as it is here goes with it; an older place costs a few questions, a newer one would hide
 * a change. A day goes by its name and when its copy was heard, so that no other copy of it is taken for that one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cached.h"

#define KEEP_EVERY_MS 60000
#define FEED_SNAPSHOT "feed"

static const char *list_name(enum list_kind kind)
{
	return cached_name(NULL, &(struct cached){ .of = CACHED_LIST, .kind = kind });
}

/* Everything told is read, and nothing is on its way to us or to the disk. */
static bool is_settled(const struct session *session, const struct site *site)
{
	bool settled = site->live.place && !site->live.told && !site->live.thing_count && !site->live.read_ms && site->failures == 0 && !caches_waiting(session);
	for (size_t kind = 0; kind < LIST_KINDS; kind++)
		settled = settled && !site->parts[kind].job && (site->parts[kind].outcome.kind == OUTCOME_DONE || !site->parts[kind].arena);
	return settled;
}

/* Lists that go with the place. */
static unsigned covered(const struct site *site)
{
	unsigned lists = site->live.kept;
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++)
		lists |= site->parts[kind].confirmed ? 1u << kind : 0;
	return lists;
}

/* ---- days ---- */

#define DAY_NAMES_MAX (2u * DAYS_KEPT)   /* of days looked at in this run, and of those before */

/* "day/<space>/<date>@<as of>"; of any space, or any date: the beginning of that. */
static const char *day_name(struct arena *arena, const char *space_id, struct local_date date, int64_t as_of)
{
	char iso[DATE_ISO_SIZE];
	if (!space_id)
		return "day/";
	if (!date.year)
		return arena_print(arena, "day/%s/", space_id);
	date_to_iso(date, iso);
	if (!as_of)
		return arena_print(arena, "day/%s/%s@", space_id, iso);
	return arena_print(arena, "day/%s/%s@%" PRId64, space_id, iso, as_of);
}

static const char *name_of(struct arena *arena, const struct day *day)
{
	return day_name(arena, day->list.space_id, day->list.date, day->copy_as_of);
}

bool live_has_copy(const struct session *session, const struct day *day)
{
	const struct live *live = &session->sites[day->list.site].live;
	struct arena *arena = arena_new();
	const char *name = name_of(arena, day);
	bool has = false;
	for (size_t at = 0; at < live->kept_day_count && day->copy_as_of; at++)
		has = has || strcmp(live->kept_days[at], name) == 0;
	arena_free(arena);
	return has;
}

void live_forget_copies(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	struct live *live = &session->sites[site].live;
	if (!live->kept_day_count)
		return;
	struct arena *arena = arena_new();
	const char *beginning = day_name(arena, space_id, date, 0);
	size_t kept = 0;
	for (size_t at = 0; at < live->kept_day_count; at++) {
		if (strncmp(live->kept_days[at], beginning, strlen(beginning)) == 0)
			free(live->kept_days[at]);
		else
			live->kept_days[kept++] = live->kept_days[at];
	}
	live->kept_day_count = kept;
	arena_free(arena);
}

static void add_days(const struct session *session, size_t at, cJSON *items)
{
	const struct live *live = &session->sites[at].live;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < DAYS_KEPT; i++) {
		const struct day *day = &session->days[i];
		if (day->list.site == at && day_is_right(day))
			cJSON_AddItemToArray(items, cJSON_CreateString(name_of(arena, day)));
	}
	for (size_t i = 0; i < live->kept_day_count && (size_t)cJSON_GetArraySize(items) < DAY_NAMES_MAX; i++)
		cJSON_AddItemToArray(items, cJSON_CreateString(live->kept_days[i]));
	arena_free(arena);
}

static void take_day(struct live *live, const char *name)
{
	if (!name || strncmp(name, "day/", 4) != 0 || live->kept_day_count == DAY_NAMES_MAX)
		return;
	live->kept_days = memory_grow(live->kept_days, live->kept_day_count + 1, sizeof *live->kept_days);
	live->kept_days[live->kept_day_count++] = memory_copy_text(name);
}

/* ---- all of it ---- */

static void keep(struct session *session, struct site *site)
{
	struct live *live = &site->live;
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "by", HACKTIV_VERSION);
	cJSON *items = cJSON_AddArrayToObject(object, "items");
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		if (covered(site) & (1u << kind))
			cJSON_AddItemToArray(items, cJSON_CreateString(list_name(kind)));
	}
	add_days(session, live->site, items);
	char *text = cJSON_PrintUnformatted(object);
	if (text)
		store_put_snapshot(session->store, site->config->id, FEED_SNAPSHOT, true, live->place, session_now(session), text, strlen(text));
	cJSON_free(text);
	cJSON_Delete(object);
	free(live->kept_place);
	live->kept_place = memory_copy_text(live->place);
	live->kept_lists = covered(site);
	live->days_changed = false;
}

void live_keep(struct session *session, size_t at, bool now)
{
	struct site *site = &session->sites[at];
	struct live *live = &site->live;
	int64_t now_ms = clock_monotonic_ms();
	bool is_new = !session->shared && live->place && (!live->kept_place || strcmp(live->place, live->kept_place) != 0 || live->kept_lists != covered(site) || live->days_changed);
	if (!is_new || (!now && live->kept_ms && now_ms - live->kept_ms < KEEP_EVERY_MS) || !is_settled(session, site))
		return;
	live->kept_ms = now_ms;
	keep(session, site);
}

static void take_list(struct live *live, const char *name)
{
	for (enum list_kind kind = 0; kind < LIST_KINDS && name; kind++) {
		if (strcmp(name, list_name(kind)) == 0)
			live->kept |= 1u << kind;
	}
}

bool live_loaded(struct session *session, const struct store_reply *reply)
{
	struct site *site = NULL;
	for (size_t at = 0; at < session->site_count; at++)
		if (strcmp(session->sites[at].config->id, reply->site) == 0)
			site = &session->sites[at];
	if (strcmp(reply->list, FEED_SNAPSHOT) != 0)
		return false;
	session->reads_waiting--;
	if (!site || !reply->found || !reply->etag || session->network || !site->token || !site->config->backend->feed->is_place(reply->etag))
		return true;
	cJSON *object = wire_parse(reply->bytes, reply->length, NULL);
	const cJSON *item;
	const char *by = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "by"));
	bool is_ours = by && strcmp(by, HACKTIV_VERSION) == 0;   /* a newer hacktiv may read more than an older one kept */
	const cJSON *items = is_ours ? cJSON_GetObjectItemCaseSensitive(object, "items") : NULL;
	cJSON_ArrayForEach(item, items) {
		take_list(&site->live, cJSON_GetStringValue(item));
		take_day(&site->live, cJSON_GetStringValue(item));
	}
	cJSON_Delete(object);
	site->live.place = memory_copy_text(reply->etag);
	site->live.kept_place = memory_copy_text(reply->etag);
	return true;
}

void live_copy_load(struct session *session, size_t at)
{
	const struct site *site = &session->sites[at];
	if (!site->config->backend->feed || !site->token)
		return;
	store_get_snapshot(session->store, site->config->id, FEED_SNAPSHOT);
	session->reads_waiting++;
}
