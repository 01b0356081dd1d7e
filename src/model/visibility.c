/* visibility.c — see visibility.h. */
#include "hacktiv/model/visibility.h"

#include <string.h>

#include "hacktiv/base.h"
#include "names.h"

static const char *const names[VISIBILITIES] = { "nobody", "staff", "space", "network", "public" };

const char *visibility_wire_name(enum visibility visibility)
{
	return names[visibility];
}

bool visibility_from_wire(const char *name, enum visibility *visibility)
{
	int found = name_index(names, VISIBILITIES, name);
	if (found < 0)
		return false;
	*visibility = (enum visibility)found;
	return true;
}

const char *visibility_words(enum visibility visibility)
{
	switch (visibility) {
	case VISIBLE_TO_NOBODY:
		return C_("visible to", "nobody");
	case VISIBLE_TO_STAFF:
		return C_("visible to", "the reception of my space");
	case VISIBLE_TO_SPACE:
		return C_("visible to", "the members of my space");
	case VISIBLE_TO_NETWORK:
		return C_("visible to", "the members of the network");
	case VISIBLE_TO_PUBLIC:
		return C_("visible to", "everybody");
	}
	return "";
}

static bool is_staff_of(const struct onlooker *onlooker, const char *space_id)
{
	for (size_t i = 0; i < onlooker->staff_of_count; i++)
		if (strcmp(onlooker->staff_of[i], space_id) == 0)
			return true;
	return false;
}

bool visibility_allows(enum visibility level, const char *owner_id, const char *owner_space_id,
                       const struct onlooker *onlooker)
{
	bool is_member = onlooker->member_id && *onlooker->member_id;
	if (is_member && strcmp(onlooker->member_id, owner_id) == 0)
		return true;
	bool is_staff = is_member && *owner_space_id && is_staff_of(onlooker, owner_space_id);
	bool shares_space = is_member && *owner_space_id && strcmp(onlooker->home_space_id, owner_space_id) == 0;
	switch (level) {
	case VISIBLE_TO_NOBODY:
		return false;
	case VISIBLE_TO_STAFF:
		return is_staff;
	case VISIBLE_TO_SPACE:
		return is_staff || shares_space;
	case VISIBLE_TO_NETWORK:
		return is_member;
	case VISIBLE_TO_PUBLIC:
		return true;
	}
	return false;
}
