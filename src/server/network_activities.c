/* network_activities.c — activities, and who signs up for them. */
#include "network_read.h"

#include <string.h>

#define MINUTES_BEFORE_MAX (60 * 24 * 90)

static void read_format(const struct spot *at, enum activity_format *format)
{
	struct spot spot = spot_of_member(at, "format");
	*format = ACTIVITY_OTHER;
	if (!cJSON_IsString(spot.value) || !activity_format_from_wire(spot.value->valuestring, format))
		spot_expected(&spot, "visit, fablab_visit, co_walking, lunch_talk, workshop, webinar, meetup, ceremony or other");
}

static void read_state(const struct spot *at, enum activity_state *state)
{
	struct spot spot = spot_of_member(at, "state");
	*state = ACTIVITY_SCHEDULED;
	if (spot.value && (!cJSON_IsString(spot.value) || !activity_state_from_wire(spot.value->valuestring, state)))
		spot_expected(&spot, "scheduled or cancelled");
}

static void read_waitlist(const struct spot *at, enum waitlist *waitlist)
{
	struct spot spot = spot_of_member(at, "waitlist");
	*waitlist = WAITLIST_PROMOTE;
	if (spot.value && (!cJSON_IsString(spot.value) || !waitlist_from_wire(spot.value->valuestring, waitlist)))
		spot_expected(&spot, "promote or offer");
}

static bool read_instant(const struct spot *at, const struct network_space *home, struct local_date date, int minutes,
                         int64_t *instant)
{
	return zone_instant(home->zone, date, minutes, instant) != WALL_NEVER ||
	       spot_expected(at, "a time that exists on that day");
}

/* "date" or "open_day", "from", and "until" unless the format's custom will do. What ends before it begins ends after midnight. */
static void read_times(const struct spot *at, const struct network_space *home, struct activity *activity)
{
	struct spot from = spot_of_member(at, "from");
	struct spot until = spot_of_member(at, "until");
	struct network_day day = { 0 };
	int begins = 0, ends = 0;
	bool dated = network_read_day(at, home, &day);
	bool timed = spot_minutes(&from, &begins);
	timed = (!until.value || spot_minutes(&until, &ends)) && timed;
	if (!dated || !timed || !home->zone)
		return;
	if (!network_date(home, &day, &activity->date)) {
		spot_expected(at, "a space that is open on so many days of a year");
		return;
	}
	if (!read_instant(&from, home, activity->date, begins, &activity->start_at))
		return;
	activity->end_at = activity->start_at + activity_custom_of(activity->format).minutes * 60;
	if (until.value)
		read_instant(&until, home, ends > begins ? activity->date : date_plus(activity->date, 1), ends, &activity->end_at);
}

/* Until when: before the start, which is added once it is known. */
static void read_rules(const struct spot *at, struct activity *activity)
{
	struct activity_custom custom = activity_custom_of(activity->format);
	int signup, withdraw;
	spot_int(at, "capacity", 1, ACTIVITY_CAPACITY_MAX, custom.capacity, &activity->capacity);
	spot_int(at, "signup_minutes", 0, MINUTES_BEFORE_MAX, custom.signup_minutes, &signup);
	spot_int(at, "withdraw_minutes", 0, MINUTES_BEFORE_MAX, custom.withdraw_minutes, &withdraw);
	spot_bool(at, "online", custom.online, &activity->online);
	spot_int(at, "offer_minutes", OFFER_MINUTES_LEAST, OFFER_MINUTES_MAX, OFFER_MINUTES_CUSTOM, &activity->offer_minutes);
	activity->signup_until = -signup * 60;
	activity->withdraw_until = -withdraw * 60;
}

/* ["demo", "zoe.lambermont"]: logins, in the order of signing up. */
static void read_signups(const struct spot *at, struct network *network, struct network_activity *row)
{
	struct spot list = spot_of_member(at, "signups");
	struct spot fill = spot_of_member(at, "fill");
	spot_int(at, "fill", 0, ACTIVITY_CAPACITY_MAX, 0, &row->fill);
	if (fill.value && network->tx)
		spot_wrong(&fill, "is for sample data only: name in \"signups\" who has a place");
	if (!list.value || !spot_is_array(&list))
		return;
	row->signups = arena_get(at->file->arena, (size_t)cJSON_GetArraySize(list.value) * sizeof *row->signups);
	const cJSON *value = NULL;
	size_t index = 0;
	cJSON_ArrayForEach(value, list.value) {
		struct spot who = spot_of_element(&list, index++, value);
		if (network_find_member(&who, network, &row->signups[row->signup_count]))
			row->signup_count++;
	}
}

static void read_activity(const struct spot *at, struct network *network, struct network_activity *row)
{
	static const char *const known[] = { "space", "slug", "title", "summary", "description", "place", "organiser", "note", "link",
		"format", "online", "languages", "date", "open_day", "from", "until", "capacity", "signup_minutes",
		"withdraw_minutes", "state", "cancel_reason", "waitlist", "offer_minutes", "conditions", "signups", "fill",
		"id" };
	struct activity *activity = &row->activity;
	activity->id = row->slug = "";
	if (!spot_is_object(at, known, COUNT_OF(known)))
		return;
	size_t before = at->file->fault_count;
	network_find_space(at, "space", network, &row->space);
	spot_slug(at, "slug", false, &row->slug);
	spot_text(at, "title", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &activity->title);
	spot_text(at, "summary", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &activity->summary);
	spot_text(at, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &activity->description);
	spot_text(at, "place", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &activity->place);
	spot_text(at, "organiser", TEXT_ONE_LINE, TEXT_NAME_MAX, "", &activity->organiser);
	spot_text(at, "note", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &activity->note);
	spot_text(at, "conditions", TEXT_MANY_LINES, TEXT_BODY_MAX, "", &activity->conditions);
	spot_text(at, "cancel_reason", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &activity->cancel_reason);
	activity->organiser_id = "";
	spot_text(at, "link", TEXT_ONE_LINE, TEXT_LINE_MAX, "", &activity->link);
	read_format(at, &activity->format);
	read_state(at, &activity->state);
	read_waitlist(at, &activity->waitlist);
	network_read_languages(at, &activity->languages);
	read_rules(at, activity);
	read_signups(at, network, row);
	if (row->space == NETWORK_NOWHERE)
		return;
	const struct network_space *home = &network->spaces[row->space];
	read_times(at, home, activity);
	activity->signup_until += activity->start_at;
	activity->withdraw_until += activity->start_at;
	activity->space_id = home->space.id;
	activity->id = network_id(at->file->arena, arena_print(at->file->arena, "activity/%s/%s", home->space.slug, row->slug));
	network_read_id(at, false, &activity->id);
	struct problem cause = { 0 };
	if (at->file->fault_count == before && !activity_check(activity, &cause))
		spot_wrong(at, "%s", cause.text);
}

void network_read_activities(const struct spot *list, struct network *network)
{
	size_t count = (size_t)cJSON_GetArraySize(list->value);
	network->activities = arena_get(list->file->arena, count * sizeof *network->activities);
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list->value) {
		struct spot at = spot_of_element(list, network->activity_count, value);
		struct network_activity *row = &network->activities[network->activity_count++];
		read_activity(&at, network, row);
		for (const struct network_activity *other = network->activities; other < row && *row->slug && *row->activity.id; other++)
			if (strcmp(other->activity.id, row->activity.id) == 0)
				spot_wrong(&at, "expected another slug than \"%s\": it is the one of /activities/%zu", row->slug,
				           (size_t)(other - network->activities));
	}
}
