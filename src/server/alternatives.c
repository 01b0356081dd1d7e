/* alternatives.c — see alternatives.h. */
#include "alternatives.h"

#include <string.h>

#define HERE_MAX 4        /* of the same kind in the same space */
#define SAME_MAX 2        /* of the same resource at another time */

struct found {
	struct alternative *list;
	size_t count;
};

static void add(struct found *found, size_t most, const struct space *space, const struct resource *resource,
                struct period when)
{
	if (found->count < most && found->count < ALTERNATIVES_MAX)
		found->list[found->count++] = (struct alternative){ space->id,      space->name,    resource->id,   resource->name,
			                                            resource->area, resource->kind, when };
}

/* The other resources of that kind in a space at that time; `area` first. */
static void add_kind(const struct view *view, struct found *found, size_t most, const struct space *space,
                     const struct resource *wanted, const struct booking_wish *wish)
{
	size_t count = 0;
	const struct resource *resources = db_list_resources(view->tx, space->id, view->arena, &count);
	for (int same_area = 1; same_area >= 0; same_area--)
		for (size_t i = 0; i < count && found->count < most; i++) {
			const struct resource *resource = &resources[i];
			if (resource->kind == wanted->kind && strcmp(resource->id, wanted->id) != 0 &&
			    (strcmp(resource->area, wanted->area) == 0) == same_area && policy_allows(view, space, resource, wish))
				add(found, most, space, resource, wish->when);
		}
}

static bool add_if_free(const struct view *view, struct found *found, size_t most, const struct space *space,
                        const struct resource *resource, const struct booking_wish *wish, struct period when)
{
	struct booking_wish moved = wish_at(wish, when);
	if (found->count >= most || !policy_allows(view, space, resource, &moved))
		return false;
	add(found, most, space, resource, when);
	return true;
}

/* As long as asked for: the nearest later and the nearest earlier that day. */
static void add_other_hours(const struct view *view, struct found *found, size_t most, const struct space *space,
                            const struct resource *resource, const struct booking_wish *wish)
{
	struct period when = wish->when;
	int step = space->granule_s / 60;
	bool later = false, earlier = false;
	for (int moved = step; moved < 24 * 60 && found->count < most; moved += step) {
		struct minute_range after = { when.hours.from + moved, when.hours.until + moved };
		struct minute_range before = { when.hours.from - moved, when.hours.until - moved };
		later = later || add_if_free(view, found, most, space, resource, wish, hours_of(when.date, after));
		earlier = earlier || add_if_free(view, found, most, space, resource, wish, hours_of(when.date, before));
	}
}

static void add_same_resource(const struct view *view, struct found *found, size_t most, const struct space *space,
                              const struct resource *resource, const struct booking_wish *wish)
{
	struct period when = wish->when;
	if (when.part == DAY_PART_HOURS)
		add_other_hours(view, found, most, space, resource, wish);
	for (enum day_part part = DAY_PART_MORNING; part <= DAY_PART_AFTERNOON && when.part != DAY_PART_HOURS; part++)
		if (part != when.part)
			add_if_free(view, found, most, space, resource, wish, half_day(when.date, part));
	for (int days = 1; days <= NEXT_DAYS && date_to_days(when.date) + days <= date_to_days((struct local_date){ DATE_YEAR_MAX, 12, 31 });
	     days++)
		add_if_free(view, found, most, space, resource, wish, period_on(when, date_plus(when.date, days)));
}

const struct alternative *find_alternatives(const struct view *view, const struct space *space,
                                            const struct resource *resource, const struct booking_wish *wish, size_t *count)
{
	struct found found = { .list = arena_get(view->arena, ALTERNATIVES_MAX * sizeof *found.list) };
	struct booking_wish by_wall = wish_at(wish, wish->when);
	add_kind(view, &found, HERE_MAX, space, resource, &by_wall);
	add_same_resource(view, &found, found.count + SAME_MAX, space, resource, &by_wall);
	bool may_leave = !*wish->without;
	size_t space_count = 0;
	const struct space *spaces = may_leave ? db_list_spaces(view->tx, view->arena, &space_count) : NULL;
	for (size_t i = 0; i < space_count && found.count < ALTERNATIVES_MAX; i++)
		if (strcmp(spaces[i].id, space->id) != 0)
			add_kind(view, &found, ALTERNATIVES_MAX, &spaces[i], resource, &by_wall);
	*count = found.count;
	return found.list;
}

const struct alternative *find_alternatives_here(const struct view *view, const struct space *space, const struct resource *resource,
                                                 const struct booking_wish *wish, size_t *count)
{
	struct found found = { .list = arena_get(view->arena, HERE_MAX * sizeof *found.list) };
	add_kind(view, &found, HERE_MAX, space, resource, wish);
	*count = found.count;
	return found.list;
}
