/* hacktiv_feed.c — what hacktivd tells of changes: as events of its stream, and as lists for those whom a stream does not reach. */
#include "hacktiv.h"

#include <string.h>

#define EVENTS  "/v1/events"
#define CHANGES "/v1/changes"
#define CHANGES_AT_ONCE 200
#define PLACE_MAX 7499u      /* letters of an id: what hacktivd says and takes */
#define KIND_MAX 100u
#define ID_MAX 100u

/* ---- places ---- */

/* "k3x7q2ab.hT60N55C:8842,NjuR4IlC:387": opaque to us, but what it is written with is promised; another thing is none of hacktivd's and
 * would come back as a fault of ours. */
static bool is_place(const char *id)
{
	static const char epoch[] = "abcdefghijklmnopqrstuvwxyz234567";
	static const char places[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_,:-";
	size_t length = strlen(id);
	return length <= PLACE_MAX && strspn(id, epoch) == 8 && id[8] == '.' && strspn(id + 9, places) == length - 9;
}

/* ---- one change ---- */

/* The word before the dot. Who goes to an activity is told under its id and version, as the activity itself. */
static enum news_kind kind_of(const char *name)
{
	static const struct {
		const char *word;
		enum news_kind kind;
	} kinds[] = {
		{ "booking.", NEWS_BOOKING }, { "availability.", NEWS_AVAILABILITY }, { "activity.", NEWS_ACTIVITY },
		{ "signup.", NEWS_ACTIVITY }, { "attendance.", NEWS_ACTIVITY }, { "space.", NEWS_SPACE },
		{ "directory.", NEWS_DIRECTORY },
	};
	for (size_t at = 0; at < COUNT_OF(kinds); at++)
		if (strncmp(name, kinds[at].word, strlen(kinds[at].word)) == 0)
			return kinds[at].kind;
	return NEWS_OTHER;
}

static bool read_change(const cJSON *object, struct arena *arena, struct news *news, struct problem *why)
{
	const char *kind;
	*news = (struct news){ .kind = NEWS_OTHER };
	if (!wire_need_text(object, "kind", KIND_MAX, arena, &kind, why) ||
	    !wire_need_text(object, "space_id", ID_MAX, arena, &news->space_id, why) ||
	    !wire_need_text(object, "ref", ID_MAX, arena, &news->ref, why) ||
	    !wire_int(object, "seq", 1, INT64_C(1) << 53, 0, &news->number, why) ||
	    !wire_int(object, "version", 0, INT64_C(1) << 53, 0, &news->version, why))
		return false;
	news->resource_id = wire_text(object, "resource_id", TEXT_ONE_LINE, ID_MAX, arena);
	const cJSON *date = cJSON_GetObjectItemCaseSensitive(object, "date");
	if (date && !cJSON_IsNull(date) && !wire_date(object, "date", &news->date, why))
		return false;
	news->kind = kind_of(kind);
	return true;
}

/* ---- as events ---- */

static void listen(struct arena *arena, const char *token, const char *after, int heartbeat_s, struct http_request *request)
{
	*request = (struct http_request){ .method = HTTP_GET, .bearer = token, .safe_to_repeat = true };
	request->path = arena_print(arena, EVENTS "?heartbeat=%d", heartbeat_s);
	http_request_header(request, "Accept", "text/event-stream");
	if (after)
		http_request_header(request, "Last-Event-ID", arena_copy_text(arena, after));
}

static enum feed_word read_event(const char *kind, const char *data, size_t length, struct arena *arena, struct news *news)
{
	if (strcmp(kind, "reset") == 0)
		return FEED_STARTS_ANEW;
	struct problem why = { 0 };
	cJSON *object = wire_parse(data, length, &why);
	bool read = cJSON_IsObject(object) && read_change(object, arena, news, &why);
	cJSON_Delete(object);
	return read ? FEED_NEWS : FEED_NOTHING;
}

const struct feed_ops hacktiv_feed = { .listen = listen, .is_place = is_place, .read = read_event };

/* ---- as a list ---- */

const char *hacktiv_changes_path(struct operation *operation)
{
	if (!operation->after)
		return CHANGES "?limit=1";
	return arena_print(operation->arena, CHANGES "?after=%s&limit=%d", http_encode(operation->arena, operation->after), CHANGES_AT_ONCE);
}

bool hacktiv_read_changes(struct operation *operation, const cJSON *object, struct problem *why)
{
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(object, "items"), *item;
	if (!cJSON_IsArray(items) || !wire_need_text(object, "id", PLACE_MAX, operation->arena, &operation->new_after, why))
		return false;
	if (!is_place(operation->new_after))
		return problem_set(why, PROBLEM_PROTOCOL, "/id", "%s", _("not the id of an event"));
	struct news *news = arena_get(operation->arena, (size_t)cJSON_GetArraySize(items) * sizeof *news + 1);
	cJSON_ArrayForEach(item, items) {
		if (!read_change(item, operation->arena, &news[operation->news_count], why))
			return false;
		operation->news_count++;
	}
	operation->news = news;
	operation->starts_anew = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(object, "reset"));
	operation->more = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(object, "next"));
	return true;
}
