/* panes.c — the list of all panes. A new one is a line here, a name in enum pane and a row of the command table that goes there. */
#include "panes.h"

static const struct pane_ops *const panes[PANES] = {
	[PANE_MY_DAY] = &pane_my_day,
	[PANE_SPACES] = &pane_spaces,
	[PANE_SPACE] = &pane_space,
	[PANE_AGENDA] = &pane_agenda,
	[PANE_MEMBERS] = &pane_members,
};

const struct pane_ops *pane_ops_of(enum pane pane)
{
	return panes[pane];
}

enum pane pane_after(enum pane pane)
{
	unsigned next = panes[pane]->tab;
	do
		next = (next + 1) % PANES;
	while (panes[next]->tab != next);
	return (enum pane)next;
}
