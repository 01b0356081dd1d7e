/* list.c — `{"items":[…], …}` one element at a time: a tree of the whole would take nine times the text and one long moment. */
#include "hacktiv/wire.h"

#include <string.h>

#include "scan.h"

#define HEAD_MEMBERS_MAX 16   /* beside the items; looking for doubles among them is quadratic */

enum { BEFORE_MEMBER, BEFORE_ITEM, AFTER_ITEM, AFTER_MEMBER, ENDED, BROKEN };

static struct scan scan_of(const struct wire_list *list, size_t values)
{
	return (struct scan){ .text = list->text, .length = list->length, .at = list->at, .values_left = values };
}

/* Takes one byte that must be next, and the space behind it. */
static bool take_byte(struct wire_list *list, char byte)
{
	struct scan scan = scan_of(list, 0);
	scan_space(&scan);
	bool is_there = scan_is_next(&scan, byte);
	if (is_there) {
		scan.at++;
		scan_space(&scan);
	}
	list->at = scan.at;
	return is_there;
}

static bool is_next(const struct wire_list *list, char byte)
{
	struct scan scan = scan_of(list, 0);
	return scan_is_next(&scan, byte);
}

static bool spoilt(struct wire_list *list, struct problem *why)
{
	struct scan scan = scan_of(list, 0);
	list->state = BROKEN;
	return scan_broken(&scan, _("Not a list as promised, at byte %zu."), why);
}

/* Takes one value off the text. NULL: broken. */
static cJSON *take_value(struct wire_list *list, int depth, size_t *values_left, struct problem *why)
{
	struct scan scan = scan_of(list, *values_left);
	cJSON *value = scan_take(&scan, depth, why);
	scan_space(&scan);
	list->at = scan.at;
	*values_left = scan.values_left;
	if (!value)
		list->state = BROKEN;
	return value;
}

bool wire_list_open(struct wire_list *list, const char *bytes, size_t length, struct problem *why)
{
	*list = (struct wire_list){ .text = bytes, .length = length, .index = SIZE_MAX, .head = cJSON_CreateObject(),
		                    .head_values_left = WIRE_VALUES_MAX };
	if (!take_byte(list, '{'))
		return spoilt(list, why);
	list->state = is_next(list, '}') ? AFTER_MEMBER : BEFORE_MEMBER;
	return true;
}

static bool take_items(struct wire_list *list, struct problem *why)
{
	if (!take_byte(list, '['))
		return spoilt(list, why);
	list->state = is_next(list, ']') ? AFTER_ITEM : BEFORE_ITEM;
	cJSON_AddTrueToObject(list->head, "items");
	return true;
}

static bool take_member_of_head(struct wire_list *list, const char *name, struct problem *why)
{
	cJSON *value = take_value(list, 1, &list->head_values_left, why);
	if (!value)
		return false;
	cJSON_AddItemToObject(list->head, name, value);
	list->state = AFTER_MEMBER;
	return true;
}

/* `"name":`, then either a value kept in `head`, or the beginning of the items. */
static bool take_member(struct wire_list *list, struct problem *why)
{
	if (!is_next(list, '"') || cJSON_GetArraySize(list->head) == HEAD_MEMBERS_MAX)
		return spoilt(list, why);
	cJSON *name = take_value(list, 1, &list->head_values_left, why);
	if (!name)
		return false;
	bool fits = !cJSON_GetObjectItemCaseSensitive(list->head, name->valuestring) && take_byte(list, ':');
	if (!fits)
		spoilt(list, why);
	else if (strcmp(name->valuestring, "items") == 0)
		fits = take_items(list, why);
	else
		fits = take_member_of_head(list, name->valuestring, why);
	cJSON_Delete(name);
	return fits;
}

static bool take_item(struct wire_list *list, cJSON **element, struct problem *why)
{
	size_t values = WIRE_VALUES_MAX;
	*element = take_value(list, 2, &values, why);
	list->index++;
	if (!*element)
		return false;
	list->state = AFTER_ITEM;
	return true;
}

static bool take_end(struct wire_list *list, struct problem *why)
{
	if (take_byte(list, ',')) {
		list->state = BEFORE_MEMBER;
		return true;
	}
	if (!take_byte(list, '}') || list->at != list->length || !cJSON_GetObjectItemCaseSensitive(list->head, "items"))
		return spoilt(list, why);
	list->state = ENDED;
	return true;
}

static bool take_after_item(struct wire_list *list, struct problem *why)
{
	if (take_byte(list, ','))
		list->state = BEFORE_ITEM;
	else if (take_byte(list, ']'))
		list->state = AFTER_MEMBER;
	else
		return spoilt(list, why);
	return true;
}

enum wire_list_step wire_list_next(struct wire_list *list, cJSON **element, struct problem *why)
{
	*element = NULL;
	for (;;) {
		bool good = true;
		switch (list->state) {
		case BEFORE_MEMBER:
			good = take_member(list, why);
			break;
		case BEFORE_ITEM:
			good = take_item(list, element, why);
			if (good)
				return WIRE_LIST_ELEMENT;
			break;
		case AFTER_ITEM:
			good = take_after_item(list, why);
			break;
		case AFTER_MEMBER:
			good = take_end(list, why);
			break;
		case ENDED:
			return WIRE_LIST_END;
		case BROKEN:
			spoilt(list, why);
			good = false;
			break;
		}
		if (!good)
			return WIRE_LIST_BROKEN;
	}
}

void wire_list_close(struct wire_list *list)
{
	cJSON_Delete(list->head);
	list->head = NULL;
	list->state = BROKEN;
}
