/* box.c — the box behind ":": commands by name, then rows of this pane, then a date, narrowed while one types. Enter does what the
 * cursor stands on; a command with words after its name is done with these words. */
#include "field.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#define CANDIDATES_MAX 60

enum candidate_kind { CANDIDATE_COMMAND, CANDIDATE_ROW, CANDIDATE_DATE };

struct candidate {
	enum candidate_kind kind;
	const struct command *command;
	const char *name, *arguments, *text;     /* in the scratch arena */
	const char *id;              /* of the row */
	struct local_date date;
};

struct box {
	struct dialog dialog;
	struct field field;
	size_t chosen;
};

struct candidates { struct candidate *list; size_t count; };

static void add(struct candidates *found, struct candidate candidate)
{
	if (found->count < CANDIDATES_MAX)
		found->list[found->count++] = candidate;
}

enum fit { FIT_NONE, FIT_PART, FIT_BEGINNING, FIT_WHOLE };

/* How well a name holds what was typed: "my-day" is found by "my" and, after those that begin so, by "day". */
static enum fit name_fits(const char *name, const char *typed)
{
	size_t length = strlen(typed);
	if (strncmp(name, typed, length) == 0)
		return name[length] ? FIT_BEGINNING : FIT_WHOLE;
	for (const char *part = strchr(name, '-'); part; part = strchr(part + 1, '-')) {
		if (length && strncmp(part + 1, typed, length) == 0)
			return FIT_PART;
	}
	return FIT_NONE;
}

static enum fit command_fits(struct arena *arena, const struct command *command, const char *typed)
{
	const char *names = arena_print(arena, "%s %s", command->name, command->aliases ? command->aliases : "");
	enum fit best = FIT_NONE;
	for (const char *at = names; *at;) {
		size_t here = strcspn(at, " ");
		enum fit fit = name_fits(text_fold(arena, arena_copy_bytes(arena, at, here)), typed);
		best = fit > best ? fit : best;
		at += here;
		at += strspn(at, " ");
	}
	return best;
}

static void add_commands(struct ui *ui, const char *typed, enum fit wanted, struct candidates *found)
{
	struct arena *arena = ui->scratch;
	/* The name goes up to the first space; where words follow it is whole. */
	const char *name = text_fold(arena, arena_copy_bytes(arena, typed, strcspn(typed, " ")));
	bool words = strchr(typed, ' ') != NULL;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &commands[i];
		if (!(command->panes & ON(ui->pane)) || command->view == VIEW_BOX || command_fits(arena, command, name) != wanted)
			continue;
		add(found, (struct candidate){ .kind = CANDIDATE_COMMAND, .command = command, .name = command_label(arena, command),
			.arguments = command->arguments && !words ? _(command->arguments) : "", .text = ui_command_help(ui, command) });
	}
}

/* What a row is found by, without the name that stands before it. */
static const char *beside_name(const char *label, const char *name)
{
	size_t length = strlen(name);
	return strncmp(label, name, length) == 0 && label[length] == ' ' ? label + length + 1 : label;
}

static bool row_holds(struct ui *ui, const struct sheet *sheet, size_t at, const char *typed, const char *words)
{
	const struct pane_ops *ops = pane_ops_of(ui->pane);
	return ops->holds ? *words && ops->holds(ui, sheet->lines[at].thing, words) : text_matches(sheet_label(sheet, at), typed);
}

static void add_rows(struct ui *ui, const char *typed, struct candidates *found)
{
	struct sheet sheet;
	ui_fill(ui, &sheet);
	const char *words = text_key(ui->scratch, typed);
	for (size_t i = 0; i < sheet.count && *typed && found->count < CANDIDATES_MAX; i++) {
		if (!sheet.ids[i] || !row_holds(ui, &sheet, i, typed, words))
			continue;
		const char *name = sheet_name(&sheet, i);
		add(found, (struct candidate){ .kind = CANDIDATE_ROW, .name = name, .arguments = "",
			.text = beside_name(sheet_label(&sheet, i), name), .id = sheet.ids[i] });
	}
}

static void add_date(struct ui *ui, const char *typed, struct candidates *found)
{
	struct local_date date;
	if (*typed && date_from_words(typed, session_today(ui->session), &date, NULL))
		add(found, (struct candidate){ .kind = CANDIDATE_DATE, .name = date_words(ui->scratch, date),
			.arguments = "", .text = date_words_long(ui->scratch, date), .date = date });
}

static struct candidates find(struct ui *ui, const struct box *box)
{
	struct candidates found = { .list = arena_get(ui->scratch, CANDIDATES_MAX * sizeof *found.list) };
	const char *typed = box->field.text;
	add_commands(ui, typed, FIT_WHOLE, &found);
	if (!strchr(typed, ' ')) {
		add_commands(ui, typed, FIT_BEGINNING, &found);
		add_commands(ui, typed, FIT_PART, &found);
	}
	add_rows(ui, typed, &found);
	add_date(ui, typed, &found);
	return found;
}

static void draw_candidate(struct ui *ui, const struct candidate *candidate, struct area area, int row, int names, bool chosen)
{
	int used = canvas_clip(&ui->canvas, area, row, 2, names, chosen ? STYLE_SELECTED : STYLE_PLAIN, candidate->name);
	if (*candidate->arguments)
		canvas_clip(&ui->canvas, area, row, 3 + used, names - used - 1, STYLE_QUIET, candidate->arguments);
	canvas_clip(&ui->canvas, area, row, 2 + names + 2, area.columns - names - 4, STYLE_PLAIN, candidate->text);
}

/* Names with what may follow them, as far as that leaves the greater part of the row to the explanation. */
static int name_columns(const struct candidates *found, int columns)
{
	int widest = 0;
	for (size_t i = 0; i < found->count; i++) {
		int arguments = text_columns(found->list[i].arguments);
		int width = text_columns(found->list[i].name) + (arguments ? arguments + 1 : 0);
		widest = width > widest ? width : widest;
	}
	int most = columns * 2 / 5;
	return widest < most ? widest : most;
}

static void draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct box *box = (struct box *)dialog;
	struct candidates found = find(ui, box);
	int gap = ui->layout.size == LAYOUT_SMALL ? 1 : 2;
	struct area list = area_rows(area, gap, area.rows - gap);
	int names = name_columns(&found, list.columns);
	size_t from = list.rows > 0 && box->chosen >= (size_t)list.rows ? box->chosen - (size_t)list.rows + 1 : 0;
	for (size_t i = from; i < found.count && (int)(i - from) < list.rows; i++) {
		int row = (int)(i - from);
		bool chosen = i == box->chosen;
		if (chosen)
			canvas_text(&ui->canvas, list, row, 0, STYLE_SELECTED, "> ");
		draw_candidate(ui, &found.list[i], list, row, names, chosen);
	}
	if (found.count == 0)
		canvas_wrap(&ui->canvas, list, 0, 2, STYLE_WARNING, _("No command, no row and no date is called that."));
	canvas_text(&ui->canvas, area, 0, 0, STYLE_KEY, ":");
	field_draw(&box->field, &ui->canvas, area, 0, 1, area.columns - 2 < 60 ? area.columns - 2 : 60, true);
}

static unsigned run(struct ui *ui, const struct command *command, const char *typed)
{
	struct arena *arena = ui->scratch;
	const char *words[16];
	size_t count = 0;
	for (const char *at = typed + strcspn(typed, " "); *at && count < COUNT_OF(words);) {
		at += strspn(at, " ");
		size_t here = strcspn(at, " ");
		if (here)
			words[count++] = arena_copy_bytes(arena, at, here);
		at += here;
	}
	return ui_run(ui, command, words, count) | UI_LAYOUT;
}

static unsigned confirm(struct ui *ui, struct box *box)
{
	struct candidates found = find(ui, box);
	if (box->chosen >= found.count)
		return 0;
	struct candidate chosen = found.list[box->chosen];
	const char *typed = arena_copy_text(ui->scratch, box->field.text);
	dialog_close(ui);
	switch (chosen.kind) {
	case CANDIDATE_COMMAND:
		return run(ui, chosen.command, typed);
	case CANDIDATE_DATE:
		return pane_ops_of(ui->pane)->go_to(ui, chosen.date) | UI_LAYOUT;
	case CANDIDATE_ROW: {
		struct sheet sheet;
		ui_fill(ui, &sheet);
		list_select(&ui->views[ui->pane].list, sheet_rows(&sheet), chosen.id);
		return UI_LAYOUT;
	}
	}
	return UI_LAYOUT;
}

static unsigned key(struct ui *ui, struct dialog *dialog, const struct key *key)
{
	struct box *box = (struct box *)dialog;
	if (key_is(key, "Escape") || key_is(key, "C-g"))
		return dialog_close(ui);
	if (key_is(key, "BSpace") && box->field.length == 0)
		return dialog_close(ui);
	if (key_is(key, "Enter"))
		return confirm(ui, box);
	if (key_is(key, "Up")) {
		box->chosen -= box->chosen > 0;
		return UI_ROWS;
	}
	if (key_is(key, "Down")) {
		box->chosen += box->chosen + 1 < find(ui, box).count;
		return UI_ROWS;
	}
	if (key_is(key, "Tab")) {
		struct candidates found = find(ui, box);
		if (box->chosen < found.count && found.list[box->chosen].kind == CANDIDATE_COMMAND)
			field_set(&box->field, arena_print(ui->scratch, "%s ", found.list[box->chosen].name));
		box->chosen = 0;
		return UI_ROWS;
	}
	if (!field_key(&box->field, key))
		return 0;
	box->chosen = 0;
	return UI_ROWS;
}

static void close_dialog(struct ui *ui, struct dialog *dialog)
{
	(void)ui;
	struct box *box = (struct box *)dialog;
	field_clear(&box->field);
	free(box);
}

static const struct dialog_ops ops = {
	.draw = draw, .key = key, .close = close_dialog,
	.hint = N_("Enter do it   Tab complete   arrows choose   Esc back"),
};

void open_box(struct ui *ui)
{
	struct box *box = memory_get(sizeof *box);
	field_init(&box->field, false);
	dialog_open(ui, &box->dialog, &ops);
}
