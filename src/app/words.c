/* words.c — a site and a wish as whole sentences. See session.h. */
#include "inside.h"

#include <string.h>

#define OLD_S 300   /* what is older is told with its age while it is asked for */

/* ---- a site ---- */

/* The hour today, the whole instant on another day. */
static const char *when_words(struct arena *arena, int64_t instant, int64_t now, const struct zone *zone)
{
	struct wall_time then = zone_wall(zone, instant);
	if (date_equal(then.date, zone_wall(zone, now).date))
		return minutes_words(arena, then.minutes);
	return instant_words(arena, zone, instant);
}

char *age_words(struct arena *arena, const struct list_state *state, int64_t now, const struct zone *zone)
{
	if (!state->as_of || (state->outcome.kind == OUTCOME_DONE && !state->away))
		return arena_copy_text(arena, "");
	return arena_print(arena, _("as of %s"), when_words(arena, state->as_of, now, zone));
}

char *site_words(struct arena *arena, const struct site_view *site, int64_t now, const struct zone *zone)
{
	switch (site->state) {
	case SITE_IDLE:
		if (site->as_of)
			return arena_print(arena, _("as of %s"), when_words(arena, site->as_of, now, zone));
		return arena_copy_text(arena, _("not asked yet"));
	case SITE_ASKING:
		if (site->as_of && now - site->as_of > OLD_S)
			return arena_print(arena, _("asking, as of %s"), when_words(arena, site->as_of, now, zone));
		return arena_copy_text(arena, _("asking"));
	case SITE_UP:
		if (site->reconnecting)
			return arena_copy_text(arena, _("reconnecting…"));
		return arena_print(arena, _("up to date %s"), when_words(arena, site->as_of, now, zone));
	case SITE_UNREACHABLE:
		if (site->as_of)
			return arena_print(arena, _("unreachable since %1$s, as of %2$s"), when_words(arena, site->since, now, zone),
			                   when_words(arena, site->as_of, now, zone));
		return arena_print(arena, _("unreachable since %s"), when_words(arena, site->since, now, zone));
	case SITE_LOGIN_NEEDED:
		return arena_copy_text(arena, _("log-in needed"));
	case SITE_TROUBLED:
		return arena_print(arena, _("answers wrongly since %s"), when_words(arena, site->since, now, zone));
	case SITE_THROTTLED:   /* to the next whole minute: whoever looks then finds it tried */
		return arena_print(arena, _("asks us to wait until %s"), when_words(arena, site->next_try_at + 59, now, zone));
	}
	return arena_copy_text(arena, "");
}

/* ---- a wish ---- */

/* `thing`: the resource, or the title of an activity. */
struct wish_names { const char *space, *thing, *date, *part, *reason; };

static char *booking_words(struct arena *arena, const struct wish_view *wish, const struct wish_names *n)
{
	switch (wish->outcome.kind) {
	case OUTCOME_NONE:
		return arena_print(arena, _("Being sent: %1$s, %2$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_DONE:
		return arena_print(arena, _("Booked: %1$s, %2$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_PENDING:
		return arena_print(arena, _("To be confirmed by the space: %1$s, %2$s, %3$s, %4$s."), n->space, n->thing, n->date,
		                   n->part);
	case OUTCOME_WAITLISTED:
		return arena_print(arena, _("On the waiting list, place %5$d: %1$s, %2$s, %3$s, %4$s."), n->space, n->thing, n->date,
		                   n->part, wish->outcome.place);
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
		return arena_print(arena, _("Not booked: %1$s, %2$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part,
		                   n->reason);
	case OUTCOME_NOT_FOUND:
		return arena_print(arena, _("Not booked: %1$s, %2$s, %3$s, %4$s. The site knows nothing of it."), n->space, n->thing,
		                   n->date, n->part);
	case OUTCOME_LOGIN_NEEDED:
		return arena_print(arena, wish->perhaps_there ? _("Perhaps booked, the answer was lost; log in to learn it: %1$s, %2$s, %3$s, %4$s.")
		                                              : _("Waiting for your log-in, not booked yet: %1$s, %2$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
		if (wish->row->state == WISH_SETTLED && wish->now_or_never)
			return arena_print(arena, _("Not booked: %1$s, %2$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part, n->reason);
		if (wish->row->state == WISH_SETTLED)
			return arena_print(arena, _("Not booked, because it begins too soon to be sent later: %1$s, %2$s, %3$s, %4$s. %5$s"),
			                   n->space, n->thing, n->date, n->part, n->reason);
		return arena_print(arena, _("Waiting to be sent: %1$s, %2$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date,
		                   n->part, n->reason);
	case OUTCOME_UNKNOWN:
		return arena_print(arena, _("Perhaps booked, the answer was lost and is being asked for: %1$s, %2$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	}
	return arena_copy_text(arena, "");
}

static char *cancel_words(struct arena *arena, const struct wish_view *wish, const struct wish_names *n)
{
	switch (wish->outcome.kind) {
	case OUTCOME_NONE:
		return arena_print(arena, _("Being cancelled: %1$s, %2$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
		return arena_print(arena, _("Cancelled: %1$s, %2$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
		return arena_print(arena, _("Not cancelled: %1$s, %2$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part,
		                   n->reason);
	case OUTCOME_NOT_FOUND:
		return arena_print(arena, _("Nothing to cancel, the site knows no such booking: %1$s, %2$s, %3$s, %4$s."), n->space,
		                   n->thing, n->date, n->part);
	case OUTCOME_LOGIN_NEEDED:
		return arena_print(arena, wish->perhaps_there ? _("Perhaps cancelled, the answer was lost; log in to learn it: %1$s, %2$s, %3$s, %4$s.")
		                                              : _("Waiting for your log-in, not cancelled yet: %1$s, %2$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
		if (wish->row->state == WISH_SETTLED)
			return arena_print(arena, _("Not cancelled: %1$s, %2$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part, n->reason);
		return arena_print(arena, _("The cancelling waits to be sent: %1$s, %2$s, %3$s, %4$s. %5$s"), n->space, n->thing,
		                   n->date, n->part, n->reason);
	case OUTCOME_UNKNOWN:
		return arena_print(arena, _("Perhaps cancelled, the answer was lost and is being asked for: %1$s, %2$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	}
	return arena_copy_text(arena, "");
}

static char *signup_words(struct arena *arena, const struct wish_view *wish, const struct wish_names *n)
{
	switch (wish->outcome.kind) {
	case OUTCOME_NONE:
		return arena_print(arena, _("Being signed up: %2$s, %1$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_DONE:
		return arena_print(arena, _("Signed up: %2$s, %1$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_PENDING:
		return arena_print(arena, _("To be confirmed by its organiser: %2$s, %1$s, %3$s, %4$s."), n->space, n->thing, n->date,
		                   n->part);
	case OUTCOME_WAITLISTED:
		return arena_print(arena, _("On the waiting list, place %5$d, for it is full: %2$s, %1$s, %3$s, %4$s."), n->space,
		                   n->thing, n->date, n->part, wish->outcome.place);
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
		return arena_print(arena, _("Not signed up: %2$s, %1$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part,
		                   n->reason);
	case OUTCOME_NOT_FOUND:
		return arena_print(arena, _("Not signed up: %2$s, %1$s, %3$s, %4$s. The site knows nothing of it."), n->space, n->thing,
		                   n->date, n->part);
	case OUTCOME_LOGIN_NEEDED:
		return arena_print(arena, wish->perhaps_there ? _("Perhaps signed up, the answer was lost; log in to learn it: %2$s, %1$s, %3$s, %4$s.")
		                                              : _("Waiting for your log-in, not signed up yet: %2$s, %1$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
		if (wish->row->state == WISH_SETTLED)
			return arena_print(arena, _("Not signed up: %2$s, %1$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part, n->reason);
		return arena_print(arena, _("The sign-up waits to be sent: %2$s, %1$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date,
		                   n->part, n->reason);
	case OUTCOME_UNKNOWN:
		return arena_print(arena, _("Perhaps signed up, the answer was lost and is being asked for: %2$s, %1$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	}
	return arena_copy_text(arena, "");
}

static char *withdrawal_words(struct arena *arena, const struct wish_view *wish, const struct wish_names *n)
{
	switch (wish->outcome.kind) {
	case OUTCOME_NONE:
		return arena_print(arena, _("Being withdrawn: %2$s, %1$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_DONE:
	case OUTCOME_PENDING:
	case OUTCOME_WAITLISTED:
		return arena_print(arena, _("Withdrawn: %2$s, %1$s, %3$s, %4$s."), n->space, n->thing, n->date, n->part);
	case OUTCOME_CONFLICT:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_ALLOWED:
		return arena_print(arena, _("Not withdrawn: %2$s, %1$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part,
		                   n->reason);
	case OUTCOME_NOT_FOUND:
		return arena_print(arena, _("Nothing to withdraw from, the site knows no such sign-up: %2$s, %1$s, %3$s, %4$s."), n->space,
		                   n->thing, n->date, n->part);
	case OUTCOME_LOGIN_NEEDED:
		return arena_print(arena, wish->perhaps_there ? _("Perhaps withdrawn, the answer was lost; log in to learn it: %2$s, %1$s, %3$s, %4$s.")
		                                              : _("Waiting for your log-in, not withdrawn yet: %2$s, %1$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	case OUTCOME_THROTTLED:
	case OUTCOME_UNREACHABLE:
		if (wish->row->state == WISH_SETTLED)
			return arena_print(arena, _("Not withdrawn: %2$s, %1$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date, n->part, n->reason);
		return arena_print(arena, _("The withdrawal waits to be sent: %2$s, %1$s, %3$s, %4$s. %5$s"), n->space, n->thing, n->date,
		                   n->part, n->reason);
	case OUTCOME_UNKNOWN:
		return arena_print(arena, _("Perhaps withdrawn, the answer was lost and is being asked for: %2$s, %1$s, %3$s, %4$s."),
		                   n->space, n->thing, n->date, n->part);
	}
	return arena_copy_text(arena, "");
}

static char *sentence(struct arena *arena, const struct wish_view *wish, const char *reason)
{
	const struct outbox_row *row = wish->row;
	struct wish_names names = {
		.space = row->space_name, .thing = *row->title ? row->title : row->resource_name, .date = date_words(arena, row->when.date),
		.part = period_words(arena, row->when), .reason = reason,
	};
	if (wish->taken_back)
		return arena_print(arena, _("Taken back, nothing was sent: %1$s, %2$s, %3$s, %4$s."), names.space, names.thing, names.date,
		                   names.part);
	if (wish->perhaps_kept)
		return arena_print(arena, _("Not sent: this computer's disk fails. If it kept the note all the same, hacktiv sends it when it next starts: %1$s, %2$s, %3$s, %4$s."),
		                   names.space, names.thing, names.date, names.part);
	if (wish->trouble)
		return arena_print(arena, _("Not sent, because no note of it could be kept on this computer: %1$s, %2$s, %3$s, %4$s."),
		                   names.space, names.thing, names.date, names.part);
	switch (row->kind) {
	case WISH_BOOK:
		return booking_words(arena, wish, &names);
	case WISH_CANCEL:
		return cancel_words(arena, wish, &names);
	case WISH_SIGN_UP:
		return signup_words(arena, wish, &names);
	case WISH_WITHDRAW:
		return withdrawal_words(arena, wish, &names);
	}
	return arena_copy_text(arena, "");
}

char *wish_words(struct arena *arena, const struct wish_view *wish)
{
	return sentence(arena, wish, outcome_words(arena, &wish->outcome));
}

char *wish_words_brief(struct arena *arena, const struct wish_view *wish)
{
	char *words = sentence(arena, wish, "");
	size_t length = strlen(words);
	if (length && words[length - 1] == ' ')
		words[length - 1] = '\0';
	return words;
}

char *wish_words_elsewhere(struct arena *arena, const struct wish_view *wish)
{
	return arena_print(arena, _("In another hacktiv that runs, and to be taken back there: %s"), wish_words_brief(arena, wish));
}

char *log_out_words(struct arena *arena, size_t at_stake)
{
	return arena_print(arena, ngettext("%d wish has not ended: a log-out drops what waits, and nothing more is told of what is on its way.",
	                                   "%d wishes have not ended: a log-out drops what waits, and nothing more is told of what is on its way.",
	                                   (unsigned long)at_stake), (int)at_stake);
}

char *wish_words_short(struct arena *arena, const struct wish_view *wish)
{
	const struct outbox_row *row = wish->row;
	return arena_print(arena, "%s %s, %s, %s", date_words_short(arena, row->when.date), period_words(arena, row->when),
	                   *row->title ? row->title : row->resource_name, row->space_name);
}

static const char *not_done_words(enum wish_kind kind)
{
	switch (kind) {
	case WISH_BOOK: return C_("short", "not booked");
	case WISH_CANCEL: return C_("short", "not cancelled");
	case WISH_SIGN_UP: return C_("short", "not signed up");
	case WISH_WITHDRAW: return C_("short", "not withdrawn");
	}
	return "";
}

const char *wish_stand_words(const struct wish_view *wish)
{
	switch (wish_stands(wish)) {
	case WISH_WAITS:
		if (wish->outcome.kind == OUTCOME_LOGIN_NEEDED)
			return C_("short", "waits for your log-in");
		return wish->row->kind == WISH_CANCEL || wish->row->kind == WISH_WITHDRAW ? C_("short", "cancelling, to be sent")
		                                                                          : C_("short", "waits to be sent");
	case WISH_ON_ITS_WAY:
		if (wish->perhaps_there && wish->outcome.kind == OUTCOME_LOGIN_NEEDED)
			return C_("short", "perhaps done, log in");
		return wish->perhaps_there ? C_("short", "perhaps done, asked for") : C_("short", "being sent");
	case WISH_ASKS:
		return not_done_words(wish->row->kind);
	case WISH_ENDED:
		break;
	}
	return "";
}
