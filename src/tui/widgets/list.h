/* list.h — which row of a list is chosen and which are in sight. Knows rows by their ids only.
 *
 * The choice stays on its row when rows come and go above it, and the row stays on its line of the screen: an update never moves
 * what somebody is looking at. A row without an id (a heading, a note) is never chosen. */
#ifndef HACKTIV_TUI_LIST_H
#define HACKTIV_TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "hacktiv/app/command.h"

struct list {
	char *selected;   /* id of the chosen row, NULL: none yet */
	char *awaited;    /* id of the row that takes its place, NULL: none does. See list_await() */
	size_t at;        /* where it was seen last */
	size_t top;       /* first row in sight */
};

struct list_rows {
	const char *const *ids;   /* NULL: a row that cannot be chosen */
	size_t count;
};

void list_init(struct list *list);
void list_clear(struct list *list);

/* After rows changed, and before anything else is asked: finds the chosen row again. When it is gone, the nearest one is chosen. */
void list_sync(struct list *list, struct list_rows rows);
/* VIEW_UP … VIEW_LAST; `height` rows are in sight. Other acts change nothing. Returns whether anything changed. */
bool list_move(struct list *list, struct list_rows rows, enum view_act act, int height);
bool list_select(struct list *list, struct list_rows rows, const char *id);
/* While row `from` is chosen, or itself awaited: `to` takes its place, and is chosen as soon as it is there, be `from` gone by then or not. */
void list_await(struct list *list, const char *from, const char *to);
/* Somebody took up what is chosen now: it does not go from under them any more. Choosing another row does the same. */
void list_stay(struct list *list);
/* Scrolls no more than needed to have the chosen row in sight, and the headings above the first row with it. */
void list_show(struct list *list, struct list_rows rows, int height);
/* The first row that can be chosen; rows.count when there is none. */
size_t list_first(struct list_rows rows);
/* Where the row is that was chosen, among rows to which the list is not synchronised yet; rows.count when it is not there. */
size_t list_find(const struct list *list, struct list_rows rows);
/* Index of the chosen row; rows.count when none can be chosen. */
size_t list_at(const struct list *list, struct list_rows rows);

#endif
