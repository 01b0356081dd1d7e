/* agenda_commands.c — the agenda, signing up and withdrawing, and undoing what was done last. */
#include <string.h>

#include "agenda_find.h"
#include "commands.h"

#define CANDIDATES_MAX 20   /* more are no help to choose */

static enum command_end refuse_with(struct call *call, enum command_end end, const struct problem *why)
{
	call->face->ops->refuse(call->face, end, why, NULL, 0);
	return end;
}

/* ---- looking ---- */

/* One activity by its number, with its text. */
static enum command_end show_one(struct call *call)
{
	const struct activity_list *list = session_agenda(call->session);
	const struct activity_row *const *found;
	struct problem why;
	if (!call->face->ops->await_list(call->face, &list->state))
		return COMMAND_FAILED;
	size_t count = activity_find(call->session, call->arena, list, call->words, 1, false, &found, &why);
	if (count == 0)
		return refuse_with(call, COMMAND_FAILED, &why);
	if (count > 1)
		return command_refuse_activities(call, _("Several activities fit:"), found, count);
	size_t site = found[0]->site;
	const struct detail *detail =
		session_activity(call->session, site, found[0]->activity->space_id, found[0]->activity->id);
	if (!call->face->ops->await_list(call->face, &detail->state))
		return COMMAND_FAILED;
	if (!detail->activity)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "activity", _("This activity is not there any more."));
	call->face->ops->show_activity(call->face, site, detail->activity);
	return COMMAND_GIVEN;
}

enum command_end command_agenda(struct call *call)
{
	if (call->word_count == 1 && activity_is_number(call->words[0]))
		return show_one(call);
	struct agenda_filter filter;
	struct problem why;
	if (!agenda_filter_from_words(call->arena, call->words, call->word_count, session_today(call->session), &filter, &why))
		return refuse_with(call, COMMAND_USAGE, &why);
	call->face->ops->show_agenda(call->face, &filter);
	return COMMAND_GIVEN;
}

enum command_end command_signups(struct call *call)
{
	if (!call->face->ops->await_list(call->face, &session_signups(call->session)->state))
		return COMMAND_FAILED;
	call->face->ops->show_signups(call->face);
	return COMMAND_GIVEN;
}

/* ---- signing up and withdrawing ---- */

const char *activity_row_words(struct session *session, struct arena *arena, const struct activity *activity)
{
	const struct zone *zone = zones_find(session_zones(session), activity->time_zone, NULL);
	return arena_print(arena, _("%1$s, %2$s, %3$s, %4$s"), activity->title, activity->space_name, date_words(arena, activity->date),
	                   activity_clock_words(arena, activity, zone));
}

enum command_end command_refuse_activities(struct call *call, const char *sentence, const struct activity_row *const *rows,
                                           size_t count)
{
	struct problem why;
	problem_set(&why, PROBLEM_AMBIGUOUS, "activity", "%s", sentence);
	const char **candidates = arena_get(call->arena, CANDIDATES_MAX * sizeof *candidates);
	size_t shown = count < CANDIDATES_MAX ? count : CANDIDATES_MAX;
	for (size_t at = 0; at < shown; at++)
		candidates[at] = arena_print(call->arena, "%s: %s", rows[at]->activity->id,
		                             activity_row_words(call->session, call->arena, rows[at]->activity));
	call->face->ops->refuse(call->face, COMMAND_USAGE, &why, candidates, shown);
	return COMMAND_USAGE;
}

typedef void propose_activity(struct face *face, size_t site, const struct activity *activity);

static enum command_end choose(struct call *call, const struct activity_list *list, bool open_only, propose_activity *propose)
{
	const struct subject *subject = &call->subject;
	if (!call->word_count && subject->site != SIZE_MAX && subject->activity) {
		propose(call->face, subject->site, subject->activity);
		return COMMAND_GIVEN;
	}
	if (!call->face->ops->await_list(call->face, &list->state))
		return COMMAND_FAILED;
	const struct activity_row *const *found;
	struct problem why = { .kind = PROBLEM_NONE };
	size_t count = activity_find(call->session, call->arena, list, call->words, call->word_count, open_only, &found, &why);
	if (count == 0)
		return refuse_with(call, why.kind == PROBLEM_NOT_FOUND ? COMMAND_FAILED : COMMAND_USAGE, &why);
	if (!call->word_count)
		return command_refuse_activities(call, _("Which activity? Say its number, or words of its title and its day:"), found, count);
	if (count > 1)
		return command_refuse_activities(call, _("Several activities fit:"), found, count);
	propose(call->face, found[0]->site, found[0]->activity);
	return COMMAND_GIVEN;
}

enum command_end command_sign_up(struct call *call)
{
	return choose(call, session_agenda(call->session), true, call->face->ops->propose_sign_up);
}

enum command_end command_withdraw(struct call *call)
{
	const struct activity_list *mine = session_signups(call->session);
	bool chosen = !call->word_count && call->subject.site != SIZE_MAX && call->subject.activity;
	if (!chosen && !call->face->ops->await_list(call->face, &mine->state))
		return COMMAND_FAILED;
	if (!chosen && mine->count == 0)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "activity", _("You are not signed up for anything."));
	struct problem why;
	const struct activity_row *const *found;
	if (call->word_count && !activity_find(call->session, call->arena, mine, call->words, call->word_count, false, &found, &why) &&
	    why.kind == PROBLEM_NOT_FOUND)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "activity", _("You are not signed up for anything that fits that."));
	return choose(call, mine, false, call->face->ops->propose_withdraw);
}

bool command_is_signed_up(struct call *call)
{
	const struct activity_list *mine = session_signups(call->session);
	const struct activity_row *const *found;
	struct problem why;
	return call->word_count && call->face->ops->await_list(call->face, &mine->state) &&
	       activity_find(call->session, call->arena, mine, call->words, call->word_count, false, &found, &why) > 0;
}

/* ---- undoing ---- */

/* The same place then, if it is still free: what stands in the way is told as for any booking. */
static enum command_end book_again(struct call *call, const struct wish_view *done)
{
	const struct outbox_row *row = done->row;
	struct wish_book wish = {
		.site = done->site, .space_id = row->space_id, .space_name = row->space_name, .resource_id = row->resource_id,
		.resource_name = row->resource_name, .when = row->when,
	};
	call->face->ops->propose_booking(call->face, &wish);
	return COMMAND_GIVEN;
}

static enum command_end sign_up_again(struct call *call, const struct wish_view *done)
{
	const struct detail *detail =
		session_activity(call->session, done->site, done->row->space_id, done->row->activity_id);
	if (!call->face->ops->await_list(call->face, &detail->state))
		return COMMAND_FAILED;
	if (!detail->activity)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "activity",
		                      _("That cannot be undone: the activity is not there any more."));
	call->face->ops->propose_sign_up(call->face, done->site, detail->activity);
	return COMMAND_GIVEN;
}

enum command_end command_undo(struct call *call)
{
	const struct wish_view *done = session_undoable(call->session);
	if (!done)
		return command_refuse(call, COMMAND_FAILED, PROBLEM_NOT_FOUND, "undo",
		                      _("There is nothing to undo: nothing was cancelled or withdrawn lately that was not made good since."));
	return done->row->kind == WISH_CANCEL ? book_again(call, done) : sign_up_again(call, done);
}
