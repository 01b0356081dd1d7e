/* roles.c — who holds which role, granting and revoking them, and members who may not come in any more. What is taken away is gone
 * at the next request: roles are read anew for each. */
#include "handlers.h"

#include <string.h>

#include "../auth.h"
#include "../feed.h"
#include "tell.h"

static bool is_oneself(const struct request *request)
{
	return strcmp(request->object, "me") == 0 || strcmp(request->object, request->member->id) == 0;
}

/* The member at the path; held, so that what is written of them has its number. Whoever comes here may know of every member. False:
 * answered. */
static bool find_subject(struct request *request, struct db_tx *tx, bool holds, const struct member **member, struct response *response)
{
	*member = is_oneself(request) ? request->member : db_find_member(tx, request->object, request->arena);
	if (*member && (!holds || db_hold_member(tx, (*member)->id)))
		return true;
	refuse(request, response, REFUSE_NOT_FOUND, "There is nobody here by this id.");
	return false;
}

void role_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct member *member;
	/* Before the member is looked for: the refusal says nothing about who there is. */
	if (!rights_allow(&request->caller, ACTION_SEE_ROLES, "", is_oneself(request))) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "What somebody else holds is for the administrator to see.");
		return;
	}
	if (!find_subject(request, tx, false, &member, response))
		return;
	size_t count = 0;
	const struct held_role *roles = db_list_roles(tx, member->id, request->arena, &count);
	respond_json(response, 200, collection(tell_roles(roles, count), NULL), CACHE_MINE);
}

void staff_list(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	if (!space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return;
	}
	if (!rights_allow(&request->caller, ACTION_SEE_STAFF, space->id, false)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "Who works in this space is for its staff to see.");
		return;
	}
	size_t count = 0;
	const struct staff_row *rows = db_list_staff(tx, space->id, request->arena, &count);
	cJSON *items = cJSON_CreateArray();
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject(), *member = cJSON_AddObjectToObject(item, "member");
		cJSON_AddStringToObject(member, "id", rows[i].member_id);
		cJSON_AddStringToObject(member, "name", rows[i].name);
		cJSON_AddStringToObject(item, "role", role_wire_name(rows[i].role));
		cJSON_AddItemToArray(items, item);
	}
	respond_json(response, 200, collection(items, NULL), CACHE_MINE);
}

/* ---- granting and revoking --------------------------------------------------------------------------------------------- */

/* The role at the path, there for a space or the network as it is held. False: answered. */
static bool read_role(struct request *request, struct db_tx *tx, struct held_role *held, struct response *response)
{
	const struct space *space = *request->space ? db_find_space(tx, request->space, request->arena) : NULL;
	if (!role_from_wire(request->named, &held->role) || role_is_of_network(held->role) != !*request->space) {
		refuse(request, response, REFUSE_NOT_FOUND, "Reception and operator are roles of a space; coordinator, finance and "
		                                            "administrator of the whole network.");
		return false;
	}
	if (*request->space && !space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return false;
	}
	held->space_id = space ? space->id : "";
	return true;
}

static bool may_grant(struct request *request, const struct held_role *held, struct response *response)
{
	enum action action = held->role == ROLE_RECEPTION ? ACTION_GRANT_RECEPTION : ACTION_GRANT_ROLE;
	if (rights_allow(&request->caller, action, held->space_id, false))
		return check_scope(request, action, response);      /* the route's is that of a reception */
	refuse(request, response, REFUSE_NOT_ALLOWED, "Reception is the operator's to give in their own spaces, all else the administrator's.");
	return false;
}

static void change_role(struct request *request, struct db_tx *tx, const char *action,
                        enum db_put (*change)(struct db_tx *, const char *, const struct held_role *), struct response *response)
{
	struct held_role held;
	const struct member *member;
	if (!read_role(request, tx, &held, response) || !may_grant(request, &held, response) ||
	    !find_subject(request, tx, true, &member, response))
		return;
	struct db_actor actor = { request->member->id, request->id };
	if (change(tx, member->id, &held) == DB_PUT_DONE)
		db_audit_member(tx, member->id, action, role_wire_name(held.role), held.space_id, request->now, actor);
	respond_empty(response, 204);
}

void role_grant(struct request *request, struct db_tx *tx, struct response *response)
{
	change_role(request, tx, "role.granted", db_grant_role, response);
}

void role_revoke(struct request *request, struct db_tx *tx, struct response *response)
{
	change_role(request, tx, "role.revoked", db_revoke_role, response);
}

/* ---- who may not come in ------------------------------------------------------------------------------------------------ */

void member_disable(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct member *member;
	if (!find_subject(request, tx, true, &member, response))
		return;
	if (is_oneself(request)) {
		refuse(request, response, REFUSE_NOT_ALLOWED, "Nobody locks themselves out: ask another administrator.");
		return;
	}
	struct db_actor actor = { request->member->id, request->id };
	if (db_disable_member(tx, member->id, request->now, actor) == DB_PUT_DONE)
		db_audit_member(tx, member->id, "member.disabled", "", "", request->now, actor);
	respond_empty(response, 204);
}

void member_enable(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct member *member;
	if (!find_subject(request, tx, true, &member, response))
		return;
	struct db_actor actor = { request->member->id, request->id };
	if (db_enable_member(tx, member->id) == DB_PUT_DONE)
		db_audit_member(tx, member->id, "member.enabled", "", "", request->now, actor);
	respond_empty(response, 204);
}
