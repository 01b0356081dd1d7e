/* log_out.c — a log-out that would drop what waits to be sent: which wishes, told before and not after. */
#include "ui.h"

#include <stdint.h>
#include <stdlib.h>

#define EVERYWHERE SIZE_MAX   /* the end of a turn, where many share a terminal */

struct log_out_dialog {
	struct dialog dialog;
	size_t site;
};

/* As many as leave room for the question. */
static int draw_wish(struct ui *ui, struct area area, int row, size_t site, const struct wish_view *wish)
{
	if ((site != EVERYWHERE && wish->site != site) || !wish_is_at_stake(wish) || row >= area.rows - 2)
		return row;
	return row + canvas_wrap(&ui->canvas, area, row, 0, STYLE_PLAIN, wish_words_short(ui->scratch, wish));
}

static const char *stake_words(struct ui *ui, size_t site)
{
	if (site == EVERYWHERE)
		return turn_end_words(ui->scratch, ui->session);
	size_t at_stake = session_wishes_at_stake(ui->session, site);
	return at_stake ? log_out_words(ui->scratch, at_stake) : "";
}

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	size_t site = ((struct log_out_dialog *)dialog)->site;
	bool small = ui->layout.size == LAYOUT_SMALL;
	int row = 0;
	canvas_text(&ui->canvas, area, row, 0, STYLE_TITLE, _("LOG OUT"));
	row += small ? 1 : 2;
	const char *words = stake_words(ui, site);
	if (*words)
		row += canvas_wrap(&ui->canvas, area, row, 0, STYLE_WARNING, words);
	for (size_t at = 0; at < session_wish_count(ui->session); at++)
		row = draw_wish(ui, area, row, site, session_wish_at(ui->session, at));
	for (size_t at = 0; at < session_other_count(ui->session); at++)
		row = draw_wish(ui, area, row, site, session_other_at(ui->session, at));
	row += small ? 0 : 1;
	canvas_cursor(&ui->canvas, area, row, 0);
	canvas_wrap(&ui->canvas, area, row, 0, STYLE_PLAIN, _("Enter logs out all the same, q stays."));
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	size_t site = ((struct log_out_dialog *)dialog)->site;
	if (key_is_back(key))
		return dialog_close(ui);
	if (!key_is(key, "Enter"))
		return 0;
	if (site == EVERYWHERE)
		return kiosk_end_turn(ui);
	unsigned stale = dialog_close(ui);
	ui_log_out(ui, site);
	return stale;
}

static unsigned changed(struct ui *ui, struct dialog *dialog, unsigned changes)
{
	(void)ui;
	(void)dialog;
	return changes & SESSION_WISHES ? UI_ROWS : 0;
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	(void)ui;
	free(dialog);
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .changed = changed, .close = close_dialog, .hint = N_("Enter log out   q stay"),
};

bool is_log_out_dialog(const struct dialog *dialog)
{
	return dialog->ops == &ops;
}

void open_turn_end_dialog(struct ui *ui)
{
	open_log_out_dialog(ui, EVERYWHERE);
}

void open_log_out_dialog(struct ui *ui, size_t site)
{
	struct log_out_dialog *dialog = memory_get(sizeof *dialog);
	dialog->site = site;
	dialog_open(ui, &dialog->dialog, &ops);
}
