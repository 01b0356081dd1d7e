/* line.c — one line typed in the message row: a date, echoed in full before Enter; a filter, at work while one types. */
#include "field.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct line_dialog {
	struct dialog dialog;
	struct field field;
};

static struct line_dialog *line_new(void)
{
	struct line_dialog *line = memory_get(sizeof *line);
	field_init(&line->field, false);
	return line;
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	(void)ui;
	struct line_dialog *line = (struct line_dialog *)dialog;
	field_clear(&line->field);
	free(line);
}

/* The label, the field, and what is made of it: in brief where all of it would be cut. */
static void draw_line(struct ui *ui, struct line_dialog *line, struct area area, const char *label, enum style style,
                      const char *echo, const char *brief)
{
	int column = canvas_text(&ui->canvas, area, 0, 0, STYLE_PLAIN, label) + 1;
	int room = (area.columns - column) / 3;
	int wanted = text_columns(line->field.text) + 1;
	int columns = wanted < 12 ? 12 : wanted > room && room > 12 ? room : wanted;
	int left = area.columns - column - columns - 2;
	canvas_clip(&ui->canvas, area, 0, column + columns + 2, left, style, text_columns(echo) <= left ? echo : brief);
	field_draw(&line->field, &ui->canvas, area, 0, column, columns, true);
}

/* ---- a date ---- */

static void draw_date(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct line_dialog *line = (struct line_dialog *)dialog;
	struct local_date date;
	struct problem why = { 0 };
	const char *echo = _("tomorrow, tuesday, 21/7, 21 july, +3d, +2w");
	const char *brief = _("tuesday, 21/7, +3d");
	enum style style = STYLE_PLAIN;
	if (line->field.length) {
		bool understood = date_from_words(line->field.text, session_today(ui->session), &date, &why);
		echo = understood ? date_words_long(ui->scratch, date) : arena_copy_text(ui->scratch, why.text);
		brief = understood ? date_words(ui->scratch, date) : echo;
		style = understood ? STYLE_GOOD : STYLE_WARNING;
	}
	draw_line(ui, line, area, _("Date:"), style, echo, brief);
}

static unsigned date_key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct line_dialog *line = (struct line_dialog *)dialog;
	if (key_is(key, "Escape") || key_is(key, "C-g"))
		return dialog_close(ui);
	if (!key_is(key, "Enter"))
		return field_key(&line->field, key) ? UI_STATUS : 0;
	struct local_date date;
	if (!line->field.length)
		return dialog_close(ui);
	if (!date_from_words(line->field.text, session_today(ui->session), &date, NULL))
		return UI_STATUS;   /* what is wrong stands beside it; nothing is retyped */
	dialog_close(ui);
	return pane_ops_of(ui->pane)->go_to(ui, date) | UI_LAYOUT;
}

static const struct dialog_ops date_ops = {
	.in_message_row = true, .draw = draw_date, .key = date_key, .close = close_dialog,
	.hint = N_("Enter go to that day   Esc back"),
};

void open_date_dialog(struct ui *ui)
{
	dialog_open(ui, &line_new()->dialog, &date_ops);
}

/* ---- a filter ---- */

static void draw_filter(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	bool searches = pane_ops_of(ui->pane)->searches;   /* then the rows say themselves why there are none */
	const char *echo = searches || sheet_selected(&sheet, &ui->views[ui->pane].list) ? "" : _("no row holds that");
	draw_line(ui, (struct line_dialog *)dialog, area, searches ? _("Search:") : _("Only rows with:"), STYLE_WARNING, echo, echo);
}

static unsigned filter_key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct line_dialog *line = (struct line_dialog *)dialog;
	if (key_is(key, "Escape") || key_is(key, "C-g")) {
		ui_set_filter(ui, ui->pane, "");
		return dialog_close(ui);
	}
	if (key_is(key, "Enter"))
		return dialog_close(ui);
	if (!field_key(&line->field, key))
		return 0;
	ui_set_filter(ui, ui->pane, line->field.text);
	return UI_ROWS;
}

static const struct dialog_ops filter_ops = {
	.in_message_row = true, .draw = draw_filter, .key = filter_key, .close = close_dialog,
	.hint = N_("Enter keep these rows   Esc all rows"),
};

static const struct dialog_ops search_ops = {
	.in_message_row = true, .draw = draw_filter, .key = filter_key, .close = close_dialog,
	.hint = N_("Enter keep what was found   Esc back"),
};

void open_filter_dialog(struct ui *ui)
{
	ui_set_filter(ui, ui->pane, "");
	dialog_open(ui, &line_new()->dialog, pane_ops_of(ui->pane)->searches ? &search_ops : &filter_ops);
}
