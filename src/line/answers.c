/* answers.c — line mode's face: what a command shows, proposes and refuses, as sentences. */
#include <libintl.h>
#include <string.h>

#include "line.h"

static struct line *line_of(struct face *face)
{
	return (struct line *)face;
}

/* ---- what a command needs ---- */

struct wanted { enum need need; size_t site; const char *space_id; struct local_date date; };

static const struct list_state *state_of(const struct line *line, const struct wanted *wanted)
{
	switch (wanted->need) {
	case NEED_SPACES:
		return &session_spaces(line->session)->state;
	case NEED_BOOKINGS:
		return &session_bookings(line->session)->state;
	case NEED_DAY:
		return &session_day(line->session, wanted->site, wanted->space_id, wanted->date)->state;
	case NEED_MEMBER:
	case NEED_WISHES:
		break;
	}
	return NULL;
}

static bool is_at_hand(const struct line *line, const void *what)
{
	const struct list_state *state = state_of(line, what);
	if (((const struct wanted *)what)->need == NEED_WISHES)
		return session_wishes_are_known(line->session);
	return state ? !state->asking : session_is_quiet(line->session);
}

static bool has_answered(const struct line *line, const void *what)
{
	(void)line;
	return !((const struct list_state *)what)->asking;
}

bool line_await_list(struct face *face, const struct list_state *state)
{
	struct line *line = line_of(face);
	bool in_time = line_wait(line, has_answered, state);
	if (in_time && state->as_of && (state->outcome.kind == OUTCOME_DONE || state->outcome.kind == OUTCOME_NONE))
		return true;
	line->missed = outcome_copy(line->arena, &state->outcome);   /* it is told later, when that one is perhaps gone */
	if (!in_time || line->missed.kind == OUTCOME_NONE)
		line->missed.kind = in_time ? OUTCOME_LOGIN_NEEDED : OUTCOME_UNREACHABLE;
	return false;
}

static bool await_need(struct face *face, enum need need, size_t site, const char *space_id, struct local_date date)
{
	struct line *line = line_of(face);
	struct wanted wanted = { need, site, space_id, date };
	bool in_time = line_wait(line, is_at_hand, &wanted);
	const struct list_state *state = state_of(line, &wanted);
	return state ? line_await_list(face, state) : in_time;
}

/* ---- showing ---- */

static const char *free_words(struct arena *arena, const struct space_day *day)
{
	return arena_print(arena, _("free in the morning: %1$d, in the afternoon: %2$d"), day->free_morning,
	                   day->free_afternoon);
}

static void show_spaces(struct face *face, struct local_date date)
{
	struct line *line = line_of(face);
	const struct space_list *list = session_spaces(line->session);
	if (!date_equal(date, list->date)) {
		line_say(line, _("For another day, say desks, the space and the day."));
		return;
	}
	for (size_t at = 0; at < list->count; at++) {
		const struct space *space = &list->rows[at].space;
		const char *opening = space->today.date.year ? opening_words(line->arena, &space->today.opening) : _("not known yet");
		if (space->today.date.year && space->today.opening.closed == CLOSED_NOT)
			line_say(line, _("%1$s, %2$s: %3$s; %4$s."), space->name, space->town, opening,
			         free_words(line->arena, &space->today));
		else
			line_say(line, _("%1$s, %2$s: %3$s."), space->name, space->town, opening);
	}
	if (list->count && list->rows[0].space.sample_data)
		line_say(line, "%s", _("Sample data: nothing here is for real."));
}

static void show_day(struct face *face, size_t site, const struct space *space, struct local_date date)
{
	struct line *line = line_of(face);
	const struct day_list *day = session_day(line->session, site, space->id, date);
	line_say(line, _("%1$s, %2$s: %3$s."), space->name, date_words_long(line->arena, date),
	         opening_words(line->arena, &day->opening));
	for (size_t at = 0; at < day->count && day->opening.closed == CLOSED_NOT; at++) {
		const struct resource *resource = &day->rows[at].resource;
		if (resource->state == RESOURCE_BOOKABLE && resource->by_hour && day->rows[at].busy_count)
			line_say(line, _("%1$s, %2$s: taken %3$s."), resource->name, resource_kind_words(resource->kind),
			         busy_words(line->arena, &day->rows[at]));
		else if (resource->state == RESOURCE_BOOKABLE)
			line_say(line, _("%1$s, %2$s: morning %3$s, afternoon %4$s."), resource->name, resource_kind_words(resource->kind),
			         slot_state_words(day->rows[at].morning), slot_state_words(day->rows[at].afternoon));
		else
			line_say(line, _("%1$s, %2$s: %3$s."), resource->name, resource_kind_words(resource->kind),
			         resource_state_words(resource->state));
	}
}

static void show_bookings(struct face *face)
{
	struct line *line = line_of(face);
	const struct booking_list *list = session_bookings(line->session);
	for (size_t at = 0; at < list->count; at++) {
		const struct booking *booking = &list->rows[at].booking;
		line_say(line, _("%1$zu. %2$s, %3$s: %4$s, %5$s."), at + 1, date_words_long(line->arena, booking->when.date),
		         period_words(line->arena, booking->when), booking->space_name, booking->resource_name);
	}
	if (!list->count)
		line_say(line, "%s", _("You have no booking from today on."));
}

static void show_member(struct face *face)
{
	struct line *line = line_of(face);
	for (size_t site = 0; site < session_site_count(line->session); site++) {
		const struct site_view *view = session_site(line->session, site);
		if (view->member)
			line_say(line, _("%1$s, login %2$s, %3$s."), view->member->name, view->member->login, view->label);
	}
}

/* ---- booking and cancelling ---- */

static bool is_settled(const struct wish_view *wish)
{
	return wish->row->state == WISH_SETTLED || wish->row->state == WISH_SEEN;
}

static bool wish_ended(const struct line *line, const void *what)
{
	const struct wish_view *wish = session_wish(line->session, what);
	return is_settled(wish) || wish->outcome.kind == OUTCOME_LOGIN_NEEDED || wish->next_try_at;
}

static void tell_alternatives(struct line *line, const struct alternative *others, size_t count)
{
	for (size_t at = 0; at < count; at++)
		line_say(line, _("Free instead: %1$s, %2$s, %3$s, %4$s."), others[at].space_name, others[at].resource_name,
		         date_words_long(line->arena, others[at].when.date), period_words(line->arena, others[at].when));
}

void line_tell_wish(struct line *line, const char *id)
{
	line_wait(line, wish_ended, id);
	const struct wish_view *wish = session_wish(line->session, id);
	line_say(line, "%s", wish_words(line->arena, wish));
	tell_alternatives(line, wish->outcome.alternatives, wish->outcome.alternative_count);
	if (is_settled(wish))
		session_wish_seen(line->session, id);
}

static bool preview_came(const struct line *line, const void *what)
{
	(void)what;
	const struct proposal *proposal = session_proposal(line->session);
	return !proposal || !proposal->state.asking;
}

/* What it costs, until when it can be undone, what stands in the way: before the yes, not after. False: something
 * does. */
static bool tell_preview(struct line *line, const struct wish_book *wish)
{
	session_propose(line->session, wish);
	line_wait(line, preview_came, NULL);
	const struct proposal *proposal = session_proposal(line->session);
	const struct preview *preview = proposal ? proposal->preview : NULL;
	if (!preview)
		return true;
	for (size_t at = 0; at < preview->obstacle_count; at++)
		line_say(line, "%s", obstacle_words(line->arena, &preview->obstacles[at]));
	if (preview->obstacle_count) {
		tell_alternatives(line, preview->alternatives, preview->alternative_count);
		return false;
	}
	const struct zone *zone = zones_find(session_zones(line->session), preview->booking.time_zone, NULL);
	const char *credit = payment_words(line->arena, &preview->booking);
	line_say(line, _("Price: %s."), price_words(line->arena, preview->booking.price, preview->booking.country));
	if (*credit)
		line_say(line, _("Paid with %s."), credit);
	if (zone && preview->booking.cancel_until)
		line_say(line, _("It can be cancelled until %s."), instant_words(line->arena, zone, preview->booking.cancel_until));
	return true;
}

bool line_book(struct line *line, const struct wish_book *wish)
{
	bool free = tell_preview(line, wish);
	session_drop_proposal(line->session);
	const char *question = arena_print(line->arena, _("Book %1$s, %2$s, %3$s, %4$s? [yes] "), wish->space_name, wish->resource_name,
	                                   date_words_long(line->arena, wish->when.date), period_words(line->arena, wish->when));
	bool wanted = free && line_confirm(line, question);
	if (wanted)
		line_tell_wish(line, session_book(line->session, wish));
	else
		line_say(line, "%s", _("Nothing was booked."));
	return wanted;
}

static void propose_booking(struct face *face, const struct wish_book *asked)
{
	struct line *line = line_of(face);
	/* Turns of the session come before the yes: what was borrowed from its lists is copied. */
	struct wish_book wish = *asked;
	wish.space_id = arena_copy_text(line->arena, asked->space_id);
	wish.space_name = arena_copy_text(line->arena, asked->space_name);
	wish.resource_id = arena_copy_text(line->arena, asked->resource_id);
	wish.resource_name = arena_copy_text(line->arena, asked->resource_name);
	line_book(line, &wish);
}

static void propose_cancel(struct face *face, size_t site, const struct booking *asked)
{
	struct line *line = line_of(face);
	struct booking booking = *asked;
	booking.id = arena_copy_text(line->arena, asked->id);
	booking.space_id = arena_copy_text(line->arena, asked->space_id);
	booking.space_name = arena_copy_text(line->arena, asked->space_name);
	booking.resource_id = arena_copy_text(line->arena, asked->resource_id);
	booking.resource_name = arena_copy_text(line->arena, asked->resource_name);
	const char *question = arena_print(line->arena, _("Cancel %1$s, %2$s, %3$s, %4$s? [yes] "), booking.space_name,
	                                   booking.resource_name, date_words_long(line->arena, booking.when.date),
	                                   period_words(line->arena, booking.when));
	if (line_confirm(line, question))
		line_tell_wish(line, session_cancel(line->session, site, &booking));
	else
		line_say(line, "%s", _("Nothing was cancelled."));
}

/* ---- all anew ---- */

static bool all_asked(const struct line *line, const void *what)
{
	(void)what;
	for (size_t at = 0; at < session_wish_count(line->session); at++) {
		const struct wish_view *wish = session_wish_at(line->session, at);
		if (!is_settled(wish) && wish->outcome.kind != OUTCOME_LOGIN_NEEDED && !wish->next_try_at)
			return false;
	}
	return !session_spaces(line->session)->state.asking && !session_bookings(line->session)->state.asking &&
	       !session_signups(line->session)->state.asking;
}

/* What came to its end is told by the conversation itself. */
static void show_sync(struct face *face)
{
	struct line *line = line_of(face);
	line_wait(line, all_asked, NULL);
	const struct zone *zone = zones_find(session_zones(line->session), "Europe/Brussels", NULL);
	for (size_t site = 0; zone && site < session_site_count(line->session); site++) {
		const struct site_view *view = session_site(line->session, site);
		line_say(line, _("%1$s: %2$s."), view->label, site_words(line->arena, view, session_now(line->session), zone));
	}
	for (size_t at = 0; at < session_wish_count(line->session); at++) {
		if (!is_settled(session_wish_at(line->session, at)))
			line_say(line, "%s", wish_words(line->arena, session_wish_at(line->session, at)));
	}
}

static void refuse(struct face *face, enum command_end end, const struct problem *why, const char *const *candidates,
                   size_t count)
{
	(void)end;
	struct line *line = line_of(face);
	line->said_why = true;
	line_say(line, "%s", why->text);
	for (size_t at = 0; at < count; at++)
		line_say(line, "%s", candidates[at]);
}

const struct face_ops line_ops = {
	.await = await_need,
	.await_list = line_await_list,
	.show_spaces = show_spaces,
	.show_day = show_day,
	.show_bookings = show_bookings,
	.show_member = show_member,
	.show_agenda = line_show_agenda,
	.show_activity = line_show_activity,
	.show_signups = line_show_signups,
	.show_directory = line_show_directory,
	.show_card = line_show_card,
	.show_organisation = line_show_organisation,
	.show_sync = show_sync,
	.show_wishes = line_show_wishes,
	.drop_wish = line_drop_wish,
	.propose_booking = propose_booking,
	.propose_cancel = propose_cancel,
	.propose_sign_up = line_propose_sign_up,
	.propose_withdraw = line_propose_withdraw,
	.log_in = line_log_in,
	.log_out = line_log_out,
	.refuse = refuse,
};
