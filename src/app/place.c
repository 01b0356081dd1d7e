/* place.c — see place.h. */
#include "place.h"

#include <string.h>

/* ---- finding a place ---- */

struct search {
	struct arena *arena;
	struct place *found;
	size_t count, room;
	int best;
};

/* Only the best meanings are kept. */
static void offer(struct search *search, struct place place, int score)
{
	if (score <= 0 || score < search->best)
		return;
	if (score > search->best) {
		search->best = score;
		search->count = 0;
	}
	for (size_t at = 0; at < search->count; at++) {
		if (search->found[at].space == place.space && search->found[at].resource == place.resource)
			return;
	}
	if (search->count < search->room)
		search->found[search->count++] = place;
}

#define SCORES 5   /* space_fits() and resource_fits() give 0 … 4 */

static void offer_resources(struct search *search, const struct place_space *space, const char *words, int space_score)
{
	for (size_t at = 0; at < space->count; at++) {
		int score = resource_fits(&space->rows[at].resource, words);
		if (score > 0)
			offer(search, (struct place){ space->site, space->space, &space->rows[at] }, score * SCORES + space_score);
	}
}

/* "ferme a4" and "a4 ferme": one part names the space, the other what is in it. */
static void offer_pairs(struct search *search, const struct place_space *space, const char *words)
{
	for (const char *gap = strchr(words, ' '); gap; gap = strchr(gap + 1, ' ')) {
		const char *before = arena_copy_bytes(search->arena, words, (size_t)(gap - words));
		const char *after = gap + 1;
		int fits_before = space_fits(space->space, before), fits_after = space_fits(space->space, after);
		if (fits_before > 0)
			offer_resources(search, space, after, fits_before);
		if (fits_after > 0)
			offer_resources(search, space, before, fits_after);
	}
}

static struct search look(struct arena *arena, const struct place_space *spaces, size_t count, const char *words)
{
	struct search search = { .arena = arena };
	for (size_t at = 0; at < count; at++)
		search.room += 1 + spaces[at].count;
	search.found = arena_get(arena, search.room * sizeof *search.found);
	for (size_t at = 0; at < count; at++) {
		offer(&search, (struct place){ spaces[at].site, spaces[at].space, NULL },
		      *words ? space_fits(spaces[at].space, words) * SCORES : SCORES);
		if (!*words)
			continue;
		offer_resources(&search, &spaces[at], words, 0);
		offer_pairs(&search, &spaces[at], words);
	}
	return search;
}

size_t place_find(struct arena *arena, const struct place_space *spaces, size_t count, const char *words,
                  const struct place **places)
{
	struct search search = look(arena, spaces, count, words);
	*places = search.found;
	return search.count;
}

/* Whether the space is open then is the server's to say: it knows the hours of that day. */
static bool is_free_for_hours(const struct resource_day *row, struct minute_range hours)
{
	for (size_t i = 0; i < row->busy_count; i++) {
		if (row->busy[i].hours.from < hours.until && hours.from < row->busy[i].hours.until)
			return false;
	}
	return row->resource.by_hour && row->resource.state == RESOURCE_BOOKABLE;
}

bool place_is_free(const struct resource_day *row, struct period when)
{
	switch (when.part) {
	case DAY_PART_MORNING:
		return row->morning == SLOT_FREE;
	case DAY_PART_AFTERNOON:
		return row->afternoon == SLOT_FREE;
	case DAY_PART_WHOLE:
		return row->morning == SLOT_FREE && row->afternoon == SLOT_FREE;
	case DAY_PART_HOURS:
		return is_free_for_hours(row, when.hours);
	}
	return false;
}

size_t place_free_desks(struct arena *arena, const struct place_space *space, struct period when,
                        const struct resource_day *const **desks)
{
	const struct resource_day **found = arena_get(arena, space->count * sizeof *found);
	size_t count = 0;
	for (size_t at = 0; at < space->count; at++) {
		const struct resource_day *row = &space->rows[at];
		bool is_meant = when.part == DAY_PART_HOURS ? row->resource.by_hour : row->resource.kind == RESOURCE_DESK;
		if (is_meant && row->resource.state == RESOURCE_BOOKABLE && place_is_free(row, when))
			found[count++] = row;
	}
	*desks = found;
	return count;
}

const char *place_words(struct arena *arena, const struct place *place)
{
	const struct space *space = place->space;
	if (!place->resource)
		return arena_print(arena, _("%1$s (%2$s)"), space->name, space->town);
	return arena_print(arena, _("%1$s (%2$s): %3$s"), space->name, space->town, place->resource->resource.name);
}

/* ---- finding a booking ---- */

#define ID_PREFIX_MIN 4

static bool is_id_prefix(const char *words)
{
	size_t length = strlen(words);
	return length >= ID_PREFIX_MIN && strspn(words, "0123456789abcdefABCDEF-") == length;
}

static bool begins_folded(struct arena *arena, const char *text, const char *beginning)
{
	/* Ids are plain letters and digits: only their case can differ. */
	const char *folded = text_fold(arena, text), *part = text_fold(arena, beginning);
	return strncmp(folded, part, strlen(part)) == 0;
}

static struct space space_of(const struct booking_row *row, const struct space_list *spaces)
{
	for (size_t at = 0; at < spaces->count; at++) {
		if (spaces->rows[at].site == row->site && strcmp(spaces->rows[at].space.id, row->booking.space_id) == 0)
			return spaces->rows[at].space;
	}
	return (struct space){
		.id = row->booking.space_id, .slug = "", .name = row->booking.space_name, .former_name = "", .description = "",
		.street = "", .postcode = "", .town = row->booking.space_town, .operator_name = "", .phone = "", .access_note = "",
		.time_zone = row->booking.time_zone,
	};
}

/* The same reading of words as for booking; 0: it is not there. */
static int place_score(struct arena *arena, const struct booking_row *row, const struct space_list *spaces,
                       const char *words)
{
	struct space space = space_of(row, spaces);
	struct resource_day day = { .resource = {
		.id = row->booking.resource_id, .name = row->booking.resource_name, .area = row->booking.resource_area, .note = "",
		.kind = row->booking.resource_kind, .state_reason = "" } };
	struct place_space place = { row->site, &space, &day, 1 };
	return look(arena, &place, 1, words).best;
}

static int booking_score(struct arena *arena, const struct booking_row *row, const struct space_list *spaces,
                         const struct wish_words *said)
{
	const struct period when = row->booking.when;
	if (said->has_date && !date_equal(said->when.date, when.date))
		return 0;
	if (said->has_part && !period_equal(period_on(said->when, when.date), when))
		return 0;
	return place_score(arena, row, spaces, said->place);
}

size_t booking_find(struct arena *arena, const struct booking_list *bookings, const struct space_list *spaces,
                    const char *const *words, size_t count, struct local_date today,
                    const struct booking_row *const **result, struct problem *why)
{
	const struct booking_row **found = arena_get(arena, (bookings->count + 1) * sizeof *found);
	size_t found_count = 0;
	*result = found;
	if (count == 1 && is_id_prefix(words[0])) {
		for (size_t at = 0; at < bookings->count; at++) {
			if (begins_folded(arena, bookings->rows[at].booking.id, words[0]))
				found[found_count++] = &bookings->rows[at];
		}
		if (found_count)
			return found_count;
	}
	struct wish_words said;
	if (!wish_from_words(arena, words, count, today, &said, why))
		return 0;
	int best = 1;
	for (size_t at = 0; at < bookings->count; at++) {
		int score = booking_score(arena, &bookings->rows[at], spaces, &said);
		if (score > best)
			found_count = 0;
		if (score >= best)
			found[found_count++] = &bookings->rows[at];
		best = score > best ? score : best;
	}
	if (!found_count)
		problem_set(why, PROBLEM_NOT_FOUND, "booking", _("You have no such booking."));
	return found_count;
}

const char *booking_row_words(struct arena *arena, const struct booking *booking)
{
	return arena_print(arena, _("%1$s, %2$s, %3$s, %4$s"), booking->space_name, booking->resource_name,
	                   date_words(arena, booking->when.date), period_words(arena, booking->when));
}
