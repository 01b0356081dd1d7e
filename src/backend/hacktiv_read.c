/* hacktiv_read.c — what hacktivd answers, as model values. Lists are read in slices so that no key waits for them. */
#include "hacktiv.h"

#include <string.h>

#define PROBLEM_PREFIX "/problems/"
/* Rows of one list; more is a server gone wrong. Each costs up to two kilobytes until it is on the screen and in the cache. */
#define SPACES_MAX     1000
#define RESOURCES_MAX  2000
#define BOOKINGS_MAX  10000
#define PAGES_MAX 100      /* answers that a list may come in */
#define NEXT_MAX  2000u    /* bytes of the address of the next page */

void hacktiv_unreadable(struct operation *operation, bool wrote, const struct problem *why)
{
	if (why && why->kind != PROBLEM_NONE)
		log_line(LOG_LEVEL_WARNING, "hacktiv: unreadable answer: %s: %s", why->field, why->text);
	operation->outcome = (struct outcome){
		.kind = wrote ? OUTCOME_UNKNOWN : OUTCOME_UNREACHABLE, .rule = RULE_OTHER, .quotation = "", .told_by = "",
	};
}

static void done(struct operation *operation, enum outcome_kind kind)
{
	operation->outcome = (struct outcome){ .kind = kind, .quotation = "", .told_by = "" };
}

/* ---- lists ---- */

/* Rows read so far; they double in the arena, so the last copy and the shorter ones before it take at most twice the place. */
struct list_notes {
	struct wire_list list;
	bool is_open;             /* within a page */
	const char *next;         /* address of the page to ask for, NULL: the first */
	int pages;                /* begun */
	char *rows;
	size_t count, room, row_bytes;
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

static void *row_after_last(struct operation *operation, struct list_notes *notes)
{
	if (notes->count == notes->room) {
		size_t room = notes->room ? notes->room * 2 : 16;
		char *rows = arena_get(operation->arena, room * notes->row_bytes);
		if (notes->count)
			memcpy(rows, notes->rows, notes->count * notes->row_bytes);
		notes->rows = rows;
		notes->room = room;
	}
	return notes->rows + notes->count * notes->row_bytes;
}

static size_t rows_max(enum operation_kind kind)
{
	return kind == OPERATION_SPACES ? SPACES_MAX : kind == OPERATION_DAY ? RESOURCES_MAX : BOOKINGS_MAX;
}

static bool row_read(struct operation *operation, struct list_notes *notes, const cJSON *element, struct problem *why)
{
	if (notes->count == rows_max(operation->kind))
		return problem_set(why, PROBLEM_TOO_LARGE, "", _("The list is longer than %zu rows."), notes->count);
	void *row = row_after_last(operation, notes);
	bool read = operation->kind == OPERATION_SPACES ? wire_space_read(element, operation->arena, row, why)
	          : operation->kind == OPERATION_DAY    ? wire_resource_day_read(element, operation->arena, row, why)
	                                                : wire_booking_read(element, operation->arena, row, why);
	notes->count += read;
	return read;
}

static size_t row_bytes(enum operation_kind kind)
{
	return kind == OPERATION_SPACES ? sizeof(struct space)
	     : kind == OPERATION_DAY    ? sizeof(struct resource_day)
	                                : sizeof(struct booking);
}

static bool take_head(struct operation *operation, struct list_notes *notes, struct problem *why)
{
	if (operation->kind == OPERATION_SPACES) {
		operation->spaces = (const struct space *)(void *)notes->rows;
		operation->space_count = notes->count;
	} else if (operation->kind == OPERATION_DAY) {
		struct space *space = arena_get(operation->arena, sizeof *space);
		if (!wire_space_read(cJSON_GetObjectItemCaseSensitive(notes->list.head, "space"), operation->arena, space, why))
			return false;
		operation->spaces = space;
		operation->space_count = 1;
		operation->rows = (const struct resource_day *)(void *)notes->rows;
		operation->row_count = notes->count;
	} else {
		operation->bookings = (const struct booking *)(void *)notes->rows;
		operation->booking_count = notes->count;
	}
	return true;
}

/* Where the list goes on (RFC 8288's "next", in the body). Our token goes with the question, so it must lead to the same list. */
static bool take_next(struct operation *operation, struct list_notes *notes, struct problem *why)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%=&+:,;!*'()$/?@";
	const char *before = notes->next ? notes->next : "";
	notes->next = NULL;
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(notes->list.head, "next");
	if (operation->kind != OPERATION_MY_BOOKINGS || !member || cJSON_IsNull(member))
		return true;
	const char *next = wire_text(notes->list.head, "next", TEXT_ONE_LINE, NEXT_MAX, operation->arena);
	if (strncmp(next, HACKTIV_MY_BOOKINGS "?", strlen(HACKTIV_MY_BOOKINGS "?")) != 0 || next[strspn(next, plain)] ||
	    strcmp(next, before) == 0 || notes->pages == PAGES_MAX)
		return problem_set(why, PROBLEM_PROTOCOL, "/next", _("The list goes on where it cannot."));
	notes->next = next;
	return true;
}

static enum step list_ended(struct operation *operation, struct list_notes *notes, bool whole, struct problem *why)
{
	whole = whole && take_next(operation, notes, why);
	if (whole && notes->next) {
		wire_list_close(&notes->list);
		notes->is_open = false;
		return STEP_SEND;
	}
	whole = whole && take_head(operation, notes, why);
	hacktiv_close(operation);
	if (whole)
		done(operation, OUTCOME_DONE);
	else
		hacktiv_unreadable(operation, false, why);
	return STEP_ENDED;
}

enum step hacktiv_read_list(struct operation *operation, const struct http_response *response)
{
	struct problem why = { 0 };
	struct list_notes *notes = operation->notes;
	if (!notes) {
		notes = arena_get(operation->arena, sizeof *notes);
		operation->notes = notes;
		notes->row_bytes = row_bytes(operation->kind);
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

/* ---- single objects ---- */

static bool object_read(struct operation *operation, const cJSON *object, struct problem *why)
{
	struct arena *arena = operation->arena;
	switch (operation->kind) {
	case OPERATION_LOG_IN: {
		struct wire_session session;
		if (!wire_session_read(object, arena, &session, why))
			return false;
		struct member *member = arena_get(arena, sizeof *member);
		*member = session.member;
		operation->new_token = session.token;
		operation->member = member;
		return true;
	}
	case OPERATION_WHO_AM_I: {
		struct member *member = arena_get(arena, sizeof *member);
		operation->member = member;
		return wire_member_read(object, arena, member, why);
	}
	case OPERATION_PREVIEW: {
		struct preview *preview = arena_get(arena, sizeof *preview);
		operation->preview = preview;
		return wire_preview_read(object, arena, preview, why);
	}
	case OPERATION_BOOK:
	case OPERATION_FIND_BOOKING: {
		struct booking *booking = arena_get(arena, sizeof *booking);
		operation->bookings = booking;
		operation->booking_count = 1;
		return wire_booking_read(object, arena, booking, why);
	}
	case OPERATION_LOG_OUT:
	case OPERATION_CANCEL:
	case OPERATION_SPACES:
	case OPERATION_DAY:
	case OPERATION_MY_BOOKINGS:
		break;
	}
	return problem_set(why, PROBLEM_PROTOCOL, "", "%s", _("not JSON"));
}

/* The server may hold another booking than the one asked for: then nothing is sure. */
static bool is_what_was_asked(const struct operation *operation)
{
	if (operation->kind == OPERATION_BOOK)
		return strcmp(operation->bookings[0].id, operation->wish_id) == 0;
	return operation->kind != OPERATION_FIND_BOOKING || strcmp(operation->bookings[0].id, operation->booking_id) == 0;
}

/* A booking that was made and cancelled since (at the desk, on another machine) is no booking any more. */
static enum outcome_kind kind_of_success(const struct operation *operation)
{
	if (operation->booking_count == 0)
		return OUTCOME_DONE;
	switch (operation->bookings[0].state) {
	case BOOKING_CONFIRMED:
		return OUTCOME_DONE;
	case BOOKING_PENDING:
		return OUTCOME_PENDING;
	case BOOKING_CANCELLED:
		return OUTCOME_NOT_FOUND;
	}
	return OUTCOME_UNKNOWN;
}

void hacktiv_read_object(struct operation *operation, const struct http_response *response)
{
	struct problem why = { 0 };
	bool wrote = operation->kind == OPERATION_BOOK || operation->kind == OPERATION_CANCEL;
	cJSON *object = wire_parse(response->body, response->body_length, &why);
	if (!object || !object_read(operation, object, &why) || !is_what_was_asked(operation)) {
		operation->member = NULL;
		operation->preview = NULL;
		operation->booking_count = 0;
		hacktiv_unreadable(operation, wrote, &why);
	} else {
		done(operation, kind_of_success(operation));
		operation->booking_count = operation->outcome.kind == OUTCOME_NOT_FOUND ? 0 : operation->booking_count;
	}
	cJSON_Delete(object);
}

/* ---- problems ---- */

static enum outcome_kind kind_of(int status, enum rule rule)
{
	if (rule == RULE_SLOT_TAKEN)
		return OUTCOME_CONFLICT;
	switch (status) {
	case 403:
		return OUTCOME_NOT_ALLOWED;
	case 404:
	case 410:
		return OUTCOME_NOT_FOUND;
	}
	return OUTCOME_REFUSED;
}

void hacktiv_read_problem(struct operation *operation, const struct http_response *response, bool wrote)
{
	struct problem why = { 0 };
	struct wire_problem problem;
	cJSON *object = wire_parse(response->body, response->body_length, &why);
	bool read = object && wire_problem_read(object, operation->arena, &problem, &why);
	cJSON_Delete(object);
	if (!read) {
		/* The status line alone already says that nothing was done. */
		if (response->status == 404 || response->status == 403)
			done(operation, kind_of(response->status, RULE_NONE));
		else
			hacktiv_unreadable(operation, wrote, &why);
		return;
	}
	const char *name = problem.type;
	if (strncmp(name, PROBLEM_PREFIX, strlen(PROBLEM_PREFIX)) == 0)
		name += strlen(PROBLEM_PREFIX);
	/* Our first try with this key is still being worked on: its end will be known soon. */
	if (strcmp(name, "request-in-progress") == 0) {
		hacktiv_unreadable(operation, wrote, NULL);
		return;
	}
	enum rule rule = *name ? rule_from_wire(name) : RULE_OTHER;
	operation->outcome = (struct outcome){
		.kind = kind_of(response->status, rule),
		.rule = rule,
		.quotation = *problem.detail ? problem.detail : problem.title,
		.told_by = "",
		.alternatives = problem.alternatives,
		.alternative_count = problem.alternative_count,
	};
}
