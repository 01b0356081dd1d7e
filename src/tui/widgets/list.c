/* list.c — see list.h. */
#include "list.h"

#include <stdlib.h>
#include <string.h>

#include "hacktiv/base.h"

void list_init(struct list *list)
{
	*list = (struct list){0};
}

void list_clear(struct list *list)
{
	free(list->selected);
	free(list->awaited);
	*list = (struct list){0};
}

void list_stay(struct list *list)
{
	free(list->awaited);
	list->awaited = NULL;
}

static void choose(struct list *list, struct list_rows rows, size_t at)
{
	list->at = at;
	if (list->selected && strcmp(list->selected, rows.ids[at]) == 0)
		return;
	free(list->selected);
	list->selected = memory_copy_text(rows.ids[at]);
}

/* The first row from `at` on, or before it, that can be chosen; rows.count when there is none that way. */
static size_t next_row(struct list_rows rows, size_t at)
{
	while (at < rows.count && !rows.ids[at])
		at++;
	return at < rows.count ? at : rows.count;
}

static size_t row_before(struct list_rows rows, size_t at)
{
	while (at < rows.count && !rows.ids[at])
		at = at > 0 ? at - 1 : rows.count;
	return at;
}

static size_t nearest_row(struct list_rows rows, size_t at)
{
	size_t found = next_row(rows, at);
	if (found == rows.count && rows.count > 0)
		found = row_before(rows, at < rows.count ? at : rows.count - 1);
	return found;
}

static size_t find(struct list_rows rows, const char *id, size_t guess)
{
	if (guess < rows.count && rows.ids[guess] && strcmp(rows.ids[guess], id) == 0)
		return guess;
	for (size_t i = 0; i < rows.count; i++)
		if (rows.ids[i] && strcmp(rows.ids[i], id) == 0)
			return i;
	return rows.count;
}

/* What is awaited as soon as it is there, else what was chosen; rows.count when it is gone. */
static size_t find_chosen(struct list *list, struct list_rows rows)
{
	size_t at = list->awaited ? find(rows, list->awaited, list->at) : rows.count;
	if (at < rows.count) {
		list_stay(list);
		return at;
	}
	return list->selected ? find(rows, list->selected, list->at) : next_row(rows, 0);
}

void list_await(struct list *list, const char *from, const char *to)
{
	bool is_chosen = list->selected && strcmp(list->selected, from) == 0;
	if (!is_chosen && !(list->awaited && strcmp(list->awaited, from) == 0))
		return;
	list_stay(list);
	list->awaited = memory_copy_text(to);
}

void list_sync(struct list *list, struct list_rows rows)
{
	size_t at = find_chosen(list, rows);
	bool found = at < rows.count;
	if (!found)
		at = nearest_row(rows, list->at);
	if (at >= rows.count) {   /* nothing to choose now; the wish is kept, the row may come back */
		list->top = 0;
		return;
	}
	size_t line = list->at - (list->top < list->at ? list->top : list->at);
	if (found && list->selected && at != list->at)
		list->top = at > line ? at - line : 0;
	choose(list, rows, at);
}

static bool step(struct list *list, struct list_rows rows, size_t to)
{
	if (to >= rows.count || to == list->at)
		return false;
	list_stay(list);
	choose(list, rows, to);
	return true;
}

static size_t page_of(int height)
{
	return height > 2 ? (size_t)height - 1 : 1;
}

bool list_move(struct list *list, struct list_rows rows, enum view_act act, int height)
{
	if (list_at(list, rows) == rows.count)
		return false;
	size_t page = page_of(height);
	size_t top = list->top;
	switch ((int)act) {
	case VIEW_UP:
		return list->at > 0 && step(list, rows, row_before(rows, list->at - 1));
	case VIEW_DOWN:
		return step(list, rows, next_row(rows, list->at + 1));
	case VIEW_PAGE_UP:
		list->top = top > page ? top - page : 0;
		return step(list, rows, nearest_row(rows, list->at > page ? list->at - page : 0)) || list->top != top;
	case VIEW_PAGE_DOWN:
		if (top + (size_t)height < rows.count)
			list->top = top + page;
		return step(list, rows, nearest_row(rows, list->at + page < rows.count ? list->at + page : rows.count - 1)) ||
		       list->top != top;
	case VIEW_FIRST:
		return step(list, rows, next_row(rows, 0));
	case VIEW_LAST:
		return step(list, rows, row_before(rows, rows.count - 1));
	default:
		return false;
	}
}

bool list_select(struct list *list, struct list_rows rows, const char *id)
{
	size_t at = find(rows, id, list->at);
	if (at == rows.count)
		return false;
	list_stay(list);
	choose(list, rows, at);
	return true;
}

void list_show(struct list *list, struct list_rows rows, int height)
{
	size_t sight = height > 0 ? (size_t)height : 1;
	size_t most = rows.count > sight ? rows.count - sight : 0;
	size_t at = list_at(list, rows);
	if (at < rows.count) {
		if (at < list->top)
			list->top = at;
		if (at >= list->top + sight)
			list->top = at - sight + 1;
		bool first = at == next_row(rows, 0);
		if (first && at < sight)
			list->top = 0;
	}
	if (list->top > most)
		list->top = most;
}

size_t list_first(struct list_rows rows)
{
	return next_row(rows, 0);
}

size_t list_find(const struct list *list, struct list_rows rows)
{
	return list->selected ? find(rows, list->selected, list->at) : rows.count;
}

size_t list_at(const struct list *list, struct list_rows rows)
{
	return list->selected && list->at < rows.count && rows.ids[list->at] ? list->at : rows.count;
}
