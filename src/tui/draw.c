/* draw.c — one frame: header, pane or dialog, message, hints. Draws on the canvas only. */
#include "ui.h"

#include <string.h>

#define HINTS_GAP 2
#define SIDE_ROWS_LEAST 6     /* fewer would cut what stands beside the rows on a wide screen in its first sentence */
#define HINTS_BETWEEN "   "   /* in a dialog's hint */

/* ---- names from the table ---- */

char *command_key_label(struct arena *arena, const struct command *command)
{
	const char *keys = command->keys ? command->keys : "";
	return key_label(arena, arena_copy_bytes(arena, keys, strcspn(keys, " ")));
}

const char *ui_command_help(const struct ui *ui, const struct command *command)
{
	if (kiosk_is_on(ui) && command->view == VIEW_QUIT)
		return _("I am done: this screen locks and forgets what was mine");
	if (kiosk_is_on(ui) && command->view == VIEW_BACK)
		return _("Back; on the first screen, q says that I am done");
	return _(command->help);
}

/* ---- header ---- */

/* "": nobody knows yet, or the site that would does not answer. */
static const char *who(const struct ui *ui)
{
	bool out = false;
	for (size_t site = 0; site < session_site_count(ui->session); site++) {
		const struct site_view *view = session_site(ui->session, site);
		if (view->member)
			return view->member->name;
		out = out || view->state == SITE_LOGIN_NEEDED;
	}
	return out ? _("not logged in") : "";
}

static void draw_header(struct ui *ui)
{
	struct canvas *canvas = &ui->canvas;
	struct area area = ui->layout.header;
	if (area.rows < 1)
		return;
	int column = 0;
	if (ui->layout.size != LAYOUT_SMALL)
		column += canvas_text(canvas, area, 0, 0, STYLE_PLAIN, "hacktiv") + 2;
	for (enum pane pane = 0; pane < PANES; pane++) {
		if (pane_ops_of(pane)->tab != pane)
			continue;
		bool current = pane_ops_of(ui->pane)->tab == pane;
		const char *title = _(pane_ops_of(pane)->title);
		column += canvas_text(canvas, area, 0, column, current ? STYLE_CURRENT : STYLE_PLAIN,
		                      arena_print(ui->scratch, current ? "[%s]" : " %s ", title));
	}
	struct area rest = area;
	rest.column += column + 1;
	rest.columns -= column + 1;
	const char *today = date_words(ui->scratch, session_today(ui->session));
	const char *name = who(ui), *both = arena_print(ui->scratch, "%s · %s", name, today);
	canvas_right(canvas, rest, 0, STYLE_PLAIN, *name && text_columns(both) <= rest.columns ? both : today);
}

/* ---- hints ---- */

static int hint_columns(const char *key, const char *label)
{
	return text_columns(key) + 1 + text_columns(label);
}

static int add_hint(struct ui *ui, int column, int room, const char *key, const char *label)
{
	if (column + hint_columns(key, label) > room)
		return column;
	struct canvas *canvas = &ui->canvas;
	struct area area = ui->layout.hints;
	column += canvas_text(canvas, area, 0, column, STYLE_KEY, key);
	column += canvas_text(canvas, area, 0, column, STYLE_PLAIN, " ");
	return column + canvas_text(canvas, area, 0, column, STYLE_PLAIN, label) + HINTS_GAP;
}

/* What the key does here, which is not always the command's own name. */
static const char *hint_label(struct ui *ui, const struct command *command)
{
	bool leaves = command->view == VIEW_QUIT || (command->view == VIEW_BACK && ui->pane == PANE_MY_DAY);
	if (leaves && kiosk_is_on(ui))
		return C_("hint", "I am done");
	if (command->view == VIEW_BACK && ui->pane == PANE_MY_DAY)
		return command_label(ui->scratch, command_find("quit"));
	if (command->view == VIEW_GO)
		return _(pane_ops_of(command->to)->title);
	if (command->view == VIEW_FILTER)
		return C_("hint", "search");
	return command_label(ui->scratch, command);
}

bool command_is_hinted(const struct ui *ui, const struct command *command)
{
	if (!command->keys || !(command->panes & ON(ui->pane)) || (command->flags & IS_HIDDEN))
		return false;
	switch (command->view) {
	case VIEW_NONE:
		return true;
	case VIEW_OPEN:
		return ui->pane != PANE_SPACE;
	case VIEW_EARLIER:
	case VIEW_LATER:
	case VIEW_DATE:
		return pane_ops_of(ui->pane)->date != NULL;
	case VIEW_TIMELINE:
	case VIEW_BACK:
	case VIEW_BOX:
	case VIEW_HELP:
		return true;
	case VIEW_GO:
		return pane_ops_of(ui->pane)->tab == ui->pane && command->to != ui->pane;
	case VIEW_FILTER:
		return pane_ops_of(ui->pane)->searches;   /* what one comes for */
	case VIEW_QUIT:
		return kiosk_is_on(ui) && ui->pane != PANE_MY_DAY;   /* where q goes back first */
	case VIEW_UP: case VIEW_DOWN: case VIEW_PAGE_UP: case VIEW_PAGE_DOWN: case VIEW_FIRST: case VIEW_LAST:
	case VIEW_TODAY: case VIEW_NEXT_PANE: case VIEW_REDRAW: case VIEW_REFRESH:
	case VIEW_MESSAGES:
		break;
	}
	return false;
}

/* The site that worries most: one that is down before one that asks before one that is well. NULL: there is none. */
static const struct site_view *most_worrying(const struct ui *ui)
{
	static const int worry[] = {
		[SITE_IDLE] = 1, [SITE_ASKING] = 2, [SITE_UP] = 0, [SITE_UNREACHABLE] = 6, [SITE_LOGIN_NEEDED] = 3, [SITE_TROUBLED] = 5,
		[SITE_THROTTLED] = 4,
	};
	const struct site_view *worst = NULL;
	for (size_t site = 0; site < session_site_count(ui->session); site++) {
		const struct site_view *view = session_site(ui->session, site);
		if (!worst || worry[view->state] > worry[worst->state])
			worst = view;
	}
	return worst;
}

static const char *freshness(struct ui *ui)
{
	const struct site_view *worst = most_worrying(ui);
	if (!worst)
		return _("no site is configured");
	if (worst->state == SITE_UNREACHABLE)
		return _("unreachable");   /* since when, and how old the data is, stands in the message row */
	const char *words = site_words(ui->scratch, worst, session_now(ui->session), ui_zone(ui, ""));
	return session_site_count(ui->session) > 1 ? arena_print(ui->scratch, _("%1$s: %2$s"), worst->label, words) : words;
}

/* The last place in `text`, before `end`, at which three blanks stand between two keys. */
static char *last_gap(char *text, const char *end)
{
	char *found = NULL;
	for (char *at = text; (at = strstr(at, HINTS_BETWEEN)) && at < end; at++)
		found = at;
	return found;
}

/* The keys of a dialog: where there is no room for all, whole ones go, never the first and never the way back, which is the last. */
static void draw_dialog_hint(struct ui *ui, struct area area, const char *hint)
{
	char *text = arena_copy_text(ui->scratch, hint);
	while (text_columns(text) > area.columns) {
		char *last = last_gap(text, text + strlen(text)), *before = last ? last_gap(text, last) : NULL;
		if (!before)
			break;
		memmove(before, last, strlen(last) + 1);
	}
	canvas_clip(&ui->canvas, area, 0, 0, area.columns, STYLE_PLAIN, text);
}

enum hint_rank { HINT_ACT, HINT_WAY_OUT, HINT_WAY };

static enum hint_rank hint_rank(const struct command *command)
{
	if (command->view == VIEW_HELP || command->view == VIEW_BACK || command->view == VIEW_QUIT)
		return HINT_WAY_OUT;
	return command->view == VIEW_NONE || command->view == VIEW_FILTER ? HINT_ACT : HINT_WAY;
}

static void draw_hints(struct ui *ui)
{
	struct area area = ui->layout.hints;
	if (area.rows < 1)
		return;
	if (kiosk_warning(ui)) {   /* here, for a line that is being typed has the row above */
		canvas_clip(&ui->canvas, area, 0, 0, area.columns, STYLE_WARNING, kiosk_warning(ui));
		return;
	}
	if (ui->dialog) {
		const struct dialog_ops *ops = ui->dialog->ops;
		draw_dialog_hint(ui, area, ops->hint_now ? ops->hint_now(ui, ui->dialog) : _(ops->hint));
		return;
	}
	const char *fresh = freshness(ui);
	int room = area.columns;
	if (ui->layout.size != LAYOUT_SMALL) {
		canvas_right(&ui->canvas, area, 0, STYLE_PLAIN, fresh);
		room -= text_columns(fresh) + HINTS_GAP;
	}
	/* Help and the way back are never crowded out: they come right after the acts of this pane, and their room is theirs. */
	int kept = 0, column = 0;
	for (size_t i = 0; i < command_count; i++) {
		if (command_is_hinted(ui, &commands[i]) && hint_rank(&commands[i]) == HINT_WAY_OUT)
			kept += HINTS_GAP + hint_columns(command_key_label(ui->scratch, &commands[i]), hint_label(ui, &commands[i]));
	}
	for (enum hint_rank rank = HINT_ACT; rank <= HINT_WAY; rank++) {
		for (size_t i = 0; i < command_count; i++) {
			const struct command *command = &commands[i];
			if (command_is_hinted(ui, command) && hint_rank(command) == rank)
				column = add_hint(ui, column, rank == HINT_ACT ? room - kept : room, command_key_label(ui->scratch, command),
				                  hint_label(ui, command));
		}
	}
}

/* ---- message ---- */

/* How many sentences are with the one that is shown, at the end of its row, and the key that shows them. What it leaves of the row. */
static struct area draw_more(struct ui *ui, enum style style, size_t more, const char *key)
{
	struct area area = ui->layout.message;
	if (more == 0)
		return area;
	const char *text = ui->layout.size == LAYOUT_SMALL
		? arena_print(ui->scratch, *key ? _("+%1$d: %2$s") : "+%1$d", (int)more, key)
		: arena_print(ui->scratch, *key ? ngettext("and %1$d more: %2$s", "and %1$d more: %2$s", (unsigned long)more)
		                                : ngettext("and %1$d more", "and %1$d more", (unsigned long)more), (int)more, key);
	canvas_right(&ui->canvas, area, 0, style, text);
	area.columns -= text_columns(text) + HINTS_GAP;
	return area;
}

/* One row; two where a longer sentence finds an empty row above. */
static void draw_sentence_in(struct ui *ui, struct area area, enum style style, const char *text)
{
	if (ui->layout.size != LAYOUT_SMALL && text_columns(text) > area.columns) {
		area.row--;
		area.rows++;
		canvas_wrap(&ui->canvas, area, 0, 0, style, text);
	} else {
		canvas_clip(&ui->canvas, area, 0, 0, area.columns, style, text);
	}
}

static void draw_sentence(struct ui *ui, enum style style, const char *text)
{
	draw_sentence_in(ui, ui->layout.message, style, text);
}

/* How old what is shown may be, while nothing else is to be said. */
static void draw_worry(struct ui *ui)
{
	const struct site_view *worst = most_worrying(ui);
	bool is_down = worst && worst->state == SITE_UNREACHABLE && worst->as_of;
	bool asks_to_wait = worst && worst->state == SITE_THROTTLED && ui->layout.size == LAYOUT_SMALL;   /* else it stands with the keys */
	if (!is_down && !asks_to_wait)
		return;
	const char *words = site_words(ui->scratch, worst, session_now(ui->session), ui_zone(ui, ""));
	draw_sentence(ui, STYLE_WARNING, ui->layout.size == LAYOUT_SMALL ? words : arena_print(ui->scratch, _("%1$s: %2$s"), worst->label, words));
}

static void draw_message(struct ui *ui)
{
	size_t more;
	const struct message *message = ui_message(ui, &more);
	const char *key = ui->dialog ? "" : command_key_label(ui->scratch, command_find("messages"));
	if (message)
		draw_sentence_in(ui, draw_more(ui, message->style, more, key), message->style, message->text);
	else if (*ui->standing && !ui->dialog && (ui->pane != PANE_MY_DAY || ui->layout.size == LAYOUT_SMALL))   /* there they stand already */
		draw_sentence_in(ui, draw_more(ui, STYLE_WARNING, ui->standing_more, ""), STYLE_WARNING, ui->standing);
	else if (*ui->views[ui->pane].filter && !ui->dialog)
		draw_sentence(ui, STYLE_PLAIN,
		              arena_print(ui->scratch, pane_ops_of(ui->pane)->searches ? _("Searched: “%s”. / searches anew, q shows all.")
		                          : _("Only rows with “%s” are shown; / and Enter shows all."), ui->views[ui->pane].filter));
	else if (!ui->dialog)
		draw_worry(ui);
}

static bool is_blank(const struct canvas *canvas, int row, int from)
{
	for (int column = from; column < canvas->columns; column++) {
		if (strcmp(canvas_cell(canvas, row, column)->text, " ") != 0)
			return false;
	}
	return true;
}

void ui_draw_in_sight(struct ui *ui, const struct sheet_extent *extent)
{
	struct area area = ui->layout.message;
	if (extent->seen == extent->all || area.rows < 1)
		return;
	const char *text = arena_print(ui->scratch, _("rows %1$zu–%2$zu of %3$zu"), extent->above + 1, extent->above + extent->seen, extent->all);
	int from = area.columns - text_columns(text) - HINTS_GAP;
	if (from >= 0 && is_blank(&ui->canvas, area.row, from))
		canvas_right(&ui->canvas, area, 0, STYLE_PLAIN, text);
}

void ui_draw_extent(struct ui *ui, const struct sheet *sheet, const struct list *list, int rows)
{
	struct sheet_extent extent;
	sheet_extent(sheet, list, rows, &extent);
	ui_draw_in_sight(ui, &extent);
}

/* ---- pane ---- */

/* The side of the pane; under its rows where the screen is not wide enough but long. */
static struct area side_area(const struct ui *ui, const struct pane_ops *ops, struct area rows, size_t used)
{
	struct area below = area_rows(rows, (int)used + 1, rows.rows - (int)used - 1);
	bool long_enough = ui->layout.size == LAYOUT_FULL && !ops->head && used < (size_t)rows.rows && below.rows >= SIDE_ROWS_LEAST;
	return ui->layout.side.columns > 0 || !long_enough ? ui->layout.side : below;
}

static void draw_pane(struct ui *ui)
{
	const struct pane_ops *ops = pane_ops_of(ui->pane);
	struct area list = ops->side ? ui->layout.list : ui->layout.body;
	int above = ops->head ? ops->head(ui, &ui->canvas, list) : 0;
	struct area rows = area_rows(list, above, list.rows - above);
	ui->list_height = rows.rows;

	struct sheet sheet;
	ui_fill(ui, &sheet);
	sheet_draw(&sheet, &ui->views[ui->pane].list, &ui->canvas, rows);
	if (!ui->dialog)
		ui_draw_extent(ui, &sheet, &ui->views[ui->pane].list, rows.rows);
	struct area side = side_area(ui, ops, rows, sheet.count);
	if (ops->side && side.columns > 0) {
		int row = ui->canvas.cursor_row, column = ui->canvas.cursor_column;
		ops->side(ui, &ui->canvas, side);
		ui->canvas.cursor_row = row;
		ui->canvas.cursor_column = column;
	}
}

static void draw_too_small(struct ui *ui)
{
	canvas_wrap(&ui->canvas, ui->layout.body, 0, 0, STYLE_PLAIN,
	            arena_print(ui->scratch, _("Too small: %1$dx%2$d at least."), LAYOUT_LEAST_COLUMNS, LAYOUT_LEAST_ROWS));
	canvas_cursor(&ui->canvas, ui->layout.body, 0, 0);
}

void ui_draw(struct ui *ui)
{
	arena_clear(ui->scratch);
	term_fit(ui->term, &ui->canvas);
	ui->layout = layout_for(ui->canvas.rows, ui->canvas.columns);
	canvas_blank(&ui->canvas);
	if (kiosk_is_locked(ui)) {
		kiosk_draw_lock(ui);
		return;
	}
	if (ui->layout.size == LAYOUT_TOO_SMALL) {
		draw_too_small(ui);
		return;
	}
	draw_header(ui);
	draw_hints(ui);
	struct dialog *dialog = ui->dialog;
	if (!dialog || !dialog->ops->in_message_row)
		draw_message(ui);
	if (!dialog || dialog->ops->in_message_row)
		draw_pane(ui);
	if (dialog)
		dialog->ops->draw(ui, dialog, dialog->ops->in_message_row ? ui->layout.message : ui->layout.body);
}
