/* booking.c — a booking, and the wish for one. */
#include "inside.h"

static bool has(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return member && !cJSON_IsNull(member);
}

static bool times_read(const cJSON *object, struct booking *booking, struct problem *why)
{
	if (!wire_instant(object, "start", &booking->start_at, why) || !wire_instant(object, "end", &booking->end_at, why))
		return false;
	if (booking->end_at <= booking->start_at)
		return wire_wrong("end", _("“%s” should come after the start."), why);
	booking->cancel_until = booking->start_at;
	return !has(object, "cancel_until") || wire_instant(object, "cancel_until", &booking->cancel_until, why);
}

/* Start and end are instants here; the clock on the wall is told beside them. */
static bool part_read(const cJSON *object, struct period *when, struct problem *why)
{
	if (!wire_says_hours(object))
		return wire_part(object, &when->part, why);
	when->part = DAY_PART_HOURS;
	return wire_range(cJSON_GetObjectItemCaseSensitive(object, "hours"), &when->hours) ||
	       wire_wrong("hours", _("“%s” should be two times such as [\"14:00\",\"16:00\"]."), why);
}

static bool state_read(const cJSON *object, enum booking_state *state, struct problem *why)
{
	if (!has(object, "state"))
		return true;
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "state");
	if (cJSON_IsString(member) && booking_state_from_wire(member->valuestring, state))
		return true;
	return wire_wrong("state", _("“%s” should be confirmed, pending, cancelled, declined or lapsed."), why);
}

/* When it is not told, nothing is known but the price. */
static bool payment_read(const cJSON *object, struct arena *arena, struct booking *booking, struct problem *why)
{
	booking->payment = (struct payment){ PAY_PRICE, "", 0, booking->price, false };
	const cJSON *payment = cJSON_GetObjectItemCaseSensitive(object, "payment");
	if (!cJSON_IsObject(payment))
		return true;
	struct payment *to = &booking->payment;
	const cJSON *by = cJSON_GetObjectItemCaseSensitive(payment, "by");
	if (!cJSON_IsString(by) || !pay_by_from_wire(by->valuestring, &to->by)) {
		wire_wrong("by", _("“%s” should be price, pass, network_day or carnet."), why);
		return wire_within("payment", why);
	}
	to->pass_id = wire_text(payment, "pass_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	to->given_back = wire_bool(payment, "given_back", false);
	return (wire_small(payment, "half_days", 0, 2, 0, &to->half_days, why) &&
	        wire_small(payment, "net_cents", 0, CENTS_MAX, -1, &to->due.net_cents, why) &&
	        wire_small(payment, "vat_permille", 0, 1000, -1, &to->due.vat_permille, why) &&
	        wire_small(payment, "gross_cents", 0, 2 * CENTS_MAX, -1, &to->due.gross_cents, why)) ||
	       wire_within("payment", why);
}

static cJSON *payment_write(const struct payment *payment)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "by", pay_by_wire_name(payment->by));
	wire_add_filled(object, "pass_id", payment->pass_id);
	wire_add_int(object, "half_days", payment->half_days);
	wire_add_told(object, "net_cents", payment->due.net_cents);
	wire_add_told(object, "vat_permille", payment->due.vat_permille);
	wire_add_told(object, "gross_cents", payment->due.gross_cents);
	cJSON_AddBoolToObject(object, "given_back", payment->given_back);
	return object;
}

static bool presence_read(const cJSON *object, struct booking *booking, struct problem *why)
{
	booking->no_show = wire_bool(object, "no_show", false);
	return (!has(object, "checked_in_at") || wire_instant(object, "checked_in_at", &booking->checked_in_at, why)) &&
	       (!has(object, "checked_out_at") || wire_instant(object, "checked_out_at", &booking->checked_out_at, why));
}

static void presence_write(cJSON *object, const struct booking *booking, const struct zone *zone)
{
	if (booking->checked_in_at)
		wire_add_instant(object, "checked_in_at", zone, booking->checked_in_at);
	if (booking->checked_out_at)
		wire_add_instant(object, "checked_out_at", zone, booking->checked_out_at);
	cJSON_AddBoolToObject(object, "no_show", booking->no_show);
}

bool wire_planned_booking_read(const cJSON *object, struct arena *arena, struct booking *booking, struct problem *why)
{
	*booking = (struct booking){ .member_id = "", .member_name = "" };
	if (!wire_need_text(object, "space_id", WIRE_ID_MAX, arena, &booking->space_id, why) ||
	    !wire_need_text(object, "resource_id", WIRE_ID_MAX, arena, &booking->resource_id, why) ||
	    !wire_date(object, "date", &booking->when.date, why) || !part_read(object, &booking->when, why) ||
	    (has(object, "start") && !times_read(object, booking, why)) ||
	    (has(object, "created_at") && !wire_instant(object, "created_at", &booking->created_at, why)) ||
	    !state_read(object, &booking->state, why) ||
	    !wire_small(object, "net_cents", 0, CENTS_MAX, -1, &booking->price.net_cents, why) ||
	    !wire_small(object, "vat_permille", 0, 1000, -1, &booking->price.vat_permille, why) ||
	    !wire_small(object, "gross_cents", 0, 2 * CENTS_MAX, -1, &booking->price.gross_cents, why) ||
	    !payment_read(object, arena, booking, why) || !presence_read(object, booking, why) ||
	    !wire_int(object, "version", 0, INT64_C(1) << 53, 0, &booking->version, why))
		return false;
	booking->state_reason = wire_text(object, "state_reason", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	booking->id = wire_text(object, "id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	booking->space_name = wire_text(object, "space_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	booking->space_town = wire_text(object, "space_town", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	booking->country = country_from_code(wire_text(object, "country", TEXT_ONE_LINE, 8, arena));
	booking->time_zone = wire_text(object, "time_zone", TEXT_ONE_LINE, 64, arena);
	booking->resource_name = wire_text(object, "resource_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	booking->resource_area = wire_text(object, "resource_area", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	resource_kind_from_wire(wire_text(object, "resource_kind", TEXT_ONE_LINE, 40, arena), &booking->resource_kind);
	booking->series_id = wire_text(object, "series_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	booking->title = wire_text(object, "title", TEXT_ONE_LINE, BOOKING_TITLE_MAX, arena);
	booking->note = wire_text(object, "note", TEXT_MANY_LINES, BOOKING_NOTE_MAX, arena);
	booking->late = wire_bool(object, "late", false);
	return wire_small(object, "people", 0, 500, 0, &booking->people, why) && wire_small(object, "unit", 0, 500, 0, &booking->unit, why);
}

bool wire_booking_read(const cJSON *object, struct arena *arena, struct booking *booking, struct problem *why)
{
	if (!wire_planned_booking_read(object, arena, booking, why))
		return false;
	if (!*booking->id)
		return wire_wrong("id", _("“%s” should not be empty."), why);
	return booking->start_at || wire_wrong("start", _("“%s” is missing."), why);
}

cJSON *wire_booking_write(const struct booking *booking, const struct zone *zone)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", booking->id);
	cJSON_AddStringToObject(object, "space_id", booking->space_id);
	cJSON_AddStringToObject(object, "space_name", booking->space_name);
	cJSON_AddStringToObject(object, "space_town", booking->space_town);
	cJSON_AddStringToObject(object, "country", country_code(booking->country));
	cJSON_AddStringToObject(object, "time_zone", booking->time_zone);
	cJSON_AddStringToObject(object, "resource_id", booking->resource_id);
	cJSON_AddStringToObject(object, "resource_name", booking->resource_name);
	cJSON_AddStringToObject(object, "resource_area", booking->resource_area);
	cJSON_AddStringToObject(object, "resource_kind", resource_kind_wire_name(booking->resource_kind));
	wire_add_date(object, "date", booking->when.date);
	cJSON_AddStringToObject(object, "part", day_part_wire_name(booking->when.part));
	if (booking->when.part == DAY_PART_HOURS)
		cJSON_AddItemToObject(object, "hours", wire_range_write(booking->when.hours));
	if (booking->start_at) {
		wire_add_instant(object, "start", zone, booking->start_at);
		wire_add_instant(object, "end", zone, booking->end_at);
		wire_add_instant(object, "cancel_until", zone, booking->cancel_until);
	}
	cJSON_AddStringToObject(object, "state", booking_state_wire_name(booking->state));
	wire_add_filled(object, "state_reason", booking->state_reason);
	presence_write(object, booking, zone);
	wire_add_told(object, "net_cents", booking->price.net_cents);
	wire_add_told(object, "gross_cents", booking->price.gross_cents);
	wire_add_told(object, "vat_permille", booking->price.vat_permille);
	cJSON_AddStringToObject(object, "currency", "EUR");
	cJSON_AddItemToObject(object, "payment", payment_write(&booking->payment));
	wire_add_int(object, "version", booking->version);
	if (booking->created_at)
		wire_add_instant(object, "created_at", zone, booking->created_at);
	wire_add_filled(object, "series_id", booking->series_id);
	wire_add_filled(object, "title", booking->title);
	wire_add_filled(object, "note", booking->note);
	if (booking->people > 0)
		wire_add_int(object, "people", booking->people);
	if (booking->unit > 0)
		wire_add_int(object, "unit", booking->unit);
	if (booking->late)
		cJSON_AddTrueToObject(object, "late");
	return object;
}

/* As it was sent: a name that cleaning would change is no id. */
static bool strict_id(const cJSON *object, const char *name, struct arena *arena, const char **out, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsString(member) || !uuid_is_valid(member->valuestring))
		return wire_wrong(name, _("“%s” should be a UUID in lower case."), why);
	*out = arena_copy_text(arena, member->valuestring);
	return true;
}

static bool text_said(const cJSON *object, const char *name, enum text_shape shape, size_t most, struct arena *arena, const char **out,
                      struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	*out = member ? wire_text(object, name, shape, most, arena) : NULL;
	return !member || cJSON_IsNull(member) || cJSON_IsString(member) || wire_wrong(name, _("“%s” should be text."), why);
}

bool wire_particulars_read(const cJSON *object, struct arena *arena, struct wire_particulars *said, struct problem *why)
{
	said->people = -1;
	if (!text_said(object, "title", TEXT_ONE_LINE, BOOKING_TITLE_MAX, arena, &said->title, why) ||
	    !text_said(object, "note", TEXT_MANY_LINES, BOOKING_NOTE_MAX, arena, &said->note, why))
		return false;
	return !cJSON_HasObjectItem(object, "people") || wire_small(object, "people", 1, 500, 0, &said->people, why);
}

bool wire_booking_request_read(const cJSON *object, struct arena *arena, bool id_needed,
                               struct wire_booking_request *request, struct problem *why)
{
	static const char *const known[] = { "resource_id", "date", "part", "start", "end", "id", "title", "note", "people", NULL };
	static const char *const known_in_preview[] = { "resource_id", "date", "part", "start", "end", "title", "note", "people", NULL };
	*request = (struct wire_booking_request){ .id = "" };
	return wire_only(object, id_needed ? known : known_in_preview, why) &&
	       (!id_needed || strict_id(object, "id", arena, &request->id, why)) &&
	       strict_id(object, "resource_id", arena, &request->resource_id, why) &&
	       wire_period_read(object, &request->when, why) &&
	       wire_particulars_read(object, arena, &request->particulars, why);
}

cJSON *wire_booking_request_write(const struct wire_booking_request *request)
{
	cJSON *object = cJSON_CreateObject();
	if (*request->id)
		cJSON_AddStringToObject(object, "id", request->id);
	cJSON_AddStringToObject(object, "resource_id", request->resource_id);
	wire_period_write(object, request->when);
	wire_add_filled(object, "title", request->particulars.title);
	wire_add_filled(object, "note", request->particulars.note);
	if (request->particulars.people > 0)
		wire_add_int(object, "people", request->particulars.people);
	return object;
}
