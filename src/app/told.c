/* told.c — what a site told of changes, and what of it is read anew: exactly that, together, and not too often. See inside.h.
 *
 * What is not looked at is only marked: whoever shows it asks. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define TOGETHER_MS  60    /* what comes within so long is read at once; a write and what the feed tells of it, too */
#define BETWEEN_MS 400     /* from one reading to the next */
#define NUMBERS_MAX 1024   /* spaces */

struct told_number {
	char *space_id;
	int64_t number;
};

static void plan(struct live *live)
{
	int64_t soon_ms = clock_monotonic_ms() + TOGETHER_MS, not_before_ms = live->last_read_ms + BETWEEN_MS;
	if (!live->read_ms)
		live->read_ms = soon_ms > not_before_ms ? soon_ms : not_before_ms;
	lists_tell_asking(live->session);
}

/* ---- numbers ---- */

enum order { ORDER_NEXT, ORDER_AGAIN, ORDER_GAP };

/* The first that is heard of a space says where it stands. */
static enum order place_in_order(struct live *live, const struct news *news)
{
	for (size_t at = 0; at < live->number_count; at++) {
		struct told_number *last = &live->numbers[at];
		if (strcmp(last->space_id, news->space_id) != 0)
			continue;
		if (news->number <= last->number)
			return ORDER_AGAIN;
		enum order order = news->number == last->number + 1 ? ORDER_NEXT : ORDER_GAP;
		last->number = news->number;
		return order;
	}
	if (live->number_count == NUMBERS_MAX)
		return ORDER_NEXT;
	live->numbers = memory_grow(live->numbers, live->number_count + 1, sizeof *live->numbers);
	live->numbers[live->number_count++] = (struct told_number){ memory_copy_text(news->space_id), news->number };
	return ORDER_NEXT;
}

static void forget_numbers(struct live *live)
{
	for (size_t at = 0; at < live->number_count; at++)
		free(live->numbers[at].space_id);
	free(live->numbers);
	live->numbers = NULL;
	live->number_count = 0;
}

/* ---- marking ---- */

static unsigned bit(enum list_kind kind)
{
	return 1u << kind;
}

static void tell_lists(struct live *live, unsigned lists)
{
	live->told |= lists;
	live->kept &= ~lists;   /* nor is the copy on disk right any more */
}

static void add(struct live *live, enum news_kind kind, const char *id, const char *resource_id, int64_t version)
{
	for (size_t at = 0; at < live->thing_count; at++) {
		struct told_thing *thing = &live->things[at];
		if (thing->kind != kind || strcmp(thing->id, id) != 0)
			continue;
		thing->version = version > thing->version ? version : thing->version;
		return;
	}
	live->things = memory_grow(live->things, live->thing_count + 1, sizeof *live->things);
	live->things[live->thing_count++] = (struct told_thing){ kind, memory_copy_text(id), memory_copy_text(resource_id), version };
}

static void tell_activity(struct live *live, const struct news *news)
{
	add(live, NEWS_ACTIVITY, news->ref, "", news->version);
	live->kept &= ~(bit(LIST_ACTIVITIES) | bit(LIST_SIGNUPS));
	details_tell(live->session, live->site, news->ref, false);
}

static void forget_thing(struct told_thing *thing)
{
	free(thing->id);
	free(thing->resource_id);
}

static void forget_things(struct live *live)
{
	for (size_t at = 0; at < live->thing_count; at++)
		forget_thing(&live->things[at]);
	free(live->things);
	live->things = NULL;
	live->thing_count = 0;
}

static const struct local_date any_date;

/* The list of spaces says what is free today. */
static void tell_day(struct live *live, const char *space_id, struct local_date date, const char *resource_id, const char *booking_id)
{
	days_tell(live->session, live->site, space_id, date, resource_id, booking_id);
	if (!date.year || (!*resource_id && date_equal(date, list_today_at(live->session, live->site))))
		tell_lists(live, bit(LIST_SPACES));
	else if (date_equal(date, list_today_at(live->session, live->site)))
		add(live, NEWS_AVAILABILITY, space_id, resource_id, 0);
}

static void tell_space(struct live *live, const struct news *news)
{
	days_forget_resources(live->session, live->site, news->space_id);
	days_tell(live->session, live->site, news->space_id, any_date, NULL, NULL);
	tell_lists(live, bit(LIST_SPACES));
}

static void tell_booking(struct live *live, const struct news *news)
{
	add(live, NEWS_BOOKING, news->ref, "", news->version);
	live->kept &= ~bit(LIST_BOOKINGS);
	if (!row_of_day_has(live->session, live->site, news))
		tell_day(live, news->space_id, news->date, news->resource_id ? news->resource_id : "", news->ref);
}

/* A number that was passed over may be of something that we may not hear of, or was lost: nobody can tell. */
static void tell_all_of_space(struct live *live, const struct news *news)
{
	tell_space(live, news);
	details_tell(live->session, live->site, NULL, true);
	tell_lists(live, TOLD_ALL & ~bit(LIST_MEMBER));
}

static void tell(struct live *live, const struct news *news)
{
	switch (news->kind) {
	case NEWS_BOOKING:
		tell_booking(live, news);
		return;
	case NEWS_AVAILABILITY:
		tell_day(live, news->space_id, news->date, news->ref, NULL);
		return;
	case NEWS_ACTIVITY:
		tell_activity(live, news);
		return;
	case NEWS_SPACE:
		tell_space(live, news);
		return;
	case NEWS_DIRECTORY:
		tell_lists(live, TOLD_DIRECTORY);
		details_tell(live->session, live->site, NULL, false);
		return;
	case NEWS_OTHER:
		return;
	}
}

void told_news(struct live *live, const struct news *news)
{
	switch (place_in_order(live, news)) {
	case ORDER_AGAIN:
		return;
	case ORDER_GAP:
		tell_all_of_space(live, news);
		break;
	case ORDER_NEXT:
		tell(live, news);
		break;
	}
	plan(live);
}

void told_everything(struct live *live)
{
	forget_numbers(live);
	tell_lists(live, TOLD_ALL);
	days_tell(live->session, live->site, NULL, any_date, NULL, NULL);
	details_tell(live->session, live->site, NULL, true);
	plan(live);
}

void told_list(struct session *session, size_t site, enum list_kind kind)
{
	session->sites[site].live.told |= bit(kind);
	plan(&session->sites[site].live);
}

void told_day(struct session *session, size_t site, const char *space_id, struct local_date date, const char *resource_id)
{
	tell_day(&session->sites[site].live, space_id, date, resource_id, NULL);
	plan(&session->sites[site].live);
}

/* ---- what of it is known ---- */

/* A wish of ours is under way, whose answer will say the same. */
static bool is_awaited(const struct session *session, const struct told_thing *told)
{
	for (size_t at = 0; at < session->wish_count; at++) {
		const struct wish *wish = session->wishes[at];
		const char *id = wish_is_of_activity(wish) ? wish->row.activity_id : wish->row.booking_id;
		if (wish->job && !wish->looking && strcmp(id, told->id) == 0)
			return true;
	}
	return false;
}

static bool is_booking_known(const struct session *session, size_t site, const struct told_thing *told)
{
	const struct part *part = &session->sites[site].parts[LIST_BOOKINGS];
	for (size_t at = 0; at < part->count; at++) {
		if (strcmp(part->bookings[at].id, told->id) == 0)
			return part->bookings[at].version >= told->version && !part->job;
	}
	for (size_t at = 0; at < session->wish_count; at++) {
		const struct wish *wish = session->wishes[at];
		if (wish->row.kind == WISH_CANCEL && wish->view.outcome.kind == OUTCOME_DONE && strcmp(wish->row.booking_id, told->id) == 0)
			return !part->job;   /* it is cancelled for good, and is not there */
	}
	return false;
}

static const struct activity *find_activity(const struct part *part, const char *id)
{
	for (size_t at = 0; at < part->count; at++) {
		if (strcmp(part->activities[at].id, id) == 0)
			return &part->activities[at];
	}
	return NULL;
}

/* We did it ourselves, and its answer said so: what stands in the agenda in its place is as new (agenda.c). */
static bool is_activity_known(const struct session *session, const struct told_thing *told)
{
	for (size_t at = 0; at < session->wish_count && told->version > 0; at++) {
		const struct activity *activity = session->wishes[at]->view.activity;
		if (activity && activity->version >= told->version && strcmp(activity->id, told->id) == 0)
			return true;
	}
	return false;
}

void told_is_answered(struct live *live, unsigned lists)
{
	unsigned of_activities = bit(LIST_ACTIVITIES) | bit(LIST_SIGNUPS);
	size_t kept = 0;
	live->told &= ~lists;
	for (size_t at = 0; at < live->thing_count; at++) {
		enum news_kind kind = live->things[at].kind;
		bool is_in = kind == NEWS_BOOKING ? lists & bit(LIST_BOOKINGS) : kind == NEWS_ACTIVITY && (lists & of_activities) == of_activities;
		if (is_in)
			forget_thing(&live->things[at]);
		else
			live->things[kept++] = live->things[at];
	}
	live->thing_count = kept;
}

/* ---- reading ---- */

/* Lists in which it is that have it older, or perhaps have it. */
static unsigned lists_of_activity(const struct live *live, const struct told_thing *told)
{
	static const enum list_kind kinds[] = { LIST_ACTIVITIES, LIST_SIGNUPS };
	unsigned lists = 0;
	for (size_t at = 0; at < COUNT_OF(kinds); at++) {
		const struct part *part = &live->session->sites[live->site].parts[kinds[at]];
		const struct activity *listed = find_activity(part, told->id);
		if (!listed || listed->version < told->version || part->job)
			lists |= bit(kinds[at]);
	}
	return is_activity_known(live->session, told) ? 0 : lists;
}

/* One space is asked for what changed; when it is most of them, the list costs less. False: later. */
static bool read_space(struct live *live, const struct told_thing *told, size_t spaces, unsigned *lists)
{
	struct session *session = live->session;
	const struct part *part = &session->sites[live->site].parts[LIST_SPACES];
	if (!part->arena || part->job || spaces * 2 > part->count || site_is_throttled(session, live->site) ||
	    !list_is_of_today(session, live->site, LIST_SPACES)) {
		*lists |= bit(LIST_SPACES);
		return true;
	}
	return day_read_now(session, live->site, told->id, list_today_at(session, live->site)) ||
	       space_day_ask(session, live->site, told->id, told->resource_id);
}

static bool read_thing(struct live *live, const struct told_thing *told, size_t spaces, unsigned *lists)
{
	switch (told->kind) {
	case NEWS_BOOKING:
		if (is_awaited(live->session, told))
			return false;
		if (!is_booking_known(live->session, live->site, told))
			*lists |= bit(LIST_BOOKINGS);
		return true;
	case NEWS_ACTIVITY:
		if (is_awaited(live->session, told))
			return false;
		*lists |= lists_of_activity(live, told);
		return true;
	case NEWS_AVAILABILITY:
		return read_space(live, told, spaces, lists);
	case NEWS_OTHER:
	case NEWS_SPACE:
	case NEWS_DIRECTORY:
		break;
	}
	return true;
}

/* Returns the lists that must be read for what was told; what is for later stays. */
static unsigned read_things(struct live *live)
{
	unsigned lists = 0;
	size_t kept = 0, spaces = 0;
	for (size_t at = 0; at < live->thing_count; at++)
		spaces += live->things[at].kind == NEWS_AVAILABILITY;
	for (size_t at = 0; at < live->thing_count; at++) {
		if (read_thing(live, &live->things[at], spaces, &lists))
			forget_thing(&live->things[at]);
		else
			live->things[kept++] = live->things[at];
	}
	live->thing_count = kept;
	return lists;
}

/* What is on its way was perhaps made before the change: it is read again after it. */
static bool is_on_its_way(const struct live *live, enum list_kind kind)
{
	return live->session->sites[live->site].parts[kind].job != NULL;
}

void told_read(struct live *live)
{
	struct session *session = live->session;
	live->read_ms = 0;
	live->last_read_ms = clock_monotonic_ms();
	days_read_told(session, live->site);
	unsigned told = live->told | read_things(live);
	live->told = 0;
	details_read_told(session, live->site);
	if (told & TOLD_DIRECTORY)
		directories_read_told(session, live->site);
	for (enum list_kind kind = 0; kind < LIST_KINDS; kind++) {
		if (!(told & bit(kind)))
			continue;
		if (is_on_its_way(live, kind))
			live->told |= bit(kind);
		else
			list_ask(session, live->site, kind);
	}
	if (live->told || live->thing_count > 0)
		plan(live);
	lists_tell_asking(session);
}

void told_clear(struct live *live)
{
	forget_things(live);
	forget_numbers(live);
	live->told = 0;
	live->read_ms = 0;
}
