/* book_commands.c — from words or the row under the cursor to a wish: which place, which half-day, which booking to
 * cancel. */
#include <string.h>

#include "commands.h"
#include "place.h"

static const struct local_date no_date = { 0, 0, 0 };

enum command_end command_refuse_places(struct call *call, const struct problem *why, const struct place *places, size_t count)
{
	const char **candidates = arena_get(call->arena, count * sizeof *candidates);
	for (size_t at = 0; at < count; at++)
		candidates[at] = place_words(call->arena, &places[at]);
	call->face->ops->refuse(call->face, COMMAND_USAGE, why, candidates, count);
	return COMMAND_USAGE;
}

static enum command_end propose(struct call *call, const struct place *place, struct period when)
{
	struct wish_book wish = {
		.site = place->site, .space_id = place->space->id, .space_name = place->space->name,
		.resource_id = place->resource->resource.id, .resource_name = place->resource->resource.name, .when = when,
	};
	call->face->ops->propose_booking(call->face, &wish);
	return COMMAND_GIVEN;
}

/* ---- when ---- */

/* What was not said is what the cursor stands on; nothing is guessed. */
static enum command_end read_when(struct call *call, struct wish_words *said)
{
	struct problem why;
	if (!wish_from_words(call->arena, call->words, call->word_count, session_today(call->session), said, &why)) {
		call->face->ops->refuse(call->face, COMMAND_USAGE, &why, NULL, 0);
		return COMMAND_USAGE;
	}
	bool chosen = call->subject.when.date.year != 0;
	if (!said->has_date && chosen)
		said->when.date = call->subject.when.date;
	if (!said->has_part && chosen)
		said->when = period_on(call->subject.when, said->when.date);
	if (chosen || (said->has_date && said->has_part))
		return COMMAND_GIVEN;
	/* What is left was taken for the name of a place: said back, a slip in a date shows. */
	if (!said->has_date && *said->place)
		return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "date",
			_("Which day? “%s” says none. Say today, tomorrow, tuesday, 21/7 or 2026-07-21."), said->place);
	if (!said->has_date)
		return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "date",
			_("Which day? Say today, tomorrow, tuesday, 21/7 or 2026-07-21."));
	if (*said->place)
		return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "part",
			_("Which part of the day? “%s” says none. Say morning, afternoon or day; for a room also 14:00-16:00."), said->place);
	return command_refuse(call, COMMAND_USAGE, PROBLEM_INVALID, "part",
		_("Which part of the day? Say morning, afternoon or day; for a room also 14:00-16:00."));
}

/* ---- where ---- */

struct wanted { size_t site; const char *id; };

/* Nothing said means home, which stands first, and a slug means its space: what is elsewhere need not be asked for. */
static struct wanted *choose_spaces(struct call *call, const char *name, size_t *count)
{
	const struct space_list *list = session_spaces(call->session);
	struct wanted *wanted = arena_get(call->arena, list->count * sizeof *wanted);
	size_t from = 0, until = list->count;
	if (!*name && command_knows_home(call) && list->count > 0)
		until = 1;
	for (size_t at = 0; at < list->count; at++) {
		if (strcmp(list->rows[at].space.slug, name) == 0 && *name)
			from = at, until = at + 1;
	}
	*count = 0;
	for (size_t at = from; at < until; at++)
		wanted[(*count)++] = (struct wanted){ list->rows[at].site, arena_copy_text(call->arena, list->rows[at].space.id) };
	return wanted;
}

/* The spaces that may be meant with what is in them on that date. False: something is still on its way, or nothing can be had; the
 * face was told. */
static bool gather(struct call *call, const char *name, struct local_date date, const struct place_space **result, size_t *count)
{
	if (!call->face->ops->await(call->face, NEED_SPACES, SIZE_MAX, NULL, no_date))
		return false;
	size_t room;
	const struct wanted *wanted = choose_spaces(call, name, &room);
	for (size_t at = 0; at < room; at++)
		session_day(call->session, wanted[at].site, wanted[at].id, date);   /* all at once, then wait for each */
	bool all = true;
	for (size_t at = 0; at < room; at++)
		all = call->face->ops->await(call->face, NEED_DAY, wanted[at].site, wanted[at].id, date) && all;

	struct place_space *spaces = arena_get(call->arena, room * sizeof *spaces);
	*count = 0;
	bool coming = false;
	for (size_t at = 0; at < room; at++) {
		const struct day_list *day = session_day(call->session, wanted[at].site, wanted[at].id, date);
		const struct space *space = command_space(call, wanted[at].site, wanted[at].id);
		coming = coming || (!day->state.as_of && day->state.asking);
		if (space && day->state.as_of)
			spaces[(*count)++] = (struct place_space){ wanted[at].site, space, day->rows, day->count };
	}
	*result = spaces;
	/* A site that is down hides its own places only. */
	return all || (!coming && *count > 0);
}

static const struct place_space *space_of(const struct place_space *spaces, size_t count, const struct place *place)
{
	for (size_t at = 0; at < count; at++) {
		if (spaces[at].site == place->site && strcmp(spaces[at].space->id, place->space->id) == 0)
			return &spaces[at];
	}
	return NULL;
}

static const struct resource_day *usual_desk(const struct call *call, const struct place_space *space)
{
	const char *name = call->config->usual_desk;
	const struct member *member = session_site(call->session, space->site)->member;
	bool named = *name && command_knows_home(call) && session_spaces(call->session)->rows[0].space.id == space->space->id;
	for (size_t at = 0; at < space->count; at++) {
		const struct resource *resource = &space->rows[at].resource;
		if (named ? resource_fits(resource, name) == 4 : member && strcmp(member->usual_resource_id, resource->id) == 0)
			return &space->rows[at];
	}
	return NULL;
}

static enum command_end refuse_none_free(struct call *call, const struct place_space *space, struct period when)
{
	struct local_date date = when.date;
	bool by_hour = when.part == DAY_PART_HOURS;
	const struct opening_state opening = session_day(call->session, space->site, space->space->id, date)->opening;
	const char *name = space->space->name, *day = date_words(call->arena, date);
	if (opening.closed != CLOSED_NOT)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_CLOSED, "date", _("%1$s, %2$s: %3$s."), name, day,
		                      opening_words(call->arena, &opening));
	const char *sentence = by_hour ? _("No room that is had by the hour is free at %1$s on %2$s then.")
	                               : _("No desk is free at %1$s on %2$s then.");
	return command_refuse(call, COMMAND_FAILED, PROBLEM_CONFLICT, "place", sentence, name, day);
}

/* My usual desk; else the first free one when any will do; else the person must choose. For hours a room, as desks are not had so. */
static enum command_end propose_in(struct call *call, const struct place_space *space, struct period when)
{
	bool by_hour = when.part == DAY_PART_HOURS;
	const struct resource_day *usual = by_hour ? NULL : usual_desk(call, space);
	bool usual_will_do = usual && (place_is_free(usual, when) || usual->my_booking_id[0]);
	if (usual_will_do)
		return propose(call, &(struct place){ space->site, space->space, usual }, when);
	const struct resource_day *const *free_desks;
	size_t count = place_free_desks(call->arena, space, when, &free_desks);
	if (count == 0)
		return refuse_none_free(call, space, when);
	if (call->any)
		return propose(call, &(struct place){ space->site, space->space, free_desks[0] }, when);

	struct place *places = arena_get(call->arena, count * sizeof *places);
	for (size_t at = 0; at < count; at++)
		places[at] = (struct place){ space->site, space->space, free_desks[at] };
	struct problem why;
	if (usual)
		problem_set(&why, PROBLEM_AMBIGUOUS, "place", _("%1$s is not free then. Free at %2$s, or say --any:"),
		            usual->resource.name, space->space->name);
	else
		problem_set(&why, PROBLEM_AMBIGUOUS, "place", by_hour ? _("Which room? Free at %s then, or say --any:")
		                                                      : _("Which desk? Free at %s then, or say --any:"), space->space->name);
	return command_refuse_places(call, &why, places, count);
}

static enum command_end propose_named(struct call *call, const char *name, struct period when)
{
	const struct place_space *spaces;
	size_t count;
	if (!gather(call, name, when.date, &spaces, &count))
		return COMMAND_FAILED;
	const struct place *places;
	size_t found = place_find(call->arena, spaces, count, name, &places);
	struct problem why;
	if (found == 0) {
		problem_set(&why, PROBLEM_NOT_FOUND, "place", _("No space and no desk is called “%s”. There are the spaces:"), name);
		found = place_find(call->arena, spaces, count, "", &places);
		return command_refuse_places(call, &why, places, found);
	}
	if (found > 1 && (*name || !command_knows_home(call))) {
		if (*name)
			problem_set(&why, PROBLEM_AMBIGUOUS, "place", _("“%s” can mean several places:"), name);
		else
			problem_set(&why, PROBLEM_INVALID, "place", _("Where? Say a space or a desk:"));
		return command_refuse_places(call, &why, places, found);
	}
	if (places[0].resource)
		return propose(call, &places[0], when);
	const struct place_space *space = space_of(spaces, count, &places[0]);
	return space ? propose_in(call, space, when) : COMMAND_FAILED;
}

/* A name said while a space is open means what is in it, when there is such a thing. */
static bool find_in_open_space(struct call *call, const char *name, struct period when, struct place *place)
{
	const struct subject *subject = &call->subject;
	if (subject->site == SIZE_MAX || !subject->space || !*name)
		return false;
	const struct day_list *day = session_day(call->session, subject->site, subject->space->id, when.date);
	struct place_space space = { subject->site, subject->space, day->rows, day->count };
	const struct place *found;
	if (place_find(call->arena, &space, 1, name, &found) != 1 || !found[0].resource)
		return false;
	*place = found[0];
	return true;
}

enum command_end command_book(struct call *call)
{
	struct wish_words said;
	enum command_end end = read_when(call, &said);
	if (end != COMMAND_GIVEN)
		return end;
	const struct subject *subject = &call->subject;
	struct place place;
	if (!*said.place && subject->site != SIZE_MAX && subject->space && subject->resource)
		return propose(call, &(struct place){ subject->site, subject->space, subject->resource }, said.when);
	if (!*said.place && subject->site != SIZE_MAX && subject->space)
		return propose_named(call, subject->space->slug, said.when);
	if (find_in_open_space(call, said.place, said.when, &place))
		return propose(call, &place, said.when);
	return propose_named(call, said.place, said.when);
}

/* ---- cancelling ---- */

static enum command_end refuse_bookings(struct call *call, const struct problem *why,
                                        const struct booking_row *const *rows,
                                        size_t count)
{
	const char **candidates = arena_get(call->arena, count * sizeof *candidates);
	for (size_t at = 0; at < count; at++)
		candidates[at] = arena_print(call->arena, "%s: %s", rows[at]->booking.id,
		                             booking_row_words(call->arena, &rows[at]->booking));
	call->face->ops->refuse(call->face, COMMAND_USAGE, why, candidates, count);
	return COMMAND_USAGE;
}

enum command_end command_cancel(struct call *call)
{
	const struct subject *subject = &call->subject;
	if (!call->word_count && subject->site != SIZE_MAX && subject->booking) {
		call->face->ops->propose_cancel(call->face, subject->site, subject->booking);
		return COMMAND_GIVEN;
	}
	if (!call->word_count && subject->site != SIZE_MAX && subject->wish)
		return command_drop(call);
	if (!call->word_count && subject->site != SIZE_MAX && subject->activity)
		return command_withdraw(call);
	/* Spaces too: a booking is named by its space's town or slug, which it does not carry itself. */
	if (!call->face->ops->await(call->face, NEED_BOOKINGS, SIZE_MAX, NULL, no_date) ||
	    !call->face->ops->await(call->face, NEED_SPACES, SIZE_MAX, NULL, no_date))
		return COMMAND_FAILED;
	const struct booking_row *const *found;
	struct problem why = { .kind = PROBLEM_NONE };
	size_t count = booking_find(call->arena, session_bookings(call->session), session_spaces(call->session), call->words,
	                            call->word_count, session_today(call->session), &found, &why);
	if (call->word_count && count == 1) {
		call->face->ops->propose_cancel(call->face, found[0]->site, &found[0]->booking);
		return COMMAND_GIVEN;
	}
	if (count == 0 && why.kind == PROBLEM_NOT_FOUND && command_is_signed_up(call))
		return command_withdraw(call);
	if (count == 0) {
		enum command_end end = why.kind == PROBLEM_NOT_FOUND ? COMMAND_FAILED : COMMAND_USAGE;
		call->face->ops->refuse(call->face, end, &why, NULL, 0);
		return end;
	}
	if (call->word_count)
		problem_set(&why, PROBLEM_AMBIGUOUS, "booking", _("Several of your bookings fit:"));
	else
		problem_set(&why, PROBLEM_INVALID, "booking", _("Which booking? Say its number, or its place and day:"));
	return refuse_bookings(call, &why, found, count);
}
