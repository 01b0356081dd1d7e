/* activity.c — an activity, and what the person asking has to do with it. */
#include "inside.h"

#define WAITING_MAX 1000000

static bool times_read(const cJSON *object, struct activity *activity, struct problem *why)
{
	if (!wire_date(object, "date", &activity->date, why) || !wire_instant(object, "start", &activity->start_at, why) ||
	    !wire_instant(object, "end", &activity->end_at, why) ||
	    !wire_instant(object, "signup_until", &activity->signup_until, why) ||
	    !wire_instant(object, "withdraw_until", &activity->withdraw_until, why))
		return false;
	return activity->end_at > activity->start_at || wire_wrong("end", _("“%s” should come after the start."), why);
}

static bool state_read(const cJSON *object, enum activity_state *state, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "state");
	if (cJSON_IsString(member) && activity_state_from_wire(member->valuestring, state))
		return true;
	return wire_wrong("state", _("“%s” should be scheduled or cancelled."), why);
}

static bool mine_read(const cJSON *object, struct signup *mine, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "mine");
	if (!member || cJSON_IsNull(member))
		return true;
	return wire_signup_read(member, mine, why) || wire_within("mine", why);
}

/* {"version": 2, "text": "…"}; the text is not in lists. */
static bool conditions_read(const cJSON *object, struct arena *arena, struct activity *activity, struct problem *why)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "conditions");
	if (!member || cJSON_IsNull(member))
		return true;
	if (!cJSON_IsObject(member))
		return wire_wrong("conditions", _("“%s” should be an object."), why);
	activity->conditions = wire_text(member, "text", TEXT_MANY_LINES, TEXT_BODY_MAX, arena);
	return wire_small(member, "version", 1, CONDITIONS_MAX, 1, &activity->conditions_version, why) || wire_within("conditions", why);
}

static void conditions_write(cJSON *object, const struct activity *activity, bool whole)
{
	if (!activity->conditions_version) {
		cJSON_AddNullToObject(object, "conditions");
		return;
	}
	cJSON *conditions = cJSON_AddObjectToObject(object, "conditions");
	wire_add_int(conditions, "version", activity->conditions_version);
	if (whole && *activity->conditions)
		cJSON_AddStringToObject(conditions, "text", activity->conditions);
}

bool wire_activity_read(const cJSON *object, struct arena *arena, struct activity *activity, struct problem *why)
{
	*activity = (struct activity){ .format = ACTIVITY_OTHER, .conditions = "", .offer_minutes = OFFER_MINUTES_CUSTOM };
	if (!wire_need_text(object, "id", WIRE_ID_MAX, arena, &activity->id, why) ||
	    !wire_need_text(object, "space_id", WIRE_ID_MAX, arena, &activity->space_id, why) ||
	    !wire_need_text(object, "title", TEXT_NAME_MAX, arena, &activity->title, why) ||
	    !times_read(object, activity, why) || !state_read(object, &activity->state, why) ||
	    !wire_small(object, "capacity", 1, ACTIVITY_CAPACITY_MAX, 1, &activity->capacity, why) ||
	    !wire_small(object, "taken", 0, ACTIVITY_CAPACITY_MAX, 0, &activity->taken, why) ||
	    !wire_small(object, "waiting", 0, WAITING_MAX, 0, &activity->waiting, why) ||
	    !wire_int(object, "version", 0, INT64_C(1) << 53, 0, &activity->version, why) ||
	    !wire_small(object, "offer_minutes", OFFER_MINUTES_LEAST, OFFER_MINUTES_MAX, OFFER_MINUTES_CUSTOM, &activity->offer_minutes, why) ||
	    !wire_instant_told(object, "attendance_closed_at", &activity->attendance_closed_at, why) ||
	    !conditions_read(object, arena, activity, why) || !wire_languages_read(object, &activity->languages, why) || !mine_read(object, &activity->mine, why))
		return false;
	activity->space_name = wire_text(object, "space_name", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	activity->space_town = wire_text(object, "space_town", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	activity->country = country_from_code(wire_text(object, "country", TEXT_ONE_LINE, 8, arena));
	activity->time_zone = wire_text(object, "time_zone", TEXT_ONE_LINE, 64, arena);
	activity->summary = wire_text(object, "summary", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	activity->description = wire_text(object, "description", TEXT_MANY_LINES, TEXT_BODY_MAX, arena);
	activity->place = wire_text(object, "place", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	activity->organiser = wire_text(object, "organiser", TEXT_ONE_LINE, TEXT_NAME_MAX, arena);
	activity->note = wire_text(object, "note", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	activity->link = wire_text(object, "link", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	activity->online = wire_bool(object, "online", false);
	activity->organiser_id = wire_text(object, "organiser_id", TEXT_ONE_LINE, WIRE_ID_MAX, arena);
	activity->cancel_reason = wire_text(object, "cancel_reason", TEXT_ONE_LINE, TEXT_LINE_MAX, arena);
	waitlist_from_wire(wire_text(object, "waitlist", TEXT_ONE_LINE, 40, arena), &activity->waitlist);
	/* A format of tomorrow is still an activity. */
	activity_format_from_wire(wire_text(object, "format", TEXT_ONE_LINE, 40, arena), &activity->format);
	return true;
}

cJSON *wire_activity_write(const struct activity *activity, const struct zone *zone, bool whole)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "id", activity->id);
	cJSON_AddStringToObject(object, "space_id", activity->space_id);
	cJSON_AddStringToObject(object, "space_name", activity->space_name);
	cJSON_AddStringToObject(object, "space_town", activity->space_town);
	cJSON_AddStringToObject(object, "country", country_code(activity->country));
	cJSON_AddStringToObject(object, "time_zone", activity->time_zone);
	cJSON_AddStringToObject(object, "title", activity->title);
	cJSON_AddStringToObject(object, "summary", activity->summary);
	if (whole)
		cJSON_AddStringToObject(object, "description", activity->description);
	cJSON_AddStringToObject(object, "place", activity->place);
	cJSON_AddStringToObject(object, "organiser", activity->organiser);
	if (*activity->organiser_id)
		cJSON_AddStringToObject(object, "organiser_id", activity->organiser_id);
	cJSON_AddStringToObject(object, "note", activity->note);
	cJSON_AddStringToObject(object, "link", activity->link);
	cJSON_AddStringToObject(object, "format", activity_format_wire_name(activity->format));
	cJSON_AddBoolToObject(object, "online", activity->online);
	wire_add_languages(object, activity->languages);
	wire_add_date(object, "date", activity->date);
	wire_add_instant(object, "start", zone, activity->start_at);
	wire_add_instant(object, "end", zone, activity->end_at);
	cJSON_AddStringToObject(object, "state", activity_state_wire_name(activity->state));
	if (*activity->cancel_reason)
		cJSON_AddStringToObject(object, "cancel_reason", activity->cancel_reason);
	wire_add_int(object, "capacity", activity->capacity);
	wire_add_int(object, "taken", activity->taken);
	wire_add_int(object, "waiting", activity->waiting);
	wire_add_instant(object, "signup_until", zone, activity->signup_until);
	wire_add_instant(object, "withdraw_until", zone, activity->withdraw_until);
	cJSON_AddStringToObject(object, "waitlist", waitlist_wire_name(activity->waitlist));
	if (activity->waitlist == WAITLIST_OFFER)
		wire_add_int(object, "offer_minutes", activity->offer_minutes);
	conditions_write(object, activity, whole);
	if (activity->attendance_closed_at)
		wire_add_instant(object, "attendance_closed_at", zone, activity->attendance_closed_at);
	wire_add_int(object, "version", activity->version);
	cJSON_AddItemToObject(object, "mine", wire_signup_write(&activity->mine, zone));
	return object;
}
