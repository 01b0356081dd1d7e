/* list.c — `{"items":[…], …}` one element at a time: a tree of the whole would take nine times the text and one long moment. */
#include "hacktiv/wire.h"

#include <string.h>

#include "scan.h"

enum { BEFORE_MEMBER, IN_ITEMS, AFTER_ITEM, AFTER_MEMBER, ENDED, BROKEN };

static void skip(struct wire_list *list, size_t bytes)
{
	list->at += bytes;
	list->left -= bytes;
	size_t space = scan_space(list->at, list->left);
	list->at += space;
	list->left -= space;
}

static bool is_next(const struct wire_list *list, char byte)
{
	return list->left > 0 && *list->at == byte;
}

static bool spoilt(struct wire_list *list, struct problem *why)
{
	list->state = BROKEN;
	return problem_set(why, PROBLEM_PROTOCOL, "/items", _("The list is not what it should be."));
}

/* Takes one value off the text. NULL: broken. */
static cJSON *take_value(struct wire_list *list, int depth, struct problem *why)
{
	size_t used;
	if (!scan_value(list->at, list->left, depth, &used, why)) {
		list->state = BROKEN;
		return NULL;
	}
	cJSON *value = cJSON_ParseWithLengthOpts(list->at, used, NULL, 0);
	if (!value)
		spoilt(list, why);
	else
		skip(list, used);
	return value;
}

bool wire_list_open(struct wire_list *list, const char *bytes, size_t length, struct problem *why)
{
	*list = (struct wire_list){ .at = bytes, .left = length, .head = cJSON_CreateObject() };
	skip(list, 0);
	if (!is_next(list, '{'))
		return spoilt(list, why);
	skip(list, 1);
	list->state = is_next(list, '}') ? AFTER_MEMBER : BEFORE_MEMBER;
	return true;
}

/* `"name":`, then either a value kept in `head`, or the beginning of the items. */
static bool take_member(struct wire_list *list, struct problem *why)
{
	if (!is_next(list, '"'))
		return spoilt(list, why);
	cJSON *name = take_value(list, 1, why);
	if (!name)
		return false;
	bool items = strcmp(name->valuestring, "items") == 0;
	bool twice = cJSON_GetObjectItemCaseSensitive(list->head, name->valuestring) != NULL;
	cJSON *value = NULL;
	if (twice || !is_next(list, ':')) {
		cJSON_Delete(name);
		return spoilt(list, why);
	}
	skip(list, 1);
	if (items && is_next(list, '[')) {
		skip(list, 1);
		list->state = IN_ITEMS;
		value = cJSON_CreateTrue();
	} else if (!items) {
		value = take_value(list, 1, why);
		list->state = value ? AFTER_MEMBER : BROKEN;
	} else {
		spoilt(list, why);
	}
	if (value)
		cJSON_AddItemToObject(list->head, name->valuestring, value);
	cJSON_Delete(name);
	return value != NULL;
}

static bool take_end(struct wire_list *list, struct problem *why)
{
	if (is_next(list, ',')) {
		skip(list, 1);
		list->state = BEFORE_MEMBER;
		return true;
	}
	if (!is_next(list, '}'))
		return spoilt(list, why);
	skip(list, 1);
	if (list->left > 0 || !cJSON_GetObjectItemCaseSensitive(list->head, "items"))
		return spoilt(list, why);
	list->state = ENDED;
	return true;
}

enum wire_list_step wire_list_next(struct wire_list *list, cJSON **element, struct problem *why)
{
	*element = NULL;
	for (;;) {
		switch (list->state) {
		case BEFORE_MEMBER:
			if (!take_member(list, why))
				return WIRE_LIST_BROKEN;
			list->index = SIZE_MAX;
			if (list->state == IN_ITEMS && is_next(list, ']'))
				list->state = AFTER_ITEM;
			break;
		case IN_ITEMS:
			*element = take_value(list, 2, why);
			if (!*element)
				return WIRE_LIST_BROKEN;
			list->index++;
			list->state = AFTER_ITEM;
			return WIRE_LIST_ELEMENT;
		case AFTER_ITEM:
			if (is_next(list, ',')) {
				skip(list, 1);
				list->state = IN_ITEMS;
			} else if (is_next(list, ']')) {
				skip(list, 1);
				list->state = AFTER_MEMBER;
			} else {
				spoilt(list, why);
			}
			break;
		case AFTER_MEMBER:
			take_end(list, why);
			break;
		case ENDED:
			return WIRE_LIST_END;
		case BROKEN:
			if (why && why->kind == PROBLEM_NONE)
				spoilt(list, why);
			return WIRE_LIST_BROKEN;
		}
	}
}

void wire_list_close(struct wire_list *list)
{
	cJSON_Delete(list->head);
	list->head = NULL;
	list->state = BROKEN;
}
