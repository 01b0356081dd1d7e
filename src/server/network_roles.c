/* network_roles.c — who works where, as it is written down: {"roles": [{"role": "operator", "space": "ferme"}]}. */
#include "network_read.h"

#include <string.h>

#define ROLES_MAX 64     /* of one person in one file */
#define ROLE_NAMES "reception, operator, coordinator, finance or administrator"

static void add(const struct spot *at, struct network_roles *roles, enum role role, const char *space_id)
{
	for (size_t i = 0; i < roles->count; i++) {
		if (roles->held[i].role == role && strcmp(roles->held[i].space_id, space_id) == 0) {
			spot_expected(at, "each role once");
			return;
		}
	}
	if (roles->count == ROLES_MAX)
		spot_expected(at, "at most %d roles for one person", ROLES_MAX);
	else
		roles->held[roles->count++] = (struct held_role){ role, space_id };
}

static void read_role(const struct spot *at, struct network *network, struct network_roles *roles)
{
	static const char *const known[] = { "role", "space" };
	const char *name;
	enum role role;
	if (!spot_is_object(at, known, COUNT_OF(known)) ||
	    !spot_text(at, "role", TEXT_ONE_LINE, TEXT_NAME_MAX, NULL, &name))
		return;
	struct spot spot = spot_of_member(at, "role"), space = spot_of_member(at, "space");
	if (!role_from_wire(name, &role)) {
		spot_expected(&spot, ROLE_NAMES);
		return;
	}
	if (role_is_of_network(role) && space.value) {
		spot_expected(&space, "no space: this role is for the whole network");
		return;
	}
	size_t found;
	if (role_is_of_network(role))
		add(at, roles, role, "");
	else if (network_find_space(at, "space", network, &found))
		add(at, roles, role, network->spaces[found].space.id);
}

void network_read_roles(const struct spot *at, struct network *network, struct network_roles *roles)
{
	struct spot desk = spot_of_member(at, "staff_of"), list = spot_of_member(at, "roles");
	*roles = (struct network_roles){ .told = desk.value || list.value,
		                         .held = arena_get(at->file->arena, ROLES_MAX * sizeof *roles->held) };
	const char *space_id = network_read_space_id(at, "staff_of", network);
	if (*space_id)
		add(&desk, roles, ROLE_RECEPTION, space_id);
	if (!list.value || !spot_is_array(&list))
		return;
	size_t index = 0;
	const cJSON *value = NULL;
	cJSON_ArrayForEach(value, list.value) {
		struct spot element = spot_of_element(&list, index++, value);
		read_role(&element, network, roles);
	}
}
