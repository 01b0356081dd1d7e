/* alternatives.c — see alternatives.h. */
#include "alternatives.h"

#include <string.h>

#define HERE_MAX 4        /* of the same kind in the same space */
#define SAME_MAX 2        /* of the same resource at another time */

struct found {
	struct alternative *list;
	size_t count;
};

static bool is_free_for(enum slot_state morning, enum slot_state afternoon, enum day_part part)
{
	switch (part) {
	case DAY_PART_MORNING:
		return morning == SLOT_FREE;
	case DAY_PART_AFTERNOON:
		return afternoon == SLOT_FREE;
	case DAY_PART_WHOLE:
		return morning == SLOT_FREE && afternoon == SLOT_FREE;
	}
	return false;
}

static void add(struct found *found, size_t most, const struct space *space, const struct resource *resource,
                struct half_day when)
{
	if (found->count < most && found->count < ALTERNATIVES_MAX)
		found->list[found->count++] = (struct alternative){ space->id,      space->name,    resource->id,   resource->name,
			                                            resource->area, resource->kind, when };
}

/* Is the date within what may be booked: slot states do not say. */
static bool is_within_reach(const struct view *view, const struct space *space, struct local_date date)
{
	int ahead = date_to_days(date) - date_to_days(policy_today(view->server, space, view->now));
	return ahead >= 0 && ahead <= DAYS_AHEAD_MAX;
}

/* The other resources of that kind in a space at that time; `area` first. */
static void add_kind(const struct view *view, struct found *found, size_t most, const struct space *space,
                     const struct resource *wanted, struct half_day when)
{
	struct day_halves halves;
	size_t count = 0;
	if (!is_within_reach(view, space, when.date) || !policy_halves(view, space, when.date, &halves) ||
	    (!halves.morning_open && !halves.afternoon_open))
		return;
	const struct resource_day *rows = policy_rows(view, space, &halves, &count);
	for (int same_area = 1; same_area >= 0; same_area--)
		for (size_t i = 0; i < count; i++) {
			const struct resource *resource = &rows[i].resource;
			if (resource->kind == wanted->kind && strcmp(resource->id, wanted->id) != 0 &&
			    (strcmp(resource->area, wanted->area) == 0) == same_area &&
			    is_free_for(rows[i].morning, rows[i].afternoon, when.part))
				add(found, most, space, resource, when);
		}
}

static void add_if_free(const struct view *view, struct found *found, size_t most, const struct space *space,
                        const struct resource *resource, struct half_day when)
{
	struct day_halves halves;
	if (found->count >= most || !is_within_reach(view, space, when.date) || resource->state != RESOURCE_BOOKABLE ||
	    !policy_halves(view, space, when.date, &halves))
		return;
	struct granules range = { 0, 0 };
	switch (when.part) {
	case DAY_PART_MORNING:
		range = halves.morning_open ? halves.morning : range;
		break;
	case DAY_PART_AFTERNOON:
		range = halves.afternoon_open ? halves.afternoon : range;
		break;
	case DAY_PART_WHOLE:
		if (halves.morning_open && halves.afternoon_open)
			range = (struct granules){ halves.morning.from, halves.afternoon.until };
		break;
	}
	bool mine = false;
	if (range.until > range.from && !db_is_taken(view->tx, space->id, resource->id, range, view->member_id, &mine))
		add(found, most, space, resource, when);
}

static void add_same_resource(const struct view *view, struct found *found, size_t most, const struct space *space,
                              const struct resource *resource, struct half_day when)
{
	for (enum day_part part = DAY_PART_MORNING; part <= DAY_PART_AFTERNOON; part++)
		if (part != when.part)
			add_if_free(view, found, most, space, resource, (struct half_day){ when.date, part });
	for (int days = 1; days <= NEXT_DAYS && date_to_days(when.date) + days <= date_to_days((struct local_date){ DATE_YEAR_MAX, 12, 31 });
	     days++)
		add_if_free(view, found, most, space, resource, (struct half_day){ date_plus(when.date, days), when.part });
}

const struct alternative *find_alternatives(const struct view *view, const struct space *space,
                                            const struct resource *resource, struct half_day when, size_t *count)
{
	struct found found = { .list = arena_get(view->arena, ALTERNATIVES_MAX * sizeof *found.list) };
	add_kind(view, &found, HERE_MAX, space, resource, when);
	add_same_resource(view, &found, found.count + SAME_MAX, space, resource, when);
	size_t space_count = 0;
	const struct space *spaces = db_list_spaces(view->tx, view->arena, &space_count);
	for (size_t i = 0; i < space_count && found.count < ALTERNATIVES_MAX; i++)
		if (strcmp(spaces[i].id, space->id) != 0)
			add_kind(view, &found, ALTERNATIVES_MAX, &spaces[i], resource, when);
	*count = found.count;
	return found.list;
}
