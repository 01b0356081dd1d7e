/* live_copy.c — the place in a site's feed that goes with the lists on disk: what changed since then is all that the next run has to ask
 * for. See inside.h.
 *
 * Only lists that were heard in this run and are on disk as they are here go with it; an older place costs a few questions, a newer one
 * would hide a change. */
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

static void keep(struct session *session, struct site *site)
{
	struct live *live = &site->live;
	cJSON *object = cJSON_CreateObject();
	cJSON *items = cJSON_AddArrayToObject(object, "items");
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		if (covered(site) & (1u << kind))
			cJSON_AddItemToArray(items, cJSON_CreateString(list_name(kind)));
	}
	char *text = cJSON_PrintUnformatted(object);
	if (text)
		store_put_snapshot(session->store, site->config->id, FEED_SNAPSHOT, true, live->place, session_now(session), text, strlen(text));
	cJSON_free(text);
	cJSON_Delete(object);
	free(live->kept_place);
	live->kept_place = memory_copy_text(live->place);
	live->kept_lists = covered(site);
}

void live_keep(struct session *session, size_t at, bool now)
{
	struct site *site = &session->sites[at];
	struct live *live = &site->live;
	int64_t now_ms = clock_monotonic_ms();
	bool is_new = live->place && (!live->kept_place || strcmp(live->place, live->kept_place) != 0 || live->kept_lists != covered(site));
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
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "items"))
		take_list(&site->live, cJSON_GetStringValue(item));
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
