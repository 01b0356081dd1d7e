/* cache.c — the lists of the last run, so that the first frame is full: written as our own JSON, read back through
 * the same gate. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "hacktiv/wire.h"

#define CACHE_TEXT_MAX (4u * 1024u * 1024u)   /* bytes of one list; a longer one is not kept */

static const char *const list_names[LIST_KINDS] = {
	[LIST_SPACES] = "spaces", [LIST_BOOKINGS] = "bookings", [LIST_MEMBER] = "member",
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
	}
	return NULL;
}

/* One element at a time: a tree of the whole would take nine times the text. */
static void list_to_text(struct session *session, const struct part *part, enum list_kind kind, struct buffer *text)
{
	size_t count = kind == LIST_MEMBER ? part->member != NULL : part->count;
	buffer_add_text(text, "{\"items\":[");
	for (size_t at = 0; at < count; at++) {
		cJSON *element = element_to_json(session, part, kind, at);
		char *printed = cJSON_PrintUnformatted(element);
		cJSON_Delete(element);
		buffer_print(text, "%s%s", at ? "," : "", printed ? printed : "null");
		cJSON_free(printed);
	}
	buffer_add_text(text, "]}");
}

void cache_put(struct session *session, size_t at, enum list_kind kind)
{
	const struct site *site = &session->sites[at];
	const struct part *part = &site->parts[kind];
	struct buffer text;
	buffer_init(&text, CACHE_TEXT_MAX);
	list_to_text(session, part, kind, &text);
	if (!text.full)
		store_put_snapshot(session->store, site->config->id, list_names[kind], kind != LIST_SPACES, part->etag, part->as_of,
		                   text.bytes, text.length);
	buffer_clear(&text);
}

/* ---- reading ---- */

void cache_load(struct session *session, size_t site)
{
	for (size_t kind = 0; kind < LIST_KINDS; kind++) {
		if (kind != LIST_SPACES && !session->sites[site].token)
			continue;
		store_get_snapshot(session->store, session->sites[site].config->id, list_names[kind]);
		session->reads_waiting++;
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

static bool read_element(struct session *session, struct part *part, enum list_kind kind, const cJSON *element)
{
	switch (kind) {
	case LIST_SPACES: {
		struct space *spaces = (struct space *)(uintptr_t)part->spaces;
		if (!wire_space_read(element, part->arena, &spaces[part->count], NULL))
			return false;
		forget_old_day(session, &spaces[part->count++]);
		return true;
	}
	case LIST_BOOKINGS: {
		struct booking *bookings = (struct booking *)(uintptr_t)part->bookings;
		if (!wire_booking_read(element, part->arena, &bookings[part->count], NULL))
			return false;
		part->count++;
		return true;
	}
	case LIST_MEMBER: {
		struct member *member = arena_get(part->arena, sizeof *member);
		part->member = member;
		return wire_member_read(element, part->arena, member, NULL);
	}
	}
	return false;
}

/* Counted first, so that the rows lie in one piece. */
static size_t count_elements(const struct store_reply *reply)
{
	struct wire_list list;
	if (!wire_list_open(&list, reply->bytes, reply->length, NULL))
		return 0;
	size_t count = 0;
	cJSON *element;
	while (wire_list_next(&list, &element, NULL) == WIRE_LIST_ELEMENT) {
		cJSON_Delete(element);
		count++;
	}
	wire_list_close(&list);
	return count;
}

static bool read_part(struct session *session, struct part *part, enum list_kind kind, const struct store_reply *reply)
{
	size_t room = count_elements(reply);
	part->arena = arena_new();
	part->spaces = kind == LIST_SPACES ? arena_get(part->arena, room * sizeof *part->spaces) : NULL;
	part->bookings = kind == LIST_BOOKINGS ? arena_get(part->arena, room * sizeof *part->bookings) : NULL;
	struct wire_list list;
	if (!wire_list_open(&list, reply->bytes, reply->length, NULL))
		return false;
	bool whole = true;
	cJSON *element;
	for (size_t at = 0; at < room && whole && wire_list_next(&list, &element, NULL) == WIRE_LIST_ELEMENT; at++) {
		whole = read_element(session, part, kind, element);
		cJSON_Delete(element);
	}
	wire_list_close(&list);
	part->as_of = reply->as_of;
	return whole;
}

void cache_loaded(struct session *session, const struct store_reply *reply)
{
	if (!reply->found)
		return;
	for (size_t at = 0; at < session->site_count; at++) {
		struct site *site = &session->sites[at];
		for (enum list_kind kind = LIST_SPACES; kind <= LIST_MEMBER; kind++) {
			struct part *part = &site->parts[kind];
			if (strcmp(site->config->id, reply->site) != 0 || strcmp(list_names[kind], reply->list) != 0)
				continue;
			if (part->arena)
				return;   /* the network was faster */
			struct part read = *part;
			if (!read_part(session, &read, kind, reply)) {
				arena_free(read.arena);   /* written by another version: the network will tell */
				return;
			}
			*part = read;
			if (!site->view.as_of || site->view.as_of < part->as_of)
				site->view.as_of = part->as_of;
			site_renew_view(session, at);
			session->changed |= SESSION_SPACES | SESSION_BOOKINGS | SESSION_SITES;
			return;
		}
	}
}
