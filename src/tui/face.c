/* face.c — the screen as a face of the commands. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

/* ---- looking things up ---- */

const struct space *ui_find_space(const struct ui *ui, size_t site, const char *space_id)
{
	const struct space_list *spaces = session_spaces(ui->session);
	for (size_t i = 0; i < spaces->count; i++) {
		if (spaces->rows[i].site == site && strcmp(spaces->rows[i].space.id, space_id) == 0)
			return &spaces->rows[i].space;
	}
	return NULL;
}

const struct zone *ui_zone(const struct ui *ui, const char *name)
{
	struct zones *zones = session_zones(ui->session);
	const struct space_list *spaces = session_spaces(ui->session);
	const char *wanted = *name ? name : spaces->count ? spaces->rows[0].space.time_zone : "Europe/Brussels";
	const struct zone *zone = zones_find(zones, wanted, NULL);
	if (!zone)
		zone = zones_find(zones, "UTC", NULL);
	if (!zone)
		die(_("the system has no time zones: install tzdata"));
	return zone;
}

const char *ui_with_age(struct ui *ui, struct arena *arena, const char *name, const struct list_state *state)
{
	const char *age = age_words(arena, state, session_now(ui->session), ui_zone(ui, ""));
	return *age ? arena_print(arena, "%s, %s", name, age) : name;
}

struct minute_range ui_next_hours(const struct ui *ui, const struct space *space, const struct day_list *day,
                                  const struct resource_day *row)
{
	struct wall_time now = zone_wall(ui_zone(ui, space->time_zone), session_now(ui->session));
	bool today = date_equal(day->date, now.date);
	return booking_next_hours(row, &day->opening.hours, today ? now.minutes : 0, space->granule_s);
}

/* ---- the face ---- */

static struct ui *ui_of(struct face *face)
{
	return ((struct tui_face *)face)->ui;
}

static bool spaces_at_hand(struct ui *ui)
{
	return session_spaces(ui->session)->state.as_of != 0;
}

static bool await(struct face *face, enum need need, size_t site, const char *space_id, struct local_date date)
{
	struct ui *ui = ui_of(face);
	bool at_hand = false, asking = false;
	switch (need) {
	case NEED_SPACES:
		at_hand = spaces_at_hand(ui);
		asking = session_spaces(ui->session)->state.asking;
		break;
	case NEED_BOOKINGS:
		at_hand = session_bookings(ui->session)->state.as_of != 0;
		asking = session_bookings(ui->session)->state.asking;
		break;
	case NEED_DAY: {
		const struct day_list *day = session_day(ui->session, site, space_id, date);
		at_hand = day->state.as_of != 0;
		asking = day->state.asking;
		break;
	}
	case NEED_MEMBER:
		for (size_t i = 0; i < session_site_count(ui->session); i++) {
			at_hand = at_hand || session_site(ui->session, i)->member;
			asking = asking || session_site(ui->session, i)->state == SITE_ASKING;
		}
		break;
	case NEED_WISHES:
		at_hand = session_wishes_are_known(ui->session);
		asking = !at_hand;
		break;
	}
	if (!at_hand && asking) {
		ui->waits = true;
		ui_remark(ui, STYLE_PLAIN, _("Looking it up."));
	} else if (!at_hand && !ui->waits) {
		ui_say(ui, STYLE_WARNING, _("That is not known here yet, and the site does not answer."));
	}
	return at_hand;
}

static void show_spaces(struct face *face, struct local_date date)
{
	struct ui *ui = ui_of(face);
	ui_go(ui, PANE_SPACES);
	if (!date_equal(date, session_today(ui->session)))   /* a day is looked at in a space */
		ui_remark(ui, STYLE_WARNING, _("Here they are as of today. Open one, then d shows another day."));
}

static void show_day(struct face *face, size_t site, const struct space *space, struct local_date date)
{
	ui_open_space(ui_of(face), site, space->id, date);
}

static void show_bookings(struct face *face)
{
	struct ui *ui = ui_of(face);
	ui_go(ui, PANE_MY_DAY);
	const struct booking_list *bookings = session_bookings(ui->session);
	if (bookings->count == 0)
		return;
	struct sheet sheet;
	ui_fill(ui, &sheet);
	list_select(&ui->views[PANE_MY_DAY].list, sheet_rows(&sheet),
	            my_day_booking(ui->scratch, bookings->rows[0].site, bookings->rows[0].booking.id));
}

static void show_member(struct face *face)
{
	struct ui *ui = ui_of(face);
	for (size_t site = 0; site < session_site_count(ui->session); site++) {
		const struct site_view *view = session_site(ui->session, site);
		ui_say(ui, STYLE_PLAIN, view->member
		       ? arena_print(ui->scratch, _("%1$s: you are %2$s (%3$s)."), view->label, view->member->name, view->member->login)
		       : arena_print(ui->scratch, _("%s: not logged in."), view->label));
	}
}

static bool await_list(struct face *face, const struct list_state *state)
{
	struct ui *ui = ui_of(face);
	if (state->as_of)
		return true;
	ui->waits = ui->waits || state->asking;
	if (state->asking)
		ui_remark(ui, STYLE_PLAIN, _("Looking it up."));
	else if (!ui->waits)
		ui_say(ui, STYLE_WARNING, state->outcome.kind > OUTCOME_DONE ? outcome_words(ui->scratch, &state->outcome)
		                                                            : _("That is not known here yet, and the site does not answer."));
	return false;
}

/* The agenda is there whole: what was asked is where it begins, and its words. */
static void show_agenda(struct face *face, const struct agenda_filter *filter)
{
	struct ui *ui = ui_of(face);
	ui_go(ui, PANE_AGENDA);
	ui_set_filter(ui, PANE_AGENDA, filter->words);
	if (date_equal(filter->from, filter->until))
		pane_ops_of(PANE_AGENDA)->go_to(ui, filter->from);
}

static void show_activity(struct face *face, size_t site, const struct activity *activity)
{
	open_activity_dialog(ui_of(face), site, activity);
}

static void show_signups(struct face *face)
{
	ui_go(ui_of(face), PANE_MY_DAY);
}

static void show_directory(struct face *face, enum directory directory, const char *query)
{
	(void)directory;   /* the pane shows both */
	ui_go(ui_of(face), PANE_MEMBERS);
	ui_set_filter(ui_of(face), PANE_MEMBERS, query);
}

static void show_card(struct face *face, size_t site, const struct card *card)
{
	open_card_dialog(ui_of(face), site, card);
}

static void show_organisation(struct face *face, size_t site, const struct organisation *organisation)
{
	open_organisation_dialog(ui_of(face), site, organisation);
}

static void select_wish(struct ui *ui, const struct wish_view *wish)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	list_select(&ui->views[PANE_MY_DAY].list, sheet_rows(&sheet), my_day_wish(ui->scratch, wish->row->id));
}

static void show_wishes(struct face *face)
{
	struct ui *ui = ui_of(face);
	ui_go(ui, PANE_MY_DAY);
	if (session_wish_count(ui->session))
		select_wish(ui, session_wish_at(ui->session, 0));
	else if (session_wishes_are_to_come(ui->session))
		ui_say(ui, STYLE_PLAIN, _("What an earlier run left is still being written down, for the disk is slow: ask again in a moment."));
	else if (session_other_count(ui->session))
		ui_say(ui, STYLE_PLAIN, wish_words_elsewhere(ui->scratch, session_other_at(ui->session, 0)));
	else if (session_left_count(ui->session))
		ui_say(ui, STYLE_WARNING, left_words(ui->scratch, ui->session));
	else
		ui_say(ui, STYLE_PLAIN, _("Nothing waits to be sent."));
}

static void drop_wish(struct face *face, const char *id)
{
	struct ui *ui = ui_of(face);
	const struct wish_view *wish = session_wish(ui->session, id);
	bool asked = wish && wish_stands(wish) == WISH_ASKS;
	switch (session_wish_drop(ui->session, id)) {
	case WISH_DROPPED:
		ui_say(ui, STYLE_PLAIN, asked ? _("Let go.") : _("Taken back: nothing was sent."));
		return;
	case WISH_DROP_LATER:
		ui_say(ui, STYLE_PLAIN, _("It is being sent at this moment: if it does not arrive, it is taken back."));
		return;
	case WISH_DROP_TOO_LATE:
		ui_say(ui, STYLE_WARNING, _("Perhaps it is there already: what became of it is being asked for. It can then be cancelled."));
		return;
	}
}

/* What becomes of it is told as it comes. */
static void show_sync(struct face *face)
{
	ui_remark(ui_of(face), STYLE_PLAIN, _("The sites are being asked again."));
}

static void propose_sign_up(struct face *face, size_t site, const struct activity *activity)
{
	open_sign_up_dialog(ui_of(face), site, activity);
}

static void propose_withdraw(struct face *face, size_t site, const struct activity *activity)
{
	open_withdraw_dialog(ui_of(face), site, activity);
}

static void propose_booking(struct face *face, const struct wish_book *wish)
{
	open_book_dialog(ui_of(face), wish);
}

static void propose_cancel(struct face *face, size_t site, const struct booking *booking)
{
	open_cancel_dialog(ui_of(face), site, booking);
}

static void log_in(struct face *face, size_t site, const char *login, unsigned how)
{
	open_login_dialog(ui_of(face), site, login, how);
}

void ui_log_out(struct ui *ui, size_t site)
{
	session_log_out(ui->session, site);
	ui_heed_farewell(ui);
	ui_say(ui, STYLE_GOOD, arena_print(ui->scratch, _("Logged out of %s; what was yours is no longer kept here."),
	                                   session_site(ui->session, site)->label));
}

static void log_out(struct face *face, size_t site)
{
	struct ui *ui = ui_of(face);
	if (session_wishes_at_stake(ui->session, site))
		open_log_out_dialog(ui, site);
	else
		ui_log_out(ui, site);
}

/* A command that needs a log-in gets the chance to have one; everything else is a sentence. */
static void refuse(struct face *face, enum command_end end, const struct problem *why, const char *const *candidates,
                   size_t candidate_count)
{
	(void)end;
	struct ui *ui = ui_of(face);
	if (ui->waits)
		return;
	if (strcmp(why->field, "login") == 0 && session_site_count(ui->session) > 0) {
		size_t site = ui->run_site == SIZE_MAX ? 0 : ui->run_site;   /* where it is to happen, else the first that wants it */
		while (ui->run_site == SIZE_MAX && site + 1 < session_site_count(ui->session) &&
		       session_site(ui->session, site)->state != SITE_LOGIN_NEEDED)
			site++;
		open_login_dialog(ui, site, ui->config->sites[site].login, 0);
		return;
	}
	char *text = arena_copy_text(ui->scratch, why->text);
	for (size_t i = 0; i < candidate_count && i < 4; i++)
		text = arena_print(ui->scratch, "%s%s%s", text, i ? ", " : " ", candidates[i]);
	ui_say(ui, STYLE_WARNING, text);
}

static const struct face_ops ops = {
	.await = await, .await_list = await_list, .show_agenda = show_agenda, .show_activity = show_activity,
	.show_signups = show_signups, .show_directory = show_directory, .show_card = show_card,
	.show_organisation = show_organisation, .show_sync = show_sync, .show_wishes = show_wishes, .drop_wish = drop_wish, .propose_sign_up = propose_sign_up,
	.propose_withdraw = propose_withdraw, .show_spaces = show_spaces, .show_day = show_day, .show_bookings = show_bookings,
	.show_member = show_member, .propose_booking = propose_booking, .propose_cancel = propose_cancel, .log_in = log_in,
	.log_out = log_out, .refuse = refuse,
};

void ui_face_init(struct ui *ui)
{
	ui->face = (struct tui_face){ .face = { .ops = &ops }, .ui = ui };
}
