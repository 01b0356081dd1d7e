/* agenda.c — activities of all spaces by day: what, where, in which language, how many places are left.
 *
 * There may be ten thousand: rows are made when they come in sight, and the keys by which they are searched between two waits. */
#include "panes.h"

#include <stdlib.h>
#include <string.h>

#define WEEKS_SHOWN 8

enum { HOURS, FORMAT, TITLE, WHERE, LANGUAGES_COLUMN, PLACES };

struct agenda {
	struct local_date from;                /* year 0: today */
	/* Of these rows: */
	const struct activity_row *rows;
	size_t count;
	struct arena *arena;
	const char **keys;                     /* by which they are found; made so far: */
	size_t keyed;
	/* Of these words: */
	char *filter;
	size_t *fits;                          /* rows that fit, of the first `judged` */
	size_t fit_count, judged;
};

static struct agenda *agenda_of(struct ui *ui)
{
	struct pane_view *view = &ui->views[PANE_AGENDA];
	if (!view->state) {
		struct agenda *agenda = memory_get(sizeof *agenda);
		agenda->arena = arena_new();
		agenda->filter = memory_copy_text("");
		view->state = agenda;
	}
	return view->state;
}

static void close_agenda(void *state)
{
	struct agenda *agenda = state;
	arena_free(agenda->arena);
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

static void follow_rows(struct agenda *agenda, const struct activity_list *list)
{
	if (agenda->rows == list->rows && agenda->count == list->count)
		return;
	agenda->rows = list->rows;
	agenda->count = list->count;
	arena_clear(agenda->arena);
	agenda->keys = arena_get(agenda->arena, list->count * sizeof *agenda->keys);
	agenda->keyed = agenda->fit_count = agenda->judged = 0;
	agenda->fits = memory_grow(agenda->fits, list->count, sizeof *agenda->fits);
}

static void follow_filter(struct agenda *agenda, const char *filter)
{
	if (strcmp(agenda->filter, filter) == 0)
		return;
	free(agenda->filter);
	agenda->filter = memory_copy_text(filter);
	agenda->fit_count = agenda->judged = 0;
}

static const char *key_of(struct arena *arena, const struct activity *activity)
{
	struct arena *scratch = arena_new();
	const char *key = text_key(arena, arena_print(scratch, "%s %s %s %s %s %s %s %s %s", activity->title, activity->summary,
		activity->place, activity->organiser, activity->space_name, activity->space_town,
		activity_format_words(activity->format), languages_words(scratch, activity->languages),
		activity->online ? _("online") : ""));
	arena_free(scratch);
	return key;
}

static void judge(struct agenda *agenda)
{
	struct arena *arena = arena_new();
	const char *words = text_key(arena, agenda->filter);
	for (; agenda->judged < agenda->keyed; agenda->judged++) {
		if (text_key_holds(agenda->keys[agenda->judged], words))
			agenda->fits[agenda->fit_count++] = agenda->judged;
	}
	arena_free(arena);
}

/* Keys are made ahead of the first search, a slice at a time. */
static bool work(struct ui *ui, int64_t until_ms)
{
	struct agenda *agenda = agenda_of(ui);
	follow_rows(agenda, activities(ui));
	while (agenda->keyed < agenda->count) {
		for (int i = 0; i < 64 && agenda->keyed < agenda->count; i++, agenda->keyed++)
			agenda->keys[agenda->keyed] = key_of(agenda->arena, agenda->rows[agenda->keyed].activity);
		if (clock_monotonic_ms() >= until_ms)
			break;
	}
	return agenda->keyed < agenda->count;
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
	if (activity->mine.state == SIGNUP_SIGNED_UP || activity->mine.state == SIGNUP_WAITLISTED)
		*style = STYLE_MINE;
	if (activity->mine.state == SIGNUP_SIGNED_UP)
		return signup_state_words(activity->mine.state);
	if (activity->mine.state == SIGNUP_WAITLISTED)
		return arena_print(arena, _("in line: %d"), activity->mine.place);
	*style = left ? STYLE_FREE : STYLE_TAKEN;
	if (left)
		return arena_print(arena, ngettext("%d free", "%d free", (unsigned long)left), left);
	return activity->waiting ? arena_print(arena, _("full +%d"), activity->waiting) : C_("activity", "full");
}

static void make_cells(struct sheet *sheet, struct sheet_line *line, const void *context)
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
	if (*ui->views[PANE_AGENDA].filter && list->count)
		return _("No activity holds that.");
	if (list->state.asking && !list->state.as_of)
		return _("Being asked for.");
	if (list->state.outcome.kind > OUTCOME_DONE)
		return outcome_words(ui->scratch, &list->state.outcome);
	return list->state.as_of ? _("Nothing is planned in these weeks.") : _("Not known yet.");
}

static void fill(struct ui *ui, struct sheet *sheet)
{
	const struct sheet_column columns[] = {
		[HOURS] = { .heading = "", .width = 11 },
		[FORMAT] = { .heading = "", .drop = 2, .gives_way = true, .least = 10, .width = 14 },
		[TITLE] = { .heading = "", .gives_way = true, .least = 26, .width = 30 },
		[WHERE] = { .heading = "", .drop = 1, .gives_way = true, .least = 10, .width = 14 },
		[LANGUAGES_COLUMN] = { .heading = "", .drop = 3, .width = 2 },
		[PLACES] = { .heading = C_("heading", "Places"), .width = 8 },
	};
	struct agenda *agenda = agenda_of(ui);
	const struct activity_list *list = activities(ui);
	follow_rows(agenda, list);
	follow_filter(agenda, ui->views[PANE_AGENDA].filter);
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	struct sheet_maker *maker = arena_get(sheet->arena, sizeof *maker);
	*maker = (struct sheet_maker){ make_cells, make_label, ui };
	section->maker = maker;

	struct local_date from = begins(ui), day = { 0, 0, 0 };
	sheet_title(sheet, section, arena_print(sheet->arena, _("AGENDA FROM %s"), date_words(sheet->arena, from)));
	size_t before = sheet->count;
	if (*agenda->filter) {
		judge(agenda);
		for (size_t i = 0; i < agenda->fit_count; i++)
			add_row(ui, sheet, section, &list->rows[agenda->fits[i]], &day);
	} else {
		for (size_t i = 0; i < list->count; i++)
			add_row(ui, sheet, section, &list->rows[i], &day);
	}
	if (sheet->count == before)
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
	.go_to = go_to, .date = date_shown, .step = step, .refresh = refresh, .work = work, .close = close_agenda,
};
