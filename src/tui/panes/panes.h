/* panes.h — every pane; each stands in a file of its own name. */
#ifndef HACKTIV_TUI_PANES_H
#define HACKTIV_TUI_PANES_H

#include "ui.h"

extern const struct pane_ops pane_my_day, pane_spaces, pane_space, pane_agenda, pane_members;

/* The space pane as a timeline (space_timeline.c): its rows, and what stands above them; returns the rows that took. */
void fill_timeline(struct ui *ui, struct sheet *sheet, const struct space *space, const struct day_list *day);
int draw_timeline_head(struct ui *ui, struct canvas *canvas, struct area area, const struct space *space, const struct day_list *day);
/* What the cursor stands on in the space pane; in `arena`. */
const struct subject *resource_subject(struct ui *ui, struct arena *arena, const struct space *space, const struct resource_day *row);
/* "salle de réunion, 8 p." */
const char *resource_kind_text(struct arena *arena, const struct resource *resource);

#endif
