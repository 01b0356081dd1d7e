/* foresee.c — what stands in the way of a booking as far as is known here, for who cannot ask the site: a day on which the space is closed,
 * and the nearest on which it is not. See session.h. */
#include <string.h>

#include "inside.h"
#include "place.h"

#define DAYS_LOOKED_AT 60   /* before and after */

static const struct space *find_space(const struct session *session, const struct wish_book *wish)
{
	const struct part *spaces = &session->sites[wish->site].parts[LIST_SPACES];
	for (size_t at = 0; at < spaces->count; at++) {
		if (strcmp(spaces->spaces[at].id, wish->space_id) == 0)
			return &spaces->spaces[at];
	}
	return NULL;
}

/* What the site said of that very day counts more than its rule: it knows of days that were closed since. */
static const struct day_list *find_day(const struct session *session, const struct wish_book *wish, struct local_date date)
{
	for (size_t at = 0; at < DAYS_KEPT; at++) {
		const struct day_list *day = &session->days[at].list;
		if (session->days[at].identity && day->site == wish->site && day->state.as_of && date_equal(day->date, date) &&
		    strcmp(day->space_id, wish->space_id) == 0)
			return day;
	}
	return NULL;
}

static bool is_open(const struct session *session, const struct space *space, const struct wish_book *wish, struct period when,
                    struct opening_state *opening)
{
	struct minute_range edges;
	const struct day_list *day = find_day(session, wish, when.date);
	*opening = day ? day->opening : opening_on(&space->opening, when.date);
	return opening->closed == CLOSED_NOT && period_edges(when, &space->opening, &edges, NULL);
}

/* Taken, as far as is known. */
static bool is_taken(const struct session *session, const struct wish_book *wish, struct period when)
{
	const struct day_list *day = find_day(session, wish, when.date);
	for (size_t at = 0; day && at < day->count; at++) {
		if (strcmp(day->rows[at].resource.id, wish->resource_id) == 0)
			return !place_is_free(&day->rows[at], when);
	}
	return false;
}

static size_t find_open_days(const struct session *session, const struct space *space, const struct wish_book *wish,
                             struct local_date today, struct alternative found[2])
{
	size_t count = 0;
	for (int step = 1; step >= -1; step -= 2) {
		for (int away = 1; away <= DAYS_LOOKED_AT; away++) {
			struct period when = wish->when;
			struct opening_state opening;
			when.date = date_plus(wish->when.date, step * away);
			if (date_compare(when.date, today) < 0)
				break;
			if (!is_open(session, space, wish, when, &opening) || is_taken(session, wish, when))
				continue;
			found[count++] = (struct alternative){ .space_id = wish->space_id, .space_name = wish->space_name,
				.resource_id = wish->resource_id, .resource_name = wish->resource_name, .resource_area = "", .when = when };
			break;
		}
	}
	/* The nearer one first. */
	int64_t asked = date_to_days(wish->when.date);
	if (count == 2 && asked - date_to_days(found[1].when.date) < date_to_days(found[0].when.date) - asked) {
		struct alternative nearer = found[1];
		found[1] = found[0];
		found[0] = nearer;
	}
	return count;
}

const struct preview *session_foresee(struct session *session, const struct wish_book *wish, struct arena *arena)
{
	const struct space *space = find_space(session, wish);
	struct opening_state opening;
	if (!space || is_open(session, space, wish, wish->when, &opening))
		return NULL;
	bool outside = wish->when.part == DAY_PART_HOURS && opening.closed == CLOSED_NOT;
	struct obstacle *obstacle = arena_get(arena, sizeof *obstacle);
	*obstacle = (struct obstacle){ outside ? RULE_OUTSIDE_HOURS : RULE_SPACE_CLOSED,
		arena_copy_text(arena, opening.closed == CLOSED_HOLIDAY ? holiday_words(opening.holiday) : opening.reason) };
	struct alternative *alternatives = arena_get(arena, 2 * sizeof *alternatives);
	struct preview *preview = arena_get(arena, sizeof *preview);
	*preview = (struct preview){ .obstacles = obstacle, .obstacle_count = 1, .alternatives = alternatives,
		.alternative_count = find_open_days(session, space, wish, list_today_at(session, wish->site), alternatives) };
	preview->booking = (struct booking){ .when = wish->when, .price = { -1, -1, -1 }, .country = space->country,
		.time_zone = arena_copy_text(arena, space->time_zone) };
	return preview;
}
