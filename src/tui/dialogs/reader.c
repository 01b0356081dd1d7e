/* reader.c — see reader.h. */
#include "reader.h"

static int clamp_top(const struct reader *reader, int top)
{
	int most = reader->rows > reader->height ? reader->rows - reader->height : 0;
	return top < 0 ? 0 : top > most ? most : top;
}

void reader_draw(struct ui *ui, struct dialog *dialog, struct area area)
{
	struct reader *reader = (struct reader *)dialog;
	struct prose prose;
	prose_init(&prose, ui->scratch);
	reader->fill(ui, reader, &prose);
	reader->height = area.rows;
	reader->rows = prose_rows(&prose, area.columns);
	reader->top = clamp_top(reader, reader->top);
	prose_draw(&prose, &ui->canvas, area, reader->top);
	int seen = reader->rows < reader->height ? reader->rows : reader->height;
	ui_draw_in_sight(ui, &(struct sheet_extent){ .above = (size_t)reader->top, .seen = (size_t)seen, .all = (size_t)reader->rows });
}

static int moved(const struct reader *reader, enum view_act act)
{
	int page = reader->height > 1 ? reader->height - 1 : 1;
	switch ((int)act) {
	case VIEW_UP:
		return reader->top - 1;
	case VIEW_DOWN:
		return reader->top + 1;
	case VIEW_PAGE_UP:
		return reader->top - page;
	case VIEW_PAGE_DOWN:
		return reader->top + page;
	case VIEW_FIRST:
		return 0;
	case VIEW_LAST:
		return reader->rows;
	default:
		return reader->top;
	}
}

unsigned reader_key(struct ui *ui, struct reader *reader, const struct key *key, bool *taken)
{
	*taken = true;
	if (key_is_back(key))
		return dialog_close(ui);
	const struct command *command = key->kind == KEY_PASTE ? NULL : command_for_key(key->name, ui->pane);
	*taken = command_moves(command);
	if (!*taken)
		return UI_DEAF;
	int top = clamp_top(reader, moved(reader, command->view));
	bool stays = top == reader->top;
	reader->top = top;
	return stays ? 0 : UI_ROWS;
}
