/* agenda.c — activities of all spaces by day: what, where, in which language, how many places are left.
 *
 * There may be ten thousand: rows are made when they come in sight, and the keys by which they are searched between two waits. */
#include "panes.h"

#include <stdlib.h>
#include <string.h>

#define WEEKS_SHOWN 8
#define JUDGE_MS 2      /* of a key that is painted; the rest between two waits */

enum { HOURS, FORMAT, TITLE, WHERE, LANGUAGES_COLUMN, PLACES };

struct agenda {
	struct local_date from;                /* year 0: today */
	/* Of these rows: */
	unsigned edition;
	size_t count;
	struct arena *arena;
	const char **keys;                     /* by which they are found; made so far: */
	size_t keyed;
	/* Of these words: */
	char *filter;
	size_t *fits;                          /* rows that fit, of the first `judged` */
	size_t fit_count, judged;
	/* All of that as lines, so that a frame makes those in sight only: */
	struct sheet whole;
	struct arena *whole_arena;
	struct local_date today;               /* on which they were made, year 0: they are to be made anew */
};

static struct agenda *agenda_of(struct ui *ui)
{
	struct pane_view *view = &ui->views[PANE_AGENDA];
	if (!view->state) {
		struct agenda *agenda = memory_get(sizeof *agenda);
		agenda->arena = arena_new();
		agenda->whole_arena = arena_new();
		agenda->filter = memory_copy_text("");
		view->state = agenda;
	}
	return view->state;
}

static void close_agenda(void *state)
{
	struct agenda *agenda = state;
	arena_free(agenda->arena);
	arena_free(agenda->whole_arena);
	free(agenda->filter);
	free(agenda->fits);
	free(agenda);
}

static struct local_date begins(struct ui *ui)
{
	struct local_date from = agenda_of(ui)->from, today = session_today(ui->session);
	return from.year ? from : today;
}

static const struct activity_list *activities(struct ui *ui)
{
	struct local_date from = begins(ui);
	return session_activities(ui->session, from, date_plus(from, WEEKS_SHOWN * 7 - 1));
}

/* ---- searching ---- */

static void forget_lines(struct agenda *agenda)
{
	agenda->today = (struct local_date){ 0, 0, 0 };
}

static void follow_rows(struct agenda *agenda, const struct activity_list *list)
{
	if (agenda->edition == list->edition)
		return;
	agenda->edition = list->edition;
	agenda->count = list->count;
	arena_clear(agenda->arena);
	agenda->keys = arena_get(agenda->arena, list->count * sizeof *agenda->keys);
	agenda->keyed = agenda->fit_count = agenda->judged = 0;
	agenda->fits = memory_grow(agenda->fits, list->count, sizeof *agenda->fits);
	forget_lines(agenda);
}

static void follow_filter(struct agenda *agenda, const char *filter)
{
	if (strcmp(agenda->filter, filter) == 0)
		return;
	free(agenda->filter);
	agenda->filter = memory_copy_text(filter);
	agenda->fit_count = agenda->judged = 0;
	forget_lines(agenda);
}

static const char *key_of(struct arena *arena, const struct activity *activity)
{
	struct arena *scratch = arena_new();
	const char *key = text_key(scratch, arena_print(scratch, "%s %s %s %s %s %s %s %s %s", activity->title, activity->summary,
		activity->place, activity->organiser, activity->space_name, activity->space_town,
		activity_format_words(activity->format), languages_words(scratch, activity->languages),
		activity->online ? _("online") : ""));
	key = arena_copy_text(arena, key);
	arena_free(scratch);
	return key;
}

static bool is_judged(const struct agenda *agenda)
{
	return !*agenda->filter || agenda->judged == agenda->count;
}

static void judge(struct agenda *agenda, int64_t until_ms)
{
	if (!*agenda->filter || agenda->judged == agenda->keyed)
		return;
	struct arena *arena = arena_new();
	const char *words = text_key(arena, agenda->filter);
	for (; agenda->judged < agenda->keyed; agenda->judged++) {
		if (text_key_holds(agenda->keys[agenda->judged], words))
			agenda->fits[agenda->fit_count++] = agenda->judged;
		if (agenda->judged % 256 == 255 && clock_monotonic_ms() >= until_ms)
			break;
	}
	arena_free(arena);
	forget_lines(agenda);
}

/* Keys are made ahead of the first search, a slice at a time; and what the last key did not come to is judged. */
static unsigned work(struct ui *ui, int64_t until_ms, bool *more)
{
	struct agenda *agenda = agenda_of(ui);
	const struct activity_list *list = activities(ui);
	follow_rows(agenda, list);
	bool was_ready = agenda->keyed == agenda->count && is_judged(agenda);
	while (agenda->keyed < agenda->count && clock_monotonic_ms() < until_ms) {
		for (int i = 0; i < 64 && agenda->keyed < agenda->count; i++, agenda->keyed++)
			agenda->keys[agenda->keyed] = key_of(agenda->arena, list->rows[agenda->keyed].activity);
	}
	judge(agenda, until_ms);
	*more = agenda->keyed < agenda->count || !is_judged(agenda);
	return *more || was_ready ? 0 : UI_ROWS;
}

/* For the box: a row is found by all that the filter finds it by. */
static bool holds(struct ui *ui, const void *thing, const char *words)
{
	const struct agenda *agenda = agenda_of(ui);
	size_t at = (size_t)((const struct activity_row *)thing - activities(ui)->rows);
	return at < agenda->keyed && text_key_holds(agenda->keys[at], words);
}

/* ---- rows ---- */

static const char *hours(struct arena *arena, struct ui *ui, const struct activity *activity)
{
	const struct zone *zone = ui_zone(ui, activity->time_zone);
	return arena_print(arena, "%s–%s", minutes_words(arena, zone_wall(zone, activity->start_at).minutes),
	                   minutes_words(arena, zone_wall(zone, activity->end_at).minutes));
}

static const char *language_codes(struct arena *arena, unsigned languages)
{
	char *text = arena_copy_text(arena, "");
	for (unsigned bit = 0; bit < LANGUAGES; bit++) {
		if (languages & (1u << bit))
			text = arena_print(arena, "%s%s%s", text, *text ? " " : "", language_wire_name((enum language)(1u << bit)));
	}
	return text;
}

/* Mine before everybody's; short, for a column. */
static const char *places(struct arena *arena, const struct activity *activity, enum style *style)
{
	int left = activity_places_left(activity);
	*style = STYLE_QUIET;
	if (activity->state == ACTIVITY_CANCELLED)
		return activity_state_words(activity->state);
	if (signup_is_held(activity->mine.state))
		*style = STYLE_MINE;
	if (activity->mine.state == SIGNUP_SIGNED_UP)
		return C_("short", "signed up");
	if (activity->mine.state == SIGNUP_WAITLISTED)
		return arena_print(arena, _("in line: %d"), activity->mine.place);
	if (activity->mine.state == SIGNUP_OFFERED)
		return C_("short", "offered");
	*style = left ? STYLE_FREE : STYLE_TAKEN;
	if (left)
		return arena_print(arena, ngettext("%d free", "%d free", (unsigned long)left), left);
	return activity->waiting ? arena_print(arena, _("full +%d"), activity->waiting) : C_("activity", "full");
}

static void make_cells(const struct sheet *sheet, struct sheet_line *line, const void *context)
{
	struct ui *ui = (struct ui *)(uintptr_t)context;
	const struct activity *activity = ((const struct activity_row *)line->thing)->activity;
	struct arena *arena = sheet->arena;
	enum style style;
	const char *left = places(arena, activity, &style);
	bool over = activity->state == ACTIVITY_CANCELLED || activity->end_at <= session_now(ui->session);
	enum style plain = over ? STYLE_QUIET : STYLE_PLAIN;
	sheet_cell(line, HOURS, plain, hours(arena, ui, activity));
	sheet_cell(line, FORMAT, plain, activity_format_words(activity->format));
	sheet_cell(line, TITLE, plain, activity->title);
	sheet_cell(line, WHERE, plain, activity->online ? arena_print(arena, _("%s, online"), activity->space_name) : activity->space_name);
	sheet_cell(line, LANGUAGES_COLUMN, plain, language_codes(arena, activity->languages));
	sheet_cell(line, PLACES, style, left);
}

static const char *make_label(struct arena *arena, const void *thing)
{
	const struct activity *activity = ((const struct activity_row *)thing)->activity;
	return arena_print(arena, "%s %s %s", activity->title, activity->space_name, activity_format_words(activity->format));
}

static struct subject subject_of(struct ui *ui, const void *thing)
{
	const struct activity_row *row = thing;
	return (struct subject){ .site = row->site, .activity = row->activity, .space = ui_find_space(ui, row->site, row->activity->space_id) };
}

static void add_row(struct ui *ui, struct sheet *sheet, struct sheet_section *section, const struct activity_row *row,
                    struct local_date *day)
{
	struct local_date date = row->activity->date;
	if (!date_equal(date, *day)) {
		*day = date;
		const char *words = date_words_long(sheet->arena, date);
		bool today = date_equal(date, session_today(ui->session));
		sheet_group(sheet, section, today ? arena_print(sheet->arena, _("%s (today)"), words) : words);
	}
	sheet_row_later(sheet, section, row->activity->id, row);
}

/* Why there are no rows. */
static const char *no_rows(struct ui *ui, const struct activity_list *list)
{
	if (!is_judged(agenda_of(ui)))
		return _("Being searched.");
	if (*ui->views[PANE_AGENDA].filter && list->count)
		return _("No activity holds that.");
	if (list->state.asking && !list->state.as_of)
		return _("Being asked for.");
	if (list->state.outcome.kind > OUTCOME_DONE)
		return outcome_words(ui->scratch, &list->state.outcome);
	return list->state.as_of ? _("Nothing is planned in these weeks.") : _("Not known yet.");
}

static struct sheet_section *begin(struct ui *ui, struct sheet *sheet)
{
	const struct sheet_column columns[] = {
		[HOURS] = { .heading = "", .width = 11 },
		[FORMAT] = { .heading = "", .drop = 2, .gives_way = true, .least = 12, .width = 14 },
		[TITLE] = { .heading = "", .gives_way = true, .least = ui->layout.size == LAYOUT_SMALL ? 10 : 34, .width = 30 },
		[WHERE] = { .heading = "", .drop = 1, .gives_way = true, .least = 10, .width = 14 },
		[LANGUAGES_COLUMN] = { .heading = "", .drop = 3, .width = 2 },
		[PLACES] = { .heading = C_("heading", "Places"), .width = 11 },
	};
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	struct sheet_maker *maker = arena_get(sheet->arena, sizeof *maker);
	*maker = (struct sheet_maker){ make_cells, make_label, ui };
	section->maker = maker;
	sheet_title(sheet, section, ui_with_age(ui, sheet->arena, arena_print(sheet->arena, _("AGENDA FROM %s"),
	                                        date_words(sheet->arena, begins(ui))), &session_agenda(ui->session)->state));
	return section;
}

static void make_lines(struct ui *ui, struct agenda *agenda, const struct activity_list *list)
{
	struct sheet *whole = &agenda->whole;
	arena_clear(agenda->whole_arena);
	sheet_init(whole, agenda->whole_arena, "");
	agenda->today = session_today(ui->session);
	struct sheet_section *section = begin(ui, whole);
	struct local_date day = { 0, 0, 0 };
	size_t count = *agenda->filter ? agenda->fit_count : list->count;
	sheet_expect(whole, count + WEEKS_SHOWN * 7);
	for (size_t i = 0; i < count; i++)
		add_row(ui, whole, section, &list->rows[*agenda->filter ? agenda->fits[i] : i], &day);
	sheet_finish(whole);
}

static void fill(struct ui *ui, struct sheet *sheet)
{
	struct agenda *agenda = agenda_of(ui);
	const struct activity_list *list = activities(ui);
	follow_rows(agenda, list);
	follow_filter(agenda, ui->views[PANE_AGENDA].filter);
	judge(agenda, clock_monotonic_ms() + JUDGE_MS);
	if (!date_equal(agenda->today, session_today(ui->session)))
		make_lines(ui, agenda, list);
	if (*agenda->filter ? agenda->fit_count : list->count) {
		sheet_borrow(sheet, &agenda->whole);
		return;
	}
	begin(ui, sheet);
	sheet_note(sheet, no_rows(ui, list));
}

static void side(struct ui *ui, struct canvas *canvas, struct area area)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	const struct sheet_line *line = sheet_selected(&sheet, &ui->views[PANE_AGENDA].list);
	if (!line)
		return;
	struct prose prose;
	prose_init(&prose, ui->scratch);
	activity_prose(ui, ((const struct activity_row *)line->thing)->activity, &prose);
	prose_draw(&prose, canvas, area, 0);
}

/* ---- acting ---- */

static unsigned open_row(struct ui *ui, const struct subject *subject)
{
	if (subject->site == SIZE_MAX || !subject->activity)
		return 0;
	open_activity_dialog(ui, subject->site, subject->activity);
	return UI_LAYOUT;
}

/* To the first activity of that day or after it; a day before the stretch, or after it, begins another one. */
static unsigned go_to(struct ui *ui, struct local_date date)
{
	struct agenda *agenda = agenda_of(ui);
	const struct activity_list *list = activities(ui);
	if (!date_is_valid(date))
		return 0;
	if (date_compare(date, list->from) < 0 || date_compare(date, list->until) > 0)
		agenda->from = date_equal(date, session_today(ui->session)) ? (struct local_date){ 0, 0, 0 } : date;
	struct sheet sheet;
	ui_fill(ui, &sheet);
	for (size_t i = 0; i < sheet.count; i++) {
		const struct activity_row *row = sheet.lines[i].thing;
		if (sheet.ids[i] && date_compare(row->activity->date, date) >= 0) {
			list_select(&ui->views[PANE_AGENDA].list, sheet_rows(&sheet), sheet.ids[i]);
			break;
		}
	}
	return UI_ROWS;
}

/* To the first activity of the day before, or of the next: of days that have one. */
static unsigned step(struct ui *ui, int days)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	struct list *view = &ui->views[PANE_AGENDA].list;
	size_t at = list_at(view, sheet_rows(&sheet));
	if (at >= sheet.count)
		return 0;
	struct local_date here = ((const struct activity_row *)sheet.lines[at].thing)->activity->date;
	size_t found = at;
	if (days > 0) {
		while (found < sheet.count && (!sheet.ids[found] ||
		       date_compare(((const struct activity_row *)sheet.lines[found].thing)->activity->date, here) <= 0))
			found++;
	} else {
		/* Back over this day, over the heading, and over the day before to its first row. */
		for (int headings = 0; found > 0 && headings < 2; found--)
			headings += sheet.lines[found - 1].kind == SHEET_GROUP;
		found++;
	}
	if (found >= sheet.count || !sheet.ids[found])
		return 0;
	return list_select(view, sheet_rows(&sheet), sheet.ids[found]) ? UI_ROWS : 0;
}

static struct local_date date_shown(const struct ui *ui)
{
	const struct agenda *agenda = ui->views[PANE_AGENDA].state;
	return agenda && agenda->from.year ? agenda->from : session_today(ui->session);
}

static void refresh(struct ui *ui)
{
	session_refresh_activities(ui->session);
}

const struct pane_ops pane_agenda = {
	.title = N_("Agenda"), .tab = PANE_AGENDA, .fill = fill, .side = side, .open = open_row, .subject = subject_of,
	.go_to = go_to, .date = date_shown, .step = step, .refresh = refresh, .work = work, .holds = holds, .close = close_agenda,
};
