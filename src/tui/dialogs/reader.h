/* reader.h — a dialog that is read and scrolled: an activity's programme, a person's card. Its own struct begins with this. */
#ifndef HACKTIV_TUI_READER_H
#define HACKTIV_TUI_READER_H

#include "prose.h"
#include "ui.h"

struct reader {
	struct dialog dialog;
	/* Adds what there is to read now; texts live in the scratch arena of one frame or key, or longer. */
	void (*fill)(struct ui *ui, const struct reader *reader, struct prose *prose);
	int top, height, rows;
};

/* For dialog_ops.draw. */
void reader_draw(struct ui *ui, struct dialog *dialog, struct area area);
/* Back and the movements; `taken` says whether the key was one of these. */
unsigned reader_key(struct ui *ui, struct reader *reader, const struct key *key, bool *taken);

#endif
