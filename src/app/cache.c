/* cache.c — what was seen in the last run, so that the first frame is full and a train has its timetable: written as our own JSON, read
 * back through the same gate. Both a slice at a time: ten thousand activities would hold a key for a tenth of a second. */
#include <stdlib.h>
#include <string.h>

#include "cached.h"

/* Bytes of one list; a longer one is not kept. An agenda is long by nature. */
#define LIST_TEXT_MAX    (4u * 1024u * 1024u)
#define AGENDA_TEXT_MAX (12u * 1024u * 1024u)

#define LAST_WORDS_MS 15   /* for what is not kept yet when the session ends */

/* ---- writing ---- */

static void begin_writing(struct session *session, const struct cached *what)
{
	struct cache_writing *writing = &session->cache_writing;
	*writing = (struct cache_writing){ .active = true, .what = *what };
	buffer_init(&writing->text, what->of == CACHED_LIST && what->kind == LIST_ACTIVITIES ? AGENDA_TEXT_MAX : LIST_TEXT_MAX);
	cJSON *head = cached_head(session, what);
	char *printed = head ? cJSON_PrintUnformatted(head) : NULL;
	cJSON_Delete(head);
	if (printed)
		buffer_print(&writing->text, "{\"of\":%s,\"items\":[", printed);
	else
		buffer_add_text(&writing->text, "{\"items\":[");
	cJSON_free(printed);
}

static void end_writing(struct cache_writing *writing)
{
	if (writing->active)
		buffer_clear(&writing->text);
	writing->active = false;
}

static void put(struct session *session, const struct cache_writing *writing)
{
	const struct cached *what = &writing->what;
	if (session->shared && cached_is_personal(session, what))
		return;   /* a power cut comes without a log-out */
	struct arena *arena = arena_new();
	store_put_snapshot(session->store, session->sites[what->site].config->id, cached_name(arena, what), cached_is_personal(session, what),
	                   cached_etag(session, what), cached_as_of(session, what), writing->text.bytes, writing->text.length);
	arena_free(arena);
}

/* One element at a time: a tree of the whole would take nine times the text. */
static void write_slice(struct session *session, struct cache_writing *writing, int64_t until_ms)
{
	size_t count = cached_count(session, &writing->what);
	for (; writing->at < count && !writing->text.full; writing->at++) {
		if (clock_monotonic_ms() >= until_ms)
			return;
		cJSON *element = cached_element(session, &writing->what, writing->at);
		char *printed = cJSON_PrintUnformatted(element);
		cJSON_Delete(element);
		buffer_print(&writing->text, "%s%s", writing->at ? "," : "", printed ? printed : "null");
		cJSON_free(printed);
	}
	buffer_add_text(&writing->text, "]}");
	if (!writing->text.full)
		put(session, writing);
	end_writing(writing);
}

/* Lists first: they are what one sees first. */
static bool find_to_be_kept(struct session *session, struct cached *what)
{
	*what = (struct cached){ .of = CACHED_LIST };
	for (; what->site < session->site_count; what->site++) {
		for (what->kind = 0; what->kind < LIST_KINDS; what->kind++) {
			if (*cached_flag(session, what))
				return true;
		}
	}
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		*what = (struct cached){ .of = CACHED_DAY, .site = session->days[at].list.site, .day = &session->days[at] };
		if (*cached_flag(session, what))
			return true;
	}
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		*what = (struct cached){ .of = CACHED_DETAIL, .site = session->details[at].site, .detail = &session->details[at] };
		if (*cached_flag(session, what))
			return true;
	}
	return false;
}

static bool is_same(const struct cached *a, const struct cached *b)
{
	return a->of == b->of && a->site == b->site && a->kind == b->kind && a->day == b->day && a->detail == b->detail;
}

static void set_flag(struct session *session, const struct cached *what, bool to_be_kept)
{
	struct cache_writing *writing = &session->cache_writing;
	*cached_flag(session, what) = to_be_kept;
	if (writing->active && is_same(&writing->what, what))
		end_writing(writing);   /* half of the one before would be of no use */
}

void cache_put(struct session *session, size_t site, enum list_kind kind)
{
	set_flag(session, &(struct cached){ .of = CACHED_LIST, .site = site, .kind = kind }, true);
}

void cache_drop(struct session *session, size_t site, enum list_kind kind)
{
	set_flag(session, &(struct cached){ .of = CACHED_LIST, .site = site, .kind = kind }, false);
}

void cache_put_day(struct session *session, struct day *day, bool to_be_kept)
{
	set_flag(session, &(struct cached){ .of = CACHED_DAY, .site = day->list.site, .day = day }, to_be_kept);
}

void cache_put_detail(struct session *session, struct kept_detail *detail, bool to_be_kept)
{
	if (detail->kind != DETAIL_CARD)
		set_flag(session, &(struct cached){ .of = CACHED_DETAIL, .site = detail->site, .detail = detail }, to_be_kept);
}

static void write_some(struct session *session, int64_t until_ms)
{
	struct cache_writing *writing = &session->cache_writing;
	do {
		struct cached what;
		if (!writing->active && find_to_be_kept(session, &what)) {
			*cached_flag(session, &what) = false;
			begin_writing(session, &what);
		}
		if (!writing->active)
			return;
		write_slice(session, writing, until_ms);
	} while (clock_monotonic_ms() < until_ms);
}

/* ---- reading ---- */

static void load(struct session *session, const struct cached *what)
{
	if (cached_is_personal(session, what) && !session->sites[what->site].token)
		return;
	struct arena *arena = arena_new();
	store_get_snapshot(session->store, session->sites[what->site].config->id, cached_name(arena, what));
	arena_free(arena);
	cached_set_loading(session, what, true);
	session->reads_waiting++;
	session->copies_by_ms = clock_monotonic_ms() + COPY_PATIENCE_MS;
}

void cache_load_list(struct session *session, size_t site, enum list_kind kind)
{
	load(session, &(struct cached){ .of = CACHED_LIST, .site = site, .kind = kind });
}

void cache_load(struct session *session, size_t site)
{
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		if (kind != LIST_ACTIVITIES)
			cache_load_list(session, site, kind);
	}
}

void cache_load_day(struct session *session, struct day *day)
{
	load(session, &(struct cached){ .of = CACHED_DAY, .site = day->list.site, .day = day });
}

void cache_load_detail(struct session *session, struct kept_detail *detail)
{
	if (detail->kind != DETAIL_CARD)
		load(session, &(struct cached){ .of = CACHED_DETAIL, .site = detail->site, .detail = detail });
}

/* The next day or thing whose copy is on its way, from place `at` on; false: there is none. */
static bool next_loading(struct session *session, size_t *at, struct cached *what)
{
	for (; *at < DAYS_KEPT; ++*at) {
		struct day *day = &session->days[*at];
		*what = (struct cached){ .of = CACHED_DAY, .site = day->list.site, .day = day };
		if (day->loading)
			return true;
	}
	for (; *at < DAYS_KEPT + DETAILS_KEPT; ++*at) {
		struct kept_detail *detail = &session->details[*at - DAYS_KEPT];
		*what = (struct cached){ .of = CACHED_DETAIL, .site = detail->site, .detail = detail };
		if (detail->loading)
			return true;
	}
	return false;
}

bool caches_loading(const struct session *session)
{
	size_t at = 0;
	struct cached what;
	return next_loading((struct session *)(uintptr_t)session, &at, &what);
}

void caches_give_up(struct session *session)
{
	struct cached what;
	for (size_t at = 0; next_loading(session, &at, &what);)
		cached_set_loading(session, &what, false);
}

static void loaded(struct session *session, const struct store_reply *reply)
{
	struct cached what;
	session->reads_waiting--;
	if (cached_find(session, reply->site, reply->list, &what))
		cached_set_loading(session, &what, false);
}

static void end_reading(struct session *session, struct cache_reading *reading)
{
	session->cache_readings = reading->next;
	loaded(session, &reading->reply);
	wire_list_close(&reading->list);
	arena_free(reading->arena);
	arena_free(reading->reply.arena);
	free(reading);
}

/* Whose place it is by now: a day or a thing may have given way to another while it was read. */
static void take(struct session *session, struct cache_reading *reading)
{
	struct cached what;
	if (cached_find(session, reading->reply.site, reading->reply.list, &what) &&
	    cached_take(session, &what, reading->arena, &reading->rows, reading->list.head,
	                reading->reply.as_of, reading->reply.etag))
		reading->arena = NULL;
}

/* Written by another version, or torn: the network will tell. */
static void read_slice(struct session *session, struct cache_reading *reading, int64_t until_ms)
{
	cJSON *element;
	enum wire_list_step step;
	while ((step = wire_list_next(&reading->list, &element, NULL)) == WIRE_LIST_ELEMENT) {
		void *row = arena_next_row(reading->arena, &reading->rows);
		bool read = cached_read(session, &reading->what, element, reading->arena, row);
		reading->rows.count += read;
		cJSON_Delete(element);
		if (!read)
			break;
		if (clock_monotonic_ms() >= until_ms)
			return;
	}
	if (step == WIRE_LIST_END)
		take(session, reading);
	end_reading(session, reading);
}

void cache_loaded(struct session *session, struct store_reply *reply)
{
	struct cache_reading *reading = memory_get(sizeof *reading);
	if (!reply->found || !cached_find(session, reply->site, reply->list, &reading->what) ||
	    !wire_list_open(&reading->list, reply->bytes, reply->length, NULL)) {
		wire_list_close(&reading->list);
		free(reading);
		loaded(session, reply);
		return;
	}
	reading->reply = *reply;
	reply->arena = NULL;
	reading->arena = arena_new();
	reading->rows.bytes = cached_row_bytes(&reading->what);
	struct cache_reading **last = &session->cache_readings;
	while (*last)
		last = &(*last)->next;
	*last = reading;
}

/* ---- both ---- */

void caches_turn(struct session *session, int64_t until_ms)
{
	while (session->cache_readings && clock_monotonic_ms() < until_ms)
		read_slice(session, session->cache_readings, until_ms);
	if (!session->cache_readings && clock_monotonic_ms() < until_ms)
		write_some(session, until_ms);
}

bool caches_waiting(const struct session *session)
{
	struct cached what;
	return session->cache_readings || session->cache_writing.active ||
	       find_to_be_kept((struct session *)(uintptr_t)session, &what);
}

void caches_clear(struct session *session)
{
	write_some(session, clock_monotonic_ms() + LAST_WORDS_MS);
	end_writing(&session->cache_writing);
	while (session->cache_readings)
		end_reading(session, session->cache_readings);
}
