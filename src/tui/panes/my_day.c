/* my_day.c — the first screen: all spaces today, then my bookings. Nothing need be pressed to see where there is room. */
#include "panes.h"

#include <string.h>

enum { SPACE_NAME, SPACE_TOWN, SPACE_MORNING, SPACE_AFTERNOON, SPACE_OPENING };

/* `fresh`: what is free there is known, not remembered. */
static void free_cell(struct sheet *sheet, struct sheet_line *line, size_t column, const struct space *space, int count, bool fresh)
{
	bool open = space->today.opening.closed == CLOSED_NOT;
	if (!space->today.date.year)
		sheet_cell(line, column, STYLE_QUIET, "?");   /* none is another thing than nobody knows */
	else
		sheet_cell(line, column, open && count > 0 && fresh ? STYLE_FREE : STYLE_QUIET, open ? arena_print(sheet->arena, "%d", count) : "-");
}

/* From the first hour to the last: a break at noon is told where the space is opened. Why not, where it is closed. */
static const char *opening_text(struct arena *arena, const struct opening_state *opening)
{
	if (opening->closed != CLOSED_NOT || opening->hours.count == 0)
		return opening_words(arena, opening);
	struct opening_day whole = opening->hours;
	whole.ranges[0].until = whole.ranges[whole.count - 1].until;
	whole.count = 1;
	return hours_words(arena, &whole);
}

static const char *unreachable_words(struct ui *ui, struct arena *arena, const struct site_view *site)
{
	struct site_view bare = *site;
	bare.as_of = 0;
	return site_words(arena, &bare, session_now(ui->session), ui_zone(ui, ""));
}

static void fill_space(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct space_row *row)
{
	struct arena *arena = sheet->arena;
	const struct space *space = &row->space;
	struct subject *subject = arena_get(arena, sizeof *subject);
	*subject = (struct subject){ .site = row->site, .space = space, .when = session_next_open(ui->session, space, DAY_PART_MORNING) };
	struct sheet_line *line = sheet_row(sheet, section, arena_print(arena, "s%zu/%s", row->site, space->id),
	                                    arena_print(arena, "%s %s", space->name, space->town), subject);
	if (!line)
		return;
	const struct site_view *site = session_site(ui->session, row->site);
	bool closed = space->today.opening.closed != CLOSED_NOT, down = site->state == SITE_UNREACHABLE;
	sheet_cell(line, SPACE_NAME, STYLE_PLAIN, space->name);
	sheet_cell(line, SPACE_TOWN, STYLE_PLAIN, arena_print(arena, "%s %s", country_code(space->country), space->town));
	free_cell(sheet, line, SPACE_MORNING, space, space->today.free_morning, !down);
	free_cell(sheet, line, SPACE_AFTERNOON, space, space->today.free_afternoon, !down);
	if (down)
		sheet_cell(line, SPACE_OPENING, STYLE_WARNING, ui->layout.size == LAYOUT_WIDE ? unreachable_words(ui, arena, site) : _("unreachable"));
	else if (!space->today.date.year)
		sheet_cell(line, SPACE_OPENING, STYLE_QUIET, _("not known yet"));
	else
		sheet_cell(line, SPACE_OPENING, closed ? STYLE_QUIET : STYLE_PLAIN, opening_text(arena, &space->today.opening));
}

/* Sites that have told nothing yet: why. */
static void fill_silent_sites(struct ui *ui, struct sheet *sheet, const struct space_list *spaces)
{
	for (size_t site = 0; site < session_site_count(ui->session); site++) {
		bool known = false;
		for (size_t i = 0; i < spaces->count; i++)
			known = known || spaces->rows[i].site == site;
		const struct site_view *view = session_site(ui->session, site);
		if (known)
			continue;
		const char *words = site_words(sheet->arena, view, session_now(ui->session), ui_zone(ui, ""));
		sheet_note(sheet, *view->problem ? arena_print(sheet->arena, _("%1$s: %2$s. %3$s"), view->label, words, view->problem)
		                                 : arena_print(sheet->arena, _("%1$s: %2$s"), view->label, words));
	}
}

/* ---- ids of rows ---- */

char *my_day_booking(struct arena *arena, size_t site, const char *booking_id)
{
	return arena_print(arena, "b%zu/%s", site, booking_id);
}

static char *id_of_signup(struct arena *arena, size_t site, const char *activity_id)
{
	return arena_print(arena, "a%zu/%s", site, activity_id);
}

char *my_day_wish(struct arena *arena, const char *id)
{
	return arena_print(arena, "w%s", id);
}

char *my_day_made(struct arena *arena, const struct wish_view *wish)
{
	switch (wish->row->kind) {
	case WISH_BOOK:
		return my_day_booking(arena, wish->site, wish->row->booking_id);
	case WISH_SIGN_UP:
		return id_of_signup(arena, wish->site, wish->row->activity_id);
	case WISH_CANCEL:
	case WISH_WITHDRAW:
		break;
	}
	return NULL;
}

/* ---- rows ---- */

void fill_spaces(struct ui *ui, struct sheet *sheet)
{
	const struct space_list *spaces = session_spaces(ui->session);
	const struct sheet_column columns[] = {
		{ .heading = "", .gives_way = true, .least = 14 },
		{ .heading = "", .drop = 2, .gives_way = true, .least = 12 },
		{ .heading = C_("short heading", "a.m."), .right = true },
		{ .heading = C_("short heading", "p.m."), .right = true },
		{ .heading = C_("heading", "Open"), .drop = 1, .gives_way = true, .least = 11 },
	};
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	sheet_title(sheet, section, ui->layout.size == LAYOUT_SMALL ? _("FREE DESKS TODAY") : _("SPACES TODAY: FREE DESKS"));
	for (size_t i = 0; i < spaces->count; i++)
		fill_space(ui, sheet, section, &spaces->rows[i]);
	fill_silent_sites(ui, sheet, spaces);
}

static void fill_booking(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct booking_row *row)
{
	struct arena *arena = sheet->arena;
	const struct booking *booking = &row->booking;
	struct subject *subject = arena_get(arena, sizeof *subject);
	*subject = (struct subject){ .site = row->site, .booking = booking, .when = booking->when,
		.space = ui_find_space(ui, row->site, booking->space_id) };
	const char *date = date_words_near(arena, booking->when.date, session_today(ui->session));
	struct sheet_line *line = sheet_row(sheet, section, my_day_booking(arena, row->site, booking->id),
	                                    arena_print(arena, "%s %s %s", booking->space_name, booking->resource_name, date), subject);
	if (!line)
		return;
	const struct zone *zone = ui_zone(ui, booking->time_zone);
	bool small = ui->layout.size == LAYOUT_SMALL, year_goes = small && strcmp(date, date_words(arena, booking->when.date)) == 0;
	sheet_cell(line, 0, STYLE_PLAIN, year_goes ? date_words_short(arena, booking->when.date) : date);
	sheet_cell(line, 1, STYLE_PLAIN, period_words(arena, booking->when));
	sheet_cell(line, 2, STYLE_PLAIN, arena_print(arena, "%s–%s", minutes_words(arena, zone_wall(zone, booking->start_at).minutes),
	                                             minutes_words(arena, zone_wall(zone, booking->end_at).minutes)));
	if (small) {
		sheet_cell(line, 3, STYLE_PLAIN, arena_print(arena, "%s, %s", booking->resource_name, booking->space_name));
	} else {
		sheet_cell(line, 3, STYLE_PLAIN, booking->space_name);
		sheet_cell(line, 4, STYLE_PLAIN, booking->resource_name);
	}
	if (booking->state != BOOKING_CONFIRMED)
		sheet_cell(line, 5, STYLE_WARNING, booking_state_words(booking->state));
}

/* Why there are no rows; a sentence that says what to do. */
static const char *no_bookings(struct ui *ui, const struct booking_list *bookings)
{
	bool out = session_site_count(ui->session) > 0;
	for (size_t site = 0; site < session_site_count(ui->session); site++)
		out = out && session_site(ui->session, site)->state == SITE_LOGIN_NEEDED;
	if (out)
		return _("Type :login and Enter to see and make bookings.");
	if (bookings->state.as_of)
		return _("Nothing booked. r books a place.");
	if (bookings->state.asking)
		return _("Being asked for.");
	return _("Not known yet.");
}

static void fill_signup(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct activity_row *row)
{
	struct arena *arena = sheet->arena;
	const struct activity *activity = row->activity;
	struct subject *subject = arena_get(arena, sizeof *subject);
	*subject = (struct subject){ .site = row->site, .activity = activity, .space = ui_find_space(ui, row->site, activity->space_id) };
	const char *date = date_words_near(arena, activity->date, session_today(ui->session));
	struct sheet_line *line = sheet_row(sheet, section, id_of_signup(arena, row->site, activity->id),
	                                    arena_print(arena, "%s %s %s", activity->title, activity->space_name, date), subject);
	if (!line)
		return;
	bool waits = activity->mine.state == SIGNUP_WAITLISTED, asked = activity->mine.state == SIGNUP_OFFERED;
	bool off = activity->state == ACTIVITY_CANCELLED;
	sheet_cell(line, 0, STYLE_PLAIN, date);
	sheet_cell(line, 1, STYLE_PLAIN, minutes_words(arena, zone_wall(ui_zone(ui, activity->time_zone), activity->start_at).minutes));
	sheet_cell(line, 2, STYLE_PLAIN, activity->title);
	sheet_cell(line, 3, STYLE_PLAIN, activity->space_name);
	if (off || waits || asked)
		sheet_cell(line, 4, STYLE_WARNING, off   ? activity_state_words(activity->state)
		                                 : asked ? C_("short", "offered")
		                                         : arena_print(arena, _("in line: %d"), activity->mine.place));
}

/* Left out when there is nothing in it: the agenda is one key away. */
static void fill_signups(struct ui *ui, struct sheet *sheet)
{
	const struct activity_list *signups = session_signups(ui->session);
	if (signups->count == 0)
		return;
	static const struct sheet_column columns[] = {
		{ .heading = "" }, { .heading = "" }, { .heading = "", .gives_way = true, .least = 24 },
		{ .heading = "", .drop = 1, .gives_way = true, .least = 8 }, { .heading = "" },
	};
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	if (ui->layout.size != LAYOUT_SMALL)
		sheet_blank(sheet);
	sheet_title(sheet, section, ui_with_age(ui, sheet->arena, _("MY SIGN-UPS"), &signups->state));
	for (size_t i = 0; i < signups->count; i++)
		fill_signup(ui, sheet, section, &signups->rows[i]);
}

/* What waits to be sent, and what came to nothing and wants an answer. */
static void fill_wish(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct wish_view *wish)
{
	struct arena *arena = sheet->arena;
	struct subject *subject = arena_get(arena, sizeof *subject);
	*subject = (struct subject){ .site = wish->site, .wish = wish, .when = wish->row->when,
		.space = ui_find_space(ui, wish->site, wish->row->space_id) };
	const char *words = wish_words_short(arena, wish);
	struct sheet_line *line = sheet_row(sheet, section, my_day_wish(arena, wish->row->id), words, subject);
	if (!line)
		return;
	bool asks = wish_stands(wish) == WISH_ASKS && wish->row->kind == WISH_BOOK && ui->layout.size != LAYOUT_SMALL;
	sheet_cell(line, 0, STYLE_PLAIN, words);
	sheet_cell(line, 1, STYLE_WARNING, asks ? arena_print(arena, _("%s: Enter"), wish_stand_words(wish)) : wish_stand_words(wish));
}

static void fill_wishes(struct ui *ui, struct sheet *sheet)
{
	static const struct sheet_column columns[] = { { .heading = "", .gives_way = true, .least = 16 }, { .heading = "" } };
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	for (size_t i = 0; i < session_wish_count(ui->session); i++) {
		const struct wish_view *wish = session_wish_at(ui->session, i);
		if (wish_stands(wish) != WISH_ENDED)
			fill_wish(ui, sheet, section, wish);
	}
}

static void fill(struct ui *ui, struct sheet *sheet)
{
	fill_spaces(ui, sheet);
	if (ui->layout.size != LAYOUT_SMALL)
		sheet_blank(sheet);

	const struct booking_list *bookings = session_bookings(ui->session);
	static const struct sheet_column columns[] = {
		{ .heading = "" }, { .heading = "" }, { .heading = "", .drop = 2 }, { .heading = "", .gives_way = true, .least = 8 },
		{ .heading = "", .gives_way = true, .least = 8 }, { .heading = "", .drop = 1 },
	};
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	sheet_title(sheet, section, ui_with_age(ui, sheet->arena, _("MY BOOKINGS"), &bookings->state));
	fill_wishes(ui, sheet);
	for (size_t i = 0; i < bookings->count; i++)
		fill_booking(ui, sheet, section, &bookings->rows[i]);
	if (bookings->count == 0)
		sheet_note(sheet, no_bookings(ui, bookings));
	fill_signups(ui, sheet);
}

static unsigned open_row(struct ui *ui, const struct subject *subject)
{
	if (subject->site != SIZE_MAX && subject->activity) {
		open_activity_dialog(ui, subject->site, subject->activity);
		return UI_LAYOUT;
	}
	if (subject->site != SIZE_MAX && subject->wish && wish_stands(subject->wish) == WISH_ASKS && subject->wish->row->kind == WISH_BOOK) {
		open_book_question(ui, subject->wish);
		return UI_LAYOUT;
	}
	if (subject->site == SIZE_MAX || !subject->space)
		return 0;
	struct local_date date = subject->booking || subject->wish ? subject->when.date : session_today(ui->session);
	return ui_open_space(ui, subject->site, subject->space->id, date);
}

static void refresh(struct ui *ui)
{
	session_refresh_spaces(ui->session);
	session_refresh_bookings(ui->session);
	session_refresh_signups(ui->session);
}

const struct pane_ops pane_my_day = {
	.title = N_("My day"), .tab = PANE_MY_DAY, .fill = fill, .open = open_row, .go_to = ui_go_to_space, .refresh = refresh,
};
