/* told.c — what a site told of changes, and what of it is read anew: exactly that, together, and not too often. See inside.h.
 *
 * What is not looked at is only marked: whoever shows it asks. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

#define TOGETHER_MS  60    /* what comes within so long is read at once; a write and what the feed tells of it, too */
#define BETWEEN_MS 400     /* from one reading to the next */
#define NUMBERS_MAX 1024   /* spaces */

struct told_activity {
	char *id;
	int64_t version;
};

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

/* We did it ourselves, and its answer said so: what stands in the lists in its place is as new (agenda.c). */
static bool is_known(const struct session *session, const struct told_activity *told)
{
	for (size_t at = 0; at < session->wish_count && told->version > 0; at++) {
		const struct activity *activity = session->wishes[at]->view.activity;
		if (activity && activity->version >= told->version && strcmp(activity->id, told->id) == 0)
			return true;
	}
	return false;
}

static void tell_activity(struct live *live, const struct news *news)
{
	live->activities = memory_grow(live->activities, live->activity_count + 1, sizeof *live->activities);
	live->activities[live->activity_count++] = (struct told_activity){ memory_copy_text(news->ref), news->version };
	live->kept &= ~bit(LIST_ACTIVITIES);
	tell_lists(live, bit(LIST_SIGNUPS));
	details_tell(live->session, live->site, news->ref, false);
}

static bool knows_all(const struct live *live)
{
	for (size_t at = 0; at < live->activity_count; at++)
		if (!is_known(live->session, &live->activities[at]))
			return false;
	return true;
}

static void forget_activities(struct live *live)
{
	for (size_t at = 0; at < live->activity_count; at++)
		free(live->activities[at].id);
	free(live->activities);
	live->activities = NULL;
	live->activity_count = 0;
}

static const struct local_date any_date;

/* The list of spaces says what is free today. */
static void tell_day(struct live *live, const struct news *news)
{
	days_tell(live->session, live->site, news->space_id, news->date);
	if (!news->date.year || date_equal(news->date, list_today_at(live->session, live->site)))
		tell_lists(live, bit(LIST_SPACES));
}

static void tell_space(struct live *live, const struct news *news)
{
	days_tell(live->session, live->site, news->space_id, any_date);
	tell_lists(live, bit(LIST_SPACES));
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
		tell_lists(live, bit(LIST_BOOKINGS));
		tell_day(live, news);
		return;
	case NEWS_AVAILABILITY:
		tell_day(live, news);
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
	days_tell(live->session, live->site, NULL, any_date);
	details_tell(live->session, live->site, NULL, true);
	plan(live);
}

void told_list(struct session *session, size_t site, enum list_kind kind)
{
	session->sites[site].live.told |= bit(kind);
	plan(&session->sites[site].live);
}

void told_day(struct session *session, size_t site, const char *space_id, struct local_date date)
{
	days_tell(session, site, space_id, date);
	plan(&session->sites[site].live);
}

/* ---- reading ---- */

/* What is on its way was perhaps made before the change: it is read again after it. */
static bool is_on_its_way(const struct live *live, enum list_kind kind)
{
	return live->session->sites[live->site].parts[kind].job != NULL;
}

void told_read(struct live *live)
{
	struct session *session = live->session;
	unsigned told = live->told | (knows_all(live) ? 0 : bit(LIST_ACTIVITIES));
	forget_activities(live);
	live->read_ms = 0;
	live->told = 0;
	live->last_read_ms = clock_monotonic_ms();
	days_read_told(session, live->site);
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
	if (live->told)
		plan(live);
	lists_tell_asking(session);
}

void told_clear(struct live *live)
{
	forget_activities(live);
	forget_numbers(live);
	live->told = 0;
	live->read_ms = 0;
}
