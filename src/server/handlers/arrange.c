/* arrange.c — how a space and what it has are arranged, by whoever runs it: hours, prices, quotas, how it is booked.
 *
 * A change is a merge patch (RFC 7396) of what GET tells. The whole that comes of it is read by the rules of an import, so that nothing
 * gets in here that would be refused there. */
#include "handlers.h"

#include <string.h>

#include "hacktiv/wire.h"

#include "../feed.h"
#include "../network_put.h"
#include "../network_read.h"
#include "../policy.h"
#include "tell.h"

static const char *const space_members[] = {
	"name", "former_name", "description", "street", "postcode", "town", "time_zone", "operator_name", "phone", "access_note", "granule_s",
	"vat_permille", "opening", "quota_day_minutes", "quota_open_bookings",
};
static const char *const resource_members[] = {
	"name", "area", "note", "state", "state_reason", "amenities", "capacity", "half_day_cents", "day_cents", "hour_cents", "cancel_minutes",
	"units", "quantity", "least_minutes", "most_minutes", "step_minutes", "late_cancel", "quota_day_minutes", "quota_open_bookings",
	"approval", "frees_on_check_out",
};
/* What GET tells of them and an import has no word for. */
static const char *const not_arranged[] = { "id", "version", "day", "by_hour" };

static bool check_members(struct request *request, const char *const *known, size_t count, struct response *response)
{
	const cJSON *member;
	cJSON_ArrayForEach(member, request->json) {
		size_t i = 0;
		while (i < count && strcmp(known[i], member->string) != 0)
			i++;
		if (i == count)
			return refuse_member(request, response, wire_pointer(request->arena, member->string), "This cannot be changed here.");
	}
	return true;
}

/* RFC 7396, 2: null takes away, objects are gone into, all else takes the place of what was there. */
static void merge(cJSON *target, const cJSON *patch)
{
	const cJSON *member;
	cJSON_ArrayForEach(member, patch) {
		cJSON *there = cJSON_GetObjectItemCaseSensitive(target, member->string);
		if (cJSON_IsObject(there) && cJSON_IsObject(member)) {
			merge(there, member);
			continue;
		}
		cJSON_DeleteItemFromObjectCaseSensitive(target, member->string);
		if (!cJSON_IsNull(member))
			cJSON_AddItemToObject(target, member->string, cJSON_Duplicate(member, true));
	}
}

/* Prices that are not told are null where GET tells them, and absent where they are written down. */
static void drop_nulls(cJSON *object)
{
	for (cJSON *member = object->child, *next; member; member = next) {
		next = member->next;
		if (cJSON_IsNull(member))
			cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
	}
}

/* Takes `told`, what GET tells. */
static void begin_change(struct request *request, cJSON *told, struct network_file *file)
{
	for (size_t i = 0; i < COUNT_OF(not_arranged); i++)
		cJSON_DeleteItemFromObjectCaseSensitive(told, not_arranged[i]);
	merge(told, request->json);
	drop_nulls(told);
	network_file_take(file, told, request->arena);
}

/* False: answered with the first fault. */
static bool end_change(struct request *request, struct network_file *file, struct response *response)
{
	struct problem why = { 0 };
	bool good = network_file_judge(file, &why);
	if (!good)      /* a fault's sentence begins with its pointer, which an answer has beside it */
		refuse_member(request, response, file->faults[0].pointer, file->faults[0].text + strlen(file->faults[0].pointer) + 2);
	network_file_close(file);
	return good;
}

/* The space of the path, for whoever may arrange it. False: answered. */
static bool find_arranged(struct request *request, struct db_tx *tx, const struct space **space, struct response *response)
{
	*space = db_find_space(tx, request->space, request->arena);
	if (!*space)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
	else if (!rights_allow(&request->caller, ACTION_ARRANGE, (*space)->id, false))
		refuse(request, response, REFUSE_NOT_ALLOWED, "This is for the operator of the space.");
	else
		return true;
	return false;
}

static bool is_version(struct request *request, int64_t version, struct response *response)
{
	const char *versions = request_field(request, "If-Match");
	if (!versions)
		refuse(request, response, REFUSE_VERSION_REQUIRED, "Say which version you mean to change: \"%lld\" in If-Match.", (long long)version);
	else if (!etag_fits(versions, etag_of_version(request, version), false))
		refuse(request, response, REFUSE_STALE_VERSION, "It is at version %lld by now.", (long long)version);
	else
		return true;
	return false;
}

/* ---- resources ------------------------------------------------------------------------------------------------------- */

static const struct resource *find_resource(struct request *request, struct db_tx *tx, const struct space *space, struct response *response)
{
	const struct resource *resource = db_find_resource(tx, space->id, request->object, request->arena);
	if (!resource)
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such place in this space.");
	return resource;
}

static void respond_resource(struct request *request, const struct resource *resource, const char *cache, struct response *response)
{
	const char *etag = etag_of_version(request, resource->version);
	if (request->verb == VERB_GET && request_has_copy(request, etag, cache, response))
		return;
	respond_json(response, 200, wire_resource_write(resource), cache);
	response->etag = etag;
}

void resource_one(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space = db_find_space(tx, request->space, request->arena);
	if (!space) {
		refuse(request, response, REFUSE_NOT_FOUND, "There is no such space.");
		return;
	}
	const struct resource *resource = find_resource(request, tx, space, response);
	if (resource)
		respond_resource(request, resource, cache_for(request), response);
}

static bool read_resource(struct request *request, const struct resource *there, struct resource *wanted, struct response *response)
{
	struct network_file file;
	begin_change(request, wire_resource_write(there), &file);
	struct spot root = spot_of_file(&file);
	*wanted = (struct resource){ .id = there->id };
	network_read_place(&root, wanted);
	/* What follows from the kind of hours alone is told as if it had been said: it need not be from now on. */
	if (wanted->takes == resource_takes(there)) {
		wanted->takes = there->takes;
		wanted->by_hour = there->by_hour;
	}
	return end_change(request, &file, response);
}

/* False: answered. */
static bool may_be_fewer(struct request *request, struct db_tx *tx, const struct space *space, const struct resource *there,
                         const struct resource *wanted, struct response *response)
{
	const char *kept = network_kept_quantity(tx, space, there, wanted, request->now, request->arena);
	if (kept)
		refuse(request, response, REFUSE_HAS_BOOKINGS, "quantity: expected %s", kept);
	return !kept;
}

void resource_change(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *space;
	const struct resource *there;
	struct resource wanted;
	struct db_actor actor = { request->member->id, request->id };
	if (!find_arranged(request, tx, &space, response) || !(there = find_resource(request, tx, space, response)) ||
	    !is_version(request, there->version, response) ||
	    !check_members(request, resource_members, COUNT_OF(resource_members), response) ||
	    !read_resource(request, there, &wanted, response) || !may_be_fewer(request, tx, space, there, &wanted, response))
		return;
	enum db_put put = db_put_resource(tx, space->id, DB_POSITION_KEPT, &wanted);
	if (!db_put_is_good(put) || (put == DB_PUT_DONE && !db_tell_space(tx, space->id, request->now, actor)))
		return;
	there = db_find_resource(tx, space->id, there->id, request->arena);
	if (there)
		respond_resource(request, there, CACHE_NEVER, response);
}

/* ---- spaces ---------------------------------------------------------------------------------------------------------- */

static bool read_space(struct request *request, struct db_tx *tx, const struct space *there, struct space *wanted, struct response *response)
{
	struct network_file file;
	struct network network = { .now = request->now, .zones = request->server->zones, .tx = tx };
	struct network_space row = { .zone = NULL };
	begin_change(request, wire_space_write(there), &file);
	struct spot root = spot_of_file(&file);
	network_read_space(&root, &network, &row);
	*wanted = row.space;
	return end_change(request, &file, response);
}

/* False: answered. */
static bool may_become(struct request *request, struct db_tx *tx, const struct space *there, const struct space *wanted,
                       struct response *response)
{
	struct kept_member kept[KEPT_MEMBERS_MAX];
	if (network_kept_members(tx, there, wanted, request->arena, kept) == 0)
		return true;
	refuse(request, response, REFUSE_HAS_BOOKINGS, "%s: expected %s", kept[0].name, kept[0].expected);
	return false;
}

static void respond_space(struct request *request, struct db_tx *tx, const struct space *space, struct response *response)
{
	struct view view = { request->server, tx, request->arena, request->now, request->member->id };
	struct day_halves halves;
	if (!policy_halves(&view, space, policy_today(request->server, space, request->now), &halves)) {
		refuse(request, response, REFUSE_INTERNAL, "The space's time zone is not known on this machine.");
		return;
	}
	respond_json(response, 200, wire_space_write(policy_with_day(&view, space, &halves)), CACHE_NEVER);
	response->etag = etag_of_version(request, space->version);
}

void space_change(struct request *request, struct db_tx *tx, struct response *response)
{
	const struct space *there;
	struct space wanted;
	struct db_actor actor = { request->member->id, request->id };
	if (!find_arranged(request, tx, &there, response) || !db_hold_space(tx, there->id) || !is_version(request, there->version, response) ||
	    !check_members(request, space_members, COUNT_OF(space_members), response) ||
	    !read_space(request, tx, there, &wanted, response) || !may_become(request, tx, there, &wanted, response))
		return;
	enum db_put put = network_put_space(tx, DB_POSITION_KEPT, there, &wanted, request->now, actor);
	if (!db_put_is_good(put) || (put == DB_PUT_DONE && !db_tell_space(tx, there->id, request->now, actor)))
		return;
	there = db_find_space(tx, there->id, request->arena);
	if (there)
		respond_space(request, tx, there, response);
}
