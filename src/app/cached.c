/* cached.c — see cached.h. */
#include "cached.h"

#include <string.h>

static const char *const list_names[LIST_KINDS] = {
	[LIST_SPACES] = "spaces", [LIST_BOOKINGS] = "bookings", [LIST_MEMBER] = "member", [LIST_SIGNUPS] = "signups",
	[LIST_ACTIVITIES] = "activities",
};

/* ---- names ---- */

static const struct part *part_of(const struct session *session, const struct cached *cached)
{
	return &session->sites[cached->site].parts[cached->kind];
}

const char *cached_name(struct arena *arena, const struct cached *cached)
{
	char date[DATE_ISO_SIZE];
	switch (cached->of) {
	case CACHED_LIST:
		return list_names[cached->kind];
	case CACHED_DAY:
		if (!cached->day->list.date.year)
			return arena_print(arena, "places/%s", cached->day->list.space_id);
		date_to_iso(cached->day->list.date, date);
		return arena_print(arena, "day/%s/%s", cached->day->list.space_id, date);
	case CACHED_DETAIL:
		return arena_print(arena, "%s/%s", cached->detail->kind == DETAIL_ACTIVITY ? "activity" : "organisation", cached->detail->id);
	}
	return "";
}

static bool is_called(const struct cached *cached, const char *name)
{
	struct arena *arena = arena_new();
	bool called = strcmp(cached_name(arena, cached), name) == 0;
	arena_free(arena);
	return called;
}

static bool find_list(const char *name, struct cached *cached)
{
	cached->of = CACHED_LIST;
	for (cached->kind = 0; cached->kind < LIST_KINDS; cached->kind++) {
		if (strcmp(list_names[cached->kind], name) == 0)
			return true;
	}
	return false;
}

static bool find_day(struct session *session, const char *name, struct cached *cached)
{
	cached->of = CACHED_DAY;
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		cached->day = &session->days[at];
		if (cached->day->identity && cached->day->list.site == cached->site && is_called(cached, name))
			return true;
	}
	return false;
}

static bool find_detail(struct session *session, const char *name, struct cached *cached)
{
	cached->of = CACHED_DETAIL;
	for (size_t at = 0; at < DETAILS_KEPT; at++) {
		cached->detail = &session->details[at];
		if (cached->detail->identity && cached->detail->site == cached->site && cached->detail->kind != DETAIL_CARD && is_called(cached, name))
			return true;
	}
	return false;
}

bool cached_find(struct session *session, const char *site, const char *name, struct cached *cached)
{
	for (cached->site = 0; cached->site < session->site_count; cached->site++) {
		if (strcmp(session->sites[cached->site].config->id, site) == 0)
			return find_list(name, cached) || find_day(session, name, cached) || find_detail(session, name, cached);
	}
	return false;
}

bool cached_is_personal(const struct session *session, const struct cached *cached)
{
	bool known = session->sites[cached->site].token;
	switch (cached->of) {
	case CACHED_LIST:
		return cached->kind != LIST_SPACES && (cached->kind != LIST_ACTIVITIES || known);
	case CACHED_DAY:
		return known;
	case CACHED_DETAIL:
		return cached->detail->kind == DETAIL_ACTIVITY && known;
	}
	return true;
}

/* ---- writing ---- */

bool *cached_flag(struct session *session, const struct cached *cached)
{
	switch (cached->of) {
	case CACHED_LIST: return &session->sites[cached->site].parts[cached->kind].to_be_kept;
	case CACHED_DAY: return &cached->day->to_be_kept;
	case CACHED_DETAIL: return &cached->detail->to_be_kept;
	}
	return NULL;
}

size_t cached_count(const struct session *session, const struct cached *cached)
{
	switch (cached->of) {
	case CACHED_LIST: return cached->kind == LIST_MEMBER ? part_of(session, cached)->member != NULL : part_of(session, cached)->count;
	case CACHED_DAY: return cached->day->list.count;
	case CACHED_DETAIL: return cached->detail->view.activity || cached->detail->view.organisation;
	}
	return 0;
}

/* Of a list: for which days it was asked, and by which hacktiv. Its entity tag is good for the same question alone, and a newer hacktiv may
 * read more than an older one kept. */
static cJSON *list_head(const struct part *part)
{
	char date[DATE_ISO_SIZE], until[DATE_ISO_SIZE];
	date_to_iso(part->date, date);
	date_to_iso(part->until, until);
	cJSON *head = cJSON_CreateObject();
	cJSON_AddStringToObject(head, "date", date);
	cJSON_AddStringToObject(head, "until", until);
	cJSON_AddStringToObject(head, "by", HACKTIV_VERSION);
	return head;
}

/* Of a day its opening, as part of the space whose day it is. */
cJSON *cached_head(struct session *session, const struct cached *cached)
{
	if (cached->of == CACHED_LIST && part_of(session, cached)->date.year)
		return list_head(part_of(session, cached));
	const struct part *spaces = &session->sites[cached->site].parts[LIST_SPACES];
	for (size_t at = 0; cached->of == CACHED_DAY && at < spaces->count; at++) {
		if (strcmp(spaces->spaces[at].id, cached->day->list.space_id) != 0)
			continue;
		struct space space = spaces->spaces[at];
		space.today = (struct space_day){ .date = cached->day->list.date, .opening = cached->day->list.opening };
		space.version = cached->day->version;
		return wire_space_write(&space);
	}
	return NULL;
}

static cJSON *list_element(struct session *session, const struct part *part, enum list_kind kind, size_t at)
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

cJSON *cached_element(struct session *session, const struct cached *cached, size_t at)
{
	switch (cached->of) {
	case CACHED_LIST:
		return list_element(session, part_of(session, cached), cached->kind, at);
	case CACHED_DAY:
		return wire_resource_day_write(&cached->day->list.rows[at]);
	case CACHED_DETAIL:
		if (cached->detail->view.organisation)
			return wire_organisation_write(cached->detail->view.organisation, true);
		return wire_activity_write(cached->detail->view.activity, session_zone(session, cached->detail->view.activity->time_zone), true);
	}
	return NULL;
}

int64_t cached_as_of(const struct session *session, const struct cached *cached)
{
	switch (cached->of) {
	case CACHED_LIST: return part_of(session, cached)->as_of;
	case CACHED_DAY: return cached->day->list.state.as_of;
	case CACHED_DETAIL: return cached->detail->view.state.as_of;
	}
	return 0;
}

const char *cached_etag(const struct session *session, const struct cached *cached)
{
	return cached->of == CACHED_LIST ? part_of(session, cached)->etag : NULL;
}

/* ---- reading ---- */

/* What was free on another day says nothing about today. */
static void forget_old_day(struct session *session, struct space *space)
{
	struct local_date today = zone_wall(session_zone(session, space->time_zone), session_now(session)).date;
	if (space->today.date.year && !date_equal(space->today.date, today))
		memset(&space->today, 0, sizeof space->today);
	if (!space->today.opening.reason)
		space->today.opening.reason = "";
}

static size_t list_row_bytes(enum list_kind kind)
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

size_t cached_row_bytes(const struct cached *cached)
{
	switch (cached->of) {
	case CACHED_LIST: return list_row_bytes(cached->kind);
	case CACHED_DAY: return sizeof(struct resource_day);
	case CACHED_DETAIL: return cached->detail->kind == DETAIL_ACTIVITY ? sizeof(struct activity) : sizeof(struct organisation);
	}
	return 1;
}

static bool read_list_element(struct session *session, enum list_kind kind, const cJSON *element, struct arena *arena, void *row)
{
	switch (kind) {
	case LIST_SPACES:
		if (!wire_space_read(element, arena, row, NULL))
			return false;
		forget_old_day(session, row);
		return true;
	case LIST_BOOKINGS:
		return wire_booking_read(element, arena, row, NULL);
	case LIST_MEMBER:
		return wire_member_read(element, arena, row, NULL);
	case LIST_SIGNUPS:
	case LIST_ACTIVITIES:
		return wire_activity_read(element, arena, row, NULL);
	}
	return false;
}

bool cached_read(struct session *session, const struct cached *cached, const cJSON *element, struct arena *arena, void *row)
{
	switch (cached->of) {
	case CACHED_LIST:
		return read_list_element(session, cached->kind, element, arena, row);
	case CACHED_DAY:
		return wire_resource_day_read(element, arena, row, NULL);
	case CACHED_DETAIL:
		return cached->detail->kind == DETAIL_ACTIVITY ? wire_activity_read(element, arena, row, NULL)
		                                             : wire_organisation_read(element, arena, row, NULL);
	}
	return false;
}

static struct local_date date_in(const cJSON *head, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(head, name));
	struct local_date date = { 0 };
	return text && date_from_iso(text, &date, NULL) ? date : (struct local_date){ 0 };
}

static void take_question(struct part *part, struct arena *arena, const cJSON *head, const char *etag)
{
	const char *by = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(head, "by"));
	part->date = date_in(head, "date");
	part->until = date_in(head, "until");
	part->etag = by && strcmp(by, HACKTIV_VERSION) == 0 ? arena_copy_text(arena, etag) : NULL;
}

static void take_list(struct session *session, const struct cached *cached, struct arena *arena, const struct arena_rows *rows, const cJSON *head,
                      int64_t as_of, const char *etag)
{
	struct site *site = &session->sites[cached->site];
	struct part *part = &site->parts[cached->kind];
	const void *first = rows->first;
	part->spaces = cached->kind == LIST_SPACES ? first : NULL;
	part->bookings = cached->kind == LIST_BOOKINGS ? first : NULL;
	part->member = cached->kind == LIST_MEMBER ? first : NULL;
	part->activities = cached->kind == LIST_SIGNUPS || cached->kind == LIST_ACTIVITIES ? first : NULL;
	part->count = cached->kind == LIST_MEMBER ? 0 : rows->count;
	part->as_of = as_of;
	part->arena = arena;
	take_question(part, arena, cJSON_GetObjectItemCaseSensitive(head, "of"), etag);
	if (!site->view.as_of || site->view.as_of < as_of)
		site->view.as_of = as_of;
	site_renew_view(session, cached->site);
	agenda_touch(session);
	session->changed |= SESSION_SPACES | SESSION_BOOKINGS | SESSION_SITES;
}

static void take_day(struct session *session, struct day *day, struct arena *arena, const struct arena_rows *rows, const cJSON *head,
                     int64_t as_of)
{
	struct space space;
	day->list.rows = rows->first;
	day->list.count = rows->count;
	bool read = wire_space_read(cJSON_GetObjectItemCaseSensitive(head, "of"), arena, &space, NULL);
	if (read && space.today.date.year)
		day->list.opening = space.today.opening;
	day->version = read ? space.version : 0;
	if (!day->list.opening.reason)
		day->list.opening.reason = "";
	day->list.state.as_of = day->copy_as_of = as_of;
	day->arena = arena;
	session->changed |= SESSION_DAY;
}

static void take_detail(struct session *session, struct kept_detail *detail, struct arena *arena, const struct arena_rows *rows,
                        int64_t as_of)
{
	detail->view.activity = detail->kind == DETAIL_ACTIVITY ? rows->first : NULL;
	detail->view.organisation = detail->kind == DETAIL_ORGANISATION ? rows->first : NULL;
	detail->view.state.as_of = as_of;
	detail->arena = arena;
	session->changed |= SESSION_DETAIL;
}

void cached_set_loading(struct session *session, const struct cached *cached, bool loading)
{
	switch (cached->of) {
	case CACHED_LIST:
		return;
	case CACHED_DAY:
		cached->day->loading = loading;
		cached->day->list.state.asking = loading || cached->day->job || cached->day->to_be_asked;
		session->changed |= SESSION_DAY;
		return;
	case CACHED_DETAIL:
		cached->detail->loading = loading;
		cached->detail->view.state.asking = loading || cached->detail->job;
		session->changed |= SESSION_DETAIL;
		return;
	}
}

bool cached_take(struct session *session, const struct cached *cached, struct arena *arena, const struct arena_rows *rows, const cJSON *head,
                 int64_t as_of, const char *etag)
{
	if (cached_is_personal(session, cached) && !session->sites[cached->site].token)
		return false;   /* the person has gone */
	switch (cached->of) {
	case CACHED_LIST:
		if (part_of(session, cached)->arena)
			return false;   /* the network was faster */
		take_list(session, cached, arena, rows, head, as_of, etag);
		return true;
	case CACHED_DAY:
		if (cached->day->arena)
			return false;
		take_day(session, cached->day, arena, rows, head, as_of);
		return true;
	case CACHED_DETAIL:
		/* Told by the site that it is not there, or not to be seen. */
		if (cached->detail->arena || cached->detail->view.state.outcome.kind == OUTCOME_NOT_FOUND || rows->count != 1)
			return false;
		take_detail(session, cached->detail, arena, rows, as_of);
		return true;
	}
	return false;
}
