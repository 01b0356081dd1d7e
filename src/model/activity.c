/* activity.c — names, customs and places of activities: see activity.h. Who may sign up stands in signup.c. */
#include "hacktiv/model/activity.h"

#include "hacktiv/base.h"
#include "hacktiv/model/words.h"
#include "names.h"

#define HOURS * 60

static const struct { const char *wire, *words; struct activity_custom custom; } formats[ACTIVITY_FORMATS] = {
	/*                           name on the wire, words                  minutes  people  sign up  withdraw  online */
	[ACTIVITY_VISIT]        = { "visit", N_("visit"),                   { 2 HOURS,     15, 24 HOURS, 24 HOURS, false } },
	[ACTIVITY_FABLAB_VISIT] = { "fablab_visit", N_("fablab visit"),     { 2 HOURS,     10, 24 HOURS, 24 HOURS, false } },
	[ACTIVITY_CO_WALKING]   = { "co_walking", N_("co-walking"),         { 90,          15, 2 HOURS,  1 HOURS,  false } },
	[ACTIVITY_LUNCH_TALK]   = { "lunch_talk", N_("Lunch & Talk"),       { 90,          20, 24 HOURS, 24 HOURS, false } },
	[ACTIVITY_WORKSHOP]     = { "workshop", N_("hands-on workshop"),    { 3 HOURS,     12, 12 HOURS, 24 HOURS, false } },
	[ACTIVITY_WEBINAR]      = { "webinar", N_("webinar"),               { 1 HOURS,    100, 15,       0,        true } },
	[ACTIVITY_MEETUP]       = { "meetup", N_("meet-up"),                { 2 HOURS,     30, 1 HOURS,  1 HOURS,  false } },
	[ACTIVITY_CEREMONY]     = { "ceremony", N_("ceremony"),             { 4 HOURS,     60, 48 HOURS, 24 HOURS, false } },
	[ACTIVITY_OTHER]        = { "other", NC_("activity", "other"),      { 2 HOURS,     20, 1 HOURS,  1 HOURS,  false } },
};

const char *activity_format_wire_name(enum activity_format format)
{
	return formats[format].wire;
}

bool activity_format_from_wire(const char *name, enum activity_format *format)
{
	for (size_t i = 0; i < ACTIVITY_FORMATS; i++) {
		if (name_index(&formats[i].wire, 1, name) == 0) {
			*format = (enum activity_format)i;
			return true;
		}
	}
	return false;
}

const char *activity_format_words(enum activity_format format)
{
	return format == ACTIVITY_OTHER ? C_("activity", "other") : _(formats[format].words);
}

struct activity_custom activity_custom_of(enum activity_format format)
{
	return formats[format].custom;
}

static const char *const state_names[ACTIVITY_STATES] = { "scheduled", "cancelled" };

const char *activity_state_wire_name(enum activity_state state)
{
	return state_names[state];
}

bool activity_state_from_wire(const char *name, enum activity_state *state)
{
	int found = name_index(state_names, ACTIVITY_STATES, name);
	if (found < 0)
		return false;
	*state = (enum activity_state)found;
	return true;
}

const char *activity_state_words(enum activity_state state)
{
	switch (state) {
	case ACTIVITY_SCHEDULED:
		return C_("activity", "scheduled");
	case ACTIVITY_CANCELLED:
		return C_("activity", "cancelled");
	}
	return "";
}

static const char *const waitlist_names[WAITLISTS] = { "promote", "offer" };

const char *waitlist_wire_name(enum waitlist waitlist)
{
	return waitlist_names[waitlist];
}

bool waitlist_from_wire(const char *name, enum waitlist *waitlist)
{
	int found = name_index(waitlist_names, WAITLISTS, name);
	if (found < 0)
		return false;
	*waitlist = (enum waitlist)found;
	return true;
}

struct activity activity_copy(struct arena *arena, const struct activity *activity)
{
	struct activity copy = *activity;
	const char **texts[] = { &copy.id, &copy.space_id, &copy.space_name, &copy.space_town, &copy.time_zone, &copy.title,
		&copy.summary, &copy.description, &copy.place, &copy.organiser, &copy.organiser_id, &copy.note, &copy.link, &copy.conditions, &copy.cancel_reason };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = arena_copy_text(arena, *texts[i]);
	return copy;
}

struct period activity_hours(const struct activity *activity, const struct zone *zone)
{
	struct wall_time from = zone_wall(zone, activity->start_at), until = zone_wall(zone, activity->end_at);
	int last = date_equal(from.date, until.date) ? until.minutes : 24 * 60;
	return hours_of(from.date, (struct minute_range){ from.minutes, last });
}

char *activity_clock_words(struct arena *arena, const struct activity *activity, const struct zone *zone)
{
	if (!zone)
		return arena_copy_text(arena, "");
	struct minute_range clock = { zone_wall(zone, activity->start_at).minutes, zone_wall(zone, activity->end_at).minutes };
	return range_words(arena, clock);
}

int activity_places_left(const struct activity *activity)
{
	return activity->capacity > activity->taken ? activity->capacity - activity->taken : 0;
}

char *activity_places_words(struct arena *arena, const struct activity *activity)
{
	int left = activity_places_left(activity);
	if (activity->state == ACTIVITY_CANCELLED)
		return arena_copy_text(arena, activity_state_words(ACTIVITY_CANCELLED));
	if (left > 0)
		return arena_print(arena, ngettext("%d place left", "%d places left", (unsigned long)left), left);
	if (activity->waiting > 0)
		return arena_print(arena, ngettext("full, %d person waiting", "full, %d people waiting", (unsigned long)activity->waiting),
		                   activity->waiting);
	return arena_copy_text(arena, C_("activity", "full"));
}

bool activity_fits(const struct activity *activity, const char *words)
{
	struct arena *arena = arena_new();
	const char *all = arena_print(arena, "%s %s %s %s %s %s %s %s", activity->title, activity->summary, activity->place,
	                              activity->organiser, activity->space_name, activity->space_town,
	                              activity_format_wire_name(activity->format), activity_format_words(activity->format));
	bool fits = text_holds(all, words);
	arena_free(arena);
	return fits;
}

bool activity_check(const struct activity *activity, struct problem *why)
{
	if (!*activity->title)
		return problem_set(why, PROBLEM_INVALID, "title", _("An activity needs a title."));
	if (!*activity->place && !activity->online)
		return problem_set(why, PROBLEM_INVALID, "place", _("An activity needs a place, or to be online."));
	if (!activity->languages)
		return problem_set(why, PROBLEM_INVALID, "languages", _("An activity is held in at least one language."));
	if (activity->end_at <= activity->start_at)
		return problem_set(why, PROBLEM_INVALID, "end", _("An activity ends after it begins."));
	if (activity->capacity < 1 || activity->capacity > ACTIVITY_CAPACITY_MAX)
		return problem_set(why, PROBLEM_INVALID, "capacity", _("An activity has 1 to %d places."), ACTIVITY_CAPACITY_MAX);
	if (activity->offer_minutes < OFFER_MINUTES_LEAST || activity->offer_minutes > OFFER_MINUTES_MAX)
		return problem_set(why, PROBLEM_INVALID, "offer_minutes", _("A place is offered for %1$d to %2$d minutes."),
		                   OFFER_MINUTES_LEAST, OFFER_MINUTES_MAX);
	if (activity->signup_until > activity->start_at)
		return problem_set(why, PROBLEM_INVALID, "signup_until", _("Signing up ends before the activity begins."));
	if (activity->withdraw_until > activity->start_at)
		return problem_set(why, PROBLEM_INVALID, "withdraw_until", _("Withdrawing ends before the activity begins."));
	return true;
}
