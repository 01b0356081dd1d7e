/* panes.h — every pane; each stands in a file of its own name. */
#ifndef HACKTIV_TUI_PANES_H
#define HACKTIV_TUI_PANES_H

#include "ui.h"

extern const struct pane_ops pane_my_day, pane_spaces, pane_space, pane_agenda, pane_members;

#endif
