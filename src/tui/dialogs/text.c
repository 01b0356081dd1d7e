/* text.c — lines to be read and scrolled: help, made from the table of commands, and what hacktiv had to say. */
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct text_dialog {
	struct dialog dialog;
	/* Adds the lines; they live in the scratch arena of one frame or key. */
	void (*fill)(struct ui *ui, struct sheet *sheet);
	struct list list;
	int height;
};

static void fill(struct ui *ui, struct text_dialog *text, struct sheet *sheet)
{
	sheet_init(sheet, ui->scratch, "");
	text->fill(ui, sheet);
	sheet_finish(sheet);
	list_sync(&text->list, sheet_rows(sheet));
	list_show(&text->list, sheet_rows(sheet), text->height);
}

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct text_dialog *text = (struct text_dialog *)dialog;
	struct sheet sheet;
	text->height = area.rows;
	fill(ui, text, &sheet);
	sheet_draw(&sheet, &text->list, &ui->canvas, area);
	ui_draw_extent(ui, &sheet, &text->list, area.rows);
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct text_dialog *text = (struct text_dialog *)dialog;
	if (key_is_back(key) || key_is(key, "Enter") || key_is(key, "?"))
		return dialog_close(ui);
	const struct command *command = key->kind == KEY_PASTE ? NULL : command_for_key(key->name, ui->pane);
	if (!command_moves(command))
		return UI_DEAF;
	struct sheet sheet;
	fill(ui, text, &sheet);
	return list_move(&text->list, sheet_rows(&sheet), command->view, text->height) ? UI_ROWS : 0;
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	(void)ui;
	struct text_dialog *text = (struct text_dialog *)dialog;
	list_clear(&text->list);
	free(text);
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .close = close_dialog, .hint = N_("arrows scroll   q back"),
};

static void open_text(struct ui *ui, void (*lines)(struct ui *ui, struct sheet *sheet))
{
	struct text_dialog *text = memory_get(sizeof *text);
	text->fill = lines;
	list_init(&text->list);
	dialog_open(ui, &text->dialog, &ops);
}

/* ---- help ---- */

#define HELP_LEAST 40     /* columns for what a command does; where there are fewer its name is left out */

static const char *keys_of(struct arena *arena, const struct command *command)
{
	return command->keys ? command_keys_label(arena, command, " ") : ":";
}

enum help_of { HELP_HERE, HELP_EVERYWHERE, HELP_ELSEWHERE };

static enum help_of help_of(const struct ui *ui, const struct command *command)
{
	if (!(command->panes & ON(ui->pane)))
		return HELP_ELSEWHERE;
	return command_is_hinted(ui, command) ? HELP_HERE : HELP_EVERYWHERE;
}

const char *command_panes_words(struct arena *arena, const struct command *command)
{
	char *text = arena_copy_text(arena, "");
	for (enum pane pane = 0; pane < PANES; pane++) {
		if (command->panes & ON(pane))
			text = arena_print(arena, "%s%s%s", text, *text ? ", " : "", _(pane_ops_of(pane)->title));
	}
	return text;
}

static void help_section(struct ui *ui, struct sheet *sheet, const char *title, enum help_of wanted)
{
	static const struct sheet_column columns[] = { { .heading = "" }, { .heading = "", .drop = 1 }, { .heading = "", .gives_way = true, .least = HELP_LEAST } };
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	bool told = false;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &commands[i];
		if ((command->flags & IS_HIDDEN) || help_of(ui, command) != wanted)
			continue;
		if (!told)
			sheet_title(sheet, section, title);
		told = true;
		struct sheet_line *line = sheet_row(sheet, section, command->name, command->name, NULL);
		sheet_cell(line, 0, STYLE_KEY, keys_of(sheet->arena, command));
		sheet_cell(line, 1, STYLE_PLAIN, command_label(sheet->arena, command));
		sheet_cell(line, 2, STYLE_PLAIN, wanted == HELP_ELSEWHERE
		           ? arena_print(sheet->arena, _("%1$s (%2$s)"), ui_command_help(ui, command), command_panes_words(sheet->arena, command)) : ui_command_help(ui, command));
	}
}

static void help_lines(struct ui *ui, struct sheet *sheet)
{
	help_section(ui, sheet, arena_print(sheet->arena, _("KEYS OF THIS PANE: %s"), _(pane_ops_of(ui->pane)->title)), HELP_HERE);
	sheet_blank(sheet);
	help_section(ui, sheet, _("AND EVERYWHERE"), HELP_EVERYWHERE);
	sheet_blank(sheet);
	help_section(ui, sheet, _("ON OTHER PANES"), HELP_ELSEWHERE);
}

void open_help(struct ui *ui)
{
	open_text(ui, help_lines);
}

/* ---- messages ---- */

static void message_lines(struct ui *ui, struct sheet *sheet)
{
	static const struct sheet_column columns[] = { { .heading = "", .gives_way = true } };
	struct sheet_section *section = sheet_section(sheet, columns, COUNT_OF(columns));
	bool told = false;
	sheet_title(sheet, section, _("MESSAGES, NEWEST FIRST"));
	for (size_t i = ui->message_count; i-- > 0;) {
		const struct message *message = &ui->messages[i];
		if (message->passing)
			continue;
		told = true;
		struct sheet_line *line = sheet_row(sheet, section, arena_print(sheet->arena, "m%zu", i), message->text, NULL);
		sheet_cell(line, 0, message->style, message->text);
	}
	if (!told)
		sheet_note(sheet, _("Nothing was said yet."));
}

void open_messages(struct ui *ui)
{
	ui_messages_read(ui);
	open_text(ui, message_lines);
}
