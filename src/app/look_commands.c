/* look_commands.c — spaces, desks, bookings, whoami, sync: nothing is changed by them but what is known. */
#include <string.h>

#include "commands.h"
#include "place.h"

static const struct local_date no_date = { 0, 0, 0 };

static enum command_end refuse_with(struct call *call, enum command_end end, const struct problem *why)
{
	call->face->ops->refuse(call->face, end, why, NULL, 0);
	return end;
}

enum command_end command_spaces(struct call *call)
{
	struct local_date today = session_today(call->session), date = today;
	struct problem why;
	if (call->word_count && !date_from_words(command_words_joined(call, 0), today, &date, &why))
		return refuse_with(call, COMMAND_USAGE, &why);
	if (!call->face->ops->await(call->face, NEED_SPACES, SIZE_MAX, NULL, no_date))
		return COMMAND_FAILED;
	call->face->ops->show_spaces(call->face, date);
	return COMMAND_GIVEN;
}

/* ---- desks ---- */

static size_t all_spaces(struct call *call, const struct place_space **result)
{
	const struct space_list *list = session_spaces(call->session);
	struct place_space *spaces = arena_get(call->arena, list->count * sizeof *spaces);
	for (size_t at = 0; at < list->count; at++)
		spaces[at] = (struct place_space){ .site = list->rows[at].site, .space = &list->rows[at].space };
	*result = spaces;
	return list->count;
}

/* No name: the one under the cursor, or home, which comes first. */
static enum command_end find_space(struct call *call, const char *name, struct place *space)
{
	if (!*name && call->subject.site != SIZE_MAX && call->subject.space) {
		*space = (struct place){ call->subject.site, call->subject.space, NULL };
		return COMMAND_GIVEN;
	}
	const struct place_space *spaces;
	size_t count = all_spaces(call, &spaces);
	const struct place *found;
	size_t found_count = place_find(call->arena, spaces, count, name, &found);
	if (found_count == 1 || (!*name && found_count > 0 && command_knows_home(call))) {
		*space = found[0];
		return COMMAND_GIVEN;
	}
	struct problem why;
	if (found_count == 0) {
		problem_set(&why, PROBLEM_NOT_FOUND, "space", _("No space is called “%s”. There are:"), name);
		found_count = place_find(call->arena, spaces, count, "", &found);
	} else if (*name) {
		problem_set(&why, PROBLEM_AMBIGUOUS, "space", _("“%s” can mean several spaces:"), name);
	} else {
		problem_set(&why, PROBLEM_INVALID, "space", _("Which space?"));
	}
	return command_refuse_places(call, &why, found, found_count);
}

enum command_end command_desks(struct call *call)
{
	struct local_date today = session_today(call->session);
	struct wish_words said;
	struct problem why;
	if (!wish_from_words(call->arena, call->words, call->word_count, today, &said, &why))
		return refuse_with(call, COMMAND_USAGE, &why);
	if (!call->face->ops->await(call->face, NEED_SPACES, SIZE_MAX, NULL, no_date))
		return COMMAND_FAILED;
	struct place space = { 0 };
	enum command_end end = find_space(call, said.place, &space);
	if (end != COMMAND_GIVEN)
		return end;
	struct local_date date = said.has_date ? said.when.date : call->subject.when.date.year ? call->subject.when.date : today;
	/* Waiting turns the session, and the lists may be new afterwards. */
	struct space copy = *space.space;
	copy.id = arena_copy_text(call->arena, copy.id);
	if (!call->face->ops->await(call->face, NEED_DAY, space.site, copy.id, date))
		return COMMAND_FAILED;
	const struct space *fresh = command_space(call, space.site, copy.id);
	if (!fresh)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "space", _("This space is not there any more."));
	call->face->ops->show_day(call->face, space.site, fresh, date);
	return COMMAND_GIVEN;
}

/* ---- mine ---- */

enum command_end command_bookings(struct call *call)
{
	if (!call->face->ops->await(call->face, NEED_BOOKINGS, SIZE_MAX, NULL, no_date))
		return COMMAND_FAILED;
	call->face->ops->show_bookings(call->face);
	return COMMAND_GIVEN;
}

enum command_end command_whoami(struct call *call)
{
	if (!call->face->ops->await(call->face, NEED_MEMBER, SIZE_MAX, NULL, no_date))
		return COMMAND_FAILED;
	call->face->ops->show_member(call->face);
	return COMMAND_GIVEN;
}

enum command_end command_sync(struct call *call)
{
	session_sync(call->session);
	call->face->ops->show_sync(call->face);
	return COMMAND_GIVEN;
}
