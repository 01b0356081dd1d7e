/* signup.c — what a person's sign-up is, as a part of the activity it is for. */
#include "inside.h"

#define PLACE_MAX 1000000

bool wire_signup_read(const cJSON *object, struct signup *signup, struct problem *why)
{
	*signup = (struct signup){ 0 };
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(object, "state");
	if (!cJSON_IsString(state) || !signup_state_from_wire(state->valuestring, &signup->state))
		return wire_wrong("state", _("“%s” should be signed_up, waitlisted, offered, lapsed or withdrawn."), why);
	if (!wire_small(object, "place", 1, PLACE_MAX, 0, &signup->place, why))
		return false;
	if (signup->state != SIGNUP_WAITLISTED)
		signup->place = 0;
	if (!wire_small(object, "accepted_conditions", 0, CONDITIONS_MAX, 0, &signup->accepted_conditions, why) ||
	    !wire_instant_told(object, "since", &signup->since, why) || !wire_instant_told(object, "until", &signup->until, why))
		return false;
	if (signup->state != SIGNUP_OFFERED)
		signup->until = 0;
	return true;
}

cJSON *wire_signup_write(const struct signup *signup, const struct zone *zone)
{
	if (signup->state == SIGNUP_NONE)
		return cJSON_CreateNull();
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "state", signup_state_wire_name(signup->state));
	wire_add_told(object, "place", signup->place > 0 ? signup->place : -1);
	if (signup->since)
		wire_add_instant(object, "since", zone, signup->since);
	if (signup->until)
		wire_add_instant(object, "until", zone, signup->until);
	if (signup->accepted_conditions)
		wire_add_int(object, "accepted_conditions", signup->accepted_conditions);
	return object;
}
