/* act.c — what changes something: a booking, a cancelling, a sign-up, each seen through to its outcome. See inside.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inside.h"

/* ---- wishes ---- */

bool wish_is_settled(const struct wish_view *wish)
{
	return wish->row->state == WISH_SETTLED || wish->row->state == WISH_SEEN;
}

bool wish_waits_for_log_in(const struct wish_view *wish)
{
	return wish->outcome.kind == OUTCOME_LOGIN_NEEDED && !wish_is_settled(wish);
}

static bool wish_ended(const struct cli *cli, const void *what)
{
	const struct wish_view *wish = session_wish(cli->session, what);
	if (wish_is_settled(wish) || wish->trouble || wish_waits_for_log_in(wish))
		return true;
	int64_t left_s = (cli->deadline_ms - clock_monotonic_ms()) / 1000;
	return wish->next_try_at && wish->next_try_at - session_now(cli->session) > left_s;
}

static const char *alternative_words(struct arena *arena, const struct alternative *other)
{
	return arena_print(arena, _("%1$s, %2$s, %3$s, %4$s"), other->space_name, other->resource_name,
	                   date_words(arena, other->when.date), period_words(arena, other->when));
}

void act_tell_alternatives(struct cli *cli, const struct wish_view *wish)
{
	if (wish->outcome.alternative_count)
		cli_complain(cli, "%s", _("Free instead:"));
	for (size_t at = 0; at < wish->outcome.alternative_count; at++)
		cli_complain(cli, "  %s", alternative_words(cli->arena, &wish->outcome.alternatives[at]));
}

/* A place that can still be given up: until when. */
static void tell_activity(struct cli *cli, const struct wish_view *wish)
{
	const struct activity *activity = wish->activity;
	const struct zone *zone = zones_find(session_zones(cli->session), activity->time_zone, NULL);
	if (zone && activity->mine.state == SIGNUP_SIGNED_UP && activity->withdraw_until > session_now(cli->session))
		cli_say(cli, _("You can withdraw until %s.\n"), instant_words(cli->arena, zone, activity->withdraw_until));
	cli->item = json_activity(cli, activity, wish->site, false);
}

static void tell_done(struct cli *cli, const struct wish_view *wish)
{
	cli->acted = wish_words(cli->arena, wish);
	cli_say(cli, "%s\n", cli->acted);
	if (wish->activity)
		tell_activity(cli, wish);
	const struct booking *booking = wish->booking;
	const struct zone *zone = booking ? zones_find(session_zones(cli->session), booking->time_zone, NULL) : NULL;
	if (!zone)
		return;
	const char *credit = payment_words(cli->arena, booking);
	cli_say(cli, "%s\n", price_words(cli->arena, booking->price, booking->country));
	if (*credit)
		cli_say(cli, _("Paid with %s.\n"), credit);
	cli_say(cli, _("It can be cancelled until %s.\n"), instant_words(cli->arena, zone, booking->cancel_until));
	if (!cli->item)
		cli->item = json_booking(cli, booking, wish->site);
}

static void tell_not_done(struct cli *cli, const struct wish_view *wish, const char *sentence)
{
	cli->told = true;
	if (cli->options->json) {
		cli->problem = json_problem(cli->outcome, "", sentence);
		if (wish->outcome.rule != RULE_NONE)
			cJSON_AddStringToObject(cli->problem, "rule", rule_wire_name(wish->outcome.rule));
		if (!wish_is_settled(wish))
			cJSON_AddStringToObject(cli->problem, "kept_as", wish->row->id);
		json_alternatives(cli->problem, &wish->outcome);
		return;
	}
	cli_complain(cli, "%s", sentence);
	if (wish_stands(wish) == WISH_WAITS && !wish_waits_for_log_in(wish))
		cli_complain(cli, _("It is kept as %1$s and sent when hacktiv next runs and the site answers; hacktiv drop %1$s takes it back."),
		             wish->row->id);
	else if (!wish_is_settled(wish) && !wish_waits_for_log_in(wish))
		cli_complain(cli, _("It is kept as %s and will be asked about when hacktiv starts next."), wish->row->id);
	act_tell_alternatives(cli, wish);
}

static void tell_wish(struct cli *cli, const struct wish_view *wish)
{
	bool perhaps = wish->perhaps_there && !wish_is_settled(wish);
	enum outcome_kind kind = perhaps || wish->outcome.kind == OUTCOME_NONE ? OUTCOME_UNKNOWN : wish->outcome.kind;
	cli_end(cli, outcome_wire_name(kind), outcome_exit_status(kind));
	if (wish->trouble && !wish->perhaps_kept)
		cli_end(cli, "failed", EXIT_FAILURE);
	if (cli->exit_status == EXIT_SUCCESS) {
		tell_done(cli, wish);
		return;
	}
	const char *sentence = wish_words(cli->arena, wish);
	if (wish_waits_for_log_in(wish) && !perhaps)
		sentence = _("Nothing was changed: log in first (hacktiv login).");
	cJSON_Delete(cli->item);
	cli->item = NULL;
	tell_not_done(cli, wish, sentence);
}

static void see_wish_through(struct cli *cli, const char *id)
{
	cli_wait(cli, wish_ended, id, cli->deadline_ms);
	tell_wish(cli, session_wish(cli->session, id));
	session_wish_told(cli->session, id);
}

/* What was chosen from a copy of an earlier time is kept, and looked at again before it is sent: see session.h. Nobody waits for a site
 * that was just found to be away. */
static void prepare_to_write(struct cli *cli)
{
	int64_t soon_ms = clock_monotonic_ms() + AWAY_MS;
	if (cli->stale && cli->deadline_ms > soon_ms)
		cli->deadline_ms = soon_ms;
}

/* It would be kept only to be refused later. */
static void refuse_foreseen(struct cli *cli, const struct wish_book *wish, const struct preview *foreseen)
{
	struct problem why;
	const char *candidates[ALTERNATIVES_MAX];
	for (size_t at = 0; at < foreseen->alternative_count; at++)
		candidates[at] = alternative_words(cli->arena, &foreseen->alternatives[at]);
	problem_set(&why, PROBLEM_CLOSED, "date", "%s, %s: %s%s%s", wish->space_name, date_words(cli->arena, wish->when.date),
	            obstacle_words(cli->arena, &foreseen->obstacles[0]), foreseen->alternative_count ? " " : "",
	            foreseen->alternative_count ? _("The nearest days on which it is open:") : "");
	cli_refuse(&cli->face, COMMAND_FAILED, &why, candidates, foreseen->alternative_count);
}

void act_propose_booking(struct face *face, const struct wish_book *wish)
{
	struct cli *cli = (struct cli *)face;
	prepare_to_write(cli);
	const struct preview *foreseen = cli->stale ? session_foresee(cli->session, wish, cli->arena) : NULL;
	if (foreseen) {
		refuse_foreseen(cli, wish, foreseen);
		return;
	}
	see_wish_through(cli, session_book(cli->session, wish));
}

void act_propose_cancel(struct face *face, size_t site, const struct booking *booking)
{
	struct cli *cli = (struct cli *)face;
	prepare_to_write(cli);
	struct booking cancelled = *booking;
	cancelled.state = BOOKING_CANCELLED;
	cli->item = json_booking(cli, &cancelled, site);
	see_wish_through(cli, session_cancel(cli->session, site, booking));
}

void act_propose_sign_up(struct face *face, size_t site, const struct activity *activity)
{
	struct cli *cli = (struct cli *)face;
	prepare_to_write(cli);
	see_wish_through(cli, session_sign_up(cli->session, site, activity));
}

void act_propose_withdraw(struct face *face, size_t site, const struct activity *activity)
{
	struct cli *cli = (struct cli *)face;
	prepare_to_write(cli);
	see_wish_through(cli, session_withdraw(cli->session, site, activity));
}

/* ---- what waits ---- */

void act_show_wishes(struct face *face)
{
	struct cli *cli = (struct cli *)face;
	cli_end(cli, outcome_wire_name(OUTCOME_DONE), EXIT_SUCCESS);
	if (cli->options->json) {
		json_wishes(cli);
		return;
	}
	size_t count = session_wish_count(cli->session);
	for (size_t at = 0; at < count; at++)
		cli_say(cli, "%zu. %s\n", at + 1, wish_words(cli->arena, session_wish_at(cli->session, at)));
	for (size_t at = 0; at < session_other_count(cli->session); at++)
		cli_say(cli, "%s\n", wish_words_elsewhere(cli->arena, session_other_at(cli->session, at)));
	bool to_come = session_wishes_are_to_come(cli->session);
	if (to_come)
		cli_say(cli, "%s\n", _("What an earlier run left is still being written down, for the disk is slow: ask again in a moment."));
	if (!count && !to_come && !session_other_count(cli->session) && !session_left_count(cli->session))
		cli_say(cli, "%s\n", _("Nothing waits to be sent."));
	else if (count && isatty(STDERR_FILENO))
		cli_complain(cli, "%s", _("hacktiv drop and the number takes it back or lets it go; hacktiv sync sends what waits."));
}

static bool is_taken_back(const struct cli *cli, const void *what)
{
	const struct wish_view *wish = session_wish(cli->session, what);
	return wish->taken_back || wish_stands(wish) != WISH_ENDED || session_is_quiet(cli->session);
}

void act_drop_wish(struct face *face, const char *id)
{
	struct cli *cli = (struct cli *)face;
	const struct wish_view *wish = session_wish(cli->session, id);
	bool asked = wish_stands(wish) == WISH_ASKS;
	const char *words = wish_words_brief(cli->arena, wish);
	cli_end(cli, outcome_wire_name(OUTCOME_DONE), EXIT_SUCCESS);
	if (session_wish_drop(cli->session, id) != WISH_DROPPED) {
		struct problem why;
		problem_set(&why, PROBLEM_REFUSED, "wish", "%s",
		            _("Perhaps it is there already: hacktiv sync asks what became of it. It can then be cancelled."));
		cli_refuse(face, COMMAND_FAILED, &why, NULL, 0);
		return;
	}
	cli_wait(cli, is_taken_back, id, cli->deadline_ms);
	if (asked)
		cli_say(cli, _("Let go: %s\n"), words);
	else if (wish->taken_back)
		cli_say(cli, "%s\n", wish_words(cli->arena, wish));
	else
		cli_end(cli, "failed", EXIT_FAILURE);   /* a note has told why */
}

/* ---- all anew ---- */

static bool all_asked(const struct cli *cli, const void *what)
{
	(void)what;
	for (size_t at = 0; at < session_wish_count(cli->session); at++) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		if (!wish_is_settled(wish) && !wish_waits_for_log_in(wish) && !wish->next_try_at)
			return false;
	}
	return !session_spaces(cli->session)->state.asking && !session_bookings(cli->session)->state.asking &&
	       !session_signups(cli->session)->state.asking;
}

/* What still waits is what the exit status tells of. */
static void end_with_wishes(struct cli *cli)
{
	size_t count = session_wish_count(cli->session);
	for (size_t at = 0; at < count; at++) {
		const struct wish_view *wish = session_wish_at(cli->session, at);
		if (!wish_is_settled(wish))
			cli_end(cli, outcome_wire_name(wish->outcome.kind), outcome_exit_status(wish->outcome.kind));
		cli_say(cli, "%s\n", wish_words(cli->arena, wish));
	}
	if (cli->options->json)
		json_wishes(cli);
	while (count-- > 0)
		session_wish_told(cli->session, session_wish_at(cli->session, count)->row->id);
}

void act_show_sync(struct face *face)
{
	struct cli *cli = (struct cli *)face;
	cli_wait(cli, all_asked, NULL, cli->deadline_ms);
	const struct zone *zone = zones_find(session_zones(cli->session), "Europe/Brussels", NULL);
	size_t answering = 0;
	for (size_t site = 0; site < session_site_count(cli->session); site++) {
		const struct site_view *view = session_site(cli->session, site);
		answering += view->state == SITE_UP || view->state == SITE_LOGIN_NEEDED;
		if (zone)
			cli_say(cli, _("%1$s: %2$s\n"), view->label, site_words(cli->arena, view, session_now(cli->session), zone));
	}
	enum outcome_kind outcome = answering ? OUTCOME_DONE : OUTCOME_UNREACHABLE;
	cli_end(cli, outcome_wire_name(outcome), outcome_exit_status(outcome));
	end_with_wishes(cli);
}
