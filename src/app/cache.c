/* cache.c — the lists of the last run, so that the first frame is full: written as our own JSON, read back through the same gate.
 * Both a slice at a time: ten thousand activities would hold a key for a tenth of a second. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "hacktiv/wire.h"

/* Bytes of one list; a longer one is not kept. An agenda is long by nature. */
#define LIST_TEXT_MAX    (4u * 1024u * 1024u)
#define AGENDA_TEXT_MAX (12u * 1024u * 1024u)

#define LAST_WORDS_MS 15   /* for what is not kept yet when the session ends */

static const char *const list_names[LIST_KINDS] = {
	[LIST_SPACES] = "spaces", [LIST_BOOKINGS] = "bookings", [LIST_MEMBER] = "member", [LIST_SIGNUPS] = "signups",
	[LIST_ACTIVITIES] = "activities",
};

/* ---- writing ---- */

static cJSON *element_to_json(struct session *session, const struct part *part, enum list_kind kind, size_t at)
{
	switch (kind) {
	case LIST_SPACES:
		return wire_space_write(&part->spaces[at]);
	case LIST_BOOKINGS:
		return wire_booking_write(&part->bookings[at], session_zone(session, part->bookings[at].time_zone));
	case LIST_MEMBER:
		return wire_member_write(part->member);
	case LIST_SIGNUPS:
	case LIST_ACTIVITIES:
		return wire_activity_write(&part->activities[at], session_zone(session, part->activities[at].time_zone), false);
	}
	return NULL;
}

static void begin_writing(struct cache_writing *writing, size_t site, enum list_kind kind)
{
	*writing = (struct cache_writing){ .active = true, .site = site, .kind = kind };
	buffer_init(&writing->text, kind == LIST_ACTIVITIES ? AGENDA_TEXT_MAX : LIST_TEXT_MAX);
	buffer_add_text(&writing->text, "{\"items\":[");
}

static void end_writing(struct cache_writing *writing)
{
	if (writing->active)
		buffer_clear(&writing->text);
	writing->active = false;
}

/* What everybody may see stays on the disk when its reader logs out; an agenda says where one goes. */
static bool is_personal(const struct site *site, enum list_kind kind)
{
	return kind != LIST_SPACES && (kind != LIST_ACTIVITIES || site->token);
}

/* One element at a time: a tree of the whole would take nine times the text. */
static void write_slice(struct session *session, struct cache_writing *writing, int64_t until_ms)
{
	const struct site *site = &session->sites[writing->site];
	const struct part *part = &site->parts[writing->kind];
	size_t count = writing->kind == LIST_MEMBER ? part->member != NULL : part->count;
	for (; writing->at < count && !writing->text.full; writing->at++) {
		if (clock_monotonic_ms() >= until_ms)
			return;
		cJSON *element = element_to_json(session, part, writing->kind, writing->at);
		char *printed = cJSON_PrintUnformatted(element);
		cJSON_Delete(element);
		buffer_print(&writing->text, "%s%s", writing->at ? "," : "", printed ? printed : "null");
		cJSON_free(printed);
	}
	buffer_add_text(&writing->text, "]}");
	if (!writing->text.full)
		store_put_snapshot(session->store, site->config->id, list_names[writing->kind], is_personal(site, writing->kind),
		                   part->etag, part->as_of, writing->text.bytes, writing->text.length);
	end_writing(writing);
}

static struct part *find_to_be_kept(struct session *session, size_t *site, enum list_kind *kind)
{
	for (*site = 0; *site < session->site_count; ++*site) {
		for (*kind = 0; *kind < LIST_KINDS; ++*kind) {
			struct part *part = &session->sites[*site].parts[*kind];
			if (part->to_be_kept)
				return part;
		}
	}
	return NULL;
}

void cache_put(struct session *session, size_t site, enum list_kind kind)
{
	cache_drop(session, site, kind);   /* half of the one before would be of no use */
	session->sites[site].parts[kind].to_be_kept = true;
}

void cache_drop(struct session *session, size_t site, enum list_kind kind)
{
	struct cache_writing *writing = &session->cache_writing;
	session->sites[site].parts[kind].to_be_kept = false;
	if (writing->active && writing->site == site && writing->kind == kind)
		end_writing(writing);
}

static void write_some(struct session *session, int64_t until_ms)
{
	struct cache_writing *writing = &session->cache_writing;
	do {
		size_t site;
		enum list_kind kind;
		struct part *part = writing->active ? NULL : find_to_be_kept(session, &site, &kind);
		if (part) {
			part->to_be_kept = false;
			begin_writing(writing, site, kind);
		}
		if (!writing->active)
			return;
		write_slice(session, writing, until_ms);
	} while (clock_monotonic_ms() < until_ms);
}

/* ---- reading ---- */

void cache_load_list(struct session *session, size_t site, enum list_kind kind)
{
	if (is_personal(&session->sites[site], kind) && !session->sites[site].token)
		return;
	store_get_snapshot(session->store, session->sites[site].config->id, list_names[kind]);
	session->reads_waiting++;
}

void cache_load(struct session *session, size_t site)
{
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		if (kind != LIST_ACTIVITIES)
			cache_load_list(session, site, kind);
	}
}

/* What was free on another day says nothing about today. */
static void forget_old_day(struct session *session, struct space *space)
{
	struct local_date today = zone_wall(session_zone(session, space->time_zone), session_now(session)).date;
	if (space->today.date.year && !date_equal(space->today.date, today))
		memset(&space->today, 0, sizeof space->today);
	if (!space->today.opening.reason)
		space->today.opening.reason = "";
}

static size_t row_bytes(enum list_kind kind)
{
	switch (kind) {
	case LIST_SPACES: return sizeof(struct space);
	case LIST_BOOKINGS: return sizeof(struct booking);
	case LIST_MEMBER: return sizeof(struct member);
	case LIST_SIGNUPS:
	case LIST_ACTIVITIES: return sizeof(struct activity);
	}
	return 1;
}

static bool read_element(struct session *session, struct cache_reading *reading, const cJSON *element)
{
	void *row = arena_next_row(reading->arena, &reading->rows);
	bool read = false;
	switch (reading->kind) {
	case LIST_SPACES:
		read = wire_space_read(element, reading->arena, row, NULL);
		if (read)
			forget_old_day(session, row);
		break;
	case LIST_BOOKINGS:
		read = wire_booking_read(element, reading->arena, row, NULL);
		break;
	case LIST_MEMBER:
		read = wire_member_read(element, reading->arena, row, NULL);
		break;
	case LIST_SIGNUPS:
	case LIST_ACTIVITIES:
		read = wire_activity_read(element, reading->arena, row, NULL);
		break;
	}
	reading->rows.count += read;
	return read;
}

static void take_part(struct session *session, struct cache_reading *reading)
{
	struct site *site = &session->sites[reading->site];
	struct part *part = &site->parts[reading->kind];
	if (part->arena || (is_personal(site, reading->kind) && !site->token))
		return;   /* the network was faster, or the person has gone */
	const void *first = reading->rows.first;
	part->spaces = reading->kind == LIST_SPACES ? first : NULL;
	part->bookings = reading->kind == LIST_BOOKINGS ? first : NULL;
	part->member = reading->kind == LIST_MEMBER ? first : NULL;
	part->activities = reading->kind == LIST_SIGNUPS || reading->kind == LIST_ACTIVITIES ? first : NULL;
	part->count = reading->kind == LIST_MEMBER ? 0 : reading->rows.count;
	part->as_of = reading->reply.as_of;
	part->arena = reading->arena;
	reading->arena = NULL;
	if (!site->view.as_of || site->view.as_of < part->as_of)
		site->view.as_of = part->as_of;
	site_renew_view(session, reading->site);
	agenda_touch(session);
	session->changed |= SESSION_SPACES | SESSION_BOOKINGS | SESSION_SITES;
}

static void end_reading(struct session *session, struct cache_reading *reading)
{
	session->cache_readings = reading->next;
	session->reads_waiting--;
	wire_list_close(&reading->list);
	arena_free(reading->arena);
	arena_free(reading->reply.arena);
	free(reading);
}

/* Written by another version, or torn: the network will tell. */
static void read_slice(struct session *session, struct cache_reading *reading, int64_t until_ms)
{
	cJSON *element;
	enum wire_list_step step;
	while ((step = wire_list_next(&reading->list, &element, NULL)) == WIRE_LIST_ELEMENT) {
		bool read = read_element(session, reading, element);
		cJSON_Delete(element);
		if (!read)
			break;
		if (clock_monotonic_ms() >= until_ms)
			return;
	}
	if (step == WIRE_LIST_END)
		take_part(session, reading);
	end_reading(session, reading);
}

static bool find_list(const struct session *session, const struct store_reply *reply, size_t *site, enum list_kind *kind)
{
	for (*site = 0; *site < session->site_count; ++*site) {
		for (*kind = 0; *kind < LIST_KINDS; ++*kind) {
			if (strcmp(session->sites[*site].config->id, reply->site) == 0 && strcmp(list_names[*kind], reply->list) == 0)
				return true;
		}
	}
	return false;
}

void cache_loaded(struct session *session, struct store_reply *reply)
{
	size_t site;
	enum list_kind kind;
	struct cache_reading *reading = memory_get(sizeof *reading);
	if (!reply->found || !find_list(session, reply, &site, &kind) ||
	    !wire_list_open(&reading->list, reply->bytes, reply->length, NULL)) {
		wire_list_close(&reading->list);
		free(reading);
		session->reads_waiting--;
		return;
	}
	reading->site = site;
	reading->kind = kind;
	reading->reply = *reply;
	reply->arena = NULL;
	reading->arena = arena_new();
	reading->rows.bytes = row_bytes(kind);
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
	size_t site;
	enum list_kind kind;
	return session->cache_readings || session->cache_writing.active ||
	       find_to_be_kept((struct session *)(uintptr_t)session, &site, &kind);
}

void caches_clear(struct session *session)
{
	write_some(session, clock_monotonic_ms() + LAST_WORDS_MS);
	end_writing(&session->cache_writing);
	while (session->cache_readings)
		end_reading(session, session->cache_readings);
}
