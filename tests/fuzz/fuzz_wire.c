/* fuzz_wire.c — the first byte chooses a type of our API, the rest is its JSON: refused with a reason, or taken, and then it comes
 * back the same from what we write of it. */
#include "fuzz.h"

#include <string.h>

#include "hacktiv/wire.h"

/* Reads and writes again; NULL: refused. */
#define AGAIN(type)                                                                                                    \
	static cJSON *again_##type(const cJSON *object, struct arena *arena, struct problem *why)                      \
	{                                                                                                              \
		struct type read;                                                                                      \
		return wire_##type##_read(object, arena, &read, why) ? wire_##type##_write(&read) : NULL;              \
	}
AGAIN(space)
AGAIN(resource)
AGAIN(resource_day)
AGAIN(member)
#define AGAIN_WIRE(type)                                                                                               \
	static cJSON *again_##type(const cJSON *object, struct arena *arena, struct problem *why)                      \
	{                                                                                                              \
		struct wire_##type read;                                                                               \
		return wire_##type##_read(object, arena, &read, why) ? wire_##type##_write(&read) : NULL;              \
	}
AGAIN_WIRE(session)
AGAIN_WIRE(device)
AGAIN_WIRE(tokens)
AGAIN_WIRE(oauth_error)
AGAIN_WIRE(credentials)
AGAIN_WIRE(problem)

static cJSON *again_booking(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct booking read;
	return wire_booking_read(object, arena, &read, why) ? wire_booking_write(&read, NULL) : NULL;
}

static cJSON *again_preview(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct preview read;
	return wire_preview_read(object, arena, &read, why) ? wire_preview_write(&read, NULL) : NULL;
}

static cJSON *again_wish(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_booking_request read;
	return wire_booking_request_read(object, arena, true, &read, why) ? wire_booking_request_write(&read) : NULL;
}

static cJSON *again_preview_wish(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_booking_request read;
	return wire_booking_request_read(object, arena, false, &read, why) ? wire_booking_request_write(&read) : NULL;
}

static cJSON *again_activity(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct activity read;
	return wire_activity_read(object, arena, &read, why) ? wire_activity_write(&read, NULL, true) : NULL;
}

static cJSON *again_card(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct card read;
	return wire_card_read(object, arena, &read, why) ? wire_card_write(&read, true) : NULL;
}

static cJSON *again_organisation(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct organisation read;
	return wire_organisation_read(object, arena, &read, why) ? wire_organisation_write(&read, true) : NULL;
}

static const struct type {
	char letter;
	cJSON *(*again)(const cJSON *object, struct arena *arena, struct problem *why);
	bool keeps_secrets;      /* a password is not for a screen and goes through as it is */
} types[] = {
	{ 's', again_space, false },   { 'r', again_resource, false }, { 'd', again_resource_day, false }, { 'b', again_booking, false },
	{ 'v', again_preview, false }, { 'm', again_member, false },   { 'l', again_session, false },      { 'c', again_credentials, true },
	{ 'w', again_wish, false },    { 'p', again_preview_wish, false }, { 'e', again_problem, false },
	{ 'D', again_device, false },  { 't', again_tokens, false },   { 'E', again_oauth_error, false },
	{ 'a', again_activity, false }, { 'k', again_card, false },   { 'o', again_organisation, false },
};

/* cJSON writes as \u only what is below a space. */
static bool holds_controls(const char *printed)
{
	for (const char *at = strchr(printed, '\\'); at; at = strchr(at + 2, '\\')) {
		if (at[1] == 'u')
			return true;
	}
	return strchr(printed, 0x7f) || strstr(printed, "\302\200") || strstr(printed, "\302\233") ||
	       strstr(printed, "\342\200\256") || strstr(printed, "\342\200\213");
}

static void read_type(const struct type *type, const cJSON *object)
{
	struct arena *arena = arena_new();
	struct problem why = { 0 };
	cJSON *once = type->again(object, arena, &why);
	MUST(once || (why.kind != PROBLEM_NONE && why.text[0]));
	if (once) {
		cJSON *twice = type->again(once, arena, &why);
		MUST(twice);
		char *a = cJSON_PrintUnformatted(once), *b = cJSON_PrintUnformatted(twice);
		MUST(a && b && strcmp(a, b) == 0);
		MUST(type->keeps_secrets || !holds_controls(a));
		cJSON_free(a);
		cJSON_free(b);
		cJSON_Delete(twice);
	} else {
		MUST(text_is_clean(why.text, strlen(why.text), TEXT_ONE_LINE, PROBLEM_TEXT_MAX));
	}
	cJSON_Delete(once);
	arena_free(arena);
}

/* ---- what a server reads, and never writes ---- */

static void check_shown(const char *text)
{
	MUST(!text || text_is_clean(text, strlen(text), TEXT_MANY_LINES, TEXT_BODY_MAX));
}

static bool takes_plan(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct activity read;
	bool taken = wire_activity_plan_read(object, arena, &read, why);
	if (taken)
		check_shown(read.title), check_shown(read.description);
	return taken;
}

static bool takes_change(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct activity changed;
	bool move_last;
	const cJSON *before = cJSON_GetObjectItemCaseSensitive(object, "before"), *change = cJSON_GetObjectItemCaseSensitive(object, "change");
	bool taken = wire_activity_read(before ? before : object, arena, &changed, why) &&
	             wire_activity_change_read(change ? change : object, arena, &changed, &move_last, why);
	if (taken)
		check_shown(changed.title), check_shown(changed.cancel_reason);
	return taken;
}

static bool takes_booking_change(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct booking before = { .resource_id = "", .when = { { 2026, 7, 15 }, DAY_PART_MORNING, { 0, 0 } } };
	struct wire_booking_change change;
	bool taken = wire_booking_change_read(object, arena, &before, &change, why);
	if (taken)
		check_shown(change.particulars.title), check_shown(change.particulars.note);
	return taken;
}

static bool takes_move(const cJSON *object, struct arena *arena, struct problem *why)
{
	int place;
	const char *reason = NULL;
	bool taken = wire_move_read(object, arena, &place, &reason, why);
	if (taken)
		check_shown(reason);
	return taken;
}

static bool takes_attendance(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_attendance read;
	bool taken = wire_attendance_read(object, arena, &read, why);
	if (taken)
		check_shown(read.reason);
	return taken;
}

static bool takes_closing(const cJSON *object, struct arena *arena, struct problem *why)
{
	(void)arena;
	return wire_closing_read(object, why);
}

static bool takes_signup(const cJSON *object, struct arena *arena, struct problem *why)
{
	(void)arena;
	struct signup read;
	return wire_signup_read(object, &read, why);
}

static bool takes_signup_request(const cJSON *object, struct arena *arena, struct problem *why)
{
	(void)arena;
	int accepted;
	return wire_signup_request_read(object, &accepted, why);
}

static bool takes_series_rule(const cJSON *object, struct arena *arena, struct problem *why)
{
	(void)arena;
	struct series_rule rule;
	return wire_series_rule_read(object, &rule, why);
}

static const struct {
	char letter;
	bool (*takes)(const cJSON *object, struct arena *arena, struct problem *why);
} requests[] = {
	{ '1', takes_plan }, { '2', takes_change }, { '3', takes_booking_change }, { '4', takes_move }, { '5', takes_attendance },
	{ '6', takes_closing }, { '7', takes_signup }, { '8', takes_signup_request }, { '9', takes_series_rule },
};

static void read_request(char letter, const char *text, size_t length)
{
	struct arena *arena = arena_new();
	struct problem why = { 0 };
	cJSON *object = wire_parse(text, length, NULL);
	for (size_t i = 0; object && i < COUNT_OF(requests); i++) {
		if (requests[i].letter != letter || requests[i].takes(object, arena, &why))
			continue;
		MUST(why.kind != PROBLEM_NONE && why.text[0]);
		MUST(text_is_clean(why.text, strlen(why.text), TEXT_ONE_LINE, PROBLEM_TEXT_MAX));
	}
	cJSON_Delete(object);
	arena_free(arena);
}

/* As a list: every element is one of the type. */
static void read_list(const struct type *type, const char *bytes, size_t length)
{
	struct wire_list list;
	struct problem why = { 0 };
	cJSON *element;
	size_t count = 0;
	enum wire_list_step step = WIRE_LIST_BROKEN;
	if (wire_list_open(&list, bytes, length, &why)) {
		while ((step = wire_list_next(&list, &element, &why)) == WIRE_LIST_ELEMENT) {
			MUST(list.index == count++ && element);
			read_type(type, element);
			cJSON_Delete(element);
		}
	}
	MUST(step == WIRE_LIST_END || (why.kind != PROBLEM_NONE && why.text[0]));
	cJSON *whole = wire_parse(bytes, length, NULL);
	const cJSON *items = cJSON_GetObjectItemCaseSensitive(whole, "items");
	MUST(step != WIRE_LIST_END || (whole ? cJSON_GetArraySize(items) == (int)count : count > 0));
	cJSON_Delete(whole);
	wire_list_close(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length == 0)
		return 0;
	if (bytes[0] >= '1' && bytes[0] <= '9') {
		read_request((char)bytes[0], (const char *)bytes + 1, length - 1);
		return 0;
	}
	const struct type *type = &types[bytes[0] % COUNT_OF(types)];
	for (size_t i = 0; i < COUNT_OF(types); i++)
		type = types[i].letter == (char)bytes[0] ? &types[i] : type;
	const char *text = (const char *)bytes + 1;
	struct problem why = { 0 };
	cJSON *object = wire_parse(text, length - 1, &why);
	MUST(object || (why.kind != PROBLEM_NONE && why.text[0]));
	if (object)
		read_type(type, object);
	cJSON_Delete(object);
	read_list(type, text, length - 1);
	return 0;
}
