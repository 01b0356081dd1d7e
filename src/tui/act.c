/* act.c — from a key to what it does: dialogs first, then the table of commands. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

/* For something on its way; after that the person decides again. Longer than an answer takes to come or to fail, which is then told. */
#define WAITING_MS (ENGINE_TOTAL_TIMEOUT_MS + 5000)

bool key_is(const struct key *key, const char *name)
{
	return key->kind != KEY_PASTE && strcmp(key->name, name) == 0;
}

bool key_is_back(const struct key *key)
{
	return key_is(key, "q") || key_is(key, "Escape") || key_is(key, "C-g");
}

bool command_moves(const struct command *command)
{
	static const enum view_act moves[] = { VIEW_UP, VIEW_DOWN, VIEW_PAGE_UP, VIEW_PAGE_DOWN, VIEW_FIRST, VIEW_LAST };
	bool found = false;
	for (size_t i = 0; command && i < COUNT_OF(moves); i++)
		found = found || command->view == moves[i];
	return found;
}

/* ---- dialogs ---- */

void dialog_open(struct ui *ui, struct dialog *dialog, const struct dialog_ops *ops)
{
	dialog->ops = ops;
	dialog->under = ui->dialog;
	if (dialog->under)
		dialog->under->covered = true;
	ui->dialog = dialog;
	ui_remark_over(ui);
}

unsigned dialog_close(struct ui *ui)
{
	struct dialog *dialog = ui->dialog;
	if (!dialog)
		return 0;
	ui->dialog = dialog->under;
	dialog->ops->close(ui, dialog);
	return UI_LAYOUT;
}

/* ---- panes ---- */

void ui_set_filter(struct ui *ui, enum pane pane, const char *text)
{
	char *copy = memory_copy_text(text);
	free(ui->views[pane].filter);
	ui->views[pane].filter = copy;
}

unsigned ui_go(struct ui *ui, enum pane pane)
{
	if (pane == PANE_SPACE && !ui->open_space)
		return 0;
	ui->pane = pane;
	return UI_LAYOUT;
}

unsigned ui_open_space(struct ui *ui, size_t site, const char *space_id, struct local_date date)
{
	bool other = !ui->open_space || ui->open_site != site || strcmp(ui->open_space, space_id) != 0;
	if (other) {
		char *copy = memory_copy_text(space_id);
		free(ui->open_space);
		ui->open_space = copy;
		ui->open_site = site;
		list_clear(&ui->views[PANE_SPACE].list);
		ui_set_filter(ui, PANE_SPACE, "");
	}
	ui->open_date = date;
	if (ui->pane != PANE_SPACE)
		ui->came_from = ui->pane;
	return ui_go(ui, PANE_SPACE);
}

/* How many rows stand in one list with the first of all. */
static size_t rows_like_first(const struct sheet *sheet)
{
	struct list_rows rows = sheet_rows(sheet);
	size_t first = list_first(rows), count = 0;
	for (size_t i = first; i < rows.count; i++)
		count += rows.ids[i] && sheet->lines[i].section == sheet->lines[first].section;
	return count;
}

/* At the start the first row is meant, whatever list comes before the others. But a list that only puts other rows first, as when one's
 * home becomes known, leaves the cursor where it was: a key may be on its way. */
static bool only_changed_places(const struct pane_view *view, const struct sheet *sheet)
{
	struct list_rows rows = sheet_rows(sheet);
	size_t first = list_first(rows), at = list_find(&view->list, rows);
	return at < rows.count && sheet->lines[at].section == sheet->lines[first].section && view->rows_like_first == rows_like_first(sheet);
}

void ui_fill(struct ui *ui, struct sheet *sheet)
{
	struct pane_view *view = &ui->views[ui->pane];
	sheet_init(sheet, ui->scratch, view->filter);
	sheet->note_columns = (pane_ops_of(ui->pane)->side ? ui->layout.list : ui->layout.body).columns - SHEET_MARKER;
	pane_ops_of(ui->pane)->fill(ui, sheet);
	sheet_finish(sheet);
	/* While one types what to search for, the first that was found is meant. */
	bool searching = pane_ops_of(ui->pane)->searches && ui->dialog && ui->dialog->ops->in_message_row;
	if (searching || (!ui->touched && !only_changed_places(view, sheet)))
		list_clear(&view->list);
	view->rows_like_first = ui->touched ? 0 : rows_like_first(sheet);
	list_sync(&view->list, sheet_rows(sheet));
	list_show(&view->list, sheet_rows(sheet), ui->list_height);
}

struct subject ui_subject(struct ui *ui, const struct sheet *sheet)
{
	const struct sheet_line *line = sheet_selected(sheet, &ui->views[ui->pane].list);
	const struct pane_ops *ops = pane_ops_of(ui->pane);
	if (line && line->thing)
		return ops->subject ? ops->subject(ui, line->thing) : *(const struct subject *)line->thing;
	return (struct subject){ .site = SIZE_MAX };
}

unsigned ui_go_to_space(struct ui *ui, struct local_date date)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	struct subject subject = ui_subject(ui, &sheet);
	const struct space_list *spaces = session_spaces(ui->session);
	if (subject.site != SIZE_MAX && subject.space)
		return ui_open_space(ui, subject.site, subject.space->id, date);
	if (spaces->count)
		return ui_open_space(ui, spaces->rows[0].site, spaces->rows[0].space.id, date);
	return 0;
}

/* ---- acts of the view ---- */

static bool is_at_home(const struct ui *ui)
{
	return ui->pane == PANE_MY_DAY && !*ui->views[ui->pane].filter;
}

static unsigned back(struct ui *ui)
{
	if (*ui->views[ui->pane].filter) {
		ui_set_filter(ui, ui->pane, "");
		return UI_ROWS;
	}
	if (pane_ops_of(ui->pane)->tab != ui->pane)
		return ui_go(ui, ui->came_from);
	return is_at_home(ui) ? kiosk_leave(ui) : ui_go(ui, PANE_MY_DAY);
}

static unsigned shift(struct ui *ui, int days)
{
	const struct pane_ops *ops = pane_ops_of(ui->pane);
	if (ops->step)
		return ops->step(ui, days);
	return ops->date ? ops->go_to(ui, date_plus(ops->date(ui), days)) : 0;
}

static unsigned go_today(struct ui *ui)
{
	const struct pane_ops *ops = pane_ops_of(ui->pane);
	return ops->date ? ops->go_to(ui, session_today(ui->session)) : 0;
}

static unsigned move(struct ui *ui, enum view_act act)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	return list_move(&ui->views[ui->pane].list, sheet_rows(&sheet), act, ui->list_height) ? UI_ROWS : 0;
}

static unsigned open_selected(struct ui *ui)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	if (!sheet_selected(&sheet, &ui->views[ui->pane].list)) {
		ui_remark(ui, STYLE_PLAIN, _("There is nothing to open here."));
		return UI_STATUS;
	}
	struct subject subject = ui_subject(ui, &sheet);
	return pane_ops_of(ui->pane)->open(ui, &subject);
}

unsigned ui_act(struct ui *ui, const struct command *command)
{
	switch (command->view) {
	case VIEW_NONE:
		return 0;
	case VIEW_UP: case VIEW_DOWN: case VIEW_PAGE_UP: case VIEW_PAGE_DOWN: case VIEW_FIRST: case VIEW_LAST:
		return move(ui, command->view);
	case VIEW_EARLIER:
		return shift(ui, -1);
	case VIEW_LATER:
		return shift(ui, 1);
	case VIEW_TODAY:
		return go_today(ui);
	case VIEW_DATE:
		open_date_dialog(ui);
		return UI_LAYOUT;
	case VIEW_OPEN:
		return open_selected(ui);
	case VIEW_BACK:
		return back(ui);
	case VIEW_QUIT:
		return kiosk_leave(ui);
	case VIEW_NEXT_PANE:
		return ui_go(ui, pane_after(ui->pane));
	case VIEW_GO:
		return ui_go(ui, command->to);
	case VIEW_HELP:
		open_help(ui);
		return UI_LAYOUT;
	case VIEW_BOX:
		open_box(ui);
		return UI_LAYOUT;
	case VIEW_FILTER:
		open_filter_dialog(ui);
		return UI_LAYOUT;
	case VIEW_TIMELINE:
		ui->by_hours = !ui->by_hours;
		return ui->pane == PANE_SPACE ? UI_ROWS : ui_go_to_space(ui, session_today(ui->session));
	case VIEW_MESSAGES:
		open_messages(ui);
		return UI_LAYOUT;
	case VIEW_REDRAW:
		term_forget(ui->term);
		return UI_LAYOUT;
	case VIEW_REFRESH:
		pane_ops_of(ui->pane)->refresh(ui);
		return UI_STATUS;
	}
	return 0;
}

/* ---- commands ---- */

void ui_drop_waiting(struct ui *ui)
{
	for (size_t i = 0; i < ui->waiting.word_count; i++)
		free(ui->waiting.words[i]);
	free(ui->waiting.words);
	ui->waiting = (struct waiting_command){ 0 };
}

/* Does the cursor stand on something that the command is about? */
static bool has_row(const struct command *command, const struct subject *subject)
{
	if (strcmp(command->name, "drop") == 0)
		return subject->wish;
	return subject->activity || (strcmp(command->name, "cancel") == 0 && (subject->booking || subject->wish));
}

/* Keys may be quicker than what they are about: then they wait for it. */
static bool rows_are_coming(const struct ui *ui)
{
	const struct space_list *spaces = session_spaces(ui->session);
	if (ui->pane != PANE_SPACE)
		return !spaces->count && spaces->state.asking;
	const struct day_list *day = session_day(ui->session, ui->open_site, ui->open_space, ui->open_date);
	return !day->count && day->state.asking;
}

static unsigned run_now(struct ui *ui, const struct command *command, const char *const *words, size_t word_count)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	/* On a screen the first that suits is proposed: nothing is booked before Enter. */
	struct call call = {
		.session = ui->session, .face = &ui->face.face, .config = ui->config, .words = words, .word_count = word_count,
		.any = true, .subject = ui_subject(ui, &sheet), .arena = ui->scratch,
	};
	ui->waits = false;
	ui->run_site = word_count == 0 ? call.subject.site : SIZE_MAX;
	if ((command->flags & NEEDS_ROW) && word_count == 0 && !has_row(command, &call.subject)) {
		ui_remark(ui, STYLE_WARNING, strcmp(command->name, "cancel") == 0 ? _("Choose one of your bookings first.")
		                           : strcmp(command->name, "drop") == 0   ? _("Choose a wish on My day first.")
		                                                                  : _("Choose an activity first."));
		return UI_STATUS;
	}
	if (word_count == 0 && strcmp(command->name, "book") == 0 && call.subject.site == SIZE_MAX) {
		ui->waits = rows_are_coming(ui);
		ui_remark(ui, ui->waits ? STYLE_PLAIN : STYLE_WARNING, ui->waits ? _("Looking it up.")
		          : session_spaces(ui->session)->count ? _("Choose a space or a place first.") : _("No space is known yet."));
		return UI_STATUS;
	}
	command_run(command, &call);
	return UI_LAYOUT | UI_STATUS;
}

unsigned ui_run(struct ui *ui, const struct command *command, const char *const *words, size_t word_count)
{
	if (command->flags & IS_VIEW)
		return ui_act(ui, command);
	if (kiosk_is_on(ui) && strcmp(command->name, "logout") == 0)
		return kiosk_leave(ui);   /* also of who never logged in */
	ui_drop_waiting(ui);
	unsigned stale = run_now(ui, command, words, word_count);
	if (!ui->waits)
		return stale;
	ui->waiting = (struct waiting_command){ .command = command, .word_count = word_count, .since_ms = clock_monotonic_ms() };
	ui->waiting.words = memory_get_array(word_count, sizeof *ui->waiting.words);
	for (size_t i = 0; i < word_count; i++)
		ui->waiting.words[i] = memory_copy_text(words[i]);
	return stale;
}

int ui_waiting_ms(const struct ui *ui)
{
	int64_t left_ms = ui->waiting.since_ms + WAITING_MS - clock_monotonic_ms();
	return !ui->waiting.command ? -1 : left_ms > 0 ? (int)left_ms : 0;
}

unsigned ui_retry_waiting(struct ui *ui)
{
	if (!ui->waiting.command || ui->dialog)
		return 0;
	bool too_long = ui_waiting_ms(ui) == 0;
	struct waiting_command waiting = ui->waiting;
	ui_remark_over(ui);
	unsigned stale = run_now(ui, waiting.command, (const char *const *)waiting.words, waiting.word_count);
	if (ui->waits && too_long)
		ui_remark(ui, STYLE_WARNING, _("No answer has come so far: ask again in a while."));
	if (!ui->waits || too_long)
		ui_drop_waiting(ui);
	return stale;
}

/* ---- keys ---- */

static unsigned pane_key(struct ui *ui, const struct key *key)
{
	char pair[] = { ui->prefix, key->name[0], '\0' };
	bool second = ui->prefix && key->kind == KEY_CHARACTER && !key->name[1];
	const struct command *command = second ? command_for_key(pair, ui->pane) : NULL;
	ui->prefix = '\0';
	if (!command && key->kind == KEY_CHARACTER && command_key_begins(key->name, ui->pane)) {
		ui->prefix = key->name[0];
		return 0;
	}
	if (!command)
		command = command_for_key(strcmp(key->name, " ") == 0 ? "Space" : key->name, ui->pane);
	if (command && command->view == VIEW_BACK && key_is(key, "Escape") && is_at_home(ui)) {
		ui_remark(ui, STYLE_PLAIN, kiosk_is_on(ui) ? _("q says that you are done: this screen then forgets you.") : _("q leaves hacktiv."));   /* one Esc too many is no wish to leave */
		return UI_STATUS;
	}
	return command ? ui_run(ui, command, NULL, 0) : UI_DEAF;
}

/* The command that has this key on another pane; NULL: none. */
static const struct command *command_elsewhere(const struct key *key)
{
	const struct command *found = NULL;
	for (enum pane pane = 0; pane < PANES && !found; pane++)
		found = command_for_key(key->name, pane);
	return found;
}

/* Silence reads as a program that hangs. */
static unsigned say_deaf(struct ui *ui, const struct key *key)
{
	const char *name = key->kind == KEY_PASTE ? "" : key_label(ui->scratch, text_clean(ui->scratch, key->name, strlen(key->name), TEXT_ONE_LINE, sizeof key->name));
	const struct command *elsewhere = ui->dialog || key->kind == KEY_PASTE ? NULL : command_elsewhere(key);
	const char *text;
	if (elsewhere)
		text = arena_print(ui->scratch, _("“%1$s” (%2$s) works on: %3$s."), name, command_label(ui->scratch, elsewhere),
		                   command_panes_words(ui->scratch, elsewhere));
	else if (ui->dialog)
		text = *name ? arena_print(ui->scratch, _("“%s” does nothing here; the last line says what does."), name)
		             : _("That does nothing here; the last line says what does.");
	else
		text = *name ? arena_print(ui->scratch, _("“%s” does nothing here; ? shows what does."), name) : _("That does nothing here; ? shows what does.");
	ui_remark(ui, STYLE_PLAIN, text);
	return UI_STATUS;
}

/* Ctrl-C: out of what is under way; a half-filled dialog is not worth the program, but it is worth a turn. */
static unsigned interrupt(struct ui *ui)
{
	if (!ui->dialog || kiosk_is_on(ui))
		return kiosk_leave(ui);
	return ui->dialog->ops->key(ui, ui->dialog, &(struct key){ .kind = KEY_NAMED, .name = "C-g" });
}

unsigned ui_key(struct ui *ui, const struct key *key)
{
	if (key_is(key, "C-c"))
		return interrupt(ui);
	size_t more;
	unsigned stale = ui_message(ui, &more) ? UI_STATUS : 0;
	/* Before there is anything to choose from, nothing was chosen. */
	ui->touched = ui->touched || session_spaces(ui->session)->count > 0;
	if (!ui->dialog || !ui->dialog->ops->in_message_row)   /* else it was not seen: it comes to light when the dialog goes */
		ui_message_read(ui);
	if (ui->dialog && key_is(key, "C-l")) {   /* a screen that something else wrote on is of no use in a dialog either */
		term_forget(ui->term);
		stale |= UI_LAYOUT;
	} else if (ui->dialog) {
		stale |= ui->dialog->ops->key(ui, ui->dialog, key);
	} else if (key->kind != KEY_PASTE) {   /* pasted text is no command */
		ui_drop_waiting(ui);
		list_stay(&ui->views[ui->pane].list);
		stale |= pane_key(ui, key);
	}
	return stale & UI_DEAF ? (stale & ~(unsigned)UI_DEAF) | say_deaf(ui, key) : stale;
}
