/* network_find.c — what a name in a network's files means: something written there, else something that is in the database. */
#include "network_read.h"

#include <string.h>

#include <sodium.h>

#include "db/db.h"

char *network_id(struct arena *arena, const char *name)
{
	unsigned char hash[16];
	crypto_generichash(hash, sizeof hash, (const unsigned char *)name, strlen(name), NULL, 0);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x80);
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	char digits[sizeof hash * 2 + 1];
	sodium_bin2hex(digits, sizeof digits, hash, sizeof hash);
	return arena_print(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16, digits + 20);
}

char *network_resource_id(struct arena *arena, const char *space, const char *slug)
{
	return network_id(arena, arena_print(arena, "resource/%s/%s", space, slug));
}

/* A copy of `count` rows with room for one more. The old ones stay where they are: pointers into them are still good to read. */
static void *one_more(struct arena *arena, const void *rows, size_t count, size_t size)
{
	void *more = arena_get(arena, (count + 1) * size);
	if (count)
		memcpy(more, rows, count * size);
	return more;
}

/* Where a name is looked for: names of lists are those of their files. */
static const char *where(const struct spot *at, const struct network *network, const char *list)
{
	return network->tx ? "in this file or in the database" : arena_print(at->file->arena, "in %s.json", list);
}

static const char *text_of(const struct spot *at)
{
	return cJSON_IsString(at->value) ? at->value->valuestring : "";
}

/* ---- spaces ------------------------------------------------------------------------------------------------------ */

static bool take_up_space(const struct spot *at, struct network *network, const char *slug)
{
	struct arena *arena = at->file->arena;
	const struct space *space = network->tx && *slug ? db_find_space(network->tx, slug, arena) : NULL;
	if (!space || strcmp(space->slug, slug) != 0)
		return false;
	network->spaces = one_more(arena, network->spaces, network->space_known, sizeof *network->spaces);
	struct network_space *row = &network->spaces[network->space_known++];
	*row = (struct network_space){ .space = *space, .zone = zones_find(network->zones, space->time_zone, NULL) };
	row->today = row->zone ? zone_wall(row->zone, network->now).date : date_from_days((int32_t)(network->now / 86400));
	return true;
}

static bool find_space(const struct spot *at, const char *slug, struct network *network, size_t *found)
{
	for (*found = 0; *found < network->space_known; (*found)++)
		if (*slug && strcmp(network->spaces[*found].space.slug, slug) == 0)
			return true;
	if (take_up_space(at, network, slug))
		return true;
	*found = NETWORK_NOWHERE;
	return false;
}

bool network_find_space(const struct spot *at, const char *name, struct network *network, size_t *found)
{
	struct spot spot = spot_of_member(at, name);
	return find_space(&spot, text_of(&spot), network, found) || spot_expected(&spot, "the slug of a space %s", where(at, network, "spaces"));
}

/* ---- resources --------------------------------------------------------------------------------------------------- */

static bool take_up_resource(const struct spot *at, struct network *network, size_t space, const char *id)
{
	struct arena *arena = at->file->arena;
	const struct resource *resource =
		network->tx ? db_find_resource(network->tx, network->spaces[space].space.id, id, arena) : NULL;
	if (!resource)
		return false;
	network->resources = one_more(arena, network->resources, network->resource_known, sizeof *network->resources);
	network->resources[network->resource_known++] =
		(struct network_resource){ .space = space, .slug = "", .resource = *resource };
	return true;
}

bool network_find_resource(const struct spot *at, struct network *network, size_t *found)
{
	struct arena *arena = at->file->arena;
	const char *path = text_of(at);
	const char *slash = strchr(path, '/');
	size_t space;
	if (slash && find_space(at, arena_copy_bytes(arena, path, (size_t)(slash - path)), network, &space)) {
		const char *id = network_resource_id(arena, network->spaces[space].space.slug, slash + 1);
		for (*found = 0; *found < network->resource_known; (*found)++)
			if (strcmp(network->resources[*found].resource.id, id) == 0 ||
			    (network->resources[*found].space == space && strcmp(network->resources[*found].slug, slash + 1) == 0))
				return true;
		if (take_up_resource(at, network, space, id))
			return true;
	}
	*found = NETWORK_NOWHERE;
	return spot_expected(at, "a resource %s, written \"space/resource\"", where(at, network, "resources"));
}

/* ---- people and organisations ------------------------------------------------------------------------------------ */

bool network_find_member(const struct spot *at, struct network *network, size_t *found)
{
	struct arena *arena = at->file->arena;
	const char *login = text_of(at), *hash;
	for (*found = 0; *found < network->member_known; (*found)++)
		if (*login && strcmp(network->members[*found].login, login) == 0)
			return true;
	const struct member *member = network->tx ? db_find_member_by_login(network->tx, login, arena, &hash) : NULL;
	if (member) {
		network->members = one_more(arena, network->members, network->member_known, sizeof *network->members);
		network->members[network->member_known++] = *member;
		return true;
	}
	*found = NETWORK_NOWHERE;
	return spot_expected(at, "the login of a member %s", where(at, network, "members"));
}

bool network_find_organisation(const struct spot *at, struct network *network, size_t *found)
{
	struct arena *arena = at->file->arena;
	const char *id = network_id(arena, arena_print(arena, "organisation/%s", text_of(at)));
	for (*found = 0; *found < network->organisation_known; (*found)++)
		if (strcmp(network->organisations[*found].organisation.id, id) == 0 ||
		    strcmp(network->organisations[*found].slug, text_of(at)) == 0)
			return true;
	const struct organisation *organisation = network->tx ? db_find_organisation(network->tx, id, arena) : NULL;
	if (organisation) {
		network->organisations =
			one_more(arena, network->organisations, network->organisation_known, sizeof *network->organisations);
		network->organisations[network->organisation_known++] =
			(struct network_organisation){ .slug = "", .organisation = *organisation };
		return true;
	}
	*found = NETWORK_NOWHERE;
	return spot_expected(at, "the slug of an organisation %s", where(at, network, "organisations"));
}
