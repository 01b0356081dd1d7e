/* signup.c — what a person's sign-up is, as a part of the activity it is for. */
#include "inside.h"

#define PLACE_MAX 1000000

bool wire_signup_read(const cJSON *object, struct signup *signup, struct problem *why)
{
	*signup = (struct signup){ 0 };
	const cJSON *state = cJSON_GetObjectItemCaseSensitive(object, "state");
	if (!cJSON_IsString(state) || !signup_state_from_wire(state->valuestring, &signup->state))
		return wire_wrong("state", _("“%s” should be signed_up, waitlisted or withdrawn."), why);
	if (!wire_small(object, "place", 1, PLACE_MAX, 0, &signup->place, why))
		return false;
	if (signup->state != SIGNUP_WAITLISTED)
		signup->place = 0;
	const cJSON *since = cJSON_GetObjectItemCaseSensitive(object, "since");
	return !since || cJSON_IsNull(since) || wire_instant(object, "since", &signup->since, why);
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
	return object;
}
