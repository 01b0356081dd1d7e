/* What is written is read back as it was, what is kept in golden/ stays as it is, and what is wrong is said to be wrong, where.
 * HACKTIV_RENEW=1 writes the golden files anew. */
#include "types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MORNING { { 2026, 11, 25 }, DAY_PART_MORNING, { 0, 0 } }
#define HOURS { { 2026, 11, 26 }, DAY_PART_HOURS, { 14 * 60, 16 * 60 + 30 } }
#define START 1795593600   /* 2026-11-25 09:00 in Chimay */

static const char *golden_directory;
static struct zones *zones;

const struct zone *brussels(void)
{
	const struct zone *zone = zones_find(zones, "Europe/Brussels", NULL);
	assert_non_null(zone);
	return zone;
}

/* ---- one value of each type ---- */

static const struct closure closures[] = {
	{ { 2026, 12, 24 }, { 2027, 1, 3 }, "Fermeture d'hiver" },
	{ { 2026, 12, 1 }, { 2026, 12, 1 }, "" },
};

static struct space a_space(void)
{
	struct opening_day long_day = { { { 8 * 60 + 30, 12 * 60 + 30 }, { 13 * 60 + 30, 17 * 60 + 30 } }, 2 };
	struct opening_day to_midnight = { { { 18 * 60, 24 * 60 } }, 1 };
	return (struct space){
		.id = "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", .slug = "ferme", .name = "La Ferme", .former_name = "L'Œuvre",
		.description = "Une ferme.\nDes serres, un « café ».", .street = "Rue de la Fontaine 1", .postcode = "6460",
		.town = "Chimay", .country = COUNTRY_BELGIUM, .time_zone = "Europe/Brussels", .operator_name = "Coopérative",
		.phone = "+3260000000", .access_note = "Sonner.\nBus 156.", .granule_s = 1800, .vat_permille = 210, .version = 7,
		.sample_data = true,
		.opening = { .week = { long_day, long_day, { .count = 0 }, long_day, to_midnight }, .boundary = 13 * 60 + 30,
			     .country = COUNTRY_BELGIUM, .open_on_holidays = true, .closures = closures, .closure_count = 2 },
		.today = { .date = { 2026, 11, 25 }, .opening = { .reason = "", .hours = long_day }, .desks = 12,
			   .free_morning = 3, .free_afternoon = 5 },
	};
}

static cJSON *write_space(void)
{
	struct space space = a_space();
	return wire_space_write(&space);
}

static cJSON *write_space_closed(void)
{
	struct space space = a_space();
	space.vat_permille = -1;
	space.today.opening = (struct opening_state){ .closed = CLOSED_HOLIDAY, .holiday = HOLIDAY_BELGIAN_NATIONAL_DAY, .reason = "" };
	return wire_space_write(&space);
}

static cJSON *write_space_closure(void)
{
	struct space space = a_space();
	space.today.opening = (struct opening_state){ .closed = CLOSED_CLOSURE, .reason = "Fermeture d'hiver" };
	return wire_space_write(&space);
}

static const struct resource a_desk = {
	.id = "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", .name = "Les Serres 3", .area = "Les Serres", .note = "Près de la fenêtre",
	.kind = RESOURCE_DESK, .state = RESOURCE_OUT_OF_ORDER, .state_reason = "écran en panne",
	.amenities = AMENITY_SCREEN | AMENITY_STEP_FREE | AMENITY_WINDOW, .capacity = 2, .half_day_cents = 800, .day_cents = 1400, .hour_cents = -1,
	.cancel_minutes = 60, .version = 3,
};

static cJSON *write_resource(void)
{
	return wire_resource_write(&a_desk);
}

static cJSON *write_resource_untold(void)
{
	struct resource resource = a_desk;
	resource.half_day_cents = resource.day_cents = -1;
	resource.amenities = 0;
	resource.kind = RESOURCE_MEETING_ROOM;
	resource.state = RESOURCE_VISIBLE;
	return wire_resource_write(&resource);
}

static cJSON *write_resource_by_hour(void)
{
	struct resource room = a_desk;
	room.kind = RESOURCE_STUDIO;
	room.by_hour = room.frees_on_check_out = true;
	room.approval = APPROVAL_STAFF;
	room.hour_cents = 2000;
	return wire_resource_write(&room);
}

/* Two people back to back; the second is who asks. */
static const struct busy a_morning[] = {
	{ { 9 * 60, 10 * 60 + 15 }, false, "" }, { { 10 * 60 + 15, 13 * 60 }, true, "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e" },
	{ { 23 * 60, 24 * 60 }, false, "" },
};

static cJSON *write_resource_day(void)
{
	return wire_resource_day_write(&(struct resource_day){ .resource = a_desk, .morning = SLOT_MINE, .busy = a_morning, .busy_count = COUNT_OF(a_morning),
		.afternoon = SLOT_TAKEN, .my_booking_id = "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e" });
}

static cJSON *write_resource_day_free(void)
{
	return wire_resource_day_write(&(struct resource_day){ .resource = a_desk, .morning = SLOT_PAST, .afternoon = SLOT_FREE,
		.my_booking_id = "" });
}

static const struct booking a_booking = {
	.id = "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e", .space_id = "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", .space_name = "La Ferme",
	.space_town = "Chimay", .country = COUNTRY_BELGIUM, .time_zone = "Europe/Brussels",
	.resource_id = "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", .resource_name = "Les Serres 3", .resource_area = "Les Serres",
	.resource_kind = RESOURCE_MEETING_ROOM, .when = MORNING, .start_at = START, .end_at = START + 4 * 3600,
	.state = BOOKING_PENDING, .cancel_until = START - 3600, .price = { 800, 210, 968 }, .version = 9007199254740991,
	.payment = { PAY_PRICE, "", 0, { 800, 210, 968 }, false },
	.created_at = START - 86400,
};

static cJSON *write_booking(void)
{
	return wire_booking_write(&a_booking, brussels());
}

static cJSON *write_booking_untold(void)
{
	struct booking booking = a_booking;
	booking.price = booking.payment.due = (struct price){ -1, -1, -1 };
	booking.created_at = 0;
	booking.state = BOOKING_CANCELLED;
	booking.when.part = DAY_PART_WHOLE;
	return wire_booking_write(&booking, brussels());
}

static cJSON *write_booking_hours(void)
{
	struct booking booking = a_booking;
	booking.when = (struct period)HOURS;
	booking.start_at = START + 29 * 3600;
	booking.end_at = booking.start_at + 9000;
	booking.state = BOOKING_CONFIRMED;
	booking.state_reason = "Avec plaisir";
	booking.payment = (struct payment){ PAY_CARNET, "0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0f", 2, { 0, 210, 0 }, true };
	booking.checked_in_at = booking.checked_out_at = booking.start_at - 60;
	booking.no_show = true;
	return wire_booking_write(&booking, brussels());
}

static const struct alternative alternatives[] = {
	{ "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", "La Ferme", "9a1b2c3d-70aa-8b44-b1f0-2b9d5a6e7f81", "Les Serres 4", "Les Serres",
	  RESOURCE_DESK, MORNING },
	{ "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", "La Ferme", "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", "Viroin", "",
	  RESOURCE_PHONE_BOOTH, { { 2026, 11, 26 }, DAY_PART_AFTERNOON, { 0, 0 } } },
	{ "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21", "La Ferme", "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", "La Grange", "Cour",
	  RESOURCE_STUDIO, HOURS },
};

static cJSON *write_preview(void)
{
	static const struct obstacle obstacles[] = { { RULE_SLOT_TAKEN, "" }, { RULE_TOO_FAR_AHEAD, "92 jours" } };
	struct preview preview = { a_booking, obstacles, 2, alternatives, COUNT_OF(alternatives) };
	preview.booking.id = "";
	preview.booking.created_at = 0;
	preview.booking.version = 0;
	return wire_preview_write(&preview, brussels());
}

static cJSON *write_preview_closed(void)
{
	static const struct obstacle obstacles[] = { { RULE_SPACE_CLOSED, "fête nationale belge" } };
	struct preview preview = { a_booking, obstacles, 1, NULL, 0 };
	preview.booking.id = "";
	preview.booking.start_at = preview.booking.end_at = preview.booking.cancel_until = preview.booking.created_at = 0;
	preview.booking.version = 0;
	return wire_preview_write(&preview, brussels());
}

static const struct member a_member = {
	"7d7e1d0e-5f0a-8c3f-9a52-1f7c7c1f1c11", "demo", "Camille d'Aubigné", "0b5d6e5a-9b1c-8a77-8d10-6f2f3d0c9e21",
	"4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80",
};

static cJSON *write_member(void)
{
	return wire_member_write(&a_member);
}

static cJSON *write_booking_request(void)
{
	return wire_booking_request_write(&(struct wire_booking_request){
		"0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e", "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", MORNING, { 0 } });
}

static cJSON *write_booking_request_hours(void)
{
	return wire_booking_request_write(&(struct wire_booking_request){
		"0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e", "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", HOURS, { 0 } });
}

static cJSON *write_preview_request(void)
{
	return wire_booking_request_write(&(struct wire_booking_request){ "", "4c2f5e3d-70aa-8b44-b1f0-2b9d5a6e7f80", MORNING, { 0 } });
}

static cJSON *write_session(void)
{
	return wire_session_write(&(struct wire_session){ .token = "hkt_5Xb0kqk4Jm3yJpZ0m8mE2mZ9m1fX8o3cT7gq2vVJr1A", .expires_at = START,
		                                           .member = a_member });
}

static cJSON *write_problem(void)
{
	return wire_problem_write(&(struct wire_problem){ "/problems/validation", "Invalid request", "“role” is not known here.", 422,
	                                                  "/role", alternatives, 2 });
}

static cJSON *write_problem_plain(void)
{
	return wire_problem_write(&(struct wire_problem){ "", "Forbidden", "", 403, "", NULL, 0 });
}

/* ---- read, and written again ---- */

static cJSON *again_space(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct space space;
	return wire_space_read(object, arena, &space, why) ? wire_space_write(&space) : NULL;
}

static cJSON *again_resource(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct resource resource;
	return wire_resource_read(object, arena, &resource, why) ? wire_resource_write(&resource) : NULL;
}

static cJSON *again_resource_day(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct resource_day row;
	return wire_resource_day_read(object, arena, &row, why) ? wire_resource_day_write(&row) : NULL;
}

static cJSON *again_booking(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct booking booking;
	return wire_booking_read(object, arena, &booking, why) ? wire_booking_write(&booking, brussels()) : NULL;
}

static cJSON *again_preview(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct preview preview;
	return wire_preview_read(object, arena, &preview, why) ? wire_preview_write(&preview, brussels()) : NULL;
}

static cJSON *again_member(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct member member;
	return wire_member_read(object, arena, &member, why) ? wire_member_write(&member) : NULL;
}

static cJSON *again_booking_request(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_booking_request request;
	return wire_booking_request_read(object, arena, true, &request, why) ? wire_booking_request_write(&request) : NULL;
}

static cJSON *again_preview_request(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_booking_request request;
	return wire_booking_request_read(object, arena, false, &request, why) ? wire_booking_request_write(&request) : NULL;
}

static cJSON *again_session(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_session session;
	return wire_session_read(object, arena, &session, why) ? wire_session_write(&session) : NULL;
}

static cJSON *again_problem(const cJSON *object, struct arena *arena, struct problem *why)
{
	struct wire_problem problem;
	return wire_problem_read(object, arena, &problem, why) ? wire_problem_write(&problem) : NULL;
}

static const struct type booking_types[] = {
	{ "space", write_space, again_space, false },
	{ "space-closed", write_space_closed, again_space, false },
	{ "space-closure", write_space_closure, again_space, false },
	{ "resource", write_resource, again_resource, false },
	{ "resource-untold", write_resource_untold, again_resource, false },
	{ "resource-by-hour", write_resource_by_hour, again_resource, false },
	{ "resource-day", write_resource_day, again_resource_day, false },
	{ "resource-day-free", write_resource_day_free, again_resource_day, false },
	{ "booking", write_booking, again_booking, false },
	{ "booking-hours", write_booking_hours, again_booking, false },
	{ "booking-untold", write_booking_untold, again_booking, false },
	{ "preview", write_preview, again_preview, false },
	{ "preview-closed", write_preview_closed, again_preview, false },
	{ "member", write_member, again_member, false },
	{ "booking-request", write_booking_request, again_booking_request, false },
	{ "booking-request-hours", write_booking_request_hours, again_booking_request, false },
	{ "preview-request", write_preview_request, again_preview_request, false },
	{ "session", write_session, again_session, false },
	{ "problem", write_problem, again_problem, false },
	{ "problem-plain", write_problem_plain, again_problem, false },
};

static size_t type_count(void)
{
	return COUNT_OF(booking_types) + community_type_count + oauth_type_count;
}

static const struct type *type_at(size_t index)
{
	if (index < COUNT_OF(booking_types))
		return &booking_types[index];
	index -= COUNT_OF(booking_types);
	return index < community_type_count ? &community_types[index] : &oauth_types[index - community_type_count];
}

/* ---- golden files ---- */

static char *text_of(struct arena *arena, cJSON *object)
{
	char *printed = cJSON_Print(object);
	char *text = arena_print(arena, "%s\n", printed);
	cJSON_free(printed);
	cJSON_Delete(object);
	return text;
}

static const char *golden_path(struct arena *arena, const struct type *type)
{
	return arena_print(arena, "%s/%s.json", golden_directory, type->name);
}

static char *golden(struct arena *arena, const struct type *type)
{
	struct buffer text;
	struct problem why = { 0 };
	if (!path_read(golden_path(arena, type), 1 << 20, &text, &why))
		fail_msg("%s", why.text);
	char *copy = arena_copy_text(arena, text.bytes);
	buffer_clear(&text);
	return copy;
}

static void renew(struct arena *arena, const struct type *type, const char *text)
{
	FILE *file = fopen(golden_path(arena, type), "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_written_as_kept(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < type_count(); i++) {
		char *text = text_of(arena, type_at(i)->write());
		if (getenv("HACKTIV_RENEW"))
			renew(arena, type_at(i), text);
		assert_string_equal(text, golden(arena, type_at(i)));
	}
	arena_free(arena);
}

static void test_read_and_written_again(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < type_count(); i++) {
		struct problem why = { 0 };
		const char *text = golden(arena, type_at(i));
		cJSON *object = wire_parse(text, strlen(text), &why);
		cJSON *again = type_at(i)->again(object, arena, &why);
		if (!again)
			fail_msg("%s: %s %s", type_at(i)->name, why.field, why.text);
		assert_string_equal(text_of(arena, again), text);
		cJSON_Delete(object);
	}
	arena_free(arena);
}

/* ---- members that are wrong ---- */

static const struct type *type_named(const char *name)
{
	for (size_t i = 0; i < type_count(); i++) {
		if (strcmp(type_at(i)->name, name) == 0)
			return type_at(i);
	}
	fail_msg("no type %s", name);
	return NULL;
}

/* The object that holds the last name of a pointer; lists by number. */
static cJSON *holder(cJSON *object, const char *pointer, const char **last)
{
	for (;;) {
		size_t length = strcspn(pointer + 1, "/");
		if (!pointer[1 + length]) {
			*last = pointer + 1;
			return object;
		}
		struct arena *arena = arena_new();
		char *name = arena_copy_bytes(arena, pointer + 1, length);
		object = cJSON_IsArray(object) ? cJSON_GetArrayItem(object, (int)strtol(name, NULL, 10))
		                               : cJSON_GetObjectItemCaseSensitive(object, name);
		arena_free(arena);
		assert_non_null(object);
		pointer += 1 + length;
	}
}

/* `value` NULL: the member is taken away. */
static cJSON *with(struct arena *arena, const struct type *type, const char *pointer, const char *value)
{
	const char *text = golden(arena, type), *last;
	cJSON *object = cJSON_Parse(text);
	cJSON *at = holder(object, pointer, &last);
	if (cJSON_IsArray(at)) {
		cJSON_ReplaceItemInArray(at, (int)strtol(last, NULL, 10), cJSON_Parse(value));
		return object;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(at, last);
	if (value)
		cJSON_AddItemToObject(at, last, cJSON_Parse(value));
	return object;
}

static const struct change booking_changes[] = {
	{ "space", "/id", MISSING, "/id" },
	{ "space", "/id", "null", "/id" },
	{ "space", "/id", "7", "/id" },
	{ "space", "/id", "\"\"", "/id" },
	{ "space", "/id", "\"\\u200b\"", "/id" },
	{ "space", "/name", "[]", "/name" },
	{ "space", "/time_zone", MISSING, "/time_zone" },
	{ "space", "/slug", MISSING, FINE },
	{ "space", "/slug", "7", FINE },
	{ "space", "/country", "\"XX\"", FINE },
	{ "space", "/brand_new", "{\"a\":[1]}", FINE },
	{ "space", "/granule_s", "0", "/granule_s" },
	{ "space", "/granule_s", "901", "/opening/granule_s" },
	{ "space", "/granule_s", "\"900\"", "/granule_s" },
	{ "space", "/vat_permille", "1001", "/vat_permille" },
	{ "space", "/vat_permille", "20.5", "/vat_permille" },
	{ "space", "/version", "9007199254740994", "/version" },
	{ "space", "/version", "-1", "/version" },
	{ "space", "/opening", MISSING, FINE },
	{ "space", "/opening", "null", FINE },
	{ "space", "/opening", "[]", "/opening" },
	{ "space", "/opening/week", "\"always\"", "/opening/week" },
	{ "space", "/opening/week", "[[],[]]", "/opening/week" },
	{ "space", "/opening/week", "[[],[],[],[],[],[],[],[]]", "/opening/week" },
	{ "space", "/opening/week/0", "[[\"08:30\"]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[\"08:30\",\"08:30\"]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[\"18:00\",\"08:30\"]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[\"13:00\",\"14:00\"],[\"08:00\",\"09:00\"]]", "/opening/week" },
	{ "space", "/opening/week/0", "[[\"08:00\",\"09:00\"],[\"09:00\",\"10:00\"]]", "/opening/week" },
	{ "space", "/opening/week/0", "[[\"8:30\",\"12:30\"]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[\"08:60\",\"12:30\"]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[\"08:30\",\"24:30\"]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[510,750]]", "/opening/week/hours" },
	{ "space", "/opening/week/0", "[[\"01:00\",\"02:00\"],[\"03:00\",\"04:00\"],[\"05:00\",\"06:00\"],[\"07:00\",\"08:00\"]]",
	  "/opening/week/hours" },
	{ "space", "/opening/boundary", MISSING, FINE },
	{ "space", "/opening/boundary", "\"noon\"", "/opening/boundary" },
	{ "space", "/opening/boundary", "780", "/opening/boundary" },
	{ "space", "/opening/closures", "{}", "/opening/closures" },
	{ "space", "/opening/closures/0/from", "\"2026-02-30\"", "/opening/closures/from" },
	{ "space", "/opening/closures/0/until", "\"2026-12-01\"", "/opening/closures" },
	{ "space", "/opening/closures/0/until", MISSING, "/opening/closures/until" },
	{ "space", "/day", MISSING, FINE },
	{ "space", "/day", "\"monday\"", "/day" },
	{ "space", "/day/date", MISSING, "/day/date" },
	{ "space", "/day/date", "\"25/11/2026\"", "/day/date" },
	{ "space", "/day/closed", "\"on_the_moon\"", FINE },
	{ "space", "/day/desks", "-1", "/day/desks" },
	{ "space", "/day/free_morning", "1e9", "/day/free_morning" },
	{ "space-closed", "/day/holiday", "\"pi_day\"", FINE },
	{ "resource", "/id", MISSING, "/id" },
	{ "resource", "/kind", "\"throne\"", "/kind" },
	{ "resource", "/kind", MISSING, "/kind" },
	{ "resource", "/state", "\"haunted\"", FINE },
	{ "resource", "/amenities", "[\"screen\",\"sauna\",7]", FINE },
	{ "resource", "/amenities", "\"screen\"", "/amenities" },
	{ "resource", "/capacity", "0", "/capacity" },
	{ "resource", "/capacity", "501", "/capacity" },
	{ "resource", "/half_day_cents", "-800", "/half_day_cents" },
	{ "resource", "/half_day_cents", "\"8.00\"", "/half_day_cents" },
	{ "resource", "/half_day_cents", "null", FINE },
	{ "resource", "/cancel_minutes", "1e300", "/cancel_minutes" },
	{ "resource-day", "/resource", MISSING, "/resource/id" },
	{ "resource-day", "/resource", "[]", "/resource/id" },
	{ "resource-day", "/resource/name", "5", "/resource/name" },
	{ "resource-day", "/morning", "\"perhaps\"", "/morning" },
	{ "resource-day", "/afternoon", MISSING, "/afternoon" },
	{ "resource-day", "/my_booking_id", "null", FINE },
	{ "resource", "/by_hour", MISSING, FINE },
	{ "resource", "/hour_cents", "-5", "/hour_cents" },
	{ "resource-day", "/busy", MISSING, FINE },
	{ "resource-day", "/busy", "null", FINE },
	{ "resource-day", "/busy", "{}", "/busy" },
	{ "resource-day", "/busy/0", "7", "/busy/start" },
	{ "resource-day", "/busy/0/start", "540", "/busy/start" },
	{ "resource-day", "/busy/0/end", "\"09:00\"", "/busy/end" },
	{ "resource-day", "/busy/0/end", "\"10:30\"", "/busy/start" },
	{ "resource-day", "/busy/2/end", "\"24:15\"", "/busy/end" },
	{ "resource-day", "/busy/0/who", "\"Camille\"", "/busy/who" },
	{ "resource-day", "/busy/1/booking_id", MISSING, FINE },
	{ "booking", "/id", MISSING, "/id" },
	{ "booking", "/id", "\"\"", "/id" },
	{ "booking", "/space_id", MISSING, "/space_id" },
	{ "booking", "/date", "\"2101-01-01\"", "/date" },
	{ "booking", "/part", "\"evening\"", "/part" },
	{ "booking", "/part", "\"AM\"", "/part" },
	{ "booking", "/part", "\"hours\"", "/hours" },
	{ "booking", "/hours", "[\"09:00\",\"10:00\"]", FINE },
	{ "booking-hours", "/hours", MISSING, "/hours" },
	{ "booking-hours", "/hours", "[\"14:00\"]", "/hours" },
	{ "booking-hours", "/hours", "[\"16:00\",\"14:00\"]", "/hours" },
	{ "booking-hours", "/hours", "[840,960]", "/hours" },
	{ "booking", "/start", MISSING, "/start" },
	{ "booking", "/start", "null", "/start" },
	{ "booking", "/start", "1795593600", "/start" },
	{ "booking", "/start", "\"2026-11-25T09:00:00\"", "/start" },
	{ "booking", "/start", "\"2026-11-25T08:00:00Z\"", FINE },
	{ "booking", "/end", "\"2026-11-25T09:00:00+01:00\"", "/end" },
	{ "booking", "/cancel_until", MISSING, FINE },
	{ "booking", "/cancel_until", "\"soon\"", "/cancel_until" },
	{ "booking", "/created_at", "null", FINE },
	{ "booking", "/state", "\"dreamt\"", "/state" },
	{ "booking", "/state", "7", "/state" },
	{ "booking", "/resource_kind", "\"throne\"", FINE },
	{ "booking", "/net_cents", "1e12", "/net_cents" },
	{ "preview", "/booking", MISSING, "/booking/space_id" },
	{ "preview", "/booking/date", "7", "/booking/date" },
	{ "preview", "/obstacles", "{}", "/obstacles" },
	{ "preview", "/obstacles/0/rule", "\"full-moon\"", FINE },
	{ "preview", "/alternatives", "7", "/alternatives" },
	{ "preview", "/alternatives", MISSING, FINE },
	{ "preview", "/alternatives/1/part", MISSING, "/alternatives/part" },
	{ "preview", "/alternatives/2/part", MISSING, FINE },
	{ "preview", "/alternatives/2/end", MISSING, "/alternatives/end" },
	{ "member", "/id", MISSING, "/id" },
	{ "member", "/name", "\"\\u0007\"", "/name" },
	{ "member", "/home_space_id", "null", FINE },
	{ "booking-request", "/id", MISSING, "/id" },
	{ "booking-request", "/id", "\"0193A1F2-7A10-7C3E-9F00-5D8A3B2C1D0E\"", "/id" },
	{ "booking-request", "/id", "\" 0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e\"", "/id" },
	{ "booking-request", "/resource_id", "\"../x\"", "/resource_id" },
	{ "booking-request", "/date", "\"tomorrow\"", "/date" },
	{ "booking-request", "/part", "null", "/part" },
	{ "booking-request", "/part", "\"hours\"", "/start" },
	{ "booking-request", "/start", "\"14:00\"", "/part" },
	{ "booking-request", "/end", "null", "/part" },
	{ "booking-request-hours", "/part", MISSING, FINE },
	{ "booking-request-hours", "/part", "null", FINE },
	{ "booking-request-hours", "/part", "\"am\"", "/part" },
	{ "booking-request-hours", "/start", MISSING, "/start" },
	{ "booking-request-hours", "/start", "\"2026-11-26T14:00:00+01:00\"", "/start" },
	{ "booking-request-hours", "/start", "\"14h\"", "/start" },
	{ "booking-request-hours", "/end", "\"14:00\"", "/end" },
	{ "booking-request-hours", "/end", "\"24:00\"", FINE },
	{ "booking-request-hours", "/end", "\"24:15\"", "/end" },
	{ "booking-request", "/member_id", "\"x\"", "/member_id" },
	{ "booking-request", "/a~b", "1", "/a~0b" },
	{ "preview-request", "/id", "\"0193a1f2-7a10-7c3e-9f00-5d8a3b2c1d0e\"", "/id" },
	{ "session", "/token", MISSING, "/token" },
	{ "session", "/token", "\"a\\r\\nX-Evil: 1\"", "/token" },
	{ "session", "/token", "\"a b\"", "/token" },
	{ "session", "/expires_at", "3600", "/expires_at" },
	{ "session", "/member", "null", "/member/id" },
	{ "session", "/token_type", "\"MAC\"", FINE },
	{ "problem", "/type", "7", FINE },
	{ "problem", "/status", "\"422\"", FINE },
	{ "problem", "/errors", "7", FINE },
	{ "problem", "/alternatives", "{\"a\":1}", FINE },
	{ "problem", "/alternatives/0/date", "7", FINE },
};

static void check_change(struct arena *arena, const struct change *change)
{
	const struct type *type = type_named(change->type);
	const char *value = change->value ? change->value : "nothing";
	struct problem why = { 0 };
	cJSON *object = with(arena, type, change->pointer, change->value);
	cJSON *again = type->again(object, arena, &why);
	if (!change->wrong && !again)
		fail_msg("%s %s = %s: %s %s", type->name, change->pointer, value, why.field, why.text);
	if (change->wrong && again)
		fail_msg("%s %s = %s: taken", type->name, change->pointer, value);
	if (change->wrong && strcmp(why.field, change->wrong) != 0)
		fail_msg("%s %s = %s: told at %s: %s", type->name, change->pointer, value, why.field, why.text);
	if (change->wrong)
		assert_null(type->again(object, arena, NULL));
	cJSON_Delete(again);
	cJSON_Delete(object);
}

static void test_changes(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(booking_changes); i++)
		check_change(arena, &booking_changes[i]);
	for (size_t i = 0; i < community_change_count; i++)
		check_change(arena, &community_changes[i]);
	for (size_t i = 0; i < oauth_change_count; i++)
		check_change(arena, &oauth_changes[i]);
	arena_free(arena);
}

/* ---- anything anywhere ---- */

static const char *const anything[] = {
	"null", "true", "7", "-1", "1e99", "2147483648", "\"\"", "\"x\"", "[]", "{}", "[[[]]]", "{\"id\":{}}", "[null]", "[7,\"x\",{}]",
};

/* Calls `change` once for each member and element of a tree, then puts the tree right again. */
static void at_each(cJSON *root, cJSON *parent, void (*change)(cJSON *root, cJSON *changed, const struct type *type),
                    const struct type *type)
{
	cJSON *child;
	cJSON_ArrayForEach(child, parent) {
		change(root, child, type);
		at_each(root, child, change, type);
	}
}

/* What is taken is taken again in the form it is written in; nothing crashes. */
static void read_changed(cJSON *root, const struct type *type)
{
	struct arena *arena = arena_new();
	struct problem why = { 0 };
	cJSON *again = type->again(root, arena, &why);
	if (again) {
		char *once = text_of(arena, cJSON_Duplicate(again, 1));
		cJSON *twice = type->again(again, arena, &why);
		if (!twice)
			fail_msg("%s: taken once, then not: %s %s\n%s", type->name, why.field, why.text, once);
		assert_string_equal(text_of(arena, twice), once);
		cJSON_Delete(again);
	} else {
		assert_int_not_equal(why.kind, PROBLEM_NONE);
		assert_int_not_equal(why.text[0], '\0');
	}
	arena_free(arena);
}

static void put_anything(cJSON *root, cJSON *child, const struct type *type)
{
	cJSON kept = *child;
	for (size_t i = 0; i < COUNT_OF(anything); i++) {
		cJSON *other = cJSON_Parse(anything[i]);
		child->type = other->type;
		child->child = other->child;
		child->valuestring = other->valuestring;
		child->valueint = other->valueint;
		child->valuedouble = other->valuedouble;
		read_changed(root, type);
		*child = kept;
		cJSON_Delete(other);
	}
	char *name = child->string;
	if (name) {
		child->string = (char[]){ "?" };   /* as if it were missing */
		read_changed(root, type);
		child->string = name;
	}
}

static void test_anything_anywhere(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < type_count(); i++) {
		cJSON *root = cJSON_Parse(golden(arena, type_at(i)));
		at_each(root, root, put_anything, type_at(i));
		for (size_t k = 0; k < COUNT_OF(anything); k++) {
			cJSON *alone = cJSON_Parse(anything[k]);
			read_changed(alone, type_at(i));
			cJSON_Delete(alone);
		}
		cJSON_Delete(root);
	}
	arena_free(arena);
}

/* Every text of every type goes through the gate. */
static void put_hostile_text(cJSON *root, cJSON *child, const struct type *type)
{
	if (!cJSON_IsString(child))
		return;
	char *kept = child->valuestring;
	child->valuestring = (char[]){ "a\033[31mb\302\233c\342\200\256d\342\200\213e" };
	struct arena *arena = arena_new();
	cJSON *again = type->again(root, arena, NULL);
	if (again) {
		char *text = text_of(arena, again);
		if (strstr(text, "\\u001b") || strstr(text, "\302\233") || strstr(text, "\342\200\256") || strstr(text, "\342\200\213"))
			fail_msg("%s: %s lets through what moves cursors:\n%s", type->name, child->string ? child->string : "?", text);
	}
	arena_free(arena);
	child->valuestring = kept;
}

static void test_hostile_text(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < type_count(); i++) {
		if (type_at(i)->keeps_secrets)
			continue;
		cJSON *root = cJSON_Parse(golden(arena, type_at(i)));
		at_each(root, root, put_hostile_text, type_at(i));
		cJSON_Delete(root);
	}
	arena_free(arena);
}

/* A password is what was typed, byte for byte. */
static void test_password_untouched(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *object = wire_credentials_write(&(struct wire_credentials){ .login = "demo", .password = " a\u200bpass word\" " });
	struct wire_credentials credentials;
	assert_true(wire_credentials_read(object, arena, &credentials, NULL));
	assert_string_equal(credentials.password, " a\u200bpass word\" ");
	cJSON_Delete(object);
	arena_free(arena);
}

static void test_long_text_is_cut(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *object = write_member();
	char *name = arena_get(arena, 100001);
	memset(name, 'a', 100000);
	cJSON_ReplaceItemInObjectCaseSensitive(object, "name", cJSON_CreateString(name));
	struct member member;
	assert_true(wire_member_read(object, arena, &member, NULL));
	assert_in_range(strlen(member.name), TEXT_NAME_MAX - 8, TEXT_NAME_MAX);
	cJSON_Delete(object);
	arena_free(arena);
}

static int start(void **state)
{
	(void)state;
	zones = zones_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

int main(int count, char **arguments)
{
	if (count != 2)
		die("usage: test_wire_types GOLDEN");
	golden_directory = arguments[1];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_as_kept),
		cmocka_unit_test(test_read_and_written_again),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_anything_anywhere),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_password_untouched),
		cmocka_unit_test(test_long_text_is_cut),
	};
	return cmocka_run_group_tests(tests, start, end);
}
