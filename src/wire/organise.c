/* organise.c — what the staff says of an activity and of those who come to it. Strict: only servers read these. */
#include "inside.h"

#include <string.h>

static const cJSON *given(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Left as it is when it is not there. */
static bool text_change(const cJSON *object, const char *name, enum text_shape shape, size_t most, struct arena *arena,
                        const char **text, struct problem *why)
{
	const cJSON *member = given(object, name);
	if (!member)
		return true;
	if (!cJSON_IsString(member))
		return wire_wrong(name, _("“%s” should be text."), why);
	if (strlen(member->valuestring) > most)
		return wire_wrong(name, _("“%s” is too long."), why);
	*text = text_clean(arena, member->valuestring, strlen(member->valuestring), shape, most);
	return true;
}

static bool flag_change(const cJSON *object, const char *name, bool *flag, struct problem *why)
{
	const cJSON *member = given(object, name);
	if (member && !cJSON_IsBool(member))
		return wire_wrong(name, _("“%s” should be true or false."), why);
	*flag = member ? cJSON_IsTrue(member) : *flag;
	return true;
}

static bool instant_change(const cJSON *object, const char *name, int64_t *instant, struct problem *why)
{
	return !given(object, name) || wire_instant(object, name, instant, why);
}

static bool number_change(const cJSON *object, const char *name, int least, int most, int *number, struct problem *why)
{
	if (given(object, name) && !cJSON_IsNumber(given(object, name)))
		return wire_wrong(name, _("“%s” should be a whole number within its range."), why);
	return wire_small(object, name, least, most, *number, number, why);
}

static bool name_wrong(const char *name, struct problem *why)
{
	return wire_wrong(name, _("“%s” should be one of the names in the description."), why);
}

static const char *name_given(const cJSON *object, const char *name)
{
	const cJSON *member = given(object, name);
	return cJSON_IsString(member) ? member->valuestring : "";
}

static bool languages_change(const cJSON *object, unsigned *languages, struct problem *why)
{
	const cJSON *codes = given(object, "languages"), *code;
	if (!codes)
		return true;
	*languages = 0;
	if (!cJSON_IsArray(codes))
		return name_wrong("languages", why);
	cJSON_ArrayForEach(code, codes) {
		enum language language = cJSON_IsString(code) ? language_from_wire(code->valuestring) : 0;
		if (!language)
			return name_wrong("languages", why);
		*languages |= (unsigned)language;
	}
	return true;
}

static bool texts_change(const cJSON *object, struct arena *arena, struct activity *activity, struct problem *why)
{
	const struct { const char *name; enum text_shape shape; size_t most; const char **text; } texts[] = {
		{ "title", TEXT_ONE_LINE, TEXT_NAME_MAX, &activity->title },
		{ "summary", TEXT_ONE_LINE, TEXT_LINE_MAX, &activity->summary },
		{ "description", TEXT_MANY_LINES, TEXT_BODY_MAX, &activity->description },
		{ "place", TEXT_ONE_LINE, TEXT_NAME_MAX, &activity->place },
		{ "organiser", TEXT_ONE_LINE, TEXT_NAME_MAX, &activity->organiser },
		{ "organiser_id", TEXT_ONE_LINE, WIRE_ID_MAX, &activity->organiser_id },
		{ "note", TEXT_ONE_LINE, TEXT_LINE_MAX, &activity->note },
		{ "link", TEXT_ONE_LINE, TEXT_LINE_MAX, &activity->link },
		{ "conditions", TEXT_MANY_LINES, TEXT_BODY_MAX, &activity->conditions },
		{ "cancel_reason", TEXT_ONE_LINE, TEXT_LINE_MAX, &activity->cancel_reason },
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (!text_change(object, texts[i].name, texts[i].shape, texts[i].most, arena, texts[i].text, why))
			return false;
	bool addressed = !*activity->link || strncmp(activity->link, "https://", 8) == 0 || strncmp(activity->link, "http://", 7) == 0;
	return addressed || wire_wrong("link", _("“%s” should begin with https:// or http://."), why);
}

/* What follows the start goes with it when it is not said: how long it lasts, how long before one may still sign up and withdraw. */
static bool times_change(const cJSON *object, struct activity *activity, struct problem *why)
{
	int64_t before = activity->start_at;
	if (!instant_change(object, "start", &activity->start_at, why))
		return false;
	int64_t later = activity->start_at - before;
	activity->end_at += later;
	activity->signup_until += later;
	activity->withdraw_until += later;
	return instant_change(object, "end", &activity->end_at, why) &&
	       instant_change(object, "signup_until", &activity->signup_until, why) &&
	       instant_change(object, "withdraw_until", &activity->withdraw_until, why);
}

static bool rules_change(const cJSON *object, struct activity *activity, struct problem *why)
{
	if (given(object, "waitlist") && !waitlist_from_wire(name_given(object, "waitlist"), &activity->waitlist))
		return name_wrong("waitlist", why);
	return number_change(object, "capacity", 1, ACTIVITY_CAPACITY_MAX, &activity->capacity, why) &&
	       number_change(object, "offer_minutes", OFFER_MINUTES_LEAST, OFFER_MINUTES_MAX, &activity->offer_minutes, why) &&
	       flag_change(object, "online", &activity->online, why) && languages_change(object, &activity->languages, why);
}

static bool format_change(const cJSON *object, struct activity *activity, struct problem *why)
{
	return !given(object, "format") || activity_format_from_wire(name_given(object, "format"), &activity->format) ||
	       name_wrong("format", why);
}

bool wire_activity_plan_read(const cJSON *object, struct arena *arena, struct activity *activity, struct problem *why)
{
	static const char *const known[] = { "id", "title", "summary", "description", "place", "organiser", "organiser_id", "note", "link",
		"format", "online", "languages", "start", "end", "capacity", "signup_until", "withdraw_until", "waitlist",
		"offer_minutes", "conditions", NULL };
	*activity = (struct activity){ .space_name = "", .space_town = "", .time_zone = "", .title = "", .summary = "", .description = "",
		.place = "", .organiser = "", .organiser_id = "", .note = "", .link = "", .conditions = "", .cancel_reason = "",
		.offer_minutes = OFFER_MINUTES_CUSTOM };
	if (!wire_only(object, known, why))
		return false;
	if (!uuid_is_valid(name_given(object, "id")))
		return wire_wrong("id", _("“%s” should be a UUID in lower case."), why);
	if (!given(object, "format"))
		return name_wrong("format", why);
	if (!given(object, "start"))
		return wire_wrong("start", _("“%s” is missing."), why);
	activity->id = arena_copy_text(arena, name_given(object, "id"));
	if (!format_change(object, activity, why))
		return false;
	struct activity_custom custom = activity_custom_of(activity->format);
	activity->end_at = custom.minutes * 60;
	activity->signup_until = -custom.signup_minutes * 60;
	activity->withdraw_until = -custom.withdraw_minutes * 60;
	activity->capacity = custom.capacity;
	activity->online = custom.online;
	return times_change(object, activity, why) && texts_change(object, arena, activity, why) && rules_change(object, activity, why);
}

bool wire_activity_change_read(const cJSON *object, struct arena *arena, struct activity *activity, bool *move_last_to_line,
                               struct problem *why)
{
	static const char *const known[] = { "title", "summary", "description", "place", "organiser", "organiser_id", "note", "link",
		"format", "online", "languages", "start", "end", "capacity", "signup_until", "withdraw_until", "waitlist",
		"offer_minutes", "conditions", "state", "cancel_reason", "move_last_to_line", NULL };
	*move_last_to_line = false;
	if (!wire_only(object, known, why) || !format_change(object, activity, why) || !times_change(object, activity, why) ||
	    !texts_change(object, arena, activity, why) || !rules_change(object, activity, why) ||
	    !flag_change(object, "move_last_to_line", move_last_to_line, why))
		return false;
	if (given(object, "state") && !activity_state_from_wire(name_given(object, "state"), &activity->state))
		return name_wrong("state", why);
	bool off = activity->state == ACTIVITY_CANCELLED;
	return off == (*activity->cancel_reason != '\0') ||
	       wire_wrong("cancel_reason", off ? _("“%s” should say why.") : _("“%s” goes with the state cancelled."), why);
}

/* ---- those who come -------------------------------------------------------------------------------------------------- */

bool wire_signup_request_read(const cJSON *object, int *accepted_conditions, struct problem *why)
{
	static const char *const known[] = { "accepted_conditions", NULL };
	*accepted_conditions = 0;
	return !object || (wire_only(object, known, why) &&
	                   number_change(object, "accepted_conditions", 1, CONDITIONS_MAX, accepted_conditions, why));
}

bool wire_move_read(const cJSON *object, struct arena *arena, int *place, const char **reason, struct problem *why)
{
	static const char *const known[] = { "place", "reason", NULL };
	*place = 0;
	*reason = "";
	if (!wire_only(object, known, why) || !number_change(object, "place", 1, 1000000, place, why) ||
	    !text_change(object, "reason", TEXT_ONE_LINE, TEXT_LINE_MAX, arena, reason, why))
		return false;
	if (!*place)
		return wire_wrong("place", _("“%s” is missing."), why);
	return **reason || wire_wrong("reason", _("“%s” should say why."), why);
}

bool wire_attendance_read(const cJSON *object, struct arena *arena, struct wire_attendance *out, struct problem *why)
{
	static const char *const known[] = { "attendance", "walk_in", "reason", "accepted_conditions", NULL };
	*out = (struct wire_attendance){ .reason = "" };
	if (!wire_only(object, known, why) || !flag_change(object, "walk_in", &out->walk_in, why) ||
	    !text_change(object, "reason", TEXT_ONE_LINE, TEXT_LINE_MAX, arena, &out->reason, why) ||
	    !number_change(object, "accepted_conditions", 1, CONDITIONS_MAX, &out->accepted_conditions, why))
		return false;
	if (!attendance_from_wire(name_given(object, "attendance"), &out->attendance))
		return name_wrong("attendance", why);
	return !out->walk_in || out->attendance == ATTENDANCE_PRESENT ||
	       wire_wrong("walk_in", _("“%s” is for who is present."), why);
}

bool wire_closing_read(const cJSON *object, struct problem *why)
{
	static const char *const known[] = { "closed", NULL };
	return wire_only(object, known, why) &&
	       (cJSON_IsTrue(given(object, "closed")) || wire_wrong("closed", _("“%s” should be true."), why));
}
