/* hacktiv_list.c — lists that hacktivd answers, as model values: read in slices so that no key waits for them, page after page to
 * the end or one page at a time. */
#include "hacktiv.h"

#include <string.h>

#define PAGES_MAX 100      /* answers that a list may come in */
#define NEXT_MAX  2000u    /* bytes of the address of the next page */

struct list_notes {
	struct wire_list list;
	bool is_open;             /* within a page */
	const char *next;         /* address of the page to ask for, NULL: the first */
	int pages;                /* begun */
	struct arena_rows rows;
};

const char *hacktiv_next_page(const struct operation *operation)
{
	const struct list_notes *notes = operation->notes;
	return notes ? notes->next : NULL;
}

void hacktiv_close(struct operation *operation)
{
	struct list_notes *notes = operation->notes;
	if (notes && notes->is_open)
		wire_list_close(&notes->list);
	operation->notes = NULL;
}

/* ---- rows ---- */

/* What the items of a list are. */
enum item { ITEM_NONE, ITEM_SPACE, ITEM_RESOURCE, ITEM_SLOTS, ITEM_BOOKING, ITEM_ACTIVITY, ITEM_CARD, ITEM_ORGANISATION };

static enum item item_of(const struct operation *operation)
{
	static const enum item of_operations[OPERATIONS] = {
		[OPERATION_SPACES] = ITEM_SPACE, [OPERATION_DAY] = ITEM_RESOURCE, [OPERATION_MY_BOOKINGS] = ITEM_BOOKING,
		[OPERATION_ACTIVITIES] = ITEM_ACTIVITY, [OPERATION_MY_SIGNUPS] = ITEM_ACTIVITY, [OPERATION_CARDS] = ITEM_CARD,
		[OPERATION_ORGANISATIONS] = ITEM_ORGANISATION,
	};
	return operation->kind == OPERATION_DAY && operation->known_count > 0 ? ITEM_SLOTS : of_operations[operation->kind];
}

/* `most` of them in one list, or on one page; more is a server gone wrong. Each costs up to two kilobytes until it is on the screen
 * and in the cache. */
static const struct { size_t bytes, most; } items[] = {
	[ITEM_NONE] = { 1, 0 },
	[ITEM_SPACE] = { sizeof(struct space), 1000 },
	[ITEM_RESOURCE] = { sizeof(struct resource_day), 2000 },
	[ITEM_SLOTS] = { sizeof(struct wire_slots), WIRE_INDEX_MAX + 1 },
	[ITEM_BOOKING] = { sizeof(struct booking), 10000 },
	[ITEM_ACTIVITY] = { sizeof(struct activity), 20000 },
	[ITEM_CARD] = { sizeof(struct card), 1000 },
	[ITEM_ORGANISATION] = { sizeof(struct organisation), 1000 },
};

static bool item_read(enum item item, const cJSON *element, struct arena *arena, void *row, struct problem *why)
{
	switch (item) {
	case ITEM_SPACE:
		return wire_space_read(element, arena, row, why);
	case ITEM_RESOURCE:
		return wire_resource_day_read(element, arena, row, why);
	case ITEM_SLOTS:
		return wire_slots_read(element, arena, row, why);
	case ITEM_BOOKING:
		return wire_booking_read(element, arena, row, why);
	case ITEM_ACTIVITY:
		return wire_activity_read(element, arena, row, why);
	case ITEM_CARD:
		return wire_card_read(element, arena, row, why);
	case ITEM_ORGANISATION:
		return wire_organisation_read(element, arena, row, why);
	case ITEM_NONE:
		break;
	}
	return problem_set(why, PROBLEM_PROTOCOL, "", "%s", _("not JSON"));
}

static bool row_read(struct operation *operation, struct list_notes *notes, const cJSON *element, struct problem *why)
{
	enum item item = item_of(operation);
	if (notes->rows.count == items[item].most)
		return problem_set(why, PROBLEM_TOO_LARGE, "", _("The list is longer than %zu rows."), notes->rows.count);
	void *row = arena_next_row(operation->arena, &notes->rows);
	if (!item_read(item, element, operation->arena, row, why))
		return false;
	notes->rows.count++;
	return true;
}

/* ---- the end of a page, and of the whole ---- */

/* What stands beside the rows of a day: the space itself. */
static bool day_space_read(struct operation *operation, const struct list_notes *notes, struct problem *why)
{
	struct space *space = arena_get(operation->arena, sizeof *space);
	if (!wire_space_read(cJSON_GetObjectItemCaseSensitive(notes->list.head, "space"), operation->arena, space, why))
		return false;
	operation->spaces = space;
	operation->space_count = 1;
	return true;
}

enum step hacktiv_ask_whole_day(struct operation *operation)
{
	hacktiv_close(operation);
	operation->known_count = 0;
	operation->resource_id = operation->new_etag = NULL;
	return STEP_SEND;
}

static bool day_alone_read(struct operation *operation, struct list_notes *notes, struct problem *why)
{
	struct space *space = arena_get(operation->arena, sizeof *space);
	operation->spaces = space;
	operation->space_count = 1;
	return wire_space_day_read(notes->list.head, operation->arena, space, why);
}

/* What is known of the space is still so, and what came is of that. */
static bool fits_what_is_known(const struct operation *operation, const struct list_notes *notes)
{
	const struct wire_slots *came = notes->rows.first;
	if (operation->spaces[0].version != operation->known_version || (operation->resource_id && notes->rows.count != 1))
		return false;
	for (size_t i = 0; i < notes->rows.count; i++) {
		if ((size_t)came[i].index >= operation->known_count)
			return false;
		if (operation->resource_id && strcmp(operation->known_rows[came[i].index].resource.id, operation->resource_id) != 0)
			return false;
	}
	return true;
}

/* What is known of a resource, as it is on a day of which nothing is told. */
static struct resource_day free_day(const struct resource *resource)
{
	struct resource_day row = { .resource = *resource, .morning = SLOT_FREE, .afternoon = SLOT_FREE, .my_booking_id = "" };
	row.resource.state = RESOURCE_BOOKABLE;
	row.resource.state_reason = "";
	return row;
}

/* All that are known, with what came in its place; the others are free, or, where one alone was asked for, as they were. */
static void give_day(struct operation *operation, const struct list_notes *notes)
{
	const struct wire_slots *came = notes->rows.first;
	struct resource_day *rows = arena_get(operation->arena, operation->known_count * sizeof *rows);
	for (size_t i = 0; i < operation->known_count; i++)
		rows[i] = operation->resource_id ? operation->known_rows[i] : free_day(&operation->known_rows[i].resource);
	for (size_t i = 0; i < notes->rows.count; i++) {
		struct resource resource = operation->known_rows[came[i].index].resource;
		resource.state = came[i].row.resource.state;
		resource.state_reason = came[i].row.resource.state_reason;
		rows[came[i].index] = came[i].row;
		rows[came[i].index].resource = resource;
	}
	operation->rows = rows;
	operation->row_count = operation->known_count;
}

static bool give_rows(struct operation *operation, const struct list_notes *notes, struct problem *why)
{
	const void *first = notes->rows.first;
	size_t count = notes->rows.count;
	switch (item_of(operation)) {
	case ITEM_SPACE:
		operation->spaces = first;
		operation->space_count = count;
		return true;
	case ITEM_RESOURCE:
		if (!day_space_read(operation, notes, why))
			return false;
		operation->rows = first;
		operation->row_count = count;
		return true;
	case ITEM_SLOTS:
		give_day(operation, notes);
		return true;
	case ITEM_BOOKING:
		operation->bookings = first;
		operation->booking_count = count;
		return true;
	case ITEM_ACTIVITY:
		operation->activities = first;
		operation->activity_count = count;
		return true;
	case ITEM_CARD:
		operation->cards = first;
		operation->card_count = count;
		return true;
	case ITEM_ORGANISATION:
		operation->organisations = first;
		operation->organisation_count = count;
		return true;
	case ITEM_NONE:
		break;
	}
	return false;
}

/* Our token goes with the question, so what follows must be a page of the same list. */
static bool is_page_of(const char *address, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%=&+:,;!*'()$/?@";
	size_t length = strlen(path);
	return strncmp(address, path, length) == 0 && address[length] == '?' && !address[strspn(address, plain)];
}

/* Where the list goes on (RFC 8288's "next", in the body). `*next` NULL: nowhere. */
static bool read_next(struct operation *operation, const struct list_notes *notes, const char **next, struct problem *why)
{
	const struct protocol *protocol = hacktiv_protocol(operation->kind);
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(notes->list.head, "next");
	const char *before = notes->next ? notes->next : operation->page ? operation->page : "";
	*next = NULL;
	if (!protocol->path || !member || cJSON_IsNull(member))
		return true;
	*next = wire_text(notes->list.head, "next", TEXT_ONE_LINE, NEXT_MAX, operation->arena);
	if (is_page_of(*next, protocol->path) && strcmp(*next, before) != 0 && notes->pages < PAGES_MAX)
		return true;
	return problem_set(why, PROBLEM_PROTOCOL, "/next", _("The list goes on where it cannot."));
}

static enum step list_ended(struct operation *operation, struct list_notes *notes, bool whole, struct problem *why)
{
	const char *next = NULL;
	whole = whole && read_next(operation, notes, &next, why);
	if (whole && next && hacktiv_protocol(operation->kind)->answer == ANSWER_WHOLE_LIST) {
		notes->next = next;
		wire_list_close(&notes->list);
		notes->is_open = false;
		return STEP_SEND;
	}
	if (item_of(operation) == ITEM_SLOTS) {
		whole = whole && day_alone_read(operation, notes, why);
		if (whole && !fits_what_is_known(operation, notes))
			return hacktiv_ask_whole_day(operation);
	}
	whole = whole && give_rows(operation, notes, why);
	hacktiv_close(operation);
	if (whole) {
		operation->next_page = next;
		hacktiv_ended(operation, OUTCOME_DONE);
	} else {
		hacktiv_unreadable(operation, false, why);
	}
	return STEP_ENDED;
}

enum step hacktiv_read_list(struct operation *operation, const struct http_response *response)
{
	struct problem why = { 0 };
	struct list_notes *notes = operation->notes;
	if (!notes) {
		notes = arena_get(operation->arena, sizeof *notes);
		operation->notes = notes;
		notes->rows.bytes = items[item_of(operation)].bytes;
	}
	if (!notes->is_open) {
		notes->is_open = true;
		notes->pages++;
		if (!wire_list_open(&notes->list, response->body, response->body_length, &why))
			return list_ended(operation, notes, false, &why);
	}
	for (int i = 0; i < BACKEND_SLICE; i++) {
		cJSON *element;
		enum wire_list_step step = wire_list_next(&notes->list, &element, &why);
		if (step != WIRE_LIST_ELEMENT)
			return list_ended(operation, notes, step == WIRE_LIST_END, &why);
		bool read = row_read(operation, notes, element, &why);
		cJSON_Delete(element);
		if (!read)
			return list_ended(operation, notes, false, &why);
	}
	return STEP_MORE;
}
