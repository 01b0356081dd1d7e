/* opening.c — see opening.h. */
#include "hacktiv/model/opening.h"

#include <string.h>

#include "hacktiv/base.h"
#include "hacktiv/model/words.h"
#include "names.h"

#define DAY_MINUTES (24 * 60)

static const char *const closed_names[] = { "", "weekly", "holiday", "closure" };

const char *closed_why_wire_name(enum closed_why why)
{
	return closed_names[why];
}

bool closed_why_from_wire(const char *name, enum closed_why *why)
{
	int found = name_index(closed_names, COUNT_OF(closed_names), name);
	if (found < 0)
		return false;
	*why = (enum closed_why)found;
	return true;
}

static const struct closure *closure_on(const struct opening_rule *rule, struct local_date date)
{
	for (size_t i = 0; i < rule->closure_count; i++) {
		const struct closure *closure = &rule->closures[i];
		if (date_compare(closure->from, date) <= 0 && date_compare(date, closure->until) <= 0)
			return closure;
	}
	return NULL;
}

struct opening_state opening_on(const struct opening_rule *rule, struct local_date date)
{
	const struct closure *closure = closure_on(rule, date);
	if (closure)
		return (struct opening_state){ .closed = CLOSED_CLOSURE, .reason = closure->reason ? closure->reason : "" };

	enum holiday holiday = rule->open_on_holidays ? HOLIDAY_NONE : holiday_on(rule->country, date);
	if (holiday != HOLIDAY_NONE)
		return (struct opening_state){ .closed = CLOSED_HOLIDAY, .holiday = holiday, .reason = "" };

	const struct opening_day *day = &rule->week[date_weekday(date) - 1];
	if (day->count == 0)
		return (struct opening_state){ .closed = CLOSED_WEEKLY, .reason = "" };
	return (struct opening_state){ .closed = CLOSED_NOT, .reason = "", .hours = *day };
}

static bool refuse_closed(const struct opening_state *state, struct problem *why)
{
	struct arena *arena = arena_new();
	problem_set(why, PROBLEM_CLOSED, "date", "%s", opening_words(arena, state));
	arena_free(arena);
	return false;
}

/* One comes and goes while somebody is there; what lies between, lunch too, one may stay. */
static bool is_open_at_both_ends(const struct opening_day *day, struct minute_range hours)
{
	bool comes = false, goes = false;
	for (size_t i = 0; i < day->count; i++) {
		comes = comes || (day->ranges[i].from <= hours.from && hours.from < day->ranges[i].until);
		goes = goes || (day->ranges[i].from < hours.until && hours.until <= day->ranges[i].until);
	}
	return comes && goes && hours.from < hours.until;
}

bool period_edges(struct period when, const struct opening_rule *rule, struct minute_range *edges,
                    struct problem *why)
{
	struct opening_state state = opening_on(rule, when.date);
	if (state.closed != CLOSED_NOT)
		return refuse_closed(&state, why);

	int opens = state.hours.ranges[0].from;
	int closes = state.hours.ranges[state.hours.count - 1].until;
	int boundary = rule->boundary;
	switch (when.part) {
	case DAY_PART_MORNING:
		if (opens >= boundary)
			return problem_set(why, PROBLEM_CLOSED, "part", "%s", _("closed in the morning that day"));
		*edges = (struct minute_range){ opens, closes < boundary ? closes : boundary };
		return true;
	case DAY_PART_AFTERNOON:
		if (closes <= boundary)
			return problem_set(why, PROBLEM_CLOSED, "part", "%s", _("closed in the afternoon that day"));
		*edges = (struct minute_range){ opens > boundary ? opens : boundary, closes };
		return true;
	case DAY_PART_WHOLE:
		*edges = (struct minute_range){ opens, closes };
		return true;
	case DAY_PART_HOURS:
		if (!is_open_at_both_ends(&state.hours, when.hours))
			return problem_set(why, PROBLEM_CLOSED, "hours", "%s", _("not open all that time"));
		*edges = when.hours;
		return true;
	}
	return problem_set(why, PROBLEM_INVALID, "part", "%s", _("not a part of a day"));
}

static bool on_granule(int minutes, int granule_s)
{
	return minutes * 60 % granule_s == 0;
}

static bool check_day(const struct opening_day *day, int granule_s, struct problem *why)
{
	if (day->count > OPENING_RANGES_MAX)
		return problem_set(why, PROBLEM_INVALID, "week", _("A day has at most %d ranges of opening hours."),
		                   OPENING_RANGES_MAX);
	int last = -1;
	for (size_t i = 0; i < day->count; i++) {
		struct minute_range range = day->ranges[i];
		if (range.from < 0 || range.until > DAY_MINUTES || range.from >= range.until)
			return problem_set(why, PROBLEM_INVALID, "week",
			                   _("Opening hours begin before they end, within one day."));
		if (range.from <= last)
			return problem_set(why, PROBLEM_INVALID, "week",
			                   _("The opening hours of a day are in ascending order and do not touch."));
		if (!on_granule(range.from, granule_s) || !on_granule(range.until, granule_s))
			return problem_set(why, PROBLEM_INVALID, "week",
			                   _("Opening hours lie on steps of %d minutes."), granule_s / 60);
		last = range.until;
	}
	return true;
}

bool opening_rule_check(const struct opening_rule *rule, int granule_s, struct problem *why)
{
	static const int granules[] = { 300, 600, 900, 1800, 3600 };
	bool known = false;
	for (size_t i = 0; i < COUNT_OF(granules); i++)
		known = known || granules[i] == granule_s;
	if (!known)
		return problem_set(why, PROBLEM_INVALID, "granule_s", _("Bookings go in steps of 5, 10, 15, 30 or 60 minutes."));
	for (size_t i = 0; i < COUNT_OF(rule->week); i++) {
		if (!check_day(&rule->week[i], granule_s, why))
			return false;
	}
	if (rule->boundary < 0 || rule->boundary > DAY_MINUTES || !on_granule(rule->boundary, granule_s))
		return problem_set(why, PROBLEM_INVALID, "boundary",
		                   _("The boundary of morning and afternoon lies within the day, on a step of %d minutes."),
		                   granule_s / 60);
	for (size_t i = 0; i < rule->closure_count; i++) {
		if (date_compare(rule->closures[i].from, rule->closures[i].until) > 0)
			return problem_set(why, PROBLEM_INVALID, "closures", _("A closure begins before it ends."));
	}
	return true;
}

char *hours_words(struct arena *arena, const struct opening_day *hours)
{
	char *text = arena_copy_text(arena, "");
	for (size_t i = 0; i < hours->count; i++)
		text = arena_print(arena, "%s%s%s", text, i ? ", " : "", range_words(arena, hours->ranges[i]));
	return text;
}

char *opening_words(struct arena *arena, const struct opening_state *state)
{
	switch (state->closed) {
	case CLOSED_WEEKLY:
		return arena_copy_text(arena, _("closed that weekday"));
	case CLOSED_HOLIDAY:
		return arena_print(arena, _("closed (%s)"), holiday_words(state->holiday));
	case CLOSED_CLOSURE:
		if (!*state->reason)
			return arena_copy_text(arena, C_("space", "closed"));
		return arena_print(arena, _("closed (%s)"), state->reason);
	case CLOSED_NOT:
		break;
	}
	return arena_print(arena, _("open %s"), hours_words(arena, &state->hours));
}
