/* members.c — people who chose to be seen, and organisations: searched at the sites while one types, page by page. What somebody
 * does not show is simply not there. */
#include "panes.h"

#include <string.h>

#define ROWS_AHEAD 10   /* the next page is asked for when so many rows are left below the cursor */

static void name_cells(const struct sheet *sheet, struct sheet_line *line, const void *context)
{
	(void)context;
	const struct directory_row *row = line->thing;
	if (row->card) {
		const struct card *card = row->card;
		sheet_cell(line, 0, STYLE_PLAIN, card->name);
		sheet_cell(line, 1, STYLE_PLAIN, card->profession);
		sheet_cell(line, 2, STYLE_PLAIN, card->organisation_name);
		sheet_cell(line, 3, STYLE_PLAIN, card->home_space_name);
		return;
	}
	const struct organisation *organisation = row->organisation;
	sheet_cell(line, 0, STYLE_PLAIN, organisation->name);
	sheet_cell(line, 1, STYLE_PLAIN, organisation->sector);
	sheet_cell(line, 2, STYLE_PLAIN, organisation_kind_words(organisation->kind, organisation->country));
	sheet_cell(line, 3, STYLE_PLAIN, arena_print(sheet->arena, "%s %s", country_code(organisation->country), organisation->town));
}

static const char *label(struct arena *arena, const void *thing)
{
	const struct directory_row *row = thing;
	return row->card ? arena_print(arena, "%s %s", row->card->name, row->card->profession)
	                 : arena_print(arena, "%s %s", row->organisation->name, row->organisation->sector);
}

static const struct sheet_maker maker = { name_cells, label, NULL };

static struct subject subject_of(struct ui *ui, const void *thing)
{
	(void)ui;
	return (struct subject){ .site = ((const struct directory_row *)thing)->site };
}

static const char *id_of(const struct directory_row *row)
{
	return row->card ? row->card->id : row->organisation->id;
}

/* What is there instead of rows, or after them. */
static void add_note(struct ui *ui, struct sheet *sheet, const struct directory_list *list, enum directory directory)
{
	if (list->too_short)
		sheet_note(sheet, _("/ searches: two letters of a name, a trade or a skill."));
	else if (list->count == 0 && list->state.asking)
		sheet_note(sheet, _("Being searched."));
	else if (list->count == 0 && list->state.outcome.kind > OUTCOME_DONE)
		sheet_note(sheet, outcome_words(ui->scratch, &list->state.outcome));
	else if (list->count == 0)
		sheet_note(sheet, directory == DIRECTORY_MEMBERS ? _("Nobody who chose to be seen is called so or does that.")
		                                                 : _("No organisation is called so or does that."));
	else if (list->count >= DIRECTORY_ROWS_MAX)
		sheet_note(sheet, _("There are more: another word finds them sooner."));
}

/* The cursor comes near the end of what is here. */
static void ask_for_more(struct ui *ui, const struct sheet *sheet, const struct directory_list *list, enum directory directory)
{
	const struct list *view = &ui->views[PANE_MEMBERS].list;
	size_t seen = list_at(view, sheet_rows(sheet));
	if (list->more && !list->state.asking && seen < sheet->count && seen + ROWS_AHEAD >= sheet->count)
		session_directory_more(ui->session, directory);
}

static void add_section(struct ui *ui, struct sheet *sheet, enum directory directory, const char *title,
                        const struct sheet_column *columns, size_t column_count)
{
	const struct directory_list *list = session_directory(ui->session, directory, ui->views[PANE_MEMBERS].filter);
	struct sheet_section *section = sheet_section(sheet, columns, column_count);
	section->maker = &maker;
	sheet_title(sheet, section, title);
	for (size_t i = 0; i < list->count; i++)
		sheet_row_later(sheet, section, id_of(&list->rows[i]), &list->rows[i]);
	add_note(ui, sheet, list, directory);
	ask_for_more(ui, sheet, list, directory);
}

static void fill(struct ui *ui, struct sheet *sheet)
{
	const struct sheet_column people[] = {
		{ .heading = "", .gives_way = true, .least = 14, .width = 22 },
		{ .heading = C_("heading", "Trade"), .drop = 1, .gives_way = true, .least = 12, .width = 20 },
		{ .heading = C_("heading", "Organisation"), .drop = 3, .gives_way = true, .least = 10, .width = 16 },
		{ .heading = C_("heading", "Space"), .drop = 2, .gives_way = true, .least = 10, .width = 12 },
	};
	const struct sheet_column organisations[] = {
		{ .heading = "", .gives_way = true, .least = 22, .width = 22 },
		{ .heading = C_("heading", "Does"), .drop = 1, .gives_way = true, .least = 16, .width = 20 },
		{ .heading = "", .drop = 3, .gives_way = true, .least = 12, .width = 10 },
		{ .heading = C_("heading", "Town"), .drop = 2, .gives_way = true, .least = 10, .width = 12 },
	};
	add_section(ui, sheet, DIRECTORY_MEMBERS, _("PEOPLE"), people, COUNT_OF(people));
	if (ui->layout.size != LAYOUT_SMALL)
		sheet_blank(sheet);
	add_section(ui, sheet, DIRECTORY_ORGANISATIONS, _("ORGANISATIONS"), organisations, COUNT_OF(organisations));
}

static unsigned open_row(struct ui *ui, const struct subject *subject)
{
	(void)subject;
	struct sheet sheet;
	ui_fill(ui, &sheet);
	const struct sheet_line *line = sheet_selected(&sheet, &ui->views[PANE_MEMBERS].list);
	if (!line)
		return 0;
	const struct directory_row *row = line->thing;
	if (row->card)
		open_card_dialog(ui, row->site, row->card);
	else
		open_organisation_dialog(ui, row->site, row->organisation);
	return UI_LAYOUT;
}

static void refresh(struct ui *ui)
{
	session_refresh_directory(ui->session, DIRECTORY_MEMBERS);
	session_refresh_directory(ui->session, DIRECTORY_ORGANISATIONS);
}

const struct pane_ops pane_members = {
	.title = N_("Members"), .tab = PANE_MEMBERS, .searches = true, .fill = fill, .open = open_row, .subject = subject_of,
	.go_to = ui_go_to_space, .refresh = refresh,
};
