/* on_behalf.c — see on_behalf.h. */
#include "on_behalf.h"

#include <string.h>

#define NAME "on_behalf_of"

bool take_owner(struct request *request, struct db_tx *tx, const struct space *space, const struct member **owner,
                struct response *response)
{
	*owner = request->member;
	cJSON *said = cJSON_DetachItemFromObjectCaseSensitive(request->json, NAME);
	bool is_told = said != NULL, is_id = cJSON_IsString(said) && uuid_is_valid(said->valuestring);
	const char *id = is_id ? arena_copy_text(request->arena, said->valuestring) : "";
	cJSON_Delete(said);
	if (is_told && !is_id)
		return refuse_member(request, response, "/" NAME, "This is the id of a member: a UUID in lower case.");
	bool own = !is_told || strcmp(id, request->member->id) == 0;
	/* Before the member is looked for: the refusal says nothing about who there is. */
	if (!rights_allow(&request->caller, ACTION_BOOK, space->id, own)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "Booking for others is for the staff of that space.");
		return false;
	}
	if (!own)
		*owner = db_find_member(tx, id, request->arena);
	return *owner || refuse_member(request, response, "/" NAME, "There is no member with this id.");
}
