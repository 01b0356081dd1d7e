/* spaces.c — all spaces today; the chosen one's card beside them where there is room. */
#include "panes.h"

static void fill(struct ui *ui, struct sheet *sheet)
{
	fill_spaces(ui, sheet);
}

static void side(struct ui *ui, struct canvas *canvas, struct area area)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	struct subject subject = ui_subject(ui, &sheet);
	if (subject.site != SIZE_MAX && subject.space)
		draw_space_card(ui, canvas, area, subject.space);
}

static unsigned open_row(struct ui *ui, const struct subject *subject)
{
	if (subject->site == SIZE_MAX || !subject->space)
		return 0;
	return ui_open_space(ui, subject->site, subject->space->id, session_today(ui->session));
}

static void refresh(struct ui *ui)
{
	session_refresh_spaces(ui->session);
}

const struct pane_ops pane_spaces = {
	.title = N_("Spaces"), .tab = PANE_SPACES, .fill = fill, .side = side, .open = open_row, .go_to = ui_go_to_space, .refresh = refresh,
};
